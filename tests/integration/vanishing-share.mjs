// A file system below the corpus that vanishes takes no document with it, and read-only is enough. It mounts, so it is a program of its
// own, which corpus-and-archive.test.mjs runs in a mount namespace: node tests/integration/vanishing-share.mjs
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { page, rest } from './housed.mjs';
import { House } from './programs.mjs';

const house = new House();
const share = house.path('share');
let mounted = false;
try {
  house.write('here.txt', page(1));
  fs.mkdirSync(share);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', share]);
  mounted = true;
  house.write('share/deep/there.txt', page(2));
  house.write('share/deep/gone.txt', page(3));
  await rest();
  execFileSync('mount', ['-o', 'remount,bind,ro', share]);
  const first = await house.index();
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /3 indexed/);
  execFileSync('mount', ['-o', 'remount,bind,rw', share]);
  fs.rmSync(house.path('share/deep/gone.txt'));
  assert.match((await house.index()).out, /1 removed/);
  execFileSync('umount', [share]);
  mounted = false;
  const { code, out, err } = await house.index();
  assert.equal(code, 1);
  assert.match(err, /path=share\/ message="is empty, as if its file system were not mounted/);
  assert.match(out, / 0 removed/);
  assert.match((await house.index('--emptied')).out, /1 removed/);
} finally {
  if (mounted) execFileSync('umount', [share]);
  await house.close();
}
