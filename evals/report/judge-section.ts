// What the judges said, and how far they can be trusted: both orders, repeats, length, agreement with people.
import { settledSchema } from '../../domain/judgement.ts';
import type { Agreement, JudgementSummary, JudgeSummary, LengthEffect, Settled } from '../../domain/judgement.ts';
import { confidenceText } from './metric-text.ts';
import { dollars, percent, whole } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { ReportData } from './report-data.ts';
import { table } from './table.ts';
import { fact } from './verdict-section.ts';

/** One part for each arm that the candidate was judged against; nothing without judges. */
export function judgeSection({ judged, arms }: ReportData): Html | null {
  if (judged.length === 0) {
    return null;
  }
  const label = (id: string): string =>
    arms.find(({ scorecard }) => scorecard.arm.id === id)?.scorecard.arm.label ?? id;
  return html`<section aria-labelledby="judges">
    <h2 id="judges">Judges</h2>
    <p class="note">
      Each pair of answers is shown in both orders, without names; orders that disagree are a tie. Preference: from −1
      (the other arm) over 0 (even) to +1 (the candidate).
    </p>
    ${judged.map(({ summary }) => pairPart(summary, label(summary.other)))}
  </section>`;
}

function pairPart(summary: JudgementSummary, other: string): Html {
  const { majority, n, unreadable, truncated, unanswered } = summary;
  return html`<h3>Against ${other}</h3>
    <dl class="facts">
      ${fact('Preference, mean', signed(summary.preference))} ${fact('Rows', whole(n))}
      ${fact('Candidate / other / tie', `${whole(majority.candidate)} / ${whole(majority.other)} / ${whole(majority.tie)}`)}
      ${fact('Orders agree', shareText(summary.swapConsistency))}
      ${fact('Repeats agree', shareText(summary.selfConsistency))}
      ${fact('Preference at equal length', lengthText(summary.lengthEffect))}
      ${fact('Agreement with people', agreementText(summary.human))}
      ${fact('Unreadable rows', `${whole(unreadable.rows)} (${percent(unreadable.share)})`)}
      ${unanswered === 0 ? null : fact('Still to be judged', whole(unanswered))}
      ${truncated === 0 ? null : fact('Judged by their beginning', whole(truncated))}
    </dl>
    ${judgesTable(summary.judges)} ${settledText(summary)}
    ${
      summary.remarks.length === 0
        ? null
        : html`<ul>
            ${summary.remarks.map((remark) => html`<li>${remark}.</li>`)}
          </ul>`
    }
    <p class="note">Prompt <code>${summary.promptVersion}</code>, judge <code>${summary.digest}</code></p>`;
}

function judgesTable(judges: readonly JudgeSummary[]): Html {
  const columns = [
    { title: 'Judge' },
    { title: 'Candidate', numeric: true },
    { title: 'Other', numeric: true },
    { title: 'Tie', numeric: true },
    { title: 'Orders agree', numeric: true },
    { title: 'First answer wins', numeric: true },
    { title: 'Repeats agree', numeric: true },
    { title: 'Kappa with people', numeric: true },
    { title: 'Unreadable', numeric: true },
    { title: 'Paid', numeric: true },
  ];
  const rows = judges.map((judge) => [
    html`${judge.label} <span class="kind">${judge.provider}, ${judge.model}</span>`,
    whole(judge.rows.candidate),
    whole(judge.rows.other),
    whole(judge.rows.tie),
    shareText(judge.swapConsistency),
    shareText(judge.firstPosition),
    shareText(judge.selfConsistency),
    judge.human?.kappa === undefined || judge.human.kappa === null ? 'none' : number(judge.human.kappa),
    `${whole(judge.unreadable)} of ${whole(judge.requests)}`,
    dollars(judge.paidUsd),
  ]);
  return table('Judges with their consistency', columns, rows);
}

const settledWords: Readonly<Record<Settled, string>> = {
  judged: 'judged',
  identical: 'identical answers',
  candidate_missing: 'no answer of the candidate',
  other_missing: 'no answer of the other',
  both_missing: 'no answer of either',
};

/** Rows that were decided without asking, by why. */
function settledText({ settled }: JudgementSummary): Html {
  const parts = settledSchema.options.flatMap((why) =>
    settled[why] === 0 ? [] : [`${settledWords[why]}: ${whole(settled[why])}`],
  );
  return html`<p class="note">Rows by how they were settled: ${parts.join('; ')}.</p>`;
}

function lengthText(effect: LengthEffect | null): string {
  return effect === null
    ? 'not estimated'
    : `${signed(effect.adjusted)} (${confidenceText(effect.confidence)}: ${signed(effect.low)} to ${signed(effect.high)}), ` +
        `answers differ by ${signed(effect.meanDifference, 0)} characters`;
}

function agreementText(human: Agreement | null): string {
  if (human === null || human.kappa === null) {
    return human === null ? 'no labels' : `kappa not defined, ${whole(human.n)} rows`;
  }
  const range = human.low === null || human.high === null ? '' : ` (${number(human.low)} to ${number(human.high)})`;
  return `kappa ${number(human.kappa)}${range}, ${whole(human.n)} rows`;
}

function shareText(share: number | null): string {
  return share === null ? 'not measured' : percent(share);
}

function number(value: number): string {
  return value.toFixed(2).replace('-', '−');
}

function signed(value: number, digits = 2): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : value > 0 ? `+${text}` : text.replace('-', '−');
}
