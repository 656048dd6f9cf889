// A corpus in three states (first, changed, removed), and what an archive says after each: for the scripts that kill the
// indexer or let its calls fail, and compare what is left with an archive made in peace.
//
// The states are laid out at once, and files that stay the same are one file under two names, so that no run has to wait for a
// file to be still; changing the state is renaming a folder.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { House, build, run, samples } from '../integration/programs.mjs';

export const STATES = ['first', 'changed', 'removed'];
const ANSWERED = ['acqua', 'cooperazione', 'resilience', '"consiglio comunale"', 'parola7x', 'titolo:statuto', 'comun*', 'nuovissima'];

// Numbers that a seed gives: the same ones each time (xorshift32).
export function dice(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const text = (i, word) =>
  `Documento numero ${i}\n\n` +
  `Il consiglio comunale del municipio ${i} delibera sulla cooperazione, parola${i}x e ${word}.\n`.repeat(20) +
  '\fThe water services of the municipality and their resilience.\n'.repeat(1 + (i % 3));

// What each state has: name -> content, or a sample's path.
function contents(size) {
  const first = new Map();
  for (let i = 0; i < size; i++) first.set(`cartella${i % 4}/testo${i}.txt`, text(i, 'acqua'));
  first.set('copia/testo1.txt', text(1, 'acqua'));
  first.set('statuto.pdf', { sample: 'statuti/statuto-comune-valdoria.pdf' });
  first.set('scansione.pdf', { sample: 'statuti/scansioni/SCAN_0047.pdf' });
  first.set('rotto.pdf', '%PDF-1.4\nnothing of use\n');
  first.set('cartella0/testo0.txt.ini', '[document]\ntitle = Titolo dato\nyear = 1999\n');
  const changed = new Map(first);
  for (let i = 0; i < size; i += 3) changed.set(`cartella${i % 4}/testo${i}.txt`, text(i, 'nuovissima'));
  changed.delete('copia/testo1.txt');
  changed.set('cartella0/testo0.txt.ini', '[document]\ntitle = Altro titolo\nkind = plan\n');
  changed.set('programme.pdf', { sample: 'programmi/en/Cooperation programme 2021-2023.pdf' });
  changed.set('altrove/rinominato.txt', changed.get('cartella1/testo1.txt'));
  changed.delete('cartella1/testo1.txt');
  const removed = new Map([...changed].filter(([name]) => !name.startsWith('cartella2/')));
  removed.set('cartella0/testo0.txt', text(0, 'acqua')); // back to what it was
  removed.delete('statuto.pdf');
  return { first, changed, removed };
}

export class Stages extends House {
  constructor(size = 24) {
    super();
    fs.rmdirSync(this.corpus);
    const states = contents(size);
    const same = new Map(); // name and content -> where it stands
    for (const state of STATES) for (const [name, content] of states[state]) this.lay(state, name, content, same);
  }

  lay(state, name, content, same) {
    const file = path.join(this.folder, state, name);
    const key = `${name}\0${JSON.stringify(content)}`;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    if (same.has(key)) fs.linkSync(same.get(key), file);
    else if (content.sample) fs.copyFileSync(path.join(samples, content.sample), file);
    else fs.writeFileSync(file, content);
    same.set(key, file);
  }

  // Until all files are still, once.
  async rest() {
    await new Promise((done) => setTimeout(done, 1200));
  }

  // The corpus in a state: a folder of another inode, and not on a file system of its own.
  enter(state) {
    this.leave();
    fs.renameSync(path.join(this.folder, state), this.corpus);
    this.state = state;
  }

  leave() {
    if (this.state) fs.renameSync(this.corpus, path.join(this.folder, this.state));
    this.state = undefined;
  }

  archiveAt(name) {
    this.archive = path.join(this.folder, `${name}.db`);
    return this.archive;
  }

  // An archive and what stands beside it, copied or put away.
  copyArchive(from, to) {
    this.dropArchive(to);
    for (const ending of ['', '-wal', '-lock'])
      if (fs.existsSync(path.join(this.folder, `${from}.db${ending}`)))
        fs.copyFileSync(path.join(this.folder, `${from}.db${ending}`), path.join(this.folder, `${to}.db${ending}`));
  }

  dropArchive(name) {
    for (const ending of ['', '-wal', '-shm', '-lock', '-damaged', '-damaged-wal'])
      fs.rmSync(path.join(this.folder, `${name}.db${ending}`), { force: true });
  }

  async dump() {
    const { code, out, err } = await run(path.join(build, 'tests/dump'), [this.archive]);
    assert.equal(code, 0, err);
    return out;
  }

  async check(...options) {
    return run('schedario-indexer', ['--check', '--archive', this.archive, ...options, this.corpus]);
  }

  // Answers to some questions, without what depends on the order of rows or on the clock.
  async answers() {
    const server = await this.serve('--threads', '1');
    const told = [];
    for (const question of ANSWERED) {
      const { total, results } = await this.search(question, { limit: 100 });
      const lines = results.map(({ id, paths, title, pages, score, hits }) =>
        JSON.stringify([id, [...paths].sort(), title, pages, score.toFixed(3), hits.map(({ page, passage }) => [page, passage])]));
      told.push(question, String(total), ...lines.sort());
    }
    await server.stop();
    this.programs.splice(this.programs.indexOf(server), 1);
    return told.join('\n');
  }

  // Makes the archive of each state in peace; what it says then, and how long it took, by state.
  async inPeace({ withAnswers = true } = {}) {
    const peace = {};
    this.archiveAt('peace');
    for (const state of STATES) {
      this.enter(state);
      const started = Date.now();
      const { code, err } = await this.index('--quiet');
      peace[state] = { code, ms: Date.now() - started, dump: await this.dump() };
      assert.equal(code, state === 'first' ? 1 : 0, err); // what failed is told once
      const check = await this.check();
      assert.equal(check.code, 0, check.out);
      assert.match(check.out, /: 0 wrong, 0 behind/);
      if (withAnswers) peace[state].answers = await this.answers();
      this.copyArchive('peace', `after-${state}`);
    }
    return peace;
  }
}

// The first line in which two texts differ.
export function difference(want, got) {
  const [a, b] = [want.split('\n'), got.split('\n')];
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (a[i] !== b[i]) return `want ${a[i]}\n got ${b[i]}`;
  return '';
}
