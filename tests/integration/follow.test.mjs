// What programs follow the archive by: Atom feeds, the OpenSearch description, suggestions for
// browsers, sitemap, robots.txt. Held against schemas of ours, written from the specifications.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { House, root, samples } from './programs.mjs';

const house = new House();

before(async () => {
  fs.cpSync(path.join(samples, 'statuti'), house.path('statuti'), { recursive: true });
  fs.cpSync(path.join(samples, 'programmi'), house.path('programmi'), { recursive: true });
  await house.index();
  await house.serve();
});
after(() => house.close());

function check(xml, schema) {
  const { status, stderr } = spawnSync('xmllint', ['--nonet', '--noout', '--relaxng', path.join(root, 'tests/schemas', schema), '-'], { input: xml, encoding: 'utf8' });
  assert.equal(status, 0, `${stderr}\n${xml.slice(0, 2000)}`);
}

const unescaped = (text) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&');
const all = (xml, pattern) => [...xml.matchAll(pattern)].map((match) => unescaped(match[1]));

// fetch() always says the host itself.
function getAs(target, headers) {
  return new Promise((done, fail) => {
    const request = http.get(house.address + target, { headers }, async (response) => {
      done({ status: response.statusCode, headers: new Headers(response.headers), text: (await response.setEncoding('utf8').toArray()).join('') });
    });
    request.on('error', fail);
  });
}

async function feed(target, headers = {}) {
  const answer = headers.host ? await getAs(target, headers) : await house.get(target, headers);
  assert.equal(answer.status, 200, target);
  assert.equal(answer.headers.get('content-type'), 'application/atom+xml; charset=utf-8');
  check(answer.text, 'atom.rng');
  const [head, ...entries] = answer.text.split('<entry>');
  return {
    ...answer,
    id: all(head, /<id>([^<]*)/g)[0],
    title: all(head, /<title>([^<]*)/g)[0],
    updated: all(head, /<updated>([^<]*)/g)[0],
    self: all(head, /rel="self"[^>]*href="([^"]*)/g)[0],
    page: all(head, /rel="alternate"[^>]*href="([^"]*)/g)[0],
    language: head.match(/xml:lang="([^"]*)/)[1],
    entries: entries.map((entry) => ({
      id: all(entry, /<id>([^<]*)/g)[0],
      title: all(entry, /<title[^>]*>([^<]*)/g)[0],
      updated: all(entry, /<updated>([^<]*)/g)[0],
      link: all(entry, /rel="alternate"[^>]*href="([^"]*)/g)[0],
      file: all(entry, /rel="enclosure"[^>]*href="([^"]*)/g)[0],
      summary: all(entry, /<summary[^>]*>([^<]*)/g)[0],
      language: entry.match(/<summary xml:lang="([^"]*)/)[1],
      categories: all(entry, /term="([^"]*)/g),
      author: all(entry, /<author><name>([^<]*)/g)[0],
    })),
  };
}

test('new documents: all that is searchable, what came last first', async () => {
  const { entries, updated, id, headers } = await feed('/feed.atom');
  const { documents, total } = (await house.get('/api/v1/documents?limit=100')).body;
  assert.equal(entries.length, total);
  assert.deepEqual(entries.map(({ title }) => title).sort(), documents.map(({ title }) => title).sort());
  const times = entries.map((entry) => entry.updated);
  assert.deepEqual(times, [...times].sort().reverse());
  assert.equal(updated, times[0]);
  assert.equal(headers.get('last-modified'), new Date(updated).toUTCString());
  assert.equal(new Set(entries.map((entry) => entry.id)).size, entries.length);
  assert.match(id, /^urn:uuid:/);
});

test('an entry says what a reader wants to know, and leads to the document', async () => {
  const { entries } = await feed('/feed.atom?hl=it');
  const entry = entries.find(({ title }) => title === 'Statuto del Comune di Valdoria');
  assert.equal(entry.author, 'Comune di Valdoria');
  assert.ok(entry.categories.includes('statute'));
  assert.match(entry.summary, /^Statuto\. Comune di Valdoria\. 2008\. \d+ pagine\.$/);
  const page = await fetch(entry.link);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /Statuto del Comune di Valdoria/);
  assert.equal((await fetch(entry.file)).headers.get('content-type'), 'application/pdf');
  // The id is the content's hash, which the file itself proves.
  const bytes = new Uint8Array(await (await fetch(entry.file)).arrayBuffer());
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('base64url');
  assert.equal(entry.id, `ni:///sha-256;${digest}`);
});

test('a search: its documents, the passages that answer, links that keep the question', async () => {
  const { entries, title, page, self } = await feed('/search.atom?q=cooperazione+decentrata&kind=statute&hl=en');
  const { results } = await house.search('cooperazione decentrata', { kind: 'statute', limit: 100 });
  const whole = results.filter((result) => !result.partial);
  assert.ok(entries.length > 0);
  assert.deepEqual(entries.map((entry) => entry.title).sort(), whole.map((result) => result.title).sort());
  assert.equal(title, 'Schedario: search for “cooperazione decentrata”');
  for (const entry of entries) {
    assert.match(entry.summary, /^Page \d+: .*(coop|decentr)/i);
    assert.equal(new URL(entry.link).searchParams.get('q'), 'cooperazione decentrata');
  }
  assert.equal(self, `${house.address}/search.atom?q=cooperazione%20decentrata&kind=statute&hl=en`);
  assert.equal((await fetch(page)).status, 200);
  assert.match(page, /\/search\?.*sort=added/);
});

test('documents that lack words of the question are nobody’s news', async () => {
  const { results, partial } = await house.search('partenariato qwertyuiop statuto');
  assert.ok(partial > 0 && results.every((result) => result.partial));
  const { entries, text } = await feed('/search.atom?q=partenariato+qwertyuiop+statuto');
  assert.equal(entries.length, 0);
  assert.match(text, /totalResults>0</);
});

test('filters narrow a feed, and belong to its id; the language and the host do not', async () => {
  const plain = await feed('/search.atom?q=comune');
  const narrowed = await feed('/search.atom?q=comune&language=en');
  assert.ok(narrowed.entries.length < plain.entries.length);
  assert.notEqual(plain.id, narrowed.id);
  assert.notEqual(plain.id, (await feed('/search.atom?q=comuni')).id);
  assert.notEqual(plain.id, (await feed('/feed.atom')).id);
  assert.equal(plain.id, (await feed('/search.atom?hl=en&q=comune')).id);
  assert.equal(plain.id, (await feed('/search.atom?q=comune&sort=title&page=2&limit=1')).id);
  const elsewhere = await feed('/search.atom?q=comune', { host: 'localhost:80' });
  assert.equal(elsewhere.self, 'http://localhost/search.atom?q=comune');
  assert.equal(plain.id, elsewhere.id);
  assert.deepEqual(plain.entries.map(({ id }) => id), elsewhere.entries.map(({ id }) => id));
});

test('the reader’s language', async () => {
  assert.equal((await feed('/feed.atom', { 'accept-language': 'en' })).language, 'en');
  assert.equal((await feed('/feed.atom', { 'accept-language': 'it' })).language, 'it');
  assert.equal((await feed('/feed.atom?hl=it', { 'accept-language': 'en' })).language, 'it');
  assert.equal((await feed('/feed.atom?hl=en')).title, 'Schedario: new documents');
});

test('hostile words are words', async () => {
  for (const typed of ['<![CDATA[x]]>', '"/><script>', '&amp; &#0;', "'", '\u0001\u001b', '\uffff\ufffe', '😀', 'x'.repeat(1900)]) {
    const { title } = await feed(`/search.atom?q=${encodeURIComponent(typed)}&hl=it`);
    assert.equal(title, `Schedario: ricerca «${typed.replace(/[\u0001\u001b\ufffe\uffff]/g, '\ufffd')}»`);
  }
});

test('what did not change is not sent again; what cannot be is refused', async () => {
  const tag = (await feed('/search.atom?q=comune')).headers.get('etag');
  assert.equal((await house.get('/search.atom?q=comune', { 'if-none-match': tag })).status, 304);
  assert.equal((await house.get('/search.atom?q=comune&kind=poem')).status, 400);
  assert.equal((await house.get('/search.atom?year_from=soon')).status, 400);
});

test('a new document is a new entry, and a changed one no second', async () => {
  const before = await feed('/search.atom?q=zibaldone');
  assert.equal(before.entries.length, 0);
  house.write('nuovo.txt', 'Uno zibaldone di pensieri sul comune e sulla sua fontana.\n');
  await house.index();
  const one = await feed('/search.atom?q=zibaldone');
  assert.equal(one.entries.length, 1);
  assert.notEqual(one.headers.get('etag'), before.headers.get('etag'));
  fs.renameSync(house.path('nuovo.txt'), house.path('rinominato.txt'));
  await house.index();
  const { entries } = await feed('/search.atom?q=zibaldone');
  assert.deepEqual(entries.map(({ id }) => id), one.entries.map(({ id }) => id));
});

test('pages tell of their feeds, and show the link', async () => {
  for (const [target, href] of [['/', '/feed.atom'], ['/documents?kind=plan&page=2', '/feed.atom?kind=plan'],
    ['/search?q=comune&kind=statute&sort=title&page=2', '/search.atom?q=comune&kind=statute'], ['/search?q=comune&translate=off&hl=en', '/search.atom?q=comune&translate=off&hl=en']]) {
    const { text } = await house.get(target);
    const link = all(text, /<link rel="alternate" type="application\/atom\+xml"[^>]*href="([^"]*)"/g);
    assert.deepEqual(link, [href], target);
    await feed(href);
    if (target !== '/') assert.ok(all(text, /<a href="([^"]*)"/g).includes(href), target);
  }
  assert.match((await house.get('/search?q=comune&hl=it')).text, />Segui questa ricerca</);
  assert.match((await house.get('/search?q=comune&hl=en')).text, />Follow this search</);
});

test('the OpenSearch description leads to answers of each kind', async () => {
  for (const language of ['it', 'en']) {
    const page = (await house.get('/help', { 'accept-language': language })).text;
    const [href] = all(page, /<link rel="search" type="application\/opensearchdescription\+xml"[^>]*href="([^"]*)"/g);
    assert.equal(href, `/opensearch.xml?hl=${language}`);
    const { text, headers } = await house.get(href);
    assert.equal(headers.get('content-type'), 'application/opensearchdescription+xml; charset=utf-8');
    check(text, 'opensearch.rng');
    assert.match(text, new RegExp(`<Language>${language}</Language>`));
    const urls = [...text.matchAll(/<Url type="([^"]*)"[^>]*template="([^"]*)"/g)];
    assert.equal(urls.length, 4);
    for (const [, type, template] of urls)
      for (const page of ['', '2']) {
        const target = unescaped(template).replace('{searchTerms}', encodeURIComponent('acqua & città')).replace('{startPage?}', page);
        const answer = await fetch(target);
        assert.equal(answer.status, 200, target);
        assert.equal(answer.headers.get('content-type').split(';')[0], type);
      }
    for (const image of all(text, /<Image[^>]*>([^<]*)/g)) assert.equal((await fetch(image)).status, 200, image);
  }
});

test('suggestions as browsers want them', async () => {
  const { headers, text } = await house.get('/suggest.json?q=coop');
  assert.equal(headers.get('content-type'), 'application/x-suggestions+json');
  const [typed, texts] = JSON.parse(text);
  assert.equal(typed, 'coop');
  assert.ok(texts.length > 2 && texts.every((one) => typeof one === 'string'));
  assert.deepEqual(texts, (await house.get('/api/v1/suggest?q=coop')).body.suggestions.map((one) => one.text));
  assert.deepEqual(JSON.parse((await house.get('/suggest.json')).text), ['', []]);
});

test('the sitemap lists every document once, in each language', async () => {
  const { headers, text } = await house.get('/sitemap.xml');
  assert.equal(headers.get('content-type'), 'application/xml; charset=utf-8');
  check(text, 'sitemap.rng');
  const { documents } = (await house.get('/api/v1/documents?limit=100')).body;
  const listed = all(text, /<loc>([^<]*)/g);
  assert.deepEqual(listed.map((url) => url.replace(`${house.address}/documents/`, '')).sort(), documents.map(({ id }) => id).sort());
  assert.equal(all(text, /hreflang="en" href="([^"]*)"/g).length, listed.length);
  for (const url of [listed[0], ...all(text, /href="([^"]*)"/g).slice(0, 3)]) assert.equal((await fetch(url)).status, 200);
  assert.equal((await house.get('/sitemap.xml?part=1')).status, 200);
  assert.equal((await house.get('/sitemap.xml?part=2')).status, 404);
  assert.equal((await house.get('/sitemap.xml?part=x')).status, 400);
});

// RFC 9309, 2.2: of the rules that fit, the longest counts; where two are as long, the one that allows.
function isAllowed(robots, target) {
  const rules = [...robots.matchAll(/^(Allow|Disallow): (\S+)$/gm)].map(([, verb, pattern]) => ({
    allows: verb === 'Allow', length: pattern.length,
    fits: new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.?+^$()[\]{}|\\]/g, '\\$&')).join('.*')}`),
  }));
  const [best] = rules.filter(({ fits }) => fits.test(target)).sort((a, b) => b.length - a.length || b.allows - a.allows);
  return !best || best.allows;
}

test('robots: documents and pages are welcome, questions and what is made of them are not', async () => {
  const { headers, text } = await house.get('/robots.txt');
  assert.equal(headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.match(text, new RegExp(`^Sitemap: ${house.address}/sitemap\\.xml$`, 'm'));
  const id = '0123456789abcdef0123';
  for (const target of ['/', '/?hl=en', '/documents', '/documents?hl=en', `/documents/${id}`, `/documents/${id}?hl=en`, `/documents/${id}/pages/3`,
    `/documents/${id}/pages/3?hl=it`, `/documents/${id}/pages/3.png`, `/documents/${id}/file`, '/browse', '/browse?hl=en', '/sitemap.xml?part=2', '/help', '/privacy', '/accessibility', '/assets/x/style.css', '/sitemap.xml'])
    assert.ok(isAllowed(text, target), target);
  for (const target of ['/search', '/search?q=x', '/search?hl=en&q=x', '/search.atom?q=x', '/feed.atom', '/feed.atom?kind=plan', '/documents?kind=plan', '/documents?page=2&kind=plan',
    '/documents?sort=added', `/documents/${id}?q=x`, `/documents/${id}?hl=en&q=x`, `/documents/${id}/pages/3?q=x`, `/documents/${id}/pages/3.png?width=800&q=x`, `/documents/${id}/pages/3.png?width=200`,
    '/search.csv?q=x', '/search/record?q=x', '/browse/kind', '/browse/kind?hl=en', `/documents/${id}/citation/ris`, `/documents/${id}/sidecar`, `/documents/${id}/pages/3?view=text`, `/documents/${id}?hl=en&from=search`, '/status.atom', '/feed.atom?hl=en', '/api/v1/search?q=x', '/status', '/status?state=failed', '/suggest.json?q=x'])
    assert.ok(!isAllowed(text, target), target);
});

test('with --url, all addresses are the site’s, whatever the client calls it', async () => {
  const other = new House();
  try {
    other.write('uno.txt', 'Un documento del comune.\n');
    await other.index();
    await other.serve('--url', 'https://Archivio.Example/', '--contact', 'archivio@comune.example');
    for (const [target, schema] of [['/feed.atom', 'atom.rng'], ['/search.atom?q=comune', 'atom.rng'], ['/opensearch.xml', 'opensearch.rng'], ['/sitemap.xml', 'sitemap.rng']]) {
      const { text } = await other.get(target);
      check(text, schema);
      const addresses = all(text, /(?:href|template)="(http[^"]*)"/g).concat(all(text, /<(?:loc|icon|Image[^>]*)>([^<]*)/g));
      assert.ok(addresses.length > 0);
      for (const address of addresses) assert.ok(address.startsWith('https://archivio.example/'), address);
    }
    assert.match((await other.get('/robots.txt')).text, /Sitemap: https:\/\/archivio\.example\/sitemap\.xml/);
    assert.match((await other.get('/opensearch.xml')).text, /<Contact>archivio@comune\.example<\/Contact>/);
  } finally {
    await other.close();
  }
});
