// The real indexer and server on a folder of documents, from the first drop to the last removal.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { House, readersOf, Program, run, until } from './programs.mjs';

const house = new House();
let indexer;

before(async () => {
  house.copySample('statuti/statuto-comune-valdoria.pdf', 'statuti/statuto.pdf');
  house.copySample('programmi/Programma cooperazione 2021-2023.pdf', 'programmi/programma.pdf');
  house.copySample('programmi/en/Cooperation programme 2021-2023.pdf', 'programmi/en/programme.pdf');
  indexer = house.watch();
  await house.serve();
  await house.settled();
});
after(() => house.close());

/* The words as they are: made-up superlatives have translations, too. */
const LITERALLY = { translate: 'off' };

/* What follows them holds a part of the question only. */
const holdingAll = async (q) =>
  (await house.search(q, LITERALLY)).results.filter(({ partial }) => !partial).flatMap(({ paths }) => paths).sort();

const found = (word, ...paths) =>
  until(`"${word}" finds ${paths.join(', ') || 'nothing'}`, async () => {
    const got = await house.paths(word, LITERALLY);
    return JSON.stringify(got) === JSON.stringify(paths.sort()) && got;
  });

const failure = (name) =>
  until(`${name} is listed as failed`, async () => (await house.status()).failures.find((entry) => entry.path === name));

describe('what is dropped', () => {
  test('a PDF is found within seconds, in its language, with its page', async () => {
    house.copySample('piani/en/Local Resilience Plan 2020-2024.pdf', 'piani/plan.pdf');
    const started = Date.now();
    await until('the plan is found', async () => (await house.paths('resilience kind:plan')).includes('piani/plan.pdf'));
    assert.ok(Date.now() - started < 10000);
    const [result] = (await house.search('resilience kind:plan')).results;
    assert.equal(result.kind, 'plan');
    assert.ok(result.languages.en > 0.9);
    assert.ok(result.hits.length >= 1);
    const page = await house.get(`/api/v1/documents/${result.id}/pages/${result.hits[0].page}?q=resilience`);
    assert.equal(page.status, 200);
    assert.ok(page.body.matches >= 1);
    assert.match(page.body.text, /resilien/i);
  });

  test('a text file in Windows-1252 is converted', async () => {
    house.write('note.txt', Buffer.from('La citt\xe0 di Zuffolandia \xe8 lontana: costa 5 \x80 arrivarci dalla piazza del municipio.\n', 'latin1'));
    await found('zuffolandia', 'note.txt');
    const { results } = await house.search('zuffolandia');
    const page = await house.get(`/api/v1/documents/${results[0].id}/pages/1`);
    assert.match(page.body.text, /città di Zuffolandia è lontana: costa 5 € /);
  });

  test('hidden and unfinished names are passed over', async () => {
    for (const name of ['.hidden.txt', 'x.txt.part', '~$lock.txt', 'y.txt~', '.sub/inner.txt']) house.write(name, 'La parola quasquisquilia sta qui.');
    house.write('visible.txt', 'La parola quasquisquilia sta anche qui.');
    await found('quasquisquilia', 'visible.txt');
  });

  test('a picture is listed as not readable, with what it was taken for', async () => {
    house.write('foto.pdf', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64'));
    const entry = await failure('foto.pdf');
    assert.equal(entry.reason, 'unreadable');
    assert.equal(entry.detail, 'image/png');
  });

  test('a file that needs a password says so, and is read when the password goes', async () => {
    const secret = house.path('segreto.pdf');
    const open = path.join(house.folder, 'open.pdf');
    house.write('../open.txt', '');
    fs.copyFileSync(house.path('statuti/statuto.pdf'), open);
    execFileSync('qpdf', ['--encrypt', 'user', 'owner', '256', '--', open, secret]);
    const entry = await failure('segreto.pdf');
    assert.equal(entry.reason, 'password');
    assert.match(entry.sentence, /password/);
    fs.rmSync(secret);
    await until('the failure is gone', async () => !(await house.status()).failures.some((item) => item.path === 'segreto.pdf'));
  });

  test('a damaged PDF and a scan are failed with their reasons', async () => {
    house.write('rotto.pdf', '%PDF-1.4\nnothing of use\n');
    house.copySample('statuti/scansioni/SCAN_0047.pdf', 'scan.pdf');
    assert.ok(['damaged', 'empty'].includes((await failure('rotto.pdf')).reason));
    const scan = await failure('scan.pdf');
    assert.equal(scan.reason, 'no-text');
    assert.equal(scan.detail, '4');
    assert.equal((await house.search('')).unsearchable.count >= 2, true);
  });

  test('a file still being written is left until it is whole', async () => {
    const name = house.path('lento.txt');
    const file = fs.openSync(name, 'w');
    for (let i = 0; i < 8; i++) {
      fs.writeSync(file, `Riga ${i} della relazione lentissima.\n`);
      await new Promise((done) => setTimeout(done, 250));
      assert.deepEqual(await house.paths('lentissima', LITERALLY), []);
    }
    fs.writeSync(file, 'Fine della trombetta.\n');
    fs.closeSync(file);
    await found('trombetta', 'lento.txt');
    assert.equal((await house.search('lentissima')).total, 1);
  });
});

describe('what is moved and changed', () => {
  test('the same content under two names is one document with two paths', async () => {
    house.write('uno.txt', 'Il documento con la parola gemellissimo.');
    await found('gemellissimo', 'uno.txt');
    fs.copyFileSync(house.path('uno.txt'), house.path('due.txt'));
    await found('gemellissimo', 'due.txt', 'uno.txt');
    assert.equal((await house.search('gemellissimo')).total, 1);
    fs.rmSync(house.path('uno.txt'));
    await found('gemellissimo', 'due.txt');
  });

  test('a renamed file keeps its document', async () => {
    house.write('prima.txt', 'Il documento con la parola girovagante.');
    await found('girovagante', 'prima.txt');
    const { id } = (await house.search('girovagante')).results[0];
    fs.mkdirSync(house.path('altrove'));
    fs.renameSync(house.path('prima.txt'), house.path('altrove/dopo.txt'));
    await found('girovagante', 'altrove/dopo.txt');
    const after = (await house.search('girovagante')).results[0];
    assert.equal(after.id, id);
    assert.equal(after.collection, 'altrove');
  });

  test('a changed file: the old id answers 410 and names the new one', async () => {
    house.write('cambia.txt', 'Prima edizione del regolamento, parola vecchissima.');
    await found('vecchissima', 'cambia.txt');
    const { id } = (await house.search('vecchissima', LITERALLY)).results[0];
    house.write('cambia.txt', 'Seconda edizione del regolamento, parola nuovissima.');
    await found('nuovissima', 'cambia.txt');
    assert.equal((await house.search('vecchissima', LITERALLY)).total, 0);
    const gone = await house.get(`/api/v1/documents/${id}`);
    assert.equal(gone.status, 410);
    assert.equal(gone.body.successor, (await house.search('nuovissima')).results[0].id);
    assert.equal((await house.get(`/documents/${id}`)).status, 410);
  });

  test('a removed file leaves the search and its id answers 410', async () => {
    house.write('via.txt', 'Il documento con la parola effimerissima.');
    await found('effimerissima', 'via.txt');
    const { id } = (await house.search('effimerissima')).results[0];
    fs.rmSync(house.path('via.txt'));
    await found('effimerissima');
    const gone = await house.get(`/api/v1/documents/${id}`);
    assert.equal(gone.status, 410);
    assert.equal(gone.body.successor, null);
  });

  test('folders moved in with old dates, and folders removed, are noticed', async () => {
    const outside = path.join(house.folder, 'outside');
    fs.mkdirSync(path.join(outside, 'sub'), { recursive: true });
    fs.writeFileSync(path.join(outside, 'sub', 'antico.txt'), 'Il documento con la parola antichissima.');
    fs.utimesSync(path.join(outside, 'sub', 'antico.txt'), new Date('2001-02-03'), new Date('2001-02-03'));
    fs.renameSync(outside, house.path('arrivo'));
    await found('antichissima', 'arrivo/sub/antico.txt');
    house.write('arrivo/sub/altro.txt', 'Un altro documento, parola successivissima.');
    await found('successivissima', 'arrivo/sub/altro.txt');
    fs.rmSync(house.path('arrivo'), { recursive: true });
    await found('antichissima');
  });

  test('staff overrule the catalogue in a file beside the document; a mistake in it is reported', async () => {
    house.write('carta.txt', 'Testo senza titolo, parola catalogabile.');
    await found('catalogabile', 'carta.txt');
    const card = async () => (await house.search('catalogabile')).results[0];
    house.write('carta.txt.ini', '[document]\ntitle=Carta dei servizi\nyear=1999\nkind=agreement\nbody=Comune di Prova\n');
    await until('the card is the one that staff gave', async () => (await card()).title === 'Carta dei servizi');
    const { year, kind, body } = await card();
    assert.deepEqual({ year, kind, body }, { year: 1999, kind: 'agreement', body: 'Comune di Prova' });
    assert.equal((await house.search('titolo:servizi anno:1999 tipo:accordo ente:prova')).total, 1);
    house.write('carta.txt.ini', '[document]\nkind=poem\n');
    const mistake = await failure('carta.txt.ini');
    assert.equal(mistake.reason, 'sidecar');
    assert.match(mistake.sentence, /kind/);
    await until('the card is guessed again', async () => (await card()).title !== 'Carta dei servizi');
    fs.rmSync(house.path('carta.txt.ini'));
    await until('the mistake is gone', async () => !(await house.status()).failures.some((item) => item.path === 'carta.txt.ini'));
  });
});

describe('both languages', () => {
  test('inflections, accents and apostrophes do not matter', async () => {
    house.write('forme.txt', "Le cooperazioni della città zirconiana si fondano sull'associazione zirconiana dei comuni.\n");
    house.write('forms.txt', 'The zirconian municipalities of the region share their zirconian experience with every partner.\n');
    await found('zirconiana', 'forme.txt');
    for (const q of ["zirconiana cooperazione", "zirconiana citta'", 'zirconiana citta', 'zirconiana associazione', "zirconiana dell'associazione"])
      assert.deepEqual(await holdingAll(q), ['forme.txt'], q);
    assert.deepEqual(await holdingAll('zirconian municipality'), ['forms.txt']);
    assert.deepEqual(await house.paths('"zirconian municipalities"'), ['forms.txt']);
    assert.deepEqual(await house.paths('"zirconian municipality"'), []);
  });

  test('language, facets and totals agree', async () => {
    const all = await house.search('', { limit: 100 });
    assert.equal(all.total, all.results.length);
    for (const { value, count } of all.facets.language) assert.equal((await house.search('', { language: value })).total, count);
    for (const { value, count } of all.facets.kind) assert.equal((await house.search('', { kind: value })).total, count);
    for (const { value, count } of all.facets.collection) assert.equal((await house.search('', { collection: value })).total, count);
  });
});

describe('starting and ending', () => {
  test('a second indexer on the same archive is refused', async () => {
    const second = await house.index();
    assert.equal(second.code, 4);
    assert.match(second.err, /another indexer/);
  });

  test('a taken port is a clear error', async () => {
    const { port } = new URL(house.address);
    const second = await run('schedario-server', ['--archive', house.archive, '--listen', `127.0.0.1:${port}`]);
    assert.equal(second.code, 4);
    assert.match(second.err, new RegExp(`${port}`));
  });

  test('a file that is no archive of ours is refused and left alone', async () => {
    const foreign = path.join(house.folder, 'foreign.db');
    fs.writeFileSync(foreign, 'This is a diary.\n'.repeat(100));
    const result = await run('schedario-indexer', ['--archive', foreign, house.corpus]);
    assert.equal(result.code, 4);
    assert.equal(fs.readFileSync(foreign, 'utf8').slice(0, 16), 'This is a diary.');
  });

  test('an indexer killed at any moment loses nothing', async () => {
    const other = new House();
    for (let i = 0; i < 60; i++) other.write(`d${i}.txt`, `Documento numero ${i} con la parola comunissima e la sua parola${i}x.\n`.repeat(50));
    await new Promise((done) => setTimeout(done, 1100));
    for (const ms of [30, 60, 90, 120, 150, 200]) {
      const victim = new Program('schedario-indexer', ['--archive', other.archive, other.corpus]);
      await new Promise((done) => setTimeout(done, ms));
      await victim.stop('SIGKILL');
    }
    const rerun = await other.index();
    assert.equal(rerun.code, 0, rerun.err);
    await other.serve();
    assert.equal((await other.search('comunissima')).total, 60);
    assert.equal((await other.status()).indexed, 60);
    await other.close();
  });

  test('an archive kept within the corpus is no document of it', async () => {
    const other = new House();
    other.write('uno.txt', 'Il solo documento.\n');
    const inside = other.path('archive.db');
    for (let i = 0; i < 2; i++) {
      const done = await run('schedario-indexer', ['--archive', inside, other.corpus]);
      assert.equal(done.code, 0, done.err);
    }
    await other.close();
  });

  test('an interrupted indexer says how much is left, and the next one goes on', async () => {
    const other = new House();
    for (let i = 0; i < 3000; i++) other.write(`d${i}.txt`, `Documento numero ${i}.\n`.repeat(100));
    const first = new Program('schedario-indexer', ['--archive', other.archive, other.corpus]);
    await until('it has begun', () => /indexed \(\d+/.test(first.out));
    const { code } = await first.stop('SIGINT');
    assert.equal(code, 5);
    assert.match(first.err, /interrupted with \d+ files left/);
    assert.equal((await other.index()).code, 0);
    await other.close();
  });

  test('a reader that is killed takes no document with it', async () => {
    const other = new House();
    for (let i = 0; i < 3; i++) other.copySample('piani/DUP_2019-2021_Portalba.pdf', `d${i}.pdf`);
    other.copySample('statuti/statuto-comune-valdoria.pdf', 's.pdf');
    const indexer = new Program('schedario-indexer', ['--jobs', '1', '--archive', other.archive, other.corpus]);
    await until('the reader is killed', () => {
      const [reader] = /event=protection/.test(indexer.err) ? readersOf(indexer.child.pid) : []; // not the one that only tries
      if (reader) process.kill(reader, 'SIGKILL');
      return reader;
    });
    const { code } = await indexer.ended;
    assert.equal(code, 0, indexer.err);
    await other.close();
  });

  test('a sidecar without its document is told, until the document comes', async () => {
    const other = new House();
    other.write('carta.txt.ini', '[document]\nyear=1999\n');
    const alone = await other.index();
    assert.equal(alone.code, 1);
    assert.match(alone.err, /path=carta\.txt\.ini message="data for a document that does not stand beside it/);
    other.write('carta.txt', 'Il documento atteso.\n');
    assert.equal((await other.index()).code, 0);
    await other.serve();
    assert.equal((await other.search('atteso')).results[0].year, 1999);
    assert.equal((await other.status()).failed, 0);
    await other.close();
  });

  test('both end cleanly when asked', async () => {
    const { code } = await indexer.stop('SIGINT');
    assert.equal(code, 0);
    assert.equal((await house.get('/healthz')).status, 200);
    assert.equal((await house.search('trombetta')).total, 1);
  });

  test('a search works while the first indexing is under way, and before there is an archive', async () => {
    const other = new House();
    await other.serve();
    const early = await other.get('/api/v1/search?q=x');
    assert.equal(early.status, 503);
    assert.equal(early.body.status, 503);
    for (let i = 0; i < 40; i++) other.copySample('piani/DUP_2019-2021_Portalba.pdf', `d${i}/copy.pdf`);
    for (let i = 0; i < 400; i++) other.write(`t${i}.txt`, `Documento ${i}: parola frequentissima.\n`.repeat(200));
    other.watch('--jobs', '1');
    const partial = await until('some, not all, are found', async () => {
      const { total } = await other.search('frequentissima');
      return total > 0 && total;
    });
    assert.ok(partial <= 400);
    await until('all are found', async () => (await other.search('frequentissima')).total === 400, 60);
    await other.close();
  });
});
