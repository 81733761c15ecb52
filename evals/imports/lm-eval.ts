// Samples of lm-eval (`--log_samples`, files samples_TASK_DATE.jsonl): one record a document and filter.
import { z } from 'zod';
import { BadInput } from '../../domain/bad-input.ts';
import { canonicalJson, hashOf } from '../../domain/canonical.ts';
import type { ImportedRow, LogReader, ReadLogOptions } from './imported-arm.ts';
import { asText, checkedRecord, pickFields } from './log-record.ts';

/** The part of a sample that is read; metrics are members of their own, named in `metrics`. */
const sampleSchema = z.looseObject({
  doc_id: z.int().nonnegative(),
  doc: z.unknown().optional(),
  doc_hash: z.string().optional(),
  target: z.unknown().optional(),
  filtered_resps: z.array(z.unknown()),
  filter: z.string().default('none'),
  metrics: z.array(z.string()),
});
type Sample = z.infer<typeof sampleSchema>;

/**
 * Reads samples one by one. Each filter is an arm, since filters read the same answers differently. A row is known by
 * its `doc_id`. The file names no model: the arm is called by the file and its folder, or by the filter where there are several.
 * lm-eval logs neither latency, tokens nor cost, and stops at a request that fails.
 */
export function lmEvalReader({ file, fields }: ReadLogOptions): LogReader {
  const filters = new Map<string, Map<number, ImportedRow>>();
  return {
    add(record, where) {
      const sample = checkedRecord(record, sampleSchema, { tool: 'lm-eval', where });
      const rows = filters.get(sample.filter) ?? new Map<number, ImportedRow>();
      filters.set(sample.filter, rows);
      if (rows.has(sample.doc_id)) {
        throw new BadInput(`document ${sample.doc_id} comes twice`, {
          where,
          hint: 'give the samples of one run alone',
        });
      }
      rows.set(sample.doc_id, rowOf(sample, fields));
    },
    arms() {
      if (filters.size === 0) {
        throw new BadInput('the log has no samples', { where: file });
      }
      return [...filters].map(([filter, rows]) => ({
        tool: 'lm-eval',
        version: null,
        label: filters.size === 1 ? shortName(file) : filter,
        model: shortName(file),
        rows: [...rows.values()],
      }));
    },
  };
}

/** lm-eval puts its samples into a folder that is named for the model. */
function shortName(file: string): string {
  return file.split(/[/\\]/u).slice(-2).join('/');
}

function rowOf(sample: Sample, fields: readonly string[]): ImportedRow {
  const { doc, doc_hash: digest, target, filtered_resps: answers } = sample;
  const members = typeof doc === 'object' && doc !== null ? { ...doc } : {};
  return {
    id: String(sample.doc_id),
    asked: digest ?? hashOf(doc),
    expected: asText(target),
    answer: answers.length === 1 ? asText(answers[0]) : canonicalJson(answers),
    scores: scoresOf(sample),
    fields: pickFields(fields, members),
    latencyMs: null,
    promptTokens: null,
    completionTokens: null,
    costUsd: null,
    cached: false,
    finish: '',
  };
}

/** Metrics that have a number a row. Those of the whole corpus, such as BLEU, leave other things in a sample. */
function scoresOf(sample: Sample): Record<string, number> {
  return Object.fromEntries(
    sample.metrics.flatMap((name) => {
      const value = sample[name];
      if (typeof value === 'boolean') {
        return [[name, value ? 1 : 0]];
      }
      return typeof value === 'number' ? [[name, value]] : [];
    }),
  );
}
