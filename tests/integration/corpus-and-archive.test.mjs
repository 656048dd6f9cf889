// Nothing lost, too: archives of somebody else, corpora that vanish or are very large, odd files; and the check that tells whether
// all is well. Kills, faults, full disks and damage are in nothing-lost.test.mjs.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { folder } from '../torture/folder.mjs';
import { check, fill, housed, page, rest, sound, sql } from './housed.mjs';
import { Program, build, root, run, until } from './programs.mjs';

describe('an archive of somebody else', () => {
  housed('a foreign file is left alone, with nothing beside it', async (house) => {
    fs.writeFileSync(house.archive, 'This is a diary.\n'.repeat(100));
    assert.equal((await house.index()).code, 4);
    sql(path.join(house.folder, 'other.db'), 'CREATE TABLE recipe(name)');
    assert.equal((await run('schedario-indexer', ['--archive', path.join(house.folder, 'other.db'), house.corpus])).code, 4);
    assert.deepEqual(fs.readdirSync(house.folder).sort(), ['archive.db', 'corpus', 'other.db']);
  });

  housed('a newer version is refused, an older one made anew', async (house) => {
    fill(house, 2);
    await rest();
    assert.equal((await house.index()).code, 0);
    const version = Number(sql(house.archive, 'PRAGMA user_version'));
    sql(house.archive, `PRAGMA user_version = ${version + 1}`);
    for (const options of [[], ['--check']]) {
      const { code, err } = await house.index(...options);
      assert.equal(code, 4);
      assert.match(err, /made by a newer version of this program/);
    }
    sql(house.archive, `PRAGMA user_version = ${version - 1}`);
    const { code, err } = await house.index('--quiet');
    assert.equal(code, 0, err);
    assert.match(err, /of an older version, and is made anew/);
    await sound(house);
  });

  housed('two indexers at once: one works, the other says so', async (house) => {
    fill(house, 300);
    await rest();
    const both = [0, 1].map(() => new Program('schedario-indexer', ['--quiet', '--archive', house.archive, house.corpus]));
    const codes = (await Promise.all(both.map(({ ended }) => ended))).map(({ code }) => code);
    assert.ok(codes.includes(0) && codes.every((code) => code === 0 || code === 4), codes.join());
    codes.forEach((code, i) => (code ? assert.match : assert.doesNotMatch)(both[i].err, /another indexer is writing/));
    await sound(house);
  });
});

describe('a corpus that is not as it was', () => {
  housed('an empty folder in its place removes nothing; said to be meant so, it does', async (house) => {
    fill(house, 5);
    await rest();
    assert.equal((await house.index()).code, 0);
    fs.renameSync(house.corpus, path.join(house.folder, 'away'));
    assert.equal((await house.index()).code, 3);
    fs.mkdirSync(house.corpus);
    for (let i = 0; i < 2; i++) {
      const { code, err } = await house.index('--quiet');
      assert.equal(code, 3);
      assert.match(err, /is empty, as if its file system were not mounted; what the archive has of it stays/);
    }
    await house.serve();
    assert.equal((await house.paths('parola3x')).length, 1);
    const { code, out } = await house.index('--emptied');
    assert.equal(code, 0);
    assert.match(out, /5 removed/);
    assert.equal((await house.paths('parola3x', { translate: 'off' })).length, 0);
  });

  housed('staff who remove the last document are believed', async (house) => {
    fill(house, 1);
    await rest();
    assert.equal((await house.index()).code, 0);
    fs.rmSync(house.path('d0.txt'));
    const { code, out } = await house.index();
    assert.equal(code, 0);
    assert.match(out, /1 removed/);
  });

  // In a namespace of its own, which whoever runs the tests may make, as root or in one of users'; that may be forbidden, too.
  const mounts = 'mount -t tmpfs -o size=1m tmpfs /mnt && umount /mnt';
  const namespace = ['-rm', '-m'].find((way) => spawnSync('unshare', [way, 'sh', '-c', mounts]).status === 0);
  test('a file system below it that vanishes takes no document with it; read-only is enough',
    { skip: namespace ? false : 'not possible here: mounting, even in a namespace of users' }, async () => {
      const { code, out, err } = await run('/usr/bin/unshare', [namespace, process.execPath, path.join(root, 'tests/integration/vanishing-share.mjs')]);
      assert.equal(code, 0, out + err);
    });

  housed('a clock that goes back ten years', async (house) => {
    const indexer = (shift) => run(path.join(build, 'tests/faulty-indexer'),
      ['--quiet', '--reader', path.join(build, 'schedario-reader'), '--archive', house.archive, house.corpus],
      { env: { ...process.env, SQLITE_TMPDIR: house.folder, CLOCK_SHIFT: String(shift) } });
    fill(house, 3);
    await rest();
    assert.equal((await indexer(0)).code, 0);
    house.write('d1.txt', page(101));
    fs.rmSync(house.path('d2.txt'));
    house.write('d3.txt', page(103));
    const { code, err } = await indexer(-315360000);
    assert.equal(code, 0, err);
    await house.serve();
    for (const [word, count] of [['parola101x', 1], ['parola103x', 1], ['parola1x', 0], ['parola2x', 0]])
      assert.equal((await house.paths(word, { translate: 'off' })).length, count, word);
    await sound(house);
  });
});

describe('odd files', { concurrency: 2 }, () => { // the first mostly waits
  housed('one that never ceases to change does not keep a run from ending', async (house) => {
    house.write('calmo.txt', page(1));
    house.write('registro.txt', 'Riga.\n');
    const writer = house.keep(new Program('/bin/sh', ['-c', 'while echo Riga. >>"$0"; do sleep 0.1; done', house.path('registro.txt')]));
    const { code, out, err } = await house.index();
    await writer.stop();
    assert.equal(code, 1);
    assert.match(err, /path=registro\.txt message="does not cease to change; the next run will look at it again/);
    assert.match(out, /1 indexed/);
    await rest();
    assert.equal((await house.index()).code, 0);
    await sound(house);
  });

  test('two thousand in one folder: all in, nothing to do, one more, half of them out', async () => {
    await folder({ count: 2000 });
  });

  housed('links in circles and out of the corpus, names of every kind and length, folders as deep as can be', async (house) => {
    fs.writeFileSync(path.join(house.folder, 'outside.txt'), 'La parola segretissima sta fuori.\n');
    house.write('a/dentro.txt', 'La parola dentrissima sta dentro.\n');
    fs.symlinkSync(path.join(house.folder, 'outside.txt'), house.path('fuori.txt'));
    fs.symlinkSync('/etc', house.path('cartella'));
    fs.symlinkSync('..', house.path('a/cerchio'));
    const long = `${'à'.repeat(125)}x.txt`; // 255 bytes
    house.write(long, 'La parola lunghissima.\n');
    const raw = Buffer.concat([Buffer.from(`${house.corpus}/citt`), Buffer.from([0xe0, 0x0a, 0x1b]), Buffer.from('.txt')]);
    fs.writeFileSync(raw, 'La parola stranissima.\n');
    // As deep as a name for the system can be, and deeper, one step at a time.
    execFileSync('python3', ['-c', `
import os
os.chdir(${JSON.stringify(house.corpus)})
for i in range(25):
    os.mkdir('d' * 200); os.chdir('d' * 200)
    open('f.txt', 'w').write('La parola profondissima%dx.\\n' % i)
`]);
    await rest();
    const { code, err } = await house.index();
    assert.equal(code, 1);
    for (const link of ['fuori.txt', 'cartella', 'a/cerchio']) assert.match(err, new RegExp(`path=${link} message=".*link`));
    assert.match(err, /path=(d{200}\/)+ message="cannot be listed/);
    await house.serve();
    const literally = { translate: 'off' };
    assert.deepEqual(await house.paths('segretissima', literally), []);
    assert.deepEqual(await house.paths('lunghissima', literally), [long]);
    assert.equal((await house.paths('stranissima', literally)).length, 1);
    assert.equal((await house.paths('profondissima15x', literally)).length, 1);
    const checked = await check(house);
    assert.match(checked.out, /cannot be listed/);
    execFileSync('rm', ['-rf', house.corpus]);
  });
});

describe('the check', () => {
  housed('names everything that is falsified, and writes nothing', async (house) => {
    fill(house, 12);
    house.write('copia.txt', page(0));
    await rest();
    assert.equal((await house.index()).code, 0);
    await sound(house);
    const before = fs.readFileSync(house.archive);
    const row = (name) => `(SELECT document FROM file WHERE path = '${name}')`;
    sql(house.archive,
      `UPDATE text SET data = x'00' WHERE key >> 24 = ${row('d1.txt')}`,
      `UPDATE text SET data = (SELECT data FROM text WHERE key >> 24 = ${row('d3.txt')}) WHERE key >> 24 = ${row('d2.txt')}`,
      `UPDATE document SET layout = x'01' WHERE row = ${row('d4.txt')}`,
      `UPDATE document SET sha256 = 'f' || substr(sha256, 2) WHERE row = ${row('d5.txt')}`,
      `UPDATE document SET title_marked = title_marked || ' altro' WHERE row = ${row('d6.txt')}`,
      `UPDATE file SET state = 2 WHERE path = 'd7.txt'`,
      `UPDATE file SET document = 999 WHERE path = 'd8.txt'`,
      `UPDATE file SET document = NULL WHERE path = 'd9.txt'`,
      `INSERT INTO text(key, data) VALUES(900 << 24, x'00')`,
      `INSERT INTO document SELECT 901, 'x', 'y', 2, media_type, size_bytes, title, title_source, year, year_source, kind, kind_source,
         body, body_source, collection, themes, meta_title, meta_author, heading, meta_year, page_count, missing_pages, blank_pages,
         lacking_pages, word_count, share_it, share_en, reason, detail, successor, last_path, indexed_unix, revision, title_marked,
         terms, layout FROM document WHERE row = ${row('d10.txt')}`);
    fs.rmSync(house.path('d10.txt'));
    house.write('nuovo.txt', page(77));
    const falsified = fs.readFileSync(house.archive);
    const { code, out } = await check(house);
    assert.equal(code, 1);
    for (const line of [
      /^wrong: d1\.txt: /m,
      /^wrong: d2\.txt: the index does not agree with its text$/m,
      /^wrong: d4\.txt: its pages do not have the words that are noted of them$/m,
      /^wrong: d5\.txt: its id is not that of its content$/m,
      /^wrong: d5\.txt: its content is not the one that was indexed, though the file looks unchanged$/m,
      /^wrong: d6\.txt: the index does not agree with its text$/m,
      /^wrong: d7\.txt: its state is not that of its document$/m,
      /^wrong: d8\.txt: names a document that is not there$/m,
      /^wrong: d9\.txt: is said to be indexed, but names no document$/m,
      /^wrong: row 900: text without a document$/m,
      /^wrong: x: its id is not that of its content$/m,
      /^wrong: the index: FTS5 finds it damaged$/m,
      /^behind: d10\.txt: in the archive, but not in the corpus any more$/m,
      /^behind: nuovo\.txt: not in the archive yet$/m,
    ]) assert.match(out, line);
    assert.doesNotMatch(out, /copia\.txt|d0\.txt|d11\.txt/);
    assert.deepEqual(fs.readFileSync(house.archive), falsified);
    assert.notDeepEqual(before, falsified);
  });

  housed('a copy made with sqlite3 while the indexer works is sound, and can be put back', async (house) => {
    const count = 1000;
    fill(house, count);
    await rest();
    const indexer = house.keep(new Program('schedario-indexer', ['--quiet', '--jobs', '1', '--archive', house.archive, house.corpus]));
    const documents = (file) => Number(sql(`file:${file}?mode=ro`, '.timeout 5000', 'SELECT count(*) FROM document'));
    await until('some are in', () => documents(house.archive) > 0);
    const copy = path.join(house.folder, 'copy.db');
    const copied = await run('/usr/bin/sqlite3', [`file:${house.archive}?mode=ro`, '.timeout 5000', `.backup ${copy}`]);
    assert.equal(copied.code, 0, copied.err);
    assert.equal(indexer.child.exitCode, null, 'it was still at work');
    const held = documents(copy);
    assert.ok(held > 0 && held < count, `${held} documents in the copy`);
    const { code, out, err } = await check(house, copy);
    assert.equal(code, 0, out + err);
    assert.equal((await indexer.ended).code, 0);
    for (const ending of ['', '-wal', '-shm']) fs.rmSync(house.archive + ending, { force: true });
    fs.copyFileSync(copy, house.archive);
    assert.match((await house.index()).out, new RegExp(`\\b${count - held} indexed`));
    await sound(house);
  });

  housed('runs beside an indexer that watches', async (house) => {
    fill(house, 5);
    const watcher = house.watch('--quiet');
    await house.serve();
    await until('all are indexed', async () => (await house.status()).indexed === 5);
    const { code, out } = await check(house);
    assert.equal(code, 0, out);
    assert.match(out, /^An indexer is at work/m);
    assert.equal(watcher.child.exitCode, null);
  });
});
