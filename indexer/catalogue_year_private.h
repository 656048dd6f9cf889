/* What catalogue_year.c (the evidence), catalogue_span.c (how a year is written) and
 * catalogue_telling.c (what it means) share. Nobody else includes this. All pure and thread-safe.
 */
#ifndef SCHEDARIO_CATALOGUE_YEAR_PRIVATE_H
#define SCHEDARIO_CATALOGUE_YEAR_PRIVATE_H

#include "catalogue_parts.h"

/* A date, a range ("2021-2023", of which the first counts), an act's number ("12/2018"), or a bare
 * year. The shapes are in order of how much they say by themselves. */
typedef struct {
    int year;
    guint first;
    guint end; /* one past the last word */
    enum { SPAN_BARE, SPAN_NUMBERED, SPAN_DATED, SPAN_RANGE } shape;
} YearSpan;

/* Words that a line which is a date may have, with the place or an office in it. */
enum { CATALOGUE_DATE_LINE_WORDS = 8 };

/* The span that begins at word `at`. In names of files, figures part with nothing but blanks. */
gboolean catalogue_span_at(const Words *words, guint at, gboolean in_name, YearSpan *ret_span);
/* The year in four figures that word `at` is; 0: none. */
int catalogue_year_at(const Words *words, guint at);
/* The year that an Italian numeral is ("duemilanove", "millenovecentonovantotto"); 0: none. */
int catalogue_year_written(const char *word);

/* What the nearest telling word before a span says of it: a law ("D.Lgs. 267 del 18 agosto 2000")
 * or a goal ("entro il 2030"), a coverage ("triennio"), an approval ("approvato con
 * deliberazione"), an act ("seduta del"). */
typedef enum {
    MEANS_NOTHING,
    MEANS_REFERENCE, /* a law, a goal, another act */
    MEANS_COVERAGE,
    MEANS_APPROVAL,
    MEANS_ACT,
    MEANS_EDITION,
    MEANS_PRINT,
} Meaning;

/* The meaning of a span, and in `ret_word` the telling word, or the span's first. */
Meaning catalogue_span_meaning(const Words *words, const YearSpan *span, guint *ret_word);
/* A bare round year from 2030 on is a goal by itself ("Valdoria 2040"). */
gboolean catalogue_span_is_horizon(const YearSpan *span);

#endif
