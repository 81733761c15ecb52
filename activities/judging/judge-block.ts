// The judge that a pair of arms is shown to, and the models behind the arms.
import { BadInput } from '../../domain/bad-input.ts';
import type { JudgePairInput } from '../../domain/judge-stage.ts';
import { judgeSchema, type JudgeRecipe } from '../../domain/recipe-judge.ts';
import type { Arm } from '../../domain/scorecard.ts';
import type { Contender } from '../../evals/judge/summarise.ts';
import { getBlob } from '../../registry/blobs.ts';
import { parseStored } from '../../registry/json.ts';
import type { ObjectStore } from '../../registry/store.ts';
import { readRecipe } from '../run-inputs.ts';

/** Throws BadInput when nobody is to judge. */
export async function judgeBlockOf(store: ObjectStore, input: JudgePairInput): Promise<JudgeRecipe> {
  if (input.judge !== undefined) {
    return parseStored(input.judge.key, await getBlob(store, input.judge), judgeSchema);
  }
  const judge = 'recipe' in input ? (await readRecipe(store, input.recipe)).evaluate.judge : undefined;
  if (judge === undefined) {
    throw new BadInput('there is no judge for judge_preference', { where: 'evaluate.judge' });
  }
  return judge;
}

/** An arm with the model whose family counts: for arms that we serve, the base of the recipe. */
export async function contenderOf(store: ObjectStore, input: JudgePairInput, arm: Arm): Promise<Contender> {
  if (arm.provider !== 'served' || !('recipe' in input)) {
    return { armId: arm.id, provider: arm.provider, model: arm.model };
  }
  return { armId: arm.id, model: (await readRecipe(store, input.recipe)).model.base };
}
