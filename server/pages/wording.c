/* See wording.h. */
#include "wording.h"

#include <string.h>

char *wording_number(const Page *page, guint64 number)
{
    enum { GROUP = 3 };
    g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, number);
    g_autofree char *separator = page_word(page, "number_", "separator", NULL);
    gsize length = strlen(digits);
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < length; i++) {
        if (i > 0 && (length - i) % GROUP == 0)
            g_string_append(text, separator);
        g_string_append_c(text, digits[i]);
    }
    return g_string_free(text, FALSE);
}

json_t *wording_count(const Page *page, guint64 number)
{
    json_t *object = json_object();
    page_take_text(object, "n", wording_number(page, number));
    json_object_set_new(object, "one", json_boolean(number == 1));
    json_object_set_new(object, "none", json_boolean(number == 0));
    return object;
}

char *wording_size(const Page *page, gint64 bytes)
{
    static const char *const UNITS[] = {"bytes", "kb", "mb", "gb"};
    static const double STEP = 1000;
    double size = (double)bytes;
    gsize unit = 0;
    for (; size >= STEP && unit + 1 < G_N_ELEMENTS(UNITS); unit++)
        size /= STEP;
    g_autofree char *decimal = page_word(page, "number_", "decimal", NULL);
    g_autofree char *number =
        unit == 0 || size >= 10 ? g_strdup_printf("%.0f", size) : g_strdup_printf("%.1f", size);
    /* The C library writes the process's decimal sign, which is not the reader's. */
    g_auto(GStrv) parts = g_strsplit_set(number, ".,", 2);
    g_autofree char *written = g_strjoinv(decimal, parts);
    json_t *value = json_pack("{s:s}", "n", written);
    char *text = page_word(page, "size_", UNITS[unit], value);
    json_decref(value);
    return text;
}

static char *date_word(const Page *page, gint64 unix_time, const char *form)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(unix_time);
    if (unix_time <= 0 || !time)
        return NULL;
    int day = g_date_time_get_day_of_month(time);
    g_autofree char *number = g_strdup_printf("%d", g_date_time_get_month(time));
    g_autofree char *month = page_word(page, "month_", number, NULL);
    g_autofree char *clock = g_date_time_format(time, "%H:%M");
    json_t *value = json_pack("{s:i, s:b, s:s, s:i, s:s, s:s}", "day", day, "is_first", day == 1,
                              "month", month, "year", g_date_time_get_year(time), "time", clock,
                              "zone", g_date_time_get_timezone_abbreviation(time));
    char *text = page_word(page, "date_", form, value);
    json_decref(value);
    return text;
}

char *wording_date(const Page *page, gint64 unix_time)
{
    return date_word(page, unix_time, "day");
}

char *wording_time(const Page *page, gint64 unix_time)
{
    return date_word(page, unix_time, "time");
}

gint64 wording_unix(const json_t *time)
{
    const char *text = json_string_value(time);
    g_autoptr(GDateTime) parsed = text ? g_date_time_new_from_iso8601(text, NULL) : NULL;
    return parsed ? g_date_time_to_unix(parsed) : 0;
}
