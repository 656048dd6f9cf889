// The reading room: from a result to the page that answers, with the match where it stands, and on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { House, samples } from '../integration/programs.mjs';
import { launch, open } from './browser.mjs';

const house = new House();
let browser;
let page;

before(async () => {
  fs.cpSync(samples, house.corpus, { recursive: true });
  house.write('nota.txt', 'Una nota sulla parola semplicissima, in testo semplice.\n');
  await house.index();
  await house.serve();
  browser = await launch();
  page = await open(browser, house.address);
});
after(async () => {
  await browser?.close();
  await house.close();
});

const result = async (q, more) => (await house.search(q, more)).results[0];
const where = (on) => on.locator('.bar-hits p').textContent();
const imageIsThere = (on) => on.locator('#sheet img').evaluate((image) => image.decode().then(() => image.naturalWidth > 0));

// Every word of a page with its place in points, as another program finds it.
function wordsOf(file, number) {
  const text = execFileSync('pdftotext', ['-bbox', '-f', `${number}`, '-l', `${number}`, file, '-'], { encoding: 'utf8' });
  const [, width, height] = text.match(/<page width="([\d.]+)" height="([\d.]+)"/).map(Number);
  const words = [...text.matchAll(/<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</g)].map(
    ([, left, top, right, bottom, word]) => ({ left: +left, top: +top, right: +right, bottom: +bottom, word }),
  );
  return { width, height, words };
}

for (const { q, form, hl } of [
  { q: 'partenariato territoriale', form: /partenariat|territorial/i, hl: 'it' },
  { q: 'gender equality', form: /gender|equal/i, hl: 'en' },
])
  test(`a hit opens at its page, and the boxes stand over the words (${hl})`, async () => {
    await page.goto(`/search?q=${encodeURIComponent(q)}&translate=off&hl=${hl}`);
    await page.locator('.result-title a').first().click();
    await page.waitForURL(/\/pages\/\d+\?.*#hit$/);
    assert.ok(await imageIsThere(page));
    const [, id, number] = page.url().match(/documents\/([0-9a-f]{20})\/pages\/(\d+)/);
    const card = (await house.get(`/api/v1/documents/${id}`)).body;
    const { width, height, words } = wordsOf(house.path(card.path), number);
    // Where the boxes are on the screen, in points of the page by the image's own place.
    // In one look: the browser may still be moving to the match.
    const { sheet, boxes } = await page.locator('#sheet').evaluate((place) => ({
      sheet: place.querySelector('img').getBoundingClientRect().toJSON(),
      boxes: [...place.querySelectorAll('rect')].map((each) => each.getBoundingClientRect().toJSON()),
    }));
    assert.ok(boxes.length > 0);
    for (const box of boxes) {
      const x = ((box.x + box.width / 2 - sheet.x) / sheet.width) * width;
      const y = ((box.y + box.height / 2 - sheet.y) / sheet.height) * height;
      const under = words.filter((each) => each.left - 1 <= x && x <= each.right + 1 && each.top - 1 <= y && y <= each.bottom + 1);
      assert.ok(under.some((each) => form.test(each.word)), `${x.toFixed()},${y.toFixed()}: ${under.map((each) => each.word)}`);
    }
    assert.equal(await page.locator('#hit rect').count() > 0, true);
    assert.ok(await page.locator('#hit').isVisible());
  });

test('step by step through all matches of a document, back again, and back to the list it came from', async () => {
  await page.goto('/search?q=comune&kind=statute&sort=title&size=20&hl=it');
  const list = page.url();
  await page.locator('.result-title a').first().click();
  await page.waitForURL(/\/pages\/\d+/);
  const id = page.url().match(/documents\/([0-9a-f]{20})/)[1];
  await page.locator('.hit-pages a').first().click();
  const counts = await page.locator('.hit-pages .facet-count').evaluateAll((all) => all.map((each) => parseInt(each.textContent, 10)));
  const total = counts.reduce((sum, count) => sum + count, 0);
  assert.ok(total > 3 && counts.length > 1, `${counts}`);
  const seen = [`${new URL(page.url()).pathname} ${await where(page)}`];
  const next = page.getByRole('link', { name: 'Corrispondenza successiva' });
  while (await next.count()) {
    await next.click();
    assert.equal(await page.locator('#hit').count(), 1);
    seen.push(`${new URL(page.url()).pathname} ${await where(page)}`);
    assert.ok(seen.length <= total, 'as many steps as matches');
  }
  assert.equal(new Set(seen).size, total);
  const previous = page.getByRole('link', { name: 'Corrispondenza precedente' });
  await previous.click();
  assert.equal(`${new URL(page.url()).pathname} ${await where(page)}`, seen.at(-2));
  await page.getByRole('link', { name: /^Risultati per/ }).click();
  const back = new URL(page.url());
  assert.equal(back.pathname, '/search');
  for (const [name, value] of new URL(list).searchParams) assert.equal(back.searchParams.get(name), value, name);
  assert.ok(await page.locator(`.result a[href*="${id}"]`).count());
});

test('the way back leads to the page of results that was left', async () => {
  await page.goto('/search?q=&size=10&page=2&hl=en');
  await page.locator('.result-title a').first().click();
  await page.waitForURL(/from=2/);
  await page.getByRole('navigation', { name: 'You are here' }).getByRole('link').first().click();
  assert.equal(new URL(page.url()).searchParams.get('page'), '2');
});

test('image, text, and both: each with its address, and the match in each', async () => {
  const { results: [{ hits }] } = await house.search('statuto comune', { kind: 'statute' });
  await page.goto(`${hits[0].url}&hl=en`);
  assert.equal(await page.locator('.page-text').count(), 0);
  await page.getByRole('link', { name: 'Image and text' }).click();
  assert.match(page.url(), /view=both/);
  assert.ok(await imageIsThere(page));
  const marks = await page.locator('.page-text mark').count();
  assert.equal(marks, await page.locator('#sheet g').count());
  assert.equal(await page.locator('.page-text mark.is-current').count(), 1);
  await page.getByRole('navigation', { name: 'How to see the page' }).getByRole('link', { name: 'Text', exact: true }).click();
  assert.match(page.url(), /view=text/);
  assert.equal(await page.locator('#sheet').count(), 0);
  assert.equal(await page.locator('mark#hit').count(), 1);
  await page.getByRole('link', { name: /^(Next|Previous) page$/ }).first().click();
  assert.match(page.url(), /view=text/);
});

test('zoom: by steps, each with its address, the match in the middle', async () => {
  const { hits } = await result('statuto comune', { kind: 'statute' });
  await page.goto(`${hits[0].url}&hl=en`);
  const before = (await page.locator('#sheet img').boundingBox()).width;
  await page.getByRole('link', { name: 'Zoom in' }).click();
  await page.getByRole('link', { name: 'Zoom in' }).click();
  assert.match(page.url(), /zoom=200/);
  const box = await page.locator('#sheet img').boundingBox();
  assert.ok(Math.abs(box.width - 2 * before) < 4, `${box.width} of ${before}`);
  const sheet = await page.locator('#sheet').boundingBox();
  const hit = await page.locator('#hit').boundingBox();
  assert.ok(hit.x >= sheet.x && hit.x + hit.width <= sheet.x + sheet.width);
  await page.goto(`${hits[0].url}&zoom=page&hl=en`);
  assert.equal(await page.getByRole('link', { name: 'Zoom out' }).count(), 0);
  assert.ok((await page.locator('#sheet').boundingBox()).height <= 900 * 0.83);
});

test('keys: pages, matches, zoom; not while typing, and not when turned off', async () => {
  const { hits } = await result('statuto comune', { kind: 'statute' });
  await page.goto(`${hits[0].url}&hl=en`);
  const path = () => new URL(page.url()).pathname;
  const start = path();
  await page.keyboard.press('n');
  await page.waitForURL((url) => url.searchParams.has('hit') || url.pathname !== start);
  await page.keyboard.press('p');
  await page.waitForURL((url) => url.searchParams.get('hit') === '1' || url.searchParams.get('hit') === 'last');
  await page.keyboard.press('+');
  await page.waitForURL(/zoom=150/);
  await page.keyboard.press('-');
  await page.waitForURL((url) => !url.searchParams.has('zoom'));
  await page.goto(`${start.replace(/\d+$/, '1')}?hl=en`);
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/\/pages\/2/);
  await page.locator('#q').focus();
  await page.keyboard.type('napoli');
  assert.equal(await page.locator('#q').inputValue(), 'napoli');
  assert.match(path(), /\/pages\/2$/);
  await page.getByRole('button', { name: 'Turn the keys off' }).click();
  await page.reload();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('button', { name: 'Turn the keys on' }).click();
  await page.locator('#sheet').focus();
  await page.keyboard.press('ArrowLeft');
  await page.waitForURL(/\/pages\/1/);
});

test('searching in the document leads to the next page that answers, seen the same way', async () => {
  const { id, pages } = await result('titolo:"documento unico di programmazione"');
  assert.ok(pages > 20);
  await page.goto(`/documents/${id}/pages/20?view=both&hl=it`);
  await page.locator('#q').fill('tributi OR imposta');
  await page.locator('#q').press('Enter');
  await page.waitForURL(/q=tributi/);
  assert.match(page.url(), /view=both/);
  const number = Number(page.url().match(/pages\/(\d+)/)[1]);
  const hits = await page.locator('.hit-pages a').evaluateAll((all) => all.map((each) => Number(each.href.match(/pages\/(\d+)/)[1])));
  assert.equal(number, hits.find((each) => each >= 20) ?? hits[0]);
  assert.ok((await page.locator('.page-text mark').count()) > 0);
  await page.locator('#q').fill('qwertyuiop');
  await page.locator('#q').press('Enter');
  await page.waitForURL(/q=qwertyuiop/);
  assert.match(await page.locator('.reading-side .note').textContent(), /non ci sono|non sono/i);
});

test('small images of the pages nearby lead there; a number beyond the last page to the last', async () => {
  const { id, pages } = await result('titolo:"documento unico di programmazione"');
  await page.goto(`/documents/${id}/pages/30?zoom=150&hl=en`);
  const strip = page.getByRole('navigation', { name: 'Pages nearby' });
  assert.equal(await strip.locator('a').count(), 9);
  assert.match(await strip.locator('[aria-current=page]').textContent(), /30/);
  await strip.locator('a').last().scrollIntoViewIfNeeded();
  await strip.locator('a').last().click();
  await page.waitForURL(/\/pages\/34\?.*zoom=150/);
  await page.getByLabel('Go to page').fill('9999');
  await page.getByLabel('Go to page').press('Enter');
  await page.waitForURL(new RegExp(`/pages/${pages}\\?.*zoom=150`));
});

test('a scan without text shows its pages, a plain text its text', async () => {
  const id = (await house.get('/status?state=failed')).text.match(/\/documents\/([0-9a-f]{20})/)[1];
  await page.goto(`/documents/${id}/pages/1?hl=en`);
  assert.ok(await imageIsThere(page));
  assert.equal(await page.locator('#sheet rect').count(), 0);
  const { hits } = await result('semplicissima');
  await page.goto(`${hits[0].url}&hl=en`);
  assert.equal(await page.locator('#sheet').count(), 0);
  assert.equal(await page.locator('mark#hit').textContent(), 'semplicissima');
  assert.equal(await page.getByRole('link', { name: 'Zoom in' }).count(), 0);
});

test('without the original the text is shown, and why', async () => {
  const { hits, path } = await result('resilience', { kind: 'plan' }); // no page of it was drawn before
  const content = fs.readFileSync(house.path(path));
  fs.rmSync(house.path(path));
  await page.goto(`${hits[0].url}&hl=en`);
  assert.match(await page.locator('.notice').textContent(), /moved or changed/);
  assert.ok((await page.locator('.page-text p').count()) > 0);
  fs.writeFileSync(house.path(path), content);
});

test('without JavaScript, at 320 pixels: the page, its matches, the way back', async () => {
  const plain = await open(browser, house.address, { javaScriptEnabled: false, viewport: { width: 320, height: 640 }, locale: 'en-GB' });
  await plain.goto('/search?q=gender+equality');
  await plain.locator('.hit a').first().press('Enter');
  await plain.waitForURL(/\/pages\/\d+/);
  assert.ok(await plain.locator('#sheet img').isVisible());
  assert.ok((await plain.locator('#sheet rect').count()) > 0);
  await plain.getByRole('link', { name: 'Next match' }).press('Enter');
  await plain.waitForURL(/hit=|\/pages\//);
  assert.equal(await plain.locator('#hit').count(), 1);
  for (const view of ['image', 'both', 'text']) {
    await plain.goto(`${plain.url().split('#')[0].replace(/&view=\w+/, '')}&view=${view}`);
    assert.ok((await plain.evaluate(() => document.documentElement.scrollWidth).catch(() => 320)) <= 320, view);
  }
  await plain.getByRole('link', { name: /^Results for/ }).press('Enter');
  await plain.waitForURL(/\/search\?q=gender/);
  assert.deepEqual(plain.faults, []);
  await plain.context().close();
});

test('no fault in the console, no request to elsewhere', () => {
  assert.deepEqual(page.faults, []);
});
