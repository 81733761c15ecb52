import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import type { DatasetManifest } from '../domain/dataset.ts';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import type { TrainerResult } from '../domain/training.ts';
import { modelCard, type ModelCardData } from './model-card.ts';

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
  planned_steps: null,
  stopped: 'completed',
  best_step: null,
  world_size: 1,
  micro_batch_size: null,
  gradient_accumulation_steps: null,
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

const cardOf = (licence?: string, change: Partial<ModelCardData> = {}): string =>
  modelCard({
    recipe: syntheticRecipe((draft) => {
      draft.model = { base: 'tiny', ...(licence === undefined ? {} : { licence }) };
      draft.evaluate.prompt = { system: 'Which "colour"?' };
    }),
    manifest,
    base: { name: 'tiny: "x"', sha256: digest },
    trainer,
    notices: [],
    licenceFiles: [],
    ...change,
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
    expect(card).toContain('is not on record');
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

  it('names kind of adapter, method and how the base was held', () => {
    const recipe = syntheticRecipe((draft) => {
      draft.dataset.sources = [{ path: 'rows.csv', map: { input: 'text', output: 'label', rejected: 'worse' } }];
      draft.train = {
        adapter: 'qlora',
        method: 'dpo',
        dpo_beta: 0.3,
        use_dora: true,
        modules_to_save: ['lm_head'],
        packing: false,
      };
    });
    const card = cardOf(undefined, { recipe });
    expect(card).toContain('QLoRA (DoRA) adapter for');
    expect(card).toContain('Direct preference optimisation, beta 0.3, backend peft.');
    expect(card).toContain('trained in full ["lm_head"],');
    expect(card).toContain('packing off, gradient checkpointing off.');
    expect(card).toContain('4-bit NormalFloat with double quantization');
    expect(cardOf()).not.toContain('4-bit');
  });

  it('gives the batch as it was trained, and what a reader must know', () => {
    const notices = ['out of memory with micro batch 8 × 1: trained on with micro batch 4 × 2'];
    const card = cardOf(undefined, {
      notices,
      trainer: { ...trainer, micro_batch_size: 4, gradient_accumulation_steps: 2 },
    });
    expect(card).toContain('batch 4 × 2, seed 7,');
    expect(card).toContain(`\n- ${notices[0]}\n`);
  });

  it.each([
    ['early_stopping' as const, 'stopped early'],
    ['time_limit' as const, 'stopped at the hard wall'],
  ])('says where and why training ended: %s', (stopped, words) => {
    const ended = { ...trainer, stopped, planned_steps: 80, best_step: 6, world_size: 2 };
    const card = cardOf(undefined, { trainer: ended });
    expect(card).toContain('8 of 80 steps over 640 tokens in 3 s on 2 × cpu (float32); ' + words);
    expect(card).toContain('The adapter is that of step 6.');
  });

  it('names the files that say whose terms apply', () => {
    expect(cardOf('Apache-2.0', { licenceFiles: ['LICENCE.txt', 'NOTICE'] })).toContain(
      'See `LICENCE.txt` and `NOTICE`.',
    );
  });

  it('names the models that wrote answers, with their terms, and none where people wrote them', () => {
    const [source] = manifest.sources;
    const taught = { path: 'q|a.csv', sha256: digest, bytes: 9, rows: 7, teacher: 'big', terms: 'contract 12' };
    const card = cardOf(undefined, {
      manifest: { ...manifest, sources: [...(source === undefined ? [] : [source]), taught] },
    });
    expect(card).toContain(String.raw`| q\|a.csv | big | contract 12 |`);
    expect(card).not.toContain('| rows.csv |');
    expect(cardOf()).not.toContain('teacher');
  });
});
