// axe-core on every kind of page, in both languages and both colour schemes.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { House, samples } from '../integration/programs.mjs';
import { launch, open } from './browser.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const house = new House();
let browser;
let targets;

before(async () => {
  fs.cpSync(samples, house.corpus, { recursive: true });
  house.write('old.txt', 'Prima edizione, parola superata.\n');
  await house.index();
  const server = await house.serve();
  const { id } = (await house.search('superata')).results[0];
  house.write('old.txt', 'Seconda edizione, parola attuale.\n');
  await house.index();
  const { results } = await house.search('comune');
  const failed = (await house.get('/status?state=failed')).text.match(/\/documents\/[0-9a-f]{20}/)?.[0];
  targets = {
    start: '/',
    results: '/search?q=comune+cooperazione&kind=statute&kind=plan',
    nothing: '/search?q=qwertyuiop',
    'other names': '/search?q=cooperazione+decentrata+comuni',
    'as typed': '/search?q=cooperazione+comuni&translate=off',
    'a part of the words': '/search?q=partenariato+qwertyuiop',
    'did you mean': '/search?q=cooperasione',
    'a filter of theme': '/search?q=comune&theme=migration&area=mediterranean',
    'an unknown value': '/search?q=tema:cani+comune',
    'nothing to search for': '/search?q=%22%22',
    'nothing with a filter': '/search?q=comune&kind=agreement&year_from=1990&year_to=1991',
    documents: '/documents',
    'new arrivals': '/documents?sort=added&size=20',
    browse: '/browse',
    bodies: '/browse/body',
    folders: '/browse/collection',
    years: '/browse/year?q=comune',
    document: results[0].url,
    'document without a question': results[0].url.split('?')[0],
    page: results[0].hits[0].url,
    'page with its text': `${results[0].hits[0].url}&view=both`,
    'page as text': `${results[0].hits[0].url}&view=text`,
    'page made larger': `${results[0].hits[0].url}&zoom=200`,
    'page without a match': `${results[0].url.split('?')[0]}/pages/1?q=qwertyuiop`,
    status: '/status',
    'failed files': '/status?state=failed&q=pdf',
    'documents without text': '/status/text',
    catalogue: '/status/catalogue?field=year',
    totals: '/status/totals',
    help: '/help',
    privacy: '/privacy',
    accessibility: '/accessibility',
    absent: '/nothing',
    gone: `/documents/${id}`,
    ...(failed ? { failed, scan: `${failed}/pages/1` } : {}),
  };
  browser = await launch();
  void server;
});
after(async () => {
  await browser?.close();
  await house.close();
});

for (const language of ['it', 'en'])
  for (const colorScheme of ['light', 'dark'])
    test(`no violation in ${language}, ${colorScheme}`, async () => {
      // bypassCSP lets the test bring axe in; the pages themselves allow no inline script.
      const page = await open(browser, house.address, { colorScheme, bypassCSP: true });
      for (const [name, target] of Object.entries(targets)) {
        await page.goto(`${target}${target.includes('?') ? '&' : '?'}hl=${language}`);
        assert.equal(await page.locator('html').getAttribute('lang'), language, name);
        await page.evaluate(() => document.querySelectorAll('.also details').forEach((each) => (each.open = true)));
        if (name === 'start') {
          await page.getByRole('combobox').pressSequentially('comu');
          await page.getByRole('option').first().waitFor();
        }
        await page.addScriptTag({ path: axe });
        const { violations } = await page.evaluate(() => window.axe.run());
        const told = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${name}: ${id}: ${node.target} ${node.failureSummary}`));
        assert.deepEqual(told, []);
      }
      await page.context().close();
    });
