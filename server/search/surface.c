/* See surface.h. */
#include "surface.h"

#include <string.h>

#include "../../indexer/analysis.h"

/* A word of capitals alone that is longer than this is a heading, not an acronym. */
enum { ACRONYM_LETTERS = 6 };

/* A spelling that was met; capitals do not part it from others. */
typedef struct {
    char *small; /* in small letters; owned */
    char *first; /* as met first in other than capitals alone, if it was; owned */
    guint count;
} Spelling;

typedef struct {
    const char *word;
    GArray *spellings; /* Spelling */
    guint languages[LANGUAGE_COUNT];
    guint begun_small; /* places where it begins with a small letter */
    guint count;
} Sample;

static void spelling_clear(gpointer data)
{
    Spelling *spelling = data;
    g_free(spelling->small);
    g_free(spelling->first);
}

void surface_release(Surface *surface)
{
    g_clear_pointer(&surface->text, g_free);
}

static gboolean is_all_capitals(const char *text)
{
    for (; *text; text = g_utf8_next_char(text))
        if (g_unichar_islower(g_utf8_get_char(text)))
            return FALSE;
    return TRUE;
}

static void sample_add(Sample *sample, const char *text, gsize length, Language language)
{
    g_autofree char *small = g_utf8_strdown(text, (gssize)length);
    guint i = 0;
    while (i < sample->spellings->len &&
           strcmp(g_array_index(sample->spellings, Spelling, i).small, small) != 0)
        i++;
    if (i == sample->spellings->len) {
        Spelling met = {g_strdup(small), g_strndup(text, length), 0};
        g_array_append_val(sample->spellings, met);
    }
    Spelling *spelling = &g_array_index(sample->spellings, Spelling, i);
    if (spelling->count++ > 0 && is_all_capitals(spelling->first)) {
        g_free(spelling->first);
        spelling->first = g_strndup(text, length);
    }
    sample->begun_small += !g_unichar_isupper(g_utf8_get_char(text));
    sample->languages[language]++;
    sample->count++;
}

/* The words of `text` with the numbers in `positions`, which count from that of its first word. */
static void sample_text(Sample *sample, const char *text, gsize length, const guint32 *positions,
                        guint count)
{
    WordSpan spans[SURFACE_PLACES];
    count = analysis_locate(text, length, positions, MIN(count, SURFACE_PLACES), spans);
    for (guint i = 0; i < count; i++)
        sample_add(sample, text + spans[i].start, spans[i].length, spans[i].language);
}

/* Where it stands */

/* The page that holds a position; `starts` has the positions at which pages begin. */
static guint page_of(const GArray *starts, guint32 position)
{
    guint page = 0;
    while (page + 2 < starts->len && g_array_index(starts, guint, page + 1) <= position)
        page++;
    return page;
}

/* Makes positions of the document those of a page; returns how many stand on it. */
static guint positions_on_page(GArray *positions, const GArray *starts, guint page)
{
    guint first = g_array_index(starts, guint, page);
    guint end = g_array_index(starts, guint, page + 1);
    guint count = 0;
    while (count < positions->len && g_array_index(positions, guint32, count) < end)
        g_array_index(positions, guint32, count++) -= first;
    return count;
}

static gboolean sample_page(Sample *sample, Archive *archive, gint64 row, GArray *positions,
                            GError **error)
{
    g_autoptr(GArray) starts = archive_page_positions(archive, row, error);
    if (!starts || starts->len < 2)
        return starts != NULL;
    guint page = page_of(starts, g_array_index(positions, guint32, 0));
    guint count = positions_on_page(positions, starts, page);
    GError *failure = NULL;
    g_autoptr(GString) text = archive_pages(archive, row, page, 1, &failure);
    if (failure)
        g_propagate_error(error, failure);
    else if (text)
        sample_text(sample, text->str, text->len, (const guint32 *)(const void *)positions->data,
                    count);
    return !failure;
}

static gboolean sample_title(Sample *sample, Archive *archive, gint64 row, const GArray *positions,
                             GError **error)
{
    GError *failure = NULL;
    g_autoptr(ArchiveDocument) document = archive_find_row(archive, row, &failure);
    if (failure)
        g_propagate_error(error, failure);
    else if (document && document->card && document->card->title)
        sample_text(sample, document->card->title, strlen(document->card->title),
                    (const guint32 *)(const void *)positions->data, positions->len);
    return !failure;
}

static gboolean sample_document(Sample *sample, Archive *archive, Postings *postings, guint32 row,
                                PostingColumn column, GError **error)
{
    g_autoptr(GArray) positions = g_array_new(FALSE, FALSE, sizeof(guint32));
    if (!postings_places(postings, sample->word, FALSE, row, column, positions, error))
        return FALSE;
    if (positions->len == 0)
        return TRUE;
    return column == COLUMN_OF_TITLE ? sample_title(sample, archive, row, positions, error)
                                     : sample_page(sample, archive, row, positions, error);
}

/* Texts first: titles are capitals where texts are not. */
static gboolean sample_take(Sample *sample, Archive *archive, Postings *postings, GError **error)
{
    static const PostingColumn COLUMNS[] = {COLUMN_OF_TEXT, COLUMN_OF_TITLE};
    const PostingList *list = postings_find(postings, sample->word, FALSE, error);
    if (!list)
        return FALSE;
    for (gsize column = 0; column < G_N_ELEMENTS(COLUMNS) && sample->count == 0; column++) {
        guint step = MAX(1, list->count / SURFACE_DOCUMENTS), looked_at = 0;
        for (guint i = 0; i < list->count && looked_at < SURFACE_DOCUMENTS; i++) {
            if (COLUMNS[column] == COLUMN_OF_TEXT ? list->text[i] == 0 : list->title[i] == 0)
                continue;
            looked_at++;
            if (!sample_document(sample, archive, postings, list->rows[i], COLUMNS[column], error))
                return FALSE;
            i += step - 1;
        }
    }
    return TRUE;
}

/* What comes of it */

/* Of two spellings that are as frequent, the one with accents: they are often left out. */
static const Spelling *best_spelling(const Sample *sample)
{
    const Spelling *best = NULL;
    for (guint i = 0; i < sample->spellings->len; i++) {
        const Spelling *spelling = &g_array_index(sample->spellings, Spelling, i);
        if (!best || spelling->count > best->count ||
            (spelling->count == best->count && !g_str_is_ascii(spelling->small) &&
             g_str_is_ascii(best->small)))
            best = spelling;
    }
    return best;
}

static char *spelling_text(const Sample *sample)
{
    const Spelling *best = best_spelling(sample);
    if (!best)
        return g_strdup(sample->word);
    gboolean is_heading =
        is_all_capitals(best->first) && g_utf8_strlen(best->first, -1) > ACRONYM_LETTERS;
    gboolean is_small = sample->begun_small * SURFACE_SMALL > sample->count;
    return g_strdup(is_small || is_heading ? best->small : best->first);
}

static Language sample_language(const Sample *sample)
{
    Language language = LANGUAGE_OTHER;
    for (int i = LANGUAGE_ITALIAN; i < LANGUAGE_COUNT; i++)
        if (sample->languages[i] > sample->languages[language])
            language = (Language)i;
    return language;
}

gboolean surface_find(Archive *archive, Postings *postings, const char *word, Surface *ret_surface,
                      GError **error)
{
    g_autoptr(GArray) spellings = g_array_new(FALSE, FALSE, sizeof(Spelling));
    g_array_set_clear_func(spellings, spelling_clear);
    Sample sample = {.word = word, .spellings = spellings};
    if (!sample_take(&sample, archive, postings, error))
        return FALSE;
    *ret_surface = (Surface){spelling_text(&sample), sample_language(&sample)};
    return TRUE;
}
