// The recipe: the one YAML file a user writes. Defaults and descriptions live here and nowhere else.
import { z } from 'zod';
import { datasetProblems, datasetSchema } from './recipe-dataset.ts';
import { metricFacts, usualScorers } from './metrics.ts';
import { evaluateSchema } from './recipe-evaluate.ts';
import { gateSchema } from './recipe-gate.ts';
import { judgedIn, judgeProblems } from './recipe-judge.ts';
import { licencesSchema } from './recipe-licences.ts';
import { sliceProblems } from './recipe-slices.ts';
import { sweepSchema } from './recipe-sweep.ts';
import { trainProblems, trainSchema } from './recipe-train.ts';
import { taskSchema } from './task.ts';

/** Names of recipes, and of what is made of them. */
export const nameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/u, 'must be lower-case letters, digits and dashes, at most 40');

export const recipeSchema = z
  .strictObject({
    name: nameSchema.describe('Name of the recipe, its dataset and its model.'),
    task: taskSchema.describe('Kind of task; it decides how answers are parsed and scored.'),
    dataset: datasetSchema,
    model: z
      .strictObject({
        base: z
          .string()
          .min(1)
          .describe('The open model to tune: a name of this machine, a hub id such as org/model, or a folder.'),
        revision: z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/u, 'must be a branch, a tag or a commit')
          .optional()
          .describe('Branch, tag or commit of a hub id; it is resolved to a commit before anything is trained.'),
        licence: z
          .string()
          .min(1)
          .optional()
          .describe(
            'Licence of the base, for its model card and the licence gate; not needed for models of the catalogue.',
          ),
      })
      .describe('The open model to tune.'),
    train: trainSchema.prefault({}),
    sweep: sweepSchema.prefault({}),
    licences: licencesSchema.prefault({}),
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
        approval: z
          .enum(['auto', 'manual'])
          .default('auto')
          .describe('`auto`: a `promote` verdict takes the route. `manual`: it waits for a person’s approval.'),
        approval_hours: z
          .number()
          .positive()
          .max(8760)
          .default(168)
          .describe('How long a manual approval is waited for; then no route moves.'),
      })
      .optional()
      .describe('The route that a promoted candidate takes; without it the run only reports.'),
  })
  .superRefine((recipe, context) => {
    for (const { path, message } of datasetProblems(recipe.dataset)) {
      context.addIssue({ code: 'custom', path: ['dataset', ...path], message });
    }
    recipe.dataset.sources.forEach((source, index) => {
      // Records of the shape `preference`, also where it is told from the first of them, bring their own.
      const paired = source.shape === 'preference' || (source.shape === undefined && source.map.input === undefined);
      if (recipe.train.method === 'dpo' && source.map.rejected === undefined && !paired) {
        context.addIssue({
          code: 'custom',
          path: ['dataset', 'sources', index, 'map', 'rejected'],
          message: 'is needed, because train.method is dpo',
        });
      }
    });
    for (const { key, message } of trainProblems(recipe.train)) {
      context.addIssue({ code: 'custom', path: ['train', key], message });
    }
    if (recipe.sweep.max_usd !== undefined && recipe.train.gpu_usd_per_hour === undefined) {
      context.addIssue({ code: 'custom', path: ['sweep', 'max_usd'], message: 'needs `train.gpu_usd_per_hour`' });
    }
    if (recipe.train.eval_steps !== undefined && recipe.dataset.curate.split.validation === 0) {
      context.addIssue({
        code: 'custom',
        path: ['train', 'eval_steps'],
        message: 'needs validation rows: dataset.curate.split.validation is 0',
      });
    }
    recipe.evaluate.scorers.forEach((metric, index) => {
      if (!metricFacts[metric].tasks.includes(recipe.task)) {
        context.addIssue({
          code: 'custom',
          path: ['evaluate', 'scorers', index],
          message: `${metric} is no metric of ${recipe.task}; usual ones are ${usualScorers[recipe.task].join(', ')}`,
        });
      }
    });
    recipe.evaluate.baselines.forEach(({ provider }, index) => {
      if (provider === 'stand-in' && recipe.task !== 'classification') {
        context.addIssue({
          code: 'custom',
          path: ['evaluate', 'baselines', index, 'provider'],
          message: 'a stand-in answers classification only',
        });
      }
    });
    recipe.evaluate.baselines.forEach(({ batch }, index) => {
      if (batch && recipe.gate.sequential.enabled) {
        context.addIssue({
          code: 'custom',
          path: ['evaluate', 'baselines', index, 'batch'],
          message: 'excludes gate.sequential: each look would wait for a batch, up to a day',
        });
      }
    });
    if (recipe.evaluate.baselines.filter(({ flagship }) => flagship === true).length > 1) {
      context.addIssue({ code: 'custom', path: ['evaluate', 'baselines'], message: 'only one can be the flagship' });
    }
    if (recipe.evaluate.arms.classical && recipe.task !== 'classification') {
      context.addIssue({
        code: 'custom',
        path: ['evaluate', 'arms', 'classical'],
        message: 'a classical classifier answers classification only',
      });
    }
    if (recipe.task === 'tool_calls' && recipe.evaluate.tools === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['evaluate', 'tools'],
        message: 'are needed, because task is tool_calls',
      });
    }
    if (
      recipe.evaluate.parser === 'refusal' &&
      (recipe.task !== 'classification' || recipe.evaluate.labels !== undefined)
    ) {
      context.addIssue({
        code: 'custom',
        path: ['evaluate', 'parser'],
        message: '`refusal` goes with task classification and brings its own labels, refuse and comply',
      });
    }
    for (const { path, message } of sliceProblems(recipe)) {
      context.addIssue({ code: 'custom', path, message });
    }
    for (const { path, message } of judgeProblems(judgedIn(recipe))) {
      context.addIssue({ code: 'custom', path: ['evaluate', ...path], message });
    }
    if (!recipe.evaluate.scorers.includes(recipe.gate.metric)) {
      context.addIssue({ code: 'custom', path: ['gate', 'metric'], message: 'must be one of evaluate.scorers' });
    }
  })
  .describe('A Contender recipe.');

export type Recipe = z.infer<typeof recipeSchema>;
