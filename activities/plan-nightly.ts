// Looks up what one night has to ask again: the route's champion with the evidence it was promoted on.
import { BadInput } from '../domain/bad-input.ts';
import type { NightlyInput, NightlyPlan } from '../domain/nightly.ts';
import type { ModelVersion } from '../domain/registry.ts';
import { getModelVersion } from '../registry/models.ts';
import type { ObjectStore } from '../registry/store.ts';
import { readLog } from '../registry/read-log.ts';
import { championOf } from '../registry/routes.ts';
import { readContestants } from './contestants.ts';
import type { ActivityDeps } from './deps.ts';

/** Throws BadInput when the route has no champion yet. */
export async function planNightly(
  { store }: ActivityDeps,
  input: NightlyInput & { readonly nightKey: string },
): Promise<NightlyPlan> {
  const champion = championOf(await readLog(store), input.route);
  if (champion === null) {
    throw new BadInput(`route ${input.route} has no champion to evaluate`, {
      where: 'route',
      hint: 'run the recipe until a candidate is promoted',
    });
  }
  const model = await readModelVersion(store, champion);
  const { lineage } = model;
  const contestants = await readContestants(
    store,
    Object.values(lineage.scorecards).map((scorecard) => ({ scorecard })),
  );
  const { candidate, baselines } = {
    candidate: contestants.filter(({ arm }) => arm.kind === 'candidate'),
    baselines: contestants.filter(({ arm }) => arm.kind === 'baseline'),
  };
  return {
    champion,
    contest: {
      runKey: input.nightKey,
      recipe: lineage.recipe,
      manifest: lineage.datasetManifest,
      base: { name: model.base.name, sha256: model.base.sha256 },
      adapter: model.artifact,
      arms: [...candidate, ...baselines].map(({ arm }) => arm),
      testRows: candidate[0]?.results.length ?? 0,
    },
  };
}

export async function readModelVersion(store: ObjectStore, id: string): Promise<ModelVersion> {
  const model = await getModelVersion(store, id);
  if (model === undefined) {
    throw new BadInput(`model version ${id} is not in the registry`, {
      hint: '`contender models` lists those that are',
    });
  }
  return model;
}
