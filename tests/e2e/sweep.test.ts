// A sweep on a real Temporal server with real training: candidates, the choice on validation rows, one look at the test.
import { readFile } from 'node:fs/promises';
import { describe, expect, inject, it } from 'vitest';
import { coinRows, contender, writeRecipe } from '../server/project.ts';

interface SweepJson {
  readonly runKey: string;
  readonly report: string;
  readonly selection: {
    readonly chosen: string;
    readonly entries: readonly {
      readonly id: string;
      readonly state: string;
      readonly note: string;
      readonly validation: { readonly score: number; readonly n: number } | null;
    }[];
  };
  readonly scorecards: readonly { readonly arm: { readonly id: string }; readonly n: number }[];
}

const project = inject('project');

describe('a recipe that lists learning rates', () => {
  it('tests the candidate that did best on validation, and it alone', { timeout: 240_000 }, async () => {
    const recipe = await writeRecipe(project, 'sweep', coinRows('sweep', 200), (draft) => {
      draft.dataset.curate.split.validation = 24;
      draft.train['learning_rate'] = [1e-7, 0.02];
    });
    const { stdout, stderr } = await contender(project, ['run', recipe, '--json']);
    expect(stderr).toBe('');
    const run = JSON.parse(stdout) as SweepJson;
    const [untaught, taught] = run.selection.entries;
    expect(run.selection.chosen).toBe('c2');
    expect(untaught?.validation).toMatchObject({ n: 24 });
    expect(taught?.validation?.score).toBeGreaterThan(untaught?.validation?.score ?? 1);
    expect(run.scorecards.filter(({ arm }) => arm.id === 'candidate')).toMatchObject([{ n: 60 }]);
    expect(await readFile(run.report, 'utf8')).toContain('Candidates of the sweep');

    const again = await contender(project, ['run', recipe, '--json']);
    expect((JSON.parse(again.stdout) as SweepJson).selection).toEqual(run.selection);
  });

  it('leaves out candidates that would start after the budget', { timeout: 240_000 }, async () => {
    const recipe = await writeRecipe(project, 'budget', coinRows('budget', 200), (draft) => {
      draft.train['learning_rate'] = [0.02, 0.01];
      draft.sweep = { max_hours: 1e-7 };
    });
    const { stdout } = await contender(project, ['run', recipe, '--json']);
    const { selection } = JSON.parse(stdout) as SweepJson;
    expect(selection.entries.map(({ state }) => state)).toEqual(['trained', 'left_out']);
    expect(selection.entries[1]?.note).toContain('budget');
    expect(selection.chosen).toBe('c1');

    // The verdict made the choice final: the run is known by it, and the candidate left out is not trained any more.
    const again = JSON.parse((await contender(project, ['run', recipe, '--json'])).stdout) as SweepJson;
    expect(again.selection).toEqual(selection);
    const decidedAgain = await contender(project, ['gate', '--from', again.runKey]);
    expect(decidedAgain.stdout, decidedAgain.stderr).toContain('the policy is the recorded one');
  });
});
