/* Catalogue, the kind: what sort of act a document is, by the head noun of its title.
 *
 * "Relazione sul piano" is a report and "Regolamento del programma" a regulation: in Italian the
 * head noun comes first, so the first term wins. In English it comes last in its noun phrase
 * ("Resilience Plan Evaluation Report"), so a later English term takes over as long as nothing but
 * words that are no prepositions lies between. Terms that name other sorts of document ("linee
 * guida", "avviso") win as well, for the kind "other". A term that is only the complement of a noun
 * which says nothing here ("Il cammino del piano") is weak: it counts when no other source knows
 * better. */
#include "catalogue_parts.h"

#include <string.h>

typedef enum { TONGUE_ITALIAN, TONGUE_ENGLISH } Tongue;

typedef struct {
    const char *phrase; /* folded */
    Kind kind;
    Tongue tongue;
} KindTerm;

/* Longer phrases win over shorter ones, whatever their order here. */
static const KindTerm TERMS[] = {
    {"statuto", KIND_STATUTE, TONGUE_ITALIAN},
    {"statuti", KIND_STATUTE, TONGUE_ITALIAN},
    {"atto costitutivo", KIND_STATUTE, TONGUE_ITALIAN},
    {"statute", KIND_STATUTE, TONGUE_ENGLISH},
    {"statutes", KIND_STATUTE, TONGUE_ENGLISH},
    {"charter", KIND_STATUTE, TONGUE_ENGLISH},
    {"bylaws", KIND_STATUTE, TONGUE_ENGLISH},
    {"by laws", KIND_STATUTE, TONGUE_ENGLISH},
    {"articles of association", KIND_STATUTE, TONGUE_ENGLISH},
    {"articles of incorporation", KIND_STATUTE, TONGUE_ENGLISH},

    {"regolamento", KIND_REGULATION, TONGUE_ITALIAN},
    {"regolamenti", KIND_REGULATION, TONGUE_ITALIAN},
    {"disciplinare", KIND_REGULATION, TONGUE_ITALIAN},
    {"regulation", KIND_REGULATION, TONGUE_ENGLISH},
    {"regulations", KIND_REGULATION, TONGUE_ENGLISH},
    {"rules", KIND_REGULATION, TONGUE_ENGLISH},
    {"ordinance", KIND_REGULATION, TONGUE_ENGLISH},

    {"piano", KIND_PLAN, TONGUE_ITALIAN},
    {"piani", KIND_PLAN, TONGUE_ITALIAN},
    {"dup", KIND_PLAN, TONGUE_ITALIAN},
    {"documento unico di programmazione", KIND_PLAN, TONGUE_ITALIAN},
    {"peg", KIND_PLAN, TONGUE_ITALIAN},
    {"piao", KIND_PLAN, TONGUE_ITALIAN},
    {"paesc", KIND_PLAN, TONGUE_ITALIAN},
    {"pums", KIND_PLAN, TONGUE_ITALIAN},
    {"strategia", KIND_PLAN, TONGUE_ITALIAN},
    {"strategie", KIND_PLAN, TONGUE_ITALIAN},
    {"masterplan", KIND_PLAN, TONGUE_ITALIAN},
    {"tabella di marcia", KIND_PLAN, TONGUE_ITALIAN},
    {"plan", KIND_PLAN, TONGUE_ENGLISH},
    {"plans", KIND_PLAN, TONGUE_ENGLISH},
    {"strategy", KIND_PLAN, TONGUE_ENGLISH},
    {"strategies", KIND_PLAN, TONGUE_ENGLISH},
    {"roadmap", KIND_PLAN, TONGUE_ENGLISH},
    {"road map", KIND_PLAN, TONGUE_ENGLISH},
    {"master plan", KIND_PLAN, TONGUE_ENGLISH},

    {"programma", KIND_PROGRAMME, TONGUE_ITALIAN},
    {"programmi", KIND_PROGRAMME, TONGUE_ITALIAN},
    {"linee programmatiche", KIND_PROGRAMME, TONGUE_ITALIAN},
    {"documento programmatico", KIND_PROGRAMME, TONGUE_ITALIAN},
    {"programme", KIND_PROGRAMME, TONGUE_ENGLISH},
    {"programmes", KIND_PROGRAMME, TONGUE_ENGLISH},
    {"program", KIND_PROGRAMME, TONGUE_ENGLISH},
    {"programs", KIND_PROGRAMME, TONGUE_ENGLISH},

    {"deliberazione", KIND_RESOLUTION, TONGUE_ITALIAN},
    {"deliberazioni", KIND_RESOLUTION, TONGUE_ITALIAN},
    {"delibera", KIND_RESOLUTION, TONGUE_ITALIAN},
    {"delibere", KIND_RESOLUTION, TONGUE_ITALIAN},
    {"determinazione", KIND_RESOLUTION, TONGUE_ITALIAN},
    {"determinazioni", KIND_RESOLUTION, TONGUE_ITALIAN},
    {"determina", KIND_RESOLUTION, TONGUE_ITALIAN},
    {"verbale di deliberazione", KIND_RESOLUTION, TONGUE_ITALIAN},
    {"risoluzione", KIND_RESOLUTION, TONGUE_ITALIAN},
    {"mozione", KIND_RESOLUTION, TONGUE_ITALIAN},
    {"ordine del giorno", KIND_RESOLUTION, TONGUE_ITALIAN},
    {"ordinanza", KIND_RESOLUTION, TONGUE_ITALIAN},
    {"decreto sindacale", KIND_RESOLUTION, TONGUE_ITALIAN},
    {"decreto del sindaco", KIND_RESOLUTION, TONGUE_ITALIAN},
    {"approvazione", KIND_RESOLUTION, TONGUE_ITALIAN},
    {"resolution", KIND_RESOLUTION, TONGUE_ENGLISH},
    {"resolutions", KIND_RESOLUTION, TONGUE_ENGLISH},
    {"decision", KIND_RESOLUTION, TONGUE_ENGLISH},
    {"decisions", KIND_RESOLUTION, TONGUE_ENGLISH},
    {"motion", KIND_RESOLUTION, TONGUE_ENGLISH},

    {"accordo", KIND_AGREEMENT, TONGUE_ITALIAN},
    {"accordi", KIND_AGREEMENT, TONGUE_ITALIAN},
    {"protocollo", KIND_AGREEMENT, TONGUE_ITALIAN},
    {"protocollo di intesa", KIND_AGREEMENT, TONGUE_ITALIAN},
    {"protocollo d intesa", KIND_AGREEMENT, TONGUE_ITALIAN},
    {"intesa", KIND_AGREEMENT, TONGUE_ITALIAN},
    {"convenzione", KIND_AGREEMENT, TONGUE_ITALIAN},
    {"convenzioni", KIND_AGREEMENT, TONGUE_ITALIAN},
    {"memorandum", KIND_AGREEMENT, TONGUE_ITALIAN},
    {"memorandum d intesa", KIND_AGREEMENT, TONGUE_ITALIAN},
    {"patto", KIND_AGREEMENT, TONGUE_ITALIAN},
    {"contratto", KIND_AGREEMENT, TONGUE_ITALIAN},
    {"mou", KIND_AGREEMENT, TONGUE_ENGLISH},
    {"memorandum of understanding", KIND_AGREEMENT, TONGUE_ENGLISH},
    {"agreement", KIND_AGREEMENT, TONGUE_ENGLISH},
    {"agreements", KIND_AGREEMENT, TONGUE_ENGLISH},
    {"protocol", KIND_AGREEMENT, TONGUE_ENGLISH},
    {"convention", KIND_AGREEMENT, TONGUE_ENGLISH},
    {"covenant", KIND_AGREEMENT, TONGUE_ENGLISH},
    {"pact", KIND_AGREEMENT, TONGUE_ENGLISH},
    {"contract", KIND_AGREEMENT, TONGUE_ENGLISH},

    {"relazione", KIND_REPORT, TONGUE_ITALIAN},
    {"rapporto", KIND_REPORT, TONGUE_ITALIAN},
    {"rapporti", KIND_REPORT, TONGUE_ITALIAN},
    {"rendiconto", KIND_REPORT, TONGUE_ITALIAN},
    {"rendicontazione", KIND_REPORT, TONGUE_ITALIAN},
    {"resoconto", KIND_REPORT, TONGUE_ITALIAN},
    {"bilancio", KIND_REPORT, TONGUE_ITALIAN},
    {"bilancio sociale", KIND_REPORT, TONGUE_ITALIAN},
    {"bilancio consuntivo", KIND_REPORT, TONGUE_ITALIAN},
    {"conto consuntivo", KIND_REPORT, TONGUE_ITALIAN},
    {"report", KIND_REPORT, TONGUE_ENGLISH},
    {"reports", KIND_REPORT, TONGUE_ENGLISH},
    {"annual review", KIND_REPORT, TONGUE_ENGLISH},
    {"annual accounts", KIND_REPORT, TONGUE_ENGLISH},

    {"linee guida", KIND_OTHER, TONGUE_ITALIAN},
    {"guida", KIND_OTHER, TONGUE_ITALIAN},
    {"manuale", KIND_OTHER, TONGUE_ITALIAN},
    {"vademecum", KIND_OTHER, TONGUE_ITALIAN},
    {"opuscolo", KIND_OTHER, TONGUE_ITALIAN},
    {"avviso", KIND_OTHER, TONGUE_ITALIAN},
    {"bando", KIND_OTHER, TONGUE_ITALIAN},
    {"verbale", KIND_OTHER, TONGUE_ITALIAN},
    {"comunicato", KIND_OTHER, TONGUE_ITALIAN},
    {"lettera", KIND_OTHER, TONGUE_ITALIAN},
    {"catalogo", KIND_OTHER, TONGUE_ITALIAN},
    {"elenco", KIND_OTHER, TONGUE_ITALIAN},
    {"questionario", KIND_OTHER, TONGUE_ITALIAN},
    {"glossario", KIND_OTHER, TONGUE_ITALIAN},
    {"modulo", KIND_OTHER, TONGUE_ITALIAN},
    {"dichiarazione", KIND_OTHER, TONGUE_ITALIAN},
    {"discorso", KIND_OTHER, TONGUE_ITALIAN},
    {"invito", KIND_OTHER, TONGUE_ITALIAN},
    {"bilancio di previsione", KIND_OTHER, TONGUE_ITALIAN},
    {"bilancio previsionale", KIND_OTHER, TONGUE_ITALIAN},
    {"bilancio partecipativo", KIND_OTHER, TONGUE_ITALIAN},
    {"guidelines", KIND_OTHER, TONGUE_ENGLISH},
    {"guide", KIND_OTHER, TONGUE_ENGLISH},
    {"handbook", KIND_OTHER, TONGUE_ENGLISH},
    {"manual", KIND_OTHER, TONGUE_ENGLISH},
    {"toolkit", KIND_OTHER, TONGUE_ENGLISH},
    {"brochure", KIND_OTHER, TONGUE_ENGLISH},
    {"leaflet", KIND_OTHER, TONGUE_ENGLISH},
    {"newsletter", KIND_OTHER, TONGUE_ENGLISH},
    {"call for", KIND_OTHER, TONGUE_ENGLISH},
    {"minutes", KIND_OTHER, TONGUE_ENGLISH},
    {"proceedings", KIND_OTHER, TONGUE_ENGLISH},
    {"press release", KIND_OTHER, TONGUE_ENGLISH},
    {"declaration", KIND_OTHER, TONGUE_ENGLISH},
    {"questionnaire", KIND_OTHER, TONGUE_ENGLISH},
    {"glossary", KIND_OTHER, TONGUE_ENGLISH},
    {"letter", KIND_OTHER, TONGUE_ENGLISH},
    {"speech", KIND_OTHER, TONGUE_ENGLISH},
};

/* Where a term stands that is no term: a storey, a register number, a body's name. */
static const char *const NO_TERMS[] = {
    "primo piano",           "secondo piano",
    "piano terra",           "protocollo n",
    "protocollo numero",     "protocollo generale",
    "development programme", "world food programme",
    "environment programme", "human settlements programme",
    "decision making",       "decision makers",
    "contratto collettivo",  "rapporto di lavoro",
    "determinazione dei",    "ufficio di piano",
    "in rapporto",
};

/* Nouns that hand on the kind of their complement ("Bozza di regolamento"). */
static const char *const TRANSPARENT[] = {
    "bozza",      "schema",   "proposta",     "testo",    "modifica",      "modifiche",
    "versione",   "allegato", "estratto",     "sintesi",  "aggiornamento", "revisione",
    "copia",      "quadro",   "integrazione", "draft",    "text",          "amendment",
    "amendments", "update",   "annex",        "summary",  "extract",       "version",
    "revision",   "proposal", "copy",         "abstract", "edizione",      "edition",
};

/* Prepositions (with their articles) before a complement. */
static const char *const PREPOSITIONS[] = {
    "di",      "del",   "dello",   "della",   "dell",       "dei",       "degli", "delle", "d",
    "a",       "al",    "allo",    "alla",    "all",        "ai",        "agli",  "alle",  "da",
    "dal",     "dalla", "nel",     "nella",   "nell",       "nei",       "nelle", "in",    "su",
    "sul",     "sulla", "sull",    "sui",     "sulle",      "per",       "con",   "tra",   "fra",
    "of",      "for",   "on",      "to",      "with",       "from",      "under", "about", "within",
    "towards", "by",    "between", "through", "concerning", "regarding", "verso", "into",
};

/* Words that may stand between a preposition and its noun. */
static const char *const ARTICLES[] = {"il",    "lo",    "la",  "l",     "i",  "gli",
                                       "le",    "un",    "una", "the",   "a",  "an",
                                       "nuovo", "primo", "new", "first", "our"};

static const char *const DEFINITE[] = {"il", "lo", "la", "l", "i", "gli", "le", "the"};

/* Folder and file names also use these; a name is no sentence, so abbreviations are safe there. */
typedef struct {
    const char *word;
    Kind kind;
} NameTerm;

static const NameTerm NAME_TERMS[] = {
    {"reg", KIND_REGULATION},        {"regol", KIND_REGULATION},    {"prog", KIND_PROGRAMME},
    {"delib", KIND_RESOLUTION},      {"dgc", KIND_RESOLUTION},      {"dcc", KIND_RESOLUTION},
    {"dcm", KIND_RESOLUTION},        {"dgr", KIND_RESOLUTION},      {"conv", KIND_AGREEMENT},
    {"charters", KIND_STATUTE},      {"memoranda", KIND_AGREEMENT}, {"protocolli", KIND_AGREEMENT},
    {"relazioni", KIND_REPORT},      {"rendiconti", KIND_REPORT},   {"bilanci", KIND_REPORT},
    {"conventions", KIND_AGREEMENT}, {"patti", KIND_AGREEMENT},     {"intese", KIND_AGREEMENT},
};

/* Whether a phrase that is no term begins at `at` or one word before it. */
static gboolean is_no_term(const Words *words, guint at)
{
    for (guint i = 0; i < G_N_ELEMENTS(NO_TERMS); i++) {
        for (guint back = 0; back <= MIN(at, 2u); back++) {
            guint matched = words_match(words, at - back, NO_TERMS[i]);
            if (matched > back)
                return TRUE;
        }
    }
    return FALSE;
}

/* The longest term that begins at `at` and its words. */
static const KindTerm *term_at(const Words *words, guint at, guint *ret_count)
{
    const KindTerm *best = NULL;
    guint best_count = 0;
    for (guint i = 0; i < G_N_ELEMENTS(TERMS); i++) {
        if (TERMS[i].phrase[0] != words->word[at].folded[0])
            continue;
        guint count = words_match(words, at, TERMS[i].phrase);
        if (count > best_count) {
            best = &TERMS[i];
            best_count = count;
        }
    }
    if (best == NULL || is_no_term(words, at))
        return NULL;
    *ret_count = best_count;
    return best;
}

guint catalogue_kind_term(const Words *words, guint at)
{
    guint count = 0;
    if (at < words->count)
        (void)term_at(words, at, &count);
    return count;
}

/* In English, a later term of the same noun phrase takes over. */
static const KindTerm *head_of_phrase(const Words *words, guint at, guint end,
                                      const KindTerm *first)
{
    const guint inside = GAP_SPACE | GAP_LINE | GAP_HYPHEN;
    const KindTerm *head = first;
    for (guint i = at; i < end && head->tongue == TONGUE_ENGLISH; i++) {
        gboolean dash = (words->word[i].gap & (GAP_HYPHEN | GAP_SPACE)) == (GAP_HYPHEN | GAP_SPACE);
        if (dash || (words->word[i].gap & ~inside) || WORDS_IN(words, i, PREPOSITIONS) ||
            words_is(words, i, "and"))
            break;
        guint count;
        const KindTerm *next = term_at(words, i, &count);
        if (next != NULL && next->tongue == TONGUE_ENGLISH)
            head = next;
    }
    return head;
}

/* The preposition that governs the noun at `at`: it stands before it, with at most two articles or
 * words in small letters between. Returns `at` when there is none. */
static guint governing_preposition(const Words *words, guint first, guint at)
{
    const guint joining = GAP_SPACE | GAP_LINE | GAP_APOSTROPHE;
    for (guint i = at; i > first && at - i < 3 && !(words->word[i].gap & ~joining); i--) {
        if (WORDS_IN(words, i - 1, PREPOSITIONS))
            return i - 1;
        if (!WORDS_IN(words, i - 1, ARTICLES) && words_is_capital(words, i - 1))
            break;
    }
    return at;
}

/* Whether the term at `at` is the complement of a noun that is not transparent. A preposition that
 * begins the stretch ("Verso il piano") governs nothing. */
static gboolean is_complement(const Words *words, guint first, guint at)
{
    const guint joining = GAP_SPACE | GAP_LINE | GAP_APOSTROPHE;
    guint preposition = governing_preposition(words, first, at);
    if (preposition == at || preposition == first || (words->word[preposition].gap & ~joining))
        return FALSE;
    for (guint back = 1; back <= 3 && preposition >= first + back; back++)
        if (WORDS_IN(words, preposition - back, TRANSPARENT))
            return FALSE;
    return TRUE;
}

/* What a stretch of words says of the kind. */
typedef enum { SAYS_NOTHING, SAYS_WEAKLY, SAYS_CLEARLY } Says;

static Says stretch_says(const Words *words, guint first, guint end, Kind *ret_kind)
{
    Says says = SAYS_NOTHING;
    for (guint at = first; at < end; at++) {
        guint count;
        const KindTerm *term = term_at(words, at, &count);
        if (term == NULL)
            continue;
        gboolean weak = is_complement(words, first, at);
        if (weak && says != SAYS_NOTHING)
            continue;
        *ret_kind = head_of_phrase(words, at + count, end, term)->kind;
        if (!weak)
            return SAYS_CLEARLY;
        says = SAYS_WEAKLY;
    }
    return says;
}

/* A line of the head names the kind when a term stands at its beginning, or after few words that
 * are no complement ("Secondo rapporto annuale"). With an article ("Il programma") it is a
 * chapter's heading. */
static gboolean head_kind(const Front *front, Kind *ret_kind)
{
    for (guint i = 0; i < front->lines->len; i++) {
        const FrontLine *line = front_line(front, i);
        guint lead = MIN(line->end_word, line->first_word + 3);
        Kind kind;
        for (guint at = line->first_word; at < lead; at++) {
            guint count;
            if (term_at(front->words, at, &count) == NULL ||
                WORDS_IN(front->words, line->first_word, DEFINITE) ||
                !words_is_capital(front->words, line->first_word))
                continue;
            if (stretch_says(front->words, line->first_word, line->end_word, &kind) ==
                    SAYS_CLEARLY &&
                kind != KIND_OTHER) {
                *ret_kind = kind;
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* The first term or abbreviation of a file or folder name. */
static gboolean name_kind(const char *name, gsize length, Kind *ret_kind)
{
    g_autoptr(Words) words = words_new(name, length);
    for (guint at = 0; at < words->count; at++) {
        guint count;
        const KindTerm *term = term_at(words, at, &count);
        if (term != NULL) {
            *ret_kind = head_of_phrase(words, at + count, words->count, term)->kind;
            return TRUE;
        }
        for (guint i = 0; i < G_N_ELEMENTS(NAME_TERMS); i++) {
            if (words_is(words, at, NAME_TERMS[i].word)) {
                *ret_kind = NAME_TERMS[i].kind;
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* The file's name, then its folders from the innermost outwards. */
static gboolean path_kind(const char *path, Kind *ret_kind, Source *ret_source)
{
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    guint count = g_strv_length(parts);
    for (guint i = count; i > 0; i--) {
        if (name_kind(parts[i - 1], strlen(parts[i - 1]), ret_kind)) {
            *ret_source = i == count ? SOURCE_NAME : SOURCE_PATH;
            return TRUE;
        }
    }
    return FALSE;
}

Kind catalogue_kind(const CatalogueInput *input, const Front *front, const char *title,
                    Source *ret_source)
{
    g_autoptr(Words) in_title = words_new(title, strlen(title));
    g_autoptr(Words) in_heading =
        words_new(input->heading, input->heading != NULL ? strlen(input->heading) : 0);
    Kind weak = KIND_OTHER;
    Kind kind = KIND_OTHER;
    Says title_says = stretch_says(in_title, 0, in_title->count, &weak);
    if (title_says == SAYS_CLEARLY) {
        *ret_source = SOURCE_TITLE;
        return weak;
    }
    if (stretch_says(in_heading, 0, in_heading->count, &kind) == SAYS_CLEARLY) {
        *ret_source = SOURCE_HEADING;
        return kind;
    }
    if (head_kind(front, &kind)) {
        *ret_source = SOURCE_TEXT;
        return kind;
    }
    if (path_kind(input->path, &kind, ret_source))
        return kind;
    *ret_source = title_says == SAYS_WEAKLY ? SOURCE_TITLE : SOURCE_NONE;
    return title_says == SAYS_WEAKLY ? weak : KIND_OTHER;
}
