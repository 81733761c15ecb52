// One contest a row: what the gate decides under every setting of the policy, and the reason it gives.
import { describe, expect, test } from 'vitest';
import { baselineSchema } from '../domain/recipe-baseline.ts';
import type { RowResult } from '../domain/scorecard.ts';
import { verdictSchema, type Verdict } from '../domain/verdict.ts';
import type { Guard, Judged } from './checks/contest.ts';
import { judgeContest, sideOf, type Counts, type Opponent, type SyntheticContest } from './synthetic-contest.ts';
import { syntheticArm, syntheticContestant, syntheticSuite } from './synthetic.ts';

const better: Counts = { both: 300, wins: 80, losses: 10, neither: 10 };
const even: Counts = { both: 900, wins: 20, losses: 20, neither: 60 };
const sweeping: Counts = { both: 0, wins: 300, losses: 0, neither: 100 };
const open: Counts = { both: 60, wins: 14, losses: 12, neither: 74 };

const against = (counts: Counts, more: Partial<Opponent> = {}): Opponent => ({ counts, ...more });
const baseline = (id: string, counts: Counts, more: Partial<Opponent> = {}): Opponent => ({
  counts,
  ...more,
  arm: { id, label: id, ...more.arm },
});

/** Rows in two slices: the last `hard` rows of 400 are "hard", all others "easy". */
const difficulty =
  (hard: number, of = 400) =>
  (index: number) => ({ slices: { difficulty: index < of - hard ? 'easy' : 'hard' } });

/** A guard suite of 200 rows on which the candidate loses this many that the base has right, and wins none. */
function guard(name: Guard['guard'], losses: number, lostByBase = 0): Guard {
  const counts = { both: 180 - losses, wins: 0, losses, neither: 20 };
  return {
    guard: name,
    suite: `built-in ${name}`,
    metric: 'exact_match',
    candidate: syntheticContestant(syntheticArm('candidate'), sideOf(counts, 'candidate')),
    base: syntheticContestant(
      syntheticArm('base'),
      sideOf(counts, 'opponent', (index) =>
        index < lostByBase ? { answer: null, parsed: null, score: 0, error: 'timeout' } : {},
      ),
    ),
  };
}

/** Judges who prefer the candidate on the first rows, the other arm on the next, and nobody on the rest of 400. */
function judged(prefer: number, against_: number, more: Partial<Judged> = {}): ReadonlyMap<string, Judged> {
  const preferences = new Map(
    sideOf(better, 'candidate').map(({ rowId }, index) => [
      rowId,
      index < prefer ? 1 : index < prefer + against_ ? -1 : 0,
    ]),
  );
  return new Map([['baseline', { preferences, swapConsistency: 0.9, doubts: [], sha256: 'a'.repeat(64), ...more }]]);
}
const byJudge = { metric: 'judge_preference', margin: 0.05 } as const;

const unreadable = (from: number, to: number) => (index: number) =>
  index >= from && index < to ? { parsed: null, score: 0, answer: 'dunno' } : {};

interface Case {
  readonly sentence: string;
  readonly contest: SyntheticContest;
  readonly kind: Verdict['kind'];
  readonly reason: RegExp;
}

const flagship = 'flagship_and_cheapest_sufficient';

const cases: Case[] = [
  {
    sentence: 'rule superior: better on the interval promotes',
    contest: {
      policy: { rule: 'superior' },
      opponents: [against(better)],
    },
    kind: 'promote',
    reason: /^better than gpt-synthetic/mu,
  },
  {
    sentence: 'rule superior: as good holds',
    contest: {
      policy: { rule: 'superior' },
      opponents: [against(even)],
    },
    kind: 'hold',
    reason: /^not worse than gpt-synthetic/mu,
  },
  {
    sentence: 'a wider margin turns an open contest into a promotion',
    contest: {
      policy: { margin: 0.15 },
      opponents: [against(open)],
    },
    kind: 'promote',
    reason: /^not worse than .+ by 15 points or more/mu,
  },
  {
    sentence: 'a higher confidence turns a promotion into a hold',
    contest: {
      policy: { confidence: 0.9999 },
      opponents: [against({ both: 350, wins: 20, losses: 16, neither: 14 })],
    },
    kind: 'hold',
    reason: /^not shown to be within 3 points/mu,
  },
  {
    sentence: 'a graded metric decides by the graded scores, whatever exact match says',
    contest: {
      policy: { metric: 'rouge_l' },
      opponents: [against(better, { rows: () => ({ scores: { rouge_l: 0.8 } }) })],
      candidateRows: (index) => ({ scores: { rouge_l: index % 2 === 0 ? 0.5 : 0.6 } }),
    },
    kind: 'reject',
    reason: /^worse than .+: difference −25\.0 points/mu,
  },
  {
    sentence: 'graded scores that are equal on every row are not worse',
    contest: {
      policy: { metric: 'rouge_l' },
      opponents: [against(better)],
      rows: (index) => ({ scores: { rouge_l: (index % 10) / 10 } }),
    },
    kind: 'promote',
    reason: /difference 0\.0 points/mu,
  },
  {
    sentence: 'judges who prefer the candidate promote it',
    contest: {
      policy: byJudge,
      opponents: [against(better)],
      judged: judged(150, 60),
    },
    kind: 'promote',
    reason: /^better than .+ 150 rows won and 60 lost, sign test/mu,
  },
  {
    sentence: 'judges who prefer the baseline reject',
    contest: {
      policy: byJudge,
      opponents: [against(better)],
      judged: judged(60, 150),
    },
    kind: 'reject',
    reason: /^worse than/mu,
  },
  {
    sentence: 'judges who disagree with themselves hold, whatever they prefer',
    contest: {
      policy: { ...byJudge, min_swap_consistency: 0.7 },
      opponents: [against(better)],
      judged: judged(150, 60, { swapConsistency: 0.55 }),
    },
    kind: 'hold',
    reason: /^the judge says the same in both orders on 55\.0 % of the rows .+, and the recipe asks for 70\.0 %$/mu,
  },
  {
    sentence: 'judges whose consistency was not measured hold where it is asked for',
    contest: {
      policy: { ...byJudge, min_swap_consistency: 0.7 },
      opponents: [against(better)],
      judged: judged(150, 60, { swapConsistency: null }),
    },
    kind: 'hold',
    reason: /was not measured$/mu,
  },
  {
    sentence: 'a doubt about the judges holds',
    contest: {
      policy: byJudge,
      opponents: [against(better)],
      judged: judged(150, 60, { doubts: ['12 rows are still to be judged'] }),
    },
    kind: 'hold',
    reason: /^12 rows are still to be judged$/mu,
  },
  {
    sentence: 'groups make rows dependent by default',
    contest: {
      opponents: [against({ both: 40, wins: 20, losses: 5, neither: 95 })],
      rows: (index) => ({ group: `g${Math.floor(index / 10)}` }),
    },
    kind: 'hold',
    reason: /over 16 groups/mu,
  },
  {
    sentence: 'cluster none takes the same rows as independent',
    contest: {
      policy: { cluster: 'none' },
      opponents: [against({ both: 40, wins: 20, losses: 5, neither: 95 })],
      rows: (index) => ({ group: `g${Math.floor(index / 10)}` }),
    },
    kind: 'promote',
    reason: /Tango score interval/mu,
  },
  {
    sentence: 'a tag can make rows dependent as groups do',
    contest: {
      policy: { cluster: 'patient' },
      opponents: [against({ both: 40, wins: 20, losses: 5, neither: 95 })],
      rows: (index) => ({ slices: { patient: `p${Math.floor(index / 10)}` } }),
    },
    kind: 'hold',
    reason: /over 16 groups/mu,
  },
  {
    sentence: 'too few rows hold',
    contest: {
      policy: { min_rows: 500 },
      opponents: [against(better)],
    },
    kind: 'hold',
    reason: /^only 400 held-out rows, the recipe asks for at least 500$/mu,
  },
  {
    sentence: 'a critical slice on which the candidate is fine passes',
    contest: {
      policy: { critical_slices: [{ slice: 'difficulty', value: 'easy' }] },
      rows: difficulty(20),
      opponents: [against(better)],
    },
    kind: 'promote',
    reason: /^better than/mu,
  },
  {
    // The ten losses and ten rows that nobody has right are the last twenty.
    sentence: 'a critical slice on which the candidate loses holds a candidate that is better overall',
    contest: {
      policy: { critical_slices: [{ slice: 'difficulty', value: 'hard' }] },
      rows: difficulty(20),
      opponents: [against(better)],
    },
    kind: 'hold',
    reason: /^critical slice difficulty = hard: the candidate is not shown to be within 3 points of gpt-synthetic/mu,
  },
  {
    sentence: 'the same slice is exploration alone where it is not critical',
    contest: {
      suiteSlices: ['difficulty'],
      rows: difficulty(20),
      opponents: [against(better)],
    },
    kind: 'promote',
    reason: /^better than/mu,
  },
  {
    sentence: 'a critical slice without a value makes each value critical',
    contest: {
      policy: { critical_slices: [{ slice: 'difficulty' }] },
      rows: difficulty(20),
      opponents: [against(better)],
    },
    kind: 'hold',
    reason: /^critical slice difficulty = hard/mu,
  },
  {
    sentence: 'a critical slice may have a wider margin of its own',
    contest: {
      policy: { critical_slices: [{ slice: 'difficulty', value: 'hard', margin: 0.9 }] },
      rows: difficulty(20),
      opponents: [against(better)],
    },
    kind: 'promote',
    reason: /^better than/mu,
  },
  {
    sentence: 'a critical slice with too few rows holds',
    contest: {
      policy: { critical_slices: [{ slice: 'difficulty', value: 'hard' }] },
      rows: difficulty(7),
      opponents: [against(better)],
    },
    kind: 'hold',
    reason: /^critical slice difficulty = hard has 7 rows, and the recipe asks for at least 20$/mu,
  },
  {
    sentence: 'a critical value that no row has holds',
    contest: {
      policy: { critical_slices: [{ slice: 'difficulty', value: 'impossible' }] },
      rows: difficulty(20),
      opponents: [against(better)],
    },
    kind: 'hold',
    reason: /^critical slice difficulty = impossible has 0 rows/mu,
  },
  {
    sentence: 'labels are slices without being tags',
    contest: {
      policy: { critical_slices: [{ slice: 'label', value: 'label 4' }], min_slice_rows: 80 },
      opponents: [against(better)],
    },
    kind: 'promote',
    reason: /^better than/mu,
  },
  {
    // Each slice of 80 rows has p between 0.0125 and 0.025 alone: enough for one slice, too much for five.
    sentence: 'five critical slices need more than one does: Holm',
    contest: {
      policy: { critical_slices: [{ slice: 'label' }], margin: 0.055 },
      opponents: [against({ both: 400, wins: 0, losses: 0, neither: 0 })],
    },
    kind: 'hold',
    reason: /^critical slice label = label 0: .+Holm-adjusted p = 0\.0/mu,
  },
  {
    sentence: 'one critical slice of the same size is within the same margin',
    contest: {
      policy: { critical_slices: [{ slice: 'label', value: 'label 0' }], margin: 0.055 },
      opponents: [against({ both: 400, wins: 0, losses: 0, neither: 0 })],
    },
    kind: 'promote',
    reason: /^not worse than/mu,
  },
  {
    sentence: 'answers that take too long hold',
    contest: {
      policy: { max_latency_p95_ms: 500 },
      opponents: [against(better)],
      latencyP95Ms: 700,
    },
    kind: 'hold',
    reason: /^the candidate takes 700 ms at the 95th percentile, and the recipe allows 500 ms$/mu,
  },
  {
    sentence: 'answers that are fast enough pass',
    contest: {
      policy: { max_latency_p95_ms: 700 },
      opponents: [against(better)],
      latencyP95Ms: 700,
    },
    kind: 'promote',
    reason: /^better than/mu,
  },
  {
    sentence: 'one answer whose time was not measured leaves open whether answers are fast enough',
    contest: {
      policy: { max_latency_p95_ms: 700 },
      opponents: [against(better)],
      candidateRows: (index) => (index === 7 ? { latencyMs: 0 } : {}),
    },
    kind: 'hold',
    reason: /^the time of 1 of 400 answers of the candidate was not measured$/mu,
  },
  {
    sentence: 'a candidate that is asked in batches is never fast enough, whatever its times',
    contest: {
      policy: { max_latency_p95_ms: 700 },
      opponents: [against(better)],
      candidateArm: { endpoint: baselineSchema.parse({ provider: 'openai', model: 'm', batch: true }) },
    },
    kind: 'hold',
    reason: /^the candidate was asked in batches, which say nothing/mu,
  },
  {
    // 36 s at 1 USD an hour are a cent for 400 rows; the baseline asks 4 cents.
    sentence: 'a quarter of the cost is within half of it',
    contest: {
      policy: { max_cost_ratio: 0.5 },
      usdPerHour: 1,
      opponents: [against(better, { costUsd: 0.04 })],
    },
    kind: 'promote',
    reason: /^better than/mu,
  },
  {
    sentence: 'a quarter of the cost is not within a fifth of it',
    contest: {
      policy: { max_cost_ratio: 0.2 },
      usdPerHour: 1,
      opponents: [against(better, { costUsd: 0.04 })],
    },
    kind: 'hold',
    reason:
      /^the candidate costs \$0\.0250 a thousand rows, 0\.25 times the \$0\.100 of .+ at most 0\.2 times is allowed$/mu,
  },
  {
    sentence: 'of two deciding baselines the cheaper is the measure of cost',
    contest: {
      policy: { max_cost_ratio: 0.5 },
      usdPerHour: 1,
      opponents: [baseline('dear', better, { costUsd: 4 }), baseline('cheap', better, { costUsd: 0.01 })],
    },
    kind: 'hold',
    reason: /1\.00 times the \$0\.0250 of cheap/mu,
  },
  {
    sentence: 'a cost limit without a price of the baseline holds and says so',
    contest: {
      policy: { max_cost_ratio: 0.5 },
      usdPerHour: 1,
      opponents: [against(better, { costUsd: null })],
    },
    kind: 'hold',
    reason: /^the cost ratio is unknown: gpt-synthetic \(openai\) has no price/mu,
  },
  {
    sentence: 'a cost limit without a price of our own machine holds and says so',
    contest: {
      policy: { max_cost_ratio: 0.5 },
      opponents: [against(better, { costUsd: 0.04 })],
    },
    kind: 'hold',
    reason: /^the cost ratio is unknown: evaluate\.serving\.usd_per_hour is not set/mu,
  },
  {
    sentence: 'a cost limit holds when every answer of the candidate comes from an earlier run',
    contest: {
      policy: { max_cost_ratio: 0.5 },
      usdPerHour: 1,
      opponents: [against(better, { costUsd: 0.04 })],
      candidateRows: () => ({ cached: true }),
    },
    kind: 'hold',
    reason: /come from earlier runs, so that their time was not measured$/mu,
  },
  {
    sentence: 'a forgetting suite on which little is lost passes',
    contest: {
      policy: { forgetting: { budget: 0.05 } },
      opponents: [against(better)],
      guards: [guard('forgetting', 1)],
    },
    kind: 'promote',
    reason: /^better than/mu,
  },
  {
    sentence: 'a forgetting suite on which the loss may exceed the budget holds',
    contest: {
      policy: { forgetting: { budget: 0.05 } },
      opponents: [against(better)],
      guards: [guard('forgetting', 8)],
    },
    kind: 'hold',
    reason:
      /^on the forgetting suite built-in forgetting \(200 rows\) .+ −4\.0 points, .+: a loss below 5 points is not shown$/mu,
  },
  {
    sentence: 'a forgetting suite that was not asked holds',
    contest: {
      policy: { forgetting: { budget: 0.05 } },
      opponents: [against(better)],
    },
    kind: 'hold',
    reason: /^the suite for forgetting was not asked$/mu,
  },
  {
    sentence: 'a forgetting suite that the base did not finish holds',
    contest: {
      policy: { forgetting: { budget: 0.05 } },
      opponents: [against(better)],
      guards: [guard('forgetting', 0, 2)],
    },
    kind: 'hold',
    reason: /^forgetting is unknown: the untuned base gave no answer to 2 of 200 rows/mu,
  },
  {
    sentence: 'a guard that nobody asked for decides nothing',
    contest: {
      opponents: [against(better)],
      guards: [guard('forgetting', 100)],
    },
    kind: 'promote',
    reason: /^better than/mu,
  },
  {
    sentence: 'a safety suite that the candidate handles worse holds',
    contest: {
      policy: { refusals: { max_increase: 0.02 } },
      opponents: [against(better)],
      guards: [guard('refusals', 10)],
    },
    kind: 'hold',
    reason: /^on the safety suite built-in refusals/mu,
  },
  {
    sentence: 'a safety suite that the candidate handles as before passes',
    contest: {
      policy: { refusals: { max_increase: 0.02 } },
      opponents: [against(better)],
      guards: [guard('refusals', 0)],
    },
    kind: 'promote',
    reason: /^better than/mu,
  },
  {
    sentence: 'more unreadable answers than the baseline hold',
    contest: {
      policy: { max_parse_failure_increase: 0.02 },
      opponents: [against(better)],
      candidateRows: unreadable(390, 400),
    },
    kind: 'hold',
    reason: /^2\.5 % of the candidate’s answers are unreadable.+: a rise below 2 points is not shown$/mu,
  },
  {
    sentence: 'as many unreadable answers as the baseline pass',
    contest: {
      policy: { max_parse_failure_increase: 0.02 },
      opponents: [against(better)],
      rows: unreadable(390, 400),
    },
    kind: 'promote',
    reason: /^better than/mu,
  },
  {
    sentence: 'answers that were refused count as unreadable',
    contest: {
      policy: { max_parse_failure_increase: 0.02 },
      opponents: [against(better)],
      candidateRows: (index) => ({ refused: index >= 390 }),
    },
    kind: 'hold',
    reason: /a rise below 2 points is not shown$/mu,
  },
  {
    sentence: 'a training row among the test rows holds',
    contest: {
      leakage: { rows: 3, of: 400 },
      opponents: [against(better)],
    },
    kind: 'hold',
    reason: /^3 of 400 test rows are also among the training rows$/mu,
  },
  {
    sentence: 'no training row among the test rows passes',
    contest: {
      leakage: { rows: 0, of: 400 },
      opponents: [against(better)],
    },
    kind: 'promote',
    reason: /^better than/mu,
  },
  {
    sentence: 'an objection from outside holds',
    contest: {
      objections: ['the licence does not allow this'],
      opponents: [against(better)],
    },
    kind: 'hold',
    reason: /^the licence does not allow this$/mu,
  },
  {
    sentence: 'against all: a strong baseline rejects though it is not the flagship',
    contest: {
      opponents: [
        baseline('first', better),
        baseline('strong', { both: 370, wins: 0, losses: 20, neither: 10 }, { rows: () => ({}) }),
      ],
    },
    kind: 'reject',
    reason: /^worse than strong/mu,
  },
  {
    sentence: 'against the flagship: a baseline that is not as good as the flagship does not decide',
    contest: {
      policy: { against: flagship },
      usdPerHour: 1,
      opponents: [
        baseline('big', even, { costUsd: 1 }),
        baseline('poor', { both: 460, wins: 460, losses: 20, neither: 60 }, { costUsd: null }),
      ],
    },
    kind: 'promote',
    reason: /^not worse than big/mu,
  },
  {
    sentence: 'against the flagship: of those as good the cheapest decides too, and the candidate must be cheaper',
    contest: {
      policy: { against: flagship },
      usdPerHour: 1,
      opponents: [baseline('big', even, { costUsd: 10 }), baseline('small', even, { costUsd: 0.005 })],
    },
    kind: 'hold',
    reason: /^the candidate costs .+ 2\.00 times the .+ of small, and at most 1 times is allowed$/mu,
  },
  {
    sentence: 'against the flagship: a candidate that is as good as both and cheaper than the cheapest is promoted',
    contest: {
      policy: { against: flagship },
      usdPerHour: 1,
      opponents: [baseline('big', even, { costUsd: 10 }), baseline('small', even, { costUsd: 0.1 })],
    },
    kind: 'promote',
    reason: /^not worse than small/mu,
  },
  {
    sentence: 'against the flagship: unknown cost of a sufficient baseline holds',
    contest: {
      policy: { against: flagship },
      usdPerHour: 1,
      opponents: [baseline('big', even, { costUsd: 10 }), baseline('small', even, { costUsd: null })],
    },
    kind: 'hold',
    reason: /^the cheapest sufficient baseline cannot be named: small has no price/mu,
  },
  {
    sentence: 'the baseline that is marked is the flagship, not the first',
    contest: {
      policy: { against: flagship },
      usdPerHour: 1,
      opponents: [
        baseline('poor', { both: 460, wins: 460, losses: 20, neither: 60 }, { costUsd: 0.001 }),
        baseline('big', even, { costUsd: 1, arm: { flagship: true } }),
      ],
    },
    kind: 'promote',
    reason: /^not worse than big/mu,
  },
  {
    sentence: 'a champion decides beside the flagship',
    contest: {
      policy: { against: flagship },
      usdPerHour: 1,
      opponents: [
        baseline('big', better, { costUsd: 10 }),
        against({ both: 380, wins: 0, losses: 20, neither: 0 }, { kind: 'champion' }),
      ],
    },
    kind: 'reject',
    reason: /^worse than champion/mu,
  },
  {
    sentence: 'a baseline that lost answers holds although it does not decide',
    contest: {
      policy: { against: flagship },
      usdPerHour: 1,
      opponents: [
        baseline('big', even, { costUsd: 1 }),
        baseline('poor', even, {
          costUsd: 1,
          rows: (index) => (index < 500 ? { answer: null, parsed: null, score: 0, error: 'timeout' } : {}),
        }),
      ],
    },
    kind: 'hold',
    reason: /^baseline incomplete: poor gave no answer to 500 of 1000 rows$/mu,
  },
  {
    sentence: 'sequential: a baseline that was asked until the matter was clear is beaten on those rows',
    contest: {
      policy: { sequential: { enabled: true } },
      opponents: [against(sweeping, { asked: 100 })],
    },
    kind: 'promote',
    reason:
      /^better than .+ confidence sequence by betting over 100 rows, and Tango score interval; 100 rows won and 0 lost/mu,
  },
  {
    sentence: 'sequential: a contest that is open after all rows holds',
    contest: { policy: { sequential: { enabled: true } }, opponents: [against(open)] },
    kind: 'hold',
    reason: /^not shown to be within 3 points .+ confidence sequence by betting over 160 rows/mu,
  },
  {
    sentence: 'sequential: stopping before the rows that the policy asks for holds',
    contest: {
      policy: { sequential: { enabled: true }, min_rows: 150 },
      opponents: [against(sweeping, { asked: 100 })],
    },
    kind: 'hold',
    reason: /^only 100 held-out rows, the recipe asks for at least 150$/mu,
  },
  {
    sentence: 'a classical classifier that is as good as the candidate changes no verdict',
    contest: {
      opponents: [against(better), against(even400(), { kind: 'classical' })],
    },
    kind: 'promote',
    reason: /^better than/mu,
  },
];

/** As good as the candidate of `better` on its 400 rows. */
function even400(): Counts {
  return { both: 370, wins: 10, losses: 10, neither: 10 };
}

describe('the gate under every policy', () => {
  test.each(cases)('$sentence', ({ contest, kind, reason }) => {
    const found = judgeContest(contest);
    expect(found.reasons.join('\n')).toMatch(reason);
    expect(found.kind).toBe(kind);
    expect(verdictSchema.parse(found)).toEqual(found);
  });
});

function remarksBeside(counts: Counts, lost = 0): string {
  const rows = (index: number): Partial<RowResult> =>
    index < lost ? { answer: null, parsed: null, score: 0, error: 'timeout' } : {};
  return judgeContest({ opponents: [against(better), against(counts, { kind: 'classical', rows })] }).remarks.join(
    '\n',
  );
}

describe('the record of a verdict', () => {
  test('holds the policy, every check with its numbers, and the digest of every input', () => {
    const found = judgeContest({
      policy: { max_latency_p95_ms: 900, forgetting: { budget: 0.05 } },
      opponents: [against(better)],
      guards: [guard('forgetting', 1)],
      latencyP95Ms: 700,
    });
    expect(found.policy).toMatchObject({ max_latency_p95_ms: 900, margin: 0.03 });
    expect(found.checks.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual([
      'min_rows passed',
      'completeness passed',
      'forgetting passed',
      'latency passed',
    ]);
    expect(found.checks.at(-1)).toMatchObject({ measured: 700, limit: 900, unit: 'ms' });
    expect(Object.keys(found.inputs)).toEqual([
      'suite',
      'policy',
      'scorecard:candidate',
      'results:candidate',
      'scorecard:baseline',
      'results:baseline',
      'forgetting:suite',
      'forgetting:scorecard:candidate',
      'forgetting:scorecard:base',
    ]);
    expect(found.procedure).toMatch(/^gate\/\d+$/u);
    expect(found.deciding[0]).toMatchObject({ value: { candidate: 0.95, other: 0.775 }, clusters: null, eValue: null });
    expect(found.deciding[0]?.p).toBeLessThan(1e-6);
    expect(found.deciding[0]?.power).toContain('% probability');
  });

  test('compares slices with adjusted p values: Holm where critical, Benjamini and Hochberg elsewhere', () => {
    const { slices, multiplicity } = judgeContest({
      policy: { critical_slices: [{ slice: 'difficulty' }] },
      suiteSlices: ['label'],
      rows: difficulty(20),
      opponents: [against(better)],
    });
    expect(slices.map(({ slice, value, adjustment, n }) => [slice, value, adjustment, n])).toEqual([
      ['difficulty', 'easy', 'holm', 380],
      ['difficulty', 'hard', 'holm', 20],
      ...[0, 1, 2, 3, 4].map((label) => ['label', `label ${label}`, 'benjamini_hochberg', 80]),
    ]);
    const [easy, hard] = slices;
    expect(easy).toMatchObject({ conclusion: 'non_inferior', candidate: 1 });
    expect(easy?.adjustedP).toBeCloseTo(2 * (easy?.p ?? 1), 12);
    expect(hard).toMatchObject({ conclusion: 'worse', candidate: 0, other: 0.5 });
    expect(multiplicity).toContain('2 comparisons on critical slices are adjusted by Holm');
    expect(multiplicity).toContain('5 comparisons on other slices are exploration');
  });

  test('says where no language model is needed, and only there', () => {
    expect(remarksBeside(even400())).toMatch(
      /^no language model is needed for this task: classical is not worse .+ 3 points/u,
    );
    expect(remarksBeside({ both: 200, wins: 180, losses: 0, neither: 20 })).toBe('');
    expect(remarksBeside(even400(), 1)).toBe('');
  });

  test('says where a sequential policy stopped asking, and gives an e-value in place of a p value', () => {
    const sequential = { enabled: true };
    const { remarks, deciding } = judgeContest({
      policy: { sequential },
      opponents: [against(sweeping, { asked: 100 })],
    });
    expect(remarks).toEqual(['gpt-synthetic (openai) was asked the first 100 of 400 rows, which settled it']);
    expect(deciding[0]).toMatchObject({ n: 100, p: null });
    expect(deciding[0]?.eValue).toBeGreaterThan(40);
  });

  test('needs every row of every arm where nobody was to stop early', () => {
    expect(() => judgeContest({ opponents: [against(sweeping, { asked: 100 })] })).toThrow(
      'arm baseline: 300 of 400 rows are missing, first row-00100',
    );
  });

  test('names three vetoes in its sentence and lists all', () => {
    const found = judgeContest({
      opponents: [against(better)],
      objections: ['first', 'second', 'third', 'fourth', 'fifth'],
    });
    expect(found.sentence).toMatch(
      /^Hold because first and because second and because third, and 2 further reasons: /u,
    );
    expect(found.vetoes).toEqual(['first', 'second', 'third', 'fourth', 'fifth']);
  });

  test('of version 0.1.0 can still be read', () => {
    const old = {
      kind: 'promote',
      sentence: 'Promote: it is better.',
      reasons: ['better'],
      rule: 'non_inferior',
      deciding: [
        {
          armId: 'baseline',
          label: 'gpt',
          standIn: false,
          metric: 'exact_match',
          n: 160,
          wins: 35,
          losses: 5,
          difference: 0.1875,
          low: 0.1,
          high: 0.27,
          confidence: 0.95,
          method: 'Tango score interval',
          mcnemarP: 0.001,
          margin: 0.03,
          conclusion: 'superior',
          rowsNeeded: null,
        },
      ],
      reference: [],
      vetoes: [],
      inputs: { suite: syntheticSuite },
    };
    expect(verdictSchema.parse(old)).toMatchObject({ policy: null, procedure: 'gate/1', checks: [], slices: [] });
  });
});
