// What the torture tests have in common: dice with a seed, a large corpus made of the samples, and clients that ask at a constant rate.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { root, samples } from '../integration/programs.mjs';

// Figures from 0 to 1 that a seed determines (mulberry32).
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
export const pick = (list, roll) => list[Math.floor(roll() * list.length)];

function filesBelow(folder, ending) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

// The sentences of the samples' sources.
export function sentences() {
  return filesBelow(path.join(root, 'tests/samples'), '.txt').flatMap((file) =>
    fs
      .readFileSync(file, 'utf8')
      .split(/(?<=[.;:])\s+|\n{2,}/)
      .map((text) => text.replace(/\s+/g, ' ').trim())
      .filter((text) => text.length > 40),
  );
}

const SYLLABLES = 'ba ce di fo gu la me ni po ru sa te vi zo bra cle dri flo gru pla tre sti'.split(' ');
export const rareWord = (roll) => Array.from({ length: 4 }, () => pick(SYLLABLES, roll)).join('');

// Writes `count` documents, no two alike, into folders below `folder`: one in four a PDF of the samples with another ending, the rest
// texts of their sentences. Each text has a word of its own; returned is which ("folder/name" -> word).
export function makeCorpus(folder, count, seed) {
  const roll = dice(seed);
  const pool = sentences();
  const pdfs = filesBelow(samples, '.pdf').filter((file) => !/SCAN/i.test(file)).map((file) => fs.readFileSync(file));
  const own = new Map();
  for (let i = 0; i < count; i++) {
    const inside = `parte ${Math.floor(i / 200)}`;
    fs.mkdirSync(path.join(folder, inside), { recursive: true });
    if (i % 4 === 0) {
      fs.writeFileSync(path.join(folder, inside, `copia ${i}.pdf`), Buffer.concat([pick(pdfs, roll), Buffer.from(`\n% ${seed} ${i}\n`)]));
      continue;
    }
    const word = `${rareWord(roll)}${rareWord(roll)}`;
    const lines = Array.from({ length: 20 + Math.floor(roll() * 200) }, () => pick(pool, roll));
    lines.splice(Math.floor(roll() * lines.length), 0, `Qui si legge la parola ${word}.`);
    const name = `${inside}/documento ${i}.txt`;
    fs.writeFileSync(path.join(folder, name), `Relazione ${i}\n\n${lines.join('\n\n')}\n`);
    own.set(name, word);
  }
  return own;
}

// Questions such as people ask: words and phrases of the samples, common and rare, in both languages.
export function questions(roll) {
  const pool = sentences();
  const words = (text) => text.match(/\p{L}{4,}/gu) ?? ['comune'];
  return [
    () => pick(words(pick(pool, roll)), roll),
    () => `${pick(words(pick(pool, roll)), roll)} ${pick(words(pick(pool, roll)), roll)}`,
    () => `"${(pick(pool, roll).match(/\p{L}+ \p{L}+/u) ?? ['del comune'])[0]}"`,
    () => pick(['comune', 'cooperazione internazionale', 'consiglio comunale', 'partenariato territoriale', 'resilience plan', 'the council'], roll),
    () => `${pick(words(pick(pool, roll)), roll).slice(0, 4)}*`,
    () => rareWord(roll),
  ];
}

export const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

// One request on a kept connection: { status, body, ms since `due` }. An error has status 0.
export function ask(agent, address, target, due = performance.now(), headers = {}) {
  return new Promise((done) => {
    const end = (status, body, error, got) => done({ status, body, error, headers: got, ms: performance.now() - due });
    const request = http.get(address + target, { agent, headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => end(response.statusCode, Buffer.concat(parts), undefined, response.headers));
      response.on('error', (error) => end(0, null, error));
    });
    request.on('error', (error) => end(0, null, error));
  });
}

// Asks `rate` times a second, whatever the answers take, until stopped; a question counts from when it was due.
export class Stream {
  constructor(address, rate, next, clients = 8) {
    this.agent = new http.Agent({ keepAlive: true, maxSockets: clients });
    this.address = address;
    this.next = next;
    this.answers = [];
    this.failed = [];
    this.under = new Set();
    this.began = performance.now();
    this.due = this.began;
    this.timer = setInterval(() => {
      for (const now = performance.now(); this.due <= now; this.due += 1000 / rate) this.fire(this.due);
    }, 1);
  }

  fire(due) {
    const wanted = this.next();
    const asked = ask(this.agent, this.address, wanted.target, due, wanted.headers).then((answer) => {
      this.under.delete(asked);
      this.answers.push({ ms: answer.ms, at: due - this.began, target: wanted.target });
      const fault = wanted.check(answer);
      if (fault) this.failed.push(`${wanted.target}: ${fault} (${answer.status} ${answer.error ?? ''})`);
    });
    this.under.add(asked);
  }

  async stop() {
    clearInterval(this.timer);
    await Promise.all(this.under);
    this.agent.destroy();
    const sorted = this.answers.map(({ ms }) => ms).sort((a, b) => a - b);
    const at = (share) => Math.round(quantile(sorted, share) * 10) / 10;
    return { asked: sorted.length, failed: this.failed, median: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1), slowest: this.slowest() };
  }

  slowest() {
    return [...this.answers].sort((a, b) => b.ms - a.ms).slice(0, 8);
  }
}

// Numbers of the command line: --name=value over what stands in `defaults`.
export function settings(defaults) {
  const given = Object.fromEntries(process.argv.slice(2).map((text) => text.replace(/^--/, '').split('=')));
  for (const name of Object.keys(given)) if (!(name in defaults)) throw new Error(`no such setting: ${name}`);
  return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, Number(given[name] ?? value)]));
}

// Memory of a process in KiB: resident, and of its own (neither files mapped nor shared).
export function memory(pid) {
  const text = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name) => Number(text.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))[1]);
  return { resident: of('VmRSS'), own: of('RssAnon'), descriptors: fs.readdirSync(`/proc/${pid}/fd`).length };
}
