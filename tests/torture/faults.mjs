#!/usr/bin/env node
// faults.mjs [STEP [KIND…]]: each call of the indexer's SQLite to the system (write, sync, truncate, open, delete, read, shared
// memory, allocation) fails in turn, once and from then on, and each write as on a full disk; of the allocations, which are thousands, every STEP-th (25).
// Each time the indexer must end with a clear message or go on, leave a sound archive, and a run in peace complete it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, run } from '../integration/programs.mjs';
import { Stages, difference } from './stages.mjs';

const KINDS = ['write', 'sync', 'truncate', 'open', 'delete', 'read', 'shared', 'full', 'memory'];
const CLEAR = / level=error event=[a-z-]+ message=".{12,}"$/m;

function faulty(house, env) {
  return run(path.join(build, 'tests/faulty-indexer'),
    ['--quiet', '--jobs', '1', '--reader', path.join(build, 'schedario-reader'), '--archive', house.archive, house.corpus],
    { env: { ...process.env, SQLITE_TMPDIR: house.folder, ...env } });
}

// The state that is being reached, from the archive of the one before it.
function begin(house, state) {
  house.archiveAt('victim');
  if (state === 'first') house.dropArchive('victim');
  else house.copyArchive('after-first', 'victim');
  house.enter(state);
}

async function countCalls(house, state) {
  const file = path.join(house.folder, 'counts');
  begin(house, state);
  await faulty(house, { FAULT_COUNT: file });
  return Object.fromEntries(fs.readFileSync(file, 'utf8').trim().split('\n').map((line) => line.split(' ')).map(([kind, n]) => [kind, Number(n)]));
}

async function strike(house, state, want, fault) {
  const what = `${state}, ${fault}`;
  begin(house, state);
  const { code, signal, err } = await faulty(house, { FAULT: fault });
  assert.equal(signal, null, `${what}: ended by ${signal}: ${err}`);
  assert.ok([0, 1, 4].includes(code), `${what}: code ${code}: ${err}`);
  if (code === 4) assert.match(err, CLEAR, what);
  if (code === 4 && fault.startsWith('full')) assert.match(err, /The disk is full\. Nothing is lost/, what);
  assert.ok(!fs.existsSync(`${house.archive}-damaged`), `${what}: taken for damaged: ${err}`);
  const between = await house.check();
  if (between.code === 4) assert.match(between.err, /no archive at|is being made/, what);
  else assert.equal(between.code, 0, `${what}: ${between.out}${between.err}`);
  if (code < 4) assert.match(between.out, / 0 behind/, what);
  const again = await house.index('--quiet');
  assert.ok(again.code <= 1, `${what}, again: ${again.err}`);
  assert.equal(difference(want.dump, await house.dump()), '', what);
  const check = await house.check();
  assert.equal(check.code, 0, `${what}: ${check.out}${check.err}`);
  return code;
}

// Numbers from 1 to `count`, `step` apart, the last one included.
function* numbers(count, step, offset = 1) {
  for (let n = offset; n < count; n += step) yield n;
  if (count > 0) yield count;
}

// `steps` says how many calls of a kind lie between two that fail; none: every one does.
export async function faults({ size = 6, states = ['first', 'changed'], kinds = KINDS, steps = {}, ways = ['', '+'], print = () => {} }) {
  const house = new Stages(size);
  const counts = { strikes: 0, refused: 0 };
  try {
    await house.rest();
    const peace = await house.inPeace({ withAnswers: false });
    for (const state of states) {
      const calls = await countCalls(house, state);
      print(`${state}: ${kinds.map((kind) => `${kind} ${calls[kind]}`).join(', ')}`);
      for (const kind of kinds) {
        for (const way of ways) {
          for (const n of numbers(calls[kind], steps[kind] ?? steps.all ?? 1)) {
            counts.strikes++;
            counts.refused += (await strike(house, state, peace[state], `${kind}:${n}${way}`)) === 4;
          }
        }
        print(`${state}, ${kind}: ${counts.strikes} so far, ${counts.refused} ended the indexer`);
      }
    }
  } finally {
    await house.close();
  }
  return counts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const step = Number(process.argv[2] || 25);
  const kinds = process.argv.length > 3 ? process.argv.slice(3) : KINDS;
  const started = Date.now();
  const { strikes, refused } = await faults({ kinds, steps: { memory: step }, print: console.log });
  console.log(`faults: ${strikes} calls failed in turn, ${refused} ended the indexer: each archive sound, and completed (${Math.round((Date.now() - started) / 1000)} s)`);
}
