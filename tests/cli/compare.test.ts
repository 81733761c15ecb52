// contender compare and contender gate through the real command line. Need no server and ask nobody.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { canonicalJson, sha256 } from '../../domain/canonical.ts';
import type { Metric } from '../../domain/metrics.ts';
import { stageKey } from '../../domain/refs.ts';
import { gateSchema, type GateRecipe } from '../../domain/recipe-gate.ts';
import type { ArmKind, RowResult, ScorecardRef } from '../../domain/scorecard.ts';
import { contestResultSchema } from '../../domain/stage-inputs.ts';
import { gateResultSchema, verdictSchema } from '../../domain/verdict.ts';
import type { Contestant } from '../../evals/compare.ts';
import { decide } from '../../evals/gate.ts';
import { recordedPath, syntheticLmEval } from '../../evals/imports/synthetic-logs.ts';
import { syntheticArm, syntheticContestant, syntheticResult, syntheticSuite } from '../../evals/synthetic.ts';
import { putBlob } from '../../registry/blobs.ts';
import { putJson } from '../../registry/json.ts';
import { openStore } from '../../registry/open-store.ts';
import type { ObjectStore } from '../../registry/store.ts';
import { contender, createProject, removeProject, type CliResult, type Project } from '../server/project.ts';

let project: Project;
beforeAll(async () => {
  project = await createProject();
});
afterAll(async () => removeProject(project));

const run = async (...args: string[]): Promise<CliResult> => contender(project, args);
const rows = Array.from({ length: 100 }, (_, index) => index);

/** Samples of lm-eval, 100 rows, with these right. */
async function samples(name: string, right: (index: number) => boolean, count = 100): Promise<string> {
  const lines = rows.slice(0, count).map((index) => JSON.stringify(syntheticLmEval(index, right(index) ? 1 : 0)));
  await writeFile(join(project.folder, name), lines.join('\n'));
  return name;
}

describe('contender compare', () => {
  it.each([
    ['promote', 0, (index: number) => index % 2 === 0],
    ['reject', 4, () => true],
    ['hold', 3, (index: number) => (index % 5 > 0 ? index % 25 !== 1 : index % 25 === 0)],
  ])('exits for %s with %d', async (kind, exitCode, right) => {
    const candidate = await samples('candidate.jsonl', (index) => index % 5 > 0);
    const other = await samples('other.jsonl', right);
    const result = await run('compare', candidate, other, '--json');
    expect(result.exitCode, result.stdout + result.stderr).toBe(exitCode);
    const output = z.object({ verdict: verdictSchema, arms: z.array(z.object({ latencyMs: z.null() })) });
    expect(output.parse(JSON.parse(result.stdout)).verdict.kind).toBe(kind);
  });

  it('prints arms and verdict, and writes JUnit and Markdown into folders that it makes', async () => {
    const log = `${recordedPath('promptfoo-0.123.1.json')}#tuned`;
    const outputs = ['--junit', 'out/ci/verdict.xml', '--markdown', 'out/verdict.md'];
    const result = await run('compare', log, '--min-rows', '20', '--margin', '0.2', ...outputs);
    expect(result).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('wrote out/ci/verdict.xml') });
    expect(result.stdout).toMatch(/│ tuned +│ +95\.0 % │[\s\S]*│ openai:chat:stub-b +│ +85\.0 % │.*3\/1/u);
    expect(result.stdout).toMatch(/HOLD {2}Hold because baseline incomplete/u);
    expect(await readFile(join(project.folder, 'out/ci/verdict.xml'), 'utf8')).toContain('failures="1"');
    expect(await readFile(join(project.folder, 'out/verdict.md'), 'utf8')).toMatch(/^### tuned against openai/u);
  });

  it.each([
    [['missing.json'], /missing\.json: there is no such file, run or scorecard/u],
    [
      ['a.jsonl', 'short.jsonl'],
      /the arms answered different rows: a\.jsonl has 100, short\.jsonl has 90; 10 are only in a\.jsonl, first 90/u,
    ],
    [['a.jsonl', 'a.jsonl', '--junit', 'a.jsonl/x.xml'], /--junit: a\.jsonl\/x\.xml cannot be written/u],
  ])('refuses %j with 2 and says why', async (args, message) => {
    await samples('a.jsonl', () => true);
    await samples('short.jsonl', () => true, 90);
    const result = await run('compare', ...args);
    expect(result.stderr).toMatch(message);
    expect(result.exitCode).toBe(2);
  });
});

/** A stored contestant with the reference that records name it by. */
async function storeContestant(
  store: ObjectStore,
  kind: ArmKind,
  results: readonly RowResult[],
  scorers: readonly Metric[] = ['exact_match'],
) {
  const made = syntheticContestant(syntheticArm(kind), results, scorers);
  const lines = await putBlob(store, results.map((result) => `${canonicalJson(result)}\n`).join(''));
  const scorecard = { ...made.scorecard, results: lines };
  const ref: ScorecardRef = {
    armId: made.arm.id,
    kind,
    scorecard: await putBlob(store, canonicalJson(scorecard)),
    exactMatch: scorecard.correct / scorecard.n,
    n: scorecard.n,
    errors: 0,
    paidUsd: 0,
  };
  return { ref, contestant: { ...made, scorecard } satisfies Contestant };
}

function answersRight(right: (index: number) => boolean): RowResult[] {
  return rows.map((index) => syntheticResult(index, right(index)));
}

/**
 * A finished run in the store: candidate and baseline have 96 of 100 rows right, each misses others. The suite against
 * forgetting is decided by verbatim match, where the candidate has nothing right, and also reports exact match, where it
 * has all.
 */
async function finishedRun(runKey: string, policy: GateRecipe): Promise<void> {
  const store = await openStore(`file://${join(project.home, 'store')}`);
  const candidate = await storeContestant(
    store,
    'candidate',
    answersRight((index) => index % 25 > 0),
  );
  const baseline = await storeContestant(
    store,
    'baseline',
    answersRight((index) => index % 25 !== 1),
  );
  const metric = 'verbatim_match';
  const beside = async (kind: ArmKind, verbatim: number) => {
    const results = rows.map((index) => syntheticResult(index, true, { scores: { [metric]: verbatim } }));
    return await storeContestant(store, kind, results, [metric, 'exact_match']);
  };
  const [ours, base] = [await beside('candidate', 0), await beside('base', 1)];
  const side = { guard: 'forgetting', suite: 'general-knowledge', metric } as const;
  await putJson(
    store,
    stageKey(runKey, 'evaluate'),
    {
      parityPrompts: 0,
      scorecards: [candidate.ref, baseline.ref],
      sides: [{ ...side, scorecards: [ours.ref, base.ref] }],
    },
    contestResultSchema,
  );
  const verdict = decide({
    policy,
    suite: syntheticSuite,
    candidate: candidate.contestant,
    others: [baseline.contestant],
    guards: [{ ...side, candidate: ours.contestant, base: base.contestant }],
  });
  const result = { kind: verdict.kind, sentence: verdict.sentence, score: 0.96, champion: null };
  await putJson(
    store,
    stageKey(runKey, 'gate'),
    { ...result, verdict: await putBlob(store, canonicalJson(verdict)) },
    gateResultSchema,
  );
}

describe('contender gate --from', () => {
  const runKey = '0123456789abcdef';
  beforeAll(async () => {
    await finishedRun(runKey, gateSchema.parse({ margin: 0.03 }));
  });

  it('comes to the recorded verdict by the recorded policy', async () => {
    const result = await run('gate', '--from', runKey);
    expect(result.exitCode, result.stderr).toBe(3);
    expect(result.stdout).toContain('the policy is the recorded one, and the recorded verdict is hold');
  });

  it('judges a suite beside the contest by the metric that the run decided by', async () => {
    const forgetful = 'aaaabbbbccccdddd';
    await finishedRun(forgetful, gateSchema.parse({ margin: 0.15, forgetting: { budget: 0.05 } }));
    const { stdout, exitCode } = await run('gate', '--from', forgetful, '--json');
    const { verdict, recorded } = z
      .object({ verdict: verdictSchema, recorded: z.object({ sentence: z.string() }) })
      .parse(JSON.parse(stdout));
    expect(exitCode).toBe(3);
    expect(verdict.sentence).toBe(recorded.sentence);
    expect(verdict.checks.find(({ check }) => check === 'forgetting')).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringContaining('general-knowledge'),
    });
  });

  it('says what another policy changes, warns, saves the verdict, and leaves the store alone', async () => {
    await writeFile(join(project.folder, 'lax.yaml'), 'gate: { margin: 0.15, min_rows: 80 }\n');
    const result = await run('gate', '--from', runKey, '--policy', 'lax.yaml', '--save', 'verdict.json');
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.stdout).toContain('the policy differs: margin 0.15 instead of 0.03; min_rows 80 instead of 50');
    expect(result.stdout).toContain('exploratory');
    const saved = verdictSchema.parse(JSON.parse(await readFile(join(project.folder, 'verdict.json'), 'utf8')));
    expect(saved).toMatchObject({ kind: 'promote', policy: { margin: 0.15 } });
    expect((await run('gate', '--from', runKey)).exitCode).toBe(3);
  });

  it.each([
    [['--from', 'fedcba9876543210'], /there is no run with a complete evaluation/u],
    [['--from', runKey, '--policy', 'odd.yaml'], /odd\.yaml: .*marginn/u],
  ])('refuses %j with 2', async (args, message) => {
    await writeFile(join(project.folder, 'odd.yaml'), 'marginn: 0.1\n');
    const result = await run('gate', ...args);
    expect(result.stderr).toMatch(message);
    expect(result.exitCode).toBe(2);
  });

  it('has its run for compare as well: alone, and against a scorecard by digest', async () => {
    const alone = await run('compare', runKey, '--json');
    const outputSchema = z.object({
      verdict: verdictSchema,
      arms: z.array(z.object({ id: z.string(), source: z.object({ sha256: z.string() }) })),
    });
    const output = outputSchema.parse(JSON.parse(alone.stdout));
    expect(alone.exitCode).toBe(3);
    expect(output.arms.map(({ id }) => id)).toEqual(['candidate', 'baseline']);
    const digest = output.arms[1]?.source.sha256 ?? sha256('');
    const named = await run('compare', `${runKey}#candidate`, digest, '--json');
    expect(outputSchema.parse(JSON.parse(named.stdout)).verdict.deciding).toEqual(output.verdict.deciding);
  });
});
