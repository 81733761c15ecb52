// The recipe: the one YAML file a user writes. Defaults and descriptions live here and nowhere else.
import { z } from 'zod';
import { datasetSchema } from './recipe-dataset.ts';
import { evaluateSchema, gateSchema } from './recipe-evaluate.ts';
import { trainSchema } from './recipe-train.ts';

const slug = /^[a-z0-9][a-z0-9-]{0,39}$/u;

export const recipeSchema = z
  .strictObject({
    name: z
      .string()
      .regex(slug, 'must be lower-case letters, digits and dashes, at most 40')
      .describe('Name of the recipe, its dataset and its model.'),
    task: z.enum(['classification']).describe('Kind of task; it decides how answers are parsed and scored.'),
    dataset: datasetSchema,
    model: z
      .strictObject({
        base: z.string().min(1).describe('The open model to tune: a catalogue name, or a folder.'),
        licence: z.string().min(1).optional().describe('SPDX id of the base model’s licence, for its model card.'),
      })
      .describe('The open model to tune.'),
    train: trainSchema.prefault({}),
    evaluate: evaluateSchema,
    gate: gateSchema.prefault({}),
    route: z
      .strictObject({
        name: z
          .string()
          .regex(/^[a-z0-9][a-z0-9-]*(?:\/[a-z0-9][a-z0-9-]*)*$/u, 'must look like domain/task')
          .describe('Task name that applications ask for.'),
        privacy: z
          .enum(['public', 'internal', 'restricted'])
          .default('internal')
          .describe('The most sensitive data this route may see.'),
        approval: z.enum(['auto']).default('auto').describe('`auto`: a `promote` verdict takes the route.'),
      })
      .optional()
      .describe('The route that a promoted candidate takes; without it the run only reports.'),
  })
  .superRefine((recipe, context) => {
    recipe.dataset.sources.forEach((source, index) => {
      if (recipe.dataset.curate.split.by === 'group' && source.map.group === undefined) {
        context.addIssue({
          code: 'custom',
          path: ['dataset', 'sources', index, 'map', 'group'],
          message: 'is needed, because the split is by group',
        });
      }
    });
    if (!recipe.evaluate.scorers.includes(recipe.gate.metric)) {
      context.addIssue({ code: 'custom', path: ['gate', 'metric'], message: 'must be one of evaluate.scorers' });
    }
  })
  .describe('A Contender recipe.');

export type Recipe = z.infer<typeof recipeSchema>;
