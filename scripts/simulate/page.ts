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

/** Whether a line keeps its bound, or comes near its formula. */
export function isKept({ setting, outcome }: Line): boolean {
  return setting.question === 'power' ? Math.abs(apartOf(outcome)) <= powerTolerance : outcome.rate <= limit;
}

/** Whether the bound is claimed to hold here. It is not where clusters are too few for power, or for any interval to know. */
export function isClaimed({ setting }: Line): boolean {
  return setting.question !== 'limits' && (setting.question !== 'power' || setting.clusters === null);
}

/** The page as Markdown. `planned` is how many settings there are; a page of fewer says so. */
export function simulationPage(lines: readonly Line[], contests: number, seconds: number, planned: number): string {
  const claimed = lines.filter(isClaimed);
  const rates = claimed.filter(({ setting }) => setting.question !== 'power');
  const highest = Math.max(...rates.map(({ outcome }) => outcome.rate));
  const distances = claimed
    .filter(({ setting }) => setting.question === 'power')
    .map(({ outcome }) => apartOf(outcome));
  const rows = lines.flatMap(({ setting, outcome }) => (setting.kind === 'rows' ? [{ setting, outcome }] : []));
  const atMargin = rows.filter(({ setting }) => setting.question === 'false promotion');
  const one = atMargin.filter(({ setting }) => setting.candidates === 'one');
  const limits = rows.filter(({ setting }) => setting.question === 'limits');
  const groupedPower = lines.filter(({ setting }) => setting.question === 'power' && setting.clusters !== null);
  return `# Simulated contests

Made by \`node scripts/simulate-contests.ts\`; do not edit. All figures are in \`simulation.json\`.

${contests.toLocaleString('en')} contests a setting, ${lines.length} settings, decided by the functions that decide in earnest (\`evals/statistics/\`) at
${100 * confidence} % confidence. Where false promotions are counted, the true difference of every candidate lies on the margin's boundary;
the nominal rate is ${alpha}, the bound ${limit}. The standard error of a rate of ${alpha} is ${Math.sqrt((alpha * (1 - alpha)) / contests).toFixed(4)}. What misses its
bound is in bold. ${seconds.toFixed(0)} s of computing.
${lines.length < planned ? `\n**Not complete:** ${planned - lines.length} settings are still to be computed; their cells are empty.\n` : ''}
- False promotions and false superiority: highest rate ${highest.toFixed(4)}; ${missedOf(rates)} above the bound.
- Power on independent rows: at most ${(100 * Math.max(0, ...distances.map(Math.abs))).toFixed(1)} points from the formula; ${missedOf(claimed.filter(({ setting }) => setting.question === 'power'))} further than ${100 * powerTolerance}.
- **Not claimed:** power in few clusters (${missedOf(groupedPower)} further than ${100 * powerTolerance} points from the formula), and false promotions
  where few large clusters fail as a whole (${missedOf(limits)} above the bound).

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

Beyond what is claimed: twenty clusters of 200 rows, of which few repeat one difference as a whole. Most contests hold no
cluster that was lost as a whole, and nothing in their rows tells of any. Of twenty clusters without one, as many as
17 % of all may still be such (0.83²⁰ = 0.025): an interval that allowed for it could promote nobody within these margins. Who expects such failures should bring more clusters, not more rows in each.

${pivot(
  limits,
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
clusters; independent rows are as many as it plans for 80 % and 90 %. In clusters power is lost on purpose: a cluster worse than
those seen is allowed for. Rows that a verdict asks for are reckoned there from the interval found, not from this formula.

| scores | margin | rows | clusters | ICC | formula | found | apart |
| ------ | -----: | ---: | -------: | --: | ------: | ----: | ----: |
${rows
  .filter(({ setting }) => setting.question === 'power')
  .map((line) => {
    const { setting, outcome } = line;
    const formula = outcome.formula ?? Number.NaN;
    const apart = apartOf(outcome).toFixed(3);
    const cells = [
      setting.shape.label,
      setting.margin,
      outcome.rows,
      setting.clusters?.count ?? '',
      setting.clusters?.icc ?? '',
    ];
    return `| ${cells.join(' | ')} | ${formula.toFixed(3)} | ${outcome.rate.toFixed(3)} | ${isKept(line) ? apart : `**${apart}**`} |`;
  })
  .join('\n')}
`;
}

function apartOf({ rate, formula }: Outcome): number {
  return rate - (formula ?? Number.NaN);
}

function missedOf(lines: readonly Line[]): string {
  return `${lines.filter((line) => !isKept(line)).length} of ${lines.length}`;
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
    return line !== undefined && !isKept(line) ? `**${rate}**` : rate;
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
