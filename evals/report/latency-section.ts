// How long answers took: the whole distribution of every arm, its percentiles, and the limit of the policy.
import { quantile } from '../statistics/resample.ts';
import { standInTag } from './contest-section.ts';
import { figure } from './figure.ts';
import { latency, whole } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { LatencyPoint } from './plots/latency-plot.ts';
import { latencyPlot } from './plots/latency-plot.ts';
import { plotName } from './plots/plot-arms.ts';
import type { ReportArm, ReportData } from './report-data.ts';
import { table } from './table.ts';

/** Steps of a drawn distribution: finer than a line on the screen. */
const steps = 200;

/** Distribution and percentiles; says so when nothing was measured. */
export async function latencySection({ arms, verdict }: ReportData): Promise<Html> {
  const all = arms.map(({ scorecard }) => scorecard.arm);
  const measured = arms
    .map((arm) => ({ arm, name: plotName(arm.scorecard.arm, all), sorted: sortedLatencies(arm) }))
    .filter(({ sorted }) => sorted.length > 0);
  const limit = verdict.policy?.max_latency_p95_ms ?? null;
  const part =
    measured.length === 0
      ? html`<p>No answer times were recorded.</p>`
      : html`${await figure(
          measured
            .map(({ name, sorted }) => `${name}: half within ${at(sorted, 0.5)}, 95 % within ${at(sorted, 0.95)}`)
            .join('; '),
          'Further left: faster. Where a line crosses 95 % is its 95th percentile. Times include queueing at the arm’s concurrency.',
          (width) =>
            latencyPlot(
              measured.flatMap(({ name, sorted }) => curve(name, sorted)),
              measured.map(({ name }) => name),
              limit,
              width,
            ),
        )}
        ${percentilesTable(measured)}`;
  return html`<section aria-labelledby="latency">
    <h2 id="latency">Latency</h2>
    ${part} ${limit === null ? null : html`<p class="note">Limit of the 95th percentile: ${latency(limit)}.</p>`}
  </section>`;
}

/** Times of the answers that came and were timed, ascending. */
function sortedLatencies({ answers }: ReportArm): Float64Array {
  return answers.latencyMs.filter((ms, row) => ms > 0 && answers.answer[row] !== null).toSorted();
}

function curve(arm: string, sorted: Float64Array): LatencyPoint[] {
  return Array.from({ length: steps + 1 }, (_, step) => ({
    arm,
    ms: Number(quantile(sorted, step / steps).toPrecision(5)),
    share: (step / steps) * 100,
  }));
}

function at(sorted: Float64Array, share: number): string {
  return latency(quantile(sorted, share));
}

function percentilesTable(measured: readonly { readonly arm: ReportArm; readonly sorted: Float64Array }[]): Html {
  const streamed = measured.some(({ arm }) => firstTokens(arm).length > 0);
  const columns = [
    { title: 'Arm' },
    { title: 'Answers', numeric: true },
    { title: 'p50', numeric: true },
    { title: 'p90', numeric: true },
    { title: 'p95', numeric: true },
    { title: 'p99', numeric: true },
    { title: 'Longest', numeric: true },
    ...(streamed ? [{ title: 'First token p50', numeric: true }] : []),
  ];
  const rows = measured.map(({ arm, sorted }) => {
    const first = firstTokens(arm);
    return [html`${arm.scorecard.arm.label} ${standInTag(arm.scorecard.arm)}`, html`${whole(sorted.length)}`].concat(
      [0.5, 0.9, 0.95, 0.99, 1].map((share) => html`${at(sorted, share)}`),
      streamed ? html`${first.length === 0 ? 'not streamed' : at(first, 0.5)}` : [],
    );
  });
  return table('Percentiles of the answer time of every arm', columns, rows);
}

function firstTokens({ answers }: ReportArm): Float64Array {
  return answers.firstTokenMs.filter((ms) => !Number.isNaN(ms)).toSorted();
}
