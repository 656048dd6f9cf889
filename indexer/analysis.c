/* See analysis.h.
 *
 * One scanner finds and folds words; everything else stands on it: the walk adds stems, the
 * tokeniser hands the terms to FTS5, the counter only counts.
 *
 * Accents are folded before stemming, so that città, citta' and citta have one stem; Snowball's
 * Italian rules that look for an accent lose little by it (the unaccented verb endings catch
 * nearly all of them).
 */
#include "analysis.h"

#include <string.h>

#include "fts5.h"
#include "stems.h"

struct Analyser {
    Stems *stems;
    GString *folded[2]; /* of the word under the scanner, and of the one before it */
};

/* A folded word is cut when it is longer than a term may be; up to here it may grow first. */
enum { FOLDED_ROOM = ANALYSIS_TERM_BYTES + 32 };

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

/* Of each byte: what the letter or digit is folded to; 0: it is neither, or no ASCII. */
static const guint8 ASCII[256] = {
    ['0'] = '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ['A'] = 'a', 'b', 'c',
    'd',         'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n',         'o', 'p',
    'q',         'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', ['a'] = 'a', 'b', 'c',
    'd',         'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n',         'o', 'p',
    'q',         'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z',
};

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
    if ((guchar)byte >= ' ')
        return;
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
    for (;;) {
        gunichar character = 0;
        gsize skip = 0, start = scanner->at;
        while (scanner->at < scanner->length && ASCII[(guint8)scanner->text[scanner->at]])
            scanner->at++;
        has_letter |= scanner->at > start;
        gsize bytes =
            scanner->at < scanner->length ? word_character(scanner, &character, &skip) : 0;
        if (bytes == 0)
            return has_letter;
        if (!has_letter) {
            g_string_truncate(scanner->folded, 0);
            fold_character(scanner->folded, character);
            has_letter = scanner->folded->len > 0;
        }
        scanner->at += bytes;
    }
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

/* Plain letters and digits, which nearly all words are made of. */
static void scanner_take_ascii(Scanner *scanner)
{
    GString *folded = scanner->folded;
    const char *at = scanner->text + scanner->at, *end = scanner->text + scanner->length;
    const char *limit = at + MIN(end - at, (gssize)(FOLDED_ROOM - 1 - folded->len));
    char *to = folded->str + folded->len;
    for (guint8 kind; at < limit && (kind = ASCII[(guint8)*at]); at++) {
        *to++ = (char)kind;
        scanner->has_digit |= kind <= '9';
    }
    *to = '\0';
    folded->len = (gsize)(to - folded->str);
    scanner->at = (gsize)(at - scanner->text);
}

static void scanner_take_word(Scanner *scanner)
{
    gunichar character = 0;
    gsize skip = 0;
    gsize bytes;
    if (scanner->folded->allocated_len >= FOLDED_ROOM)
        scanner_take_ascii(scanner);
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

static void scanner_pass_term(Scanner *scanner)
{
    while (scanner->at < scanner->length && !ends_term(scanner->text[scanner->at]))
        scanner->at++;
}

static void scanner_take_term(Scanner *scanner)
{
    gsize start = scanner->at;
    scanner_pass_term(scanner);
    g_string_append_len(scanner->folded, scanner->text + start, (gssize)(scanner->at - start));
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
        if (!scanner->is_terms && (ASCII[(guint8)scanner->text[scanner->at]] ||
                                   word_character(scanner, &character, &skip) > 0)) {
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

/* Index terms */

Analyser *analyser_new(void)
{
    Analyser *analyser = g_new0(Analyser, 1);
    analyser->stems = stems_new();
    for (int i = 0; i < 2; i++)
        analyser->folded[i] = g_string_sized_new(FOLDED_ROOM);
    return analyser;
}

void analyser_remember(Analyser *analyser, guint words)
{
    stems_remember(analyser->stems, words);
}

void analyser_free(Analyser *analyser)
{
    if (!analyser)
        return;
    stems_free(analyser->stems);
    for (int i = 0; i < 2; i++)
        g_string_free(analyser->folded[i], TRUE);
    g_free(analyser);
}

gboolean analysis_has_digit(const char *word)
{
    for (const char *at = word; *at; at = g_utf8_next_char(at))
        if (g_unichar_isdigit(g_utf8_get_char(at)))
            return TRUE;
    return FALSE;
}

char *analyser_stem_term(Analyser *analyser, Language language, const char *word)
{
    return analysis_has_digit(word)
               ? NULL
               : g_strdup(stems_find(analyser->stems, language, word, strlen(word)).stem);
}

char *analyser_word_term(Analyser *analyser, Language language, const char *word)
{
    return g_strdup(analysis_has_digit(word)
                        ? word
                        : stems_find(analyser->stems, language, word, strlen(word)).term);
}

/* Walking */

/* A word that was scanned, whose stem is being fetched. */
typedef struct {
    AnalysedWord word;
    gsize folded_length;
    gboolean has_stem;
    guint32 hash;
} Scanned;

static Scanned scanned_word(const Analyser *analyser, Scanner *scanner)
{
    const GString *folded = scanner->folded;
    Scanned scanned = {
        .word = {.start = scanner->start,
                 .length = scanner->at - scanner->start,
                 .word = folded->str,
                 .term = folded->str,
                 .term_length = (guint)folded->len,
                 .position = scanner->position++,
                 .page = scanner->page,
                 .language = scanner->language},
        .folded_length = folded->len,
        .has_stem = !scanner->is_terms && !scanner->has_digit,
    };
    if (scanned.has_stem)
        scanned.hash = stems_fetch(analyser->stems, scanner->language, folded->str, folded->len);
    return scanned;
}

static gboolean visit_scanned(Analyser *analyser, Scanned *scanned, AnalysisVisit visit,
                              gpointer data)
{
    AnalysedWord *word = &scanned->word;
    if (scanned->has_stem) {
        Stem stem = stems_find_fetched(analyser->stems, scanned->hash, word->language, word->word,
                                       scanned->folded_length);
        word->stem = stem.stem;
        word->term = stem.term;
        word->term_length = stem.term_length;
    }
    return visit(word, data);
}

/* Each word is visited when the next one was scanned: by then its stem is near. */
void analyser_walk(Analyser *analyser, const char *text, gsize length, AnalysisVisit visit,
                   gpointer data)
{
    Scanner scanner = scanner_init(text, length, analyser->folded[0]);
    Scanned scanned[2];
    guint count = 0;
    while (scanner_next(&scanner)) {
        scanned[count % 2] = scanned_word(analyser, &scanner);
        count++;
        scanner.folded = analyser->folded[count % 2];
        if (count > 1 && !visit_scanned(analyser, &scanned[count % 2], visit, data))
            return;
    }
    if (count > 0)
        visit_scanned(analyser, &scanned[(count - 1) % 2], visit, data);
}

/* Moves over the next word. FALSE at the end. */
static gboolean scanner_pass(Scanner *scanner)
{
    while (scanner->at < scanner->length) {
        guchar byte = (guchar)scanner->text[scanner->at];
        gunichar character = 0;
        gsize skip = 1;
        scanner->start = scanner->at;
        if (scanner->is_terms && !ends_term((char)byte)) {
            scanner_pass_term(scanner);
            return TRUE;
        }
        if (!scanner->is_terms && (ASCII[byte] || word_character(scanner, &character, &skip) > 0)) {
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
    while (scanner_pass(&scanner)) {
        g_array_set_size(counts, MAX(counts->len, scanner.page + 1));
        g_array_index(counts, guint, scanner.page)++;
    }
    g_array_set_size(counts, MAX(counts->len, scanner.page + 1));
    return counts;
}

/* Sorted, for bsearch. */
static const char *const ELISIONS[] = {
    "agl",  "alcun", "all",  "anch", "bell", "c",      "ciascun", "cogl",  "coll",  "com",
    "cos",  "d",     "dagl", "dall", "degl", "dell",   "dov",     "gl",    "grand", "l",
    "m",    "mezz",  "n",    "negl", "nell", "nessun", "qual",    "quell", "quest", "s",
    "sant", "senz",  "sugl", "sull", "t",    "tutt",   "un",      "v",
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
    walk->status = walk->sink(walk->context, 0, word->term, (int)word->term_length,
                              (int)word->start, (int)(word->start + word->length));
    return walk->status == SQLITE_OK;
}

/* A word of a question may stand in a run of any language: FTS5 takes terms at one place for
 * synonyms. */
static int emit_word(Analyser *analyser, const char *word, const TokenWalk *walk)
{
    int status = SQLITE_OK;
    for (int language = 0; language < LANGUAGE_COUNT && status == SQLITE_OK; language++) {
        Stem stem = stems_find(analyser->stems, (Language)language, word, strlen(word));
        status = walk->sink(walk->context, language ? FTS5_TOKEN_COLOCATED : 0, stem.term,
                            (int)stem.term_length, 0, 0);
    }
    return status;
}

/* Words and terms of a MATCH expression. */
static int tokenize_question(Analyser *analyser, const char *text, int length,
                             const TokenWalk *walk)
{
    int status = SQLITE_OK;
    for (int at = 0, end; at < length && status == SQLITE_OK; at = end + 1) {
        for (end = at; end < length && !ends_term(text[end]);)
            end++;
        g_autofree char *term = g_utf8_make_valid(text + at, end - at);
        if (end == at)
            continue;
        status = strchr(term, ':') || analysis_has_digit(term)
                     ? walk->sink(walk->context, 0, term, (int)strlen(term), at, end)
                     : emit_word(analyser, term, walk);
    }
    return status;
}

static int tokenizer_tokenize(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text,
                              int length, TokenSink sink)
{
    if (!text || length <= 0)
        return SQLITE_OK;
    TokenWalk walk = {.sink = sink, .context = context, .status = SQLITE_OK};
    if (flags & FTS5_TOKENIZE_QUERY)
        return tokenize_question((Analyser *)tokenizer, text, length, &walk);
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
