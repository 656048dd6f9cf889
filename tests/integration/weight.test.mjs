// What a page weighs with everything it loads, how it is cached, and that nothing holds up what is
// seen first.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { House, samples } from './programs.mjs';

const house = new House();
const MOST_BYTES = 40 * 1024;

before(async () => {
  fs.cpSync(samples, house.corpus, { recursive: true });
  await house.index();
  await house.serve();
});
after(() => house.close());

// The bytes as they are sent.
function raw(target, headers = {}) {
  return new Promise((done, fail) => {
    const request = http.get(house.address + target, { headers }, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) }));
    });
    request.on('error', fail);
  });
}
const gzip = { 'accept-encoding': 'gzip, deflate, br', 'accept-language': 'it' };

// All that a browser asks for to show the page.
function loaded(html) {
  const links = [...html.matchAll(/<link\s[^>]*rel="(?:stylesheet|icon|preload)"[^>]*>/g)].map(([tag]) => tag.match(/href="([^"]*)"/)[1]);
  const sources = [...html.matchAll(/<(?:script|img|source|iframe)\b[^>]*?\ssrc="([^"]*)"/g)].map((match) => match[1]);
  return [...new Set([...links, ...sources])].map((address) => address.replace(/&amp;/g, '&'));
}

for (const target of ['/search?q=cooperazione+comuni', '/search?q=comune&hl=en', '/search?q=acqua&kind=plan&kind=statute&year_from=2000', '/', '/documents'])
  test(`${target}: under 40 KB with everything it loads`, async (t) => {
    const page = await raw(target, gzip);
    assert.equal(page.status, 200);
    const html = (await house.get(target, { 'accept-language': 'it' })).text;
    const parts = [[target, page]];
    for (const asset of loaded(html)) parts.push([asset, await raw(asset, gzip)]);
    assert.ok(parts.length > 3);
    const sum = parts.reduce((bytes, [, { body }]) => bytes + body.length, 0);
    t.diagnostic(`${sum} bytes: ${parts.map(([name, { body }]) => `${name.split('/').pop()} ${body.length}`).join(', ')}`);
    assert.ok(sum < MOST_BYTES, `${sum} bytes`);
  });

test('assets have names that change with them, and are kept for good', async () => {
  const { text } = await house.get('/search?q=comune');
  for (const asset of loaded(text)) {
    const { status, headers } = await raw(asset, gzip);
    assert.equal(status, 200, asset);
    assert.match(asset, /^\/assets\/[0-9a-f]{12}\//);
    assert.match(headers['cache-control'], /^public, max-age=31536000, immutable$/, asset);
    assert.equal((await raw(asset.replace(/[0-9a-f]{12}/, '000000000000'))).headers['cache-control']?.includes('immutable') ?? false, false);
  }
});

test('HTML is sent whole: its length, no chunks, compressed for who can read that', async () => {
  for (const target of ['/', '/search?q=comune', '/documents', '/help', '/privacy', '/nothing']) {
    const packed = await raw(target, gzip), plain = await raw(target, { 'accept-language': 'it' });
    for (const { headers, body } of [packed, plain]) {
      assert.equal(Number(headers['content-length']), body.length, target);
      assert.equal(headers['transfer-encoding'], undefined, target);
      assert.match(headers.vary, /Accept-Encoding/, target);
    }
    assert.equal(packed.headers['content-encoding'], 'gzip', target);
    assert.equal(plain.headers['content-encoding'], undefined, target);
    assert.ok(packed.body.length < plain.body.length / 2, target);
  }
});

test('each form of a page has a tag of its own, and neither is sent twice', async () => {
  const packed = await raw('/search?q=comune', gzip), plain = await raw('/search?q=comune', { 'accept-language': 'it' });
  assert.notEqual(packed.headers.etag, plain.headers.etag);
  assert.equal((await raw('/search?q=comune', { ...gzip, 'if-none-match': packed.headers.etag })).status, 304);
  assert.equal((await raw('/search?q=comune', { 'accept-language': 'it', 'if-none-match': plain.headers.etag })).status, 304);
  assert.equal((await raw('/search?q=acqua', { ...gzip, 'if-none-match': packed.headers.etag })).status, 200);
});

test('nothing holds up what is seen first but one style sheet', async () => {
  for (const target of ['/', '/search?q=comune', '/help']) {
    const { text } = await house.get(target);
    assert.equal([...text.matchAll(/<link\s[^>]*rel="stylesheet"/g)].length, 1, target);
    for (const [tag] of text.matchAll(/<script\b[^>]*>/g))
      assert.ok(/\sdefer\b|type="(module|application\/ld\+json)"/.test(tag), `${target}: ${tag}`);
    const css = await house.get(text.match(/rel="stylesheet" href="([^"]*)"/)[1]);
    assert.doesNotMatch(css.text, /@import|@font-face|url\((?!["']?data:)/, 'the style sheet loads more');
  }
});
