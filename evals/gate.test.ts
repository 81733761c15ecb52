import { describe, expect, test } from 'vitest';
import { gateSchema, type GateRecipe } from '../domain/recipe-gate.ts';
import type { Metric } from '../domain/metrics.ts';
import type { Arm, ArmKind, RowResult } from '../domain/scorecard.ts';
import { verdictSchema } from '../domain/verdict.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Contestant } from './compare.ts';
import { decide } from './gate.ts';
import { syntheticArm, syntheticContestant, syntheticResult, syntheticSuite } from './synthetic.ts';

const policy = gateSchema.parse({});

/** How often candidate and opponent are right: both, candidate alone (wins), opponent alone (losses), neither. */
interface Counts {
  both: number;
  wins: number;
  losses: number;
  neither: number;
}

const candidateArm = syntheticArm('candidate');

function answers(
  counts: Counts,
  side: 'candidate' | 'opponent',
  change: (index: number) => Partial<RowResult> = () => ({}),
): RowResult[] {
  const right = [
    [counts.both, true],
    [counts.wins, side === 'candidate'],
    [counts.losses, side === 'opponent'],
    [counts.neither, false],
  ] as const;
  return right
    .flatMap(([count, isRight]) => Array.from({ length: count }, () => isRight))
    .map((isRight, index) => syntheticResult(index, isRight, change(index)));
}

function contestants(
  counts: Counts,
  kind: ArmKind = 'baseline',
  options: { group?: (index: number) => string; lost?: number; arm?: Partial<Arm>; scorers?: Metric[] } = {},
): { candidate: Contestant; other: Contestant } {
  const { group, lost = 0, arm = {}, scorers } = options;
  const grouped = (index: number): Partial<RowResult> => (group === undefined ? {} : { group: group(index) });
  const asked = counts.both + counts.wins + counts.losses + counts.neither;
  const fault = { answer: null, parsed: null, score: 0, error: 'timeout' };
  const theirs = answers(counts, 'opponent', (index) =>
    index < asked - lost ? grouped(index) : { ...grouped(index), ...fault },
  );
  return {
    candidate: syntheticContestant(candidateArm, answers(counts, 'candidate', grouped), scorers),
    other: syntheticContestant(syntheticArm(kind, arm), theirs, scorers),
  };
}

function judge(
  counts: Counts,
  change: Partial<GateRecipe> = {},
  kind: ArmKind = 'baseline',
  options: Parameters<typeof contestants>[2] = {},
): Verdict {
  const judged = { ...policy, ...change };
  const { candidate, other } = contestants(counts, kind, { scorers: [judged.metric], ...options });
  return decide({ policy: judged, suite: syntheticSuite, candidate, others: [other] });
}

interface Case {
  sentence: string;
  verdict: () => Verdict;
  kind: Verdict['kind'];
  conclusion?: string;
  reason: RegExp;
}

const clearlyBetter: Counts = { both: 40, wins: 35, losses: 5, neither: 80 };
const even: Counts = { both: 900, wins: 20, losses: 20, neither: 60 };
const clearlyWorse: Counts = { both: 40, wins: 5, losses: 35, neither: 80 };
const slightlyWorse: Counts = { both: 1700, wins: 60, losses: 80, neither: 160 };
const open: Counts = { both: 60, wins: 14, losses: 12, neither: 74 };

/** Sixteen groups of ten neighbouring rows, so that wins sit together. */
function sixteenths(index: number): string {
  return `g${Math.floor(index / 10)}`;
}

const withBase = (base: Counts, baseline: Counts = clearlyBetter): Verdict => {
  const { candidate } = contestants(baseline);
  const { other: opponent } = contestants(baseline);
  const { other: untuned } = contestants(base, 'base');
  return decide({ policy, suite: syntheticSuite, candidate, others: [untuned, opponent] });
};

const cases: Case[] = [
  {
    sentence: 'a candidate that wins far more rows than it loses is promoted as superior',
    verdict: () => judge(clearlyBetter),
    kind: 'promote',
    conclusion: 'superior',
    reason: /^better than gpt-synthetic \(openai\): difference 18\.8 points/u,
  },
  {
    sentence: 'a candidate as good as the baseline on many rows is promoted as not worse',
    verdict: () => judge(even),
    kind: 'promote',
    conclusion: 'non_inferior',
    reason: /^not worse than .+ by 3 points or more: /u,
  },
  {
    sentence: 'being as good is not enough where the recipe asks for better',
    verdict: () => judge(even, { rule: 'superior' }),
    kind: 'hold',
    conclusion: 'non_inferior',
    reason: /^not worse than/u,
  },
  {
    sentence: 'a clearly better candidate passes the rule that asks for better',
    verdict: () => judge(clearlyBetter, { rule: 'superior' }),
    kind: 'promote',
    conclusion: 'superior',
    reason: /^better than/u,
  },
  {
    sentence: 'a clearly worse candidate is rejected',
    verdict: () => judge(clearlyWorse),
    kind: 'reject',
    conclusion: 'worse',
    reason: /^worse than gpt-synthetic/u,
  },
  {
    sentence: 'a clearly worse candidate is rejected by the rule that asks for better too',
    verdict: () => judge(clearlyWorse, { rule: 'superior' }),
    kind: 'reject',
    conclusion: 'worse',
    reason: /^worse than/u,
  },
  {
    sentence: 'a point ahead on few rows proves nothing and holds',
    verdict: () => judge(open),
    kind: 'hold',
    conclusion: 'inconclusive',
    reason: /^not shown to be within 3 points of/u,
  },
  {
    sentence: 'a point behind is within a margin of three points on 2,000 rows',
    verdict: () => judge(slightlyWorse),
    kind: 'promote',
    conclusion: 'non_inferior',
    reason: /difference −1\.0 points, 95 % CI −2\.2 to 0\.2, Tango score interval; 60 rows won and 80 lost/u,
  },
  {
    sentence: 'the same point behind is open when the margin is two points',
    verdict: () => judge(slightlyWorse, { margin: 0.02 }),
    kind: 'hold',
    conclusion: 'inconclusive',
    reason: /not shown to be within 2 points/u,
  },
  {
    sentence: 'the same point behind passes two points at 90 % confidence, as Tango’s p of 0.048 says',
    verdict: () => judge(slightlyWorse, { margin: 0.02, confidence: 0.9 }),
    kind: 'promote',
    conclusion: 'non_inferior',
    reason: /90 % CI/u,
  },
  {
    sentence: 'equal arms without one discordant row are not worse when rows are many',
    verdict: () => judge({ both: 500, wins: 0, losses: 0, neither: 100 }),
    kind: 'promote',
    conclusion: 'non_inferior',
    reason: /McNemar p = 1/u,
  },
  {
    sentence: 'equal arms without one discordant row prove nothing on 60 rows',
    verdict: () => judge({ both: 50, wins: 0, losses: 0, neither: 10 }),
    kind: 'hold',
    conclusion: 'inconclusive',
    reason: /not shown/u,
  },
  {
    sentence: 'too few rows hold even a sweeping win',
    verdict: () => judge({ both: 0, wins: 40, losses: 0, neither: 0 }),
    kind: 'hold',
    conclusion: 'superior',
    reason: /^only 40 held-out rows, the recipe asks for at least 50$/u,
  },
  {
    sentence: 'too few rows hold a rejection as well',
    verdict: () => judge({ both: 0, wins: 0, losses: 40, neither: 0 }),
    kind: 'hold',
    conclusion: 'worse',
    reason: /^only 40 held-out rows/u,
  },
  {
    sentence: 'a baseline that lost answers to faults cannot be beaten',
    verdict: () => judge(clearlyBetter, {}, 'baseline', { lost: 3 }),
    kind: 'hold',
    reason: /^baseline incomplete: gpt-synthetic \(openai\) gave no answer to 3 of 160 rows$/u,
  },
  {
    sentence: 'the champion of the route decides like a baseline',
    verdict: () => judge(clearlyWorse, {}, 'champion'),
    kind: 'reject',
    conclusion: 'worse',
    reason: /^worse than champion/u,
  },
  {
    sentence: 'a champion that lost answers to faults cannot be beaten either',
    verdict: () => judge(clearlyBetter, {}, 'champion', { lost: 1 }),
    kind: 'hold',
    reason: /^champion incomplete/u,
  },
  {
    sentence: 'a candidate that is worse than its own untuned base is held',
    verdict: () => withBase({ both: 70, wins: 5, losses: 60, neither: 25 }),
    kind: 'hold',
    reason: /^the candidate is worse than the untuned base$/u,
  },
  {
    sentence: 'an adapter that changes no answer is held',
    verdict: () => withBase({ both: 75, wins: 0, losses: 0, neither: 85 }),
    kind: 'hold',
    reason: /^adapter has no effect/u,
  },
  {
    sentence: 'a candidate ahead of its base and of the baseline is promoted, the base being no opponent',
    verdict: () => withBase({ both: 0, wins: 75, losses: 0, neither: 85 }),
    kind: 'promote',
    reason: /^better than gpt-synthetic/u,
  },
  {
    sentence: 'wins that sit in a few groups do not promote as they would on independent rows',
    verdict: () => judge({ both: 40, wins: 20, losses: 5, neither: 95 }, {}, 'baseline', { group: sixteenths }),
    kind: 'hold',
    conclusion: 'inconclusive',
    reason: /hull of row score interval, cluster-robust t interval and cluster score interval over 16 groups/u,
  },
  {
    sentence: 'fewer than ten groups are pointed out',
    verdict: () =>
      judge({ both: 40, wins: 20, losses: 5, neither: 95 }, {}, 'baseline', {
        group: (index) => `g${Math.floor(index / 20)}`,
      }),
    kind: 'hold',
    reason: /over 8 groups, fewer than 10: read with care/u,
  },
  {
    sentence: 'groups that do not matter leave a clear win a clear win',
    verdict: () => judge(clearlyBetter, {}, 'baseline', { group: (index) => `g${index % 80}` }),
    kind: 'promote',
    reason: /hull of row score interval, cluster-robust t interval and cluster score interval over 80 groups/u,
  },
  {
    sentence: 'groups of one row each never turn an open contest into a win (Tango alone: low −0.0009)',
    verdict: () =>
      judge({ both: 0, wins: 37, losses: 22, neither: 1 }, { rule: 'superior' }, 'baseline', {
        group: (index) => `g${index}`,
      }),
    kind: 'hold',
    reason: /95 % CI −0.1 to 47.1, Tango score interval/u,
  },
  {
    sentence: 'one single group never promotes',
    verdict: () => judge(clearlyBetter, {}, 'baseline', { group: () => 'only' }),
    kind: 'hold',
    conclusion: 'inconclusive',
    reason: /all rows are of one group/u,
  },
  {
    sentence: 'macro-F1 is decided by a paired bootstrap',
    verdict: () => judge(clearlyBetter, { metric: 'macro_f1' }),
    kind: 'promote',
    conclusion: 'superior',
    reason: /paired BCa bootstrap of 160 rows, 10000 resamples/u,
  },
  {
    sentence: 'macro-F1 of grouped rows draws whole groups',
    verdict: () => judge(clearlyWorse, { metric: 'macro_f1' }, 'baseline', { group: (index) => `g${index % 40}` }),
    kind: 'reject',
    conclusion: 'worse',
    reason: /bootstrap of 40 groups/u,
  },
];

describe('the gate', () => {
  test.each(cases)('$sentence', ({ verdict, kind, conclusion, reason }) => {
    const found = verdict();
    expect(found.reasons.join('\n')).toMatch(new RegExp(reason.source, 'mu'));
    expect(found.kind).toBe(kind);
    if (conclusion !== undefined) {
      expect(found.deciding[0]?.conclusion).toBe(conclusion);
    }
    expect(verdictSchema.parse(found)).toEqual(found);
    expect(found.sentence).toMatch(/^(?:Promote|Hold|Reject)[^\n]*\.$/u);
  });

  test('one open comparison among several holds, and the sentence tells of the hardest', () => {
    const { candidate, other: easy } = contestants(clearlyBetter, 'baseline', { arm: { id: 'easy', label: 'easy' } });
    const { other: hard } = contestants({ both: 70, wins: 5, losses: 4, neither: 81 }, 'baseline', {
      arm: { id: 'hard', label: 'hard' },
    });
    const verdict = decide({ policy, suite: syntheticSuite, candidate, others: [easy, hard] });
    expect(verdict.kind).toBe('hold');
    expect(verdict.sentence).toContain('hard');
    expect(verdict.sentence).toContain('the hardest of 2 opponents');
    expect(verdict.deciding.map(({ armId }) => armId)).toEqual(['easy', 'hard']);
  });

  test('one opponent that is better rejects, whatever the others', () => {
    const { candidate, other: easy } = contestants(clearlyBetter, 'baseline', { arm: { id: 'easy' } });
    const { other: strong } = contestants({ both: 75, wins: 0, losses: 40, neither: 45 }, 'baseline', {
      arm: { id: 'strong', label: 'strong' },
    });
    const verdict = decide({ policy, suite: syntheticSuite, candidate, others: [easy, strong] });
    expect(verdict.kind).toBe('reject');
    expect(verdict.sentence).toContain('fewer than strong');
  });

  test('the sentence of a win over a stand-in calls it one and gives the numbers', () => {
    const verdict = judge({ both: 40, wins: 30, losses: 15, neither: 75 }, {}, 'baseline', {
      arm: { standIn: true, provider: 'stand-in', model: 'tfidf-logreg', label: 'tfidf-logreg (stand-in)' },
    });
    expect(verdict.sentence).toBe(
      'Promote: the candidate answers 43.8 % of 160 held-out rows exactly, 9.4 points (95 % CI 1.2 to 17.6) ' +
        'more than the stand-in tfidf-logreg, McNemar p = 0.036.',
    );
    expect(verdict.deciding[0]?.standIn).toBe(true);
  });

  test('an open verdict says about how many further rows would settle it', () => {
    const verdict = judge(open);
    const [comparison] = verdict.deciding;
    // Discordance 26 / 160 = 0.1625 and a margin of 0.03 at 95 % and 80 % power need 1,418 rows in all.
    expect(comparison?.rowsNeeded).toBe(1418 - 160);
    expect(verdict.sentence).toContain('about 1,258 further rows should settle it');
  });

  test('no number of rows is promised where the difference lies beyond the margin', () => {
    const verdict = judge({ both: 60, wins: 10, losses: 18, neither: 72 });
    expect(verdict.deciding[0]?.conclusion).toBe('inconclusive');
    expect(verdict.deciding[0]?.rowsNeeded).toBeNull();
  });

  test('the verdict names the digest of the suite and of every scorecard', () => {
    expect(Object.keys(withBase({ both: 0, wins: 75, losses: 0, neither: 85 }).inputs)).toEqual([
      'suite',
      'policy',
      ...['candidate', 'base', 'baseline'].flatMap((arm) => [`scorecard:${arm}`, `results:${arm}`]),
    ]);
  });

  test('the same answers give the same verdict', () => {
    expect(judge(open, { metric: 'macro_f1' })).toEqual(judge(open, { metric: 'macro_f1' }));
  });

  test('there must be somebody to beat', () => {
    expect(() => judge(clearlyBetter, {}, 'base')).toThrow('no baseline to beat');
  });

  test('arms that answered other rows, other labels or another suite cannot be compared', () => {
    const { candidate, other } = contestants(clearlyBetter);
    const against = (changed: Contestant): (() => Verdict) => {
      return () => decide({ policy, suite: syntheticSuite, candidate, others: [changed] });
    };
    expect(against({ ...other, results: other.results.slice(1) })).toThrow('1 of 160 rows are missing');
    expect(against({ ...other, results: other.results.map((result) => ({ ...result, expected: 'label x' })) })).toThrow(
      'has another expected answer',
    );
    expect(against({ ...other, scorecard: { ...other.scorecard, suite: 'f'.repeat(64) } })).toThrow('another suite');
    expect(against({ ...other, scorecard: { ...other.scorecard, n: 3 } })).toThrow('belongs to other results');
    expect(against(candidate)).toThrow('two arms are called candidate');
  });
});
