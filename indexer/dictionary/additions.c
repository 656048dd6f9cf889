/* See additions.h. */
#include "additions.h"

#include <string.h>

#include "lemma.h"

G_DEFINE_QUARK(schedario - additions - error, additions_error)

static const double LATER = 0.25; /* what stands later in a line is so much less likely */

typedef struct {
    Pairs *pairs;
    Forms *forms;
} Target;

typedef gboolean (*Apply)(const Target *target, char **columns);

/* The words of a column, as the maker writes them; NULL when one is no entry. */
static char **column_words(const char *column)
{
    g_auto(GStrv) words = g_strsplit(column, ",", -1);
    for (guint i = 0; words[i]; i++) {
        char *word = lemma_clean(words[i], strlen(words[i]));
        if (!word)
            return NULL;
        g_free(words[i]);
        words[i] = word;
    }
    return words[0] ? g_steal_pointer(&words) : NULL;
}

static gboolean apply_pair(const Target *target, char **columns)
{
    g_auto(GStrv) italian = column_words(columns[0]);
    g_auto(GStrv) english = column_words(columns[1]);
    for (guint i = 0; italian && english && italian[i]; i++)
        for (guint j = 0; english[j]; j++)
            pairs_add(target->pairs, ROUTE_HAND, italian[i], english[j], 1 / (1 + LATER * (i + j)));
    return italian && english;
}

static gboolean apply_removal(const Target *target, char **columns)
{
    g_auto(GStrv) italian = column_words(strcmp(columns[1], "*") == 0 ? "a" : columns[1]);
    g_auto(GStrv) english = column_words(strcmp(columns[2], "*") == 0 ? "a" : columns[2]);
    for (guint i = 0; italian && english && italian[i]; i++)
        for (guint j = 0; english[j]; j++)
            pairs_remove(target->pairs, strcmp(columns[1], "*") == 0 ? NULL : italian[i],
                         strcmp(columns[2], "*") == 0 ? NULL : english[j]);
    return italian && english;
}

static Language column_language(const char *column)
{
    return strcmp(column, "it") == 0   ? LANGUAGE_ITALIAN
           : strcmp(column, "en") == 0 ? LANGUAGE_ENGLISH
                                       : LANGUAGE_OTHER;
}

static gboolean apply_forms(const Target *target, char **columns)
{
    Language language = column_language(columns[1]);
    g_auto(GStrv) lemma = column_words(columns[2]);
    g_auto(GStrv) form = column_words(columns[3]);
    for (guint i = 0; lemma && form && form[i]; i++)
        forms_add_hand(target->forms, language, lemma[0], form[i]);
    return language != LANGUAGE_OTHER && lemma && form;
}

static gboolean apply_bar(const Target *target, char **columns)
{
    Language language = column_language(columns[1]);
    g_auto(GStrv) words = column_words(columns[2]);
    for (guint i = 0; words && words[i]; i++)
        forms_bar(target->forms, language, words[i]);
    return language != LANGUAGE_OTHER && words;
}

/* Kinds of lines; one that begins with none of these marks is a pair. */
static const struct {
    const char *mark;
    guint columns;
    Apply apply;
} LINES[] = {
    {"-", 3, apply_removal},
    {"~", 4, apply_forms},
    {"!", 3, apply_bar},
    {NULL, 2, apply_pair},
};

static gboolean apply_line(const Target *target, const char *line)
{
    g_auto(GStrv) columns = g_strsplit(line, "\t", -1);
    gsize kind = 0;
    while (LINES[kind].mark && strcmp(columns[0], LINES[kind].mark) != 0)
        kind++;
    return g_strv_length(columns) == LINES[kind].columns && LINES[kind].apply(target, columns);
}

gboolean additions_apply(const char *path, Pairs *pairs, Forms *forms, GError **error)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, error))
        return FALSE;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    Target target = {pairs, forms};
    for (guint i = 0; lines[i]; i++) {
        if (lines[i][0] == '\0' || lines[i][0] == '#' || apply_line(&target, lines[i]))
            continue;
        g_set_error(error, ADDITIONS_ERROR, ADDITIONS_ERROR_SYNTAX,
                    "%s: line %u is neither a pair, a removal, forms nor barred words: %s", path,
                    i + 1, lines[i]);
        return FALSE;
    }
    return TRUE;
}
