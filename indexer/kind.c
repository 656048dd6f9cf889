/* Kind: see kind.h. */
#include "kind.h"

#include <string.h>

#include "words.h"

static const char *const NAMES[] = {"other",     "statute",    "regulation", "plan",
                                    "programme", "resolution", "agreement",  "report"};
G_STATIC_ASSERT(G_N_ELEMENTS(NAMES) == KIND_COUNT);

typedef struct {
    const char *name;
    Kind kind;
} KindAlias;

static const KindAlias ALIASES[] = {
    {"altro", KIND_OTHER},
    {"statuto", KIND_STATUTE},
    {"charter", KIND_STATUTE},
    {"regolamento", KIND_REGULATION},
    {"piano", KIND_PLAN},
    {"programma", KIND_PROGRAMME},
    {"program", KIND_PROGRAMME},
    {"delibera", KIND_RESOLUTION},
    {"deliberazione", KIND_RESOLUTION},
    {"decision", KIND_RESOLUTION},
    {"accordo", KIND_AGREEMENT},
    {"convenzione", KIND_AGREEMENT},
    {"relazione", KIND_REPORT},
    {"rapporto", KIND_REPORT},
};

const char *kind_name(Kind kind)
{
    return (guint)kind < KIND_COUNT ? NAMES[kind] : NAMES[KIND_OTHER];
}

gboolean kind_parse(const char *name, Kind *ret_kind)
{
    g_autofree char *folded = words_fold(name);
    for (guint i = 0; i < KIND_COUNT; i++) {
        if (strcmp(folded, NAMES[i]) == 0) {
            *ret_kind = (Kind)i;
            return TRUE;
        }
    }
    for (guint i = 0; i < G_N_ELEMENTS(ALIASES); i++) {
        if (strcmp(folded, ALIASES[i].name) == 0) {
            *ret_kind = ALIASES[i].kind;
            return TRUE;
        }
    }
    return FALSE;
}
