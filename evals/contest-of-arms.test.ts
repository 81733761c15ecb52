import { describe, expect, it } from 'vitest';
import { sha256 } from '../domain/canonical.ts';
import { gateSchema } from '../domain/recipe-gate.ts';
import { contestOfArms } from './contest-of-arms.ts';
import { decide } from './gate.ts';
import type { ImportedArm } from './imports/imported-arm.ts';
import { armsOfDocument } from './imports/log-format.ts';
import { recordedLog } from './imports/synthetic-logs.ts';
import type { FoundArm, LoggedArm, StoredArm } from './name-arms.ts';
import { syntheticArm, syntheticContestant, syntheticResult } from './synthetic.ts';

const promptfoo = armsOfDocument(JSON.parse(recordedLog('promptfoo-0.123.1.json')), { file: 'log', fields: ['label'] });

function logged(arm: ImportedArm | undefined, as: FoundArm['as']): LoggedArm {
  if (arm === undefined) {
    throw new Error('there is no such arm');
  }
  return { from: 'log', label: arm.label, as, arm, sha256: sha256(arm.label), bytes: 1 };
}

function stored(id: string, as: FoundArm['as'], right: (index: number) => boolean, rows = 60): StoredArm {
  const arm = { ...syntheticArm('candidate'), id, label: id };
  const results = Array.from({ length: rows }, (_, index) => syntheticResult(index, right(index)));
  return {
    from: 'store',
    label: id,
    as,
    contestant: syntheticContestant(arm, results, ['exact_match', 'macro_f1']),
    sha256: sha256(id),
  };
}

/** A log whose rows are those of the stored arms. */
function logOf(right: (index: number) => boolean, rows = 60): LoggedArm {
  const arm: ImportedArm = {
    tool: 'inspect_ai',
    version: null,
    label: 'gpt',
    model: 'gpt',
    rows: Array.from({ length: rows }, (_, index) => ({
      id: syntheticResult(index, true).rowId,
      asked: `question ${index}`,
      expected: syntheticResult(index, true).expected,
      answer: 'an answer',
      scores: { exact: right(index) ? 1 : 0 },
      fields: {},
      latencyMs: 5,
      promptTokens: 1,
      completionTokens: 1,
      costUsd: null,
      cached: false,
      finish: 'stop',
    })),
  };
  return logged(arm, 'baseline');
}

describe('a contest of arms', () => {
  it('of one log can be decided, and remarks on answers that are missing', () => {
    const contest = contestOfArms([logged(promptfoo?.[0], 'candidate'), logged(promptfoo?.[1], 'baseline')], {});
    expect(contest.metric).toBe('passed');
    expect(contest.candidate.scorecard.metrics.passed?.value).toBe(0.95);
    expect(contest.others[0]?.scorecard).toMatchObject({ n: 20, errors: 1 });
    expect(contest.remarks.join()).toContain('answers missing in the logs: 1');
    const verdict = decide({ policy: gateSchema.parse({ metric: 'passed', min_rows: 20 }), ...contest });
    expect(verdict).toMatchObject({ kind: 'hold', deciding: [{ wins: 3, losses: 1, n: 20 }] });
  });

  it('can be compared by macro-F1, and by groups of a field', () => {
    const arms = [logged(promptfoo?.[0], 'candidate'), logged(promptfoo?.[1], 'baseline')];
    const contest = contestOfArms(arms, { metric: 'macro_f1', cluster: 'label' });
    expect(contest.metric).toBe('macro_f1');
    expect(new Set(contest.candidate.results.map(({ group }) => group)).size).toBe(5);
    expect(contest.candidate.scorecard.metrics.macro_f1?.value).toBeGreaterThan(0.9);
  });

  it('of stored arms keeps their suite and digests, and gives equal names numbers', () => {
    const contest = contestOfArms(
      [stored('candidate', 'candidate', () => true), stored('candidate', 'baseline', (index) => index % 2 === 0)],
      {},
    );
    expect(contest.others.map(({ arm }) => [arm.id, arm.kind])).toEqual([['candidate-2', 'baseline']]);
    expect(contest.digests.get('candidate-2')).toBe(sha256('candidate'));
    expect(decide({ policy: gateSchema.parse({}), ...contest }).kind).toBe('promote');
  });

  it('of a stored arm and a log counts a yes or no of the log as exact match', () => {
    const contest = contestOfArms([stored('ours', 'candidate', () => true), logOf((index) => index % 3 > 0)], {});
    expect(contest.metric).toBe('exact_match');
    expect(contest.others[0]?.scorecard.correct).toBe(40);
    expect(contest.remarks.join()).toContain('prompts may differ');
    expect(decide({ policy: gateSchema.parse({}), ...contest })).toMatchObject({ kind: 'promote' });
  });

  it('is refused when there is nobody else, or the rows, suites or metrics differ', () => {
    const ours = stored('ours', 'candidate', () => true);
    expect(() => contestOfArms([ours], {})).toThrow('there is nobody to compare with');
    expect(() => contestOfArms([ours, logOf(() => true, 59)], {})).toThrow(
      /ours has 60, gpt has 59; 1 are only in ours/u,
    );
    const elsewhere = stored('theirs', 'baseline', () => true);
    const { scorecard } = elsewhere.contestant;
    const other = { ...elsewhere.contestant, scorecard: { ...scorecard, suite: sha256('another suite') } };
    expect(() => contestOfArms([ours, { ...elsewhere, contestant: other }], {})).toThrow(
      'theirs answered another suite than ours',
    );
    expect(() => contestOfArms([ours, elsewhere], { metric: 'rouge_l' })).toThrow('ours was not scored by rouge_l');
    expect(() => contestOfArms([ours, elsewhere], { metric: 'judge_preference' })).toThrow(
      'cannot be compared by judge_preference',
    );
    expect(() => contestOfArms([ours, elsewhere], { metric: 'nonsense' })).toThrow('cannot be compared by nonsense');
  });
});
