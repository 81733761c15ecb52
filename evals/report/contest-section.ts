// How the arms fared: all on one axis, and the table of everything that was measured.
import type { Metric } from '../../domain/metrics.ts';
import { metricFacts } from '../../domain/metrics.ts';
import type { Interval, Scorecard } from '../../domain/scorecard.ts';
import { isUnnamedStandIn, metricsOf, opponentOf, shownMetric } from './contest.ts';
import { figure } from './figure.ts';
import { dollars, latency, whole } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { metricAxis, metricText, rangeText } from './metric-text.ts';
import { armsPlot } from './plots/arms-plot.ts';
import type { ArmPoint } from './plots/arms-plot.ts';
import { plotName, roleOf } from './plots/plot-arms.ts';
import type { ReportArm, ReportData } from './report-data.ts';
import { table } from './table.ts';

/** Every arm's metric with its interval, and where the candidate must stay above. */
export async function contestSection(data: ReportData): Promise<Html> {
  const metric = shownMetric(data);
  const points = armPoints(data, metric);
  const { factor, title } = metricAxis(metric);
  const opponent = opponentOf(data);
  const against = opponent?.scorecard.metrics[metric];
  const margin = data.verdict.deciding[0]?.margin ?? 0;
  const line = against === undefined ? null : (against.value - margin) * factor;
  const lowest = Math.min(0, ...points.map(({ low }) => low));
  const drawn = await figure(
    points.map(({ arm, text, low, high }) => `${arm}: ${text} (${low.toFixed(1)} to ${high.toFixed(1)})`).join('; '),
    html`Point: ${metricFacts[metric].label} on ${whole(data.rows.length)} rows. Bar: 95 % interval of this arm alone.
    Circle: the candidate; square: the arms it must beat; diamond: the others.
    ${line === null || opponent === undefined ? null : html`Dashed: ${opponent.scorecard.arm.label} less the margin. The verdict rests on the paired differences below, which are sharper than these bars.`}`,
    (width) => armsPlot(points, { title, line, from: lowest }, width),
  );
  return html`<section aria-labelledby="contest">
    <h2 id="contest">All arms on the same rows</h2>
    ${drawn} ${armsTable(data)}
  </section>`;
}

/** What is known of each arm by a metric, as points of a plot. */
export function armPoints({ arms, verdict }: ReportData, metric: Metric): ArmPoint[] {
  const all = arms.map(({ scorecard }) => scorecard.arm);
  const { factor } = metricAxis(metric);
  return arms.flatMap(({ scorecard: { arm, metrics } }) => {
    const found = metrics[metric];
    return found === undefined
      ? []
      : [
          {
            arm: plotName(arm, all),
            role: roleOf(arm, verdict.deciding),
            value: found.value * factor,
            low: found.low * factor,
            high: found.high * factor,
            text: factor === 1 ? found.value.toFixed(3) : (found.value * factor).toFixed(1),
          },
        ];
  });
}

/** The arm's name, its kind, and the word stand-in where it is one. */
export function armName({ arm }: Pick<Scorecard, 'arm'>): Html {
  const kind = arm.kind.replace('_', '-') + (arm.shots > 0 ? `, ${arm.shots} examples` : '');
  return html`${arm.label} ${standInTag(arm)} <span class="kind">${kind}</span>`;
}

/** The tag "stand-in" for an arm that is one and does not say so itself. */
export function standInTag(arm: { readonly label: string; readonly standIn: boolean }): Html | null {
  return isUnnamedStandIn(arm) ? html`<span class="tag">stand-in</span>` : null;
}

function armsTable({ arms }: ReportData): Html {
  const metrics = metricsOf(arms);
  const columns = [
    { title: 'Arm' },
    { title: 'Rows', numeric: true },
    ...metrics.map((metric) => ({ title: metricFacts[metric].label, numeric: true })),
    { title: 'Unreadable', numeric: true },
    { title: 'Refused', numeric: true },
    { title: 'No answer', numeric: true },
    { title: 'Latency p50 / p95', numeric: true },
    { title: 'Tokens in / out', numeric: true },
    { title: 'Cost', numeric: true },
  ];
  const rows = arms.map(({ scorecard, answers }: ReportArm) =>
    [armName(scorecard), whole(scorecard.n)].concat(
      metrics.map((metric) => withRange(metric, scorecard.metrics[metric])),
      whole(scorecard.parseFailures),
      whole(answers.refused.reduce((sum, refused) => sum + refused, 0)),
      whole(scorecard.errors),
      scorecard.latencyMs.p50 === 0
        ? 'not measured'
        : `${latency(scorecard.latencyMs.p50)} / ${latency(scorecard.latencyMs.p95)}`,
      `${whole(scorecard.tokens.prompt)} / ${whole(scorecard.tokens.completion)}`,
      dollars(scorecard.costUsd),
    ),
  );
  return table('Metrics, failures, latency, tokens and cost of every arm', columns, rows);
}

function withRange(metric: Metric, found: Interval | undefined): Html | string {
  return found === undefined
    ? 'not scored'
    : html`${metricText(metric, found.value)} <span class="range">${rangeText(metric, found)}</span>`;
}
