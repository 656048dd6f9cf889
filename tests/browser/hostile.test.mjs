// The quick form of tests/torture/hostile.mjs: hostile strings as parameters and as documents, and originals in the browser's viewer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { House } from '../integration/programs.mjs';
import { bibFaults, csvFaults, drive, inspect, risFaults, templateNames } from '../torture/hostile.mjs';
import { launch, open } from './browser.mjs';

test('nothing that is typed, or stands in a document, becomes markup in any page or format', async () => {
  const { faults, asked, counts, documents } = await drive(false);
  assert.deepEqual(faults.slice(0, 20), [], `${faults.length} faults`);
  assert.ok(documents >= 100 && asked > 1200, `${documents} documents, ${asked} requests`);
  assert.ok(counts[200] > asked / 3, JSON.stringify(counts));
});

test('originals open in the browser, and run nothing', async () => {
  const house = new House();
  const browser = await launch();
  try {
    house.copySample('statuti/statuto-comune-valdoria.pdf', 'statuto.pdf');
    house.write('pagina.txt', `${'Verbale del comune di Valdoria, seduta del consiglio. '.repeat(200)}\n\n<html><script>document.title = "zqrun"; fetch("/zqrun")</script><img src=x onerror="document.title = 'zqrun'"><h1>Verbale del comune</h1></html>\n`);
    assert.equal((await house.index('--quiet')).code, 0);
    await house.serve();
    const { body } = await house.get('/api/v1/documents');
    const address = (ending) => `/documents/${body.documents.find(({ path }) => path.endsWith(ending)).id}/file`;
    const page = await open(browser, house.address);
    await page.goto(address('.txt'));
    await page.waitForTimeout(300);
    assert.notEqual(await page.title(), 'zqrun');
    assert.equal(await page.locator('h1, img').count(), 0);
    assert.match(await page.locator('pre').textContent(), /<h1>Verbale del comune<\/h1>/);
    assert.deepEqual(page.faults, []);
    const viewer = await (await browser.newContext()).newPage();
    const log = [];
    viewer.on('console', (message) => log.push(message.text()));
    await viewer.goto(house.address + address('.pdf'));
    for (let i = 0; i < 50 && viewer.frames().length < 3; i++) await viewer.waitForTimeout(100);
    assert.ok(viewer.frames().some((frame) => frame.url().startsWith('chrome-extension:')), 'the viewer of PDF files');
    assert.equal(viewer.frames().length, 3, 'the page, the viewer, and the file in it');
    assert.deepEqual(log.filter((line) => /refused|policy|sandbox|frame/i.test(line)), []);
  } finally {
    await browser.close();
    await house.close();
  }
});

test('what judges the answers sees what is planted', async () => {
  const browser = await launch();
  try {
    const page = await (await browser.newContext()).newPage();
    const allowed = Object.fromEntries([...templateNames()].map(([name, attributes]) => [name, [...attributes]]));
    const judged = async (html) => (await page.evaluate(inspect, [`<!DOCTYPE html><title>x</title>${html}`, 'text/html', allowed])).faults;
    assert.deepEqual(await judged('<h1>a</h1><p><a href="/x">b</a></p>'), []);
    for (const html of ['<p onclick="zq(1)">a</p>', '<svg onload=zq(1)></svg>', '<a href="javascript:zq(1)">a</a>', '<a href="//zq.example/">a</a>', '<p style="color:red">a</p>',
      '<script>zq(1)</script>', '<iframe src="/x"></iframe>', '<marquee>a</marquee>', '<form action="https://zq.example/"></form>', '<p zq="1">a</p>'])
      assert.notDeepEqual(await judged(html), [], html);
    for (const [find, text] of [[(text) => csvFaults(text, ','), 'a,b\r\n=1+1,c\r\n'], [(text) => csvFaults(text, ','), 'a,b\r\n"c\r\n'], [(text) => csvFaults(text, ','), 'a,b\r\nc\r\n'],
      [risFaults, 'TY  - BOOK\nTI  - a\nb\nER  - \n'], [bibFaults, '@book{a,\n title={b}}\n}'], [bibFaults, '@book{a,\n title={b}\n']])
      assert.notDeepEqual(find(text), [], text);
  } finally {
    await browser.close();
  }
});
