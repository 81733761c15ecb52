// What a finished run prints: a table of the arms, the verdict, the route and where the report is.
import Table from 'cli-table3';
import type { RunInput, RunOutcome } from '../domain/run.ts';
import type { Scorecard } from '../domain/scorecard.ts';
import type { SweepEntry } from '../domain/sweep.ts';
import { verdictSchema, type VerdictKind } from '../domain/verdict.ts';
import { scorecardSchema } from '../domain/scorecard.ts';
import { getBlob } from '../registry/blobs.ts';
import { parseStored } from '../registry/json.ts';
import type { CommandContext } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { clean } from './terminal.ts';
import { placeOf } from './store-place.ts';
import { writeOutputs, type OutputFlags } from './write-outputs.ts';

export async function summarise(
  { terminal, store }: CommandContext,
  run: RunInput,
  outcome: RunOutcome,
  outputs: OutputFlags = {},
): Promise<ExitCode> {
  const verdict = parseStored(outcome.gate.verdict.key, await getBlob(store, outcome.gate.verdict), verdictSchema);
  const cards: Scorecard[] = [];
  for (const { scorecard: ref } of outcome.scorecards) {
    cards.push(parseStored(ref.key, await getBlob(store, ref), scorecardSchema));
  }
  const report = placeOf(store, outcome.report.key);
  const exitCode = exitOf(outcome);
  await writeOutputs(outputs, { verdict, scorecards: cards, title: run.recipeName }, terminal);
  if (terminal.json) {
    terminal.result(
      JSON.stringify({
        runKey: run.runKey,
        dataset: outcome.dataset.dataset,
        ...(outcome.selection === undefined ? {} : { selection: outcome.selection }),
        verdict,
        promotion: outcome.promotion,
        scorecards: cards,
        report,
        exitCode,
      }),
    );
    return exitCode;
  }
  const { bold, green, yellow, red, dim } = terminal.colors;
  terminal.result('');
  for (const entry of outcome.selection?.entries ?? []) {
    terminal.result(sweepLine(entry));
  }
  for (const notice of outcome.candidate.notices) {
    terminal.result(yellow(notice));
  }
  terminal.result(armTable(cards));
  for (const comparison of [...verdict.deciding, ...verdict.reference]) {
    terminal.result(
      `candidate − ${comparison.label}: ${points(comparison.difference)} points ` +
        `[${points(comparison.low)}, ${points(comparison.high)}], McNemar p = ${comparison.mcnemarP.toPrecision(2)}, ${comparison.conclusion.replace('_', '-')}`,
    );
  }
  const paint = { promote: green, hold: yellow, reject: red }[verdict.kind];
  terminal.result(`\n${bold(paint(verdict.kind.toUpperCase()))}  ${verdict.sentence}`);
  if (cards.some(({ arm }) => arm.standIn)) {
    terminal.result(
      yellow(
        'The baseline is a stand-in (a classical classifier), not a closed model: this verdict says nothing about GPT or Claude.',
      ),
    );
  }
  terminal.result(routeLine(outcome));
  terminal.result(dim(`report: ${report}`));
  return exitCode;
}

function sweepLine({ id, label, state, note, validation, chosen }: SweepEntry): string {
  const result =
    validation === null
      ? `${state.replace('_', ' ')}: ${clean(note)}`
      : `${(100 * validation.score).toFixed(1)} % of ${validation.n} validation rows`;
  return `${chosen ? '▸' : ' '} ${id} ${label}: ${result}${chosen ? ', chosen' : ''}`;
}

function armTable(cards: readonly Scorecard[]): string {
  const table = new Table({
    head: [
      'arm',
      'exact match',
      '95 % interval',
      'macro-F1',
      'unparsed',
      'errors',
      'p50 ms',
      'p95 ms',
      'tokens in/out',
      'USD',
    ],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
  });
  for (const card of cards) {
    const exact = card.metrics.exact_match;
    table.push([
      card.arm.label,
      `${((100 * card.correct) / card.n).toFixed(1)} %`,
      exact === undefined ? '' : `${(100 * exact.low).toFixed(1)} – ${(100 * exact.high).toFixed(1)}`,
      card.metrics.macro_f1 === undefined ? '' : card.metrics.macro_f1.value.toFixed(3),
      String(card.parseFailures),
      String(card.errors),
      card.latencyMs.p50.toFixed(0),
      card.latencyMs.p95.toFixed(0),
      `${card.tokens.prompt}/${card.tokens.completion}`,
      card.costUsd === null ? 'no price' : card.costUsd.toFixed(4),
    ]);
  }
  return table.toString();
}

function routeLine({ promotion }: RunOutcome): string {
  switch (promotion.outcome) {
    case 'won':
      return `route ${promotion.route} → ${promotion.modelVersion} (registry entry ${promotion.seq})`;
    case 'lost':
      return `route ${promotion.route} moved to ${promotion.champion ?? 'nothing'} while this run decided; run again to contend with the new champion`;
    case 'registered':
      return `${promotion.modelVersion} is registered; no route moved`;
    default:
      return promotion satisfies never;
  }
}

function exitOf({ gate, promotion }: RunOutcome): ExitCode {
  // A lost race leaves the route with another: nothing was promoted.
  const kind: VerdictKind = promotion.outcome === 'lost' ? 'hold' : gate.kind;
  return { promote: exitCodes.done, hold: exitCodes.hold, reject: exitCodes.reject }[kind];
}

function points(share: number): string {
  return `${share >= 0 ? '+' : '−'}${Math.abs(100 * share).toFixed(1)}`;
}
