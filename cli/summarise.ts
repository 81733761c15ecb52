// What a finished run prints: a table of the arms, the verdict, the route and where the report is.
import { datasetManifestSchema } from '../domain/dataset.ts';
import type { RunInput, RunOutcome } from '../domain/run.ts';
import type { Scorecard } from '../domain/scorecard.ts';
import type { SweepEntry } from '../domain/sweep.ts';
import { verdictSchema, type VerdictKind } from '../domain/verdict.ts';
import { scorecardSchema } from '../domain/scorecard.ts';
import { getBlob } from '../registry/blobs.ts';
import { parseStored } from '../registry/json.ts';
import { teacherRemarks } from '../datasets/teacher-remarks.ts';
import { armTable } from './arm-table.ts';
import type { CommandContext } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { clean } from './terminal.ts';
import { placeOf } from './store-place.ts';
import { verdictLines, verdictSentenceLine } from './verdict-lines.ts';
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
        ...(outcome.approval === undefined ? {} : { approval: outcome.approval }),
        promotion: outcome.promotion,
        scorecards: cards,
        report,
        exitCode,
      }),
    );
    return exitCode;
  }
  const { yellow, dim } = terminal.colors;
  terminal.result('');
  for (const entry of outcome.selection?.entries ?? []) {
    terminal.result(sweepLine(entry));
  }
  const manifest = parseStored(
    'dataset manifest',
    await getBlob(store, outcome.dataset.manifest),
    datasetManifestSchema,
  );
  for (const remark of teacherRemarks(manifest.findings?.distilled ?? [])) {
    terminal.result(yellow(remark));
  }
  for (const notice of outcome.candidate.notices) {
    terminal.result(yellow(notice));
  }
  terminal.result(armTable(cards, verdict.deciding[0]?.metric ?? 'exact_match'));
  for (const line of verdictLines(verdict, terminal.colors)) {
    terminal.result(line);
  }
  if (cards.some(({ arm }) => arm.standIn)) {
    terminal.result(
      yellow(
        'The baseline is a stand-in (a classical classifier), not a closed model: this verdict says nothing about GPT or Claude.',
      ),
    );
  }
  if (outcome.approval !== undefined) {
    const { outcome: decision, actor, reason } = outcome.approval;
    terminal.result(`${decision} by ${clean(actor)}${reason === '' ? '' : `: ${clean(reason)}`}`);
  }
  terminal.result(routeLine(outcome));
  terminal.result(dim(`report: ${report}`));
  terminal.result(`\n${verdictSentenceLine(verdict, terminal.colors)}`);
  return exitCode;
}

function sweepLine({ id, label, state, note, validation, chosen }: SweepEntry): string {
  const result =
    validation === null
      ? `${state.replace('_', ' ')}: ${clean(note)}`
      : `${(100 * validation.score).toFixed(1)} % of ${validation.n} validation rows`;
  return `${chosen ? '▸' : ' '} ${id} ${label}: ${result}${chosen ? ', chosen' : ''}`;
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

function exitOf({ gate, promotion, approval }: RunOutcome): ExitCode {
  if (approval !== undefined && approval.outcome !== 'approved') {
    return approval.outcome === 'rejected' ? exitCodes.reject : exitCodes.hold;
  }
  // A lost race leaves the route with another: nothing was promoted.
  const kind: VerdictKind = promotion.outcome === 'lost' ? 'hold' : gate.kind;
  return { promote: exitCodes.done, hold: exitCodes.hold, reject: exitCodes.reject }[kind];
}
