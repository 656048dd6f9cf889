// The quick form of tests/torture/load.mjs and tests/torture/while-indexing.mjs: mixed requests while documents come and go.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { House } from './programs.mjs';
import { judge, load } from '../torture/load.mjs';
import { dice, makeCorpus, memory, pick, sentences } from '../torture/making.mjs';

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
