// Decides, stores the verdict with every number, and remembers who held the route at that moment.
import { canonicalJson } from '../domain/canonical.ts';
import type { Metric } from '../domain/metrics.ts';
import { stageKey } from '../domain/refs.ts';
import type { GateInput } from '../domain/stage-inputs.ts';
import { gateResultSchema, verdictSchema, type GateResult } from '../domain/verdict.ts';
import type { Contestant } from '../evals/compare.ts';
import { decide } from '../evals/gate.ts';
import { putBlob } from '../registry/blobs.ts';
import { commitOnce, getJson } from '../registry/json.ts';
import { licenceDecisions, licenceVetoes } from '../registry/licence-findings.ts';
import { readLog } from '../registry/read-log.ts';
import { championOf } from '../registry/routes.ts';
import { readContestants, sidesOf } from './contestants.ts';
import type { ActivityDeps } from './deps.ts';
import { readManifest, readRecipe } from './run-inputs.ts';
import { suiteOfRun } from './suite-of-run.ts';

export async function gate({ store }: ActivityDeps, input: GateInput): Promise<GateResult> {
  const key = stageKey(input.runKey, 'gate');
  const stored = await getJson(store, key, gateResultSchema);
  if (stored !== undefined) {
    return stored;
  }
  const recipe = await readRecipe(store, input.recipe);
  const manifest = await readManifest(store, input.manifest);
  const suite = await suiteOfRun(store, recipe, manifest);
  const { candidate, others } = sidesOf(await readContestants(store, input.scorecards));
  const licences = licenceDecisions(recipe);
  const objections = licenceVetoes(licences.findings);
  const decided = decide({ policy: recipe.gate, suite: suite.sha256, candidate, others, objections });
  const verdict = verdictSchema.parse({ ...decided, licences });
  const result: GateResult = {
    kind: verdict.kind,
    sentence: verdict.sentence,
    verdict: await putBlob(store, canonicalJson(verdict)),
    score: scoreOf(candidate, recipe.gate.metric),
    champion: recipe.route === undefined ? null : championOf(await readLog(store), recipe.route.name),
  };
  // A verdict on unanswered rows is shown but not kept: the next run of this recipe asks for those rows again.
  const complete = [candidate, ...others].every(({ scorecard }) => scorecard.errors === 0);
  return complete ? await commitOnce(store, key, result, gateResultSchema) : result;
}

function scoreOf({ scorecard }: Contestant, metric: Metric): number {
  const value = scorecard.metrics[metric]?.value;
  if (value === undefined) {
    throw new RangeError(`${metric} was not scored`);
  }
  return value;
}
