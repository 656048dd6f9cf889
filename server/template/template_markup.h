/* Template markup: escaping, and where in HTML a template's next byte stands.
 *
 * One escaping serves HTML text and quoted attributes, and nothing else. So the loader follows the
 * literal text of a template with a small state machine (after the tokeniser of the HTML standard,
 * without its error recovery) and refuses a value wherever that escaping would not hold: in an
 * unquoted attribute, in a tag's own names, in attributes and elements that hold code. */
#ifndef SCHEDARIO_TEMPLATE_MARKUP_H
#define SCHEDARIO_TEMPLATE_MARKUP_H

#include <glib.h>

typedef enum {
    MARKUP_TEXT,
    MARKUP_LESS,         /* after '<' */
    MARKUP_BANG,         /* after "<!" */
    MARKUP_TAG,          /* in a tag, outside values */
    MARKUP_BEFORE_VALUE, /* after '=' */
    MARKUP_UNQUOTED,
    MARKUP_DOUBLE, /* in a "value" */
    MARKUP_SINGLE, /* in a 'value' */
    MARKUP_RAW,    /* in <script> or <style> */
    MARKUP_COMMENT,
    MARKUP_STATES
} MarkupState;

/* Embedded by value; all zero is the state at a file's beginning. */
typedef struct {
    MarkupState state;
    gboolean is_closing; /* of the tag: </... */
    gboolean has_name;   /* the tag's first word is over */
    const char *end_tag; /* what ends the element's content when that is code, else NULL; static */
    gboolean is_code;    /* the attribute's value is code */
    gboolean word_ended;
    guint matched; /* bytes of "--" or of end_tag seen so far */
    char word[12]; /* the word under way in lower case, cut */
    guint word_length;
} Markup;

/* Appends `length` bytes of UTF-8 with & < > " ' escaped, safe in HTML and XML text and in quoted
 * attributes. A character that XML forbids becomes U+FFFD: a stray one from a document must not
 * make a whole feed unreadable. */
void markup_append_escaped(GString *out, const char *text, gsize length);

/* Goes over `length` bytes of literal text. Any bytes. */
void markup_feed(Markup *markup, const char *text, gsize length);

/* Why a value must not stand here, in English, static; NULL when it may. */
const char *markup_refusal(const Markup *markup);

/* Whether what follows is read the same way in both places. */
gboolean markup_is_same(const Markup *a, const Markup *b);

#endif
