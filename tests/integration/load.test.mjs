// The quick form of tests/torture/load.mjs and tests/torture/while-indexing.mjs: mixed requests while documents come and go.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { House, build } from './programs.mjs';
import { growth, judge, load } from '../torture/load.mjs';
import { Stream, dice, makeCorpus, memory, pick, questions, sentences } from '../torture/making.mjs';

const isSanitized = /sanitize|thread/.test(build);

test('some seconds of mixed requests while the indexer works: none fails, answers are right, memory and caches stay within bounds', async () => {
  const run = await load({ seconds: 5, rate: 40, documents: 120, seed: 7 });
  const { faults } = judge(run);
  /* So short a run says nothing of growth: that is the long form's. */
  assert.deepEqual(faults.filter((fault) => !/grew/.test(fault)), []);
  assert.ok(run.got.asked >= 180);
  assert.ok(run.changes > 3);
  const counted = [...run.text.matchAll(/^schedario_http_requests_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  assert.ok(counted >= run.got.asked, `${counted} counted of ${run.got.asked}`);
});

test('questions while a whole corpus is indexed: none fails, and none waits for the indexer', async () => {
  const house = new House();
  const roll = dice(21);
  const makers = questions(roll);
  const next = () => ({ target: `/api/v1/search?q=${encodeURIComponent(pick(makers, roll)())}`, check: ({ status }) => (status === 200 ? '' : 'not answered') });
  try {
    makeCorpus(house.corpus, 20, 22);
    assert.equal((await house.index('--quiet')).code, 0);
    await house.serve();
    makeCorpus(house.corpus, 250, 23);
    const stream = new Stream(house.address, 20, next);
    assert.equal((await house.index('--quiet')).code, 0);
    const { asked, failed, p99 } = await stream.stop();
    assert.deepEqual(failed, []);
    assert.ok(asked >= 20, `${asked} asked`);
    // Far above the 50 ms of the long form, for machines that do other things, too; waiting for a transaction or for the work would take longer.
    assert.ok(p99 < (isSanitized ? 3000 : 1000), `99 % within ${p99} ms`);
  } finally {
    await house.close();
  }
});

test('what is told of memory: a leak of one string a request is seen, unrest is not', () => {
  const roll = dice(5);
  const series = (leak) => Array.from({ length: 20 }, (_, i) => ({ at: 30 * i, own: 90000 + Math.min(i, 7) * 3000 + 2048 * (roll() - 0.5) + (30 * i * 60 * leak) / 1024 }));
  for (const [leak, isSeen] of [[0, false], [100, false], [500, true]]) {
    const { hourly, most } = growth(series(leak), 60);
    assert.equal(hourly > most, isSeen, `${leak} bytes: ${hourly} of ${most}`);
  }
});

test('a flood of questions, beginnings and sizes of images, none twice: no cache grows beyond its bound', async () => {
  const house = new House();
  const roll = dice(11);
  try {
    makeCorpus(house.corpus, 80, 12);
    await house.index('--quiet');
    const server = await house.serve('--image-cache', '1', '--threads', '2');
    const pdf = (await house.get('/api/v1/documents?limit=100')).body.documents.find(({ path }) => path.endsWith('.pdf')).id;
    const words = [...new Set(sentences().flatMap((text) => text.match(/\p{L}{3,}/gu) ?? []))];
    const word = (letters) => encodeURIComponent(pick(words, roll).slice(0, letters));
    let width = 99;
    const kinds = [
      () => `/api/v1/search?q=${word()}+${word()}+${word(3)}*&limit=1`,
      () => `/api/v1/suggest?q=${word(4)}`,
      () => `/search?q=%22${word()}+${word()}%22`,
    ];
    const flood = async (count) => {
      const one = async () => {
        while (count-- > 0) {
          const target = count % 25 === 0 ? `/documents/${pdf}/pages/1.png?width=${++width}` : pick(kinds, roll)();
          assert.equal((await house.get(target)).status, 200, target);
        }
      };
      await Promise.all(Array.from({ length: 6 }, one));
      return memory(server.child.pid);
    };
    const before = await flood(1200);
    const after = await flood(1200);
    const { text } = await house.get('/metrics');
    const of = (name) => Number(text.match(new RegExp(`^${name} (.*)$`, 'm'))[1]);
    assert.ok(of('schedario_image_cache_misses_total') >= 90);
    assert.ok(of('schedario_image_cache_bytes') <= 2 ** 20);
    assert.ok(of('schedario_kept_lists_bytes') <= of('schedario_searchers') * 24 * 2 ** 20);
    assert.ok(of('schedario_searchers') <= 5, 'as many as threads that answer');
    assert.ok(after.own - before.own < 32 * 1024, `from ${before.own} to ${after.own} KiB`);
    assert.ok(after.descriptors - before.descriptors < 16);
  } finally {
    await house.close();
  }
});
