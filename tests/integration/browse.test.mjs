// Result lists, browsing and the start page over HTTP: what pages show is what the API answers, each
// link keeps the state of its list, and what is counted is what is found.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { House, samples } from './programs.mjs';

const house = new House();
const MANY = 45;

before(async () => {
  fs.cpSync(samples, house.corpus, { recursive: true });
  for (let i = 0; i < MANY; i++) {
    const name = `serie/cartella ${i % 4}/foglio-${i}.txt`;
    house.write(name, `Foglio numero ${i} della serie: parole sulla raccolta dei fogli del comune.\n`);
    house.write(`${name}.ini`, `[document]\ntitle=${['Lo ', 'Il ', '“', '«', ''][i % 5]}${String.fromCharCode(65 + (i % 20))}foglio ${i}\nbody=Ente ${i}\nyear=${1950 + i}\nkind=plan\n`);
  }
  await house.index();
  await house.serve();
});
after(() => house.close());

const unescaped = (text) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&');
const page = async (target, status = 200) => {
  const answer = await house.get(`${target}${target.includes('?') ? '&' : '?'}hl=it`);
  assert.equal(answer.status, status, target);
  return answer.text;
};
// The links of a part of a page: [address, text].
const links = (html, from = '', to = '') => {
  const start = from ? html.indexOf(from) : 0;
  assert.ok(start >= 0, from);
  const part = html.slice(start, to ? html.indexOf(to, start) : undefined);
  return [...part.matchAll(/<a [^>]*?href="([^"]*)"[^>]*>(.*?)<\/a>/gs)].map(([, address, text]) => [unescaped(address), unescaped(text.replace(/<[^>]*>/g, '')).trim()]);
};
const titles = (html) => links(html, 'id="results"').filter(([address]) => /^\/documents\/[0-9a-f]{20}/.test(address)).map(([, text]) => text);
const heading = (html) => unescaped(html.match(/<h1[^>]*>(.*?)<\/h1>/s)[1]);
// How many documents a list says there are.
const total = (html) => Number((html.match(/<title>(?:[^<]*: )?([\d.]+) document/) || [0, '0'])[1].replace('.', ''));
const plain = (address) => address.replace(/[?&]hl=it(?=&|#|$)/, (found) => (found[0] === '?' ? '?' : '')).replace('?&', '?').replace(/\?(?=#|$)/, '');

test('an "or" within a facet, an "and" between facets', async () => {
  const count = async (more) => (await house.get(`/api/v1/search?limit=0&${more}`)).body.total;
  const [statute, plan, both] = [await count('kind=statute'), await count('kind=plan'), await count('kind=statute&kind=plan')];
  assert.ok(statute > 0 && plan > 0);
  assert.equal(both, statute + plan);
  const italian = await count('language=it');
  const narrowed = await count('kind=statute&kind=plan&language=it');
  assert.ok(narrowed <= Math.min(both, italian) && narrowed > 0);
  assert.equal(total(await page('/documents?kind=statute&kind=plan&language=it')), narrowed);
});

test('five values of a facet, then more; a chosen one is always shown', async () => {
  const html = await page('/documents');
  const body = html.slice(html.indexOf('<legend>Ente</legend>'));
  assert.equal(body.slice(0, body.indexOf('<details')).match(/type="checkbox"/g).length, 5);
  assert.match(body, /<summary>Altri 25<\/summary>/);
  const [[all, label]] = links(body, 'class="facet-all"', '</p>');
  assert.equal(plain(all), '/browse/body');
  const { facets } = (await house.get('/api/v1/search?limit=0')).body;
  assert.equal(label, `Tutti i valori (${facets.body.length})`);
  const last = facets.body.at(-1).value;
  const chosen = await page(`/documents?body=${encodeURIComponent(last)}`);
  assert.match(chosen.slice(chosen.indexOf('<legend>Ente</legend>')).split('<details')[0], /checked/);
});

test('every filter can be taken off, alone and all at once', async () => {
  const html = await page('/documents?kind=plan&kind=statute&language=it&year_from=1950&year_to=2020&sort=newest&size=20');
  const chips = links(html, 'class="chips"', '</div>').map(([address]) => plain(address));
  assert.deepEqual(chips, [
    '/documents?kind=plan&kind=statute&year_from=1950&year_to=2020&sort=newest&size=20',
    '/documents?language=it&kind=statute&year_from=1950&year_to=2020&sort=newest&size=20',
    '/documents?language=it&kind=plan&year_from=1950&year_to=2020&sort=newest&size=20',
    '/documents?language=it&kind=plan&kind=statute&sort=newest&size=20',
    '/documents?sort=newest&size=20',
  ]);
});

test('years: bars that are links, whose numbers are those of the lists they lead to', async () => {
  for (const target of ['/documents', '/browse/year', '/', '/search?q=comune', '/search?q=foglio&year_from=1950&year_to=1958']) {
    const bars = links(await page(target), 'class="bars"', '</ol>');
    assert.ok(bars.length >= 1, target);
    for (const [address, text] of bars) {
      const [, from, to, n] = text.match(/^(\d{4})(?:–(\d{4}))?: ([\d.]+) document/);
      assert.match(address, new RegExp(`year_from=${from}&year_to=${to ?? from}(&|$)`));
      assert.equal(total(await page(plain(address))), Number(n), `${target}: ${text}`);
    }
  }
  const close = links(await page('/search?q=foglio&year_from=1950&year_to=1958'), 'class="bars"', '</ol>').map(([, text]) => text.slice(0, 4));
  assert.deepEqual(close, ['1950', '1951', '1952', '1953', '1954', '1955', '1956', '1957', '1958']);
});

test('page size: kept in every link, with all documents once', async () => {
  const first = await page('/documents?size=50&kind=plan');
  assert.equal(titles(first).length, Math.min(50, total(first)));
  for (const size of [10, 20, 50]) {
    const seen = [];
    for (let next = `/search?q=foglio&size=${size}`; next;) {
      const html = await page(next);
      seen.push(...titles(html).filter((text) => !/^Pag\./.test(text)));
      const follow = links(html).find(([, text]) => text === 'Successiva');
      next = follow && plain(follow[0]);
      if (next) assert.match(next, new RegExp(`size=${size}(&|$)`));
    }
    assert.equal(new Set(seen).size, MANY);
    assert.equal(seen.length, MANY);
  }
  await page('/search?q=foglio&size=30', 400);
});

test('each result says how large its file is, as the API does', async () => {
  const [result] = (await house.search('statuto', { limit: 1 })).results;
  const path = result.path;
  assert.equal(result.size_bytes, fs.statSync(house.path(path)).size);
  assert.match(result.indexed, /^20\d\d-/);
  assert.match(await page('/search?q=statuto'), /<li>[\d,]+ kB<\/li>/);
});

test('from A to Z: articles and quotation marks do not count, letters jump', async () => {
  const seen = [];
  for (let number = 1; ; number++) {
    const html = await page(`/documents?page=${number}&size=20&collection=serie`);
    const found = titles(html);
    if (found.length === 0) break;
    seen.push(...found);
  }
  assert.equal(seen.length, MANY);
  const keys = seen.map((title) => title.replace(/^(Lo |Il |“|«)/, '').toLowerCase());
  assert.deepEqual(keys, [...keys].sort((a, b) => (a < b ? -1 : 1)));
  const letters = links(await page('/documents?size=20&collection=serie'), 'class="letters"', '</nav>');
  assert.equal(letters.length, 20);
  for (const [address, text] of letters) {
    const letter = text.at(-1);
    const [target, mark] = address.split('#');
    const html = await page(plain(target));
    assert.equal(mark, `letter-${letter.toLowerCase()}`);
    const at = html.indexOf(`id="${mark}"`);
    assert.ok(at > 0, address);
    assert.equal(links(html.slice(at))[0][1].replace(/^(Lo |Il |“|«)/, '')[0], letter);
    assert.match(target, /collection=serie&size=20/);
  }
  const { letters: counted } = (await house.get('/api/v1/search?sort=title&collection=serie&limit=0')).body;
  assert.equal(counted.reduce((sum, { count }) => sum + count, 0), MANY);
  assert.deepEqual(counted.map(({ offset }) => offset), counted.map((_, i) => counted.slice(0, i).reduce((sum, { count }) => sum + count, 0)));
});

test('new arrivals: the last first, with the day', async () => {
  await new Promise((done) => setTimeout(done, 1100)); // a later second
  house.write('arrivo.txt', 'Questo documento è arrivato per ultimo, con la parola arrivatissimo.\n');
  house.write('arrivo.txt.ini', '[document]\ntitle=Arrivato per ultimo\n');
  await house.index();
  for (const target of ['/documents?sort=added', '/']) {
    const html = await page(target);
    assert.match(html, /Aggiunto il \d+º? [a-z]+ \d{4}/);
    assert.ok(html.indexOf('Arrivato per ultimo') > 0, target);
  }
  assert.equal(titles(await page('/documents?sort=added'))[0], 'Arrivato per ultimo');
  assert.equal((await house.search('', { sort: 'added', limit: 1 })).results[0].title, 'Arrivato per ultimo');
});

for (const facet of ['body', 'kind', 'theme', 'area', 'language'])
  test(`browse by ${facet}: all values, each with its documents`, async () => {
    const counted = (await house.get('/api/v1/search?limit=0')).body.facets[facet];
    const seen = [];
    for (let number = 1; ; number++) {
      const html = await page(`/browse/${facet}?page=${number}`);
      const start = html.indexOf('class="shelf values"');
      if (start < 0) break;
      for (const [, address, n] of html.slice(start).matchAll(/<a href="([^"]*)"[^>]*>.*?<\/a> <span class="facet-count">([\d.]+)<\/span>/g))
        seen.push([new URL(unescaped(address), house.address).searchParams.get(facet), Number(n)]);
    }
    assert.deepEqual(seen.sort(), counted.map(({ value, count }) => [value, count]).sort());
    for (const [value, count] of seen.slice(0, 3)) assert.equal(total(await page(`/documents?${facet}=${encodeURIComponent(value)}`)), count);
  });

test('browse by collection: the tree of folders, counted with what lies below', async () => {
  const counted = (await house.get('/api/v1/search?limit=0')).body.facets.collection;
  const html = await page('/browse/collection');
  const tree = html.slice(html.indexOf('class="tree"'), html.indexOf('</main>'));
  assert.equal(tree.match(/<ul/g)?.length ?? 0, tree.match(/<\/ul>/g).length - 1);
  assert.equal(tree.match(/<li/g).length, tree.match(/<\/li>/g).length);
  const shown = [...tree.matchAll(/collection=([^&"]*)[^>]*>([^<]*)<\/a> <span class="facet-count">(\d+)/g)].map(([, value, label, n]) => [decodeURIComponent(value), label, Number(n)]);
  assert.deepEqual(shown.map(([value, , n]) => [value, n]).sort(), counted.map(({ value, count }) => [value, count]).sort());
  for (const [value, label] of shown) assert.equal(label, value.split('/').at(-1));
  assert.deepEqual(shown.filter(([value]) => value.startsWith('serie')).map(([value]) => value), ['serie', ...[0, 1, 2, 3].map((i) => `serie/cartella ${i}`)]);
  const inner = await page('/browse/collection?in=serie');
  assert.equal(heading(inner), 'serie');
  assert.doesNotMatch(inner, /collection=statuti/);
});

test('values of a list: within its question and filters, and back', async () => {
  const html = await page('/browse/kind?q=comune&language=it&size=20');
  assert.match(html, /Solo nei risultati per «comune»: \d+ documenti/);
  for (const [address, text] of links(html, 'class="shelf values"', '</ul>')) {
    assert.match(address, /^\/search\?q=comune&language=it&size=20&kind=/);
    const n = Number(html.match(new RegExp(`>${text}</a> <span class="facet-count">(\\d+)`))[1]);
    assert.equal(total(await page(plain(address))), n, text);
  }
  assert.ok(links(html).some(([address, text]) => text === 'Torna ai documenti' && plain(address) === '/search?q=comune&language=it&size=20'));
});

test('nothing found: each way out says how many it finds, and finds them', async () => {
  for (const target of ['/search?q=foglio&kind=statute', '/search?q=foglio&kind=statute&language=en&year_from=1950&year_to=1960', '/documents?kind=statute&body=Ente%201',
    '/search?q=%22fogli+foglio%22&kind=statute', '/search?q=municipalities&translate=off&collection=serie', '/search?q=foglio+AND+tipo:statuto&size=20']) {
    const html = await page(target);
    assert.equal(total(html), 0, target);
    const part = html.slice(html.indexOf('class="ways"'), html.indexOf('</ul>', html.indexOf('class="ways"')));
    const ways = [...part.matchAll(/<a href="([^"]*)">(.*?)<\/a>: ([\d.]+) document/g)];
    assert.ok(ways.length >= 1, target);
    for (const [, address, label, n] of ways) assert.equal(total(await page(plain(unescaped(address)))), Number(n), `${target}: ${label}`);
    const query = target.split('?')[1];
    if (target.startsWith('/search')) {
      const { instead } = (await house.get(`/api/v1/search?${query.replace(/&size=\d+/, '')}`)).body;
      assert.deepEqual(instead.map((way) => way.total), ways.map(([, , , n]) => Number(n)));
    }
  }
  assert.deepEqual((await house.search('foglio')).instead, []);
  assert.doesNotMatch(await page('/search?q=qwertyuiop'), /class="ways"/);
});

test('browse pages that are not there, and values that cannot be', async () => {
  await page('/browse/colour', 404);
  await page('/browse/body/x', 404);
  await page('/browse/body?page=0', 400);
  await page('/browse/body?language=de', 400);
  assert.match(await page('/browse/body?page=99'), /Qui non c’è nulla da sfogliare/);
  assert.match(await page('/browse/collection?in=%3Cb%3E'), /&lt;b&gt;/);
});
