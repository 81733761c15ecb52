// contender eval of a suite with a judge, through the real command line.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStub, type StubEndpoint } from '../server/stub-endpoint.ts';
import { createEvalProject, numberedRows, type EvalJson, type EvalProject } from './eval-project.ts';

interface JudgedJson extends EvalJson {
  readonly judged: readonly {
    readonly other: string;
    readonly preference: number;
    readonly unanswered: number;
    readonly spent: Readonly<Record<string, { readonly requests: number }>>;
  }[];
  readonly error?: { readonly message: string; readonly where: string; readonly hint: string };
}

const rows = 60;
const key = { ARBITER_KEY: 'sk-arbiter' };
let project: EvalProject;
let model: StubEndpoint;
let baseline: StubEndpoint;
let judge: StubEndpoint;

/** Both arms answer at the same length, so that length is no doubt. */
const says = (word: 'good' | 'poor') => (question: string) => `${word} ${/number \d+/u.exec(question)?.[0] ?? ''}`;

/** Prefers the good answer, wherever it stands. */
function arbiter(question: string): string {
  const [, first = ''] = /\[\[ANSWER A [0-9a-f]{24}\]\]\n([\s\S]*?)\n\[\[END/u.exec(question) ?? [];
  return JSON.stringify({ winner: first.startsWith('good') ? 'A' : 'B', reason: 'it is good' });
}

beforeAll(async () => {
  project = await createEvalProject();
  [model, baseline, judge] = [await startStub(says('good')), await startStub(says('poor')), await startStub(arbiter)];
});
afterAll(async () => {
  await Promise.all([model.close(), baseline.close(), judge.close()]);
  await project.remove();
});

const endpoint = ({ url }: StubEndpoint, name: string): string => `openai-compatible/${name},base_url=${url}`;

/** A suite of texts that `judge` decides, under a name of its own so that no answer is known before. */
async function judgedSuite(name: string, change: object = {}, panel: object = {}): Promise<string> {
  const member = { provider: 'openai-compatible', model: 'arbiter', base_url: judge.url, api_key_env: 'ARBITER_KEY' };
  return await project.writeSuite(
    name,
    numberedRows(rows).map(({ id, text, label }) => ({ id, text: `${name} ${text}`, label })),
    {
      task: 'generation',
      scorers: ['judge_preference', 'exact_match'],
      judge: { panel: [{ ...member, ...panel }], criteria: 'Says good.', ...change },
    },
  );
}

async function evaluate(args: readonly string[], env: Record<string, string> = key) {
  const { stdout, stderr, exitCode } = await project.start([...args, '--json'], env);
  return { json: JSON.parse(stdout) as JudgedJson, stderr, exitCode };
}

function contest(suite: string, baselineName = 'b'): string[] {
  return [suite, '--model', endpoint(model, 'm'), '--baseline', endpoint(baseline, baselineName)];
}

describe('a suite with a judge', () => {
  it('has every pair read in both orders, decides by it, reports it, and keeps what was said', async () => {
    const before = judge.requests.length;
    const args = contest(await judgedSuite('plain'));
    const { json, stderr, exitCode } = await evaluate(args);
    expect(exitCode, stderr).toBe(0);
    expect(json.verdict.kind).toBe('promote');
    expect(json.judged).toMatchObject([{ other: 'baseline-1', preference: 1, unanswered: 0 }]);
    expect(judge.requests).toHaveLength(before + 2 * rows);
    expect(judge.requests.at(-1)?.authorization).toBe('Bearer sk-arbiter');
    const report = await readFile(json.report, 'utf8');
    expect(report).toContain('arbiter (openai-compatible)');

    const again = await evaluate(args);
    expect(again.json).toEqual(json);
    const inWords = await project.start(args, key);
    expect(inWords.stderr).toContain(`judges on b (openai-compatible): ${rows} of ${rows} rows`);
    expect(inWords.stdout).toContain('PROMOTE');
    expect(judge.requests).toHaveLength(before + 2 * rows);
  });

  it('rejects a candidate whose answers are worse than those of one of two baselines', async () => {
    const before = judge.requests.length;
    const { json, exitCode } = await evaluate([
      await judgedSuite('worse'),
      '--model',
      endpoint(baseline, 'b'),
      '--baseline',
      endpoint(model, 'm'),
      '--baseline',
      endpoint(baseline, 'same'),
    ]);
    expect(json.judged.map(({ preference }) => preference)).toEqual([-1, 0]);
    expect([exitCode, json.verdict.kind]).toEqual([4, 'reject']);
    // Nobody is asked about two answers that are the same.
    expect(judge.requests).toHaveLength(before + 2 * rows);
  });

  it('measures the judge against labels of people', async () => {
    const lines = numberedRows(rows).map(({ id }) => `${id},candidate,baseline-1,a`);
    await writeFile(join(project.folder, 'labels.csv'), `row,arm_a,arm_b,preference\n${lines.join('\n')}\n`);
    const { json, exitCode } = await evaluate(contest(await judgedSuite('labels', { human_labels: 'labels.csv' })));
    expect(exitCode).toBe(0);
    expect(await readFile(json.report, 'utf8')).toContain('kappa not defined, 60 rows');
  });

  it('holds when the judge’s budget ends, and with a larger one goes on where it was', async () => {
    const before = judge.requests.length;
    const stopped = await evaluate(contest(await judgedSuite('budget', {}, { budget_requests: 40 })));
    expect(stopped.exitCode).toBe(3);
    expect(stopped.json.verdict.vetoes.join(' ')).toContain('judgement incomplete');
    expect(judge.requests).toHaveLength(before + 40);
    const { json } = await evaluate(contest(await judgedSuite('budget', {}, { budget_requests: 400 })));
    expect(json.verdict.kind).toBe('promote');
    expect(judge.requests).toHaveLength(before + 2 * rows);
  });
});

describe('a judge that cannot judge', () => {
  it('for want of its key is bad input that names the variable, before anybody is asked', async () => {
    const before = model.requests.length;
    const { json, exitCode } = await evaluate(contest(await judgedSuite('keyless')), {});
    expect(exitCode).toBe(2);
    expect(json.error?.message).toBe('the judge openai-compatible/arbiter needs a key, and ARBITER_KEY is not set');
    expect(json.error?.where).toContain('keyless.yaml: judge.panel');
    expect(model.requests).toHaveLength(before);
  });

  it('because it is of the baseline’s family is bad input, unless the suite allows it', async () => {
    const kin = { model: 'mistral-large' };
    const refused = await evaluate(contest(await judgedSuite('kin', {}, kin), 'ministral-8b'));
    expect(refused.exitCode).toBe(2);
    expect(refused.json.error?.message).toContain(
      'judge.panel.0.model: is of the mistral family, as is the baseline ministral-8b',
    );
    const allowed = await evaluate(contest(await judgedSuite('kin', { same_family: 'allow' }, kin), 'ministral-8b'));
    expect(allowed.json.verdict.kind).toBe('promote');
  });

  it('whose key is wrong stops the evaluation at once and says which', async () => {
    const closed = await startStub(() => ({ status: 401, body: { error: { message: 'no such key' } } }));
    const { json, exitCode } = await evaluate(contest(await judgedSuite('wrong', {}, { base_url: closed.url })));
    await closed.close();
    expect(exitCode).toBe(1);
    expect(json.error?.message).toContain('ARBITER_KEY');
    expect(json.error?.where).toBe('judge judge-1-arbiter');
    expect(closed.requests.length).toBeLessThan(2 * rows);
  });
});
