// The rows on which arms differ, with every arm's answer.
import type { RowResult } from '../../domain/scorecard.ts';
import { shortened, whole } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { ReportData } from './report-data.ts';
import { table } from './table.ts';

/** More rows than this would make the file slow to open; the stored results hold them all. */
const rowLimit = 200;
const inputLimit = 600;
const answerLimit = 240;

/** Rows that some arm has right and another wrong. */
export function rowsSection({ arms, rows }: ReportData): Html {
  const differing = rows
    .map((row, index) => ({ row, answers: arms.map(({ results }) => results[index]) }))
    .filter(({ answers }) => new Set(answers.map((answer) => answer?.score)).size > 1);
  const shown = differing.slice(0, rowLimit);
  const columns = [
    { title: 'Row' },
    { title: 'Input' },
    { title: 'Expected' },
    ...arms.map(({ scorecard }) => ({ title: scorecard.arm.label })),
  ];
  const cells = shown.map(({ row, answers }) => [
    html`<code title="${row.id}">${row.id.slice(0, 8)}</code>`,
    html`<span class="text" dir="auto">${shortened(row.input, inputLimit)}</span>`,
    html`<span class="text" dir="auto">${shortened(row.output, answerLimit)}</span>`,
    ...answers.map((answer) => answerCell(answer)),
  ]);
  const some = shown.length < differing.length ? ` The first ${whole(shown.length)} are listed.` : '';
  return html`<section aria-labelledby="rows">
    <h2 id="rows">Rows where arms differ</h2>
    <p class="note">
      ${whole(differing.length)} of ${whole(rows.length)} held-out rows are right for one arm and wrong for
      another.${some} ✓ right, ✗ wrong, ∅ unreadable, ⚠ no answer.
    </p>
    <div class="filter" hidden>
      <label for="row-filter">Filter</label>
      <input id="row-filter" type="search" autocomplete="off" />
      <span id="rows-shown" class="note" role="status"></span>
    </div>
    ${table(`Answers of ${arms.length} arms to the rows where they differ`, columns, cells, { id: 'differing-rows' })}
  </section>`;
}

function answerCell(answer: RowResult | undefined): Html {
  if (answer === undefined || answer.answer === null) {
    return html`<span class="wrong text">⚠ no answer${answer?.error === undefined ? '' : `: ${answer.error}`}</span>`;
  }
  const [sign, word] =
    answer.parsed === null ? ['∅', 'unreadable'] : answer.score === 1 ? ['✓', 'right'] : ['✗', 'wrong'];
  const state = answer.score === 1 ? 'right' : 'wrong';
  const said = answer.answer.trim() === '' ? '(empty answer)' : shortened(answer.answer, answerLimit);
  return html`<span class="${state}" title="${word}">${sign}</span> <span class="text" dir="auto">${said}</span>`;
}
