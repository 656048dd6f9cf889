/* See query_internal.h. Fields of the catalogue and the title, and their values.
 *
 * The names of themes and areas are the vocabulary's; without one only their ids are known. */
#include "query_internal.h"

#include <string.h>

#include "../../indexer/kind.h"

/* Years that a document may be of; open ranges reach from and to the last two unless the other end
 * lies beyond (1861: the Kingdom of Italy). */
enum { YEAR_LEAST = 1000, YEAR_MOST = 2999, YEAR_OPEN_FIRST = 1861, YEAR_OPEN_LAST = 2100 };

/* Words that are read of a value from a closed list: more than any name has. */
enum { NAME_WORDS = 8 };

/* The canonical name of a field comes first. */
static const struct {
    const char *name;
    QueryField field;
} FIELDS[] = {
    {"title", FIELD_TITLE},         {"titolo", FIELD_TITLE},
    {"lang", FIELD_LANGUAGE},       {"lingua", FIELD_LANGUAGE},
    {"kind", FIELD_KIND},           {"tipo", FIELD_KIND},
    {"year", FIELD_YEAR},           {"anno", FIELD_YEAR},
    {"theme", FIELD_THEME},         {"tema", FIELD_THEME},
    {"area", FIELD_AREA},           {"body", FIELD_BODY},
    {"ente", FIELD_BODY},           {"collection", FIELD_COLLECTION},
    {"raccolta", FIELD_COLLECTION},
};

static const struct {
    const char *name; /* folded */
    const char *code;
} LANGUAGES[] = {
    {"it", "it"}, {"italiano", "it"}, {"italiana", "it"}, {"italian", "it"},
    {"en", "en"}, {"inglese", "en"},  {"english", "en"},
};

const char *query_field_name(QueryField field)
{
    for (gsize i = 0; i < G_N_ELEMENTS(FIELDS); i++)
        if (FIELDS[i].field == field)
            return FIELDS[i].name;
    return "";
}

QueryField query_take_field(QuerySpan *span)
{
    for (gsize i = 0; i < G_N_ELEMENTS(FIELDS); i++) {
        gsize length = strlen(FIELDS[i].name);
        if ((gsize)(span->end - span->start) <= length || span->start[length] != ':' ||
            g_ascii_strncasecmp(span->start, FIELDS[i].name, length) != 0)
            continue;
        span->start += length + 1;
        return FIELDS[i].field;
    }
    return FIELD_NONE;
}

static QueryLeaf *leaf_of_value(QueryField field, const char *value)
{
    QueryLeaf *leaf = g_new0(QueryLeaf, 1);
    leaf->field = field;
    leaf->typed = g_strdup(value);
    return leaf;
}

static char *folded_name(Analyser *analyser, QuerySpan span)
{
    g_auto(QueryWords) words = query_words_of(analyser, span, NAME_WORDS);
    g_ptr_array_add(words.words, NULL);
    return g_strjoinv(" ", (char **)words.words->pdata);
}

/* Languages and kinds */

static QueryLeaf *read_language(const QueryReading *reading, QueryField field, QuerySpan span)
{
    g_autofree char *name = folded_name(reading->analyser, span);
    for (gsize i = 0; i < G_N_ELEMENTS(LANGUAGES); i++)
        if (strcmp(LANGUAGES[i].name, name) == 0)
            return leaf_of_value(field, LANGUAGES[i].code);
    return NULL;
}

static QueryLeaf *read_kind(const QueryReading *reading, QueryField field, QuerySpan span)
{
    g_autofree char *name = folded_name(reading->analyser, span);
    Kind kind = KIND_OTHER;
    return kind_parse(name, &kind) ? leaf_of_value(field, kind_name(kind)) : NULL;
}

static char **language_values(const QueryReading *reading)
{
    (void)reading;
    static const char *const CODES[] = {"it", "en", NULL};
    return g_strdupv((char **)CODES);
}

static char **kind_values(const QueryReading *reading)
{
    (void)reading;
    char **values = g_new0(char *, KIND_COUNT + 1);
    for (int i = 0; i < KIND_COUNT; i++)
        values[i] = g_strdup(kind_name((Kind)i));
    return values;
}

/* Years */

/* A year at `span`, which moves past it; 0 and unmoved when there is none. */
static int take_year(QuerySpan *span)
{
    int year = 0;
    const char *at = span->start;
    while (at < span->end && g_ascii_isdigit(*at) && year <= YEAR_MOST)
        year = year * 10 + g_ascii_digit_value(*at++);
    if (year < YEAR_LEAST || year > YEAR_MOST || at - span->start != 4)
        return 0;
    span->start = at;
    return year;
}

/* Moves past a sign; FALSE when it does not stand there. */
static gboolean take_sign(QuerySpan *span, const char *sign)
{
    gsize length = strlen(sign);
    if ((gsize)(span->end - span->start) < length || memcmp(span->start, sign, length) != 0)
        return FALSE;
    span->start += length;
    return TRUE;
}

typedef enum { RANGE_NONE, RANGE_MAY_END_OPEN, RANGE_MAY_BE_OPEN } RangeSign;

static RangeSign take_range_sign(QuerySpan *span)
{
    static const struct {
        const char *sign;
        RangeSign kind;
    } SIGNS[] = {
        {"...", RANGE_MAY_BE_OPEN}, {"..", RANGE_MAY_BE_OPEN}, {"…", RANGE_MAY_BE_OPEN},
        {"-", RANGE_MAY_END_OPEN},  {"–", RANGE_MAY_END_OPEN},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(SIGNS); i++) {
        if (take_sign(span, SIGNS[i].sign))
            return SIGNS[i].kind;
    }
    return RANGE_NONE;
}

/* A sentence may end after a year. */
static gboolean is_only_punctuation(QuerySpan span)
{
    for (const char *at = span.start; at < span.end; at++)
        if (!strchr(".,;:!?'", *at))
            return FALSE;
    return TRUE;
}

static QueryLeaf *leaf_of_years(const QueryReading *reading, int first, int last)
{
    QueryLeaf *leaf = g_new0(QueryLeaf, 1);
    leaf->field = FIELD_YEAR;
    leaf->first_year = MIN(first, last);
    leaf->last_year = MAX(first, last);
    leaf->typed = first == last ? g_strdup_printf("%d", first)
                                : g_strdup_printf("%d..%d", leaf->first_year, leaf->last_year);
    if (first > last)
        query_note(reading, QUERY_NOTE_YEAR_ORDER, g_strdup_printf("%d..%d", first, last), NULL);
    return leaf;
}

/* 0: an open end. */
static QueryLeaf *leaf_of_range(const QueryReading *reading, int first, int last)
{
    if (!first)
        first = MIN(YEAR_OPEN_FIRST, last);
    if (!last)
        last = MAX(YEAR_OPEN_LAST, first);
    return leaf_of_years(reading, first, last);
}

/* ">2015", "<=2015": a range that is open at one end. */
static QueryLeaf *read_comparison(const QueryReading *reading, QuerySpan span)
{
    static const struct {
        const char *sign;
        gboolean is_upper;
        int step;
    } SIGNS[] = {{">=", FALSE, 0}, {"≥", FALSE, 0}, {">", FALSE, 1},
                 {"<=", TRUE, 0},  {"≤", TRUE, 0},  {"<", TRUE, -1}};
    gsize i = 0;
    while (i < G_N_ELEMENTS(SIGNS) && !take_sign(&span, SIGNS[i].sign))
        i++;
    int year = i < G_N_ELEMENTS(SIGNS) ? take_year(&span) : 0;
    if (!year || !is_only_punctuation(span))
        return NULL;
    year += SIGNS[i].step;
    if (year < YEAR_LEAST || year > YEAR_MOST)
        return NULL;
    return leaf_of_range(reading, SIGNS[i].is_upper ? 0 : year, SIGNS[i].is_upper ? year : 0);
}

static QueryLeaf *read_years(const QueryReading *reading, QueryField field, QuerySpan span)
{
    (void)field;
    QueryLeaf *leaf = read_comparison(reading, span);
    if (leaf)
        return leaf;
    int first = take_year(&span);
    RangeSign sign = take_range_sign(&span);
    int last = sign == RANGE_NONE ? first : take_year(&span);
    if (!is_only_punctuation(span) || (!first && !last))
        return NULL;
    if ((!first && sign != RANGE_MAY_BE_OPEN) || (!last && sign == RANGE_NONE))
        return NULL;
    return leaf_of_range(reading, first, last);
}

/* Themes and areas */

static gboolean is_id(const char *name)
{
    return g_ascii_islower(name[0]) && name[strspn(name, "abcdefghijklmnopqrstuvwxyz-")] == '\0';
}

static QueryLeaf *read_topic(const QueryReading *reading, QueryField field, QuerySpan span)
{
    g_auto(QueryWords) words = query_words_of(reading->analyser, span, NAME_WORDS);
    if (words.words->len == 0)
        return NULL;
    QuerySpan whole = query_words_whole(&words);
    g_autofree char *name = g_strndup(whole.start, (gsize)(whole.end - whole.start));
    if (!reading->vocabulary)
        return is_id(name) ? leaf_of_value(field, name) : NULL;
    const char *id = vocabulary_topic(reading->vocabulary, field == FIELD_AREA, name);
    return id ? leaf_of_value(field, id) : NULL;
}

static char **theme_values(const QueryReading *reading)
{
    return reading->vocabulary ? vocabulary_topics(reading->vocabulary, FALSE) : NULL;
}

static char **area_values(const QueryReading *reading)
{
    return reading->vocabulary ? vocabulary_topics(reading->vocabulary, TRUE) : NULL;
}

/* How the value of a field is read, and which there are; those not listed are words. */
static const struct {
    QueryLeaf *(*read)(const QueryReading *, QueryField, QuerySpan);
    char **(*values)(const QueryReading *);
} VALUES[FIELD_COUNT] = {
    [FIELD_LANGUAGE] = {read_language, language_values},
    [FIELD_KIND] = {read_kind, kind_values},
    [FIELD_YEAR] = {read_years, NULL},
    [FIELD_THEME] = {read_topic, theme_values},
    [FIELD_AREA] = {read_topic, area_values},
};

gboolean query_field_is_listed(QueryField field)
{
    return VALUES[field].read != NULL;
}

char **query_field_values(const QueryReading *reading, QueryField field)
{
    return VALUES[field].values ? VALUES[field].values(reading) : NULL;
}

QueryLeaf *query_read_value(const QueryReading *reading, QueryField field, QuerySpan span,
                            gboolean is_quoted)
{
    return VALUES[field].read ? VALUES[field].read(reading, field, span)
                              : query_leaf_of_words(reading->analyser, field, span, is_quoted);
}
