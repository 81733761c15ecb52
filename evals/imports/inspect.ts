// Samples of inspect_ai: of a JSON log, or of the entries of an .eval file. One log is one arm.
import { z } from 'zod';
import { BadInput } from '../../domain/bad-input.ts';
import { canonicalJson, hashOf } from '../../domain/canonical.ts';
import type { ImportedRow, LogReader, ReadLogOptions } from './imported-arm.ts';
import { asText, checkedRecord, pickFields, shortError } from './log-record.ts';

/** The part of a log's header that is read. */
const headerSchema = z.looseObject({
  status: z.string(),
  eval: z.looseObject({
    model: z.string().min(1),
    packages: z.looseObject({ inspect_ai: z.string().optional() }).nullish(),
  }),
});

const usageSchema = z.looseObject({
  input_tokens: z.int().nonnegative().default(0),
  output_tokens: z.int().nonnegative().default(0),
  input_tokens_cache_read: z.int().nonnegative().nullish(),
  input_tokens_cache_write: z.int().nonnegative().nullish(),
});

/** The part of a sample that is read. */
const sampleSchema = z.looseObject({
  id: z.union([z.string().min(1), z.int()]),
  epoch: z.int().positive(),
  input: z.union([z.string(), z.array(z.unknown())]),
  target: z.union([z.string(), z.array(z.string())]),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  output: z.looseObject({
    completion: z.string().default(''),
    time: z.number().nonnegative().nullish(),
    choices: z.array(z.looseObject({ stop_reason: z.string().nullish() })).default([]),
  }),
  scores: z.record(z.string(), z.looseObject({ value: z.unknown().optional() })).nullish(),
  error: z.looseObject({ message: z.string() }).nullish(),
  working_time: z.number().nonnegative().nullish(),
  model_usage: z.record(z.string(), usageSchema).nullish(),
});
type Sample = z.infer<typeof sampleSchema>;

/**
 * Reads samples one by one. A row is known by its sample id, which inspect numbers when the dataset gives none; epochs
 * are attempts at one row. A score that is an object gives one score a member, `scorer/member`.
 *
 * inspect leaves samples that ended in an error out of its own means. Here they are rows without an answer.
 *
 * @param header the log without its samples. Throws BadInput for an evaluation that did not end well.
 */
export function inspectReader({ file, fields }: ReadLogOptions, header: unknown): LogReader {
  const { status, eval: spec } = checkedRecord(header, headerSchema, { tool: 'inspect_ai', where: file });
  if (status !== 'success') {
    throw new BadInput(`the evaluation did not finish, its status is ${JSON.stringify(status)}`, {
      where: file,
      hint: '`inspect eval-retry` finishes it',
    });
  }
  const rows: ImportedRow[] = [];
  const seen = new Set<string>();
  return {
    add(record, where) {
      const sample = checkedRecord(record, sampleSchema, { tool: 'inspect_ai', where });
      const attempt = `${sample.epoch} ${sample.id}`;
      if (seen.has(attempt)) {
        throw new BadInput(`sample ${sample.id} comes twice in epoch ${sample.epoch}`, { where });
      }
      seen.add(attempt);
      rows.push(rowOf(sample, fields));
    },
    arms() {
      if (rows.length === 0) {
        throw new BadInput('the log has no samples', { where: file, hint: 'run `inspect eval` with --log-samples' });
      }
      const version = spec.packages?.inspect_ai ?? null;
      return [{ tool: 'inspect_ai', version, label: spec.model, model: spec.model, rows }];
    },
  };
}

function rowOf(sample: Sample, fields: readonly string[]): ImportedRow {
  const { input, target, output, error, metadata } = sample;
  const failed = error !== null && error !== undefined;
  const usage = Object.values(sample.model_usage ?? {});
  const seconds = output.time ?? sample.working_time;
  return {
    id: String(sample.id),
    asked: hashOf(plainInput(input)),
    expected: typeof target === 'string' ? target : target.length === 1 ? (target[0] ?? '') : canonicalJson(target),
    answer: failed ? null : output.completion,
    error: failed ? shortError(error.message) : undefined,
    scores: failed ? {} : scoresOf(sample),
    fields: pickFields(fields, metadata),
    latencyMs: seconds === null || seconds === undefined ? null : seconds * 1000,
    promptTokens: usage.length === 0 ? null : usage.reduce((sum, each) => sum + promptTokens(each), 0),
    completionTokens: usage.length === 0 ? null : usage.reduce((sum, each) => sum + each.output_tokens, 0),
    costUsd: null,
    cached: false,
    finish: output.choices[0]?.stop_reason ?? '',
  };
}

/** Messages have ids that are new in every log; what they say is in role and content. */
function plainInput(input: Sample['input']): unknown {
  return typeof input === 'string'
    ? input
    : input.map((message) =>
        typeof message === 'object' && message !== null
          ? { role: Reflect.get(message, 'role'), content: Reflect.get(message, 'content') }
          : message,
      );
}

function promptTokens(usage: z.infer<typeof usageSchema>): number {
  return usage.input_tokens + (usage.input_tokens_cache_read ?? 0) + (usage.input_tokens_cache_write ?? 0);
}

function scoresOf({ scores }: Sample): Record<string, number> {
  return Object.fromEntries(
    Object.entries(scores ?? {}).flatMap(([scorer, { value }]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([member, part]) => named(`${scorer}/${member}`, part))
        : named(scorer, value),
    ),
  );
}

function named(name: string, value: unknown): [string, number][] {
  const number = scoreNumber(value);
  return number === undefined ? [] : [[name, number]];
}

const letters: Readonly<Record<string, number>> = { C: 1, P: 0.5, I: 0, N: 0 };

/**
 * Numbers as they are, and what inspect's own metrics make of the rest: C, P, I and N (correct, partial, incorrect,
 * no answer), yes and no, true and false. Anything else is no number.
 */
function scoreNumber(value: unknown): number | undefined {
  if (typeof value === 'number') {
    return value;
  }
  const text = asText(value);
  if (Object.hasOwn(letters, text)) {
    return letters[text];
  }
  const word = text.toLowerCase();
  if (word === 'yes' || word === 'true') {
    return 1;
  }
  return word === 'no' || word === 'false' ? 0 : undefined;
}
