// Curation as a run does it: planned by the command line, done by the activity on what was stored.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { curate } from '../../activities/curate.ts';
import { localEndpoint } from '../../activities/clients/local-endpoint.ts';
import { syntheticDeps } from '../../activities/synthetic-deps.ts';
import { datasetOf } from '../../cli/load-dataset.ts';
import { planRun } from '../../cli/plan-run.ts';
import { withReferences } from '../../cli/reference-texts.ts';
import { curationVariables } from '../../cli/store-sources.ts';
import type { CurateResult, DatasetManifest } from '../../domain/dataset.ts';
import type { Recipe, recipeSchema } from '../../domain/recipe.ts';
import { syntheticRecipe } from '../../domain/synthetic-recipe.ts';
import { curateHere } from '../../infra/curate-recipe.ts';
import { loadSettings, type Settings } from '../../infra/settings.ts';
import { storeCuration } from '../../infra/store-curation.ts';
import { findDataset, linesOfBlob } from '../../registry/datasets.ts';
import { memoryStore } from '../../registry/memory-store.ts';
import type { ObjectStore } from '../../registry/store.ts';

const secret = 'a secret of the test';
let folder: string;
let settings: Settings;
let store: ObjectStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contender-curate-run-'));
  settings = loadSettings({}, { CONTENDER_HOME: folder, CONTENDER_PII_KEY: secret }, folder);
  store = memoryStore();
  await mkdir(join(folder, 'models', 'tiny'), { recursive: true });
  await writeFile(join(folder, 'models', 'tiny', 'config.json'), '{}');
  await writeFile(join(folder, 'models', 'tiny', 'model.safetensors'), 'weights');
  await mkdir(join(folder, 'data'));
  const lines = Array.from({ length: 40 }, (_, index) =>
    JSON.stringify({ text: `${String.fromCharCode(97 + (index % 26)).repeat(9)} ${index}`, label: `l${index % 2}` }),
  );
  await writeFile(join(folder, 'data', 'a.jsonl'), lines.slice(0, 20).join('\n'));
  await writeFile(join(folder, 'data', 'b.jsonl.gz'), gzipSync(lines.slice(20).join('\n')));
  await writeFile(
    join(folder, 'more.csv'),
    'text,label\nwrite to jane@example.com today,l0\nthe very question of the exam,l1\n',
  );
  await writeFile(join(folder, 'exam.csv'), 'question\nThe very question of the exam\n');
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

function recipeOf(change: (draft: z.input<typeof recipeSchema>) => void = () => undefined): Recipe {
  return syntheticRecipe((draft) => {
    draft.dataset = {
      sources: [
        { path: 'data/*', map: { input: 'text', output: 'label' } },
        { path: 'more.csv', map: { input: 'text', output: 'label' }, licence: 'MIT' },
      ],
      curate: {
        pii: { action: 'pseudonym' },
        decontaminate: { files: [{ path: 'exam.csv', input: 'question' }] },
        split: { train: 0.8, test: 0.2 },
      },
    };
    change(draft);
  });
}

async function inRun(recipe: Recipe): Promise<{ result: CurateResult; manifest: DatasetManifest }> {
  const loaded = { path: join(folder, 'recipe.yaml'), recipe, candidates: [{ id: 'c1', label: '', recipe }] };
  const run = await planRun(settings, store, loaded, { fresh: false });
  const deps = syntheticDeps({ store, workFolder: join(folder, 'work'), secret: () => secret });
  const environment = new MockActivityEnvironment();
  const result: CurateResult = await environment.run(curate, deps, run);
  return { result, manifest: await findDataset(store, result.dataset) };
}

describe('curation within a run', () => {
  it('reads every file of a glob, replaces personal data and leaves out what an evaluation asks', async () => {
    const { manifest } = await inRun(recipeOf());
    expect(manifest.sources.map(({ path, rows }) => [path, rows])).toEqual([
      ['data/a.jsonl', 20],
      ['data/b.jsonl.gz', 20],
      ['more.csv', 2],
    ]);
    expect(manifest.sources[1]).toMatchObject({ format: 'jsonl', compression: 'gzip' });
    expect(manifest.sources[2]).toMatchObject({ licence: 'MIT' });
    expect(manifest.dropped).toEqual({ contaminated: 1 });
    expect(manifest.findings).toMatchObject({
      overlaps: { exact: { dropped: 1, reported: 0, waived: 0 } },
      pii: { email: { rows: 1, found: 1 } },
    });
    const lines = [];
    for (const split of ['train', 'test'] as const) {
      for await (const line of linesOfBlob(store, manifest.splits[split].file)) {
        lines.push(line);
      }
    }
    expect(lines).toHaveLength(41);
    expect(lines.some((line) => line.includes('jane@example.com'))).toBe(false);
    expect(lines.some((line) => /write to email-[0-9a-f]+ today/u.test(line))).toBe(true);
    expect(JSON.stringify(manifest)).not.toContain(secret);
    // The worker keeps one empty folder of its own.
    const scratch = await readdir(join(folder, 'work', 'curate'), { recursive: true });
    expect(scratch).toEqual([expect.stringMatching(/^of-[^/]+$/u)]);
  });

  it('makes the same version as the command line does without Temporal', async () => {
    const recipe = recipeOf();
    const { result } = await inRun(recipe);
    const other = memoryStore();
    const loaded = withReferences(datasetOf(join(folder, 'recipe.yaml'), recipe), other);
    const curation = await curateHere(settings, other, loaded, { threads: 2 });
    const { manifest } = await storeCuration(other, curation, 1);
    await curation.remove();
    expect(`${manifest.name}@${manifest.version}`).toBe(result.dataset);
  });

  it('has a teacher answer with the key of the worker, once for runs and the command line', async () => {
    await using endpoint = await localEndpoint({
      body: {
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'l1' } }],
        usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
      },
    });
    const recipe = recipeOf((draft) => {
      const distill = {
        teacher: {
          provider: 'openai-compatible' as const,
          model: 'big',
          base_url: `${endpoint.url}/v1`,
          api_key_env: 'TEACHER_KEY',
        },
        prompt: {},
        terms: 'contract 12',
      };
      draft.dataset = {
        sources: [
          { path: 'data/*', map: { input: 'text' }, distill },
          { path: 'more.csv', map: { input: 'text', output: 'label' } },
        ],
        curate: { split: { train: 0.8, test: 0.2 } },
      };
    });
    const { manifest } = await inRun(recipe);
    expect(endpoint.requests).toHaveLength(40);
    expect(endpoint.requests[0]?.headers.authorization).toBe(`Bearer ${secret}`);
    expect(manifest.findings?.distilled).toMatchObject([{ source: 'data/*', inputs: 40, answered: 40 }]);
    expect(manifest.sources.map(({ path, teacher }) => [path, teacher])).toEqual([
      ['data/a.jsonl', 'big'],
      ['data/b.jsonl.gz', 'big'],
      ['more.csv', undefined],
    ]);
    const withKey = loadSettings({}, { CONTENDER_HOME: folder, TEACHER_KEY: secret }, folder);
    const loaded = withReferences(datasetOf(join(folder, 'recipe.yaml'), recipe), store);
    const curation = await curateHere(withKey, store, loaded);
    const again = await storeCuration(store, curation, 1);
    await curation.remove();
    expect(again.manifest.version).toBe(manifest.version);
    expect(endpoint.requests).toHaveLength(40);
  });

  it('returns what it stored when it is asked again', async () => {
    const recipe = recipeOf();
    const first = await inRun(recipe);
    expect((await inRun(recipe)).result).toEqual(first.result);
  });

  it('is another run when the evaluation to be kept out is another', async () => {
    const recipe = recipeOf();
    const loaded = { path: join(folder, 'recipe.yaml'), recipe, candidates: [{ id: 'c1', label: '', recipe }] };
    const before = await planRun(settings, store, loaded, { fresh: false });
    await writeFile(join(folder, 'exam.csv'), 'question\nAnother question altogether\n');
    const after = await planRun(settings, store, loaded, { fresh: false });
    expect(after.runKey).not.toBe(before.runKey);
  });

  it('says before anything starts that the secret of pseudonyms is missing', async () => {
    const { dataset } = recipeOf();
    await expect(curationVariables(settings, dataset)).resolves.toEqual(['CONTENDER_PII_KEY']);
    const without = loadSettings({}, { CONTENDER_HOME: folder }, folder);
    await expect(curationVariables(without, dataset)).rejects.toThrow(
      'pseudonyms need a secret, and CONTENDER_PII_KEY is not set',
    );
  });
});
