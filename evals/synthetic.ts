// Synthetic arms and answers for the tests of this folder.
import { sha256 } from '../domain/canonical.ts';
import type { Metric } from '../domain/metrics.ts';
import type { Arm, ArmKind, RowResult } from '../domain/scorecard.ts';
import { buildScorecard } from './scorecard.ts';
import type { Contestant } from './compare.ts';

export const syntheticSuite = sha256('synthetic suite');

/** An arm of a kind; a baseline is called "gpt-synthetic". */
export function syntheticArm(kind: ArmKind, change: Partial<Arm> = {}): Arm {
  const model = kind === 'baseline' ? 'gpt-synthetic' : `synthetic-${kind}`;
  return {
    id: kind.replace('_', '-'),
    kind,
    label: kind === 'baseline' ? 'gpt-synthetic (openai)' : kind,
    provider: kind === 'baseline' ? 'openai' : 'served',
    model,
    shots: kind === 'few_shot' ? 3 : 0,
    standIn: false,
    maxConcurrency: 4,
    ...change,
  };
}

/** One row's answer: right answers repeat the expected label, wrong ones give another label. */
export function syntheticResult(index: number, right: boolean, change: Partial<RowResult> = {}): RowResult {
  const expected = `label ${index % 5}`;
  const parsed = right ? expected : `label ${(index + 1) % 5}`;
  return {
    rowId: `row-${String(index).padStart(5, '0')}`,
    expected,
    answer: parsed,
    parsed,
    score: right ? 1 : 0,
    latencyMs: 100 + (index % 10) * 10,
    promptTokens: 50,
    completionTokens: 4,
    costUsd: 0.0001,
    finish: 'stop',
    cached: false,
    slices: {},
    refused: false,
    scores: {},
    logprob: null,
    firstTokenMs: null,
    ...change,
  };
}

/** A contestant with its scorecard made of its results. */
export function syntheticContestant(
  arm: Arm,
  results: readonly RowResult[],
  scorers: readonly Metric[] = ['exact_match'],
): Contestant {
  const scorecard = buildScorecard({
    arm,
    suite: syntheticSuite,
    rowIds: results.map(({ rowId }) => rowId),
    results,
    scorers,
    seconds: 12,
    resultsRef: { key: 'blobs/sha256/00/00', sha256: sha256(arm.id), bytes: 1 },
  });
  return { arm, results, scorecard };
}
