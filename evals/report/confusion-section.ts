// Which labels were taken for which: a heat map of few labels, the most confused pairs of many.
import type { LabelledResult } from '../metrics/coded-results.ts';
import type { Confusion } from '../metrics/confusion.ts';
import { confusion as confusionOf } from '../metrics/confusion.ts';
import { labelledResults } from './answers.ts';
import { byText, confusedPairs } from './confused-pairs.ts';
import { candidateOf, opponentOf } from './contest.ts';
import { percent, shortened, whole } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { ReportData } from './report-data.ts';
import { table } from './table.ts';

/** Labels of the largest matrix that can be read. */
const matrixLimit = 30;
const pairLimit = 25;
/** Characters of a label in the list of pairs. */
const labelLimit = 120;

/** Confusion of the candidate and of the arm that decides; nothing for tasks without labels. */
export function confusionSection(data: ReportData): Html | null {
  if (data.task !== 'classification') {
    return null;
  }
  const candidate = candidateOf(data);
  const opponent = opponentOf(data);
  const shown = opponent === undefined ? [candidate] : [candidate, opponent];
  const arms = shown.map(({ scorecard, answers }) => ({
    label: scorecard.arm.label,
    results: labelledResults(answers, data.rows),
  }));
  // Labels that were answered though no row expects them have a column as well.
  const answered = shown.flatMap(({ answers }) => answers.parsed.filter((text) => text !== null));
  const labels = [...new Set(data.rows.map(({ output }) => output).concat(answered))].toSorted(byText);
  return html`<section aria-labelledby="confusion">
    <h2 id="confusion">Confusion</h2>
    ${labels.length <= matrixLimit ? matrixPart(arms, labels) : pairsPart(arms, labels.length)}
  </section>`;
}

interface LabelledArm {
  readonly label: string;
  readonly results: readonly LabelledResult[];
}

function matrixPart(arms: readonly LabelledArm[], labels: readonly string[]): Html {
  return html`<p class="note">
      Rows: the expected label. Columns: the answer, by the label’s number. Framed on the diagonal: right answers, in
      blue; the others in orange; the stronger the colour, the larger the share of the row. “?”: no label could be read.
    </p>
    ${arms.map(
      ({ label, results }, index) =>
        html`<details ${index === 0 ? openAttribute : null}>
          <summary>${label}</summary>
          ${matrix(label, confusionOf(results, labels))}
        </details>`,
    )}`;
}

const openAttribute = html`open`;

function matrixCell(count: number, total: number, kind: string): Html {
  const share = count / Math.max(1, total);
  // Shares are rounded, so that the markup stays small; the count is exact.
  return html`<td class="${kind}${count === 0 ? ' none' : ''}" style="--share: ${Math.round(share * 100)}%">
    ${whole(count)}
  </td>`;
}

function matrix(label: string, { labels, counts }: Confusion): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix of ${label}">
    <table class="matrix">
      <caption>
        Answers of ${label} by expected label
      </caption>
      <thead>
        <tr>
          <th scope="col">Expected</th>
          ${labels.map((name, column) => html`<th scope="col" abbr="${name}" title="${name}">${column + 1}</th>`)}
          <th scope="col" abbr="no label" title="no label could be read">?</th>
          <th scope="col">Rows</th>
        </tr>
      </thead>
      <tbody>
        ${counts.map((row, from) => {
          const total = rowTotal(row);
          const name = labels[from] ?? '';
          return html`<tr>
            <th scope="row"><b>${from + 1}</b> ${name === '' ? '(empty)' : name}</th>
            ${row.map((count, to) => matrixCell(count, total, from === to ? 'hit' : 'miss'))}
            <td>${whole(total)}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

function pairsPart([own, other]: readonly LabelledArm[], labels: number): Html {
  const pairs = confusedPairs(own?.results ?? []);
  const theirs = new Map(confusedPairs(other?.results ?? []).map((pair) => [key(pair), pair.count]));
  const columns = [
    { title: 'Expected' },
    { title: 'Answered' },
    { title: 'Candidate', numeric: true },
    { title: 'Of the rows that expect it', numeric: true },
    ...(other === undefined ? [] : [{ title: other.label, numeric: true }]),
  ];
  const rows = pairs.slice(0, pairLimit).map((pair) => {
    const share = `${percent(pair.count / pair.total)} of ${whole(pair.total)}`;
    const cells = [shortened(pair.expected, labelLimit), shortened(pair.given, labelLimit), whole(pair.count), share];
    return cells.concat(other === undefined ? [] : whole(theirs.get(key(pair)) ?? 0));
  });
  return html`<p class="note">
      ${whole(labels)} labels are too many for a matrix: the ${whole(rows.length)} most frequent of
      ${whole(pairs.length)} confused pairs.
    </p>
    ${rows.length === 0 ? html`<p>The candidate took no label for another.</p>` : table('Most confused pairs of labels', columns, rows)}`;
}

function key({ expected, given }: { readonly expected: string; readonly given: string }): string {
  return JSON.stringify([expected, given]);
}

/** All answers to rows that expect one label. */
function rowTotal(row: readonly number[]): number {
  return row.reduce((sum, count) => sum + count, 0);
}
