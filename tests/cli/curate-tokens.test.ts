// `contender curate --tokens` with the trainer's Python and a tiny base. Needs no server.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tokenStatisticsSchema } from '../../domain/token-statistics.ts';
import {
  coinRows,
  contender,
  createProject,
  makeTinyModel,
  removeProject,
  writeRecipe,
  type Project,
  type RecipeDraft,
} from '../server/project.ts';

let project: Project;
beforeAll(async () => {
  project = await createProject();
  await makeTinyModel(project.home);
}, 60_000);
afterAll(async () => removeProject(project));

const reportSchema = z.object({ dataset: z.string(), card: z.string(), tokens: tokenStatisticsSchema });

async function curated(
  name: string,
  change?: (draft: RecipeDraft) => void,
): Promise<z.infer<typeof reportSchema> & { readonly files: string[]; readonly text: string }> {
  const path = await writeRecipe(project, name, coinRows(name, 200), change);
  const { exitCode, stdout, stderr } = await contender(project, ['curate', path, '--tokens', '--json']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const report = reportSchema.parse(JSON.parse(stdout));
  const folder = join(project.home, 'store', 'datasets', ...report.dataset.split('@'));
  return { ...report, files: await readdir(folder), text: await readFile(join(folder, 'card.md'), 'utf8') };
}

describe('contender curate --tokens', { timeout: 60_000 }, () => {
  it('counts by the base’s own tokenizer, stores the figures beside the version and shows them on the card', async () => {
    const { tokens, files, text } = await curated('counted');
    expect(tokens).toMatchObject({ how: 'tokenizer', base: { name: 'tiny-llama' }, stepsPerEpoch: 8, steps: 32 });
    expect(tokens.layout).toMatchObject({ packing: true, rows: 64, passes: 8 });
    // One token for each byte: “red” or “blue” and the end of the turn.
    expect(tokens.splits.test?.answer).toMatchObject({ shortest: 4, longest: 5 });
    expect(files.filter((file) => /^tokens-[0-9a-f]{16}-[0-9a-f]{8}\.json$/u.test(file))).toHaveLength(1);
    expect(text).toContain('Counted by the tokenizer and chat template of tiny-llama');
  });

  it('names the rows that training would refuse, and goes on', async () => {
    const { tokens, text } = await curated('long', ({ train }) => {
      train['sequence_len'] = 32;
    });
    expect(tokens.splits.train?.longer.count).toBe(64);
    expect(tokens.splits.train?.longer.ids).toHaveLength(20);
    expect(text).toContain('Rows longer than sequence_len 32, which training refuses: 64 of train');
  });

  it('estimates for a base that is not on this machine, and says so', async () => {
    const { tokens, text } = await curated('elsewhere', ({ model }) => {
      model.base = 'Qwen/Qwen3-0.6B';
    });
    expect(tokens).toMatchObject({ how: 'estimate', base: { sha256: null } });
    expect(tokens).not.toHaveProperty('layout');
    expect(text).toContain('An estimate from characters: Qwen/Qwen3-0.6B is not on this machine.');
  });

  it('says that a file without a base has none to count by', async () => {
    const path = await writeRecipe(project, 'bare', coinRows('bare', 200), (draft) => {
      for (const key of Object.keys(draft)) {
        if (key !== 'name' && key !== 'dataset') {
          Reflect.deleteProperty(draft, key);
        }
      }
    });
    const { exitCode, stderr } = await contender(project, ['curate', path, '--tokens']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('which this file does not have');
  });
});
