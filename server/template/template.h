/* Template: Mustache over a JSON value, escaping by default.
 *
 * Source of the language: mustache(5) and the Mustache specification 1.2: variables, dotted names,
 * the implicit iterator {{.}}, sections, inverted sections, partials, comments; a section, comment
 * or partial alone on its line takes the line with it (partials are not indented anew). The raw
 * forms {{{x}}} and {{&x}} and set-delimiter tags are refused when a template is loaded. A value is
 * escaped for HTML text and quoted attributes alike (& < > " '), and refused on loading where that
 * would not be enough: in an unquoted attribute, in a tag outside quotes, in <script> and <style>,
 * in on..., style and srcdoc attributes. A section must end in the same kind of place as it began,
 * and a partial must stand, begin and end in text. Addresses are the server's to build: a value is
 * allowed as the whole of an href. */
#ifndef SCHEDARIO_TEMPLATE_H
#define SCHEDARIO_TEMPLATE_H

#include <glib.h>
#include <jansson.h>

#define TEMPLATE_ERROR (template_error_quark())
GQuark template_error_quark(void);
typedef enum {
    TEMPLATE_ERROR_SYNTAX,  /* unclosed or crossed section, raw form, a value in the wrong place,
                             * too deep, not UTF-8; the message has file and line */
    TEMPLATE_ERROR_MISSING, /* a partial or message that is not there, partials that include each
                             * other, no messages at all */
    TEMPLATE_ERROR_IO,      /* a directory or file that cannot be read, or is too long */
} TemplateError;

typedef struct TemplateSet TemplateSet;

/* Loads every *.mustache of `templates_dir` and, for each *.ini of `messages_dir` (it.ini, en.ini:
 * GKeyFile, group [messages]), the messages of that language. A message is the partial {{>t.KEY}}
 * in pages of its language: a Mustache text itself (variables, sections for plurals, no partials),
 * whose own literal text is plain text and is escaped on loading, always inline; it may stand
 * wherever a value may. Compiled once; partials are resolved and checked on loading, for every
 * language: a key missing in one language is an error, as is a key set twice. NULL and `error` on
 * any fault. */
TemplateSet *template_set_load(const char *templates_dir, const char *messages_dir, GError **error);
/* Another reference to it, so that it may be replaced while it is in use. Thread-safe. */
TemplateSet *template_set_ref(TemplateSet *set);
/* Gives one back; the last frees it. */
void template_set_free(TemplateSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TemplateSet, template_set_free)
/* Whether it has every template, language and message that `other` has, and so can stand in its
 * place. FALSE and `error` (TEMPLATE_ERROR_MISSING) when something is missing. */
gboolean template_set_covers(const TemplateSet *set, const TemplateSet *other, GError **error);

/* Renders the template NAME (NAME.mustache) for `language` ("it", "en") over `value` (NULL: nothing
 * is known). The result is owned by the caller. NULL when there is no such template or language
 * (our bug, asserted in debug). Numbers print as integers where they are integers; booleans as
 * "true" and "false"; null, missing, objects and arrays as nothing. A section over an array
 * repeats, over an object or true or a non-empty string or a non-zero number shows once with it as
 * context; false, null, "", 0 and [] are empty. A name is looked for from the innermost context
 * outwards. A character that XML forbids prints as U+FFFD. Thread-safe: a loaded set is
 * only read. */
GString *template_render(const TemplateSet *set, const char *language, const char *name,
                         const json_t *value);

/* The text of message KEY over `value` as plain text (not escaped), for JSON and headers; NULL when
 * there is no such message or language. Owned by the caller. Thread-safe. */
char *template_message(const TemplateSet *set, const char *language, const char *key,
                       const json_t *value);

#endif
