/* Fits the language model: reads CLASS.text and CLASS.words of every class, chooses the letter
 * groups that tell most, learns their weights and writes language_model.bin.
 *
 *     fit FOLDER OUTPUT CLASS...
 *
 * The classes are given in the order of the model. The method is multinomial logistic regression
 * over stretches of one to eight words, by stochastic gradient with a step per weight (AdaGrad,
 * Duchi, Hazan and Singer 2011). Groups are chosen by the mutual information of group and class;
 * more are learned than fit into the table, and those that turn out to weigh least are dropped
 * before the last rounds; so are sentences that
 * plainly are in another language than their file claims. Every twentieth sentence is kept out of
 * training and measured at the end. The same input gives the same model. */
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../../indexer/language_model.h"

enum {
    CLASSES = LANGUAGE_MODEL_CLASSES,
    TABLE_GROUPS = LANGUAGE_MODEL_SLOTS * 13 / 16,
    FIRST_GROUPS = TABLE_GROUPS * 4,
    HELD_OUT = 20,         /* one sentence in so many */
    STRETCH_WORDS = 8,     /* longest stretch learned from */
    LIST_PERCENT = 20,     /* share of stretches made of dictionary words */
    MAIN_CLASS_WEIGHT = 4, /* Italian and English are seen so much oftener than another class */
    STRAY_PASSES = 4,
    ROUNDS_FIRST = 2500000, /* stretches */
    ROUNDS_LAST = 5000000,
};

/* The functions shared with the program want a table to be linked with; none is looked up here. */
extern const guint8 language_model_data[];
const guint8 language_model_data[LANGUAGE_MODEL_SLOTS * (2 + CLASSES)] = {0};

static const double learning_rate = 0.25;
static const double decay = 2e-7;
static const float stray_nats = 2;

typedef struct {
    guint32 group;
    float value;
} Candidate;

/* A word as the numbers of its groups in the list of chosen groups. */
typedef struct {
    guint first;
    guint count;
} Word;

typedef struct {
    GArray *words; /* guint: word numbers, of all sentences */
    GArray *ends;  /* guint: where in `words` each sentence ends */
} Sentences;

typedef struct {
    GHashTable *numbers; /* text of a word -> number + 1 */
    GPtrArray *texts;
    Sentences train[CLASSES], held[CLASSES], list[CLASSES];
    GArray *chosen;     /* Candidate: the chosen groups, best first */
    GHashTable *groups; /* hash of a chosen group -> number + 1 */
    GArray *word_groups;
    Word *words;
    float (*weights)[CLASSES];
    float (*squares)[CLASSES];
    guint group_count;
    guint64 random;
} Fit;

static guint next_random(Fit *fit, guint below)
{
    fit->random ^= fit->random << 13;
    fit->random ^= fit->random >> 7;
    fit->random ^= fit->random << 17;
    return (guint)((fit->random >> 11) % below);
}

static guint word_number(Fit *fit, const char *text, gsize length)
{
    char *key = g_strndup(text, length);
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(fit->numbers, key));
    if (number != 0) {
        g_free(key);
        return number - 1;
    }
    g_ptr_array_add(fit->texts, key);
    g_hash_table_insert(fit->numbers, key, GUINT_TO_POINTER(fit->texts->len));
    return fit->texts->len - 1;
}

static gboolean in_word(gunichar letter)
{
    return g_unichar_isalpha(letter) || g_unichar_ismark(letter) || letter == 0xad;
}

static gboolean is_apostrophe(gunichar letter)
{
    return letter == '\'' || letter == 0x2019;
}

static void add_sentence(Fit *fit, Sentences *sentences, const char *line)
{
    guint before = sentences->words->len;
    while (*line != '\0') {
        const char *start = line;
        while (in_word(g_utf8_get_char(line)) ||
               (line > start && is_apostrophe(g_utf8_get_char(line)) &&
                in_word(g_utf8_get_char(g_utf8_next_char(line)))))
            line = g_utf8_next_char(line);
        if (line > start) {
            guint number = word_number(fit, start, (gsize)(line - start));
            g_array_append_val(sentences->words, number);
        } else {
            line = g_utf8_next_char(line);
        }
    }
    if (sentences->words->len > before)
        g_array_append_val(sentences->ends, sentences->words->len);
}

static void sentences_init(Sentences *sentences)
{
    sentences->words = g_array_new(FALSE, FALSE, sizeof(guint));
    sentences->ends = g_array_new(FALSE, FALSE, sizeof(guint));
}

static void read_lines(Fit *fit, const char *folder, const char *name, const char *kind,
                       Sentences *most, Sentences *held)
{
    g_autofree char *file = g_strdup_printf("%s/%s.%s", folder, name, kind);
    g_autofree char *text = NULL;
    sentences_init(most);
    if (held != NULL)
        sentences_init(held);
    if (!g_file_get_contents(file, &text, NULL, NULL))
        g_error("cannot read %s", file);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        gboolean apart = held != NULL && g_str_hash(*line) % HELD_OUT == 0;
        if (g_utf8_validate(*line, -1, NULL))
            add_sentence(fit, apart ? held : most, *line);
    }
}

/* --- choosing groups ----------------------------------------------------------------------- */

static void count_words(const Sentences *sentences, float share, float *counts)
{
    float each = sentences->words->len > 0 ? share / (float)sentences->words->len : 0;
    for (guint i = 0; i < sentences->words->len; i++)
        counts[g_array_index(sentences->words, guint, i)] += each;
}

typedef struct {
    GHashTable *numbers; /* group hash -> number + 1 */
    GArray *counts;      /* float[CLASSES] each: share of the class's words that have the group */
    GArray *hashes;
} Census;

static float *census_entry(Census *census, guint32 group)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(census->numbers, GUINT_TO_POINTER(group)));
    if (number == 0) {
        g_array_append_val(census->hashes, group);
        number = census->hashes->len;
        g_array_set_size(census->counts, number * CLASSES);
        g_hash_table_insert(census->numbers, GUINT_TO_POINTER(group), GUINT_TO_POINTER(number));
    }
    return &g_array_index(census->counts, float, (number - 1) * CLASSES);
}

static void census_take(Census *census, const Fit *fit, guint label, const float *shares)
{
    for (guint w = 0; w < fit->texts->len; w++) {
        if (shares[w] == 0)
            continue;
        const char *text = g_ptr_array_index(fit->texts, w);
        guint32 groups[LANGUAGE_MODEL_GROUPS];
        guint count = language_model_groups(text, strlen(text), groups);
        for (guint i = 0; i < count; i++)
            census_entry(census, groups[i])[label] += shares[w];
    }
}

static float class_weight(guint label)
{
    return label < 2 ? MAIN_CLASS_WEIGHT : 1;
}

/* How much a group says about the class: its part of the mutual information. */
static float information(const float *counts)
{
    float all = 0, weights = 0, value = 0;
    for (guint c = 0; c < CLASSES; c++) {
        all += counts[c] * class_weight(c);
        weights += class_weight(c);
    }
    float mean = all / weights;
    for (guint c = 0; c < CLASSES; c++)
        if (counts[c] > 0)
            value += class_weight(c) * counts[c] * logf(counts[c] / mean);
    return value;
}

static int by_value(const void *a, const void *b)
{
    const Candidate *one = a, *other = b;
    if (one->value != other->value)
        return one->value < other->value ? 1 : -1;
    return one->group < other->group ? -1 : one->group > other->group;
}

/* Takes over `candidates`. */
static void take_best(Fit *fit, GArray *candidates, guint most)
{
    g_array_unref(fit->chosen);
    fit->chosen = candidates;
    g_array_sort(candidates, by_value);
    if (candidates->len > most)
        g_array_set_size(candidates, most);
    g_hash_table_remove_all(fit->groups);
    for (guint i = 0; i < candidates->len; i++)
        g_hash_table_insert(fit->groups,
                            GUINT_TO_POINTER(g_array_index(candidates, Candidate, i).group),
                            GUINT_TO_POINTER(i + 1));
    fit->group_count = candidates->len;
}

static void choose_groups(Fit *fit)
{
    Census census = {g_hash_table_new(NULL, NULL), g_array_new(FALSE, TRUE, sizeof(float)),
                     g_array_new(FALSE, FALSE, sizeof(guint32))};
    g_autofree float *shares = g_new(float, fit->texts->len);
    for (guint c = 0; c < CLASSES; c++) {
        memset(shares, 0, fit->texts->len * sizeof shares[0]);
        count_words(&fit->train[c], 0.8f, shares);
        count_words(&fit->list[c], 0.2f, shares);
        census_take(&census, fit, c, shares);
    }
    GArray *candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    for (guint i = 0; i < census.hashes->len; i++) {
        Candidate candidate = {g_array_index(census.hashes, guint32, i),
                               information(&g_array_index(census.counts, float, i *CLASSES))};
        g_array_append_val(candidates, candidate);
    }
    fprintf(stderr, "%u groups in %u words\n", candidates->len, fit->texts->len);
    take_best(fit, candidates, FIRST_GROUPS);
    g_hash_table_unref(census.numbers);
    g_array_unref(census.counts);
    g_array_unref(census.hashes);
}

/* Writes down for every word which of the chosen groups it has. */
static void index_words(Fit *fit)
{
    g_array_set_size(fit->word_groups, 0);
    for (guint w = 0; w < fit->texts->len; w++) {
        const char *text = g_ptr_array_index(fit->texts, w);
        guint32 groups[LANGUAGE_MODEL_GROUPS];
        guint count = language_model_groups(text, strlen(text), groups);
        fit->words[w].first = fit->word_groups->len;
        for (guint i = 0; i < count; i++) {
            guint number =
                GPOINTER_TO_UINT(g_hash_table_lookup(fit->groups, GUINT_TO_POINTER(groups[i])));
            if (number-- != 0)
                g_array_append_val(fit->word_groups, number);
        }
        fit->words[w].count = fit->word_groups->len - fit->words[w].first;
    }
}

/* --- learning ------------------------------------------------------------------------------ */

static const guint *groups_of(const Fit *fit, guint word, guint *ret_count)
{
    *ret_count = fit->words[word].count;
    return &g_array_index(fit->word_groups, guint, fit->words[word].first);
}

static void add_word(const Fit *fit, guint word, float *sums)
{
    guint count;
    const guint *groups = groups_of(fit, word, &count);
    for (guint i = 0; i < count; i++)
        for (guint c = 0; c < CLASSES; c++)
            sums[c] += fit->weights[groups[i]][c];
}

/* Turns sums into probabilities. */
static void normalise(float *sums)
{
    float best = sums[0], total = 0;
    for (guint c = 1; c < CLASSES; c++)
        best = MAX(best, sums[c]);
    for (guint c = 0; c < CLASSES; c++)
        total += sums[c] = expf(sums[c] - best);
    for (guint c = 0; c < CLASSES; c++)
        sums[c] /= total;
}

static void step(Fit *fit, guint group, const float *gradient)
{
    float *weights = fit->weights[group];
    float *squares = fit->squares[group];
    for (guint c = 0; c < CLASSES; c++) {
        float slope = gradient[c] + (float)decay * weights[c];
        squares[c] += slope * slope;
        weights[c] -= (float)learning_rate * slope / sqrtf(squares[c] + 1e-3f);
    }
}

static void learn(Fit *fit, const guint *words, guint count, guint label)
{
    float gradient[CLASSES] = {0};
    for (guint i = 0; i < count; i++)
        add_word(fit, words[i], gradient);
    normalise(gradient);
    gradient[label] -= 1;
    for (guint i = 0; i < count; i++) {
        guint groups;
        const guint *numbers = groups_of(fit, words[i], &groups);
        for (guint g = 0; g < groups; g++)
            step(fit, numbers[g], gradient);
    }
}

static guint pick_class(Fit *fit)
{
    guint pick = next_random(fit, 2 * MAIN_CLASS_WEIGHT + CLASSES - 2);
    return pick < 2 * MAIN_CLASS_WEIGHT ? pick / MAIN_CLASS_WEIGHT
                                        : pick - 2 * MAIN_CLASS_WEIGHT + 2;
}

static void learn_list(Fit *fit, guint label)
{
    guint words[4];
    guint count = 1 + next_random(fit, G_N_ELEMENTS(words));
    const GArray *list = fit->list[label].words;
    for (guint i = 0; i < count; i++)
        words[i] = g_array_index(list, guint, next_random(fit, list->len));
    learn(fit, words, count, label);
}

static void learn_stretch(Fit *fit, guint label)
{
    const Sentences *sentences = &fit->train[label];
    guint sentence = next_random(fit, sentences->ends->len);
    guint start = sentence > 0 ? g_array_index(sentences->ends, guint, sentence - 1) : 0;
    guint length = g_array_index(sentences->ends, guint, sentence) - start;
    guint most = 1 + next_random(fit, STRETCH_WORDS);
    if (length > most) {
        start += next_random(fit, length - most + 1);
        length = most;
    }
    learn(fit, &g_array_index(sentences->words, guint, start), length, label);
}

static void learn_rounds(Fit *fit, guint rounds)
{
    for (guint i = 0; i < rounds; i++) {
        guint label = pick_class(fit);
        if (fit->list[label].words->len > 1000 && next_random(fit, 100) < LIST_PERCENT)
            learn_list(fit, label);
        else
            learn_stretch(fit, label);
    }
}

static void start_weights(Fit *fit)
{
    fit->weights = g_realloc(fit->weights, fit->group_count * sizeof fit->weights[0]);
    fit->squares = g_realloc(fit->squares, fit->group_count * sizeof fit->squares[0]);
    memset(fit->weights, 0, fit->group_count * sizeof fit->weights[0]);
    memset(fit->squares, 0, fit->group_count * sizeof fit->squares[0]);
}

/* Keeps the groups whose weights moved most: the sum of squared slopes is how much they were
 * used, the spread of the weights how much they decide. */
static void prune(Fit *fit)
{
    GArray *candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    for (guint g = 0; g < fit->group_count; g++) {
        float value = 0;
        for (guint c = 0; c < CLASSES; c++)
            value += class_weight(c) * fabsf(fit->weights[g][c]) * sqrtf(fit->squares[g][c]);
        Candidate candidate = {g_array_index(fit->chosen, Candidate, g).group, value};
        g_array_append_val(candidates, candidate);
    }
    take_best(fit, candidates, TABLE_GROUPS);
}

/* --- measuring and writing ----------------------------------------------------------------- */

static guint best_class(const Fit *fit, const guint *words, guint count)
{
    float sums[CLASSES] = {0};
    guint best = 0;
    for (guint i = 0; i < count; i++)
        add_word(fit, words[i], sums);
    for (guint c = 1; c < CLASSES; c++)
        best = sums[c] > sums[best] ? c : best;
    return best;
}

static void measure(const Fit *fit, char **names)
{
    for (guint c = 0; c < CLASSES; c++) {
        const Sentences *sentences = &fit->held[c];
        guint start = 0, right = 0, taken[2] = {0};
        for (guint i = 0; i < sentences->ends->len; i++) {
            guint end = g_array_index(sentences->ends, guint, i);
            guint best =
                best_class(fit, &g_array_index(sentences->words, guint, start), end - start);
            right += best == c;
            if (best < 2)
                taken[best]++;
            start = end;
        }
        double all = MAX(sentences->ends->len, 1) / 100.0;
        fprintf(stderr, "%s %6u held out: right %5.1f %%, Italian %5.2f %%, English %5.2f %%\n",
                names[c], sentences->ends->len, right / all, taken[0] / all, taken[1] / all);
    }
}

/* TRUE if the first model is sure that the words are of another class than their file says:
 * translations are never complete, and quote the original. */
static gboolean is_stray(const Fit *fit, const guint *words, guint count, guint label)
{
    float sums[CLASSES] = {0};
    float best = 0;
    for (guint i = 0; i < count; i++)
        add_word(fit, words[i], sums);
    for (guint c = 0; c < CLASSES; c++)
        best = MAX(best, sums[c] - sums[label]);
    return best > stray_nats;
}

static void drop_strays(const Fit *fit, Sentences *sentences, guint label)
{
    Sentences kept;
    guint start = 0;
    sentences_init(&kept);
    for (guint i = 0; i < sentences->ends->len; i++) {
        guint end = g_array_index(sentences->ends, guint, i);
        const guint *words = &g_array_index(sentences->words, guint, start);
        if (!is_stray(fit, words, end - start, label)) {
            g_array_append_vals(kept.words, words, end - start);
            g_array_append_val(kept.ends, kept.words->len);
        }
        start = end;
    }
    fprintf(stderr, "%u of %u kept\n", kept.ends->len, sentences->ends->len);
    g_array_unref(sentences->words);
    g_array_unref(sentences->ends);
    *sentences = kept;
}

static void drop_all_strays(Fit *fit)
{
    for (guint c = 0; c < CLASSES; c++) {
        drop_strays(fit, &fit->train[c], c);
        drop_strays(fit, &fit->held[c], c);
        drop_strays(fit, &fit->list[c], c);
    }
}

static gint8 to_unit(float weight, float mean)
{
    return (gint8)CLAMP(lrintf((weight - mean) * LANGUAGE_MODEL_UNIT), -127, 127);
}

static void put_group(guint8 *data, guint32 group, const float *weights)
{
    guint slot = group % LANGUAGE_MODEL_SLOTS;
    while (data[2 * slot] != 0 || data[2 * slot + 1] != 0)
        slot = (slot + 1) % LANGUAGE_MODEL_SLOTS;
    guint fingerprint = MAX(group >> 16, 1);
    data[2 * slot] = (guint8)fingerprint;
    data[2 * slot + 1] = (guint8)(fingerprint >> 8);
    float mean = 0;
    for (guint c = 0; c < CLASSES; c++)
        mean += weights[c] / CLASSES;
    guint8 *row = data + 2 * LANGUAGE_MODEL_SLOTS + slot * CLASSES;
    for (guint c = 0; c < CLASSES; c++)
        row[c] = (guint8)to_unit(weights[c], mean);
}

static gboolean write_model(Fit *fit, const char *file)
{
    gsize size = LANGUAGE_MODEL_SLOTS * (2 + CLASSES);
    g_autofree guint8 *data = g_malloc0(size);
    for (guint i = 0; i < fit->chosen->len; i++)
        put_group(data, g_array_index(fit->chosen, Candidate, i).group, fit->weights[i]);
    return g_file_set_contents(file, (const char *)data, (gssize)size, NULL);
}

int main(int argc, char **argv)
{
    if (argc != 3 + CLASSES) {
        fprintf(stderr, "usage: fit FOLDER OUTPUT CLASS...\n");
        return 2;
    }
    Fit fit = {.numbers = g_hash_table_new(g_str_hash, g_str_equal),
               .texts = g_ptr_array_new(),
               .chosen = g_array_new(FALSE, FALSE, sizeof(Candidate)),
               .groups = g_hash_table_new(NULL, NULL),
               .word_groups = g_array_new(FALSE, FALSE, sizeof(guint)),
               .random = 88172645463325252u};
    for (guint c = 0; c < CLASSES; c++) {
        read_lines(&fit, argv[1], argv[3 + c], "text", &fit.train[c], &fit.held[c]);
        read_lines(&fit, argv[1], argv[3 + c], "words", &fit.list[c], NULL);
    }
    fit.words = g_new(Word, fit.texts->len);
    choose_groups(&fit);
    index_words(&fit);
    start_weights(&fit);
    for (guint pass = 0; pass < STRAY_PASSES; pass++) {
        start_weights(&fit);
        learn_rounds(&fit, ROUNDS_FIRST);
        drop_all_strays(&fit);
    }
    start_weights(&fit);
    learn_rounds(&fit, ROUNDS_FIRST);
    prune(&fit);
    index_words(&fit);
    start_weights(&fit);
    learn_rounds(&fit, ROUNDS_LAST);
    measure(&fit, argv + 3);
    return write_model(&fit, argv[2]) ? 0 : 1;
}
