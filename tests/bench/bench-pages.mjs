// Images of pages over HTTP by one client: every page of every PDF in a folder, first time and from the cache, and of two
// documents made here, one of 5,000 pages and a drawing on A0. Usage: bench-pages.mjs CORPUS; BUILD says where the programs are.
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { House } from '../integration/programs.mjs';

const WAYS = [
  ['image, 1000 px', (id, n) => `/documents/${id}/pages/${n}.png`],
  ['thumbnail, 150 px', (id, n) => `/documents/${id}/pages/${n}.png?width=150`],
  ['boxes as JSON', (id, n) => `/api/v1/documents/${id}/pages/${n}/boxes?q=comune+municipality+cooperazione`],
  ['image with boxes', (id, n) => `/documents/${id}/pages/${n}.png?q=comune+municipality+cooperazione`],
];
const AIMS = { first: 150, again: 5 };
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

// A PDF of `count` pages in one flat list, as many programs write it.
function writePdf(file, width, height, count, content) {
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', null, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'];
  const kids = [];
  for (let i = 0; i < count; i++) {
    const text = content(i);
    kids.push(`${objects.length + 1} 0 R`);
    objects.push(`<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]/Resources<</Font<</F 3 0 R>>>>/Contents ${objects.length + 2} 0 R>>`);
    objects.push(`<</Length ${text.length}>>stream\n${text}\nendstream`);
  }
  objects[1] = `<</Type/Pages/Kids[${kids.join(' ')}]/Count ${count}>>`;
  const parts = ['%PDF-1.4\n'];
  const places = [];
  let at = parts[0].length;
  for (const [i, object] of objects.entries()) {
    places.push(at);
    parts.push(`${i + 1} 0 obj${object}endobj\n`);
    at += parts.at(-1).length;
  }
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${at}\n%%EOF\n`);
  fs.writeFileSync(file, parts.join(''), 'latin1');
}

const pageOfText = (i) =>
  `BT /F 11 Tf 60 780 Td ${Array.from({ length: 45 }, (_, line) => `(Pagina ${i + 1}, riga ${line}: il comune promuove la cooperazione tra i territori) Tj 0 -16 Td`).join(' ')} ET`;
let seed = 1;
const random = (most) => (seed = (seed * 48271) % 2147483647) % most;
const drawing = () =>
  `BT /F 40 Tf 100 3200 Td (Piano regolatore del comune) Tj ET 0.3 w ${Array.from({ length: 20000 }, () => `${random(2384)} ${random(3370)} m ${random(2384)} ${random(3370)} l S`).join(' ')}`;

function ask(target) {
  return new Promise((done, failed) => {
    const started = performance.now();
    http.get(target, { agent }, (response) => {
      let bytes = 0;
      response.on('data', (data) => (bytes += data.length));
      response.on('end', () => done({ status: response.statusCode, bytes, ms: performance.now() - started }));
    }).on('error', failed);
  });
}

function share(values, of) {
  const sorted = Float64Array.from(values).sort();
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))] : NaN;
}

const summary = (values, digits) => [0.5, 0.95, 1].map((of) => share(values, of).toFixed(digits).padStart(digits ? 7 : 8)).join(' ');

async function measure(name, corpus) {
  const house = new House();
  fs.rmSync(house.corpus, { recursive: true });
  house.corpus = corpus;
  await house.index('--quiet');
  await house.serve();
  const documents = new Map(); // the same content under two names is one document
  for (const file of fs.readdirSync(corpus, { recursive: true }).filter((one) => /\.pdf$/i.test(one))) {
    const content = fs.readFileSync(path.join(corpus, file));
    const id = crypto.createHash('sha256').update(content).digest('hex').slice(0, 20);
    const { status, body } = await house.get(`/api/v1/documents/${id}`);
    if (status === 200 && body.pages > 0) documents.set(id, body.pages);
  }
  await ask(`${house.address}/documents/${documents.keys().next().value}/pages/1.png?width=41`); // a reader has started
  for (const [way, target] of WAYS) {
    const first = [], again = [], bytes = [], refused = {};
    for (const [id, pages] of documents)
      for (let n = 1; n <= pages; n += pages > 1000 ? 53 : 1) {
        const answer = await ask(house.address + target(id, n));
        if (answer.status !== 200) {
          refused[answer.status] = (refused[answer.status] ?? 0) + 1;
          continue;
        }
        first.push(answer.ms);
        bytes.push(answer.bytes);
        again.push((await ask(house.address + target(id, n))).ms);
      }
    const verdict = way.startsWith('image') ? (share(first, 1) < AIMS.first && share(again, 1) < AIMS.again ? 'reached' : `over: ${first.filter((ms) => ms >= AIMS.first).length} first, ${again.filter((ms) => ms >= AIMS.again).length} again`) : '';
    const not = Object.entries(refused).map(([status, count]) => `${count} x ${status}`).join(', ');
    console.log(`${name.padEnd(12)} ${way.padEnd(18)} ${String(first.length).padStart(5)} ${summary(first, 1)} ${summary(again, 2)} ${summary(bytes, 0)}  ${verdict} ${not}`);
  }
  house.corpus = path.join(house.folder, 'corpus'); // what is removed at the end is our own folder
  await house.close();
}

const given = process.argv[2];
if (!given || !fs.existsSync(given)) {
  console.error('usage: bench-pages.mjs CORPUS');
  process.exit(2);
}
const made = fs.mkdtempSync('/tmp/schedario-bench-');
for (const folder of ['many', 'large']) fs.mkdirSync(path.join(made, folder));
writePdf(path.join(made, 'many', 'many.pdf'), 595, 842, 5000, pageOfText);
writePdf(path.join(made, 'large', 'large.pdf'), 2384, 3370, 1, drawing);
console.log(`milliseconds (median, 95th percentile, largest) the first time and again, and bytes; wanted: under ${AIMS.first} and ${AIMS.again}`);
try {
  await measure('folder', path.resolve(given));
  await measure('5,000 pages', path.join(made, 'many'));
  await measure('A0 drawing', path.join(made, 'large'));
} finally {
  fs.rmSync(made, { recursive: true });
}
