/* Tests of indexer/reader/field: what stands in each kind of field. */
#include "fixture.h"

#include "../../indexer/reader/field.h"

/* One page with one field, whose entries are `field`. poppler makes the missing table itself. */
static PopplerDocument *open_form(const char *field)
{
    g_autofree char *pdf = g_strdup_printf(
        "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Annots[4 0 R]>>endobj\n"
        "4 0 obj<</Type/Annot/Subtype/Widget/Rect[10 10 90 30]/T(a)/P 3 0 R%s>>endobj\n"
        "trailer<</Size 5/Root 1 0 R>>\n%%%%EOF\n",
        field);
    g_autoptr(GBytes) bytes = g_bytes_new(pdf, strlen(pdf));
    return poppler_document_new_from_bytes(bytes, NULL, NULL);
}

static void test_texts(void **state)
{
    static const struct {
        const char *field;
        const char *text; /* NULL: none */
    } CASES[] = {
        {"/FT/Tx/V(Valdoria)", "Valdoria"},
        {"/FT/Tx", NULL},
        {"/FT/Ch/Ff 131072/Opt[(Uno)(Due)(Tre)]/V(Due)", "Due"},
        {"/FT/Ch/Ff 2097152/Opt[(Uno)(Due)(Tre)]/V[(Uno)(Tre)]", "Uno\nTre"},
        {"/FT/Ch/Ff 393216/Opt[(Uno)(Due)]/V(altro)", "altro"}, /* typed into the list */
        {"/FT/Ch/Ff 131072/Opt[(Uno)(Due)]", NULL},
        {"/FT/Btn/V/Yes/AS/Yes", NULL},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        PopplerDocument *document = open_form(CASES[i].field);
        assert_non_null(document);
        PopplerPage *page = poppler_document_get_page(document, 0);
        GList *fields = poppler_page_get_form_field_mapping(page);
        assert_int_equal(g_list_length(fields), 1);
        g_autofree char *text = field_text(((PopplerFormFieldMapping *)fields->data)->field);
        if (g_strcmp0(text, CASES[i].text) != 0)
            fail_msg("%s: \"%s\"", CASES[i].field, text ? text : "(none)");
        poppler_page_free_form_field_mapping(fields);
        g_object_unref(page);
        g_object_unref(document);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
