#!/usr/bin/env node
// Searching while indexing: questions come in at a constant rate while the real indexer makes the whole archive of a large corpus, and
// then changes a part of it. No question may fail; at the 99th percentile none may wait more than 50 ms, from when it was due until its
// last byte was read. SQLite's log beside the archive stays within its bound though readers never cease.
//   node tests/torture/while-indexing.mjs [--documents=4000] [--rate=40] [--seed=1] [--most=50] [--log=MIB]
import fs from 'node:fs';
import path from 'node:path';
import { House, Program, until } from '../integration/programs.mjs';
import { Stream, dice, makeCorpus, pick, questions, settings } from './making.mjs';

const wanted = settings({ documents: 4000, rate: 40, seed: 1, most: 50, log: 128, details: 0 });
// MIB of the log: it is cut to 64 when it begins anew (archive.c); as much again for what is written while a reader keeps it from that.
const house = new House();
const roll = dice(wanted.seed + 1);
const makers = questions(roll);
let bad = 0;

function next() {
  const typed = pick(makers, roll)();
  const q = encodeURIComponent(typed);
  const target = pick([`/api/v1/search?q=${q}`, `/search?q=${q}`, `/api/v1/suggest?q=${encodeURIComponent(typed.slice(0, 5))}`], roll);
  return { target, check: ({ status }) => (status === 200 ? '' : 'not answered') };
}

async function phase(name, work) {
  const stream = new Stream(house.address, wanted.rate, next);
  const began = performance.now();
  let log = 0; /* SQLite's, beside the archive: readers keep it from being begun anew */
  const watcher = setInterval(() => (log = Math.max(log, fs.statSync(`${house.archive}-wal`, { throwIfNoEntry: false })?.size ?? 0)), 100);
  await work();
  clearInterval(watcher);
  const seconds = (performance.now() - began) / 1000;
  const got = await stream.stop();
  const fine = got.failed.length === 0 && got.p99 <= wanted.most && log <= wanted.log * 2 ** 20;
  if (!fine) bad++;
  console.log(
    `${fine ? 'ok  ' : 'BAD '} ${name}: ${seconds.toFixed(1)} s; ${got.asked} questions at ${wanted.rate}/s, ${got.failed.length} failed; ` +
      `median ${got.median} ms, 95 % ${got.p95}, 99 % ${got.p99}, most ${got.most}; log at most ${Math.round(log / 2 ** 20)} MiB (${wanted.log})`,
  );
  for (const line of got.failed.slice(0, 5)) console.log(`     ${line}`);
  if (wanted.details) for (const { ms, at, target } of got.slowest) console.log(`     ${ms.toFixed(1)} ms at ${(at / 1000).toFixed(2)} s ${target}`);
}

const indexer = () => new Program('schedario-indexer', ['--quiet', '--archive', house.archive, house.corpus]);
async function indexed() {
  const { code } = await house.keep(indexer()).ended;
  if (code !== 0) throw new Error(`the indexer ended with ${code}`);
}

try {
  console.log(`seed ${wanted.seed}, ${wanted.documents} documents`);
  makeCorpus(house.corpus, 20, wanted.seed + 2);
  await indexed();
  await house.serve();
  await until('an answer', () => house.search('comune'));
  await phase('nothing else under way', () => new Promise((done) => setTimeout(done, 5000)));
  makeCorpus(house.corpus, wanted.documents, wanted.seed);
  await phase('first indexing', indexed);
  const changed = makeCorpus(house.corpus, Math.floor(wanted.documents / 4), wanted.seed + 3);
  for (const name of [...changed.keys()].slice(0, Math.floor(changed.size / 4))) fs.rmSync(path.join(house.corpus, name));
  await phase('a quarter changed or removed', indexed);
} finally {
  await house.close();
}
process.exit(bad === 0 ? 0 : 1);
