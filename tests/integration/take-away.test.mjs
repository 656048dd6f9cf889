// What researchers take with them: citations, all results as files, the record of a search. BibTeX and RIS
// are read back by bibutils, CSV by a reader of RFC 4180 that stands here.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { House, samples } from './programs.mjs';

const house = new House();

// Titles and bodies made to end a record, a field, a cell or a command, by the file they belong to.
const HOSTILE = [
  { title: 'Piano }} , title = {{x' },
  { title: 'Chiusa } aperta { e \\emph{corsivo}' },
  { title: 'Sbarra \\ e \\\\ doppia \\input{x}' },
  { title: '50% di sconto % commento', body: 'Comune % di "Prova"' },
  { title: 'Costi & ricavi: $5_000 #1 ~ ^' },
  { title: 'Riga uno\\nER  - \\n\\nTY  - BOOK\\nTI  - riga due' },
  { title: '@book{chiave, title={altro}}' },
  { title: '{\\rtf1\\ansi ciao}' },
  { title: '=HYPERLINK("http://x.example","qui")', body: '=1+1' },
  { title: '+39 06 1', body: '-2+3' },
  { title: '@SUM(A1:A9)' },
  { title: '\\t=1+1' },
  { title: 'Acqua;=cmd|x!A0' },
  { title: '"Virgolette" <b>e</b> \'apici\'', body: 'Regione Tirrenia, Assessorato, Ufficio' },
];

before(async () => {
  fs.cpSync(samples, house.corpus, { recursive: true });
  HOSTILE.forEach(({ title, body }, i) => {
    const escape = (text) => text.replace(/\\(?![nt])/g, '\\\\');
    house.write(`ostili/d${i}.txt`, `Documento numero ${i} sulla fontana ostile del paese e sulla piazza.\n`);
    house.write(`ostili/d${i}.txt.ini`, `[document]\ntitle = ${escape(title)}\n${body ? `body = ${escape(body)}\n` : ''}year = 2015\nkind = plan\n`);
  });
  house.write('=1+1.txt', 'Un documento sulla fontana ostile che sta in cima.\n');
  await house.index();
  await house.serve();
});
after(() => house.close());

const get = (target, headers = {}) => fetch(house.address + target, { headers, redirect: 'manual' });
async function text(target, headers) {
  const answer = await get(target, headers);
  assert.equal(answer.status, 200, target);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer());
}

// RFC 4180, section 2: records of fields, quoted or not; strict about what may stand where.
function readCsv(content, separator = ',') {
  const records = [];
  let fields = [];
  for (let at = 0; at < content.length; ) {
    let value = '';
    if (content[at] === '"') {
      for (at++; ; at++) {
        assert.ok(at < content.length, 'a quoted field ends');
        if (content[at] !== '"') value += content[at];
        else if (content[at + 1] === '"') value += content[at++];
        else break;
      }
      at++;
    } else {
      while (at < content.length && ![separator, '\r', '\n', '"'].includes(content[at])) value += content[at++];
    }
    fields.push(value);
    if (content[at] === separator) at++;
    else {
      assert.equal(content.slice(at, at + 2), '\r\n', `a record ends in CR LF at ${at}`);
      records.push(fields);
      fields = [];
      at += 2;
    }
  }
  assert.equal(fields.length, 0);
  return records;
}

async function csv(query, separator) {
  const content = await text(`/search.csv${query}`);
  assert.equal(content.codePointAt(0), 0xfeff, 'it begins with a byte order mark');
  const [head, ...rows] = readCsv(content.slice(1), separator);
  return rows.map((row) => {
    assert.equal(row.length, head.length);
    return Object.fromEntries(row.map((value, i) => [head[i], value]));
  });
}

async function jsonLines(query) {
  const content = await text(`/search.jsonl${query}`);
  return content.split('\n').slice(0, -1).map((line) => JSON.parse(line));
}

// All results of the API, page by page.
async function all(query) {
  const results = [];
  for (;;) {
    const answer = (await house.get(`/api/v1/search${query}${query ? '&' : '?'}limit=7&offset=${results.length}`)).body;
    results.push(...answer.results);
    if (results.length >= answer.total) return results;
  }
}

function convert(program, content, ...options) {
  const file = path.join(house.folder, 'records');
  fs.writeFileSync(file, content);
  const xml = execFileSync(program, [...options, file], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  const plain = (value) => value?.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&amp;/g, '&');
  return xml.split('<mods ').slice(1).map((one) => ({
    key: plain(one.match(/<identifier type="citekey">([^<]*)</)?.[1]),
    title: plain([...one.matchAll(/<(?:title|subTitle)>([^<]*)</g)].map((found) => found[1]).join(': ')),
    date: one.match(/<dateIssued>([^<]*)</)?.[1],
    names: [...one.matchAll(/<namePart[^>]*>([^<]*)</g)].map((found) => plain(found[1])),
    url: plain(one.match(/<url>([^<]*)</)?.[1]),
  }));
}

// bibutils reads LaTeX's ligatures and quotes in text and makes them typographic; only words are compared.
const words = (title) => title.normalize('NFKC').match(/[\p{L}\p{N}]+/gu).join(' ');

const QUERIES = ['', '?q=cooperazione', '?q=acqua+fiumi+comune+pace&sort=title', '?q=cooperation&translate=off', '?q=fontana+ostile',
  '?kind=plan&sort=newest', '?q=comune&language=it&year_from=2010&year_to=2020', '?q=zzzzz', '?q=titolo:statuto&sort=oldest'];

test('files have all results of a search, in its order', async () => {
  for (const query of QUERIES) {
    const expected = (await all(query)).map((result) => result.id);
    assert.deepEqual((await csv(query)).map((row) => row.id), expected, `csv ${query}`);
    assert.deepEqual((await jsonLines(query)).map((row) => row.id), expected, `jsonl ${query}`);
    const bib = await text(`/search.bib${query}`);
    assert.deepEqual([...bib.matchAll(/^ {2}url = \{.*\/documents\/([0-9a-f]+)\},?$/gm)].map((found) => found[1]), expected, `bib ${query}`);
    const ris = await text(`/search.ris${query}`);
    assert.deepEqual([...ris.matchAll(/^AN {2}- ([0-9a-f]+)\r$/gm)].map((found) => found[1]), expected, `ris ${query}`);
  }
});

test('JSON lines are the results of the API, with what they lack', async () => {
  for (const query of QUERIES.slice(1)) {
    const lines = await jsonLines(query);
    for (const [i, result] of (await all(query)).entries()) {
      const { address, themes, areas, media_type, matching_pages, ...rest } = lines[i];
      if (!query.includes('q=')) result.hits = [];
      assert.deepEqual(rest, result);
      assert.equal(address, `${house.address}/documents/${result.id}`);
      assert.ok(Array.isArray(themes) && Array.isArray(areas));
      assert.match(media_type, /^(application\/pdf|text\/plain)$/);
      for (const hit of rest.hits.slice(0, matching_pages.length)) assert.ok(matching_pages.some(({ page }) => page === hit.page));
    }
  }
});

test('CSV has the same facts as the document itself', async () => {
  for (const row of await csv('?q=acqua')) {
    const { body } = await house.get(`/api/v1/documents/${row.id}`);
    assert.equal(row.address, `${house.address}/documents/${row.id}`);
    assert.equal(row.title.replace(/(^|[,;])'/g, '$1'), body.title);
    assert.equal(row.kind, body.kind);
    assert.equal(row.year, String(body.year ?? ''));
    assert.equal(row.pages, String(body.pages));
    assert.equal(row.size_bytes, String(body.size_bytes));
    assert.equal(row.file, body.paths.join('; '));
    assert.equal(row.themes, body.themes.filter(({ area }) => !area).map(({ id }) => id).join('; '));
    assert.match(row.languages, /^((it|en) [01]\.\d\d(; )?)*$/);
    assert.match(row.matching_pages, /^(\d+ \(\d+\)(; (?=\d)|$))*$/); // none where only the title answers
    assert.match(row.passage, /\S/);
  }
});

test('nothing in CSV looks like a formula to a spreadsheet, whichever separator it expects', async () => {
  for (const [query, separator, other] of [['?collection=ostili', ',', ';'], ['?collection=ostili&separator=semicolon', ';', ','], ['?q=fontana', ',', ';']]) {
    const rows = await csv(query, separator);
    assert.ok(rows.length >= HOSTILE.length);
    for (const value of rows.flatMap((row) => Object.values(row))) {
      assert.doesNotMatch(value, /^[=+@\t\r-]/);
      assert.doesNotMatch(value, /[\u0000-\u001f\u007f-\u009f]/);
      for (const part of value.split(other)) assert.doesNotMatch(part, /^[=+@-]/);
    }
  }
  const rows = await csv('');
  const titles = rows.map(({ title }) => title);
  assert.ok(rows.some(({ file }) => file === "'=1+1.txt"));
  assert.ok(rows.some(({ body }) => body === "'-2+3"));
  assert.ok(titles.includes("'@SUM(A1:A9)") && titles.includes("'+39 06 1"));
  assert.ok(titles.includes('Riga uno ER - TY - BOOK TI - riga due'));
  assert.equal((await get('/search.csv?separator=tab')).status, 400);
});

test('bibutils reads the BibTeX of all documents', async () => {
  const results = await all('');
  const records = convert('bib2xml', await text('/search.bib'));
  assert.equal(records.length, results.length);
  assert.equal(new Set(records.map(({ key }) => key)).size, results.length);
  for (const [i, record] of records.entries()) {
    assert.equal(words(record.title), words(results[i].title));
    assert.equal(record.date, results[i].year ? String(results[i].year) : undefined);
    assert.equal(record.url, `${house.address}/documents/${results[i].id}`);
    assert.equal(record.names.length, results[i].body ? 1 : 0, 'a body is one name');
    if (results[i].body) assert.equal(words(record.names[0]), words(results[i].body));
  }
  const exact = records.map(({ title }) => title);
  for (const title of ['Piano }} , title = {{x', 'Chiusa } aperta { e \\emph{corsivo}', '50% di sconto % commento', '{\\rtf1\\ansi ciao}', '@book{chiave, title={altro}}'])
    assert.ok(exact.includes(title), `${title}\n${exact.join('\n')}`);
});

test('bibutils reads the RIS of all documents', async () => {
  const results = await all('');
  const records = convert('ris2xml', await text('/search.ris'), '-nt', '-nl');
  assert.equal(records.length, results.length);
  for (const [i, record] of records.entries()) {
    assert.equal(record.title, results[i].title.replace(/\s+/g, ' ').trim());
    assert.equal(record.date, results[i].year ? String(results[i].year) : undefined);
    assert.equal(record.url, `${house.address}/documents/${results[i].id}`);
    // It takes every author for a person; all words of the name are there.
    if (results[i].body) assert.deepEqual(words(record.names.join(' ')).split(' ').sort(), words(results[i].body).split(' ').sort());
  }
});

test('files say what they are', async () => {
  for (const [ending, type] of [['csv', 'text/csv'], ['jsonl', 'application/x-ndjson'], ['bib', 'text/x-bibtex'], ['ris', 'application/x-research-info-systems']]) {
    const answer = await get(`/search.${ending}?q=citt%C3%A0+%22d%27arte%22%0d%0aX-Evil:1`, { 'accept-language': 'it' });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type').split(';')[0], type);
    assert.match(answer.headers.get('content-disposition'), new RegExp(`^attachment; filename="schedario-citta-d-arte-x-evil-1-\\d{4}-\\d\\d-\\d\\d\\.${ending}"$`));
    assert.equal(answer.headers.get('x-evil'), null);
    assert.match(answer.headers.get('x-robots-tag'), /noindex/);
    await answer.arrayBuffer();
  }
  assert.equal((await get('/search.csv?kind=poem')).status, 400);
  assert.equal((await fetch(`${house.address}/search.csv?q=acqua`, { method: 'HEAD' })).status, 200);
});

async function statute() {
  return (await house.search('statuto valdoria kind:statute')).results[0];
}

test('a document and a page of it are cited in every form', async () => {
  const { id, title, body, year } = await statute();
  for (const page of [0, 2]) {
    const query = page ? `?page=${page}` : '';
    const address = `${house.address}/documents/${id}${page ? `/pages/${page}` : ''}`;
    const [bib] = convert('bib2xml', await text(`/documents/${id}/citation/bib${query}`));
    assert.deepEqual([bib.title, bib.date, bib.names[0], bib.url], [title, String(year), body, address]);
    const [ris] = convert('ris2xml', await text(`/documents/${id}/citation/ris${query}`), '-nt');
    assert.deepEqual([ris.title, ris.date, ris.url], [title, String(year), address]);
    const [csl, ...others] = JSON.parse(await text(`/documents/${id}/citation/json${query}`));
    assert.equal(others.length, 0);
    assert.deepEqual([csl.type, csl.title, csl.URL, csl.page], ['legislation', title, address, page ? String(page) : undefined]);
    assert.deepEqual(csl.author, [{ literal: body }]);
    assert.deepEqual(csl.issued, { 'date-parts': [[year]] });
    const italian = await text(`/documents/${id}/citation/txt${query}${page ? '&' : '?'}hl=it`);
    assert.match(italian, /consultato/);
    assert.ok(italian.includes(address) && italian.includes(title) && italian.endsWith('\n'));
    assert.equal(italian.includes('p. 2'), page === 2);
    assert.match(await text(`/documents/${id}/citation/txt${query}`, { 'accept-language': 'en' }), /accessed/);
  }
  const file = await get(`/documents/${id}/citation/bib?page=2`);
  assert.equal(file.headers.get('content-disposition'), 'attachment; filename="statuto-del-comune-di-valdoria-2008-p2.bib"');
  for (const [target, status] of [['citation/doc', 404], ['citation/bib?page=999', 404], ['citation/bib?page=0', 400], ['citation/bib?page=x', 400]])
    assert.equal((await get(`/documents/${id}/${target}`)).status, status, target);
  assert.equal((await get('/documents/00000000000000000000/citation/bib')).status, 404);
});

// The names and contents of a page's meta elements.
function metadata(html) {
  const unescape = (value) => value.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&');
  return [...html.matchAll(/<meta name="([^"]+)" content="([^"]*)">/g)].map(([, name, content]) => [name, unescape(content)]);
}

test('the head says what Zotero and Google Scholar look for', async () => {
  const { id, title, body } = await statute();
  for (const [target, page] of [[`/documents/${id}?q=statuto`, 0], [`/documents/${id}/pages/2?q=statuto`, 2]]) {
    const html = await text(target);
    const found = metadata(html);
    const values = (name) => found.filter(([one]) => one === name).map(([, content]) => content);
    const address = `${house.address}/documents/${id}${page ? `/pages/${page}` : ''}`;
    assert.deepEqual(values('citation_title'), [title]);
    assert.deepEqual(values('citation_author'), [body]);
    assert.deepEqual(values('citation_publication_date'), ['2008']);
    assert.deepEqual(values('citation_language'), ['it']);
    assert.deepEqual(values('citation_pdf_url'), [`${house.address}/documents/${id}/file`]);
    assert.deepEqual(values('citation_abstract_html_url'), [address]);
    assert.deepEqual(values('citation_firstpage'), page ? ['2'] : []);
    assert.deepEqual(values('DC.title'), [title]);
    assert.deepEqual(values('DC.identifier'), [address]);
    assert.ok(html.includes(`<link rel="canonical" href="${address}">`), 'canonical, without the question');
    assert.match(html, /itemscope itemtype="https:\/\/schema\.org\/Legislation"/);
    assert.ok(html.includes(`<meta itemprop="name" content="${title}">`));
    for (const ending of ['bib', 'ris', 'json', 'txt']) assert.ok(html.includes(`/documents/${id}/citation/${ending}${page ? '?page=2' : ''}"`), ending);
    assert.ok(html.includes(`${address} (`) || html.includes(address));
  }
});

test('hostile titles stay text in the head, the panel and COinS', async () => {
  for (const { id } of (await house.search('', { collection: 'ostili', limit: 50 })).results) {
    const html = await text(`/documents/${id}`);
    const { body } = await house.get(`/api/v1/documents/${id}`);
    assert.deepEqual(metadata(html).filter(([name]) => name === 'citation_title').map(([, content]) => content), [body.title]);
    assert.doesNotMatch(html, /<b>e<\/b>/);
  }
  const list = await text('/search?collection=ostili');
  const spans = [...list.matchAll(/<span class="Z3988" title="([^"]*)"><\/span>/g)];
  assert.ok(spans.length >= 10);
  for (const [, title] of spans) {
    const pairs = new URLSearchParams(title.replace(/&amp;/g, '&'));
    assert.equal(pairs.get('ctx_ver'), 'Z39.88-2004');
    assert.equal(pairs.get('rft.genre'), 'report');
    assert.equal(pairs.get('rft.date'), '2015');
    const { body } = await house.get(`/api/v1${new URL(pairs.get('rft_id')).pathname}`);
    assert.equal(pairs.get('rft.btitle'), body.title.replace(/\s+/g, ' ').trim());
  }
});

test('lists link to their files and to the record', async () => {
  for (const [target, sort] of [['/search?q=acqua&kind=plan', null], ['/documents?kind=plan', 'title']]) {
    const html = await text(target);
    const links = [...html.matchAll(/href="(\/search(?:\.\w+|\/record)[^"]*)"/g)].map((found) => found[1].replace(/&amp;/g, '&'));
    for (const begin of ['/search.csv?', '/search.jsonl?', '/search.bib?', '/search.ris?', '/search/record?']) {
      const link = links.find((one) => one.startsWith(begin));
      assert.ok(link, `${begin} on ${target}`);
      const pairs = new URLSearchParams(link.slice(begin.length));
      assert.equal(pairs.get('q'), sort ? null : 'acqua');
      assert.equal(pairs.get('kind'), 'plan');
      assert.equal(pairs.get('sort'), sort);
      assert.equal((await get(link)).status, 200);
    }
    assert.ok(links.some((link) => link.includes('separator=semicolon')));
  }
  const nothing = await text('/search?q=zzzzzz');
  assert.doesNotMatch(nothing, /search\.csv/);
  assert.match(nothing, /search\/record/);
});

test('the record says what was searched for, what was found, and in which archive', async () => {
  const target = '?q=cooperazione+acqua&kind=plan&kind=programme&year_from=2010&sort=newest';
  const record = (await house.get(`/search/record.json${target}`)).body;
  const results = await all(target);
  assert.equal(record.counts.total, results.length);
  assert.equal(record.counts.partial, results.filter(({ partial }) => partial).length);
  assert.deepEqual(record.filters.kind, ['plan', 'programme']);
  assert.deepEqual([record.filters.year_from, record.filters.year_to, record.filters.language], [2010, null, []]);
  assert.equal(record.sort, 'newest');
  assert.equal(record.query.typed, 'cooperazione acqua');
  assert.ok(record.query.concepts[0].terms.some(({ term }) => term === 'cooperation'));
  // Counts are of the answer alone.
  const count = (of) => Object.fromEntries(record.counts[of].map(({ value, count }) => [value, count]));
  const expected = {};
  for (const { kind } of results) expected[kind] = (expected[kind] ?? 0) + 1;
  assert.deepEqual(count('kind'), expected);
  // The digest can be had by anybody from the ids.
  const ids = (await csv('')).map(({ id }) => id).sort();
  assert.equal(record.archive.digest, createHash('sha256').update(ids.map((id) => `${id}\n`).join('')).digest('hex'));
  assert.equal(record.archive.documents, ids.length);
  assert.ok(record.archive.revision > 0);
  // Its address repeats it.
  const again = new URL(record.repeats);
  assert.equal((await house.get(`/api/v1${again.pathname}${again.search}&limit=50`)).body.total, results.length);
});

test('the record lists what could not be searched, and reads in both languages', async () => {
  const record = (await house.get('/search/record.json')).body;
  const status = await house.status();
  assert.equal(record.unsearchable.count, status.failed);
  assert.equal(record.unsearchable.documents.length, status.failed);
  assert.match(record.unsearchable.documents[0].path, /SCAN_0047/);
  for (const [language, wanted] of [['it', ['Scheda della ricerca', 'Letto come', 'dal dizionario', 'SCAN_0047', 'Impronta', record.archive.digest]],
    ['en', ['Record of the search', 'Read as', 'from the dictionary', 'SCAN_0047', 'Digest', record.archive.digest]]]) {
    const plain = await text(`/search/record.txt?q=cooperazione&hl=${language}`);
    const html = await text(`/search/record?q=cooperazione&hl=${language}`);
    for (const word of wanted) {
      assert.ok(plain.includes(word), `${word} in ${plain}`);
      assert.ok(html.includes(word), `${word} on the page`);
    }
    assert.doesNotMatch(plain, /record_|\{\{|undefined/);
  }
  const literal = await text('/search/record.txt?q=cooperazione&translate=off&hl=en');
  assert.match(literal, /not searched for, by choice/);
  assert.doesNotMatch(literal, /from the dictionary/);
  const hostile = await text(`/search/record?q=${encodeURIComponent('<script>alert(1)</script>"\'')}`);
  assert.doesNotMatch(hostile, /<script>alert/);
  assert.equal((await get('/search/record?year_from=x')).status, 400);
});

// The last of this file: it changes the corpus.
test('the citation of a document that is gone says so, and of one that never was that', async () => {
  house.write('breve.txt', 'Un avviso che scompare, parola effimerissima.\n');
  await house.index();
  const { id } = (await house.search('effimerissima')).results[0];
  fs.rmSync(house.path('breve.txt'));
  await house.index();
  assert.equal((await house.get(`/documents/${id}/citation/bib`)).status, 410);
  assert.equal((await house.get(`/documents/${'0'.repeat(20)}/citation/bib`)).status, 404);
});
