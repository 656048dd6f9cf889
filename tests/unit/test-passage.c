/* Tests of server/passage: which stretch of a page is shown and what of it is marked; and, for any
 * text at all, that only whole words and whole characters are shown. */
#include "sample.h"

#include "../../server/search/passage.h"

enum { CONCEPTS = 8 };

static const double EQUAL[CONCEPTS] = {1, 1, 1, 1, 1, 1, 1, 1};

static GArray *no_spans(void)
{
    return g_array_new(FALSE, FALSE, sizeof(MarkedSpan));
}

/* Marks each occurrence of the words, parted by |, of which the first is concept 0. */
static GArray *spans_of(const char *text, const char *words)
{
    GArray *spans = no_spans();
    g_auto(GStrv) parts = g_strsplit(words, "|", -1);
    for (const char *at = text; *at; at++)
        for (guint i = 0; *words && parts[i]; i++)
            if (g_str_has_prefix(at, parts[i])) {
                MarkedSpan span = {(gsize)(at - text), strlen(parts[i]), i, 0, LANGUAGE_ITALIAN};
                g_array_append_val(spans, span);
            }
    return spans;
}

/* The segments as text, with the marked ones in brackets. */
static char *shown(const GArray *segments)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < segments->len; i++) {
        const PassageSegment *segment = &g_array_index(segments, PassageSegment, i);
        g_string_append_printf(text, segment->match ? "[%s]" : "%s", segment->text);
    }
    return g_string_free(text, FALSE);
}

static char *choose(const char *text, const char *words, const double *weights)
{
    g_autoptr(GArray) spans = spans_of(text, words);
    g_autoptr(Passage) passage = passage_choose(text, strlen(text), spans, weights);
    return shown(passage->segments);
}

/* Sixty words without a sentence's end: 360 bytes. */
#define SIXTY                                                                                      \
    "prima terza nulla porta carta monte prima terza nulla porta carta monte prima terza nulla "   \
    "porta carta monte prima terza nulla porta carta monte prima terza nulla porta carta monte "   \
    "prima terza nulla porta carta monte prima terza nulla porta carta monte prima terza nulla "   \
    "porta carta monte prima terza nulla porta carta monte prima terza nulla porta carta monte"

static void test_short_texts(void **state)
{
    static const struct {
        const char *text;
        const char *words;
        const char *shown;
    } CASES[] = {
        {"", "", ""},
        {IT, "", ""},
        {IT " \n\n " EN, "", ""},
        {IT "Una riga.", "", "Una riga."},
        {IT "\n\n  Una riga.\n\n", "", "Una riga."},
        {IT "Una riga\ndopo  l'altra.", "", "Una riga dopo l'altra."},
        {IT "La fontana antica.", "fontana", "La [fontana] antica."},
        {IT "La fontana\nantica." EN " The end", "fontana\nantica", "La [fontana antica]. The end"},
        {"fontana", "fontana", "[fontana]"},
        {IT "fontana fontana", "fontana", "[fontana] [fontana]"},
        {IT "perch\xc3\xa9 la citt\xc3\xa0", "citt\xc3\xa0", "perch\xc3\xa9 la [citt\xc3\xa0]"},
        {IT "1. Premessa ............ 3\n2. acqua..... 4", "acqua",
         "1. Premessa ... 3 2. [acqua]... 4"},
        {IT "un\x7f"
            "altro",
         "", "unaltro"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *text = choose(CASES[i].text, CASES[i].words, EQUAL);
        if (strcmp(text, CASES[i].shown) != 0)
            fail_msg("case %zu: \"%s\", not \"%s\"", i, text, CASES[i].shown);
    }
}

/* Where a passage begins, and whether it says that something went before. */
static void test_starts(void **state)
{
    static const struct {
        const char *before; /* what stands before the match */
        const char *begins; /* how the passage begins */
    } CASES[] = {
        {IT SIXTY ". Una frase con ", "Una frase con [fontana]"},
        {IT SIXTY ". " EN "Una frase con ", "Una frase con [fontana]"},
        {IT SIXTY "! Qui la ", "Qui la [fontana]"},
        {IT SIXTY ". L'art. 4 – Pace e ", "L'art. 4 – Pace e [fontana]"},
        {IT SIXTY ". Il d. lgs. Comuni e la ", "Il d. lgs. Comuni e la [fontana]"},
        {IT SIXTY "\n\nQui la ", "Qui la [fontana]"},
        {IT SIXTY "\n\n" EN "Qui la ", "Qui la [fontana]"},
        {IT SIXTY ". ", "… carta monte prima terza nulla porta carta monte. [fontana]"},
        {IT "\n\nQui la ", "Qui la [fontana]"},
        {IT "Qui la ", "Qui la [fontana]"},
        {IT SIXTY " ", "… porta carta monte prima terza nulla porta carta monte [fontana]"},
        {IT SIXTY SIXTY " ", "… porta carta monte prima terza nulla porta carta monte [fontana]"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *text = g_strconcat(CASES[i].before, "fontana ", SIXTY, NULL);
        g_autofree char *passage = choose(text, "fontana", EQUAL);
        if (!g_str_has_prefix(passage, CASES[i].begins) || !g_str_has_suffix(passage, " …"))
            fail_msg("case %zu: \"%s\"", i, passage);
    }
}

static void test_ends(void **state)
{
    (void)state;
    g_autofree char *sentence = choose(IT "fontana " SIXTY ". Basta " SIXTY, "fontana", EQUAL);
    g_autofree char *cut = choose(IT "fontana " SIXTY SIXTY, "fontana", EQUAL);
    g_autofree char *whole = choose(IT "fontana. Poi una breve fine.\n", "fontana", EQUAL);
    assert_non_null(sentence);
    assert_true(g_str_has_suffix(cut, " …"));
    assert_in_range(g_utf8_strlen(cut, -1), PASSAGE_BYTES / 2, PASSAGE_BYTES + 10);
    assert_string_equal(whole, "[fontana]. Poi una breve fine.");
    g_autofree char *far = g_strconcat(IT "fontana ", SIXTY, NULL);
    memcpy(far + PASSAGE_BYTES + 14, " mondo.", 7);
    far[PASSAGE_BYTES + 21] = ' ';
    far[PASSAGE_BYTES + 22] = 'A';
    g_autofree char *to_end = choose(far, "fontana", EQUAL);
    assert_true(g_str_has_suffix(to_end, ". …"));
}

/* A stretch with two concepts is better than one with the same twice; the heavier wins; what was
 * counted is shown. */
static void test_choice(void **state)
{
    static const double WEIGHTS[CONCEPTS] = {1, 5, 1, 1, 1, 1, 1, 1};
    (void)state;
    g_autofree char *both =
        choose(IT "fontana fontana fontana. " SIXTY SIXTY " fontana giardino. " SIXTY,
               "fontana|giardino", EQUAL);
    assert_non_null(strstr(both, "[fontana] [giardino]"));
    g_autofree char *heavy =
        choose(IT "fontana fontana. " SIXTY SIXTY " giardino. " SIXTY, "fontana|giardino", WEIGHTS);
    assert_non_null(strstr(heavy, "[giardino]"));
    g_autofree char *first =
        choose(IT "fontana uno. " SIXTY SIXTY " fontana due.", "fontana", EQUAL);
    assert_non_null(strstr(first, "[fontana] uno"));
    g_autofree char *text = g_strconcat(IT SIXTY " ", SIXTY, " ", SIXTY, NULL);
    memcpy(text + 400, " fontana ", 9);
    memcpy(text + 620, " giardino ", 10);
    memcpy(text + 310, ". A", 3);
    g_autofree char *shown_all = choose(text, "fontana|giardino", EQUAL);
    assert_non_null(strstr(shown_all, "[fontana]"));
    assert_non_null(strstr(shown_all, "[giardino]"));
}

/* A passage is in the language that most of it is in, wherever in it the match stands. */
static void test_language(void **state)
{
    static const struct {
        const char *text;
        const char *word;
        Language language;
    } CASES[] = {
        {IT "Qui si parla.", "", LANGUAGE_ITALIAN},
        {IT "Qui si parla. " EN "Here one speaks at more length.", "parla", LANGUAGE_ENGLISH},
        {EN "Matching Fund " IT "Il progetto nasce dall'intesa fra i due enti.", "Fund",
         LANGUAGE_ITALIAN},
        {UND "Hier wird nur gesprochen. " IT "Qui si parla.", "", LANGUAGE_OTHER},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GArray) spans = spans_of(CASES[i].text, CASES[i].word);
        g_autoptr(Passage) passage =
            passage_choose(CASES[i].text, strlen(CASES[i].text), spans, EQUAL);
        assert_int_equal(passage->language, CASES[i].language);
    }
    g_autoptr(GArray) none = no_spans();
    g_autoptr(Passage) second = passage_choose(IT EN "Page two.", 11, none, EQUAL);
    assert_int_equal(second->language, LANGUAGE_ENGLISH);
}

/* A whole page for reading: lines stay, and a match that goes over the end is marked as far as it
 * goes. */
static void test_segments(void **state)
{
    static const char TEXT[] = IT "Una fontana\ne un" EN "garden here";
    (void)state;
    g_autoptr(GArray) spans = spans_of(TEXT, "fontana|un" EN "garden");
    g_autoptr(GArray) whole = passage_segments(TEXT, 0, strlen(TEXT), spans, TRUE);
    g_autoptr(GArray) italian = passage_segments(TEXT, 1, strcspn(TEXT, EN) - 1, spans, TRUE);
    g_autoptr(GArray) english = passage_segments(TEXT, strcspn(TEXT, EN) + 1, 11, spans, TRUE);
    g_autofree char *one = shown(whole);
    g_autofree char *two = shown(italian);
    g_autofree char *three = shown(english);
    assert_string_equal(one, "Una [fontana]\ne [ungarden] here");
    assert_string_equal(two, "Una [fontana]\ne [un]");
    assert_string_equal(three, "[garden] here");
}

/* What holds for any text */

static gboolean is_word_character(const char *at)
{
    gunichar character = g_utf8_get_char(at);
    return g_unichar_isalnum(character) || g_unichar_ismark(character);
}

static gboolean within_word(const char *text, gsize length, gsize at)
{
    if (at == 0 || at >= length)
        return FALSE;
    return is_word_character(g_utf8_prev_char(text + at)) && is_word_character(text + at);
}

/* The passage's text without its dots. */
static GString *joined(const Passage *passage)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < passage->segments->len; i++)
        g_string_append(text, g_array_index(passage->segments, PassageSegment, i).text);
    if (g_str_has_prefix(text->str, "… "))
        g_string_erase(text, 0, (gssize)strlen("… "));
    if (g_str_has_suffix(text->str, " …"))
        g_string_truncate(text, text->len - strlen(" …"));
    return text;
}

/* The text as it may be shown: marks gone, white space one space, three dots at most, `ret_at`
 * where each byte was. */
static GString *plain_of(const char *text, GArray *ret_at)
{
    GString *plain = g_string_new(NULL);
    for (gsize i = 0; text[i]; i++) {
        char byte = text[i] == '\n' || text[i] == '\f' ? ' ' : text[i];
        if ((guchar)byte < ' ' || (byte == ' ' && plain->len && plain->str[plain->len - 1] == ' '))
            continue;
        if (byte == '.' && g_str_has_suffix(plain->str, "..."))
            continue;
        g_string_append_c(plain, byte);
        g_array_append_val(ret_at, i);
    }
    return plain;
}

/* Whether the passage stands in the text at some place where no word is cut. */
static gboolean stands_whole(const char *text, const char *passage)
{
    g_autoptr(GArray) at = g_array_new(FALSE, FALSE, sizeof(gsize));
    g_autoptr(GString) plain = plain_of(text, at);
    gsize length = strlen(passage), text_length = strlen(text);
    if (length == 0)
        return TRUE;
    for (const char *hit = strstr(plain->str, passage); hit; hit = strstr(hit + 1, passage)) {
        gsize first = (gsize)(hit - plain->str);
        gsize start = g_array_index(at, gsize, first);
        gsize end = g_array_index(at, gsize, first + length - 1) + 1;
        if (!within_word(text, text_length, start) && !within_word(text, text_length, end))
            return TRUE;
    }
    return FALSE;
}

static void check_passage(const char *text, const GArray *spans)
{
    g_autoptr(Passage) passage = passage_choose(text, strlen(text), spans, EQUAL);
    g_autoptr(GString) shown_text = joined(passage);
    if (!g_utf8_validate(shown_text->str, (gssize)shown_text->len, NULL))
        fail_msg("not UTF-8: %s of %s", shown_text->str, text);
    for (const char *at = shown_text->str; *at; at = g_utf8_next_char(at))
        assert_false(g_unichar_iscntrl(g_utf8_get_char(at)));
    if (!stands_whole(text, shown_text->str))
        fail_msg("cut: \"%s\" of \"%s\"", shown_text->str, text);
    guint marked = 0;
    for (guint i = 0; i < passage->segments->len; i++) {
        assert_true(*g_array_index(passage->segments, PassageSegment, i).text);
        marked += g_array_index(passage->segments, PassageSegment, i).match;
    }
    assert_true(marked > 0 || spans->len == 0);
}

static GArray *spans_at_words(const char *text, GRand *random)
{
    GArray *spans = no_spans();
    gsize length = strlen(text);
    for (gsize at = 0; at < length;) {
        gsize end = at;
        while (end < length && is_word_character(text + end))
            end += (gsize)g_utf8_skip[(guchar)text[end]];
        if (end > at && g_rand_int_range(random, 0, 12) == 0) {
            MarkedSpan span = {at, end - at, (guint)g_rand_int_range(random, 0, CONCEPTS), 0,
                               LANGUAGE_ITALIAN};
            g_array_append_val(spans, span);
        }
        at = end > at ? end : at + (gsize)g_utf8_skip[(guchar)text[at]];
    }
    return spans;
}

/* Texts of all sorts: with few or no spaces, with long words, with characters of 1 to 4 bytes. */
static char *random_text(GRand *random)
{
    static const char *const PIECES[] = {"a",  "è", "漢", "字",  "。",     "𝒳", "e\xcc\x81",
                                         "'",  "-", ".",  ". A", "\n",     " ", "\n\n",
                                         "\f", UND, IT,   EN,    "parola", "7", "…"};
    GString *text = g_string_new(NULL);
    gboolean has_spaces = g_rand_boolean(random);
    int pieces = g_rand_int_range(random, 0, 900);
    guint kinds = (guint)g_rand_int_range(random, 1, G_N_ELEMENTS(PIECES) + 1);
    for (int i = 0; i < pieces; i++) {
        guint kind = (guint)g_rand_int_range(random, 0, (gint32)kinds);
        g_string_append(text, PIECES[kind]);
        g_string_append(text, has_spaces && g_rand_int_range(random, 0, 5) == 0 ? " " : "");
    }
    return g_string_free(text, FALSE);
}

static void test_any_text(void **state)
{
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(20);
    for (int i = 0; i < 3000; i++) {
        g_autofree char *text = random_text(random);
        g_autoptr(GArray) spans = spans_at_words(text, random);
        check_passage(text, spans);
    }
}

static char *repeated(const char *piece, guint count)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < count; i++)
        g_string_append(text, piece);
    return g_string_free(text, FALSE);
}

/* Words that never end are shown whole where they match, and passed over where they do not. */
static void test_endless_words(void **state)
{
    static const char *const PIECES[] = {"x", "è", "漢", "𝒳"};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(PIECES); i++) {
        g_autofree char *word = repeated(PIECES[i], 5000 / (guint)strlen(PIECES[i]));
        const char *const texts[] = {
            g_strconcat(IT, word, NULL),
            g_strconcat(IT "qui ", word, NULL),
            g_strconcat(IT "qui ", word, " poi", NULL),
            g_strconcat(IT, word, " qui ", word, NULL),
            g_strconcat(IT SIXTY " ", SIXTY, ". ", word, NULL),
        };
        for (gsize j = 0; j < G_N_ELEMENTS(texts); j++) {
            g_autoptr(GArray) none = no_spans();
            g_autoptr(GArray) long_ones = spans_of(texts[j], word);
            g_autoptr(GArray) short_ones = spans_of(texts[j], "qui");
            check_passage(texts[j], none);
            check_passage(texts[j], long_ones);
            check_passage(texts[j], short_ones);
            g_free((char *)texts[j]);
        }
    }
    g_autofree char *word = repeated("x", 5000);
    g_autofree char *text = g_strconcat(IT "qui ", word, NULL);
    g_autofree char *passage = choose(text, "qui", EQUAL);
    assert_string_equal(passage, "[qui] …");
}

/* However long a word is, a passage has an end: at a whole character. */
static void test_monster(void **state)
{
    (void)state;
    g_autofree char *word = repeated("è", 500000);
    g_autofree char *text = g_strconcat(IT, word, NULL);
    for (int i = 0; i < 2; i++) {
        g_autoptr(GArray) spans = no_spans();
        MarkedSpan span = {1, strlen(word), 0, 0, LANGUAGE_ITALIAN};
        if (i > 0)
            g_array_append_val(spans, span);
        g_autoptr(Passage) passage = passage_choose(text, strlen(text), spans, EQUAL);
        g_autoptr(GString) shown_text = joined(passage);
        assert_true(g_utf8_validate(shown_text->str, (gssize)shown_text->len, NULL));
        assert_in_range(shown_text->len, 5000, 20000);
    }
}

/* Bytes that no indexer would store do no harm; their text ends where it is said to end. */
static void test_hostile_bytes(void **state)
{
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    for (int i = 0; i < 2000; i++) {
        gsize length = (gsize)g_rand_int_range(random, 1, 800);
        g_autofree char *text = g_malloc(length);
        for (gsize j = 0; j < length; j++)
            text[j] = (char)g_rand_int_range(random, 0, i % 2 ? 256 : 48);
        g_autoptr(GArray) spans = no_spans();
        MarkedSpan span = {(gsize)g_rand_int_range(random, 0, (gint32)length), 0, 0, 0,
                           LANGUAGE_OTHER};
        span.length = (gsize)g_rand_int_range(random, 0, (gint32)(length - span.start)) + 1;
        if (i % 3)
            g_array_append_val(spans, span);
        g_autoptr(Passage) passage = passage_choose(text, length, spans, EQUAL);
        for (guint j = 0; j < passage->segments->len; j++) {
            const PassageSegment *segment = &g_array_index(passage->segments, PassageSegment, j);
            assert_true(*segment->text);
            assert_in_range(strlen(segment->text), 1, 1000);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_texts), cmocka_unit_test(test_starts),
        cmocka_unit_test(test_ends),        cmocka_unit_test(test_choice),
        cmocka_unit_test(test_language),    cmocka_unit_test(test_segments),
        cmocka_unit_test(test_any_text),    cmocka_unit_test(test_endless_words),
        cmocka_unit_test(test_monster),     cmocka_unit_test(test_hostile_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
