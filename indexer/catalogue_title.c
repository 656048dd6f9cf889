/* Catalogue, the title: the first of metadata, heading, first page and file name that makes sense.
 *
 * Titles in metadata are often left by a program: a template's name, a file's, the driver's. Those
 * are known by tables of names and by their shape. A heading from type size may be the letterhead
 * or the name of a chapter instead of a title. In the text, a title is looked for in the head of
 * the first page only (front.h), by preference a line that opens with a term for a kind of
 * document; it goes on over further lines of its paragraph. */
#include "catalogue_parts.h"

#include <string.h>

enum {
    TITLE_LINES = 4,         /* that a title in text may have */
    TITLE_WORD_LETTERS = 16, /* a single word in metadata must be longer */
    TITLE_LETTERS = 3,       /* least letters of a title */
    TITLE_LOOKED_AT = 400,   /* characters; a longer heading is text */
};

/* ---- shape ---- */

/* Marks that begin or end no title. Closing marks are kept when they close something. */
static gboolean is_trimmed(gunichar character)
{
    static const gunichar MARKS[] = {'*', '#', '_', '|',    '~',    '=',    ':',
                                     ';', ',', '-', 0x2013, 0x2014, 0x2022, 0xB7};
    for (guint i = 0; i < G_N_ELEMENTS(MARKS); i++)
        if (MARKS[i] == character)
            return TRUE;
    return g_unichar_isspace(character);
}

/* One blank for each run of white space and control characters. */
static GString *collapse(const char *text, gsize length)
{
    g_autofree char *valid = g_utf8_make_valid(text, (gssize)length);
    GString *out = g_string_new(NULL);
    for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar character = g_utf8_get_char(p);
        gboolean blank = g_unichar_isspace(character) || g_unichar_iscntrl(character);
        if (!blank)
            g_string_append_unichar(out, character);
        else if (out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
    }
    return out;
}

static void trim(GString *title)
{
    while (title->len > 0) {
        const char *last = g_utf8_prev_char(title->str + title->len);
        if (!is_trimmed(g_utf8_get_char(last)))
            break;
        g_string_truncate(title, (gsize)(last - title->str));
    }
    const char *from = title->str;
    while (*from != '\0' && is_trimmed(g_utf8_get_char(from)))
        from = g_utf8_next_char(from);
    g_string_erase(title, 0, from - title->str);
}

/* Quotation marks around the whole are no part of a title; those within it are. */
static void unquote(GString *title)
{
    static const char *const PAIRS[][2] = {{"\"", "\""}, {"“", "”"}, {"«", "»"}};
    for (guint i = 0; i < G_N_ELEMENTS(PAIRS); i++) {
        gsize open = strlen(PAIRS[i][0]);
        gsize close = strlen(PAIRS[i][1]);
        if (title->len <= open + close || !g_str_has_prefix(title->str, PAIRS[i][0]) ||
            !g_str_has_suffix(title->str, PAIRS[i][1]))
            continue;
        const char *inner = strstr(title->str + open, PAIRS[i][1]);
        if (inner != title->str + title->len - close)
            continue;
        g_string_truncate(title, title->len - close);
        g_string_erase(title, 0, (gssize)open);
    }
}

static void cap(GString *title)
{
    if (g_utf8_strlen(title->str, (gssize)title->len) <= CATALOGUE_TITLE_CHARACTERS)
        return;
    const char *limit = g_utf8_offset_to_pointer(title->str, CATALOGUE_TITLE_CHARACTERS - 1);
    const char *blank = limit;
    while (blank > title->str && *blank != ' ')
        blank--;
    /* A "word" of two hundred letters has to be broken. */
    g_string_truncate(title, (gsize)((blank > title->str ? blank : limit) - title->str));
    trim(title);
    g_string_append(title, "…");
}

char *catalogue_title_tidy(const char *text, gsize length)
{
    GString *title = collapse(text, length);
    trim(title);
    unquote(title);
    trim(title);
    cap(title);
    return g_string_free(title, FALSE);
}

/* ---- rubbish ---- */

typedef enum {
    RUBBISH_WHOLE,  /* the words, and figures after them */
    RUBBISH_PREFIX, /* whatever follows */
} RubbishRule;

typedef struct {
    const char *words; /* folded */
    RubbishRule rule;
} Rubbish;

static const Rubbish RUBBISH[] = {
    {"microsoft word", RUBBISH_PREFIX},
    {"microsoft powerpoint", RUBBISH_PREFIX},
    {"microsoft excel", RUBBISH_PREFIX},
    {"microsoft office", RUBBISH_PREFIX},
    {"microsoft print to pdf", RUBBISH_PREFIX},
    {"powerpoint presentation", RUBBISH_PREFIX},
    {"powerpoint slide show", RUBBISH_PREFIX},
    {"presentazione standard", RUBBISH_PREFIX},
    {"presentazione di powerpoint", RUBBISH_PREFIX},
    {"diapositiva", RUBBISH_WHOLE},
    {"slide", RUBBISH_WHOLE},
    {"untitled", RUBBISH_PREFIX},
    {"senza titolo", RUBBISH_PREFIX},
    {"senza nome", RUBBISH_PREFIX},
    {"no title", RUBBISH_WHOLE},
    {"nessun titolo", RUBBISH_WHOLE},
    {"title", RUBBISH_WHOLE},
    {"titolo", RUBBISH_WHOLE},
    {"titolo del documento", RUBBISH_WHOLE},
    {"titolo presentazione", RUBBISH_WHOLE},
    {"document title", RUBBISH_WHOLE},
    {"presentation title", RUBBISH_WHOLE},
    {"fare clic per", RUBBISH_PREFIX},
    {"click to", RUBBISH_PREFIX},
    {"document", RUBBISH_WHOLE},
    {"documento", RUBBISH_WHOLE},
    {"nuovo documento", RUBBISH_WHOLE},
    {"new document", RUBBISH_WHOLE},
    {"copia di", RUBBISH_PREFIX},
    {"modello", RUBBISH_WHOLE},
    {"template", RUBBISH_WHOLE},
    {"carta intestata", RUBBISH_PREFIX},
    {"letterhead", RUBBISH_PREFIX},
    {"layout", RUBBISH_WHOLE},
    {"impaginato", RUBBISH_WHOLE},
    {"print", RUBBISH_WHOLE},
    {"stampa", RUBBISH_WHOLE},
    {"stampa di fax a pagina intera", RUBBISH_PREFIX},
    {"stampa documento", RUBBISH_WHOLE},
    {"full page fax print", RUBBISH_PREFIX},
    {"print preview", RUBBISH_WHOLE},
    {"scansione", RUBBISH_WHOLE},
    {"scansionato da", RUBBISH_PREFIX},
    {"documento scansionato", RUBBISH_PREFIX},
    {"documento acquisito", RUBBISH_PREFIX},
    {"scanned document", RUBBISH_PREFIX},
    {"scanned from", RUBBISH_PREFIX},
    {"scanned by", RUBBISH_PREFIX},
    {"scanned image", RUBBISH_PREFIX},
    {"image", RUBBISH_WHOLE},
    {"immagine", RUBBISH_WHOLE},
    {"foglio", RUBBISH_WHOLE},
    {"cartel", RUBBISH_WHOLE},
    {"book", RUBBISH_WHOLE},
    {"sheet", RUBBISH_WHOLE},
    {"page", RUBBISH_WHOLE},
    {"pagina", RUBBISH_WHOLE},
    {"cover", RUBBISH_WHOLE},
    {"copertina", RUBBISH_WHOLE},
    {"brochure", RUBBISH_WHOLE},
    {"adobe", RUBBISH_PREFIX},
    {"acrobat", RUBBISH_PREFIX},
    {"pscript", RUBBISH_PREFIX},
    {"ghostscript", RUBBISH_PREFIX},
    {"pdfcreator", RUBBISH_PREFIX},
    {"quarkxpress", RUBBISH_PREFIX},
    {"libreoffice", RUBBISH_PREFIX},
    {"openoffice", RUBBISH_PREFIX},
    {"latex", RUBBISH_WHOLE},
    {"groff", RUBBISH_PREFIX},
    {"itext", RUBBISH_PREFIX},
    {"wkhtmltopdf", RUBBISH_PREFIX},
    {"canva", RUBBISH_WHOLE},
    {"crystal reports", RUBBISH_PREFIX},
    {"null", RUBBISH_WHOLE},
    {"none", RUBBISH_WHOLE},
    {"about blank", RUBBISH_WHOLE},
    {"http", RUBBISH_PREFIX},
    {"https", RUBBISH_PREFIX},
    {"www", RUBBISH_PREFIX},
};

static const char *const EXTENSIONS[] = {
    "doc",  "docx", "odt",  "rtf",   "pdf", "txt",  "ppt", "pptx", "odp", "xls", "xlsx", "ods",
    "indd", "qxd",  "pub",  "ai",    "tif", "tiff", "jpg", "jpeg", "png", "htm", "html", "p7m",
    "wpd",  "dot",  "dotx", "pages", "cdr", "psd",  "eps", "ps",   "tmp", "md",
};

/* Words that say which version a file is, and nothing of the document. */
static const char *const VERSION_WORDS[] = {
    "def",   "definitivo", "definitiva", "finale",  "final",  "bozza",     "draft",  "v",
    "ver",   "vers",       "versione",   "version", "rev",    "revisione", "copia",  "copy",
    "ok",    "nuovo",      "new",        "firmato", "signed", "web",       "ultimo", "last",
    "clean", "corretto",   "pubb",       "low",     "hires",  "bis"};

static gboolean in_list(const char *const *list, gsize count, const char *word, gsize length)
{
    for (gsize i = 0; i < count; i++)
        if (strlen(list[i]) == length && strncmp(list[i], word, length) == 0)
            return TRUE;
    return FALSE;
}

#define IN_LIST(list, word, length) in_list((list), G_N_ELEMENTS(list), (word), (length))

/* The words from `at` on are figures, or marks of a version ("def2"). */
static gboolean is_version_word(const char *word)
{
    gsize letters = strcspn(word, "0123456789");
    gsize figures = strspn(word + letters, "0123456789");
    return word[letters + figures] == '\0' &&
           (letters == 0 || IN_LIST(VERSION_WORDS, word, letters));
}

static gboolean is_figures(const char *word)
{
    return strspn(word, "0123456789") == strlen(word);
}

/* Whether `words` begin with a phrase, whose last word may carry figures ("documento1"). */
static guint rubbish_match(const Words *words, const char *phrase)
{
    guint at = 0;
    for (const char *from = phrase; at < words->count; at++) {
        gsize length = strcspn(from, " ");
        const char *word = words->word[at].folded;
        gboolean last = from[length] == '\0';
        if (strncmp(word, from, length) != 0 || (word[length] != '\0' && !last) ||
            !is_figures(word + length))
            return 0;
        if (last)
            return at + 1;
        from += length + 1;
    }
    return 0;
}

static gboolean is_known_rubbish(const Words *words)
{
    for (guint i = 0; i < G_N_ELEMENTS(RUBBISH); i++) {
        guint matched = rubbish_match(words, RUBBISH[i].words);
        if (matched == 0)
            continue;
        if (RUBBISH[i].rule == RUBBISH_PREFIX)
            return TRUE;
        guint at = matched;
        while (at < words->count && (is_version_word(words->word[at].folded) ||
                                     words->word[at].end - words->word[at].start < 2))
            at++;
        if (at == words->count ||
            (at + 1 == words->count &&
             IN_LIST(EXTENSIONS, words->word[at].folded, strlen(words->word[at].folded))))
            return TRUE;
    }
    return FALSE;
}

/* UTF-8 read as Latin-1 ("CittÃ "), and bytes that were no text. */
static gboolean is_mojibake(const char *title)
{
    for (const char *p = title; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar character = g_utf8_get_char(p);
        gunichar next = g_utf8_get_char(g_utf8_next_char(p));
        gboolean lead = character == 0xC3 || character == 0xC2 || character == 0xE2;
        gboolean tail = (character == 0xC3 && (next == ' ' || next == 0)) ||
                        (next >= 0x80 && next < 0xC0) || next == 0x20AC || next == 0x2122;
        if (character == 0xFFFD || (lead && tail) || (character >= 0xE000 && character < 0xF900))
            return TRUE;
    }
    return FALSE;
}

/* Too few letters, more marks than letters, or three times as many figures. */
static gboolean is_unlettered(const char *title)
{
    guint letters = 0;
    guint figures = 0;
    guint marks = 0;
    for (const char *p = title; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar character = g_utf8_get_char(p);
        if (g_unichar_isalpha(character) || g_unichar_ismark(character))
            letters++;
        else if (g_unichar_isdigit(character))
            figures++;
        else if (!g_unichar_isspace(character))
            marks++;
    }
    return letters < TITLE_LETTERS || marks > letters || figures > 3 * letters;
}

/* "reg_consulta_bozza.doc", "C:\...": a name with an extension, or without a blank but with marks.
 */
static gboolean is_file_name(const char *title, const Words *words)
{
    const char *dot = strrchr(title, '.');
    g_autofree char *tail = dot != NULL ? g_ascii_strdown(dot + 1, -1) : NULL;
    if (tail != NULL && IN_LIST(EXTENSIONS, tail, strlen(tail)))
        return TRUE;
    if (strchr(title, '\\') != NULL)
        return TRUE;
    return strchr(title, ' ') == NULL && words->count > 1 && strpbrk(title, "_-./") != NULL;
}

static gboolean is_only_version(const Words *words)
{
    for (guint at = 0; at < words->count; at++)
        if (!is_version_word(words->word[at].folded))
            return FALSE;
    return TRUE;
}

/* What can be no title wherever it is found. */
static gboolean is_rubbish_anywhere(const char *title, const Words *words)
{
    return words->count == 0 || is_mojibake(title) || is_unlettered(title) ||
           is_known_rubbish(words) || is_only_version(words) || is_file_name(title, words);
}

gboolean catalogue_title_is_rubbish(const char *title)
{
    g_autofree char *tidy = catalogue_title_tidy(title, strlen(title));
    g_autoptr(Words) words = words_new(tidy, strlen(tidy));
    return is_rubbish_anywhere(tidy, words) ||
           (words->count == 1 && g_utf8_strlen(tidy, -1) < TITLE_WORD_LETTERS);
}

/* ---- headings and text ---- */

/* Whether the words from `first` to before `end` are the name of a body and no more. */
static gboolean is_only_body(const Words *words, guint first, guint end)
{
    static const char *const ARTICLES[] = {"il", "lo", "la", "l", "the"};
    guint body_end = 0;
    if (first + 1 < end &&
        IN_LIST(ARTICLES, words->word[first].folded, strlen(words->word[first].folded)))
        first++;
    g_autofree char *body = catalogue_body_at(words, first, &body_end);
    return body != NULL && body_end >= end;
}

static gboolean is_term_line(const Words *words, guint first, guint end)
{
    return first < end && catalogue_kind_term(words, first) > 0;
}

/* How lines begin that say when, where and by whom. */
static const char *const OPENINGS[] = {
    "approvato",
    "approvata",
    "approved",
    "adottato",
    "adottata",
    "adopted",
    "testo approvato",
    "testo coordinato",
    "allegato",
    "affisso",
    "pubblicato",
    "published",
    "signed",
    "firmato",
    "sottoscritto",
    "prot",
    "protocollo",
    "oggetto",
    "n",
    "a cura",
    "edited by",
    "pagina",
    "page",
    "via",
    "piazza",
    "tel",
    "www",
    "http",
    "https",
    "seduta",
    "del registro",
    "anno",
    "triennio",
    "con il contributo",
    "in collaborazione",
    "in cooperation with",
    "with the support",
    "consolidated",
    "stemma",
    "logo",
    "settore",
    "ufficio",
    "servizio",
    "assessorato",
    "area",
    "direzione",
    "dipartimento",
    "department",
    "office",
    "segreteria",
    "provincia",
    "provincia di",
    "repubblica italiana",
    "italian republic",
    "printed",
    "copyright",
    "isbn",
};

/* Lines by which a title page says when and by whom the document was approved. */
static gboolean is_act_line(const Words *words, guint first)
{
    for (guint i = 0; i < G_N_ELEMENTS(OPENINGS); i++)
        if (words_match(words, first, OPENINGS[i]) > 0)
            return TRUE;
    return FALSE;
}

/* A heading makes sense as a title when it names more than a body or a chapter. */
static char *heading_title(const char *heading)
{
    if (heading == NULL)
        return NULL;
    g_autofree char *title = catalogue_title_tidy(heading, strlen(heading));
    g_autoptr(Words) words = words_new(title, strlen(title));
    if (is_rubbish_anywhere(title, words) || is_only_body(words, 0, words->count) ||
        front_is_section(words, 0, words->count) || g_utf8_strlen(heading, -1) > TITLE_LOOKED_AT)
        return NULL;
    if (words->count == 1 && !is_term_line(words, 0, 1))
        return NULL;
    return g_steal_pointer(&title);
}

/* A line is a date when it is one to its end, or begins with one and has little more. */
static gboolean is_date_line(const Words *words, guint first, guint end)
{
    return !is_term_line(words, first, end) && catalogue_year_is_date(words, first, end);
}

/* Whether a line of the head may begin a title. */
static gboolean may_begin(const Front *front, const FrontLine *line)
{
    const Words *words = front->words;
    g_autofree char *text =
        catalogue_title_tidy(words->text + line->start, line->end - line->start);
    g_autoptr(Words) own = words_new(text, strlen(text));
    if (is_rubbish_anywhere(text, own) || is_only_body(own, 0, own->count) ||
        front_is_section(own, 0, own->count) ||
        (is_act_line(own, 0) && !is_term_line(own, 0, own->count)) ||
        is_date_line(own, 0, own->count))
        return FALSE;
    gboolean capital = words_is_capital(words, line->first_word) ||
                       g_ascii_isdigit(words->text[words->word[line->first_word].start]);
    gboolean sentence = g_str_has_suffix(text, ".");
    return capital && !sentence && (own->count > 1 || is_term_line(own, 0, own->count));
}

/* Whether a body's name begins in `first` as something of its own, not after "del". */
static gboolean begins_body(const Words *words, guint first)
{
    static const char *const LEADING[] = {"di",  "del", "della", "dell", "dello", "dei", "il", "la",
                                          "the", "of",  "tra",   "fra",  "e",     "and", "l"};
    guint end;
    g_autofree char *body = catalogue_body_at(words, first, &end);
    const char *before = first > 0 ? words->word[first - 1].folded : "";
    return body != NULL && !IN_LIST(LEADING, before, strlen(before));
}

/* Whether a title goes on in `line`: in the same paragraph, and no other thing begins there. */
static gboolean goes_on(const Front *front, const FrontLine *line)
{
    const Words *words = front->words;
    guint first = line->first_word;
    if (words->word[first].gap & (GAP_PARAGRAPH | GAP_PAGE))
        return FALSE;
    return !begins_body(words, first) && !is_act_line(words, first) &&
           !is_date_line(words, first, line->end_word) &&
           !front_is_section(words, first, line->end_word);
}

static char *title_from_line(const Front *front, guint first)
{
    const FrontLine *begin = front_line(front, first);
    gsize end = begin->end;
    for (guint i = first + 1; i < front->lines->len && i < first + TITLE_LINES; i++) {
        const FrontLine *line = front_line(front, i);
        char last = front->words->text[end - 1];
        if (last == '.' || last == ';' || !goes_on(front, line))
            break;
        end = line->end;
    }
    return catalogue_title_tidy(front->words->text + begin->start, end - begin->start);
}

/* A line that opens with a term for a kind goes before any other. */
static char *text_title(const Front *front)
{
    guint best = front->lines->len;
    for (guint i = 0; i < front->lines->len; i++) {
        const FrontLine *line = front_line(front, i);
        if (!may_begin(front, line))
            continue;
        gboolean term = is_term_line(front->words, line->first_word, line->end_word);
        if (best == front->lines->len || term)
            best = i;
        if (term)
            break;
    }
    return best < front->lines->len ? title_from_line(front, best) : NULL;
}

/* ---- file names ---- */

/* Cuts extensions off the end, twice for "NAME.pdf.p7m". */
static void cut_extensions(GString *name)
{
    for (guint i = 0; i < 2; i++) {
        const char *dot = strrchr(name->str, '.');
        g_autofree char *tail = dot != NULL ? g_ascii_strdown(dot + 1, -1) : NULL;
        if (dot == NULL || dot == name->str || !IN_LIST(EXTENSIONS, tail, strlen(tail)))
            return;
        g_string_truncate(name, (gsize)(dot - name->str));
    }
}

/* Underscores are blanks; hyphens too in a name that has no blank, but not between figures. */
static void open_separators(GString *name)
{
    g_string_replace(name, "%20", " ", 0);
    gboolean spaced = strchr(name->str, ' ') != NULL;
    for (gsize i = 0; i < name->len; i++) {
        gboolean figures =
            i > 0 && g_ascii_isdigit(name->str[i - 1]) && g_ascii_isdigit(name->str[i + 1]);
        if (name->str[i] == '_' || (name->str[i] == '-' && !spaced && !figures))
            name->str[i] = ' ';
    }
}

/* "(1)", "v2.1", "def", "rev 3" at the end, as long as something is left. A year stays. */
static void cut_versions(GString *name)
{
    for (;;) {
        g_autoptr(Words) words = words_new(name->str, name->len);
        if (words->count < 2)
            return;
        const Word *last = &words->word[words->count - 1];
        gboolean copy =
            is_figures(last->folded) && last->start > 0 && name->str[last->start - 1] == '(';
        gboolean number = is_figures(last->folded) && last->end - last->start < 3 &&
                          is_version_word(words->word[words->count - 2].folded) &&
                          !is_figures(words->word[words->count - 2].folded);
        gboolean part = is_figures(last->folded) && last->gap == GAP_DOT &&
                        !is_figures(words->word[words->count - 2].folded) &&
                        is_version_word(words->word[words->count - 2].folded);
        /* A final report is called so; a final statute is a version. */
        gboolean final = g_str_has_prefix(last->folded, "final") &&
                         catalogue_kind_term(words, words->count - 2) > 0 &&
                         strchr(name->str, ' ') != NULL && last->gap == GAP_SPACE;
        gboolean version = !is_figures(last->folded) && is_version_word(last->folded) && !final;
        if (!copy && !number && !part && !version)
            return;
        g_string_truncate(name, words->word[words->count - 2].end);
    }
}

char *catalogue_title_from_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    g_autofree char *valid = g_utf8_make_valid(slash != NULL ? slash + 1 : path, -1);
    g_autoptr(GString) name = g_string_new(valid);
    cut_extensions(name);
    open_separators(name);
    cut_versions(name);
    g_autofree char *title = catalogue_title_tidy(name->str, name->len);
    GString *out = g_string_new(NULL);
    if (*title != '\0') {
        g_string_append_unichar(out, g_unichar_toupper(g_utf8_get_char(title)));
        g_string_append(out, g_utf8_next_char(title));
    }
    return g_string_free(out, FALSE);
}

/* ---- the order of sources ---- */

char *catalogue_title(const CatalogueInput *input, const Front *front, Source *ret_source)
{
    *ret_source = SOURCE_METADATA;
    if (input->meta_title != NULL && !catalogue_title_is_rubbish(input->meta_title))
        return catalogue_title_tidy(input->meta_title, strlen(input->meta_title));
    *ret_source = SOURCE_HEADING;
    char *title = heading_title(input->heading);
    if (title != NULL)
        return title;
    *ret_source = SOURCE_TEXT;
    title = text_title(front);
    if (title != NULL)
        return title;
    *ret_source = SOURCE_NAME;
    title = catalogue_title_from_name(input->path);
    if (*title != '\0')
        return title;
    g_free(title);
    return g_strdup("?");
}
