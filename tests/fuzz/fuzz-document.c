/* libFuzzer target of indexer/document with all that it asks (text, language, catalogue, front,
 * words, thesaurus): an input is what a reader sent of a file, metadata, path and pages, each ended
 * by NUL. The card that is made of it is one that pages can show. */
#include "fuzz.h"

#include <jansson.h>

#include "../../indexer/analysis.h"
#include "../../indexer/document.h"

static char *or_null(char *text)
{
    if (*text)
        return text;
    g_free(text);
    return NULL;
}

static ReadingResult *take_result(FuzzInput *input)
{
    ReadingResult *result = g_new0(ReadingResult, 1);
    result->media_type = g_strdup("application/pdf");
    result->meta_title = or_null(fuzz_text(input));
    result->meta_author = or_null(fuzz_text(input));
    result->heading = or_null(fuzz_text(input));
    result->meta_year = (int)fuzz_number(input);
    return result;
}

static void take_pages(FuzzInput *input, ReadingResult *result)
{
    result->pages = g_ptr_array_new_with_free_func(g_free);
    do
        g_ptr_array_add(result->pages, fuzz_text(input));
    while (input->left > 0);
}

static void check_card(const Catalogue *card)
{
    require(card->title && *card->title && fuzz_is_line(card->title));
    require(g_utf8_strlen(card->title, -1) <= CATALOGUE_TITLE_CHARACTERS + 1);
    require(card->year == 0 ||
            (card->year >= CATALOGUE_YEAR_FIRST && card->year <= CATALOGUE_YEAR_LAST));
    require((guint)card->kind < KIND_COUNT && (guint)card->title_source < SOURCE_COUNT);
    require(!card->body || (*card->body && fuzz_is_line(card->body)));
    require(card->collection && g_utf8_validate(card->collection, -1, NULL));
}

static void check_document(const ArchiveDocument *document, const GString *marked, guint pages)
{
    double sum = 0;
    json_t *themes = json_loads(document->themes, 0, NULL);
    require(json_is_array(themes));
    json_decref(themes);
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        require(document->share[i] >= 0 && document->share[i] <= 1);
        sum += document->share[i];
    }
    require(sum < 1.001 && document->page_count == pages);
    g_autoptr(GArray) counts = analysis_count_words(marked->str, marked->len);
    require(counts->len == pages && g_utf8_validate(marked->str, (gssize)marked->len, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Thesaurus *thesaurus;
    static const char SHA256[] = "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f";
    FuzzInput input = {data, size};
    GString *marked = NULL;
    thesaurus = thesaurus ? thesaurus : thesaurus_new_builtin(NULL);
    g_autoptr(ReadingResult) result = take_result(&input);
    g_autofree char *path = fuzz_string(&input);
    take_pages(&input, result);
    DocumentOrigin origin = {.path = *path ? path : "a.pdf", .sha256 = SHA256, .size_bytes = 1};
    g_autoptr(ArchiveDocument) document = document_make(result, &origin, thesaurus, &marked);
    require(document->state == DOCUMENT_INDEXED && marked != NULL);
    check_card(document->card);
    check_document(document, marked, result->pages->len);
    document_make_card(document, marked, "other/folder/b.pdf", NULL);
    check_card(document->card);
    g_string_free(marked, TRUE);
    return 0;
}
