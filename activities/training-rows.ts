// Dataset rows as the trainer and the stand-in read them: conversations, and for preferences a worse answer.
import type { DatasetRow } from '../domain/dataset.ts';
import type { Recipe } from '../domain/recipe.ts';
import { learntMessages, type LearntMessage } from '../evals/prompt.ts';

export interface TrainingRow {
  readonly id: string;
  /** The last message is the answer, and what the model learns. */
  readonly messages: readonly LearntMessage[];
  /** Method `dpo`: the answer that is to become less likely. */
  readonly rejected?: string;
}

/** In the order of the rows. Throws RangeError for a row without `rejected` under method `dpo`. */
export function trainingRows(recipe: Recipe, rows: readonly DatasetRow[]): TrainingRow[] {
  return rows.map((row) => ({
    id: row.id,
    messages: learntMessages(recipe.evaluate.prompt, row, recipe.evaluate.tools),
    ...(recipe.train.method === 'dpo' ? { rejected: rejectedOf(row) } : {}),
  }));
}

function rejectedOf({ id, rejected }: DatasetRow): string {
  if (rejected === undefined) {
    throw new RangeError(`row ${id} has no rejected answer, which method dpo needs`);
  }
  return rejected;
}
