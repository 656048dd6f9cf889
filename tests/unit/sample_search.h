/* Sample search: an archive of samples, and a searcher that has begun to read it; or a service over
 * such an archive. Set-ups for cmocka. */
#ifndef SCHEDARIO_TESTS_SAMPLE_SEARCH_H
#define SCHEDARIO_TESTS_SAMPLE_SEARCH_H

#include "sample.h"

#include "../../server/search/search.h"
#include "../../server/service.h"

typedef struct {
    SampleFolder folder;
    Searcher *searcher; /* NULL: it is a service */
    Service *service;   /* NULL: it is a searcher */
} SampleSearch;

static inline SampleSearch *sample_search_new(const Sample *samples, gsize count)
{
    SampleSearch *search = g_new0(SampleSearch, 1);
    search->folder = sample_folder_new();
    sample_archive(search->folder.archive, samples, count);
    return search;
}

static inline int sample_search_set_up(void **state, const Sample *samples, gsize count)
{
    SampleSearch *search = sample_search_new(samples, count);
    search->searcher = searcher_new(search->folder.archive, NULL);
    assert_non_null(search->searcher);
    assert_true(searcher_begin(search->searcher, NULL));
    *state = search;
    return 0;
}

/* A service with the pages of the source tree, in which tests are run. */
static inline int sample_service_set_up(void **state, const Sample *samples, gsize count)
{
    SampleSearch *search = sample_search_new(samples, count);
    GError *error = NULL;
    search->service = service_new(search->folder.archive, NULL, "web", &error);
    if (!search->service)
        fail_msg("%s", error->message);
    *state = search;
    return 0;
}

static inline int sample_search_tear_down(void **state)
{
    SampleSearch *search = *state;
    if (search->searcher)
        searcher_end(search->searcher);
    g_clear_pointer(&search->searcher, searcher_free);
    g_clear_pointer(&search->service, service_free);
    sample_folder_release(&search->folder);
    g_free(search);
    return 0;
}

#endif
