// Whose terms bind a candidate: those of its base, of its data, and of the models that wrote the data.
import type { BaseEntry } from '../domain/catalogue.ts';
import type { Provider } from '../domain/providers.ts';
import type { Recipe } from '../domain/recipe.ts';
import { findBaseEntry } from './base-catalogue.ts';
import { isSameLicence } from './licence-terms.ts';

/** One ancestor of the candidate with the names of its licences. */
export interface Ancestor {
  readonly kind: 'base' | 'data' | 'teacher';
  /** `base`, `data:<path>` or `teacher:<name>`. */
  readonly subject: string;
  readonly name: string;
  /** Names as the catalogue or the recipe gives them; empty when neither does. */
  readonly licences: readonly string[];
  readonly entry: BaseEntry | undefined;
  /** A base's licence as the recipe declares it, where the catalogue says something else. */
  readonly contradicted: string | undefined;
}

/** What the licence rules look at in a recipe. */
export type LineageRecipe = Pick<Recipe, 'model' | 'dataset'>;

/** Base, data files and teachers of a recipe, each once. */
export function lineageOf(recipe: LineageRecipe): Ancestor[] {
  const teachers = new Map<string, Teacher>();
  for (const { teacher, distill } of recipe.dataset.sources) {
    for (const one of [
      ...(teacher === undefined ? [] : [{ name: teacher }]),
      ...(distill === undefined
        ? []
        : [{ name: distill.teacher.model, provider: distill.teacher.provider, terms: distill.terms }]),
    ]) {
      teachers.set(JSON.stringify(one), one);
    }
  }
  return [
    baseOf(recipe),
    ...recipe.dataset.sources.map(({ path, licence }) => ({
      kind: 'data' as const,
      subject: `data:${path}`,
      name: path,
      licences: licence === undefined ? [] : [licence],
      entry: undefined,
      contradicted: undefined,
    })),
    ...[...teachers.values()].map((teacher) => teacherOf(teacher)),
  ];
}

/** The base's licence in one expression, as cards and model versions name it; null when nobody says. */
export function licenceOfBase(recipe: Pick<LineageRecipe, 'model'>): string | null {
  const { licences, contradicted } = baseOf(recipe);
  const declared = contradicted === undefined && licences.length === 1 ? recipe.model.licence : undefined;
  return declared ?? (licences.length === 0 ? null : licences.join(' AND '));
}

function baseOf({ model }: Pick<LineageRecipe, 'model'>): Ancestor {
  const entry = findBaseEntry(model.base);
  const known = entry?.licences?.value;
  const declared = model.licence;
  const agrees = declared === undefined || known === undefined || known.some((key) => isSameLicence(key, declared));
  return {
    kind: 'base',
    subject: 'base',
    name: model.base,
    licences: known ?? (declared === undefined ? [] : [declared]),
    entry,
    contradicted: agrees ? undefined : declared,
  };
}

interface Teacher {
  readonly name: string;
  /** Who was asked, and the terms that the recipe states, for a teacher that answers during curation. */
  readonly provider?: Provider;
  readonly terms?: string;
}

function teacherOf({ name, provider, terms }: Teacher): Ancestor {
  const entry = findBaseEntry(name);
  const vendor = providerTerms.find((one) => one.models.test(name) || one.providers.some((who) => who === provider));
  const known = entry?.licences?.value ?? (vendor === undefined ? [] : [vendor.licence]);
  // Terms that the recipe states stand beside those that are known, and never in their place.
  const stated = terms === undefined || known.some((one) => isSameLicence(one, terms)) ? [] : [terms];
  return {
    kind: 'teacher',
    subject: `teacher:${name}`,
    name,
    licences: [...known, ...stated],
    entry,
    contradicted: undefined,
  };
}

// gpt-oss, gpt-neo and gpt-j are open models.
const providerTerms = [
  {
    licence: 'openai-terms',
    models: /^(?:openai\/)?(?:gpt-?(?!oss|neo|j\b)|chatgpt|o\d|text-davinci|codex)/iu,
    providers: ['openai'],
  },
  // Bedrock names it anthropic.claude-…, with the region before it or not.
  { licence: 'anthropic-terms', models: /(?:^|[./])claude/iu, providers: ['anthropic'] },
] satisfies readonly { licence: string; models: RegExp; providers: readonly Provider[] }[];
