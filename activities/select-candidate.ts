// Chooses the candidate of a sweep by the gate's metric on the validation rows, and keeps what was compared.
import { failureTypes } from '../domain/failures.ts';
import { stageKey } from '../domain/refs.ts';
import { scorecardSchema } from '../domain/scorecard.ts';
import { selectResultSchema, type SelectInput, type SelectResult, type SweepEntry } from '../domain/sweep.ts';
import { chooseCandidate } from '../evals/choose-candidate.ts';
import { getBlob } from '../registry/blobs.ts';
import { commitOnce, parseStored } from '../registry/json.ts';
import type { ActivityDeps } from './deps.ts';
import { permanent } from './permanent.ts';
import { readRecipe } from './run-inputs.ts';
import { finalChoice, keepOpenChoice } from './sweep-choice.ts';

export async function selectCandidate({ store }: ActivityDeps, input: SelectInput): Promise<SelectResult> {
  const key = stageKey(input.runKey, 'select');
  const stored = await finalChoice(store, input.runKey);
  if (stored !== null) {
    return stored;
  }
  const { gate } = await readRecipe(store, input.recipe);
  const entries: SweepEntry[] = [];
  for (const { id, label, state, note, trainer, scorecard: ref } of input.candidates) {
    const card =
      ref === null ? undefined : parseStored(ref.scorecard.key, await getBlob(store, ref.scorecard), scorecardSchema);
    const score = card?.metrics[gate.metric]?.value;
    entries.push({
      id,
      label,
      state,
      note,
      trainSeconds: trainer?.seconds ?? 0,
      trainLoss: trainer?.train_loss ?? null,
      validationLoss: trainer?.validation_loss ?? null,
      validation:
        card === undefined || ref === null || score === undefined
          ? null
          : { score, n: card.n, errors: card.errors, scorecard: ref.scorecard },
      chosen: false,
    });
  }
  const best = chooseCandidate(entries);
  if (best === undefined) {
    throw permanent(
      failureTypes.trainerFailed,
      `none of the ${entries.length} candidates was trained: ${entries.map((one) => `${one.id} ${one.note}`).join('; ')}`,
    );
  }
  const result = { chosen: best.id, entries: entries.map((one) => ({ ...one, chosen: one.id === best.id })) };
  if (entries.every(({ state, validation }) => state === 'trained' && validation?.errors === 0)) {
    return await commitOnce(store, key, result, selectResultSchema);
  }
  // Left out or failed candidates may be there the next time; then the choice is made anew, unless it was decided by then.
  await keepOpenChoice(store, input.runKey, result);
  return result;
}
