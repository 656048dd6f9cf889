#!/usr/bin/env node
// kill.mjs [ROUNDS [SEED]]: SIGKILL at random instants of the first indexing, of changes and of removals, each followed by a
// run in peace: the archive must then say what one made in peace says, and pass schedario-indexer --check.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { Program } from '../integration/programs.mjs';
import { STATES, Stages, dice, difference } from './stages.mjs';

// Kills the indexer up to three times in a state, at instants that the dice give.
async function killSome(house, state, ms, roll) {
  const kills = 1 + Math.floor(roll() * 3);
  let killed = 0;
  for (let i = 0; i < kills; i++) {
    const at = 5 + roll() * ms * 1.1;
    const victim = new Program('schedario-indexer', ['--quiet', '--archive', house.archive, house.corpus]);
    const timer = setTimeout(() => victim.child.kill('SIGKILL'), at);
    const { signal } = await victim.ended;
    clearTimeout(timer);
    killed += signal === 'SIGKILL';
    if (i % 2 === 0) await soundInBetween(house);
  }
  return killed;
}

// What a killed indexer leaves is an archive already: behind, but not wrong. Before its first commit there is none.
async function soundInBetween(house) {
  const { code, out, err } = await house.check();
  if (code === 4) assert.match(err, /no archive at|is being made/);
  else assert.equal(code, 0, out + err);
}

async function compare(house, want, what) {
  const check = await house.check();
  assert.equal(check.code, 0, `${what}: ${check.out}${check.err}`);
  assert.match(check.out, /: 0 wrong, 0 behind/, what);
  assert.equal(difference(want.dump, await house.dump()), '', what);
  assert.equal(difference(want.answers, await house.answers()), '', what);
}

export async function kill({ rounds, seed, size, print = () => {} }) {
  const house = new Stages(size);
  const roll = dice(seed);
  let killed = 0;
  try {
    await house.rest();
    const peace = await house.inPeace();
    print(`seed ${seed}; in peace ${STATES.map((state) => `${state} ${peace[state].ms} ms`).join(', ')}`);
    for (let round = 0; round < rounds; round++) {
      const begin = Math.floor(roll() * STATES.length); // many rounds begin with a state that is reached in peace
      house.archiveAt('victim');
      if (begin > 0) house.copyArchive(`after-${STATES[begin - 1]}`, 'victim');
      else house.dropArchive('victim');
      const state = STATES[begin];
      house.enter(state);
      killed += await killSome(house, state, peace[state].ms, roll);
      const { code, err } = await house.index('--quiet');
      assert.ok(code === 0 || code === 1, err);
      await compare(house, peace[state], `seed ${seed}, round ${round}, ${state}`);
      if (round % 20 === 19) print(`${round + 1} rounds, ${killed} kills`);
    }
  } finally {
    await house.close();
  }
  assert.ok(killed >= rounds / 2, `only ${killed} kills in ${rounds} rounds: the instants miss the work`);
  return { rounds, killed };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rounds = Number(process.argv[2] || 200);
  const seed = Number(process.argv[3] || Date.now() % 1e9);
  const started = Date.now();
  const { killed } = await kill({ rounds, seed, size: 40, print: console.log });
  console.log(`kill: ${rounds} rounds, ${killed} kills, seed ${seed}: every archive as one made in peace (${Math.round((Date.now() - started) / 1000)} s)`);
}
