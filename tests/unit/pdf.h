/* PDF: small files for the tests of what draws pages.
 *
 * All inline, since a test program is linked from its own object and the libraries only. */
#ifndef SCHEDARIO_TESTS_PDF_H
#define SCHEDARIO_TESTS_PDF_H

#include <glib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Adds an object, numbered on from the last, and its line of the table. */
static inline void pdf_object(GString *out, GString *table, guint number, const char *object)
{
    g_string_append_printf(table, "%010u 00000 n \n", (guint)out->len);
    g_string_append_printf(out, "%u 0 obj%s endobj\n", number, object);
}

/* Pages with the entries of `dictionary` ("/MediaBox[0 0 595 842]/Rotate 90"), which all share, and
 * their contents; NULL ends the list. */
static inline GByteArray *pdf_pages(const char *dictionary, const char *const *contents)
{
    guint count = g_strv_length((char **)contents);
    g_autoptr(GString) kids = g_string_new(NULL);
    g_autoptr(GString) table = g_string_new(NULL);
    GString *out = g_string_new("%PDF-1.4\n");
    for (guint i = 0; i < count; i++)
        g_string_append_printf(kids, "%u 0 R ", 4 + 2 * i);
    g_autofree char *list = g_strdup_printf("<</Type/Pages/Kids[%s]/Count %u>>", kids->str, count);
    pdf_object(out, table, 1, "<</Type/Catalog/Pages 2 0 R>>");
    pdf_object(out, table, 2, list);
    pdf_object(out, table, 3, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
    for (guint i = 0; i < count; i++) {
        g_autofree char *page = g_strdup_printf(
            "<</Type/Page/Parent 2 0 R/Contents %u 0 R/Resources<</Font<</F 3 0 R>>>>%s>>",
            5 + 2 * i, dictionary);
        g_autofree char *stream = g_strdup_printf("<</Length %u>>stream\n%s\nendstream",
                                                  (guint)strlen(contents[i]), contents[i]);
        pdf_object(out, table, 4 + 2 * i, page);
        pdf_object(out, table, 5 + 2 * i, stream);
    }
    guint start = (guint)out->len;
    g_string_append_printf(out,
                           "xref\n0 %u\n0000000000 65535 f \n%strailer<</Size %u/Root 1 0 "
                           "R>>\nstartxref\n%u\n%%%%EOF\n",
                           4 + 2 * count, table->str, 4 + 2 * count, start);
    return g_bytes_unref_to_array(g_string_free_to_bytes(out));
}

/* One page. */
static inline GByteArray *pdf_write(const char *dictionary, const char *content)
{
    const char *const contents[] = {content, NULL};
    return pdf_pages(dictionary, contents);
}

/* Pages of 595 x 842 points, each with one of `lines` in 20 points, its baseline's beginning at
 * (50, 100) from above; `red`, else black. NULL ends the list. */
static inline GByteArray *pdf_make(const char *const *lines, gboolean red)
{
    g_autoptr(GPtrArray) contents = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; lines[i]; i++)
        g_ptr_array_add(contents, g_strdup_printf("%s rg BT /F 20 Tf 50 742 Td (%s) Tj ET",
                                                  red ? "0.8 0 0" : "0 0 0", lines[i]));
    g_ptr_array_add(contents, NULL);
    return pdf_pages("/MediaBox[0 0 595 842]", (const char *const *)contents->pdata);
}

/* An open file of these bytes, which are taken. */
static inline int pdf_file(GByteArray *bytes)
{
    int fd = memfd_create("test", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes->data, bytes->len), bytes->len);
    g_byte_array_unref(bytes);
    return fd;
}

#endif
