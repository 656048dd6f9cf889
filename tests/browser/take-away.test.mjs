// Citing and taking results away, as a reader does it: by mouse, by keyboard alone, without script.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { House, samples } from '../integration/programs.mjs';
import { launch, open } from './browser.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const house = new House();
let browser;
let statute;

before(async () => {
  fs.cpSync(samples, house.corpus, { recursive: true });
  await house.index();
  await house.serve();
  statute = (await house.search('statuto valdoria kind:statute')).results[0];
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await house.close();
});

async function download(page, click) {
  const [file] = await Promise.all([page.waitForEvent('download'), click()]);
  return { name: file.suggestedFilename(), content: fs.readFileSync(await file.path(), 'utf8') };
}

test('a citation is copied with one click, and as a file with another', async () => {
  const page = await open(browser, house.address, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(`/documents/${statute.id}?q=statuto&hl=it`);
  await page.getByRole('button', { name: 'Copia' }).click();
  await page.getByRole('button', { name: 'Copiato' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^Comune di Valdoria, Statuto del Comune di Valdoria, 2008\. In Schedario, http.*consultato il/);
  assert.ok(copied.includes(`${house.address}/documents/${statute.id} (`));
  const bib = await download(page, () => page.getByRole('link', { name: 'BibTeX' }).click());
  assert.equal(bib.name, 'statuto-del-comune-di-valdoria-2008.bib');
  assert.match(bib.content, /^@misc\{/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('without script, one click selects the citation', async () => {
  const page = await open(browser, house.address, { javaScriptEnabled: false });
  await page.goto(`/documents/${statute.id}?hl=en`);
  assert.equal(await page.getByRole('button', { name: 'Copy' }).count(), 0);
  assert.equal(await page.locator('#citation').evaluate((element) => getComputedStyle(element).userSelect), 'all');
  await page.context().close();
});

test('all results are taken away by keyboard alone, and the record is one link further', async () => {
  const page = await open(browser, house.address, { locale: 'en-GB' });
  await page.goto('/search?q=cooperazione&kind=plan&kind=programme');
  const summary = page.locator('.take-away summary');
  await summary.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'CSV');
  const csv = await download(page, () => page.keyboard.press('Enter'));
  assert.match(csv.name, /^schedario-cooperazione-\d{4}-\d\d-\d\d\.csv$/);
  const { total } = (await house.get('/api/v1/search?q=cooperazione&kind=plan&kind=programme')).body;
  assert.ok(total > 0);
  assert.equal(csv.content.trim().split('\r\n').length - 1, total);
  await page.getByRole('link', { name: 'Record of the search' }).click();
  await page.getByRole('heading', { level: 1, name: 'Record of the search' }).waitFor();
  await page.getByText('cooperation', { exact: true }).waitFor();
  const text = await download(page, () => page.getByRole('link', { name: 'Download as text' }).click());
  assert.match(text.content, /^Record of the search\n====/);
  await page.getByRole('link', { name: 'Back to the results' }).click();
  assert.match(page.url(), /\/search\?q=cooperazione&kind=plan&kind=programme$/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

for (const language of ['it', 'en'])
  for (const colorScheme of ['light', 'dark'])
    test(`no violation in ${language}, ${colorScheme}, at 320 px as well`, async () => {
      for (const width of [1280, 320]) {
        const page = await open(browser, house.address, { colorScheme, bypassCSP: true, viewport: { width, height: 900 } });
        for (const target of ['/search/record?q=cooperazione+decentrata&kind=plan', '/search/record', '/search?q=cooperazione', `/documents/${statute.id}/pages/2`]) {
          await page.goto(`${target}${target.includes('?') ? '&' : '?'}hl=${language}`);
          await page.evaluate(() => document.querySelectorAll('.take-away').forEach((each) => (each.open = true)));
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${target} fits ${width} px`);
          await page.addScriptTag({ path: axe });
          const { violations } = await page.evaluate(() => window.axe.run());
          assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${target}: ${id}: ${node.target} ${node.failureSummary}`)), []);
        }
        await page.context().close();
      }
    });
