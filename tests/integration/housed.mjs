// What the tests of what may be lost have in common: a house for each, small documents with a word of their own each, and the check.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { House, run } from './programs.mjs';

const STILL_MS = 1100; // what was written is taken to be whole after that
export const rest = () => new Promise((done) => setTimeout(done, STILL_MS));

// A house for one test, closed whatever comes.
export const housed = (what, body, options = {}) =>
  test(what, options, async () => {
    const house = new House();
    try {
      await body(house);
    } finally {
      await house.close();
    }
  });

export const check = (house, archive = house.archive) => run('schedario-indexer', ['--check', '--archive', archive, house.corpus]);
export const sql = (file, ...statements) => execFileSync('sqlite3', [file, ...statements], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
export const page = (n) => `Pagina della relazione ${n} sulla cooperazione tra i comuni e la parola${n}x.\n`.repeat(40);

export function fill(house, count) {
  for (let i = 0; i < count; i++) house.write(`d${i}.txt`, page(i));
}

export async function sound(house) {
  const { code, out, err } = await check(house);
  assert.equal(code, 0, out + err);
  assert.match(out, /: 0 wrong, 0 behind/);
}
