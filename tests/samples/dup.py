"""The long sample: a single programming document built from the texts in dup/.

Every sheet has its own hand-written text; only the tables of money and the
totals are worked out here, so that they agree with one another.
"""
from pathlib import Path

TEXTS = Path(__file__).resolve().parent / "dup"
YEARS = ("2019", "2020", "2021")
HEAD = """file: piani/DUP_2019-2021_Portalba.pdf
lang: it
title: Documento unico di programmazione 2019-2021
author: Città metropolitana di Portalba - Direzione generale
created: 2018-12-21
head: Città metropolitana di Portalba – Documento unico di programmazione 2019-2021
style: sans roomy
arms: #14365c #e9c46a bridge

::: cover
[arms]
**CITTÀ METROPOLITANA DI PORTALBA**
# Documento unico di programmazione 2019-2021
Approvato dal Consiglio metropolitano con deliberazione n. 63 del 19 dicembre 2018
Sezione strategica – Sezione operativa
:::
<p class="toc">Indice</p>
[contents]
===
"""
MISSIONS = {
    "01": "Servizi istituzionali, generali e di gestione", "03": "Ordine pubblico e sicurezza",
    "04": "Istruzione e diritto allo studio", "05": "Tutela e valorizzazione dei beni e attività culturali",
    "06": "Politiche giovanili, sport e tempo libero", "07": "Turismo",
    "08": "Assetto del territorio ed edilizia abitativa", "09": "Sviluppo sostenibile e tutela del territorio e dell'ambiente",
    "10": "Trasporti e diritto alla mobilità", "11": "Soccorso civile",
    "12": "Diritti sociali, politiche sociali e famiglia", "14": "Sviluppo economico e competitività",
    "15": "Politiche per il lavoro e la formazione professionale", "16": "Agricoltura, politiche agroalimentari e pesca",
    "17": "Energia e diversificazione delle fonti energetiche", "18": "Relazioni con le altre autonomie territoriali e locali",
    "19": "Relazioni internazionali", "20": "Fondi e accantonamenti", "50": "Debito pubblico",
}
LINES = {
    "L1": "Una metropoli che decide insieme", "L2": "Un territorio sicuro e resiliente", "L3": "Città sostenibili",
    "L4": "Scuole e saperi", "L5": "Lavoro e nuova economia", "L6": "Diritti, parità, inclusione",
    "L7": "Portalba nel Mediterraneo e nel mondo",
}


def number(value, decimals=0):
    """1234.5 -> 1.234,5"""
    return f"{value:,.{decimals}f}".replace(",", "_").replace(".", ",").replace("_", ".")


def blocks(name):
    return [block.splitlines() for block in (TEXTS / name).read_text(encoding="utf-8").strip().split("\n\n")]


def fields(line):
    return [field.strip() for field in line.split("|")]


def row(*values):
    return "| " + " | ".join(str(value) for value in values) + " |"


def read_programme(lines):
    title, office, line, goals, money = fields(lines[0])
    code, name = title.split(" ", 1)
    running, capital = ([int(amount) for amount in part.split()] for part in money.split(";"))
    return {"code": code, "name": name, "office": office, "line": line, "goals": goals.replace("-", ", "),
            "running": running, "capital": capital, "sums": [a + b for a, b in zip(running, capital)],
            "text": [l for l in lines[1:] if l[0] not in "-=!"], "aims": [l for l in lines[1:] if l[0] == "-"],
            "limits": [l[2:] for l in lines[1:] if l[0] == "!"],
            "measures": [fields(l[2:]) for l in lines[1:] if l[0] == "="]}


def sheet(programme):
    mission = programme["code"][:2]
    amounts = [("Spesa corrente", programme["running"]), ("Spesa in conto capitale", programme["capital"]),
               ("Totale", programme["sums"])]
    return "\n".join([
        "::: sheet", f"### Programma {programme['code']} – {programme['name']}",
        row("Missione", "Responsabile", "Linea strategica", "OSS"),
        row(f"{mission} – {MISSIONS[mission]}", programme["office"],
            f"{programme['line']} – {LINES[programme['line']]}", programme["goals"]),
        "#### Descrizione e motivazione delle scelte", *programme["text"],
        "#### Obiettivi operativi del triennio", *programme["aims"],
        "#### Condizioni e rischi", *programme["limits"],
        "!Indicatori di risultato", row("Indicatore", "2017", *YEARS), *(row(*m) for m in programme["measures"]),
        "!Risorse (migliaia di euro)", row("", *YEARS), *(row(label, *map(number, sums)) for label, sums in amounts),
        ":::"])


def sums_of(programmes):
    return [sum(programme["sums"][year] for programme in programmes) for year in range(3)]


def summary(programmes, groups, belongs):
    """A table of the programmes' money by group, with its total."""
    out = [row("", "Programmi", *YEARS)]
    for key, name in groups.items():
        members = [programme for programme in programmes if belongs(programme) == key]
        codes = ", ".join(member["code"] for member in members)
        out.append(row(f"{key} – {name}", codes, *map(number, sums_of(members))))
    return "\n".join(out + [row("Totale", "", *map(number, sums_of(programmes)))])


def read_commune(lines):
    name, area, people, surface, foreign, height = fields(lines[0])
    return {"name": name, "area": area, "people": int(people), "surface": float(surface),
            "foreign": float(foreign), "height": int(height), "text": lines[1:]}


def commune_sheet(commune):
    figures = (number(commune["people"]), number(commune["surface"], 1), number(commune["people"] / commune["surface"]),
               number(commune["foreign"], 1), number(commune["height"]))
    return "\n".join([
        "::: half", f"### {commune['name']}",
        row("Area omogenea", "Residenti", "Superficie (km²)", "Densità (ab./km²)", "Stranieri (%)", "Altitudine (m)"),
        row(commune["area"], *figures), *commune["text"], ":::"])


def areas(communes):
    out = [row("Area omogenea", "Comuni", "Residenti", "Superficie (km²)", "Densità (ab./km²)")]
    for name in dict.fromkeys(commune["area"] for commune in communes):
        out.append(area_row(name, [commune for commune in communes if commune["area"] == name]))
    return "\n".join(out + [area_row("Totale", communes)])


def area_row(name, members):
    people, surface = sum(m["people"] for m in members), sum(m["surface"] for m in members)
    return row(name, len(members), number(people), number(surface, 1), number(people / surface))


def works():
    """The list of public works: one table a year, each with its total."""
    entries = [fields(line) for line in (TEXTS / "opere.txt").read_text(encoding="utf-8").splitlines()]
    out = []
    for year in YEARS:
        chosen = [entry for entry in entries if entry[3] == year]
        out += [f"### Elenco annuale {year}", row("N.", "Intervento", "Comune", "Importo", "Finanziamento")]
        out += [row(f"{year[2:]}/{at:02}", name, place, number(int(cost)), source)
                for at, (name, place, cost, _, source) in enumerate(chosen, 1)]
        out.append(row("Totale", "", "", number(sum(int(entry[2]) for entry in chosen)), ""))
    return "\n".join(out)


def operations(programmes):
    out = ["===", "## Sezione operativa – Parte prima: i programmi"]
    out.append("Le schede seguono l'ordine della classificazione di bilancio. La tabella riassume le risorse "
               "per missione, in migliaia di euro; le partite di giro e i servizi per conto di terzi non sono compresi.")
    out += ["!Risorse per missione (migliaia di euro)", summary(programmes, MISSIONS, lambda p: p["code"][:2])]
    return "\n".join(out + [sheet(programme) for programme in programmes])


def source():
    programmes = [read_programme(lines) for lines in blocks("programmi.txt")]
    communes = [read_commune(lines) for lines in blocks("comuni.txt")]
    strategy = (TEXTS / "strategia.txt").read_text(encoding="utf-8")
    for name, value in (("{numero}", str(len(communes))), ("{abitanti}", number(sum(c["people"] for c in communes))),
                        ("{superficie}", number(sum(c["surface"] for c in communes), 1)), ("{aree}", areas(communes)),
                        ("{linee}", "!Risorse per linea strategica (migliaia di euro)\n"
                         + summary(programmes, LINES, lambda p: p["line"]))):
        strategy = strategy.replace(name, value)
    closing = (TEXTS / "parte-seconda.txt").read_text(encoding="utf-8")
    territory = "\n".join(commune_sheet(commune) for commune in communes)
    return HEAD + strategy + operations(programmes) + "\n===\n" + closing.replace("{opere}", works()).replace("{comuni}", territory)
