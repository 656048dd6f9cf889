/* libFuzzer target of server/citation: an input is title, body, kind's name and numbers, each text
 * ended by NUL. Whatever they hold, a file has one record with the fields that it should have, and
 * nothing in a value ends it or begins another. */
#include "fuzz.h"

#include "../../server/answers/citation.h"

/* The value in braces at `at`, behind its last brace; NULL when the braces do not close. TeX's own
 * escapes of braces are commands, so that every brace counts. */
static const char *braces_end(const char *at)
{
    int depth = 0;
    do {
        depth += *at == '{';
        depth -= *at == '}';
        require(*at && *at != '\n');
        at++;
    } while (depth > 0);
    return at;
}

static void check_bibtex(const Citation *citation)
{
    static const char *const FIELDS[] = {"author", "title",     "institution", "type", "year",
                                         "pages",  "pagetotal", "langid",      "url",  "urldate"};
    GString *file = citation_file(citation, CITATION_BIBTEX);
    const char *at = file->str + strcspn(file->str, ",\n");
    gsize field = 0;
    require(g_str_has_prefix(file->str, "@misc{") || g_str_has_prefix(file->str, "@techreport{"));
    while (g_str_has_prefix(at, ",\n  ")) {
        at += strlen(",\n  ");
        while (field < G_N_ELEMENTS(FIELDS) &&
               !(g_str_has_prefix(at, FIELDS[field]) && at[strlen(FIELDS[field])] == ' '))
            field++;
        require(field < G_N_ELEMENTS(FIELDS));
        at = strchr(at, '{');
        require(at != NULL);
        at = braces_end(at);
    }
    require(strcmp(at, "\n}\n\n") == 0 && g_utf8_validate(file->str, -1, NULL));
    g_string_free(file, TRUE);
}

static void check_ris(const Citation *citation)
{
    GString *file = citation_file(citation, CITATION_RIS);
    g_auto(GStrv) lines = g_strsplit(file->str, "\r\n", -1);
    guint count = g_strv_length(lines);
    require(count > 4 && g_str_has_prefix(lines[0], "TY  - "));
    require(strcmp(lines[count - 3], "ER  - ") == 0 && !*lines[count - 2] && !*lines[count - 1]);
    for (guint i = 0; i < count - 2; i++) {
        require(fuzz_is_line(lines[i]) && strncmp(lines[i] + 2, "  - ", 4) == 0);
        require((i == 0) == g_str_has_prefix(lines[i], "TY"));
        require((i == count - 3) == g_str_has_prefix(lines[i], "ER"));
    }
    g_string_free(file, TRUE);
}

static void check_csl(const Citation *citation)
{
    GString *file = citation_file(citation, CITATION_CSL);
    json_t *list = json_loads(file->str, 0, NULL);
    const json_t *item = json_array_get(list, 0);
    const char *title = json_string_value(json_object_get(item, "title"));
    require(json_array_size(list) == 1 && json_object_get(item, "id"));
    require(!title || fuzz_is_line(title));
    json_decref(list);
    g_string_free(file, TRUE);
}

static void check_coins(const Citation *citation)
{
    g_autofree char *coins = citation_coins(citation);
    g_auto(GStrv) pairs = g_strsplit(coins, "&", -1);
    for (guint i = 0; pairs[i]; i++) {
        const char *value = strchr(pairs[i], '=');
        require(value && !strchr(value + 1, '='));
        g_autofree char *back = g_uri_unescape_string(value + 1, NULL);
        require(back && fuzz_is_line(back));
    }
}

static void check_names(const Citation *citation)
{
    g_autofree char *key = citation_key(citation);
    g_autofree char *name = citation_file_name(citation, "bib");
    require(*key && strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(key));
    require(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") == strlen(name));
    require(*name != '.' && strlen(name) < 200);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {data, size};
    g_autofree char *title = fuzz_string(&input);
    g_autofree char *body = fuzz_string(&input);
    g_autofree char *label = fuzz_string(&input);
    Citation citation = {
        .id = "0123456789abcdef0123",
        .title = title,
        .body = *body ? body : NULL,
        .kind_label = *label ? label : NULL,
        .address = "http://localhost:8080/documents/0123456789abcdef0123?q=%22a%22",
        .file = "http://localhost:8080/documents/0123456789abcdef0123/file",
    };
    citation.kind = (Kind)(fuzz_byte(&input) % KIND_COUNT);
    citation.language = (const char *[]){NULL, "it", "en"}[fuzz_byte(&input) % 3];
    citation.year = (int)fuzz_number(&input) % 3000;
    citation.page = fuzz_number(&input);
    citation.page_count = fuzz_number(&input);
    citation.accessed_unix = (gint64)fuzz_number(&input) << fuzz_byte(&input) % 32;
    check_bibtex(&citation);
    check_ris(&citation);
    check_csl(&citation);
    check_coins(&citation);
    check_names(&citation);
    return 0;
}
