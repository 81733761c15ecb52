// The rows browser: its place in the page, its data, and a few rows for those who read without a script.
import { metricFacts } from '../../domain/metrics.ts';
import type { Answers } from './answers.ts';
import { chooseRows, differ, textLimit } from './choose-rows.ts';
import type { ChosenRows } from './choose-rows.ts';
import { candidateOf, decidingMetric, isUnnamedStandIn, metricsOf, opponentOf, rowMetric } from './contest.ts';
import { shortened, whole } from './format.ts';
import { html, markup } from './html.ts';
import type { Html } from './html.ts';
import { stateText } from './page/answer-state.ts';
import { plotName } from './plots/plot-arms.ts';
import type { ReportArm, ReportData } from './report-data.ts';
import { encodeRows, stateOf } from './rows-file.ts';
import { table } from './table.ts';

/** Rows that can be read without the browser. */
const sampleLimit = 20;
const inputLimit = 600;
const answerLimit = 240;

interface RowsSection {
  /** The section of the page. */
  readonly section: Html;
  /** Blocks of data that stand behind everything else, so that they do not delay the first painting. */
  readonly blocks: Html;
}

/** All rows that the limits allow, for the page's script, and the first on which arms differ, as a table. */
export async function rowsSection(data: ReportData): Promise<RowsSection> {
  const arms = candidateFirst(data);
  const { metric, binary } = scoreOf(data);
  const names = arms.map(({ scorecard }) => scorecard.arm);
  const chosen = chooseRows(
    arms.map(({ answers }) => answers),
    data.rows.map(({ input }) => input),
  );
  const opponent = opponentOf(data);
  const { header, base64 } = await encodeRows({
    about: {
      metric: metricFacts[metric].label,
      binary,
      arms: names.map((arm) => ({
        label: isUnnamedStandIn(arm) ? `${arm.label} (stand-in)` : arm.label,
        name: arm.kind === 'candidate' ? 'candidate' : plotName(arm, names),
      })),
      opponent: opponent === undefined ? 0 : arms.indexOf(opponent),
    },
    rows: data.rows,
    arms: arms.map(({ answers, scorecard }) => ({
      answers,
      preferences: data.judged.find(({ summary }) => summary.other === scorecard.arm.id)?.preferences ?? null,
    })),
    chosen: chosen.rows,
  });
  return {
    section: html`<section aria-labelledby="rows">
      <h2 id="rows">Rows</h2>
      <p class="note">${extent(data, chosen)} ✓ right, ◐ partly, ✗ wrong, ∅ unreadable, ⊘ refused, ⚠ no answer.</p>
      <noscript>
        <p class="banner-text">
          The rows browser needs JavaScript, which is off. Everything else on this page is complete; below stand the
          first rows on which arms differ.
        </p>
      </noscript>
      <div id="rows-browser" hidden></div>
      <div class="sample">${sample(data, arms)}</div>
    </section>`,
    blocks: html`${dataBlock('rows-header', 'application/json', JSON.stringify(header))}
    ${dataBlock('rows-data', 'text/plain', base64)}`,
  };
}

/** A script element that is never run. Nothing in it can end it, and nothing in it is invisible. */
function dataBlock(id: string, type: string, text: string): Html {
  const plain = text.replaceAll(/[<\p{Cc}\p{Cf}]/gu, (character) =>
    Array.from({ length: character.length }, (_, unit) => String.raw`\u${hex(character.charCodeAt(unit))}`).join(''),
  );
  return markup(`<script id="${id}" type="${type}">${plain}</script>`);
}

function hex(unit: number): string {
  return unit.toString(16).padStart(4, '0');
}

function candidateFirst(data: ReportData): ReportArm[] {
  const candidate = candidateOf(data);
  return [candidate, ...data.arms.filter((arm) => arm !== candidate)];
}

/** What the score of a single row counts, and whether it is 0 or 1 only. */
function scoreOf({ verdict, arms }: ReportData) {
  const metric = rowMetric(decidingMetric(verdict), metricsOf(arms));
  const binary = arms.every(({ answers }) => answers.score.every((score) => !(score > 0 && score < 1)));
  return { metric, binary } as const;
}

function extent({ rows }: ReportData, { rows: here, differing, differingHere }: ChosenRows): string {
  const arms = `Arms differ on ${whole(differing)} of ${whole(rows.length)} held-out rows.`;
  if (here.length === rows.length) {
    return `${arms} All rows are in this file; texts beyond ${whole(textLimit)} characters are cut and say so.`;
  }
  const part =
    differingHere === differing
      ? 'all of those on which arms differ'
      : `${whole(differingHere)} of those on which arms differ`;
  return `${arms} ${whole(here.length)} of them are in this file, ${part} among them; the stored results hold the rest.`;
}

function sample({ rows }: ReportData, arms: readonly ReportArm[]): Html {
  const answers = arms.map((arm) => arm.answers);
  const numbers: number[] = [];
  for (let row = 0; row < rows.length && numbers.length < sampleLimit; row += 1) {
    if (differ(answers, row)) {
      numbers.push(row);
    }
  }
  if (numbers.length === 0) {
    return html`<p>There is no row on which arms differ.</p>`;
  }
  const columns = [
    { title: 'Row' },
    { title: 'Input' },
    { title: 'Expected' },
    ...arms.map(({ scorecard }) => ({ title: scorecard.arm.label })),
  ];
  const cells = numbers.map((row) => [
    html`<code title="${rows[row]?.id ?? ''}">${briefId(rows[row]?.id ?? '')}</code>`,
    html`<span class="text" dir="auto">${shortened(rows[row]?.input ?? '', inputLimit)}</span>`,
    html`<span class="text" dir="auto">${shortened(rows[row]?.output ?? '', answerLimit)}</span>`,
    ...answers.map((each) => answerCell(each, row)),
  ]);
  return html`<h3>The first ${whole(numbers.length)} rows on which arms differ</h3>
    ${table(`Answers of ${arms.length} arms to rows where they differ`, columns, cells, { id: 'differing-rows' })}`;
}

function answerCell(answers: Answers, row: number): Html {
  const { sign, word, tone } = stateText(stateOf(answers, row));
  const answer = answers.answer[row] ?? null;
  const why = answers.errors.get(row) ?? '';
  const missing = why === '' ? word : `${word}: ${why}`;
  const text = answer === null ? missing : answer.trim() === '' ? '(empty answer)' : shortened(answer, answerLimit);
  return html`<span class="${tone}" title="${word}">${sign}</span> <span class="text" dir="auto">${text}</span>`;
}

/** Ids that people gave stay whole; of a hash, what tells it apart. */
function briefId(id: string): string {
  return id.length <= 12 ? id : `${id.slice(0, 8)}…`;
}
