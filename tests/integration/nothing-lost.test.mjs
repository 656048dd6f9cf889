// Nothing lost: the indexer killed, its calls failing, disks that are full, archives that are damaged, corpora that vanish, odd
// files; and the check that tells whether all is well. The long forms are in tests/torture/.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { faults } from '../torture/faults.mjs';
import { kill } from '../torture/kill.mjs';
import { House, Program, build, run, until } from './programs.mjs';

const STILL_MS = 1100;
const rest = () => new Promise((done) => setTimeout(done, STILL_MS));

// A house for one test, closed whatever comes.
const housed = (what, body, options = {}) =>
  test(what, options, async () => {
    const house = new House();
    try {
      await body(house);
    } finally {
      await house.close();
    }
  });

const check = (house, archive = house.archive) => run('schedario-indexer', ['--check', '--archive', archive, house.corpus]);
const sql = (file, ...statements) => execFileSync('sqlite3', [file, ...statements], { encoding: 'utf8' });
const page = (n) => `Pagina della relazione ${n} sulla cooperazione tra i comuni e la parola${n}x.\n`.repeat(40);

function fill(house, count) {
  for (let i = 0; i < count; i++) house.write(`d${i}.txt`, page(i));
}

async function sound(house) {
  const { code, out, err } = await check(house);
  assert.equal(code, 0, out + err);
  assert.match(out, /: 0 wrong, 0 behind/);
}

describe('ended in the midst', () => {
  test('killed at random instants: six rounds', async (t) => {
    const seed = Date.now() % 1e9;
    t.diagnostic(`seed ${seed}`);
    await kill({ rounds: 6, seed, size: 12 });
  });

  test('calls to the system that fail: some of each kind', async () => {
    const steps = { write: 80, full: 80, read: 9, memory: 3000, all: 5 };
    const { strikes, refused } = await faults({ states: ['changed'], size: 3, steps, ways: [''] });
    assert.ok(strikes > 10 && refused > 5);
  });
});

describe('a full disk', () => {
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
    assert.match((await house.get('/status?hl=en')).text, /The disk is full: files put in wait for room/);
    assert.equal((await house.paths('parola2x')).length, 1);
    await new Promise((done) => setTimeout(done, 5500)); // it looks for room once
    assert.equal(watcher.err.match(/The disk is full/g).length, 1);
    execFileSync('prlimit', ['--pid', String(watcher.child.pid), '--fsize=unlimited:unlimited']);
    await until('the rest is indexed', async () => (await house.paths('parola1299x')).length === 1);
    await until('staff see it', async () => !(await house.status()).indexer.disk_full);
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
    'its end': (file) => fs.truncateSync(file, Math.floor(fs.statSync(file).size / 8192) * 4096),
  };
  for (const [what, damage] of Object.entries(DAMAGES)) {
    housed(`${what}: told by the server, kept aside and made again by the indexer`, async (house) => {
      fill(house, 30);
      await rest();
      assert.equal((await house.index()).code, 0);
      damage(house.archive);
      const bad = fs.readFileSync(house.archive);
      await house.serve();
      const { status, body } = await house.get('/api/v1/search?q=parola3x');
      assert.equal(status, 503);
      assert.equal(body.detail, 'the archive cannot be read');
      assert.equal((await check(house)).code, 1);
      const { code, err } = await house.index('--quiet');
      assert.equal(code, 0, err);
      assert.match(err, /damaged/);
      assert.match(err, /is kept as .*archive\.db-damaged; another is made from the corpus/);
      assert.deepEqual(fs.readFileSync(`${house.archive}-damaged`), bad);
      assert.equal((await house.paths('parola3x')).length, 1); // the server found the new one by itself
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
    for (const program of both) if (program.err) assert.match(program.err, /another indexer is writing/);
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

  const canMount = process.getuid() === 0 && (() => {
    const place = fs.mkdtempSync('/tmp/schedario-test-mount-');
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' });
      execFileSync('umount', [place]);
      return true;
    } catch {
      return false;
    } finally {
      fs.rmdirSync(place);
    }
  })();

  housed('a file system below it that vanishes takes no document with it; read-only is enough', async (house) => {
    house.write('here.txt', page(1));
    fs.mkdirSync(house.path('share'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', house.path('share')]);
    let mounted = true;
    try {
      house.write('share/deep/there.txt', page(2));
      house.write('share/deep/gone.txt', page(3));
      await rest();
      execFileSync('mount', ['-o', 'remount,ro', house.path('share')]);
      assert.equal((await house.index()).code, 0);
      execFileSync('mount', ['-o', 'remount,rw', house.path('share')]);
      fs.rmSync(house.path('share/deep/gone.txt'));
      const removed = await house.index();
      assert.match(removed.out, /1 removed/);
      execFileSync('umount', [house.path('share')]);
      mounted = false;
      const { code, out, err } = await house.index();
      assert.equal(code, 1);
      assert.match(err, /path=share\/ message="is empty, as if its file system were not mounted/);
      assert.match(out, / 0 removed/);
      assert.match((await house.index('--emptied')).out, /1 removed/);
    } finally {
      if (mounted) execFileSync('umount', [house.path('share')]);
    }
  }, { skip: canMount ? false : 'mounting is not allowed here' });

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

describe('odd files', () => {
  housed('one that never ceases to change does not keep a run from ending', async (house) => {
    house.write('calmo.txt', page(1));
    house.write('registro.txt', 'Riga.\n');
    const timer = setInterval(() => fs.appendFileSync(house.path('registro.txt'), 'Riga.\n'), 100);
    const { code, out, err } = await house.index().finally(() => clearInterval(timer));
    assert.equal(code, 1);
    assert.match(err, /path=registro\.txt message="does not cease to change; the next run will look at it again/);
    assert.match(out, /1 indexed/);
    await rest();
    assert.equal((await house.index()).code, 0);
    await sound(house);
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
    for (let i = 0; i < 1500; i++) house.write(`d${i}.txt`, page(i));
    await rest();
    const indexer = new Program('schedario-indexer', ['--archive', house.archive, house.corpus]);
    await until('it has begun', () => /indexed \((\d+)/.test(indexer.out));
    const copy = path.join(house.folder, 'copy.db');
    let copies = 0;
    while (indexer.child.exitCode === null && copies < 3) {
      fs.rmSync(copy, { force: true });
      execFileSync('sqlite3', [`file:${house.archive}?mode=ro`, '.timeout 5000', `.backup ${copy}`]);
      const { code, out, err } = await check(house, copy);
      assert.equal(code, 0, out + err);
      copies++;
    }
    assert.ok(copies > 0);
    assert.equal((await indexer.ended).code, 0);
    for (const ending of ['', '-wal', '-shm']) fs.rmSync(house.archive + ending, { force: true });
    fs.copyFileSync(copy, house.archive);
    assert.equal((await house.index('--quiet')).code, 0);
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
