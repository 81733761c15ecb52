// Results of promptfoo (`promptfoo eval -o out.json` or `-o out.jsonl`): one record a test, prompt and provider.
import { z } from 'zod';
import { BadInput } from '../../domain/bad-input.ts';
import { hashOf } from '../../domain/canonical.ts';
import type { ImportedArm, ImportedRow, LogReader, ReadLogOptions } from './imported-arm.ts';
import { asText, checkedRecord, pickFields, shortError } from './log-record.ts';

const count = z.int().nonnegative().nullish();

/** The part of a result that is read. */
const resultSchema = z.looseObject({
  promptIdx: z.int().nonnegative(),
  provider: z.looseObject({ id: z.string().min(1), label: z.string().nullish() }),
  prompt: z.looseObject({ label: z.string().nullish() }),
  vars: z.record(z.string(), z.unknown()),
  success: z.boolean(),
  score: z.number(),
  namedScores: z.record(z.string(), z.number()).nullish(),
  failureReason: z.int().nullish(),
  error: z.string().nullish(),
  latencyMs: z.number().nonnegative().nullish(),
  tokenUsage: z.looseObject({ prompt: count, completion: count }).nullish(),
  response: z
    .looseObject({
      output: z.unknown().optional(),
      error: z.string().nullish(),
      cached: z.boolean().nullish(),
      cost: z.number().nonnegative().nullish(),
      finishReason: z.string().nullish(),
    })
    .nullish(),
  testCase: z.looseObject({
    assert: z.array(z.looseObject({ value: z.unknown().optional() })).nullish(),
    metadata: z.record(z.string(), z.unknown()).nullish(),
  }),
});
type Result = z.infer<typeof resultSchema>;

/** `failureReason` of a row whose request failed; 0 is none, 1 a failed assertion. */
const requestFailed = 2;

interface Column {
  readonly provider: string;
  readonly prompt: string;
  readonly model: string;
  readonly rows: ImportedRow[];
}

/**
 * Reads results one by one. A column of promptfoo (one provider with one prompt) is an arm. A row is known by the
 * `id` in its test's metadata or variables, else by a hash of its variables and expected answer, and repeats (`--repeat`) are attempts at
 * one row. Scores: `passed` (all assertions held), `score` (promptfoo's own, from 0 to 1) and the named metrics.
 */
export function promptfooReader({ file, fields }: ReadLogOptions, version: string | null = null): LogReader {
  const columns = new Map<number, Column>();
  return {
    add(record, where) {
      const result = checkedRecord(record, resultSchema, { tool: 'promptfoo', where });
      const { id, label } = result.provider;
      const named = label ?? '';
      const column = columns.get(result.promptIdx) ?? {
        provider: named === '' ? id : named,
        prompt: result.prompt.label ?? '',
        model: id,
        rows: [],
      };
      columns.set(result.promptIdx, column);
      column.rows.push(rowOf(result, fields));
    },
    arms() {
      if (columns.size === 0) {
        throw new BadInput('the log has no results', { where: file });
      }
      return [...columns]
        .toSorted(([left], [right]) => left - right)
        .map(([index, column]) => armOf(index, column, columns, version));
    },
  };
}

/** A provider that answered several prompts is named with each: by the prompt's label where that is short enough. */
function armOf(
  index: number,
  { provider, prompt, model, rows }: Column,
  columns: ReadonlyMap<number, Column>,
  version: string | null,
): ImportedArm {
  const alone = [...columns.values()].filter((other) => other.provider === provider).length === 1;
  const named = prompt !== '' && prompt.length <= 40 && !prompt.includes('\n') ? prompt : `prompt ${index + 1}`;
  return { tool: 'promptfoo', version, label: alone ? provider : `${provider} ${named}`, model, rows };
}

function rowOf(result: Result, fields: readonly string[]): ImportedRow {
  const { vars, testCase, response, success, score, namedScores } = result;
  const asked = hashOf(vars);
  const expected = expectedOf(result);
  const failed = result.failureReason === requestFailed || response === null || response === undefined;
  const error = response?.error ?? result.error ?? 'no response';
  return {
    id: givenId(testCase.metadata?.['id']) ?? givenId(vars['id']) ?? hashOf([asked, expected]).slice(0, 16),
    asked,
    expected,
    answer: failed ? null : asText(response.output),
    error: failed ? shortError(error) : undefined,
    scores: failed ? {} : { ...namedScores, score, passed: success ? 1 : 0 },
    fields: pickFields(fields, vars, testCase.metadata),
    latencyMs: result.latencyMs ?? null,
    promptTokens: result.tokenUsage?.prompt ?? null,
    completionTokens: result.tokenUsage?.completion ?? null,
    // The result's own `cost` is 0 when promptfoo knows no price; the response then has none.
    costUsd: response?.cost ?? null,
    cached: response?.cached ?? false,
    finish: response?.finishReason ?? '',
  };
}

function givenId(value: unknown): string | undefined {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? String(value) : undefined;
}

/**
 * The value of the first assertion that has a text, with `{{name}}` resolved where it is the whole of it. Taken from
 * the test and not from the grading, which failed requests do not have.
 */
function expectedOf({ vars, testCase }: Result): string {
  const value = testCase.assert?.map((each) => each.value).find((each) => typeof each === 'string') ?? '';
  const [, name] = /^\{\{\s*([\w-]+)\s*\}\}$/u.exec(value) ?? [];
  return name !== undefined && Object.hasOwn(vars, name) ? asText(vars[name]) : value;
}
