import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { canonicalJson } from '../../domain/canonical.ts';
import { countOverlaps } from './count-overlaps.ts';

it('overlaps are counted by how a row overlaps and by its fate', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'overlaps-'));
  const path = join(folder, 'overlaps.jsonl');
  const lines = [
    { how: 'exact', fate: 'dropped' },
    { how: 'ngram', fate: 'waived', span: 'a\u2028b' },
    { how: 'ngram', fate: 'dropped' },
    { how: 'ngram', fate: 'dropped' },
    { how: 'near', fate: 'reported' },
  ];
  await writeFile(path, lines.map((line) => `${canonicalJson(line)}\n`).join(''));
  try {
    expect(await countOverlaps(path)).toEqual({
      exact: { dropped: 1, reported: 0, waived: 0 },
      ngram: { dropped: 2, reported: 0, waived: 1 },
      near: { dropped: 0, reported: 1, waived: 0 },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
