// A synthetic judgement for the tests of this folder: made up.
import { sha256 } from '../../domain/canonical.ts';
import type { JudgementSummary } from '../../domain/judgement.ts';
import type { ReportJudgement } from './report-data.ts';

/** Two judges of `rows` rows: every third is won by the candidate, every fifth by the other arm, the rest are ties. */
export function syntheticJudgement(rows: number, other: string): ReportJudgement {
  const preferences = Float64Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 1 : row % 5 === 0 ? -1 : 0));
  const count = (value: number): number => preferences.filter((preference) => preference === value).length;
  const outcomes = { candidate: count(1), other: count(-1), tie: count(0) };
  const judge = (id: string): JudgementSummary['judges'][number] => ({
    id,
    label: `${id} <b>large</b>`,
    provider: 'openai-compatible',
    model: id,
    rows: outcomes,
    preference: 0.2,
    swapConsistency: 0.91,
    firstPosition: 0.53,
    selfConsistency: 0.97,
    requests: 2 * rows,
    unreadable: 3,
    human: { n: 50, raw: 0.82, kappa: 0.64, low: 0.48, high: 0.8 },
    paidUsd: 0.25,
  });
  return {
    preferences,
    summary: {
      promptVersion: 'judge/1',
      digest: sha256('judge'),
      candidate: 'candidate',
      other,
      n: rows,
      settled: { judged: rows - 4, identical: 4, candidate_missing: 0, other_missing: 0, both_missing: 0 },
      preference: (outcomes.candidate - outcomes.other) / rows,
      majority: outcomes,
      ties: outcomes.tie,
      swapConsistency: 0.91,
      selfConsistency: null,
      unreadable: { rows: 1, requests: 3, share: 1 / rows },
      unanswered: 0,
      truncated: 2,
      lengthEffect: {
        meanDifference: -41.2,
        slope: 0.1,
        step: 0.05,
        adjusted: 0.17,
        low: 0.05,
        high: 0.29,
        confidence: 0.95,
      },
      human: { n: 50, raw: 0.82, kappa: 0.64, low: 0.48, high: 0.8 },
      sharedFamilies: [],
      judges: [judge('m1'), judge('m2')],
      remarks: ['one judge <i>is</i> of the family of the candidate'],
      judgements: { key: 'blobs/judgements', sha256: sha256('judgements'), bytes: 1 },
    },
  };
}
