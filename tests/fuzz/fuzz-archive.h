/* Fuzz archive: a small archive in a folder of its own for targets that search one; made once, and
 * removed when the program ends. All inline, like fuzz.h. */
#ifndef SCHEDARIO_TESTS_FUZZ_ARCHIVE_H
#define SCHEDARIO_TESTS_FUZZ_ARCHIVE_H

#include "../unit/sample.h"
#include "fuzz.h"

static const Sample FUZZ_SAMPLES[] = {
    {"statuti/a.pdf", "Statuto della Città metropolitana",
     IT "La cooperazione decentrata dei comuni. La città, l'università.\nAcqua e <fiumi> & "
        "\"mare\"." PAGE IT "Art. 1. Il consiglio comunale promuove l'acqua pubblica." PAGE EN
        "Rivers & lakes.",
     "Città di Portalba", 2015, KIND_STATUTE, NULL},
    {"piani/en/b.pdf", "Water <b>plan</b>", EN "Decentralised cooperation. The decade. Water.",
     "Regione <Esempio>", 2019, KIND_PLAN, NULL},
    {"piani/c'\".pdf", "=Programma, di; cooperazione",
     IT "La cooperazione con i comuni: argini, acqua.", "Regione <Esempio>", 2021, KIND_PROGRAMME,
     NULL},
    {"scan.pdf", "Cooperazione illeggibile", NULL, "Ente Illeggibile", 2021, KIND_PLAN, NULL},
};

static SampleFolder fuzz_folder;

static inline void fuzz_archive_remove(void)
{
    sample_folder_release(&fuzz_folder);
}

/* The archive's path. */
static inline const char *fuzz_archive(void)
{
    if (fuzz_folder.archive)
        return fuzz_folder.archive;
    fuzz_folder = sample_folder_new();
    sample_archive(fuzz_folder.archive, FUZZ_SAMPLES, G_N_ELEMENTS(FUZZ_SAMPLES));
    g_autoptr(Archive) archive = sample_writer(fuzz_folder.archive);
    sample_put_topics(archive, 1, "water local-democracy", "mediterranean");
    atexit(fuzz_archive_remove);
    return fuzz_folder.archive;
}

#endif
