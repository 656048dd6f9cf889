/* See analysis.h.
 *
 * One scanner finds and folds words; everything else stands on it: the walk adds stems, the
 * tokeniser hands both to FTS5, the counter only counts. Words repeat, so each analyser remembers
 * the stems of the words it has seen; the memory is emptied when it has grown large, which keeps it
 * bounded on any input.
 *
 * Accents are folded before stemming, so that città, citta' and citta have one stem; Snowball's
 * Italian rules that look for an accent lose little by it (the unaccented verb endings catch
 * nearly all of them).
 */
#include "analysis.h"

#include <libstemmer.h>
#include <string.h>

#include "fts5.h"

enum { STEMS_REMEMBERED = 200000 }; /* words; about 20 MB */

static const char STEM_PREFIX[LANGUAGE_COUNT] = {'o', 'i', 'e'};

typedef struct {
    char *stem[LANGUAGE_COUNT]; /* index terms, made when first asked for */
} Stems;

struct Analyser {
    struct sb_stemmer *stemmer[LANGUAGE_COUNT]; /* NULL for LANGUAGE_OTHER */
    GHashTable *stems;                          /* folded word -> Stems */
    GString *folded;                            /* of the word under the scanner */
};

/* Folding */

/* Letters that carry no accent to strip but are written so where an accent is missing. */
static const struct {
    gunichar letter;
    const char *folded;
} LETTERS[] = {
    {0x00DF, "ss"}, {0x00E6, "ae"}, {0x00F0, "d"}, {0x00F8, "o"},  {0x00FE, "th"},
    {0x0111, "d"},  {0x0131, "i"},  {0x0142, "l"}, {0x0153, "oe"},
};

static const char *letter_folded(gunichar letter)
{
    for (gsize i = 0; i < G_N_ELEMENTS(LETTERS); i++)
        if (LETTERS[i].letter == letter)
            return LETTERS[i].folded;
    return NULL;
}

/* Whether a digit came of it: of "²" as well. */
static gboolean fold_character(GString *folded, gunichar character)
{
    gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
    gboolean has_digit = FALSE;
    gsize count =
        g_unichar_fully_decompose(g_unichar_tolower(character), TRUE, parts, G_N_ELEMENTS(parts));
    for (gsize i = 0; i < count; i++) {
        gunichar lower = g_unichar_tolower(parts[i]);
        const char *letters = letter_folded(lower);
        if (letters)
            g_string_append(folded, letters);
        else if (g_unichar_isalnum(lower))
            g_string_append_unichar(folded, lower);
        has_digit |= g_unichar_isdigit(lower);
    }
    return has_digit;
}

/* Scanning */

typedef struct {
    const char *text;
    gsize length;
    gsize at;
    GString *folded; /* of the present word */
    gsize start;     /* of the present word */
    gboolean has_digit;
    gboolean is_terms; /* within MARK_TERMS */
    guint position;    /* of the next word */
    guint page;
    Language language;
} Scanner;

static Scanner scanner_init(const char *text, gsize length, GString *folded)
{
    return (Scanner){.text = text, .length = length, .folded = folded};
}

/* A character at the scanner that belongs to a word: its length in bytes; else 0 and, in
 * `ret_skip`, how many bytes part words here. */
static gsize word_character(const Scanner *scanner, gunichar *ret_character, gsize *ret_skip)
{
    guchar byte = (guchar)scanner->text[scanner->at];
    *ret_skip = 1;
    if (byte < 0x80) {
        *ret_character = byte;
        return g_ascii_isalnum(byte) ? 1 : 0;
    }
    gunichar character =
        g_utf8_get_char_validated(scanner->text + scanner->at, scanner->length - scanner->at);
    if (character == (gunichar)-1 || character == (gunichar)-2)
        return 0;
    *ret_character = character;
    *ret_skip = g_unichar_to_utf8(character, NULL);
    return g_unichar_isalnum(character) || g_unichar_ismark(character) ? *ret_skip : 0;
}

static void scanner_mark(Scanner *scanner, char byte)
{
    if (byte == MARK_PAGE)
        scanner->page++;
    scanner->is_terms = byte == MARK_TERMS || (scanner->is_terms && byte != MARK_OTHER &&
                                               byte != MARK_ITALIAN && byte != MARK_ENGLISH);
    if (byte >= MARK_OTHER && byte <= MARK_ENGLISH)
        scanner->language = (Language)(byte - MARK_OTHER);
}

static void scanner_fold(Scanner *scanner, gunichar character)
{
    if (character < 0x80) {
        g_string_append_c(scanner->folded, g_ascii_tolower((char)character));
        scanner->has_digit |= g_ascii_isdigit((char)character);
    } else {
        scanner->has_digit |= fold_character(scanner->folded, character);
    }
}

/* Passes over a word. Whether it has a letter or a digit: one of marks alone is none. */
static gboolean scanner_pass_word(Scanner *scanner)
{
    gboolean has_letter = FALSE;
    while (scanner->at < scanner->length) {
        guchar byte = (guchar)scanner->text[scanner->at];
        gunichar character = 0;
        gsize skip = 0, bytes = byte < 0x80 ? g_ascii_isalnum(byte)
                                            : word_character(scanner, &character, &skip);
        if (bytes == 0)
            break;
        if (byte >= 0x80 && !has_letter) {
            g_string_truncate(scanner->folded, 0);
            fold_character(scanner->folded, character);
        }
        has_letter |= byte < 0x80 || scanner->folded->len > 0;
        scanner->at += bytes;
    }
    return has_letter;
}

/* What is longer than a term may be is cut, at a character. */
static void scanner_cut(Scanner *scanner)
{
    GString *folded = scanner->folded;
    if (folded->len <= ANALYSIS_TERM_BYTES)
        return;
    const char *end = g_utf8_find_prev_char(folded->str, folded->str + ANALYSIS_TERM_BYTES + 1);
    g_string_truncate(folded, (gsize)(end - folded->str));
}

static void scanner_take_word(Scanner *scanner)
{
    gunichar character = 0;
    gsize skip = 0;
    gsize bytes;
    while (scanner->at < scanner->length &&
           (bytes = word_character(scanner, &character, &skip)) > 0) {
        if (scanner->folded->len <= ANALYSIS_TERM_BYTES)
            scanner_fold(scanner, character);
        scanner->at += bytes;
    }
    scanner_cut(scanner);
}

static gboolean ends_term(char byte)
{
    return (guchar)byte <= ' ';
}

static void scanner_take_term(Scanner *scanner)
{
    const char *term = scanner->text + scanner->at;
    gsize length = 0;
    while (scanner->at + length < scanner->length && !ends_term(term[length]))
        length++;
    g_string_append_len(scanner->folded, term, (gssize)length);
    scanner->at += length;
}

/* Moves to the next word. FALSE at the end. */
static gboolean scanner_next(Scanner *scanner)
{
    g_string_truncate(scanner->folded, 0);
    scanner->has_digit = FALSE;
    while (scanner->at < scanner->length) {
        gunichar character = 0;
        gsize skip = 1;
        scanner->start = scanner->at;
        if (scanner->is_terms && !ends_term(scanner->text[scanner->at])) {
            scanner_take_term(scanner);
            return TRUE;
        }
        if (!scanner->is_terms && word_character(scanner, &character, &skip) > 0) {
            scanner_take_word(scanner);
            if (scanner->folded->len > 0)
                return TRUE;
            continue;
        }
        scanner_mark(scanner, scanner->text[scanner->at]);
        scanner->at += skip;
    }
    return FALSE;
}

/* Stems */

static void stems_free(gpointer data)
{
    Stems *stems = data;
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        g_free(stems->stem[i]);
    g_free(stems);
}

Analyser *analyser_new(void)
{
    Analyser *analyser = g_new0(Analyser, 1);
    analyser->stemmer[LANGUAGE_ITALIAN] = sb_stemmer_new("italian", "UTF_8");
    analyser->stemmer[LANGUAGE_ENGLISH] = sb_stemmer_new("english", "UTF_8");
    analyser->stems = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, stems_free);
    analyser->folded = g_string_new(NULL);
    return analyser;
}

void analyser_free(Analyser *analyser)
{
    if (!analyser)
        return;
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (analyser->stemmer[i])
            sb_stemmer_delete(analyser->stemmer[i]);
    g_hash_table_unref(analyser->stems);
    g_string_free(analyser->folded, TRUE);
    g_free(analyser);
}

/* Italian words, by how they begin, that Snowball would give the stem of another word which
 * archives of municipalities are full of: "comunità" and "comunicazione" that of "comune",
 * "cooperativa" that of "cooperazione". */
static const struct {
    const char *beginning;
    const char *stem;
} KEPT_APART[] = {
    {"comunita", "comunit"},
    {"comunicazion", "comunic"},
    {"cooperativ", "cooperativ"},
};

static const char *kept_apart(Language language, const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(KEPT_APART) && language == LANGUAGE_ITALIAN; i++)
        if (g_str_has_prefix(word, KEPT_APART[i].beginning))
            return KEPT_APART[i].stem;
    return NULL;
}

static char *make_stem(Analyser *analyser, Language language, const char *word)
{
    struct sb_stemmer *stemmer = analyser->stemmer[language];
    const char *kept = kept_apart(language, word);
    const char *stem = kept ? kept : word;
    if (stemmer && !kept) {
        const sb_symbol *stemmed =
            sb_stemmer_stem(stemmer, (const sb_symbol *)word, (int)strlen(word));
        if (stemmed && *stemmed)
            stem = (const char *)stemmed;
    }
    return g_strdup_printf("%c:%s", STEM_PREFIX[language], stem);
}

static const char *remembered_stem(Analyser *analyser, Language language, const char *word)
{
    Stems *stems = g_hash_table_lookup(analyser->stems, word);
    if (!stems) {
        if (g_hash_table_size(analyser->stems) >= STEMS_REMEMBERED)
            g_hash_table_remove_all(analyser->stems);
        stems = g_new0(Stems, 1);
        g_hash_table_insert(analyser->stems, g_strdup(word), stems);
    }
    if (!stems->stem[language])
        stems->stem[language] = make_stem(analyser, language, word);
    return stems->stem[language];
}

static gboolean word_has_digit(const char *word)
{
    for (const char *at = word; *at; at = g_utf8_next_char(at))
        if (g_unichar_isdigit(g_utf8_get_char(at)))
            return TRUE;
    return FALSE;
}

char *analyser_stem_term(Analyser *analyser, Language language, const char *word)
{
    return word_has_digit(word) ? NULL : g_strdup(remembered_stem(analyser, language, word));
}

/* Walking */

void analyser_walk(Analyser *analyser, const char *text, gsize length, AnalysisVisit visit,
                   gpointer data)
{
    Scanner scanner = scanner_init(text, length, analyser->folded);
    while (scanner_next(&scanner)) {
        gboolean has_stem = !scanner.is_terms && !scanner.has_digit;
        AnalysedWord word = {
            .start = scanner.start,
            .length = scanner.at - scanner.start,
            .word = scanner.folded->str,
            .stem =
                has_stem ? remembered_stem(analyser, scanner.language, scanner.folded->str) : NULL,
            .position = scanner.position++,
            .page = scanner.page,
            .language = scanner.language,
        };
        if (!visit(&word, data))
            return;
    }
}

/* Moves over the next word. FALSE at the end. */
static gboolean scanner_pass(Scanner *scanner)
{
    while (scanner->at < scanner->length) {
        guchar byte = (guchar)scanner->text[scanner->at];
        gunichar character = 0;
        gsize skip = 1;
        scanner->start = scanner->at;
        if (byte < 0x80 ? g_ascii_isalnum(byte) : word_character(scanner, &character, &skip) > 0) {
            if (scanner_pass_word(scanner))
                return TRUE;
            continue;
        }
        scanner_mark(scanner, (char)byte);
        scanner->at += skip;
    }
    return FALSE;
}

guint analysis_locate(const char *text, gsize length, const guint32 *numbers, guint count,
                      WordSpan *ret_spans)
{
    g_autoptr(GString) folded = g_string_new(NULL);
    Scanner scanner = scanner_init(text, length, folded);
    guint found = 0;
    for (guint32 number = 0; found < count && scanner_pass(&scanner); number++)
        while (found < count && numbers[found] == number)
            ret_spans[found++] =
                (WordSpan){scanner.start, scanner.at - scanner.start, scanner.language};
    return found;
}

GArray *analysis_count_words(const char *text, gsize length)
{
    GArray *counts = g_array_new(FALSE, TRUE, sizeof(guint));
    g_array_set_size(counts, 1);
    g_autoptr(GString) folded = g_string_new(NULL);
    Scanner scanner = scanner_init(text, length, folded);
    while (scanner_next(&scanner)) {
        g_array_set_size(counts, MAX(counts->len, scanner.page + 1));
        g_array_index(counts, guint, scanner.page)++;
    }
    g_array_set_size(counts, MAX(counts->len, scanner.page + 1));
    return counts;
}

/* Sorted, for bsearch. */
static const char *const ELISIONS[] = {
    "agl",  "alcun", "all",  "anch", "bell",   "c",    "ciascun", "cogl",  "coll", "com",
    "d",    "dagl",  "dall", "degl", "dell",   "dov",  "gl",      "grand", "l",    "m",
    "mezz", "n",     "negl", "nell", "nessun", "qual", "quell",   "quest", "s",    "sant",
    "senz", "sugl",  "sull", "t",    "tutt",   "un",   "v",
};

static int compare_names(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

gboolean analysis_is_elision(const char *word)
{
    return bsearch(word, ELISIONS, G_N_ELEMENTS(ELISIONS), sizeof(*ELISIONS), compare_names) !=
           NULL;
}

/* Marking */

GString *analysis_mark(const char *text, gsize length, const GArray *runs)
{
    GString *marked = g_string_sized_new(length + runs->len + 64);
    char mark = MARK_OTHER;
    for (guint i = 0; i < runs->len; i++) {
        const LanguageRun *run = &g_array_index(runs, LanguageRun, i);
        const char *at = text + run->start;
        const char *end = at + run->length;
        mark = (char)(MARK_OTHER + (int)run->language);
        g_string_append_c(marked, mark);
        while (at < end) {
            const char *page = memchr(at, MARK_PAGE, (gsize)(end - at));
            g_string_append_len(marked, at, (page ? page + 1 : end) - at);
            if (page)
                g_string_append_c(marked, mark);
            at = page ? page + 1 : end;
        }
    }
    if (marked->len == 0)
        g_string_append_c(marked, mark);
    return marked;
}

/* The FTS5 tokeniser */

static int tokenizer_create(void *context, const char **arguments, int argument_count,
                            Fts5Tokenizer **ret_tokenizer)
{
    (void)context;
    (void)arguments;
    if (argument_count > 0)
        return SQLITE_ERROR;
    *ret_tokenizer = (Fts5Tokenizer *)analyser_new();
    return SQLITE_OK;
}

static void tokenizer_delete(Fts5Tokenizer *tokenizer)
{
    analyser_free((Analyser *)tokenizer);
}

typedef int (*TokenSink)(void *, int, const char *, int, int, int);

typedef struct {
    TokenSink sink;
    void *context;
    int status;
} TokenWalk;

static gboolean tokenizer_word(const AnalysedWord *word, gpointer data)
{
    TokenWalk *walk = data;
    int start = (int)word->start;
    int end = (int)(word->start + word->length);
    walk->status = walk->sink(walk->context, 0, word->word, (int)strlen(word->word), start, end);
    if (walk->status == SQLITE_OK && word->stem)
        walk->status = walk->sink(walk->context, FTS5_TOKEN_COLOCATED, word->stem,
                                  (int)strlen(word->stem), start, end);
    return walk->status == SQLITE_OK;
}

static int tokenize_terms(const char *text, int length, TokenSink sink, void *context)
{
    int at = 0;
    while (at < length) {
        int end = at;
        while (end < length && !ends_term(text[end]))
            end++;
        if (end > at) {
            int status = sink(context, 0, text + at, end - at, at, end);
            if (status != SQLITE_OK)
                return status;
        }
        at = end + 1;
    }
    return SQLITE_OK;
}

static int tokenizer_tokenize(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text,
                              int length, TokenSink sink)
{
    if (!text || length <= 0)
        return SQLITE_OK;
    if (flags & FTS5_TOKENIZE_QUERY)
        return tokenize_terms(text, length, sink, context);
    TokenWalk walk = {.sink = sink, .context = context, .status = SQLITE_OK};
    analyser_walk((Analyser *)tokenizer, text, (gsize)length, tokenizer_word, &walk);
    return walk.status;
}

gboolean analysis_register(sqlite3 *db)
{
    fts5_tokenizer tokenizer = {
        .xCreate = tokenizer_create,
        .xDelete = tokenizer_delete,
        .xTokenize = tokenizer_tokenize,
    };
    fts5_api *api = fts5_api_of(db);
    return api && api->xCreateTokenizer(api, "schedario", NULL, &tokenizer, NULL) == SQLITE_OK;
}
