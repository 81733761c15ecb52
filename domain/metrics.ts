// Metrics by their names in the field, what they apply to, and the shape that decides which test compares them.
import { z } from 'zod';
import type { Task } from './task.ts';

export const metricSchema = z.enum([
  'exact_match',
  'verbatim_match',
  'macro_f1',
  'micro_f1',
  'mcc',
  'set_f1',
  'json_validity',
  'field_match',
  'field_f1',
  'span_f1',
  'span_f1_relaxed',
  'rouge_1',
  'rouge_2',
  'rouge_l',
  'tool_name',
  'tool_arguments',
  'judge_preference',
  'passed',
  'mean_score',
]);
export type Metric = z.infer<typeof metricSchema>;

/**
 * - `binary`: 0 or 1 a row; the metric is their mean.
 * - `graded`: from 0 to 1 a row; the metric is their mean.
 * - `corpus`: a function of all rows together, such as macro-F1.
 * - `paired`: exists only between two arms; from -1 (other arm) to 1 (candidate) a row.
 */
export type MetricShape = 'binary' | 'graded' | 'corpus' | 'paired';

export interface MetricFacts {
  readonly label: string;
  readonly shape: MetricShape;
  readonly tasks: readonly Task[];
}

/** Every metric is better when higher, and lies between 0 and 1, apart from `mcc` and `judge_preference` (from -1). */
export const metricFacts: Readonly<Record<Metric, MetricFacts>> = {
  exact_match: {
    label: 'exact match',
    shape: 'binary',
    tasks: ['classification', 'multi_label', 'extraction', 'ner', 'summarization', 'generation', 'tool_calls'],
  },
  verbatim_match: { label: 'verbatim match', shape: 'binary', tasks: ['classification', 'generation'] },
  macro_f1: { label: 'macro-F1', shape: 'corpus', tasks: ['classification', 'multi_label'] },
  micro_f1: { label: 'micro-F1', shape: 'corpus', tasks: ['classification', 'multi_label'] },
  mcc: { label: 'Matthews correlation', shape: 'corpus', tasks: ['classification'] },
  set_f1: { label: 'set F1', shape: 'graded', tasks: ['multi_label'] },
  json_validity: { label: 'JSON validity', shape: 'binary', tasks: ['extraction'] },
  field_match: { label: 'fields right', shape: 'graded', tasks: ['extraction'] },
  field_f1: { label: 'field F1', shape: 'graded', tasks: ['extraction'] },
  span_f1: { label: 'span F1', shape: 'corpus', tasks: ['ner'] },
  span_f1_relaxed: { label: 'span F1, overlap', shape: 'corpus', tasks: ['ner'] },
  rouge_1: { label: 'ROUGE-1', shape: 'graded', tasks: ['summarization', 'generation'] },
  rouge_2: { label: 'ROUGE-2', shape: 'graded', tasks: ['summarization', 'generation'] },
  rouge_l: { label: 'ROUGE-L', shape: 'graded', tasks: ['summarization', 'generation'] },
  tool_name: { label: 'tool name', shape: 'binary', tasks: ['tool_calls'] },
  tool_arguments: { label: 'tool and arguments', shape: 'binary', tasks: ['tool_calls'] },
  judge_preference: {
    label: 'judge preference',
    shape: 'paired',
    tasks: ['summarization', 'generation', 'extraction'],
  },
  // Of the logs of other tools, whatever their check was. No task of ours is scored by them.
  passed: { label: 'pass rate', shape: 'binary', tasks: [] },
  mean_score: { label: 'mean score', shape: 'graded', tasks: [] },
};

/** Metrics that are scored row by row. */
export function isRowMetric(metric: Metric): boolean {
  const { shape } = metricFacts[metric];
  return shape === 'binary' || shape === 'graded';
}

/** What a task is scored by when nothing is said. */
export const usualScorers: Readonly<Record<Task, readonly Metric[]>> = {
  classification: ['exact_match', 'macro_f1'],
  multi_label: ['set_f1', 'micro_f1', 'macro_f1', 'exact_match'],
  extraction: ['field_f1', 'field_match', 'exact_match', 'json_validity'],
  ner: ['span_f1', 'span_f1_relaxed', 'exact_match'],
  summarization: ['rouge_l', 'rouge_1', 'rouge_2'],
  generation: ['exact_match'],
  tool_calls: ['tool_arguments', 'tool_name'],
};
