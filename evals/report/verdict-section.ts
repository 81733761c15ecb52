// The report's opening: verdict in one sentence, reasons, what was promoted, and the notice about stand-ins.
import type { PromoteResult } from '../../domain/registry.ts';
import { metricFacts } from '../../domain/metrics.ts';
import { hardestOf } from '../hardest.ts';
import { pText } from '../numbers-in-words.ts';
import { changesPart } from './changes-part.ts';
import { candidateOf } from './contest.ts';
import { unbroken, whole } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { confidenceText, differenceWithUnit, marginText, metricText, rangeText } from './metric-text.ts';
import type { ReportData } from './report-data.ts';

const badges = {
  promote: { sign: '✓', word: 'PROMOTE' },
  hold: { sign: '‖', word: 'HOLD' },
  reject: { sign: '✗', word: 'REJECT' },
} as const;

/** Badge, sentence, key figures, reasons and the outcome at the registry. */
export function verdictSection(data: ReportData): Html {
  const { verdict, run } = data;
  const { sign, word } = badges[verdict.kind];
  const hardest = hardestOf(verdict.deciding);
  const { metric } = hardest;
  const value = candidateOf(data).scorecard.metrics[metric]?.value;
  return html`<section class="verdict ${verdict.kind}" aria-labelledby="verdict">
    <h2 id="verdict" class="badge">${sign} ${word}</h2>
    <p class="sentence">${unbroken(verdict.sentence)}</p>
    <ul>
      ${verdict.reasons.map((reason) => html`<li>${reason}</li>`)}
    </ul>
    ${run === null ? null : html`<p>${promotionText(run.promotion, verdict.kind)}</p>`}
    <dl class="facts">
      ${value === undefined ? null : fact(`Candidate, ${metricFacts[metric].label}`, metricText(metric, value))}
      ${fact(`Against ${hardest.label}`, differenceWithUnit(metric, hardest.difference))}
      ${fact(`${confidenceText(hardest.confidence)} interval of the difference`, rangeText(metric, hardest))}
      ${fact('McNemar, exact', pText(hardest.mcnemarP))} ${fact('Held-out rows', whole(hardest.n))}
      ${fact('Rule', verdict.rule === 'superior' ? 'superior' : `not worse by ${marginText(metric, hardest.margin)}`)}
    </dl>
    ${changesPart(data)}
  </section>`;
}

/** Says that a stand-in took part, and what that means; nothing when none did. */
export function standInBanner({ arms }: ReportData): Html | null {
  const standIns = arms.filter(({ scorecard }) => scorecard.arm.standIn).map(({ scorecard }) => scorecard.arm.model);
  if (standIns.length === 0) {
    return null;
  }
  return html`<section class="banner" role="note">
    <p>
      <strong>⚠ Stand-in in the contest.</strong> ${standIns.join(' and ')} stands in for a closed model. It is a
      classical classifier, trained on the same rows as the candidate. The verdict is real for this opponent and says
      nothing about any closed model.
    </p>
  </section>`;
}

/** One term and its value in a list of facts. */
export function fact(term: string, value: string | Html): Html {
  return html`<div>
    <dt>${term}</dt>
    <dd>${typeof value === 'string' ? unbroken(value) : value}</dd>
  </div>`;
}

function promotionText(promotion: PromoteResult | null, kind: string): Html {
  if (promotion === null) {
    return html`No model version was registered and no route moved: the verdict is ${kind}.`;
  }
  const version = html`Model version <code>${promotion.modelVersion}</code>`;
  if (promotion.outcome === 'registered') {
    return html`${version} is registered; no route moved.`;
  }
  const route = html`the route <code>${promotion.route}</code>`;
  return promotion.outcome === 'won'
    ? html`${version} took ${route} with entry ${promotion.seq} of the registry log.`
    : html`${version} did not take ${route}: ${promotion.champion ?? 'another entry'} got there first.`;
}
