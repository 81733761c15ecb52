// The teacher of a source: whom to ask, and under which names its answers are kept and paid.
import { BadInput } from '../../domain/bad-input.ts';
import { hashOf } from '../../domain/canonical.ts';
import { heldSecretsOf, keyVariablesText } from '../../domain/provider-keys.ts';
import type { DistillRecipe } from '../../domain/recipe-distill.ts';
import type { DatasetRecipe } from '../../domain/recipe-dataset.ts';
import type { Arm } from '../../domain/scorecard.ts';

export interface Teacher {
  /** Number of the source in the recipe, and its path. */
  readonly source: number;
  readonly path: string;
  readonly distill: DistillRecipe;
  /** The teacher as the asking engine knows whom to ask; it shares the limits of an account with a baseline there. */
  readonly arm: Arm;
  /** Part of every request's digest: who answers, and where. */
  readonly identity: string;
  /** Who pays: the same in every run and curation of the recipe, so that its budget is spent once. */
  readonly payer: string;
  /** Place of the block in the recipe. */
  readonly where: string;
}

/** Teachers of a dataset's sources, in order. `name` is that of the dataset. */
export function teachersOf(name: string, { sources }: Pick<DatasetRecipe, 'sources'>): Teacher[] {
  return sources.flatMap(({ path, distill }, source) => {
    if (distill === undefined) {
      return [];
    }
    const { teacher, prompt, max_tokens: maxTokens } = distill;
    const { provider, model, base_url: url, resource, project, region, reasoning, max_concurrency: most } = teacher;
    // Two endpoints may serve different weights under one model id, so answers belong to the endpoint too.
    const place = [url, resource, project, region].filter((part) => part !== undefined).join(' ');
    const identity = `${provider}/${model}${place === '' ? '' : ` at ${place}`}${reasoning ? ', reasoning' : ''}`;
    const arm: Arm = {
      id: `teacher-${source + 1}`,
      kind: 'baseline',
      label: `${model} (${provider})`,
      provider,
      model,
      shots: 0,
      standIn: false,
      maxConcurrency: most,
      endpoint: teacher,
    };
    const payer = `distill-${name}-${hashOf({ identity, prompt, maxTokens }).slice(0, 16)}`;
    return [{ source, path, distill, arm, identity, payer, where: `dataset.sources.${source}.distill` }];
  });
}

/** Throws BadInput, naming the variables, when a teacher's key is missing. */
export function requireTeacherKeys(teachers: readonly Teacher[], secret: (name: string) => string | undefined): void {
  for (const { distill, where, arm } of teachers) {
    if (heldSecretsOf(distill.teacher, secret) === undefined) {
      const variables = keyVariablesText(distill.teacher);
      throw new BadInput(`the teacher ${arm.provider}/${arm.model} needs a key, and ${variables} is not set`, {
        where: `${where}.teacher`,
        hint: `set ${variables}, or …_FILE to the path of a file with it`,
      });
    }
  }
}
