/* Tests of server/query: how each sort of input is read and what MATCH expression it gives, that
 * FTS5 takes every expression and counts its phrases as the module says, that reading what was
 * understood gives the same query, limits, and that the expressions find what a reader means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "../../indexer/fts5.h"
#include "../../server/query.h"

/* A text with its length, so that it may hold NULs. */
#define T(text) text, sizeof(text) - 1
/* The alternatives of a bare word. */
#define W(italian, english, other) "(\"i:" italian "\" OR \"e:" english "\" OR \"o:" other "\")"

typedef struct {
    const char *text;
    gsize length;
    const char *understood;
    const char *match;
} Reading;

/* clang-format off: a row a line */
static const Reading READINGS[] = {
    /* Words: all of them wanted. */
    {T("cooperazione"), "cooperazione", W("cooper", "cooperazion", "cooperazione")},
    {T("cooperazione decentrata"), "cooperazione AND decentrata",
     W("cooper", "cooperazion", "cooperazione") " AND " W("decentr", "decentrata", "decentrata")},
    {T("Cooperazione   DECENTRATA"), "Cooperazione AND DECENTRATA",
     W("cooper", "cooperazion", "cooperazione") " AND " W("decentr", "decentrata", "decentrata")},
    {T("local authorities"), "local AND authorities",
     W("local", "local", "local") " AND " W("authorities", "author", "authorities")},
    {T("acqua AND fiumi"), "acqua AND fiumi",
     W("acqua", "acqua", "acqua") " AND " W("fium", "fiumi", "fiumi")},
    {T("ITALIA E FRANCIA"), "ITALIA AND FRANCIA",
     W("ital", "italia", "italia") " AND " W("franc", "francia", "francia")},
    {T("acqua, fiumi; laghi."), "acqua AND fiumi AND laghi",
     W("acqua", "acqua", "acqua") " AND " W("fium", "fiumi", "fiumi") " AND " W("lagh", "laghi",
                                                                                "laghi")},

    /* Function words of both languages never decide, but are searched where there is nothing else.
     */
    {T("statuto del comune"), "statuto AND comune",
     W("stat", "statuto", "statuto") " AND " W("comun", "comun", "comune")},
    {T("the charter of the city"), "charter AND city",
     W("charter", "charter", "charter") " AND " W("city", "citi", "city")},
    {T("il"), "il", W("il", "il", "il")},
    {T("la il"), "la AND il", W("la", "la", "la") " AND " W("il", "il", "il")},
    {T("e"), "e", W("e", "e", "e")},
    {T("o"), "o", W("o", "o", "o")},
    {T("the"), "the", W("the", "the", "the")},
    {T("la -il"), "la AND -il", W("la", "la", "la") " NOT " W("il", "il", "il")},
    {T("la lang:it"), "la AND lang:it", W("la", "la", "la") " AND \"l:it\""},
    {T("(la lang:it) mare"), "lang:it AND mare", "\"l:it\" AND " W("mar", "mare", "mare")},
    {T("mare (il OR la)"), "mare", W("mar", "mare", "mare")},
    {T("-(della regione)"), "-regione", "\"a:all\" NOT " W("region", "region", "regione")},
    {T("dell' di"), "dell' AND di", W("dell", "dell", "dell") " AND " W("di", "di", "di")},
    {T("l' acqua"), "acqua", W("acqua", "acqua", "acqua")},
    {T("bell tower"), "bell AND tower",
     W("bell", "bell", "bell") " AND " W("tower", "tower", "tower")},

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
    {T("the city’s plan"), "city’s AND plan",
     W("city", "citi", "city") " AND " W("plan", "plan", "plan")},
    {T("women's-rights"), "women's-rights",
     W("women i:s i:rights", "women e:s e:right", "women o:s o:rights")},
    {T("politico-istituzionale"), "politico-istituzionale",
     W("polit i:istituzional", "politico e:istituzional", "politico o:istituzionale")},
    {T("e-mail"), "e-mail", W("e i:mail", "e e:mail", "e o:mail")},
    {T("scuola/lavoro"), "scuola/lavoro", W("scuol i:lavor", "scuola e:lavoro", "scuola o:lavoro")},
    {T("ﬁume"), "ﬁume", W("fium", "fium", "fiume")},

    /* Numbers are never stemmed. */
    {T("125/2014"), "125/2014", "\"125 2014\""},
    {T("2030"), "2030", "\"2030\""},
    {T("agenda 2030"), "agenda AND 2030", W("agend", "agenda", "agenda") " AND \"2030\""},
    {T("art. 12-bis"), "art AND 12-bis",
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
    {T("\"consiglio comunale"), "consiglio AND comunale",
     W("consigl", "consiglio", "consiglio") " AND " W("comunal", "comunal", "comunale")},
    {T("statuto\" mare"), "statuto AND mare",
     W("stat", "statuto", "statuto") " AND " W("mar", "mare", "mare")},
    {T("-\"consiglio comunale"), "-consiglio AND comunale",
     W("comunal", "comunal", "comunale") " NOT " W("consigl", "consiglio", "consiglio")},
    {T("\"consiglio\"\"comunale\""), "\"consiglio\" AND \"comunale\"",
     "\"consiglio\" AND \"comunale\""},

    /* Exclusion. */
    {T("statuto -comune"), "statuto AND -comune",
     W("stat", "statuto", "statuto") " NOT " W("comun", "comun", "comune")},
    {T("\"consiglio comunale\" -sindaco"), "\"consiglio comunale\" AND -sindaco",
     "\"consiglio comunale\" NOT " W("sindac", "sindaco", "sindaco")},
    {T("-sindaco"), "-sindaco", "\"a:all\" NOT " W("sindac", "sindaco", "sindaco")},
    {T("-sindaco -giunta"), "-sindaco AND -giunta",
     "\"a:all\" NOT (" W("sindac", "sindaco", "sindaco") " OR " W("giunt", "giunta", "giunta") ")"},
    {T("statuto NOT comune"), "statuto AND -comune",
     W("stat", "statuto", "statuto") " NOT " W("comun", "comun", "comune")},
    {T("statuto AND NOT comune"), "statuto AND -comune",
     W("stat", "statuto", "statuto") " NOT " W("comun", "comun", "comune")},
    {T("statuto -\"consiglio comunale\""), "statuto AND -\"consiglio comunale\"",
     W("stat", "statuto", "statuto") " NOT \"consiglio comunale\""},
    {T("statuto -(comune provincia)"), "statuto AND -(comune AND provincia)",
     W("stat", "statuto", "statuto") " NOT (" W("comun", "comun", "comune") " AND " W(
         "provinc", "provincia", "provincia") ")"},
    {T("statuto -(comune OR provincia)"), "statuto AND -(comune OR provincia)",
     W("stat", "statuto", "statuto") " NOT (" W("comun", "comun", "comune") " OR " W(
         "provinc", "provincia", "provincia") ")"},
    {T("-(acqua -mare)"), "-(acqua AND -mare)",
     "\"a:all\" NOT (" W("acqua", "acqua", "acqua") " NOT " W("mar", "mare", "mare") ")"},
    {T("-(-mare)"), "mare", W("mar", "mare", "mare")},
    {T("NOT NOT mare"), "mare", W("mar", "mare", "mare")},
    {T("NOT -mare"), "mare", W("mar", "mare", "mare")},
    {T("statuto - comune"), "statuto AND comune",
     W("stat", "statuto", "statuto") " AND " W("comun", "comun", "comune")},
    {T("statuto -- comune"), "statuto AND comune",
     W("stat", "statuto", "statuto") " AND " W("comun", "comun", "comune")},
    {T("--statuto"), "statuto", W("stat", "statuto", "statuto")},
    {T("-"), "", "\"a:all\""},
    {T("acqua (-mare)"), "acqua AND -mare",
     W("acqua", "acqua", "acqua") " NOT " W("mar", "mare", "mare")},
    {T("-OR"), "-or", "\"a:all\" NOT " W("or", "or", "or")},
    {T("-kind:plan statuto"), "-kind:plan AND statuto",
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
    {T("acqua fiumi OR laghi"), "acqua AND (fiumi OR laghi)",
     W("acqua", "acqua", "acqua") " AND (" W("fium", "fiumi", "fiumi") " OR " W("lagh", "laghi",
                                                                                "laghi") ")"},
    {T("fiumi OR laghi acqua"), "(fiumi OR laghi) AND acqua",
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
    {T("acqua (fiumi OR (laghi mare))"), "acqua AND (fiumi OR (laghi AND mare))",
     W("acqua", "acqua", "acqua") " AND (" W("fium", "fiumi", "fiumi") " OR (" W(
         "lagh", "laghi", "laghi") " AND " W("mar", "mare", "mare") "))"},
    {T("fiumi or laghi"), "fiumi AND laghi",
     W("fium", "fiumi", "fiumi") " AND " W("lagh", "laghi", "laghi")},
    {T("fiumi o laghi"), "fiumi AND laghi",
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
    {T("AND AND"), "and AND and", W("and", "and", "and") " AND " W("and", "and", "and")},
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
    {T("((acqua fiumi) laghi)"), "acqua AND fiumi AND laghi",
     W("acqua", "acqua", "acqua") " AND " W("fium", "fiumi", "fiumi") " AND " W("lagh", "laghi",
                                                                                "laghi")},
    {T("comune(i)"), "comune", W("comun", "comun", "comune")},
    {T("acqua(fiumi)laghi"), "acqua AND fiumi AND laghi",
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
    {T("lang:de"), "lang AND de", W("lang", "lang", "lang") " AND " W("de", "de", "de")},
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
    {T("year:999"), "year AND 999", W("year", "year", "year") " AND \"999\""},
    {T("year:20155"), "year AND 20155", W("year", "year", "year") " AND \"20155\""},
    {T("year:2015-"), "year AND 2015", W("year", "year", "year") " AND \"2015\""},
    {T("year:abc"), "year AND abc", W("year", "year", "year") " AND " W("abc", "abc", "abc")},
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
    {T("kind:nothing"), "kind AND nothing",
     W("kind", "kind", "kind") " AND " W("nothing", "noth", "nothing")},
    {T("-kind:nothing mare"), "-(kind AND nothing) AND mare",
     W("mar", "mare", "mare") " NOT (" W("kind", "kind", "kind") " AND " W("nothing", "noth",
                                                                           "nothing") ")"},
    {T("fiumi OR kind:nothing"), "fiumi OR (kind AND nothing)",
     W("fium", "fiumi", "fiumi") " OR (" W("kind", "kind", "kind") " AND " W("nothing", "noth",
                                                                             "nothing") ")"},
    {T("kind:\"piano b\""), "kind AND \"piano b\"", W("kind", "kind", "kind") " AND \"piano b\""},
    {T("kind:kind:plan"), "kind AND kind:plan", W("kind", "kind", "kind") " AND \"k:plan\""},
    {T("kind:OR mare"), "kind AND mare",
     W("kind", "kind", "kind") " AND " W("mar", "mare", "mare")},
    {T("year: 2015"), "year AND 2015", W("year", "year", "year") " AND \"2015\""},
    {T("title:"), "title", W("titl", "titl", "title")},
    {T("title:\"\""), "title", W("titl", "titl", "title")},
    {T(",kind:plan"), "kind:plan", "\"k:plan\""},
    {T("foo:bar"), "foo:bar", W("foo i:bar", "foo e:bar", "foo o:bar")},
    {T("(kind:statute OR kind:plan) year:2015..2016 acqua"),
     "(kind:statute OR kind:plan) AND year:2015..2016 AND acqua",
     "(\"k:statute\" OR \"k:plan\") AND (\"y:2015\" OR \"y:2016\") AND " W("acqua", "acqua",
                                                                           "acqua")},

    /* What FTS5, SQL and others would read as syntax. */
    {T("NEAR(fiume lago, 5)"), "NEAR AND fiume AND lago AND 5",
     W("near", "near", "near") " AND " W("fium", "fium", "fiume") " AND " W("lag", "lago",
                                                                            "lago") " AND \"5\""},
    {T("^statuto"), "statuto", W("stat", "statuto", "statuto")},
    {T("{title}: statuto"), "title AND statuto",
     W("titl", "titl", "title") " AND " W("stat", "statuto", "statuto")},
    {T("title : statuto"), "title AND statuto",
     W("titl", "titl", "title") " AND " W("stat", "statuto", "statuto")},
    {T("text:statuto"), "text:statuto", W("text i:stat", "text e:statuto", "text o:statuto")},
    {T("- {title text}: a"), "title AND text",
     W("titl", "titl", "title") " AND " W("text", "text", "text")},
    {T("statuto + comune"), "statuto AND comune",
     W("stat", "statuto", "statuto") " AND " W("comun", "comun", "comune")},
    {T("'; DROP TABLE posting; --"), "DROP AND TABLE AND posting",
     W("drop", "drop", "drop") " AND " W("tabl", "tabl", "table") " AND " W("posting", "post",
                                                                            "posting")},
    {T("\" OR 1=1 --"), "1=1", "\"1 1\""},
    {T("a:all"), "a:all", W("a i:all", "a e:all", "a o:all")},
    {T("i:cooper"), "i:cooper", W("i i:cooper", "i e:cooper", "i o:cooper")},
    {T("rowid"), "rowid", W("rowid", "rowid", "rowid")},
    {T("http://example.org/a?b=c"), "http://example.org/a?b=c",
     W("http i:exampl i:org i:a i:b i:c", "http e:exampl e:org e:a e:b e:c",
       "http o:example o:org o:a o:b o:c")},
    {T("<script>alert(1)</script>"), "script>alert AND 1 AND script",
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
    {T("mare\0lago"), "mare AND lago", W("mar", "mare", "mare") " AND " W("lag", "lago", "lago")},
    {T("\0"), "", "\"a:all\""},
    {T("mare\x01\x02\x03\x04lago\x7f"), "mare AND lago",
     W("mar", "mare", "mare") " AND " W("lag", "lago", "lago")},
    {T("mare\tlago\r\n"), "mare AND lago",
     W("mar", "mare", "mare") " AND " W("lag", "lago", "lago")},
    {T("mare\xff\xfelago"), "mare AND lago",
     W("mar", "mare", "mare") " AND " W("lag", "lago", "lago")},
    {T("citt\xc3"), "citt", W("citt", "citt", "citt")},
    {T("\xed\xa0\x80 mare \xf5\x80\x80\x80"), "mare", W("mar", "mare", "mare")},
    {T("mare\xef\xbf\xbdlago"), "mare AND lago",
     W("mar", "mare", "mare") " AND " W("lag", "lago", "lago")},
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
    {"k:plan", 0}, /* terms of the catalogue are not words */
    {"a:all", 0},
};

/* A connection with the documents, an auxiliary function `phrases` that tells how many terms each
 * phrase of a query has ("1 2 1"), and an analyser. */
typedef struct {
    sqlite3 *db;
    sqlite3_stmt *find;
    sqlite3_stmt *count;
    Analyser *analyser;
} Fixture;

static void phrase_sizes(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *context,
                         int argument_count, sqlite3_value **arguments)
{
    (void)argument_count;
    (void)arguments;
    g_autoptr(GString) sizes = g_string_new(NULL);
    for (int i = 0; i < api->xPhraseCount(fts); i++)
        g_string_append_printf(sizes, "%s%d", i > 0 ? " " : "", api->xPhraseSize(fts, i));
    sqlite3_result_text(context, sizes->str, (int)sizes->len, SQLITE_TRANSIENT);
}

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
    static const char COUNT[] = "SELECT phrases(posting) FROM posting WHERE posting MATCH ?1";
    Fixture *f = g_new0(Fixture, 1);
    *state = f;
    f->analyser = analyser_new();
    assert_int_equal(sqlite3_open(":memory:", &f->db), SQLITE_OK);
    assert_true(analysis_register(f->db));
    fts5_api *api = fts5_api_of(f->db);
    assert_int_equal(api->xCreateFunction(api, "phrases", NULL, phrase_sizes, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(f->db,
                                  "CREATE VIRTUAL TABLE posting USING fts5(title, text, catalogue, "
                                  "columnsize=0, tokenize='schedario')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    put_documents(f);
    assert_int_equal(sqlite3_prepare_v2(f->db, FIND, -1, &f->find, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(f->db, COUNT, -1, &f->count, NULL), SQLITE_OK);
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    sqlite3_finalize(f->find);
    sqlite3_finalize(f->count);
    sqlite3_close(f->db);
    analyser_free(f->analyser);
    g_free(f);
    return 0;
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

static guint terms_in(const char *phrase)
{
    guint count = 1;
    for (const char *at = phrase; *at; at++)
        count += *at == ' ';
    return count;
}

/* FTS5 must see the phrases that the module says, each with as many terms as its concept's
 * alternative. "a:all" is added so that there is a row to ask at. */
static void check_phrases(Fixture *f, const Query *query)
{
    const GArray *numbers = query_phrase_concepts(query);
    g_autofree char *match = g_strdup_printf("(%s) OR \"a:all\"", query_match(query));
    sqlite3_bind_text(f->count, 1, match, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(f->count), SQLITE_ROW);
    g_auto(GStrv) sizes = g_strsplit((const char *)sqlite3_column_text(f->count, 0), " ", -1);
    sqlite3_reset(f->count);
    assert_int_equal(g_strv_length(sizes), numbers->len + 1);
    int concept = -1;
    guint alternative = 0;
    for (guint i = 0; i < numbers->len; i++) {
        int number = g_array_index(numbers, int, i);
        if (number < 0)
            continue;
        alternative = number == concept ? alternative + 1 : 0;
        assert_true(number == concept || number == concept + 1);
        concept = number;
        const QueryConcept *of = query_concepts(query)->pdata[concept];
        assert_true(alternative < of->phrases->len);
        assert_int_equal(g_ascii_strtoull(sizes[i], NULL, 10),
                         terms_in(of->phrases->pdata[alternative]));
    }
    assert_int_equal(concept + 1, query_concepts(query)->len);
}

/* What holds of every query whatsoever. */
static void check_query(Fixture *f, const char *text, gsize length)
{
    g_autoptr(Query) query = query_parse(text, length, f->analyser);
    const char *understood = query_understood(query);
    assert_true(g_utf8_validate(understood, -1, NULL));
    assert_true(strlen(understood) <= QUERY_BYTES);
    assert_int_equal(query_is_empty(query), understood[0] == '\0');
    find(f, query_match(query));
    check_phrases(f, query);
    g_autoptr(Query) again = query_parse(understood, strlen(understood), f->analyser);
    assert_string_equal(query_match(again), query_match(query));
    assert_string_equal(query_understood(again), understood);
    assert_false(query_is_cut(again));
}

static void test_readings(void **state)
{
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(READINGS); i++) {
        const Reading *row = &READINGS[i];
        g_autoptr(Query) query = query_parse(row->text, row->length, f->analyser);
        if (strcmp(query_match(query), row->match) != 0)
            print_error("row %zu: %s\n", i, row->text);
        assert_string_equal(query_understood(query), row->understood);
        assert_string_equal(query_match(query), row->match);
        assert_false(query_is_cut(query));
        check_query(f, row->text, row->length);
    }
}

static void test_meanings(void **state)
{
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(MEANINGS); i++) {
        const Meaning *row = &MEANINGS[i];
        g_autoptr(Query) query = query_parse(row->text, strlen(row->text), f->analyser);
        guint found = find(f, query_match(query));
        if (found != row->found)
            print_error("%s: %s finds %u\n", row->text, query_match(query), found);
        assert_int_equal(found, row->found);
    }
}

static void test_concepts(void **state)
{
    static const char TEXT[] = "Acqua -lago titolo:\"Piano strategico\" kind:plan coop* 125/2014";
    static const int NUMBERS[] = {0, 0, 0, 1, -1, 2, 3, -1, -1, -1};
    static const struct {
        const char *typed;
        guint phrases;
        gboolean is_prefix;
        gboolean in_title;
    } CONCEPTS[] = {
        {"Acqua", 3, FALSE, FALSE},
        {"\"Piano strategico\"", 1, FALSE, TRUE},
        {"coop", 1, TRUE, FALSE},
        {"125/2014", 1, FALSE, FALSE},
    };
    Fixture *f = *state;
    g_autoptr(Query) query = query_parse(T(TEXT), f->analyser);
    const GPtrArray *concepts = query_concepts(query);
    const GArray *numbers = query_phrase_concepts(query);
    assert_int_equal(concepts->len, G_N_ELEMENTS(CONCEPTS));
    for (guint i = 0; i < concepts->len; i++) {
        const QueryConcept *concept = concepts->pdata[i];
        assert_string_equal(concept->typed, CONCEPTS[i].typed);
        assert_int_equal(concept->phrases->len, CONCEPTS[i].phrases);
        assert_int_equal(concept->is_prefix, CONCEPTS[i].is_prefix);
        assert_int_equal(concept->in_title, CONCEPTS[i].in_title);
    }
    assert_int_equal(numbers->len, G_N_ELEMENTS(NUMBERS));
    assert_memory_equal(numbers->data, NUMBERS, sizeof(NUMBERS));
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
        g_autoptr(Query) query = query_parse(ROWS[i].text, strlen(ROWS[i].text), f->analyser);
        assert_int_equal(query_is_empty(query), ROWS[i].is_empty);
    }
    query_free(NULL);
}

/* `part` so many times, between `before` and `after`. */
typedef struct {
    const char *before;
    const char *part;
    guint times;
    const char *after;
    gboolean is_cut;
    guint concepts; /* G_MAXUINT: any number */
} Repeated;

static const Repeated LIMITS[] = {
    {"", "mare ", QUERY_LEAVES, "", FALSE, QUERY_LEAVES},
    {"", "mare ", QUERY_LEAVES + 1, "", TRUE, QUERY_LEAVES},
    {"", "il ", 300, "mare", FALSE, 1},
    {"", "mare|", 300, "lago", TRUE, QUERY_LEAVES},
    {"", "mare -lago ", 40, "", TRUE, QUERY_LEAVES / 2},
    {"", "x", QUERY_BYTES, "", FALSE, 1},
    {"", "x", QUERY_BYTES + 1, "", TRUE, 1},
    {"", "é", QUERY_BYTES, "", TRUE, 1},
    {"", "x-", QUERY_BYTES / 2 - 1, "", FALSE, 1},
    {"tema:pace titolo:\"", "mare ", 600, "\"", TRUE, QUERY_LEAVES - 1},
    {"ente:\"", "mare ", 397, "\" tema:\"diritti umani\"", TRUE, G_MAXUINT},
    {"", "(", 10000, "mare", TRUE, 0},
    {"", "(", 1900, "mare", FALSE, 1},
    {"", ")", 10000, "", TRUE, 0},
    {"", "(mare ", 40, "", FALSE, 40},
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
    {"", "kind:", 399, "plan", TRUE, QUERY_LEAVES},
    {"", "year:1861..2099 ", QUERY_LEAVES, "", FALSE, 0},
    {"", "NOT ", 499, "mare", FALSE, 0},
    {"", "NOT ", 498, "mare", FALSE, 1},
    {"", "\"", 1999, "", FALSE, 0},
    {"", "«", 999, "", FALSE, 0},
};

static void test_limits(void **state)
{
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(LIMITS); i++) {
        const Repeated *row = &LIMITS[i];
        g_autoptr(GString) text = g_string_new(row->before);
        for (guint k = 0; k < row->times; k++)
            g_string_append(text, row->part);
        g_string_append(text, row->after);
        g_autoptr(Query) query = query_parse(text->str, text->len, f->analyser);
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
        " ",      " ",     " ",     "(",     ")",      "\"",      "“",    "”",      "«",
        "»",      "-",     "--",    "NOT ",  " OR ",   " AND ",   " O ",  " E ",    "|",
        "*",      ":",     "'",     "’",     "mare",   "lago",    "la",   "dell'",  "città",
        "125/",   "2014",  "..",    "year:", "anno:",  "kind:",   "plan", "title:", "tema:",
        "pace",   "ente:", "lang:", "it",    "NEAR",   "{title}", "^",    "\xff",   "\x01",
        "\u0301", "co*",   "a",     "s",     "\u00AD", ",",       "+",    "\\",     "e-mail",
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
        cmocka_unit_test(test_readings),  cmocka_unit_test(test_meanings),
        cmocka_unit_test(test_concepts),  cmocka_unit_test(test_empty),
        cmocka_unit_test(test_limits),    cmocka_unit_test(test_random_pieces),
        cmocka_unit_test(test_mutations),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
