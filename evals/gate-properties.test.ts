// What must hold of every verdict, on random contests.
import { describe, expect, test } from 'vitest';
import { gateSchema, type GateRecipe } from '../domain/recipe-gate.ts';
import type { Metric } from '../domain/metrics.ts';
import type { RowResult } from '../domain/scorecard.ts';
import type { Comparison, Verdict } from '../domain/verdict.ts';
import type { Contestant } from './compare.ts';
import { decide } from './gate.ts';
import { createRandom, randomInteger, shuffled, type Random } from './statistics/random.ts';
import { syntheticArm, syntheticContestant, syntheticResult, syntheticSuite } from './synthetic.ts';

interface Sides {
  readonly candidate: readonly RowResult[];
  readonly opponents: readonly (readonly RowResult[])[];
}

/** Rows that are right by chance, with groups, slices and graded scores; the arms differ by a few points. */
function randomSides(random: Random, rows: number, grouped: boolean): Sides {
  const skill = 0.4 + 0.4 * random();
  const arm = (better: number): RowResult[] =>
    Array.from({ length: rows }, (_, index) =>
      syntheticResult(index, random() < skill + better, {
        scores: { rouge_l: Math.round(20 * random()) / 20 },
        slices: { difficulty: index % 3 === 0 ? 'hard' : 'easy' },
        ...(grouped ? { group: `g${index % 25}` } : {}),
      }),
    );
  return { candidate: arm(0.2 * random() - 0.05), opponents: [arm(0), arm(0.1 * random() - 0.05)] };
}

function contestants({ candidate, opponents }: Sides, scorers: readonly Metric[], names = ['first', 'second']) {
  return {
    candidate: syntheticContestant(syntheticArm('candidate'), candidate, scorers),
    others: opponents.map((rows, index): Contestant => {
      const name = names[index] ?? 'unnamed';
      return syntheticContestant(syntheticArm('baseline', { id: name, label: name }), rows, scorers);
    }),
  };
}

function judge(sides: Sides, policy: GateRecipe, names?: string[]): Verdict {
  const scorers = [policy.metric];
  return decide({ policy, suite: syntheticSuite, ...contestants(sides, scorers, names) });
}

/** Everything that was found, without names and digests. */
function findings({ kind, deciding, slices, checks }: Verdict) {
  return {
    kind,
    deciding: deciding.map((comparison) => withoutNames(comparison)),
    slices: slices.map(({ armId: _armId, ...slice }) => slice),
    checks: checks.map(({ check, outcome, measured }) => ({ check, outcome, measured })),
  };
}

function withoutNames({ armId: _armId, label: _label, ...found }: Comparison) {
  return found;
}

const policies: readonly (readonly [string, GateRecipe, boolean])[] = [
  ['exact match', gateSchema.parse({}), false],
  ['exact match in groups', gateSchema.parse({ max_parse_failure_increase: 0.1 }), true],
  ['a graded metric in groups', gateSchema.parse({ metric: 'rouge_l', margin: 0.1 }), true],
  ['macro-F1', gateSchema.parse({ metric: 'macro_f1', margin: 0.1 }), false],
  ['critical slices', gateSchema.parse({ critical_slices: [{ slice: 'difficulty' }], margin: 0.1 }), false],
];

describe('a verdict', () => {
  test.each(policies)('under %s does not depend on the order of the rows', (_, policy, grouped) => {
    const random = createRandom(11);
    const sides = randomSides(random, 120, grouped);
    const order = shuffled(
      sides.candidate.map((_row, index) => index),
      random,
    );
    const inOrder = (rows: readonly RowResult[]): RowResult[] => order.flatMap((index) => rows[index] ?? []);
    const moved = { candidate: inOrder(sides.candidate), opponents: sides.opponents.map((rows) => inOrder(rows)) };
    expect(moved.candidate).not.toEqual(sides.candidate);
    expect(findings(judge(moved, policy))).toEqual(findings(judge(sides, policy)));
  });

  test.each(policies)('under %s does not depend on what arms are called', (_, policy, grouped) => {
    const sides = randomSides(createRandom(12), 120, grouped);
    const renamed = findings(judge(sides, policy, ['zz', 'aa']));
    expect(renamed).toEqual(findings(judge(sides, policy)));
  });

  test(
    'of independent rows never improves when right answers of the candidate become wrong',
    { timeout: 30_000 },
    () => {
      const random = createRandom(13);
      const ranks = { reject: 0, hold: 1, promote: 2 } as const;
      const seen = new Set<string>();
      for (let contest = 0; contest < 200; contest += 1) {
        const sides = randomSides(random, 60 + randomInteger(random, 400), false);
        const policy = gateSchema.parse({
          rule: random() < 0.5 ? 'non_inferior' : 'superior',
          margin: 0.02 + 0.1 * random(),
          confidence: 0.8 + 0.19 * random(),
          critical_slices: random() < 0.3 ? [{ slice: 'difficulty', margin: 0.2 }] : [],
          ...(random() < 0.3 ? { max_parse_failure_increase: 0.1 } : {}),
        });
        const before = judge(sides, policy).kind;
        const share = random() ** 3;
        const worse = sides.candidate.map((row) => (row.score === 1 && random() < share ? spoilt(row, random) : row));
        const { kind: after, vetoes } = judge({ ...sides, candidate: worse }, policy);
        seen.add(`${before} ${after}`);
        // A veto holds whatever the scores: it alone may turn a rejection into a hold, and nothing into a promotion.
        const allowed = vetoes.length > 0 ? Math.max(ranks.hold, ranks[before]) : ranks[before];
        expect(ranks[after], `contest ${contest}: ${before} became ${after}`).toBeLessThanOrEqual(allowed);
        expect(vetoes.length > 0 && after === 'promote').toBe(false);
      }
      // The random contests are no proof unless they hold every kind of fall.
      expect([...seen]).toEqual(
        expect.arrayContaining(['promote promote', 'promote hold', 'promote reject', 'hold hold', 'hold reject']),
      );
    },
  );
});

/** Wrong, unreadable or missing. */
function spoilt(row: RowResult, random: Random): RowResult {
  const wrong = { ...row, score: 0, parsed: 'another label', answer: 'another label' };
  return (
    [wrong, { ...wrong, parsed: null }, { ...wrong, parsed: null, answer: null }][randomInteger(random, 3)] ?? wrong
  );
}
