// Damaged PDFs, made from sound ones: each is one of these, by the dice, so that a seed gives the same files again. Files are
// taken as Latin-1 text, in which every byte is a character.

const below = (roll, n) => Math.floor(roll() * n);
const pick = (roll, list) => list[below(roll, list.length)];

// Where `pattern` (global) matches: [start, end] of its first group, or of all of it.
function places(text, pattern) {
  const found = [];
  for (const match of text.matchAll(pattern)) {
    const start = match.index + (match[1] === undefined ? 0 : match[0].indexOf(match[1]));
    found.push([start, start + (match[1] ?? match[0]).length]);
    if (found.length >= 2000) break;
  }
  return found;
}

const put = (text, [start, end], piece) => text.slice(0, start) + piece + text.slice(end);
const cut = (text, [start, end]) => text.slice(start, end);
const OBJECTS = /\d+ \d+ obj\b([\s\S]*?)endobj/g;
const PAGES = /\d+ \d+ obj\b((?:(?!endobj)[\s\S])*?\/Type\s*\/Page\b[\s\S]*?)endobj/g;
const STREAMS = /stream\r?\n([\s\S]*?)endstream/g;
const NUMBERS = /[ [(](-?\d+(?:\.\d+)?)(?=[ \])/>\r\n])/g;
const NAMES = /(\/[A-Za-z][A-Za-z0-9]*)/g;
const REFERENCES = /\b(\d+ 0 R)\b/g;
const HOSTILE = ['0', '-1', '2147483647', '-2147483648', '4294967296', '99999999999999999999', '1e30', '0.0000001', 'NaN', '()', '<<', '[[[[[[[['];

// One of the places gets what stands at another, or in another file.
function swap(text, other, roll, pattern) {
  const here = places(text, pattern);
  const there = places(other, pattern);
  if (here.length === 0 || there.length === 0) return flipBits(text, other, roll);
  return put(text, pick(roll, here), cut(other, pick(roll, there)));
}

function flipBits(text, _other, roll) {
  const bytes = Buffer.from(text, 'latin1');
  for (let i = 1 + below(roll, 64); i > 0 && bytes.length > 0; i--) bytes[below(roll, bytes.length)] ^= 1 << below(roll, 8);
  return bytes.toString('latin1');
}

function range(text, roll) {
  const start = below(roll, text.length);
  return [start, Math.min(text.length, start + 1 + below(roll, Math.max(1, text.length >> (1 + below(roll, 8)))))];
}

function hostileNumbers(text, _other, roll) {
  for (let i = 1 + below(roll, 8); i > 0; i--) {
    const numbers = places(text, NUMBERS);
    if (numbers.length === 0) break;
    text = put(text, pick(roll, numbers), pick(roll, HOSTILE));
  }
  return text;
}

export const MUTATIONS = {
  bits: flipBits,
  noise: (text, _other, roll) => put(text, range(text, roll), Array.from({ length: 1 + below(roll, 200) }, () => String.fromCharCode(below(roll, 256))).join('')),
  truncated: (text, _other, roll) => text.slice(0, below(roll, text.length)),
  beheaded: (text, _other, roll) => text.slice(below(roll, text.length)),
  hole: (text, _other, roll) => put(text, range(text, roll), ''),
  repeated: (text, _other, roll) => {
    const piece = range(text, roll);
    return put(text, [piece[1], piece[1]], cut(text, piece).repeat(1 + below(roll, 4)));
  },
  spliced: (text, other, roll) => text.slice(0, below(roll, text.length)) + other.slice(below(roll, other.length)),
  objects: (text, _other, roll) => swap(text, text, roll, OBJECTS),
  'objects of another': (text, other, roll) => swap(text, other, roll, OBJECTS),
  'pages of another': (text, other, roll) => swap(text, other, roll, PAGES),
  streams: (text, _other, roll) => swap(text, text, roll, STREAMS),
  'streams of another': (text, other, roll) => swap(text, other, roll, STREAMS),
  numbers: hostileNumbers,
  names: (text, _other, roll) => swap(text, text, roll, NAMES),
  references: (text, _other, roll) => swap(text, text, roll, REFERENCES), // pages below themselves, and the like
};

// `sources`: Buffers. Number `i` of the mutations that the dice give: its kind and its bytes.
export function mutate(sources, i, roll) {
  const kinds = Object.keys(MUTATIONS);
  const kind = kinds[i % kinds.length];
  const text = pick(roll, sources).toString('latin1');
  const other = pick(roll, sources).toString('latin1');
  return { kind, bytes: Buffer.from(MUTATIONS[kind](text, other, roll), 'latin1') };
}
