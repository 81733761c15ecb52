// Synthetic token statistics for the tests of this folder: made up.
import { sha256 } from '../../domain/canonical.ts';
import type { SplitTokens, TokenSpread, TokenStatistics } from '../../domain/token-statistics.ts';

export function syntheticTokens(): TokenStatistics {
  return {
    base: { name: 'synthetic-base', sha256: sha256('base') },
    how: 'tokenizer',
    settings: {
      method: 'sft',
      sequence_len: 256,
      micro_batch_size: 8,
      gradient_accumulation_steps: 2,
      packing: true,
      group_by_length: true,
      num_epochs: 1,
    },
    asked: sha256('prompt'),
    splits: { train: split(640), validation: split(80) },
    of: { train: 640, validation: 80, test: 160 },
    layout: {
      packing: true,
      rows: 640,
      passes: 80,
      packed_passes: 72,
      tokens: 41_000,
      padded_places: 50_000,
      places: 30_000,
    },
    stepsPerEpoch: 40,
    steps: 40,
  };
}

function split(rows: number): SplitTokens {
  return {
    rows,
    tokens: 64 * rows,
    learnt: 8 * rows,
    prompt: spread(rows, 48),
    answer: spread(rows, 16),
    whole: spread(rows, 64),
    longer: { count: 0, ids: [] },
  };
}

function spread(rows: number, median: number): TokenSpread {
  return {
    shortest: median / 2,
    median,
    p90: 2 * median,
    p99: 3 * median,
    longest: 4 * median,
    classes: [
      { up_to: median, rows: rows / 2 },
      { up_to: 4 * median, rows: rows / 2 },
    ],
  };
}
