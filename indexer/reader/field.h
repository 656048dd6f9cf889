/* Field: what was filled into a field of a form. It is shown on the page, but is not part of
 * poppler's page text. */
#ifndef SCHEDARIO_READER_FIELD_H
#define SCHEDARIO_READER_FIELD_H

#include <glib.h>
#include <poppler.h>

/* The text of a text field, or what was chosen of a list, each choice on a line; NULL for any other
 * field, and for one in which nothing stands. Not necessarily valid UTF-8. Owned by the caller. */
char *field_text(PopplerFormField *field);

#endif
