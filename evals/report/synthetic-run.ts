// Synthetic parts of a run for the tests of this folder: dataset, training and progress; made up.
import { sha256 } from '../../domain/canonical.ts';
import type { Lengths } from '../../domain/dataset.ts';
import type { BlobRef } from '../../domain/refs.ts';
import type { ProgressLine } from '../../domain/training.ts';
import { createRandom } from '../statistics/random.ts';
import type { TrainedRun } from './report-data.ts';
import { syntheticTokens } from './synthetic-tokens.ts';

/** @param rows test rows */
export function syntheticRun(rows: number, promotion: TrainedRun['promotion']): TrainedRun {
  return {
    promotion,
    dataset: syntheticDataset(rows),
    training: syntheticTraining(),
    sweep: null,
    progress: syntheticProgress(),
    tokens: syntheticTokens(),
  };
}

function blob(name: string): BlobRef {
  return { key: `blobs/${name}`, sha256: sha256(name), bytes: name.length };
}

/** A manifest with everything that curation can find. */
export function syntheticDataset(test: number): TrainedRun['dataset'] {
  const kept = 640 + 80 + test;
  const labels = ['label 0', 'label 1', 'label 2', 'label 3', 'label <i>4</i>'];
  const split = (name: string, rows: number, groups: number): TrainedRun['dataset']['splits']['train'] => ({
    rows,
    groups,
    file: blob(name),
    lengths: { input: syntheticLengths(rows, 64), output: syntheticLengths(rows, 16) },
    outputs: labels.map((output, index) => ({
      output,
      rows: index === 0 ? rows - 4 * Math.floor(rows / 8) : Math.floor(rows / 8),
    })),
    balance: { imbalance: 4, evenness: 0.861 },
  });
  return {
    name: 'synthetic-recipe',
    version: sha256('dataset').slice(0, 16),
    sources: [
      {
        path: 'synthetic.csv',
        sha256: sha256('source'),
        bytes: 100,
        rows: kept + 120,
        format: 'csv',
        compression: 'gzip',
        encoding: 'utf-8',
        licence: 'CC-BY-4.0',
      },
      {
        path: 'hf://datasets/synthetic/answers/<b>part</b>.jsonl',
        revision: sha256('commit').slice(0, 40),
        sha256: sha256('answers'),
        bytes: 200,
        rows: 22,
        format: 'jsonl',
        teacher: 'synthetic-teacher',
        terms: 'no competing models',
      },
    ],
    settings: {},
    read: kept + 142,
    kept,
    dropped: { exact_duplicate: 40, near_duplicate: 73, empty_output: 7, contaminated: 22 },
    labels,
    splits: {
      train: split('train', 640, 300),
      validation: split('validation', 80, 40),
      test: split('test', test, 0),
    },
    droppedRows: blob('dropped'),
    findings: {
      conflictingInputs: 3,
      near: { clusters: 31, rows: 104, largest: 9, differentOutputs: 2, pairsCompared: 1204, rowsCutShort: 0 },
      pii: { email: { rows: 12, found: 14 }, credit_card: { rows: 2, found: 2 } },
      overlaps: {
        exact: { dropped: 5, reported: 0, waived: 1 },
        ngram: { dropped: 9, reported: 0, waived: 3 },
        near: { dropped: 8, reported: 0, waived: 0 },
      },
      labelErrors: 41,
      labelErrorList: {
        looked: kept,
        notJudged: 4,
        first: [0.0004, 0.0131, 0.0702].map((confidenceGiven, index) => ({
          id: sha256(`row ${index}`),
          origin: { file: 'synthetic.csv', line: 17 * (index + 1) },
          given: labels[index] ?? '',
          suggested: 'label <i>4</i>',
          confidenceGiven,
          confidenceSuggested: 0.9 - confidenceGiven,
        })),
      },
    },
    lists: { clusters: blob('clusters'), overlaps: blob('overlaps'), labelErrors: blob('label-errors') },
  };
}

function syntheticLengths(rows: number, median: number): Lengths {
  const parts = [rows - 4 * Math.floor(rows / 8), ...Array.from({ length: 4 }, () => Math.floor(rows / 8))];
  return {
    shortest: 3,
    median,
    p95: 6 * median,
    longest: 8 * median,
    classes: parts.map((count, index) => ({ upTo: (median / 2) * 2 ** index, rows: count })),
  };
}

function syntheticTraining(): TrainedRun['training'] {
  return {
    artifact: blob('adapter'),
    progress: blob('progress'),
    attempts: 2,
    base: 'synthetic-base',
    notices: [],
    trainer: {
      steps: 40,
      planned_steps: 40,
      stopped: 'completed',
      best_step: null,
      world_size: 1,
      micro_batch_size: 8,
      gradient_accumulation_steps: 1,
      epochs: 1,
      train_loss: 1.234,
      validation_loss: 0.987,
      tokens: 41_000,
      seconds: 236,
      tokens_per_second: 174,
      device: 'cpu',
      dtype: 'float32',
      peak_memory_bytes: 2.4 * 2 ** 30,
      trainable_parameters: 4_884_480,
      total_parameters: 139_400_000,
      resumed_from_step: 20,
      versions: {},
    },
  };
}

function syntheticProgress(): ProgressLine[] {
  const random = createRandom(3);
  const steps = Array.from({ length: 40 }, (_, index): ProgressLine => ({
    kind: 'progress',
    step: index + 1,
    total_steps: 40,
    epoch: (index + 1) / 40,
    loss: 0.8 + 3.2 * Math.exp(-index / 8) + 0.3 * random(),
    learning_rate: 0.001,
    tokens: 1000 * (index + 1),
    tokens_per_second: 174,
    seconds: 6 * (index + 1),
    seconds_left: 6 * (39 - index),
  }));
  return [...steps, { kind: 'validation', step: 20, loss: 1.21 }, { kind: 'validation', step: 40, loss: 0.99 }];
}
