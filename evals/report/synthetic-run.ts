// Synthetic parts of a run for the tests of this folder: dataset, training and progress; made up.
import { sha256 } from '../../domain/canonical.ts';
import type { BlobRef } from '../../domain/refs.ts';
import type { ProgressLine } from '../../domain/training.ts';
import { createRandom } from '../statistics/random.ts';
import type { TrainedRun } from './report-data.ts';

/** @param rows test rows */
export function syntheticRun(rows: number, promotion: TrainedRun['promotion']): TrainedRun {
  return {
    promotion,
    dataset: syntheticDataset(rows),
    training: syntheticTraining(),
    sweep: null,
    progress: syntheticProgress(),
  };
}

function blob(name: string): BlobRef {
  return { key: `blobs/${name}`, sha256: sha256(name), bytes: name.length };
}

function syntheticDataset(test: number): TrainedRun['dataset'] {
  const kept = 640 + 80 + test;
  return {
    name: 'synthetic-recipe',
    version: sha256('dataset').slice(0, 16),
    sources: [{ path: 'synthetic.csv', sha256: sha256('source'), bytes: 100, rows: kept + 120 }],
    settings: {},
    read: kept + 120,
    kept,
    dropped: { exact_duplicate: 40, near_duplicate: 73, empty_output: 7 },
    labels: ['label 0', 'label 1', 'label 2', 'label 3', 'label 4'],
    splits: {
      train: { rows: 640, groups: 300, file: blob('train') },
      validation: { rows: 80, groups: 40, file: blob('validation') },
      test: { rows: test, groups: 0, file: blob('test') },
    },
    droppedRows: blob('dropped'),
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
