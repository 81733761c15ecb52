// The `judge` block of an evaluation: the panel of models that compares answers, and by what it compares them.
import { z } from 'zod';
import { sharedFamilies, type FamilyMember } from './model-family.ts';
import { baselineSchema, type BaselineRecipe } from './recipe-baseline.ts';

export const judgeSchema = z
  .strictObject({
    panel: z
      .array(baselineSchema.describe('A judge.'))
      .min(1)
      .max(5)
      .describe('The judges, by the same fields as baselines; their preferences are averaged.'),
    criteria: z
      .string()
      .trim()
      .min(1)
      .max(8000)
      .describe('What makes an answer good, in your words. Judges are told this and nothing else about quality.'),
    reference: z.boolean().default(false).describe('Show the expected answer to the judges.'),
    samples: z
      .int()
      .min(1)
      .max(9)
      .default(1)
      .describe('How often each order is asked. More than one samples at temperature 0.7 and takes the majority.'),
    max_tokens: z.int().min(16).default(512).describe('Longest judgement in tokens; reasoning models need more.'),
    max_answer_chars: z
      .int()
      .min(200)
      .default(20_000)
      .describe(
        'Characters of task, reference and each answer that judges see; what is cut is said to them and counted.',
      ),
    same_family: z
      .enum(['refuse', 'allow'])
      .default('refuse')
      .describe('`allow`: judges may be of the family of a contestant. Judges favour answers of their own family.'),
    max_unreadable: z
      .number()
      .min(0)
      .lt(1)
      .default(0.05)
      .describe('Hold when no judge can be read on a larger share of the judged rows; such rows count as ties.'),
    human_labels: z
      .string()
      .min(1)
      .optional()
      .describe('CSV or JSONL file with preferences of people, to measure the judges against (docs/judge.md).'),
  })
  .superRefine(({ panel }, context) => {
    panel.forEach((judge, index) => {
      const refuse = (key: string, message: string): void =>
        context.addIssue({ code: 'custom', path: ['panel', index, key], message });
      if (judge.provider === 'stand-in') {
        refuse('provider', 'a stand-in cannot judge');
      }
      if (judge.batch) {
        refuse('batch', 'judges are asked one by one, not in batches');
      }
    });
  })
  .describe('Who compares answers for `judge_preference`. Each pair is shown in both orders, without names.');
export type JudgeRecipe = z.infer<typeof judgeSchema>;

/** One judge of the panel with the id by which records name it. */
export interface Judge {
  readonly id: string;
  readonly label: string;
  readonly endpoint: BaselineRecipe;
}

/** The panel in the recipe's order; ids are unique. */
export function judgesOf({ panel }: Pick<JudgeRecipe, 'panel'>): Judge[] {
  return panel.map((endpoint, index) => {
    const slug = endpoint.model
      .toLowerCase()
      .replaceAll(/[^a-z0-9.]+/gu, '-')
      .replaceAll(/^[-.]+|[-.]+$/gu, '')
      .slice(0, 48);
    return { id: `judge-${index + 1}-${slug}`, label: `${endpoint.model} (${endpoint.provider})`, endpoint };
  });
}

/** A judge that is of the family of a contestant. */
export interface Kinship {
  /** Place of the judge in the panel, from 0. */
  readonly index: number;
  readonly judge: string;
  readonly contestant: string;
  readonly family: string;
}

/** Judges of the family of a contestant: of a baseline, or of the open model that is tuned. */
export function kinships(
  judge: Pick<JudgeRecipe, 'panel'>,
  contestants: readonly (FamilyMember & { readonly name: string })[],
): Kinship[] {
  return judgesOf(judge).flatMap(({ id, endpoint }, index) =>
    contestants.flatMap((contestant) =>
      sharedFamilies(endpoint, contestant).map((family) => ({ index, judge: id, contestant: contestant.name, family })),
    ),
  );
}

/** What {@link judgeProblems} looks at, from the parts of a recipe. */
export function judgedIn(recipe: {
  readonly evaluate: Omit<Judged, 'contestants'> & { readonly baselines: readonly BaselineRecipe[] };
  readonly model: { readonly base: string };
}): Judged {
  const { judge, scorers, baselines } = recipe.evaluate;
  const { base } = recipe.model;
  const contestants = baselines.map(({ provider, model }) => ({ provider, model, name: `the baseline ${model}` }));
  return {
    judge,
    scorers,
    contestants: [...contestants, { provider: undefined, model: base, name: `the base ${base}` }],
  };
}

/** A judge with what it is to decide, and between whom. */
export interface Judged {
  readonly judge?: JudgeRecipe | undefined;
  readonly scorers: readonly string[];
  readonly contestants: readonly (FamilyMember & { readonly name: string })[];
}

/** Rules between the judge and the rest of an evaluation, by their path below it. */
export function judgeProblems({ judge, scorers, contestants }: Judged): { path: PropertyKey[]; message: string }[] {
  const wanted = scorers.includes('judge_preference');
  if (judge === undefined) {
    return wanted ? [{ path: ['judge'], message: 'is needed, because judge_preference is among the scorers' }] : [];
  }
  if (!wanted) {
    return [{ path: ['judge'], message: 'is asked for nothing: add judge_preference to the scorers, or leave it out' }];
  }
  return judge.same_family === 'allow'
    ? []
    : kinships(judge, contestants).map(({ index, contestant, family }) => ({
        path: ['judge', 'panel', index, 'model'],
        message:
          `is of the ${family} family, as is ${contestant}, and judges favour their own; ` +
          'choose another judge, or set judge.same_family: allow',
      }));
}
