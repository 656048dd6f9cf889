/* libFuzzer target of indexer/sidecar: an input is a sidecar file. What is read can be printed in
 * both languages and read again as it was; what is not has a message of one line. */
#include "fuzz.h"

#include "../../indexer/sidecar.h"

static void check_value(const char *value, gsize most)
{
    require(!value || (*value && fuzz_is_line(value) && strlen(value) <= most));
}

static void check_printed(const Sidecar *sidecar, gboolean in_italian)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *printed = sidecar_print(sidecar, in_italian);
    g_autoptr(Sidecar) again = sidecar_parse(printed, strlen(printed), &error);
    require(again != NULL);
    require(g_strcmp0(again->title, sidecar->title) == 0);
    require(g_strcmp0(again->body, sidecar->body) == 0);
    require(g_strcmp0(again->collection, sidecar->collection) == 0);
    require(again->year == sidecar->year && again->has_kind == sidecar->has_kind);
    require(!again->has_kind || again->kind == sidecar->kind);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Sidecar) sidecar = sidecar_parse((const char *)data, size, &error);
    require((sidecar == NULL) == (error != NULL));
    if (!sidecar) {
        require(error->domain == SIDECAR_ERROR && fuzz_is_line(error->message));
        return 0;
    }
    check_value(sidecar->title, SIDECAR_TITLE_BYTES);
    check_value(sidecar->body, SIDECAR_BODY_BYTES);
    require(!sidecar->collection || fuzz_is_line(sidecar->collection));
    require(sidecar->year == 0 ||
            (sidecar->year >= SIDECAR_YEAR_FIRST && sidecar->year <= SIDECAR_YEAR_LAST));
    check_printed(sidecar, TRUE);
    check_printed(sidecar, FALSE);
    return 0;
}
