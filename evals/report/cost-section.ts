// What quality costs: one point an arm, and in words those whose cost is not known.
import { metricFacts } from '../../domain/metrics.ts';
import { shownMetric } from './contest.ts';
import { armPoints } from './contest-section.ts';
import { figure } from './figure.ts';
import { dollars } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { metricAxis } from './metric-text.ts';
import { costPlot } from './plots/cost-plot.ts';
import { plotName } from './plots/plot-arms.ts';
import type { ReportData } from './report-data.ts';

/** An unknown cost is never drawn as nothing. */
export async function costSection(data: ReportData): Promise<Html> {
  const metric = shownMetric(data);
  const all = data.arms.map(({ scorecard }) => scorecard.arm);
  const costs = new Map(
    data.arms.map(({ scorecard: { arm, costUsd, n } }) => [plotName(arm, all), per1000(costUsd, n)]),
  );
  const points = armPoints(data, metric).flatMap((point) => {
    const usd = costs.get(point.arm) ?? null;
    return usd === null ? [] : [{ ...point, usd }];
  });
  const halved = all.filter(({ endpoint }) => endpoint?.batch === true).map((arm) => plotName(arm, all));
  const unknown = [...costs].flatMap(([name, usd]) => (usd === null ? [name] : []));
  const drawn =
    points.length === 0
      ? html`<p>No arm has a known cost.</p>`
      : await figure(
          points.map(({ arm, usd, text }) => `${arm}: ${text} at ${dollars(usd)} for 1,000 rows`).join('; '),
          `Up: better. Left: cheaper. Bar: 95 % interval of ${metricFacts[metric].label}.`,
          (width) => costPlot(points, metricAxis(metric).title, width),
        );
  return html`<section aria-labelledby="cost">
    <h2 id="cost">Cost against quality</h2>
    ${drawn}
    ${
      halved.length === 0
        ? null
        : html`<p class="note">At the batch price, half of the stated one: ${halved.join('; ')}.</p>`
    }
    ${
      unknown.length === 0
        ? null
        : html`<p class="note">Cost not known, because no price is stated: ${unknown.join('; ')}. Not drawn.</p>`
    }
  </section>`;
}

function per1000(costUsd: number | null, n: number): number | null {
  return costUsd === null ? null : (costUsd / n) * 1000;
}
