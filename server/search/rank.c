/* See rank.h. */
#include "rank.h"

#include <math.h>

/* Usual values of BM25; between 1.0 and 1.5, and 0.5 and 0.75, the benches differ little. */
static const float K1 = 1.2f;
static const float B = 0.6f;

/* How much nearness counts beside the words themselves, and how far apart words are not near any
 * more. */
static const double NEARNESS = 0.5;
enum { NEAR_WORDS = 12 };

/* How much the best stretch counts, and how long it is: about a sentence's core. */
static const double STRETCH = 0.6;
enum { STRETCH_WORDS = 15 };

float rank_norm(float relative)
{
    return K1 * (1 - B + B * relative);
}

float rank_saturated(float frequency, float norm)
{
    return frequency * (K1 + 1) / (frequency + norm);
}

double rank_weight(double idf, double mean)
{
    return idf * sqrt(mean);
}

/* One over the distance's square. */
static double closeness(guint32 distance)
{
    static const double BY_DISTANCE[NEAR_WORDS + 1] = {
        1,        1,        1. / 4,  1. / 9,   1. / 16,  1. / 25,  1. / 36,
        1. / 49., 1. / 64., 1. / 81, 1. / 100, 1. / 121, 1. / 144,
    };
    return distance <= NEAR_WORDS ? BY_DISTANCE[distance] : 0;
}

/* What each concept gets from its neighbours: their weight by closeness. */
static void gather(const Place *places, guint place_count, const double *idf, double *gathered)
{
    for (guint i = 1; i < place_count; i++) {
        const Place *left = &places[i - 1], *right = &places[i];
        guint32 distance = right->position - left->position;
        if (distance > NEAR_WORDS || left->concept == right->concept)
            continue;
        gathered[left->concept] += idf[right->concept] * closeness(distance);
        gathered[right->concept] += idf[left->concept] * closeness(distance);
    }
}

/* The most that a stretch of STRETCH_WORDS holds of the question, by weight. */
static double best_stretch(const Place *places, guint place_count, const double *idf, guint count)
{
    g_autofree guint *held = g_new0(guint, count + 1);
    double best = 0, present = 0, all = 0;
    guint tail = 0;
    for (guint i = 0; i < count; i++)
        all += idf[i];
    for (guint i = 0; i < place_count && best < all; i++) {
        if (held[places[i].concept]++ == 0)
            present += idf[places[i].concept];
        for (; places[i].position - places[tail].position > STRETCH_WORDS; tail++)
            if (--held[places[tail].concept] == 0)
                present -= idf[places[tail].concept];
        best = MAX(best, present);
    }
    return best;
}

double rank_nearness(const Place *places, guint place_count, const double *idf, guint count,
                     float norm)
{
    g_autofree double *gathered = g_new0(double, count + 1);
    double score = 0;
    gather(places, place_count, idf, gathered);
    for (guint i = 0; i < count; i++)
        if (gathered[i] > 0)
            score += MIN(1, idf[i]) * (double)rank_saturated((float)gathered[i], norm);
    return NEARNESS * score + STRETCH * best_stretch(places, place_count, idf, count);
}
