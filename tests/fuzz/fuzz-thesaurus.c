/* libFuzzer target of indexer/thesaurus and indexer/matcher: an input is a table and a text, each
 * ended by NUL. A table that is taken is a tree whose concepts are found by their ids; its topics
 * have evidence that stands in the text. */
#include "fuzz.h"

#include "../../indexer/matcher.h"
#include "../../indexer/thesaurus.h"

static void check_concept(const Thesaurus *thesaurus, guint at)
{
    guint found = 0, steps = 0;
    const char *id = thesaurus_id(thesaurus, at);
    require(id && *id && thesaurus_find(thesaurus, id, &found) && found == at);
    for (int language = LANGUAGE_ITALIAN; language <= LANGUAGE_ENGLISH; language++) {
        guint count = thesaurus_term_count(thesaurus, at, (Language)language);
        for (guint i = 0; i < count; i++) {
            const char *term = thesaurus_term(thesaurus, at, (Language)language, i);
            require(*term && g_utf8_validate(term, -1, NULL) && matcher_check(term, NULL));
        }
    }
    for (; thesaurus_broader(thesaurus, at); steps++) {
        require(steps < thesaurus_count(thesaurus));
        require(thesaurus_find(thesaurus, thesaurus_broader(thesaurus, at), &at));
    }
}

static void check_topics(const Thesaurus *thesaurus, const char *text)
{
    g_autoptr(GPtrArray) topics = thesaurus_topics(thesaurus, text, text, strlen(text));
    for (guint i = 0; i < topics->len; i++) {
        const Topic *topic = topics->pdata[i];
        guint at = 0;
        require(thesaurus_find(thesaurus, topic->id, &at) && topic->terms->len > 0);
        require(thesaurus_is_topic(thesaurus, at, NULL) && topic->score > 0);
        for (guint j = 0; j < topic->terms->len; j++)
            require(g_array_index(topic->terms, TopicTerm, j).count > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {data, size};
    g_autoptr(GError) error = NULL;
    g_autofree char *table = fuzz_string(&input);
    g_autofree char *text = fuzz_string(&input);
    g_autoptr(Thesaurus) thesaurus = thesaurus_new(table, strlen(table), &error);
    require((thesaurus == NULL) == (error != NULL));
    if (!thesaurus) {
        require(error->domain == THESAURUS_ERROR && g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    for (guint i = 0; i < thesaurus_count(thesaurus); i++)
        check_concept(thesaurus, i);
    check_topics(thesaurus, text);
    return 0;
}
