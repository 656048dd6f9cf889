// Damaged PDFs through the real programs: the quick form of tests/torture/pdfs.mjs, on the sample corpus.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pdfs } from '../torture/pdfs.mjs';
import { samples } from './programs.mjs';

test('damaged PDFs are indexed or refused with a reason, no more of them than pdftotext refuses', async () => {
  const { files, refused, theirs } = await pdfs({ folder: samples, every: 4, mutations: 45, seed: 20, sample: 8 });
  assert.ok(files >= 50 && refused > 0 && refused <= theirs, `${files} files, ${refused} refused, by pdftotext ${theirs}`);
});
