/* Pages about the house: what is kept of its readers, and who can use it. See pages.h. */
#include "pages.h"

#include "page.h"

HttpResponse *pages_privacy(const HttpRequest *request, gpointer service)
{
    g_auto(Page) page;
    page_init(&page, request, service, "privacy", TRUE);
    json_object_set_new(page.value, "keeps_questions",
                        json_boolean(service_question_log(service) != NULL));
    return page_response(&page, 200, "privacy");
}

HttpResponse *pages_accessibility(const HttpRequest *request, gpointer service)
{
    g_auto(Page) page;
    page_init(&page, request, service, "accessibility", TRUE);
    page_set_text(page.value, "version", SCHEDARIO_VERSION);
    return page_response(&page, 200, "accessibility");
}
