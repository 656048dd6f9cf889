/* Field: see field.h. */
#include "field.h"

static char *chosen_text(PopplerFormField *field)
{
    g_autoptr(GString) text = g_string_new(NULL);
    int count = poppler_form_field_choice_get_n_items(field);
    for (int i = 0; i < count; i++) {
        if (!poppler_form_field_choice_is_item_selected(field, i))
            continue;
        g_autofree char *item = poppler_form_field_choice_get_item(field, i);
        if (item && *item)
            g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", item);
    }
    /* A list into which something else may be typed. */
    return text->len > 0 ? g_string_free(g_steal_pointer(&text), FALSE)
                         : poppler_form_field_choice_get_text(field);
}

static char *filled_in(PopplerFormField *field)
{
    switch (poppler_form_field_get_field_type(field)) {
    case POPPLER_FORM_FIELD_TEXT:
        return poppler_form_field_text_get_text(field);
    case POPPLER_FORM_FIELD_CHOICE:
        return chosen_text(field);
    default:
        return NULL;
    }
}

char *field_text(PopplerFormField *field)
{
    g_autofree char *text = filled_in(field);
    return text && *text ? g_steal_pointer(&text) : NULL;
}
