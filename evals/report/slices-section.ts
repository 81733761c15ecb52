// The candidate by part of the rows: each slice value against each deciding arm, critical ones marked.
import type { Comparison, SliceComparison } from '../../domain/verdict.ts';
import { pText } from '../numbers-in-words.ts';
import { decidingMetric } from './contest.ts';
import { whole } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { intervalBar } from './interval-bar.ts';
import { differenceText, marginText, metricText, rangeText } from './metric-text.ts';
import type { ReportData } from './report-data.ts';
import { table } from './table.ts';

/** One table for each slice and deciding arm; nothing when the rows were not sliced. */
export function slicesSection({ verdict }: ReportData): Html | null {
  const { slices, deciding, policy } = verdict;
  if (slices.length === 0) {
    return null;
  }
  const metric = decidingMetric(verdict);
  const reach = Math.max(
    ...slices.flatMap(({ low, high, margin }) => [margin, Math.abs(low ?? 0), Math.abs(high ?? 0)]),
  );
  const names = [...new Set(slices.map(({ slice }) => slice))];
  const parts = names.flatMap((name) =>
    deciding.flatMap((opponent) => {
      const found = slices.filter(({ slice, armId }) => slice === name && armId === opponent.armId);
      return found.length === 0
        ? []
        : [sliceTable(name, opponent, found, { metric, reach, several: deciding.length > 1 })];
    }),
  );
  const few = slices.filter(({ conclusion }) => conclusion === 'too_few_rows').length;
  return html`<section aria-labelledby="slices">
    <h2 id="slices">By slice</h2>
    <p class="note">
      Difference of the candidate on part of the rows, with its own interval. ◆ marks critical slices: each must be not
      worse, by p values adjusted after Holm; the others are adjusted after Benjamini and Hochberg and decide nothing.
      ${few === 0 ? null : html`Grey: fewer than ${whole(policy?.min_slice_rows ?? 0)} rows, shown but not tested.`}
    </p>
    ${parts}
  </section>`;
}

interface SliceView {
  readonly metric: Comparison['metric'];
  /** Largest distance from 0 of anything drawn, so that all bars share a scale. */
  readonly reach: number;
  readonly several: boolean;
}

function sliceTable(name: string, opponent: Comparison, found: readonly SliceComparison[], view: SliceView): Html {
  const { metric, reach } = view;
  const columns = [
    { title: name },
    { title: 'Rows', numeric: true },
    { title: 'Candidate', numeric: true },
    { title: opponent.label, numeric: true },
    { title: 'Difference', numeric: true },
    { title: 'Interval' },
    { title: 'Adjusted p', numeric: true },
    { title: 'Finding' },
  ];
  const value = (share: number | null): string => (share === null ? 'none' : metricText(metric, share));
  const rows = found.map((each) => [
    html`${each.critical ? html`<span class="critical" title="critical slice">◆</span> ` : null}${each.value === '' ? '(none)' : each.value}${
      each.critical ? html` <span class="kind">critical, margin ${marginText(metric, each.margin)}</span>` : null
    }`,
    whole(each.n),
    value(each.candidate),
    value(each.other),
    each.difference === null
      ? 'none'
      : html`${differenceText(metric, each.difference)}${
          each.low === null || each.high === null
            ? null
            : html` <span class="range">${rangeText(metric, { low: each.low, high: each.high })}</span>`
        }`,
    intervalBar(each, reach),
    each.adjustedP === null
      ? 'not tested'
      : html`${pText(each.adjustedP)} <span class="range">${adjustments[each.adjustment]}</span>`,
    findings[each.conclusion],
  ]);
  const title = view.several ? html`<h3>${name}, against ${opponent.label}</h3>` : html`<h3>${name}</h3>`;
  const faint = found.map(({ conclusion }) => conclusion === 'too_few_rows');
  return html`${title} ${table(`Slice ${name} against ${opponent.label}`, columns, rows, { faint })}`;
}

const findings = {
  non_inferior: 'not worse',
  worse: 'worse',
  inconclusive: 'open',
  too_few_rows: 'too few rows',
} as const;

const adjustments = { holm: 'Holm', benjamini_hochberg: 'Benjamini–Hochberg' } as const;
