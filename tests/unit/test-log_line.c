/* Tests of indexer/log_line: foreign text stays within its quotes, on its line, and looks as it is.
 */
#include "fixture.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../indexer/log_line.h"

static const struct {
    const char *text, *value;
} values[] = {
    {"plain", "plain"},
    {"a/b-c_d.pdf", "a/b-c_d.pdf"},
    {"", "\"\""},
    {"a b", "\"a b\""},
    {"città", "\"città\""},
    {"a=b", "\"a=b\""},
    {"say \"x\"", "\"say \\\"x\\\"\""},
    {"back\\slash", "\"back\\\\slash\""},
    {"two\nlines", "\"two\\nlines\""},
    {"tab\there", "\"tab\\there\""},
    {"\r\x1b[31mred", "\"\\u000d\\u001b[31mred\""},
    {"\x7f", "\"\\u007f\""},
    {"c1 \xc2\x9b", "\"c1 \\u009b\""},
    {"gnp.\xe2\x80\xae"
     "exe",
     "\"gnp.\\u202eexe\""},
    {"\xe2\x81\xa6x\xe2\x81\xa9", "\"\\u2066x\\u2069\""},
    {"a\xe2\x80\xa8"
     "b\xe2\x80\xa9",
     "\"a\\u2028b\\u2029\""},
    {"zero\xe2\x80\x8bwidth\xef\xbb\xbf", "\"zero\\u200bwidth\\ufeff\""},
    {"bad \xff\xc3", "\"bad \\xff\\xc3\""},
    {"\xed\xa0\x80", "\"\\xed\\xa0\\x80\""},
    {"tag \xf3\xa0\x80\x81", "\"tag \\U000e0001\""},
    {"private \xee\x80\x80", "\"private \\ue000\""},
    {"\xd8\xb9\xd8\xb1\xd8\xa8", "\"\xd8\xb9\xd8\xb1\xd8\xa8\""},
};

static void test_values(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autofree char *value = log_value(values[i].text);
        assert_string_equal(value, values[i].value);
    }
}

static void test_line(void **state)
{
    (void)state;
    g_autofree char *line = log_line_at(1777890030, LOG_WARNING, "file-failed", "path", "a b.pdf",
                                        "detail", NULL, "reason", "password", NULL);
    assert_string_equal(line, "time=2026-05-04T10:20:30Z level=warning event=file-failed "
                              "path=\"a b.pdf\" reason=password\n");
    g_autofree char *bare = log_line_at(0, LOG_INFO, "reloaded", NULL);
    assert_string_equal(bare, "time=1970-01-01T00:00:00Z level=info event=reloaded\n");
    g_autofree char *never = log_line_at(G_MAXINT64, LOG_ERROR, "x", NULL);
    assert_string_equal(never, "time=- level=error event=x\n");
    g_autofree char *now = log_line(LOG_ERROR, "x", "y", "z", NULL);
    assert_true(g_str_has_prefix(now, "time=2"));
    assert_true(g_str_has_suffix(now, "Z level=error event=x y=z\n"));
}

/* No value, whatever its bytes, adds a line or a pair. */
static void test_any_bytes(void **state)
{
    (void)state;
    for (guint first = 1; first < 256; first++) {
        const char text[] = {'a', (char)first, '"', ' ', 'k', '=', (char)first, '\0'};
        g_autofree char *value = log_value(text);
        gsize length = strlen(value);
        assert_true(g_utf8_validate(value, -1, NULL));
        assert_true(value[0] == '"' && value[length - 1] == '"');
        for (gsize i = 1; i < length - 1; i++) {
            assert_true((guchar)value[i] >= ' ');
            assert_true(value[i] != '"');
            i += value[i] == '\\';
        }
    }
}

typedef void (*Writes)(void);

static void write_line(void)
{
    log_write(LOG_ERROR, "x", "y", "z\n", NULL);
}

static void tell_line(void)
{
    log_tell(LOG_WARNING, "x", "a\nb", "a \"sentence\"");
}

/* What arrives where standard error goes to `writing`. */
static void assert_written(Writes writes, int reading, int writing, const char *end)
{
    int before = dup(STDERR_FILENO);
    char text[256];
    dup2(writing, STDERR_FILENO);
    writes();
    dup2(before, STDERR_FILENO);
    gssize length = read(reading, text, sizeof text - 1);
    assert_true(length > 0);
    text[length] = '\0';
    if (!g_str_has_suffix(text, end))
        fail_msg("\"%s\" does not end with \"%s\"", text, end);
    close(reading), close(writing), close(before);
}

static void test_write(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_written(write_line, ends[0], ends[1], "level=error event=x y=\"z\\n\"\n");
    assert_int_equal(pipe(ends), 0);
    assert_written(tell_line, ends[0], ends[1],
                   "level=warning event=x path=\"a\\nb\" message=\"a \\\"sentence\\\"\"\n");
}

/* A person reads sentences. */
static void test_terminal(void **state)
{
    (void)state;
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        skip();
    int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
    assert_true(terminal >= 0);
    assert_written(tell_line, master, terminal, "a\\nb: a \"sentence\"\r\n");
}

static void test_printable(void **state)
{
    (void)state;
    g_autofree char *text = log_printable("l'\"acqua\" \\ \n\xe2\x80\xae\xff");
    assert_string_equal(text, "l'\"acqua\" \\ \\n\\u202e\\xff");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),    cmocka_unit_test(test_line),
        cmocka_unit_test(test_any_bytes), cmocka_unit_test(test_write),
        cmocka_unit_test(test_terminal),  cmocka_unit_test(test_printable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
