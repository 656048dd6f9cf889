// Ranking, through the real programs: each set of questions with judged documents is written out as a
// corpus, indexed, served, and asked over the HTTP API.
//
//     bench-retrieval.mjs DATA [--set NAME] [--runs FOLDER]
//
// A set is a folder in DATA with docs.tsv (docid, lang, title, text), queries.tsv (qid, lang, text) and
// qrels.tsv (qid, docid, grade), each with a line of headings. A set is asked in one or more ways:
//   all    judged as it stands, without a filter
//   cross  only documents that are not in the question's language, with language= the other one
//   same   only documents in the question's language, with language= that one
// The last two where a question and a document judged relevant to it differ in language. --runs writes what was
// answered, and for each question the place of its first relevant document. BUILD says where the programs are.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { House, root } from '../integration/programs.mjs';
import { firstRelevant, MEASURES, score } from './retrieval-scores.mjs';

const AT_ONCE = 2; // questions under way
const LIMIT = 100; // results of one answer, the most that the API gives
const TITLE_BYTES = 1000; // of a sidecar (indexer/sidecar.h)
const LANGUAGE_SHARE = 0.1; // a document is in a language that has so much of it (indexer/archive.h)

// What is known of the sets that have been measured with Xapian 1.4.22: stemmed, OR of the words.
const GOALS = [
  { set: 'cranfield', way: 'all', measure: 'nDCG@10', xapian: 0.396, goal: 0.42 },
  { set: 'squad-it-test', way: 'all', measure: 'MRR@10', xapian: 0.803, goal: 0.84 },
  { set: 'clir-squad-xquad', way: 'cross', measure: 'success@10', xapian: 0.499, goal: 0.92 },
  { set: 'clir-manuals', way: 'cross', measure: 'success@10', xapian: 0.265, goal: 0.7 },
];

// Texts travel as strings of one character a byte, so that bytes that are no UTF-8 arrive as they are.
const decoded = (bytes) => Buffer.from(bytes, 'latin1').toString('utf8');

// Reading a set

function rows(file) {
  const lines = fs.readFileSync(file, 'latin1').split('\n');
  return lines.slice(1).filter((line) => line !== '').map((line) => line.replace(/\r$/, '').split('\t'));
}

function readSet(folder) {
  const relevant = new Map();
  for (const [question, document, grade] of rows(path.join(folder, 'qrels.tsv'))) {
    if (!(Number.parseInt(grade, 10) > 0)) continue;
    if (!relevant.has(question)) relevant.set(question, new Map());
    relevant.get(question).set(document, Number.parseInt(grade, 10));
  }
  return {
    name: path.basename(folder),
    documents: rows(path.join(folder, 'docs.tsv')).map(([id, language, title = '', text = '']) => ({ id, language, title, text })),
    questions: rows(path.join(folder, 'queries.tsv')).map(([id, language, text = '']) => ({ id, language, text })),
    relevant,
  };
}

function setsIn(folder, only) {
  const isSet = (name) => ['docs.tsv', 'queries.tsv', 'qrels.tsv'].every((file) => fs.existsSync(path.join(folder, name, file)));
  return fs.readdirSync(folder).sort().filter((name) => isSet(name) && (!only || name === only));
}

// Writing the corpus

// A docid that could not be a file's name, or would be passed over, is replaced.
function fileName(document) {
  const isPlain = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(document.id) && document.id.length < 200;
  return `${isPlain ? document.id : createHash('sha256').update(document.id, 'latin1').digest('hex')}.txt`;
}

// A title as the sidecar's syntax wants it, cut at a character where it is too long.
function sidecarTitle(title) {
  const plain = decoded(title).replace(/[\u0000-\u001f\u007f-\u009f\ufffd]+/g, ' ').trim();
  let bytes = 0;
  const kept = [...plain].filter((character) => (bytes += Buffer.byteLength(character)) <= TITLE_BYTES).join('');
  return kept.replaceAll('\\', '\\\\');
}

// Writes all documents; a Map of file name -> docid.
function writeCorpus(house, documents) {
  const ids = new Map();
  for (const document of documents) {
    const name = fileName(document);
    const title = sidecarTitle(document.title);
    ids.set(name, document.id);
    house.write(name, Buffer.from(`${document.title}\n\n${document.text}\n`, 'latin1'));
    if (title) house.write(`${name}.ini`, `[document]\ntitle=${title}\n`);
  }
  return ids;
}

// Asking

const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });

function get(address) {
  return new Promise((resolve, reject) => {
    const request = http.get(address, { agent }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(parts).toString('utf8') }));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

// Every byte of the question escaped, so that none is changed on the way.
const escaped = (bytes) => [...Buffer.from(bytes, 'latin1')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

async function ask(house, text, language) {
  const filter = language ? `&language=${language}` : '';
  const started = performance.now();
  const { status, text: body } = await get(`${house.address}/api/v1/search?limit=${LIMIT}&q=${escaped(text)}${filter}`);
  return { status, took: performance.now() - started, body: status === 200 ? JSON.parse(body) : undefined };
}

// Does `work` for each item, AT_ONCE of them at a time.
async function each(items, work) {
  let next = 0;
  const lane = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

// Ways of asking

const filterable = new Set(['it', 'en']);
const other = (language) => (language === 'it' ? 'en' : 'it');
const WAYS = {
  all: { filter: () => undefined, judges: () => true },
  cross: { filter: (question) => other(question), judges: (question, document) => question !== document },
  same: { filter: (question) => question, judges: (question, document) => question === document },
};

// The judgements that a way looks at; questions left without any are not asked.
function judgements(set, way) {
  const kept = new Map();
  for (const [question, grades] of set.relevant) {
    const judged = [...grades].filter(([document]) => WAYS[way].judges(set.questionLanguage.get(question), set.documentLanguage.get(document)));
    if (judged.length > 0) kept.set(question, new Map(judged));
  }
  return kept;
}

function waysOf(set) {
  const crosses = judgements(set, 'cross').size > 0;
  return crosses ? ['cross', 'same', 'all'].filter((way) => judgements(set, way).size > 0) : ['all'];
}

async function answerAll(house, set, way) {
  const { filter, judges } = WAYS[way];
  const relevant = judgements(set, way);
  const result = { way, relevant, answers: new Map(), heads: new Map(), times: [], refused: 0 };
  await each(set.questions.filter(({ id }) => relevant.has(id)), async ({ id, language, text }) => {
    const wanted = filter(language);
    const { status, took, body } = await ask(house, text, filterable.has(wanted) ? wanted : undefined);
    result.times.push(took);
    if (status !== 200) result.refused++;
    const found = (body?.results ?? []).flatMap(({ paths }) => paths.map((name) => set.ids.get(name)));
    result.heads.set(id, { total: body?.total ?? '', understood: body?.query.understood ?? `status ${status}` });
    result.answers.set(id, found.filter((document) => judges(language, set.documentLanguage.get(document))));
  });
  return result;
}

// What became of the documents

async function listDocuments(house) {
  const found = [];
  for (let total = 1; found.length < total; ) {
    const { text } = await get(`${house.address}/api/v1/documents?limit=${LIMIT}&offset=${found.length}`);
    const page = JSON.parse(text);
    total = page.total;
    if (page.documents.length === 0) break;
    found.push(...page.documents);
  }
  return found;
}

// How many were given, became searchable (one content under two names is one document), failed and why; and
// of how many the language that docs.tsv gives was not found.
async function census(house, set) {
  const found = await listDocuments(house);
  const status = await house.status();
  const named = new Map(found.flatMap((document) => document.paths.map((name) => [set.ids.get(name), document])));
  const reasons = {};
  for (const { sentence } of status.failures ?? []) reasons[sentence] = (reasons[sentence] ?? 0) + 1;
  const isStray = ({ id, language }) => named.has(id) && filterable.has(language) && !(named.get(id).languages[language] >= LANGUAGE_SHARE);
  const strays = set.documents.filter(isStray);
  return { given: set.documents.length, searchable: named.size, contents: found.length, failed: status.failed, reasons, strays: strays.length };
}

// One set

async function index(house) {
  const started = performance.now();
  const { code, err } = await house.index('--quiet');
  if (code > 1) throw new Error(`schedario-indexer ended with ${code}: ${err.slice(0, 2000)}`);
  return (performance.now() - started) / 1000;
}

async function measureSet(folder) {
  const set = readSet(folder);
  set.documentLanguage = new Map(set.documents.map(({ id, language }) => [id, language]));
  set.questionLanguage = new Map(set.questions.map(({ id, language }) => [id, language]));
  const house = new House();
  try {
    set.ids = writeCorpus(house, set.documents);
    set.seconds = await index(house);
    await house.serve('--web', path.join(root, 'web'));
    set.census = await census(house, set);
    set.results = [];
    for (const way of waysOf(set)) {
      const started = performance.now();
      const result = await answerAll(house, set, way);
      set.results.push({ ...result, seconds: (performance.now() - started) / 1000, scores: score(result.relevant, result.answers) });
    }
  } finally {
    await house.close();
  }
  return set;
}

// Telling

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
const cell = (value, width = 10) => (typeof value === 'number' ? value.toFixed(3) : value).padStart(width);

function printSet({ name, census: { given, searchable, contents, failed, reasons, strays }, seconds, results }) {
  const why = Object.entries(reasons).map(([reason, count]) => `${count} ${reason}`).join('; ');
  console.log(`\n${name}: ${given} documents given, ${searchable} searchable (${contents} different), ${failed} files failed${why ? ` (${why})` : ''};`);
  console.log(`    language not found as given: ${strays}; indexed in ${seconds.toFixed(1)} s`);
  console.log(`    ${'way'.padEnd(6)}${'questions'.padStart(10)}${MEASURES.map((measure) => cell(measure, 12)).join('')}   median     95th ms  seconds`);
  for (const { way, relevant, scores, times, seconds: taken, refused } of results) {
    times.sort((a, b) => a - b);
    const figures = MEASURES.map((measure) => scores[measure].toFixed(4).padStart(12)).join('');
    const pace = `${quantile(times, 0.5).toFixed(1).padStart(9)}${quantile(times, 0.95).toFixed(1).padStart(12)}${taken.toFixed(1).padStart(9)}`;
    console.log(`    ${way.padEnd(6)}${String(relevant.size).padStart(10)}${figures}${pace}${refused ? `  ${refused} REFUSED` : ''}`);
  }
}

function printGoals(sets) {
  console.log(`\n${'set'.padEnd(20)} ${'way'.padEnd(6)} ${'measure'.padEnd(11)}${cell('Xapian')}${cell('goal')}${cell('here')}`);
  for (const { set, way, measure, xapian, goal } of GOALS) {
    const here = sets.find(({ name }) => name === set)?.results.find((result) => result.way === way)?.scores[measure];
    if (here === undefined) continue;
    console.log(`${set.padEnd(20)} ${way.padEnd(6)} ${measure.padEnd(11)}${cell(xapian)}${cell(goal)}${cell(here)}  ${here >= goal ? 'reached' : 'missed'}`);
  }
}

const plain = (text) => text.replace(/[\t\n\r]+/g, ' ');

// NAME.WAY.run as trec_eval's users know it, NAME.WAY.tsv to look at what went wrong, worst first.
function writeRuns(folder, { name, questions, results }) {
  fs.mkdirSync(folder, { recursive: true });
  const texts = new Map(questions.map(({ id, text }) => [id, decoded(text)]));
  for (const { way, relevant, answers, heads } of results) {
    const run = [...answers].flatMap(([question, found]) => found.slice(0, LIMIT).map((document, place) => `${question}\t${document}\t${place + 1}\n`));
    fs.writeFileSync(path.join(folder, `${name}.${way}.run`), run.join(''), 'latin1');
    const lines = [...relevant].map(([question, grades]) => {
      const found = answers.get(question) ?? [];
      return [firstRelevant(grades, found), question, texts.get(question) ?? '', [...grades.keys()].join(' '), found.slice(0, 3).join(' '),
        heads.get(question)?.total ?? '', plain(heads.get(question)?.understood ?? '')];
    });
    lines.sort(([a], [b]) => (b || Infinity) - (a || Infinity) || 0);
    const heading = ['first relevant at (0: nowhere)', 'question', 'text', 'relevant', 'found first', 'total', 'understood'];
    fs.writeFileSync(path.join(folder, `${name}.${way}.tsv`), [heading, ...lines].map((line) => `${line.join('\t')}\n`).join(''));
  }
}

const { values, positionals } = parseArgs({ options: { set: { type: 'string' }, runs: { type: 'string' } }, allowPositionals: true });
const data = positionals[0];
const names = data && fs.existsSync(data) ? setsIn(data, values.set) : [];
if (names.length === 0) {
  console.error('usage: bench-retrieval.mjs DATA [--set NAME] [--runs FOLDER]; DATA holds folders with docs.tsv, queries.tsv, qrels.tsv');
  process.exit(2);
}
const started = performance.now();
const sets = [];
for (const name of names) {
  const set = await measureSet(path.join(data, name));
  printSet(set);
  if (values.runs) writeRuns(values.runs, set);
  sets.push(set);
}
printGoals(sets);
console.log(`\nall of it took ${((performance.now() - started) / 1000).toFixed(0)} s, ${AT_ONCE} questions at a time, ${LIMIT} results each`);
agent.destroy();
