// Synthetic report data for the tests of this folder: made up, and full of hostile text.
import { sha256 } from '../../domain/canonical.ts';
import type { DatasetRow } from '../../domain/dataset.ts';
import type { BlobRef } from '../../domain/refs.ts';
import type { Arm, RowResult } from '../../domain/scorecard.ts';
import type { ProgressLine } from '../../domain/training.ts';
import { gateSchema } from '../../domain/recipe-gate.ts';
import type { Contestant } from '../compare.ts';
import { decide } from '../gate.ts';
import { createRandom } from '../statistics/random.ts';
import { syntheticArm, syntheticContestant, syntheticResult, syntheticSuite } from '../synthetic.ts';
import type { ReportData } from './report-data.ts';

/** Texts that must neither run, nor reorder the page, nor break its layout. */
const hostileTexts = [
  `<script>alert('run')</script>`,
  `<img src=x onerror=alert(1)>`,
  `"><svg onload=alert(2)>`,
  `'-->]]></style></title><h1>out</h1>`,
  'override \u202E desrever \u2066 isolate',
  'bell \u0007 nul \u0000 escape \u001B[31mred',
  'תשובה מימין לשמאל',
  'long '.repeat(3000),
  `unbroken${'x'.repeat(400)}`,
  'two\nlines and a\ttab',
  '',
];

const policy = gateSchema.parse({});

function blob(name: string): BlobRef {
  return { key: `blobs/${name}`, sha256: sha256(name), bytes: name.length };
}

/** An arm that is right with this probability; every seventh wrong answer is hostile text, unreadable to the parser. */
function contestant(arm: Arm, count: number, accuracy: number, seed: number): Contestant {
  const random = createRandom(seed);
  const results = Array.from({ length: count }, (_, index): RowResult => {
    const right = random() < accuracy;
    const change: Partial<RowResult> = arm.kind === 'baseline' ? {} : { costUsd: null };
    if (!right && index % 7 === 0) {
      return syntheticResult(index, false, { ...change, answer: hostileText(index), parsed: null });
    }
    return syntheticResult(index, right, change);
  });
  return syntheticContestant(arm, results, ['exact_match', 'macro_f1']);
}

function hostileText(index: number): string {
  return hostileTexts[index % hostileTexts.length] ?? '';
}

/** @param accuracy shares of right answers of the candidate and of the baseline */
export function syntheticReport(
  options: { rows?: number; accuracy?: { candidate: number; baseline: number }; standIn?: boolean } = {},
): ReportData {
  const { rows: count = 160, accuracy = { candidate: 0.47, baseline: 0.31 }, standIn = true } = options;
  const baselineArm = syntheticArm(
    'baseline',
    standIn ? { label: 'tfidf-logreg (stand-in)', model: 'tfidf-logreg', provider: 'stand-in', standIn } : {},
  );
  const candidate = contestant(syntheticArm('candidate'), count, accuracy.candidate, 11);
  const others = [
    contestant(baselineArm, count, accuracy.baseline, 12),
    contestant(syntheticArm('base'), count, 0.01, 13),
    contestant(syntheticArm('few_shot'), count, 0.04, 14),
  ];
  const verdict = decide({ policy, suite: syntheticSuite, candidate, others });
  const promoted = { outcome: 'won', modelVersion: 'synthetic@0123456789ab', route: 'synthetic/task', seq: 4 } as const;
  return {
    recipeName: 'synthetic-recipe',
    runKey: sha256('run').slice(0, 12),
    createdAt: '2026-01-02T03:04:05.000Z',
    verdict,
    promotion: verdict.kind === 'promote' ? promoted : null,
    arms: [candidate, ...others].map(({ scorecard, results }) => ({ scorecard, results })),
    rows: candidate.results.map(({ rowId, expected }, index): DatasetRow => ({
      id: rowId,
      input: index % 3 === 0 ? hostileText(index) : `synthetic term ${index}`,
      output: expected,
      origin: { file: 'synthetic.csv', line: index + 2 },
    })),
    dataset: syntheticDataset(count),
    training: syntheticTraining(),
    sweep: null,
    progress: syntheticProgress(),
    stages: [
      { stage: 'curate', seconds: 2.1 },
      { stage: 'train', seconds: 238.4 },
      { stage: 'evaluate', seconds: 61.7 },
    ],
    lineage: ['recipe', 'source synthetic.csv', 'dataset manifest', 'base', 'adapter', 'verdict'].map((what) => ({
      what,
      id: `blobs/sha256/${what.replaceAll(' ', '-')}`,
      sha256: sha256(what),
    })),
  };
}

function syntheticDataset(test: number): ReportData['dataset'] {
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

function syntheticTraining(): ReportData['training'] {
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
