/* See synthetic.h. */
#include "synthetic.h"

#include <math.h>
#include <string.h>

#include "../../indexer/analysis.h"

enum {
    VOCABULARY_SEED = 20240501,
    DOCUMENT_SEED = 7,
    PAGE_WORDS_LEAST = 200, /* and the same again half on top: 275 on average */
    PAGE_WORDS_SPREAD = 151,
    LINE_BYTES = 80,
    TOPIC_WORDS = 30, /* that a document keeps coming back to, in each language */
    BODIES = 200,
    COLLECTIONS = 40,
};

static const double ZIPF_EXPONENT = 1.05;
static const double ZIPF_SHIFT = 2.7;
static const double TOPIC_SHARE = 0.08; /* of a document's words */
static const double NUMBER_SHARE = 0.02;
static const double COMMA_SHARE = 0.06;

/* Chance */

guint64 chance_next(Chance *chance)
{
    guint64 value = (chance->state += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15));
    value = (value ^ (value >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

guint chance_below(Chance *chance, guint bound)
{
    return (guint)(((chance_next(chance) >> 32) * bound) >> 32);
}

double chance_share(Chance *chance)
{
    return (double)(chance_next(chance) >> 11) * 0x1.0p-53;
}

/* What words are made of */

typedef struct {
    const char *function_words;
    const char *onsets;
    const char *vowels;
    const char *codas; /* of a syllable within a word */
    const char *ends;  /* consonants that a root ends in */
    const char *const *endings;
    guint ending_count;
} Alphabet;

static const char *const ITALIAN_ENDINGS[] = {
    "o i a e",
    "e i",
    "a e",
    "are ato ata ati ano ando azione azioni",
    "ale ali",
    "mento menti",
    "o i",
    "ere uto uti endo e ono",
    "ico ica ici iche",
    "ità",
    "ire ito ita iti isce",
    "ore ori",
};

static const char *const ENGLISH_ENDINGS[] = {
    "- s",       "- s ed ing", "ation ations ate ated ating",
    "- ly",      "- s er ers", "ment ments - s",
    "al ally",   "- ness",     "- s ed ing able",
    "ity ities", "- s",        "ive ively",
};

static const Alphabet ALPHABETS[LANGUAGE_COUNT] = {
    [LANGUAGE_ITALIAN] =
        {
            "di e il la che in a per un del è con non della una le i si da lo gli nel alla sono "
            "come dei anche o al più delle nella ha ma se degli dal sul su tra dalla quale questo "
            "loro essere ed ai questa dell' l' all' nell' un' sull' ogni tutti ne cui",
            "b c d f g l m n p r s t v z b c d f l m n p r s t v c d l m n p r s t v "
            "br cr dr fr gr pr tr st sp sc str ch gh qu gl gn",
            "a e i o a e i o u",
            "- - - - - - - n r l s m",
            "b c d f l m n p r s t v z nt rt st nd tt ll zz rr mp lt",
            ITALIAN_ENDINGS,
            G_N_ELEMENTS(ITALIAN_ENDINGS),
        },
    [LANGUAGE_ENGLISH] =
        {
            "the of and to in a is that for it as was with be by on not he his but at are this "
            "have from or had an they which one you were all her she there would their we him been "
            "has when who will no more if out so up what its about into than them can only other "
            "some could these two may then do first any such our over those most also should must",
            "b c d f g h l m n p r s t w b c d f h l m n p r s t w c d l m n p r s t "
            "br cl cr dr fl fr gr pl pr sl sp st str th tr sh ch",
            "a e i o u a e i o a e i o ea oo ai ou",
            "- - - - - - n r l s m",
            "b ck d f l m n p r s t nd nt st rt ng rm lt sh th ct rd",
            ENGLISH_ENDINGS,
            G_N_ELEMENTS(ENGLISH_ENDINGS),
        },
};

typedef struct {
    char **onsets;
    char **vowels;
    char **codas;
    char **ends;
} Letters;

static void letters_release(Letters *letters)
{
    g_strfreev(letters->onsets);
    g_strfreev(letters->vowels);
    g_strfreev(letters->codas);
    g_strfreev(letters->ends);
}

static const char *pick(char **from, Chance *chance)
{
    const char *piece = from[chance_below(chance, g_strv_length(from))];
    return *piece == '-' ? "" : piece;
}

/* Vocabulary */

typedef struct {
    char **words; /* by rank */
    guint function_words;
    /* To draw a rank in constant time (alias method: Walker 1977, Vose 1991). */
    double *share;
    guint32 *alias;
} Vocabulary;

struct Synthetic {
    Vocabulary language[LANGUAGE_COUNT];
    char *bodies[BODIES];
    char *collections[COLLECTIONS];
};

typedef struct {
    char *word;
    double key; /* the smaller, the commoner */
} Candidate;

static void candidate_clear(gpointer data)
{
    g_free(((Candidate *)data)->word);
}

static int compare_candidates(gconstpointer a, gconstpointer b)
{
    double first = ((const Candidate *)a)->key, second = ((const Candidate *)b)->key;
    return (first > second) - (first < second);
}

/* Common words are short. */
static void make_root(const Letters *letters, guint number, Chance *chance, GString *ret_root)
{
    guint syllables = number < 1000 ? 1 : number < 12000 ? 2 : 3;
    g_string_truncate(ret_root, 0);
    for (guint i = 0; i < syllables; i++) {
        g_string_append(ret_root, pick(letters->onsets, chance));
        g_string_append(ret_root, pick(letters->vowels, chance));
        if (i + 1 < syllables)
            g_string_append(ret_root, pick(letters->codas, chance));
    }
    g_string_append(ret_root, pick(letters->ends, chance));
}

/* A word's forms are about as common as it is, the later the less. */
static void add_forms(GArray *candidates, GHashTable *seen, const char *root, const char *endings,
                      guint number, Chance *chance)
{
    g_auto(GStrv) list = g_strsplit(endings, " ", -1);
    for (guint i = 0; list[i]; i++) {
        char *word = g_strconcat(root, *list[i] == '-' ? "" : list[i], NULL);
        double key = (number + 1.0) * (i + 1.0) * (0.5 + chance_share(chance));
        if (!g_hash_table_add(seen, word))
            continue; /* it is the table's all the same */
        Candidate candidate = {g_strdup(word), key};
        g_array_append_val(candidates, candidate);
    }
}

static GArray *make_candidates(const Alphabet *alphabet, GHashTable *seen, Chance *chance)
{
    GArray *candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    g_autoptr(GString) root = g_string_new(NULL);
    Letters letters __attribute__((cleanup(letters_release))) = {
        g_strsplit(alphabet->onsets, " ", -1), g_strsplit(alphabet->vowels, " ", -1),
        g_strsplit(alphabet->codas, " ", -1), g_strsplit(alphabet->ends, " ", -1)};
    g_array_set_clear_func(candidates, candidate_clear);
    for (guint number = 0; candidates->len < 2 * SYNTHETIC_WORDS; number++) {
        make_root(&letters, number, chance, root);
        add_forms(candidates, seen, root->str,
                  alphabet->endings[chance_below(chance, alphabet->ending_count)], number, chance);
    }
    g_array_sort(candidates, compare_candidates);
    return candidates;
}

/* Shares of the columns of Walker's table, and who fills each one up. */
static void make_table(Vocabulary *vocabulary)
{
    g_autofree guint32 *small = g_new(guint32, SYNTHETIC_WORDS);
    g_autofree guint32 *large = g_new(guint32, SYNTHETIC_WORDS);
    guint smalls = 0, larges = 0;
    double total = 0;
    double *share = vocabulary->share = g_new(double, SYNTHETIC_WORDS);
    vocabulary->alias = g_new0(guint32, SYNTHETIC_WORDS);
    for (guint i = 0; i < SYNTHETIC_WORDS; i++)
        total += share[i] = pow(i + 1 + ZIPF_SHIFT, -ZIPF_EXPONENT);
    for (guint i = 0; i < SYNTHETIC_WORDS; i++) {
        share[i] *= SYNTHETIC_WORDS / total;
        if (share[i] < 1)
            small[smalls++] = i;
        else
            large[larges++] = i;
    }
    while (smalls > 0 && larges > 0) {
        guint32 poor = small[--smalls], rich = large[larges - 1];
        vocabulary->alias[poor] = rich;
        share[rich] -= 1 - share[poor];
        if (share[rich] < 1)
            small[smalls++] = large[--larges];
    }
    while (larges > 0)
        share[large[--larges]] = 1;
    while (smalls > 0)
        share[small[--smalls]] = 1;
}

static void vocabulary_init(Vocabulary *vocabulary, Language language)
{
    const Alphabet *alphabet = &ALPHABETS[language];
    Chance chance = {VOCABULARY_SEED + (guint64)language};
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) functions = g_strsplit(alphabet->function_words, " ", -1);
    vocabulary->words = g_new0(char *, SYNTHETIC_WORDS + 1);
    guint count = 0;
    for (; functions[count]; count++) {
        vocabulary->words[count] = g_strdup(functions[count]);
        g_hash_table_add(seen, g_strdup(functions[count]));
    }
    vocabulary->function_words = count;
    g_autoptr(GArray) candidates = make_candidates(alphabet, seen, &chance);
    for (guint i = 0; count < SYNTHETIC_WORDS; i++, count++)
        vocabulary->words[count] = g_strdup(g_array_index(candidates, Candidate, i).word);
    make_table(vocabulary);
}

static void vocabulary_release(Vocabulary *vocabulary)
{
    g_strfreev(vocabulary->words);
    g_free(vocabulary->share);
    g_free(vocabulary->alias);
}

static guint draw_rank(const Vocabulary *vocabulary, Chance *chance)
{
    guint rank = chance_below(chance, SYNTHETIC_WORDS);
    return chance_share(chance) < vocabulary->share[rank] ? rank : vocabulary->alias[rank];
}

static char *capitalised(const char *word)
{
    char *copy = g_strdup(word);
    *copy = g_ascii_toupper(*copy);
    return copy;
}

static void make_names(Synthetic *synthetic)
{
    for (guint i = 0; i < BODIES; i++) {
        Language language = i % 3 == 2 ? LANGUAGE_ENGLISH : LANGUAGE_ITALIAN;
        g_autofree char *place = capitalised(synthetic_word(synthetic, language, 9000 + 7 * i));
        synthetic->bodies[i] = g_strdup_printf(
            "%s %s", language == LANGUAGE_ENGLISH ? "Municipality of" : "Comune di", place);
    }
    for (guint i = 0; i < COLLECTIONS; i++)
        synthetic->collections[i] =
            g_strdup_printf("%s/%s", synthetic_word(synthetic, LANGUAGE_ITALIAN, 700 + i % 8),
                            synthetic_word(synthetic, LANGUAGE_ITALIAN, 800 + i));
}

Synthetic *synthetic_new(void)
{
    Synthetic *synthetic = g_new0(Synthetic, 1);
    vocabulary_init(&synthetic->language[LANGUAGE_ITALIAN], LANGUAGE_ITALIAN);
    vocabulary_init(&synthetic->language[LANGUAGE_ENGLISH], LANGUAGE_ENGLISH);
    make_names(synthetic);
    return synthetic;
}

void synthetic_free(Synthetic *synthetic)
{
    if (!synthetic)
        return;
    vocabulary_release(&synthetic->language[LANGUAGE_ITALIAN]);
    vocabulary_release(&synthetic->language[LANGUAGE_ENGLISH]);
    for (guint i = 0; i < BODIES; i++)
        g_free(synthetic->bodies[i]);
    for (guint i = 0; i < COLLECTIONS; i++)
        g_free(synthetic->collections[i]);
    g_free(synthetic);
}

const char *synthetic_word(const Synthetic *synthetic, Language language, guint rank)
{
    return synthetic->language[language].words[rank];
}

guint synthetic_function_words(const Synthetic *synthetic, Language language)
{
    return synthetic->language[language].function_words;
}

/* Documents */

typedef struct {
    const Synthetic *synthetic;
    SyntheticDocument *document;
    Chance chance;
    Language language;
    guint topics[LANGUAGE_COUNT][TOPIC_WORDS]; /* ranks */
    guint to_sentence_end;                     /* words */
    gsize line_start;
    gboolean opens;
} Writer;

/* From a leaflet to a code of law: 20 on average. */
static guint draw_pages(Chance *chance)
{
    static const struct {
        double below;
        guint least;
        guint most;
    } LENGTHS[] = {{0.2, 1, 3}, {0.6, 4, 15}, {0.92, 16, 40}, {1, 41, 125}};
    double share = chance_share(chance);
    guint i = 0;
    while (share >= LENGTHS[i].below)
        i++;
    return LENGTHS[i].least + chance_below(chance, LENGTHS[i].most - LENGTHS[i].least + 1);
}

static void draw_topics(Writer *writer)
{
    static const double FROM = 200, TO = 60000;
    for (int language = LANGUAGE_ITALIAN; language < LANGUAGE_COUNT; language++)
        for (guint i = 0; i < TOPIC_WORDS; i++)
            writer->topics[language][i] =
                (guint)(FROM * pow(TO / FROM, chance_share(&writer->chance)));
}

static guint draw_topic(Writer *writer, Language language)
{
    return writer->topics[language][chance_below(&writer->chance, TOPIC_WORDS)];
}

static void append_word(Writer *writer, GString *text, const char *word)
{
    gsize start = text->len;
    g_string_append(text, word);
    if (writer->opens)
        text->str[start] = g_ascii_toupper(text->str[start]);
}

static void write_number(Writer *writer)
{
    SyntheticToken token = {writer->language, -1, writer->opens};
    g_array_append_val(writer->document->tokens, token);
    g_string_append_printf(writer->document->text, "%u", 1 + chance_below(&writer->chance, 2030));
}

static void write_word(Writer *writer)
{
    double share = chance_share(&writer->chance);
    if (share < NUMBER_SHARE) {
        write_number(writer);
        return;
    }
    guint rank = share < NUMBER_SHARE + TOPIC_SHARE
                     ? draw_topic(writer, writer->language)
                     : draw_rank(&writer->synthetic->language[writer->language], &writer->chance);
    SyntheticToken token = {writer->language, (gint32)rank, writer->opens};
    g_array_append_val(writer->document->tokens, token);
    append_word(writer, writer->document->text,
                synthetic_word(writer->synthetic, writer->language, rank));
}

/* What stands between a word and the next. */
static void write_gap(Writer *writer)
{
    GString *text = writer->document->text;
    writer->opens = FALSE;
    if (text->str[text->len - 1] == '\'')
        return;
    if (--writer->to_sentence_end == 0) {
        g_string_append_c(text, '.');
        writer->opens = TRUE;
        writer->to_sentence_end = 6 + chance_below(&writer->chance, 25);
    } else if (chance_share(&writer->chance) < COMMA_SHARE) {
        g_string_append_c(text, ',');
    }
    gboolean is_full = text->len - writer->line_start > LINE_BYTES;
    g_string_append_c(text, is_full ? '\n' : ' ');
    writer->line_start = is_full ? text->len : writer->line_start;
}

static void write_run(Writer *writer, Language language, guint words)
{
    GString *text = writer->document->text;
    writer->language = language;
    writer->opens = TRUE;
    writer->to_sentence_end = 6 + chance_below(&writer->chance, 25);
    g_string_append_c(text, (char)(MARK_OTHER + (int)language));
    writer->line_start = text->len;
    for (guint i = 0; i < words; i++) {
        write_word(writer);
        write_gap(writer);
    }
    writer->document->share[language] += words;
}

static void write_pages(Writer *writer, Language first, Language second)
{
    SyntheticDocument *document = writer->document;
    for (guint page = 0; page < document->page_count; page++) {
        guint words = PAGE_WORDS_LEAST + chance_below(&writer->chance, PAGE_WORDS_SPREAD);
        if (page > 0)
            g_string_append_c(document->text, MARK_PAGE);
        if (first == second) {
            write_run(writer, first, words);
        } else {
            write_run(writer, first, words / 2);
            write_run(writer, second, words - words / 2);
        }
    }
    double total = document->share[LANGUAGE_ITALIAN] + document->share[LANGUAGE_ENGLISH];
    document->share[LANGUAGE_ITALIAN] /= total;
    document->share[LANGUAGE_ENGLISH] /= total;
}

static void write_title(Writer *writer, Language language)
{
    GString *title = g_string_new(NULL);
    guint words = 3 + chance_below(&writer->chance, 6);
    writer->opens = TRUE;
    for (guint i = 0; i < words; i++) {
        if (i > 0)
            g_string_append_c(title, ' ');
        append_word(writer, title,
                    synthetic_word(writer->synthetic, language, draw_topic(writer, language)));
        writer->opens = FALSE;
    }
    writer->document->title = g_string_free(title, FALSE);
    writer->document->title_language = language;
}

static void write_card(Writer *writer)
{
    SyntheticDocument *document = writer->document;
    Chance *chance = &writer->chance;
    double body = chance_share(chance), collection = chance_share(chance);
    document->year = 1990 + (int)chance_below(chance, 36);
    document->kind = (Kind)chance_below(chance, KIND_COUNT);
    document->body = g_strdup(writer->synthetic->bodies[(guint)(body * body * BODIES)]);
    document->collection =
        g_strdup(writer->synthetic->collections[(guint)(collection * collection * COLLECTIONS)]);
}

SyntheticDocument *synthetic_document(const Synthetic *synthetic, guint number)
{
    /* Two of five in each language, the fifth in both. */
    static const Language FIRST[] = {LANGUAGE_ITALIAN, LANGUAGE_ENGLISH, LANGUAGE_ITALIAN,
                                     LANGUAGE_ENGLISH, LANGUAGE_ITALIAN};
    Language first = FIRST[number % 5];
    Language second = number % 5 == 4 ? LANGUAGE_ENGLISH : first;
    SyntheticDocument *document = g_new0(SyntheticDocument, 1);
    Chance seed = {DOCUMENT_SEED + ((guint64)number << 20)};
    Writer writer = {.synthetic = synthetic, .document = document, .chance = {chance_next(&seed)}};
    document->text = g_string_sized_new(64 * 1024);
    document->tokens = g_array_new(FALSE, FALSE, sizeof(SyntheticToken));
    document->page_count = draw_pages(&writer.chance);
    draw_topics(&writer);
    write_card(&writer);
    write_title(&writer, first);
    write_pages(&writer, first, second);
    return document;
}

void synthetic_document_free(SyntheticDocument *document)
{
    if (!document)
        return;
    g_free(document->title);
    g_free(document->body);
    g_free(document->collection);
    g_string_free(document->text, TRUE);
    g_array_unref(document->tokens);
    g_free(document);
}
