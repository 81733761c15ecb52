// The plan of a whole recipe: its rows once, every candidate, the baselines and the licences.
import { basename } from 'node:path';
import type { DropRule } from '../domain/dataset.ts';
import type { LicenceFinding } from '../domain/licences.ts';
import type { Inspection, PlanProblem } from '../domain/preflight.ts';
import type { Recipe } from '../domain/recipe.ts';
import {
  baselineCost,
  breakEven,
  type BaselineCost,
  type BreakEven,
  type RequestTokens,
} from '../evals/preflight/baseline-cost.ts';
import type { DistillationCost } from '../evals/preflight/distillation-cost.ts';
import type { Settings } from '../infra/settings.ts';
import { licenceFindings } from '../registry/licence-findings.ts';
import type { ObjectStore } from '../registry/store.ts';
import type { LoadedRecipe } from './load-recipe.ts';
import { plannedBase } from './plan-base.ts';
import { planCandidate, type CandidatePlan } from './plan-candidate.ts';
import { devicesFor } from './plan-devices.ts';
import { lookAt } from './plan-look.ts';
import { curateInMemory, plannedRows } from './plan-rows.ts';
import { measuredSpeeds } from './plan-speed.ts';

/** A candidate of the recipe with its label, as the recipe's lists make it. */
export interface LabelledPlan extends CandidatePlan {
  readonly id: string;
  readonly label: string;
}

export interface RecipePlan {
  readonly name: string;
  readonly rows: {
    readonly read: number;
    readonly train: number;
    readonly validation: number;
    readonly test: number;
    readonly dropped: Partial<Record<DropRule, number>>;
  };
  readonly candidates: readonly LabelledPlan[];
  /** Hours and cost of all candidates where the jobs would run; null when one of them is not known. */
  readonly totals: { readonly hours: number | null; readonly usd: number | null };
  /** Sources whose answers a teacher gives. */
  readonly distillations: readonly DistillationCost[];
  readonly baselines: readonly BaselineCost[];
  readonly breakEven: readonly BreakEven[];
  readonly licences: readonly LicenceFinding[];
  readonly problems: readonly PlanProblem[];
  readonly remarks: readonly string[];
}

/**
 * Reads the sources and the base, stores nothing and starts nothing that outlives it. Throws BadInput for what makes a
 * plan impossible, such as a missing source; what a finished plan shows to be impossible is in `problems`.
 */
export async function planRecipe(settings: Settings, store: ObjectStore, loaded: LoadedRecipe): Promise<RecipePlan> {
  const { path, recipe } = loaded;
  // Bases first: a name that is nowhere should not wait for the curation of many rows.
  const bases = [];
  for (const candidate of loaded.candidates) {
    bases.push(await plannedBase(settings.home, path, candidate.recipe));
  }
  const curated = await curateInMemory(settings, store, path, recipe);
  const looks = new Map<string, Inspection>();
  const candidates: LabelledPlan[] = [];
  for (const [index, { id, label, recipe: single }] of loaded.candidates.entries()) {
    const base = bases[index];
    if (base === undefined) {
      throw new RangeError(`candidate ${id} has no base`);
    }
    const rows = plannedRows(single, curated.splits.train);
    let look: Inspection | undefined;
    if (base.folder !== undefined) {
      const key = JSON.stringify([base.folder, whatLooksSee(single)]);
      const validation = plannedRows(single, curated.splits.validation);
      look = looks.get(key) ?? (await lookAt(settings, single, { folder: base.folder, train: rows, validation }));
      looks.set(key, look);
    }
    // A folder is known to runs by its own name.
    const measured = await measuredSpeeds(store, base.folder === undefined ? base.name : basename(base.folder));
    const devices = await devicesFor(settings, single);
    candidates.push({ id, label, ...planCandidate({ recipe: single, base, rows, look, devices, measured }) });
  }
  const tokens = requestTokens(recipe, candidates[0]);
  const { train, validation, test } = curated.splits;
  return {
    name: recipe.name,
    rows: {
      read: curated.read,
      train: train.length,
      validation: validation.length,
      test: test.length,
      dropped: curated.dropped,
    },
    candidates,
    totals: { hours: totalOf(candidates, 'hours'), usd: totalOf(candidates, 'usd') },
    distillations: curated.distillations,
    baselines: recipe.evaluate.baselines.map((one) => baselineCost(one, test.length, tokens)),
    breakEven: recipe.evaluate.baselines.map((one) => breakEven(one, recipe.train.gpu_usd_per_hour, tokens)),
    licences: distinctFindings(loaded.candidates.map((one) => one.recipe)),
    problems: candidates.flatMap(({ problems, id }) => problems.map((problem) => inCandidate(problem, id, candidates))),
    remarks: [
      ...new Set([
        ...(loaded.remarks ?? []),
        ...curated.distillations.flatMap(distillationRemarks),
        ...sweepRemarks(recipe, candidates),
        ...candidates.flatMap((one) => one.remarks),
      ]),
    ],
  };
}

/** The settings that change what a look finds. Candidates that differ in others share one look. */
function whatLooksSee({ train }: Recipe): unknown {
  const { method, lora_r, lora_target_modules, use_dora, modules_to_save, sequence_len, packing, group_by_length } =
    train;
  const { micro_batch_size, gradient_accumulation_steps, num_epochs, seed } = train;
  return [
    [method, lora_r, lora_target_modules, use_dora, modules_to_save, sequence_len, packing, group_by_length],
    [micro_batch_size, gradient_accumulation_steps, num_epochs, seed],
  ];
}

/** Mean tokens of a request, taken from the training rows; the base's tokenizer stands for the provider's. */
function requestTokens({ evaluate }: Recipe, first: LabelledPlan | undefined): RequestTokens {
  const tokens = first?.tokens;
  const rows = Math.max(tokens?.rows ?? 0, 1);
  return {
    prompt: (tokens?.prompt ?? 0) / rows,
    typicalAnswer: Math.min((tokens?.learnt ?? 0) / rows, evaluate.max_tokens),
    longestAnswer: evaluate.max_tokens,
  };
}

function totalOf(candidates: readonly LabelledPlan[], figure: 'hours' | 'usd'): number | null {
  const each = candidates.map(({ devices }) => devices[0]?.[figure] ?? null);
  return each.some((value) => value === null) ? null : each.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** A plan asks nobody, so that its figures know nothing of answers to come. */
function distillationRemarks({ source, model, inputs, answered }: DistillationCost): string[] {
  return inputs === answered
    ? []
    : [
        `${inputs - answered} inputs of ${source} wait for ${model}: tokens, memory, time and dropped rows are stated as if their answers were empty`,
      ];
}

function sweepRemarks({ sweep }: Recipe, candidates: readonly LabelledPlan[]): string[] {
  const hours = totalOf(candidates, 'hours');
  const usd = totalOf(candidates, 'usd');
  return [
    ...(sweep.max_hours !== undefined && hours !== null && hours > sweep.max_hours
      ? [`sweep.max_hours ${sweep.max_hours} leaves out candidates: all take about ${hours.toFixed(1)} hours`]
      : []),
    ...(sweep.max_usd !== undefined && usd !== null && usd > sweep.max_usd
      ? [`sweep.max_usd ${sweep.max_usd} leaves out candidates: all cost about $${usd.toFixed(2)}`]
      : []),
  ];
}

function distinctFindings(recipes: readonly Recipe[]): LicenceFinding[] {
  const all = recipes.flatMap((recipe) => licenceFindings({ recipe }));
  return [...new Map(all.map((finding) => [JSON.stringify(finding), finding])).values()];
}

function inCandidate(problem: PlanProblem, id: string, candidates: readonly LabelledPlan[]): PlanProblem {
  return candidates.length === 1 ? problem : { ...problem, where: `${id}: ${problem.where}` };
}
