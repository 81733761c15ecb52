// What is simulated: one setting is one line of the table.
import { rowsForNonInferiority } from '../../evals/statistics/sample-size.ts';
import { binary, gradedShapes, varianceOf, type Shape } from './populations.ts';

/** Of the two-sided interval; one side may err with half of the rest. */
export const confidence = 0.95;

export interface Clusters {
  readonly count: number;
  /** Mean rows of a cluster. */
  readonly size: number;
  /** Unequal sizes follow the quantiles of an exponential distribution. */
  readonly sizes: 'equal' | 'unequal';
  /** Correlation of two rows of one cluster. */
  readonly icc: number;
}

/** One candidate; five of which the best on validation rows is confirmed; five that are all tested, by Holm. */
export type Candidates = 'one' | 'five, one chosen' | 'five, Holm';

export interface Setting {
  readonly kind: 'rows';
  /** `limits`: false promotions where no interval of so few clusters can know better; the bound is not claimed. */
  readonly question: 'false promotion' | 'false superiority' | 'power' | 'limits';
  readonly shape: Shape;
  readonly n: number;
  readonly clusters: Clusters | null;
  readonly candidates: Candidates;
  readonly margin: number;
  /** True difference of every candidate to the baseline. */
  readonly difference: number;
}

/** Macro-F1 of two arms that are equally good, by resampling. */
export interface MetricSetting {
  readonly kind: 'metric';
  readonly question: 'false superiority';
  readonly n: number;
  readonly clusters: Clusters | null;
  /** Fewer than in earnest, to keep the time bearable. */
  readonly resamples: number;
}

const independent = [50, 100, 200, 500, 1000, 2000, 5000];
const binaryShapes: readonly (readonly [Shape, number])[] = [
  [binary(0.1), 0.03],
  [binary(0.2), 0.05],
  [binary(0.4), 0.05],
  [binary(0.3), 0.1],
];
const clusterCounts: readonly (readonly [number, number])[] = [
  [5, 10],
  [10, 5],
  [10, 50],
  [20, 10],
  [20, 50],
  [30, 30],
  [50, 10],
  [100, 10],
  [200, 25],
];

/** Every setting, in the order of the table. */
export function allSettings(): (Setting | MetricSetting)[] {
  return [
    ...boundary(),
    ...clustered(),
    ...severalCandidates(),
    ...superiority(),
    ...power(),
    ...metrics(),
    ...limits(),
  ];
}

function boundary(): Setting[] {
  const graded = Object.values(gradedShapes).map((shape) => [shape, 0.05] as const);
  return [...binaryShapes, ...graded].flatMap(([shape, margin]) =>
    independent.map((n) => atMargin({ shape, n, clusters: null, candidates: 'one', margin })),
  );
}

function clustered(): Setting[] {
  const shapes: readonly (readonly [Shape, number])[] = [
    [binary(0.1), 0.03],
    [binary(0.2), 0.05],
    [gradedShapes.ties, 0.05],
    [gradedShapes.judge, 0.05],
  ];
  return shapes.flatMap(([shape, margin]) =>
    clusterCounts.flatMap(([count, size]) =>
      (['equal', 'unequal'] as const).flatMap((sizes) =>
        [0, 0.1, 0.3].map((icc) =>
          atMargin({ shape, n: count * size, clusters: { count, size, sizes, icc }, candidates: 'one', margin }),
        ),
      ),
    ),
  );
}

function severalCandidates(): Setting[] {
  const shapes: readonly (readonly [Shape, number])[] = [
    [binary(0.2), 0.05],
    [gradedShapes.ties, 0.05],
  ];
  const layouts: readonly Pick<Setting, 'n' | 'clusters'>[] = [
    ...[50, 200, 1000, 5000].map((n) => ({ n, clusters: null })),
    ...[20, 50, 200].map((count) => ({
      n: 10 * count,
      clusters: { count, size: 10, sizes: 'unequal' as const, icc: 0.1 },
    })),
  ];
  return (['five, one chosen', 'five, Holm'] as const).flatMap((candidates) =>
    shapes.flatMap(([shape, margin]) =>
      layouts.map(({ n, clusters }) => atMargin({ shape, n, clusters, candidates, margin })),
    ),
  );
}

/** Equal arms must not be called better. */
function superiority(): Setting[] {
  return [binary(0.1), binary(0.3), gradedShapes.even, gradedShapes.judge].flatMap((shape) =>
    [50, 200, 1000].map((n) => ({
      kind: 'rows' as const,
      question: 'false superiority' as const,
      shape,
      n,
      clusters: null,
      candidates: 'one' as const,
      margin: 0,
      difference: 0,
    })),
  );
}

/** Rows as many as the formula plans for 80 % and 90 % power; clusters with its design effect. */
function power(): Setting[] {
  const planned: readonly (readonly [Shape, number])[] = [
    [binary(0.1), 0.02],
    [binary(0.1), 0.03],
    [binary(0.2), 0.03],
    [binary(0.2), 0.05],
    [binary(0.4), 0.05],
    [binary(0.4), 0.1],
    [gradedShapes.even, 0.03],
    [gradedShapes.even, 0.05],
    [gradedShapes.ties, 0.03],
    [gradedShapes.ties, 0.05],
    [gradedShapes.judge, 0.05],
  ];
  const grouped: readonly (readonly [number, number, number])[] = [
    [20, 50, 0],
    [50, 10, 0.1],
    [100, 10, 0.1],
    [200, 10, 0.1],
    [500, 10, 0.1],
  ];
  return [
    ...planned.flatMap(([shape, margin]) =>
      [0.8, 0.9].map((wanted) => {
        const discordance = varianceOf(shape.withMean(0));
        const n = rowsForNonInferiority({ discordance, margin, difference: 0, confidence, power: wanted });
        return powerOf({ shape, margin, n, clusters: null });
      }),
    ),
    ...grouped.map(([count, size, icc]) =>
      powerOf({
        shape: binary(0.2),
        margin: 0.05,
        n: count * size,
        clusters: { count, size, sizes: 'equal' as const, icc },
      }),
    ),
  ];
}

function metrics(): MetricSetting[] {
  const common = { kind: 'metric', question: 'false superiority', resamples: 1000 } as const;
  return [
    { ...common, n: 100, clusters: null },
    { ...common, n: 200, clusters: null },
    { ...common, n: 150, clusters: { count: 30, size: 5, sizes: 'unequal', icc: 0.1 } },
  ];
}

/** Whole large clusters that fail alike, and are so few that most contests hold none of them. */
function limits(): Setting[] {
  const shapes: readonly (readonly [Shape, number])[] = [
    [binary(0.1), 0.03],
    [binary(0.2), 0.05],
  ];
  return shapes.flatMap(([shape, margin]) =>
    [0.1, 0.3, 0.5].map((icc) => {
      const clusters = { count: 20, size: 200, sizes: 'equal', icc } as const;
      const line = atMargin({ shape, n: 4000, clusters, candidates: 'one', margin });
      return Object.assign(line, { question: 'limits' as const });
    }),
  );
}

function powerOf(setting: Pick<Setting, 'shape' | 'margin' | 'n' | 'clusters'>): Setting {
  return { ...setting, kind: 'rows', question: 'power', candidates: 'one', difference: 0 };
}

function atMargin(setting: Omit<Setting, 'kind' | 'question' | 'difference'>): Setting {
  return { ...setting, kind: 'rows', question: 'false promotion', difference: -setting.margin };
}
