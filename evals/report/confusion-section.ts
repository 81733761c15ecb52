// Which labels were taken for which: a heat map of few labels, the most confused pairs of many.
import type { Confusion } from '../metrics/confusion.ts';
import { confusion as confusionOf } from '../metrics/confusion.ts';
import { labelledResults } from './answers.ts';
import { confusedPairs, rowTotal } from './confused-pairs.ts';
import { candidateOf, opponentOf } from './contest.ts';
import { percent, whole } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { ReportArm, ReportData } from './report-data.ts';
import { table } from './table.ts';

/** Labels of the largest matrix that can be read. */
const matrixLimit = 30;
const pairLimit = 25;

/** Confusion of the candidate and of the arm that decides; nothing for tasks without labels. */
export function confusionSection(data: ReportData): Html | null {
  if (data.task !== 'classification') {
    return null;
  }
  const candidate = candidateOf(data);
  const opponent = opponentOf(data);
  const shown = opponent === undefined ? [candidate] : [candidate, opponent];
  // Labels that were answered though no row expects them have a column as well.
  const answered = shown.flatMap(({ answers }) => answers.parsed.filter((text) => text !== null));
  const labels = [...new Set(data.rows.map(({ output }) => output).concat(answered))].toSorted(byText);
  const matrices = shown.map((arm) => ({
    arm,
    confusion: confusionOf(labelledResults(arm.answers, data.rows), labels),
  }));
  return html`<section aria-labelledby="confusion">
    <h2 id="confusion">Confusion</h2>
    ${labels.length <= matrixLimit ? matrixPart(matrices) : pairsPart(matrices)}
  </section>`;
}

interface ArmConfusion {
  readonly arm: ReportArm;
  readonly confusion: Confusion;
}

function matrixPart(matrices: readonly ArmConfusion[]): Html {
  return html`<p class="note">
      Rows: the expected label. Columns: the answer, by the label’s number. Framed on the diagonal: right answers, in
      blue; the others in orange; the stronger the colour, the larger the share of the row. “?”: no label could be read.
    </p>
    ${matrices.map(
      ({ arm, confusion }, index) =>
        html`<details ${index === 0 ? openAttribute : null}>
          <summary>${arm.scorecard.arm.label}</summary>
          ${matrix(arm.scorecard.arm.label, confusion)}
        </details>`,
    )}`;
}

function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
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

function pairsPart([own, other]: readonly ArmConfusion[]): Html {
  if (own === undefined) {
    return html``;
  }
  const pairs = confusedPairs(own.confusion);
  const theirs = new Map(
    (other === undefined ? [] : confusedPairs(other.confusion)).map((pair) => [key(pair), pair.count]),
  );
  const columns = [
    { title: 'Expected' },
    { title: 'Answered' },
    { title: 'Candidate', numeric: true },
    { title: 'Of the rows that expect it', numeric: true },
    ...(other === undefined ? [] : [{ title: other.arm.scorecard.arm.label, numeric: true }]),
  ];
  const rows = pairs.slice(0, pairLimit).map((pair) => {
    const share = `${percent(pair.count / pair.total)} of ${whole(pair.total)}`;
    const cells = [pair.expected, pair.given, whole(pair.count), share];
    return cells.concat(other === undefined ? [] : whole(theirs.get(key(pair)) ?? 0));
  });
  const shown = Math.min(pairLimit, pairs.length);
  return html`<p class="note">
      ${whole(own.confusion.labels.length)} labels are too many for a matrix: the ${whole(shown)} most frequent of
      ${whole(pairs.length)} confused pairs.
    </p>
    ${rows.length === 0 ? html`<p>The candidate took no label for another.</p>` : table('Most confused pairs of labels', columns, rows)}`;
}

function key({ expected, given }: { readonly expected: string; readonly given: string }): string {
  return JSON.stringify([expected, given]);
}
