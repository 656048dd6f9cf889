// Pages as images, and the boxes of matches on them, by the real programs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { House, readersOf, until } from './programs.mjs';

const require = createRequire(import.meta.url);
const Ajv = require('ajv');
const house = new House();
const ids = {};
let server;
let checkBoxes;

const STATUTE = 'statuti/statuto-comune-valdoria.pdf';
const PROGRAMME = 'programmi/Programma cooperazione 2021-2023.pdf';
const PROTOCOL = 'programmi/protocollo-intesa_Portalba-Sidi-Marzouk.pdf';
const SCAN = 'statuti/scansioni/SCAN_0047.pdf';

before(async () => {
  for (const sample of [STATUTE, PROGRAMME, PROTOCOL, SCAN]) house.copySample(sample, sample);
  house.write('note.txt', 'Un testo sulla cooperazione tra i comuni, senza pagine stampate.\n');
  assert.equal((await house.index()).code, 1);
  server = await house.serve();
  for (const { id, path } of (await house.get('/api/v1/documents?limit=100')).body.documents) ids[path] = id;
  // A scan is not among the documents that can be searched.
  ids[SCAN] = execFileSync('sha256sum', [house.path(SCAN)], { encoding: 'utf8' }).slice(0, 20);
  const description = (await house.get('/api/v1/openapi.json')).body;
  const ajv = new Ajv({ allErrors: true, schemaId: 'auto', unknownFormats: 'ignore' });
  ajv.addSchema({ $id: 'api', components: description.components });
  checkBoxes = (value) => assert.ok(ajv.validate({ $ref: 'api#/components/schemas/Boxes' }, value), ajv.errorsText());
});
after(() => house.close());

async function bytes(target, headers = {}) {
  const response = await fetch(house.address + target, { headers, redirect: 'manual' });
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

const image = (path, page, query = '') => bytes(`/documents/${ids[path]}/pages/${page}.png${query}`);

function size(png) {
  assert.equal(png.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

async function boxes(path, page, q, more = {}) {
  const { status, body } = await house.get(`/api/v1/documents/${ids[path]}/pages/${page}/boxes?${new URLSearchParams({ q, ...more })}`);
  assert.equal(status, 200);
  checkBoxes(body);
  return body;
}

test('a page is a picture of the width that was asked for, for good', async () => {
  const usual = await image(STATUTE, 1);
  assert.equal(usual.status, 200);
  assert.equal(usual.headers.get('content-type'), 'image/png');
  assert.match(usual.headers.get('cache-control'), /max-age=31536000.*immutable/);
  assert.deepEqual(size(usual.body), [1000, 1414]);
  for (const width of [40, 120, 2400]) assert.equal(size((await image(STATUTE, 1, `?width=${width}`)).body)[0], width);
  const again = await image(STATUTE, 1);
  assert.ok(again.body.equals(usual.body));
  const tag = usual.headers.get('etag');
  assert.equal((await bytes(`/documents/${ids[STATUTE]}/pages/1.png`, { 'if-none-match': tag })).status, 304);
  const head = await fetch(`${house.address}/documents/${ids[STATUTE]}/pages/1.png`, { method: 'HEAD' });
  assert.equal(Number(head.headers.get('content-length')), usual.body.length);
});

test('with a question the picture has boxes, and is not kept for good', async () => {
  const plain = await image(STATUTE, 2);
  const boxed = await image(STATUTE, 2, '?q=comune');
  const nothing = await image(STATUTE, 2, '?q=xyzzyx');
  assert.ok(!boxed.body.equals(plain.body));
  assert.ok(nothing.body.equals(plain.body));
  assert.doesNotMatch(boxed.headers.get('cache-control'), /immutable/);
  assert.deepEqual(size(boxed.body), size(plain.body));
});

// poppler's own program says independently where the words are.
function wordsOf(path, page) {
  const html = execFileSync('pdftotext', ['-bbox', '-f', page, '-l', page, house.path(path), '-'].map(String), { encoding: 'utf8' });
  return [...html.matchAll(/<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</g)].map(
    ([, x1, y1, x2, y2, text]) => ({ x1: +x1, y1: +y1, x2: +x2, y2: +y2, text: text.replace(/&amp;/g, '&') }),
  );
}

test('boxes stand where the words stand, on every page', async () => {
  for (const [path, q] of [[STATUTE, 'comune'], [PROGRAMME, 'cooperazione'], [PROTOCOL, 'partenariato OR partnership']]) {
    const { pages } = (await house.get(`/api/v1/documents/${ids[path]}`)).body;
    let count = 0;
    for (let page = 1; page <= pages; page++) {
      const words = wordsOf(path, page);
      const found = await boxes(path, page, q, { translate: 'off' });
      const text = (await house.get(`/api/v1/documents/${ids[path]}/pages/${page}?q=${encodeURIComponent(q)}&translate=off`)).body;
      assert.equal(found.matches, text.matches);
      assert.equal(new Set(found.boxes.map((box) => box.match)).size, found.matches);
      for (const box of found.boxes) {
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        const word = words.find((one) => one.x1 <= x && x <= one.x2 && one.y1 <= y && y <= one.y2);
        assert.ok(word, `${path} ${page}: ${JSON.stringify(box)}`);
        assert.ok(word.text.toLowerCase().includes(box.text.toLowerCase()) || word.text.endsWith('-') || box.text.toLowerCase().endsWith(word.text.toLowerCase().replace(/\W+$/, '')), `${box.text} on ${word.text}`);
        assert.ok(box.x >= word.x1 - 1 && box.x + box.width <= word.x2 + 1, `${box.text}: ${JSON.stringify([box, word])}`);
        count++;
      }
    }
    assert.ok(count > 3, path);
  }
});

test('a question by its other name has boxes too; translate=off takes them away', async () => {
  const through = await boxes(PROGRAMME, 1, 'decentralised cooperation');
  const typed = await boxes(PROGRAMME, 1, 'decentralised cooperation', { translate: 'off' });
  assert.ok(through.matches > typed.matches);
  assert.deepEqual((await boxes(STATUTE, 1, '')).boxes, []);
});

test('a scan has pictures, and no boxes', async () => {
  const scan = await image(SCAN, 1);
  assert.equal(scan.status, 200);
  assert.equal(size(scan.body)[0], 1000);
  const asked = await house.get(`/documents/${ids[SCAN]}/pages/1.png?q=comune`);
  assert.equal(asked.status, 200);
  const { status, body } = await house.get(`/api/v1/documents/${ids[SCAN]}/pages/1/boxes?q=comune`);
  assert.equal(status, 200);
  assert.deepEqual([body.matches, body.boxes], [0, []]);
  assert.equal((await house.get(`/api/v1/documents/${ids[SCAN]}/pages/99/boxes?q=comune`)).status, 404);
});

async function problem(target, status, words) {
  const answer = await house.get(target);
  assert.equal(answer.status, status, `${target}: ${answer.text.slice(0, 200)}`);
  assert.equal(answer.headers.get('content-type').split(';')[0], 'application/problem+json');
  assert.equal(answer.body.status, status);
  assert.match(answer.body.detail, words);
  return answer;
}

test('what cannot be a picture says why', async () => {
  const id = ids[STATUTE];
  for (const width of ['39', '2401', '-1', '1e3', 'wide', '100000000000000000000']) await problem(`/documents/${id}/pages/1.png?width=${width}`, 400, /width/);
  await problem(`/documents/${id}/pages/1.png?colour=red`, 400, /./);
  for (const page of ['0', '7', '99999999999999999999', 'x', '-1', '1.5', '%20']) await problem(`/documents/${id}/pages/${page}.png`, 404, /page/);
  await problem(`/documents/${'0'.repeat(20)}/pages/1.png`, 404, /no document/);
  await problem(`/documents/${ids['note.txt']}/pages/1.png`, 404, /no page images/);
  await problem(`/api/v1/documents/${ids['note.txt']}/pages/1/boxes?q=testo`, 404, /no page images/);
  await problem(`/api/v1/documents/${id}/pages/9/boxes?q=comune`, 404, /no such page/);
  await problem(`/api/v1/documents/${id}/pages/1/boxes?width=100`, 400, /./);
});

test('many at once, thumbnails and large ones', async () => {
  const { pages } = (await house.get(`/api/v1/documents/${ids[PROGRAMME]}`)).body;
  const wanted = Array.from({ length: 60 }, (_, i) => [STATUTE, PROGRAMME, PROTOCOL][i % 3]).map((path, i) => image(path, (i % Math.min(3, pages)) + 1, `?width=${100 + i * 10}`));
  for (const [i, answer] of (await Promise.all(wanted)).entries()) {
    assert.equal(answer.status, 200, answer.body.toString().slice(0, 200));
    assert.equal(size(answer.body)[0], 100 + i * 10);
  }
});

const readers = () => readersOf(server.child.pid);

test('a reader that dies is replaced', async () => {
  await image(STATUTE, 1, '?width=777');
  const before = readers();
  assert.ok(before.length >= 1);
  for (const pid of before) process.kill(pid, 'SIGKILL');
  for (let i = 0; i < 4; i++) assert.equal((await image(STATUTE, 2, `?width=${701 + i}`)).status, 200);
  assert.ok(readers().every((pid) => !before.includes(pid)));
});

test('an original that is gone, or is another, is not drawn', async () => {
  const content = fs.readFileSync(house.path(PROTOCOL));
  fs.rmSync(house.path(PROTOCOL));
  await problem(`/documents/${ids[PROTOCOL]}/pages/1.png?width=333`, 404, /original/);
  fs.writeFileSync(house.path(PROTOCOL), Buffer.alloc(content.length, 'x'));
  await problem(`/documents/${ids[PROTOCOL]}/pages/1.png?width=334`, 422, /damaged|drawn/);
  fs.writeFileSync(house.path(PROTOCOL), content);
  assert.equal((await image(PROTOCOL, 1, '?width=335')).status, 200);
});

test('a document that went is gone', async () => {
  fs.rmSync(house.path(PROTOCOL));
  await house.index();
  const gone = await until('the server knows', async () => {
    const answer = await house.get(`/documents/${ids[PROTOCOL]}/pages/1.png`);
    return answer.status === 410 && answer;
  });
  assert.equal(gone.body.successor, null);
});

test('without the program that draws, text is served all the same', async () => {
  const other = new House();
  try {
    other.copySample(STATUTE, STATUTE);
    assert.equal((await other.index()).code, 0);
    const poor = await other.serve('--reader', '/nowhere/schedario-reader');
    assert.match(poor.err, /pages have no images/);
    const answer = await other.get(`/documents/${ids[STATUTE]}/pages/1.png`);
    assert.equal(answer.status, 503);
    assert.ok(answer.headers.get('retry-after'));
    assert.equal((await other.get(`/documents/${ids[STATUTE]}/pages/1`)).status, 200);
    assert.equal((await other.search('comune')).total, 1);
  } finally {
    await other.close();
  }
});

test('the server ends its readers', async () => {
  await image(STATUTE, 1, '?width=555');
  const pids = readers();
  assert.ok(pids.length >= 1);
  await server.stop();
  for (const pid of pids) assert.throws(() => process.kill(pid, 0));
});
