#!/usr/bin/env node
// folder.mjs [FILES]: a folder of 100,000 small files: time and memory of the first indexing, of a comparison that finds nothing,
// of one that finds one new file, of taking half of them out, and of --check.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { House, Program } from '../integration/programs.mjs';

const MEMORY_MIB = 1024;

// The most memory that a process had until now, in MiB; 0 when it has ended.
function most(pid) {
  try {
    return Math.round(Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmHWM:\s+(\d+)/m)[1]) / 1024);
  } catch {
    return 0;
  }
}

export async function folder({ count, print = () => {} }) {
  const house = new House();
  async function timed(what, ...options) {
    const started = Date.now();
    const program = new Program('schedario-indexer', ['--quiet', '--archive', house.archive, ...options, house.corpus]);
    let mib = 0;
    const timer = setInterval(() => (mib = Math.max(mib, most(program.child.pid))), 20);
    const { code } = await program.ended.finally(() => clearInterval(timer));
    const { out, err } = program;
    assert.equal(code, 0, out + err);
    assert.ok(mib < MEMORY_MIB, `${what}: ${mib} MiB`);
    print(`${what}: ${((Date.now() - started) / 1000).toFixed(1)} s, ${mib} MiB`);
    return out;
  }
  const halved = Math.ceil(count / 2);
  try {
    fs.mkdirSync(house.path('tutti'));
    for (let i = 0; i < count; i++) fs.writeFileSync(house.path(`tutti/${i}.txt`), `Atto numero ${i} del comune, parola${i}x.\n`);
    assert.match(await timed(`${count} files`), new RegExp(`\\b${count} indexed, 0 failed`));
    assert.match(await timed('nothing new'), /\b0 indexed, 0 failed, 0 removed/);
    fs.writeFileSync(house.path('tutti/nuovo.txt'), 'La parola nuovissima.\n');
    assert.match(await timed('one new'), /\b1 indexed/);
    assert.match(await timed('the check', '--check'), new RegExp(`^${count + 1} documents, ${count + 1} files: 0 wrong, 0 behind`, 'm'));
    for (let i = 0; i < count; i += 2) fs.rmSync(house.path(`tutti/${i}.txt`));
    assert.match(await timed('half of them removed'), new RegExp(`\\b${halved} removed`));
    assert.match(await timed('the check', '--check'), new RegExp(`${count + 1 - halved} files: 0 wrong, 0 behind`));
  } finally {
    await house.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const count = Number(process.argv[2] || 100000);
  await folder({ count, print: console.log });
  console.log(`folder: ${count} files in one folder: all in, all out, none wrong`);
}
