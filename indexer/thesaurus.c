/* Thesaurus: see thesaurus.h.
 *
 * Counting is one pass over the words of a text. Terms are found by their first word: closed first
 * words in a hash table, open ones ("migrant*") in another one under their first three bytes. A
 * term of several words that has begun is kept on a short list of those under way, and each next
 * word carries it on or drops it; so nothing is ever looked at twice. */
#include "thesaurus.h"

#include <string.h>

#include "words.h"

/* What makes a document one about a topic. Rates are occurrences in a thousand words. */
static const double RATE_OF_SEVERAL = 1.0; /* two terms or more */
static const double RATE_OF_ONE = 2.0;
static const double TITLE_SCORE = 5.0;
enum {
    COUNT_OF_SEVERAL = 3,
    COUNT_OF_ONE = 6,
    WORDS_LEAST = 300, /* a shorter text has the rates of one of this length */
};

enum {
    COLUMN_CONCEPT,
    COLUMN_LANGUAGE,
    COLUMN_ROLE,
    COLUMN_TERM,
    COLUMN_BROADER,
    COLUMN_BELONGS,
    COLUMN_COUNT
};

static const char TABLE_HEAD[] = "concept\tlanguage\trole\tterm\tbroader\tbelongs";

typedef enum { LEVEL_CONCEPT, LEVEL_THEME, LEVEL_AREA } Level;

typedef struct {
    char *id;
    Level level;
    char *broader;         /* as written */
    char *belongs;         /* as written */
    GArray *topics;        /* guint: the concepts it is evidence for */
    const char *labels[2]; /* of the terms; by language */
    guint line;
} Concept;

typedef struct {
    char *folded;
    gsize length;
    gboolean open; /* an asterisk */
} TermWord;

typedef struct {
    char *written;
    guint concept;
    GArray *words; /* TermWord */
} Term;

struct Thesaurus {
    GPtrArray *concepts;    /* Concept * */
    GHashTable *concept_of; /* id -> number + 1 */
    GPtrArray *terms;       /* Term * */
    GHashTable *seen;       /* "concept folded term" */
    GHashTable *closed;     /* first word -> GArray of guint, numbers of terms */
    GHashTable *open;       /* first three bytes as a number -> GArray of guint */
};

extern const char thesaurus_data[];
extern const char thesaurus_data_end[];

static const char *const LANGUAGES[] = {"it", "en"};
static const char *const ROLES[] = {"preferred", "synonym", "variant", "acronym"};

G_DEFINE_QUARK(schedario - thesaurus - error, thesaurus_error)

/* ---- life ---- */

static void concept_free(gpointer data)
{
    Concept *concept = data;
    g_free(concept->id);
    g_free(concept->broader);
    g_free(concept->belongs);
    g_array_unref(concept->topics);
    g_free(concept);
}

static void term_word_clear(gpointer data)
{
    g_free(((TermWord *)data)->folded);
}

static void term_free(gpointer data)
{
    Term *term = data;
    g_free(term->written);
    g_array_unref(term->words);
    g_free(term);
}

static void array_unref(gpointer data)
{
    g_array_unref(data);
}

static Thesaurus *thesaurus_empty(void)
{
    Thesaurus *thesaurus = g_new0(Thesaurus, 1);
    thesaurus->concepts = g_ptr_array_new_with_free_func(concept_free);
    thesaurus->concept_of = g_hash_table_new(g_str_hash, g_str_equal);
    thesaurus->terms = g_ptr_array_new_with_free_func(term_free);
    thesaurus->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    thesaurus->closed = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, array_unref);
    thesaurus->open = g_hash_table_new_full(NULL, NULL, NULL, array_unref);
    return thesaurus;
}

void thesaurus_free(Thesaurus *thesaurus)
{
    if (thesaurus == NULL)
        return;
    g_hash_table_unref(thesaurus->closed);
    g_hash_table_unref(thesaurus->open);
    g_hash_table_unref(thesaurus->seen);
    g_hash_table_unref(thesaurus->concept_of);
    g_ptr_array_unref(thesaurus->terms);
    g_ptr_array_unref(thesaurus->concepts);
    g_free(thesaurus);
}

/* ---- reading the table ---- */

/* Fails with what is wrong on a line. Always FALSE. */
G_GNUC_PRINTF(4, 5)
static gboolean wrong(GError **error, ThesaurusError code, guint line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, THESAURUS_ERROR, (gint)code, "line %u: %s", line, what);
    return FALSE;
}

static gboolean is_id(const char *id)
{
    return *id != '\0' && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id);
}

static int index_of(const char *const *list, gsize count, const char *name)
{
    for (gsize i = 0; i < count; i++)
        if (strcmp(list[i], name) == 0)
            return (int)i;
    return -1;
}

static gboolean is_same_again(const char *column)
{
    return *column == '\0' || strcmp(column, "-") == 0;
}

static Level level_of(const char *broader)
{
    if (strcmp(broader, "theme") == 0)
        return LEVEL_THEME;
    return strcmp(broader, "area") == 0 ? LEVEL_AREA : LEVEL_CONCEPT;
}

/* The number of a row's concept, which is made with its first row. */
static gboolean take_concept(Thesaurus *thesaurus, char *const *columns, guint line,
                             guint *ret_concept, GError **error)
{
    const char *id = columns[COLUMN_CONCEPT];
    const char *broader = columns[COLUMN_BROADER];
    const char *belongs = columns[COLUMN_BELONGS];
    if (!is_id(id))
        return wrong(error, THESAURUS_ERROR_VALUE, line,
                     "the concept \"%s\" is not of small letters, figures and hyphens", id);
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(thesaurus->concept_of, id));
    if (number > 0) {
        const Concept *concept = thesaurus->concepts->pdata[number - 1];
        if ((!is_same_again(broader) && strcmp(broader, concept->broader) != 0) ||
            (!is_same_again(belongs) && strcmp(belongs, concept->belongs) != 0))
            return wrong(error, THESAURUS_ERROR_VALUE, line,
                         "broader or belongs of \"%s\" is another one than in line %u", id,
                         concept->line);
        *ret_concept = number - 1;
        return TRUE;
    }
    Concept *concept = g_new0(Concept, 1);
    concept->id = g_strdup(id);
    concept->broader = g_strdup(is_same_again(broader) ? "" : broader);
    concept->belongs = g_strdup(is_same_again(belongs) ? "" : belongs);
    concept->level = level_of(concept->broader);
    concept->topics = g_array_new(FALSE, FALSE, sizeof(guint));
    concept->line = line;
    g_ptr_array_add(thesaurus->concepts, concept);
    g_hash_table_insert(thesaurus->concept_of, concept->id,
                        GUINT_TO_POINTER(thesaurus->concepts->len));
    *ret_concept = thesaurus->concepts->len - 1;
    return TRUE;
}

/* The words of a term; asterisks are where the text goes on with one right after a word. */
static gboolean take_words(Term *term, guint line, GError **error)
{
    g_autoptr(Words) words = words_new(term->written, strlen(term->written));
    guint asterisks = 0;
    for (const char *p = term->written; *p != '\0'; p++)
        asterisks += *p == '*' ? 1 : 0;
    for (guint i = 0; i < words->count; i++) {
        const Word *word = &words->word[i];
        gboolean open = term->written[word->end] == '*';
        asterisks -= open ? 1 : 0;
        if (open && strlen(word->folded) < THESAURUS_OPEN_LETTERS)
            return wrong(error, THESAURUS_ERROR_VALUE, line,
                         "the term \"%s\" has less than %d letters before an asterisk",
                         term->written, THESAURUS_OPEN_LETTERS);
        TermWord own = {g_strdup(word->folded), strlen(word->folded), open};
        g_array_append_val(term->words, own);
    }
    if (asterisks != 0)
        return wrong(error, THESAURUS_ERROR_VALUE, line,
                     "the term \"%s\" has an asterisk that does not end a word", term->written);
    if (words->count == 0 || words->count > THESAURUS_TERM_WORDS)
        return wrong(error, THESAURUS_ERROR_VALUE, line,
                     "the term \"%s\" has %u words; allowed are 1 to %d", term->written,
                     words->count, THESAURUS_TERM_WORDS);
    return TRUE;
}

static guint open_key(const char *folded)
{
    return (guint)(guchar)folded[0] | (guint)(guchar)folded[1] << 8 |
           (guint)(guchar)folded[2] << 16;
}

/* Puts the term's number under its first word. */
static void index_term(Thesaurus *thesaurus, guint number)
{
    const Term *term = thesaurus->terms->pdata[number];
    const TermWord *first = &g_array_index(term->words, TermWord, 0);
    GHashTable *table = first->open ? thesaurus->open : thesaurus->closed;
    gpointer key = first->open ? GUINT_TO_POINTER(open_key(first->folded)) : first->folded;
    GArray *numbers = g_hash_table_lookup(table, key);
    if (numbers == NULL) {
        numbers = g_array_new(FALSE, FALSE, sizeof(guint));
        g_hash_table_insert(table, key, numbers);
    }
    g_array_append_val(numbers, number);
}

/* A term of a concept may stand in both languages when they share the word, but once in each. */
static gboolean note_seen(Thesaurus *thesaurus, char *const *columns, guint line, GError **error)
{
    g_autofree char *folded = words_fold(columns[COLUMN_TERM]);
    gboolean open = g_str_has_suffix(columns[COLUMN_TERM], "*");
    char *key = g_strdup_printf("%s\t%s\t%s%s", columns[COLUMN_CONCEPT], columns[COLUMN_LANGUAGE],
                                folded, open ? "*" : "");
    if (g_hash_table_add(thesaurus->seen, key))
        return TRUE;
    return wrong(error, THESAURUS_ERROR_VALUE, line, "the term \"%s\" of \"%s\" is there twice",
                 columns[COLUMN_TERM], columns[COLUMN_CONCEPT]);
}

static gboolean note_label(Thesaurus *thesaurus, guint at, int language, const char *label,
                           guint line, GError **error)
{
    Concept *concept = thesaurus->concepts->pdata[at];
    if (concept->labels[language] != NULL)
        return wrong(error, THESAURUS_ERROR_VALUE, line,
                     "\"%s\" has two preferred terms in one language", concept->id);
    concept->labels[language] = label;
    return TRUE;
}

static gboolean take_term(Thesaurus *thesaurus, char *const *columns, guint at, guint line,
                          GError **error)
{
    int language = index_of(LANGUAGES, G_N_ELEMENTS(LANGUAGES), columns[COLUMN_LANGUAGE]);
    int role = index_of(ROLES, G_N_ELEMENTS(ROLES), columns[COLUMN_ROLE]);
    if (language < 0)
        return wrong(error, THESAURUS_ERROR_VALUE, line,
                     "the language is \"%s\"; allowed are it, en", columns[COLUMN_LANGUAGE]);
    if (role < 0)
        return wrong(error, THESAURUS_ERROR_VALUE, line,
                     "the role is \"%s\"; allowed are preferred, synonym, variant, acronym",
                     columns[COLUMN_ROLE]);
    if (!note_seen(thesaurus, columns, line, error))
        return FALSE;
    Term *term = g_new0(Term, 1);
    term->written = g_strdup(columns[COLUMN_TERM]);
    term->concept = at;
    term->words = g_array_new(FALSE, FALSE, sizeof(TermWord));
    g_array_set_clear_func(term->words, term_word_clear);
    g_ptr_array_add(thesaurus->terms, term);
    if (!take_words(term, line, error))
        return FALSE;
    index_term(thesaurus, thesaurus->terms->len - 1);
    return role != 0 || note_label(thesaurus, at, language, term->written, line, error);
}

static gboolean take_row(Thesaurus *thesaurus, const char *row, guint line, GError **error)
{
    g_auto(GStrv) columns = g_strsplit(row, "\t", COLUMN_COUNT + 1);
    guint count = g_strv_length(columns);
    if (count != COLUMN_COUNT)
        return wrong(error, THESAURUS_ERROR_SYNTAX, line,
                     "there are %u columns instead of %d (parted by tabs)", count, COLUMN_COUNT);
    for (guint i = 0; i < COLUMN_COUNT; i++)
        g_strstrip(columns[i]);
    guint at = 0;
    return take_concept(thesaurus, columns, line, &at, error) &&
           take_term(thesaurus, columns, at, line, error);
}

static gboolean take_rows(Thesaurus *thesaurus, const char *tsv, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(tsv, "\n", -1);
    gboolean headed = FALSE;
    for (guint i = 0; lines[i] != NULL; i++) {
        gsize length = strlen(lines[i]);
        if (length > 0 && lines[i][length - 1] == '\r')
            lines[i][length - 1] = '\0';
        if (lines[i][0] == '\0' || lines[i][0] == '#')
            continue;
        if (!headed && strcmp(lines[i], TABLE_HEAD) != 0)
            return wrong(error, THESAURUS_ERROR_SYNTAX, i + 1,
                         "the first line must name the columns: concept language role term "
                         "broader belongs");
        if (headed && !take_row(thesaurus, lines[i], i + 1, error))
            return FALSE;
        headed = TRUE;
    }
    if (!headed)
        return wrong(error, THESAURUS_ERROR_SYNTAX, 1, "the table is empty");
    return TRUE;
}

/* ---- references between concepts ---- */

static gboolean link_topic(const Thesaurus *thesaurus, Concept *concept, const char *id,
                           GError **error)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(thesaurus->concept_of, id));
    const Concept *topic = number > 0 ? thesaurus->concepts->pdata[number - 1] : NULL;
    if (topic == NULL || topic->level == LEVEL_CONCEPT)
        return wrong(error, THESAURUS_ERROR_REFERENCE, concept->line,
                     "\"%s\" belongs to \"%s\", which is no theme or area", concept->id, id);
    guint at = number - 1;
    g_array_append_val(concept->topics, at);
    return TRUE;
}

static gboolean link_concept(const Thesaurus *thesaurus, Concept *concept, GError **error)
{
    if (concept->level == LEVEL_CONCEPT && *concept->broader != '\0' &&
        (!g_hash_table_contains(thesaurus->concept_of, concept->broader) ||
         strcmp(concept->broader, concept->id) == 0))
        return wrong(error, THESAURUS_ERROR_REFERENCE, concept->line,
                     "broader than \"%s\" is \"%s\", which is no other concept", concept->id,
                     concept->broader);
    g_auto(GStrv) ids = g_strsplit(concept->belongs, ",", -1);
    for (guint i = 0; ids[i] != NULL; i++)
        if (!link_topic(thesaurus, concept, g_strstrip(ids[i]), error))
            return FALSE;
    return TRUE;
}

Thesaurus *thesaurus_new(const char *tsv, gsize length, GError **error)
{
    if (length > THESAURUS_FILE_BYTES) {
        wrong(error, THESAURUS_ERROR_SYNTAX, 1, "the table is larger than %d bytes",
              THESAURUS_FILE_BYTES);
        return NULL;
    }
    if (length > 0 && !g_utf8_validate(tsv, (gssize)length, NULL)) {
        wrong(error, THESAURUS_ERROR_SYNTAX, 1, "the table is not plain text in UTF-8");
        return NULL;
    }
    g_autofree char *owned = g_strndup(length > 0 ? tsv : "", length);
    g_autoptr(Thesaurus) thesaurus = thesaurus_empty();
    if (!take_rows(thesaurus, owned, error))
        return NULL;
    for (guint i = 0; i < thesaurus->concepts->len; i++)
        if (!link_concept(thesaurus, thesaurus->concepts->pdata[i], error))
            return NULL;
    return g_steal_pointer(&thesaurus);
}

Thesaurus *thesaurus_new_builtin(GError **error)
{
    return thesaurus_new(thesaurus_data, (gsize)(thesaurus_data_end - thesaurus_data), error);
}

guint thesaurus_count(const Thesaurus *thesaurus)
{
    return thesaurus->concepts->len;
}

const char *thesaurus_id(const Thesaurus *thesaurus, guint at)
{
    return ((const Concept *)thesaurus->concepts->pdata[at])->id;
}

const char *thesaurus_label(const Thesaurus *thesaurus, const char *id, const char *language)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(thesaurus->concept_of, id));
    int at = index_of(LANGUAGES, G_N_ELEMENTS(LANGUAGES), language);
    if (number == 0 || at < 0)
        return NULL;
    return ((const Concept *)thesaurus->concepts->pdata[number - 1])->labels[at];
}

/* ---- counting ---- */

/* The last occurrence counted for a concept, in words of the text. Terms of one concept that
 * overlap
 * ("cittadinanza globale" in "educazione alla cittadinanza globale") are one occurrence, of the
 * longest. */
typedef struct {
    gboolean counted;
    guint term;
    guint start;
    guint end; /* its last word */
} Occurrence;

/* A term under way: its next word is number `next`. */
typedef struct {
    guint term;
    guint next;
} Begun;

typedef struct {
    const Thesaurus *thesaurus;
    guint *counts;    /* by term */
    Occurrence *last; /* by concept */
    guint at;         /* the present word's number */
    GArray *begun;    /* Begun */
    GArray *next;     /* Begun: those the present word carries on */
} Count;

static gboolean word_fits(const TermWord *word, const char *folded, gsize length)
{
    if (word->open ? length < word->length : length != word->length)
        return FALSE;
    return memcmp(word->folded, folded, word->length) == 0;
}

/* A term of `length` words ends at the present word. */
static void count_term(Count *count, guint number, guint length)
{
    const Term *term = count->thesaurus->terms->pdata[number];
    Occurrence *last = &count->last[term->concept];
    guint start = count->at + 1 - length;
    if (last->counted && start <= last->end) {
        if (length <= last->end - last->start + 1)
            return;
        count->counts[last->term]--;
    }
    *last = (Occurrence){TRUE, number, start, count->at};
    count->counts[number]++;
}

/* The present word is word number `at` of the term, if it fits. */
static void count_word(Count *count, guint number, guint at, const WordWalk *walk)
{
    const Term *term = count->thesaurus->terms->pdata[number];
    if (!word_fits(&g_array_index(term->words, TermWord, at), walk->folded, walk->folded_length))
        return;
    if (at + 1 == term->words->len) {
        count_term(count, number, term->words->len);
        return;
    }
    Begun begun = {number, at + 1};
    g_array_append_val(count->next, begun);
}

static void count_first(Count *count, const GArray *numbers, const WordWalk *walk)
{
    for (guint i = 0; numbers != NULL && i < numbers->len; i++)
        count_word(count, g_array_index(numbers, guint, i), 0, walk);
}

/* How many words `text` has. Adds to the counts. */
static guint count_text(Count *count, const char *text, gsize length)
{
    const guint joining = GAP_SPACE | GAP_LINE | GAP_PAGE | GAP_HYPHEN | GAP_APOSTROPHE;
    WordWalk walk;
    word_walk_init(&walk, text, length);
    g_array_set_size(count->begun, 0);
    memset(count->last, 0, sizeof *count->last * count->thesaurus->concepts->len);
    for (count->at = 0; word_walk_next(&walk); count->at++) {
        g_array_set_size(count->next, 0);
        for (guint i = 0; i < count->begun->len && !(walk.gap & ~joining); i++) {
            const Begun *begun = &g_array_index(count->begun, Begun, i);
            count_word(count, begun->term, begun->next, &walk);
        }
        count_first(count, g_hash_table_lookup(count->thesaurus->closed, walk.folded), &walk);
        if (walk.folded_length >= THESAURUS_OPEN_LETTERS)
            count_first(count,
                        g_hash_table_lookup(count->thesaurus->open,
                                            GUINT_TO_POINTER(open_key(walk.folded))),
                        &walk);
        GArray *begun = count->begun;
        count->begun = count->next;
        count->next = begun;
    }
    return count->at;
}

/* ---- topics ---- */

static void topic_free(gpointer data)
{
    Topic *topic = data;
    g_array_unref(topic->terms);
    g_free(topic);
}

static gint compare_terms(gconstpointer a, gconstpointer b)
{
    const TopicTerm *first = a;
    const TopicTerm *second = b;
    if (first->count != second->count)
        return first->count > second->count ? -1 : 1;
    return strcmp(first->term, second->term);
}

static gint compare_topics(gconstpointer a, gconstpointer b)
{
    const Topic *first = *(const Topic *const *)a;
    const Topic *second = *(const Topic *const *)b;
    if (first->score > second->score || first->score < second->score)
        return first->score > second->score ? -1 : 1;
    return strcmp(first->id, second->id);
}

/* The topic that concept `at` is, with the evidence there is. Owned by the caller. */
static Topic *topic_new(const Thesaurus *thesaurus, guint at)
{
    const Concept *concept = thesaurus->concepts->pdata[at];
    Topic *topic = g_new0(Topic, 1);
    topic->id = concept->id;
    topic->is_area = concept->level == LEVEL_AREA;
    topic->terms = g_array_new(FALSE, FALSE, sizeof(TopicTerm));
    return topic;
}

/* One term more; the same word as a term of both languages is one piece of evidence. */
static void topic_add(Topic *topic, const TopicTerm *term)
{
    for (guint i = 0; i < topic->terms->len; i++)
        if (g_ascii_strcasecmp(g_array_index(topic->terms, TopicTerm, i).term, term->term) == 0)
            return;
    g_array_append_val(topic->terms, *term);
}

static gboolean is_sufficient(guint count, guint different, gboolean titled, double rate)
{
    if (titled)
        return TRUE;
    if (different > 1 && count >= COUNT_OF_SEVERAL && rate >= RATE_OF_SEVERAL)
        return TRUE;
    return count >= COUNT_OF_ONE && rate >= RATE_OF_ONE;
}

/* Scores a topic from its terms. Whether they are enough. */
static gboolean topic_judge(Topic *topic, guint words)
{
    guint count = 0;
    gboolean titled = FALSE;
    for (guint i = 0; i < topic->terms->len; i++) {
        count += g_array_index(topic->terms, TopicTerm, i).count;
        titled |= g_array_index(topic->terms, TopicTerm, i).in_title;
    }
    double rate = 1000.0 * count / MAX(words, (guint)WORDS_LEAST);
    topic->score = rate + (titled ? TITLE_SCORE : 0.0);
    g_array_sort(topic->terms, compare_terms);
    return is_sufficient(count, topic->terms->len, titled, rate);
}

/* Spreads what was counted over the topics (an array by concept; NULL: not one, or no evidence). */
static void gather(const Thesaurus *thesaurus, const guint *counts, const guint *title_counts,
                   Topic **topics)
{
    for (guint i = 0; i < thesaurus->terms->len; i++) {
        if (counts[i] + title_counts[i] == 0)
            continue;
        const Term *term = thesaurus->terms->pdata[i];
        const Concept *concept = thesaurus->concepts->pdata[term->concept];
        TopicTerm found = {term->written, counts[i] + title_counts[i], title_counts[i] > 0};
        for (guint t = 0; t < concept->topics->len; t++) {
            guint at = g_array_index(concept->topics, guint, t);
            if (topics[at] == NULL)
                topics[at] = topic_new(thesaurus, at);
            topic_add(topics[at], &found);
        }
    }
}

GPtrArray *thesaurus_topics(const Thesaurus *thesaurus, const char *title, const char *text,
                            gsize length)
{
    g_autofree guint *counts = g_new0(guint, thesaurus->terms->len);
    g_autofree guint *title_counts = g_new0(guint, thesaurus->terms->len);
    g_autofree Topic **topics = g_new0(Topic *, thesaurus->concepts->len);
    g_autofree Occurrence *last = g_new0(Occurrence, thesaurus->concepts->len);
    Count count = {.thesaurus = thesaurus,
                   .counts = counts,
                   .last = last,
                   .begun = g_array_new(FALSE, FALSE, sizeof(Begun)),
                   .next = g_array_new(FALSE, FALSE, sizeof(Begun))};
    guint words = count_text(&count, text, length);
    count.counts = title_counts;
    count_text(&count, title, title != NULL ? strlen(title) : 0);
    g_array_unref(count.begun);
    g_array_unref(count.next);
    gather(thesaurus, counts, title_counts, topics);
    GPtrArray *found = g_ptr_array_new_with_free_func(topic_free);
    for (guint i = 0; i < thesaurus->concepts->len; i++) {
        if (topics[i] == NULL)
            continue;
        if (topic_judge(topics[i], words))
            g_ptr_array_add(found, topics[i]);
        else
            topic_free(topics[i]);
    }
    g_ptr_array_sort(found, compare_topics);
    return found;
}
