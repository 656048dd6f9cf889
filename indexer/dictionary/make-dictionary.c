/* make-dictionary: makes the general dictionary (../dictionary.h) when the programs are built.
 *
 *     make-dictionary DICTD APERTIUM ADDITIONS OUTPUT
 *     make-dictionary --list DICTD APERTIUM ADDITIONS
 *
 * From FreeDict's dictionaries in the folder DICTD, from joins of Apertium's in APERTIUM, and from
 * the hand-written file ADDITIONS it writes the dictionary's bytes to OUTPUT, the same bytes from
 * the same files. --list prints the trusted pairs instead: Italian, English, and the likelihood
 * that each route gives (pairs.h), for whoever wants to judge them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "additions.h"
#include "entries.h"
#include "forms.h"
#include "freedict.h"
#include "join.h"
#include "lexicon.h"
#include "pack.h"
#include "pairs.h"

static const struct {
    const char *stem;
    const char *package;
    Language headwords;
} FREEDICTS[] = {
    {"freedict-ita-eng", "dict-freedict-ita-eng", LANGUAGE_ITALIAN},
    {"freedict-eng-ita", "dict-freedict-eng-ita", LANGUAGE_ENGLISH},
};

/* Apertium's files, each in the folder of its package. */
static const struct {
    Route route;
    gboolean is_reverse; /* from English to Italian */
    const char *to_pivot[2];
    const char *from_pivot[2];
} JOINS[] = {
    {ROUTE_SPANISH_ITALIAN,
     FALSE,
     {"apertium-spa-ita", "ita-spa.autobil.bin"},
     {"apertium-eng-spa", "spa-eng.autobil.bin"}},
    {ROUTE_SPANISH_ENGLISH,
     TRUE,
     {"apertium-eng-spa", "eng-spa.autobil.bin"},
     {"apertium-spa-ita", "spa-ita.autobil.bin"}},
    {ROUTE_CATALAN_ITALIAN,
     FALSE,
     {"apertium-cat-ita", "ita-cat.autobil.bin"},
     {"apertium-eng-cat", "cat-eng.autobil.bin"}},
    {ROUTE_CATALAN_ENGLISH,
     TRUE,
     {"apertium-eng-cat", "eng-cat.autobil.bin"},
     {"apertium-cat-ita", "cat-ita.autobil.bin"}},
};

static const struct {
    Language language;
    const char *package;
    const char *file;
} ANALYSERS[] = {
    {LANGUAGE_ITALIAN, "apertium-spa-ita", "ita-spa.automorf.bin"},
    {LANGUAGE_ITALIAN, "apertium-cat-ita", "ita-cat.automorf.bin"},
    {LANGUAGE_ENGLISH, "apertium-eng-spa", "eng-spa.automorf.bin"},
    {LANGUAGE_ENGLISH, "apertium-eng-cat", "eng-cat.automorf.bin"},
};

typedef struct {
    const char *dictd;
    const char *apertium;
    const char *additions;
    const char *output; /* NULL: list the pairs */
} Task;

static void say_package(GError **error, const char *package)
{
    g_prefix_error(
        error,
        "the Debian package %s is missing or damaged (make packages installs it): ", package);
}

static char *apertium_path(const Task *task, const char *const file[2])
{
    return g_build_filename(task->apertium, file[0], file[1], NULL);
}

static gboolean add_freedicts(const Task *task, Pairs *pairs, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(FREEDICTS); i++) {
        g_autofree char *stem = g_build_filename(task->dictd, FREEDICTS[i].stem, NULL);
        if (!freedict_add(pairs, stem, FREEDICTS[i].headwords, error)) {
            say_package(error, FREEDICTS[i].package);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean add_joins(const Task *task, Pairs *pairs, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(JOINS); i++) {
        g_autofree char *to_pivot = apertium_path(task, JOINS[i].to_pivot);
        g_autofree char *from_pivot = apertium_path(task, JOINS[i].from_pivot);
        if (!join_add(pairs, JOINS[i].route, to_pivot, from_pivot, JOINS[i].is_reverse, error)) {
            g_autofree char *packages =
                g_strdup_printf("%s or %s", JOINS[i].to_pivot[0], JOINS[i].from_pivot[0]);
            say_package(error, packages);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean read_lexicon(const Task *task, Lexicon *lexicon, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ANALYSERS); i++) {
        const char *const file[2] = {ANALYSERS[i].package, ANALYSERS[i].file};
        g_autofree char *path = apertium_path(task, file);
        if (!lexicon_add(lexicon, ANALYSERS[i].language, path, error)) {
            say_package(error, ANALYSERS[i].package);
            return FALSE;
        }
    }
    return TRUE;
}

static void list_pairs(const GPtrArray *trusted)
{
    for (guint i = 0; i < trusted->len; i++) {
        const Pair *pair = trusted->pdata[i];
        printf("%s\t%s", pair->italian, pair->english);
        for (guint route = 0; route < ROUTE_COUNT; route++)
            printf("\t%.2f", pair->likelihood[route]);
        printf("\n");
    }
}

static gboolean write_dictionary(const Task *task, const GPtrArray *trusted, const Forms *forms,
                                 const Lexicon *lexicon, GError **error)
{
    g_autoptr(Analyser) analyser = analyser_new();
    g_autoptr(Entries) entries = entries_new(trusted, analyser);
    g_autoptr(GTree) table = forms_table(forms);
    entries_add_words(entries, lexicon);
    entries_add_forms(entries, table);
    g_autoptr(GByteArray) bytes = pack_new(entries_table(entries), table);
    return g_file_set_contents(task->output, (const char *)bytes->data, (gssize)bytes->len, error);
}

static gboolean run(const Task *task, GError **error)
{
    g_autoptr(Analyser) analyser = analyser_new();
    g_autoptr(Pairs) pairs = pairs_new();
    g_autoptr(Lexicon) lexicon = lexicon_new();
    g_autoptr(Forms) forms = forms_new(analyser);
    if (!add_freedicts(task, pairs, error) || !add_joins(task, pairs, error) ||
        !read_lexicon(task, lexicon, error) ||
        !additions_apply(task->additions, pairs, forms, error))
        return FALSE;
    g_autoptr(GPtrArray) trusted = pairs_trusted(pairs);
    if (!task->output) {
        list_pairs(trusted);
        return TRUE;
    }
    forms_add_lexicon(forms, lexicon);
    return write_dictionary(task, trusted, forms, lexicon, error);
}

int main(int argument_count, char **arguments)
{
    g_autoptr(GError) error = NULL;
    gboolean is_list = argument_count == 5 && strcmp(arguments[1], "--list") == 0;
    if (argument_count != 5) {
        fprintf(stderr, "make-dictionary [--list] DICTD APERTIUM ADDITIONS [OUTPUT]\n");
        return EXIT_FAILURE;
    }
    char **paths = arguments + (is_list ? 2 : 1);
    Task task = {paths[0], paths[1], paths[2], is_list ? NULL : paths[3]};
    if (run(&task, &error))
        return EXIT_SUCCESS;
    fprintf(stderr, "make-dictionary: %s\n", error->message);
    return EXIT_FAILURE;
}
