// The candidates of a sweep, and why one of them went on to the test rows.
import { duration, percent } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { TrainedRun } from './report-data.ts';
import { table } from './table.ts';

/** Every candidate with its validation score; nothing when the run had one candidate. */
export function sweepSection({ sweep }: TrainedRun): Html {
  if (sweep === null) {
    return html``;
  }
  const rows = sweep.map((entry) => [
    html`<code>${entry.id}</code>${entry.chosen ? ' ✓ chosen' : ''}`,
    entry.label,
    entry.state.replace('_', ' ') + (entry.note === '' ? '' : `: ${entry.note}`),
    entry.state === 'trained' ? duration(entry.trainSeconds) : '',
    entry.validationLoss === null ? '' : entry.validationLoss.toFixed(3),
    entry.validation === null ? '' : percent(entry.validation.score),
  ]);
  const asked = sweep.find(({ validation }) => validation !== null)?.validation?.n ?? 0;
  return html`<section aria-labelledby="sweep">
    <h2 id="sweep">Candidates of the sweep</h2>
    <p class="note">
      The best score on ${asked} validation rows was chosen, and it alone was tested: the verdict above is its only look
      at the test rows.
    </p>
    ${table(
      'Candidates, their training and their score on the validation rows',
      [
        { title: 'Candidate' },
        { title: 'Values' },
        { title: 'State' },
        { title: 'Training', numeric: true },
        { title: 'Validation loss', numeric: true },
        { title: 'Validation score', numeric: true },
      ],
      rows,
    )}
  </section>`;
}
