/* libFuzzer target of indexer/dictionary: an input is what is looked up, ended by NUL, and the data
 * of a dictionary. Any bytes are refused, or answer with strings that lie within them. */
#include "fuzz.h"

#include "../../indexer/dictionary.h"

static void check_words(const char *words, const guint8 *data, gsize length)
{
    const guint8 *at = (const guint8 *)words;
    require(at >= data && at < data + length && memchr(at, 0, (gsize)(data + length - at)));
}

static void look_up(const Dictionary *dictionary, const char *word, const guint8 *data,
                    gsize length)
{
    DictionaryTranslation found[DICTIONARY_TRANSLATIONS];
    g_autofree char *italian = g_strconcat("i:", word, NULL);
    guint count = dictionary_translate(dictionary, word, found);
    require(count <= DICTIONARY_TRANSLATIONS);
    for (guint i = 0; i < count; i++)
        check_words(found[i].words, data, length);
    count = dictionary_translate_word(dictionary, word, italian, found);
    require(count <= DICTIONARY_TRANSLATIONS);
    for (guint i = 0; i < count; i++)
        check_words(found[i].words, data, length);
    const char *forms = dictionary_forms(dictionary, word);
    if (forms)
        check_words(forms, data, length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const WORDS[] = {"i:acqu", "e:water", "acqua", "i:cooper", "e:child", ""};
    FuzzInput input = {data, size};
    g_autoptr(GError) error = NULL;
    g_autofree char *word = fuzz_string(&input);
    g_autofree guint8 *bytes = g_malloc0(input.left + 1); /* one more, for none at all */
    if (input.left > 0)
        memcpy(bytes, input.at, input.left);
    g_autoptr(Dictionary) dictionary = dictionary_new(bytes, input.left, &error);
    require((dictionary == NULL) == (error != NULL));
    if (!dictionary)
        return 0;
    look_up(dictionary, word, bytes, input.left);
    for (gsize i = 0; i < G_N_ELEMENTS(WORDS); i++)
        look_up(dictionary, WORDS[i], bytes, input.left);
    return 0;
}
