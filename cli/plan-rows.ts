// The recipe's rows as a run would curate them, in memory: nothing is stored.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { BadInput } from '../domain/bad-input.ts';
import type { DatasetRow } from '../domain/dataset.ts';
import type { Recipe } from '../domain/recipe.ts';
import { curate, type Curated } from '../datasets/curate.ts';
import type { CurateSource } from '../datasets/read-source.ts';
import { learntMessages, type LearntMessage } from '../evals/prompt.ts';
import type { RowCharacters } from '../evals/preflight/guessed-tokens.ts';

/** A row as the trainer reads it. */
export interface PlannedRow {
  readonly id: string;
  readonly messages: readonly LearntMessage[];
  readonly rejected?: string;
}

/** Throws BadInput for a missing source and whatever curation refuses. */
export async function curateInMemory(path: string, recipe: Recipe): Promise<Curated> {
  const sources: CurateSource[] = [];
  for (const [index, source] of recipe.dataset.sources.entries()) {
    const file = resolve(dirname(path), source.path);
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() !== true) {
      throw new BadInput(`there is no file ${source.path}`, {
        where: `dataset.sources.${index}.path`,
        hint: 'paths are relative to the recipe; `npm run demo` prepares the data of the example recipes',
      });
    }
    const { path: name, map, format, encoding, delimiter } = source;
    sources.push({
      path: name,
      map,
      format,
      encoding,
      delimiter,
      local: file,
      bytes: found.size,
      sha256: await digestOf(file),
      open: () => createReadStream(file),
    });
  }
  return await curate({ name: recipe.name, sources, settings: recipe.dataset.curate });
}

/** Rows of a split as conversations whose last message, the answer, is what the model learns. */
export function plannedRows(recipe: Recipe, rows: readonly DatasetRow[]): PlannedRow[] {
  return rows.map((row) => ({
    id: row.id,
    messages: learntMessages(recipe.evaluate.prompt, row),
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

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  const stream: AsyncIterable<Buffer> = createReadStream(file);
  for await (const piece of stream) {
    hash.update(piece);
  }
  return hash.digest('hex');
}
