// A made-up contest of any size in a store: rows, four arms' results, their scorecards and the verdict.
import { hashOf, sha256 } from '../../../domain/canonical.ts';
import { gateSchema } from '../../../domain/recipe-gate.ts';
import type { BlobRef } from '../../../domain/refs.ts';
import type { ArmKind, RowResult } from '../../../domain/scorecard.ts';
import type { SuiteRow } from '../../../domain/suite.ts';
import { decide } from '../../../evals/gate.ts';
import { buildScorecard } from '../../../evals/scorecard.ts';
import { createRandom } from '../../../evals/statistics/random.ts';
import { putBlob } from '../../../registry/blobs.ts';
import type { ObjectStore } from '../../../registry/store.ts';

export interface ContestShape {
  readonly rows: number;
  /** Words of each input. */
  readonly inputWords: number;
  /** Words of each answer, all different; 0 for one of 77 labels. */
  readonly answerWords: number;
}

/** What the report needs to find the contest again. */
export interface StoredContest {
  readonly rows: BlobRef;
  readonly verdict: BlobRef;
  readonly scorecards: readonly { readonly scorecard: BlobRef }[];
}

const arms: readonly (readonly [ArmKind, accuracy: number, ms: number])[] = [
  ['candidate', 0.86, 60],
  ['baseline', 0.85, 900],
  ['base', 0.2, 60],
  ['few_shot', 0.5, 90],
];
const labels = Array.from({ length: 77 }, (_, label) => `intent number ${label}`);

/** Words of a vocabulary of 6,000, the common ones more often: texts compress about as English does. */
function textOf(random: () => number, words: number): string {
  return Array.from({ length: words }, () =>
    Math.floor(6000 * random() ** 3)
      .toString(26)
      .padStart(3, 'e'),
  ).join(' ');
}

/** Writes the contest; the same shape gives the same bytes. */
export async function storeContest(store: ObjectStore, shape: ContestShape): Promise<StoredContest> {
  const random = createRandom(1);
  const rows = Array.from({ length: shape.rows }, (_, row): SuiteRow => ({
    id: hashOf(row).slice(0, 16),
    input: textOf(random, shape.inputWords),
    output: shape.answerWords === 0 ? (labels[row % labels.length] ?? '') : textOf(random, shape.answerWords),
  }));
  const suite = sha256(JSON.stringify(shape));
  const contestants = [];
  for (const [kind, accuracy, ms] of arms) {
    const results = rows.map((row) => resultOf(row, random, { shape, accuracy, ms }));
    const resultsRef = await putBlob(store, results.map((result) => `${JSON.stringify(result)}\n`).join(''));
    const standard = { provider: 'openai', model: kind, shots: 0, standIn: false, maxConcurrency: 8 } as const;
    const arm = { id: kind.replace('_', '-'), kind, label: `synthetic ${kind}`, ...standard };
    const rowIds = rows.map(({ id }) => id);
    const scorecard = buildScorecard({ arm, suite, rowIds, results, scorers: ['exact_match'], seconds: 1, resultsRef });
    contestants.push({ arm, results, scorecard });
  }
  const [candidate, ...others] = contestants;
  if (candidate === undefined) {
    throw new RangeError('a contest has a candidate');
  }
  const verdict = decide({ policy: gateSchema.parse({}), suite, candidate, others });
  const scorecards = [];
  for (const { scorecard } of contestants) {
    scorecards.push({ scorecard: await putBlob(store, JSON.stringify(scorecard)) });
  }
  return {
    rows: await putBlob(store, rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    verdict: await putBlob(store, JSON.stringify(verdict)),
    scorecards,
  };
}

function resultOf(
  { id, output }: SuiteRow,
  random: () => number,
  { shape, accuracy, ms }: { readonly shape: ContestShape; readonly accuracy: number; readonly ms: number },
): RowResult {
  const right = random() < accuracy;
  const wrong = shape.answerWords === 0 ? (labels[Math.floor(random() * labels.length)] ?? '') : '';
  const answer = shape.answerWords > 0 ? textOf(random, shape.answerWords) : right ? output : wrong;
  return {
    rowId: id,
    expected: output,
    answer,
    parsed: answer,
    score: right || answer === output ? 1 : 0,
    slices: { length: ['short', 'medium', 'long'][Math.floor(random() * 3)] ?? '' },
    refused: false,
    scores: {},
    logprob: null,
    firstTokenMs: null,
    latencyMs: ms * Math.exp(random() + random() - 1),
    promptTokens: 40 + Math.floor(random() * 30),
    completionTokens: 5 + Math.floor(random() * 10),
    costUsd: 0.0001 * (1 + random()),
    finish: 'stop',
    cached: false,
  };
}
