/* libFuzzer target of server/template: an input is a file of messages and a template, each ended by
 * NUL. What is loaded can be rendered, its output is UTF-8, and no value gets into it but escaped:
 * what stands before the mark in each value must be what escaping makes of it. */
#include "fuzz.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "../../server/template/template.h"

#define MARK    "zqj7"
#define VALUE   "<\"'&>" MARK
#define ESCAPED "&lt;&quot;&#39;&amp;&gt;" MARK

static char *folder;

static void remove_folder(void)
{
    static const char *const NAMES[] = {"a.mustache", "it.ini"};
    for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *path = g_build_filename(folder, NAMES[i], NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
    g_free(folder);
}

static void write_file(const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    FILE *file = fopen(path, "wb");
    require(file && fwrite(text, 1, strlen(text), file) == strlen(text));
    fclose(file);
}

/* Every name of one letter, at several depths, is a hostile value. */
static json_t *hostile(guint depth)
{
    json_t *value = json_object();
    for (char name[2] = "a"; name[0] <= 'z'; name[0]++)
        json_object_set_new(value, name, json_string(VALUE));
    if (depth == 0)
        return value;
    json_object_set_new(value, "o", hostile(depth - 1));
    json_object_set_new(value, "l", json_pack("[ossif]", hostile(depth - 1), VALUE, "", 7, 0.5));
    json_object_set_new(value, "n", json_null());
    json_object_set_new(value, "t", json_true());
    return value;
}

static void check_output(const char *html)
{
    require(g_utf8_validate(html, -1, NULL));
    for (const char *at = html; (at = strstr(at, MARK)); at++) {
        gsize before = strlen(ESCAPED) - strlen(MARK);
        require((gsize)(at - html) >= before);
        require(strncmp(at - before, ESCAPED, strlen(ESCAPED)) == 0);
    }
}

static void check_rendering(const TemplateSet *set, gboolean has_mark)
{
    json_t *value = hostile(3);
    GString *html = template_render(set, "it", "a", value);
    g_autofree char *plain = template_message(set, "it", "k", value);
    require(html != NULL && (!plain || g_utf8_validate(plain, -1, NULL)));
    if (!has_mark)
        check_output(html->str);
    g_string_free(html, TRUE);
    g_string_free(template_render(set, "it", "a", NULL), TRUE);
    json_decref(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {data, size};
    g_autoptr(GError) error = NULL;
    if (!folder) {
        folder = g_dir_make_tmp("schedario-fuzz-XXXXXX", NULL);
        require(folder != NULL);
        atexit(remove_folder);
    }
    g_autofree char *messages = fuzz_string(&input);
    g_autofree char *template = fuzz_string(&input);
    write_file("it.ini", messages);
    write_file("a.mustache", template);
    g_autoptr(TemplateSet) set = template_set_load(folder, folder, &error);
    require((set == NULL) == (error != NULL));
    if (set)
        check_rendering(set, strstr(messages, MARK) || strstr(template, MARK));
    return 0;
}
