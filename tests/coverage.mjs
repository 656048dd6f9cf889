// Which lines of indexer/ and server/ the tests have run, from the counts that programs built with
// COVERAGE=1 leave in BUILD/profiles while they run (also those that are killed, and the readers).
//
//     node tests/coverage.mjs BUILD            the sums, and the files below 85 %; ends with 1 below 90 %
//     node tests/coverage.mjs BUILD all        every file
//     node tests/coverage.mjs BUILD FILE...    the lines of these that no test has run
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const WANTED = 90;
const POOR = 85;
const ROOMS = ['indexer/', 'server/'];
const [build, ...wanted] = process.argv.slice(2);
const root = process.cwd();
const profile = path.join(build, 'coverage.profdata');
const LLVM = { maxBuffer: 1 << 30, encoding: 'utf8' };

// A program that was killed as it began may leave half a file: the others count.
function merge() {
  const folder = path.join(build, 'profiles');
  const raw = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.profraw')) : [];
  if (raw.length === 0) throw new Error(`no counts in ${folder}: run "make asan" first`);
  execFileSync('llvm-profdata', ['merge', '-sparse', '-failure-mode=all', '-o', profile, ...raw.map((name) => path.join(folder, name))], LLVM);
}

// Every module is in one of these; counts from test programs are joined to theirs by the functions' names.
function programs() {
  const [first, ...others] = ['schedario-server', 'schedario-indexer', 'schedario-reader', 'make-dictionary'].map((name) => path.join(build, name));
  return [first, ...others.flatMap((name) => ['-object', name])];
}

function summaries() {
  const { data } = JSON.parse(execFileSync('llvm-cov', ['export', '-summary-only', `-instr-profile=${profile}`, ...programs()], LLVM));
  return data[0].files
    .map(({ filename, summary }) => ({ name: path.relative(root, filename), ...summary.lines }))
    .filter(({ name }) => name.endsWith('.c') && ROOMS.some((room) => name.startsWith(room)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const percentage = ({ covered, count }) => (count ? (100 * covered) / count : 100);
const print = (name, lines) => console.log(`${name.padEnd(40)} ${String(lines.covered).padStart(6)} of ${String(lines.count).padStart(6)} lines ${percentage(lines).toFixed(1).padStart(6)} %`);

function tell(isAll) {
  const files = summaries();
  for (const file of files) if (isAll || percentage(file) < POOR) print(file.name, file);
  const sums = ROOMS.map((room) => {
    const sum = { covered: 0, count: 0 };
    for (const { name, covered, count } of files)
      if (name.startsWith(room)) {
        sum.covered += covered;
        sum.count += count;
      }
    print(`${room} (all)`, sum);
    return sum;
  });
  if (sums.some((sum) => percentage(sum) < WANTED)) {
    console.log(`coverage: below ${WANTED} %`);
    process.exitCode = 1;
  }
}

// llvm-cov's lines are "  LINE|  COUNT|text"; a gap of one line is shown as one stretch.
function tellUncovered(names) {
  const text = execFileSync('llvm-cov', ['show', `-instr-profile=${profile}`, '-show-expansions=false', ...programs(), ...names.map((name) => path.join(root, name))], LLVM);
  for (const line of text.split('\n')) if (/^\s*\d+\|\s*0\|/.test(line) || /^\S.*:$/.test(line)) console.log(line);
}

merge();
if (wanted.length === 0 || wanted[0] === 'all') tell(wanted.length > 0);
else tellUncovered(wanted);
