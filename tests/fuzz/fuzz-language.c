/* libFuzzer target of indexer/language: an input is text. Its runs cover it without a gap,
 * neighbours differ, each begins where a character does, and the marks put into the text of them
 * can be taken out again. */
#include "fuzz.h"

#include "../../indexer/analysis.h"
#include "../../indexer/language.h"

static void check_runs(const char *text, gsize length, const GArray *runs)
{
    gsize at = 0;
    int before = -1;
    for (guint i = 0; i < runs->len; i++) {
        const LanguageRun *run = &g_array_index(runs, LanguageRun, i);
        require(run->start == at && run->length > 0 && run->length <= length - at);
        require((guint)run->language < LANGUAGE_COUNT && (int)run->language != before);
        require(((guint8)text[at] & 0xC0) != 0x80);
        at += run->length;
        before = (int)run->language;
    }
    require(at == length);
}

static void check_marks(const char *text, gsize length, const GArray *runs)
{
    GString *marked = analysis_mark(text, length, runs);
    gboolean begins_page = TRUE;
    gsize at = 0;
    for (gsize i = 0; i < marked->len; i++) {
        char byte = marked->str[i];
        gboolean is_mark = byte >= MARK_OTHER && byte <= MARK_ENGLISH;
        require(is_mark || !begins_page);
        begins_page = byte == MARK_PAGE && i + 1 < marked->len;
        if (!is_mark)
            require(at < length && text[at++] == byte);
    }
    require(at == length && marked->len > 0);
    g_string_free(marked, TRUE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {data, size};
    g_autofree char *text = fuzz_text(&input);
    /* Clean text holds no marks. */
    for (char *at = text; *at; at++)
        if (*at >= MARK_OTHER && *at <= MARK_TERMS)
            *at = ' ';
    gsize length = strlen(text);
    g_autoptr(GArray) runs = language_runs(text, length);
    check_runs(text, length, runs);
    check_marks(text, length, runs);
    return 0;
}
