// What `make run`, `make` and `make install` give.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { House, Program, build, root, run, until } from './programs.mjs';

const house = new House();
after(() => house.close());

const serve = (listen) =>
  new Program(path.join(root, 'server/run'), [build, house.archive, house.corpus, listen], { detached: true });

test('one command serves and watches; Ctrl-C ends both', async () => {
  house.write('primo.txt', 'Il primo documento, parola inaugurale.\n');
  const both = serve('127.0.0.1:0');
  house.address = await until('the address is printed', () => both.out.match(/http:\/\/\S+(?=\/\n)/)?.[0]);
  await until('the first document is found', async () => (await house.search('inaugurale')).total === 1);
  house.write('secondo.txt', 'Il secondo documento, parola successiva.\n');
  await until('the second document is found', async () => (await house.search('successiva')).total === 1);
  process.kill(-both.child.pid, 'SIGINT');
  const { code } = await both.ended;
  assert.equal(code, 0);
  await assert.rejects(fetch(`${house.address}/healthz`));
  assert.equal((await house.index()).code, 0); // nothing holds the archive any more
});

test('a taken address is said at once, and nothing is left running', async () => {
  await house.serve();
  const { host } = new URL(house.address);
  const second = serve(host);
  const { code } = await second.ended;
  assert.notEqual(code, 0);
  assert.match(second.err, new RegExp(host.replace('.', '\\.')));
  assert.equal((await house.index()).code, 0);
});

test('a second make does nothing', async () => {
  const { code, out } = await run('/usr/bin/make', ['-q', 'all', `BUILD=${build}`], { cwd: root });
  assert.equal(code, 0, out);
});

test('what is installed works where it is put', async () => {
  const place = path.join(house.folder, 'place');
  const installed = await run('/usr/bin/make', ['install', `DESTDIR=${place}`, 'PREFIX=/usr', `BUILD=${build}`], { cwd: root });
  assert.equal(installed.code, 0, installed.err);
  const indexed = await run(path.join(place, 'usr/bin/schedario-indexer'), ['--archive', path.join(house.folder, 'i.db'), house.corpus]);
  assert.equal(indexed.code, 0, indexed.err);
  const server = house.keep(new Program(path.join(place, 'usr/bin/schedario-server'), ['--archive', path.join(house.folder, 'i.db'), '--listen', '127.0.0.1:0']));
  const address = await until('it listens', () => server.out.match(/http:\/\/\S+(?=\/\n)/)?.[0]);
  assert.match(await (await fetch(`${address}/search?q=inaugurale`)).text(), /<mark>inaugurale<\/mark>/);
  for (const unit of ['schedario-indexer', 'schedario-server']) {
    const text = fs.readFileSync(path.join(place, `usr/lib/systemd/system/${unit}.service`), 'utf8');
    assert.ok(text.includes(`ExecStart=/usr/bin/${unit} `) && !text.includes('@'.concat('PREFIX')));
  }
});

test('the programs say how they are used', async () => {
  for (const program of ['schedario-indexer', 'schedario-server']) {
    const help = await run(program, ['--help']);
    assert.equal(help.code, 0);
    assert.match(help.out, /Exit codes/);
    assert.equal((await run(program, ['--no-such-option'])).code, 2);
  }
  assert.equal((await run('schedario-indexer', [])).code, 2);
  assert.equal((await run('schedario-indexer', ['--archive', house.archive, '/no/such/folder'])).code, 3);
});
