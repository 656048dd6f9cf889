"""Turns unpacked Debian packages into training text: one sentence or word list entry a line.

Each class of the model (see CLASSES) gets a file CLASS.text of sentences and a file CLASS.words of
dictionary words.

    corpus.py ROOT OUT      ROOT has a folder for each unpacked package
    corpus.py --classes     prints the classes in the order of the model

What one package may give to one class is capped, so that a single large manual
does not decide what a language looks like.
"""

import gzip
import html
import os
import re
import struct
import subprocess
import sys
import tempfile
import unicodedata
import zipfile

# Class of the model -> locale names whose text it learns from. The order is the order of the
# classes in the model; languages that matter only as "not Italian, not English" share a class.
CLASSES = {
    "it": ["it"],
    "en": ["en", "en_GB", "en_US", "en-us", "en-gb", "C"],
    "fr": ["fr"],
    "de": ["de"],
    "es": ["es"],
    "pt": ["pt", "pt_BR", "pt_PT"],
    "ca": ["ca", "ca@valencia"],
    "ro": ["ro"],
    "nl": ["nl"],
    "la": ["la"],
    "sq": ["sq"],
    "eu": ["eu"],
    "hr": ["hr", "bs", "sr@latin", "sr@ijekavianlatin"],
    "sl": ["sl"],
    "pl": ["pl"],
    "cs": ["cs", "sk"],
    "sv": ["sv", "da", "nb", "nn", "nb_NO"],
    "hu": ["hu"],
    "fi": ["fi", "et"],
    "tr": ["tr", "az"],
    "gl": ["gl", "ast", "an"],
    "oc": ["oc", "frp"],
    "rm": ["fur", "sc", "vec", "co", "lij", "rm"],
    "xx": ["lt", "lv", "ga", "cy", "eo", "id", "vi", "mt", "br", "af", "sw", "is"],
}
LOCALE_CLASS = {locale: name for name, locales in CLASSES.items() for locale in locales}
DICTIONARIES = {  # hunspell dictionary -> class
    "it_IT": "it", "en_GB": "en", "en_US": "en", "de_DE": "de", "es_ES": "es", "fr_FR": "fr",
    "fr": "fr", "ca": "ca", "pt_PT": "pt", "pt_BR": "pt", "nl_NL": "nl", "nl": "nl", "ro_RO": "ro",
    "hr_HR": "hr", "sl_SI": "sl", "eu": "eu", "eu_ES": "eu", "sq_AL": "sq", "gl_ES": "gl",
    "oc_FR": "oc",
}
TESSDATA = {
    "ita": "it", "eng": "en", "deu": "de", "spa": "es", "fra": "fr", "cat": "ca", "por": "pt",
    "nld": "nl", "ron": "ro", "hrv": "hr", "bos": "hr", "slv": "sl", "eus": "eu", "sqi": "sq",
    "lat": "la", "glg": "gl", "oci": "oc", "cos": "rm", "pol": "pl", "ces": "cs", "slk": "cs",
    "swe": "sv", "dan": "sv", "nor": "sv", "hun": "hu", "fin": "fi", "est": "fi", "tur": "tr",
    "mlt": "xx", "lit": "xx", "lav": "xx",
}
CAP_BYTES = 600_000  # what one package may give to one class
BLOCK = re.compile(r"</?(?:p|div|li|h\d|td|th|dt|dd|tr|pre|title|para|item|br|note|desc)\b[^>]*>", re.I)
DROPPED = re.compile(r"<(script|style|pre|code|head|screen|cmd)\b.*?</\1>", re.I | re.S)
NOISE = re.compile(
    r"<[^>]*>|\$\{[^}]*\}|\{[^}]*\}|%\d*\$?[-+ #0-9.]*[a-zA-Z]+|\\[nrt]|\S*[/@\\=<>_|]\S*|--?[a-z]\S*|\S*\.\w{2,}\S*|&\w+;"
)
WORD = re.compile(r"[^\W\d_]+")
SENTENCE = re.compile(r"(?<=[.!?:;])\s+")


def sentences(text, least_words=3):
    """Clean running text -> sentences with at least so many words."""
    for line in text.split("\n"):
        line = NOISE.sub(" ", line)
        for sentence in SENTENCE.split(line):
            sentence = " ".join(sentence.split())
            letters = sum(c.isalpha() for c in sentence)
            if len(WORD.findall(sentence)) >= least_words and letters > 0.7 * len(sentence) - 2:
                yield sentence


def read(path):
    opener = gzip.open if path.endswith(".gz") or path.endswith(".dz") else open
    with opener(path, "rb") as file:
        data = file.read()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("iso-8859-1")


def from_markup(text):
    text = DROPPED.sub(" ", text)
    text = re.sub(r"\s+", " ", text)
    text = BLOCK.sub("\n", text)
    return html.unescape(re.sub(r"<[^>]*>", "", text))


def from_manual(text):
    """troff: running text only; macros that carry words of a sentence keep their words."""
    out = []
    for line in text.split("\n"):
        if line.startswith((".B ", ".I ", ".BR ", ".IR ", ".RB ", ".RI ")):
            line = " "
        elif line.startswith((".", "'")):
            line = "\n"
        out.append(re.sub(r"\\f.|\\&|\\|\\\(..", "", line.replace("\\-", "-")) + " ")
    return "".join(out)


def catalogue(data):
    """Pairs (original, translation) of a gettext .mo file."""
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    count, originals, translations = struct.unpack(order + "III", data[8:20])

    def text(table, number):
        length, offset = struct.unpack_from(order + "II", data, table + 8 * number)
        return data[offset : offset + length].split(b"\0")[0].decode("utf-8", "replace")

    for number in range(count):
        yield text(originals, number), text(translations, number)


def qt_strings(data):
    """Translations of a Qt .qm file: tag 3 of its message block, in UTF-16."""
    position = 16
    while position + 5 <= len(data):
        section, length = struct.unpack_from(">BI", data, position)
        position += 5
        if section == 0x69:
            end = position + length
            while position < end:
                tag = data[position]
                position += 1
                if tag in (3, 6, 7, 8, 2):
                    (size,) = struct.unpack_from(">I", data, position)
                    position += 4
                    if size != 0xFFFFFFFF:
                        if tag == 3:
                            yield data[position : position + size].decode("utf-16-be", "replace")
                        position += size
                elif tag == 5:
                    position += 4
                elif tag == 4:
                    position += 4
                elif tag != 1:
                    return
            return
        position += length


def interface_text(text):
    return text.replace("_", "").replace("&", "").split("|")[-1].replace("\\n", "\n")


class Corpus:
    def __init__(self):
        self.text = {name: {} for name in CLASSES}
        self.words = {name: {} for name in CLASSES}
        self.given = {}

    def add(self, package, name, lines):
        given = self.given.get((package, name), 0)
        kept = self.text[name]
        for line in lines:
            if given > CAP_BYTES:
                break
            if line not in kept:
                kept[line] = None
                given += len(line)
        self.given[package, name] = given

    def add_words(self, name, words):
        self.words[name].update(dict.fromkeys(words))


def locale_of(path):
    for part in reversed(path.split("/")):
        part = re.sub(r"\.UTF-8$", "", part)
        if part in LOCALE_CLASS:
            return part
    return None


def add_catalogue(corpus, package, path):
    locale = locale_of(path)
    if locale is None:
        match = re.search(r"[_-]([a-z]{2,3}(?:_[A-Z]{2}|@\w+)?)\.\w+$", path)
        locale = match.group(1) if match and match.group(1) in LOCALE_CLASS else None
    if locale is None:
        return
    with open(path, "rb") as file:
        data = file.read()
    name = LOCALE_CLASS[locale]
    if path.endswith(".qm"):
        pairs = [("", text) for text in qt_strings(data)]
    else:
        pairs = [p for p in catalogue(data) if p[0] and p[0] != p[1]]
    for original, text in pairs:
        corpus.add(package, name, sentences(interface_text(text)))
        if name in ("it", "de", "fr"):
            corpus.add(package, "en", sentences(interface_text(original)))


def add_page(corpus, package, path):
    locale = locale_of(path)
    if locale:
        corpus.add(package, LOCALE_CLASS[locale], sentences(from_markup(read(path)), 4))


def add_manual(corpus, package, path):
    match = re.search(r"/man/(?:([a-z]{2}(?:_[A-Z]{2})?)/)?man\d/", path)
    locale = (match.group(1) or "en") if match else None
    if locale in LOCALE_CLASS:
        corpus.add(package, LOCALE_CLASS[locale], sentences(from_manual(read(path)), 4))


def add_fortunes(corpus, package, path):
    match = re.match(r"fortunes-([a-z]{2})", package)
    language = {None: "en", "mi": "en", "br": "pt"}.get(code := match and match.group(1), code)
    text = re.sub(r"\n%\n", "\n\n", read(path)).replace("\n\n", "\0").replace("\n", " ")
    corpus.add(package, language, sentences(text.replace("\0", "\n"), 4))


def add_glosses(corpus, package, path):
    text = re.sub(r"\n\s+(?=\S)", " ", read(path))
    corpus.add(package, "en", sentences(re.sub(r"[{}\[\]]", "", text), 4))


def add_langpack(corpus, package, path):
    name = LOCALE_CLASS.get(re.sub(r".*l10n-", "", package))
    if name is None:
        return
    with zipfile.ZipFile(path) as archive:
        for member in sorted(archive.namelist()):
            if member.endswith((".properties", ".ftl", ".dtd")):
                text = archive.read(member).decode("utf-8", "replace")
                values = re.findall(r'(?m)(?:^[^#\n=]*=\s*|^ {4}|")([^"\n]*)', text)
                corpus.add(package, name, sentences(interface_text("\n".join(values))))


def add_dictionary(corpus, package, path):
    name = DICTIONARIES.get(os.path.basename(path)[:-4])
    if name is None:
        return
    affix = path[:-4] + ".aff"
    encoding = "iso-8859-1"
    match = re.search(rb"(?m)^SET\s+(\S+)", open(affix, "rb").read())
    if match:
        encoding = match.group(1).decode().replace("microsoft-", "")
    process = subprocess.Popen(
        ["unmunch", path, affix], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    corpus.add_words(name, sampled(process.stdout, encoding))
    process.kill()
    process.wait()


def sampled(lines, encoding, most=100_000, last=20_000_000):
    """At most so many words, evenly spread over a list whose length is not known beforehand."""
    words, step = [], 1
    for number, line in enumerate(lines):
        if number % step == 0:
            word = line.decode(encoding, "replace").strip()
            if WORD.fullmatch(word):
                words.append(word)
        if len(words) == most:
            words, step = words[::2], step * 2
        if number == last:
            break
    return words


def add_tessdata(corpus, package, path):
    name = TESSDATA.get(os.path.basename(path).split(".")[0])
    if name is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        prefix = folder + "/part."
        words = folder + "/words"
        subprocess.run(["combine_tessdata", "-u", path, prefix], capture_output=True, check=True)
        subprocess.run(
            ["dawg2wordlist", prefix + "lstm-unicharset", prefix + "lstm-word-dawg", words],
            capture_output=True,
        )
        if os.path.exists(words):
            with open(words, "rb") as lines:
                corpus.add_words(name, sampled(lines, "utf-8"))


def add_prose(corpus, package, path):
    """Paragraphs of Latin prose: plain, or as the macros of a TeX package."""
    text = re.sub(r"%.*|\\\w+|[{}]", "", read(path))
    text = re.sub(r"(?<=\S)\n(?=\S)", " ", text)
    corpus.add(package, "la", sentences(text, 4))


def unaccented(text):
    text = unicodedata.normalize("NFD", text)
    return "".join(c for c in text if not unicodedata.combining(c))


class LatinModel:
    """How the words of one inflection are formed: stems, and endings by the number of the stem."""

    def __init__(self, parent=None):
        self.stems = dict(parent.stems) if parent else {}
        self.endings = list(parent.endings) if parent else []

    def add_stem(self, rule):
        number, _, how = rule.partition(":")
        drop, _, add = how.partition(",")
        if drop == "K":
            self.stems[number] = (0, "")
        elif drop.isdigit():
            self.stems[number] = (int(drop), add.replace("0", ""))

    def add_endings(self, rule, constants):
        number, listed = rule.split(":")[1:3]
        parts = [constants.get(e[1:], e) if e.startswith("$") else e for e in listed.split(";")]
        self.endings.append((number, re.split("[;,]", ";".join(parts).replace("-", ""))))

    def forms(self, lemma, given):
        """All forms of a word; `given` has the stems that the lexicon names, from number 1 on."""
        for number, endings in self.endings:
            index = int(number) - 1 if number.isdigit() else -1
            if 0 <= index < len(given) and given[index]:
                stems = given[index].split(",")
            elif number in self.stems:
                drop, add = self.stems[number]
                stems = [lemma[: len(lemma) - drop] + add]
            else:
                continue
            for stem in stems:
                yield from (stem + ending for ending in endings)


def latin_models(path):
    with open(path, encoding="utf-8") as file:
        lines = [unaccented(line.strip()) for line in file if not line.startswith("!")]
    constants = dict(line[1:].split("=", 1) for line in lines if line.startswith("$"))
    models, model = {}, LatinModel()
    for line in lines:
        key, _, rest = line.partition(":")
        if key == "modele":
            models[rest] = model = LatinModel()
        elif key == "pere" and rest in models:
            model.__init__(models[rest])
        elif key == "R":
            model.add_stem(rest)
        elif key in ("des", "des+"):
            model.add_endings(rest, constants)
    return models


def add_paradigms(corpus, package, path):
    """All forms of the words of a Latin lexicon, from its table of inflections."""
    models = latin_models(os.path.join(os.path.dirname(path), "modeles.la"))
    forms = {}
    for line in read(path).split("\n"):
        fields = unaccented(line).split("|")
        if len(fields) >= 4 and fields[1] in models and fields[0][:1].islower():
            lemma = re.sub(r"\d", "", fields[0].split("=")[0])
            forms.update(dict.fromkeys(models[fields[1]].forms(lemma, fields[2:-1])))
    words = [form for form in forms if WORD.fullmatch(form)]
    corpus.add_words("la", words[:: max(1, len(words) // 100_000)])


def reader_of(package, path):
    """Which of the functions above reads a file; None for files without text."""
    if path.endswith((".mo", ".qm")):
        return add_catalogue
    if "/man/" in path and path.endswith(".gz"):
        return add_manual
    if package.startswith("fortunes") and "/fortunes" in path and "." not in os.path.basename(path):
        return add_fortunes
    if package in ("dict-wn", "dict-gcide") and path.endswith(".dict.dz"):
        return add_glosses
    if path.endswith(".xpi"):
        return add_langpack
    if path.endswith(".traineddata"):
        return add_tessdata
    if path.endswith(("cicero.ltd.tex", "lucretia.txt")):
        return add_prose
    if path.endswith("lemmes.la"):
        return add_paradigms
    if path.endswith(".dic"):
        return add_dictionary
    if path.endswith((".html", ".page", ".docbook")):
        return add_page
    return None


def build(root, out):
    corpus = Corpus()
    for package in sorted(os.listdir(root)):
        for folder, folders, files in os.walk(os.path.join(root, package)):
            folders.sort()
            for name in sorted(files):
                path = os.path.join(folder, name)
                reader = reader_of(package, path) if not os.path.islink(path) else None
                if reader:
                    try:
                        reader(corpus, package, path)
                    except Exception as problem:  # one broken file must not stop the rest
                        print(f"{path}: {problem}", file=sys.stderr)
    os.makedirs(out, exist_ok=True)
    for name in CLASSES:
        for kind, lines in (("text", corpus.text[name]), ("words", corpus.words[name])):
            with open(os.path.join(out, f"{name}.{kind}"), "w", encoding="utf-8") as file:
                file.writelines(line + "\n" for line in lines)
        size = sum(map(len, corpus.text[name]))
        count = len(corpus.text[name]), len(corpus.words[name])
        print(f"{name}: {count[0]} sentences of {size} letters, {count[1]} words of lists")


if __name__ == "__main__":
    if sys.argv[1:] == ["--classes"]:
        print(*CLASSES)
    elif len(sys.argv) == 3:
        build(sys.argv[1], sys.argv[2])
    else:
        sys.exit("usage: corpus.py ROOT OUT | corpus.py --classes")
