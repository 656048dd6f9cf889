/* See postings_private.h. Forms: a stem, and a word in its exact form, stand for several index
 * terms (stems.h): all that have the stem, or one in each language. Their list is the union of
 * these terms' lists, which are kept beside it and asked for positions. */
#include "postings_private.h"

#include <string.h>

#include "../../indexer/analysis.h"
#include "../../indexer/stems.h"

/* Rows of all terms together up to which they are merged one by one. */
enum { MERGED_ROWS = 1024 };

FormsKind forms_kind(const char *term)
{
    if (stems_is_stem(term, strlen(term)))
        return FORMS_OF_STEM;
    return strchr(term, ':') || analysis_has_digit(term) ? FORMS_NONE : FORMS_OF_WORD;
}

/* Which terms */

static GPtrArray *terms_of_word(Postings *postings, const char *word)
{
    GPtrArray *terms = g_ptr_array_new_with_free_func(g_free);
    for (int language = 0; language < LANGUAGE_COUNT; language++)
        g_ptr_array_add(terms, analyser_word_term(postings->analyser, (Language)language, word));
    return terms;
}

/* Does something with the term that the walk is at, whose rows come next. */
typedef gboolean (*FormVisit)(TermWalk *walk, const char *term, gpointer data, GError **error);

static gboolean visit_forms(TermWalk *walk, FormVisit visit, gpointer data, GError **error)
{
    g_autoptr(GString) term = g_string_new(NULL);
    Step step;
    while ((step = walk_next(walk, error)) == STEP_HERE) {
        walk_term(walk, term);
        if (!visit(walk, term->str, data, error))
            return FALSE;
        if (deadline_step(&walk->cursors[0].postings->deadline))
            return TRUE;
    }
    return step == STEP_END;
}

static gboolean walk_stem(Postings *postings, const char *stem, FormVisit visit, gpointer data,
                          GError **error)
{
    TermWalk walk = {0};
    g_autofree char *beginning = g_strdup_printf("%s%c", stem, STEM_PART);
    gboolean is_done = walk_open(&walk, postings, beginning, strlen(beginning), error) &&
                       visit_forms(&walk, visit, data, error);
    walk_release(&walk);
    return is_done;
}

static gboolean note_form(TermWalk *walk, const char *term, gpointer data, GError **error)
{
    (void)walk;
    (void)error;
    g_ptr_array_add(data, g_strdup(term));
    return TRUE;
}

GPtrArray *forms_terms(Postings *postings, const char *term, GError **error)
{
    if (forms_kind(term) == FORMS_OF_WORD)
        return terms_of_word(postings, term);
    g_autoptr(GPtrArray) terms = g_ptr_array_new_with_free_func(g_free);
    if (forms_kind(term) == FORMS_NONE)
        g_ptr_array_add(terms, g_strdup(term));
    else if (!walk_stem(postings, term, note_form, terms, error))
        return NULL;
    return g_steal_pointer(&terms);
}

/* Their lists */

/* Reads the list of a term that is walked over, unless it is kept. */
static gboolean read_form(TermWalk *walk, const char *term, gpointer data, GError **error)
{
    KeptList *kept = data;
    Postings *postings = walk->cursors[0].postings;
    g_ptr_array_add(kept->forms, g_strdup(term));
    if (postings_has_kept(postings, term))
        return TRUE;
    KeptList *form = kept_new(term, FALSE);
    if (!list_read_rows(postings, form, &walk->rows, walk->cursors, error)) {
        kept_free(form);
        return FALSE;
    }
    postings_keep(postings, form);
    return TRUE;
}

/* The lists of the forms, those without rows left out. NULL and `error` on failure. */
static GPtrArray *lists_of_forms(Postings *postings, const KeptList *kept, GError **error)
{
    g_autoptr(GPtrArray) lists = g_ptr_array_new();
    for (guint i = 0; i < kept->forms->len; i++) {
        KeptList *form = postings_kept(postings, kept->forms->pdata[i], FALSE, error);
        if (!form)
            return NULL;
        if (form->list.count > 0)
            g_ptr_array_add(lists, form);
    }
    return g_steal_pointer(&lists);
}

static void add_counts(const KeptList *form, guint at, guint32 counts[POSTING_COLUMNS])
{
    counts[COLUMN_OF_TEXT] += form->text[at];
    counts[COLUMN_OF_TITLE] += form->title[at];
}

/* Of few rows: the least of all, again and again. */
static void merge_lists(const GPtrArray *lists, KeptList *kept)
{
    g_autofree guint *at = g_new0(guint, lists->len + 1);
    for (;;) {
        guint32 row = G_MAXUINT32, counts[POSTING_COLUMNS] = {0};
        for (guint i = 0; i < lists->len; i++) {
            const KeptList *form = lists->pdata[i];
            if (at[i] < form->list.count)
                row = MIN(row, form->rows[at[i]]);
        }
        if (row == G_MAXUINT32)
            return;
        for (guint i = 0; i < lists->len; i++) {
            const KeptList *form = lists->pdata[i];
            if (at[i] < form->list.count && form->rows[at[i]] == row)
                add_counts(form, at[i]++, counts);
        }
        kept_add(kept, row, counts);
    }
}

static void sum_lists(const GPtrArray *lists, KeptList *kept)
{
    g_autoptr(RowTable) sums = row_table_new();
    for (guint i = 0; i < lists->len; i++) {
        const KeptList *form = lists->pdata[i];
        for (guint j = 0; j < form->list.count; j++)
            add_counts(form, j, row_table_numbers(sums, form->rows[j]));
    }
    row_table_list(sums, kept);
}

gboolean list_read_forms(Postings *postings, KeptList *kept, GError **error)
{
    guint rows = 0;
    g_clear_pointer(&kept->places, g_byte_array_unref);
    if (forms_kind(kept->phrase) == FORMS_OF_WORD) {
        kept->forms = terms_of_word(postings, kept->phrase);
    } else {
        kept->forms = g_ptr_array_new_with_free_func(g_free);
        if (!walk_stem(postings, kept->phrase, read_form, kept, error))
            return FALSE;
    }
    g_autoptr(GPtrArray) lists = lists_of_forms(postings, kept, error);
    for (guint i = 0; lists && i < lists->len; i++)
        rows += ((const KeptList *)lists->pdata[i])->list.count;
    if (lists && lists->len > 1 && rows > MERGED_ROWS)
        sum_lists(lists, kept);
    else if (lists)
        merge_lists(lists, kept);
    return lists != NULL;
}

/* Positions */

/* Puts the ascending positions from `before` on, which were appended, among those before them, from
 * `first` on. */
static void merge_run(GArray *positions, guint first, guint before)
{
    guint32 *all = (guint32 *)(void *)positions->data;
    guint count = positions->len - before;
    if (before == first || count == 0 || all[before - 1] < all[before])
        return;
    g_autofree guint32 *run = g_memdup2(all + before, count * sizeof *run);
    for (guint to = positions->len, left = before; count > 0;)
        all[--to] = left > first && all[left - 1] > run[count - 1] ? all[--left] : run[--count];
}

gboolean forms_append_positions(Postings *postings, const KeptList *kept, guint index,
                                PostingColumn column, GArray *positions, GError **error)
{
    guint first = positions->len;
    for (guint i = 0; i < kept->forms->len; i++) {
        Positions places, columns[POSTING_COLUMNS];
        KeptList *form = postings_kept(postings, kept->forms->pdata[i], FALSE, error);
        gint at = form ? kept_index(form, kept->rows[index]) : -1;
        if (!form || (at >= 0 && !kept_places(postings, form, (guint)at, &places, error)))
            return FALSE;
        guint before = positions->len;
        if (at >= 0 &&
            (!positions_split(places, columns) || !positions_decode(columns[column], positions)))
            return postings_damaged("a position list", error);
        merge_run(positions, first, before);
    }
    return TRUE;
}

gboolean forms_places(Postings *postings, KeptList *kept, guint index, Positions *ret_places,
                      GError **error)
{
    g_autoptr(GByteArray) parts = g_byte_array_new();
    guint found = 0;
    for (guint i = 0; i < kept->forms->len; i++) {
        KeptList *form = postings_kept(postings, kept->forms->pdata[i], FALSE, error);
        gint at = form ? kept_index(form, kept->rows[index]) : -1;
        if (!form || (at >= 0 && !kept_places(postings, form, (guint)at, ret_places, error)))
            return FALSE;
        if (at < 0)
            continue;
        found++;
        varint_append(parts, (guint32)ret_places->size);
        g_byte_array_append(parts, ret_places->bytes, (guint)ret_places->size);
    }
    if (found == 1)
        return TRUE;
    *ret_places = (Positions){parts->data, parts->len};
    return prefix_join_places(kept, ret_places, error);
}
