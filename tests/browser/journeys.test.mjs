// What a reader does in a browser, from the question to the marked word on its page.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { House, samples } from '../integration/programs.mjs';
import { launch, open } from './browser.mjs';

const house = new House();
const hostile = '<img src=x onerror=alert(1)>"\'&amp;';
let browser;
let page;

before(async () => {
  fs.cpSync(samples, house.corpus, { recursive: true });
  house.write('ostile.txt', `Relazione ${hostile} sulla parola pericolosissima.\n`);
  house.write('ostile.txt.ini', `[document]\ntitle=Titolo ${hostile} fine\nbody=Ente ${hostile}\n`);
  house.write(`nome ${hostile.replace('/', '')}.txt`, 'Il nome di questo file contiene un segno, parola nominatissima.\n');
  house.write('rotto.pdf', '%PDF-1.7\nbroken\n');
  await house.index();
  await house.serve();
  browser = await launch();
  page = await open(browser, house.address);
});
after(async () => {
  await browser?.close();
  await house.close();
});

async function ask(words, on = page) {
  await on.goto('/');
  await on.locator('#q').fill(words);
  await on.locator('#q').press('Enter');
  await on.waitForURL(/\/search\?/);
}

const marks = (on, where) => on.locator(`${where} mark`).allTextContents();

for (const { words, language, form } of [
  { words: 'cooperazioni decentrate', language: 'it', form: /cooperazion|decentrat/i },
  { words: 'municipality', language: 'en', form: /municipal/i },
])
  test(`a search in ${language}, and from a passage to its page with the word marked`, async () => {
    await ask(words);
    assert.ok((await page.locator('.result').count()) >= 1);
    assert.match(await page.title(), new RegExp(words.split(' ')[0]));
    const passage = page.locator(`.hit:has(p[lang="${language}"] mark)`).first();
    const shown = await passage.locator('mark').first().textContent();
    assert.match(shown, form);
    await passage.getByRole('link').first().click();
    await page.waitForURL(/\/documents\/[0-9a-f]{20}\/pages\/\d+/);
    await page.getByRole('navigation', { name: /Come vedere|How to see/ }).getByRole('link').last().click();
    await page.waitForURL(/view=text/);
    const marked = await marks(page, 'article');
    assert.ok(marked.length >= 1 && marked.every((text) => form.test(text)), marked.join());
    assert.ok(await page.locator('article mark').first().isVisible());
    assert.equal(await page.locator(`article [lang="${language}"] mark`).count() > 0, true);
  });

test('the language of the page is switched, and the question stays', async () => {
  await ask('acqua OR water');
  assert.equal(await page.locator('html').getAttribute('lang'), 'it');
  const results = await page.locator('.result').count();
  await page.getByRole('navigation', { name: /lingua|language/i }).getByRole('link').first().click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.equal(await page.locator('#q').inputValue(), 'acqua OR water');
  assert.equal(await page.locator('.result').count(), results);
  await page.locator('.result-title a').first().click();
  await page.waitForURL(/\/pages\//);
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
});

test('Accept-Language decides when the address does not', async () => {
  const english = await open(browser, house.address, { locale: 'en-GB' });
  await english.goto('/');
  assert.equal(await english.locator('html').getAttribute('lang'), 'en');
  await english.context().close();
});

test('a filter narrows, has its own address, and can be taken off', async () => {
  await ask('comune OR municipality');
  const all = (await house.search('comune OR municipality')).total;
  await page.goto(`${page.url()}&kind=statute`);
  const some = (await house.search('comune OR municipality', { kind: 'statute' })).total;
  assert.ok(some > 0 && some < all);
  assert.equal(await page.locator('.result').count(), some);
  await page.locator('.chips a').first().click();
  assert.ok(!page.url().includes('kind='));
  assert.match(await page.locator('h1').textContent(), new RegExp(`\\b${all}\\b`));
});

test('results page by page: every document once', async () => {
  await page.goto('/search?q=');
  const { total } = await house.search('');
  const seen = new Set();
  for (;;) {
    for (const link of await page.locator('.result-title a').all()) seen.add((await link.getAttribute('href')).split('?')[0]);
    const next = page.locator('a[rel="next"]').first();
    if (!(await next.count())) break;
    await next.click();
  }
  assert.equal(seen.size, total);
});

test('the other language: what else was searched is said, ended with one click, and taken up again', async () => {
  await page.goto('/search?q=municipality+resilience&kind=plan&sort=newest&hl=it');
  const total = await page.locator('.result').count();
  assert.match(await page.locator('.also').textContent(), /comune/);
  const via = page.locator('.hit:has(.via)').first();
  assert.ok((await via.locator('.via i[lang="it"]').count()) > 0);
  assert.ok((await via.locator('mark').count()) > 0);
  await page.locator('.also a').click();
  await page.waitForURL(/translate=off/);
  for (const kept of ['q=municipality', 'kind=plan', 'sort=newest', 'hl=it']) assert.ok(page.url().includes(kept), kept);
  assert.ok((await page.locator('.result').count()) < total);
  assert.equal(await page.locator('.via').count(), 0);
  assert.equal(await page.locator('.also').count(), 0);
  await page.locator('.sorts a').first().click();
  assert.ok(page.url().includes('translate=off'));
  await page.locator('.also-off a').click();
  assert.ok(!page.url().includes('translate') && page.url().includes('kind=plan'));
  assert.equal(await page.locator('.result').count(), total);
});

test('of other names a few are shown, the rest is folded away', async () => {
  await page.goto('/search?q=che+cosa+fanno+i+comuni+per+la+cooperazione+decentrata+e+la+pace+nel+Mediterraneo');
  assert.ok((await page.locator('.also > ul i').count()) <= 8);
  const rest = page.locator('.also details i').first();
  assert.equal(await rest.isVisible(), false);
  await page.locator('.also summary').click();
  assert.equal(await rest.isVisible(), true);
});

test('did you mean: a link that keeps filters and does not replace the question', async () => {
  await page.goto('/search?q=cooperasione+decentrata&collection=programmi&hl=it');
  assert.equal(await page.locator('#q').inputValue(), 'cooperasione decentrata');
  assert.match(await page.locator('.parted').first().textContent(), /Nessun documento contiene tutte le parole/);
  assert.equal(await page.locator('.absent s').textContent(), 'cooperasione');
  assert.equal(await page.locator('.result .missing s').first().textContent(), 'cooperasione');
  const link = page.locator('.meant').getByRole('link');
  assert.equal(await link.textContent(), 'cooperazione decentrata');
  await link.click();
  await page.waitForURL(/q=cooperazione/);
  assert.ok(page.url().includes('collection=programmi') && page.url().includes('hl=it'));
  assert.equal(await page.locator('#q').inputValue(), 'cooperazione decentrata');
  assert.equal(await page.locator('.meant').count(), 0);
});

test('suggestions while typing: by keyboard, by pointer, and they can be ignored', async () => {
  const box = page.getByRole('combobox');
  const options = page.getByRole('option');
  await page.goto('/search?q=comune&kind=statute&hl=en');
  await box.fill('');
  await box.pressSequentially('cooperazione dece');
  await options.first().waitFor();
  assert.equal(await box.getAttribute('aria-expanded'), 'true');
  await box.press('ArrowDown');
  const first = await options.first().textContent();
  assert.equal(await box.getAttribute('aria-activedescendant'), await options.first().getAttribute('id'));
  await box.press('Escape');
  assert.equal(await box.getAttribute('aria-expanded'), 'false');
  assert.equal(await box.inputValue(), 'cooperazione dece');
  await box.pressSequentially('n');
  await options.first().waitFor();
  await box.press('ArrowDown');
  await box.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('q') === first);
  for (const kept of ['kind=statute', 'hl=en']) assert.ok(page.url().includes(kept), kept);
  await page.goto('/?hl=en');
  await box.pressSequentially('statuto del comune di val');
  await options.filter({ hasText: 'Statuto del Comune di Valdoria document' }).first().click();
  await page.waitForURL(/\/documents\/[0-9a-f]{20}\?hl=en/);
  await page.goto('/');
  await box.pressSequentially('acqua');
  await box.press('Enter');
  await page.waitForURL(/\/search\?q=acqua/);
});

test('nothing found: words that help, no dead end', async () => {
  await ask('qwertyuiopasdf');
  assert.equal(await page.locator('.result').count(), 0);
  assert.ok(await page.locator('main a[href*="/help"]').count());
});

for (const { hl, from, to, heading } of [
  { hl: 'it', from: 'Programma triennale', to: /^Three-year Programme/, heading: 'Documenti simili' },
  { hl: 'en', from: 'Three-year Programme', to: /^Programma triennale/, heading: 'Similar documents' },
])
  test(`from a document to the one like it in the other language, page in ${hl}`, async () => {
    const { results: [{ id }] } = await house.search(`titolo:"${from}"`);
    await page.goto(`/documents/${id}?hl=${hl}`);
    const similar = page.getByRole('region', { name: heading });
    const links = similar.getByRole('heading', { level: 3 }).getByRole('link');
    assert.ok((await links.count()) <= 5);
    assert.match(await similar.locator('.shared').first().textContent(), hl === 'it' ? /^In comune: \p{L}+,/u : /^In common: \p{L}+,/u);
    await links.first().click();
    await page.waitForURL((url) => !url.pathname.includes(id));
    assert.match(await page.locator('h1').textContent(), to);
    assert.equal(await page.locator('html').getAttribute('lang'), hl);
  });

test('a document: its card, where each value was found, its pages, its original', async () => {
  await page.goto((await house.search('titolo:"statuto del comune di valdoria"')).results[0].url);
  const text = await page.locator('main').textContent();
  for (const value of ['Comune di Valdoria', '2008', 'statuti/statuto-comune-valdoria.pdf']) assert.ok(text.includes(value), value);
  const original = await page.locator('a[href*="/file"]').first().getAttribute('href');
  const answer = await page.request.get(original);
  assert.equal(answer.headers()['content-type'], 'application/pdf');
  assert.ok((await page.locator('a[href*="/pages/2"]').count()) > 0);
});

test('staff see what became of each file, and what to do', async () => {
  await page.goto('/status');
  const text = await page.locator('main').textContent();
  for (const value of ['rotto.pdf', 'SCAN_0047.pdf', 'statuto-comune-valdoria.pdf']) assert.ok(text.includes(value), value);
  await page.goto('/status?state=failed&hl=en');
  const failed = await page.locator('main').textContent();
  assert.ok(failed.includes('SCAN_0047.pdf') && !failed.includes('statuto-comune-valdoria.pdf'));
  assert.match(failed, /without text/i);
});

test('the examples of the help page find something', async () => {
  await page.goto('/help?hl=en');
  const links = await page.locator('main a[href*="/search?"]').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  assert.ok(links.length >= 5);
  let answered = 0;
  for (const link of links) {
    const response = await page.request.get(link);
    assert.equal(response.status(), 200);
    answered += /class="result"/.test(await response.text());
  }
  assert.ok(answered >= links.length / 2, `${answered} of ${links.length}`);
});

test('what files and names say never becomes markup', async () => {
  for (const target of ['/search?q=pericolosissima', '/search?q=nominatissima', '/status', '/documents', `/search?q=${encodeURIComponent(hostile)}`,
    `/search?q=x&body=${encodeURIComponent(hostile)}`, (await house.search('pericolosissima')).results[0].url, (await house.search('pericolosissima')).results[0].hits[0].url]) {
    await page.goto(target);
    assert.equal(await page.locator('img[src="x"]').count(), 0, target);
  }
  await page.goto('/search?q=pericolosissima');
  assert.ok((await page.locator('.result-title').first().textContent()).includes(hostile));
});

test('gone, absent and failed documents say what is the matter', async () => {
  const absent = await page.goto(`/documents/${'0'.repeat(20)}`);
  assert.equal(absent.status(), 404);
  assert.ok((await page.locator('h1').textContent()).length > 5);
  const { failures } = await house.status();
  assert.ok(failures.length >= 2);
});

test('the whole way without JavaScript, at 320 pixels, by keyboard', async () => {
  const plain = await open(browser, house.address, { javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
  await plain.goto('/');
  for (let i = 0; i < 30 && (await plain.evaluate(() => document.activeElement?.type).catch(() => null)) !== 'search'; i++) await plain.keyboard.press('Tab');
  await plain.keyboard.type('partenariato');
  await plain.keyboard.press('Enter');
  await plain.waitForURL(/\/search\?/);
  assert.ok((await plain.locator('.result').count()) >= 1);
  await plain.locator('.hit a').first().focus();
  await plain.keyboard.press('Enter');
  await plain.waitForURL(/\/pages\/\d+/);
  assert.ok(await plain.locator('#sheet img').isVisible());
  await plain.goto(`${plain.url().split('#')[0]}&view=text`);
  assert.ok(await plain.locator('article mark').first().isVisible());
  await plain.context().close();
});

test('no page is wider than a small screen', async () => {
  const small = await open(browser, house.address, { viewport: { width: 320, height: 640 } });
  const { results } = await house.search('comune');
  for (const target of ['/', '/search?q=comune', '/search?q=cooperazione+decentrata+qwertyuiop+tema:cani', `/search?q=${'parola-lunghissima'.repeat(20)}`, '/documents', '/status', '/help', results[0].url, results[0].hits[0].url, '/nothing']) {
    await small.goto(target);
    const [inner, width] = await small.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(inner <= width, `${target}: ${inner} > ${width}`);
  }
  await small.context().close();
});

test('no fault in the console, no request to elsewhere', () => {
  assert.deepEqual(page.faults, []);
});
