// Every JSON answer is held against the description that the server gives of itself.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { House } from './programs.mjs';

const require = createRequire(import.meta.url);
const Ajv = require('ajv'); // Debian's node-ajv; tests/run says where it stands
const house = new House();
let description;
let check;

before(async () => {
  for (const sample of [
    'statuti/statuto-comune-valdoria.pdf',
    'programmi/Programma cooperazione 2021-2023.pdf',
    'programmi/en/Cooperation programme 2021-2023.pdf',
    'programmi/protocollo-intesa_Portalba-Sidi-Marzouk.pdf',
    'statuti/scansioni/SCAN_0047.pdf',
  ])
    house.copySample(sample, sample);
  house.write('statuti/statuto-comune-valdoria.pdf.ini', '[document]\nyear=soon\n');
  assert.equal((await house.index()).code, 1);
  await house.serve();
  description = (await house.get('/api/v1/openapi.json')).body;
  const ajv = new Ajv({ allErrors: true, schemaId: 'auto', unknownFormats: 'ignore' });
  ajv.addSchema({ $id: 'api', components: description.components });
  // The description's "#/components/..." references are resolved within it.
  check = (schema, value) => {
    const valid = ajv.validate({ $ref: `api${schema}` }, value);
    assert.ok(valid, `${schema}: ${ajv.errorsText()}\n${JSON.stringify(value).slice(0, 400)}`);
  };
});
after(() => house.close());

// The schema that the description gives for an answer.
function schemaOf(route, status) {
  let response = description.paths[route].get.responses[status];
  assert.ok(response, `${route} describes ${status}`);
  if (response.$ref) response = description.components.responses[response.$ref.split('/').pop()];
  return Object.entries(response.content)[0];
}

async function ask(route, target, status) {
  const answer = await house.get(`/api/v1${target}`);
  assert.equal(answer.status, status, `${target}: ${answer.text.slice(0, 300)}`);
  const [type, { schema }] = schemaOf(route, String(status));
  assert.equal(answer.headers.get('content-type').split(';')[0], type);
  check(schema.$ref, answer.body);
  return answer.body;
}

test('the description is OpenAPI 3.1 and names every route of the API', () => {
  assert.equal(description.openapi, '3.1.0');
  assert.deepEqual(Object.keys(description.paths), ['/search', '/documents', '/documents/{id}', '/documents/{id}/similar', '/documents/{id}/pages/{n}', '/documents/{id}/pages/{n}/boxes', '/suggest', '/files', '/status']);
});

test('searches', async () => {
  for (const query of ['', '?q=', '?q=cooperazione', '?q=cooperation&language=en', '?q=%22consiglio+comunale%22&limit=2&offset=1',
    '?kind=statute&kind=programme', '?collection=programmi', '?year_from=2000&year_to=2030', '?sort=newest', '?sort=title&limit=0',
    '?q=-cooperazione', '?q=((((', '?q=%00', '?q=kind:statute%20OR%20lang:en', `?q=${'parola%20'.repeat(500)}`, '?q=zzzzzz&offset=5',
    '?q=cooperazione&translate=off', '?q=fiumi+acqua&explain=1', '?q=comune+qwertyuiop&explain=1', '?q=lang:de+kind:poem+tema:cani+year:2020..2015',
    '?q=comune+NEAR/500+statuto', '?explain=1', '?q=-cooperazione&explain=1', '?q=resilience+plan+of+the+municipality+for+water+and+qwertyuiop'])
    await (query === '?q=%00' ? ask('/search', `/search${query}`, 400) : ask('/search', `/search${query}`, 200));
});

test('an answer that did not change is not sent again, however long it took', async () => {
  const target = '/api/v1/search?q=cooperazione&limit=3';
  for (const headers of [{ 'accept-encoding': 'identity' }, { 'accept-encoding': 'gzip' }]) {
    const first = await house.get(target, headers);
    const tag = first.headers.get('etag');
    assert.match(tag, /^W\/"/);
    assert.ok(first.body.took_ms > 0);
    const again = await house.get(target, { ...headers, 'if-none-match': tag });
    assert.equal(again.status, 304);
    assert.equal(again.text, '');
    const other = await house.get(`${target}&offset=1`, { ...headers, 'if-none-match': tag });
    assert.equal(other.status, 200);
  }
});

test('search answers count what they list', async () => {
  const first = await ask('/search', '/search?q=comune&limit=1', 200);
  assert.equal(first.results.length, 1);
  const rest = await ask('/search', '/search?q=comune&limit=100&offset=1', 200);
  assert.equal(rest.results.length, first.total - 1);
  assert.ok(!rest.results.some((result) => result.id === first.results[0].id));
});

test('passages: matches are whole words of the page, and the page is there', async () => {
  const { results } = await ask('/search', '/search?q=cooperazioni+OR+municipality&translate=off', 200);
  assert.ok(results.length >= 3);
  for (const result of results)
    for (const hit of result.hits) {
      const page = await ask('/documents/{id}/pages/{n}', `/documents/${result.id}/pages/${hit.page}`, 200);
      const text = page.text.replace(/\s+/g, ' ');
      for (const segment of hit.passage.filter((part) => part.match)) {
        assert.ok(text.includes(segment.text), segment.text);
        assert.match(segment.text, /^(cooper|municip)/i); // cooperare, municipal: the same stems
      }
    }
});

test('did you mean: a link that never replaces the question', async () => {
  const wrong = await ask('/search', '/search?q=cooperazone+%22statutto%22', 200);
  assert.equal(wrong.query.typed, 'cooperazone "statutto"');
  assert.equal(wrong.did_you_mean.text, 'cooperazione "statutto"');
  assert.equal((await house.get(wrong.did_you_mean.url)).status, 200);
  for (const right of ['', 'cooperazione', '125/2013', '"cooperazone"', 'title:cooperazone'])
    assert.equal((await ask('/search', `/search?q=${encodeURIComponent(right)}`, 200)).did_you_mean, null, right);
  const page = await house.get('/search?q=cooperazone&kind=statute&hl=en');
  assert.match(page.text, /Did you mean <a href="\/search\?q=cooperazione&amp;kind=statute&amp;hl=en">cooperazione<\/a>\?/);
});

test('suggestions: of every kind, none twice, each with an address that answers', async () => {
  const kinds = new Set();
  for (const typed of ['co', 'coop', 'COMUNE DI V', 'statuto val', 'cooperazione dec', 'citt', 'mun']) {
    const { suggestions } = await ask('/suggest', `/suggest?q=${encodeURIComponent(typed)}`, 200);
    assert.ok(suggestions.length > 0, typed);
    assert.equal(new Set(suggestions.map(({ kind, text }) => `${kind} ${text}`)).size, suggestions.length);
    for (const { kind, url } of suggestions) {
      kinds.add(kind);
      assert.equal((await house.get(url)).status, 200, url);
    }
  }
  assert.deepEqual([...kinds].sort(), ['body', 'term', 'title', 'word']);
  for (const nothing of ['', 'c', '((((', '"', 'zzzzqq', 'x'.repeat(300), '\u0001co', 'coop*'])
    assert.deepEqual((await ask('/suggest', `/suggest?q=${encodeURIComponent(nothing)}`, 200)).suggestions, [], nothing);
  assert.equal((await ask('/suggest', '/suggest?q=co&limit=3', 200)).suggestions.length, 3);
  await ask('/suggest', '/suggest?q=co&limit=11', 400);
  await ask('/suggest', '/suggest?q=co&colour=red', 400);
});

test('unknown and impossible values are refused by name', async () => {
  for (const [query, name] of [['limit=101', 'limit'], ['limit=-1', 'limit'], ['limit=ten', 'limit'], ['offset=1e3', 'offset'],
    ['translate=no', 'translate'], ['explain=yes', 'explain'], ['language=fr', 'language'], ['kind=poem', 'kind'], ['sort=random', 'sort'], ['year_from=0x10', 'year_from']]) {
    const problem = await ask('/search', `/search?${query}`, 400);
    assert.match(problem.detail, new RegExp(name));
  }
  await ask('/search', '/search?colour=red', 400);
});

test('documents and pages', async () => {
  const list = await ask('/documents', '/documents?limit=100', 200);
  assert.equal(list.total, list.documents.length);
  for (const { id, pages } of list.documents) {
    await ask('/documents/{id}', `/documents/${id}`, 200);
    for (const n of [1, pages]) {
      const page = await ask('/documents/{id}/pages/{n}', `/documents/${id}/pages/${n}?q=comune+municipality`, 200);
      assert.equal(page.runs.map((run) => run.segments.map((segment) => segment.text).join('')).join(''), page.text);
      let at = 0;
      for (const run of page.runs) {
        assert.equal(run.start, at);
        at += run.length;
      }
      assert.equal(at, [...page.text].length);
    }
    await ask('/documents/{id}/pages/{n}', `/documents/${id}/pages/${pages + 1}`, 404);
    await ask('/documents/{id}/pages/{n}', `/documents/${id}/pages/0`, 404);
  }
  for (const id of ['x', '0'.repeat(20), 'Z'.repeat(20)]) await ask('/documents/{id}', `/documents/${id}`, 404);
  const inCollection = await ask('/documents', '/documents?collection=statuti', 200);
  assert.ok(inCollection.total >= 1 && inCollection.documents.every((document) => document.collection.startsWith('statuti')));
});

test('similar documents: a programme finds itself in the other language, and none finds itself', async () => {
  const { documents } = await ask('/documents', '/documents?limit=100', 200);
  for (const { id } of documents) {
    const similar = await ask('/documents/{id}/similar', `/documents/${id}/similar?limit=20`, 200);
    assert.equal(similar.document, id);
    assert.ok(!similar.documents.some((one) => one.id === id));
    const likeness = similar.documents.map((one) => one.likeness);
    assert.deepEqual(likeness, likeness.toSorted((a, b) => b - a));
  }
  const idOf = (path) => documents.find((one) => one.path === path).id;
  const italian = idOf('programmi/Programma cooperazione 2021-2023.pdf');
  const english = idOf('programmi/en/Cooperation programme 2021-2023.pdf');
  for (const [from, to] of [[italian, english], [english, italian]]) {
    const { limit, documents: [first] } = await ask('/documents/{id}/similar', `/documents/${from}/similar`, 200);
    assert.equal(limit, 10);
    assert.equal(first.id, to);
    assert.equal((await house.get(first.url)).status, 200);
  }
  await ask('/documents/{id}/similar', `/documents/${italian}/similar?limit=21`, 400);
  await ask('/documents/{id}/similar', `/documents/${italian}/similar?q=x`, 400);
  await ask('/documents/{id}/similar', `/documents/${'0'.repeat(20)}/similar`, 404);
});

test('a scan is a document that cannot be searched, and says so', async () => {
  const { failures } = await ask('/status', '/status', 200);
  assert.deepEqual(failures.map((entry) => [entry.path, entry.reason]).sort(), [['statuti/scansioni/SCAN_0047.pdf', 'no-text'], ['statuti/statuto-comune-valdoria.pdf.ini', 'sidecar']]);
});

test('files, and what became of each', async () => {
  const { total, files, outcomes } = await ask('/files', '/files', 200);
  assert.equal(total, 6);
  assert.deepEqual([outcomes.indexed, outcomes.scan, outcomes['sidecar-fault']], [4, 1, 1]);
  assert.equal(files.length, 6);
  for (const [query, count] of [['?state=failed', 2], ['?outcome=scan', 1], ['?folder=statuti', 3], ['?q=programm', 3], ['?limit=1&offset=5', 1], ['?limit=0', 0]])
    assert.equal((await ask('/files', `/files${query}`, 200)).files.length, count, query);
  for (const query of ['?state=x', '?outcome=x', '?limit=101', '?offset=-1', '?x=y']) await ask('/files', `/files${query}`, 400);
  const { indexer } = await ask('/status', '/status', 200);
  assert.equal(indexer.running, false);
  assert.equal(indexer.work.done, 6);
});

test('errors have one shape, everywhere under /api', async () => {
  for (const [target, status] of [['/api/v1/nothing', 404], ['/api/', 404], ['/api/v1/search?q=%zz', 400]]) {
    const answer = await house.get(target);
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get('content-type').split(';')[0], 'application/problem+json');
    check('#/components/schemas/Problem', answer.body);
    assert.equal(answer.body.status, status);
  }
  const post = await fetch(`${house.address}/api/v1/search`, { method: 'POST', body: 'x' });
  assert.ok([405, 413].includes(post.status));
  check('#/components/schemas/Problem', await post.json());
});

test('originals go out fenced, and nothing from outside the corpus', async () => {
  const { results } = await house.search('statuto kind:statute');
  const answer = await fetch(`${house.address}/documents/${results[0].id}/file`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/pdf');
  assert.match(answer.headers.get('content-security-policy'), /default-src 'none'/);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(Buffer.from(await answer.arrayBuffer()).subarray(0, 5).toString(), '%PDF-');
  for (const target of ['/assets/x/..%2f..%2fMakefile', '/assets/x/%2e%2e%2fmessages%2fit.ini', '/documents/..%2f..%2fetc%2fpasswd/file'])
    assert.ok([400, 404].includes((await house.get(target)).status), target);
});
