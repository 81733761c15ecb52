// The model card that travels with an adapter.
import type { DatasetManifest } from '../domain/dataset.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { RunInput } from '../domain/run.ts';
import type { TrainerResult } from '../domain/training.ts';

export interface ModelCardData {
  readonly recipe: Recipe;
  readonly manifest: DatasetManifest;
  readonly base: RunInput['base'];
  readonly trainer: TrainerResult;
}

/** Markdown with the metadata block that model hubs read. Scores are left to the scorecards, which have intervals. */
export function modelCard({ recipe, manifest, base, trainer }: ModelCardData): string {
  const { train } = recipe;
  const licence = recipe.model.licence;
  return `---
base_model: ${JSON.stringify(base.name)}
library_name: peft
pipeline_tag: text-generation
${licence === undefined ? '' : `license: ${JSON.stringify(licence.toLowerCase())}\n`}---

# ${recipe.name}

LoRA adapter for \`${base.name}\` (SHA-256 \`${base.sha256}\`), trained by Contender for one task: ${recipe.task}.
${licence === undefined ? 'The licence of the base model is not recorded in the recipe; look it up before you distribute this.' : `The base model's licence is ${licence}; it applies to this adapter too.`}

## Data

Dataset version \`${manifest.name}@${manifest.version}\`: ${manifest.splits.train.rows} training rows,
${manifest.splits.validation.rows} for validation, ${manifest.splits.test.rows} held out. ${manifest.labels.length} labels.

| source | SHA-256 | rows |
|---|---|---|
${manifest.sources.map((source) => `| \`${source.path}\` | \`${source.sha256}\` | ${source.rows} |`).join('\n')}

## Training

Rank ${train.lora_r}, alpha ${train.lora_alpha}, target modules ${JSON.stringify(train.lora_target_modules)}, learning rate
${train.learning_rate}, ${train.num_epochs} epoch(s), batch ${train.micro_batch_size} × ${train.gradient_accumulation_steps},
seed ${train.seed}; loss on the answer only.

${trainer.steps} steps over ${trainer.tokens} tokens in ${trainer.seconds.toFixed(0)} s on ${trainer.device} (${trainer.dtype}).
Final training loss ${trainer.train_loss.toFixed(4)}${trainer.validation_loss === null ? '' : `, validation loss ${trainer.validation_loss.toFixed(4)}`}.

## Use

Render prompts with the chat template in this folder. System message: ${recipe.evaluate.prompt.system === undefined ? 'none' : JSON.stringify(recipe.evaluate.prompt.system)};
user message: ${JSON.stringify(recipe.evaluate.prompt.user)}. The resolved recipe is in \`recipe.json\`.
`;
}
