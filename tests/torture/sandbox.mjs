#!/usr/bin/env node
// sandbox.mjs [MUTATIONS [SEED]]: what confining the readers costs in documents, which should be nothing. The PDFs of the folder DATA
// (without it, the sample corpus) and mutations of them (300) are indexed, and their pages drawn, once with all protections and once
// on a system that has neither Landlock nor seccomp: the same files are refused for the same reasons, and the images are the same.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { build, House, Program, samples, until } from '../integration/programs.mjs';
import { mutate } from './mutate-pdf.mjs';
import { dice } from './stages.mjs';

const [mutations = '300', seed = String(Date.now() % 1e9)] = process.argv.slice(2);
const PAGES = 5; // of a document
const NONE = 'landlock_create_ruleset,seccomp';

function fill(house) {
  const folder = process.env.DATA || samples;
  const names = execFileSync('find', [folder, '-type', 'f', '-iname', '*.pdf'], { encoding: 'utf8' }).split('\n').filter(Boolean).sort();
  const contents = names.map((name) => fs.readFileSync(name));
  const roll = dice(Number(seed));
  names.forEach((name, i) => house.write(`${i}-${path.basename(name)}`, contents[i]));
  for (let i = 0; i < Number(mutations); i++) house.write(`m/${i}.pdf`, mutate(contents, i, roll).bytes);
}

async function outcomes(house, bare) {
  const start = (name, ...args) =>
    house.keep(bare ? new Program(path.join(build, 'tests/without'), [NONE, path.join(build, name), '--allow-unsandboxed', ...args]) : new Program(name, args));
  const archive = path.join(house.folder, bare ? 'bare.db' : 'confined.db');
  const indexer = start('schedario-indexer', '--quiet', '--archive', archive, house.corpus);
  assert.ok((await indexer.ended).code <= 1, indexer.err);
  const server = start('schedario-server', '--archive', archive, '--corpus', house.corpus, '--listen', '127.0.0.1:0');
  house.address = await until('it listens', () => server.out.match(/http:\/\/\S+(?=\/\n)/)?.[0]);
  assert.equal(/missing/.test(server.err), bare, server.err);
  const lines = [];
  const counts = { files: 0, refused: 0, images: 0, undrawn: 0 };
  for (let offset = 0; ; offset += 100) {
    const { body } = await house.get(`/api/v1/files?limit=100&offset=${offset}`);
    for (const file of body.files) {
      counts.files++;
      if (file.failure) counts.refused++;
      lines.push(`${file.path}: ${file.state} ${JSON.stringify(file.failure)}`);
    }
    if (body.files.length < 100) break;
  }
  for (const name of fs.readdirSync(house.corpus, { recursive: true }).filter((one) => one.endsWith('.pdf')).sort()) {
    const id = crypto.createHash('sha256').update(fs.readFileSync(house.path(name))).digest('hex').slice(0, 20);
    const { status, body } = await house.get(`/api/v1/documents/${id}`);
    for (let page = 1; status === 200 && page <= Math.min(body.pages ?? 0, PAGES); page++) {
      const image = await fetch(`${house.address}/documents/${id}/pages/${page}.png?width=400`);
      const bytes = Buffer.from(await image.arrayBuffer());
      counts[image.status === 200 ? 'images' : 'undrawn']++;
      lines.push(`${name} ${page}: ${image.status} ${image.status === 200 ? crypto.createHash('sha256').update(bytes).digest('hex') : ''}`);
    }
  }
  assert.equal((await server.stop()).code, 0, server.err);
  return { lines: lines.sort(), counts };
}

const house = new House();
fill(house);
console.log(`seed ${seed}`);
const confined = await outcomes(house, false);
const bare = await outcomes(house, true);
for (const [name, { counts }] of Object.entries({ confined, bare })) console.log(`${name}: ${Object.entries(counts).map(([key, n]) => `${n} ${key}`).join(', ')}`);
await house.close();
const others = confined.lines.filter((line) => !bare.lines.includes(line));
for (const line of others.slice(0, 20)) console.log(`  only when confined: ${line}`);
console.log(others.length === 0 && confined.lines.length === bare.lines.length ? 'confined readers: the same documents and images' : `confined readers: ${others.length} DIFFERENT`);
process.exit(others.length ? 1 : 0);
