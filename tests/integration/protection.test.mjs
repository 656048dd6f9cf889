// What the programs give up: seen from outside (/proc), under every route, on systems that lack protections, and when a
// helper process dies. What a confined process can still do is tried from inside by test-confine.c and test-confinement.c.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { build, House, Program, readersOf, root, run, until } from './programs.mjs';

const STATUTE = 'statuti/statuto-comune-valdoria.pdf';
const house = new House();
const isSanitized = /sanitize|thread/.test(build);
let indexer, server, id;

const childrenOf = (pid) =>
  fs.readdirSync(`/proc/${pid}/task`).flatMap((task) => fs.readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number));
const statusOf = (pid, name) => fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`^${name}:\\s*(\\S+)`, 'm'))[1];

before(async () => {
  house.copySample(STATUTE);
  server = await house.serve(); // before there is an archive: it finds its way to one that comes later
  indexer = house.watch('--quiet', '--jobs', '1'); // as the shipped unit has it
  await house.settled();
  id = crypto.createHash('sha256').update(fs.readFileSync(house.path(path.basename(STATUTE)))).digest('hex').slice(0, 20);
  assert.equal((await fetch(`${house.address}/documents/${id}/pages/1.png`)).status, 200);
});
after(() => house.close());

test('both say which protections hold, in one line', () => {
  for (const [program, name] of [[server, 'server'], [indexer, 'indexer']]) {
    const lines = program.err.split('\n').filter((line) => line.includes('protections:'));
    assert.equal(lines.length, 1, program.err);
    assert.match(lines[0], new RegExp(`protections: ${name}: no new privileges, files \\(Landlock \\d+\\), system calls \\(seccomp\\); `));
    assert.match(lines[0], /readers: no new privileges, limits, files \(Landlock \d+\), system calls \(seccomp\)/);
    assert.doesNotMatch(lines[0], /missing/);
  }
});

test('every thread of every process is under a filter, and can gain nothing', async () => {
  await until('a reader of each', () => readersOf(server.child.pid).length && readersOf(indexer.child.pid).length);
  for (const pid of [server.child.pid, indexer.child.pid]) {
    const stewards = childrenOf(pid);
    assert.equal(stewards.length, pid === server.child.pid ? 2 : 1);
    for (const own of [pid, ...stewards, ...stewards.flatMap(childrenOf)])
      for (const task of fs.readdirSync(`/proc/${own}/task`)) {
        assert.equal(statusOf(`${own}/task/${task}`, 'Seccomp'), '2', `thread ${task} of ${own}`);
        assert.equal(statusOf(`${own}/task/${task}`, 'NoNewPrivs'), '1');
      }
  }
});

// Capabilities by their bits (linux/capability.h): what is left of root's own.
const CHOWN = 1n << 0n, DAC_OVERRIDE = 1n << 1n, DAC_READ_SEARCH = 1n << 2n;

test('of root’s privileges is left what it takes to go on with files of other users; to readers, nothing', async () => {
  await until('a reader of each', () => readersOf(server.child.pid).length && readersOf(indexer.child.pid).length);
  const mayKeep = [[server.child.pid, DAC_READ_SEARCH], [indexer.child.pid, DAC_OVERRIDE | CHOWN]];
  for (const pid of [server.child.pid, indexer.child.pid]) {
    for (const steward of childrenOf(pid)) mayKeep.push([steward, DAC_OVERRIDE | CHOWN]);
    for (const reader of readersOf(pid)) mayKeep.push([reader, 0n]);
  }
  for (const [pid, most] of mayKeep)
    for (const task of fs.readdirSync(`/proc/${pid}/task`)) {
      for (const name of ['CapEff', 'CapPrm']) assert.equal(BigInt(`0x${statusOf(`${pid}/task/${task}`, name)}`) & ~most, 0n, `${name} of ${pid}`);
      for (const name of ['CapInh', 'CapAmb']) assert.match(statusOf(`${pid}/task/${task}`, name), /^0+$/);
    }
});

test('a reader has its socket and /dev/null, and limits', () => {
  for (const pid of [server.child.pid, indexer.child.pid].flatMap(readersOf)) {
    const limits = fs.readFileSync(`/proc/${pid}/limits`, 'utf8');
    for (const [name, value] of [['Max file size', '0'], ['Max core file size', '0'], ['Max processes', '0'], ['Max open files', '32']])
      assert.match(limits, new RegExp(`^${name} +${value} +${value} `, 'm'));
    if (!isSanitized) assert.match(limits, new RegExp(`^Max address space +${1024 << 20} `, 'm'));
    assert.match(limits, /^Max cpu time +\d+ /m);
    const open = fs.readdirSync(`/proc/${pid}/fd`).map((fd) => fs.readlinkSync(`/proc/${pid}/fd/${fd}`));
    // libmagic, libpoppler keep what they loaded as memory; the last document may be open.
    for (const target of open) assert.ok(/^\/dev\/null$|^socket:/.test(target) || target.startsWith(house.corpus), target);
    assert.equal(open.filter((target) => target.startsWith('socket:')).length, 1);
  }
});

// Every file below a folder, with what would show that it was written to.
function picture(folder) {
  return Object.fromEntries(
    fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => {
      const file = path.join(entry.parentPath ?? entry.path, entry.name);
      const { size, mtimeMs, ctimeMs, ino } = fs.statSync(file);
      return [file, `${size} ${mtimeMs} ${ctimeMs} ${ino}`];
    }),
  );
}

const writable = (pid) =>
  fs.readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const flags = parseInt(fs.readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8').match(/flags:\s*(\d+)/)[1], 8);
      const target = fs.readlinkSync(`/proc/${pid}/fd/${fd}`);
      return (flags & 3) !== 0 && target.startsWith('/') && fs.statSync(target).isFile() ? [target] : [];
    } catch {
      return []; // closed meanwhile
    }
  });

test('no route changes a file, and the server has none open for writing but the shared memory of SQLite', async () => {
  const table = fs.readFileSync(path.join(root, 'server/routes.c'), 'utf8').match(/HttpRoute ROUTES\[\][^]*?\n};/)[0];
  const patterns = [...table.matchAll(/^ {4}\{"([^"]+)"/gm)].map(([, pattern]) => pattern);
  assert.ok(patterns.length > 40);
  await indexer.stop('SIGTERM');
  const asset = (await house.get('/')).text.match(/\/assets\/[^"]+\.css/)[0].split('/');
  const values = { id, n: '1', facet: 'kind', format: 'bibtex', version: asset[2], name: asset[3] };
  const pictures = () => JSON.stringify([picture(path.join(root, 'web')), Object.entries(picture(house.folder)).filter(([file]) => !file.endsWith('-shm'))]);
  const taken = pictures();
  for (const pattern of patterns)
    for (const question of ['', '?q=comune', '?q=%22consiglio+comunale%22&sort=title&hl=en']) {
      const address = pattern.replace(/\{\+?(\w+)\}/g, (_, name) => values[name]) + question;
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']) {
        const response = await fetch(house.address + address, { method, redirect: 'manual' });
        await response.arrayBuffer();
        assert.ok(response.status < 500, `${method} ${address}: ${response.status}`);
        if (!['GET', 'HEAD'].includes(method)) assert.ok(response.status >= 400, `${method} ${address}: ${response.status}`);
      }
      for (const file of writable(server.child.pid)) assert.equal(file, `${house.archive}-shm`, `open for writing after ${address}`);
    }
  assert.equal(pictures(), taken);
});

test('an archive that is deleted and made again is found', async () => {
  for (const ending of ['', '-wal', '-shm', '-lock']) fs.rmSync(house.archive + ending, { force: true });
  assert.equal((await house.get('/api/v1/search?q=comune')).status, 503);
  indexer = house.watch('--jobs', '1');
  await until('it is searched again', async () => (await house.paths('comune')).length > 0);
});

test('a copy of an archive is served without its log and shared memory', async () => {
  const other = new House();
  const made = new House();
  made.copySample(STATUTE);
  assert.equal((await made.index()).code, 0);
  fs.copyFileSync(made.archive, other.archive);
  await other.serve();
  assert.ok((await other.paths('comune')).length > 0);
  await other.close();
  await made.close();
});

test('an archive behind a link is served and written', async () => {
  const other = new House();
  const real = path.join(other.folder, 'real');
  fs.mkdirSync(real);
  fs.symlinkSync(path.join(real, 'archive.db'), other.archive);
  other.copySample(STATUTE);
  const done = await other.index();
  assert.equal(done.code, 0, done.err);
  await other.serve();
  assert.ok((await other.paths('comune')).length > 0);
  await other.close();
});

// A system without something, as far as a program can tell: the calls that it rests on fail.
const without = (calls, name, ...args) => new Program(path.join(build, 'tests/without'), [calls, path.join(build, name), ...args]);

test('where a protection is missing neither starts, unless it is told to', async () => {
  const other = new House();
  other.copySample(STATUTE);
  const ways = [['landlock_create_ruleset', 'files (Landlock)'], ['seccomp', 'system calls (seccomp)']];
  for (const [calls, missing] of ways) {
    for (const [name, ...args] of [
      ['schedario-indexer', '--archive', other.archive, other.corpus],
      ['schedario-server', '--archive', other.archive, '--corpus', other.corpus, '--listen', '127.0.0.1:0'],
    ]) {
      const strict = without(calls, name, ...args);
      assert.equal((await strict.ended).code, 6, strict.err);
      assert.ok(strict.err.includes(`(missing: ${missing})`), strict.err);
      assert.match(strict.err, /--allow-unsandboxed/);
      assert.equal(strict.out, '');
    }
    const lenient = without(calls, 'schedario-indexer', '--allow-unsandboxed', '--retry', '--archive', other.archive, other.corpus);
    assert.equal((await lenient.ended).code, 0, lenient.err);
    assert.match(lenient.err, /missing/);
    const serving = without(calls, 'schedario-server', '--allow-unsandboxed', '--archive', other.archive, '--corpus', other.corpus, '--listen', '127.0.0.1:0');
    const address = await until('it listens', () => serving.out.match(/http:\/\/\S+(?=\/\n)/)?.[0]);
    assert.equal((await fetch(`${address}/documents/${id}/pages/1.png`)).status, 200, serving.err);
    assert.equal((await serving.stop()).code, 0);
  }
  await other.close();
});

test('a reader program that cannot be asked what protects it has nothing', async () => {
  const other = new House();
  for (const reader of ['/bin/false', '/bin/cat'])
    for (const [name, ...args] of [
      ['schedario-indexer', other.corpus],
      ['schedario-server', '--corpus', other.corpus, '--listen', '127.0.0.1:0'],
    ]) {
      const done = await run(name, ['--reader', reader, '--archive', other.archive, ...args]);
      assert.equal(done.code, 6, done.err);
      assert.match(done.err, /readers: none \(missing: no new privileges, limits, files \(Landlock \d+\), system calls \(seccomp\)\)/);
    }
  await other.close();
});

test('a helper that dies takes its program with it, and no document is blamed', async () => {
  const other = new House();
  for (let i = 0; i < 60; i++) other.write(`d${i}.txt`, `Documento numero ${i} del comune.\n`);
  const first = other.watch('--jobs', '1');
  await until('it has begun', () => first.err.includes('protections:'));
  for (const pid of childrenOf(first.child.pid)) process.kill(pid, 'SIGKILL');
  assert.equal((await first.ended).code, 3, first.err);
  assert.doesNotMatch(first.err, /d\d+\.txt/);
  assert.equal((await other.index()).code, 0);
  for (const which of [0, 1]) {
    const serving = await other.serve();
    process.kill(childrenOf(serving.child.pid)[which], 'SIGKILL');
    assert.equal((await serving.ended).code, 3, serving.err);
  }
  await other.close();
});

// What this machine cannot show is told as skipped.
const testIf = (can, needed, what, body) => test(what, { skip: can ? false : `not possible here: ${needed}` }, body);
const isRoot = process.getuid() === 0;
const NEEDS_SYSTEMD = 'needs systemd-analyze (package systemd)';
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

testIf(isRoot, 'needs root', 'started as root the server becomes another user', async () => {
  const other = new House();
  other.copySample(STATUTE);
  assert.equal((await other.index()).code, 0);
  const programs = fs.mkdtempSync('/tmp/schedario-test-programs-'); // where nobody can read them
  for (const name of ['schedario-server', 'schedario-reader']) fs.copyFileSync(path.join(build, name), path.join(programs, name));
  execFileSync('cp', ['-r', path.join(root, 'web'), programs]);
  execFileSync('chown', ['-R', 'nobody', other.folder]);
  execFileSync('chmod', ['-R', 'a+rX', programs]);
  const serving = new Program(path.join(programs, 'schedario-server'), ['--user', 'nobody', '--archive', other.archive, '--corpus', other.corpus, '--web', path.join(programs, 'web'), '--listen', '127.0.0.1:0']);
  other.address = await until('it listens', () => serving.out.match(/http:\/\/\S+(?=\/\n)/)?.[0] ?? (serving.child.exitCode !== null && assert.fail(serving.err)));
  assert.ok((await other.paths('comune')).length > 0);
  assert.equal((await fetch(`${other.address}/documents/${id}/pages/1.png`)).status, 200);
  for (const pid of [serving.child.pid, ...childrenOf(serving.child.pid), ...readersOf(serving.child.pid)]) {
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    const nobody = execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).trim();
    assert.match(status, new RegExp(`^Uid:\t${nobody}\t${nobody}\t${nobody}\t${nobody}$`, 'm'));
    assert.match(status, /^CapEff:\t0+$/m);
  }
  assert.equal((await serving.stop()).code, 0, serving.err);
  const wrong = await run('schedario-server', ['--user', 'no-such-user', '--archive', other.archive, '--listen', '127.0.0.1:0']);
  assert.equal(wrong.code, 3);
  fs.rmSync(programs, { recursive: true });
  await other.close();
});

testIf(isRoot, 'root goes on with files that only another user may read', async () => {
  const other = new House();
  other.copySample(STATUTE);
  execFileSync('chown', ['-R', 'nobody', other.folder]);
  execFileSync('chmod', ['-R', 'u=rwX,go=', other.folder]);
  const done = await other.index();
  assert.equal(done.code, 0, done.err);
  assert.match(done.err, /running as root, without its capabilities/);
  await other.serve();
  assert.ok((await other.paths('comune')).length > 0);
  assert.equal((await fetch(`${other.address}/documents/${id}/pages/1.png`)).status, 200);
  await other.close();
});

// ---- systemd ----

const units = ['schedario-server', 'schedario-indexer'].map((name) => [name, fs.readFileSync(path.join(root, `server/systemd/${name}.service.in`), 'utf8').replaceAll('@PREFIX@', '/usr/local')]);
test('the units confine the programs', () => {
  const WANTED = [
    'User=schedario', 'NoNewPrivileges=yes', 'ProtectSystem=strict', 'ProtectHome=yes', 'PrivateTmp=yes', 'PrivateDevices=yes', 'PrivateUsers=yes',
    'ProtectKernelTunables=yes', 'ProtectKernelModules=yes', 'ProtectKernelLogs=yes', 'ProtectControlGroups=yes', 'ProtectClock=yes', 'ProtectHostname=yes',
    'ProtectProc=invisible', 'RestrictNamespaces=yes', 'RestrictRealtime=yes', 'RestrictSUIDSGID=yes', 'LockPersonality=yes', 'MemoryDenyWriteExecute=yes',
    'CapabilityBoundingSet=', 'SystemCallArchitectures=native', 'SystemCallFilter=@system-service', 'UMask=0077',
  ];
  for (const [name, text] of units) for (const line of WANTED) assert.ok(text.split('\n').includes(line), `${name}: ${line}`);
});

testIf(hasSystemd, NEEDS_SYSTEMD, 'the units score 2.0 or better', () => {
  for (const [name, text] of units) {
    const file = path.join(house.folder, `${name}.service`);
    fs.writeFileSync(file, text);
    const judged = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', '--threshold=20', file], { encoding: 'utf8' });
    assert.equal(judged.status, 0, judged.stdout + judged.stderr);
  }
});

// The calls of a unit's filter, by systemd's own lists.
function callsAllowed(text) {
  const lists = {};
  let name;
  for (const line of execFileSync('systemd-analyze', ['syscall-filter', '--no-pager'], { encoding: 'utf8' }).split('\n')) {
    if (line.startsWith('@')) lists[(name = line.trim())] = [];
    else if (/^ +[@a-z_]/.test(line)) lists[name].push(line.trim());
  }
  const spread = (word) => (word.startsWith('@') ? lists[word].flatMap(spread) : [word]);
  const allowed = new Set();
  for (const [, not, words] of text.matchAll(/^SystemCallFilter=(~?)(.*)$/gm))
    for (const call of words.split(' ').flatMap(spread)) allowed[not ? 'delete' : 'add'](call);
  return { allowed, known: new Set(Object.keys(lists).flatMap(spread)) };
}

// Sanitizers need more calls than the units allow: there it is no test.
if (!isSanitized) testIf(hasSystemd, NEEDS_SYSTEMD, 'under the units’ filters both programs do their work', async () => {
  const other = new House();
  other.copySample(STATUTE);
  const denied = Object.fromEntries(units.map(([name, text]) => {
    const { allowed, known } = callsAllowed(text);
    assert.ok(allowed.size > 200 && known.size > allowed.size);
    // Units have no capabilities; root, who may run this, has to be able to drop its own.
    return [name, [...known].filter((call) => !allowed.has(call) && call !== 'capset').join(',')];
  }));
  const indexed = without(denied['schedario-indexer'], 'schedario-indexer', '--archive', other.archive, other.corpus);
  assert.equal((await indexed.ended).code, 0, indexed.err);
  const serving = without(denied['schedario-server'], 'schedario-server', '--archive', other.archive, '--corpus', other.corpus, '--listen', '127.0.0.1:0');
  other.address = await until('it listens', () => serving.out.match(/http:\/\/\S+(?=\/\n)/)?.[0]);
  assert.ok((await other.paths('comune')).length > 0);
  assert.equal((await fetch(`${other.address}/documents/${id}/pages/1.png`)).status, 200);
  assert.doesNotMatch(indexed.err + serving.err, /missing/);
  assert.equal((await serving.stop()).code, 0);
  await other.close();
});
