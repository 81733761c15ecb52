// The recipe's rows as a run would curate them: nothing is stored.
import { tmpdir } from 'node:os';
import type { DatasetRow } from '../domain/dataset.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { Curation } from '../datasets/curate.ts';
import { loadRows, type LoadedRows } from '../datasets/load-rows.ts';
import { learntMessages, type LearntMessage } from '../evals/prompt.ts';
import { distillationCost, type DistillationCost } from '../evals/preflight/distillation-cost.ts';
import type { RowCharacters } from '../evals/preflight/guessed-tokens.ts';
import { curateHere } from '../infra/curate-recipe.ts';
import type { Settings } from '../infra/settings.ts';
import type { ObjectStore } from '../registry/store.ts';
import { datasetOf } from './load-dataset.ts';
import { withReferences } from './reference-texts.ts';

/** A row as the trainer reads it. */
export interface PlannedRow {
  readonly id: string;
  readonly messages: readonly LearntMessage[];
  readonly rejected?: string;
}

export interface PlannedRows extends Pick<LoadedRows, 'splits'>, Pick<Curation, 'read' | 'dropped'> {
  readonly distillations: readonly DistillationCost[];
}

/** Asks no teacher: rows whose answer is not there yet have an empty one. Throws BadInput for a missing source and whatever curation refuses. */
export async function curateInMemory(
  settings: Settings,
  store: ObjectStore,
  path: string,
  recipe: Recipe,
): Promise<PlannedRows> {
  const distillations: DistillationCost[] = [];
  const curation = await curateHere(settings, store, withReferences(datasetOf(path, recipe), store), {
    scratch: tmpdir(),
    plan: true,
    onDistilled: ({ teacher, figures, awaited }) =>
      distillations.push(distillationCost(teacher.path, teacher.distill, { ...figures, awaited })),
  });
  try {
    const { splits } = await loadRows(curation);
    return { splits, read: curation.read, dropped: curation.dropped, distillations };
  } finally {
    await curation.remove();
  }
}

/** Rows of a split as conversations whose last message, the answer, is what the model learns. */
export function plannedRows(recipe: Recipe, rows: readonly DatasetRow[]): PlannedRow[] {
  return rows.map((row) => ({
    id: row.id,
    messages: learntMessages(recipe.evaluate.prompt, row, recipe.evaluate.tools),
    ...(recipe.train.method === 'dpo' && row.rejected !== undefined ? { rejected: row.rejected } : {}),
  }));
}

/** Characters of a row, for a base whose tokenizer is not here. */
export function charactersOf({ id, messages, rejected }: PlannedRow): RowCharacters {
  const prompt = messages.slice(0, -1);
  return {
    id,
    promptCharacters: prompt.reduce((sum, { content }) => sum + content.length, 0),
    promptTurns: prompt.length,
    answerCharacters: messages.at(-1)?.content.length ?? 0,
    ...(rejected === undefined ? {} : { rejectedCharacters: rejected.length }),
  };
}
