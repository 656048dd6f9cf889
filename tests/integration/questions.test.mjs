// What questions mean, through the real programs: which documents of a small archive each one finds, by which words, and what
// the answer says of those that lack some.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { House } from './programs.mjs';

const house = new House();
const italian = 'Il presente documento descrive le attività previste dal Comune nel corso dell’anno e i servizi offerti ai cittadini.';
const english = 'This document describes the activities that the Municipality plans for the year and the services it offers to residents.';

before(async () => {
  const write = (name, text) => house.write(`${name}.txt`, `${name}\n\n${text}\n`);
  write('pozzi', `${italian} Si scavano pozzi per i rifugiati accolti nel quartiere.`);
  write('wells', `${english} The refugees who were welcomed in the district dig a well.`);
  write('biblioteca', `${italian} La biblioteca comunale presta libri a tutte le scuole.`);
  write('vicine', `${italian} La scuola ha una biblioteca.`);
  write('lontane', `${italian} La scuola apre alle otto. ${'Ogni giorno si lavora e si impara insieme. '.repeat(5)} In piazza c’è la biblioteca.`);
  write('consiglio', `${italian} Il consiglio comunale si riunisce il lunedì.`);
  write('consigli', `${italian} I consigli comunali si riuniscono il martedì.`);
  write('entrambi', `${italian} L’ospedale resta aperto.\n\n${`${italian}\n`.repeat(12)}\n\n${`${english}\n`.repeat(6)} The hospital sold its horse.`);
  write('harbour', `${english} Fishing boats leave the harbour at dawn.`);
  assert.equal((await house.index()).code, 0);
  await house.serve();
});
after(() => house.close());

const names = (paths) => paths.map((path) => path.replace('.txt', '')).join(' ');
const found = async (q, more) => names(await house.paths(q, more));
const result = (answer, name) => answer.results.find(({ path }) => path === `${name}.txt`);

test('a question finds the other language, says by which words, and ranks it below what is literal', async () => {
  const answer = await house.search('rifugiati');
  assert.deepEqual(answer.results.map(({ path }) => path), ['pozzi.txt', 'wells.txt']);
  assert.deepEqual(result(answer, 'pozzi').hits[0].via, []);
  const [hit] = result(answer, 'wells').hits;
  assert.deepEqual(hit.via, [{ typed: 'rifugiati', term: 'refugees', language: 'en' }]);
  assert.equal(hit.language, 'en');
  assert.deepEqual(hit.passage.filter(({ match }) => match).map(({ text }) => text), ['refugees']);
  const { terms } = answer.query.concepts[0];
  assert.deepEqual(terms[0], { term: 'rifugiati', language: null, source: 'literal', weight: 1 });
  assert.ok(terms.slice(1).every(({ weight, source }) => weight < 1 && source !== 'literal'));
  assert.deepEqual((await house.search('refugees')).results.map(({ path }) => path), ['wells.txt', 'pozzi.txt']);
  assert.equal(await found('rifugiati', { language: 'en' }), 'wells');
});

test('translate=off ends it, quotes are exact, and what is excluded is not translated', async () => {
  const answer = await house.search('rifugiati', { translate: 'off' });
  assert.deepEqual(answer.results.map(({ path }) => path), ['pozzi.txt']);
  assert.equal(answer.query.concepts[0].terms.length, 1);
  assert.equal(await found('"rifugiati"'), 'pozzi');
  assert.equal(await found('rifugiati -refugees'), 'pozzi');
  assert.equal(await found('"consiglio comunale"'), 'consiglio');
  assert.equal(await found('consiglio comunale'), 'consigli consiglio');
});

test('a page marks what was found by another name, unless that is off', async () => {
  const { hits } = result(await house.search('rifugiati'), 'wells');
  const [path, query] = hits[0].url.split('?');
  assert.equal((await house.get(`/api/v1${path}?${query}`)).body.matches, 1);
  assert.equal((await house.get(`/api/v1${path}?${query}&translate=off`)).body.matches, 0);
});

test('a passage names the words that it shows under another name alone, whatever else its page has', async () => {
  const [hit] = result(await house.search('ospedale cavallo'), 'entrambi').hits;
  assert.deepEqual(hit.passage.filter(({ match }) => match).map(({ text }) => text), ['hospital', 'horse']);
  assert.deepEqual(hit.via.map(({ typed, term }) => [typed, term]), [['ospedale', 'hospital'], ['cavallo', 'horse']]);
});

test('a field holds for each word of the group after it, and years compare', async () => {
  assert.equal(await found('titolo:(pozzi OR wells)'), 'pozzi wells');
  assert.equal(await found('title:(pozzi wells)'), '');
  assert.equal(await found('title:(pozzi OR "lontane") -title:pozzi'), 'lontane');
  assert.equal(await found('lang:(en -it) title:(harbour OR pozzi)'), 'harbour');
  assert.equal(await found('anno:>2030 harbour'), '');
  assert.equal((await house.search('year:>=2015')).query.understood, 'year:2015..2100');
});

test('OR means OR, AND means AND, minus means minus', async () => {
  assert.equal(await found('harbour OR biblioteca', { translate: 'off' }), 'biblioteca harbour lontane vicine');
  assert.equal(await found('(harbour OR biblioteca) libri', { translate: 'off' }), 'biblioteca');
  assert.equal(await found('biblioteca AND scuola', { translate: 'off' }), 'biblioteca lontane vicine');
  assert.equal(await found('biblioteca AND harbour', { translate: 'off' }), '');
  assert.equal(await found('biblioteca -libri', { translate: 'off' }), 'lontane vicine');
});

test('NEAR: within so many words, in any order', async () => {
  assert.equal(await found('scuola NEAR biblioteca', { translate: 'off' }), 'biblioteca vicine');
  assert.equal(await found('biblioteca NEAR/2 scuola', { translate: 'off' }), 'vicine');
  assert.equal(await found('biblioteca VICINO/100 scuola', { translate: 'off' }), 'biblioteca lontane vicine');
  assert.equal(await found('"biblioteca scuola"~2'), 'vicine');
});

test('what holds only a part follows, and says what it lacks', async () => {
  const answer = await house.search('biblioteca libri traghetto', { translate: 'off' });
  assert.ok(answer.total > 0 && answer.partial === answer.total);
  const first = result(answer, 'biblioteca');
  assert.equal(first.partial, true);
  assert.deepEqual(first.missing, ['traghetto']);
  const whole = await house.search('biblioteca libri', { translate: 'off' });
  assert.equal(whole.results[0].path, 'biblioteca.txt');
  assert.deepEqual([whole.results[0].partial, whole.results[0].missing], [false, []]);
  assert.ok(whole.results.slice(1).every(({ partial, missing }) => partial && missing.length === 1));
  assert.equal(whole.partial, whole.total - 1);
  const exact = await house.search('biblioteca AND libri AND traghetto', { translate: 'off' });
  assert.equal(exact.total, 0);
});

test('function words never decide, and a word typed twice counts once', async () => {
  const plain = await house.search('biblioteca');
  for (const q of ['la biblioteca', 'dov’è la biblioteca?', 'biblioteca, la Biblioteca']) {
    const answer = await house.search(q);
    assert.deepEqual(answer.query.concepts.length, 1, answer.query.understood);
    assert.deepEqual(answer.results.map(({ path }) => path), plain.results.map(({ path }) => path), q);
  }
});

test('explain=1 says where each score comes from', async () => {
  const answer = await house.search('biblioteca libri', { explain: '1' });
  assert.equal(typeof answer.query.match, 'string');
  for (const { score, explanation } of answer.results) {
    const sum = explanation.concepts.reduce((all, part) => all + part.score, explanation.nearness);
    assert.ok(Math.abs(sum - score) < 0.01, `${sum} ${score}`);
  }
  const plain = await house.search('biblioteca libri');
  assert.equal(plain.query.match, undefined);
  assert.ok(plain.results.every((each) => each.explanation === undefined));
});

test('notes: what was not read as typed, and what may be typed instead', async () => {
  const note = async (q) => (await house.search(q)).query.notes;
  assert.deepEqual(await note('biblioteca'), []);
  assert.deepEqual(await note('lingua:tedesco biblioteca'), [{ code: 'unknown-value', text: 'lingua:tedesco', known: ['it', 'en'] }]);
  assert.deepEqual((await note('tipo:poesia')).map(({ code, known }) => [code, known.includes('statute')]), [['unknown-value', true]]);
  assert.deepEqual((await note('tema:cani')).map(({ text, known }) => [text, known.length, known.includes('human-rights')]), [['tema:cani', 8, true]]);
  assert.deepEqual((await note('area:(mediterraneo OR luna)')).map(({ text, known }) => [text, known.includes('latin-america')]), [['luna', true]]);
  assert.deepEqual((await note('year:2020..2015')).map(({ code }) => code), ['year-order']);
  assert.deepEqual((await note('scuola NEAR/500 biblioteca')).map(({ code }) => code), ['distance']);
  assert.deepEqual((await note('parola '.repeat(500))).map(({ code }) => code), ['cut']);
});

test('a question that is too long is read as far as it may be, and the page says so in its language', async () => {
  const saying = { it: 'La domanda è troppo lunga', en: 'The question is too long' };
  for (const [hl, said] of Object.entries(saying)) {
    const page = async (q) => (await house.get(`/search?q=${encodeURIComponent(q)}&hl=${hl}`)).text;
    assert.ok((await page(`biblioteca ${Array.from({ length: 70 }, (_, i) => `casa${i}`).join(' ')}`)).includes(said), '71 words');
    assert.ok((await page(`biblioteca ${'à'.repeat(1000)}`)).includes(said), '2,011 bytes');
    assert.ok(!(await page(`biblioteca ${'à'.repeat(990)}`)).includes(said), '1,991 bytes');
  }
});

test('text originals say how they are written', async () => {
  const { results } = await house.search('rifugiati', { translate: 'off' });
  const answer = await fetch(`${house.address}/documents/${results[0].id}/file`);
  assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
});
