/* Reader language: which of the languages that pages are written in a reader understands best.
 *
 * Source: RFC 9110, 12.5.4 (Accept-Language), with RFC 4647 basic filtering. A parser of outside
 * bytes: any string gives an answer. */
#ifndef SCHEDARIO_READER_LANGUAGE_H
#define SCHEDARIO_READER_LANGUAGE_H

#include <glib.h>

/* The languages of pages, best first where a reader has no preference; ends in NULL. */
extern const char *const READER_LANGUAGES[];

/* The page language of that name ("it", "en"), or NULL. Static storage. */
const char *reader_language_named(const char *name);

/* The page language for an Accept-Language header (NULL: none). Never NULL; static storage. */
const char *reader_language_accepted(const char *accept_language);

#endif
