// What the store has of a run's contest and verdict: enough to decide again without asking anybody.
import { BadInput } from '../domain/bad-input.ts';
import { metricSchema } from '../domain/metrics.ts';
import { blobKey, stageKey } from '../domain/refs.ts';
import { recipeSchema, type Recipe } from '../domain/recipe.ts';
import { promoteResultSchema } from '../domain/registry.ts';
import { gateResultSchema, verdictSchema, type Verdict } from '../domain/verdict.ts';
import type { Guard } from '../evals/checks/contest.ts';
import type { StoredArm } from '../evals/name-arms.ts';
import { getBlob } from '../registry/blobs.ts';
import { getJson, parseStored } from '../registry/json.ts';
import { getModelVersion } from '../registry/models.ts';
import type { ObjectStore } from '../registry/store.ts';
import { armsOfRun, contestKey, storedArm } from './stored-arms.ts';

export interface RecordedRun {
  readonly arms: readonly StoredArm[];
  /** Undefined for a run whose gate has not decided, or decided on unanswered rows. */
  readonly verdict: Verdict | undefined;
  /** The recipe of the run; undefined until its model version is registered. */
  readonly recipe: Recipe | undefined;
  readonly guards: readonly Guard[];
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
    guards: verdict === undefined ? [] : await guardsOf(store, verdict),
  };
}

async function recipeOfRun(store: ObjectStore, key: string): Promise<Recipe | undefined> {
  const promotion = await getJson(store, stageKey(key, 'promote'), promoteResultSchema);
  const model = promotion === undefined ? undefined : await getModelVersion(store, promotion.modelVersion);
  const ref = model?.lineage.recipe;
  return ref === undefined ? undefined : parseStored(ref.key, await getBlob(store, ref), recipeSchema);
}

/** Suites beside the contest, found by the digests that the verdict holds; what is missing is not measured again. */
async function guardsOf(store: ObjectStore, { inputs, policy }: Verdict): Promise<Guard[]> {
  const guards: Guard[] = [];
  for (const guard of ['forgetting', 'refusals'] as const) {
    const digests = [inputs[`${guard}:scorecard:candidate`], inputs[`${guard}:scorecard:base`]];
    const arms: StoredArm[] = [];
    for (const digest of digests) {
      if (digest !== undefined && (await store.get(blobKey(digest))) !== undefined) {
        arms.push(await storedArm(store, blobKey(digest), digest));
      }
    }
    const [candidate, base] = arms.map(({ contestant }) => contestant);
    if (candidate !== undefined && base !== undefined) {
      const scored = metricSchema.options.find((name) => candidate.scorecard.metrics[name] !== undefined);
      const metric = scored ?? 'exact_match';
      guards.push({ guard, suite: policy?.[guard]?.suite ?? 'built-in', metric, candidate, base });
    }
  }
  return guards;
}
