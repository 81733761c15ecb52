// How the arms fared: plots, the table of arms and the table of pairs.
import type { Interval, Scorecard } from '../../domain/scorecard.ts';
import type { Comparison } from '../../domain/verdict.ts';
import { pText } from '../numbers-in-words.ts';
import { figure } from './figure.ts';
import { dollars, latency, percent, signedPoints, whole } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { accuracyPlot, differencePlot } from './plots.ts';
import type { ReportData } from './report-data.ts';
import { table } from './table.ts';

/** Exact match of all arms and the candidate's difference to each, drawn and in numbers. */
export async function contestSection({ arms, verdict }: ReportData): Promise<Html> {
  const scorecards = arms.map(({ scorecard }) => scorecard);
  const comparisons = [...verdict.deciding, ...verdict.reference];
  const accuracy = await figure(
    scorecards.map((card) => `${card.arm.label}: ${interval(card.metrics.exact_match)}`).join('; '),
    'Point: share of rows answered exactly. Bar: 95 % interval. Blue: the candidate; orange: the arms it must beat.',
    (width) => accuracyPlot(scorecards, width),
  );
  const differences = await figure(
    comparisons.map((each) => `${each.label}: ${signedPoints(each.difference)} points, ${range(each)}`).join('; '),
    'A bar wholly right of the dashed margin: not worse. Wholly right of “equal”: better. Wholly left of it: worse.',
    (width) => differencePlot(comparisons, width),
  );
  return html`<section aria-labelledby="contest">
      <h2 id="contest">All arms on the same rows</h2>
      ${accuracy} ${armsTable(scorecards)}
    </section>
    <section aria-labelledby="pairs">
      <h2 id="pairs">The candidate against each other arm</h2>
      <p class="note">The same rows, pair by pair. The margin is how much worse still counts as not worse.</p>
      ${differences} ${pairsTable(comparisons)}
    </section>`;
}

/** The arm's name, its kind, and the word stand-in where it is one. */
function armName({ arm }: Scorecard): Html {
  const kind = arm.shots > 0 ? `${arm.kind.replace('_', '-')}, ${arm.shots} examples` : arm.kind.replace('_', '-');
  return html`${arm.label} ${standInTag(arm)} <span class="kind">${kind}</span>`;
}

/** Says stand-in, unless the label says so already. */
function standInTag({ label, standIn }: { label: string; standIn: boolean }): Html | null {
  return standIn && !label.includes('stand-in') ? html`<span class="tag">stand-in</span>` : null;
}

function armsTable(scorecards: readonly Scorecard[]): Html {
  const columns = [
    { title: 'Arm' },
    { title: 'Rows', numeric: true },
    { title: 'Exact match', numeric: true },
    { title: 'Macro-F1', numeric: true },
    { title: 'Unreadable', numeric: true },
    { title: 'No answer', numeric: true },
    { title: 'Latency p50 / p95', numeric: true },
    { title: 'Tokens in / out', numeric: true },
    { title: 'Cost', numeric: true },
  ];
  const rows = scorecards.map((card) => [
    armName(card),
    whole(card.n),
    withRange(card.metrics.exact_match),
    withRange(card.metrics.macro_f1),
    whole(card.parseFailures),
    whole(card.errors),
    `${latency(card.latencyMs.p50)} / ${latency(card.latencyMs.p95)}`,
    `${whole(card.tokens.prompt)} / ${whole(card.tokens.completion)}`,
    dollars(card.costUsd),
  ]);
  return table('Metrics, failures, latency, tokens and cost of every arm', columns, rows);
}

function pairsTable(comparisons: readonly Comparison[]): Html {
  const columns = [
    { title: 'Against' },
    { title: 'Wins', numeric: true },
    { title: 'Losses', numeric: true },
    { title: 'Ties', numeric: true },
    { title: 'Difference, points', numeric: true },
    { title: 'McNemar', numeric: true },
    { title: 'Finding' },
    { title: 'Interval' },
  ];
  const rows = comparisons.map((each) => [
    html`${each.label} ${standInTag(each)}`,
    whole(each.wins),
    whole(each.losses),
    whole(each.n - each.wins - each.losses),
    html`${signedPoints(each.difference)} <span class="range">${range(each)}</span>`,
    pText(each.mcnemarP),
    finding(each),
    each.method,
  ]);
  return table('Wins, losses and ties of the candidate against every other arm', columns, rows);
}

function finding({ conclusion, rowsNeeded }: Comparison): string {
  const words = { superior: 'better', non_inferior: 'not worse', inconclusive: 'open', worse: 'worse' } as const;
  return rowsNeeded === null ? words[conclusion] : `${words[conclusion]}; about ${whole(rowsNeeded)} more rows needed`;
}

function withRange(found: Interval | undefined): Html | string {
  if (found === undefined) {
    return 'not scored';
  }
  return html`${percent(found.value)}
    <span class="range">${(found.low * 100).toFixed(1)} to ${(found.high * 100).toFixed(1)}</span>`;
}

function interval(found: Interval | undefined): string {
  return found === undefined
    ? 'not scored'
    : `${percent(found.value)} (${percent(found.low)} to ${percent(found.high)})`;
}

function range({ low, high, confidence }: Comparison): string {
  return `${Number((confidence * 100).toFixed(1))} %: ${signedPoints(low)} to ${signedPoints(high)}`;
}
