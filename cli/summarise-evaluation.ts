// What an evaluation prints: the arms, the verdict with its sentence, and where the report is.
import type { EvaluationInput, EvaluationOutcome } from '../domain/evaluation.ts';
import { scorecardSchema, type Scorecard } from '../domain/scorecard.ts';
import { verdictSchema } from '../domain/verdict.ts';
import { getBlob } from '../registry/blobs.ts';
import { parseStored } from '../registry/json.ts';
import { armTable } from './arm-table.ts';
import type { CommandContext } from './command.ts';
import type { ExitCode } from './exit-codes.ts';
import { placeOf } from './store-place.ts';
import { verdictLines, verdictSentenceLine } from './verdict-lines.ts';
import { exitCodeOf } from './verdict-text.ts';
import { writeOutputs, type OutputFlags } from './write-outputs.ts';

export async function summariseEvaluation(
  { terminal, store }: CommandContext,
  { key, title, policy }: EvaluationInput,
  { gate, scorecards: refs, judged, report }: EvaluationOutcome,
  outputs: OutputFlags,
): Promise<ExitCode> {
  const verdict = parseStored(gate.verdict.key, await getBlob(store, gate.verdict), verdictSchema);
  const scorecards: Scorecard[] = [];
  for (const { scorecard: ref } of refs) {
    scorecards.push(parseStored(ref.key, await getBlob(store, ref), scorecardSchema));
  }
  const exitCode = exitCodeOf(verdict.kind);
  const place = placeOf(store, report.key);
  if (terminal.json) {
    terminal.result(JSON.stringify({ key, verdict, scorecards, judged, report: place, exitCode }));
  } else {
    terminal.result(armTable(scorecards, policy.metric));
    for (const line of [...verdictLines(verdict, terminal.colors), '', verdictSentenceLine(verdict, terminal.colors)]) {
      terminal.result(line);
    }
    terminal.result(terminal.colors.dim(`report: ${place}`));
  }
  await writeOutputs(outputs, { verdict, scorecards, title }, terminal);
  return exitCode;
}
