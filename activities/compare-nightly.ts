// Compares a night's answers with the scorecards on file, row by row, and decides the gate again.
import { stageKey } from '../domain/refs.ts';
import { nightlyResultSchema, type ArmDrift, type NightlyCompareInput, type NightlyResult } from '../domain/nightly.ts';
import type { Contestant } from '../evals/compare.ts';
import { armDrift } from '../evals/drift.ts';
import { decide } from '../evals/gate.ts';
import { commitOnce } from '../registry/json.ts';
import { readContestants, sidesOf } from './contestants.ts';
import type { ActivityDeps } from './deps.ts';
import { readModelVersion } from './plan-nightly.ts';
import { readRecipe } from './run-inputs.ts';

export async function compareNightly({ store }: ActivityDeps, input: NightlyCompareInput): Promise<NightlyResult> {
  const recipe = await readRecipe(store, input.recipe);
  const tonight = await readContestants(store, input.scorecards);
  const { lineage } = await readModelVersion(store, input.champion);
  const drifts: ArmDrift[] = [];
  for (const contestant of tonight) {
    const ref = lineage.scorecards[contestant.arm.id];
    const [stored] = ref === undefined ? [] : await readContestants(store, [{ scorecard: ref }]);
    if (stored !== undefined) {
      drifts.push(armDrift(stored, contestant, recipe.gate));
    }
  }
  const { candidate, others } = sidesOf(tonight);
  const verdict = decide({ policy: recipe.gate, suite: candidate.scorecard.suite, candidate, others });
  const result: NightlyResult = {
    champion: input.champion,
    ...judge(candidate, drifts, verdict.kind),
    drifts,
    verdict: verdict.kind,
    scorecards: Object.fromEntries(input.scorecards.map(({ armId, scorecard }) => [armId, scorecard])),
  };
  return await commitOnce(store, stageKey(input.nightKey, 'nightly'), result, nightlyResultSchema);
}

function judge(
  champion: Contestant,
  drifts: readonly ArmDrift[],
  verdict: NightlyResult['verdict'],
): Pick<NightlyResult, 'kind' | 'sentence'> {
  const own = drifts.find(({ armId }) => armId === champion.arm.id);
  const facts =
    own === undefined
      ? ''
      : ` (${percent(own.tonight)} tonight, ${percent(own.stored)} on file, ${own.gained} rows gained, ${own.lost} lost)`;
  if (own?.regressed === true) {
    return { kind: 'regressed', sentence: `The champion answers worse than on file${facts}.` };
  }
  if (verdict === 'reject') {
    return { kind: 'regressed', sentence: `A baseline is now better than the champion${facts}.` };
  }
  return { kind: 'steady', sentence: `The champion answers as on file${facts}; the gate says ${verdict}.` };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
