// What those who run the server rely on: figures that are right and in Prometheus's form, readiness with its reason, reload and stop
// that drop no request, and a log that foreign text cannot break.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { House, readersOf, root, until } from './programs.mjs';

const house = new House();
const web = path.join(house.folder, 'web');
let server, pdf;

before(async () => {
  fs.cpSync(path.join(root, 'web'), web, { recursive: true });
  house.copySample('statuti/statuto-comune-valdoria.pdf', 'statuto.pdf');
  house.copySample('piani/en/Local Resilience Plan 2020-2024.pdf', 'plan.pdf');
  for (let i = 0; i < 400; i++) house.write(`note/nota ${i}.txt`, `Nota ${i} sulla fontana del comune.\n${'Il consiglio comunale delibera. '.repeat(20)}\n`);
  house.write('rotto.pdf', '%PDF-1.4\nnothing of use\n');
  assert.equal((await house.index('--quiet')).code, 1);
  server = await house.serve('--web', web, '--metrics-listen', '127.0.0.1:0', '--log-requests');
  pdf = (await house.search('statuto')).results.find(({ paths }) => paths[0] === 'statuto.pdf').id;
});
after(() => house.close());

// Reads the text format 0.0.4 strictly: every line is a help, a type or a sample; samples follow their family's head, no family comes
// twice, no sample comes twice, histograms add up. Returns a map "name{labels}" -> value.
function parse(text) {
  assert.ok(text.endsWith('\n'));
  const families = new Map(), samples = new Map();
  let family;
  const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
  for (const line of text.slice(0, -1).split('\n')) {
    let match;
    if ((match = line.match(new RegExp(`^# HELP (${NAME}) (.+)$`)))) {
      assert.ok(!families.has(match[1]), `the family ${match[1]} comes twice`);
      family = { name: match[1] };
      families.set(match[1], family);
    } else if ((match = line.match(new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`)))) {
      assert.equal(match[1], family?.name, line);
      assert.equal(family.type, undefined, line);
      family.type = match[2];
      if (family.type === 'counter') assert.match(family.name, /_total$/);
    } else {
      match = line.match(new RegExp(`^(${NAME})(?:\\{((?:[a-zA-Z_]\\w*="(?:[^"\\\\\\n]|\\\\["\\\\n])*",?)*)\\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?|NaN|[+-]Inf)$`));
      assert.ok(match, `no sample: ${line}`);
      const [, name, labels = '', value] = match;
      const suffix = family?.type === 'histogram' ? '(_bucket|_sum|_count)' : '';
      assert.match(name, new RegExp(`^${family?.name}${suffix}$`), line);
      assert.doesNotMatch(labels, /,$/);
      const key = labels ? `${name}{${labels}}` : name;
      assert.ok(!samples.has(key), `${key} comes twice`);
      samples.set(key, Number(value));
      assert.ok(Number.isFinite(Number(value)), line);
    }
  }
  for (const { name, type } of families.values()) {
    assert.ok([...samples.keys()].some((key) => key.startsWith(name)) || name === 'schedario_http_requests_total', `${name} has no sample`);
    if (type === 'histogram') checkHistogram(name, samples);
  }
  return samples;
}

function checkHistogram(name, samples) {
  const buckets = new Map();
  for (const [key, value] of samples) {
    const match = key.match(new RegExp(`^${name}_bucket\\{(.*),le="(.*)"\\}$`));
    if (match) buckets.set(match[1], [...(buckets.get(match[1]) ?? []), [match[2] === '+Inf' ? Infinity : Number(match[2]), value]]);
  }
  assert.ok(buckets.size > 0);
  for (const [labels, list] of buckets) {
    assert.deepEqual(list, [...list].sort((a, b) => a[0] - b[0]), 'bounds ascend');
    list.reduce((least, [bound, value]) => (assert.ok(value >= least, `${labels} ${bound}`), value), 0);
    assert.equal(list.at(-1)[0], Infinity);
    assert.equal(samples.get(`${name}_count{${labels}}`), list.at(-1)[1]);
    assert.ok(samples.get(`${name}_sum{${labels}}`) >= 0);
  }
}

// Asks with a Host of one's own, which fetch() does not let one choose.
const asLocal = (headers = {}) =>
  new Promise((done, failed) => {
    http.get(`${house.address}/metrics`, { agent: false, headers }, (response) => {
      let text = '';
      response.on('data', (part) => (text += part));
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, text }));
    }).on('error', failed);
  });
const metrics = async () => parse((await asLocal()).text);
// What is counted when the answer has gone out may be counted a moment after it was read.
const settled = (was, name, more) =>
  until(`${name} grew by ${more}`, async () => {
    const now = await metrics();
    return now.get(name) === (was.get(name) ?? 0) + more && now;
  }, 5);

describe('/metrics', () => {
  test('is in the form, version and all', async () => {
    const { status, headers, text } = await asLocal();
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-store');
    const samples = parse(text);
    for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'process_start_time_seconds', 'schedario_archive_pages',
      'schedario_archive_revision', 'schedario_archive_compared_age_seconds', 'schedario_searchers', 'schedario_image_cache_limit_bytes'])
      assert.ok(samples.get(name) > 0 || name.endsWith('_age_seconds'), name);
    assert.equal(samples.get('schedario_archive_up'), 1);
    assert.equal(samples.get('schedario_archive_documents'), 402);
    assert.equal(samples.get('schedario_archive_files{state="indexed"}'), 402);
    assert.equal(samples.get('schedario_archive_files{state="failed"}'), 1);
    assert.equal(samples.get('schedario_archive_files{state="pending"}'), 0);
    assert.equal(samples.get('schedario_indexer_up'), 0);
    assert.equal(samples.get('schedario_exports_under_way'), 0);
    assert.ok(Math.abs(samples.get('process_start_time_seconds') - Date.now() / 1000) < 120);
  });

  test('the reader of the form is strict', () => {
    const GOOD = '# HELP a x\n# TYPE a gauge\na{b="c"} 1\n';
    parse(GOOD);
    for (const bad of ['a 1\n', GOOD + GOOD, GOOD.replace('1\n', '1'), GOOD.replace('"c"', 'c'), GOOD + 'a{b="c"} 2\n', GOOD.replace(' 1', ' one'),
      GOOD + 'b 1\n', GOOD.replace('gauge', 'gouge'), GOOD + '\n', GOOD.replace('gauge', 'counter')])
      assert.throws(() => parse(bad), undefined, bad);
  });

  test('what is asked is counted by pattern and status, questions apart', async () => {
    const was = await metrics();
    for (let i = 0; i < 5; i++) await house.get('/search?q=fontana&hl=it');
    await house.get('/search?q=quaqquaraqqua&hl=it');
    await house.get('/search?q=fontana&page=2');
    await house.get('/api/v1/search?q=fontana');
    await house.get('/api/v1/search?q=fontana&limit=1000');
    await house.get('/nowhere');
    const request = (route, status) => `schedario_http_requests_total{route="${route}",status="${status}"}`;
    await settled(was, request('/search', 200), 7);
    await settled(was, request('/api/v1/search', 200), 1);
    await settled(was, request('/api/v1/search', 400), 1);
    const now = await settled(was, request('none', 404), 1);
    const grown = (name) => now.get(name) - (was.get(name) ?? 0);
    assert.equal(grown('schedario_questions_total{by="page"}'), 6);
    assert.equal(grown('schedario_questions_total{by="api"}'), 1);
    assert.equal(grown('schedario_questions_without_result_total'), 1);
    assert.equal(grown('schedario_http_request_duration_seconds_count{class="search"}'), 9);
    assert.ok(grown('schedario_http_response_bytes_total{class="search"}') > 10000);
  });

  test('images: made once, then from the cache', async () => {
    const was = await metrics();
    for (let i = 0; i < 3; i++) assert.equal((await house.get(`/documents/${pdf}/pages/1.png?width=400`)).status, 200);
    const now = await metrics();
    const grown = (name) => now.get(name) - was.get(name);
    assert.equal(grown('schedario_image_cache_misses_total'), 1);
    assert.equal(grown('schedario_image_cache_hits_total'), 2);
    assert.equal(grown('schedario_image_cache_entries'), 1);
    assert.ok(grown('schedario_image_cache_bytes') > 1000);
    assert.equal(grown('schedario_reader_pages_total'), 1);
    assert.equal(grown('schedario_reader_pages_failed_total'), 0);
    assert.ok(now.get('schedario_readers_started_total') >= 1 && now.get('schedario_readers_running') >= 1);
  });

  test('what waits, what goes wrong and who is let go is counted', async () => {
    const other = new House();
    const idle = [];
    try {
      other.copySample('statuti/statuto-comune-valdoria.pdf', 'statuto.pdf');
      const indexer = other.watch('--quiet');
      const { child } = await other.serve('--threads', '1');
      await until('it is indexed', async () => (await other.status()).indexed === 1);
      const now = async (name) => parse((await other.get('/metrics')).text).get(`schedario_${name}`);
      assert.equal(await now('indexer_up'), 1);
      assert.equal(await now('indexer_disk_full'), 0);
      const { id } = (await other.search('statuto')).results[0];
      const image = (width) => other.get(`/documents/${id}/pages/1.png?width=${width}`);
      assert.equal((await image(300)).status, 200);
      for (const pid of readersOf(child.pid)) process.kill(pid, 'SIGSTOP');
      const images = Promise.all([301, 302, 303, 304].map(image));
      await until('three wait for the one', async () => (await now('http_slow_running')) === 1 && (await now('http_slow_waiting')) === 3, 5);
      assert.equal(await now('reader_failures_total{reason="crashed"}'), 0);
      for (const pid of readersOf(child.pid)) process.kill(pid, 'SIGKILL');
      for (const { status } of await images) assert.equal(status, 200); // another reader takes it over
      assert.equal(await now('reader_failures_total{reason="crashed"}'), 1);
      assert.equal(await now('http_slow_waiting'), 0);
      const { hostname, port } = new URL(other.address);
      const open = (count) => Promise.all(Array.from({ length: count }, () => new Promise((done) => {
        idle.push(net.connect(port, hostname).on('connect', done).on('error', done));
      })));
      await open(100);
      await until('they are counted', async () => (await now('http_connections')) >= 100, 5);
      assert.equal(await now('http_clients_let_go_total{reason="room"}'), 0);
      await open(400);
      await until('the longest idle give way', async () => (await now('http_clients_let_go_total{reason="room"}')) >= 40, 5);
      assert.ok((await now('http_connections')) <= 512);
      await indexer.stop();
      assert.equal(await now('indexer_up'), 0);
    } finally {
      for (const socket of idle) socket.destroy();
      await other.close();
    }
  });

  test('only this machine’s own programs are told, or those at the address for it', async () => {
    const { port } = new URL(house.address);
    for (const headers of [{ host: 'archivio.example' }, { host: `localhost.example:${port}` }, { 'x-forwarded-for': '192.0.2.1' }, { forwarded: 'for=192.0.2.1' },
      { via: '1.1 proxy' }, { 'x-real-ip': '192.0.2.1' }]) {
      const { status, text } = await asLocal(headers);
      assert.equal(status, 404, JSON.stringify(headers));
      assert.doesNotMatch(text, /schedario_/);
    }
    for (const host of [`localhost:${port}`, '127.0.0.1', `[::1]:${port}`]) assert.equal((await asLocal({ host })).status, 200, host);
    const other = server.out.match(/figures at port (\d+)/)[1];
    const there = await fetch(`http://127.0.0.1:${other}/metrics`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
    assert.equal(there.status, 200);
    parse(await there.text());
    assert.equal((await fetch(`http://127.0.0.1:${other}/healthz`)).status, 200);
    assert.equal((await fetch(`http://127.0.0.1:${other}/search?q=fontana`)).status, 404);
  });

  test('nothing of what is asked is in it, nor in the log of requests', async () => {
    await house.get('/search?q=parolasegreta&language=it');
    await house.get('/documents/parolasegreta');
    await house.get('/parolasegreta?parolasegreta=1', { 'user-agent': 'parolasegreta' });
    await until('the requests are in the log', () => / route=none status=404 /.test(server.err));
    assert.doesNotMatch((await asLocal()).text, /parolasegreta|127\.0\.0\.1/);
    assert.doesNotMatch(server.err, /parolasegreta|127\.0\.0\.1/);
    const LINE = /^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ level=(info|warning|error) event=[a-z-]+( [a-z_]+=([^\s"=]+|"([^"\\]|\\.)*"))*$/;
    for (const line of server.err.split('\n').filter(Boolean)) assert.match(line, LINE);
    assert.match(server.err, /event=request method=GET route=\/documents\/\{id\} status=404|event=request method=GET route="\/documents\/\{id\}" status=404/);
  });
});

describe('/readyz', () => {
  test('says that all is there', async () => {
    const { status, text, headers } = await house.get('/readyz');
    assert.equal(status, 200);
    assert.equal(text, 'archive: ok\nreader: ok\n');
    assert.equal(headers.get('cache-control'), 'no-store');
  });

  test('says what is not, and when it is again', async () => {
    const other = new House();
    try {
      other.write('uno.txt', 'Un documento sulla fontana.\n');
      const program = await other.serve();
      let answer = await other.get('/readyz');
      assert.equal(answer.status, 503);
      assert.match(answer.text, /^archive: (?!ok).+\nreader: ok\n$/);
      assert.equal((await other.get('/healthz')).status, 200);
      assert.match((await other.get('/metrics')).text, /^schedario_archive_up 0$/m);
      await other.index();
      answer = await other.get('/readyz');
      assert.equal(answer.status, 200);
      assert.match(program.err, /level=warning event=archive-unreadable message="/);
      await until('the log says so', () => /event=archive-readable/.test(program.err));
      assert.equal(program.err.match(/archive-unreadable/g).length, 1);
    } finally {
      await other.close();
    }
  });

  test('without a reader program it is not ready, and says so', async () => {
    const other = new House();
    try {
      other.write('uno.txt', 'Un documento sulla fontana.\n');
      await other.index();
      const program = await other.serve('--reader', '/nowhere/reader');
      const { status, text } = await other.get('/readyz');
      assert.equal(status, 503);
      assert.match(text, /^reader: the program that draws pages cannot be started$/m);
      assert.match(program.err, /level=warning event=no-reader message="/);
    } finally {
      await other.close();
    }
  });
});

describe('SIGHUP', () => {
  const messages = path.join(web, 'messages/it.ini');
  const title = async () => (await house.get('/help?hl=it')).text.match(/<title>(.*?)<\/title>/)[1];
  const change = (from, to) => fs.writeFileSync(messages, fs.readFileSync(messages, 'utf8').replace(from, to));
  const hup = async (event) => {
    const seen = server.err.split(`event=${event}`).length;
    server.child.kill('SIGHUP');
    await until(`the log says ${event}`, () => server.err.split(`event=${event}`).length > seen);
  };

  test('takes up new messages, while requests go on', async () => {
    const before = await title();
    change(/^help_title *=.*$/m, 'help_title = Zuffolo prova');
    assert.equal(await title(), before);
    let stop = false, failed = 0;
    const asking = Promise.all(Array.from({ length: 3 }, async () => {
      while (!stop) if ((await house.get('/search?q=fontana')).status !== 200) failed++;
    }));
    for (let i = 0; i < 5; i++) await hup('reloaded');
    stop = true;
    await asking;
    assert.equal(failed, 0);
    assert.match(await title(), /Zuffolo prova/);
  });

  test('a faulty template, or a message that is missing, is refused by name, and nothing changes', async () => {
    const page = path.join(web, 'templates/help.mustache');
    const whole = fs.readFileSync(page, 'utf8');
    fs.writeFileSync(page, `${whole}{{#open}}`);
    await hup('reload-refused');
    assert.match(server.err, /level=error event=reload-refused message=".*help\.mustache/);
    assert.match(await title(), /Zuffolo prova/);
    fs.rmSync(page);
    await hup('reload-refused');
    assert.match(server.err, /event=reload-refused message=".*\\"help\\"/);
    fs.writeFileSync(page, whole);
    await hup('reloaded');
    const now = await metrics();
    assert.equal(now.get('schedario_reloads_total{outcome="refused"}'), 2);
    assert.equal(now.get('schedario_reloads_total{outcome="done"}'), 6);
  });
});

test('what the indexer says of a file is one line, whatever the file is called', async () => {
  const other = new House();
  try {
    const LINE = /^time=\S+ level=(info|warning|error) event=[a-z-]+( [a-z_]+=([^\s"=]+|"([^"\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\\.)*"))*$/u;
    for (const name of ['a\nlevel=error event=forged.pdf', 'gnp.\u202eexe.pdf', 'quote" x="y.pdf', '\u001b[2Jclear.pdf', 'sep\u2028arated.pdf', 'plain.pdf'])
      other.write(name, '%PDF-1.4\nnothing of use\n');
    fs.writeFileSync(Buffer.concat([Buffer.from(`${other.corpus}/latin`), Buffer.from([0xe0]), Buffer.from('.pdf')]), '%PDF-1.4\nnothing of use at all\n');
    const { code, err } = await other.index('--quiet');
    assert.equal(code, 1);
    const lines = err.split('\n').filter(Boolean);
    for (const line of lines) assert.match(line, LINE);
    assert.equal(lines.filter((line) => / event=file-failed path=/.test(line)).length, 7);
    assert.doesNotMatch(err, /^level/m);
    assert.match(err, /path="gnp\.\\u202eexe\.pdf"/);
    assert.match(err, /path="latin\\xe0\.pdf"/);
    assert.match(err, /path=plain\.pdf message="/);
  } finally {
    await other.close();
  }
});

// A request whose answer is taken only when `go` is called; gives the body that came by then and after.
function slowly(address, target) {
  const { hostname, port } = new URL(address);
  const socket = net.connect({ host: hostname, port, highWaterMark: 1024 });
  const parts = [];
  let begun;
  const first = new Promise((done) => (begun = done));
  socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  socket.once('data', (part) => {
    parts.push(part);
    socket.pause();
    begun();
    socket.on('data', (more) => parts.push(more));
  });
  const ended = new Promise((done) => socket.on('close', () => done(Buffer.concat(parts))));
  socket.on('error', () => {});
  return { first, go: () => (socket.resume(), ended) };
}

test('SIGTERM: what is under way is finished, whole pages, images and streams; then the server ends with 0', async () => {
  const other = new House();
  try {
    for (let i = 0; i < 2500; i++) other.write(`n${i % 20}/nota ${i}.txt`, `Nota ${i} sulla fontana.\n${'Il consiglio comunale delibera la convenzione. '.repeat(6)}\n`);
    other.copySample('statuti/statuto-comune-valdoria.pdf', 'statuto.pdf');
    assert.equal((await other.index('--quiet')).code, 0);
    const program = await other.serve();
    const { id } = (await other.search('valdoria statuto')).results[0];
    const whole = await (await fetch(`${other.address}/search.jsonl?q=fontana`)).text();
    assert.ok(whole.length > 500000);
    const stream = slowly(other.address, '/search.jsonl?q=fontana');
    await stream.first;
    const images = [1, 2, 3, 4, 5, 6].map((page) => fetch(`${other.address}/documents/${id}/pages/${page}.png?width=1600`).then(async (answer) => [answer.status, (await answer.arrayBuffer()).byteLength]));
    await new Promise((done) => setTimeout(done, 60));
    program.child.kill('SIGTERM');
    for (const [status, bytes] of await Promise.all(images)) {
      assert.equal(status, 200);
      assert.ok(bytes > 5000);
    }
    await assert.rejects(fetch(`${other.address}/healthz`), 'no new connection is taken');
    assert.equal(program.child.exitCode, null, 'it waits for the stream');
    const raw = (await stream.go()).toString();
    const [, ...chunks] = raw.split('\r\n\r\n');
    assert.ok(raw.endsWith('0\r\n\r\n'), 'the stream has its end');
    assert.equal(chunks.join('\r\n\r\n').match(/\{"id"|\{"/g).length > 2000, true);
    assert.deepEqual(await program.ended, { code: 0, signal: null });
  } finally {
    await other.close();
  }
});

test('SIGTERM: of a hundred requests sent in full, read or not, each is answered', async () => {
  const other = new House();
  try {
    for (let i = 0; i < 200; i++) other.write(`nota ${i}.txt`, `Nota ${i} sulla fontana.\n${'Il consiglio comunale delibera la convenzione. '.repeat(40)}\n`);
    other.copySample('statuti/statuto-comune-valdoria.pdf', 'statuto.pdf');
    assert.equal((await other.index('--quiet')).code, 0);
    const program = await other.serve();
    const { hostname, port } = new URL(other.address);
    const { id } = (await other.search('valdoria statuto')).results[0];
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => new Promise((done) => {
      const socket = net.connect(port, hostname);
      const target = i % 20 === 7 ? `/documents/${id}/pages/1.png?width=${500 + i}` : `/search?q=fontana+convenzione&page=${1 + (i % 10)}`;
      let text = '';
      socket.setEncoding('latin1');
      socket.on('data', (part) => (text += part));
      socket.on('error', () => {});
      socket.on('close', () => done(text));
      socket.on('connect', () => socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`, () => {
        if (i === 99) program.child.kill('SIGTERM');
      }));
    })));
    for (const answer of answers) {
      assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
      const length = Number(answer.match(/^content-length: (\d+)\r$/im)[1]);
      assert.equal(answer.split('\r\n\r\n').slice(1).join('\r\n\r\n').length, length);
    }
    assert.deepEqual(await program.ended, { code: 0, signal: null });
  } finally {
    await other.close();
  }
});
