/* libFuzzer target of indexer/text and indexer/hyphen: an input is the pages of a document, any
 * bytes, each ended by NUL. Clean text is all that its header says, and loses no letter. */
#include "fuzz.h"

#include "../../indexer/hyphen.h"
#include "../../indexer/limits.h"
#include "../../indexer/text.h"

static gboolean is_control(gunichar c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

static void check_characters(const char *text)
{
    guint marks = 0;
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        require(!is_control(c) || c == '\n' || c == '\f');
        require(c != 0xAD && c != 0xFEFF && c != 0x200B && !(c >= 0xFB00 && c <= 0xFB06));
        marks = c >= 0x300 && c <= 0x36F ? marks + 1 : 0;
        require(marks <= LIMIT_COMBINING_MARKS);
    }
}

static void check_page(const char *page)
{
    g_autofree char *normal = g_utf8_normalize(page, -1, G_NORMALIZE_NFC);
    require(normal && strcmp(normal, page) == 0);
    require(!strstr(page, "   ") && !strstr(page, "\n\n\n"));
    require(!strstr(page, " \n") && !strstr(page, "\n "));
    require(*page != ' ' && *page != '\n');
}

/* Letters and digits, whatever form composition gives them. */
static gsize ascii_letters(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *apart = g_utf8_normalize(valid, -1, G_NORMALIZE_NFKD);
    gsize count = 0;
    for (const char *at = apart; *at; at++)
        count += (gsize)g_ascii_isalnum(*at);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {data, size};
    g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func(g_free);
    gsize letters = 0;
    do {
        char *page = fuzz_string(&input);
        letters += ascii_letters(page);
        g_ptr_array_add(pages, g_strcmp0(page, "\x01") == 0 ? (g_free(page), NULL) : page);
    } while (input.left > 0);
    GString *text = text_clean(pages);
    require(strlen(text->str) == text->len && g_utf8_validate(text->str, -1, NULL));
    check_characters(text->str);
    g_auto(GStrv) cleaned = g_strsplit(text->str, "\f", -1);
    require(g_strv_length(cleaned) == (*text->str ? pages->len : 0) || pages->len == 1);
    for (guint i = 0; cleaned[i]; i++)
        check_page(cleaned[i]);
    require(ascii_letters(text->str) >= letters);
    g_string_free(text, TRUE);
    return 0;
}
