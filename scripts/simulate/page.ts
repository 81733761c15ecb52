// docs/benchmarks/simulation.md, from the outcomes of one simulation.
import type { Outcome } from './outcome.ts';
import { confidence, type MetricSetting, type Setting } from './setting.ts';

/** One setting with what came of it. */
export interface Line {
  readonly setting: Setting | MetricSetting;
  readonly outcome: Outcome & { readonly seconds: number };
}

const alpha = Number(((1 - confidence) / 2).toFixed(6));
/** The bound that every rate of false promotions must keep, and how far power may lie from its formula. */
export const limit = Number((alpha + 0.005).toFixed(6));
export const powerTolerance = 0.03;

/** Whether a line keeps its bound; null where none was set. */
export function isKept({ setting, outcome }: Line): boolean | null {
  if (setting.question === 'limits') {
    return null;
  }
  if (setting.question !== 'power') {
    return outcome.rate <= limit;
  }
  const bounded = setting.clusters === null && setting.shape.label.startsWith('binary');
  return bounded ? Math.abs(outcome.rate - (outcome.formula ?? Number.NaN)) <= powerTolerance : null;
}

/** The page as Markdown. */
export function simulationPage(lines: readonly Line[], contests: number, seconds: number): string {
  const rates = lines.filter(({ setting }) => setting.question !== 'power' && setting.question !== 'limits');
  const highest = Math.max(...rates.map(({ outcome }) => outcome.rate));
  const missed = lines.filter((line) => isKept(line) === false).length;
  const rows = lines.flatMap(({ setting, outcome }) => (setting.kind === 'rows' ? [{ setting, outcome }] : []));
  const atMargin = rows.filter(({ setting }) => setting.question === 'false promotion');
  const one = atMargin.filter(({ setting }) => setting.candidates === 'one');
  return `# Simulated contests

Made by \`node scripts/simulate-contests.ts\`; do not edit. All figures are in \`simulation.json\`.

${contests.toLocaleString('en')} contests a setting, ${lines.length} settings, decided by the functions that decide in earnest (\`evals/statistics/\`) at
${100 * confidence} % confidence. Where false promotions are counted, the true difference of every candidate lies on the margin's boundary;
the nominal rate is ${alpha}, the bound ${limit}. The standard error of a rate of ${alpha} is ${Math.sqrt((alpha * (1 - alpha)) / contests).toFixed(4)}. Highest rate found: ${highest.toFixed(4)}.
Settings that miss their bound: ${missed}. ${seconds.toFixed(0)} s of computing.

## False promotions, independent rows

${pivot(
  one.filter(({ setting }) => setting.clusters === null),
  ({ setting }) => `${setting.shape.label}, margin ${setting.margin} | ${setting.shape.description}`,
  'scores | what they are',
  ({ setting }) => `n = ${setting.n}`,
)}

## False promotions, clustered rows

Two rows of a cluster have the correlation ICC: each cluster has a difference of its own, which its rows repeat with the chance
√ICC. Unequal sizes follow an exponential distribution.

${pivot(
  one.filter(({ setting }) => setting.clusters !== null),
  ({ setting: { shape, margin, clusters } }) =>
    `${shape.label}, margin ${margin} | ${clusters?.count} | ${clusters?.size}, ${clusters?.sizes}`,
  'scores | clusters | rows each',
  ({ setting }) => `ICC ${setting.clusters?.icc}`,
)}

Beyond these, without a bound: twenty clusters of 200 rows, of which few repeat one difference as a whole. Most contests hold no
cluster that was lost as a whole, and nothing in their rows tells of any.

${pivot(
  rows.filter(({ setting }) => setting.question === 'limits'),
  ({ setting }) => `${setting.shape.label}, margin ${setting.margin}`,
  'scores',
  ({ setting }) => `ICC ${setting.clusters?.icc}`,
)}

## False promotions, five candidates

All five lie on the boundary and are alike, since they share a baseline. Either the best on as many validation rows is confirmed
on the test rows, or all are tested and Holm corrects. Clusters have 10 rows each on average, unequal, ICC 0.1.

${pivot(
  atMargin.filter(({ setting }) => setting.candidates !== 'one'),
  ({ setting }) => `${setting.candidates} | ${setting.shape.label}, margin ${setting.margin}`,
  'candidates | scores',
  ({ setting }) => (setting.clusters === null ? `n = ${setting.n}` : `${setting.clusters.count} clusters`),
)}

## False superiority

Equal arms, called better. Macro-F1 by ${resamplesOf(lines)} resamples.

| scores | rows | clusters | rate |
| ------ | ---: | -------: | ---: |
${rates
  .filter(({ setting }) => setting.question === 'false superiority')
  .map(
    ({ setting, outcome }) =>
      `| ${setting.kind === 'metric' ? 'macro-F1, four labels' : setting.shape.label} | ${outcome.rows} | ${setting.clusters?.count ?? ''} | ${outcome.rate.toFixed(4)} |`,
  )
  .join('\n')}

## Power

Equal arms, shown to be not worse. The formula is the large-sample one behind the further rows that a verdict names, with the design effect for
clusters; independent rows are as many as it plans for 80 % and 90 %. For right or wrong answers on independent rows the bound is
${100 * powerTolerance} points. Graded scores with many ties and clusters lose power on purpose: what was not seen is allowed for.

| scores | margin | rows | clusters | ICC | formula | found | apart |
| ------ | -----: | ---: | -------: | --: | ------: | ----: | ----: |
${rows
  .filter(({ setting }) => setting.question === 'power')
  .map(({ setting, outcome }) => {
    const formula = outcome.formula ?? Number.NaN;
    const cells = [
      setting.shape.label,
      setting.margin,
      outcome.rows,
      setting.clusters?.count ?? '',
      setting.clusters?.icc ?? '',
    ];
    return `| ${cells.join(' | ')} | ${formula.toFixed(3)} | ${outcome.rate.toFixed(3)} | ${(outcome.rate - formula).toFixed(3)} |`;
  })
  .join('\n')}
`;
}

/** One row for each key, one column for each column name, rates in the cells; a rate above the bound is bold. */
function pivot<L extends Line>(
  lines: readonly L[],
  rowOf: (line: L) => string,
  head: string,
  columnOf: (line: L) => string,
): string {
  const columns = [...new Set(lines.map(columnOf))];
  const byRow = Map.groupBy(lines, rowOf);
  const cell = (line: L | undefined): string => {
    const rate = line?.outcome.rate.toFixed(4) ?? '';
    return line !== undefined && isKept(line) === false ? `**${rate}**` : rate;
  };
  const dashes = [...head.split('|').map(() => '---'), ...columns.map(() => '---:')].join(' | ');
  const body = [...byRow].map(
    ([row, members]) =>
      `| ${[row, ...columns.map((column) => cell(members.find((line) => columnOf(line) === column)))].join(' | ')} |`,
  );
  return [`| ${head} | ${columns.join(' | ')} |`, `| ${dashes} |`, ...body].join('\n');
}

function resamplesOf(lines: readonly Line[]): string {
  const resamples = lines.flatMap(({ setting }) => (setting.kind === 'metric' ? [setting.resamples] : []));
  return [...new Set(resamples)].map((count) => count.toLocaleString('en')).join(' and ');
}
