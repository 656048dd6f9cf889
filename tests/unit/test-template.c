/* Tests of server/template: the language case by case, what loading refuses, messages, and a
 * mutation test of the loader. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "../../server/limits.h"
#include "../../server/template/template.h"

/* A directory of templates and messages, made anew for each test program. */
typedef struct {
    char *root;
} Fixture;

static void put_bytes(const Fixture *f, const char *name, const char *text, gsize length)
{
    g_autofree char *path = g_build_filename(f->root, name, NULL);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void put(const Fixture *f, const char *name, const char *text)
{
    put_bytes(f, name, text, strlen(text));
}

static void drop(const Fixture *f, const char *name)
{
    g_autofree char *path = g_build_filename(f->root, name, NULL);
    g_remove(path);
}

static void clear(const Fixture *f)
{
    GDir *dir = g_dir_open(f->root, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL)
        drop(f, name);
    g_dir_close(dir);
}

static TemplateSet *load(const Fixture *f, GError **error)
{
    return template_set_load(f->root, f->root, error);
}

static const char italian[] =
    "[messages]\nhello=Città & <mare>\ncount={{#one}}{{n}} documento{{/one}}{{^one}}{{n}} "
    "documenti{{/one}}\nnamed=di {{name}}\n";
static const char english[] =
    "[messages]\nhello=City & <sea>\ncount={{n}} document{{^one}}s{{/one}}\n"
    "named=by {{name}}\n";

static void put_messages(const Fixture *f)
{
    put(f, "it.ini", italian);
    put(f, "en.ini", english);
}

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->root = g_dir_make_tmp("schedario-template-XXXXXX", NULL);
    *state = f;
    return f->root == NULL;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    clear(f);
    g_rmdir(f->root);
    g_free(f->root);
    g_free(f);
    return 0;
}

/* --- the language --- */

#define PARTIAL_TEXT  "[{{name}}]"
#define PARTIAL_LINES "<p>\n{{#items}}\n  <i>{{.}}</i>\n{{/items}}\n</p>\n"

static const struct Row {
    const char *name, *template, *json, *expected;
} rows[] = {
    {"nothing", "", "{}", ""},
    {"literal", "a }} b { c", "{}", "a }} b { c"},
    {"variable", "Hello {{name}}!", "{\"name\": \"Ada\"}", "Hello Ada!"},
    {"blanks in the tag", "{{ \t name\n}}", "{\"name\": \"Ada\"}", "Ada"},
    {"escaping", "{{x}}", "{\"x\": \"<a href=\\\"'&'\\\">\"}",
     "&lt;a href=&quot;&#39;&amp;&#39;&quot;&gt;"},
    {"escaped only once", "{{x}}", "{\"x\": \"&amp;\"}", "&amp;amp;"},
    {"braces in a value", "{{x}}", "{\"x\": \"{{y}}\", \"y\": 1}", "{{y}}"},
    {"UTF-8", "è {{x}}", "{\"x\": \"perché\"}", "è perché"},
    {"control characters", "{{x}}", "{\"x\": \"a\\u0001b\\tc\\u000c\"}",
     "a\xef\xbf\xbd"
     "b\tc\xef\xbf\xbd"},
    {"noncharacters", "{{x}}", "{\"x\": \"\\uffff-\\ufffd-\\ufffe\"}",
     "\xef\xbf\xbd-\xef\xbf\xbd-\xef\xbf\xbd"},
    {"integer", "{{x}}", "{\"x\": 42}", "42"},
    {"large integer", "{{x}}", "{\"x\": -9007199254740993}", "-9007199254740993"},
    {"real", "{{x}}", "{\"x\": 1.21}", "1.21"},
    {"real that is an integer", "{{x}}", "{\"x\": 3.0}", "3"},
    {"true", "{{x}}", "{\"x\": true}", "true"},
    {"false", "{{x}}", "{\"x\": false}", "false"},
    {"null", "[{{x}}]", "{\"x\": null}", "[]"},
    {"missing", "[{{x}}]", "{}", "[]"},
    {"object as variable", "[{{x}}]", "{\"x\": {\"y\": 1}}", "[]"},
    {"array as variable", "[{{x}}]", "{\"x\": [1]}", "[]"},
    {"underscore, digit, hyphen", "{{a_1-b}}", "{\"a_1-b\": 1}", "1"},
    {"surrounding blanks stay", "| {{x}} |\n  {{x}}\n", "{\"x\": 1}", "| 1 |\n  1\n"},
    /* dotted names */
    {"dotted", "{{a.b.c}}", "{\"a\": {\"b\": {\"c\": 7}}}", "7"},
    {"dotted, broken chain", "[{{a.b.c}}]", "{\"a\": {}}", "[]"},
    {"dotted, no other start", "[{{a.b.c}}]", "{\"a\": {\"b\": {}}, \"c\": 1}", "[]"},
    {"dotted, first part outwards", "{{#x}}{{a.b}}{{/x}}", "{\"a\": {\"b\": 1}, \"x\": {\"z\": 0}}",
     "1"},
    {"dotted, inner hides outer", "{{#x}}[{{a.b}}]{{/x}}",
     "{\"a\": {\"b\": 1}, \"x\": {\"a\": {}}}", "[]"},
    {"dotted over a number", "[{{a.b}}]", "{\"a\": 5}", "[]"},
    {"dotted section", "{{#a.b}}y{{/a.b}}", "{\"a\": {\"b\": true}}", "y"},
    {"dotted inverted", "{{^a.b}}n{{/a.b}}", "{\"a\": {}}", "n"},
    /* implicit iterator */
    {"iterator, strings", "{{#l}}({{.}}){{/l}}", "{\"l\": [\"a\", \"<\"]}", "(a)(&lt;)"},
    {"iterator, numbers", "{{#l}}({{.}}){{/l}}", "{\"l\": [1, 2.5]}", "(1)(2.5)"},
    {"iterator, nested arrays", "{{#l}}({{#.}}{{.}}{{/.}}){{/l}}", "{\"l\": [[1, 2], [3]]}",
     "(12)(3)"},
    {"iterator of a string", "{{#s}}{{.}}{{/s}}", "{\"s\": \"x\"}", "x"},
    {"iterator inverted", "{{#l}}{{^.}}n{{/.}}{{/l}}", "{\"l\": [0, 1, null]}", "nn"},
    {"iterator at the top", "{{.}}", "\"x\"", "x"},
    /* sections */
    {"true section", "{{#b}}y{{/b}}", "{\"b\": true}", "y"},
    {"false section", "[{{#b}}y{{/b}}]", "{\"b\": false}", "[]"},
    {"null section", "[{{#b}}y{{/b}}]", "{\"b\": null}", "[]"},
    {"missing section", "[{{#b}}y{{/b}}]", "{}", "[]"},
    {"empty string section", "[{{#b}}y{{/b}}]", "{\"b\": \"\"}", "[]"},
    {"zero section", "[{{#b}}y{{/b}}]", "{\"b\": 0}", "[]"},
    {"zero real section", "[{{#b}}y{{/b}}]", "{\"b\": 0.0}", "[]"},
    {"number section", "{{#b}}y{{/b}}", "{\"b\": 3}", "y"},
    {"empty object section", "{{#b}}y{{/b}}", "{\"b\": {}}", "y"},
    {"object section", "{{#b}}{{n}}{{/b}}", "{\"b\": {\"n\": 1}, \"n\": 2}", "1"},
    {"parent's field", "{{#b}}{{n}}{{/b}}", "{\"b\": {}, \"n\": 2}", "2"},
    {"null hides parent's field", "[{{#b}}{{n}}{{/b}}]", "{\"b\": {\"n\": null}, \"n\": 2}", "[]"},
    {"array section", "{{#l}}{{n}},{{/l}}", "{\"l\": [{\"n\": 1}, {\"n\": 2}]}", "1,2,"},
    {"field of this element only", "{{#l}}[{{n}}]{{/l}}", "{\"l\": [{\"n\": 1}, {}]}", "[1][]"},
    {"empty array section", "[{{#l}}y{{/l}}]", "{\"l\": []}", "[]"},
    {"same name inside", "{{#b}}1{{#b}}2{{/b}}3{{/b}}", "{\"b\": true}", "123"},
    {"nested", "{{#a}}{{#b}}{{x}}{{y}}{{/b}}{{/a}}", "{\"a\": {\"x\": 1, \"b\": {\"y\": 2}}}",
     "12"},
    {"hidden nested", "[{{#a}}x{{#b}}y{{/b}}z{{/a}}]", "{\"b\": true}", "[]"},
    {"twice", "{{#b}}1{{/b}}-{{#b}}2{{/b}}", "{\"b\": true}", "1-2"},
    {"empty section", "[{{#b}}{{/b}}]", "{\"b\": true}", "[]"},
    /* inverted */
    {"inverted false", "{{^b}}n{{/b}}", "{\"b\": false}", "n"},
    {"inverted true", "[{{^b}}n{{/b}}]", "{\"b\": true}", "[]"},
    {"inverted missing", "{{^b}}n{{/b}}", "{}", "n"},
    {"inverted null", "{{^b}}n{{/b}}", "{\"b\": null}", "n"},
    {"inverted empty array", "{{^b}}n{{/b}}", "{\"b\": []}", "n"},
    {"inverted array", "[{{^b}}n{{/b}}]", "{\"b\": [0]}", "[]"},
    {"inverted object", "[{{^b}}n{{/b}}]", "{\"b\": {}}", "[]"},
    {"inverted in true", "{{#a}}{{^b}}{{n}}{{/b}}{{/a}}", "{\"a\": {\"n\": 1}}", "1"},
    {"either", "{{#b}}y{{/b}}{{^b}}n{{/b}}", "{\"b\": 0}", "n"},
    /* comments */
    {"comment", "1{{! not shown }}2", "{}", "12"},
    {"comment of several lines", "1{{! not\nshown\n}}2\n", "{}", "12\n"},
    {"comment with tags' signs", "1{{!#a /b > & =}}2", "{}", "12"},
    /* lines */
    {"alone: section", "a\n{{#b}}\nx\n{{/b}}\nz\n", "{\"b\": true}", "a\nx\nz\n"},
    {"alone: indented", "a\n  {{#b}}\t\n  x\n  {{/b}}  \nz\n", "{\"b\": true}", "a\n  x\nz\n"},
    {"alone: inverted", "a\n{{^b}}\nx\n{{/b}}\nz", "{}", "a\nx\nz"},
    {"alone: CRLF", "a\r\n{{#b}}\r\nx\r\n{{/b}}\r\nz", "{\"b\": true}", "a\r\nx\r\nz"},
    {"alone: at the end", "a\n  {{#b}}\nx\n  {{/b}}", "{\"b\": true}", "a\nx\n"},
    {"alone: comment", "a\n  {{! c }}\nz\n", "{}", "a\nz\n"},
    {"alone: long comment", "a\n{{!\n c\n}}\nz\n", "{}", "a\nz\n"},
    {"alone: partial", "a\n  {{>lines}}\nz\n", "{\"items\": [1, 2]}",
     "a\n<p>\n  <i>1</i>\n  <i>2</i>\n</p>\nz\n"},
    {"not alone: two tags", " {{#b}}{{/b}} \n", "{\"b\": true}", "  \n"},
    {"not alone: beside text", "a {{#b}}\n x{{/b}}\n", "{\"b\": true}", "a \n x\n"},
    {"not alone: comment behind", "a {{! c }}\nz", "{}", "a \nz"},
    {"only lines with tags", "{{#b}}\n{{/b}}\n", "{\"b\": true}", ""},
    /* partials and messages */
    {"partial", "1{{>text}}2", "{\"name\": \"n\"}", "1[n]2"},
    {"partial, blanks", "1{{> text }}2", "{\"name\": \"n\"}", "1[n]2"},
    {"partial in a section", "{{#l}}{{>text}}{{/l}}", "{\"l\": [{\"name\": 1}, {\"name\": 2}]}",
     "[1][2]"},
    {"message", "<p>{{>t.hello}}</p>", "{}", "<p>City &amp; &lt;sea&gt;</p>"},
    {"message in an attribute", "<p title=\"{{>t.hello}}\">", "{}",
     "<p title=\"City &amp; &lt;sea&gt;\">"},
    {"message is inline", "  {{>t.hello}}\n", "{}", "  City &amp; &lt;sea&gt;\n"},
    {"message, plural", "{{>t.count}}", "{\"n\": 2, \"one\": false}", "2 documents"},
    {"message, singular", "{{>t.count}}", "{\"n\": 1, \"one\": true}", "1 document"},
    {"message, value escaped", "{{>t.named}}", "{\"name\": \"A&B\"}", "by A&amp;B"},
    {"message in its context", "{{#a}}{{>t.named}}{{/a}}", "{\"a\": {\"name\": \"x\"}}", "by x"},
    /* markup */
    {"in double quotes", "<a title=\"{{x}}\">", "{\"x\": \"\\\"\"}", "<a title=\"&quot;\">"},
    {"in single quotes", "<a title='{{x}}'>", "{\"x\": \"'\"}", "<a title='&#39;'>"},
    {"section in a tag", "<li{{#b}} class=\"c\"{{/b}}>{{x}}</li>", "{\"b\": true, \"x\": 1}",
     "<li class=\"c\">1</li>"},
    {"section in a value", "<li class=\"a{{#b}} c{{/b}}\">", "{\"b\": true}", "<li class=\"a c\">"},
    {"after a script", "<script src=\"s\"></script>{{x}}", "{\"x\": 1}",
     "<script src=\"s\"></script>1"},
    {"after less-than", "1 < 2 {{x}}", "{\"x\": 1}", "1 < 2 1"},
    {"after a comment", "<!-- ' \" = <a href= -->{{x}}", "{\"x\": 1}", "<!-- ' \" = <a href= -->1"},
    {"after an unquoted value", "<a b=c d=\"{{x}}\">{{x}}", "{\"x\": 1}", "<a b=c d=\"1\">1"},
    {"XML", "<?xml version=\"1.0\"?><a b=\"{{x}}\"/>{{x}}", "{\"x\": 1}",
     "<?xml version=\"1.0\"?><a b=\"1\"/>1"},
};

static void test_language(void **state)
{
    const Fixture *f = *state;
    clear(f);
    put_messages(f);
    put(f, "text.mustache", PARTIAL_TEXT);
    put(f, "lines.mustache", PARTIAL_LINES);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        GError *error = NULL;
        put(f, "page.mustache", rows[i].template);
        g_autoptr(TemplateSet) set = load(f, &error);
        if (error != NULL)
            fail_msg("%s: %s", rows[i].name, error->message);
        json_t *value = json_loads(rows[i].json, JSON_DECODE_ANY, NULL);
        assert_non_null(value);
        GString *out = template_render(set, "en", "page", value);
        if (strcmp(out->str, rows[i].expected) != 0)
            fail_msg("%s: got \"%s\", not \"%s\"", rows[i].name, out->str, rows[i].expected);
        g_string_free(out, TRUE);
        json_decref(value);
    }
}

/* --- what loading refuses --- */

static const struct Fault {
    const char *template;
    int code;
    const char *message; /* part of it */
} faults[] = {
    {"a\n{{{x}}}", TEMPLATE_ERROR_SYNTAX, "page.mustache:2: raw forms"},
    {"{{&x}}", TEMPLATE_ERROR_SYNTAX, "page.mustache:1: raw forms"},
    {"{{& x }}", TEMPLATE_ERROR_SYNTAX, "raw forms"},
    {"{{ &x}}", TEMPLATE_ERROR_SYNTAX, "is not a name"},
    {"{{=<% %>=}}", TEMPLATE_ERROR_SYNTAX, "\"=\""},
    {"{{$x}}{{/x}}", TEMPLATE_ERROR_SYNTAX, "\"$\""},
    {"{{<x}}{{/x}}", TEMPLATE_ERROR_SYNTAX, "\"<\""},
    {"\n\n{{x", TEMPLATE_ERROR_SYNTAX, "page.mustache:3: a tag is not closed"},
    {"{{", TEMPLATE_ERROR_SYNTAX, "not closed"},
    {"{{#", TEMPLATE_ERROR_SYNTAX, "not closed"},
    {"{{x}", TEMPLATE_ERROR_SYNTAX, "not closed"},
    {"{{}}", TEMPLATE_ERROR_SYNTAX, "is not a name"},
    {"{{#}}{{/}}", TEMPLATE_ERROR_SYNTAX, "is not a name"},
    {"{{a..b}}", TEMPLATE_ERROR_SYNTAX, "is not a name"},
    {"{{.a}}", TEMPLATE_ERROR_SYNTAX, "is not a name"},
    {"{{a.}}", TEMPLATE_ERROR_SYNTAX, "is not a name"},
    {"{{a b}}", TEMPLATE_ERROR_SYNTAX, "is not a name"},
    {"{{a.b.c.d.e.f.g.h.i}}", TEMPLATE_ERROR_SYNTAX, "parts"},
    {"a\n{{#x}}\nb\n", TEMPLATE_ERROR_SYNTAX, "page.mustache:2: section \"x\" is not closed"},
    {"{{/x}}", TEMPLATE_ERROR_SYNTAX, "did not begin"},
    {"{{#a}}\n{{#b}}\n{{/a}}{{/b}}", TEMPLATE_ERROR_SYNTAX, "mustache:3: section \"a\" ends where"},
    {"\n{{>gone}}", TEMPLATE_ERROR_MISSING, "page.mustache:2: partial \"gone\" is missing"},
    {"\n{{>t.gone}}", TEMPLATE_ERROR_MISSING, "page.mustache:2: message \"gone\" is missing"},
    {"{{>../x}}", TEMPLATE_ERROR_SYNTAX, "partial's name"},
    {"{{>page}}", TEMPLATE_ERROR_MISSING, "includes itself"},
    {"{{>loop}}", TEMPLATE_ERROR_MISSING, "includes itself"},
    {"\n<a href={{x}}>", TEMPLATE_ERROR_SYNTAX, "page.mustache:2: an attribute's value"},
    {"<a href= {{x}}>", TEMPLATE_ERROR_SYNTAX, "an attribute's value"},
    {"<a href=a{{x}}>", TEMPLATE_ERROR_SYNTAX, "an attribute's value"},
    {"<a href={{>t.hello}}>", TEMPLATE_ERROR_SYNTAX, "an attribute's value"},
    {"<a {{x}}=\"1\">", TEMPLATE_ERROR_SYNTAX, "outside quotes"},
    {"<{{x}}>", TEMPLATE_ERROR_SYNTAX, "tag's name"},
    {"</{{x}}>", TEMPLATE_ERROR_SYNTAX, "outside quotes"},
    {"<!{{x}}>", TEMPLATE_ERROR_SYNTAX, "declaration"},
    {"<script>\n{{x}}</script>", TEMPLATE_ERROR_SYNTAX, "page.mustache:2: a value"},
    {"<SCRIPT a=b>\"</p>{{x}}\"</script>", TEMPLATE_ERROR_SYNTAX, "<script>"},
    {"<style media='a'>p{{x}}</style>", TEMPLATE_ERROR_SYNTAX, "<style>"},
    {"<script><</scrip{{>t.hello}}</script>", TEMPLATE_ERROR_SYNTAX, "<script>"},
    {"<script></style>{{x}}</script>", TEMPLATE_ERROR_SYNTAX, "<script>"},
    {"<a onclick=\"f('{{x}}')\">", TEMPLATE_ERROR_SYNTAX, "holds code"},
    {"<a b='c' OnClick = '{{x}}'>", TEMPLATE_ERROR_SYNTAX, "holds code"},
    {"<a style=\"width: {{x}}\">", TEMPLATE_ERROR_SYNTAX, "holds code"},
    {"<iframe srcdoc=\"{{x}}\">", TEMPLATE_ERROR_SYNTAX, "holds code"},
    {"{{#x}}<a title=\"{{/x}}{{y}}\">", TEMPLATE_ERROR_SYNTAX, "ends inside"},
    {"<a onclick=\"{{#x}}\" title=\"{{/x}}{{y}}\">", TEMPLATE_ERROR_SYNTAX, "ends inside"},
    {"<a title=\"{{#x}}\" onclick=\"{{/x}}{{y}}\">", TEMPLATE_ERROR_SYNTAX, "ends inside"},
    {"{{#x}}<script>{{/x}}</script>", TEMPLATE_ERROR_SYNTAX, "ends inside"},
    {"<a title=\"{{>text}}\">", TEMPLATE_ERROR_SYNTAX, "stands inside"},
    {"<a title=\"", TEMPLATE_ERROR_SYNTAX, "the file ends inside"},
    {"<script>", TEMPLATE_ERROR_SYNTAX, "the file ends inside"},
    {"<!-- x", TEMPLATE_ERROR_SYNTAX, "the file ends inside"},
    {"\xff", TEMPLATE_ERROR_SYNTAX, "not UTF-8"},
};

static void expect_fault(const Fixture *f, const char *name, int code, const char *message)
{
    GError *error = NULL;
    TemplateSet *set = load(f, &error);
    if (set != NULL)
        fail_msg("%s: loaded", name);
    if (!g_error_matches(error, TEMPLATE_ERROR, code) || strstr(error->message, message) == NULL)
        fail_msg("%s: code %d, \"%s\"", name, error->code, error->message);
    g_error_free(error);
}

static void test_faults(void **state)
{
    const Fixture *f = *state;
    clear(f);
    put_messages(f);
    put(f, "text.mustache", PARTIAL_TEXT);
    put(f, "loop.mustache", "{{#a}}{{>page}}{{/a}}");
    put(f, "page.mustache", "");
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        put(f, "page.mustache", faults[i].template);
        expect_fault(f, faults[i].template, faults[i].code, faults[i].message);
    }
}

static GString *nested(guint depth)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < depth; i++)
        g_string_append(text, "{{#a}}");
    g_string_append(text, "x");
    for (guint i = 0; i < depth; i++)
        g_string_append(text, "{{/a}}");
    return text;
}

static void test_depth(void **state)
{
    const Fixture *f = *state;
    clear(f);
    put_messages(f);
    json_t *value = json_pack("{s:b}", "a", 1);
    for (guint depth = TEMPLATE_DEPTH - 1; depth <= TEMPLATE_DEPTH + 1; depth++) {
        GString *text = nested(depth);
        put(f, "page.mustache", text->str);
        g_autoptr(TemplateSet) set = load(f, NULL);
        assert_int_equal(set != NULL, depth <= TEMPLATE_DEPTH);
        GString *out = set == NULL ? NULL : template_render(set, "it", "page", value);
        if (out != NULL)
            assert_string_equal(out->str, "x");
        if (out != NULL)
            g_string_free(out, TRUE);
        g_string_free(text, TRUE);
    }
    json_decref(value);
}

static void test_chain_of_partials(void **state)
{
    const Fixture *f = *state;
    clear(f);
    put_messages(f);
    for (guint i = 0; i <= TEMPLATE_DEPTH + 2; i++) {
        g_autofree char *name = g_strdup_printf("p%03u.mustache", i);
        g_autofree char *text = g_strdup_printf("{{>p%03u}}", i + 1);
        put(f, name, i == TEMPLATE_DEPTH + 2 ? "end" : text);
    }
    expect_fault(f, "a chain", TEMPLATE_ERROR_SYNTAX, "too deep");
}

/* --- messages --- */

static void test_messages(void **state)
{
    const Fixture *f = *state;
    clear(f);
    put_messages(f);
    put(f, "page.mustache", "{{>t.hello}}: {{>t.count}}");
    g_autoptr(TemplateSet) set = load(f, NULL);
    assert_non_null(set);
    json_t *value = json_pack("{s:i, s:s}", "n", 2, "name", "A & B");
    GString *page = template_render(set, "it", "page", value);
    assert_string_equal(page->str, "Città &amp; &lt;mare&gt;: 2 documenti");
    g_string_free(page, TRUE);
    g_autofree char *hello = template_message(set, "it", "hello", NULL);
    assert_string_equal(hello, "Città & <mare>");
    g_autofree char *named = template_message(set, "en", "named", value);
    assert_string_equal(named, "by A & B");
    assert_null(template_message(set, "en", "gone", value));
    assert_null(template_message(set, "fr", "hello", value));
    json_decref(value);
}

static void test_message_faults(void **state)
{
    static const struct {
        const char *it, *en;
        int code;
        const char *message;
    } cases[] = {
        {"[messages]\na=1\nb=2\n", "[messages]\na=1\n", TEMPLATE_ERROR_MISSING,
         "en.ini: message \"b\""},
        {"[messages]\na=1\n", "[messages]\na=1\nb=2\n", TEMPLATE_ERROR_MISSING,
         "it.ini: message \"b\""},
        {"[messages]\na=1\n\na=2\n", "[messages]\na=1\n", TEMPLATE_ERROR_SYNTAX,
         "it.ini:4: message \"a\" is also on line 2"},
        {"[messages]\n# c\na={{#x}}\n", "[messages]\na=1\n", TEMPLATE_ERROR_SYNTAX,
         "it.ini:3: section \"x\""},
        {"[messages]\na={{{x}}}\n", "[messages]\na=1\n", TEMPLATE_ERROR_SYNTAX, "it.ini:2: raw"},
        {"[messages]\na={{>t.b}}\nb=1", "[messages]\na=1\nb=1\n", TEMPLATE_ERROR_SYNTAX,
         "it.ini:2: a message must not include"},
        {"[other]\na=1\n", "[messages]\na=1\n", TEMPLATE_ERROR_SYNTAX, "it.ini: "},
        {"nonsense", "[messages]\na=1\n", TEMPLATE_ERROR_SYNTAX, "it.ini: "},
    };
    const Fixture *f = *state;
    clear(f);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        put(f, "it.ini", cases[i].it);
        put(f, "en.ini", cases[i].en);
        expect_fault(f, cases[i].it, cases[i].code, cases[i].message);
    }
}

static void test_directories(void **state)
{
    const Fixture *f = *state;
    clear(f);
    expect_fault(f, "no messages", TEMPLATE_ERROR_MISSING, "no messages");
    GError *error = NULL;
    assert_null(template_set_load("/nonexistent", f->root, &error));
    g_clear_error(&error);
    assert_null(template_set_load(f->root, "/nonexistent", &error));
    assert_true(g_error_matches(error, TEMPLATE_ERROR, TEMPLATE_ERROR_IO));
    g_clear_error(&error);
    put_messages(f);
    g_autofree char *large = g_strnfill(TEMPLATE_FILE_BYTES + 1, ' ');
    put(f, "page.mustache", large);
    expect_fault(f, "too long", TEMPLATE_ERROR_IO, "longer than");
    drop(f, "page.mustache");
    template_set_free(NULL);
}

/* --- mutations --- */

static const char sample[] =
    "<!DOCTYPE html>\n<html lang=\"{{lang}}\">\n{{! head }}\n<title>{{>t.hello}}</title>\n"
    "<ul class='{{#a}}x{{/a}}'>\n{{#items}}\n<li{{^b}} hidden{{/b}}><a href=\"{{a.b}}\">{{.}}</a>\n"
    "{{>text}}{{>t.count}}\n{{/items}}\n</ul><script src=\"s\">1</script><!-- c -->\n";

static json_t *random_json(GRand *rand, guint depth)
{
    static const char *const names[] = {"a", "b", "items", "lang", "n", "one", "name"};
    guint kind = (guint)g_rand_int_range(rand, 0, depth > 4 ? 6 : 10);
    if (kind < 6) {
        json_t *const scalars[] = {json_null(),     json_true(),    json_false(),
                                   json_integer(7), json_real(0.5), json_string("<&\"'>\x01")};
        json_t *chosen = json_incref(scalars[kind]);
        for (guint i = 0; i < G_N_ELEMENTS(scalars); i++)
            json_decref(scalars[i]);
        return chosen;
    }
    json_t *value = kind < 9 ? json_object() : json_array();
    for (guint i = 0; i < 5; i++) {
        json_t *inner = random_json(rand, depth + 1);
        if (kind < 9)
            json_object_set_new(value, names[g_rand_int_range(rand, 0, G_N_ELEMENTS(names))],
                                inner);
        else
            json_array_append_new(value, inner);
    }
    return value;
}

/* Whatever the bytes are, the loader gives a set or an error, and a set renders. */
static gboolean try_bytes(const Fixture *f, GRand *rand, const char *bytes, gsize length)
{
    GError *error = NULL;
    put_bytes(f, "page.mustache", bytes, length);
    g_autoptr(TemplateSet) set = load(f, &error);
    assert_true((set == NULL) == (error != NULL));
    g_clear_error(&error);
    if (set == NULL)
        return FALSE;
    json_t *value = random_json(rand, 0);
    GString *out = template_render(set, "it", "page", value);
    assert_true(g_utf8_validate_len(out->str, out->len, NULL));
    g_string_free(out, TRUE);
    json_decref(value);
    return TRUE;
}

static void test_mutations(void **state)
{
    static const char signs[] = "{}#^/>!&=<\"' .\n\xff";
    const Fixture *f = *state;
    clear(f);
    put_messages(f);
    put(f, "text.mustache", PARTIAL_TEXT);
    GRand *rand = g_rand_new_with_seed(20);
    guint loaded = 0, tried = 0;
    for (gsize i = 0; i < strlen(sample); i++, tried += 3) {
        g_autofree char *bytes = g_strdup(sample);
        bytes[i] ^= (char)(1 << g_rand_int_range(rand, 0, 8));
        loaded += try_bytes(f, rand, bytes, strlen(sample));
        bytes[i] = signs[g_rand_int_range(rand, 0, sizeof signs)];
        loaded += try_bytes(f, rand, bytes, strlen(sample));
        loaded += try_bytes(f, rand, sample, i);
    }
    assert_true(try_bytes(f, rand, sample, strlen(sample)));
    assert_in_range(loaded, tried / 20, tried - 1);
    g_rand_free(rand);
}

/* --- speed --- */

static json_t *page_of_results(void)
{
    json_t *items = json_array();
    for (int i = 0; i < 10; i++) {
        json_t *item = json_pack("{s:s, s:s, s:i, s:b, s:{s:s}, s:[]}", "name",
                                 "Statuto dell'unione dei comuni & altro", "url", "/documents/x",
                                 "n", i, "one", i == 1, "a", "b", "text of a field", "parts");
        for (int part = 0; part < 12; part++)
            json_array_append_new(
                json_object_get(item, "parts"),
                json_pack("{s:s, s:b}", "text", "some words of a passage ", "marked", part % 2));
        json_array_append_new(items, item);
    }
    return json_pack("{s:s, s:o}", "lang", "it", "items", items);
}

static void test_speed(void **state)
{
    enum { ROUNDS = 200 };
    const Fixture *f = *state;
    clear(f);
    put_messages(f);
    put(f, "text.mustache", PARTIAL_TEXT);
    put(f, "page.mustache",
        "<html lang=\"{{lang}}\">{{#items}}\n<li><a href=\"{{url}}\">{{name}}</a> {{a.b}} {{n}} "
        "{{>t.count}} {{>text}} <p>{{#parts}}{{#marked}}<mark>{{text}}</mark>{{/marked}}{{^marked}}"
        "{{text}}{{/marked}}{{/parts}}</p>\n{{/items}}\n</html>");
    g_autoptr(TemplateSet) set = load(f, NULL);
    assert_non_null(set);
    json_t *value = page_of_results();
    gint64 from = g_get_monotonic_time();
    gsize length = 0;
    for (int i = 0; i < ROUNDS; i++) {
        GString *out = template_render(set, "it", "page", value);
        length = out->len;
        g_string_free(out, TRUE);
    }
    gint64 took_us = g_get_monotonic_time() - from;
    print_message("a page of %zu bytes in %.1f us\n", length, (double)took_us / ROUNDS);
    assert_in_range(length, 3000, 20000);
    json_decref(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_language),    cmocka_unit_test(test_faults),
        cmocka_unit_test(test_depth),       cmocka_unit_test(test_chain_of_partials),
        cmocka_unit_test(test_messages),    cmocka_unit_test(test_message_faults),
        cmocka_unit_test(test_directories), cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_speed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
