// Decides, stores the verdict with every number, and remembers who held the route at that moment.
import { canonicalJson } from '../domain/canonical.ts';
import { failureTypes } from '../domain/failures.ts';
import type { Recipe } from '../domain/recipe.ts';
import { stageKey } from '../domain/refs.ts';
import type { GateInput, SideContest } from '../domain/stage-inputs.ts';
import { gateResultSchema, verdictSchema, type GateResult, type Verdict } from '../domain/verdict.ts';
import type { Guard, Surroundings } from '../evals/checks/contest.ts';
import type { Contestant } from '../evals/compare.ts';
import { decide } from '../evals/gate.ts';
import { putBlob } from '../registry/blobs.ts';
import { commitOnce, getJson } from '../registry/json.ts';
import { licenceDecisions, licenceVetoes } from '../registry/licence-findings.ts';
import { readLog } from '../registry/read-log.ts';
import { championOf } from '../registry/routes.ts';
import type { ObjectStore } from '../registry/store.ts';
import { candidateScore } from './candidate-score.ts';
import { readContestants, sidesOf } from './contestants.ts';
import type { ActivityDeps } from './deps.ts';
import { readJudged } from './judging/read-judged.ts';
import { leakedRows } from './leaked-rows.ts';
import { permanent } from './permanent.ts';
import { readManifest, readRecipe, readSplit } from './run-inputs.ts';
import { suiteOfRun } from './suite-of-run.ts';
import { choiceOf, closeChoice } from './sweep-choice.ts';

export async function gate(deps: ActivityDeps, input: GateInput): Promise<GateResult> {
  const { store } = deps;
  const key = stageKey(input.runKey, 'gate');
  const stored = await getJson(store, key, gateResultSchema);
  if (stored !== undefined) {
    return stored;
  }
  const asked = [...input.scorecards, ...(input.sides ?? []).flatMap(({ scorecards }) => scorecards)];
  const complete =
    asked.every(({ errors }) => errors === 0) && (input.judged ?? []).every(({ unanswered }) => unanswered === 0);
  if (complete) {
    await closeChoice(store, input.runKey);
  }
  const { verdict, recipe, candidate } = await decideRun(deps, input);
  const result: GateResult = {
    kind: verdict.kind,
    sentence: verdict.sentence,
    verdict: await putBlob(store, canonicalJson(verdict)),
    score: candidateScore(candidate, recipe.gate.metric, verdict.deciding),
    champion: recipe.route === undefined ? null : championOf(await readLog(store), recipe.route.name),
  };
  // A verdict on unanswered rows is shown but not kept: the next run of this recipe asks for those rows again.
  return complete ? await commitOnce(store, key, result, gateResultSchema) : result;
}

/** Decides on the answers that are there, and keeps nothing. */
export async function decideRun(
  { store }: ActivityDeps,
  input: GateInput,
): Promise<{ verdict: Verdict; recipe: Recipe; candidate: Contestant }> {
  const recipe = await readRecipe(store, input.recipe);
  const manifest = await readManifest(store, input.manifest);
  const suite = await suiteOfRun(store, recipe, manifest);
  const { candidate, others } = sidesOf(await readContestants(store, input.scorecards));
  const licences = licenceDecisions(recipe);
  const decided = decide({
    policy: recipe.gate,
    suite: suite.sha256,
    suiteSlices: recipe.evaluate.slices,
    candidate,
    others,
    usdPerHour: recipe.evaluate.serving.usd_per_hour,
    leakage: leakedRows(await readSplit(store, manifest, 'train'), suite.rows),
    guards: await readGuards(store, input.sides ?? []),
    objections: licenceVetoes(licences.findings),
    chosenFrom: (await choiceOf(store, input.runKey))?.entries.length,
    ...(await judgedOf(store, recipe, input.judged)),
  });
  const verdict = verdictSchema.parse({ ...decided, licences });
  return { verdict, recipe, candidate };
}

/** Candidate and untuned base of each suite beside the contest. */
async function readGuards(store: ObjectStore, sides: readonly SideContest[]): Promise<Guard[]> {
  const guards: Guard[] = [];
  for (const { guard, suite, metric, scorecards } of sides) {
    const { candidate, others } = sidesOf(await readContestants(store, scorecards));
    const base = others.find(({ arm }) => arm.kind === 'base');
    if (base === undefined) {
      throw permanent(failureTypes.badInput, `the untuned base did not answer the suite ${suite}`);
    }
    guards.push({ guard, suite, metric, candidate, base });
  }
  return guards;
}

/** Nothing where no judge was asked. */
async function judgedOf(
  store: ObjectStore,
  { gate: policy, evaluate: { judge } }: Recipe,
  pairs: GateInput['judged'],
): Promise<Pick<Surroundings, 'judged'>> {
  return judge === undefined || pairs === undefined ? {} : { judged: await readJudged(store, pairs, policy, judge) };
}
