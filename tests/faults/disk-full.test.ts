// A full disk fails with one clear sentence, leaves nothing half written, and the run goes on once there is room.
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  coinRows,
  contender,
  createProject,
  makeTinyModel,
  removeProject,
  writeRecipe,
  type Project,
} from '../server/project.ts';

const sh = promisify(execFile);
const canMount = process.platform === 'linux' && process.getuid?.() === 0;

describe.skipIf(!canMount)('an object store on a full disk (needs root, for a small tmpfs)', () => {
  let project: Project;
  let store: string;

  beforeAll(async () => {
    const plain = await createProject();
    store = join(plain.folder, 'store');
    project = { ...plain, env: { ...plain.env, CONTENDER_STORE: `file://${store}` } };
    await mkdir(store);
    await sh('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', store]);
    await makeTinyModel(project.home);
  });
  afterAll(async () => {
    await contender(project, ['down']);
    await sh('umount', [store]);
    await removeProject(project);
  });

  it('says so, and the same run finishes curation once there is room', { timeout: 240_000 }, async () => {
    // The source fits, the dataset made of it does not.
    const recipe = await writeRecipe(project, 'full', coinRows('full', 700), (draft) => {
      draft.dataset.curate.split.train = 500;
      // Ends the run after curation, at once and with exit code 2.
      draft.train['sequence_len'] = 8;
    });
    const full = await contender(project, ['run', recipe]);
    expect(full.exitCode).toBe(1);
    expect(full.stderr).toMatch(/no space|no room|full/iu);
    expect(full.stderr).not.toContain('    at ');
    await everyBlobIsWhole(store);

    await sh('mount', ['-o', 'remount,size=16m', store]);
    const again = await contender(project, ['run', recipe]);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('curate: done');
    await everyBlobIsWhole(store);
  });
});

async function everyBlobIsWhole(folder: string): Promise<void> {
  const blobs = join(folder, 'blobs', 'sha256');
  for (const name of await readdir(blobs, { recursive: true })) {
    const digest = name.split('/').at(-1) ?? '';
    if (digest.length === 64) {
      const bytes = await readFile(join(blobs, name));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(digest);
    }
  }
}
