// Time limits that a recipe implies for its run.
import type { Recipe } from '../domain/recipe.ts';
import type { RunTimeouts } from '../domain/run.ts';

const hourMs = 3_600_000;

export function runTimeouts(recipe: Recipe): RunTimeouts {
  return {
    trainMs: recipe.train.max_hours * hourMs,
    heartbeatMs: 30_000,
    // Every row of a shard may wait for its time-out several times before patience ends.
    shardMs:
      Math.max(0.5 * hourMs, recipe.evaluate.shard_rows * recipe.evaluate.timeout_s * 1000) +
      recipe.evaluate.patience_s * 1000,
  };
}
