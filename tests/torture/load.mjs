#!/usr/bin/env node
// Load: an hour's worth of mixed requests in some minutes, from several clients, while the indexer watches a corpus that keeps changing.
// None may fail, answers are right (those with words of their own are checked), and the server's memory is flat.
//   node tests/torture/load.mjs [--seconds=600] [--rate=60] [--documents=1500] [--seed=1]
// 60 a second for ten minutes are 36,000 requests: an hour of ten a second.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { House, samples, until } from '../integration/programs.mjs';
import { Stream, dice, makeCorpus, memory, pick, questions, rareWord, settings } from './making.mjs';

const is200 = ({ status }) => (status === 200 ? '' : 'not answered');
const isStatus = (...wanted) => ({ status }) => (wanted.includes(status) ? '' : `not ${wanted.join(' or ')}`);

// Asks what cannot be answered over a socket of its own: whatever comes back, the server must live.
function junk(address, roll) {
  const { hostname, port } = new URL(address);
  const socket = net.connect({ host: hostname, port });
  const lines = ['\x00\x01\x02\r\n\r\n', 'GET', 'GET / HTTP/1.1\r\nHost: x\r\nX: ' + 'y'.repeat(60000), 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\nabc', '\x16\x03\x01\x02\x00'];
  socket.on('error', () => {});
  socket.write(pick(lines, roll));
  setTimeout(() => socket.destroy(), 200);
}

// What is asked: { target, check }, some of it with an answer known beforehand.
function mixture(house, roll, own, ids) {
  const makers = questions(roll);
  const typed = () => encodeURIComponent(pick(makers, roll)());
  const names = [...own.keys()];
  const known = () => {
    const name = pick(names, roll);
    const check = ({ status, body }) => {
      if (status !== 200) return 'not answered';
      const { total, results } = JSON.parse(body);
      return total === 1 && results[0].paths[0] === name ? '' : `a wrong answer: ${total} documents, ${results[0]?.paths}, not ${name}`;
    };
    return { target: `/api/v1/search?q=${own.get(name)}&translate=off`, check };
  };
  const png = (answer) => is200(answer) || (answer.body.subarray(1, 4).toString() === 'PNG' ? '' : 'no PNG');
  const lines = (answer) => is200(answer) || (answer.body.length === 0 || answer.body.toString().trimEnd().split('\n').every((line) => JSON.parse(line)) ? '' : 'no JSON lines');
  const table = [
    [20, known],
    [20, () => ({ target: `/search?q=${typed()}`, check: is200 })],
    [12, () => ({ target: `/api/v1/search?q=${typed()}&limit=20`, check: is200 })],
    [10, () => ({ target: `/api/v1/suggest?q=${rareWord(roll).slice(0, 3)}`, check: is200 })],
    [8, () => ({ target: `/documents/${pick(ids.all, roll)}?q=${typed()}`, check: is200 })],
    [6, () => ({ target: `/documents/${pick(ids.pdf, roll)}/pages/1?q=${typed()}`, check: is200 })],
    [6, () => ({ target: `/documents/${pick(ids.pdf, roll)}/pages/1.png?width=${200 + 40 * Math.floor(roll() * 20)}`, check: png })],
    [3, () => ({ target: `/api/v1/documents/${pick(ids.all, roll)}/similar`, check: is200 })],
    [2, () => ({ target: `/documents/${pick(ids.pdf, roll)}/file`, check: is200 })],
    [2, () => ({ target: `/search.jsonl?q=${typed()}`, check: lines })],
    [1, () => ({ target: `/search.${pick(['csv', 'bib', 'ris', 'atom'], roll)}?q=${typed()}`, check: is200 })],
    [2, () => ({ target: pick(['/status', '/browse', '/documents', '/feed.atom', '/status.csv', '/sitemap.xml', '/', '/api/v1/status'], roll), check: is200 })],
    [1, () => ({ target: `/search?q=${encodeURIComponent('('.repeat(50) + pick(['*', '"', '-', '\u202e', '😀'], roll))}`, check: is200 })],
    [3, () => ({ target: pick(['/nowhere', '/documents/zz', '/../etc/passwd', '/%00', '/search?q=%ff', '/documents/x/pages/0.png', '/assets/x/../y'], roll), check: isStatus(400, 404) })],
    [1, () => ({ target: '/api/v1/search?q=x&limit=9999', check: isStatus(400) })],
    [1, () => (junk(house.address, roll), { target: '/healthz', check: is200 })],
  ];
  const sum = table.reduce((all, [weight]) => all + weight, 0);
  return () => {
    let left = roll() * sum;
    return table.find(([weight]) => (left -= weight) < 0)[1]();
  };
}

// Adds, changes and removes documents of a folder of its own, as fast as the indexer takes them.
async function churn(house, roll, state) {
  const present = [];
  const pdf = fs.readFileSync(path.join(samples, 'statuti/statuto-comune-valdoria.pdf'));
  while (!state.is_over) {
    const name = `mobile/carta ${state.changes++}.${roll() < 0.2 ? 'pdf' : 'txt'}`;
    house.write(name, name.endsWith('pdf') ? Buffer.concat([pdf, Buffer.from(`\n% ${name}\n`)]) : `Carta ${state.changes}\n\nIl consiglio comunale ha discusso ${rareWord(roll)}.\n`.repeat(3));
    present.push(name);
    if (present.length > 60) fs.rmSync(house.path(present.shift()), { force: true });
    if (roll() < 0.3) house.write(pick(present, roll), `Carta cambiata ${state.changes}, con ${rareWord(roll)}.\n`);
    await new Promise((done) => setTimeout(done, 100 + roll() * 400));
  }
}

const figures = async (house) => {
  const { text } = await house.get('/metrics');
  const of = (name) => Number(text.match(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (.*)$`, 'm'))?.[1] ?? 0);
  return { text, of };
};

// Asks for much at once until no more connections to the archive come of it: each has memories of its own, and one that first opens late
// would look like growth.
async function wake(house, next) {
  const { of } = await figures(house);
  let before = of('schedario_searchers');
  for (let still = 0; still < 10; still++) {
    await Promise.all(Array.from({ length: 48 }, () => house.get(next().target).catch(() => {})));
    const now = (await figures(house)).of('schedario_searchers');
    if (now !== before) still = 0;
    before = now;
  }
}

export async function load(wanted, say) {
  const house = new House();
  const roll = dice(wanted.seed);
  try {
    const own = makeCorpus(house.corpus, wanted.documents, wanted.seed + 1);
    house.write('mobile/prima.txt', 'Una carta.\n');
    const indexer = house.watch('--quiet');
    const server = await house.serve('--image-cache', '8');
    await until('all is indexed', async () => {
      const { documents, pending } = await house.status();
      return pending === 0 && documents >= own.size;
    }, 600);
    const list = (kind) => house.get(`/api/v1/documents?limit=100&offset=${kind}`).then(({ body }) => body.documents);
    const documents = [...(await list(0)), ...(await list(Math.max(0, wanted.documents - 110)))].filter(({ path: name }) => !name.startsWith('mobile/'));
    const ids = { all: documents.map(({ id }) => id), pdf: documents.filter(({ path: name }) => name.endsWith('.pdf')).map(({ id }) => id) };
    const next = mixture(house, roll, own, ids);
    await wake(house, next);
    const state = { is_over: false, changes: 0 };
    const changing = churn(house, dice(wanted.seed + 2), state);
    const series = [];
    const stream = new Stream(house.address, wanted.rate, next, 12);
    let ended = '';
    server.ended.then(({ code, signal }) => (ended = `the server ended: ${code} ${signal}: ${server.err.slice(-2000)}`));
    const sample = async () => {
      const figure = memory(server.child.pid);
      const { of } = await figures(house);
      series.push({ at: (performance.now() - stream.began) / 1000, ...figure, heap: Math.round(of('schedario_heap_used_bytes') / 1024), lists: Math.round(of('schedario_kept_lists_bytes') / 1024), searchers: of('schedario_searchers'), images: Math.round(of('schedario_image_cache_bytes') / 1024) });
    };
    const watcher = setInterval(() => ended || sample().catch(() => {}), (wanted.seconds * 1000) / 20);
    for (const began = Date.now(); !ended && Date.now() - began < wanted.seconds * 1000; ) await new Promise((done) => setTimeout(done, 100));
    clearInterval(watcher);
    const got = await stream.stop();
    state.is_over = true;
    await changing;
    if (ended) throw new Error(ended);
    const { text, of } = await figures(house);
    const indexer_lives = indexer.child.exitCode === null && indexer.child.signalCode === null;
    const status = await house.settled();
    if (say) say(`memory of the server, own KiB (allocated/kept lists/searchers): ${series.map(({ own: kib, heap, lists, searchers }) => `${kib} (${heap}/${lists}/${searchers})`).join(' ')}`);
    return { got, series, rate: wanted.rate, text, of, server, indexer_lives, changes: state.changes, failed: status.failed };
  } finally {
    await house.close();
  }
}

// Of points [x, y], the slope of the line with the least squares of distance.
export function slope(points) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const x = mean((point) => point[0]), y = mean((point) => point[1]);
  const spread = mean((point) => (point[0] - x) ** 2);
  return spread ? mean((point) => (point[0] - x) * (point[1] - y)) / spread : 0;
}

// What a request leaves behind, in bytes, when something of it is forgotten: the least is a node of its tree, a header, a job, each with
// its string. Less than that cannot be told from the allocator's own unrest.
const LEAK_BYTES = 300;
// In a shorter run caches still fill at its end.
const JUDGED_SECONDS = 400;

// How memory goes, by the last 60 % of the samples (the caches of each connection to the archive fill before): MiB an hour, and what it
// may be where `rate` requests come a second.
export function growth(series, rate) {
  const late = series.slice(Math.floor(series.length * 0.4));
  return { hourly: (slope(late.map(({ at, own }) => [at, own])) * 3600) / 1024, most: (LEAK_BYTES * rate * 3600) / 2 ** 20 };
}

// What is wrong, in words: nothing when all is well.
export function judge({ got, series, rate, of, server, indexer_lives }) {
  const faults = [...got.failed.slice(0, 10)];
  if (got.failed.length) faults.push(`${got.failed.length} of ${got.asked} failed`);
  const middle = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const before = middle(series.slice(8, 13).map(({ own }) => own)), after = middle(series.slice(-5).map(({ own }) => own));
  const { hourly, most } = growth(series, rate);
  if (hourly > most && series.at(-1).at >= JUDGED_SECONDS) faults.push(`memory grew by ${hourly.toFixed(1)} MiB an hour, more than ${most.toFixed(1)}`);
  const open = series.slice(4).map(({ descriptors }) => descriptors);
  if (Math.max(...open.slice(-5)) > Math.max(...open.slice(0, 5)) + 16) faults.push(`descriptors grew: ${open.join(' ')}`);
  if (of('schedario_image_cache_bytes') > of('schedario_image_cache_limit_bytes')) faults.push('the cache of images is beyond its bound');
  if (of('schedario_kept_lists_bytes') > of('schedario_searchers') * 24 * 1024 * 1024) faults.push('kept lists are beyond their bound');
  if (!indexer_lives) faults.push('the indexer ended');
  if (/level=error/.test(server.err)) faults.push(server.err.match(/.*level=error.*/)[0]);
  return { faults, before, after, hourly, most };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const wanted = settings({ seconds: 600, rate: 60, documents: 1500, seed: 1, details: 0 });
  console.log(`seed ${wanted.seed}, ${wanted.seconds} s, ${wanted.documents} documents`);
  const run = await load(wanted, console.log);
  const { faults, before, after, hourly, most } = judge(run);
  const { got } = run;
  console.log(
    `${faults.length ? 'BAD ' : 'ok  '} ${got.asked} requests, ${got.failed.length} failed; ${run.changes} documents changed meanwhile; ` +
      `median ${got.median} ms, 95 % ${got.p95}, 99 % ${got.p99}, most ${got.most}; memory ${Math.round(before / 1024)} MiB before, ${Math.round(after / 1024)} after, ${hourly.toFixed(1)} MiB an hour (at most ${most.toFixed(1)})`,
  );
  for (const fault of faults) console.log(`     ${fault}`);
  if (wanted.details) for (const { ms, at, target } of got.slowest) console.log(`     ${ms.toFixed(1)} ms at ${(at / 1000).toFixed(2)} s ${target}`);
  process.exit(faults.length ? 1 : 0);
}
