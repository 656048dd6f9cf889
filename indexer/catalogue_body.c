/* Catalogue, the issuing body: the municipality, region, association or agency a document is of.
 *
 * A body's name is a head noun ("Comune", "Ministry") and a proper name after it. The head noun
 * comes from a table, in the spelling the archive uses; the proper name goes on over capitals and
 * the particles between them, and stops at punctuation, a line's end, a verb, a term for a kind of
 * document, or the next head noun. In text all in capitals the name is given small letters again.
 *
 * An author who is a body is believed. Otherwise each mention has a weight by where it stands: in
 * the title, alone on a line of the title page, elsewhere on the first pages; the heaviest body
 * wins, the more local one where the weights are alike. One passing mention is no evidence. */
#include "catalogue_parts.h"

#include <string.h>

/* How a name follows its head noun. */
typedef enum {
    NAME_NONE,     /* the term is the whole name */
    NAME_OF,       /* "di", "of" and a proper name */
    NAME_OPEN,     /* as NAME_OF, or the proper name at once */
    NAME_OPEN_AND, /* as NAME_OPEN, and the name may hold "e", "and" */
    NAME_REGION,   /* perhaps one or more capitals ("ANCI Toscana") */
} NameRule;

typedef struct {
    const char *phrase; /* folded */
    const char *name;   /* as the archive writes it */
    NameRule rule;
    guint local; /* the higher, the more local */
} BodyHead;

/* Where one phrase begins another, the longer comes first. */
static const BodyHead HEADS[] = {
    {"associazione nazionale dei comuni italiani", "ANCI", NAME_NONE, 2},
    {"associazione nazionale comuni italiani", "ANCI", NAME_NONE, 2},
    {"national association of italian municipalities", "ANCI", NAME_NONE, 2},
    {"anci", "ANCI", NAME_REGION, 2},
    {"unione delle province d italia", "UPI", NAME_NONE, 2},
    {"upi", "UPI", NAME_REGION, 2},
    {"maeci", "Ministero degli Affari Esteri e della Cooperazione Internazionale", NAME_NONE, 1},
    {"presidenza del consiglio dei ministri", "Presidenza del Consiglio dei Ministri", NAME_NONE,
     1},
    {"agenzia italiana per la cooperazione allo sviluppo",
     "Agenzia italiana per la cooperazione allo sviluppo", NAME_NONE, 1},
    {"aics", "Agenzia italiana per la cooperazione allo sviluppo", NAME_NONE, 1},
    {"italian agency for development cooperation",
     "Agenzia italiana per la cooperazione allo sviluppo", NAME_NONE, 1},
    {"united nations development programme", "UNDP", NAME_NONE, 1},
    {"programma delle nazioni unite per lo sviluppo", "UNDP", NAME_NONE, 1},
    {"undp", "UNDP", NAME_NONE, 1},
    {"un habitat", "UN-Habitat", NAME_NONE, 1},
    {"un women", "UN Women", NAME_NONE, 1},
    {"unesco", "UNESCO", NAME_NONE, 1},
    {"unicef", "UNICEF", NAME_NONE, 1},
    {"unhcr", "UNHCR", NAME_NONE, 1},
    {"unops", "UNOPS", NAME_NONE, 1},
    {"unfpa", "UNFPA", NAME_NONE, 1},
    {"undrr", "UNDRR", NAME_NONE, 1},
    {"international organization for migration", "IOM", NAME_NONE, 1},
    {"organizzazione internazionale per le migrazioni", "IOM", NAME_NONE, 1},
    {"food and agriculture organization", "FAO", NAME_NONE, 1},
    {"united cities and local governments", "UCLG", NAME_NONE, 1},
    {"uclg", "UCLG", NAME_NONE, 1},
    {"council of european municipalities and regions", "CEMR", NAME_NONE, 1},
    {"aiccre", "AICCRE", NAME_REGION, 2},
    {"council of europe", "Council of Europe", NAME_NONE, 0},
    {"consiglio d europa", "Council of Europe", NAME_NONE, 0},
    {"european commission", "European Commission", NAME_NONE, 0},
    {"commissione europea", "European Commission", NAME_NONE, 0},

    {"citta metropolitana", "Città metropolitana", NAME_OF, 4},
    {"metropolitan city", "Metropolitan City", NAME_OF, 4},
    {"comune", "Comune", NAME_OF, 5},
    {"municipality", "Municipality", NAME_OF, 5},
    {"municipio", "Municipio", NAME_OF, 5},
    {"roma capitale", "Roma Capitale", NAME_NONE, 5},
    {"municipalita", "Municipalità", NAME_OF, 5},
    {"consiglio comunale", "Comune", NAME_OF, 5},
    {"giunta comunale", "Comune", NAME_OF, 5},
    {"city council", "City", NAME_OF, 4},
    {"town council", "Town", NAME_OF, 4},
    {"municipal council", "Municipality", NAME_OF, 5},
    {"citta", "Città", NAME_OF, 4},
    {"city", "City", NAME_OF, 4},
    {"town", "Town", NAME_OF, 4},
    {"unione dei comuni", "Unione dei Comuni", NAME_OPEN_AND, 4},
    {"unione di comuni", "Unione di Comuni", NAME_OPEN_AND, 4},
    {"unione comuni", "Unione Comuni", NAME_OPEN_AND, 4},
    {"unione montana", "Unione montana", NAME_OPEN_AND, 4},
    {"comunita montana", "Comunità montana", NAME_OPEN_AND, 4},
    {"union of municipalities", "Union of Municipalities", NAME_OPEN_AND, 4},
    {"provincia autonoma", "Provincia autonoma", NAME_OF, 3},
    {"provincia", "Provincia", NAME_OF, 3},
    {"province", "Province", NAME_OF, 3},
    {"regione autonoma", "Regione autonoma", NAME_OPEN, 2},
    {"regione", "Regione", NAME_OPEN, 2},
    {"region", "Region", NAME_OF, 2},
    {"consorzio", "Consorzio", NAME_OPEN_AND, 4},
    {"associazione", "Associazione", NAME_OPEN_AND, 4},
    {"consortium", "Consortium", NAME_OF, 4},
    {"association", "Association", NAME_OF, 4},
    {"assemblea", "Assemblea", NAME_OPEN_AND, 3},
    {"assembly", "Assembly", NAME_OF, 3},
    {"federazione", "Federazione", NAME_OPEN_AND, 3},
    {"federation", "Federation", NAME_OF, 3},
    {"coordinamento", "Coordinamento", NAME_OPEN_AND, 3},
    {"conferenza", "Conferenza", NAME_OPEN_AND, 3},
    {"rete", "Rete", NAME_OPEN_AND, 3},
    {"network", "Network", NAME_OF, 3},
    {"union", "Union", NAME_OF, 3},
    {"league", "League", NAME_OF, 3},
    {"fondazione", "Fondazione", NAME_OPEN_AND, 3},
    {"foundation", "Foundation", NAME_OF, 3},
    {"universita degli studi", "Università degli studi", NAME_OF, 3},
    {"universita", "Università", NAME_OF, 3},
    {"university", "University", NAME_OF, 3},
    {"camera di commercio", "Camera di commercio", NAME_OF, 3},
    {"chamber of commerce", "Chamber of Commerce", NAME_OF, 3},
    {"agenzia", "Agenzia", NAME_OPEN_AND, 2},
    {"agency", "Agency", NAME_OF, 2},
    {"ministero", "Ministero", NAME_OPEN_AND, 1},
    {"ministro", "Ministro", NAME_OPEN_AND, 1},
    {"ministry", "Ministry", NAME_OPEN_AND, 1},
};

/* Words that may stand inside a name without a capital. */
static const char *const PARTICLES[] = {
    "di",    "del",  "dello", "della", "dell", "dei", "degli", "delle", "d",   "da",
    "a",     "al",   "allo",  "alla",  "all",  "ai",  "agli",  "alle",  "in",  "nel",
    "nella", "nell", "nei",   "nelle", "su",   "sul", "sulla", "sull",  "lo",  "la",
    "le",    "il",   "l",     "i",     "gli",  "of",  "the",   "for",   "per", "on",
};

/* Words between a head noun and its name. */
static const char *const OF_WORDS[] = {"di",    "del",   "dello", "della", "dell", "dei",
                                       "degli", "delle", "d",     "per",   "of",   "for"};

/* Words that end a name even with a capital: on a title page all is in capitals. */
static const char *const STOPS[] = {
    "approvato",   "approvata",    "adottato",  "adottata",   "approved",  "adopted", "settore",
    "ufficio",     "uffici",       "area",      "servizio",   "consiglio", "giunta",  "sindaco",
    "assessorato", "dipartimento", "direzione", "department", "office",    "council", "via",
    "piazza",      "segreteria",   "anno",      "anni",       "triennio",  "biennio", "art",
    "allegato",    "oggetto",      "nazionale", "giovani",    "documento", "testo",   "bozza",
    "proposta",    "verbale",      "stemma",    "sede",       "tel",       "codice",  "e",
    "ed",          "and",          "il",        "the",        "ai",        "con",     "with",
    "per",         "for",          "linee",     "presente",   "page",      "pagina",  "repubblica",
    "seduta",      "sessione",     "prot",      "protocollo", "http",      "www",
};

/* Names that name no body ("Assemblea dei Sindaci" is an organ, "Comune di Residenza" a form). */
static const char *const NO_NAMES[] = {
    "sindaci", "soci",   "delegati", "ministri", "residenza",       "stato",       "states",
    "members", "italia", "italy",    "origin",   "birth",           "nascita",     "comuni",
    "parties", "capi",   "mayors",   "servizi",  "servizi sociali", "consiglieri", "lavoro",
};

/* Authors that are organisations though no head noun begins them. */
static const char *const ORGANISATION_WORDS[] = {
    "associazione", "association",  "consorzio", "consortium", "federazione", "federation",
    "fondazione",   "foundation",   "rete",      "network",    "agenzia",     "agency",
    "istituto",     "institute",    "ministero", "ministry",   "unione",      "union",
    "commissione",  "commission",   "council",   "universita", "university",  "organizzazione",
    "organization", "organisation", "comitato",  "ong",        "onlus",       "municipality",
};

enum { NAME_WORDS = 14 };

static const BodyHead *head_at(const Words *words, guint at, guint *ret_count)
{
    for (guint i = 0; at < words->count && i < G_N_ELEMENTS(HEADS); i++) {
        if (HEADS[i].phrase[0] != words->word[at].folded[0])
            continue;
        guint count = words_match(words, at, HEADS[i].phrase);
        if (count > 0) {
            *ret_count = count;
            return &HEADS[i];
        }
    }
    return NULL;
}

/* Whether `at` goes on with what stands before it. A line's end parts a name unless a particle,
 * which cannot end or begin one, stands at it. */
static gboolean is_joined(const Words *words, guint at)
{
    guint gap = words->word[at].gap;
    const guint joining = GAP_SPACE | GAP_APOSTROPHE | GAP_LINE | GAP_HYPHEN;
    if (gap & ~joining)
        return FALSE;
    if ((gap & GAP_HYPHEN) && (gap & (GAP_SPACE | GAP_LINE)))
        return FALSE;
    if (!(gap & GAP_LINE))
        return TRUE;
    gboolean begins = WORDS_IN(words, at, PARTICLES) && !words_is_capital(words, at);
    return begins || WORDS_IN(words, at - 1, PARTICLES);
}

static gboolean is_stop(const Words *words, guint at)
{
    guint count;
    return WORDS_IN(words, at, STOPS) || catalogue_kind_term(words, at) > 0 ||
           head_at(words, at, &count) != NULL || !words_is_capital(words, at);
}

static gboolean is_conjunction(const Words *words, guint at)
{
    return words_is(words, at, "e") || words_is(words, at, "ed") || words_is(words, at, "and");
}

/* One past the last word of the proper name that begins at `at`; `at` when none does. */
static guint name_end(const Words *words, guint at, NameRule rule)
{
    guint end = at;
    for (guint i = at; i < words->count && i - at < NAME_WORDS; i++) {
        if (i > at && !is_joined(words, i))
            break;
        if (i > at &&
            (WORDS_IN(words, i, PARTICLES) || (rule == NAME_OPEN_AND && is_conjunction(words, i))))
            continue;
        if (i == at && words_is(words, i, "the"))
            continue;
        gboolean article = i == at && WORDS_IN(words, i, PARTICLES) &&
                           (words_gap_after(words, i) & GAP_APOSTROPHE);
        if (article || (i == at && (words_is(words, i, "la") || words_is(words, i, "le"))))
            continue;
        if (is_stop(words, i))
            break;
        end = i + 1;
    }
    return end;
}

/* A capital for each word that is no particle, small letters for the rest. */
static void append_capitalised(GString *out, const Words *words, guint at)
{
    const Word *word = &words->word[at];
    g_autofree char *lower =
        g_utf8_strdown(words->text + word->start, (gssize)(word->end - word->start));
    /* "COMUNE DI L'ORSARA": an article that begins the name. */
    gboolean article = word->folded[0] == 'l' && at > 0 &&
                       (words_is(words, at - 1, "di") || words_is(words, at - 1, "of"));
    if (!article && (WORDS_IN(words, at, PARTICLES) || is_conjunction(words, at))) {
        g_string_append(out, lower);
        return;
    }
    g_string_append_unichar(out, g_unichar_toupper(g_utf8_get_char(lower)));
    g_string_append(out, g_utf8_next_char(lower));
}

static gboolean has_small_letters(const Words *words, guint from, guint end)
{
    for (guint i = from; i < end; i++)
        for (gsize at = words->word[i].start; at < words->word[i].end; at++)
            if (g_ascii_islower(words->text[at]))
                return TRUE;
    return FALSE;
}

/* The words from `from` to before `end` as they stand, on one line. */
static void append_words(GString *out, const Words *words, guint from, guint end)
{
    gboolean mixed = has_small_letters(words, from, end);
    for (guint i = from; i < end; i++) {
        const Word *word = &words->word[i];
        if (i > from && (word->gap & (GAP_APOSTROPHE | GAP_HYPHEN)) &&
            !(word->gap & (GAP_SPACE | GAP_LINE)))
            g_string_append_len(out, words->text + words->word[i - 1].end,
                                (gssize)(word->start - words->word[i - 1].end));
        else
            g_string_append_c(out, ' ');
        if (mixed)
            g_string_append_len(out, words->text + word->start, (gssize)(word->end - word->start));
        else
            append_capitalised(out, words, i);
    }
}

/* "ANCI" and a region in capitals after a blank; what else may follow is not part of the name. */
static guint region_end(const Words *words, guint at)
{
    if (at < words->count && words->word[at].gap == GAP_SPACE && words_is_capital(words, at) &&
        !is_stop(words, at) && !WORDS_IN(words, at, PARTICLES))
        return name_end(words, at, NAME_OF);
    return at;
}

/* One past the last word of a name after its head noun; 0 when there is none. */
static guint proper_end(const Words *words, guint at, const BodyHead *head)
{
    if (head->rule == NAME_NONE)
        return at;
    if (head->rule == NAME_REGION)
        return region_end(words, at);
    if (at >= words->count ||
        (!is_joined(words, at) && words->word[at].gap != (GAP_SPACE | GAP_QUOTE)))
        return 0;
    guint name = at;
    if (WORDS_IN(words, at, OF_WORDS))
        name++;
    else if (head->rule == NAME_OF)
        return 0;
    if (name >= words->count || (name > at && !is_joined(words, name)))
        return 0;
    guint end = name_end(words, name, head->rule);
    gboolean generic = end == name + 1 && WORDS_IN(words, name, NO_NAMES);
    return end > name && !generic ? end : 0;
}

static char *body_at(const Words *words, guint at, guint *ret_end, const BodyHead **ret_head)
{
    guint count;
    const BodyHead *head = head_at(words, at, &count);
    if (head == NULL)
        return NULL;
    guint end = proper_end(words, at + count, head);
    /* In running text, "comune" with a small letter is as good as with a capital, but "rete di
     * Bari" is no name. */
    if (end == 0 || (head->rule >= NAME_OPEN && head->local < 5 && !words_is_capital(words, at)))
        return NULL;
    GString *name = g_string_new(head->name);
    append_words(name, words, at + count, end);
    *ret_end = end;
    if (ret_head != NULL)
        *ret_head = head;
    return g_string_free(name, FALSE);
}

char *catalogue_body_at(const Words *words, guint at, guint *ret_end)
{
    return body_at(words, at, ret_end, NULL);
}

/* Weights of a mention, by where it stands. A passing mention counts too little to win alone. */
enum {
    WEIGHT_TITLE = 60,
    WEIGHT_TITLE_LATER = 35, /* a second body, or the same in the other language */
    WEIGHT_TITLE_WITH = 15,  /* "Accordo con ...": the other party */
    WEIGHT_OWN_LINE = 40,
    WEIGHT_LINE_BEGIN = 25,
    WEIGHT_HEAD = 12,
    WEIGHT_PAGE = 2,
    WEIGHT_LATER = 1,
    WEIGHT_ENOUGH = 6,
    MENTIONS_MAX = 20, /* of running text */
};

typedef struct {
    char *name;
    guint weight;
    guint mentions; /* weight from running text */
    guint local;
    Source source;
} Candidate;

static void candidate_free(gpointer data)
{
    Candidate *candidate = data;
    g_free(candidate->name);
    g_free(candidate);
}

static Candidate *candidate_get(GPtrArray *candidates, char *name, guint local)
{
    g_autofree char *owned = name;
    g_autofree char *key = words_fold(name);
    for (guint i = 0; i < candidates->len; i++) {
        Candidate *candidate = candidates->pdata[i];
        g_autofree char *other = words_fold(candidate->name);
        if (strcmp(key, other) == 0)
            return candidate;
    }
    Candidate *candidate = g_new0(Candidate, 1);
    candidate->name = g_steal_pointer(&owned);
    candidate->local = local;
    candidate->source = SOURCE_TEXT;
    g_ptr_array_add(candidates, candidate);
    return candidate;
}

static gboolean follows_with(const Words *words, guint at)
{
    for (guint back = 1; back <= 2 && back <= at; back++)
        if (words_is(words, at - back, "con") || words_is(words, at - back, "with"))
            return TRUE;
    return FALSE;
}

static void weigh_title(GPtrArray *candidates, const char *title)
{
    g_autoptr(Words) words = words_new(title, strlen(title));
    for (guint at = 0; at < words->count; at++) {
        guint end;
        const BodyHead *head;
        char *name = body_at(words, at, &end, &head);
        if (name == NULL)
            continue;
        Candidate *candidate = candidate_get(candidates, name, head->local);
        guint weight = candidates->len == 1 ? WEIGHT_TITLE : WEIGHT_TITLE_LATER;
        candidate->weight += follows_with(words, at) ? WEIGHT_TITLE_WITH : weight;
        candidate->source = SOURCE_TITLE;
        at = end - 1;
    }
}

/* A line may begin with a name because the sentence happens to break there ("tra il / Comune di").
 */
static gboolean is_mid_phrase(const Words *words, guint at)
{
    return at > 0 && !(words->word[at].gap & GAP_PARAGRAPH) &&
           (WORDS_IN(words, at - 1, PARTICLES) || is_conjunction(words, at - 1));
}

static guint weigh_in_head(const Words *words, guint at, guint end)
{
    if (!words_begins_line(words, at) || is_mid_phrase(words, at))
        return WEIGHT_HEAD;
    return words_gap_after(words, end - 1) & (GAP_LINE | GAP_PAGE) ? WEIGHT_OWN_LINE
                                                                   : WEIGHT_LINE_BEGIN;
}

static void weigh_text(GPtrArray *candidates, const Front *front)
{
    const Words *words = front->words;
    for (guint at = 0; at < words->count; at++) {
        guint end;
        const BodyHead *head;
        char *name = body_at(words, at, &end, &head);
        if (name == NULL)
            continue;
        Candidate *candidate = candidate_get(candidates, name, head->local);
        if (at < front->head_words)
            candidate->weight += weigh_in_head(words, at, end);
        else if (candidate->mentions < MENTIONS_MAX)
            candidate->mentions +=
                words->word[at].start < front->page_end ? WEIGHT_PAGE : WEIGHT_LATER;
        at = end - 1;
    }
}

static const Candidate *heaviest(const GPtrArray *candidates)
{
    const Candidate *best = NULL;
    guint best_weight = 0;
    for (guint i = 0; i < candidates->len; i++) {
        const Candidate *candidate = candidates->pdata[i];
        guint weight = candidate->weight + candidate->mentions;
        if (weight < WEIGHT_ENOUGH || weight + candidate->local <= best_weight)
            continue;
        best = candidate;
        best_weight = weight + candidate->local;
    }
    return best;
}

/* The author as a body; NULL for persons, login names and offices without a name. */
static char *author_body(const char *author)
{
    g_autofree char *valid = g_utf8_make_valid(author, -1);
    g_autoptr(Words) words = words_new(valid, strlen(valid));
    gboolean organisation = FALSE;
    for (guint at = 0; at < words->count; at++) {
        guint end;
        char *name = catalogue_body_at(words, at, &end);
        if (name != NULL)
            return name;
        organisation |= WORDS_IN(words, at, ORGANISATION_WORDS);
    }
    return organisation && words->count >= 2 ? catalogue_title_tidy(valid, strlen(valid)) : NULL;
}

char *catalogue_body(const CatalogueInput *input, const Front *front, const char *title,
                     Source *ret_source)
{
    char *author = input->meta_author != NULL ? author_body(input->meta_author) : NULL;
    if (author != NULL) {
        *ret_source = SOURCE_METADATA;
        return author;
    }
    g_autoptr(GPtrArray) candidates = g_ptr_array_new_with_free_func(candidate_free);
    weigh_title(candidates, title);
    weigh_text(candidates, front);
    const Candidate *best = heaviest(candidates);
    *ret_source = best != NULL ? best->source : SOURCE_NONE;
    return best != NULL ? g_strdup(best->name) : NULL;
}
