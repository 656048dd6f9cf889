/* libFuzzer target of server/csv and server/plain: an input is a separator and the values of a
 * line, any bytes, each ended by NUL. A reader of RFC 4180 gets back as many values, each the text
 * on one line, and with either separator no value begins as a formula does. */
#include "fuzz.h"

#include "../../server/answers/csv.h"
#include "../../server/answers/plain.h"

enum { VALUES_MOST = 20 };

/* The next value of a line that ends with CR LF. Owned by the caller. */
static char *next_value(const char **at, char separator)
{
    GString *value = g_string_new(NULL);
    require(**at == '"');
    for (*at += 1; **at != '"' || (*at)[1] == '"'; *at += 1) {
        require(**at);
        *at += **at == '"';
        g_string_append_c(value, **at);
    }
    *at += 1;
    require(**at == separator || strcmp(*at, "\r\n") == 0);
    return g_string_free(value, FALSE);
}

static gboolean is_formula(const char *value)
{
    return *value && strchr("=+-@", *value);
}

/* As a program that expects the other separator would take the value apart. */
static void check_formulas(const char *value)
{
    g_auto(GStrv) parts = g_strsplit_set(value, ",;", -1);
    for (guint i = 0; parts[i]; i++)
        require(!is_formula(parts[i]));
}

static void check_value(const char *value, const char *typed)
{
    g_autofree char *line = plain_line(typed);
    g_auto(GStrv) read = g_strsplit(value, "'", -1);
    g_auto(GStrv) wanted = g_strsplit(line, "'", -1);
    g_autofree char *read_bare = g_strjoinv("", read);
    g_autofree char *wanted_bare = g_strjoinv("", wanted);
    require(fuzz_is_line(value) && strcmp(read_bare, wanted_bare) == 0);
    check_formulas(value);
}

static void check_line(const GString *out, char separator, const GPtrArray *values)
{
    const char *at = out->str;
    require(strlen(out->str) == out->len);
    for (guint i = 0; i < values->len; i++) {
        g_autofree char *value = next_value(&at, separator);
        check_value(value, values->pdata[i]);
        at += i + 1 < values->len;
    }
    require(strcmp(at, "\r\n") == 0);
}

static void check_slug(const char *text)
{
    g_autofree char *slug = plain_slug(text, 20);
    require(strlen(slug) <= 20);
    require(strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(slug));
    require(*slug != '-' && !g_str_has_suffix(slug, "-") && !strstr(slug, "--"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {data, size};
    char separator = fuzz_byte(&input) & 1 ? ';' : ',';
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    GString *out = g_string_new(NULL);
    CsvLine line = csv_line(out, separator);
    do {
        g_ptr_array_add(values, fuzz_string(&input));
        csv_text(&line, values->pdata[values->len - 1]);
        check_slug(values->pdata[values->len - 1]);
    } while (input.left > 0 && values->len < VALUES_MOST);
    csv_end(&line);
    check_line(out, separator, values);
    g_string_free(out, TRUE);
    return 0;
}
