// A base model of a hub, end to end: resolved to a commit by the command, fetched by a worker, trained where it lies.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hubCommit, hubId, startSyntheticHub, type SyntheticHub } from '../../infra/synthetic-hub.ts';
import { coinRows, contender, createProject, removeProject, writeRecipe, type Project } from '../server/project.ts';

const shared = inject('project');
let project: Project;
let hub: SyntheticHub;

beforeAll(async () => {
  const model = join(shared.home, 'models', 'tiny-llama');
  const files = await Promise.all(
    (await readdir(model)).map(async (name) => [name, await readFile(join(model, name))] as const),
  );
  hub = await startSyntheticHub(Object.fromEntries(files));
  // A project of its own: workers read the hub's address when they start.
  const own = await createProject();
  project = { ...own, env: { ...own.env, HF_ENDPOINT: hub.endpoint, HF_TOKEN: 'hf_marker_5d2' } };
});
afterAll(async () => {
  await contender(project, ['down']);
  await hub.close();
  await removeProject(project);
});

describe('a recipe whose base is on a hub', () => {
  it(
    'is trained on the commit that the branch named, with the base fetched by a worker',
    { timeout: 240_000 },
    async () => {
      const recipe = await writeRecipe(project, 'hubbed', coinRows('hubbed', 200), (draft) => {
        draft.model = { base: hubId };
        draft.licences = { sign_off: [{ licence: 'unknown', by: 'Ada Byron', reason: 'made for this test' }] };
      });
      const { stdout, stderr } = await contender(project, ['run', recipe, '--json']);
      expect(stderr).toBe('');
      const { promotion } = JSON.parse(stdout) as { promotion: { modelVersion: string } };
      const shown = await contender(project, ['models', 'show', promotion.modelVersion, '--json']);
      expect(JSON.parse(shown.stdout)).toMatchObject({
        base: { name: `${hubId.replace('/', '--')}@${hubCommit.slice(0, 12)}` },
      });
      expect(shown.stdout).not.toContain('hf_marker');
    },
  );
});
