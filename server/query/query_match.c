/* See query_internal.h. The plan as an FTS5 MATCH expression.
 *
 * Every AND, OR, NOT and parenthesis is explicit. FTS5 flattens chains of AND and OR, so that only
 * nesting counts against its limit of 256 levels; query.h's limits stay far below. */
#include "query_internal.h"

typedef struct {
    GString *match;
    const GPtrArray *concepts;
} Writer;

static void write_step(const Writer *writer, const QueryStep *step, gboolean is_inner);

static void write_text(const Writer *writer, const char *text)
{
    g_string_append(writer->match, text);
}

/* Terms hold no quotation mark; doubling it anyhow keeps the promise here, not far away. */
static void write_phrase(const Writer *writer, const char *phrase, gboolean is_prefix)
{
    g_string_append_c(writer->match, '"');
    for (const char *at = phrase; *at; at++)
        g_string_append(writer->match, *at == '"' ? "\"\"" : (char[]){*at, '\0'});
    write_text(writer, is_prefix ? "\" *" : "\"");
}

/* Leaves */

static const QueryConcept *concept_of(const Writer *writer, const QueryStep *leaf)
{
    return writer->concepts->pdata[leaf->concept];
}

static const QueryAlternative *alternative_at(const QueryConcept *concept, guint i)
{
    return &g_array_index(concept->alternatives, QueryAlternative, i);
}

static void write_alternative(const Writer *writer, const QueryConcept *concept, guint i)
{
    const QueryAlternative *alternative = alternative_at(concept, i);
    write_phrase(writer, alternative->phrase, alternative->is_prefix);
}

static void write_leaf(const Writer *writer, const QueryStep *step, gboolean is_inner)
{
    (void)is_inner;
    const QueryConcept *concept = concept_of(writer, step);
    gboolean is_group = concept->alternatives->len > 1;
    write_text(writer, concept->in_title ? "title : " : "");
    write_text(writer, is_group ? "(" : "");
    for (guint i = 0; i < concept->alternatives->len; i++) {
        write_text(writer, i > 0 ? " OR " : "");
        write_alternative(writer, concept, i);
    }
    write_text(writer, is_group ? ")" : "");
}

/* Near */

/* How many alternatives of a part take part in combinations. */
typedef guint (*CountOf)(const QueryConcept *concept);

static guint count_all(const QueryConcept *concept)
{
    return concept->alternatives->len;
}

static guint count_literal(const QueryConcept *concept)
{
    guint count = 0;
    while (count < concept->alternatives->len &&
           alternative_at(concept, count)->source == QUERY_LITERAL)
        count++;
    return count;
}

/* At most one more than QUERY_COMBINATIONS. */
static guint combinations(const Writer *writer, const QueryStep *step, CountOf count_of)
{
    guint count = 1;
    for (guint i = 0; i < step->parts->len && count <= QUERY_COMBINATIONS; i++)
        count *= MIN(count_of(concept_of(writer, step->parts->pdata[i])), QUERY_COMBINATIONS + 1);
    return MIN(count, (guint)QUERY_COMBINATIONS + 1);
}

static guint size_of(const QueryAlternative *alternative)
{
    guint size = 1;
    for (const char *at = alternative->phrase; *at; at++)
        size += *at == ' ';
    return size;
}

/* FTS5's distance: from the end of the first phrase to the beginning of the last. The two shortest
 * are taken for these, so that nothing is missed. */
static guint fts5_distance(const Writer *writer, const QueryStep *step, const guint *choice)
{
    guint all = 0;
    guint shortest[2] = {G_MAXUINT, G_MAXUINT};
    for (guint i = 0; i < step->parts->len; i++) {
        const QueryConcept *concept = concept_of(writer, step->parts->pdata[i]);
        guint size = size_of(alternative_at(concept, choice[i]));
        all += size;
        shortest[1] = MIN(shortest[1], MAX(size, shortest[0]));
        shortest[0] = MIN(shortest[0], size);
    }
    return step->distance + all - shortest[0] - shortest[1];
}

static void write_combination(const Writer *writer, const QueryStep *step, const guint *choice)
{
    write_text(writer, "NEAR(");
    for (guint i = 0; i < step->parts->len; i++) {
        write_text(writer, i > 0 ? " " : "");
        write_alternative(writer, concept_of(writer, step->parts->pdata[i]), choice[i]);
    }
    g_string_append_printf(writer->match, ", %u)", fts5_distance(writer, step, choice));
}

/* The next combination, the last part's alternatives turning fastest. FALSE: that was the last. */
static gboolean turn(const Writer *writer, const QueryStep *step, CountOf count_of, guint *choice)
{
    for (guint i = step->parts->len; i-- > 0;) {
        if (++choice[i] < count_of(concept_of(writer, step->parts->pdata[i])))
            return TRUE;
        choice[i] = 0;
    }
    return FALSE;
}

/* The literal alternatives of a word stand in the same order of languages; a number has only one.
 */
static gboolean turn_language(const Writer *writer, const QueryStep *step, guint language,
                              guint *choice)
{
    gboolean is_new = FALSE;
    for (guint i = 0; i < step->parts->len; i++) {
        guint count = count_literal(concept_of(writer, step->parts->pdata[i]));
        is_new |= language < count;
        choice[i] = MIN(language, count - 1);
    }
    return is_new && language < LANGUAGE_COUNT;
}

static void write_near(const Writer *writer, const QueryStep *step, gboolean is_inner)
{
    (void)is_inner;
    g_autofree guint *choice = g_new0(guint, step->parts->len);
    CountOf count_of =
        combinations(writer, step, count_all) <= QUERY_COMBINATIONS ? count_all : count_literal;
    guint count = combinations(writer, step, count_of);
    gboolean goes_on = TRUE;
    write_text(writer, concept_of(writer, step->parts->pdata[0])->in_title ? "title : " : "");
    write_text(writer, count > 1 ? "(" : "");
    for (guint number = 1; goes_on; number++) {
        write_text(writer, number > 1 ? " OR " : "");
        write_combination(writer, step, choice);
        goes_on = count <= QUERY_COMBINATIONS ? turn(writer, step, count_of, choice)
                                              : turn_language(writer, step, number, choice);
    }
    write_text(writer, count > 1 ? ")" : "");
}

/* Groups */

/* Those of `parts` that are excluded, or those that are not. */
static guint count_parts(const GPtrArray *parts, gboolean is_excluded)
{
    guint count = 0;
    for (guint i = 0; i < parts->len; i++)
        count += (((const QueryStep *)parts->pdata[i])->operator== QUERY_NOT) == is_excluded;
    return count;
}

/* They are joined in parentheses when there are several; what is excluded, without its minus. */
static void write_parts(const Writer *writer, const GPtrArray *parts, gboolean is_excluded,
                        gboolean is_bracketed)
{
    guint written = 0;
    write_text(writer, is_bracketed ? "(" : "");
    for (guint i = 0; i < parts->len; i++) {
        const QueryStep *part = parts->pdata[i];
        if ((part->operator== QUERY_NOT) != is_excluded)
            continue;
        write_text(writer, written++ == 0 ? "" : is_excluded ? " OR " : " AND ");
        write_step(writer, is_excluded ? part->parts->pdata[0] : part, TRUE);
    }
    write_text(writer, is_bracketed ? ")" : "");
}

/* What `parts` ask for, without what they exclude. */
static void write_difference(const Writer *writer, const GPtrArray *parts)
{
    guint wanted = count_parts(parts, FALSE);
    guint excluded = count_parts(parts, TRUE);
    if (wanted == 0)
        write_phrase(writer, QUERY_TERM_ALL, FALSE);
    else
        write_parts(writer, parts, FALSE, wanted > 1 && excluded > 0);
    if (excluded == 0)
        return;
    write_text(writer, " NOT ");
    write_parts(writer, parts, TRUE, excluded > 1);
}

static void write_all(const Writer *writer, const QueryStep *step, gboolean is_inner)
{
    write_text(writer, is_inner ? "(" : "");
    write_difference(writer, step->parts);
    write_text(writer, is_inner ? ")" : "");
}

static void write_any(const Writer *writer, const QueryStep *step, gboolean is_inner)
{
    write_text(writer, is_inner ? "(" : "");
    for (guint i = 0; i < step->parts->len; i++) {
        write_text(writer, i > 0 ? " OR " : "");
        write_step(writer, step->parts->pdata[i], TRUE);
    }
    write_text(writer, is_inner ? ")" : "");
}

/* What is excluded alone is excluded from everything. */
static void write_not(const Writer *writer, const QueryStep *step, gboolean is_inner)
{
    gpointer self[] = {(gpointer)step};
    GPtrArray alone = {.pdata = self, .len = 1};
    write_text(writer, is_inner ? "(" : "");
    write_difference(writer, &alone);
    write_text(writer, is_inner ? ")" : "");
}

static void (*const WRITE[])(const Writer *, const QueryStep *, gboolean) = {
    [QUERY_LEAF] = write_leaf, [QUERY_ALL] = write_all,   [QUERY_ANY] = write_any,
    [QUERY_NOT] = write_not,   [QUERY_NEAR] = write_near,
};

static void write_step(const Writer *writer, const QueryStep *step, gboolean is_inner)
{
    WRITE[step->operator](writer, step, is_inner);
}

GString *query_match_print(const QueryStep *plan, const GPtrArray *concepts)
{
    Writer writer = {g_string_new(NULL), concepts};
    if (plan)
        write_step(&writer, plan, FALSE);
    else
        write_phrase(&writer, QUERY_TERM_ALL, FALSE);
    return writer.match;
}
