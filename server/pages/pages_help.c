/* Pages on how to search, and errors. See pages.h.
 */
#include "../http/problem.h"
#include "page.h"
#include "pages.h"

/* Help */

/* The syntax, one example in each language; the words beside them are the messages help_KEY. */
static const struct {
    const char *key;
    const char *typed[2]; /* Italian, English */
} SYNTAX[] = {
    {"words", {"cooperazione giovani", "international cooperation"}},
    {"phrase", {"\"diritti umani\"", "\"human rights\""}},
    {"exclude", {"acqua -fiume", "water -river"}},
    {"or", {"migranti O rifugiati", "migrants OR refugees"}},
    {"group", {"(acqua O energia) comune", "title:(statute OR charter)"}},
    {"near", {"cooperazione VICINO comuni", "climate NEAR/3 change"}},
    {"prefix", {"cooperat*", "sustainab*"}},
    {"number", {"125/2014", "\"law 125/2014\""}},
    {"title", {"titolo:statuto", "title:plan"}},
    {"language", {"lingua:it clima", "lang:en climate"}},
    {"kind", {"tipo:programma", "kind:programme"}},
    {"year", {"anno:2018..2021", "year:>=2018"}},
    {"body", {"ente:anci", "body:municipality"}},
    {"collection", {"raccolta:statuti", "collection:programmi"}},
    {"theme", {"tema:migrazioni", "theme:resilience"}},
    {"area", {"area:mediterraneo", "area:mediterranean"}},
};

static json_t *make_example(const Page *page, const char *typed, const char *language)
{
    json_t *object = json_object();
    page_set_text(object, "typed", typed);
    page_set_text(object, "text_lang", language);
    page_take_text(object, "address", page_search_link(page, typed));
    return object;
}

HttpResponse *pages_help(const HttpRequest *request, gpointer service)
{
    g_auto(Page) page;
    page_init(&page, request, service, "help", TRUE);
    json_t *rows = json_array();
    for (gsize i = 0; i < G_N_ELEMENTS(SYNTAX); i++) {
        json_t *object = json_object();
        page_take_text(object, "name", page_word(&page, "help_name_", SYNTAX[i].key, NULL));
        page_take_text(object, "meaning", page_word(&page, "help_meaning_", SYNTAX[i].key, NULL));
        json_object_set_new(object, "examples",
                            json_pack("[o, o]", make_example(&page, SYNTAX[i].typed[0], "it"),
                                      make_example(&page, SYNTAX[i].typed[1], "en")));
        json_array_append_new(rows, object);
    }
    json_object_set_new(page.value, "syntax", rows);
    return page_response(&page, 200, "help");
}

/* Errors */

HttpResponse *pages_error(guint status, const char *detail, gboolean is_api,
                          const HttpRequest *request, gpointer service)
{
    if (is_api)
        return problem_response(status, detail, NULL);
    return page_error(request, service, status);
}
