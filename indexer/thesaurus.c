/* Thesaurus: see thesaurus.h.
 *
 * The table is read line by line; what refers to other concepts is resolved when all are there. A
 * term that is evidence goes to the matcher, whose number for it leads to the topics it speaks for.
 * Counting is then one walk of the matcher over a text. */
#include "thesaurus.h"

#include <string.h>

#include "matcher.h"
#include "words.h"

/* What makes a document one about a topic. Rates are occurrences in a thousand words. */
static const double RATE_OF_SEVERAL = 1.0; /* two terms or more */
static const double RATE_OF_ONE = 2.0;
static const double TITLE_SCORE = 5.0;
enum {
    COUNT_OF_SEVERAL = 3,
    COUNT_OF_ONE = 6,
    WORDS_LEAST = 300, /* a shorter text has the rates of one of this length */
};

enum {
    COLUMN_CONCEPT,
    COLUMN_ITALIAN,
    COLUMN_ENGLISH,
    COLUMN_BROADER,
    COLUMN_BELONGS,
    COLUMN_COUNT
};

static const char *const COLUMN_NAMES[COLUMN_COUNT] = {"concept", "italian", "english", "broader",
                                                       "belongs"};
static const Language COLUMN_LANGUAGES[COLUMN_COUNT] = {
    [COLUMN_ITALIAN] = LANGUAGE_ITALIAN,
    [COLUMN_ENGLISH] = LANGUAGE_ENGLISH,
};

typedef enum { LEVEL_CONCEPT, LEVEL_THEME, LEVEL_AREA } Level;

typedef struct {
    char *id;
    Level level;
    char *broader;                    /* as written; NULL: none, or a topic */
    char *belongs;                    /* as written; NULL: none */
    GPtrArray *terms[LANGUAGE_COUNT]; /* char *, the label first; no evidence-only ones */
    GPtrArray *open[LANGUAGE_COUNT];  /* char *, those that are only evidence */
    guint line;
    guint topic; /* of a theme or area: its number among them */
    guint walk;  /* of a walk up to the broadest, the last one that came by */
} Concept;

/* A term that speaks for a topic. */
typedef struct {
    const char *term; /* as written */
    guint topic;
} Evidence;

struct Thesaurus {
    GPtrArray *concepts;    /* Concept * */
    GHashTable *concept_of; /* id -> number + 1 */
    GArray *topics;         /* guint, concepts */
    Matcher *matcher;
    GArray *evidence;       /* Evidence */
    GPtrArray *evidence_of; /* by the matcher's number: GArray of guint, evidence */
};

extern const char thesaurus_data[];
extern const char thesaurus_data_end[];

G_DEFINE_QUARK(schedario - thesaurus - error, thesaurus_error)

/* ---- life ---- */

static Concept *concept_new(const char *id, guint line)
{
    Concept *concept = g_new0(Concept, 1);
    concept->id = g_strdup(id);
    concept->line = line;
    for (guint i = 0; i < LANGUAGE_COUNT; i++) {
        concept->terms[i] = g_ptr_array_new_with_free_func(g_free);
        concept->open[i] = g_ptr_array_new_with_free_func(g_free);
    }
    return concept;
}

static void concept_free(gpointer data)
{
    Concept *concept = data;
    g_free(concept->id);
    g_free(concept->broader);
    g_free(concept->belongs);
    for (guint i = 0; i < LANGUAGE_COUNT; i++) {
        g_ptr_array_unref(concept->terms[i]);
        g_ptr_array_unref(concept->open[i]);
    }
    g_free(concept);
}

static void array_unref(gpointer data)
{
    g_array_unref(data);
}

static Thesaurus *thesaurus_empty(void)
{
    Thesaurus *thesaurus = g_new0(Thesaurus, 1);
    thesaurus->concepts = g_ptr_array_new_with_free_func(concept_free);
    thesaurus->concept_of = g_hash_table_new(g_str_hash, g_str_equal);
    thesaurus->topics = g_array_new(FALSE, FALSE, sizeof(guint));
    thesaurus->matcher = matcher_new();
    thesaurus->evidence = g_array_new(FALSE, FALSE, sizeof(Evidence));
    thesaurus->evidence_of = g_ptr_array_new_with_free_func(array_unref);
    return thesaurus;
}

void thesaurus_free(Thesaurus *thesaurus)
{
    if (thesaurus == NULL)
        return;
    g_hash_table_unref(thesaurus->concept_of);
    g_array_unref(thesaurus->topics);
    matcher_free(thesaurus->matcher);
    g_array_unref(thesaurus->evidence);
    g_ptr_array_unref(thesaurus->evidence_of);
    g_ptr_array_unref(thesaurus->concepts);
    g_free(thesaurus);
}

static Concept *concept_at(const Thesaurus *thesaurus, guint at)
{
    return thesaurus->concepts->pdata[at];
}

/* ---- reading the table ---- */

/* Fails with what is wrong on a line. Always FALSE. */
G_GNUC_PRINTF(4, 5)
static gboolean wrong(GError **error, ThesaurusError code, guint line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, THESAURUS_ERROR, (gint)code, "line %u: %s", line, what);
    return FALSE;
}

/* The same in a column. Always FALSE. */
G_GNUC_PRINTF(5, 6)
static gboolean wrong_in(GError **error, ThesaurusError code, guint line, guint column,
                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return wrong(error, code, line, "column %s: %s", COLUMN_NAMES[column], what);
}

static gboolean is_id(const char *id)
{
    return *id != '\0' && strcmp(id, "-") != 0 &&
           strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id);
}

static gboolean is_none(const char *column)
{
    return strcmp(column, "-") == 0;
}

static gboolean take_id(Thesaurus *thesaurus, Concept *concept, GError **error)
{
    guint at = 0;
    if (!is_id(concept->id))
        return wrong_in(error, THESAURUS_ERROR_VALUE, concept->line, COLUMN_CONCEPT,
                        "\"%s\" is not of small letters, figures and hyphens", concept->id);
    if (thesaurus_find(thesaurus, concept->id, &at))
        return wrong_in(error, THESAURUS_ERROR_VALUE, concept->line, COLUMN_CONCEPT,
                        "\"%s\" is in line %u already", concept->id,
                        concept_at(thesaurus, at)->line);
    g_hash_table_insert(thesaurus->concept_of, concept->id,
                        GUINT_TO_POINTER(thesaurus->concepts->len));
    return TRUE;
}

/* One term of a column, which may be written once in it; `seen` are its terms, folded. */
static gboolean take_term(Concept *concept, guint column, const char *term, GHashTable *seen,
                          GError **error)
{
    g_autofree char *folded = words_fold(term);
    gboolean open = strchr(term, '*') != NULL;
    GPtrArray *shown = concept->terms[COLUMN_LANGUAGES[column]];
    GPtrArray *only_evidence = concept->open[COLUMN_LANGUAGES[column]];
    g_autoptr(GError) reason = NULL;
    if (!matcher_check(term, &reason))
        return wrong_in(error, THESAURUS_ERROR_VALUE, concept->line, column, "%s", reason->message);
    if (open && shown->len == 0)
        return wrong_in(error, THESAURUS_ERROR_VALUE, concept->line, column,
                        "\"%s\" comes first, but cannot be shown", term);
    if (!g_hash_table_add(seen, open ? g_strconcat(folded, "*", NULL) : g_strdup(folded)))
        return wrong_in(error, THESAURUS_ERROR_VALUE, concept->line, column,
                        "the term \"%s\" is there twice", term);
    g_ptr_array_add(open ? only_evidence : shown, g_strdup(term));
    return TRUE;
}

static gboolean take_terms(Concept *concept, guint column, const char *written, GError **error)
{
    if (is_none(written))
        return TRUE;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) terms = g_strsplit(written, "|", -1);
    if (terms[0] == NULL)
        return wrong_in(error, THESAURUS_ERROR_VALUE, concept->line, column, "there is no term");
    for (guint i = 0; terms[i] != NULL; i++)
        if (!take_term(concept, column, g_strstrip(terms[i]), seen, error))
            return FALSE;
    return TRUE;
}

static void take_place(Thesaurus *thesaurus, Concept *concept, char *const *columns)
{
    const char *broader = columns[COLUMN_BROADER];
    if (strcmp(broader, "theme") == 0) {
        concept->level = LEVEL_THEME;
    } else if (strcmp(broader, "area") == 0) {
        concept->level = LEVEL_AREA;
    } else if (!is_none(broader)) {
        concept->broader = g_strdup(broader);
    }
    if (!is_none(columns[COLUMN_BELONGS])) {
        concept->belongs = g_strdup(columns[COLUMN_BELONGS]);
    }
    if (concept->level == LEVEL_CONCEPT)
        return;
    guint at = thesaurus->concepts->len - 1;
    concept->topic = thesaurus->topics->len;
    g_array_append_val(thesaurus->topics, at);
}

static gboolean take_row(Thesaurus *thesaurus, const char *row, guint line, GError **error)
{
    g_auto(GStrv) columns = g_strsplit(row, "\t", COLUMN_COUNT + 1);
    guint count = g_strv_length(columns);
    if (count != COLUMN_COUNT)
        return wrong(error, THESAURUS_ERROR_SYNTAX, line,
                     "there are %u columns instead of %d (parted by tabs)", count, COLUMN_COUNT);
    for (guint i = 0; i < COLUMN_COUNT; i++)
        g_strstrip(columns[i]);
    Concept *concept = concept_new(columns[COLUMN_CONCEPT], line);
    g_ptr_array_add(thesaurus->concepts, concept);
    if (!take_id(thesaurus, concept, error) ||
        !take_terms(concept, COLUMN_ITALIAN, columns[COLUMN_ITALIAN], error) ||
        !take_terms(concept, COLUMN_ENGLISH, columns[COLUMN_ENGLISH], error))
        return FALSE;
    if (concept->terms[LANGUAGE_ITALIAN]->len + concept->terms[LANGUAGE_ENGLISH]->len == 0)
        return wrong(error, THESAURUS_ERROR_VALUE, line, "\"%s\" has no term in any language",
                     concept->id);
    take_place(thesaurus, concept, columns);
    return TRUE;
}

static gboolean take_rows(Thesaurus *thesaurus, const char *tsv, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(tsv, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_strchomp(lines[i]);
        if (lines[i][0] == '\0' || lines[i][0] == '#')
            continue;
        if (!take_row(thesaurus, lines[i], i + 1, error))
            return FALSE;
    }
    if (thesaurus->concepts->len == 0)
        return wrong(error, THESAURUS_ERROR_SYNTAX, 1, "the table is empty");
    return TRUE;
}

/* ---- references between concepts ---- */

/* Goes up from a concept; whoever comes by where this walk has been goes in a circle. Where an
 * earlier walk has been is known to be sound, so all walks together pass every concept once. */
static gboolean check_broader(const Thesaurus *thesaurus, guint from, GError **error)
{
    guint walk = from + 1;
    for (guint at = from;;) {
        Concept *concept = concept_at(thesaurus, at);
        gboolean is_circle = concept->walk == walk;
        if (is_circle)
            return wrong_in(error, THESAURUS_ERROR_REFERENCE, concept->line, COLUMN_BROADER,
                            "from \"%s\" it goes in a circle", concept->id);
        if (concept->walk != 0)
            return TRUE;
        concept->walk = walk;
        if (concept->broader == NULL)
            return TRUE;
        if (!thesaurus_find(thesaurus, concept->broader, &at))
            return wrong_in(error, THESAURUS_ERROR_REFERENCE, concept->line, COLUMN_BROADER,
                            "\"%s\" is no concept", concept->broader);
    }
}

/* One term more that speaks for a topic, unless the matcher does not tell it from an earlier one.
 */
static void add_evidence(Thesaurus *thesaurus, GArray *list, Evidence evidence)
{
    for (guint i = 0; i < list->len; i++) {
        guint at = g_array_index(list, guint, i);
        if (g_array_index(thesaurus->evidence, Evidence, at).topic == evidence.topic)
            return;
    }
    guint at = thesaurus->evidence->len;
    g_array_append_val(list, at);
    g_array_append_val(thesaurus->evidence, evidence);
}

/* The evidence that the matcher's term `number` is; numbers come without gaps. */
static GArray *evidence_under(Thesaurus *thesaurus, guint number)
{
    if (number == thesaurus->evidence_of->len)
        g_ptr_array_add(thesaurus->evidence_of, g_array_new(FALSE, FALSE, sizeof(guint)));
    return thesaurus->evidence_of->pdata[number];
}

/* Terms without a topic are looked for, too: what is part of them says nothing by itself. */
static void link_terms(Thesaurus *thesaurus, const GPtrArray *terms, Language language,
                       const GArray *topics)
{
    for (guint i = 0; i < terms->len; i++) {
        guint number = 0;
        gboolean added = matcher_add(thesaurus->matcher, terms->pdata[i], language, &number, NULL);
        g_assert(added); /* checked when it was read */
        GArray *list = evidence_under(thesaurus, number);
        for (guint t = 0; t < topics->len; t++)
            add_evidence(thesaurus, list,
                         (Evidence){terms->pdata[i], g_array_index(topics, guint, t)});
    }
}

static gboolean find_topics(const Thesaurus *thesaurus, const Concept *concept, GArray *topics,
                            GError **error)
{
    g_auto(GStrv) ids = g_strsplit(concept->belongs != NULL ? concept->belongs : "", ",", -1);
    for (guint i = 0; ids[i] != NULL; i++) {
        guint at = 0;
        if (!thesaurus_find(thesaurus, g_strstrip(ids[i]), &at) ||
            !thesaurus_is_topic(thesaurus, at, NULL))
            return wrong_in(error, THESAURUS_ERROR_REFERENCE, concept->line, COLUMN_BELONGS,
                            "\"%s\" is no theme or area", ids[i]);
        g_array_append_val(topics, concept_at(thesaurus, at)->topic);
    }
    return TRUE;
}

static gboolean link_concept(Thesaurus *thesaurus, guint at, GError **error)
{
    const Concept *concept = concept_at(thesaurus, at);
    g_autoptr(GArray) topics = g_array_new(FALSE, FALSE, sizeof(guint));
    if (!check_broader(thesaurus, at, error) || !find_topics(thesaurus, concept, topics, error))
        return FALSE;
    for (guint i = 0; i < LANGUAGE_COUNT; i++) {
        link_terms(thesaurus, concept->terms[i], (Language)i, topics);
        link_terms(thesaurus, concept->open[i], (Language)i, topics);
    }
    return TRUE;
}

Thesaurus *thesaurus_new(const char *tsv, gsize length, GError **error)
{
    if (length > THESAURUS_FILE_BYTES) {
        wrong(error, THESAURUS_ERROR_SYNTAX, 1, "the table is larger than %d bytes",
              THESAURUS_FILE_BYTES);
        return NULL;
    }
    if (length > 0 && !g_utf8_validate(tsv, (gssize)length, NULL)) {
        wrong(error, THESAURUS_ERROR_SYNTAX, 1, "the table is not plain text in UTF-8");
        return NULL;
    }
    g_autofree char *owned = g_strndup(length > 0 ? tsv : "", length);
    g_autoptr(Thesaurus) thesaurus = thesaurus_empty();
    if (!take_rows(thesaurus, owned, error))
        return NULL;
    for (guint i = 0; i < thesaurus->concepts->len; i++)
        if (!link_concept(thesaurus, i, error))
            return NULL;
    return g_steal_pointer(&thesaurus);
}

Thesaurus *thesaurus_new_builtin(GError **error)
{
    return thesaurus_new(thesaurus_data, (gsize)(thesaurus_data_end - thesaurus_data), error);
}

/* ---- what it holds ---- */

guint thesaurus_count(const Thesaurus *thesaurus)
{
    return thesaurus->concepts->len;
}

const char *thesaurus_id(const Thesaurus *thesaurus, guint at)
{
    return concept_at(thesaurus, at)->id;
}

gboolean thesaurus_find(const Thesaurus *thesaurus, const char *id, guint *ret_at)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(thesaurus->concept_of, id));
    if (number == 0)
        return FALSE;
    *ret_at = number - 1;
    return TRUE;
}

guint thesaurus_term_count(const Thesaurus *thesaurus, guint at, Language language)
{
    return concept_at(thesaurus, at)->terms[language]->len;
}

const char *thesaurus_term(const Thesaurus *thesaurus, guint at, Language language, guint i)
{
    return concept_at(thesaurus, at)->terms[language]->pdata[i];
}

const char *thesaurus_label(const Thesaurus *thesaurus, const char *id, Language language)
{
    guint at = 0;
    if (!thesaurus_find(thesaurus, id, &at) || thesaurus_term_count(thesaurus, at, language) == 0)
        return NULL;
    return thesaurus_term(thesaurus, at, language, 0);
}

const char *thesaurus_broader(const Thesaurus *thesaurus, guint at)
{
    return concept_at(thesaurus, at)->broader;
}

gboolean thesaurus_is_topic(const Thesaurus *thesaurus, guint at, gboolean *ret_is_area)
{
    Level level = concept_at(thesaurus, at)->level;
    if (level == LEVEL_CONCEPT)
        return FALSE;
    if (ret_is_area != NULL)
        *ret_is_area = level == LEVEL_AREA;
    return TRUE;
}

/* ---- counting ---- */

/* The last occurrence counted for a topic, in words of the text. */
typedef struct {
    gboolean counted;
    guint evidence;
    guint first;
    guint last;
} Occurrence;

typedef struct {
    const Thesaurus *thesaurus;
    guint *counts;    /* by evidence */
    Occurrence *last; /* by topic */
    Match longest;    /* the last term that is not part of another one */
    gboolean started; /* there is one */
} Count;

static gboolean is_part(guint first, guint last, const Match *of)
{
    return first >= of->first && last <= of->last && last - first < of->last - of->first;
}

/* Takes back what was counted within a longer term that has now come to its end. */
static void uncount_parts(Count *count, const Match *match)
{
    for (guint topic = 0; topic < count->thesaurus->topics->len; topic++) {
        Occurrence *last = &count->last[topic];
        if (!last->counted || !is_part(last->first, last->last, match))
            continue;
        count->counts[last->evidence]--;
        last->counted = FALSE;
    }
}

static void count_evidence(Count *count, guint at, const Match *match)
{
    guint topic = g_array_index(count->thesaurus->evidence, Evidence, at).topic;
    Occurrence *last = &count->last[topic];
    if (last->counted && match->first <= last->last) {
        if (match->last - match->first <= last->last - last->first)
            return;
        count->counts[last->evidence]--;
    }
    *last = (Occurrence){TRUE, at, match->first, match->last};
    count->counts[at]++;
}

static void count_match(const Match *match, gpointer data)
{
    Count *count = data;
    if (count->started && is_part(match->first, match->last, &count->longest))
        return;
    if (match->last > match->first)
        uncount_parts(count, match);
    count->longest = *match;
    count->started = TRUE;
    const GArray *list = count->thesaurus->evidence_of->pdata[match->number];
    for (guint i = 0; i < list->len; i++)
        count_evidence(count, g_array_index(list, guint, i), match);
}

/* How many words `text` has. Adds to the counts (by evidence). */
static guint count_text(const Thesaurus *thesaurus, const char *text, gsize length, guint *counts)
{
    g_autofree Occurrence *last = g_new0(Occurrence, thesaurus->topics->len);
    Count count = {.thesaurus = thesaurus, .counts = counts, .last = last};
    return matcher_visit(thesaurus->matcher, text, length, count_match, &count);
}

/* ---- topics ---- */

static void topic_free(gpointer data)
{
    Topic *topic = data;
    g_array_unref(topic->terms);
    g_free(topic);
}

static gint compare_terms(gconstpointer a, gconstpointer b)
{
    const TopicTerm *first = a;
    const TopicTerm *second = b;
    if (first->count != second->count)
        return first->count > second->count ? -1 : 1;
    return strcmp(first->term, second->term);
}

static gint compare_topics(gconstpointer a, gconstpointer b)
{
    const Topic *first = *(const Topic *const *)a;
    const Topic *second = *(const Topic *const *)b;
    if (first->score > second->score || first->score < second->score)
        return first->score > second->score ? -1 : 1;
    return strcmp(first->id, second->id);
}

/* A topic without evidence. Owned by the caller. */
static Topic *topic_new(const Thesaurus *thesaurus, guint number)
{
    const Concept *concept = concept_at(thesaurus, g_array_index(thesaurus->topics, guint, number));
    Topic *topic = g_new0(Topic, 1);
    topic->id = concept->id;
    topic->is_area = concept->level == LEVEL_AREA;
    topic->terms = g_array_new(FALSE, FALSE, sizeof(TopicTerm));
    return topic;
}

static gboolean is_sufficient(guint count, guint different, gboolean titled, double rate)
{
    if (titled)
        return TRUE;
    if (different > 1 && count >= COUNT_OF_SEVERAL && rate >= RATE_OF_SEVERAL)
        return TRUE;
    return count >= COUNT_OF_ONE && rate >= RATE_OF_ONE;
}

/* Scores a topic from its terms. Whether they are enough. */
static gboolean topic_judge(Topic *topic, guint words)
{
    guint count = 0;
    gboolean titled = FALSE;
    for (guint i = 0; i < topic->terms->len; i++) {
        count += g_array_index(topic->terms, TopicTerm, i).count;
        titled |= g_array_index(topic->terms, TopicTerm, i).in_title;
    }
    double rate = 1000.0 * count / MAX(words, (guint)WORDS_LEAST);
    topic->score = rate + (titled ? TITLE_SCORE : 0.0);
    g_array_sort(topic->terms, compare_terms);
    return is_sufficient(count, topic->terms->len, titled, rate);
}

/* All topics with the evidence counted for each, some with none. Owned by the caller. */
static GPtrArray *gather(const Thesaurus *thesaurus, const guint *counts, const guint *title_counts)
{
    GPtrArray *topics = g_ptr_array_new_with_free_func(topic_free);
    for (guint i = 0; i < thesaurus->topics->len; i++)
        g_ptr_array_add(topics, topic_new(thesaurus, i));
    for (guint i = 0; i < thesaurus->evidence->len; i++) {
        if (counts[i] + title_counts[i] == 0)
            continue;
        const Evidence *evidence = &g_array_index(thesaurus->evidence, Evidence, i);
        TopicTerm found = {evidence->term, counts[i] + title_counts[i], title_counts[i] > 0};
        g_array_append_val(((Topic *)topics->pdata[evidence->topic])->terms, found);
    }
    return topics;
}

GPtrArray *thesaurus_topics(const Thesaurus *thesaurus, const char *title, const char *text,
                            gsize length)
{
    g_autofree guint *counts = g_new0(guint, thesaurus->evidence->len);
    g_autofree guint *title_counts = g_new0(guint, thesaurus->evidence->len);
    guint words = count_text(thesaurus, text, length, counts);
    count_text(thesaurus, title, title != NULL ? strlen(title) : 0, title_counts);
    GPtrArray *topics = gather(thesaurus, counts, title_counts);
    for (guint i = topics->len; i > 0; i--)
        if (!topic_judge(topics->pdata[i - 1], words))
            g_ptr_array_remove_index(topics, i - 1);
    g_ptr_array_sort(topics, compare_topics);
    return topics;
}
