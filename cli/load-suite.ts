// Reads a suite file and its rows: everything is checked before anybody is asked anything.
import { BadInput } from '../domain/bad-input.ts';
import { usualScorers } from '../domain/metrics.ts';
import type { BlobRef } from '../domain/refs.ts';
import { suiteFileSchema, type SuiteFile } from '../domain/suite-file.ts';
import type { SuiteRow } from '../domain/suite.ts';
import { labelsOf } from '../evals/label-set.ts';
import { scoreAnswer } from '../evals/score-answer.ts';
import { suiteDigest, type Suite } from '../evals/suite.ts';
import type { ObjectStore } from '../registry/store.ts';
import { putSuite } from '../registry/suites.ts';
import { suiteRows } from './suite-rows.ts';
import { checkedValue, readYamlFile } from './yaml-file.ts';

export interface LoadedSuite {
  /** Path of the file as the user gave it. */
  readonly path: string;
  /** The file with all defaults. */
  readonly file: SuiteFile;
  /** Rows that the file holds, without those dropped and before the limit. */
  readonly read: number;
  /** Rows left out because they repeat another. */
  readonly dropped: number;
  readonly suite: Suite & { readonly sha256: string };
}

/** Throws BadInput with one line a problem: of the file with line and column, of a row with file and line. */
export async function loadSuite(path: string, store: ObjectStore): Promise<LoadedSuite> {
  const yaml = await readYamlFile(path, {
    what: 'suite',
    schema: suiteFileSchema,
    hint: 'give the path of a suite file, or the name of a suite that `contender suites list` shows',
  });
  const file = checkedValue(yaml, suiteFileSchema, 'docs/suite.md lists every field');
  const { rows, outputs, dropped } = await suiteRows(path, file.rows, store);
  const suite: Suite = {
    name: file.name,
    task: file.task,
    rows,
    prompt: file.prompt,
    shots: file.shots.map((shot, index) => ({ id: `shot-${index + 1}`, ...shot })),
    labels: labelsOf(file, outputs),
    responseSchema: file.response_schema,
    tools: file.tools,
    parser: file.parser,
    scorers: file.scorers ?? usualScorers[file.task],
    slices: file.slices,
    repeats: file.repeats,
    logprobs: file.logprobs,
  };
  rows.forEach((row) => requireFit(suite, row));
  requireSlices(path, file, rows);
  requireOtherShots(path, suite);
  return { path, file, read: outputs.length, dropped, suite: { ...suite, sha256: suiteDigest(suite) } };
}

/** Stores a suite with its rows and returns the reference of its record, a `StoredSuite`. */
export async function storeSuite(store: ObjectStore, { file, suite }: LoadedSuite): Promise<BlobRef> {
  const {
    name,
    task,
    prompt,
    response_schema,
    tools,
    parser,
    logprobs,
    slices,
    repeats,
    max_tokens,
    timeout_s,
    patience_s,
  } = file;
  const optional = { response_schema, tools, parser, logprobs };
  return await putSuite(
    store,
    {
      name,
      task,
      prompt,
      shots: [...suite.shots],
      labels: [...suite.labels],
      scorers: [...suite.scorers],
      slices,
      critical_slices: file.critical_slices,
      repeats,
      max_tokens,
      timeout_s,
      patience_s,
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    },
    suite.rows,
  );
}

/** Throws BadInput for an expected answer that no answer could match. */
function requireFit(suite: Suite, row: SuiteRow): void {
  try {
    scoreAnswer(suite, row, null);
  } catch (error) {
    if (!(error instanceof RangeError)) {
      throw error;
    }
    throw new BadInput(error.message, {
      where: row.origin === undefined ? `row ${row.id}` : `${row.origin.file}:${row.origin.line}`,
      hint: `docs/suites.md says what ${suite.task} expects`,
      cause: error,
    });
  }
}

/** Throws BadInput for a slice that no row belongs to. */
function requireSlices(
  path: string,
  { slices, critical_slices: critical }: SuiteFile,
  rows: readonly SuiteRow[],
): void {
  const wanted = [...slices.map((slice) => ({ slice, value: undefined })), ...critical];
  for (const { slice, value } of wanted) {
    const found = rows.some((row) => {
      const own = slice === 'label' ? row.output : slice === 'group' ? row.group : row.tags?.[slice];
      return own !== undefined && (value === undefined || own === value);
    });
    if (!found) {
      throw new BadInput(`no row is in the slice ${slice}${value === undefined ? '' : ` = ${value}`}`, {
        where: path,
        hint: 'slices are `label`, `group`, or the name of a tag',
      });
    }
  }
}

/** Throws BadInput for an example that is among the rows: its answer would be given away. */
function requireOtherShots(path: string, { rows, shots }: Suite): void {
  if (shots.length === 0) {
    return;
  }
  const inputs = new Set(rows.map(({ input }) => input));
  const shown = shots.findIndex(({ input }) => inputs.has(input.trim()));
  if (shown !== -1) {
    throw new BadInput(`shots.${shown}: the example is among the rows, so its answer would be given away`, {
      where: path,
    });
  }
}
