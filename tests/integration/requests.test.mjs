// Requests as nobody should send them, over raw sockets to the real program: each gets the right status, the headers that
// protect, nothing of what was sent, and the next one is answered.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { House, until } from './programs.mjs';

const MARK = 'zqmark'; // stands in requests, and may stand in no error
const house = new House();
const sent = new Map();
let port, id;

before(async () => {
  house.copySample('statuti/statuto-comune-valdoria.pdf', 'statuto.pdf');
  assert.equal((await house.index('--quiet')).code, 0);
  await house.serve();
  port = Number(new URL(house.address).port);
  id = (await house.search('')).results[0].id;
  // All at once: most of the time is waiting for nothing more to come.
  for (const [what, bytes] of [...MESSAGES, ...BENEATH]) sent.set(what, send(bytes));
  for (const [target] of TARGETS) sent.set(target, send(asked(Buffer.from(target.replace('@ID', id)).toString('latin1'), 'Connection: close\r\n')));
  await Promise.all(sent.values());
});
after(() => house.close());

// Sends bytes; all that comes back until the other side is done or has been silent for a while.
function send(bytes, { silent = 400 } = {}) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    let text = '';
    let timer;
    const end = (isClosed) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, isClosed });
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => end(false), text ? silent : 5000);
    };
    socket.setEncoding('latin1');
    socket.on('data', (data) => {
      text += data;
      wait();
    });
    socket.on('close', () => end(true));
    socket.on('error', () => {});
    socket.write(Buffer.from(bytes, 'latin1'));
    wait();
  });
}

const asked = (target, more = '', method = 'GET') => `${method} ${target} HTTP/1.1\r\nHost: h\r\n${more}\r\n`;

// The answers in a stream of bytes, as their lengths divide it.
function answers(text, isHead = false) {
  const list = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\r\n\r\n', at);
    assert.ok(end > 0, `no head in ${JSON.stringify(text.slice(at, at + 80))}`);
    const [line, ...lines] = text.slice(at, end).split('\r\n');
    const status = Number(line.match(/^HTTP\/1\.1 (\d{3}) [\w -]+$/)?.[1]);
    assert.ok(status, `a status line: ${line}`);
    const headers = new Map(lines.map((one) => [one.slice(0, one.indexOf(':')).toLowerCase(), one.slice(one.indexOf(':') + 2)]));
    assert.equal(headers.size, lines.length, `a header twice: ${lines}`);
    const length = isHead || status === 100 ? 0 : Number(headers.get('content-length'));
    assert.ok(Number.isFinite(length), 'its length');
    list.push({ status, headers, body: text.slice(end + 4, end + 4 + length) });
    at = end + 4 + length;
  }
  return list;
}

const KNOWN = new Set(
  ('date connection content-length content-type content-language content-encoding content-disposition content-range cache-control etag last-modified vary ' +
    'accept-ranges allow retry-after refresh location link x-robots-tag x-content-type-options x-frame-options referrer-policy content-security-policy ' +
    'permissions-policy cross-origin-opener-policy cross-origin-resource-policy').split(' '),
);

function check(answer, what) {
  for (const name of answer.headers.keys()) assert.ok(KNOWN.has(name), `${what}: the header ${name}`);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', what);
  assert.equal(answer.headers.get('referrer-policy'), 'same-origin', what);
  assert.equal(answer.headers.get('x-frame-options'), 'DENY', what);
  assert.match(answer.headers.get('content-security-policy'), /^default-src 'none';.*frame-ancestors 'none'/, what);
  assert.doesNotMatch(answer.headers.get('content-security-policy'), /unsafe|\*|data:/, what);
  assert.match(answer.headers.get('permissions-policy'), /camera=\(\)/, what);
  assert.equal(answer.headers.get('cross-origin-resource-policy'), 'same-origin', what);
  assert.equal(answer.headers.get('cross-origin-opener-policy'), 'same-origin', what);
  if (answer.status >= 400) assert.doesNotMatch(answer.body, new RegExp(MARK), `${what}: it says what was sent`);
}

// What is sent, the statuses that come back (100 is no answer), and whether the connection ends then.
const OPEN = false;
const CLOSED = true;
const MESSAGES = [
  ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n', [400], CLOSED],
  ['two Hosts', 'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', [400], CLOSED],
  ['markup for Host', `GET /feed.atom HTTP/1.1\r\nHost: <b>${MARK}</b>\r\n\r\n`, [400], CLOSED],
  ['a path for Host', `GET /sitemap.xml HTTP/1.1\r\nHost: a/${MARK}\r\n\r\n`, [400], CLOSED],
  ['HTTP/1.0 needs none', 'GET /healthz HTTP/1.0\r\n\r\n', [200], CLOSED],
  ['HTTP/1.2 is read as 1.1', 'GET /healthz HTTP/1.2\r\nHost: h\r\n\r\n', [200], OPEN],
  ['POST', asked('/search', 'Content-Length: 5\r\n', 'POST') + 'q=abc' + asked('/healthz'), [405], CLOSED],
  ...['PUT', 'DELETE', 'PATCH', 'TRACE', 'BREW', 'get', 'PROPFIND'].map((method) => [method, asked('/healthz', `X-Secret: ${MARK}\r\n`, method), [405], OPEN]),
  ['OPTIONS *', asked('*', '', 'OPTIONS'), [405], OPEN],
  ['CONNECT', asked('h:443', '', 'CONNECT'), [405], OPEN],
  ['GET *', asked('*'), [400], OPEN],
  ['authority-form', asked('h:443'), [400], OPEN],
  ['absolute-form', asked('http://other/healthz'), [200], OPEN],
  ['a body', asked('/healthz', 'Content-Length: 5\r\n') + 'q=abc' + asked('/healthz'), [413], CLOSED],
  ['chunks', asked('/healthz', 'Transfer-Encoding: chunked\r\n') + '5\r\nhello\r\n0\r\n\r\n' + asked('/healthz'), [413], CLOSED],
  ['chunks and a length', asked('/healthz', 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n') + '5\r\nhello\r\n0\r\n\r\n', [413], CLOSED],
  ['another coding', asked('/healthz', 'Transfer-Encoding: gzip, chunked\r\n') + '0\r\n\r\n' + asked('/healthz'), [413], CLOSED],
  ['two lengths', asked('/healthz', 'Content-Length: 0\r\nContent-Length: 30\r\n') + asked('/healthz'), [400], CLOSED],
  ['a length of 0', asked('/healthz', 'Content-Length: 0\r\n') + asked('/healthz'), [200, 200], OPEN],
  ['Expect without a body', asked('/healthz', 'Expect: 100-continue\r\n'), [100, 200], OPEN],
  ['Expect with one', asked('/healthz', 'Expect: 100-continue\r\nContent-Length: 9\r\n'), [413], CLOSED],
  ['lines ended by LF', 'GET /healthz HTTP/1.1\nHost: h\n\n', [200], OPEN],
  ['a blank before the colon', asked('/healthz', 'Content-Length : 5\r\n') + 'hello', [400], CLOSED],
  ['a blank before the first header', `GET /healthz HTTP/1.1\r\n X: ${MARK}\r\nHost: h\r\n\r\n`, [400], CLOSED],
  ['a control character in a header', asked('/healthz', `X: ${MARK}\x01\r\n`), [400], CLOSED],
  ['a name of no characters allowed', asked('/healthz', `<${MARK}>: a\r\n`), [400], CLOSED],
  ['a folded header', asked('/healthz', 'X: a\r\n b\r\n'), [200], OPEN],
  ['two blanks', 'GET  /healthz HTTP/1.1\r\nHost: h\r\n\r\n', [200], OPEN],
  ['a blank in the target', asked(`/search?q=${MARK} b`), [400], OPEN],
  ['empty lines before', `\r\n\r\n${asked('/healthz')}`, [200], OPEN],
  ['200 headers', asked('/healthz', 'X: a\r\n'.repeat(200)), [200], OPEN],
  ['a header of 20 KB', asked('/healthz', `X: ${'a'.repeat(20000)}\r\n`), [200], OPEN],
  ['bytes beyond ASCII', asked('/healthz', 'X: \xc3\xa0\xe2\x80\xae\xff\r\n'), [200], OPEN],
  ['an upgrade', asked('/healthz', 'Connection: Upgrade\r\nUpgrade: h2c\r\n'), [200], OPEN],
  ['one after the other', asked('/healthz').repeat(50), Array(50).fill(200), OPEN],
  ['good and bad ones', asked('/healthz') + asked('/nothing') + asked('/%zz') + asked('/healthz', '', 'PUT') + asked('/healthz'), [200, 404, 400, 405, 200], OPEN],
  ['a target of 8 KiB', asked(`/search?q=${'a'.repeat(8100)}`), [200], OPEN],
  ['one that is longer', asked(`/search?q=${MARK.repeat(1400)}`), [414], OPEN],
  ['30 KB', asked(`/${MARK.repeat(5000)}`), [414], OPEN],
];

for (const [what, , statuses, closes] of MESSAGES)
  test(`message: ${what}`, async () => {
    const { text, isClosed } = await sent.get(what);
    const got = answers(text);
    assert.deepEqual(got.map(({ status }) => status), statuses);
    assert.equal(isClosed, closes, closes ? 'the connection ends' : 'the connection stays');
    for (const answer of got.filter(({ status }) => status !== 100)) check(answer, what);
    assert.ok(got.every(({ status, headers }) => status !== 405 || headers.get('allow') === 'GET, HEAD'));
  });

// What libmicrohttpd answers by itself: short, and without a word of what was sent.
const BENEATH = [
  ['no version', `GET /${MARK}\r\n\r\n`, 400],
  ['another protocol', `GET /${MARK} FTP/1.1\r\nHost: h\r\n\r\n`, 400],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
  ['a header without a colon', asked('/healthz', `${MARK}\r\n`), 400],
  ['a length below 0', asked('/healthz', 'Content-Length: -1\r\n'), 400],
  ['a length of letters', asked('/healthz', `Content-Length: ${MARK}\r\n`), 400],
  ['a length beyond all', asked('/healthz', 'Content-Length: 99999999999999999999\r\n'), 413],
  ['a target of 100 KB', asked(`/${MARK.repeat(20000)}`), 414],
  ['headers of 100 KB', asked('/healthz', `X: ${MARK.repeat(20000)}\r\n`), 431],
  ['3,000 headers', asked('/healthz', `X: ${MARK}\r\n`.repeat(3000)), 431],
];

for (const [what, , status] of BENEATH)
  test(`message beneath: ${what}`, async () => {
    const { text, isClosed } = await sent.get(what);
    assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.ok(isClosed, 'the connection ends');
    assert.ok(text.length < 600 && !text.includes(MARK), text);
  });

test('what is no HTTP gets nothing', async () => {
  const hello = `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${'\0'.repeat(200)}\r\n\r\n`;
  for (const bytes of [hello, '\xff\xfe\0'.repeat(50) + '\r\n\r\n']) {
    const { text } = await send(bytes, { silent: 100 });
    assert.ok(text === '' || /^HTTP\/1\.1 4\d\d /.test(text), text);
  }
});

const TARGETS = [
  ['/../etc/passwd', 400],
  ['/assets/../../etc/passwd', 400],
  ['/assets/x/..%2f..%2fmain.c', 400],
  ['/assets/x/%2e%2e', 400],
  ['/%2e%2e/%2e%2e/etc/passwd', 400],
  ['/./', 400],
  ['/assets/x/style.css%00.png', 400],
  ['/documents/%00', 400],
  ['/%c0%ae%c0%ae/', 400],
  ['/%ff', 400],
  ['/%ed%a0%80', 400], // half a surrogate pair
  ['/a%', 400],
  ['/a%zz', 400],
  ['/a%2', 400],
  ['//', 404],
  ['//other.example/', 404],
  ['/documents//file', 404],
  ['/assets/x/..;/main.c', 404],
  ['/assets/x/%252e%252e', 404],
  ['/assets/x/..\\..\\main.c', 404],
  ['/documents/' + 'a/'.repeat(100), 404],
  ['/documents/nothing', 404],
  ['/documents/DE76850B3A49244E3E21', 404],
  ['/documents/@ID/pages/0', 404],
  ['/documents/@ID/pages/-1', 404],
  ['/documents/@ID/pages/1e3', 404],
  ['/documents/@ID/pages/99999999999999999999', 404],
  ['/documents/@ID/pages/٣', 404],
  ['/documents/@ID/pages/1.png?width=0', 400],
  ['/documents/@ID/pages/1.png?width=999999', 400],
  ['/documents/@ID/pages/1.png?height=3', 400],
  ['/documents/@ID/citation/exe', 404],
  ['/documents/@ID/file?x=1', 200],
  ['/search?q=%ff', 400],
  ['/search?q=%00', 400],
  ['/search?%zz=1', 400],
  ['/search?q=a&q=b', 200],
  ['/search?nothing=1&q=a', 200],
  ['/search?' + 'a=&'.repeat(300), 400],
  ['/search?page=0', 400],
  ['/search?page=-1', 400],
  ['/search?page=1e9', 400],
  ['/search?page=99999', 200],
  ['/search?size=11', 400],
  ['/search?sort=nothing', 400],
  ['/search?year_from=twenty', 400],
  ['/search?hl=%0d%0aSet-Cookie:%20a=b', 200],
  ['/search?q=%0d%0aSet-Cookie:%20a=b%0d%0a%0d%0a<b>', 200],
  ['/search.csv?q=%0d%0aSet-Cookie:%20a=b%22;%20x=%22', 200],
  ['/search.csv?separator=tab', 400],
  ['/search?&&==&=a&q', 200],
  ['/search?q[]=a;q=b', 200],
  ['/api/v1/search?q=a&q=b', 200],
  ['/api/v1/search?nothing=1', 400],
  ['/api/v1/search?limit=101', 400],
  ['/api/v1/search?limit=-1', 400],
  ['/api/v1/search?limit=%2b1', 400],
  ['/api/v1/search?limit=0x10', 400],
  ['/api/v1/search?limit=%201', 400],
  ['/api/v1/search?limit=1%00', 400],
  ['/api/v1/search?limit=99999999999999999999', 400],
  ['/api/v1/search?offset=-1', 400],
  ['/api/v1/search?limit=%EF%BC%91', 400],
  ['/api/v1/search?year_from=2020&year_to=x', 400],
  ['/api/v1/search?language=xx', 400],
  ['/api/v1/documents/@ID/pages/1?q=%ff', 400],
  ['/api/v1/suggest?limit=11', 400],
  ['/api/v1', 404],
  ['/api/v2/search', 404],
  ['/healthz?x=1', 200],
];

for (const [target, status] of TARGETS)
  test(`target: ${target.slice(0, 60)}`, async () => {
    const { text } = await sent.get(target);
    const head = text.slice(0, text.indexOf('\r\n\r\n'));
    assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.doesNotMatch(head, /^set-cookie|x="/im);
    const names = head.split('\r\n').slice(1).map((line) => line.split(':')[0].toLowerCase());
    for (const name of names) assert.ok(KNOWN.has(name) || name === 'transfer-encoding', `the header ${name}`);
    assert.equal(new Set(names).size, names.length);
  });

test('an original goes out fenced in', async () => {
  const { headers } = await house.get(`/documents/${id}/file`);
  assert.match(headers.get('content-security-policy'), /^default-src 'none'/);
  assert.match(headers.get('content-security-policy'), /sandbox|frame-ancestors 'none'/);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
});

test('half a request, and clients that go away, hold up nobody', async () => {
  const halves = ['', 'G', 'GET /sea', 'GET / HTTP/1.1\r\nHos', asked('/healthz').slice(0, -2)];
  const sockets = Array.from({ length: 60 }, (_, i) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(halves[i % halves.length]);
    return socket;
  });
  assert.equal((await house.get('/healthz')).text, 'ok\n');
  for (const socket of sockets) socket.destroy();
  for (let i = 0; i < 40; i++) {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.end(asked('/search?q=statuto'));
    if (i % 2) socket.destroy();
  }
  assert.equal((await house.get('/healthz')).text, 'ok\n');
});

test('1,000 idle connections keep nobody out', async () => {
  const sockets = [];
  try {
    for (let i = 0; i < 1000; i++) {
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => {});
      if (i % 3 === 0) socket.write('GET /');
      sockets.push(socket);
      if (i % 100 === 99) {
        const started = performance.now();
        const { text } = await send(asked('/healthz', 'Connection: close\r\n'));
        assert.match(text, /^HTTP\/1\.1 200 /, `beside ${i + 1}`);
        assert.ok(performance.now() - started < 5000, `beside ${i + 1}`);
      }
    }
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  await until('they are forgotten', async () => (await house.get('/healthz')).text === 'ok\n');
});

test('64 connections of one address are answered where the server listens to others, 64 and no more', async () => {
  const open = new House();
  const sockets = [];
  try {
    await open.serve('--listen', '0.0.0.0:0');
    const { port: there } = new URL(open.address);
    const answered = await Promise.all(Array.from({ length: 80 }, () => new Promise((done) => {
      const socket = net.connect(there, '127.0.0.1', () => socket.write(asked('/healthz')));
      socket.setEncoding('latin1');
      socket.on('data', (text) => done(/^HTTP\/1\.1 200 /.test(text)));
      socket.on('error', () => done(false));
      socket.on('close', () => done(false));
      sockets.push(socket);
    })));
    assert.equal(answered.filter(Boolean).length, 64);
    for (const socket of sockets.splice(0)) socket.destroy();
    await until('places are free again', async () => {
      const { status } = await fetch(`http://127.0.0.1:${there}/healthz`);
      return status === 200;
    });
  } finally {
    for (const socket of sockets) socket.destroy();
    await open.close();
  }
});
