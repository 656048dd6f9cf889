/* How language_runs() works, in the order of the text below:
 *
 *   scanner   cuts the text into words and notes what stands between them
 *   memo      evidence of each different word, worked out once (words repeat)
 *   lattice   the likeliest sequence of languages for a block of words (Viterbi)
 *   pieces    neighbouring words of one language; pieces too small to be meant are given away
 *   runs      pieces as ranges of bytes
 *
 * Evidence and costs are integers in LANGUAGE_MODEL_UNIT parts of a nat, kept relative to the best
 * language, so that sixteen bits hold them and compilers work on many languages at a time. */
#include "language.h"

#include <string.h>

#include "language_model.h"

enum {
    CLASSES = LANGUAGE_MODEL_CLASSES,
    NAT = LANGUAGE_MODEL_UNIT,
};

const char *language_code(Language language)
{
    static const char *const codes[LANGUAGE_COUNT] = {"und", "it", "en"};
    return codes[language];
}

/* --- scanner ------------------------------------------------------------------------------- */

/* White space and punctuation between two words; of several the strongest counts. */
typedef enum { SPACE_WORD, SPACE_COLUMN, SPACE_LINE, SPACE_PARAGRAPH, SPACE_PAGE, SPACES } Space;
typedef enum { STOP_NONE, STOP_CLAUSE, STOP_SENTENCE, STOPS } Stop;

/* How far a word can be trusted to be of the language around it, in quarters. */
typedef enum {
    TRUST_NONE = 0, /* part of an address, acronym */
    TRUST_NAME = 2, /* capital within a sentence: people and places travel */
    TRUST_FULL = 4,
} Trust;

typedef struct {
    gsize start, end;
    gsize cut; /* where a run begins that begins with this word: here or at a number before it */
    Space space;
    Stop stop;
    Trust trust;
    gboolean foreign; /* in another script than the Latin one */
} Word;

typedef struct {
    const char *text;
    gsize length;
    gsize at;
    gboolean capitals; /* the last word was all capitals */
} Scanner;

typedef enum { BYTE_OTHER, BYTE_LETTER, BYTE_DIGIT, BYTE_SPACE, BYTE_WIDE } ByteKind;

static ByteKind byte_kind(guchar byte)
{
    if (byte >= 0x80)
        return BYTE_WIDE;
    if (g_ascii_isalpha(byte))
        return BYTE_LETTER;
    if (g_ascii_isdigit(byte))
        return BYTE_DIGIT;
    return g_ascii_isspace(byte) ? BYTE_SPACE : BYTE_OTHER;
}

/* Size of the UTF-8 sequence at `at`. */
static gsize size_at(const Scanner *scanner, gsize at)
{
    return (gsize)(g_utf8_next_char(scanner->text + at) - (scanner->text + at));
}

static gunichar letter_at(const Scanner *scanner, gsize at)
{
    return at < scanner->length ? g_utf8_get_char(scanner->text + at) : 0;
}

static gboolean is_word_letter(gunichar letter)
{
    return g_unichar_isalpha(letter) || g_unichar_ismark(letter) || letter == 0xad;
}

/* Superscripts, fractions, digits of other scripts. */
static gboolean is_wide_number(gunichar letter)
{
    return letter >= 0x80 && g_unichar_isalnum(letter) && !g_unichar_isalpha(letter);
}

static gboolean is_apostrophe(gunichar letter)
{
    return letter == '\'' || letter == 0x2019;
}

/* Latin letters, marks that stand on them, and the ligatures of old PDF fonts. */
static gboolean is_latin(gunichar letter)
{
    return letter < 0x370 || (letter >= 0x1e00 && letter < 0x1f00) ||
           (letter >= 0xfb00 && letter <= 0xfb06);
}

/* Moves over one letter, digit or inner apostrophe of a word; FALSE at the word's end. */
static gboolean pass_letter(Scanner *scanner, gboolean *digits, gboolean *foreign)
{
    if (scanner->at >= scanner->length)
        return FALSE;
    ByteKind kind = byte_kind((guchar)scanner->text[scanner->at]);
    if (kind == BYTE_LETTER || kind == BYTE_DIGIT) {
        *digits = *digits || kind == BYTE_DIGIT;
        scanner->at++;
        return TRUE;
    }
    gunichar letter = letter_at(scanner, scanner->at);
    gsize next = scanner->at + size_at(scanner, scanner->at);
    gboolean inner = is_apostrophe(letter) && is_word_letter(letter_at(scanner, next));
    gboolean number = is_wide_number(letter);
    if (!inner && !number && (kind != BYTE_WIDE || !is_word_letter(letter)))
        return FALSE;
    *digits = *digits || number;
    *foreign = *foreign || (!inner && !is_latin(letter));
    scanner->at = next;
    return TRUE;
}

static Stop stop_of(gunichar letter)
{
    switch (letter) {
    case '.':
    case '!':
    case '?':
        return STOP_SENTENCE;
    case ' ':
    case '-':
    case '\'':
    case 0x2019:
        return STOP_NONE;
    default:
        return STOP_CLAUSE;
    }
}

/* What lies between the last word and the next one, while moving towards the latter. */
typedef struct {
    guint blanks, lines, pages;
    Stop stop;
} Between;

static void between_add(Between *between, gunichar letter)
{
    if (letter == '\n')
        between->lines++;
    else if (letter == '\f')
        between->pages++;
    else if (letter == '\t')
        between->blanks += 2;
    else if (letter == ' ' || letter == 0xa0)
        between->blanks++;
    else {
        between->blanks = 0;
        between->stop = MAX(between->stop, stop_of(letter));
    }
}

static Space between_space(const Between *between, Space before)
{
    Space space = SPACE_WORD;
    if (between->pages > 0)
        space = SPACE_PAGE;
    else if (between->lines > 0)
        space = between->lines > 1 ? SPACE_PARAGRAPH : SPACE_LINE;
    else if (between->blanks > 1)
        space = SPACE_COLUMN;
    return MAX(space, before);
}

static gboolean at_word(const Scanner *scanner)
{
    ByteKind kind = byte_kind((guchar)scanner->text[scanner->at]);
    return kind == BYTE_LETTER || kind == BYTE_DIGIT ||
           (kind == BYTE_WIDE && g_unichar_isalnum(letter_at(scanner, scanner->at)));
}

static gboolean is_address_mark(char mark)
{
    return mark == '@' || mark == '_' || mark == '\\' || mark == '=';
}

/* TRUE if the word touches a character that addresses and file names are made with. */
static gboolean in_address(const Scanner *scanner, const Word *word)
{
    const char *text = scanner->text;
    char before = word->start > 0 ? text[word->start - 1] : ' ';
    char after = word->end < scanner->length ? text[word->end] : ' ';
    char second = word->end + 1 < scanner->length ? text[word->end + 1] : ' ';
    return is_address_mark(before) || is_address_mark(after) ||
           (after == '.' && g_ascii_islower(second)) ||
           (before == '.' && word->start > 1 && g_ascii_isalnum(text[word->start - 2]));
}

static Trust trust_of(Scanner *scanner, const Word *word)
{
    enum { ACRONYM_BYTES = 6 };
    const char *text = scanner->text;
    gboolean first = g_unichar_isupper(letter_at(scanner, word->start));
    gboolean capitals =
        first && g_unichar_isupper(g_utf8_get_char(g_utf8_prev_char(text + word->end)));
    gboolean after_capitals = scanner->capitals && word->space <= SPACE_LINE;
    scanner->capitals = capitals;
    if (in_address(scanner, word))
        return TRUST_NONE;
    if (capitals && !after_capitals && word->end - word->start <= ACRONYM_BYTES)
        return TRUST_NONE;
    if (first && !capitals && word->stop < STOP_SENTENCE && word->space < SPACE_LINE)
        return TRUST_NAME;
    return TRUST_FULL;
}

/* The next word of letters, if there is one. Numbers on the way only matter for where to cut. */
static gboolean scanner_next(Scanner *scanner, Word *word)
{
    const gsize nowhere = G_MAXSIZE;
    Between between = {0};
    *word = (Word){.cut = nowhere};
    while (scanner->at < scanner->length) {
        if (!at_word(scanner)) {
            between_add(&between, letter_at(scanner, scanner->at));
            scanner->at += size_at(scanner, scanner->at);
            continue;
        }
        Space space = between_space(&between, SPACE_WORD);
        if (space > SPACE_WORD)
            word->cut = nowhere;
        word->space = MAX(word->space, space);
        word->start = scanner->at;
        word->cut = MIN(word->cut, word->start);
        gboolean digits = FALSE;
        while (pass_letter(scanner, &digits, &word->foreign))
            ;
        word->end = scanner->at;
        word->stop = MAX(word->stop, between.stop);
        if (!digits) {
            word->trust = trust_of(scanner, word);
            return TRUE;
        }
        between = (Between){0};
    }
    return FALSE;
}

/* --- memo ---------------------------------------------------------------------------------- */

typedef struct {
    gint16 units[CLASSES]; /* at most 0; 0 for the likeliest class */
} Evidence;

typedef struct {
    guint32 hash;
    guint32 length; /* 0 = free */
    gsize start;    /* the word is a range of the text that is being worked on */
    Evidence evidence;
} Memory;

enum {
    MEMO_FIRST = 1 << 9,
    MEMO_MOST = 1 << 15, /* then forgets all: bounds memory, costs next to nothing */
    FLOOR = 6 * NAT,     /* no single word may say more than this against a language */
};

typedef struct {
    const char *text;
    Memory *slots;
    gsize size, used;
} Memo;

static void memo_init(Memo *memo, const char *text)
{
    *memo = (Memo){.text = text, .slots = g_new0(Memory, MEMO_FIRST), .size = MEMO_FIRST};
}

static void memo_release(Memo *memo)
{
    g_free(memo->slots);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Memo, memo_release)

static guint32 hash_bytes(const char *bytes, gsize length)
{
    guint32 hash = 2166136261u;
    for (gsize i = 0; i < length; i++)
        hash = (hash ^ (guchar)bytes[i]) * 16777619u;
    return hash ^ (hash >> 15);
}

static void memo_grow(Memo *memo)
{
    Memory *old = memo->slots;
    gsize old_size = memo->size;
    gboolean full = old_size >= MEMO_MOST;
    memo->size = full ? old_size : old_size * 2;
    memo->slots = g_new0(Memory, memo->size);
    memo->used = 0;
    for (gsize i = 0; !full && i < old_size; i++) {
        if (old[i].length == 0)
            continue;
        gsize slot = old[i].hash & (memo->size - 1);
        while (memo->slots[slot].length != 0)
            slot = (slot + 1) & (memo->size - 1);
        memo->slots[slot] = old[i];
        memo->used++;
    }
    g_free(old);
}

static void weigh_foreign(Evidence *evidence)
{
    memset(evidence, 0, sizeof *evidence);
    evidence->units[LANGUAGE_MODEL_ITALIAN] = -FLOOR;
    evidence->units[LANGUAGE_MODEL_ENGLISH] = -FLOOR;
}

static void weigh_latin(const char *word, gsize length, Evidence *evidence)
{
    gint16 best = G_MININT16;
    language_model_word(word, length, evidence->units);
    for (guint c = 0; c < CLASSES; c++)
        best = MAX(best, evidence->units[c]);
    for (guint c = 0; c < CLASSES; c++)
        evidence->units[c] = (gint16)MAX(evidence->units[c] - best, -FLOOR);
}

static gboolean memory_is(const Memo *memo, const Memory *memory, guint32 hash, const Word *word)
{
    gsize length = word->end - word->start;
    return memory->hash == hash && memory->length == length &&
           memcmp(memo->text + memory->start, memo->text + word->start, length) == 0;
}

/* The evidence of a word; valid until the next call. */
static const Evidence *memo_evidence(Memo *memo, const Word *word)
{
    gsize length = MIN(word->end - word->start, G_MAXUINT32);
    guint32 hash = hash_bytes(memo->text + word->start, length);
    if (memo->used * 2 >= memo->size)
        memo_grow(memo);
    gsize slot = hash & (memo->size - 1);
    for (; memo->slots[slot].length != 0; slot = (slot + 1) & (memo->size - 1))
        if (memory_is(memo, &memo->slots[slot], hash, word))
            return &memo->slots[slot].evidence;
    Memory *memory = &memo->slots[slot];
    *memory = (Memory){.hash = hash, .length = (guint32)length, .start = word->start};
    memo->used++;
    if (word->foreign)
        weigh_foreign(&memory->evidence);
    else
        weigh_latin(memo->text + word->start, length, &memory->evidence);
    return &memory->evidence;
}

/* --- lattice ------------------------------------------------------------------------------- */

/* What it costs to change the language between two words. Chosen on texts mixed from sentences that
 * the model was not trained on. */
static const gint16 change_cost[SPACES][STOPS] = {
    [SPACE_WORD] = {18 * NAT, 15 * NAT, 8 * NAT},
    [SPACE_COLUMN] = {5 * NAT / 2, 5 * NAT / 2, 5 * NAT / 2},
    [SPACE_LINE] = {4 * NAT, 4 * NAT, 3 * NAT},
    [SPACE_PARAGRAPH] = {3 * NAT, 3 * NAT, 2 * NAT},
    [SPACE_PAGE] = {3 * NAT, 3 * NAT, 2 * NAT},
};

enum {
    OTHER_COST = 4 * NAT, /* to enter any other language costs so much more */
};

/* Words of one block, and for each of them and each class how much less likely the best sequence
 * is that ends there in that class than the best of all. */
typedef struct {
    Word *words;
    Evidence *scores;
    gsize count, most;
    Evidence before; /* the scores in front of the first word */
} Block;

static void block_init(Block *block, gsize text_length)
{
    gsize most = MIN(text_length / 2 + 1, LANGUAGE_BLOCK_WORDS);
    *block = (Block){.words = g_new(Word, most), .scores = g_new(Evidence, most), .most = most};
}

static void block_release(Block *block)
{
    g_free(block->words);
    g_free(block->scores);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Block, block_release)

static gint16 entry_score(guint state, const Word *word)
{
    gint cost = change_cost[word->space][word->stop] + (state < 2 ? 0 : OTHER_COST);
    return (gint16)-cost;
}

static void lattice_step(const Evidence *before, const Word *word, const Evidence *evidence,
                         Evidence *now)
{
    gint16 entry_main = entry_score(LANGUAGE_MODEL_ITALIAN, word);
    gint16 entry_other = entry_score(CLASSES - 1, word);
    gint16 best = G_MININT16;
    for (guint c = 0; c < CLASSES; c++) {
        gint16 entry = c < 2 ? entry_main : entry_other;
        gint16 reached = MAX(before->units[c], entry);
        now->units[c] = (gint16)(reached + evidence->units[c] * (gint16)word->trust / TRUST_FULL);
    }
    for (guint c = 0; c < CLASSES; c++)
        best = MAX(best, now->units[c]);
    for (guint c = 0; c < CLASSES; c++)
        now->units[c] = (gint16)(now->units[c] - best);
}

static guint best_class(const Evidence *scores)
{
    guint state = 0;
    while (scores->units[state] != 0)
        state++;
    return state;
}

static const Evidence *block_before(const Block *block, gsize word)
{
    return word > 0 ? &block->scores[word - 1] : &block->before;
}

static void block_add(Block *block, const Word *word, const Evidence *evidence)
{
    const Evidence *before = block_before(block, block->count);
    block->words[block->count] = *word;
    lattice_step(before, word, evidence, &block->scores[block->count]);
    block->count++;
}

/* The class of every word of the block, in `classes`. */
static void block_decide(const Block *block, guint8 *classes)
{
    guint state = best_class(&block->scores[block->count - 1]);
    for (gsize i = block->count; i-- > 0;) {
        const Evidence *before = block_before(block, i);
        classes[i] = (guint8)state;
        if (before->units[state] < entry_score(state, &block->words[i]))
            state = best_class(before);
    }
}

/* Makes room; the decision taken stands, so that the next block goes on from it. */
static void block_reset(Block *block)
{
    Evidence last = block->scores[block->count - 1];
    guint best = best_class(&last);
    for (guint c = 0; c < CLASSES; c++)
        last.units[c] = c == best ? 0 : -FLOOR * 4;
    block->before = last;
    block->count = 0;
}

/* --- pieces -------------------------------------------------------------------------------- */

typedef struct {
    gsize cut;
    gsize letters; /* bytes of words */
    gsize words;
    Language language;
} Piece;

static Language language_of(guint state)
{
    static const Language languages[] = {LANGUAGE_ITALIAN, LANGUAGE_ENGLISH};
    return state < G_N_ELEMENTS(languages) ? languages[state] : LANGUAGE_OTHER;
}

static void pieces_add_word(GArray *pieces, const Word *word, Language language)
{
    Piece *last = pieces->len > 0 ? &g_array_index(pieces, Piece, pieces->len - 1) : NULL;
    if (last == NULL || last->language != language) {
        Piece piece = {.cut = word->cut, .language = language};
        g_array_append_val(pieces, piece);
        last = &g_array_index(pieces, Piece, pieces->len - 1);
    }
    last->letters += word->end - word->start;
    last->words++;
}

static void pieces_add_block(GArray *pieces, const Block *block)
{
    if (block->count == 0)
        return;
    g_autofree guint8 *classes = g_new(guint8, block->count);
    block_decide(block, classes);
    for (gsize i = 0; i < block->count; i++)
        pieces_add_word(pieces, &block->words[i], language_of(classes[i]));
}

/* Readers do not think of a word or two as a passage in another language: loan words and names
 * travel. Other languages are rarer here, so more is asked of them. */
static gboolean too_small(const Piece *piece)
{
    static const struct {
        gsize words, letters;
    } least[LANGUAGE_COUNT] = {
        [LANGUAGE_OTHER] = {4, 20}, [LANGUAGE_ITALIAN] = {2, 8}, [LANGUAGE_ENGLISH] = {2, 8}};
    return piece->words < least[piece->language].words ||
           piece->letters < least[piece->language].letters;
}

static GArray *pieces_keep_large(const GArray *pieces)
{
    GArray *kept = g_array_new(FALSE, FALSE, sizeof(Piece));
    for (guint i = 0; i < pieces->len; i++) {
        Piece piece = g_array_index(pieces, Piece, i);
        Piece *last = kept->len > 0 ? &g_array_index(kept, Piece, kept->len - 1) : NULL;
        if (last != NULL && (last->language == piece.language || too_small(&piece))) {
            last->letters += piece.letters;
            last->words += piece.words;
        } else if (last != NULL && kept->len == 1 && too_small(last)) {
            last->language = piece.language;
            last->letters += piece.letters;
            last->words += piece.words;
        } else {
            g_array_append_val(kept, piece);
        }
    }
    return kept;
}

/* --- runs ---------------------------------------------------------------------------------- */

static GArray *runs_of(const GArray *pieces, gsize length)
{
    GArray *runs = g_array_new(FALSE, FALSE, sizeof(LanguageRun));
    for (guint i = 0; i < pieces->len; i++) {
        const Piece *piece = &g_array_index(pieces, Piece, i);
        gsize start = i == 0 ? 0 : piece->cut;
        gsize end = i + 1 < pieces->len ? g_array_index(pieces, Piece, i + 1).cut : length;
        LanguageRun run = {start, end - start, piece->language};
        g_array_append_val(runs, run);
    }
    if (runs->len == 0 && length > 0) {
        LanguageRun run = {0, length, LANGUAGE_OTHER};
        g_array_append_val(runs, run);
    }
    return runs;
}

GArray *language_runs(const char *text, gsize length)
{
    Scanner scanner = {.text = text, .length = length};
    g_auto(Memo) memo;
    g_auto(Block) block;
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
    memo_init(&memo, text);
    block_init(&block, length);
    for (Word word; scanner_next(&scanner, &word);) {
        if (block.count == block.most) {
            pieces_add_block(pieces, &block);
            block_reset(&block);
        }
        block_add(&block, &word, memo_evidence(&memo, &word));
    }
    pieces_add_block(pieces, &block);
    g_autoptr(GArray) kept = pieces_keep_large(pieces);
    return runs_of(kept, length);
}
