/* See page_years.h. */
#include "page_years.h"

#include "wording.h"

enum {
    CHART_HEIGHT = 100, /* units of the picture */
    BAR_LEAST = 4,      /* of a bar that stands for something */
};

/* Years that one bar may stand for, as people count them. */
static const int SPANS[] = {1, 2, 5, 10, 20, 50, 100, 500};

typedef struct {
    const Page *page;
    const PageYears *years;
    int first; /* shown */
    int last;
    int span;
    GArray *counts; /* guint64 by bar */
    guint64 most;
} Chart;

typedef struct {
    int year;
    guint64 count;
} YearCount;

/* Newest first, as the API has them. */
static YearCount year_at(const json_t *counted, size_t at)
{
    const json_t *pair = json_array_get(counted, at);
    const char *value = json_string_value(json_object_get(pair, "value"));
    guint64 year = value ? g_ascii_strtoull(value, NULL, 10) : 0;
    return (YearCount){(int)MIN(year, G_MAXINT16),
                       (guint64)json_integer_value(json_object_get(pair, "count"))};
}

/* A chosen range of more than a year is looked at closely. */
static gboolean is_close(const PageYears *years)
{
    return years->from && years->to && years->from < years->to;
}

static int span_for(int first, int last, guint most)
{
    gsize i = 0;
    while (i + 1 < G_N_ELEMENTS(SPANS) && (guint)(last / SPANS[i] - first / SPANS[i] + 1) > most)
        i++;
    return SPANS[i];
}

static guint bar_of(const Chart *chart, int year)
{
    return (guint)(year / chart->span - chart->first / chart->span);
}

static void count_bars(Chart *chart, const json_t *counted)
{
    g_array_set_size(chart->counts, bar_of(chart, chart->last) + 1);
    for (size_t i = 0; i < json_array_size(counted); i++) {
        YearCount one = year_at(counted, i);
        if (one.year < chart->first || one.year > chart->last)
            continue;
        guint64 *count = &g_array_index(chart->counts, guint64, bar_of(chart, one.year));
        *count += one.count;
        chart->most = MAX(chart->most, *count);
    }
}

static char *years_label(int from, int to)
{
    return from == to ? g_strdup_printf("%d", from) : g_strdup_printf("%d–%d", from, to);
}

static json_t *make_bar(const Chart *chart, guint bar)
{
    const PageYears *years = chart->years;
    guint64 count = g_array_index(chart->counts, guint64, bar);
    int start = (chart->first / chart->span + (int)bar) * chart->span;
    int from = MAX(start, chart->first), to = MIN(start + chart->span - 1, chart->last);
    int height = chart->most ? (int)(count * CHART_HEIGHT / chart->most) : 0;
    json_t *object = json_object();
    height = count > 0 ? MAX(height, BAR_LEAST) : 0;
    page_take_text(object, "years", years_label(from, to));
    json_object_set_new(object, "documents", wording_count(chart->page, count));
    page_take_text(object, "address", count > 0 ? years->link(years->data, from, to) : NULL);
    json_object_set_new(object, "height", json_integer(height));
    json_object_set_new(object, "y", json_integer(CHART_HEIGHT - height));
    json_object_set_new(
        object, "is_current",
        json_boolean(years->from && years->to && from <= years->from && years->to <= to));
    return object;
}

static json_t *make_bars(const Chart *chart)
{
    json_t *bars = json_array();
    for (guint i = 0; i < chart->counts->len; i++)
        json_array_append_new(bars, make_bar(chart, i));
    return bars;
}

static void set_bound(json_t *object, const char *key, int year)
{
    json_object_set_new(object, key, year > 0 ? json_integer(year) : json_null());
}

json_t *page_years(const Page *page, const json_t *counted, const PageYears *years)
{
    size_t count = json_array_size(counted);
    json_t *object = json_object();
    gboolean is_part = is_close(years);
    set_bound(object, "from", years->from);
    set_bound(object, "to", years->to);
    json_object_set_new(object, "has_years", json_boolean(count > 0));
    page_take_text(object, "whole_url",
                   years->from || years->to ? years->link(years->data, 0, 0) : NULL);
    if (count == 0)
        return object;
    Chart chart = {
        .page = page,
        .years = years,
        .first = is_part ? years->from : year_at(counted, count - 1).year,
        .last = is_part ? years->to : year_at(counted, 0).year,
    };
    chart.span = span_for(chart.first, chart.last, years->most);
    chart.counts = g_array_new(FALSE, TRUE, sizeof(guint64));
    count_bars(&chart, counted);
    set_bound(object, "first", chart.first);
    set_bound(object, "last", chart.last);
    page_take_text(object, "most", wording_number(page, chart.most));
    json_object_set_new(object, "is_grouped", json_boolean(chart.span > 1));
    json_object_set_new(object, "bars", make_bars(&chart));
    g_array_unref(chart.counts);
    return object;
}
