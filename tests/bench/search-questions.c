/* See search-questions.h. */
#include "search-questions.h"

#include <string.h>

enum { QUESTION_SEED = 99, COMMONEST = 10 };

/* How common a word is. */
typedef enum { NO_WORD = 0, COMMON, MEDIUM, RARE, ANY, TOP, BANDS } Band;

/* Ranks, counted from the first word that is no function word (TOP: from the first of all). */
static const struct {
    guint from;
    guint below;
} RANKS[BANDS] = {
    [COMMON] = {0, 400},      /* in half of a language's documents or more */
    [MEDIUM] = {4000, 20000}, /* in 2 to 8 of a hundred */
    [RARE] = {50000, 99000},  /* in 1 to 5 of a thousand */
    [ANY] = {0, 99000},       [TOP] = {0, 10},
};

typedef struct {
    const char *name;
    XapianOperator op;
    Band words[XAPIAN_QUESTION_WORDS];
    guint prefix_length;   /* letters; 0: no prefix */
    gboolean has_filter;   /* by language */
    gboolean is_from_text; /* words that follow one another there */
    gboolean is_outside;   /* not in the mix */
} KindPlan;

static const KindPlan PLANS[] = {
    {.name = "one common word", .words = {COMMON}},
    {.name = "one medium word", .words = {MEDIUM}},
    {.name = "one rare word", .words = {RARE}},
    {.name = "two common words", .words = {COMMON, COMMON}},
    {.name = "two medium words", .words = {MEDIUM, MEDIUM}},
    {.name = "two rare words", .words = {RARE, RARE}},
    {.name = "a common and a rare word", .words = {COMMON, RARE}},
    {.name = "three common words", .words = {COMMON, COMMON, COMMON}},
    {.name = "three medium words", .words = {MEDIUM, MEDIUM, MEDIUM}},
    {.name = "three rare words", .words = {RARE, RARE, RARE}},
    {.name = "common, medium and rare", .words = {COMMON, MEDIUM, RARE}},
    {.name = "phrase of common words", .op = XAPIAN_PHRASE, .words = {COMMON, COMMON}},
    {.name = "phrase that occurs", .op = XAPIAN_PHRASE, .words = {ANY, ANY}, .is_from_text = TRUE},
    {.name = "common OR common", .op = XAPIAN_ANY, .words = {COMMON, COMMON}},
    {.name = "medium OR medium", .op = XAPIAN_ANY, .words = {MEDIUM, MEDIUM}},
    {.name = "common OR medium OR rare", .op = XAPIAN_ANY, .words = {COMMON, MEDIUM, RARE}},
    {.name = "common word, one language", .words = {COMMON}, .has_filter = TRUE},
    {.name = "two medium, one language", .words = {MEDIUM, MEDIUM}, .has_filter = TRUE},
    {.name = "prefix of four letters", .op = XAPIAN_PREFIX, .words = {MEDIUM}, .prefix_length = 4},
    {.name = "prefix of two letters", .op = XAPIAN_PREFIX, .words = {MEDIUM}, .prefix_length = 2},
    {.name = "the commonest words", .words = {TOP}, .is_outside = TRUE},
    {.name = "phrase of the commonest",
     .op = XAPIAN_PHRASE,
     .words = {TOP, TOP},
     .is_outside = TRUE},
};

/* Questions are drawn from one document after another. */
typedef struct {
    const Synthetic *synthetic;
    Chance chance;
    guint documents;
    SyntheticDocument *document;
} Draw;

static void take_document(Draw *draw)
{
    synthetic_document_free(draw->document);
    draw->document =
        synthetic_document(draw->synthetic, chance_below(&draw->chance, draw->documents));
}

static const SyntheticToken *token_at(const Draw *draw, guint index)
{
    return &g_array_index(draw->document->tokens, SyntheticToken, index);
}

static const char *word_of(const Draw *draw, const SyntheticToken *token)
{
    return synthetic_word(draw->synthetic, token->language, (guint)token->rank);
}

static gboolean is_in(const Draw *draw, const SyntheticToken *token, Band band)
{
    guint base = band == TOP ? 0 : synthetic_function_words(draw->synthetic, token->language);
    return token->rank >= 0 && (guint)token->rank >= base + RANKS[band].from &&
           (guint)token->rank < base + RANKS[band].below;
}

static void set_word(XapianQuestion *question, int place, const Draw *draw,
                     const SyntheticToken *token)
{
    question->words[place] = word_of(draw, token);
    question->languages[place] = language_code(token->language);
}

static gboolean has_word(const XapianQuestion *question, const char *word)
{
    for (int i = 0; i < question->count; i++)
        if (question->words[i] == word)
            return TRUE;
    return FALSE;
}

/* A word of the band anywhere in the document, in the language of the words before it. */
static gboolean draw_word(Draw *draw, Band band, XapianQuestion *question)
{
    guint count = draw->document->tokens->len;
    guint start = chance_below(&draw->chance, count);
    for (guint i = 0; i < count; i++) {
        const SyntheticToken *token = token_at(draw, (start + i) % count);
        if (!is_in(draw, token, band) || has_word(question, word_of(draw, token)) ||
            (question->count > 0 &&
             strcmp(question->languages[0], language_code(token->language)) != 0))
            continue;
        set_word(question, question->count++, draw, token);
        return TRUE;
    }
    return FALSE;
}

static gboolean draw_words(Draw *draw, const KindPlan *plan, XapianQuestion *question)
{
    for (int i = 0; i < XAPIAN_QUESTION_WORDS && plan->words[i]; i++)
        if (!draw_word(draw, plan->words[i], question))
            return FALSE;
    return TRUE;
}

static gboolean draw_phrase(Draw *draw, const KindPlan *plan, XapianQuestion *question)
{
    guint count = draw->document->tokens->len;
    guint start = chance_below(&draw->chance, count);
    for (guint i = start; i + 1 < count; i++) {
        const SyntheticToken *first = token_at(draw, i), *second = token_at(draw, i + 1);
        if (second->opens || first->language != second->language ||
            !is_in(draw, first, plan->words[0]) || !is_in(draw, second, plan->words[1]))
            continue;
        set_word(question, 0, draw, first);
        set_word(question, 1, draw, second);
        question->count = 2;
        return TRUE;
    }
    return FALSE;
}

/* What it is in our syntax. */
static char *written(const SearchQuestion *question)
{
    static const char *const BETWEEN[] = {" ", " OR ", " ", " "};
    const XapianQuestion *xapian = &question->xapian;
    if (xapian->op == XAPIAN_PREFIX)
        return g_strdup_printf("%s*", question->prefix);
    GString *text = g_string_new(xapian->op == XAPIAN_PHRASE ? "\"" : NULL);
    for (int i = 0; i < xapian->count; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? BETWEEN[xapian->op] : "", xapian->words[i]);
    if (xapian->op == XAPIAN_PHRASE)
        g_string_append_c(text, '"');
    return g_string_free(text, FALSE);
}

static gboolean cut_prefix(SearchQuestion *question, guint length)
{
    const char *word = question->xapian.words[0];
    question->prefix = g_strndup(word, length);
    question->xapian.words[0] = question->prefix;
    return strlen(word) > length && g_str_is_ascii(word);
}

static gboolean draw_question(Draw *draw, const KindPlan *plan, SearchQuestion *question)
{
    *question = (SearchQuestion){.xapian = {.op = plan->op}};
    take_document(draw);
    gboolean found = (plan->is_from_text ? draw_phrase : draw_words)(draw, plan, &question->xapian);
    if (found && plan->prefix_length > 0)
        found = cut_prefix(question, plan->prefix_length);
    if (found && plan->has_filter)
        question->xapian.filter = question->xapian.languages[0];
    question->text = found ? written(question) : NULL;
    return found;
}

static void question_clear(gpointer data)
{
    SearchQuestion *question = data;
    g_free(question->text);
    g_free(question->prefix);
}

static void fill_kind(Draw *draw, const KindPlan *plan, guint each, GArray *questions)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint tries = 0; questions->len < each && tries < 50 * each; tries++) {
        SearchQuestion question;
        if (draw_question(draw, plan, &question) && g_hash_table_add(seen, g_strdup(question.text)))
            g_array_append_val(questions, question);
        else
            question_clear(&question);
    }
}

static void kind_clear(gpointer data)
{
    g_array_unref(((SearchKind *)data)->questions);
}

GArray *search_questions(const Synthetic *synthetic, guint documents, guint each)
{
    GArray *kinds = g_array_new(FALSE, TRUE, sizeof(SearchKind));
    Draw draw = {.synthetic = synthetic, .chance = {QUESTION_SEED}, .documents = documents};
    g_array_set_clear_func(kinds, kind_clear);
    for (gsize i = 0; i < G_N_ELEMENTS(PLANS); i++) {
        SearchKind kind = {PLANS[i].name, !PLANS[i].is_outside, PLANS[i].prefix_length > 0,
                           g_array_new(FALSE, TRUE, sizeof(SearchQuestion))};
        g_array_set_clear_func(kind.questions, question_clear);
        fill_kind(&draw, &PLANS[i], PLANS[i].is_outside ? COMMONEST : each, kind.questions);
        g_array_append_val(kinds, kind);
    }
    synthetic_document_free(draw.document);
    return kinds;
}
