/* A vocabulary of a few words, for tests of server/query that must not change when the books do. It
 * stands in place of server/query/vocabulary.c, every function of it, so that the linker takes none
 * of that one. Included by one file of a program. */
#ifndef SCHEDARIO_FAKE_VOCABULARY_H
#define SCHEDARIO_FAKE_VOCABULARY_H

#include <string.h>

#include "../../server/query/vocabulary.h"

struct Vocabulary {
    int unused;
};

/* Words that are known, folded; a word may be of both languages. */
static const struct {
    Language language;
    const char *word;
} FAKE_WORDS[] = {
    {LANGUAGE_ITALIAN, "acqua"},      {LANGUAGE_ITALIAN, "ambiente"},
    {LANGUAGE_ITALIAN, "bilancio"},   {LANGUAGE_ITALIAN, "case"},
    {LANGUAGE_ITALIAN, "comune"},     {LANGUAGE_ITALIAN, "cooperazione"},
    {LANGUAGE_ITALIAN, "decentrata"}, {LANGUAGE_ITALIAN, "mare"},
    {LANGUAGE_ITALIAN, "statuto"},    {LANGUAGE_ITALIAN, "sviluppo"},
    {LANGUAGE_ENGLISH, "case"},       {LANGUAGE_ENGLISH, "charter"},
    {LANGUAGE_ENGLISH, "comune"},     {LANGUAGE_ENGLISH, "port"},
    {LANGUAGE_ENGLISH, "water"},
};

/* Other names of a run of words that begins so. */
static const struct {
    Language from;
    const char *begin; /* parted by blanks */
    VocabularyTerm term;
} FAKE_NAMES[] = {
    {LANGUAGE_ITALIAN,
     "cooperazione decentrata",
     {"decentralised cooperation", LANGUAGE_ENGLISH, TRUE, 0.9, 2}},
    {LANGUAGE_ITALIAN,
     "cooperazione decentrata",
     {"cooperazione tra i territori", LANGUAGE_ITALIAN, TRUE, 0.7, 2}},
    {LANGUAGE_ITALIAN,
     "cooperazione sviluppo",
     {"development cooperation", LANGUAGE_ENGLISH, TRUE, 0.9, 2}},
    {LANGUAGE_ITALIAN, "cooperazione", {"co-operation", LANGUAGE_ENGLISH, FALSE, 0.4, 1}},
    {LANGUAGE_ITALIAN, "cooperazione", {"cooperation", LANGUAGE_ENGLISH, FALSE, 0.8, 1}},
    {LANGUAGE_ITALIAN, "acqua", {"Water", LANGUAGE_ENGLISH, FALSE, 0.5, 1}},
    {LANGUAGE_ITALIAN, "acqua", {"water", LANGUAGE_ENGLISH, TRUE, 0.9, 1}},
    {LANGUAGE_ITALIAN, "acqua", {"acqua", LANGUAGE_ITALIAN, TRUE, 0.9, 1}},
    {LANGUAGE_ITALIAN, "case", {"houses", LANGUAGE_ENGLISH, FALSE, 0.8, 1}},
    {LANGUAGE_ENGLISH, "case", {"vicenda", LANGUAGE_ITALIAN, FALSE, 0.6, 1}},
    {LANGUAGE_ENGLISH, "water", {"acqua", LANGUAGE_ITALIAN, FALSE, 0.8, 1}},
    {LANGUAGE_ITALIAN, "politico istituzionale", {"political", LANGUAGE_ENGLISH, FALSE, 0.5, 2}},
    {LANGUAGE_ITALIAN, "politico", {"politician", LANGUAGE_ENGLISH, FALSE, 0.5, 1}},
    {LANGUAGE_ITALIAN, "sviluppo", {"local develop*", LANGUAGE_ENGLISH, TRUE, 0.5, 1}},
    {LANGUAGE_ITALIAN, "mare", {"...", LANGUAGE_ENGLISH, FALSE, 0.5, 1}}, /* no word in it */
    {LANGUAGE_ITALIAN, "mare", {"ocean", LANGUAGE_ENGLISH, FALSE, 7, 1}}, /* no weight */
    {LANGUAGE_ITALIAN, "mare", {"sea", LANGUAGE_ENGLISH, FALSE, 0.5, 9}}, /* covers too much */
    {LANGUAGE_ITALIAN, "molti", {NULL, LANGUAGE_ENGLISH, FALSE, 0.5, 1}}, /* see visit_many() */
};

static const struct {
    gboolean is_area;
    const char *name;
    const char *id;
} FAKE_TOPICS[] = {
    {FALSE, "genere", "gender"},
    {FALSE, "pace", "peacebuilding"},
    {FALSE, "città sostenibili", "sustainable-cities"},
    {FALSE, "diritti umani", "human-rights"},
    {FALSE, "migrazioni", "migration"},
    {FALSE, "educazione alla cittadinanza globale", "global-citizenship-education"},
    {TRUE, "mediterraneo", "mediterranean"},
    {TRUE, "America Latina", "latin-america"},
    {TRUE, "africa-subsahariana", "sub-saharan-africa"},
    {TRUE, "Middle East", "middle-east"},
};

Vocabulary *vocabulary_new(GError **error)
{
    (void)error;
    return g_new0(Vocabulary, 1);
}

void vocabulary_free(Vocabulary *vocabulary)
{
    g_free(vocabulary);
}

const Thesaurus *vocabulary_thesaurus(const Vocabulary *vocabulary)
{
    (void)vocabulary;
    return NULL;
}

gboolean vocabulary_knows(const Vocabulary *vocabulary, Analyser *analyser, Language language,
                          const char *word)
{
    (void)vocabulary;
    (void)analyser;
    for (gsize i = 0; i < G_N_ELEMENTS(FAKE_WORDS); i++)
        if (FAKE_WORDS[i].language == language && strcmp(FAKE_WORDS[i].word, word) == 0)
            return TRUE;
    return FALSE;
}

/* More names than a concept may have, each weightier than the one before. */
static void visit_many(VocabularyVisit visit, gpointer data)
{
    for (int i = 0; i < 40; i++) {
        g_autofree char *words = g_strdup_printf("name %c%c", 'a' + i / 20, 'a' + i % 20);
        VocabularyTerm term = {words, LANGUAGE_ENGLISH, FALSE, 0.01 * (i + 1), 1};
        visit(&term, data);
    }
}

void vocabulary_visit(const Vocabulary *vocabulary, Analyser *analyser, Language from,
                      const char *const *words, guint count, VocabularyVisit visit, gpointer data)
{
    (void)vocabulary;
    (void)analyser;
    for (gsize i = 0; i < G_N_ELEMENTS(FAKE_NAMES); i++) {
        g_auto(GStrv) begin = g_strsplit(FAKE_NAMES[i].begin, " ", -1);
        guint same = 0;
        while (begin[same] && same < count && strcmp(begin[same], words[same]) == 0)
            same++;
        if (FAKE_NAMES[i].from != from || begin[same])
            continue;
        if (FAKE_NAMES[i].term.words)
            visit(&FAKE_NAMES[i].term, data);
        else
            visit_many(visit, data);
    }
}

const char *vocabulary_forms(const Vocabulary *vocabulary, const char *stem)
{
    (void)vocabulary;
    return strcmp(stem, "e:child") == 0 ? "e:children" : NULL;
}

const char *vocabulary_topic(const Vocabulary *vocabulary, gboolean is_area, const char *name)
{
    (void)vocabulary;
    for (gsize i = 0; i < G_N_ELEMENTS(FAKE_TOPICS); i++)
        if (FAKE_TOPICS[i].is_area == is_area &&
            (g_ascii_strcasecmp(FAKE_TOPICS[i].name, name) == 0 ||
             strcmp(FAKE_TOPICS[i].id, name) == 0))
            return FAKE_TOPICS[i].id;
    return NULL;
}

char **vocabulary_topics(const Vocabulary *vocabulary, gboolean is_area)
{
    (void)vocabulary;
    g_autoptr(GStrvBuilder) ids = g_strv_builder_new();
    for (gsize i = 0; i < G_N_ELEMENTS(FAKE_TOPICS); i++)
        if (FAKE_TOPICS[i].is_area == is_area)
            g_strv_builder_add(ids, FAKE_TOPICS[i].id);
    return g_strv_builder_end(ids);
}

#endif
