// What the store has of a run's contest and verdict: enough to decide again without asking anybody.
import { BadInput } from '../domain/bad-input.ts';
import { stageKey } from '../domain/refs.ts';
import { recipeSchema, type Recipe } from '../domain/recipe.ts';
import { promoteResultSchema } from '../domain/registry.ts';
import { contestResultSchema } from '../domain/stage-inputs.ts';
import { gateResultSchema, verdictSchema, type Verdict } from '../domain/verdict.ts';
import type { Guard } from '../evals/checks/contest.ts';
import type { StoredArm } from '../evals/name-arms.ts';
import { getBlob } from '../registry/blobs.ts';
import { getJson, parseStored } from '../registry/json.ts';
import { getModelVersion } from '../registry/models.ts';
import type { ObjectStore } from '../registry/store.ts';
import { armsOfRun, contestKey, selectionOf, storedArm } from './stored-arms.ts';

export interface RecordedRun {
  readonly arms: readonly StoredArm[];
  /** Undefined for a run whose gate has not decided, or decided on unanswered rows. */
  readonly verdict: Verdict | undefined;
  /** The recipe of the run; undefined until its model version is registered. */
  readonly recipe: Recipe | undefined;
  readonly guards: readonly Guard[];
  /** Candidates of the sweep; undefined for a run with one. */
  readonly chosenFrom: number | undefined;
}

/** Throws BadInput when the run has no complete evaluation. */
export async function readRecordedRun(store: ObjectStore, runKey: string): Promise<RecordedRun> {
  const arms = /^[a-z0-9][a-z0-9-]*$/u.test(runKey) ? await armsOfRun(store, runKey) : undefined;
  if (arms === undefined) {
    throw new BadInput('there is no run with a complete evaluation under this key', {
      where: runKey,
      hint: '`contender run` prints the key; a run with unanswered rows is not kept, run its recipe again',
    });
  }
  const key = await contestKey(store, runKey);
  const gate = await getJson(store, stageKey(key, 'gate'), gateResultSchema);
  const verdict =
    gate === undefined ? undefined : parseStored(gate.verdict.key, await getBlob(store, gate.verdict), verdictSchema);
  return {
    arms,
    verdict,
    recipe: await recipeOfRun(store, key),
    guards: await guardsOf(store, key),
    chosenFrom: (await selectionOf(store, runKey))?.entries.length,
  };
}

async function recipeOfRun(store: ObjectStore, key: string): Promise<Recipe | undefined> {
  const promotion = await getJson(store, stageKey(key, 'promote'), promoteResultSchema);
  const model = promotion === undefined ? undefined : await getModelVersion(store, promotion.modelVersion);
  const ref = model?.lineage.recipe;
  return ref === undefined ? undefined : parseStored(ref.key, await getBlob(store, ref), recipeSchema);
}

/** Suites beside the contest: candidate and untuned base, by the metric that was decided by then. */
async function guardsOf(store: ObjectStore, key: string): Promise<Guard[]> {
  const contest = await getJson(store, stageKey(key, 'evaluate'), contestResultSchema);
  const guards: Guard[] = [];
  for (const { guard, suite, metric, scorecards } of contest?.sides ?? []) {
    const arms: StoredArm[] = [];
    for (const { scorecard } of scorecards) {
      arms.push(await storedArm(store, scorecard.key, scorecard.sha256));
    }
    const [candidate, base] = (['candidate', 'base'] as const).map(
      (kind) => arms.find(({ as }) => as === kind)?.contestant,
    );
    if (candidate === undefined || base === undefined) {
      throw new BadInput(`candidate and untuned base did not both answer the suite ${suite}`, { where: key });
    }
    guards.push({ guard, suite, metric, candidate, base });
  }
  return guards;
}
