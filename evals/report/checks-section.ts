// Everything that could have held the verdict, what was measured, and how the error rate is kept.
import type { GateCheck } from '../../domain/gate-check.ts';
import { duration, latency, percent, whole } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { ReportData } from './report-data.ts';
import { table } from './table.ts';

const outcomes = {
  passed: { sign: '✓', word: 'passed', tone: 'right' },
  failed: { sign: '✗', word: 'failed', tone: 'wrong' },
  unknown: { sign: '?', word: 'unknown, counts as failed', tone: 'wrong' },
} as const;

/** Checks, remarks and multiplicity; nothing for a verdict that recorded none. */
export function checksSection({ verdict }: ReportData): Html | null {
  const { checks, remarks, multiplicity, procedure } = verdict;
  if (checks.length === 0 && remarks.length === 0 && multiplicity === '') {
    return null;
  }
  const columns = [
    { title: 'Check' },
    { title: 'Outcome' },
    { title: 'Measured', numeric: true },
    { title: 'Limit', numeric: true },
    { title: 'In words' },
  ];
  const rows = checks.map((each) => {
    const { sign, word, tone } = outcomes[each.outcome];
    return [
      each.check.replaceAll('_', ' '),
      html`<span class="${tone}">${sign}</span> ${word}`,
      measure(each.measured, each),
      measure(each.limit, each),
      each.sentence,
    ];
  });
  return html`<section aria-labelledby="checks">
    <h2 id="checks">Checks</h2>
    ${rows.length === 0 ? null : table('Checks of the gate with what was measured', columns, rows)}
    ${multiplicity === '' ? null : html`<p class="note"><strong>Error rate.</strong> ${multiplicity}</p>`}
    ${
      remarks.length === 0
        ? null
        : html`<h3>Remarks</h3>
            <ul>
              ${remarks.map((remark) => html`<li>${remark}</li>`)}
            </ul>`
    }
    <p class="note">Rules of the gate: <code>${procedure}</code></p>
  </section>`;
}

function measure(value: number | null, { unit }: GateCheck): string {
  if (value === null) {
    return '–';
  }
  switch (unit) {
    case 'share': {
      return percent(value);
    }
    case 'ms': {
      return latency(value);
    }
    case 's': {
      return duration(value);
    }
    default: {
      const text = Number.isInteger(value) ? whole(value) : String(Number(value.toPrecision(3)));
      return unit === '' ? text : `${text} ${unit}`;
    }
  }
}
