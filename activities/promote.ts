// Registers the candidate as a model version and, for a winner, moves the route by compare-and-swap.
import { failureTypes } from '../domain/failures.ts';
import { stageKey } from '../domain/refs.ts';
import { promoteResultSchema, type ModelVersion, type PromoteResult } from '../domain/registry.ts';
import type { PromoteInput } from '../domain/stage-inputs.ts';
import { paritySchema } from '../domain/training.ts';
import { getBlob } from '../registry/blobs.ts';
import { commitOnce, getJson, parseStored } from '../registry/json.ts';
import { licenceDecisions } from '../registry/licence-findings.ts';
import { licenceOfBase } from '../registry/licence-lineage.ts';
import { appendEntry } from '../registry/log.ts';
import { modelVersionId, putModelVersion } from '../registry/models.ts';
import { readContestants } from './contestants.ts';
import type { ActivityDeps } from './deps.ts';
import { readArtifactManifest } from './materialise-artifact.ts';
import { permanent } from './permanent.ts';
import { readManifest, readRecipe } from './run-inputs.ts';

/** What an earlier attempt or run of the same key came to, or null. */
export async function findPromotion({ store }: ActivityDeps, runKey: string): Promise<PromoteResult | null> {
  return (await getJson(store, stageKey(runKey, 'promote'), promoteResultSchema)) ?? null;
}

export async function promote(deps: ActivityDeps, input: PromoteInput): Promise<PromoteResult> {
  const { store } = deps;
  const key = stageKey(input.runKey, 'promote');
  const stored = await getJson(store, key, promoteResultSchema);
  if (stored !== undefined) {
    return stored;
  }
  const recipe = await readRecipe(store, input.recipe);
  const model = await putModelVersion(store, await modelVersionOf(deps, input));
  if (!input.takeRoute || recipe.route === undefined) {
    const result: PromoteResult = { outcome: 'registered', modelVersion: model.id };
    // A verdict that is not final is not kept either; see the gate.
    return input.gate.kind === 'hold' || input.undecided === true
      ? result
      : await commitOnce(store, key, result, promoteResultSchema);
  }
  const moved = await appendEntry(store, {
    // Fixed by the run, so that a retry recognises its own entry.
    commitId: `run-${input.runKey}`,
    route: recipe.route.name,
    from: input.gate.champion,
    to: model.id,
    privacy: recipe.route.privacy,
    verdictRef: input.gate.verdict,
    actor: input.actor,
    reason: input.gate.sentence,
    standInBaseline: model.lineage.standInBaseline,
    at: deps.now().toISOString(),
  });
  const route = recipe.route.name;
  return moved.outcome === 'won'
    ? await commitOnce(
        store,
        key,
        { outcome: 'won', modelVersion: model.id, route, seq: moved.entry.seq },
        promoteResultSchema,
      )
    : { outcome: 'lost', modelVersion: model.id, route, champion: moved.champion };
}

async function modelVersionOf(deps: ActivityDeps, input: PromoteInput): Promise<ModelVersion> {
  const { store } = deps;
  const recipe = await readRecipe(store, input.recipe);
  const manifest = await readManifest(store, input.manifest);
  const parityFile = (await readArtifactManifest(deps, input.candidate.artifact)).files['parity.json'];
  if (parityFile === undefined) {
    throw permanent(failureTypes.corruptArtifact, 'the adapter has no parity.json');
  }
  const parity = parseStored(parityFile.key, await getBlob(store, parityFile), paritySchema);
  const contestants = await readContestants(store, input.scorecards);
  return {
    id: modelVersionId(input.recipeName, {
      artifactSha256: input.candidate.artifact.sha256,
      baseSha256: input.base.sha256,
      datasetManifestSha256: input.manifest.sha256,
    }),
    name: input.recipeName,
    base: { name: input.base.name, sha256: input.base.sha256, licence: licenceOfBase(recipe) },
    artifact: input.candidate.artifact,
    tokenizerSha256: parity.tokenizer_sha256,
    templateSha256: parity.template_sha256,
    licences: licenceDecisions(recipe),
    lineage: {
      runKey: input.runKey,
      recipe: input.recipe,
      dataset: `${manifest.name}@${manifest.version}`,
      datasetManifest: input.manifest,
      scorecards: Object.fromEntries(input.scorecards.map(({ armId, scorecard }) => [armId, scorecard])),
      verdict: input.gate.verdict,
      standInBaseline: contestants.some(({ arm }) => arm.standIn),
    },
  };
}
