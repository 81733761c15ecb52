// The arms of a recipe's contest.
import type { BaselineRecipe } from '../domain/recipe-baseline.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { Arm, ArmKind } from '../domain/scorecard.ts';

/**
 * Requests in flight against our own server, and the rows of its batches: a step of decoding reads all weights
 * whether it serves one row or forty.
 */
export const servedConcurrency = 40;

/** The classical reference; the server of the stand-in answers for it. It stands in for nobody. */
const classicalArm: Arm = {
  id: 'classical',
  kind: 'classical',
  label: 'TF-IDF with logistic regression',
  provider: 'stand-in',
  model: 'tfidf-logreg',
  shots: 0,
  standIn: false,
  maxConcurrency: 8,
};

/** Candidate first, then base, few-shot and classical, then the baselines in the recipe's order. Ids are unique. */
export function armsOf(recipe: Recipe): Arm[] {
  const { arms, baselines } = recipe.evaluate;
  const served = { provider: 'served', standIn: false, maxConcurrency: servedConcurrency } as const;
  return [
    { ...served, id: 'candidate', kind: 'candidate', label: `${recipe.name} (tuned)`, model: 'candidate', shots: 0 },
    ...(arms.base
      ? [{ ...served, id: 'base', kind: 'base', label: 'untuned base', model: 'base', shots: 0 } as const]
      : []),
    ...(arms.few_shot > 0
      ? [
          {
            ...served,
            id: `few-shot-${arms.few_shot}`,
            kind: 'few_shot',
            label: `base, ${arms.few_shot} examples`,
            model: 'base',
            shots: arms.few_shot,
          } as const,
        ]
      : []),
    ...(arms.classical ? [classicalArm] : []),
    ...baselines.map((baseline, index) => baselineArm(baseline, index)),
  ];
}

/** The recipe's entry for a baseline arm; undefined for arms that are ours. Two entries may share provider and model. */
export function baselineOf({ evaluate }: Recipe, arm: Arm): BaselineRecipe | undefined {
  return evaluate.baselines.find((baseline, index) => baselineArm(baseline, index).id === arm.id);
}

function baselineArm(baseline: BaselineRecipe, index: number): Arm {
  const slug = baseline.model
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/gu, '')
    .slice(0, 48);
  return endpointArm(baseline, 'baseline', `baseline-${index + 1}-${slug}`);
}

/** The arm of an endpoint, in the part that it plays. */
export function endpointArm(endpoint: BaselineRecipe, kind: ArmKind, id: string): Arm {
  const { provider, model, max_concurrency: maxConcurrency, flagship } = endpoint;
  const standIn = provider === 'stand-in';
  const how = endpoint.batch ? `${provider}, batch` : provider;
  return {
    id,
    kind,
    label: standIn ? `stand-in ${model}` : `${model} (${how})`,
    provider,
    model,
    shots: 0,
    standIn,
    maxConcurrency,
    ...(flagship === true ? { flagship: true } : {}),
    endpoint,
  };
}
