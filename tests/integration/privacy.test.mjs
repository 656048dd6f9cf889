// What is kept of those who ask: nothing, unless the operator wants it, and then no more than the
// privacy page says.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { House, run, until } from './programs.mjs';

const house = new House();
const log = path.join(house.folder, 'questions.jsonl');
const lines = (file = log) => fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
let server;

before(async () => {
  house.write('uno.txt', 'Un documento sulla fontana del comune.\n');
  await house.index();
  server = await house.serve('--log-questions', log);
});
after(() => house.close());

test('a question makes one line, without who asked', async () => {
  const words = { 'user-agent': 'SECRET-AGENT', referer: 'http://SECRET.example/', cookie: 'a=SECRET', 'x-forwarded-for': '192.0.2.9' };
  await house.get('/search?q=fontana+%22del+comune%22&hl=it', words);
  await house.get('/search?q=nothing%0Aof+the+kind', { ...words, 'accept-language': 'en' });
  await house.get('/api/v1/search?q=fontana', words);
  const found = lines();
  assert.deepEqual(found.map(({ typed, language, total }) => ({ typed, language, total })), [
    { typed: 'fontana "del comune"', language: 'it', total: 1 },
    { typed: 'nothing\nof the kind', language: 'en', total: 0 },
    { typed: 'fontana', language: null, total: 1 },
  ]);
  for (const line of found) {
    assert.deepEqual(Object.keys(line), ['time', 'typed', 'language', 'total', 'took_ms']);
    assert.ok(Math.abs(Date.parse(line.time) - Date.now()) < 60e3);
    assert.ok(line.took_ms >= 0);
  }
  assert.doesNotMatch(fs.readFileSync(log, 'utf8'), /SECRET|127\.0\.0\.1|192\.0\.2/);
  assert.equal(fs.statSync(log).mode & 0o777, 0o600);
});

test('typing, turning pages, reading and following are no questions', async () => {
  const before = lines().length;
  for (const target of ['/', '/search', '/search?q=', '/search?q=fontana&page=2', '/documents?q=fontana', '/api/v1/suggest?q=font', '/suggest.json?q=font',
    '/search.atom?q=fontana', '/api/v1/search?q=fontana&offset=10', '/search?q=fontana&kind=poem', '/help'])
    await house.get(target);
  const { results } = await house.search('');
  await house.get(`${results[0].url}?q=fontana`);
  assert.equal(lines().length, before);
});

test('the privacy page says so, in both languages', async () => {
  assert.match((await house.get('/privacy?hl=it')).text, /ha scelto di registrare le ricerche/);
  assert.match((await house.get('/privacy?hl=en')).text, /have chosen to record searches/);
});

test('SIGHUP opens the file anew', async () => {
  fs.renameSync(log, `${log}.1`);
  server.child.kill('SIGHUP');
  await until('a new file', () => fs.existsSync(log));
  await house.get('/search?q=dopo');
  assert.deepEqual(lines().map(({ typed }) => typed), ['dopo']);
});

test('without the option nothing is written, and the page says that', async () => {
  const other = new House();
  try {
    other.write('uno.txt', 'Un documento sulla fontana del comune.\n');
    await other.index();
    const quiet = await other.serve();
    const before = fs.readdirSync(other.folder).sort();
    await other.get('/search?q=fontana');
    await other.get('/api/v1/search?q=fontana');
    assert.deepEqual(fs.readdirSync(other.folder).sort(), before);
    assert.doesNotMatch(quiet.out + quiet.err, /fontana/);
    assert.match((await other.get('/privacy?hl=it')).text, /non registra le parole cercate/);
    assert.match((await other.get('/privacy?hl=en')).text, /does not record what is searched for/);
    assert.doesNotMatch((await other.get('/privacy')).text, /mailto:/);
  } finally {
    await other.close();
  }
});

test('to standard output', async () => {
  const other = new House();
  try {
    other.write('uno.txt', 'Un documento sulla fontana del comune.\n');
    await other.index();
    const loud = await other.serve('--log-questions', '-');
    await other.get('/search?q=fontana');
    await until('the line', () => /\{"time":.*"typed":"fontana"/.test(loud.out));
  } finally {
    await other.close();
  }
});

test('options that cannot be are refused', async () => {
  for (const [options, code, words] of [
    [['--url', 'archivio.example'], 2, /address of the site/],
    [['--url', 'https://archivio.example/sotto'], 2, /without a path/],
    [['--contact', 'javascript:alert(1)'], 2, /write to/],
    [['--log-questions', house.folder], 3, /directory/i],
    [['--log-questions', '/nowhere/at/all'], 3, /No such file/],
  ]) {
    const { code: ended, err } = await run('schedario-server', ['--archive', house.archive, '--listen', '127.0.0.1:0', ...options]);
    assert.equal(ended, code, options.join(' '));
    assert.match(err, words);
  }
});
