// What staff see: what became of each file that is dropped, replaced or removed, while the real indexer watches; the same as
// Atom, CSV and JSON; and whether an indexer is there at all.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { House, root, until } from './programs.mjs';

const house = new House();
let indexer;
const SECONDS = 10;

const files = async (query = '') => (await house.get(`/api/v1/files?${query}&limit=100`)).body;
const fileAt = async (name) => (await files(`q=${encodeURIComponent(name)}`)).files.find((file) => file.path === name);
const becomes = (name, outcome) =>
  until(`${name} is shown as ${outcome}`, async () => {
    const file = await fileAt(name);
    if (file?.outcome !== outcome) throw new Error(`it is ${file?.outcome}`);
    return file;
  }, SECONDS);
const text = (...words) => `Relazione del comune di Prova. La parola ${words.join(' ')} sta in questo documento.\n`;
const plain = (html) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const rowOf = (html, name) => plain(html.split('<tr').find((row) => row.includes(`<span class="path">${name}</span></th>`) || row.includes(`<span class="path">${name}</span><span`)) || '');

before(async () => {
  house.write('vecchia/prima.txt', text('primissima'));
  indexer = house.watch();
  await house.serve();
  await house.settled();
});
after(() => house.close());

test('a dropped document is indexed', async () => {
  house.copySample('statuti/statuto-comune-valdoria.pdf', 'statuti/statuto.pdf');
  const file = await becomes('statuti/statuto.pdf', 'indexed');
  assert.equal(file.state, 'indexed');
  assert.equal(file.failure, null);
  assert.equal(file.previous, null);
  assert.deepEqual(file.document.paths, ['statuti/statuto.pdf']);
  assert.equal(file.size_bytes, fs.statSync(house.path('statuti/statuto.pdf')).size);
  const html = (await house.get('/status?hl=en')).text;
  assert.match(rowOf(html, 'statuti/statuto.pdf'), /Indexed/);
  assert.ok(html.includes(`/documents/${file.document.id}`));
});

test('the same content again is a duplicate of the first, whatever its name', async () => {
  house.write('z.txt', text('doppissima'));
  await becomes('z.txt', 'indexed');
  fs.copyFileSync(house.path('z.txt'), house.path('a.txt'));
  const copy = await becomes('a.txt', 'duplicate');
  assert.equal(copy.duplicate_of, 'z.txt');
  assert.match(rowOf((await house.get('/status?outcome=duplicate&hl=it')).text, 'a.txt'), /Copia Stesso contenuto di z\.txt/);
  fs.rmSync(house.path('z.txt'));
  const gone = await becomes('z.txt', 'removed');
  assert.equal(gone.document, null);
  assert.equal(gone.previous.path, 'a.txt');
  assert.equal((await becomes('a.txt', 'indexed')).duplicate_of, null);
});

test('another content in its place is a new edition, and names what it replaced', async () => {
  house.write('regolamento.txt', text('vecchissima'));
  const before = await becomes('regolamento.txt', 'indexed');
  house.write('regolamento.txt', text('nuovissima', 'davvero'));
  const file = await becomes('regolamento.txt', 'edition');
  assert.equal(file.previous.id, before.document.id);
  assert.notEqual(file.document.id, before.document.id);
  const html = (await house.get('/status?outcome=edition&hl=en')).text;
  assert.ok(html.includes(`/documents/${before.document.id}`) && html.includes(`/documents/${file.document.id}`));
  assert.match(rowOf(html, 'regolamento.txt'), /New edition Takes the place of/);
});

test('a removed file says when it went, and what it was', async () => {
  house.write('effimera.txt', text('effimerissima'));
  const before = await becomes('effimera.txt', 'indexed');
  fs.rmSync(house.path('effimera.txt'));
  const file = await becomes('effimera.txt', 'removed');
  assert.equal(file.previous.id, before.document.id);
  assert.equal(file.previous.path, null);
  assert.ok(Math.abs(Date.parse(file.time) - Date.now()) < 60000);
  assert.match(rowOf((await house.get('/status?state=removed&hl=en')).text, 'effimera.txt'), /Removed No longer in the archive/);
  house.write('effimera.txt', text('effimerissima'));
  assert.equal((await becomes('effimera.txt', 'indexed')).previous, null); // it came back as it was
});

test('a moved file: the old name is removed, its document lives on', async () => {
  house.write('qui.txt', text('girovaga'));
  const { document } = await becomes('qui.txt', 'indexed');
  fs.renameSync(house.path('qui.txt'), house.path('la.txt'));
  const old = await becomes('qui.txt', 'removed');
  assert.deepEqual([old.previous.id, old.previous.path], [document.id, 'la.txt']);
  assert.equal((await becomes('la.txt', 'indexed')).document.id, document.id);
});

test('what cannot be read says why and what to do', async () => {
  const open = house.path('statuti/statuto.pdf');
  execFileSync('qpdf', ['--encrypt', 'user', 'owner', '256', '--', open, house.path('segreto.pdf')]);
  house.copySample('statuti/scansioni/SCAN_0047.pdf', 'scan.pdf');
  const half = fs.readFileSync(open).subarray(0, 700);
  house.write('rotto.pdf', half);
  house.write('foto.pdf', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64'));
  house.write('la.txt.ini', '[document]\nkind=poem\n');
  house.write('sola.pdf.ini', '[document]\ntitle=Sola\n');
  for (const [name, outcome] of [['segreto.pdf', 'password'], ['scan.pdf', 'scan'], ['rotto.pdf', 'damaged'], ['foto.pdf', 'failed'], ['la.txt.ini', 'sidecar-fault'], ['sola.pdf.ini', 'sidecar-fault']]) {
    const file = await becomes(name, outcome);
    assert.equal(file.state, 'failed', name);
    assert.ok(file.failure.sentence.length > 10);
  }
  house.write('la.txt.ini', '[document]\nkind=report\n');
  assert.equal((await becomes('la.txt.ini', 'sidecar')).failure, null);
  const html = (await house.get('/status?state=failed&hl=it')).text;
  assert.match(rowOf(html, 'segreto.pdf'), /Protetto da password Sostituire il file con una copia senza protezione/);
  assert.match(rowOf(html, 'scan.pdf'), /Scansione senza testo 4 pagine Eseguire il riconoscimento/);
  assert.ok(!html.includes('regolamento.txt'));
});

test('the list is narrowed by outcome, state, folder and words, and counts follow', async () => {
  const all = await files();
  assert.equal(all.total, Object.values(all.outcomes).reduce((sum, count) => sum + count, 0));
  for (const [outcome, count] of Object.entries(all.outcomes)) {
    const some = await files(`outcome=${outcome}`);
    assert.equal(some.total, count, outcome);
    assert.ok(some.files.every((file) => file.outcome === outcome));
    assert.equal(some.files.length, count);
  }
  assert.deepEqual((await files('folder=vecchia')).files.map((file) => file.path), ['vecchia/prima.txt']);
  assert.deepEqual((await files('folder=/statuti/&q=STATUTO')).files.map((file) => file.path), ['statuti/statuto.pdf']);
  assert.equal((await files('folder=statut')).total, 0);
  assert.deepEqual((await files('q=pdf+rotto')).files.map((file) => file.path), ['rotto.pdf']);
  const times = all.files.map((file) => file.time);
  assert.deepEqual(times, [...times].sort().reverse());
  const paged = [...(await files('limit=3')).files, ...(await files('limit=3&offset=3')).files].map((file) => file.path);
  assert.deepEqual(paged, all.files.slice(0, 6).map((file) => file.path));
  for (const bad of ['outcome=nonsense', 'state=nonsense', 'limit=101', `q=${'x'.repeat(300)}`]) assert.equal((await house.get(`/api/v1/files?${bad}`)).status, 400, bad);
  assert.equal((await house.get('/status?outcome=nonsense')).status, 400);
});

test('the same list as Atom and as CSV, safe in a spreadsheet', async () => {
  house.write('=cmd.txt', text('formulissima'));
  await becomes('=cmd.txt', 'indexed');
  const atom = await house.get('/status.atom?hl=en');
  assert.equal(atom.headers.get('content-type'), 'application/atom+xml; charset=utf-8');
  execFileSync('xmllint', ['--nonet', '--noout', '--relaxng', path.join(root, 'tests/schemas/atom.rng'), '-'], { input: atom.text, stdio: ['pipe', 'ignore', 'pipe'] });
  assert.match(atom.text, /<title>Indexed: =cmd\.txt<\/title>/);
  assert.match(atom.text, /<title>Duplicate|<title>Removed: z\.txt<\/title>/);
  const ids = [...atom.text.matchAll(/<id>(.*)<\/id>/g)].map((match) => match[1]);
  assert.equal(new Set(ids).size, ids.length);
  const failed = await house.get('/status.atom?outcome=scan');
  assert.equal(failed.text.match(/<entry>/g).length, 1);
  const csv = await house.get('/status.csv?hl=en');
  assert.match(csv.headers.get('content-type'), /^text\/csv/);
  assert.match(csv.headers.get('content-disposition'), /attachment/);
  const lines = csv.text.trim().split('\r\n');
  assert.equal(lines.length, 1 + (await files()).total);
  assert.ok(lines.some((line) => line.startsWith(`"'=cmd.txt","indexed","Indexed"`)));
  assert.ok(lines.some((line) => line.startsWith('"segreto.pdf","password","Needs a password","It is protected by a password. Replace')));
  assert.equal((await house.get('/status.csv?separator=tab')).status, 400);
});

test('documents without text have a list of their own', async () => {
  const html = (await house.get('/status/text?hl=en')).text;
  assert.ok(html.includes('scan.pdf') && html.includes('4 of 4'));
  assert.ok(!html.includes('statuti/statuto.pdf'));
  assert.ok(!(await house.get('/status/text?show=unread&hl=en')).text.includes('scan.pdf'));
  assert.equal((await house.get('/status/text?show=nonsense')).status, 400);
});

test('the catalogue says where each value is from, and gives a sidecar to correct', async () => {
  house.write('senza.txt', 'abcdef\n');
  const { document } = await becomes('senza.txt', 'indexed');
  const html = (await house.get('/status/catalogue?hl=en&show=unknown&field=year')).text;
  assert.ok(html.includes('senza.txt') && html.includes('from the file’s name'));
  assert.ok(!html.includes('statuti/statuto.pdf'));
  const given = await house.get(`/documents/${document.id}/sidecar?hl=it`);
  assert.match(given.headers.get('content-disposition'), /filename="senza\.txt\.ini"/);
  assert.match(given.text, /^\[document\]\ntitolo = .*\n# anno = \n/);
  house.write('senza.txt.ini', given.text.replace('# anno = ', 'anno = 1999'));
  await becomes('senza.txt.ini', 'sidecar');
  await until('the card has the year', async () => (await house.get(`/api/v1/documents/${document.id}`)).body.year === 1999);
  assert.ok((await house.get('/status/catalogue?show=given&field=year')).text.includes('senza.txt'));
  assert.equal((await house.get(`/documents/${'0'.repeat(20)}/sidecar`)).status, 404);
});

test('totals count what can be searched', async () => {
  const html = (await house.get('/status/totals?hl=en')).text;
  const { documents } = await house.status();
  assert.ok(plain(html).includes(`${documents} documents`));
  for (const heading of ['By language', 'By kind', 'By folder', 'By year']) assert.ok(html.includes(heading), heading);
  assert.match(html, /<a href="\/documents\?kind=statute&amp;hl=en">Statute<\/a><\/th><td class="number">1</);
});

test('whether an indexer watches is said, and when it was last seen', async () => {
  const { indexer: running } = await house.status();
  assert.equal(running.running && running.watching, true);
  assert.ok(Date.parse(running.began) <= Date.now());
  assert.match(plain((await house.get('/status?hl=en')).text), /The folder is being watched/);
  await until('the last work has ended', async () => (await house.status()).indexer.work.ended !== null, SECONDS);
  await indexer.stop();
  const { indexer: stopped } = await house.status();
  assert.equal(stopped.running || stopped.watching, false);
  assert.match(plain((await house.get('/status?hl=en')).text), /No indexer has been running since/);
});

test('an indexer that was killed does not look as if it still ran', async () => {
  const killed = house.watch();
  await until('it runs', async () => (await house.status()).indexer.running, SECONDS);
  await killed.stop('SIGKILL');
  const long_ago = new Date(Date.now() - 3600e3);
  fs.utimesSync(`${house.archive}-lock`, long_ago, long_ago);
  const { indexer: dead } = await house.status();
  assert.equal(dead.running, false);
  assert.equal(Math.round(Date.parse(dead.seen) / 1000), Math.floor(long_ago / 1000));
});

test('progress of a long work: how many of how many, what is read, when it may end', async () => {
  for (let i = 0; i < 60; i++) house.write(`molti/${i}.txt`, text(`numero${i}`, 'molti ').repeat(2000));
  house.watch('--jobs', '1');
  const seen = await until('the work is seen under way', async () => {
    const { work } = (await house.status()).indexer;
    return work?.under_way && work.total >= 60 && work.done > 0 && work.done < work.total && work;
  }, 30);
  assert.ok(seen.pages >= 0 && seen.ended === null);
  const done = await until('it ends', async () => {
    const { work } = (await house.status()).indexer;
    return work && !work.under_way && work.ended && work.total >= 60 && work;
  }, 60);
  assert.equal(done.done, done.total);
  assert.equal(done.reading, null);
});
