// Looks for likely label errors among the rows of all splits, and lists them for review.
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { canonicalJson } from '../domain/canonical.ts';
import type { CurateRecipe } from '../domain/recipe-dataset.ts';
import { textLines } from '../domain/text-lines.ts';
import { findLabelErrors, type LabelError } from './labels/find-label-errors.ts';
import type { LabelledRow } from './labels/sample-rows.ts';

export interface LabelErrorsFound {
  readonly count: number;
  readonly path: string;
  /** Rows that were looked at. */
  readonly looked: number;
  /** Rows looked at whose label has too few rows to be judged. */
  readonly notJudged: number;
  /** The beginning of the list: the least confident labels. */
  readonly first: readonly LabelError[];
}

const firstErrors = 20;

/** Undefined when nobody asked, or when outputs are no labels; `remark` then says why. */
export async function labelErrorStep(
  splits: readonly string[],
  path: string,
  { label_errors: settings, split }: Pick<CurateRecipe, 'label_errors' | 'split'>,
): Promise<{ readonly found?: LabelErrorsFound; readonly remark?: string }> {
  if (settings === false) {
    return {};
  }
  const errors = await findLabelErrors(() => rowsOf(splits), settings, split.seed);
  if (errors.kind === 'skipped') {
    return { remark: `label errors were not looked for: ${errors.why}` };
  }
  await writeFile(path, errors.found.map((error) => `${canonicalJson(error)}\n`).join(''), { mode: 0o600 });
  const { found, looked, notJudged } = errors;
  return { found: { count: found.length, path, looked, notJudged, first: found.slice(0, firstErrors) } };
}

// This process wrote the files a moment ago: their lines are rows.
async function* rowsOf(paths: readonly string[]): AsyncGenerator<LabelledRow> {
  for (const path of paths) {
    for await (const line of textLines(createReadStream(path))) {
      const row: LabelledRow = JSON.parse(line);
      yield row;
    }
  }
}
