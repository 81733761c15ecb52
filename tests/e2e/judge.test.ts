// A run that judges decide, on a real Temporal server with real training, through the real command line.
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { coinRows, contender, writeRecipe } from '../server/project.ts';
import { readable } from '../server/readable-history.ts';
import { startStub, type StubEndpoint } from '../server/stub-endpoint.ts';

interface RunJson {
  readonly runKey: string;
  readonly exitCode: number;
  readonly verdict: {
    readonly kind: string;
    readonly deciding: readonly { readonly metric: string; readonly n: number; readonly difference: number }[];
    readonly checks: readonly { readonly check: string; readonly sentence: string }[];
  };
}

const project = inject('project');
let baseline: StubEndpoint;
let judge: StubEndpoint;
let recipe: string;
let run: RunJson;

/** Prefers whichever answer is that of the baseline, wherever it stands. */
function preferBaseline(question: string): string {
  const [, first = ''] = /\[\[ANSWER A [0-9a-f]{24}\]\]\n([\s\S]*?)\n\[\[END/u.exec(question) ?? [];
  return JSON.stringify({ winner: first === 'no idea' ? 'A' : 'B', reason: 'judgereason' });
}

beforeAll(async () => {
  baseline = await startStub(() => 'no idea');
  judge = await startStub(preferBaseline);
  const endpoint = { provider: 'openai-compatible', api_key_env: 'MARKER_API_KEY', price: { input: 1, output: 2 } };
  recipe = await writeRecipe(project, 'judged', coinRows('judged', 200, 5), (draft) => {
    draft.task = 'generation';
    Object.assign(draft.train, { num_epochs: 1 });
    Object.assign(draft.evaluate, {
      arms: { base: false, few_shot: 0 },
      baselines: [{ ...endpoint, model: 'stub', base_url: baseline.url }],
      scorers: ['judge_preference', 'exact_match'],
      judge: {
        panel: [{ ...endpoint, model: 'arbiter', base_url: judge.url }],
        criteria: 'judgecriteria',
        human_labels: 'labels.csv',
      },
    });
    draft.gate = { metric: 'judge_preference', margin: 0.1 };
    draft.route = undefined;
  });
  await writeFile(join(project.folder, 'labels.csv'), 'row,arm_a,arm_b,preference\nnobody,candidate,base,a\n');
});
afterAll(async () => {
  await Promise.all([baseline.close(), judge.close()]);
});

describe('a run that judges decide', () => {
  it('asks them about every pair in both orders, and follows them', { timeout: 240_000 }, async () => {
    const { stdout, stderr } = await contender(project, ['run', recipe, '--json'], {
      env: { MARKER_API_KEY: 'sk-marker-4f9d1c' },
    });
    expect(stderr).toBe('');
    run = JSON.parse(stdout) as RunJson;
    expect(run.verdict.deciding).toMatchObject([{ metric: 'judge_preference', n: 60, difference: -1 }]);
    expect(['hold', 'reject']).toContain(run.verdict.kind);
    expect(judge.requests).toHaveLength(120);
    expect(new Set(judge.requests.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer sk-marker-4f9d1c']),
    );
  });

  it('keeps rows, criteria, answers and reasons out of the history', async () => {
    const connection = await Connection.connect({ address: `127.0.0.1:${project.temporalPort}` });
    const client = new Client({ connection });
    const id = `contender-judged-${run.runKey}`;
    for (const workflowId of [id, `${id}-contest`, `${id}-judge-baseline-1-stub`]) {
      const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
      const text = readable(events);
      expect(events?.length, workflowId).toBeLessThan(200);
      expect(text, workflowId).toContain(run.runKey);
      for (const forbidden of ['judgedrow', 'judgecriteria', 'no idea', 'judgereason', 'sk-marker']) {
        expect(text, workflowId).not.toContain(forbidden);
      }
    }
    await connection.close();
  });

  it('asks nobody anything when it is repeated', async () => {
    const [asked, answered] = [judge.requests.length, baseline.requests.length];
    const { stdout } = await contender(project, ['run', recipe, '--json'], {
      env: { MARKER_API_KEY: 'sk-marker-4f9d1c' },
    });
    expect((JSON.parse(stdout) as RunJson).verdict.kind).toBe(run.verdict.kind);
    expect([judge.requests.length, baseline.requests.length]).toEqual([asked, answered]);
  });
});
