// The choice of a sweep: open until its candidate is decided on the test rows, final from then on.
import { failureTypes } from '../domain/failures.ts';
import { stageKey } from '../domain/refs.ts';
import { selectResultSchema, type SelectResult } from '../domain/sweep.ts';
import { commitOnce, getJson, putJson } from '../registry/json.ts';
import type { ObjectStore } from '../registry/store.ts';
import { permanent } from './permanent.ts';

/** The choice that no further candidate can change, or null. */
export async function finalChoice(store: ObjectStore, runKey: string): Promise<SelectResult | null> {
  return (await getJson(store, stageKey(runKey, 'select'), selectResultSchema)) ?? null;
}

/** Stores a choice that may be made anew, since candidates failed or were left out, beside its candidate's results. */
export async function keepOpenChoice(store: ObjectStore, runKey: string, choice: SelectResult): Promise<void> {
  await putJson(store, openKey(`${runKey}/${choice.chosen}`), choice, selectResultSchema);
}

/** The choice that led to a contest; undefined for the contest of a run with one candidate. */
export async function choiceOf(store: ObjectStore, contestKey: string): Promise<SelectResult | undefined> {
  const sweep = sweepOf(contestKey);
  return sweep === undefined
    ? undefined
    : ((await finalChoice(store, sweep.runKey)) ?? (await getJson(store, openKey(contestKey), selectResultSchema)));
}

/**
 * Makes the choice final, once the test rows have been looked at: another candidate that was decided on the same rows
 * would be a second try. Throws a permanent failure when it is final for another candidate.
 */
export async function closeChoice(store: ObjectStore, contestKey: string): Promise<void> {
  const sweep = sweepOf(contestKey);
  const choice = await choiceOf(store, contestKey);
  if (sweep === undefined || choice === undefined) {
    return;
  }
  const { chosen } = await commitOnce(store, stageKey(sweep.runKey, 'select'), choice, selectResultSchema);
  if (chosen !== sweep.candidate) {
    throw permanent(failureTypes.badInput, `candidate ${chosen} of this sweep was decided on the test rows already`, {
      hint: 'one candidate of a sweep is confirmed on its test rows; take other test rows for another',
    });
  }
}

function openKey(contestKey: string): string {
  return stageKey(contestKey, 'choice');
}

/** Run and candidate of a key such as `0123456789abcdef/c2`. */
function sweepOf(contestKey: string): { readonly runKey: string; readonly candidate: string } | undefined {
  const [runKey, candidate, ...more] = contestKey.split('/');
  return runKey === undefined || candidate === undefined || more.length > 0 ? undefined : { runKey, candidate };
}
