// The licence gate: which lineage may be promoted, by whom it was signed off, and what it says when not.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { LicenceFinding } from '../domain/licences.ts';
import { recipeSchema } from '../domain/recipe.ts';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import { licenceFindings, licenceVetoes } from './licence-findings.ts';
import { licenceOfBase } from './licence-lineage.ts';

type Draft = Parameters<NonNullable<Parameters<typeof syntheticRecipe>[0]>>[0];
interface Case {
  readonly name?: string;
  readonly base?: string;
  readonly licence?: string;
  readonly source?: Partial<Draft['dataset']['sources'][number]>;
  readonly organisation?: NonNullable<NonNullable<Draft['licences']>['organisation']>;
  readonly signOff?: readonly string[];
}

const scout = 'meta-llama/Llama-4-Scout-17B-16E-Instruct';
const llama31 = 'meta-llama/Llama-3.1-8B-Instruct';
const research = 'Qwen/Qwen2.5-3B-Instruct';

function findingsOf({ name, base = 'tiny', licence, source, organisation, signOff = [] }: Case): LicenceFinding[] {
  const recipe = syntheticRecipe((draft) => {
    draft.name = name ?? draft.name;
    draft.model = { base, ...(licence === undefined ? {} : { licence }) };
    draft.dataset.sources = [{ path: 'rows.csv', map: { input: 'text', output: 'label' }, ...source }];
    draft.licences = {
      ...(organisation === undefined ? {} : { organisation }),
      sign_off: signOff.map((signed) => ({ licence: signed, by: 'Ada Byron', reason: 'contract 7' })),
    };
  });
  return licenceFindings({ recipe });
}

/** The strictest level of an ancestor's findings, under one rule where it is given. */
function levelOf(findings: readonly LicenceFinding[], subject: string, rule?: LicenceFinding['rule']): string {
  const about = findings.filter(
    (finding) => finding.subject === subject && (rule === undefined || finding.rule === rule),
  );
  const levels = new Set(about.map(({ level }) => level));
  return (['block', 'sign_off', 'fine'] as const).find((level) => levels.has(level)) ?? 'no finding';
}

describe('a base', () => {
  it.each<[string, Case, string]>([
    ['of one’s own without a licence', { base: '../models/mine' }, 'fine'],
    ['known to this machine alone', { base: 'tiny' }, 'fine'],
    ['under Apache-2.0', { base: 'smollm2-135m-instruct' }, 'fine'],
    ['declared to be under Apache-2.0', { base: 'org/unheard-of', licence: 'Apache-2.0' }, 'fine'],
    ['of a hub of which no licence is known', { base: 'org/unheard-of' }, 'sign_off'],
    ['fetched from a hub, of which no licence is known', { base: 'org--unheard-of@0123456789ab' }, 'sign_off'],
    ['fetched from a hub, for research alone', { base: 'Qwen--Qwen2.5-3B-Instruct@0123456789ab' }, 'block'],
    ['of the catalogue of which no licence is known', { base: 'mistralai/Mistral-Small-4-119B-2603' }, 'sign_off'],
    ['under terms that are not known', { base: 'org/unheard-of', licence: 'Strange-1.0' }, 'sign_off'],
    ['for research alone', { base: research }, 'block'],
    ['for research alone, under another name', { base: `/models/${research}`, licence: 'MIT' }, 'block'],
    ['for research alone, for research', { base: research, organisation: { commercial_use: false } }, 'fine'],
    ['declared non-commercial', { licence: 'cc-by-nc-4.0' }, 'block'],
    ['of which the recipe says something else', { base: llama31, name: 'llama-x', licence: 'MIT' }, 'sign_off'],
    ['under the Llama licence with a name that says so', { base: llama31, name: 'llama-colours' }, 'fine'],
    ['under the Llama licence with another name', { base: llama31 }, 'sign_off'],
    ['distilled into Llama, with another name', { base: 'deepseek-ai/DeepSeek-R1-Distill-Llama-8B' }, 'sign_off'],
    ['distilled into Qwen', { base: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-7B' }, 'fine'],
    ['under the DeepSeek licence', { base: 'deepseek-ai/DeepSeek-V3' }, 'fine'],
  ])('%s', (_, given, level) => {
    expect(levelOf(findingsOf(given), 'base')).toBe(level);
  });

  it.each<[number | undefined, string]>([
    [undefined, 'fine'],
    [700_000_000, 'fine'],
    [700_000_001, 'block'],
  ])('under the Llama licence, with %s users a month', (users, level) => {
    const organisation = users === undefined ? {} : { monthly_active_users: users };
    const findings = findingsOf({ base: llama31, name: 'llama-x', organisation });
    expect(levelOf(findings, 'base', 'users')).toBe(level);
    expect(findings.find(({ rule }) => rule === 'users')?.why).toContain(
      '700,000,000 monthly active users on 2024-07-23',
    );
  });

  it('under the Qwen licence ends at a hundred million users', () => {
    const base = 'Qwen/Qwen2.5-72B-Instruct';
    expect(levelOf(findingsOf({ base, organisation: { monthly_active_users: 100_000_001 } }), 'base')).toBe('block');
    expect(levelOf(findingsOf({ base, organisation: { monthly_active_users: 100_000_000 } }), 'base')).toBe('fine');
  });

  it.each<[string, boolean | undefined, string]>([
    [scout, true, 'block'],
    [scout, undefined, 'sign_off'],
    [scout, false, 'fine'],
    ['meta-llama/Llama-3.2-1B-Instruct', true, 'no finding'],
    ['org/llama-3.2-vision-thing', true, 'sign_off'],
    ['org/llama-3.2-vision-thing', undefined, 'fine'],
    [llama31, true, 'no finding'],
    ['meta-llama/Llama-3.3-70B-Instruct', true, 'no finding'],
  ])('%s, in the EU: %s', (base, inEu, level) => {
    const findings = findingsOf({
      base,
      name: 'llama-x',
      organisation: inEu === undefined ? {} : { in_eu: inEu },
      ...(base.startsWith('org/') ? { licence: 'llama3.2' } : {}),
    });
    expect(levelOf(findings, 'base', 'eu')).toBe(level);
  });
});

describe('a licence that the catalogue has from hearsay', () => {
  it('passes with that remark, one that was read without it', () => {
    expect(findingsOf({ base: 'mistralai/Mistral-Nemo-Instruct-2407' })[0]?.why).toContain('reported, not checked');
    expect(findingsOf({ base: 'Qwen/Qwen3-8B' })[0]?.why).not.toContain('reported');
  });
});

describe('data', () => {
  it.each<[string | undefined, string]>([
    [undefined, 'fine'],
    ['own', 'fine'],
    ['CC-BY-SA-4.0', 'fine'],
    ['CC-BY-NC-4.0', 'block'],
    ['openai', 'sign_off'],
    ['llama3.1', 'sign_off'],
    ['Strange-1.0', 'sign_off'],
  ])('under %s', (licence, level) => {
    expect(levelOf(findingsOf(licence === undefined ? {} : { source: { licence } }), 'data:rows.csv')).toBe(level);
  });
});

const distilled = (teacher: object, terms: string) =>
  findingsOf({
    source: {
      map: { input: 'text' },
      distill: { teacher: { provider: 'openai', model: 'my-model', ...teacher }, prompt: {}, terms },
    },
  })
    .filter(({ subject }) => subject.startsWith('teacher:'))
    .map(({ licence, level }) => [licence, level]);

describe('a teacher', () => {
  it.each([
    ['gpt-4o', 'sign_off'],
    ['openai/gpt-6.1-terra', 'sign_off'],
    ['o3', 'sign_off'],
    ['claude-opus-4', 'sign_off'],
    ['anthropic/claude-opus-5.5', 'sign_off'],
    ['openai/gpt-oss-20b', 'fine'],
    ['deepseek-ai/DeepSeek-R1', 'fine'],
    ['deepseek-ai/DeepSeek-V3', 'fine'],
    ['meta-llama/Llama-3.1-70B-Instruct', 'sign_off'],
    ['Qwen/Qwen2.5-72B-Instruct', 'fine'],
    [research, 'block'],
    ['some-other-model', 'sign_off'],
  ])('%s', (teacher, level) => {
    expect(levelOf(findingsOf({ source: { teacher } }), `teacher:${teacher}`)).toBe(level);
  });

  it('that answers during curation binds by the terms of whom was asked, and by those that the recipe states', () => {
    expect(distilled({}, 'contract 12')).toEqual([
      ['openai-terms', 'sign_off'],
      ['contract 12', 'sign_off'],
    ]);
    expect(
      distilled({ provider: 'bedrock', region: 'eu-west-1', model: 'eu.anthropic.claude-x' }, 'anthropic'),
    ).toEqual([['anthropic-terms', 'sign_off']]);
    const own = { provider: 'openai-compatible', base_url: 'http://127.0.0.1:1/v1' } as const;
    expect(distilled(own, 'Apache-2.0')).toEqual([['apache-2.0', 'fine']]);
    expect(distilled(own, 'own model')).toEqual([['own model', 'sign_off']]);
  });

  it('under the Llama licence binds the name of a model of another family', () => {
    const teacher = 'meta-llama/Llama-3.1-70B-Instruct';
    const findings = findingsOf({ source: { teacher } });
    expect(findings.find(({ rule }) => rule === 'name')?.why).toContain('call the recipe llama-colours');
    expect(licenceVetoes(findingsOf({ source: { teacher }, name: 'llama-colours' }))).toEqual([]);
  });
});

describe('a sign-off', () => {
  it.each([
    ['qwen-research', research],
    ['Qwen-Research-License', research],
    ['llama4', scout],
    ['unknown', 'org/unheard-of'],
  ])('of %s by name lets %s pass', (licence, base) => {
    expect(licenceVetoes(findingsOf({ base }))).not.toEqual([]);
    const findings = findingsOf({ base, signOff: [licence] });
    expect(licenceVetoes(findings)).toEqual([]);
    expect(findings.some(({ level, signedOffBy }) => level !== 'fine' && signedOffBy === 'Ada Byron')).toBe(true);
  });

  it('of another licence does not help, and is said to be of no use', () => {
    const findings = findingsOf({ base: research, signOff: ['llama4'] });
    expect(licenceVetoes(findings)).toHaveLength(1);
    expect(findings.at(-1)).toMatchObject({ subject: 'sign_off', licence: 'llama4', rule: 'unused', level: 'fine' });
  });

  it('of a licence that is fine without it is said to be of no use', () => {
    const findings = findingsOf({ base: 'smollm2-135m-instruct', signOff: ['apache-2.0'] });
    expect(findings.at(-1)?.rule).toBe('unused');
    expect(findings.filter(({ signedOffBy }) => signedOffBy !== null)).toEqual([]);
  });

  it('of one licence leaves the other ancestors as they are', () => {
    const findings = findingsOf({ base: research, source: { licence: 'CC-BY-NC-4.0' }, signOff: ['qwen-research'] });
    const vetoes = licenceVetoes(findings);
    expect(vetoes).toHaveLength(1);
    expect(vetoes[0]).toContain('cc-by-nc-4.0 (data:rows.csv)');
  });
});

describe('a veto', () => {
  it('names licence, ancestor, reason and what to do', () => {
    const [veto] = licenceVetoes(findingsOf({ base: research }));
    expect(veto).toContain('licence qwen-research (base) does not allow this');
    expect(veto).toContain('non-commercial use only');
    expect(veto).toContain('licences.sign_off');
  });

  it('of an unsigned doubt says that it needs a decision', () => {
    expect(licenceVetoes(findingsOf({ base: 'org/unheard-of' }))[0]).toContain('needs a decision');
  });
});

describe('the recipe of the demo', () => {
  it('may be promoted', async () => {
    const file = new URL('../recipes/icd10-chapters.yaml', import.meta.url);
    const recipe = recipeSchema.parse(parse(await readFile(file, 'utf8')));
    expect(licenceVetoes(licenceFindings({ recipe }))).toEqual([]);
    expect(licenceOfBase(recipe)).toBe('Apache-2.0');
  });
});

describe('the licence of a base in one expression', () => {
  it.each<[string, string | undefined, string | null]>([
    ['tiny', undefined, null],
    ['tiny', 'Strange-1.0', 'Strange-1.0'],
    [llama31, undefined, 'llama3.1'],
    [llama31, 'MIT', 'llama3.1'],
    ['deepseek-ai/DeepSeek-R1-Distill-Llama-8B', undefined, 'mit AND llama3.1'],
  ])('of %s declared %s is %s', (base, licence, expected) => {
    expect(licenceOfBase({ model: { base, ...(licence === undefined ? {} : { licence }) } })).toBe(expected);
  });
});
