// Every kind of page that a link leads to, in both languages: valid HTML, nothing from elsewhere, no
// cookie, sent whole, and not sent again when it did not change.
//
// The pages are found as a reader finds them, by following links from the start, so that a new kind
// of page is tested without a word here.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { House, root, samples } from './programs.mjs';

const require = createRequire(path.join(root, 'tests/browser/package.json'));
const { HtmlValidate } = require('html-validate');

const OF_A_KIND = 2; // how many of each kind are looked at, at least
const house = new House();
const contact = 'mailto:archivio@comune.example';

// What is not reached by links: answers to questions, and what happens when something is wrong.
const BEGINNINGS = [
  '/', '/search?q=comune+cooperazione&kind=statute&kind=plan', '/search?q=cooperazione+decentrata+comuni', '/search?q=qwertyuiop',
  '/search?q=partenariato+qwertyuiop', '/search?q=cooperasione', '/search?q=%3Cb%3E%22%27%26', '/search?q=comune&theme=migration&area=mediterranean',
  '/search?q=tema:cani+comune', '/search?q=%22%22', '/search?q=comune&translate=off&page=2', '/search?year_from=2015&year_to=2020',
  '/documents?sort=added', '/documents?page=999', '/nothing', '/search?kind=poem', '/documents/00000000000000000000',
];

let pages; // [{target, language, kind, status, headers, text}]

const validator = new HtmlValidate({
  root: true,
  // The standard has <details> as flow content, not as sectioning content: it may stand in a <th>.
  elements: ['html5', { details: { sectioning: false } }],
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    'require-sri': 'off', // everything comes from this server
    'form-dup-name': 'off', // a filter has several values
    'aria-label-misuse': ['error', { allowAnyNamable: true }], // a list may have a name
    'long-title': 'off', // a document's title is as long as it is
    'no-trailing-whitespace': 'off',
    // Tables that a narrow screen shows as blocks say what they are, or browsers forget it.
    'no-redundant-role': 'off',
    'prefer-native-element': 'off',
    'tel-non-breaking': 'off', // numbers of acts are no telephone numbers
  },
});

// The route behind a target, and which parameters it has.
function kindOf(target) {
  const { pathname, searchParams } = new URL(target, house.address);
  const route = pathname.replace(/[0-9a-f]{20}/, 'ID').replace(/\/\d+(?=\/|\.|$)/g, '/N').replace(/^\/assets\/[0-9a-f]+/, '/assets/V');
  return `${route}?${[...new Set(searchParams.keys())].filter((name) => name !== 'hl').sort().join('&')}`;
}

const unescaped = (text) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&');
const attributes = (html, names) =>
  [...html.matchAll(new RegExp(`\\s(?:${names})="([^"]*)"`, 'g'))].map((match) => unescaped(match[1]));

const ask = (target, headers) =>
  fetch(house.address + target, { redirect: 'manual', headers }).catch((error) => assert.fail(`${target}: ${error.cause ?? error}`));

async function visit(target, language) {
  const response = await ask(target, { 'accept-language': language, 'accept-encoding': 'identity' });
  const type = response.headers.get('content-type') ?? '';
  return {
    target, language, type, status: response.status, headers: response.headers,
    text: /^text\/html/.test(type) ? await response.text() : '',
    bytes: /^text\/html/.test(type) ? 0 : (await response.arrayBuffer().catch((error) => assert.fail(`${target} breaks off: ${error}`))).byteLength,
  };
}

async function crawl(language, extra) {
  const seen = new Map();
  const visited = new Set();
  const found = [];
  const queue = [...BEGINNINGS, ...extra];
  while (queue.length > 0) {
    const target = queue.shift();
    const kind = kindOf(target);
    const [route, names] = kind.split('?');
    // Parameters come in more combinations than can be looked at: each is looked at with each route.
    const sides = names.split('&').map((name) => `${route}?${name}`);
    const isNew = sides.some((side) => (seen.get(side) ?? 0) < OF_A_KIND) || BEGINNINGS.includes(target) || extra.includes(target);
    if (visited.has(target) || !isNew) continue;
    visited.add(target);
    for (const side of sides) seen.set(side, (seen.get(side) ?? 0) + 1);
    const page = { kind, ...(await visit(target, language)) };
    found.push(page);
    for (const href of attributes(page.text, 'href')) {
      const url = new URL(href, house.address + target);
      // Links to the other language are walked in the other language's turn.
      if (url.origin === house.address && !url.searchParams.has('hl')) queue.push(url.pathname + url.search);
    }
  }
  return found;
}

before(async () => {
  fs.cpSync(samples, house.corpus, { recursive: true });
  house.write('old.txt', 'Prima edizione, parola superata.\n');
  house.write('<b>"&\'.txt', 'Un documento <script>alert(1)</script> & "altro" \'ancora\'.\n');
  await house.index();
  await house.serve('--contact', contact.slice('mailto:'.length));
  const gone = (await house.search('superata')).results[0].url;
  house.write('old.txt', 'Seconda edizione, parola attuale.\n');
  await house.index();
  const { results } = await house.search('comune cooperazione');
  const extra = [gone, ...results.slice(0, 2).flatMap((result) => [result.url, result.hits[0].url])];
  pages = [...(await crawl('it', extra)), ...(await crawl('en', extra))];
});
after(() => house.close());

const htmlOf = () => pages.filter((page) => page.text !== '');

test('the walk through the archive reaches its pages', () => {
  const kinds = new Set(pages.map((page) => page.kind));
  for (const kind of ['/?', '/search?q', '/documents?', '/documents/ID?', '/documents/ID?q', '/documents/ID/pages/N?q', '/documents/ID/file?', '/status?', '/help?', '/privacy?', '/accessibility?', '/feed.atom?', '/search.atom?q', '/assets/V/style.css?'])
    assert.ok(kinds.has(kind), `${kind} of ${[...kinds].join(' ')}`);
});

test('no link leads nowhere', () => {
  const expected = { 404: /^\/(nothing|documents\/0{20})$/, 400: /kind=poem/, 410: /^\/documents\/ID/ };
  for (const { target, kind, status } of pages)
    assert.ok([200, 303].includes(status) || expected[status]?.test(target) || expected[status]?.test(kind), `${target}: ${status}`);
});

test('HTML is valid', async () => {
  const faults = new Map(); // each once, with the first page that has it
  for (const { target, language, text } of htmlOf()) {
    const { results } = await validator.validateString(text);
    for (const { messages } of results)
      for (const { line, column, ruleId, message } of messages)
        faults.set(`${ruleId}: ${message}`, `${target} (${language}) ${line}:${column}\n      ${text.split('\n')[line - 1].slice(Math.max(0, column - 60), column + 100)}`);
  }
  assert.equal(faults.size, 0, `${faults.size} kinds of faults\n${[...faults].slice(0, 20).map((fault) => fault.join('\n      ')).join('\n')}`);
});

test('pages are in the language asked for, and say so', () => {
  for (const { target, language, headers, text } of htmlOf()) {
    assert.match(text, new RegExp(`^<!DOCTYPE html>\\n<html lang="${language}"`), target);
    assert.equal(headers.get('content-language'), language, target);
    assert.match(headers.get('vary'), /accept-language/i, target);
  }
});

test('nothing is loaded from elsewhere, and no link leads there but the operator’s', () => {
  // What a vocabulary is called looks like an address, but nobody goes there.
  const vocabulary = /<link rel="schema\.[A-Z]+" href="[^"]*">/g;
  for (const { target, text } of htmlOf())
    for (const address of attributes(text.replace(vocabulary, ''), 'href|src|srcset|action|formaction|poster|data|cite')) {
      if (address === contact || address.startsWith('#') || address === '') continue;
      assert.equal(new URL(address, house.address).origin, house.address, `${target}: ${address}`);
    }
});

test('no cookie, no script or style within a page, and a policy that forbids both', () => {
  for (const { target, type, headers, text } of pages) {
    assert.equal(headers.get('set-cookie'), null, target);
    assert.match(headers.get('content-security-policy'), /default-src 'none'/, target);
    assert.doesNotMatch(headers.get('content-security-policy'), /unsafe|https?:|\*/, target);
    assert.equal(headers.get('referrer-policy'), 'same-origin', target);
    if (!/^text\/html/.test(type)) continue;
    assert.doesNotMatch(text, /<style|\sstyle="|\son[a-z]+="|javascript:/i, target);
    for (const [, tag] of text.matchAll(/<script([^>]*)>/g))
      assert.match(tag, /\ssrc="[^"]+"|type="application\/ld\+json"/, target);
  }
});

test('pages are sent whole, with their length and a tag, and not again', async () => {
  for (const { target, language, status, type, headers, text } of pages) {
    if (status !== 200) continue;
    const length = headers.get('content-length');
    if (/^text\/html/.test(type)) assert.equal(Number(length), Buffer.byteLength(text), target);
    if (length === null) continue; // streamed: exports
    if (target.startsWith('/search/record')) continue; // says when it was made
    const tag = headers.get('etag');
    assert.ok(tag, `${target} has no tag`);
    const again = await ask(target, { 'if-none-match': tag, 'accept-language': language, 'accept-encoding': 'identity' });
    assert.equal(again.status, 304, target);
    assert.equal(await again.text(), '', target);
  }
});

test('search engines are kept from answers, filtered lists and pages with a question', () => {
  for (const { target, kind, status, text } of htmlOf()) {
    if (status !== 200) continue;
    const isUnlisted = /<meta name="robots" content="noindex">/.test(text);
    const names = kind.split('?')[1].split('&').filter((name) => name && name !== 'page');
    if (kind.startsWith('/search') || names.length > 0) assert.ok(isUnlisted, target);
    else if (/^\/(documents(\/.*)?|help)?\?/.test(kind)) assert.ok(!isUnlisted, target);
  }
});

test('every page leads to the privacy page, the accessibility statement and the operator', () => {
  for (const { target, text } of htmlOf()) {
    const links = attributes(text, 'href').map((href) => new URL(href, house.address).pathname);
    assert.ok(links.includes('/privacy') && links.includes('/accessibility'), target);
    assert.ok(attributes(text, 'href').includes(contact), target);
  }
});
