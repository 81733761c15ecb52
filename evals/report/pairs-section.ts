// The candidate against each other arm, row by row: differences, rows won and lost, and the counts behind them.
import { metricFacts } from '../../domain/metrics.ts';
import type { Comparison } from '../../domain/verdict.ts';
import { pText } from '../numbers-in-words.ts';
import type { Answers } from './answers.ts';
import { candidateOf, comparisonsOf, decidingMetric } from './contest.ts';
import { standInTag } from './contest-section.ts';
import { figure } from './figure.ts';
import { whole } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { confidenceText, differenceText, differenceTitle, metricAxis, rangeText } from './metric-text.ts';
import { differencePlot } from './plots/difference-plot.ts';
import { pairsPlot } from './plots/pairs-plot.ts';
import { plotName, roleOf } from './plots/plot-arms.ts';
import type { ReportData } from './report-data.ts';
import { table } from './table.ts';

/** Differences with the margin, wins and losses, and both in numbers. */
export async function pairsSection(data: ReportData): Promise<Html> {
  const { verdict, arms } = data;
  const comparisons = comparisonsOf(verdict);
  const all = arms.map(({ scorecard }) => scorecard.arm);
  const name = (each: Comparison): string => plotName({ ...each, id: each.armId }, all);
  const metric = decidingMetric(verdict);
  const { factor } = metricAxis(metric);
  const points = comparisons.map((each) => ({
    arm: name(each),
    role: roleOf(all.find(({ id }) => id === each.armId) ?? { id: each.armId, kind: 'baseline' }, verdict.deciding),
    value: each.difference * factor,
    low: each.low * factor,
    high: each.high * factor,
  }));
  const margin = (comparisons[0]?.margin ?? 0) * factor;
  const differences = await figure(
    comparisons.map((each) => `${name(each)}: ${differenceText(metric, each.difference)}, ${range(each)}`).join('; '),
    'A bar wholly right of the dashed margin: not worse. Wholly right of “equal”: better. Wholly left of it: worse.',
    (width) => differencePlot(points, { title: differenceTitle(metric), margin }, width),
  );
  const bars = comparisons.map((each) => ({ arm: name(each), wins: each.wins, losses: each.losses }));
  const pairs = await figure(
    bars.map(({ arm, wins, losses }) => `${arm}: ${wins} rows won, ${losses} lost`).join('; '),
    'Rows on which the candidate scores higher (right) or lower (left). Rows on which both score the same are not drawn.',
    (width) => pairsPlot(bars, width),
  );
  return html`<section aria-labelledby="pairs">
    <h2 id="pairs">The candidate against each other arm</h2>
    <p class="note">The same rows, pair by pair. The margin is how much worse still counts as not worse.</p>
    ${differences} ${pairs} ${pairsTable(data, comparisons)} ${intervalsTable(comparisons)}
    ${comparisons.map(({ label, power }) =>
      power === null ? null : html`<p class="note"><strong>Power against ${label}.</strong> ${capital(power)}.</p>`,
    )}
  </section>`;
}

/** Rows by who has them right: the two-by-two table of each comparison as one line. */
export interface PairTable {
  readonly bothRight: number;
  readonly higher: number;
  readonly lower: number;
  readonly bothWrong: number;
  /** Equal, and neither right nor wrong: graded scores alone have these. */
  readonly equal: number;
}

/** Counts pairs of scores of the rows that both were asked. */
export function countPairTable(candidate: Answers, other: Answers): PairTable {
  const counts = { bothRight: 0, higher: 0, lower: 0, bothWrong: 0, equal: 0 };
  candidate.score.forEach((ours, row) => {
    const theirs = other.score[row] ?? Number.NaN;
    if (Number.isNaN(ours) || Number.isNaN(theirs)) {
      return;
    }
    if (ours !== theirs) {
      counts[ours > theirs ? 'higher' : 'lower'] += 1;
    } else {
      counts[ours === 1 ? 'bothRight' : ours === 0 ? 'bothWrong' : 'equal'] += 1;
    }
  });
  return counts;
}

function pairsTable(data: ReportData, comparisons: readonly Comparison[]): Html {
  if (metricFacts[decidingMetric(data.verdict)].shape === 'paired') {
    return preferencesTable(comparisons);
  }
  const candidate = candidateOf(data);
  const counted = comparisons.flatMap((each) => {
    const other = data.arms.find(({ scorecard }) => scorecard.arm.id === each.armId);
    return other === undefined ? [] : [{ each, counts: countPairTable(candidate.answers, other.answers) }];
  });
  const graded = counted.some(({ counts }) => counts.equal > 0);
  const columns = [
    { title: 'Against' },
    { title: 'Both right', numeric: true },
    { title: graded ? 'Candidate higher' : 'Only the candidate', numeric: true },
    { title: graded ? 'Candidate lower' : 'Only the other', numeric: true },
    { title: 'Both wrong', numeric: true },
    ...(graded ? [{ title: 'Equal, partly right', numeric: true }] : []),
    { title: 'Rows', numeric: true },
    { title: 'McNemar', numeric: true },
  ];
  const rows = counted.map(({ each, counts }) => {
    const cells = [
      html`${each.label} ${standInTag(each)}`,
      whole(counts.bothRight),
      whole(counts.higher),
      whole(counts.lower),
      whole(counts.bothWrong),
    ];
    return cells.concat(graded ? whole(counts.equal) : [], whole(each.n), pText(each.mcnemarP));
  });
  return table('Rows by who has them right', columns, rows);
}

/** Of judges nobody is right: they prefer one answer, the other, or neither. */
function preferencesTable(comparisons: readonly Comparison[]): Html {
  const columns = [
    { title: 'Against' },
    { title: 'Candidate preferred', numeric: true },
    { title: 'Other preferred', numeric: true },
    { title: 'Ties', numeric: true },
    { title: 'Rows', numeric: true },
    { title: 'Sign test', numeric: true },
  ];
  const rows = comparisons.map((each) => [
    html`${each.label} ${standInTag(each)}`,
    whole(each.wins),
    whole(each.losses),
    whole(each.n - each.wins - each.losses),
    whole(each.n),
    pText(each.mcnemarP),
  ]);
  return table('Rows by whose answer judges prefer', columns, rows);
}

function intervalsTable(comparisons: readonly Comparison[]): Html {
  const columns = [
    { title: 'Against' },
    { title: 'Difference', numeric: true },
    { title: 'One-sided p', numeric: true },
    { title: 'Rows', numeric: true },
    { title: 'Finding' },
    { title: 'Interval' },
  ];
  const rows = comparisons.map((each) => [
    html`${each.label} ${standInTag(each)}`,
    html`${differenceText(each.metric, each.difference)} <span class="range">${range(each)}</span>`,
    each.p === null ? 'not recorded' : pText(each.p),
    each.clusters === null ? whole(each.n) : `${whole(each.n)} in ${whole(each.clusters)} groups`,
    findings[each.conclusion],
    each.eValue === null ? each.method : `${each.method}; e-value ${Number(each.eValue.toPrecision(3))}`,
  ]);
  return table('Differences with their intervals and what they show', columns, rows);
}

const findings = { superior: 'better', non_inferior: 'not worse', inconclusive: 'open', worse: 'worse' } as const;

function range(each: Comparison): string {
  return `${confidenceText(each.confidence)}: ${rangeText(each.metric, each)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
