/* See xapian-side.h. */
#include "xapian-side.h"

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <xapian.h>

namespace
{
constexpr char mark_other = 0x01, mark_english = 0x03;
constexpr size_t sample_bytes = 512;

[[noreturn]] void fail(const Xapian::Error &error)
{
    std::fprintf(stderr, "bench-search: Xapian: %s\n", error.get_description().c_str());
    std::exit(1);
}

struct Stemmers {
    Xapian::Stem italian{"italian"}, english{"english"}, none;

    const Xapian::Stem &by_mark(char mark) const
    {
        return mark == mark_other ? none : mark == mark_english ? english : italian;
    }
    const Xapian::Stem &by_code(const std::string &code) const
    {
        return code == "en" ? english : italian;
    }
};

bool is_mark(char byte)
{
    return byte >= mark_other && byte <= mark_english;
}

/* Without marks and line ends, cut at a character. */
std::string sample_of(const XapianDocument &document)
{
    std::string sample = document.title;
    sample += '\n';
    for (size_t i = 0; i < document.length && sample.size() < sample_bytes; i++)
        if (!is_mark(document.text[i]))
            sample += document.text[i];
    while ((sample.back() & 0xc0) == 0x80)
        sample.pop_back();
    if (sample.back() & 0x80)
        sample.pop_back();
    return sample;
}
} // namespace

struct XapianBuilder {
    Xapian::WritableDatabase database;
    Xapian::TermGenerator generator;
    Stemmers stemmers;
};

XapianBuilder *xapian_builder_new(const char *path)
try {
    auto builder = std::make_unique<XapianBuilder>();
    builder->database = Xapian::WritableDatabase(path, Xapian::DB_CREATE_OR_OVERWRITE);
    return builder.release();
} catch (const Xapian::Error &error) {
    fail(error);
}

/* Each run with the stemmer of its language; the marks part them. */
static void index_runs(XapianBuilder &builder, const XapianDocument &document)
{
    const char *at = document.text, *end = document.text + document.length;
    char mark = mark_other;
    while (at < end) {
        if (is_mark(*at))
            mark = *at++;
        const char *stop = at;
        while (stop < end && !is_mark(*stop))
            stop++;
        builder.generator.set_stemmer(builder.stemmers.by_mark(mark));
        builder.generator.index_text(Xapian::Utf8Iterator(at, stop - at));
        at = stop;
    }
}

void xapian_builder_add(XapianBuilder *builder, const XapianDocument *document)
try {
    Xapian::Document made;
    Xapian::TermGenerator &generator = builder->generator;
    generator.set_document(made);
    generator.set_termpos(0);
    generator.set_stemmer(builder->stemmers.by_mark(document->title_mark));
    generator.index_text(document->title, 1, "S");
    generator.increase_termpos();
    generator.index_text(document->title);
    generator.increase_termpos();
    index_runs(*builder, *document);
    for (unsigned i = 0; i < XAPIAN_SIDE_FACETS; i++)
        made.add_value(i, document->facets[i]);
    if (document->is_italian)
        made.add_boolean_term("Lit");
    if (document->is_english)
        made.add_boolean_term("Len");
    made.set_data(sample_of(*document));
    builder->database.add_document(made);
} catch (const Xapian::Error &error) {
    fail(error);
}

void xapian_builder_finish(XapianBuilder *builder)
try {
    builder->database.commit();
    builder->database.close();
    delete builder;
} catch (const Xapian::Error &error) {
    fail(error);
}

struct XapianReader {
    Xapian::Database database;
    Stemmers stemmers;
};

XapianReader *xapian_reader_new(const char *path)
try {
    auto reader = std::make_unique<XapianReader>();
    reader->database = Xapian::Database(path);
    return reader.release();
} catch (const Xapian::Error &error) {
    fail(error);
}

void xapian_reader_free(XapianReader *reader)
{
    delete reader;
}

/* As Xapian's own query parser makes them: stems, but words as written in phrases and prefixes. */
static Xapian::Query query_of(const XapianReader &reader, const XapianQuestion &question)
{
    if (question.op == XAPIAN_PREFIX)
        return Xapian::Query(Xapian::Query::OP_WILDCARD, question.words[0], 0,
                             Xapian::Query::WILDCARD_LIMIT_ERROR, Xapian::Query::OP_SYNONYM);
    std::vector<Xapian::Query> parts;
    for (int i = 0; i < question.count; i++) {
        const std::string word = question.words[i];
        parts.emplace_back(question.op == XAPIAN_PHRASE
                               ? word
                               : "Z" + reader.stemmers.by_code(question.languages[i])(word));
    }
    const auto op = question.op == XAPIAN_PHRASE ? Xapian::Query::OP_PHRASE
                    : question.op == XAPIAN_ANY  ? Xapian::Query::OP_OR
                                                 : Xapian::Query::OP_AND;
    return Xapian::Query(op, parts.begin(), parts.end());
}

unsigned xapian_reader_ask(XapianReader *reader, const XapianQuestion *question, int is_exact)
try {
    Xapian::Query query = query_of(*reader, *question);
    if (question->filter)
        query = Xapian::Query(Xapian::Query::OP_FILTER, query,
                              Xapian::Query(std::string("L") + question->filter));
    Xapian::Enquire enquire(reader->database);
    enquire.set_query(query);
    if (!is_exact)
        return enquire.get_mset(0, 10).get_matches_estimated();
    std::deque<Xapian::ValueCountMatchSpy> spies;
    for (unsigned i = 0; i < XAPIAN_SIDE_FACETS; i++)
        spies.emplace_back(i);
    for (auto &spy : spies)
        enquire.add_matchspy(&spy);
    return enquire.get_mset(0, 10, reader->database.get_doccount()).get_matches_estimated();
} catch (const Xapian::Error &error) {
    fail(error);
}
