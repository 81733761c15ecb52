import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import { memoryStore } from '../registry/memory-store.ts';
import { guardSuites } from './guard-suites.ts';

const folder = await mkdtemp(join(tmpdir(), 'contender-guards-'));
afterAll(async () => await rm(folder, { recursive: true }));
const suite = join(folder, 'suite.yaml');
await writeFile(join(folder, 'rows.jsonl'), '{"text":"sky","answer":"blue"}\n{"text":"grass","answer":"green"}\n');

async function guards(scorers: string) {
  await writeFile(
    suite,
    `name: texts\ntask: generation\nrows: { path: rows.jsonl, map: { input: text, output: answer } }
scorers: ${scorers}
judge: { panel: [{ provider: mistral, model: m }], criteria: Right. }\n`,
  );
  const recipe = syntheticRecipe((draft) => {
    draft.gate = { forgetting: { suite, budget: 0.05 } };
  });
  return await guardSuites(memoryStore(), recipe);
}

it('a suite beside the contest is decided by its first scorer', async () => {
  expect(await guards('[rouge_l, judge_preference]')).toMatchObject([{ name: 'texts', metric: 'rouge_l', rows: 2 }]);
});

it('judges do not decide a suite beside the contest', async () => {
  await expect(guards('[judge_preference, rouge_l]')).rejects.toThrow(
    'gate.forgetting: the suite texts is decided by judges',
  );
});
