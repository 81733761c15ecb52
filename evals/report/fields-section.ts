// Extraction field by field: which fields the candidate and the arm that decides get right.
import { fieldTable } from '../metrics/field-table.ts';
import { labelledResults } from './answers.ts';
import { candidateOf, opponentOf } from './contest.ts';
import { percent, whole } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { ReportData } from './report-data.ts';
import { table } from './table.ts';

/** Fields of one table at most: those that are expected most often. */
const fieldLimit = 60;

/** Precision, recall and F1 of every field; nothing for other tasks. */
export function fieldsSection(data: ReportData): Html | null {
  if (data.task !== 'extraction') {
    return null;
  }
  const opponent = opponentOf(data);
  const own = fieldTable(labelledResults(candidateOf(data).answers, data.rows));
  const other = opponent === undefined ? [] : fieldTable(labelledResults(opponent.answers, data.rows));
  const theirs = new Map(other.map(({ path, f1 }) => [path, f1]));
  const columns = [
    { title: 'Field' },
    { title: 'Expected', numeric: true },
    { title: 'Given', numeric: true },
    { title: 'Right', numeric: true },
    { title: 'Precision', numeric: true },
    { title: 'Recall', numeric: true },
    { title: 'F1', numeric: true },
    ...(opponent === undefined ? [] : [{ title: `F1 of ${opponent.scorecard.arm.label}`, numeric: true }]),
  ];
  const rows = own.slice(0, fieldLimit).map(({ path, expected, given, matched, precision, recall, f1 }) => {
    const counts = [expected, given, matched].map((count) => whole(count));
    const theirF1 = theirs.get(path);
    const others = theirF1 === undefined ? 'none' : percent(theirF1);
    return [path === '' ? '(whole answer)' : path].concat(
      counts,
      [precision, recall, f1].map((share) => percent(share)),
      opponent === undefined ? [] : others,
    );
  });
  return html`<section aria-labelledby="fields">
    <h2 id="fields">Fields</h2>
    ${own.length > fieldLimit ? html`<p class="note">The ${fieldLimit} of ${whole(own.length)} fields that are expected most often.</p>` : null}
    ${table('Values expected, given and right by field', columns, rows)}
  </section>`;
}
