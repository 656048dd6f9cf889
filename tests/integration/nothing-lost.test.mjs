// Nothing lost: the indexer killed, its calls failing, disks that are full, archives that are damaged. What else may befall corpus
// and archive is in corpus-and-archive.test.mjs; the long forms are in tests/torture/.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { faults } from '../torture/faults.mjs';
import { kill } from '../torture/kill.mjs';
import { check, fill, housed, page, rest, sound, sql } from './housed.mjs';
import { Program, build, run, until } from './programs.mjs';

describe('ended in the midst', () => {
  test('killed at random instants: six rounds', async (t) => {
    const seed = Date.now() % 1e9;
    t.diagnostic(`seed ${seed}`);
    t.diagnostic(`${(await kill({ rounds: 6, seed, size: 12 })).killed} kills`);
  });

  test('calls to the system that fail: some of each kind', async () => {
    const steps = { write: 80, full: 80, read: 9, memory: 3000, all: 5 };
    const { strikes, refused } = await faults({ states: ['changed'], size: 3, steps, ways: [''] });
    assert.ok(strikes > 10 && refused > 5);
  });
});

describe('a full disk', { concurrency: 2 }, () => { // the second mostly waits
  const limited = (house, bytes, ...options) =>
    ['prlimit', [`--fsize=${bytes}:unlimited`, path.join(build, 'schedario-indexer'), '--archive', house.archive, ...options, house.corpus]];
  const prlimit = (house, bytes, ...options) => house.keep(new Program(`/usr/bin/${limited(house, bytes)[0]}`, limited(house, bytes, ...options)[1]));

  housed('is told, and the archive goes on being searched; with room again the work is done', async (house) => {
    fill(house, 10);
    await rest();
    assert.equal((await house.index()).code, 0);
    for (let i = 10; i < 400; i++) house.write(`e/${i}.txt`, page(i).repeat(5));
    await rest();
    const { size } = fs.statSync(house.archive);
    const full = prlimit(house, size + 65536);
    const { code } = await full.ended;
    assert.equal(code, 4, full.err);
    assert.match(full.err, /The disk is full\. Nothing is lost: make room and start again\./);
    const { code: checked, out } = await check(house);
    assert.equal(checked, 0, out);
    await house.serve();
    assert.equal((await house.paths('parola3x')).length, 1);
    assert.equal((await house.index('--quiet')).code, 0);
    assert.equal((await house.paths('parola399x')).length, 1);
    await sound(house);
  });

  housed('is told once by who watches, shown to staff, and waited out', async (house) => {
    fill(house, 3);
    await rest();
    assert.equal((await house.index()).code, 0);
    const watcher = prlimit(house, fs.statSync(house.archive).size + 65536, '--watch', '--quiet');
    await house.serve();
    for (let i = 0; i < 300; i++) house.write(`e/${i}.txt`, page(1000 + i).repeat(5));
    await until('the full disk is told', () => /indexing goes on by itself when there is room/.test(watcher.err));
    await until('staff see it', async () => (await house.status()).indexer.disk_full);
    const figure = async (name) => Number((await house.get('/metrics')).text.match(new RegExp(`^schedario_${name} (.*)$`, 'm'))[1]);
    assert.equal(await figure('indexer_disk_full'), 1);
    assert.equal(await figure('indexer_up'), 1);
    assert.match((await house.get('/status?hl=en')).text, /The disk is full: files put in wait for room/);
    assert.equal((await house.paths('parola2x')).length, 1);
    await new Promise((done) => setTimeout(done, 5500)); // it looks for room once
    assert.equal(watcher.err.match(/The disk is full/g).length, 1);
    execFileSync('prlimit', ['--pid', String(watcher.child.pid), '--fsize=unlimited:unlimited']);
    await until('the rest is indexed', async () => (await house.paths('parola1299x')).length === 1);
    await until('staff see it', async () => !(await house.status()).indexer.disk_full);
    assert.equal(await figure('indexer_disk_full'), 0);
    assert.match(watcher.out, /There is room again/);
    assert.equal((await watcher.stop()).code, 0);
    await sound(house);
  });
});

describe('a damaged archive', () => {
  // What is done to the file; the server must say so or be right, the indexer make it anew or go on.
  const overwrite = (file, at, length) => {
    const fd = fs.openSync(file, 'r+');
    fs.writeSync(fd, Buffer.alloc(length, 'x'), 0, length, at);
    fs.closeSync(fd);
  };
  const DAMAGES = {
    'its head': (file) => overwrite(file, 0, 4096),
    'a page in the middle': (file) => {
      const root = Number(sql(file, "SELECT rootpage FROM sqlite_schema WHERE name = 'document'"));
      overwrite(file, (root - 1) * 4096, 4096);
    },
    'its index': (file) => sql(file, 'UPDATE posting_data SET block = zeroblob(length(block)) WHERE id > 10'),
    'its end': (file) => fs.truncateSync(file, Math.floor(fs.statSync(file).size / 8192) * 4096),
  };
  for (const [what, damage] of Object.entries(DAMAGES)) {
    housed(`${what}: told by the server, kept aside and made again by the indexer`, async (house) => {
      fill(house, 30);
      await rest();
      assert.equal((await house.index()).code, 0);
      damage(house.archive);
      const bad = fs.readFileSync(house.archive);
      const server = await house.serve();
      const { status, body } = await house.get('/api/v1/search?q=parola3x');
      assert.equal(status, 503);
      assert.equal(body.detail, 'the archive cannot be read');
      assert.match((await house.get('/readyz')).text, /^archive: the archive cannot be read$/m);
      const figures = (await house.get('/metrics')).text;
      assert.match(figures, /^schedario_archive_up 0$/m);
      assert.match(figures, /^schedario_archive_failures_total [1-9]/m);
      assert.match(server.err, /event=archive-unreadable message="/);
      assert.equal((await check(house)).code, 1);
      const { code, err } = await house.index('--quiet');
      assert.equal(code, 0, err);
      assert.match(err, /damaged/);
      assert.match(err, /is kept as .*archive\.db-damaged; another is made from the corpus/);
      assert.deepEqual(fs.readFileSync(`${house.archive}-damaged`), bad);
      assert.equal((await house.paths('parola3x')).length, 1); // the server found the new one by itself
      assert.equal((await house.get('/readyz')).status, 200);
      assert.match(server.err, /event=archive-readable/);
      assert.equal(server.err.match(/event=archive-unreadable/g).length, 1);
      await sound(house);
      damage(house.archive); // and again: one is kept
      assert.equal((await house.index('--quiet')).code, 0);
      assert.equal(fs.readdirSync(house.folder).filter((name) => name.endsWith('-damaged')).length, 1);
    });
  }

  housed('nothing left of it, or a log of garbage', async (house) => {
    fill(house, 5);
    await rest();
    assert.equal((await house.index()).code, 0);
    fs.truncateSync(house.archive, 0);
    const { code, err } = await house.index('--quiet');
    assert.equal(code, 0, err);
    assert.match(err, /is made anew/);
    await sound(house);
    fs.writeFileSync(`${house.archive}-wal`, Buffer.alloc(100000, 'x'));
    fs.rmSync(`${house.archive}-shm`, { force: true });
    assert.equal((await house.index('--quiet')).code, 0);
    await sound(house);
  });

  housed('that cannot be renamed stays where it is, which is told', async (house) => {
    fill(house, 2);
    await rest();
    assert.equal((await house.index()).code, 0);
    DAMAGES['its head'](house.archive);
    const bad = fs.readFileSync(house.archive);
    const { code, err } = await run(path.join(build, 'tests/faulty-indexer'),
      ['--quiet', '--reader', path.join(build, 'schedario-reader'), '--archive', house.archive, house.corpus],
      { env: { ...process.env, SQLITE_TMPDIR: house.folder, FAULT: 'rename:1' } });
    assert.equal(code, 4, err);
    assert.match(err, /archive\.db: Input\/output error/);
    assert.deepEqual(fs.readFileSync(house.archive), bad);
    assert.equal((await house.index('--quiet')).code, 0);
    await sound(house);
  });

  housed('is noticed by who watches while it happens', async (house) => {
    fill(house, 5);
    await rest();
    assert.equal((await house.index()).code, 0);
    DAMAGES['a page in the middle'](house.archive);
    const watcher = house.watch('--quiet');
    await until('it is made anew', () => /another is made from the corpus/.test(watcher.err));
    house.write('nuovo.txt', 'La parola nuovarrivata.\n');
    await house.serve();
    await until('it goes on watching', async () => (await house.paths('nuovarrivata')).length === 1);
    assert.equal((await house.paths('parola4x')).length, 1);
  });
});
