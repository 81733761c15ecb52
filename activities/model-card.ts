// The model card that travels with an adapter.
import type { DatasetManifest } from '../domain/dataset.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { RunInput } from '../domain/run.ts';
import type { TrainerResult } from '../domain/training.ts';
import { licenceOfBase } from '../registry/licence-lineage.ts';

export interface ModelCardData {
  readonly recipe: Recipe;
  readonly manifest: DatasetManifest;
  readonly base: RunInput['base'];
  readonly trainer: TrainerResult;
  /** What a reader must know of the training. */
  readonly notices: readonly string[];
  /** Files beside the card that say whose terms apply. */
  readonly licenceFiles: readonly string[];
}

/** Markdown with the metadata block that model hubs read. Scores are left to the scorecards, which have intervals. */
export function modelCard({ recipe, manifest, base, trainer, notices, licenceFiles }: ModelCardData): string {
  const licence = licenceOfBase(recipe);
  return `---
base_model: ${JSON.stringify(base.name)}
library_name: peft
pipeline_tag: text-generation
${licence === null ? '' : `license: ${JSON.stringify(licence.toLowerCase())}\n`}---

# ${recipe.name}

${adapterName(recipe.train)} adapter for \`${base.name}\` (SHA-256 \`${base.sha256}\`), trained by Contender for one task: ${recipe.task}.
${licence === null ? 'The licence of the base model is not on record; look it up before you distribute this.' : `The base model's licence is ${licence}; it applies to this adapter too.`}${licenceFiles.length === 0 ? '' : ` See ${licenceFiles.map((name) => `\`${name}\``).join(' and ')}.`}

## Data

Dataset version \`${manifest.name}@${manifest.version}\`: ${manifest.splits.train.rows} training rows,
${manifest.splits.validation.rows} for validation, ${manifest.splits.test.rows} held out. ${manifest.labels.length} labels.

| source | SHA-256 | rows |
|---|---|---|
${manifest.sources.map((source) => `| \`${source.path}\` | \`${source.sha256}\` | ${source.rows} |`).join('\n')}
${teachers(manifest)}
## Training

${settings(recipe.train, trainer)}

${figures(trainer)}
${notices.map((notice) => `\n- ${notice}`).join('')}${notices.length === 0 ? '' : '\n'}
## Use

Render prompts with the chat template in this folder. System message: ${recipe.evaluate.prompt.system === undefined ? 'none' : JSON.stringify(recipe.evaluate.prompt.system)};
user message: ${JSON.stringify(recipe.evaluate.prompt.user)}. The resolved recipe, but for gate and route, is in \`recipe.json\`.
`;
}

/** Whose terms bind what the adapter learnt. */
function teachers({ sources }: DatasetManifest): string {
  const taught = sources.filter(({ teacher, terms }) => (teacher ?? terms) !== undefined);
  return taught.length === 0
    ? ''
    : `
Answers of these sources were written by a model, whose terms may bind what is trained on them:

| source | teacher | terms |
|---|---|---|
${taught.map(({ path, teacher, terms }) => `| ${cell(path)} | ${cell(teacher ?? 'not stated')} | ${cell(terms ?? 'not stated')} |`).join('\n')}
`;
}

function cell(text: string): string {
  return text.replaceAll(/[\\|<>`*_[\]]/gu, String.raw`\$&`).replaceAll('\n', ' ');
}

type Train = Recipe['train'];

function adapterName({ adapter, use_dora: dora, use_rslora: rank }: Train): string {
  const kind = adapter === 'qlora' ? 'QLoRA' : 'LoRA';
  return `${kind}${dora ? ' (DoRA)' : ''}${rank ? ' (rank-stabilised)' : ''}`;
}

function settings(train: Train, trainer: TrainerResult): string {
  const method = {
    sft: 'Supervised fine-tuning, loss on the answer only',
    dpo: `Direct preference optimisation, beta ${train.dpo_beta}`,
  }[train.method];
  const rows = trainer.micro_batch_size ?? train.micro_batch_size;
  const passes = trainer.gradient_accumulation_steps ?? train.gradient_accumulation_steps;
  return [
    `${method}, backend ${train.backend}.`,
    `Rank ${train.lora_r}, alpha ${train.lora_alpha}, target modules ${JSON.stringify(train.lora_target_modules)},`,
    ...(train.modules_to_save.length === 0 ? [] : [`trained in full ${JSON.stringify(train.modules_to_save)},`]),
    `learning rate ${train.learning_rate}, ${train.num_epochs} epoch(s), batch ${rows} × ${passes}, seed ${train.seed},`,
    `packing ${train.packing ? 'on' : 'off'}, gradient checkpointing ${train.gradient_checkpointing ? 'on' : 'off'}.`,
    ...(train.adapter === 'qlora'
      ? ['The base was held in 4-bit NormalFloat with double quantization; serve it in the same form.']
      : []),
  ].join('\n');
}

function figures(trainer: TrainerResult): string {
  const of = trainer.planned_steps === null ? '' : ` of ${trainer.planned_steps}`;
  const why = {
    completed: '',
    early_stopping: '; stopped early, as the validation loss no longer fell',
    time_limit: '; stopped at the hard wall of the recipe',
  }[trainer.stopped];
  const validation = trainer.validation_loss === null ? '' : `, validation loss ${trainer.validation_loss.toFixed(4)}`;
  return [
    `${trainer.steps}${of} steps over ${trainer.tokens} tokens in ${trainer.seconds.toFixed(0)} s on ` +
      `${trainer.world_size === 1 ? '' : `${trainer.world_size} × `}${trainer.device} (${trainer.dtype})${why}.`,
    ...(trainer.best_step === null ? [] : [`The adapter is that of step ${trainer.best_step}.`]),
    `Final training loss ${trainer.train_loss.toFixed(4)}${validation}.`,
  ].join('\n');
}
