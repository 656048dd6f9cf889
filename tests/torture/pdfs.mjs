#!/usr/bin/env node
// pdfs.mjs [MUTATIONS [SEED]]: the PDFs of the folder DATA (without it, the sample corpus) and mutations of them (2,000) go through
// the indexer: it ends well and in time, each file is indexed or refused with a reason, and no more are refused than pdftotext
// refuses (it fails, or gives no letter). Then pages of a sample are asked of the server as images and as boxes: each is drawn or
// answered with a clear error, and the server lives.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { House, samples } from '../integration/programs.mjs';
import { mutate } from './mutate-pdf.mjs';
import { dice } from './stages.mjs';

// One document's limit, and how long all may take: with every file at its limit the test would say nothing.
const LIMIT_SECONDS = 60;
const PAGE_SECONDS = 30;

function readFolder(folder) {
  const names = execFileSync('find', [folder, '-type', 'f', '-iname', '*.pdf'], { encoding: 'utf8' }).split('\n').filter(Boolean);
  return names.sort().map((name) => ({ name: path.basename(name), bytes: fs.readFileSync(name) }));
}

const hasLetter = (text) => /\p{L}/u.test(text);

async function pdftotextReads(file) {
  try {
    const { stdout } = await promisify(execFile)('pdftotext', ['-q', file, '-'], { timeout: LIMIT_SECONDS * 1000, maxBuffer: 1 << 28 });
    return hasLetter(stdout);
  } catch {
    return false;
  }
}

// Which files pdftotext refuses: a Set of names. A few at a time.
async function refusedByPdftotext(house, files) {
  const refused = new Set();
  const left = [...files.keys()];
  const work = async () => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) if (!(await pdftotextReads(house.path(name)))) refused.add(name);
  };
  await Promise.all([work(), work(), work()]);
  return refused;
}

// The files as they are, and damages to those of them that can be read.
async function writeFiles(house, sources, mutations, roll) {
  const files = new Map(sources.map(({ name, bytes }) => [`sound/${name}`, { kind: 'as it was', bytes }]));
  for (const [name, { bytes }] of files) house.write(name, bytes);
  const refused = await refusedByPdftotext(house, files);
  const readable = [...files].filter(([name]) => !refused.has(name)).map(([, { bytes }]) => bytes);
  for (let i = 0; i < mutations; i++) {
    const name = `${Math.floor(i / 100)}/${i}.pdf`;
    files.set(name, mutate(readable, i, roll));
    house.write(name, files.get(name).bytes);
  }
  return files;
}

// Every file's state and reason, as the API tells them.
async function states(house) {
  const found = new Map();
  for (let offset = 0; ; offset += 100) {
    const { body } = await house.get(`/api/v1/files?limit=100&offset=${offset}`);
    for (const file of body.files) found.set(file.path, file);
    if (body.files.length < 100) return found;
  }
}

function count(table, key) {
  table.set(key, (table.get(key) ?? 0) + 1);
}

const inWords = (table) => [...table].sort((a, b) => b[1] - a[1]).map(([key, n]) => `${key} ${n}`).join(', ') || 'none';

// Which files each of the two refuses.
async function compare(house, files, found) {
  const ours = new Map();
  const theirs = await refusedByPdftotext(house, files);
  const only = [];
  const kinds = new Map();
  for (const [name, { kind }] of files) {
    const { state, failure } = found.get(name);
    if (state !== 'failed') continue;
    count(ours, failure.reason);
    count(kinds, kind);
    if (!theirs.has(name)) only.push(`${name} (${kind}): ${failure.reason} ${failure.detail ?? ''}`);
  }
  return { ours, kinds, only, theirs: theirs.size };
}

async function ask(house, address, outcomes, slowest) {
  const began = Date.now();
  const response = await fetch(house.address + address, { signal: AbortSignal.timeout(PAGE_SECONDS * 1000) });
  const body = Buffer.from(await response.arrayBuffer());
  slowest.ms = Math.max(slowest.ms, Date.now() - began);
  if (response.status === 200) {
    const isImage = /png/.test(response.headers.get('content-type'));
    assert.ok(isImage ? body.subarray(1, 4).toString() === 'PNG' : JSON.parse(body).boxes, address);
  } else {
    assert.match(response.headers.get('content-type'), /problem\+json/, address);
    assert.ok([404, 422, 500, 503].includes(response.status) && JSON.parse(body).detail, `${address}: ${response.status} ${body}`);
  }
  count(outcomes, response.status);
}

// First page, second page and one beyond, of so many files, whatever became of them.
async function drawSome(house, files, sample, roll) {
  const outcomes = new Map();
  const slowest = { ms: 0 };
  const all = [...files.values()];
  for (let i = 0; i < sample; i++) {
    const { bytes } = all[Math.floor(roll() * all.length)];
    const id = createHash('sha256').update(bytes).digest('hex').slice(0, 20);
    const pages = `/documents/${id}/pages`;
    for (const address of [`${pages}/1.png?width=500`, `${pages}/${2 + (i % 3)}.png?width=300`, `/api/v1${pages}/1/boxes?q=a*`])
      await ask(house, address, outcomes, slowest);
  }
  assert.equal((await house.get('/healthz')).status, 200);
  return { outcomes, slowest };
}

// `every`: only each so manieth PDF of the folder.
export async function pdfs({ folder, every = 1, mutations, seed, sample, print = () => {} }) {
  const house = new House();
  const roll = dice(seed);
  try {
    const sources = readFolder(folder).filter((_, i) => i % every === 0);
    const files = await writeFiles(house, sources, mutations, roll);
    print(`seed ${seed}: ${sources.length} PDFs, ${mutations} mutations of them`);
    const began = Date.now();
    const { code, signal, err } = await house.index('--quiet', '--timeout', String(LIMIT_SECONDS));
    const seconds = (Date.now() - began) / 1000;
    assert.equal(signal, null, err);
    assert.ok(code === 0 || code === 1, `${code}: ${err.slice(-2000)}`);
    const server = await house.serve();
    const status = await house.status();
    assert.deepEqual([status.seen, status.pending], [files.size, 0]);
    const found = await states(house);
    for (const [name, { kind }] of files) {
      const file = found.get(name);
      assert.ok(file && (file.state === 'indexed' || (file.state === 'failed' && file.failure.reason && file.failure.sentence)), `${name} (${kind})`);
    }
    const { ours, kinds, only, theirs } = await compare(house, files, found);
    const refused = [...ours.values()].reduce((a, b) => a + b, 0);
    print(`indexed in ${seconds.toFixed(1)} s; refused ${refused}: ${inWords(ours)}; pdftotext refuses ${theirs}`);
    print(`refused by what was done to them: ${inWords(kinds)}`);
    for (const line of only) print(`  only we refuse ${line}`);
    assert.ok(refused <= theirs, `${refused} refused, pdftotext refuses ${theirs}: ${only.join('; ')}`);
    const { outcomes, slowest } = await drawSome(house, files, sample, roll);
    print(`pages of ${sample} files: ${inWords(outcomes)}; the slowest answer ${slowest.ms} ms`);
    assert.equal(server.child.exitCode, null);
    return { files: files.size, refused, theirs, seconds, reasons: ours };
  } finally {
    await house.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mutations = Number(process.argv[2] || 2000);
  const seed = Number(process.argv[3] || Date.now() % 1e9);
  const folder = process.env.DATA || samples;
  const { files, refused, theirs } = await pdfs({ folder, mutations, seed, sample: 200, print: console.log });
  console.log(`pdfs: ${files} files, seed ${seed}: each indexed or refused with a reason; ${refused} refused, by pdftotext ${theirs}`);
}
