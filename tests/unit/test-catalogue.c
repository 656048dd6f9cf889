/* Catalogue: title, year, kind, body and collection from titles, names and first pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../../indexer/catalogue.h"
#include "../../indexer/catalogue_parts.h"

static Catalogue *card(const char *path, const char *title, const char *text)
{
    CatalogueInput input = {
        .path = path, .text = text, .text_length = strlen(text), .meta_title = title};
    return catalogue_make(&input);
}

static void assert_text(guint row, const char *found, const char *expected)
{
    if (g_strcmp0(found, expected) != 0)
        print_message("row %u: \"%s\" instead of \"%s\"\n", row, found != NULL ? found : "(none)",
                      expected != NULL ? expected : "(none)");
    assert_int_equal(g_strcmp0(found, expected), 0);
}

/* ---- titles ---- */

static const char *const RUBBISH[] = {
    "",
    "   ",
    "Microsoft Word - doc1.doc",
    "Microsoft Word - Relazione finale.docx",
    "Microsoft PowerPoint - slide consiglio",
    "Untitled",
    "untitled-1.indd",
    "Untitled Document 3",
    "Senza titolo",
    "Senza titolo-2",
    "Documento1",
    "Documento 12",
    "Document1",
    "bozza_def2.doc",
    "bozza def 2",
    "definitivo v3",
    "relazione_finale.pdf",
    "Statuto nuovo.odt",
    "20180314",
    "2018-03-14",
    "Statuto",
    "PEG",
    "Layout 1",
    "Presentazione standard di PowerPoint",
    "PowerPoint Presentation",
    "Presentazione di PowerPoint",
    "print",
    "Print 2",
    "Scansione0001",
    "Scansione 12",
    "Scanned Document",
    "scan_0047",
    "Stampa di fax a pagina intera",
    "Slide 1",
    "Diapositiva 1",
    "Cartel1.xls",
    "Acrobat Distiller 9.0",
    "PScript5.dll Version 5.2.2",
    "Adobe Photoshop PDF",
    "CittÃ  metropolitana di Valdoria",
    "\xFF\xFE\xFD titolo vero",
    "????? ???? ab ???",
    "C:\\Documenti\\lavori\\statuto",
    "Titolo del documento",
    "Layout 1 copia",
    "http://www.comune.valdoria.example/statuto",
    "delibera-giunta-112",
    "---",
    "Immagine (3)",
    "Copertina",
    "null",
    "about:blank",
};

static const char *const SENSIBLE[] = {
    "Statuto del Comune di Valdoria",
    "Charter of the Assembly of Harbour Municipalities",
    "PIANO DELLE ATTIVITÀ 2021",
    "Città sostenibili",
    "DUP 2019-2021",
    "Scansione del territorio",
    "Documento unico di programmazione",
    "Document on local peace policies",
    "Print culture in Valdoria",
    "Delibera n. 27/2009",
    "Layout of the new harbour",
    "Municipi in rete – Relazione finale",
    "Interculturalizzazione",
    "Book of the two rivers",
    "Modello di gestione del servizio",
    "Perché la pace",
    "Résumé des activités",
};

static void test_rubbish(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(RUBBISH); i++) {
        if (!catalogue_title_is_rubbish(RUBBISH[i]))
            print_message("sensible: %s\n", RUBBISH[i]);
        assert_true(catalogue_title_is_rubbish(RUBBISH[i]));
    }
    for (guint i = 0; i < G_N_ELEMENTS(SENSIBLE); i++) {
        if (catalogue_title_is_rubbish(SENSIBLE[i]))
            print_message("rubbish: %s\n", SENSIBLE[i]);
        assert_false(catalogue_title_is_rubbish(SENSIBLE[i]));
    }
}

typedef struct {
    const char *given;
    const char *expected;
} Pair;

static const Pair NAMES[] = {
    {"statuti/statuto-comune-valdoria.pdf", "Statuto comune valdoria"},
    {"reg_consulta_stranieri_bozza_def2.pdf", "Reg consulta stranieri"},
    {"Piano adattamento (1).pdf", "Piano adattamento"},
    {"piano_2021-2023_v2.1.pdf", "Piano 2021-2023"},
    {"piano_2021-2023_v2.pdf", "Piano 2021-2023"},
    {"Relazione finale rev 3.docx", "Relazione finale"},
    {"relazione_2019_DEF.PDF.p7m", "Relazione 2019"},
    {"Charter - Assembly.pdf", "Charter - Assembly"},
    {"Statuto%20Unione.pdf", "Statuto Unione"},
    {"a/b/élargir_le_débat.pdf", "Élargir le débat"},
    {"SCAN_0047.pdf", "SCAN 0047"},
    {"def.pdf", "Def"},
    {"2018.pdf", "2018"},
    {"___.pdf", ""},
    {"delibera_27_copia_firmato.pdf", "Delibera 27"},
};

static void test_names(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *title = catalogue_title_from_name(NAMES[i].given);
        assert_text(i, title, NAMES[i].expected);
    }
}

static const Pair TIDY[] = {
    {"  Statuto   del\n Comune ", "Statuto del Comune"},
    {"**Statuto**", "Statuto"},
    {"“Municipi in rete”", "Municipi in rete"},
    {"Progetto “Case aperte”", "Progetto “Case aperte”"},
    {"«Uno» e «due»", "«Uno» e «due»"},
    {"Piano – ", "Piano"},
    {"\xFFPiano", "\xEF\xBF\xBDPiano"},
};

static void test_tidy(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(TIDY); i++) {
        g_autofree char *title = catalogue_title_tidy(TIDY[i].given, strlen(TIDY[i].given));
        assert_text(i, title, TIDY[i].expected);
    }
    g_autoptr(GString) words = g_string_new("Città");
    while (words->len < 400)
        g_string_append(words, " perché");
    g_autofree char *cut = catalogue_title_tidy(words->str, words->len);
    assert_true(g_utf8_strlen(cut, -1) <= CATALOGUE_TITLE_CHARACTERS);
    assert_true(g_utf8_strlen(cut, -1) > CATALOGUE_TITLE_CHARACTERS - 10);
    assert_true(g_str_has_suffix(cut, "perché…"));
    g_string_assign(words, "");
    while (words->len < 400)
        g_string_append(words, "à");
    g_autofree char *broken = catalogue_title_tidy(words->str, words->len);
    assert_int_equal(g_utf8_strlen(broken, -1), CATALOGUE_TITLE_CHARACTERS);
    assert_true(g_utf8_validate(broken, -1, NULL));
}

typedef struct {
    const char *meta;
    const char *heading;
    const char *text;
    const char *expected;
    Source source;
} TitleRow;

#define PROSE                                                                                      \
    "Nel corso degli ultimi dieci anni il nostro territorio ha conosciuto un lungo periodo di\n"   \
    "trasformazione che ha toccato le valli e la costa, e che chiede oggi agli enti del posto\n"   \
    "di lavorare insieme con strumenti nuovi, e con una visione che guardi oltre il confine.\n"

static const TitleRow TITLES[] = {
    {"Statuto del Comune di Valdoria", "Altro", "Altro testo\n", "Statuto del Comune di Valdoria",
     SOURCE_METADATA},
    {"Documento1", "Piano d'area delle Tre Valli", "", "Piano d'area delle Tre Valli",
     SOURCE_HEADING},
    {NULL, "Statuto", "", "Statuto", SOURCE_HEADING},
    {NULL, "COMUNE DI VALDORIA", "COMUNE DI VALDORIA\n\nPiano della mobilità\n",
     "Piano della mobilità", SOURCE_TEXT},
    {NULL, "Indice", "Indice\n", "Nome file", SOURCE_NAME},
    {NULL, "Capitolo 1", "", "Nome file", SOURCE_NAME},
    {NULL, "12", "", "Nome file", SOURCE_NAME},
    {"print", NULL,
     "COMUNE DI SERRAVENTO\nProvincia di Montelupara\n\nREGOLAMENTO PER LA CONCESSIONE\n"
     "DI CONTRIBUTI ALLE ASSOCIAZIONI\n\nApprovato con deliberazione n. 4 del 2 maggio 2011\n",
     "REGOLAMENTO PER LA CONCESSIONE DI CONTRIBUTI ALLE ASSOCIAZIONI", SOURCE_TEXT},
    {NULL, NULL, "Comune di Valdoria\nSettore II – Cultura\n\nMemoria e futuro\n\n" PROSE,
     "Memoria e futuro", SOURCE_TEXT},
    {NULL, NULL,
     "Municipality of Stonebridge\n\nStronger Together\nLocal Resilience Strategy\n"
     "Adopted on 3 May 2016\n",
     "Stronger Together Local Resilience Strategy", SOURCE_TEXT},
    {NULL, NULL, "«Ponti di valle»\n12 giugno 2014\n\n" PROSE, "Ponti di valle", SOURCE_TEXT},
    {NULL, NULL, "Settimana della\npace\nMarina Alba, 14–20 novembre 2022 – Biblioteca civica\n",
     "Settimana della pace", SOURCE_TEXT},
    {NULL, NULL, PROSE, "Nome file", SOURCE_NAME},
    {NULL, NULL, "\f\f", "Nome file", SOURCE_NAME},
    {NULL, NULL, "\f\fStatuto dell'Unione\ndei Comuni delle Tre Valli\n\n" PROSE,
     "Statuto dell'Unione dei Comuni delle Tre Valli", SOURCE_TEXT},
};

static void test_titles(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(TITLES); i++) {
        CatalogueInput input = {.path = "x/nome_file.pdf",
                                .text = TITLES[i].text,
                                .text_length = strlen(TITLES[i].text),
                                .meta_title = TITLES[i].meta,
                                .heading = TITLES[i].heading};
        g_autoptr(Catalogue) found = catalogue_make(&input);
        assert_text(i, found->title, TITLES[i].expected);
        assert_int_equal(found->title_source, TITLES[i].source);
    }
}

/* ---- years ---- */

typedef struct {
    const char *given;
    int year;
} YearRow;

static const YearRow YEARS_IN_TITLE[] = {
    {"Programma 2021-2023", 2021},
    {"Programma 2021/2023", 2021},
    {"Programma 2021 – 2023", 2021},
    {"Piano dal 2021 al 2023", 2021},
    {"Strategy from 2014 to 2020", 2014},
    {"Anno scolastico 2020/21", 2020},
    {"Relazione 2019", 2019},
    {"DUP 2019-2021 e bilancio", 2019},
    {"Deliberazione n. 27/2009", 2009},
    {"Delibera G.C. 112 del 15.09.2016", 2016},
    {"Resolution 2018/44 on reception", 2018},
    {"Council resolution of 12 May 2018", 2018},
    {"Statuto approvato il 1° marzo 1991", 1991},
    {"Report, October 7, 2016", 2016},
    {"Verbale 14/03/08", 2008},
    {"Verbale 14.3.98", 1998},
    {"Annual Report 2014: Orchards", 2014},
    {"Linee guida sulla Legge 125/2014", 0},
    {"La L. 11 agosto 2014, n. 125", 0},
    {"Legge 11 agosto 2014, n. 125: commento", 0},
    {"Il D.Lgs. 267/2000", 0},
    {"Il d.lgs. 18 agosto 2000, n. 267", 0},
    {"D.P.R. 28 dicembre 2000 n. 445", 0},
    {"Agenda 2030 in città", 0},
    {"The 2030 Agenda at home", 0},
    {"Regulation (EU) 2021/1060", 0},
    {"Regolamento (UE) n. 1303/2013", 0},
    {"Law 125/2014 explained", 0},
    {"Horizon 2020", 0},
    {"Emissioni zero entro il 2030", 0},
    {"Valdoria 2040", 0},
    {"Towards 2025", 0},
    {"Agenda 2030: relazione 2019", 2019},
    {"Piano 2030-2032", 2030},
    {"Legge 125/2014: rapporto 2018", 0},
    {"Tel. 080 2014 1999", 0},
    {"CAP 20121 Valdoria", 0},
    {"Settimana 1492", 0},
    {"Progetto 2101", 0},
    {"Municipi in rete", 0},
};

static void test_years_in_title(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(YEARS_IN_TITLE); i++) {
        g_autoptr(Catalogue) found = card("a.pdf", YEARS_IN_TITLE[i].given, "");
        if (found->year != YEARS_IN_TITLE[i].year)
            print_message("%s: %d\n", YEARS_IN_TITLE[i].given, found->year);
        assert_int_equal(found->year, YEARS_IN_TITLE[i].year);
        assert_int_equal(found->year_source, found->year != 0 ? SOURCE_TITLE : SOURCE_NONE);
    }
}

static const YearRow YEARS_IN_TEXT[] = {
    {"Statuto\nApprovato con deliberazione del Consiglio comunale n. 12 del 14 marzo 2018\n", 2018},
    {"Statuto\nApprovato con deliberazione\ndi Consiglio n. 12/2018\n", 2018},
    {"Charter\nApproved on 3 May 2016\n", 2016},
    {"Charter\nAdopted by the Founding Conference, Port Selene, 7 October 2016\n", 2016},
    {"Piano delle attività\nAnno 2021\n", 2021},
    {"Piano delle attività\nAnno 2021\nApprovato il 15 dicembre 2020\n", 2021},
    {"Bilancio sociale\nTriennio 2019-2021\n", 2019},
    {"Lettera ai soci\n\nBari, 12 giugno 2014\n\n" PROSE, 2014},
    {"Municipi in rete\n16 Gennaio 2007\n", 2007},
    {"Relazione\nGiugno 2013\n", 2013},
    {"Programma\n2015-2017\n", 2015},
    {"Regolamento\nai sensi del D.Lgs. 18 agosto 2000, n. 267\n", 0},
    {"Regolamento\napprovato ai sensi della legge 7 agosto 1990, n. 241\n", 0},
    {"Regolamento\nin attuazione della legge 241/1990, approvato il 3 maggio 2004\n", 2004},
    {"Verso Agenda 2030\nCittà e comunità\n", 0},
    {"Comune di Valdoria\nVia Roma 1961\nTel. 080 1999 2001\n", 0},
    {"Comune di Valdoria\nPiazza della Pace 3, 20121 Valdoria\n", 0},
    {"OGGETTO: gemellaggio\n\nL'anno duemilanove, addì dodici del mese di maggio, si è riunita\n",
     2009},
    {"Verbale\n\nL'anno millenovecentonovantotto il giorno due\n", 1998},
    {"Verbale\n\nL'anno 2016, addì quindici del mese di settembre\n", 2016},
    {"DELIBERAZIONE DEL CONSIGLIO\nN. 27 del registro – Seduta del 23 marzo 2009\n", 2009},
    {PROSE "Nel 2015 il comune ha aderito alla rete e nel 2017 ne è uscito.\n", 0},
    {PROSE "\nApprovato dal Consiglio direttivo il 4 luglio 2010.\n", 2010},
    {PROSE "\fFinito di stampare nel mese di marzo 2011\n", 2011},
    {"Statuto\nModificato con deliberazione n. 3 del 4 aprile 2019\n", 2019},
    {"Statuto\nApprovato con delibera n. 9 del 2 maggio 2001\nModificato con delibera n. 3 del 4 "
     "aprile 2019\n",
     2001},
    {PROSE "\nApprovato con deliberazione di Giunta n. 7 del 4 luglio 2010.\n", 2010},
    {"Strategia\nRegulation (EU) 2021/1060\n", 0},
    {"", 0},
};

static void test_years_in_text(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(YEARS_IN_TEXT); i++) {
        g_autoptr(Catalogue) found =
            card("a.pdf", "Carte del comune senza data", YEARS_IN_TEXT[i].given);
        if (found->year != YEARS_IN_TEXT[i].year)
            print_message("row %u: %d\n", i, found->year);
        assert_int_equal(found->year, YEARS_IN_TEXT[i].year);
        assert_int_equal(found->year_source, found->year != 0 ? SOURCE_TEXT : SOURCE_NONE);
    }
}

typedef struct {
    const char *path;
    int year;
    Source source;
} PathYear;

static const PathYear YEARS_IN_PATH[] = {
    {"piani/2017/piano.pdf", 2017, SOURCE_PATH},
    {"piani/2017/relazione_2019.pdf", 2019, SOURCE_NAME},
    {"programma2021.pdf", 2021, SOURCE_NAME},
    {"delibera_12_2018.pdf", 2018, SOURCE_NAME},
    {"20180314_verbale.pdf", 2018, SOURCE_NAME},
    {"verbale-14-03-2018.pdf", 2018, SOURCE_NAME},
    {"DUP_2019-2021_Portalba.pdf", 2019, SOURCE_NAME},
    {"agenda2030.pdf", 0, SOURCE_NONE},
    {"legge_125_2014.pdf", 0, SOURCE_NONE},
    {"dlgs-267-2000.pdf", 0, SOURCE_NONE},
    {"IMG_2014.pdf", 0, SOURCE_NONE},
    {"scan1999.pdf", 0, SOURCE_NONE},
    {"valdoria-2040.pdf", 0, SOURCE_NONE},
    {"prot_0002014.pdf", 0, SOURCE_NONE},
    {"12018.pdf", 0, SOURCE_NONE},
};

static void test_years_in_path(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(YEARS_IN_PATH); i++) {
        g_autoptr(Catalogue) found = card(YEARS_IN_PATH[i].path, "Carte senza data", "");
        if (found->year != YEARS_IN_PATH[i].year)
            print_message("%s: %d\n", YEARS_IN_PATH[i].path, found->year);
        assert_int_equal(found->year, YEARS_IN_PATH[i].year);
        assert_int_equal(found->year_source, YEARS_IN_PATH[i].source);
    }
}

static void test_year_of_metadata(void **state)
{
    (void)state;
    static const YearRow ROWS[] = {{"1989", 0}, {"1990", 1990}, {"2015", 2015}, {"2101", 0}};
    for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        CatalogueInput input = {.path = "a.pdf",
                                .text = "",
                                .meta_year = (int)g_ascii_strtoll(ROWS[i].given, NULL, 10)};
        g_autoptr(Catalogue) found = catalogue_make(&input);
        assert_int_equal(found->year, ROWS[i].year);
        assert_int_equal(found->year_source, ROWS[i].year != 0 ? SOURCE_METADATA : SOURCE_NONE);
    }
}

/* ---- kinds ---- */

typedef struct {
    const char *given;
    Kind kind;
} KindRow;

static const KindRow KINDS_IN_TITLE[] = {
    {"Statuto del Comune di Valdoria", KIND_STATUTE},
    {"COMUNE DI VALDORIA - STATUTO", KIND_STATUTE},
    {"Comune di Valdoria Statuto", KIND_STATUTE},
    {"Charter of the Assembly of Harbours", KIND_STATUTE},
    {"Bylaws of the Network", KIND_STATUTE},
    {"Bozza di regolamento della consulta", KIND_REGULATION},
    {"Regolamento per l'attuazione del programma", KIND_REGULATION},
    {"Regolamento del piano", KIND_REGULATION},
    {"Modifiche al regolamento edilizio", KIND_REGULATION},
    {"Rules of procedure of the Council", KIND_REGULATION},
    {"Piano d'azione per l'uguaglianza", KIND_PLAN},
    {"DUP 2019-2021", KIND_PLAN},
    {"PIAO 2023-2025", KIND_PLAN},
    {"Strategia di resilienza", KIND_PLAN},
    {"Local Resilience Strategy", KIND_PLAN},
    {"Plan for the implementation of the agreement", KIND_PLAN},
    {"Programma triennale di cooperazione", KIND_PROGRAMME},
    {"Linee programmatiche di mandato", KIND_PROGRAMME},
    {"Three-year Programme of Cooperation", KIND_PROGRAMME},
    {"Deliberazione sul piano regolatore", KIND_RESOLUTION},
    {"Approvazione del regolamento di contabilità", KIND_RESOLUTION},
    {"Verbale di deliberazione della Giunta", KIND_RESOLUTION},
    {"Council Resolution on the resilience plan", KIND_RESOLUTION},
    {"Accordo di programma per il porto", KIND_AGREEMENT},
    {"Protocollo d'intesa tra i comuni", KIND_AGREEMENT},
    {"Memorandum of Understanding", KIND_AGREEMENT},
    {"Programme Agreement between two cities", KIND_AGREEMENT},
    {"Convenzione per il servizio associato", KIND_AGREEMENT},
    {"Relazione sul piano della performance", KIND_REPORT},
    {"Rapporto annuale del programma", KIND_REPORT},
    {"Resilience Plan Evaluation Report", KIND_REPORT},
    {"Report on the implementation of the plan", KIND_REPORT},
    {"Bilancio sociale 2018", KIND_REPORT},
    {"Rendiconto della gestione", KIND_REPORT},
    {"ANCI Terralta - Piano attività", KIND_PLAN},
    {"Linee guida per la redazione del piano", KIND_OTHER},
    {"Avviso pubblico per il programma scuole", KIND_OTHER},
    {"Guide to the charter", KIND_OTHER},
    {"Il primo piano del palazzo", KIND_OTHER},
    {"Cities without borders", KIND_OTHER},
    {"Participatory decision-making in cities", KIND_OTHER},
};

static void test_kinds_in_title(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(KINDS_IN_TITLE); i++) {
        g_autoptr(Catalogue) found = card("a.pdf", KINDS_IN_TITLE[i].given, "");
        if (found->kind != KINDS_IN_TITLE[i].kind)
            print_message("%s: %s\n", KINDS_IN_TITLE[i].given, kind_name(found->kind));
        assert_int_equal(found->kind, KINDS_IN_TITLE[i].kind);
        if (found->kind != KIND_OTHER)
            assert_int_equal(found->kind_source, SOURCE_TITLE);
    }
}

typedef struct {
    const char *path;
    const char *text;
    Kind kind;
    Source source;
} KindPlace;

static const KindPlace KIND_PLACES[] = {
    {"statuti/a.pdf", "", KIND_STATUTE, SOURCE_PATH},
    {"statuti/scansioni/a.pdf", "", KIND_STATUTE, SOURCE_PATH},
    {"statuti/reg_consulta.pdf", "", KIND_REGULATION, SOURCE_NAME},
    {"dgc_112.pdf", "", KIND_RESOLUTION, SOURCE_NAME},
    {"agreements/a.pdf", "", KIND_AGREEMENT, SOURCE_PATH},
    {"relazioni/a.pdf", "", KIND_REPORT, SOURCE_PATH},
    {"piani/a.pdf", "Comune di Valdoria\n\nREGOLAMENTO\n", KIND_REGULATION, SOURCE_TEXT},
    {"a.pdf", "Secondo rapporto annuale\n", KIND_REPORT, SOURCE_TEXT},
    {"a.pdf", PROSE "Il piano è stato approvato.\nPiano e programma\n", KIND_OTHER, SOURCE_NONE},
    {"a.pdf", "Settimana della pace\n\nIl programma\n", KIND_OTHER, SOURCE_NONE},
    {"altro/a.pdf", "", KIND_OTHER, SOURCE_NONE},
};

static void test_kind_places(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(KIND_PLACES); i++) {
        g_autoptr(Catalogue) found =
            card(KIND_PLACES[i].path, "Memoria e futuro delle valli", KIND_PLACES[i].text);
        if (found->kind != KIND_PLACES[i].kind)
            print_message("row %u: %s\n", i, kind_name(found->kind));
        assert_int_equal(found->kind, KIND_PLACES[i].kind);
        assert_int_equal(found->kind_source, KIND_PLACES[i].source);
    }
}

static void test_kind_names(void **state)
{
    (void)state;
    for (guint i = 0; i < KIND_COUNT; i++) {
        Kind kind = KIND_COUNT;
        assert_true(kind_parse(kind_name((Kind)i), &kind));
        assert_int_equal(kind, i);
    }
    Kind kind = KIND_PLAN;
    assert_true(kind_parse(" Statuto ", &kind));
    assert_int_equal(kind, KIND_STATUTE);
    assert_false(kind_parse("statue", &kind));
    assert_false(kind_parse("", &kind));
    assert_int_equal(kind, KIND_STATUTE);
    assert_string_equal(kind_name((Kind)99), "other");
    assert_string_equal(source_name(SOURCE_SIDECAR), "sidecar");
    assert_string_equal(source_name((Source)99), "none");
}

/* ---- bodies ---- */

static const Pair BODY_NAMES[] = {
    {"Comune di Valdoria", "Comune di Valdoria"},
    {"COMUNE DI VALDORIA", "Comune di Valdoria"},
    {"Comune di San Martino al Monte approva", "Comune di San Martino al Monte"},
    {"COMUNE DI SAN MARTINO AL MONTE", "Comune di San Martino al Monte"},
    {"COMUNE DI SANT'AGNESE IN COLLE", "Comune di Sant'Agnese in Colle"},
    {"COMUNE DI L'ORSARA", "Comune di L'Orsara"},
    {"COMUNE DI VALDORIA STATUTO", "Comune di Valdoria"},
    {"COMUNE DI VALDORIA PROVINCIA DI TERRALTA", "Comune di Valdoria"},
    {"Comune di Valdoria, Provincia di Terralta", "Comune di Valdoria"},
    {"Comune di Valdoria e Comune di Serravento", "Comune di Valdoria"},
    {"Comune di\nValdoria", "Comune di Valdoria"},
    {"Comune di Valdoria\nStatuto", "Comune di Valdoria"},
    {"Comune di Pietra-Lunga", "Comune di Pietra-Lunga"},
    {"Comune di Valdoria - Segreteria", "Comune di Valdoria"},
    {"comune di Valdoria", "Comune di Valdoria"},
    {"Comune di residenza", NULL},
    {"Comune capofila", NULL},
    {"CITTÀ METROPOLITANA DI PORTALBA", "Città metropolitana di Portalba"},
    {"Citta' Metropolitana di Portalba", "Città metropolitana di Portalba"},
    {"Regione Terralta", "Regione Terralta"},
    {"Regione del Monte Alto", "Regione del Monte Alto"},
    {"Unione dei Comuni della Valle Oria", "Unione dei Comuni della Valle Oria"},
    {"ANCI Terralta", "ANCI Terralta"},
    {"Anci ha promosso", "ANCI"},
    {"ANCI NAZIONALE", "ANCI"},
    {"Associazione nazionale dei comuni italiani", "ANCI"},
    {"Associazione dei Comuni della Riviera d’Oriente",
     "Associazione dei Comuni della Riviera d’Oriente"},
    {"Ministero degli Affari Esteri e della Cooperazione",
     "Ministero degli Affari Esteri e della Cooperazione"},
    {"Municipality of Ndolé Bay shall", "Municipality of Ndolé Bay"},
    {"MUNICIPALITY OF STONEBRIDGE", "Municipality of Stonebridge"},
    {"Metropolitan City of Portalba", "Metropolitan City of Portalba"},
    {"City Council of Port Selene", "City of Port Selene"},
    {"Assemblea dei Sindaci", NULL},
    {"rete di Valdoria", NULL},
    {"mrossi", NULL},
};

static void test_body_names(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(BODY_NAMES); i++) {
        g_autoptr(Words) words = words_new(BODY_NAMES[i].given, strlen(BODY_NAMES[i].given));
        guint end = 0;
        g_autofree char *name = catalogue_body_at(words, 0, &end);
        assert_text(i, name, BODY_NAMES[i].expected);
        assert_int_equal(name != NULL, end > 0);
    }
}

typedef struct {
    const char *author;
    const char *title;
    const char *text;
    const char *expected;
    Source source;
} BodyRow;

static const BodyRow BODIES[] = {
    {"Comune di Valdoria - Segreteria generale", "Carte", "", "Comune di Valdoria",
     SOURCE_METADATA},
    {"Ufficio stampa, Città metropolitana di Portalba", "Carte", "",
     "Città metropolitana di Portalba", SOURCE_METADATA},
    {"Alpine Peace Network", "Carte", "", "Alpine Peace Network", SOURCE_METADATA},
    {"mrossi", "Statuto del Comune di Valdoria", "", "Comune di Valdoria", SOURCE_TITLE},
    {"Utente", "Statuto", "COMUNE DI VALDORIA\n\nStatuto\n", "Comune di Valdoria", SOURCE_TEXT},
    {"Anna Verdi", "Carte", PROSE, NULL, SOURCE_NONE},
    {NULL, "Carte", "Regione Terralta\nProvincia di Montelupara\nComune di Serravento\n",
     "Comune di Serravento", SOURCE_TEXT},
    {NULL, "Carte", PROSE "Il Comune di Serravento ha aderito.\n", NULL, SOURCE_NONE},
    {NULL, "Carte",
     PROSE
     "Il Comune di Serravento aderisce. Il Comune di Serravento paga. Il Comune di Serravento "
     "vota. Il Comune di Valdoria no.\n",
     "Comune di Serravento", SOURCE_TEXT},
    {NULL, "Accordo con il Comune di Serravento", "COMUNE DI VALDORIA\n\nAccordo\n",
     "Comune di Valdoria", SOURCE_TEXT},
    {NULL, "Città metropolitana di Portalba / Metropolitan City of Portalba", "",
     "Città metropolitana di Portalba", SOURCE_TITLE},
    {NULL, "Patto tra il Comune di Valdoria e la Regione Terralta", "", "Comune di Valdoria",
     SOURCE_TITLE},
    {NULL, "Carte", "Comune di Sant’Elia\n\nStatuto\n", "Comune di Sant'Elia", SOURCE_TEXT},
    {"Comune di Sant'Elia", "Carte", "", "Comune di Sant'Elia", SOURCE_METADATA},
};

static void test_bodies(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(BODIES); i++) {
        CatalogueInput input = {.path = "a.pdf",
                                .text = BODIES[i].text,
                                .text_length = strlen(BODIES[i].text),
                                .meta_title = BODIES[i].title,
                                .meta_author = BODIES[i].author};
        g_autoptr(Catalogue) found = catalogue_make(&input);
        assert_text(i, found->body, BODIES[i].expected);
        assert_int_equal(found->body_source, BODIES[i].source);
    }
}

/* ---- the whole card ---- */

static void test_collection(void **state)
{
    (void)state;
    static const Pair ROWS[] = {{"a.pdf", ""}, {"piani/a.pdf", "piani"}, {"a/b c/d.pdf", "a/b c"}};
    for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(Catalogue) found = card(ROWS[i].given, NULL, "");
        assert_text(i, found->collection, ROWS[i].expected);
    }
}

static void test_sidecar_overrules(void **state)
{
    (void)state;
    static const char TEXT[] = "COMUNE DI VALDORIA\n\nStatuto\nApprovato il 3 maggio 2004\n";
    Sidecar sidecar = {.title = (char *)"Altro titolo",
                       .year = 1999,
                       .kind = KIND_OTHER,
                       .has_kind = TRUE,
                       .body = (char *)"Altro ente",
                       .collection = (char *)"altra/raccolta"};
    CatalogueInput input = {
        .path = "a.pdf", .text = TEXT, .text_length = sizeof TEXT - 1, .sidecar = &sidecar};
    g_autoptr(Catalogue) all = catalogue_make(&input);
    assert_string_equal(all->title, "Altro titolo");
    assert_int_equal(all->title_source, SOURCE_SIDECAR);
    assert_int_equal(all->year, 1999);
    assert_int_equal(all->kind, KIND_OTHER);
    assert_int_equal(all->kind_source, SOURCE_SIDECAR);
    assert_string_equal(all->body, "Altro ente");
    assert_string_equal(all->collection, "altra/raccolta");
    sidecar = (Sidecar){.year = 2001};
    g_autoptr(Catalogue) year = catalogue_make(&input);
    assert_int_equal(year->year_source, SOURCE_SIDECAR);
    assert_int_equal(year->kind, KIND_STATUTE);
    assert_string_equal(year->title, "Statuto");
    assert_string_equal(year->body, "Comune di Valdoria");
    sidecar = (Sidecar){.title = (char *)"**"};
    g_autoptr(Catalogue) marks = catalogue_make(&input);
    assert_string_equal(marks->title, "Statuto");
    assert_int_equal(marks->title_source, SOURCE_TEXT);
}

/* Any bytes give a card with a title. */
static void test_mutations(void **state)
{
    (void)state;
    static const char ALPHABET[] =
        "Comune di Statuto\n\f.,-/'()12 2014 L. \xC3\xA8\xE2\x80\x93\xFF\x02";
    g_autoptr(GRand) random = g_rand_new_with_seed(1861);
    for (guint round = 0; round < 5000; round++) {
        char bytes[3][120];
        for (guint part = 0; part < 3; part++) {
            guint length = (guint)g_rand_int_range(random, 0, sizeof bytes[0]);
            for (guint i = 0; i < length; i++)
                bytes[part][i] = ALPHABET[g_rand_int_range(random, 0, sizeof ALPHABET - 1)];
            bytes[part][length] = '\0';
        }
        CatalogueInput input = {.path = bytes[0],
                                .text = bytes[1],
                                .text_length = strlen(bytes[1]),
                                .meta_title = bytes[2],
                                .meta_author = bytes[1],
                                .heading = bytes[0]};
        g_autoptr(Catalogue) found = catalogue_make(&input);
        assert_true(*found->title != '\0' && g_utf8_validate(found->title, -1, NULL));
        assert_null(strchr(found->title, '\n'));
        assert_true(found->body == NULL || g_utf8_validate(found->body, -1, NULL));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rubbish),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_tidy),
        cmocka_unit_test(test_titles),
        cmocka_unit_test(test_years_in_title),
        cmocka_unit_test(test_years_in_text),
        cmocka_unit_test(test_years_in_path),
        cmocka_unit_test(test_year_of_metadata),
        cmocka_unit_test(test_kinds_in_title),
        cmocka_unit_test(test_kind_places),
        cmocka_unit_test(test_kind_names),
        cmocka_unit_test(test_body_names),
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_collection),
        cmocka_unit_test(test_sidecar_overrules),
        cmocka_unit_test(test_mutations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
