import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import type { DatasetManifest } from '../domain/dataset.ts';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import type { TrainerResult } from '../domain/training.ts';
import { modelCard } from './model-card.ts';

const digest = 'a'.repeat(64);
const file = { key: 'blobs/x', sha256: digest, bytes: 1 };
const manifest: DatasetManifest = {
  name: 'colours',
  version: '0123456789abcdef',
  sources: [{ path: 'rows.csv', sha256: digest, bytes: 9, rows: 7 }],
  settings: {},
  read: 7,
  kept: 7,
  dropped: {},
  labels: ['blue', 'red'],
  splits: {
    train: { rows: 4, groups: 0, file },
    validation: { rows: 1, groups: 0, file },
    test: { rows: 2, groups: 0, file },
  },
  droppedRows: file,
};
const trainer: TrainerResult = {
  steps: 8,
  epochs: 1,
  train_loss: 0.25,
  validation_loss: null,
  tokens: 640,
  seconds: 3.2,
  tokens_per_second: 200,
  device: 'cpu',
  dtype: 'float32',
  peak_memory_bytes: 1,
  trainable_parameters: 1,
  total_parameters: 2,
  resumed_from_step: null,
  versions: {},
};

const cardOf = (licence?: string): string =>
  modelCard({
    recipe: syntheticRecipe((draft) => {
      draft.model = { base: 'tiny', ...(licence === undefined ? {} : { licence }) };
      draft.evaluate.prompt = { system: 'Which "colour"?' };
    }),
    manifest,
    base: { name: 'tiny: "x"', sha256: digest },
    trainer,
  });

function frontMatter(card: string): unknown {
  const document = parseDocument(card.split('---\n')[1] ?? '');
  expect(document.errors).toEqual([]);
  return document.toJS();
}

describe('the model card', () => {
  it('begins with metadata that hubs can read, whatever the name of the base', () => {
    expect(frontMatter(cardOf('Apache-2.0'))).toEqual({
      base_model: 'tiny: "x"',
      library_name: 'peft',
      pipeline_tag: 'text-generation',
      license: 'apache-2.0',
    });
  });

  it('says so when no licence is on record, and claims none', () => {
    const card = cardOf();
    expect(frontMatter(card)).not.toHaveProperty('license');
    expect(card).toContain('is not recorded in the recipe');
  });

  it('names base, dataset version and sources by digest', () => {
    const card = cardOf();
    expect(card).toContain(`SHA-256 \`${digest}\``);
    expect(card).toContain('`colours@0123456789abcdef`: 4 training rows,\n1 for validation, 2 held out. 2 labels.');
    expect(card).toContain(`| \`rows.csv\` | \`${digest}\` | 7 |`);
  });

  it('gives the prompt and the training figures, and no validation loss where none was measured', () => {
    const card = cardOf();
    expect(card).toContain('System message: "Which \\"colour\\"?"');
    expect(card).toContain('8 steps over 640 tokens in 3 s on cpu (float32).');
    expect(card).not.toContain('validation loss');
  });
});
