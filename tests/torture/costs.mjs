#!/usr/bin/env node
// What each route costs at its worst on a large archive: the slowest of the requests that were found to cost most, in milliseconds.
//
//     node tests/torture/costs.mjs [archive=build/bench/15000/archive.db] [most=1000]
//
// The archive is the one of `make bench-search`; there is no corpus to it, so that originals and images are not measured.
import fs from 'node:fs';
import path from 'node:path';
import { Program, build, until } from '../integration/programs.mjs';
import { routes } from './hostile.mjs';

const wanted = { archive: path.join(build, 'bench/15000/archive.db'), most: 1000, rounds: 2, ...Object.fromEntries(process.argv.slice(2).map((pair) => pair.split('='))) };
if (!fs.existsSync(wanted.archive)) {
  console.log(`skip: there is no ${wanted.archive}; make bench-search makes it`);
  process.exit(0);
}
const server = new Program('schedario-server', ['--archive', wanted.archive, '--listen', '127.0.0.1:0', '--url', 'http://127.0.0.1']);
const address = await until('the server listens', () => server.out.match(/http:\/\/\S+(?=\/\n)/)?.[0]);
const get = async (target) => {
  const began = performance.now();
  const response = await fetch(address + target, { redirect: 'manual', headers: { 'accept-encoding': 'gzip' } });
  let bytes = 0;
  let isBroken = false;
  try {
    for await (const part of response.body ?? []) bytes += part.length;
  } catch {
    isBroken = true; // an export that took too long
  }
  return { ms: performance.now() - began, status: response.status, bytes, isBroken };
};
const json = async (target) => (await fetch(address + target)).json();

// Words of the archive: the commonest, and beginnings that many have.
const { results } = await json('/api/v1/search?q=&limit=100');
const longest = results.reduce((most, one) => (one.pages > most.pages ? one : most));
const { text } = { text: (await json(`/api/v1/documents/${longest.id}/pages/1`)).text ?? '' };
const words = [...new Set((text.toLowerCase().match(/\p{L}{4,}/gu) ?? ['comune', 'acqua']))].slice(0, 60);
const prefixes = [...new Set(words.map((word) => `${word.slice(0, 2)}*`))];
const QUESTIONS = {
  nothing: '',
  'one word': words[0],
  'many words': words.slice(0, 30).join(' '),
  'many words, any': words.slice(0, 40).join(' OR '),
  'all documents': `-${'q'.repeat(20)}`,
  'one beginning': prefixes[0],
  'many beginnings': prefixes.slice(0, 40).join(' OR '),
  near: prefixes.slice(0, 8).join(' NEAR/100 '),
  phrase: `"${words[0]} ${words[1]}"`,
};
const fixed = (pattern) => {
  const values = { id: longest.id, n: String(Math.max(1, longest.pages >> 1)), format: 'bib', facet: 'collection', version: 'x', name: 'style.css' };
  return pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
};
const MORE = { page: '100', size: '50', limit: '100', offset: '14000', sort: 'title' };

const isExport = ({ pattern }) => /\.(csv|jsonl|bib|ris)$/.test(pattern);

function targets({ pattern, names }) {
  const list = [['', fixed(pattern)]];
  const more = names.filter((name) => MORE[name] && !/png|boxes|similar|suggest|files|citation/.test(pattern)).map((name) => `${name}=${MORE[name]}`);
  if (names.includes('q'))
    for (const [what, q] of Object.entries(QUESTIONS)) {
      if (isExport({ pattern }) && !['nothing', 'one word', 'many words'].includes(what)) continue; // some minutes each, else
      const typed = /suggest/.test(pattern) ? q.slice(0, 3) : q;
      list.push([what, `${fixed(pattern)}?q=${encodeURIComponent(typed)}`]);
      if (/search$|documents$/.test(pattern)) list.push([`${what}, far down`, `${fixed(pattern)}?${[`q=${encodeURIComponent(typed)}`, ...more].join('&')}`]);
    }
  else if (more.length) list.push(['far down', `${fixed(pattern)}?${more.join('&')}`]);
  return list;
}

let bad = 0;
console.log('| Route | Worst, ms | with | bytes | Worst that is not cut off, ms | with |\n| --- | ---: | --- | ---: | ---: | --- |');
for (const route of routes()) {
  let worst = { ms: -1 };
  let sound = { ms: -1 }; // of those that no limit cuts off
  for (const [what, target] of targets(route)) {
    let quickest = { ms: Infinity }; // of some rounds: what others do on the machine is not ours
    for (let i = 0; i < (isExport(route) ? 1 : wanted.rounds) && quickest.ms > 50; i++) {
      const one = await get(target);
      if (one.ms < quickest.ms) quickest = one;
    }
    if (quickest.ms > worst.ms) worst = { ...quickest, what };
    if (quickest.ms > sound.ms && !/^(near|many beginnings)/.test(what)) sound = { ...quickest, what };
  }
  const isCut = /^(near|many beginnings)/.test(worst.what); // by the time that a question may take: 2 s, and half of it for passages
  const isGood = isExport(route) || (sound.ms < wanted.most && (!isCut || worst.ms < (/record/.test(route.pattern) ? 20000 : 5000)));
  bad += !isGood;
  console.log(`| \`${route.pattern}\` | ${worst.ms.toFixed(worst.ms < 10 ? 1 : 0)} | ${worst.what || 'plain'}${worst.status === 200 ? '' : ` (${worst.status})`}${worst.isBroken ? ' (broken off)' : ''} | ${worst.bytes} | ${sound.ms.toFixed(sound.ms < 10 ? 1 : 0)} | ${sound.what || 'plain'} |${isGood ? '' : ' BAD'}`);
}
await server.stop();
console.log(`${bad ? 'BAD ' : 'ok  '} ${routes().length} routes, ${bad} above what is allowed`);
process.exit(bad ? 1 : 0);
