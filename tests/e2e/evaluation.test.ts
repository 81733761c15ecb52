// What a contest asks beside candidate and baselines: looks, guards, the champion, and a person before the route moves.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { coinRows, contender, startContender, writeRecipe } from '../server/project.ts';
import { startStub, type StubEndpoint } from '../server/stub-endpoint.ts';

interface RunJson {
  readonly runKey: string;
  readonly approval: { readonly outcome: string; readonly actor: string; readonly reason: string };
  readonly verdict: {
    readonly kind: string;
    readonly deciding: readonly { readonly baseline: string; readonly n: number }[];
    readonly checks: readonly { readonly check: string; readonly outcome: string }[];
  };
  readonly promotion: { readonly outcome: string; readonly modelVersion: string };
  readonly scorecards: readonly { readonly arm: { readonly id: string; readonly kind: string }; readonly n: number }[];
}

const project = inject('project');
const env = { MARKER_API_KEY: 'sk-marker-4f9d1c' };
let stub: StubEndpoint;
let first: RunJson;

/** The same data and task each time, so that the second run meets the first one's champion on the same rows. */
async function recipeWith(loraRank: number): Promise<string> {
  return await writeRecipe(project, 'evaluated', coinRows('evaluated', 200), (draft) => {
    Object.assign(draft.train, { lora_r: loraRank });
    Object.assign(draft.evaluate, {
      baselines: [
        {
          provider: 'openai-compatible',
          model: 'stub',
          base_url: stub.url,
          api_key_env: 'MARKER_API_KEY',
          price: { input: 1, output: 2 },
        },
      ],
      shard_rows: 15,
    });
    draft.gate = {
      margin: 0.2,
      min_rows: 15,
      cluster: 'none',
      sequential: { enabled: true, look_rows: 15 },
      forgetting: { budget: 0.9 },
    };
    draft.route = { name: 'tests/evaluated', privacy: 'restricted', approval: 'manual' };
  });
}

/** Decides once the run asks; until then the command says that it does not. A run that ends undecided is left alone. */
async function runDecidedBy(recipe: string, word: 'approve' | 'reject', reason: string) {
  const running = startContender(project, ['run', recipe, '--json'], { env });
  const ended = new AbortController();
  void running.finally(() => ended.abort());
  let early = 0;
  for (let decided = false; !decided && !ended.signal.aborted;) {
    const given = await contender(project, [word, await idOfRunUnderWay(), '--reason', reason]);
    decided = given.exitCode === 0;
    if (!decided) {
      expect(given.exitCode, given.stderr).toBe(2);
      expect(given.stderr).toMatch(/no run .* is under way|waits for no approval/u);
      early += 1;
      await sleep(1000);
    }
  }
  const { exitCode, stdout, stderr } = await running;
  expect(stderr).toBe('');
  return { exitCode, early, run: JSON.parse(String(stdout)) as RunJson };
}

async function idOfRunUnderWay(): Promise<string> {
  const { stdout } = await contender(project, ['status', '--json']);
  const runs = JSON.parse(stdout) as { workflowId: string; status: string }[];
  return (
    runs.find(({ workflowId, status }) => status === 'RUNNING' && /^contender-evaluated-[0-9a-f]+$/u.test(workflowId))
      ?.workflowId ?? 'contender-evaluated-none'
  );
}

beforeAll(async () => {
  stub = await startStub(() => 'no idea');
});
afterAll(async () => {
  await stub.close();
});

describe('a run that looks at the answers as they come', () => {
  it(
    'stops paying for the baseline once e-values settle it, and takes the route when a person approves',
    {
      timeout: 240_000,
    },
    async () => {
      const { exitCode, early, run } = await runDecidedBy(await recipeWith(8), 'approve', 'looks right');
      first = run;
      expect(early).toBeGreaterThan(0);
      expect(exitCode).toBe(0);
      expect(run.verdict.kind).toBe('promote');
      expect(run.approval).toMatchObject({ outcome: 'approved', reason: 'looks right' });
      expect(run.promotion.outcome).toBe('won');
      const asked = stub.requests.length;
      expect(asked).toBeLessThan(60);
      expect(asked % 15).toBe(0);
      expect(run.verdict.deciding).toMatchObject([{ n: asked }]);
      // What is ours costs nothing more, so it answered all rows.
      expect(run.scorecards.find(({ arm }) => arm.id === 'candidate')?.n).toBe(60);
    },
  );

  it('asked candidate and untuned base the suite on forgetting, and the gate checked it', async () => {
    expect(first.verdict.checks).toContainEqual(expect.objectContaining({ check: 'forgetting', outcome: 'passed' }));
    const evaluated = JSON.parse(
      await readFile(join(project.home, 'store', 'runs', first.runKey, 'evaluate.json'), 'utf8'),
    ) as { sides: { guard: string; scorecards: { armId: string }[] }[] };
    expect(evaluated.sides.map(({ guard, scorecards }) => [guard, scorecards.map(({ armId }) => armId)])).toEqual([
      ['forgetting', ['candidate', 'base']],
    ]);
  });
});

describe('another candidate for a route that has a champion', () => {
  it(
    'meets the champion on the same rows, and a person can keep it from the route',
    {
      timeout: 240_000,
    },
    async () => {
      const { exitCode, run } = await runDecidedBy(await recipeWith(4), 'reject', 'not tonight');
      expect(exitCode).toBe(4);
      expect(run.runKey).not.toBe(first.runKey);
      expect(run.scorecards.find(({ arm }) => arm.kind === 'champion')).toMatchObject({ n: 60 });
      expect(run.approval).toMatchObject({ outcome: 'rejected', reason: 'not tonight' });
      const resolved = await contender(project, ['route', 'resolve', 'tests/evaluated', '--json']);
      expect(JSON.parse(resolved.stdout)).toMatchObject({ targets: [{ modelVersion: first.promotion.modelVersion }] });
    },
  );

  it('takes no decision twice', async () => {
    const late = await contender(project, ['approve', `contender-evaluated-${first.runKey}`]);
    expect(late.exitCode).toBe(2);
    expect(late.stderr).toContain('under way');
  });
});
