// What is said when a question cannot be answered, or not wholly: it took too long, there is no archive yet, or it is broken.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { House, run, samples } from './programs.mjs';

const NO_TIME = '0.000001'; // seconds: over before the first list of postings
const house = new House();

before(async () => {
  fs.cpSync(samples, house.corpus, { recursive: true });
  assert.equal((await house.index('--quiet')).code, 1); // one of the samples is damaged
});
after(() => house.close());

const heading = (html) => html.match(/<h1[^>]*>([^<]*)/)?.[1];

test('a question without time is answered with what was found, and the answer says so', async () => {
  const server = await house.serve('--question-time', NO_TIME);
  const answer = await house.search('comune OR statuto');
  assert.equal(answer.timed_out, true);
  assert.equal(answer.did_you_mean, null); // nothing is said of words that were not looked for
  assert.deepEqual(answer.instead, []);
  const saying = { it: 'La ricerca è stata interrotta', en: 'The search was stopped' };
  for (const hl of ['it', 'en']) {
    const page = await house.get(`/search?q=comune&hl=${hl}`);
    assert.equal(page.status, 200);
    assert.ok(page.text.includes(saying[hl]), hl);
  }
  const { documents } = (await house.get('/api/v1/documents?limit=1')).body;
  for (const target of [`/documents/${documents[0].id}`, `/documents/${documents[0].id}/pages/1`, '/browse/body'])
    assert.ok((await house.get(`${target}?q=comune&hl=en`)).text.includes(saying.en), target);
  const similar = (await house.get(`/api/v1/documents/${documents[0].id}/similar`)).body;
  assert.equal(similar.timed_out, true);
  const sayingOfSimilar = { it: 'La ricerca dei documenti simili', en: 'Looking for similar documents took too long' };
  for (const hl of ['it', 'en']) assert.ok((await house.get(`/documents/${documents[0].id}?hl=${hl}`)).text.includes(sayingOfSimilar[hl]), hl);
  // What is excluded may not turn up because there was no time to look for it.
  assert.equal((await house.search('-comune')).total, 0);
  await server.stop();
});

test('what can be given whole only is not given', async () => {
  const server = await house.serve('--question-time', NO_TIME);
  const headings = { it: 'La ricerca richiede troppo tempo', en: 'The search takes too long' };
  for (const name of ['search.csv', 'search.jsonl', 'search.bib', 'search.ris', 'search/record', 'search/record.json', 'search.atom'])
    for (const hl of ['it', 'en']) {
      const answer = await house.get(`/${name}?q=comune&hl=${hl}`);
      assert.equal(answer.status, 503, name);
      assert.equal(heading(answer.text), headings[hl], name);
      assert.equal(answer.headers.get('refresh'), null, 'it would take as long again');
      assert.ok(Number(answer.headers.get('retry-after')) > 0);
    }
  await server.stop();
});

test('with time, or without limit, all is whole', async () => {
  for (const time of ['2', '0']) {
    const server = await house.serve('--question-time', time);
    const answer = await house.search('comune');
    assert.equal(answer.timed_out, false);
    assert.ok(answer.total > 5);
    const { id } = answer.results[0];
    const similar = (await house.get(`/api/v1/documents/${id}/similar`)).body;
    assert.equal(similar.timed_out, false);
    assert.ok(similar.documents.length > 0);
    assert.ok(!(await house.get(`/documents/${id}?hl=en`)).text.includes('took too long'));
    assert.equal((await house.get('/search.csv?q=comune')).status, 200);
    await server.stop();
  }
});

test('no sensible time is refused', async () => {
  for (const time of ['-1', 'nan', '1e9', 'soon'])
    assert.equal((await run('schedario-server', ['--archive', house.archive, '--listen', '127.0.0.1:0', '--question-time', time])).code, 2, time);
});

test('no archive yet, a broken one, and one made by a newer program are told apart', async () => {
  const archive = house.archive;
  const empty = `${house.folder}/none.db`;
  const broken = `${house.folder}/broken.db`;
  fs.writeFileSync(broken, 'SQLite format 3\0' + 'no archive at all '.repeat(500));
  const newer = `${house.folder}/newer.db`;
  fs.copyFileSync(house.archive, newer);
  const version = execFileSync('sqlite3', [newer, 'PRAGMA user_version'], { encoding: 'utf8' });
  execFileSync('sqlite3', [newer, `PRAGMA user_version = ${Number(version) + 1}`]);
  const cases = [
    [empty, 'The archive is not ready', 'the archive is being prepared', true],
    [broken, 'The archive cannot be read', 'the archive cannot be read', false],
    [newer, 'The archive is newer than this program', 'the archive was made by a newer version of this program', false],
  ];
  for (const [file, said, detail, passes] of cases) {
    house.archive = file;
    const server = await house.serve();
    for (const target of ['/search?q=a', '/', '/status', '/search.csv', '/search/record', '/feed.atom', '/documents/de76850b3a49244e3e21']) {
      const answer = await house.get(`${target}${target.includes('?') ? '&' : '?'}hl=en`);
      assert.equal(answer.status, 503, target);
      assert.equal(heading(answer.text), said, target);
      assert.equal(answer.headers.get('refresh') !== null, passes, target);
    }
    assert.equal((await house.get('/api/v1/search?q=a')).body.detail, detail);
    assert.equal((await house.get('/api/v1/status')).status, 503);
    await server.stop();
  }
  house.archive = archive;
});
