// Browsing, the chart of years, letters, and the box's suggestions by keyboard, in a browser.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { House, samples } from '../integration/programs.mjs';
import { launch, open } from './browser.mjs';

const house = new House();
let browser;
let page;

before(async () => {
  fs.cpSync(samples, house.corpus, { recursive: true });
  await house.index();
  await house.serve();
  browser = await launch();
  page = await open(browser, house.address);
});
after(async () => {
  await browser?.close();
  await house.close();
});

const heading = (on) => on.getByRole('heading', { level: 1 });

test('from the start to the documents of a body, without JavaScript, at 320 pixels', async () => {
  const narrow = await open(browser, house.address, { javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
  await narrow.goto('/');
  const bar = narrow.getByRole('navigation', { name: 'Principale' });
  assert.deepEqual(await bar.getByRole('link').allTextContents(), ['Cerca', 'Sfoglia', 'Documenti', 'Stato', 'Guida']);
  const tops = await bar.getByRole('link').evaluateAll((all) => all.map((link) => Math.round(link.getBoundingClientRect().top)));
  assert.equal(new Set(tops).size, 1, 'one line');
  await bar.getByRole('link', { name: 'Sfoglia' }).click();
  await narrow.getByRole('link', { name: 'Enti', exact: true }).click();
  const body = narrow.locator('.values li').first();
  const name = await body.getByRole('link').textContent();
  await body.getByRole('link').click();
  await narrow.waitForURL(/\/documents\?body=/);
  assert.ok((await narrow.locator('.chip').textContent()).includes(name));
  assert.equal(await narrow.locator('.result').count(), Number(await narrow.locator('.lead').textContent().then((text) => text.match(/\d+/)[0])));
  await narrow.context().close();
});

test('a year by keyboard from the chart, and all years again', async () => {
  await page.goto('/search?q=comune');
  const all = await heading(page).textContent();
  const bar = page.locator('.bars a').nth(1);
  await bar.focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  const label = bar.locator('.bar-label');
  await page.waitForFunction((element) => element.getBoundingClientRect().width > 20, await label.elementHandle());
  const [, years, count] = (await bar.textContent()).match(/^([\d–]+): (\d+) document/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/year_from=/);
  assert.match(await heading(page).textContent(), new RegExp(`^${count} document`));
  assert.match(await page.locator('.chip').textContent(), new RegExp(years.slice(0, 4)));
  await page.getByRole('link', { name: 'Tutti gli anni' }).click();
  await page.waitForURL((url) => !url.search.includes('year_from'));
  assert.equal(await heading(page).textContent(), all);
});

test('each bar has its years and its number as its name', async () => {
  for (const [target, name] of [['/browse/year?hl=en', /^\d{4}(–\d{4})?: [\d,]+ documents?$/], ['/?hl=it', /^\d{4}(–\d{4})?: [\d.]+ document[oi]$/]]) {
    await page.goto(target);
    const bars = page.locator('.bars').getByRole('link');
    assert.ok((await bars.count()) > 3);
    for (const bar of await bars.all()) assert.match((await bar.textContent()).trim(), name);
  }
});

test('a letter jumps to its titles', async () => {
  await page.goto('/documents');
  const letter = page.getByRole('navigation', { name: 'Vai alla lettera' }).getByRole('link').last();
  const name = (await letter.textContent()).trim().at(-1);
  await letter.click();
  await page.waitForURL(/#letter-/);
  const target = page.locator(':target');
  assert.equal((await target.locator('.letter').textContent()).trim(), name);
  assert.ok(await target.isVisible());
});

test('the tree of folders: down into one and back', async () => {
  await page.goto('/browse');
  await page.getByRole('link', { name: 'Raccolte', exact: true }).click();
  const nested = page.locator('.tree ul a').first();
  const label = await nested.textContent();
  await nested.click();
  await page.waitForURL(/\/documents\?collection=/);
  assert.ok((await page.locator('.chip').textContent()).includes(label));
  await page.goBack();
  assert.equal(await heading(page).textContent(), 'Raccolte');
});

test('the box is a combobox: it opens with the arrow, closes with Escape, gives the caret back to the text', async () => {
  await page.goto('/');
  const box = page.getByRole('combobox');
  const list = page.getByRole('listbox');
  await box.pressSequentially('coop');
  await page.getByRole('option').first().waitFor();
  assert.equal(await box.getAttribute('aria-expanded'), 'true');
  assert.equal(await box.getAttribute('aria-activedescendant'), null);
  const count = await page.getByRole('option').count();
  assert.equal(await page.locator('form [role=status]').textContent(), `Suggerimenti: ${count}`);
  await box.press('Escape');
  assert.equal(await list.isVisible(), false);
  assert.equal(await box.inputValue(), 'coop');
  assert.equal(await page.locator('form [role=status]').textContent(), '');
  await box.press('ArrowDown');
  await page.getByRole('option').first().waitFor();
  assert.equal(await box.getAttribute('aria-activedescendant'), null);
  await box.press('ArrowDown');
  const active = await box.getAttribute('aria-activedescendant');
  assert.equal(await page.locator(`#${active}`).getAttribute('aria-selected'), 'true');
  assert.equal(await page.locator('[role=option][aria-selected=true]').count(), 1);
  await box.press('ArrowLeft');
  assert.equal(await box.getAttribute('aria-activedescendant'), null);
  assert.equal(await box.getAttribute('aria-expanded'), 'true');
  await box.press('Alt+ArrowUp');
  assert.equal(await box.getAttribute('aria-expanded'), 'false');
  await box.press('Enter');
  await page.waitForURL(/\/search\?q=coop/);
});

test('no fault in the console, no request to elsewhere', () => {
  assert.deepEqual(page.faults, []);
});
