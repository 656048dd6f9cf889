/* Tests of server/query: how each sort of input is read, what plan and what MATCH expression it
 * gives, which other names its words get; that FTS5 takes every expression and finds by it what the
 * plan says, that reading what was understood gives the same query, limits, and that the
 * expressions find what a reader means. The vocabulary is one of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "../../server/query/query.h"
#include "fake-vocabulary.h"
#include "plain-tokeniser.h"

/* A text with its length, so that it may hold NULs. */
#define T(text) text, sizeof(text) - 1
/* The alternatives of a bare word. */
#define W(italian, english, other) "(\"i:" italian "\" OR \"e:" english "\" OR \"o:" other "\")"

/* The same with what is written as one word. */
#define W6(italian, english, other, italian_joined, english_joined, other_joined)                  \
    "(\"i:" italian "\" OR \"e:" english "\" OR \"o:" other "\" OR \"i:" italian_joined            \
    "\" OR \"e:" english_joined "\" OR \"o:" other_joined "\")"

typedef struct {
    const char *text;
    gsize length;
    const char *understood;
    const char *match; /* NULL: not looked at */
} Reading;

/* clang-format off: a row a line */
static const Reading READINGS[] = {
    /* Words: all of them wanted. */
    {T("cooperazione"), "cooperazione", W("cooper", "cooperazion", "cooperazione")},
    {T("cooperazione decentrata"), "cooperazione decentrata",
     W("cooper", "cooperazion", "cooperazione") " AND " W("decentr", "decentrata", "decentrata")},
    {T("Cooperazione   DECENTRATA"), "Cooperazione DECENTRATA",
     W("cooper", "cooperazion", "cooperazione") " AND " W("decentr", "decentrata", "decentrata")},
    {T("local authorities"), "local authorities",
     W("local", "local", "local") " AND " W("authorities", "author", "authorities")},
    {T("acqua AND fiumi"), "acqua AND fiumi",
     W("acqua", "acqua", "acqua") " AND " W("fium", "fiumi", "fiumi")},
    {T("ITALIA E FRANCIA"), "ITALIA AND FRANCIA",
     W("ital", "italia", "italia") " AND " W("franc", "francia", "francia")},
    {T("acqua, fiumi; laghi."), "acqua fiumi laghi",
     W("acqua", "acqua", "acqua") " AND " W("fium", "fiumi", "fiumi") " AND " W("lagh", "laghi",
                                                                                "laghi")},

    /* Function words of both languages never decide, but are searched where there is nothing else.
     */
    {T("statuto del comune"), "statuto comune",
     W("stat", "statuto", "statuto") " AND " W("comun", "comun", "comune")},
    {T("the charter of the city"), "charter city",
     W("charter", "charter", "charter") " AND " W("city", "citi", "city")},
    {T("il"), "il", W("il", "il", "il")},
    {T("la il"), "la il", W("la", "la", "la") " AND " W("il", "il", "il")},
    {T("e"), "e", W("e", "e", "e")},
    {T("o"), "o", W("o", "o", "o")},
    {T("the"), "the", W("the", "the", "the")},
    {T("la -il"), "la -il", W("la", "la", "la") " NOT " W("il", "il", "il")},
    {T("la lang:it"), "la lang:it", W("la", "la", "la") " AND \"l:it\""},
    {T("(la lang:it) mare"), "lang:it mare", "\"l:it\" AND " W("mar", "mare", "mare")},
    {T("mare (il OR la)"), "mare", W("mar", "mare", "mare")},
    {T("-(della regione)"), "-regione", "\"a:all\" NOT " W("region", "region", "regione")},
    {T("dell' di"), "dell' di", W("dell", "dell", "dell") " AND " W("di", "di", "di")},
    {T("l' acqua"), "acqua", W("acqua", "acqua", "acqua")},
    {T("bell tower"), "bell tower", W("bell", "bell", "bell") " AND " W("tower", "tower", "tower")},

    /* Accents, apostrophes, hyphens. */
    {T("città"), "città", W("citt", "citta", "citta")},
    {T("citta"), "citta", W("citt", "citta", "citta")},
    {T("citta'"), "citta", W("citt", "citta", "citta")},
    {T("CITTÀ"), "CITTÀ", W("citt", "citta", "citta")},
    {T("perché"), "perché", W("perc", "perch", "perche")},
    {T("dell'associazione"), "dell'associazione", W("assoc", "associazion", "associazione")},
    {T("dell’associazione"), "dell’associazione", W("assoc", "associazion", "associazione")},
    {T("all'un'associazione"), "all'un'associazione", W("assoc", "associazion", "associazione")},
    {T("quest' anno"), "anno", W("anno", "anno", "anno")},
    {T("municipality's"), "municipality's", W("municipality", "municip", "municipality")},
    {T("the city’s plan"), "city’s plan",
     W("city", "citi", "city") " AND " W("plan", "plan", "plan")},
    {T("women's-rights"), "women's-rights",
     W("women i:s i:rights", "women e:s e:right", "women o:s o:rights")},
    {T("politico-istituzionale"), "politico-istituzionale",
     W6("polit i:istituzional", "politico e:istituzional", "politico o:istituzionale",
        "politicoistituzional", "politicoistituzional", "politicoistituzionale")},
    {T("e-mail"), "e-mail", W6("e i:mail", "e e:mail", "e o:mail", "email", "email", "email")},
    {T("co-operation"), "co-operation",
     W6("co i:operation", "co e:oper", "co o:operation", "cooperation", "cooper", "cooperation")},
    {T("title:co-operation"), "title:co-operation",
     "title : " W6("co i:operation", "co e:oper", "co o:operation", "cooperation", "cooper",
                   "cooperation")},
    {T("\"co-operation\""), "\"co-operation\"", "\"co operation\""},
    {T("co-oper*"), "co-oper*", "\"co oper\" *"},
    {T("2015-2020"), "2015-2020", "\"2015 2020\""},
    {T("scuola/lavoro"), "scuola/lavoro", W("scuol i:lavor", "scuola e:lavoro", "scuola o:lavoro")},
    {T("ﬁume"), "ﬁume", W("fium", "fium", "fiume")},

    /* Numbers are never stemmed. */
    {T("125/2014"), "125/2014", "\"125 2014\""},
    {T("2030"), "2030", "\"2030\""},
    {T("agenda 2030"), "agenda 2030", W("agend", "agenda", "agenda") " AND \"2030\""},
    {T("art. 12-bis"), "art 12-bis",
     W("art", "art", "art") " AND (\"12 i:bis\" OR \"12 e:bis\" OR \"12 o:bis\")"},
    {T("co2"), "co2", "\"co2\""},

    /* Phrases. */
    {T("\"consiglio comunale\""), "\"consiglio comunale\"", "\"consiglio comunale\""},
    {T("\"Consiglio dell'Unione del 2014\""), "\"Consiglio dell'Unione del 2014\"",
     "\"consiglio dell unione del 2014\""},
    {T("“consiglio comunale”"), "\"consiglio comunale\"", "\"consiglio comunale\""},
    {T("«consiglio comunale»"), "\"consiglio comunale\"", "\"consiglio comunale\""},
    {T("„consiglio comunale“"), "\"consiglio comunale\"", "\"consiglio comunale\""},
    {T("“consiglio comunale\""), "\"consiglio comunale\"", "\"consiglio comunale\""},
    {T("\"statuto\""), "\"statuto\"", "\"statuto\""},
    {T("\"la\""), "\"la\"", "\"la\""},
    {T("\"«statuto» tipo\""), "\"statuto» tipo\"", "\"statuto tipo\""},
    {T("\"\""), "", "\"a:all\""},
    {T("\"...\""), "", "\"a:all\""},
    {T("\"consiglio comunale"), "consiglio comunale",
     W("consigl", "consiglio", "consiglio") " AND " W("comunal", "comunal", "comunale")},
    {T("statuto\" mare"), "statuto mare",
     W("stat", "statuto", "statuto") " AND " W("mar", "mare", "mare")},
    {T("-\"consiglio comunale"), "-consiglio comunale",
     W("comunal", "comunal", "comunale") " NOT " W("consigl", "consiglio", "consiglio")},
    {T("\"consiglio\"\"comunale\""), "\"consiglio\" \"comunale\"",
     "\"consiglio\" AND \"comunale\""},

    /* Exclusion. */
    {T("statuto -comune"), "statuto -comune",
     W("stat", "statuto", "statuto") " NOT " W("comun", "comun", "comune")},
    {T("\"consiglio comunale\" -sindaco"), "\"consiglio comunale\" -sindaco",
     "\"consiglio comunale\" NOT " W("sindac", "sindaco", "sindaco")},
    {T("-sindaco"), "-sindaco", "\"a:all\" NOT " W("sindac", "sindaco", "sindaco")},
    {T("-sindaco -giunta"), "-sindaco -giunta",
     "\"a:all\" NOT (" W("sindac", "sindaco", "sindaco") " OR " W("giunt", "giunta", "giunta") ")"},
    {T("statuto NOT comune"), "statuto -comune",
     W("stat", "statuto", "statuto") " NOT " W("comun", "comun", "comune")},
    {T("statuto AND NOT comune"), "statuto AND -comune",
     W("stat", "statuto", "statuto") " NOT " W("comun", "comun", "comune")},
    {T("statuto -\"consiglio comunale\""), "statuto -\"consiglio comunale\"",
     W("stat", "statuto", "statuto") " NOT \"consiglio comunale\""},
    {T("statuto -(comune provincia)"), "statuto -(comune AND provincia)",
     W("stat", "statuto", "statuto") " NOT (" W("comun", "comun", "comune") " AND " W(
         "provinc", "provincia", "provincia") ")"},
    {T("statuto -(comune OR provincia)"), "statuto -(comune OR provincia)",
     W("stat", "statuto", "statuto") " NOT (" W("comun", "comun", "comune") " OR " W(
         "provinc", "provincia", "provincia") ")"},
    {T("-(acqua -mare)"), "-(acqua AND -mare)",
     "\"a:all\" NOT (" W("acqua", "acqua", "acqua") " NOT " W("mar", "mare", "mare") ")"},
    {T("-(-mare)"), "mare", W("mar", "mare", "mare")},
    {T("NOT NOT mare"), "mare", W("mar", "mare", "mare")},
    {T("NOT -mare"), "mare", W("mar", "mare", "mare")},
    {T("statuto - comune"), "statuto comune",
     W("stat", "statuto", "statuto") " AND " W("comun", "comun", "comune")},
    {T("statuto -- comune"), "statuto comune",
     W("stat", "statuto", "statuto") " AND " W("comun", "comun", "comune")},
    {T("--statuto"), "statuto", W("stat", "statuto", "statuto")},
    {T("-"), "", "\"a:all\""},
    {T("acqua (-mare)"), "acqua -mare",
     W("acqua", "acqua", "acqua") " NOT " W("mar", "mare", "mare")},
    {T("-OR"), "-or", "\"a:all\" NOT " W("or", "or", "or")},
    {T("-kind:plan statuto"), "-kind:plan statuto",
     W("stat", "statuto", "statuto") " NOT \"k:plan\""},

    /* OR binds tighter than AND. */
    {T("fiumi OR laghi"), "fiumi OR laghi",
     W("fium", "fiumi", "fiumi") " OR " W("lagh", "laghi", "laghi")},
    {T("fiumi O laghi"), "fiumi OR laghi",
     W("fium", "fiumi", "fiumi") " OR " W("lagh", "laghi", "laghi")},
    {T("fiumi | laghi"), "fiumi OR laghi",
     W("fium", "fiumi", "fiumi") " OR " W("lagh", "laghi", "laghi")},
    {T("fiumi|laghi"), "fiumi OR laghi",
     W("fium", "fiumi", "fiumi") " OR " W("lagh", "laghi", "laghi")},
    {T("acqua fiumi OR laghi"), "acqua (fiumi OR laghi)",
     W("acqua", "acqua", "acqua") " AND (" W("fium", "fiumi", "fiumi") " OR " W("lagh", "laghi",
                                                                                "laghi") ")"},
    {T("fiumi OR laghi acqua"), "(fiumi OR laghi) acqua",
     "(" W("fium", "fiumi", "fiumi") " OR " W("lagh", "laghi", "laghi") ") AND " W("acqua", "acqua",
                                                                                   "acqua")},
    {T("acqua AND fiumi OR laghi AND mare"), "acqua AND (fiumi OR laghi) AND mare",
     W("acqua", "acqua", "acqua") " AND (" W("fium", "fiumi", "fiumi") " OR " W(
         "lagh", "laghi", "laghi") ") AND " W("mar", "mare", "mare")},
    {T("fiumi OR laghi OR mare"), "fiumi OR laghi OR mare",
     W("fium", "fiumi", "fiumi") " OR " W("lagh", "laghi", "laghi") " OR " W("mar", "mare",
                                                                             "mare")},
    {T("(acqua fiumi) OR laghi"), "(acqua AND fiumi) OR laghi",
     "(" W("acqua", "acqua", "acqua") " AND " W("fium", "fiumi", "fiumi") ") OR " W("lagh", "laghi",
                                                                                    "laghi")},
    {T("acqua (fiumi OR (laghi mare))"), "acqua (fiumi OR (laghi AND mare))",
     W("acqua", "acqua", "acqua") " AND (" W("fium", "fiumi", "fiumi") " OR (" W(
         "lagh", "laghi", "laghi") " AND " W("mar", "mare", "mare") "))"},
    {T("fiumi or laghi"), "fiumi laghi",
     W("fium", "fiumi", "fiumi") " AND " W("lagh", "laghi", "laghi")},
    {T("fiumi o laghi"), "fiumi laghi",
     W("fium", "fiumi", "fiumi") " AND " W("lagh", "laghi", "laghi")},
    {T("fiumi OR -laghi"), "fiumi OR -laghi",
     W("fium", "fiumi", "fiumi") " OR (\"a:all\" NOT " W("lagh", "laghi", "laghi") ")"},
    {T("-fiumi OR -laghi"), "-fiumi OR -laghi",
     "(\"a:all\" NOT " W("fium", "fiumi", "fiumi") ") OR (\"a:all\" NOT " W("lagh", "laghi",
                                                                            "laghi") ")"},
    {T("NOT fiumi OR laghi"), "-fiumi OR laghi",
     "(\"a:all\" NOT " W("fium", "fiumi", "fiumi") ") OR " W("lagh", "laghi", "laghi")},
    {T("statuto OR del comune"), "statuto OR comune",
     W("stat", "statuto", "statuto") " OR " W("comun", "comun", "comune")},
    {T("fiumi OR \"grandi laghi\" OR kind:plan"), "fiumi OR \"grandi laghi\" OR kind:plan",
     W("fium", "fiumi", "fiumi") " OR \"grandi laghi\" OR \"k:plan\""},

    /* Operators that join nothing. */
    {T("OR"), "or", W("or", "or", "or")},
    {T("AND"), "and", W("and", "and", "and")},
    {T("NOT"), "not", W("not", "not", "not")},
    {T("O"), "o", W("o", "o", "o")},
    {T("E"), "e", W("e", "e", "e")},
    {T("|"), "", "\"a:all\""},
    {T("AND AND"), "and", W("and", "and", "and")},
    {T("OR mare"), "mare", W("mar", "mare", "mare")},
    {T("mare OR"), "mare", W("mar", "mare", "mare")},
    {T("mare AND"), "mare", W("mar", "mare", "mare")},
    {T("mare NOT"), "mare", W("mar", "mare", "mare")},
    {T("fiumi OR OR laghi"), "fiumi OR laghi",
     W("fium", "fiumi", "fiumi") " OR " W("lagh", "laghi", "laghi")},
    {T("fiumi AND OR laghi"), "fiumi OR laghi",
     W("fium", "fiumi", "fiumi") " OR " W("lagh", "laghi", "laghi")},
    {T("fiumi || laghi"), "fiumi OR laghi",
     W("fium", "fiumi", "fiumi") " OR " W("lagh", "laghi", "laghi")},
    {T("(OR) mare"), "mare", W("mar", "mare", "mare")},
    {T("mare OR ()"), "mare", W("mar", "mare", "mare")},

    /* Parentheses. */
    {T("()"), "", "\"a:all\""},
    {T("(((mare)))"), "mare", W("mar", "mare", "mare")},
    {T("(mare"), "mare", W("mar", "mare", "mare")},
    {T("mare)"), "mare", W("mar", "mare", "mare")},
    {T(")("), "", "\"a:all\""},
    {T("((acqua fiumi) laghi)"), "acqua fiumi laghi",
     W("acqua", "acqua", "acqua") " AND " W("fium", "fiumi", "fiumi") " AND " W("lagh", "laghi",
                                                                                "laghi")},
    {T("comune(i)"), "comune", W("comun", "comun", "comune")},
    {T("acqua(fiumi)laghi"), "acqua fiumi laghi",
     W("acqua", "acqua", "acqua") " AND " W("fium", "fiumi", "fiumi") " AND " W("lagh", "laghi",
                                                                                "laghi")},

    /* Prefixes. */
    {T("coop*"), "coop*", "\"coop\" *"},
    {T("\"coop\"*"), "\"coop\"", "\"coop\""},
    {T("c*"), "c", W("c", "c", "c")},
    {T("12*"), "12*", "\"12\" *"},
    {T("politico-ist*"), "politico-ist*", "\"politico ist\" *"},
    {T("dell'assoc*"), "dell'assoc*", "\"assoc\" *"},
    {T("coop**"), "coop*", "\"coop\" *"},
    {T("co*op"), "co*op", W("co i:op", "co e:op", "co o:op")},
    {T("*"), "", "\"a:all\""},
    {T("*coop"), "coop", W("coop", "coop", "coop")},
    {T("coop *"), "coop", W("coop", "coop", "coop")},
    {T("coop*,"), "coop*", "\"coop\" *"},

    /* Fields. */
    {T("title:statuto"), "title:statuto", "title : " W("stat", "statuto", "statuto")},
    {T("titolo:statuto"), "title:statuto", "title : " W("stat", "statuto", "statuto")},
    {T("TITLE:Statuto"), "title:Statuto", "title : " W("stat", "statuto", "statuto")},
    {T("title:\"piano strategico\""), "title:\"piano strategico\"", "title : \"piano strategico\""},
    {T("titolo:dell'acqua"), "title:dell'acqua", "title : " W("acqua", "acqua", "acqua")},
    {T("title:coop*"), "title:coop*", "title : \"coop\" *"},
    {T("title:la"), "title:la", "title : " W("la", "la", "la")},
    {T("title:OR"), "title:OR", "title : " W("or", "or", "or")},
    {T("-title:statuto"), "-title:statuto",
     "\"a:all\" NOT title : " W("stat", "statuto", "statuto")},
    {T("lang:it"), "lang:it", "\"l:it\""},
    {T("lingua:inglese"), "lang:en", "\"l:en\""},
    {T("lang:English"), "lang:en", "\"l:en\""},
    {T("lang:\"italiano\""), "lang:it", "\"l:it\""},
    {T("lang:de"), "lang de", W("lang", "lang", "lang") " AND " W("de", "de", "de")},
    {T("kind:statute"), "kind:statute", "\"k:statute\""},
    {T("tipo:statuto"), "kind:statute", "\"k:statute\""},
    {T("tipo:deliberazione"), "kind:resolution", "\"k:resolution\""},
    {T("kind:report"), "kind:report", "\"k:report\""},
    {T("tipo:rapporto"), "kind:report", "\"k:report\""},
    {T("kind:program"), "kind:programme", "\"k:programme\""},
    {T("kind:other"), "kind:other", "\"k:other\""},
    {T("year:2015"), "year:2015", "\"y:2015\""},
    {T("anno:2015"), "year:2015", "\"y:2015\""},
    {T("year:2015,"), "year:2015", "\"y:2015\""},
    {T("year:2015..2018"), "year:2015..2018",
     "(\"y:2015\" OR \"y:2016\" OR \"y:2017\" OR \"y:2018\")"},
    {T("year:2018..2015"), "year:2015..2018",
     "(\"y:2015\" OR \"y:2016\" OR \"y:2017\" OR \"y:2018\")"},
    {T("year:2015-2017"), "year:2015..2017", "(\"y:2015\" OR \"y:2016\" OR \"y:2017\")"},
    {T("year:2015–2017"), "year:2015..2017", "(\"y:2015\" OR \"y:2016\" OR \"y:2017\")"},
    {T("year:2015…2017"), "year:2015..2017", "(\"y:2015\" OR \"y:2016\" OR \"y:2017\")"},
    {T("year:2015..2015"), "year:2015", "\"y:2015\""},
    {T("year:..1862"), "year:1861..1862", "(\"y:1861\" OR \"y:1862\")"},
    {T("year:2095.."), "year:2095..2100",
     "(\"y:2095\" OR \"y:2096\" OR \"y:2097\" OR \"y:2098\" OR \"y:2099\" OR \"y:2100\")"},
    {T("year:..1500"), "year:1500", "\"y:1500\""},
    {T("year:1990..2019"), "year:1990..2019", "(\"y:199\" * OR \"y:200\" * OR \"y:201\" *)"},
    {T("year:1000..2999"), "year:1000..2999", "(\"y:1\" * OR \"y:2\" *)"},
    {T("year:999"), "year 999", W("year", "year", "year") " AND \"999\""},
    {T("year:20155"), "year 20155", W("year", "year", "year") " AND \"20155\""},
    {T("year:2015-"), "year:2015..2100", NULL},
    {T("anno:2015–."), "year:2015..2100", NULL},
    {T("year:-2015"), "year 2015", W("year", "year", "year") " AND \"2015\""},
    {T("year:>2097"), "year:2098..2100", "(\"y:2098\" OR \"y:2099\" OR \"y:2100\")"},
    {T("anno:>=2099"), "year:2099..2100", "(\"y:2099\" OR \"y:2100\")"},
    {T("year:≥2099,"), "year:2099..2100", "(\"y:2099\" OR \"y:2100\")"},
    {T("year: <1863"), "year:1861..1862", "(\"y:1861\" OR \"y:1862\")"},
    {T("year:<=1862"), "year:1861..1862", "(\"y:1861\" OR \"y:1862\")"},
    {T("year:≤1862"), "year:1861..1862", "(\"y:1861\" OR \"y:1862\")"},
    {T("-year:<1862"), "-year:1861", "\"a:all\" NOT \"y:1861\""},
    {T("year:<1001"), "year:1000", "\"y:1000\""},
    {T("year:…1862"), "year:1861..1862", "(\"y:1861\" OR \"y:1862\")"},
    {T("year:<1000"), "year 1000", W("year", "year", "year") " AND \"1000\""},
    {T("year:>2999"), "year 2999", W("year", "year", "year") " AND \"2999\""},
    {T("year:>2015..2017"), "year 2015..2017", NULL},
    {T("year:=2015"), "year 2015", W("year", "year", "year") " AND \"2015\""},
    {T("year:>"), "year", W("year", "year", "year")},
    {T("year:abc"), "year abc", W("year", "year", "year") " AND " W("abc", "abc", "abc")},
    {T("anno:.."), "anno", W("anno", "anno", "anno")},
    {T("theme:gender"), "theme:gender", "\"t:gender\""},
    {T("tema:genere"), "theme:gender", "\"t:gender\""},
    {T("tema:\"città sostenibili\""), "theme:sustainable-cities", "\"t:sustainable-cities\""},
    {T("theme:sustainable-cities"), "theme:sustainable-cities", "\"t:sustainable-cities\""},
    {T("tema:\"educazione alla cittadinanza globale\""), "theme:global-citizenship-education",
     "\"t:global-citizenship-education\""},
    {T("tema:pace"), "theme:peacebuilding", "\"t:peacebuilding\""},
    {T("area:mediterraneo"), "area:mediterranean", "\"r:mediterranean\""},
    {T("area:\"America Latina\""), "area:latin-america", "\"r:latin-america\""},
    {T("area:africa-subsahariana"), "area:sub-saharan-africa", "\"r:sub-saharan-africa\""},
    {T("area:\"Middle East\""), "area:middle-east", "\"r:middle-east\""},
    {T("body:valdoria"), "body:valdoria", "\"b:valdoria\""},
    {T("ente:\"Comune di Valdoria\""), "body:\"Comune di Valdoria\"",
     "\"b:comune b:di b:valdoria\""},
    {T("ente:val*"), "body:val*", "\"b:val\" *"},
    {T("collection:statuti/nord"), "collection:statuti/nord", "\"c:statuti c:nord\""},
    {T("raccolta:\"Statuti Nord\""), "collection:\"Statuti Nord\"", "\"c:statuti c:nord\""},
    {T("kind:nothing"), "kind nothing",
     W("kind", "kind", "kind") " AND " W("nothing", "noth", "nothing")},
    {T("-kind:nothing mare"), "-(kind AND nothing) mare",
     W("mar", "mare", "mare") " NOT (" W("kind", "kind", "kind") " AND " W("nothing", "noth",
                                                                           "nothing") ")"},
    {T("fiumi OR kind:nothing"), "fiumi OR (kind AND nothing)",
     W("fium", "fiumi", "fiumi") " OR (" W("kind", "kind", "kind") " AND " W("nothing", "noth",
                                                                             "nothing") ")"},
    {T("kind:\"piano b\""), "kind \"piano b\"", W("kind", "kind", "kind") " AND \"piano b\""},
    {T("kind:kind:plan"), "kind kind:plan", W("kind", "kind", "kind") " AND \"k:plan\""},
    {T("kind:OR mare"), "kind mare", W("kind", "kind", "kind") " AND " W("mar", "mare", "mare")},
    {T("year: 2015"), "year:2015", "\"y:2015\""},
    {T("anno:  2015..2016,"), "year:2015..2016", "(\"y:2015\" OR \"y:2016\")"},
    {T("title: statuto mare"), "title:statuto mare",
     "title : " W("stat", "statuto", "statuto") " AND " W("mar", "mare", "mare")},
    {T("titolo: \"piano strategico\""), "title:\"piano strategico\"",
     "title : \"piano strategico\""},
    {T("-kind: plan mare"), "-kind:plan mare", W("mar", "mare", "mare") " NOT \"k:plan\""},
    {T("year: abc mare"), "year abc mare",
     W("year", "year", "year") " AND " W("abc", "abc", "abc") " AND " W("mar", "mare", "mare")},
    {T("title: the charter"), "title:charter", NULL},
    {T("ente: la Regione"), "body:Regione", "\"b:regione\""},
    {T("title: the"), "title", W("titl", "titl", "title")},
    {T("title: the (x)"), "title x", NULL},
    {T("title:the charter"), "title:the charter", NULL},
    {T("title: -mare"), "title -mare", W("titl", "titl", "title") " NOT " W("mar", "mare", "mare")},
    {T("title: OR mare"), "title OR mare",
     W("titl", "titl", "title") " OR " W("mar", "mare", "mare")},
    {T("title: kind:plan"), "title kind:plan", W("titl", "titl", "title") " AND \"k:plan\""},
    {T("title: , mare"), "title mare", W("titl", "titl", "title") " AND " W("mar", "mare", "mare")},
    {T("year:2015.. 2020"), "year:2015..2100 2020",
     "(\"y:2015\" OR \"y:2016\" OR \"y:2017\" OR \"y:2018\" OR \"y:2019\" OR \"y:202\" * OR "
     "\"y:203\" * OR \"y:204\" * OR \"y:205\" * OR \"y:206\" * OR \"y:207\" * OR \"y:208\" * OR "
     "\"y:209\" * OR \"y:2100\") AND \"2020\""},
    {T("title:"), "title", W("titl", "titl", "title")},
    {T("title:\"\""), "title", W("titl", "titl", "title")},
    {T(",kind:plan"), "kind:plan", "\"k:plan\""},
    {T("foo:bar"), "foo:bar", W("foo i:bar", "foo e:bar", "foo o:bar")},
    {T("(kind:statute OR kind:plan) year:2015..2016 acqua"),
     "(kind:statute OR kind:plan) year:2015..2016 acqua",
     "(\"k:statute\" OR \"k:plan\") AND (\"y:2015\" OR \"y:2016\") AND " W("acqua", "acqua",
                                                                           "acqua")},

    /* A group after a field: the field holds for each value in it. */
    {T("title:(mare lago)"), "title:mare title:lago",
     "title : " W("mar", "mare", "mare") " AND title : " W("lag", "lago", "lago")},
    {T("titolo:(mare OR lago)"), "title:mare OR title:lago",
     "title : " W("mar", "mare", "mare") " OR title : " W("lag", "lago", "lago")},
    {T("titolo:(mare O lago) fiume"), "(title:mare OR title:lago) fiume", NULL},
    {T("title: (mare)"), "title:mare", "title : " W("mar", "mare", "mare")},
    {T("title:(mare"), "title:mare", "title : " W("mar", "mare", "mare")},
    {T("title:(mare)lago"), "title:mare lago",
     "title : " W("mar", "mare", "mare") " AND " W("lag", "lago", "lago")},
    {T("title:(mare)) lago"), "title:mare lago", NULL},
    {T("title:(mare -lago)"), "title:mare -title:lago",
     "title : " W("mar", "mare", "mare") " NOT title : " W("lag", "lago", "lago")},
    {T("-title:(mare lago)"), "-(title:mare AND title:lago)",
     "\"a:all\" NOT (title : " W("mar", "mare", "mare") " AND title : " W("lag", "lago",
                                                                          "lago") ")"},
    {T("mare OR title:(1 2)"), "mare OR (title:1 AND title:2)",
     W("mar", "mare", "mare") " OR (title : \"1\" AND title : \"2\")"},
    {T("title:(1 (2 | 3) 4)"), "title:1 (title:2 OR title:3) title:4",
     "title : \"1\" AND (title : \"2\" OR title : \"3\") AND title : \"4\""},
    {T("title:(\"1 2\" OR st* OR \"3 4\"~5)"), "title:\"1 2\" OR title:st* OR title:\"3 4\"~5",
     "title : \"1 2\" OR title : \"st\" * OR title : NEAR(\"3\" \"4\", 5)"},
    {T("title:(\"1\" NEAR/3 \"2\")"), "title:\"1 2\"~3", "title : NEAR(\"1\" \"2\", 3)"},
    {T("title:(1 kind:plan 2)"), "title:1 kind:plan title:2",
     "title : \"1\" AND \"k:plan\" AND title : \"2\""},
    {T("title:(1 body:(2 3) 4) 5"), "title:1 body:2 body:3 title:4 5",
     "title : \"1\" AND \"b:2\" AND \"b:3\" AND title : \"4\" AND \"5\""},
    {T("title:(1 lang:de)"), "title:1 lang de", NULL},
    {T("title:(OR)"), "title:OR", "title : " W("or", "or", "or")},
    {T("title:()"), "title", W("titl", "titl", "title")},
    {T("title:( ) mare"), "title mare",
     W("titl", "titl", "title") " AND " W("mar", "mare", "mare")},
    {T("title:("), "title", W("titl", "titl", "title")},
    {T("title:(!)"), "", "\"a:all\""},
    {T("foo:(bar)"), "foo bar", W("foo", "foo", "foo") " AND " W("bar", "bar", "bar")},
    {T("ente:(comune OR regione)"), "body:comune OR body:regione", "\"b:comune\" OR \"b:regione\""},
    {T("body:(\"Comune di Valdoria\" OR val*)"), "body:\"Comune di Valdoria\" OR body:val*",
     "\"b:comune b:di b:valdoria\" OR \"b:val\" *"},
    {T("raccolta:(statuti -nord)"), "collection:statuti -collection:nord",
     "\"c:statuti\" NOT \"c:nord\""},
    {T("tipo:(piano O statuto)"), "kind:plan OR kind:statute", "\"k:plan\" OR \"k:statute\""},
    {T("lang:(it en)"), "lang:it lang:en", "\"l:it\" AND \"l:en\""},
    {T("anno:(2015 OR >2098)"), "year:2015 OR year:2099..2100",
     "\"y:2015\" OR (\"y:2099\" OR \"y:2100\")"},
    {T("anno:(>2014 <2017)"), "year:2015..2100 year:1861..2016", NULL},
    {T("tema:(diritti umani)"), "theme:human-rights", "\"t:human-rights\""},
    {T("-tema:( diritti umani"), "-theme:human-rights", "\"a:all\" NOT \"t:human-rights\""},
    {T("tema:(pace OR \"diritti umani\")"), "theme:peacebuilding OR theme:human-rights",
     "\"t:peacebuilding\" OR \"t:human-rights\""},
    {T("area:(America -Latina)"), "America -Latina", NULL},
    {T("kind:(plan nothing)"), "kind:plan nothing",
     "\"k:plan\" AND " W("nothing", "noth", "nothing")},
    {T("kind:(plan OR AND)"), "kind:plan or and", NULL},
    {T("kind:(\"x y\")"), "\"x y\"", "\"x y\""},
    /* Function words in it. */
    {T("title:(the charter of the city)"), "title:charter title:city", NULL},
    {T("ente:(comune di valdoria)"), "body:comune body:valdoria",
     "\"b:comune\" AND \"b:valdoria\""},
    {T("title:(il)"), "title:il", "title : " W("il", "il", "il")},
    {T("title:(il la)"), "title:il title:la", NULL},
    {T("title:(\"il\" la)"), "title:\"il\"", "title : \"il\""},
    {T("title:(il) la"), "title:il", "title : " W("il", "il", "il")},
    {T("la title:(il) mare"), "mare", W("mar", "mare", "mare")},
    {T("title:(il OR la) lang:it"), "(title:il OR title:la) lang:it", NULL},
    {T("title:(mare OR del lago)"), "title:mare OR title:lago", NULL},
    {T("title:(dell' acqua)"), "title:acqua", "title : " W("acqua", "acqua", "acqua")},
    {T("ente:valdoria la"), "body:valdoria", "\"b:valdoria\""},

    /* What FTS5, SQL and others would read as syntax. */
    {T("NEAR(fiume lago, 5)"), "near fiume lago 5",
     W("near", "near", "near") " AND " W("fium", "fium", "fiume") " AND " W("lag", "lago",
                                                                            "lago") " AND \"5\""},
    {T("^statuto"), "statuto", W("stat", "statuto", "statuto")},
    {T("{title}: statuto"), "title statuto",
     W("titl", "titl", "title") " AND " W("stat", "statuto", "statuto")},
    {T("title : statuto"), "title statuto",
     W("titl", "titl", "title") " AND " W("stat", "statuto", "statuto")},
    {T("text:statuto"), "text:statuto", W("text i:stat", "text e:statuto", "text o:statuto")},
    {T("- {title text}: a"), "title text",
     W("titl", "titl", "title") " AND " W("text", "text", "text")},
    {T("statuto + comune"), "statuto comune",
     W("stat", "statuto", "statuto") " AND " W("comun", "comun", "comune")},
    {T("'; DROP TABLE posting; --"), "DROP TABLE posting",
     W("drop", "drop", "drop") " AND " W("tabl", "tabl", "table") " AND " W("posting", "post",
                                                                            "posting")},
    {T("\" OR 1=1 --"), "1=1", "\"1 1\""},
    {T("a:all"), "a:all", W("a i:all", "a e:all", "a o:all")},
    {T("i:cooper"), "i:cooper", W("i i:cooper", "i e:cooper", "i o:cooper")},
    {T("rowid"), "rowid", W("rowid", "rowid", "rowid")},
    {T("http://example.org/a?b=c"), "http://example.org/a?b=c",
     W("http i:exampl i:org i:a i:b i:c", "http e:exampl e:org e:a e:b e:c",
       "http o:example o:org o:a o:b o:c")},
    {T("<script>alert(1)</script>"), "script>alert 1 script",
     W("script i:alert", "script e:alert", "script o:alert") " AND \"1\" AND " W("script", "script",
                                                                                 "script")},
    {T("%s%n%00"), "s%n%00", W("s i:n 00", "s e:n 00", "s o:n 00")},
    {T("\\\""), "", "\"a:all\""},

    /* Other letters. */
    {T("Москва"), "Москва", W("москва", "москва", "москва")},
    {T("東京"), "東京", W("東京", "東京", "東京")},
    {T("🌊 mare"), "mare", W("mar", "mare", "mare")},
    {T("co\u00ADoperazione"), "cooperazione", W("cooper", "cooperazion", "cooperazione")},
    {T(" mare"), "mare", W("mar", "mare", "mare")},

    /* Bytes that are no text part words. */
    {T("mare\0lago"), "mare lago", W("mar", "mare", "mare") " AND " W("lag", "lago", "lago")},
    {T("\0"), "", "\"a:all\""},
    {T("mare\x01\x02\x03\x04lago\x7f"), "mare lago",
     W("mar", "mare", "mare") " AND " W("lag", "lago", "lago")},
    {T("mare\tlago\r\n"), "mare lago", W("mar", "mare", "mare") " AND " W("lag", "lago", "lago")},
    {T("mare\xff\xfelago"), "mare lago", W("mar", "mare", "mare") " AND " W("lag", "lago", "lago")},
    {T("citt\xc3"), "citt", W("citt", "citt", "citt")},
    {T("\xed\xa0\x80 mare \xf5\x80\x80\x80"), "mare", W("mar", "mare", "mare")},
    {T("mare\xef\xbf\xbdlago"), "mare lago",
     W("mar", "mare", "mare") " AND " W("lag", "lago", "lago")},
    /* Words that are free stand side by side; what AND joins keeps it. */
    {T("acqua AND fiumi laghi"), "acqua AND fiumi laghi",
     W("acqua", "acqua", "acqua") " AND " W("fium", "fiumi", "fiumi") " AND " W("lagh", "laghi",
                                                                                "laghi")},
    {T("acqua AND (fiumi laghi)"), "acqua AND fiumi AND laghi",
     W("acqua", "acqua", "acqua") " AND " W("fium", "fiumi", "fiumi") " AND " W("lagh", "laghi",
                                                                                "laghi")},
    {T("(acqua fiumi) AND laghi"), "acqua AND fiumi AND laghi",
     W("acqua", "acqua", "acqua") " AND " W("fium", "fiumi", "fiumi") " AND " W("lagh", "laghi",
                                                                                "laghi")},
    {T("(acqua fiumi) laghi"), "acqua fiumi laghi",
     W("acqua", "acqua", "acqua") " AND " W("fium", "fiumi", "fiumi") " AND " W("lagh", "laghi",
                                                                                "laghi")},
    {T("acqua AND il mare"), "acqua AND mare",
     W("acqua", "acqua", "acqua") " AND " W("mar", "mare", "mare")},

    /* Repeated words count once. */
    {T("mare mare"), "mare", W("mar", "mare", "mare")},
    {T("Mare lago MARE"), "Mare lago", W("mar", "mare", "mare") " AND " W("lag", "lago", "lago")},
    {T("mare \"mare\""), "mare \"mare\"", W("mar", "mare", "mare") " AND \"mare\""},
    {T("mare OR lago OR mare"), "mare OR lago",
     W("mar", "mare", "mare") " OR " W("lag", "lago", "lago")},
    {T("mare lago AND mare"), "lago AND mare",
     W("lag", "lago", "lago") " AND " W("mar", "mare", "mare")},
    {T("lago -mare -mare"), "lago -mare",
     W("lag", "lago", "lago") " NOT " W("mar", "mare", "mare")},
    {T("mare -mare"), "mare -mare", W("mar", "mare", "mare") " NOT " W("mar", "mare", "mare")},
    {T("kind:plan kind:plan"), "kind:plan", "\"k:plan\""},
    {T("mare (lago OR lago)"), "mare lago",
     W("mar", "mare", "mare") " AND " W("lag", "lago", "lago")},

    /* Near. */
    {T("\"mare\" NEAR \"lago\""), "\"mare lago\"~10", "NEAR(\"mare\" \"lago\", 10)"},
    {T("\"mare\" VICINO \"lago\""), "\"mare lago\"~10", "NEAR(\"mare\" \"lago\", 10)"},
    {T("\"mare\" NEAR/3 \"lago\""), "\"mare lago\"~3", "NEAR(\"mare\" \"lago\", 3)"},
    {T("\"mare\" VICINO/0 \"lago\""), "\"mare lago\"~0", "NEAR(\"mare\" \"lago\", 0)"},
    {T("\"mare lago\"~3"), "\"mare lago\"~3", "NEAR(\"mare\" \"lago\", 3)"},
    {T("«mare lago fiume»~3."), "\"mare lago fiume\"~3", "NEAR(\"mare\" \"lago\" \"fiume\", 4)"},
    {T("\"mare\"~3"), "\"mare\"", "\"mare\""},
    {T("\"\"~3 mare"), "mare", W("mar", "mare", "mare")},
    {T("\"mare lago\"~"), "\"mare lago\"", "\"mare lago\""},
    {T("\"mare lago\"~3x"), "\"mare lago\" 3x", "\"mare lago\" AND \"3x\""},
    {T("\"mare lago\"~999999999999"), "\"mare lago\"~100", "NEAR(\"mare\" \"lago\", 100)"},
    {T("\"mare\" NEAR/101 \"lago\""), "\"mare lago\"~100", "NEAR(\"mare\" \"lago\", 100)"},
    {T("\"grande mare\" NEAR \"lago\""), "\"grande mare\" NEAR/10 \"lago\"",
     "NEAR(\"grande mare\" \"lago\", 10)"},
    {T("\"grande mare\" NEAR \"lago\" NEAR \"fiume\""),
     "\"grande mare\" NEAR/10 \"lago\" NEAR/10 \"fiume\"",
     "NEAR(\"grande mare\" \"lago\" \"fiume\", 12)"},
    {T("\"a\" NEAR/3 \"b\" NEAR/7 \"c\""), "\"a b c\"~7", "NEAR(\"a\" \"b\" \"c\", 8)"},
    {T("coop* NEAR 2014"), "coop* NEAR/10 2014", "NEAR(\"coop\" * \"2014\", 10)"},
    {T("mare NEAR 2014"), "mare NEAR/10 2014",
     "(NEAR(\"i:mar\" \"2014\", 10) OR NEAR(\"e:mare\" \"2014\", 10) OR NEAR(\"o:mare\" "
     "\"2014\", 10))"},
    {T("title:\"mare lago\"~3"), "title:\"mare lago\"~3", "title : NEAR(\"mare\" \"lago\", 3)"},
    {T("titolo: \"mare lago\"~3"), "title:\"mare lago\"~3", "title : NEAR(\"mare\" \"lago\", 3)"},
    {T("title:mare NEAR title:2014"), "title:mare NEAR/10 title:2014",
     "title : (NEAR(\"i:mar\" \"2014\", 10) OR NEAR(\"e:mare\" \"2014\", 10) OR NEAR(\"o:mare\" "
     "\"2014\", 10))"},
    {T("2014 NEAR il 2015"), "2014 NEAR/10 2015", "NEAR(\"2014\" \"2015\", 10)"},
    {T("2014 NEAR 2015 OR 2016 NEAR 2017"), "2014 NEAR/10 2015 OR 2016 NEAR/10 2017",
     "NEAR(\"2014\" \"2015\", 10) OR NEAR(\"2016\" \"2017\", 10)"},
    {T("1 -(2014 NEAR 2015)"), "1 -(2014 NEAR/10 2015)", "\"1\" NOT NEAR(\"2014\" \"2015\", 10)"},
    {T("1 NOT 2014 NEAR 2015"), "1 -(2014 NEAR/10 2015)", "\"1\" NOT NEAR(\"2014\" \"2015\", 10)"},
    {T("1 -\"b c\"~2"), "1 -\"b c\"~2", "\"1\" NOT NEAR(\"b\" \"c\", 2)"},
    {T("1 AND 2 NEAR 3"), "1 AND 2 NEAR/10 3", "\"1\" AND NEAR(\"2\" \"3\", 10)"},
    /* NEAR that joins nothing is a word. */
    {T("NEAR"), "near", W("near", "near", "near")},
    {T("vicino 1"), "vicino 1", W("vicin", "vicino", "vicino") " AND \"1\""},
    {T("1 NEAR"), "1 near", "\"1\" AND " W("near", "near", "near")},
    {T("1 NEAR (2)"), "1 near 2", "\"1\" AND " W("near", "near", "near") " AND \"2\""},
    {T("-1 NEAR 2"), "-1 near 2", "(" W("near", "near", "near") " AND \"2\") NOT \"1\""},
    {T("1 NEAR -2"), "1 near -2", "(\"1\" AND " W("near", "near", "near") ") NOT \"2\""},
    {T("1 NEAR title:2"), "1 near title:2",
     "\"1\" AND " W("near", "near", "near") " AND title : \"2\""},
    {T("1 NEAR kind:plan"), "1 near kind:plan",
     "\"1\" AND " W("near", "near", "near") " AND \"k:plan\""},
    {T("NEAR/5"), "near/5", "(\"i:near 5\" OR \"e:near 5\" OR \"o:near 5\")"},
    {T("1 NEAR/ 2"), "1 near 2", NULL},
    {T("1 NEAR/x 2"), "1 NEAR/x 2", NULL},
    {T("1 NEAR/5x 2"), "1 NEAR/5x 2", NULL},
    {T("1 NEARER 2"), "1 NEARER 2", NULL},

    /* Function words, and acronyms that are spelt like them. */
    {T("legge n. 125"), "legge 125", NULL},
    {T("comuni dell Africa"), "comuni Africa", NULL},
    {T("che cosa fa il sindaco"), "sindaco", W("sindac", "sindaco", "sindaco")},
    {T("dov'è il municipio"), "municipio", NULL},
    {T("how many members does the council have"), "members council", NULL},
    {T("quali sono i comuni di ANCI"), "comuni ANCI", NULL},
    {T("lo Stato e i comuni"), "Stato comuni", NULL},
    {T("non autosufficienti"), "non autosufficienti", NULL},
    {T("il ruolo della WHO"), "ruolo WHO", NULL},
    {T("who pays"), "pays", NULL},
    {T("agenzie UN per un piano"), "agenzie UN piano", NULL},
    {T("IT and AI in the schools"), "IT AI schools", NULL},
    {T("fiumi o laghi"), "fiumi laghi", NULL},

    {T(""), "", "\"a:all\""},
};
/* clang-format on */

/* Documents of the meaning tests, in marked text (analysis.h): \2 Italian, \3 English, \4 terms. */
static const struct {
    const char *title;
    const char *text;
    const char *catalogue;
} DOCUMENTS[] = {
    {"\2Statuto del Comune di Valdoria",
     "\2Il consiglio comunale approva la cooperazione decentrata. L'associazione dei comuni della "
     "città promuove attività ai sensi della legge 125/2014. Il sindaco lo presiede.",
     "\4a:all k:statute y:2015 l:it b:comune b:di b:valdoria c:statuti c:nord"},
    {"\3Harbour plan",
     "\3Each municipality keeps its rivers clean. The council of the lakes meets twice. The case "
     "of the port.",
     "\4a:all k:plan y:2019 l:en b:harbour b:union t:sustainable-cities r:mediterranean"},
    {"\2Piano delle acque",
     "\2Il consiglio approva il piano comunale; i fiumi e le case sul lago. Un patto "
     "politico-istituzionale.\3 Rivers and migration.",
     "\4a:all k:plan y:1998 l:it l:en t:migration"},
};

/* Which of the documents a query finds, a bit each. */
typedef struct {
    const char *text;
    guint found;
} Meaning;

static const Meaning MEANINGS[] = {
    {"", 7},
    {"cooperazioni", 1},
    {"municipalities", 2},
    {"municipality's", 2},
    {"città", 1},
    {"citta", 1},
    {"citta'", 1},
    {"CITTA’", 1},
    {"dell'associazione", 1},
    {"associazioni", 1},
    {"125/2014", 1},
    {"125", 1},
    {"12/2014", 0},
    {"2014 125", 1},
    {"\"2014 125\"", 0},
    {"consiglio comunale", 5},
    {"\"consiglio comunale\"", 1},
    {"\"comunale consiglio\"", 0},
    {"\"consigli comunali\"", 0},
    {"consigli comunali", 5},
    {"\"cooperazione\"", 1},
    {"\"cooperazioni\"", 0},
    {"consiglio -sindaco", 4},
    {"consiglio -\"consiglio comunale\"", 4},
    {"-consiglio", 2},
    {"-consiglio -council", 0},
    {"-(consiglio sindaco)", 6},
    {"sindaco OR lakes", 3},
    {"sindaco lakes", 0},
    {"consiglio sindaco OR fiumi", 5},
    {"consiglio (sindaco OR lakes)", 1},
    {"sindaco OR -rivers", 1},
    {"harbour OR -rivers", 3},
    {"politico-istituzionale", 4},
    {"politici-istituzionali", 4},
    {"istituzionale-politico", 0},
    {"coop*", 1},
    {"\"coop\"", 0},
    {"riv*", 6},
    {"statuto del comune", 1},
    {"the rivers of the world", 0},
    {"the rivers of the port", 2},
    {"case", 6}, /* Italian houses or an English case: each in its own language */
    {"cases", 2},
    {"casa", 4},
    {"title:piano", 4},
    {"title:(piano consiglio)", 0},
    {"title:(piano acque)", 4},
    {"title:(piano OR consiglio)", 4},
    {"title:(piano OR harbour OR \"del comune\")", 7},
    {"title:(plan -harbour)", 0},
    {"ente:(comune valdoria OR union)", 1},
    {"ente:(valdoria OR union)", 3},
    {"raccolta:(nord)", 1},
    {"tipo:(piano OR statuto) -lang:en", 1},
    {"title:(comune NEAR valdoria)", 1},
    {"anno:(>2000 <2016)", 1},
    {"anno:(1998 OR 2019)", 6},
    {"year:>2015", 2},
    {"year:>=2015", 3},
    {"year:<2015", 4},
    {"year:<=2015", 5},
    {"year:2016-", 2},
    {"title:consiglio", 0},
    {"titolo:\"del comune\"", 1},
    {"title:stat*", 1},
    {"piano -title:piano", 0},
    {"kind:plan", 6},
    {"kind:plan -lang:it", 2},
    {"lingua:it", 5},
    {"lang:it lang:en", 4},
    {"year:2015", 1},
    {"year:2015..2019", 3},
    {"year:1990..2019", 7},
    {"year:..2000", 4},
    {"year:2016..", 2},
    {"-year:2016..", 5},
    {"ente:\"Comune di Valdoria\"", 1},
    {"ente:valdoria", 1},
    {"ente:\"Valdoria Comune\"", 0},
    {"body:union OR tema:migrazioni", 6},
    {"raccolta:statuti/nord", 1},
    {"area:mediterraneo tema:\"città sostenibili\"", 2},
    {"consiglio NEAR/3 piano", 4},
    {"piano NEAR/3 consiglio", 4},
    {"consiglio NEAR/1 piano", 0},
    {"consiglio NEAR/2 piano", 4},
    {"\"piano consiglio\"~2", 4},
    {"\"piano consigli\"~9", 0},
    {"\"il piano consiglio\"~1", 4},
    {"\"il piano consiglio\"~0", 0},
    {"\"approva il\" NEAR/0 \"piano comunale\"", 4},
    {"consiglio NEAR/0 approva NEAR/0 \"il\"", 4},
    {"coop* NEAR/0 decentrat*", 1},
    {"fiumi NEAR/2 case", 4},
    {"fiumi NEAR/2 case OR municipality", 6},
    {"piano -(consiglio NEAR piano)", 0},
    {"piano -\"piano case\"~4", 4},
    {"title:comune NEAR title:valdoria", 1},
    {"titolo: \"valdoria comune\"~1", 1},
    {"titolo: \"valdoria comune\"~0", 0},
    {"year: 2015", 1},
    {"che cosa approva il consiglio", 5},
    {"politicoistituzionale", 0},
    {"k:plan", 0}, /* terms of the catalogue are not words */
    {"a:all", 0},
};

/* A connection with the documents, an analyser and a vocabulary. */
typedef struct {
    sqlite3 *db;
    sqlite3_stmt *find;
    Analyser *analyser;
    Vocabulary *vocabulary;
} Fixture;

static void put_documents(Fixture *f)
{
    sqlite3_stmt *put = NULL;
    assert_int_equal(sqlite3_prepare_v2(f->db,
                                        "INSERT INTO posting(rowid, title, text, catalogue) "
                                        "VALUES(?1, ?2, ?3, ?4)",
                                        -1, &put, NULL),
                     SQLITE_OK);
    for (gsize i = 0; i < G_N_ELEMENTS(DOCUMENTS); i++) {
        sqlite3_bind_int(put, 1, (int)i);
        sqlite3_bind_text(put, 2, DOCUMENTS[i].title, -1, SQLITE_STATIC);
        sqlite3_bind_text(put, 3, DOCUMENTS[i].text, -1, SQLITE_STATIC);
        sqlite3_bind_text(put, 4, DOCUMENTS[i].catalogue, -1, SQLITE_STATIC);
        assert_int_equal(sqlite3_step(put), SQLITE_DONE);
        sqlite3_reset(put);
    }
    sqlite3_finalize(put);
}

static int set_up(void **state)
{
    static const char FIND[] = "SELECT rowid FROM posting WHERE posting MATCH ?1";
    Fixture *f = g_new0(Fixture, 1);
    *state = f;
    f->analyser = analyser_new();
    f->vocabulary = vocabulary_new(NULL);
    assert_int_equal(sqlite3_open(":memory:", &f->db), SQLITE_OK);
    plain_register(f->db);
    assert_int_equal(sqlite3_exec(f->db,
                                  "CREATE VIRTUAL TABLE posting USING fts5(text, title, catalogue, "
                                  "columnsize=0, tokenize='plain')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    put_documents(f);
    assert_int_equal(sqlite3_prepare_v2(f->db, FIND, -1, &f->find, NULL), SQLITE_OK);
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    sqlite3_finalize(f->find);
    sqlite3_close(f->db);
    vocabulary_free(f->vocabulary);
    analyser_free(f->analyser);
    g_free(f);
    return 0;
}

static Query *parse(const Fixture *f, const char *text, gsize length)
{
    return query_parse(text, length, f->vocabulary, FALSE, f->analyser);
}

static Query *parse_translated(const Fixture *f, const char *text)
{
    return query_parse(text, strlen(text), f->vocabulary, TRUE, f->analyser);
}

/* The documents that a MATCH expression finds, a bit each; fails on an SQL error. */
static guint find(Fixture *f, const char *match)
{
    guint found = 0;
    int status;
    sqlite3_bind_text(f->find, 1, match, -1, SQLITE_STATIC);
    while ((status = sqlite3_step(f->find)) == SQLITE_ROW)
        found |= 1U << sqlite3_column_int(f->find, 0);
    if (status != SQLITE_DONE)
        print_error("%s: %s\n", match, sqlite3_errmsg(f->db));
    assert_int_equal(status, SQLITE_DONE);
    sqlite3_reset(f->find);
    return found;
}

static const QueryConcept *concept_at(const Query *query, guint i)
{
    assert_true(i < query_concepts(query)->len);
    return query_concepts(query)->pdata[i];
}

static const QueryAlternative *alternative_at(const QueryConcept *concept, guint i)
{
    return &g_array_index(concept->alternatives, QueryAlternative, i);
}

/* What the plan says, leaf by leaf */

static guint found_by_leaf(Fixture *f, const QueryConcept *concept)
{
    guint found = 0;
    for (guint i = 0; i < concept->alternatives->len; i++) {
        const QueryAlternative *alternative = alternative_at(concept, i);
        g_autofree char *match =
            g_strdup_printf("%s\"%s\"%s", concept->in_title ? "title : " : "", alternative->phrase,
                            alternative->is_prefix ? " *" : "");
        found |= find(f, match);
    }
    return found;
}

static guint found_by_step(Fixture *f, const Query *query, const QueryStep *step)
{
    guint found = step->operator== QUERY_ANY ? 0 : 7;
    if (step->operator== QUERY_LEAF)
        return found_by_leaf(f, concept_at(query, step->concept));
    for (guint i = 0; i < step->parts->len; i++) {
        guint part = found_by_step(f, query, step->parts->pdata[i]);
        if (step->operator== QUERY_ANY)
            found |= part;
        else
            found &= step->operator== QUERY_NOT ? ~part : part;
    }
    return found;
}

static gboolean has_near(const QueryStep *step)
{
    for (guint i = 0; step->parts && i < step->parts->len; i++)
        if (has_near(step->parts->pdata[i]))
            return TRUE;
    return step->operator== QUERY_NEAR;
}

/* What holds of every query whatsoever */

static void check_alternatives(const QueryConcept *concept)
{
    assert_true(concept->alternatives->len > 0);
    for (guint i = 0; i < concept->alternatives->len; i++) {
        const QueryAlternative *alternative = alternative_at(concept, i);
        const QueryAlternative *before = alternative_at(concept, MAX(i, 1) - 1);
        assert_true(alternative->phrase[0] && alternative->shown[0]);
        assert_null(strpbrk(alternative->phrase, "\"\f\n"));
        assert_null(strstr(alternative->phrase, "  "));
        assert_true(alternative->weight >= 0 && alternative->weight <= before->weight);
        if (i == 0 || alternative->source == QUERY_LITERAL)
            assert_true(alternative->weight == 1 && alternative->source == QUERY_LITERAL &&
                        before->source == QUERY_LITERAL);
        for (guint k = 0; k < i; k++)
            assert_string_not_equal(alternative->phrase, alternative_at(concept, k)->phrase);
    }
}

static void check_concepts(const Query *query)
{
    guint count = 0;
    assert_true(query_concepts(query)->len <= QUERY_LEAVES);
    for (guint i = 0; i < query_concepts(query)->len; i++) {
        const QueryConcept *concept = concept_at(query, i);
        gboolean is_years = g_str_has_prefix(alternative_at(concept, 0)->phrase, "y:");
        check_alternatives(concept);
        assert_true(concept->alternatives->len <= (is_years ? 54 : QUERY_ALTERNATIVES));
        assert_non_null(concept->typed);
        count += is_years ? 0 : concept->alternatives->len;
    }
    assert_true(count <= QUERY_ALTERNATIVES_ALL);
}

/* The leaves of the plan are the concepts, in their order. Returns how many there are up to here.
 */
static guint check_step(const Query *query, const QueryStep *step, gboolean may_be_free,
                        guint count)
{
    gboolean is_leaf = step->operator== QUERY_LEAF;
    assert_true(is_leaf == !step->parts);
    assert_true(!step->is_free || (is_leaf && may_be_free));
    assert_true(step->operator== QUERY_NEAR ? step->distance <= QUERY_NEAR_MOST
                                            : step->distance == 0);
    if (is_leaf) {
        assert_int_equal(step->concept, count);
        return count + 1;
    }
    assert_true(step->operator== QUERY_NOT ? step->parts->len == 1 : step->parts->len> 1);
    for (guint i = 0; i < step->parts->len; i++) {
        const QueryStep *part = step->parts->pdata[i];
        assert_true(step->operator!= QUERY_NEAR || part->operator== QUERY_LEAF);
        count = check_step(query, part,
                           may_be_free && step->operator== QUERY_ALL && step == query_plan(query),
                           count);
    }
    return count;
}

static void check_plan(Fixture *f, const Query *query)
{
    const QueryStep *plan = query_plan(query);
    guint found = find(f, query_match(query));
    check_concepts(query);
    assert_int_equal(query_is_empty(query), !plan);
    assert_int_equal(plan ? check_step(query, plan, TRUE, 0) : 0, query_concepts(query)->len);
    if (plan && !has_near(plan))
        assert_int_equal(found, found_by_step(f, query, plan));
}

static void check_notes(const Query *query)
{
    const GPtrArray *notes = query_notes(query);
    gboolean is_cut = FALSE;
    assert_true(notes->len <= QUERY_NOTES);
    for (guint i = 0; i < notes->len; i++) {
        const QueryNote *note = notes->pdata[i];
        is_cut = strcmp(note->code, QUERY_NOTE_CUT) == 0;
        assert_int_equal(!note->text, is_cut);
        assert_true(!note->text || g_utf8_validate(note->text, -1, NULL));
    }
    assert_int_equal(query_is_cut(query), is_cut);
}

/* The plan in a line: a tilde after a concept that is free, NEAR with its distance. */
static void print_step(GString *text, const Query *query, const QueryStep *step)
{
    static const char *const NAMES[] = {
        [QUERY_ALL] = "ALL", [QUERY_ANY] = "ANY", [QUERY_NOT] = "NOT", [QUERY_NEAR] = "NEAR"};
    if (step->operator== QUERY_LEAF) {
        const QueryConcept *concept = concept_at(query, step->concept);
        g_string_append_printf(text, "%s%s%s", concept->is_ranked ? "" : "=", concept->typed,
                               step->is_free ? "~" : "");
        return;
    }
    g_string_append(text, NAMES[step->operator]);
    if (step->operator== QUERY_NEAR)
        g_string_append_printf(text, "%u", step->distance);
    for (guint i = 0; i < step->parts->len; i++) {
        g_string_append(text, i == 0 ? "(" : " ");
        print_step(text, query, step->parts->pdata[i]);
    }
    g_string_append_c(text, ')');
}

static char *plan_line(const Query *query)
{
    GString *text = g_string_new(NULL);
    if (query_plan(query))
        print_step(text, query, query_plan(query));
    return g_string_free(text, FALSE);
}

static void check_again(const Fixture *f, const Query *query)
{
    const char *understood = query_understood(query);
    g_autoptr(Query) again = parse(f, understood, strlen(understood));
    g_autofree char *plan = plan_line(query);
    g_autofree char *plan_again = plan_line(again);
    for (char *at = plan; *at; at++) /* operators that were words are in small letters then */
        *at = g_ascii_tolower(*at);
    for (char *at = plan_again; *at; at++)
        *at = g_ascii_tolower(*at);
    assert_string_equal(query_understood(again), understood);
    assert_string_equal(plan_again, plan);
    assert_string_equal(query_match(again), query_match(query));
    assert_false(query_is_cut(again));
    assert_int_equal(query_notes(again)->len, 0);
}

static void check_query(Fixture *f, const char *text, gsize length)
{
    g_autoptr(Query) query = parse(f, text, length);
    const char *understood = query_understood(query);
    assert_true(g_utf8_validate(understood, -1, NULL));
    assert_true(strlen(understood) <= QUERY_BYTES);
    assert_int_equal(query_is_empty(query), understood[0] == '\0');
    check_plan(f, query);
    check_notes(query);
    check_again(f, query);
    g_autoptr(Query) translated = query_parse(text, length, f->vocabulary, TRUE, f->analyser);
    g_autofree char *plan = plan_line(query);
    g_autofree char *plan_translated = plan_line(translated);
    assert_string_equal(query_understood(translated), understood);
    assert_string_equal(plan_translated, plan);
    check_plan(f, translated);
}

static void test_readings(void **state)
{
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(READINGS); i++) {
        const Reading *row = &READINGS[i];
        g_autoptr(Query) query = parse(f, row->text, row->length);
        if (row->match && strcmp(query_match(query), row->match) != 0)
            print_error("row %zu: %s\n", i, row->text);
        assert_string_equal(query_understood(query), row->understood);
        assert_string_equal(query_match(query), row->match ? row->match : query_match(query));
        assert_false(query_is_cut(query));
        check_query(f, row->text, row->length);
    }
}

/* A tilde: free. An equals sign: no say in the order. */
static void test_plans(void **state)
{
    static const struct {
        const char *text;
        const char *plan;
    } PLANS[] = {
        {"", ""},
        {"mare", "mare~"},
        {"\"mare\"", "\"mare\""},
        {"mar*", "mar"},
        {"title:mare", "mare"},
        {"title:(mare lago) fiume", "ALL(mare lago fiume~)"},
        {"title:(mare OR lago) fiume", "ALL(ANY(mare lago) fiume~)"},
        {"-title:(mare lago)", "NOT(ALL(=mare =lago))"},
        {"ente:(mare OR lago)", "ANY(=mare =lago)"},
        {"anno:(2015 OR 2017..)", "ANY(=2015 =2017..2100)"},
        {"title:(mare NEAR/3 lago)", "NEAR3(mare lago)"},
        {"-mare", "NOT(=mare)"},
        {"kind:plan", "=plan"},
        {"year:2015..2020 mare", "ALL(=2015..2020 mare~)"},
        {"il mare della città", "ALL(mare~ città~)"},
        {"la il", "ALL(la~ il~)"},
        {"acqua AND fiumi laghi mare", "ALL(acqua fiumi laghi~ mare~)"},
        {"acqua fiumi AND laghi AND mare", "ALL(acqua~ fiumi laghi mare)"},
        {"acqua AND fiumi", "ALL(acqua fiumi)"},
        {"ACQUA E FIUMI laghi", "ALL(ACQUA FIUMI laghi~)"},
        {"acqua AND del mare lago", "ALL(acqua mare lago~)"},
        {"acqua (fiumi OR laghi) mare", "ALL(acqua~ ANY(fiumi laghi) mare~)"},
        {"acqua AND (fiumi OR laghi) mare", "ALL(acqua ANY(fiumi laghi) mare~)"},
        {"fiumi OR (laghi mare)", "ANY(fiumi ALL(laghi mare))"},
        {"acqua -mare \"grandi laghi\" coop*", "ALL(acqua~ NOT(=mare) \"grandi laghi\" coop)"},
        {"acqua AND -mare", "ALL(acqua NOT(=mare))"},
        {"(acqua fiumi) laghi", "ALL(acqua~ fiumi~ laghi~)"},
        {"(acqua fiumi) AND laghi mare", "ALL(acqua fiumi laghi mare~)"},
        {"((acqua) (fiumi AND laghi)) mare", "ALL(acqua~ fiumi laghi mare~)"},
        {"-(acqua -mare)", "NOT(ALL(=acqua NOT(=mare)))"},
        {"-(acqua NEAR mare)", "NOT(NEAR10(=acqua =mare))"},
        {"acqua mare NEAR/3 lago NEAR/5 \"due fiumi\" porto",
         "ALL(acqua~ NEAR5(mare lago \"due fiumi\") porto~)"},
        {"acqua NEAR lago", "NEAR10(acqua lago)"},
        {"acqua NEAR il lago", "NEAR10(acqua lago)"},
        {"\"due fiumi acqua\"~5", "NEAR5(\"due\" \"fiumi\" \"acqua\")"},
        {"mare OR acqua NEAR lago", "ANY(mare NEAR10(acqua lago))"},
        {"lang:de mare", "ALL(lang~ de~ mare~)"},
        {"dell'acqua politico-istituzionale 125/2014",
         "ALL(dell'acqua~ politico-istituzionale~ 125/2014~)"},
    };
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(PLANS); i++) {
        g_autoptr(Query) query = parse(f, PLANS[i].text, strlen(PLANS[i].text));
        g_autofree char *plan = plan_line(query);
        assert_string_equal(plan, PLANS[i].plan);
        check_query(f, PLANS[i].text, strlen(PLANS[i].text));
    }
}

static void test_meanings(void **state)
{
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(MEANINGS); i++) {
        const Meaning *row = &MEANINGS[i];
        g_autoptr(Query) query = parse(f, row->text, strlen(row->text));
        guint found = find(f, query_match(query));
        if (found != row->found)
            print_error("%s: %s finds %u\n", row->text, query_match(query), found);
        assert_int_equal(found, row->found);
    }
}

static void test_concepts(void **state)
{
    static const char TEXT[] = "Acqua -lago titolo:\"Piano strategico\" kind:plan coop* 125/2014";
    static const struct {
        const char *typed;
        const char *exact;
        guint alternatives;
        gboolean is_quoted;
        gboolean is_prefix;
        gboolean in_title;
        gboolean is_ranked;
    } CONCEPTS[] = {
        {"Acqua", "acqua", 3, FALSE, FALSE, FALSE, TRUE},
        {"lago", "lago", 3, FALSE, FALSE, FALSE, FALSE},
        {"\"Piano strategico\"", NULL, 1, TRUE, FALSE, TRUE, TRUE},
        {"plan", NULL, 1, FALSE, FALSE, FALSE, FALSE},
        {"coop", NULL, 1, FALSE, TRUE, FALSE, TRUE},
        {"125/2014", "125 2014", 1, FALSE, FALSE, FALSE, TRUE},
    };
    Fixture *f = *state;
    g_autoptr(Query) query = parse(f, T(TEXT));
    assert_int_equal(query_concepts(query)->len, G_N_ELEMENTS(CONCEPTS));
    for (guint i = 0; i < query_concepts(query)->len; i++) {
        const QueryConcept *concept = concept_at(query, i);
        assert_string_equal(concept->typed, CONCEPTS[i].typed);
        assert_int_equal(g_strcmp0(concept->exact, CONCEPTS[i].exact), 0);
        assert_int_equal(concept->alternatives->len, CONCEPTS[i].alternatives);
        assert_int_equal(concept->is_quoted, CONCEPTS[i].is_quoted);
        assert_int_equal(alternative_at(concept, 0)->is_prefix, CONCEPTS[i].is_prefix);
        assert_int_equal(concept->in_title, CONCEPTS[i].in_title);
        assert_int_equal(concept->is_ranked, CONCEPTS[i].is_ranked);
    }
}

/* The words of content of a compound, unless one cannot stand alone or the reader wants the phrase.
 */
static void test_compounds(void **state)
{
    static const struct {
        const char *text;
        const char *words;
    } ROWS[] = {
        {"politico-istituzionale", "politico istituzionale"},
        {"Stato-città-autonomie", "stato citta autonomie"},
        {"state-of-the-art", "state art"},
        {"acqua", NULL},
        {"co-operation", NULL},
        {"125/2014", NULL},
        {"covid-2019", NULL},
        {"fuori-di", NULL},
        {"dell'acqua", NULL},
        {"\"politico-istituzionale\"", NULL},
        {"politico-ist*", NULL},
        {"title:politico-istituzionale", NULL},
        {"-politico-istituzionale", NULL},
    };
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(Query) query = parse(f, ROWS[i].text, strlen(ROWS[i].text));
        const QueryConcept *concept = concept_at(query, 0);
        g_auto(GStrv) words = g_strsplit(ROWS[i].words ? ROWS[i].words : "", " ", -1);
        assert_int_equal(query_concepts(query)->len, 1);
        assert_int_equal(concept->words != NULL, ROWS[i].words != NULL);
        assert_int_equal(concept->words ? concept->words->len : 0, g_strv_length(words));
        for (guint k = 0; words[k]; k++)
            assert_string_equal(((QueryConcept *)concept->words->pdata[k])->exact, words[k]);
    }
}

/* Words of compounds have their other names, and there is a bound to all of them. */
static void test_compound_names(void **state)
{
    Fixture *f = *state;
    g_autoptr(Query) query = parse_translated(f, "acqua-fiumi");
    const QueryConcept *water = concept_at(query, 0)->words->pdata[0];
    gboolean is_translated = FALSE;
    for (guint i = 0; i < water->alternatives->len; i++)
        is_translated |= strcmp(alternative_at(water, i)->phrase, "e:water") == 0;
    assert_true(is_translated);
    g_autoptr(GString) many = g_string_new(NULL);
    for (guint i = 0; i < QUERY_COMPOUND_WORDS; i++)
        g_string_append_printf(many, "piano%c-legge%c ", 'a' + (char)i, 'a' + (char)i);
    g_autoptr(Query) long_query = parse(f, many->str, many->len);
    for (guint i = 0; i < QUERY_COMPOUND_WORDS; i++)
        assert_int_equal(concept_at(long_query, i)->words != NULL, i < QUERY_COMPOUND_WORDS / 2);
}

/* Literal alternatives say of which language they are, and show what was typed. */
static void test_literals(void **state)
{
    static const struct {
        const char *text;
        const char *alternatives; /* phrase/language/shown, parted by semicolons */
    } ROWS[] = {
        {"Città", "i:citt/it/Città;e:citta/en/Città;o:citta/und/Città"},
        {"2030", "2030/und/2030"},
        {"\"la Città\"", "la citta/und/la Città"},
        {"citt*", "citt*/und/citt"},
        {"year:2019..2030", "y:2019/und/2019..2030;y:202*/und/2019..2030;y:2030/und/2019..2030"},
        {"ente:\"Comune di Valdoria\"", "b:comune b:di b:valdoria/und/Comune di Valdoria"},
        {"raccolta:stat*", "c:stat*/und/stat"},
        {"tema:genere", "t:gender/und/gender"},
        {"E-mail", "i:e i:mail/it/E-mail;e:e e:mail/en/E-mail;o:e o:mail/und/E-mail;"
                   "i:email/it/email;e:email/en/email;o:email/und/email"},
    };
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(Query) query = parse(f, ROWS[i].text, strlen(ROWS[i].text));
        g_autoptr(GString) line = g_string_new(NULL);
        const QueryConcept *concept = concept_at(query, 0);
        for (guint k = 0; k < concept->alternatives->len; k++) {
            const QueryAlternative *alternative = alternative_at(concept, k);
            g_string_append_printf(line, "%s%s%s/%s/%s", k > 0 ? ";" : "", alternative->phrase,
                                   alternative->is_prefix ? "*" : "",
                                   language_code(alternative->language), alternative->shown);
        }
        assert_string_equal(line->str, ROWS[i].alternatives);
    }
}

/* The other names of each concept, "shown=phrase weight source", parted by semicolons. */
static char *names_line(const Query *query)
{
    GString *line = g_string_new(NULL);
    for (guint i = 0; i < query_concepts(query)->len; i++) {
        const QueryConcept *concept = concept_at(query, i);
        g_string_append(line, i > 0 ? " | " : "");
        for (guint k = 0; k < concept->alternatives->len; k++) {
            const QueryAlternative *alternative = alternative_at(concept, k);
            if (alternative->source == QUERY_LITERAL)
                continue;
            g_string_append_printf(line, "%s=%s%s %.1f%c;", alternative->shown, alternative->phrase,
                                   alternative->is_prefix ? "*" : "", alternative->weight,
                                   alternative->source == QUERY_THESAURUS ? 't' : 'd');
        }
    }
    return g_string_free(line, FALSE);
}

#define WATER         "water=e:water 0.9t;"
#define COOPERATION   "cooperation=e:cooper 0.8d;co-operation=e:co e:oper 0.4d;"
#define DECENTRALISED "decentralised cooperation=e:decentralis e:cooper 0.9t;"

static void test_translations(void **state)
{
    static const struct {
        const char *text;
        const char *names;
    } ROWS[] = {
        /* A term is an alternative of each word that it covers; the weightier of two the same. */
        {"acqua", WATER},
        {"cooperazione decentrata", DECENTRALISED COOPERATION
         " | " DECENTRALISED "cooperazione tra i territori=i:cooper i:tra i:i i:territor 0.7t;"},
        {"decentrata cooperazione", " | " COOPERATION},
        {"cooperazione allo sviluppo",
         "development cooperation=e:develop e:cooper 0.9t;" COOPERATION
         " | development cooperation=e:develop e:cooper 0.9t;local develop*=e:local develop* "
         "0.5t;"},
        {"dell'acqua", WATER},
        /* What parts words parts terms. */
        {"cooperazione 2014 decentrata", COOPERATION " |  | "},
        {"cooperazione \"x\" decentrata", COOPERATION " |  | "},
        {"cooperazione -x decentrata", COOPERATION " |  | "},
        {"cooperazione OR decentrata", COOPERATION " | "},
        {"cooperazione NEAR decentrata", COOPERATION " | "},
        {"mare (cooperazione OR acqua)", "ocean=e:ocean 1.0d; | " COOPERATION " | " WATER},
        /* Words joined are covered as a whole or not at all. */
        {"politico-istituzionale", "political=e:polit 0.5d;"},
        {"politico istituzionale", "political=e:polit 0.5d;politician=e:politician 0.5d; | "
                                   "political=e:polit 0.5d;"},
        /* Never of what is exact, a field, a number, excluded, or a function word. */
        {"\"acqua\" acqu* title:acqua acqua2 -acqua", " |  |  |  | "},
        {"ente:acqua", ""},
        {"-(acqua mare)", " | "},
        /* A word of both languages: that of the question when it is clear, else both. */
        {"case", "houses=e:hous 0.8d;vicenda=i:vic 0.6d;"},
        {"le case", "houses=e:hous 0.8d;"},
        {"the case", "vicenda=i:vic 0.6d;"},
        {"the case of the acqua port comune", "vicenda=i:vic 0.6d; | " WATER " |  | "},
        {"charter case statuto", " | houses=e:hous 0.8d;vicenda=i:vic 0.6d; | "},
    };
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(Query) query = parse_translated(f, ROWS[i].text);
        g_autofree char *names = names_line(query);
        assert_string_equal(names, ROWS[i].names);
        check_query(f, ROWS[i].text, strlen(ROWS[i].text));
        g_autoptr(Query) literal = parse(f, ROWS[i].text, strlen(ROWS[i].text));
        g_autofree char *none = names_line(literal);
        assert_null(strchr(none, '='));
    }
}

static void test_many_names(void **state)
{
    Fixture *f = *state;
    g_autoptr(Query) one = parse_translated(f, "molti");
    assert_int_equal(concept_at(one, 0)->alternatives->len, QUERY_ALTERNATIVES);
    assert_string_equal(alternative_at(concept_at(one, 0), 3)->shown, "name bt");
    g_autoptr(GString) text = g_string_new("acqua");
    for (int i = 0; i < 30; i++)
        g_string_append_printf(text, " (molti OR parola%c%c)", 'a' + i / 20, 'a' + i % 20);
    g_autoptr(Query) many = parse_translated(f, text->str);
    check_query(f, text->str, text->len);
    assert_int_equal(concept_at(many, 0)->alternatives->len, 4); /* a short list is not cut */
    assert_in_range(concept_at(many, 1)->alternatives->len, 4, 5);
    g_autoptr(Query) near = parse_translated(f, "molti NEAR molti");
    check_query(f, T("molti NEAR molti"));
    assert_true(strlen(query_match(near)) < 1000); /* 9 combinations, not 576 */
}

static void test_language(void **state)
{
    static const struct {
        const char *text;
        Language language;
    } ROWS[] = {
        {"", LANGUAGE_OTHER},
        {"case", LANGUAGE_OTHER},
        {"statuto", LANGUAGE_ITALIAN},
        {"charter", LANGUAGE_ENGLISH},
        {"charter statuto", LANGUAGE_OTHER},
        {"the charter statuto", LANGUAGE_ENGLISH},
        {"the charter dello statuto", LANGUAGE_OTHER},
        {"xyz of xyz", LANGUAGE_ENGLISH},
        {"dell' xyz", LANGUAGE_ITALIAN},
        {"a in per come", LANGUAGE_OTHER},
        {"\"statuto\"", LANGUAGE_ITALIAN},
        {"title:charter", LANGUAGE_ENGLISH},
        {"ente:statuto lang:en", LANGUAGE_OTHER},
        {"statut*", LANGUAGE_OTHER},
        {"UN WHO statuto", LANGUAGE_ITALIAN},
    };
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(Query) query = parse(f, ROWS[i].text, strlen(ROWS[i].text));
        assert_int_equal(query_language(query), ROWS[i].language);
    }
}

static void test_notes(void **state)
{
    static const struct {
        const char *text;
        const char *notes; /* code=text(known), parted by semicolons */
    } ROWS[] = {
        {"mare lang:it year:2015..2020 kind:plan tema:pace \"a b\"~100", ""},
        {"lang:de", "unknown-value=lang:de(it en);"},
        {"lingua: \"de\"", "unknown-value=lingua: \"de\"(it en);"},
        {"-kind:x", "unknown-value=kind:x(other statute regulation plan programme resolution "
                    "agreement report);"},
        {"year:abc anno:20155", "unknown-value=year:abc();unknown-value=anno:20155();"},
        {"tema:nulla area:genere",
         "unknown-value=tema:nulla(gender peacebuilding sustainable-cities human-rights migration "
         "global-citizenship-education);unknown-value=area:genere(mediterranean latin-america "
         "sub-saharan-africa middle-east);"},
        {"lang:(it OR de)", "unknown-value=de(it en);"},
        {"lang:(\"it x\" en)", "unknown-value=it x(it en);"},
        {"year:(2020..2015 x)", "year-order=2020..2015;unknown-value=x();"},
        {"title:(x) ente:(y z) raccolta:(OR)", ""},
        {"year:2020..2015", "year-order=2020..2015;"},
        {"a NEAR/101 b", "distance=NEAR/101;"},
        {"\"a b\"~1000 c", "distance=~1000;"},
        {"title: foo:bar body:", ""},
    };
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(Query) query = parse(f, ROWS[i].text, strlen(ROWS[i].text));
        g_autoptr(GString) line = g_string_new(NULL);
        for (guint k = 0; k < query_notes(query)->len; k++) {
            const QueryNote *note = query_notes(query)->pdata[k];
            g_autofree char *known = note->known ? g_strjoinv(" ", note->known) : NULL;
            g_string_append_printf(line, "%s=%s", note->code, note->text);
            if (strcmp(note->code, QUERY_NOTE_UNKNOWN_VALUE) == 0)
                g_string_append_printf(line, "(%s)", known ? known : "");
            g_string_append_c(line, ';');
        }
        assert_string_equal(line->str, ROWS[i].notes);
    }
}

/* Without a vocabulary the ids of topics are taken as they are, and nothing else. */
static void test_no_vocabulary(void **state)
{
    static const struct {
        const char *text;
        const char *understood;
    } ROWS[] = {
        {"theme:gender", "theme:gender"},
        {"area:\"latin-america\",", "area:latin-america"},
        {"theme:any-such", "theme:any-such"},
        {"theme:Gender", "theme Gender"},
        {"theme:città", "theme città"},
        {"theme:\"human rights\"", "theme \"human rights\""},
        {"theme:g8", "theme g8"},
    };
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(Query) query =
            query_parse(ROWS[i].text, strlen(ROWS[i].text), NULL, TRUE, f->analyser);
        assert_string_equal(query_understood(query), ROWS[i].understood);
        find(f, query_match(query));
    }
}

static void test_empty(void **state)
{
    static const struct {
        const char *text;
        gboolean is_empty;
    } ROWS[] = {
        {"", TRUE},    {"   ", TRUE},        {"()", TRUE},     {"- \"\" *", TRUE}, {"|", TRUE},
        {"la", FALSE}, {"kind:plan", FALSE}, {"-mare", FALSE}, {"(\"mare", FALSE}, {"OR", FALSE},
    };
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(Query) query = parse(f, ROWS[i].text, strlen(ROWS[i].text));
        assert_int_equal(query_is_empty(query), ROWS[i].is_empty);
    }
    query_free(NULL);
}

/* `part` so many times, between `before` and `after`; a # in it is its number in letters. */
typedef struct {
    const char *before;
    const char *part;
    guint times;
    const char *after;
    gboolean is_cut;
    guint concepts; /* G_MAXUINT: any number */
} Repeated;

static const Repeated LIMITS[] = {
    {"", "mare# ", QUERY_LEAVES, "", FALSE, QUERY_LEAVES},
    {"", "mare# ", QUERY_LEAVES + 1, "", TRUE, QUERY_LEAVES},
    {"", "mare ", QUERY_LEAVES + 1, "", FALSE, 1},
    {"", "ma-re# ", QUERY_LEAVES, "", FALSE, QUERY_LEAVES},
    {"", "molti la# ", QUERY_LEAVES, "", TRUE, QUERY_LEAVES},
    {"", "il ", 300, "mare", FALSE, 1},
    {"", "mare#|", 300, "lago", TRUE, QUERY_LEAVES},
    {"", "mare# -lago# ", 40, "", TRUE, QUERY_LEAVES},
    {"", "x", QUERY_BYTES, "", FALSE, 1},
    {"", "x", QUERY_BYTES + 1, "", TRUE, 1},
    {"", "é", QUERY_BYTES, "", TRUE, 1},
    {"", "x-", QUERY_BYTES / 2 - 1, "", FALSE, 1},
    {"tema:pace titolo:\"", "mare ", 600, "\"", TRUE, G_MAXUINT},
    {"ente:\"", "mare ", 397, "\" tema:\"diritti umani\"", TRUE, G_MAXUINT},
    {"", "(", 10000, "mare", TRUE, 0},
    {"", "(", 1900, "mare", FALSE, 1},
    {"", ")", 10000, "", TRUE, 0},
    {"", "(mare# ", 40, "", FALSE, 40},
    {"", "mare|(lago ", QUERY_DEPTH / 2, "fiume", FALSE, QUERY_DEPTH + 1},
    {"", "mare|(lago ", 60, "", TRUE, G_MAXUINT},
    {"", "-(mare ", 60, "", TRUE, G_MAXUINT},
    {"", "-(mare|", 60, "lago", TRUE, G_MAXUINT},
    {"", "mare|-(lago ", 60, "", TRUE, G_MAXUINT},
    {"", "mare|-(lago -fiume ", 60, "", TRUE, G_MAXUINT},
    {"", "(mare|(lago -fiume -(", 60, "", TRUE, G_MAXUINT},
    {"", "-(-fiume -(mare|", 60, "acqua", TRUE, G_MAXUINT},
    {"", "-mare|(-lago -", 60, "acqua", TRUE, G_MAXUINT},
    {"", "-(title:mare -(-lago|", 60, "title:acqua", TRUE, G_MAXUINT},
    {"", "kind:", 399, "plan", FALSE, 2},
    {"", "year:1861..2099 ", QUERY_LEAVES, "", FALSE, 1},
    {"", "year:1001..2998|mare# -", 20, "mare", FALSE, 41},
    {"", "NOT ", 499, "mare", FALSE, 1},
    {"", "NOT ", 498, "mare", FALSE, 1},
    {"", "\"", 1999, "", FALSE, 0},
    {"", "«", 999, "", FALSE, 0},
    {"", "mare NEAR ", 150, "lago", TRUE, G_MAXUINT},
    {"", "mare# NEAR/7 ", 50, "lago", FALSE, 51},
    {"", "molti NEAR ", 50, "lago", FALSE, 51},
    {"", "NEAR ", 400, "", FALSE, 1},
    {"\"", "mare# ", 70, "lago\"~5", TRUE, QUERY_LEAVES},
    {"", "\"a b\"~1 ", 200, "", TRUE, QUERY_LEAVES},
    {"", "-(mare# NEAR lago|", 60, "", TRUE, G_MAXUINT},
    {"", "lang:x ", 280, "", FALSE, 2},
    {"", "lang:x# ", 280, "", TRUE, QUERY_LEAVES},
    {"", "title: ", 280, "mare", FALSE, 2},
    {"", "title:(", 280, "mare", FALSE, 1},
    {"", "title:(mare# ", 40, "", FALSE, 40},
    {"", "body:(a# OR ", 60, "b", FALSE, 61},
    {"", "tema:(x ", 240, "", FALSE, 1},
    {"", "-title:(il (la ", 60, "", TRUE, G_MAXUINT},
    {"title:(", "mare# ", 70, ")", TRUE, QUERY_LEAVES},
};

static void append_part(GString *text, const char *part, guint number)
{
    for (const char *at = part; *at; at++)
        if (*at == '#')
            g_string_append_printf(text, "%c%c", 'a' + number / 25 % 25, 'a' + number % 25);
        else
            g_string_append_c(text, *at);
}

static void test_limits(void **state)
{
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(LIMITS); i++) {
        const Repeated *row = &LIMITS[i];
        g_autoptr(GString) text = g_string_new(row->before);
        for (guint k = 0; k < row->times; k++)
            append_part(text, row->part, k);
        g_string_append(text, row->after);
        g_autoptr(Query) query = parse(f, text->str, text->len);
        guint concepts = query_concepts(query)->len;
        if (query_is_cut(query) != row->is_cut ||
            (row->concepts != G_MAXUINT && concepts != row->concepts))
            print_error("limit %zu (%s): cut %d, concepts %u\n", i, row->part, query_is_cut(query),
                        concepts);
        assert_int_equal(query_is_cut(query), row->is_cut);
        assert_true(row->concepts == G_MAXUINT || concepts == row->concepts);
        check_query(f, text->str, text->len);
    }
}

/* Pieces that the syntax, FTS5 or the bytes make interesting, in any order. */
static void test_random_pieces(void **state)
{
    static const char *const PIECES[] = {
        " ",        " ",      " ",         "(",       ")",      "\"",
        "“",        "”",      "«",         "»",       "-",      "--",
        "NOT ",     " OR ",   " AND ",     " O ",     " E ",    "|",
        "*",        ":",      "'",         "’",       "mare",   "lago",
        "la",       "dell'",  "città",     "125/",    "2014",   "..",
        "year:",    "anno:",  "kind:",     "plan",    "title:", "tema:",
        "pace",     "ente:",  "lang:",     "it",      " NEAR ", "{title}",
        " NEAR/2 ", "~5",     "\"a b\"~3", "molti",   "acqua ", "cooperazione decentrata ",
        "case ",    "co-op ", "IT",        "^",       "\xff",   "\x01",
        "\u0301",   "co*",    "a",         "s",       "\u00AD", ",",
        "+",        "\\",     "e-mail",    "title:(", "ente:(", "kind:(",
        "tema:(",   ">",      "<=",
    };
    Fixture *f = *state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(20150601);
    for (int i = 0; i < 4000; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        int count = g_rand_int_range(rand, 1, i % 20 == 0 ? 400 : 24);
        for (int k = 0; k < count; k++)
            g_string_append(text, PIECES[g_rand_int_range(rand, 0, G_N_ELEMENTS(PIECES))]);
        check_query(f, text->str, text->len);
    }
}

/* Every row of the table with some bytes changed, dropped or doubled. */
static void test_mutations(void **state)
{
    Fixture *f = *state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(1861);
    for (int i = 0; i < 4000; i++) {
        const Reading *row = &READINGS[(gsize)i % G_N_ELEMENTS(READINGS)];
        g_autoptr(GString) text = g_string_new_len(row->text, (gssize)row->length);
        for (int k = 0; k < 3 && text->len > 0; k++) {
            gssize at = g_rand_int_range(rand, 0, (gint32)text->len);
            if (k == 0)
                text->str[at] = (char)g_rand_int_range(rand, 0, 256);
            else if (k == 1)
                g_string_erase(text, at, 1);
            else
                g_string_insert_c(text, at, text->str[at]);
        }
        check_query(f, text->str, text->len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_readings),      cmocka_unit_test(test_plans),
        cmocka_unit_test(test_meanings),      cmocka_unit_test(test_concepts),
        cmocka_unit_test(test_compounds),     cmocka_unit_test(test_compound_names),
        cmocka_unit_test(test_literals),      cmocka_unit_test(test_translations),
        cmocka_unit_test(test_many_names),    cmocka_unit_test(test_language),
        cmocka_unit_test(test_notes),         cmocka_unit_test(test_no_vocabulary),
        cmocka_unit_test(test_empty),         cmocka_unit_test(test_limits),
        cmocka_unit_test(test_random_pieces), cmocka_unit_test(test_mutations),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
