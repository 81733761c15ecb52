// What would change this verdict: rows that are missing, and checks that did not pass.
import { whole } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { ReportData } from './report-data.ts';

/** A list of what stands between this verdict and another; nothing when nothing does. */
export function changesPart({ verdict }: ReportData): Html | null {
  const rows = verdict.deciding.flatMap(({ label, rowsNeeded, power }) => {
    const further = `about ${whole(rowsNeeded ?? 0)} further rows should settle it, with a probability of 80 %`;
    return rowsNeeded === null ? [] : [`Against ${label}: ${power ?? further}.`];
  });
  const checks = verdict.checks.filter(({ outcome }) => outcome !== 'passed').map(({ sentence }) => `${sentence}.`);
  const changes = [...checks, ...rows];
  return changes.length === 0
    ? null
    : html`<h3>What would change this verdict</h3>
        <ul class="changes">
          ${changes.map((change) => html`<li>${change}</li>`)}
        </ul>`;
}
