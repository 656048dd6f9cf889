/* See catalogue_year_private.h: the words that tell what a year is.
 *
 * The nearest such word before a span speaks for it, within its own reach and its paragraph. */
#include <string.h>

#include "catalogue_year_private.h"

enum { HORIZON_FIRST = 2030 }; /* a round year from here on is a goal */

typedef struct {
    const char *word; /* folded */
    Meaning meaning;
    guint reach; /* words from it to the span */
} TellingWord;

static const TellingWord TELLING[] = {
    {"legge", MEANS_REFERENCE, 8},
    {"leggi", MEANS_REFERENCE, 8},
    {"lgs", MEANS_REFERENCE, 8},
    {"dlgs", MEANS_REFERENCE, 8},
    {"dpr", MEANS_REFERENCE, 8},
    {"dl", MEANS_REFERENCE, 6},
    {"dm", MEANS_REFERENCE, 6},
    {"lr", MEANS_REFERENCE, 6},
    {"dpcm", MEANS_REFERENCE, 6},
    {"decreto", MEANS_REFERENCE, 10},
    {"decreti", MEANS_REFERENCE, 10},
    {"tuel", MEANS_REFERENCE, 6},
    {"law", MEANS_REFERENCE, 8},
    {"laws", MEANS_REFERENCE, 8},
    {"act", MEANS_REFERENCE, 6},
    {"decree", MEANS_REFERENCE, 8},
    {"directive", MEANS_REFERENCE, 6},
    {"direttiva", MEANS_REFERENCE, 6},
    {"ue", MEANS_REFERENCE, 3},
    {"eu", MEANS_REFERENCE, 3},
    {"cee", MEANS_REFERENCE, 3},
    {"ce", MEANS_REFERENCE, 3},
    {"ec", MEANS_REFERENCE, 3},
    {"gazzetta", MEANS_REFERENCE, 8},
    {"costituzione", MEANS_REFERENCE, 6},
    {"codice", MEANS_REFERENCE, 6},
    {"constitution", MEANS_REFERENCE, 6},
    {"circolare", MEANS_REFERENCE, 8},
    {"agenda", MEANS_REFERENCE, 2},
    {"horizon", MEANS_REFERENCE, 3},
    {"orizzonte", MEANS_REFERENCE, 3},
    {"vision", MEANS_REFERENCE, 2},
    {"visione", MEANS_REFERENCE, 2},
    {"europa", MEANS_REFERENCE, 1},
    {"europe", MEANS_REFERENCE, 1},
    {"entro", MEANS_REFERENCE, 5},
    {"by", MEANS_REFERENCE, 3},
    {"until", MEANS_REFERENCE, 4},
    {"fino", MEANS_REFERENCE, 5},
    {"verso", MEANS_REFERENCE, 2},
    {"towards", MEANS_REFERENCE, 2},
    {"dopo", MEANS_REFERENCE, 2},
    {"post", MEANS_REFERENCE, 1},
    {"after", MEANS_REFERENCE, 2},
    {"since", MEANS_REFERENCE, 2},
    {"obiettivo", MEANS_REFERENCE, 2},
    {"goal", MEANS_REFERENCE, 2},
    {"expo", MEANS_REFERENCE, 1},
    {"nato", MEANS_REFERENCE, 5},
    {"born", MEANS_REFERENCE, 5},
    {"previgente", MEANS_REFERENCE, 10},
    {"abrogato", MEANS_REFERENCE, 10},
    {"modificato", MEANS_REFERENCE, 10},
    {"modificata", MEANS_REFERENCE, 10},
    {"amended", MEANS_REFERENCE, 8},
    {"integrato", MEANS_REFERENCE, 10},

    {"anno", MEANS_COVERAGE, 2},
    {"anni", MEANS_COVERAGE, 2},
    {"annualita", MEANS_COVERAGE, 2},
    {"biennio", MEANS_COVERAGE, 2},
    {"triennio", MEANS_COVERAGE, 2},
    {"quadriennio", MEANS_COVERAGE, 2},
    {"quinquennio", MEANS_COVERAGE, 2},
    {"esercizio", MEANS_COVERAGE, 3},
    {"mandato", MEANS_COVERAGE, 3},
    {"consiliatura", MEANS_COVERAGE, 2},
    {"periodo", MEANS_COVERAGE, 2},
    {"semestre", MEANS_COVERAGE, 2},
    {"year", MEANS_COVERAGE, 2},
    {"years", MEANS_COVERAGE, 2},
    {"period", MEANS_COVERAGE, 2},
    {"biennium", MEANS_COVERAGE, 2},
    {"triennium", MEANS_COVERAGE, 2},
    {"term", MEANS_COVERAGE, 2},
    {"fy", MEANS_COVERAGE, 1},

    {"approvato", MEANS_APPROVAL, 18},
    {"approvata", MEANS_APPROVAL, 18},
    {"approvati", MEANS_APPROVAL, 18},
    {"approvate", MEANS_APPROVAL, 18},
    {"adottato", MEANS_APPROVAL, 18},
    {"adottata", MEANS_APPROVAL, 18},
    {"deliberato", MEANS_APPROVAL, 18},
    {"sottoscritto", MEANS_APPROVAL, 18},
    {"sottoscritta", MEANS_APPROVAL, 18},
    {"firmato", MEANS_APPROVAL, 18},
    {"firmata", MEANS_APPROVAL, 18},
    {"siglato", MEANS_APPROVAL, 18},
    {"stipulato", MEANS_APPROVAL, 18},
    {"stipulata", MEANS_APPROVAL, 18},
    {"emanato", MEANS_APPROVAL, 18},
    {"pubblicato", MEANS_APPROVAL, 10},
    {"pubblicata", MEANS_APPROVAL, 10},
    {"presentato", MEANS_APPROVAL, 12},
    {"presentata", MEANS_APPROVAL, 12},
    {"redatto", MEANS_APPROVAL, 12},
    {"approved", MEANS_APPROVAL, 18},
    {"adopted", MEANS_APPROVAL, 18},
    {"signed", MEANS_APPROVAL, 18},
    {"issued", MEANS_APPROVAL, 12},
    {"published", MEANS_APPROVAL, 10},
    {"endorsed", MEANS_APPROVAL, 18},
    {"presented", MEANS_APPROVAL, 12},
    {"done", MEANS_APPROVAL, 8},
    {"ratified", MEANS_APPROVAL, 18},
    {"enacted", MEANS_APPROVAL, 12},

    {"deliberazione", MEANS_ACT, 16},
    {"delibera", MEANS_ACT, 16},
    {"determinazione", MEANS_ACT, 16},
    {"determina", MEANS_ACT, 12},
    {"verbale", MEANS_ACT, 14},
    {"seduta", MEANS_ACT, 8},
    {"adunanza", MEANS_ACT, 8},
    {"sessione", MEANS_ACT, 8},
    {"ordinanza", MEANS_ACT, 12},
    {"mozione", MEANS_ACT, 12},
    {"resolution", MEANS_ACT, 14},
    {"decision", MEANS_ACT, 12},
    {"minutes", MEANS_ACT, 12},
    {"session", MEANS_ACT, 8},
    {"meeting", MEANS_ACT, 10},
    {"dcc", MEANS_ACT, 8},
    {"dgc", MEANS_ACT, 8},

    {"data", MEANS_EDITION, 3},
    {"date", MEANS_EDITION, 3},
    {"aggiornamento", MEANS_EDITION, 6},
    {"aggiornato", MEANS_EDITION, 6},
    {"updated", MEANS_EDITION, 6},
    {"update", MEANS_EDITION, 6},
    {"versione", MEANS_EDITION, 6},
    {"version", MEANS_EDITION, 6},
    {"edizione", MEANS_EDITION, 4},
    {"edition", MEANS_EDITION, 4},

    {"copyright", MEANS_PRINT, 4},
    {"stampare", MEANS_PRINT, 8},
    {"stampa", MEANS_PRINT, 6},
    {"stampato", MEANS_PRINT, 8},
    {"printed", MEANS_PRINT, 8},
    {"isbn", MEANS_REFERENCE, 8},
};

/* "L.", "D.P.R.", "D.L.", "L.R.": a single letter with a full stop right after it. */
static gboolean is_law_letter(const Words *words, guint at)
{
    const char *word = words->word[at].folded;
    return strlen(word) == 1 && strchr("lrm", word[0]) != NULL &&
           (words_gap_after(words, at) & GAP_DOT) && !(words_gap_after(words, at) & GAP_LINE);
}

static Meaning telling_at(const Words *words, guint at, guint distance)
{
    if (is_law_letter(words, at) && distance <= 6)
        return MEANS_REFERENCE;
    for (guint i = 0; i < G_N_ELEMENTS(TELLING); i++)
        if (distance <= TELLING[i].reach && words_is(words, at, TELLING[i].word))
            return TELLING[i].meaning;
    return MEANS_NOTHING;
}

/* An act with its own word of approval before it ("approvato con deliberazione") is an approval. */
Meaning catalogue_span_meaning(const Words *words, const YearSpan *span, guint *ret_word)
{
    Meaning nearest = MEANS_NOTHING;
    *ret_word = span->first;
    if (words_is(words, span->end, "agenda") || words_is(words, span->end, "sdg"))
        return MEANS_REFERENCE;
    for (guint at = span->first; at > 0; at--) {
        if (words->word[at].gap & (GAP_PARAGRAPH | GAP_PAGE))
            break;
        Meaning meaning = telling_at(words, at - 1, span->first - at + 1);
        if (meaning == MEANS_NOTHING || (nearest == MEANS_ACT && meaning != MEANS_APPROVAL))
            continue;
        *ret_word = at - 1;
        nearest = meaning;
        if (meaning != MEANS_ACT)
            break;
    }
    return nearest;
}

gboolean catalogue_span_is_horizon(const YearSpan *span)
{
    return span->shape == SPAN_BARE && span->year >= HORIZON_FIRST && span->year % 5 == 0;
}
