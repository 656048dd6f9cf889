// Exports to slow clients: the archive changes, goes away or is wanted by many while they are under way.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { House, until } from './programs.mjs';

const DOCUMENTS = 2500;
const AT_ONCE = 32; // EXPORTS_AT_ONCE
const house = new House();
let server;

before(async () => {
  for (let i = 0; i < DOCUMENTS; i++)
    house.write(`d${i % 50}/documento-${i}.txt`, `Verbale numero ${i}\n\n${`La fontana del quartiere ${i} resta aperta e il comune ne cura la manutenzione ordinaria. `.repeat(8)}\n`);
  assert.equal((await house.index('--quiet')).code, 0);
  server = await house.serve();
});
after(() => house.close());

// A client that asks, takes the beginning of the answer, and no more until told.
function slowly(target) {
  const { hostname, port } = new URL(house.address);
  const client = { body: '', isEnded: false };
  client.socket = net.connect({ host: hostname, port, readableHighWaterMark: 4096 });
  client.socket.setEncoding('latin1'); // a character a byte, as chunks are counted
  client.socket.write(`GET ${target} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`);
  client.begun = new Promise((resolve) => {
    client.socket.once('data', (data) => {
      client.body += data;
      client.socket.pause();
      resolve();
    });
  });
  client.all = new Promise((resolve) => client.socket.once('close', resolve));
  client.go = () => {
    client.socket.on('data', (data) => (client.body += data));
    client.socket.resume();
    return client.all;
  };
  return client;
}

// The chunks of an answer put together, and whether the last one came.
function unchunk(answer) {
  let at = answer.indexOf('\r\n\r\n') + 4;
  let body = '';
  for (;;) {
    const end = answer.indexOf('\r\n', at);
    const length = end < 0 ? NaN : parseInt(answer.slice(at, end), 16);
    if (!(length > 0)) return { body: Buffer.from(body, 'latin1').toString(), isWhole: length === 0 };
    body += answer.slice(end + 2, end + 2 + length);
    at = end + 2 + length + 2;
  }
}

const lines = (body) => body.split('\n').filter(Boolean).map((line) => JSON.parse(line));

const memory = () => Number(fs.readFileSync(`/proc/${server.child.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);

test('documents that go away meanwhile are left out; the rest comes whole', async () => {
  const { total } = await house.search('fontana manutenzione');
  assert.equal(total, DOCUMENTS);
  const client = slowly('/search.jsonl?q=fontana+manutenzione');
  await client.begun;
  for (let i = 0; i < 50; i += 2) fs.rmSync(house.path(`d${i}`), { recursive: true });
  assert.equal((await house.index('--quiet')).code, 0);
  await until('they are gone', async () => (await house.search('fontana')).total === DOCUMENTS / 2);
  await client.go();
  const { body, isWhole } = unchunk(client.body);
  const results = lines(body);
  assert.ok(isWhole, 'the answer ends as it should');
  assert.ok(results.length >= DOCUMENTS / 2 && results.length < DOCUMENTS, `${results.length} documents`);
  assert.equal(new Set(results.map(({ id }) => id)).size, results.length);
  assert.equal(results.filter(({ path }) => parseInt(path.slice(1), 10) % 2 === 1).length, DOCUMENTS / 2);
});

test('only so many at once, and slow ones hold up nobody and little memory', async () => {
  const before = memory();
  const clients = Array.from({ length: AT_ONCE }, () => slowly('/search.jsonl?q=fontana+comune'));
  await Promise.all(clients.map((client) => client.begun));
  for (const client of clients) assert.match(client.body, /^HTTP\/1\.1 200 /);
  const refused = await fetch(`${house.address}/search.csv`);
  assert.equal(refused.status, 503);
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  const started = performance.now();
  assert.equal((await house.search('fontana')).total, DOCUMENTS / 2);
  assert.ok(performance.now() - started < 8000, 'a search beside them'); // milliseconds, but with sanitizers
  const grown = memory() - before;
  const isSanitized = /asan/.test(fs.readFileSync(`/proc/${server.child.pid}/maps`, 'utf8')); // which keeps what is freed
  if (!isSanitized) assert.ok(grown < 96 * 1024, `${grown} KiB for ${AT_ONCE} clients`);
  for (const client of clients) client.socket.destroy();
  await until('the ended ones are forgotten', async () => (await fetch(`${house.address}/search.csv`, { method: 'HEAD' })).status === 200);
});

test('where the archive goes away, the client sees that something is missing', async () => {
  const client = slowly('/search.jsonl?q=fontana+comune');
  await client.begun;
  for (const name of fs.readdirSync(house.folder)) if (name.startsWith('archive.db')) fs.rmSync(`${house.folder}/${name}`);
  await client.go();
  assert.equal(unchunk(client.body).isWhole, false);
});
