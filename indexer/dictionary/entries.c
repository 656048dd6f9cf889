/* See entries.h. */
#include "entries.h"

#include <math.h>
#include <string.h>

#include "../dictionary.h"
#include "../dictionary_format.h"
#include "lemma.h"

enum {
    WORD_MEANINGS = 4, /* of one word; an entry of several words may have more */
    KEY_BYTES = 2,     /* "i=", before the word */
    RELATED_BYTES = 5, /* words that begin with as many equal bytes are relatives */
};

static const double KEPT = 0.25;          /* of the weight of a word's likeliest translation */
static const double RELATED_SHARE = 0.35; /* of a relative's meanings in a form's entry */
static const double FORM_WEIGHT = 0.5;    /* of a form that has an entry of its own */
static const double INFLECTED = 0.5;      /* of a word whose form is also another word itself */
static const double FAINT = 0.3;          /* what is less likely is left out of an entry */

/* A candidate: `to` as a translation of the word `from`. */
typedef struct {
    const char *from;
    const char *to;
    double weight;
    gboolean is_hand;
} Candidate;

/* A word and what it means. */
typedef struct {
    const char *lemma; /* of the pairs */
    Language language;
    GArray *meanings; /* Meaning */
    gboolean is_hand; /* a person gave one of them */
} Word;

/* A form, and the words that it may be of. */
typedef struct {
    GPtrArray *lemmas;   /* const char *, of the lexicon or the pairs */
    GPtrArray *likely;   /* those in the dictionary that it is a common form of */
    gboolean is_content; /* not only a function word */
    gboolean is_word;    /* it is a word of the dictionary itself */
} Form;

struct Entries {
    GTree *table;
    GHashTable *words;  /* of each stem: GPtrArray of Word */
    GHashTable *lemmas; /* "i=porto": the Word */
    Analyser *analyser;
};

typedef struct {
    Entries *entries;
    Language from;
    Language to;
} Direction;

static void meaning_clear(gpointer data)
{
    Meaning *meaning = data;
    g_free(meaning->words);
    g_free(meaning->key);
}

static GArray *meanings_new(void)
{
    GArray *meanings = g_array_new(FALSE, FALSE, sizeof(Meaning));
    g_array_set_clear_func(meanings, meaning_clear);
    return meanings;
}

static void word_free(gpointer data)
{
    Word *word = data;
    g_array_unref(word->meanings);
    g_free(word);
}

static void form_free(gpointer data)
{
    Form *form = data;
    g_ptr_array_unref(form->lemmas);
    g_ptr_array_unref(form->likely);
    g_free(form);
}

/* Meanings */

/* Of translations with one key, the likeliest stays. */
static void add_meaning(GArray *meanings, const char *words, const char *key, double weight)
{
    for (guint i = 0; i < meanings->len; i++) {
        Meaning *known = &g_array_index(meanings, Meaning, i);
        if (strcmp(known->key, key) != 0)
            continue;
        if (known->weight < weight) {
            g_free(known->words);
            known->words = g_strdup(words);
            known->weight = weight;
        }
        return;
    }
    Meaning meaning = {g_strdup(words), g_strdup(key), weight};
    g_array_append_val(meanings, meaning);
}

static void add_meanings(GArray *meanings, const GArray *more, double scale)
{
    for (guint i = 0; i < more->len; i++) {
        const Meaning *meaning = &g_array_index(more, Meaning, i);
        add_meaning(meanings, meaning->words, meaning->key, meaning->weight * scale);
    }
}

static int compare_meanings(gconstpointer a, gconstpointer b)
{
    const Meaning *one = a;
    const Meaning *other = b;
    if (one->weight > other->weight || one->weight < other->weight)
        return one->weight > other->weight ? -1 : 1;
    return strcmp(one->words, other->words);
}

/* The likeliest first and with weight 1, and no more than an entry may have. */
static void finish_meanings(GArray *meanings)
{
    g_array_sort(meanings, compare_meanings);
    double best = meanings->len > 0 ? g_array_index(meanings, Meaning, 0).weight : 1;
    guint kept = 0;
    for (; kept < MIN(meanings->len, (guint)DICTIONARY_TRANSLATIONS); kept++) {
        Meaning *meaning = &g_array_index(meanings, Meaning, kept);
        meaning->weight /= best;
        if (meaning->weight < FAINT)
            break;
    }
    g_array_set_size(meanings, kept);
}

/* Words */

static int compare_candidates(gconstpointer a, gconstpointer b)
{
    const Candidate *one = a;
    const Candidate *other = b;
    int order = strcmp(one->from, other->from);
    if (order != 0)
        return order;
    if (one->weight > other->weight || one->weight < other->weight)
        return one->weight > other->weight ? -1 : 1;
    return strcmp(one->to, other->to);
}

static GArray *candidates_new(const GPtrArray *trusted, Language from)
{
    GArray *candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    for (guint i = 0; i < trusted->len; i++) {
        const Pair *pair = trusted->pdata[i];
        gboolean is_italian = from == LANGUAGE_ITALIAN;
        Candidate candidate = {
            .from = is_italian ? pair->italian : pair->english,
            .to = is_italian ? pair->english : pair->italian,
            .weight = is_italian ? pair_weight_italian(pair) : pair_weight_english(pair),
            .is_hand = pair->likelihood[ROUTE_HAND] > 0,
        };
        g_array_append_val(candidates, candidate);
    }
    g_array_sort(candidates, compare_candidates);
    return candidates;
}

static char *word_key(Language language, const char *folded)
{
    return g_strdup_printf("%c%c%s", *language_code(language), DICTIONARY_WORD_MARK, folded);
}

static Language key_language(const char *key)
{
    return *key == *language_code(LANGUAGE_ITALIAN) ? LANGUAGE_ITALIAN : LANGUAGE_ENGLISH;
}

static void add_to_stem(Entries *entries, const char *key, Word *word)
{
    GPtrArray *words = g_hash_table_lookup(entries->words, key);
    if (!words) {
        words = g_ptr_array_new_with_free_func(word_free);
        g_hash_table_insert(entries->words, g_strdup(key), words);
    }
    g_ptr_array_add(words, word);
}

/* Adds a word with its `count` candidates. How much is known of a word stands for how common it
 * is; its root keeps rarer words in sight. */
static void add_word(const Direction *direction, const Candidate *candidates, guint count)
{
    Analyser *analyser = direction->entries->analyser;
    g_autofree char *key = lemma_key(analyser, direction->from, candidates->from);
    if (!key)
        return;
    Word *word = g_new0(Word, 1);
    word->lemma = candidates->from;
    word->language = direction->from;
    word->meanings = meanings_new();
    double best = candidates->weight;
    for (guint i = 0; i < MIN(count, WORD_MEANINGS); i++) {
        g_autofree char *to_key = lemma_key(analyser, direction->to, candidates[i].to);
        word->is_hand |= candidates[i].is_hand;
        if (to_key && candidates[i].weight >= KEPT * best)
            add_meaning(word->meanings, candidates[i].to, to_key,
                        candidates[i].weight / sqrt(best));
    }
    add_to_stem(direction->entries, key, word);
    g_hash_table_insert(direction->entries->lemmas, word_key(word->language, word->lemma), word);
}

static void add_direction(const Direction *direction, const GPtrArray *trusted)
{
    g_autoptr(GArray) candidates = candidates_new(trusted, direction->from);
    const Candidate *all = (const Candidate *)(gpointer)candidates->data;
    guint next;
    for (guint at = 0; at < candidates->len; at = next) {
        for (next = at + 1; next < candidates->len; next++)
            if (strcmp(all[next].from, all[at].from) != 0)
                break;
        add_word(direction, all + at, next - at);
    }
}

static void add_entry(gpointer key, gpointer value, gpointer data)
{
    const GPtrArray *words = value;
    Entries *entries = data;
    GArray *meanings = meanings_new();
    for (guint i = 0; i < words->len; i++)
        add_meanings(meanings, ((const Word *)words->pdata[i])->meanings, 1);
    finish_meanings(meanings);
    g_tree_insert(entries->table, g_strdup(key), meanings);
}

static int compare_keys(gconstpointer a, gconstpointer b, gpointer data)
{
    (void)data;
    return strcmp(a, b);
}

Entries *entries_new(const GPtrArray *trusted, Analyser *analyser)
{
    Entries *entries = g_new0(Entries, 1);
    Direction italian = {entries, LANGUAGE_ITALIAN, LANGUAGE_ENGLISH};
    Direction english = {entries, LANGUAGE_ENGLISH, LANGUAGE_ITALIAN};
    entries->analyser = analyser;
    entries->table = g_tree_new_full(compare_keys, NULL, g_free, (GDestroyNotify)g_array_unref);
    entries->words =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    entries->lemmas = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    add_direction(&italian, trusted);
    add_direction(&english, trusted);
    g_hash_table_foreach(entries->words, add_entry, entries);
    return entries;
}

void entries_free(Entries *entries)
{
    if (!entries)
        return;
    g_tree_unref(entries->table);
    g_hash_table_unref(entries->lemmas);
    g_hash_table_unref(entries->words);
    g_free(entries);
}

/* Forms with entries of their own */

/* The form that is so written; made when it is new. NULL: not a single word. */
static Form *form_of(GHashTable *forms, Analyser *analyser, Language language, const char *written,
                     gboolean is_content)
{
    g_autofree char *folded = lemma_folded(analyser, written);
    if (!folded)
        return NULL;
    g_autofree char *key = word_key(language, folded);
    Form *form = g_hash_table_lookup(forms, key);
    if (!form) {
        form = g_new0(Form, 1);
        form->lemmas = g_ptr_array_new();
        form->likely = g_ptr_array_new();
        form->is_content = is_content;
        g_hash_table_insert(forms, g_steal_pointer(&key), form);
    }
    return form;
}

static gboolean has_lemma(const GPtrArray *lemmas, const char *lemma)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *)lemmas, lemma, g_str_equal, NULL);
}

static void add_lemma(GPtrArray *lemmas, const char *lemma)
{
    if (!has_lemma(lemmas, lemma))
        g_ptr_array_add(lemmas, (gpointer)lemma);
}

static const Word *find_word(const Entries *entries, Language language, const char *lemma)
{
    g_autofree char *key = word_key(language, lemma);
    return g_hash_table_lookup(entries->lemmas, key);
}

static void add_lexicon(const Entries *entries, GHashTable *forms, const Lexicon *lexicon)
{
    const GArray *analyses = lexicon_analyses(lexicon);
    for (guint i = 0; i < analyses->len; i++) {
        const Analysis *row = &g_array_index(analyses, Analysis, i);
        Form *form = form_of(forms, entries->analyser, row->language, row->form, FALSE);
        if (!form)
            continue;
        form->is_content |= row->is_content;
        add_lemma(form->lemmas, row->lemma);
        if (row->is_common && find_word(entries, row->language, row->lemma))
            add_lemma(form->likely, row->lemma);
    }
}

/* A word of the dictionary is a form of itself, whatever else it is. */
static void add_lemmas(const Entries *entries, GHashTable *forms)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, entries->lemmas);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Word *word = value;
        Form *form = form_of(forms, entries->analyser, word->language, word->lemma, TRUE);
        if (!form)
            continue;
        add_lemma(form->lemmas, word->lemma);
        add_lemma(form->likely, word->lemma);
        form->is_word = TRUE;
    }
}

/* Derived from one another, by their looks: "difendere", "difensore"; not "porta", "porto". */
static gboolean are_relatives(const char *one, const char *other)
{
    gsize equal = 0;
    while (one[equal] && one[equal] == other[equal])
        equal++;
    return equal >= RELATED_BYTES;
}

/* How likely a form is meant as one of `lemma`. "porta" is the door first, and a form of "portare"
 * second; "violino" is hardly ever one of "violare". */
static double reading_scale(const Entries *entries, const char *key, const Form *form,
                            const char *lemma)
{
    g_autofree char *folded = lemma_folded(entries->analyser, lemma);
    if (g_strcmp0(folded, key + KEY_BYTES) == 0)
        return 1;
    if (form->likely->len > 0 && !has_lemma(form->likely, lemma))
        return 0;
    return form->is_word ? INFLECTED : 1;
}

/* Adds what the words that the form may be of mean; returns how many are in the dictionary. Of
 * function words, the dictionaries' translations are chance: a person must have given them. */
static guint add_own_meanings(const Entries *entries, GArray *meanings, const char *form_key,
                              const Form *form)
{
    guint found = 0;
    for (guint i = 0; i < form->lemmas->len; i++) {
        const char *lemma = form->lemmas->pdata[i];
        const Word *word = find_word(entries, key_language(form_key), lemma);
        double scale = reading_scale(entries, form_key, form, lemma);
        if (!word || scale <= 0 || (!form->is_content && !word->is_hand))
            continue;
        add_meanings(meanings, word->meanings, scale);
        found++;
    }
    return found;
}

static gboolean is_relative_of_first(const GArray *meanings, guint count, const char *words)
{
    for (guint i = 0; i < count; i++)
        if (are_relatives(g_array_index(meanings, Meaning, i).words, words))
            return TRUE;
    return FALSE;
}

/* Adds what a relative means, as far as it is a relative in that language too: "nazionale" is near
 * "nazione" as "national" is near "nation"; "statista" is not as near "statistica". */
static void add_related_meanings(GArray *meanings, guint own, const GArray *more)
{
    for (guint i = 0; i < more->len; i++) {
        const Meaning *meaning = &g_array_index(more, Meaning, i);
        if (is_relative_of_first(meanings, own, meaning->words))
            add_meaning(meanings, meaning->words, meaning->key, meaning->weight * RELATED_SHARE);
    }
}

/* Adds what relatives of those words mean, among `words` of the form's stem; returns how many of
 * `words` are the form's own. */
static guint add_relatives(GArray *meanings, const Form *form, const GPtrArray *words)
{
    guint own = 0;
    guint own_meanings = meanings->len;
    for (guint i = 0; words && i < words->len; i++) {
        const Word *word = words->pdata[i];
        gboolean is_own = has_lemma(form->lemmas, word->lemma);
        gboolean is_relative = FALSE;
        for (guint j = 0; j < form->lemmas->len && !is_own; j++)
            is_relative |= are_relatives(form->lemmas->pdata[j], word->lemma);
        if (is_relative)
            add_related_meanings(meanings, own_meanings, word->meanings);
        own += is_own;
    }
    return own;
}

/* An entry of the words that a form may be of, when its stem's entry says something else. What the
 * lexicon knows and the dictionary does not is left to the stem: a relative's meaning is better
 * than none. */
static void add_form_entry(Entries *entries, const char *key, const Form *form)
{
    g_autofree char *stem =
        analyser_stem_term(entries->analyser, key_language(key), key + KEY_BYTES);
    const GPtrArray *words = stem ? g_hash_table_lookup(entries->words, stem) : NULL;
    g_autoptr(GArray) meanings = meanings_new();
    guint found = add_own_meanings(entries, meanings, key, form);
    guint own = form->is_content ? add_relatives(meanings, form, words) : 0;
    gboolean is_as_stem = words ? own == 1 && found == 1 && words->len == 1 : found == 0;
    if (is_as_stem || (found == 0 && form->is_content))
        return;
    finish_meanings(meanings);
    g_tree_insert(entries->table, g_strdup(key), g_steal_pointer(&meanings));
}

void entries_add_words(Entries *entries, const Lexicon *lexicon)
{
    g_autoptr(GHashTable) forms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, form_free);
    GHashTableIter iter;
    gpointer key;
    gpointer form;
    add_lexicon(entries, forms, lexicon);
    add_lemmas(entries, forms);
    g_hash_table_iter_init(&iter, forms);
    while (g_hash_table_iter_next(&iter, &key, &form))
        add_form_entry(entries, key, form);
}

/* Other stems */

static void copy_meanings(Entries *entries, const char *stem, const char *other)
{
    const GArray *from = g_tree_lookup(entries->table, other);
    if (!from)
        return;
    GArray *meanings = g_tree_lookup(entries->table, stem);
    double scale = meanings ? FORM_WEIGHT : 1;
    if (!meanings) {
        meanings = meanings_new();
        g_tree_insert(entries->table, g_strdup(stem), meanings);
    }
    add_meanings(meanings, from, scale);
    finish_meanings(meanings);
}

static gboolean add_other_stems(gpointer key, gpointer value, gpointer data)
{
    const GString *others = value;
    g_auto(GStrv) stems = g_strsplit(others->str, " ", -1);
    for (guint i = 0; stems[i]; i++)
        copy_meanings(data, key, stems[i]);
    return FALSE;
}

void entries_add_forms(Entries *entries, GTree *forms)
{
    g_tree_foreach(forms, add_other_stems, entries);
}

GTree *entries_table(const Entries *entries)
{
    return entries->table;
}
