// Starts the real programs on folders of their own, for the integration and browser tests.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');
export const build = path.resolve(root, process.env.BUILD || 'build');
export const samples = path.join(root, 'corpus');

// Asks until `ask` gives something true; an error counts as "not yet".
export async function until(what, ask, seconds = 30) {
  const deadline = Date.now() + seconds * 1000;
  let last;
  for (;;) {
    try {
      const value = await ask();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}${last ? ` (${last.message})` : ''}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

// The readers that a program has, which its stewards started for it: those that live.
export function readersOf(pid) {
  const all = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,comm='], { encoding: 'utf8' }).trim().split('\n');
  const processes = all.map((line) => line.trim().split(/\s+/)).filter(([, , state]) => !state.startsWith('Z'));
  const children = (parents) => processes.filter(([, parent]) => parents.includes(parent));
  const stewards = children([String(pid)]).map(([own]) => own);
  return children(stewards).filter(([, , , name]) => name === 'schedario-reade').map(([own]) => Number(own));
}

// What a sanitizer says.
const REPORT = /Sanitizer|runtime error:/;

// A program under way: its output so far, and its end.
export class Program {
  constructor(name, args, options = {}) {
    const file = name.includes('/') ? name : path.join(build, name);
    this.name = name;
    this.out = '';
    this.err = '';
    this.child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    this.child.stdout.on('data', (data) => (this.out += data));
    this.child.stderr.on('data', (data) => (this.err += data));
    this.ended = once(this.child, 'close').then(([code, signal]) => {
      // A leak is found at the very end, where no other test looks.
      if (REPORT.test(this.err)) throw new Error(`${name}: ${this.err}`);
      return { code, signal };
    });
  }

  async stop(signal = 'SIGTERM') {
    this.child.kill(signal);
    return this.ended;
  }
}

export async function run(name, args, options) {
  const program = new Program(name, args, options);
  const { code, signal } = await program.ended;
  return { code, signal, out: program.out, err: program.err };
}

// A folder with a corpus and an archive, and the programs that work on them.
export class House {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'schedario-test-'));
    this.corpus = path.join(this.folder, 'corpus');
    this.archive = path.join(this.folder, 'archive.db');
    this.programs = [];
    fs.mkdirSync(this.corpus);
  }

  path(name) {
    return path.join(this.corpus, name);
  }

  write(name, content) {
    fs.mkdirSync(path.dirname(this.path(name)), { recursive: true });
    fs.writeFileSync(this.path(name), content);
  }

  copySample(sample, name = path.basename(sample)) {
    fs.mkdirSync(path.dirname(this.path(name)), { recursive: true });
    fs.copyFileSync(path.join(samples, sample), this.path(name));
  }

  index(...options) {
    return run('schedario-indexer', ['--archive', this.archive, ...options, this.corpus]);
  }

  watch(...options) {
    return this.keep(new Program('schedario-indexer', ['--watch', '--archive', this.archive, ...options, this.corpus]));
  }

  async serve(...options) {
    const server = this.keep(
      new Program('schedario-server', ['--archive', this.archive, '--corpus', this.corpus, '--listen', '127.0.0.1:0', ...options]),
    );
    this.address = await until('the server says where it listens', () => {
      if (server.child.exitCode !== null) throw new Error(server.err);
      return server.out.match(/http:\/\/\S+(?=\/\n)/)?.[0];
    });
    return server;
  }

  keep(program) {
    this.programs.push(program);
    return program;
  }

  async get(target, headers = {}) {
    const response = await fetch(this.address + target, { headers, redirect: 'manual' });
    const text = await response.text();
    const type = response.headers.get('content-type') || '';
    return { status: response.status, headers: response.headers, text, body: /json/.test(type) ? JSON.parse(text) : undefined };
  }

  async search(q, more = {}) {
    const { status, body } = await this.get(`/api/v1/search?${new URLSearchParams({ q, ...more })}`);
    if (status !== 200) throw new Error(`search answered ${status}`);
    return body;
  }

  async paths(q, more) {
    return (await this.search(q, more)).results.flatMap((result) => result.paths).sort();
  }

  async status() {
    return (await this.get('/api/v1/status')).body;
  }

  async settled() {
    return until('nothing is pending', async () => {
      const status = await this.status();
      return status.seen > 0 && status.pending === 0 && status;
    });
  }

  async close() {
    for (const program of this.programs) if (program.child.exitCode === null && program.child.signalCode === null) program.child.kill();
    await Promise.all(this.programs.map((program) => program.ended));
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
