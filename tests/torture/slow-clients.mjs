#!/usr/bin/env node
// Clients that take their time, against the real limits of server/limits.h: who drips a request, who takes an answer byte by byte, who
// opens thousands of connections and says nothing. Each is cut off in time, and a question beside them is answered all the while.
//
//     node tests/torture/slow-clients.mjs
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { House, root, samples } from '../integration/programs.mjs';

const limit = (name) => Number(fs.readFileSync(path.join(root, 'server/limits.h'), 'utf8').match(new RegExp(`\\b${name} = (\\d+)`))[1]);
const REQUEST = limit('HTTP_REQUEST_SECONDS');
const IDLE = limit('HTTP_IDLE_SECONDS');
const ANSWER = limit('HTTP_ANSWER_SECONDS');
const SLACK = 5; // seconds, on a busy machine

const house = new House();
const port = () => Number(new URL(house.address).port);
const seconds = (began) => (performance.now() - began) / 1000;

function open() {
  const socket = net.connect(port(), '127.0.0.1');
  socket.on('error', () => {});
  return socket;
}

// Until the server ends the connection; `move` is called every `ms`.
async function lasts(socket, ms, move, most) {
  const began = performance.now();
  let isOver = false;
  for (const end of ['close', 'end', 'error']) socket.once(end, () => (isOver = true));
  while (!isOver && seconds(began) < most) {
    move();
    await new Promise((done) => setTimeout(done, ms));
  }
  socket.destroy();
  return isOver ? seconds(began) : Infinity;
}

function dripping(beginning, ms) {
  const socket = open();
  socket.resume();
  socket.write(beginning);
  return lasts(socket, ms, () => socket.write('a'), REQUEST + 60);
}

// Asks for a large file and takes a little now and then.
function sipping(target, bytes) {
  const socket = net.connect({ port: port(), host: '127.0.0.1', readableHighWaterMark: 1024 });
  socket.on('error', () => {});
  socket.pause();
  socket.write(`GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`);
  // What is written is answered with a reset once the other side is gone; until then it waits to be read.
  return lasts(socket, 1000, () => (socket.read(Math.min(bytes, socket.readableLength)), socket.write('x')), 6 * ANSWER);
}

async function idle(count) {
  const sockets = Array.from({ length: count }, (_, i) => {
    const socket = open();
    if (i % 2) socket.write('GET /sear');
    return socket;
  });
  await new Promise((done) => setTimeout(done, 2000));
  const began = performance.now();
  const { status } = await house.get('/healthz');
  const took = performance.now() - began;
  for (const socket of sockets) socket.destroy();
  return { status, took };
}

let bad = 0;
function verdict(isGood, what) {
  bad += !isGood;
  console.log(`${isGood ? 'ok  ' : 'BAD '} ${what}`);
}

try {
  fs.cpSync(samples, house.corpus, { recursive: true });
  house.write('grande.txt', `Verbale lunghissimo del comune.\n${'Il consiglio approva il bilancio del comune. '.repeat(1_400_000)}\n`); // 60 MB
  await house.index('--quiet', '--timeout', '300');
  const server = await house.serve();
  const { body } = await house.get('/api/v1/files?limit=100');
  const large = body.files.find(({ path: name }) => name === 'grande.txt');
  const delays = [];
  const failures = [];
  const asking = setInterval(async () => {
    const began = performance.now();
    await house.get('/search?q=comune').catch((error) => failures.push(String(error.cause ?? error)));
    delays.push(performance.now() - began);
  }, 250);
  const cases = [
    ['silent from the start', lasts(open().resume(), 1000, () => {}, IDLE + 30), IDLE],
    ['a byte a second of a request line', dripping('GET /search?q=', 1000), REQUEST],
    ['a byte a second of a header', dripping('GET / HTTP/1.1\r\nHost: h\r\nX: ', 1000), REQUEST],
    ['ten bytes a second of a header', dripping('GET / HTTP/1.1\r\nHost: h\r\nX: ', 100), REQUEST],
  ];
  if (large?.document) cases.push(['taking a byte a second of 60 MB', sipping(`/documents/${large.document.id}/file`, 1), 2 * ANSWER]);
  for (const [what, lasting, most] of cases) {
    const took = await lasting;
    verdict(took <= most + SLACK, `${what}: cut off after ${took.toFixed(1)} s (${most})`);
  }
  for (const count of [600, 3000]) {
    const { status, took } = await idle(count);
    verdict(status === 200 && took < 2000, `${count} idle connections: the next question is answered with ${status} in ${took.toFixed(0)} ms`);
  }
  clearInterval(asking);
  delays.sort((a, b) => a - b);
  verdict(delays.at(-1) < 5000 && failures.length === 0, `${delays.length} questions beside all this: median ${delays[delays.length >> 1].toFixed(1)} ms, most ${delays.at(-1).toFixed(0)} ms; ${failures.length} failed ${failures.slice(0, 3)}`);
  verdict(server.child.exitCode === null && !/level=error/.test(server.err), 'the server goes on without an error');
} finally {
  await house.close();
}
process.exit(bad ? 1 : 0);
