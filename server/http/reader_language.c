/* See reader_language.h. */
#include "reader_language.h"

#include <string.h>

const char *const READER_LANGUAGES[] = {"it", "en", NULL};

enum {
    QUALITY_MOST = 1000, /* q=1, in thousandths: the header allows three decimals */
    QUALITY_NONE = -1,   /* not spoken of */
    RANGES_MOST = 64,    /* read of one header; no browser sends as many */
};

const char *reader_language_named(const char *name)
{
    for (gsize i = 0; name && READER_LANGUAGES[i]; i++)
        if (strcmp(name, READER_LANGUAGES[i]) == 0)
            return READER_LANGUAGES[i];
    return NULL;
}

/* "0.8" as 800; anything that is no quality counts as the least. */
static int read_quality(const char *text)
{
    int quality = 0, unit = QUALITY_MOST;
    if (*text != '0' && *text != '1')
        return 0;
    quality = (*text++ - '0') * unit;
    if (*text == '.')
        text++;
    while (g_ascii_isdigit(*text) && unit > 1) {
        unit /= 10;
        quality += (*text++ - '0') * unit;
    }
    return *text || quality > QUALITY_MOST ? 0 : quality;
}

/* The quality of one range ("en-GB;q=0.8"), which is cut to its tag. */
static int take_quality(char *range)
{
    char *parameter = strchr(range, ';');
    if (!parameter)
        return QUALITY_MOST;
    *parameter++ = '\0';
    g_strstrip(range);
    g_strstrip(parameter);
    return g_ascii_strncasecmp(parameter, "q=", 2) == 0 ? read_quality(parameter + 2) : 0;
}

/* Any region will do: pages have none. */
static gboolean is_of(const char *tag, const char *language)
{
    gsize length = strlen(language);
    return g_ascii_strncasecmp(tag, language, length) == 0 &&
           (tag[length] == '\0' || tag[length] == '-');
}

/* What a header says of one language: its best range, or what is said of all others. */
static int quality_of(char **ranges, const int *qualities, const char *language)
{
    int quality = QUALITY_NONE, others = 0;
    for (guint i = 0; i < RANGES_MOST && ranges[i]; i++) {
        if (strcmp(ranges[i], "*") == 0)
            others = qualities[i];
        else if (is_of(ranges[i], language))
            quality = MAX(quality, qualities[i]);
    }
    return quality == QUALITY_NONE ? others : quality;
}

/* Of languages liked equally, the one named first. */
static guint place_of(char **ranges, const char *language)
{
    guint place = 0;
    while (place < RANGES_MOST && ranges[place] && !is_of(ranges[place], language))
        place++;
    return place;
}

const char *reader_language_accepted(const char *accept_language)
{
    g_auto(GStrv) ranges = g_strsplit(accept_language ? accept_language : "", ",", RANGES_MOST);
    int qualities[RANGES_MOST] = {0}, best_quality = 0;
    const char *best = READER_LANGUAGES[0];
    for (guint i = 0; i < RANGES_MOST && ranges[i]; i++)
        qualities[i] = take_quality(g_strstrip(ranges[i]));
    for (guint i = 0; READER_LANGUAGES[i]; i++) {
        const char *language = READER_LANGUAGES[i];
        int quality = quality_of(ranges, qualities, language);
        gboolean is_tie = quality == best_quality && quality > 0;
        if (quality > best_quality ||
            (is_tie && place_of(ranges, language) < place_of(ranges, best))) {
            best = language;
            best_quality = quality;
        }
    }
    return best;
}
