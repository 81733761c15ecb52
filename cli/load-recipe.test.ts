import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { BadInput } from '../domain/bad-input.ts';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import { loadRecipe } from './load-recipe.ts';

const folder = await mkdtemp(join(tmpdir(), 'contender-recipe-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));
const file = join(folder, 'recipe.yaml');

const good = `name: colours
task: classification
dataset:
  sources:
    - path: rows.csv
      map: { input: text, output: label }
  curate:
    split: { train: 4, test: 2 }
model: { base: tiny }
evaluate:
  baselines:
    - { provider: stand-in, model: tfidf-logreg }
`;

async function problemOf(text: string): Promise<BadInput> {
  await writeFile(file, text);
  return await refusalOf(file);
}

async function refusalOf(path: string): Promise<BadInput> {
  const error: unknown = await loadRecipe(path).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof BadInput)) {
    throw new Error(`expected BadInput, got ${String(error)}`);
  }
  return error;
}

describe('a recipe that can be used', () => {
  it('is loaded with all defaults', async () => {
    await writeFile(file, good);
    const { path, recipe } = await loadRecipe(file);
    expect(path).toBe(file);
    expect(recipe).toMatchObject({ train: { lora_r: 16 }, gate: { rule: 'non_inferior' } });
  });

  it('may be written as it is printed resolved', async () => {
    const recipe = syntheticRecipe();
    await writeFile(file, stringify(recipe));
    expect((await loadRecipe(file)).recipe).toEqual(recipe);
  });
});

describe('a problem is reported at its line and column, with its field', () => {
  const nearest = 'dataset.curate.split.sede: unknown key; did you mean seed?';
  it.each([
    ['an unknown key at the top', `${good}gaet: {}\n`, '13:1: gaet: unknown key; did you mean gate?'],
    ['an unknown key deep down', good.replace('{ train: 4', '{ sede: 1, train: 4'), `8:14: ${nearest}`],
    [
      'an unknown key inside a list',
      good.replace('path: rows.csv', 'path: rows.csv\n      fromat: csv'),
      '6:7: dataset.sources.0.fromat: unknown key; did you mean format?',
    ],
    [
      'an unknown key inside one of two alternatives',
      good.replace('    split:', '    dedupe: { near: { treshold: 0.7 } }\n    split:'),
      '8:23: dataset.curate.dedupe.near.treshold: unknown key; did you mean threshold?',
    ],
    [
      'a wrong type inside one of two alternatives',
      good.replace('    split:', '    dedupe: { near: { threshold: high } }\n    split:'),
      '8:34: dataset.curate.dedupe.near.threshold: Invalid input: expected number, received string',
    ],
    [
      'a key like no other',
      `${good}zzzzzzzzzzzz: 1\n`,
      '13:1: zzzzzzzzzzzz: unknown key; known are name, task, dataset, model, train, sweep, licences, evaluate, gate, route',
    ],
    [
      'a wrong type',
      good.replace('train: 4', 'train: many'),
      '8:21: dataset.curate.split.train: Invalid input: expected number, received string',
    ],
    [
      'a missing field, at the block it is missing from',
      good.replace('{ train: 4, test: 2 }', '{ train: 4 }'),
      '8:12: dataset.curate.split.test: Invalid input: expected number, received undefined',
    ],
    ['an empty file', '', '1:1: recipe: Invalid input: expected object, received null'],
    [
      'what no alternative takes',
      good.replace('model:', 'train: { lora_target_modules: 5 }\nmodel:'),
      '9:31: train.lora_target_modules: Invalid input: expected string, received number; or expected array, received number',
    ],
    [
      'a slice by a tag that no source maps',
      good.replace('evaluate:', 'evaluate:\n  slices: [label, tone]'),
      '11:19: evaluate.slices.1: every source must map this tag (map.tags); known are label, group',
    ],
    [
      'two blocks that do not fit together',
      good.replace('{ train: 4', '{ by: group, train: 4'),
      '6:12: dataset.sources.0.map.group: is needed, because the split is by group',
    ],
  ])('%s', async (_name, text, expected) => {
    expect((await problemOf(text)).message).toBe(`${file}:${expected}`);
  });

  it('several at once, each on a line of its own', async () => {
    const { message, hint } = await problemOf(good.replace('{ train: 4', '{ tran: 4'));
    const lines = message.split('\n');
    expect(lines).toHaveLength(2);
    expect(lines.every((line) => line.startsWith(`${file}:8:`))).toBe(true);
    expect(hint).toContain('docs/recipe.md');
  });
});

describe('YAML that cannot be read', () => {
  it('is refused with line and column', async () => {
    const { message, where } = await problemOf('name: colours\ntask: [classification\nmodel: x\n');
    expect(message).toMatch(/^not valid YAML: /u);
    expect(where).toMatch(new RegExp(`^${file}:\\d+:\\d+$`, 'u'));
  });

  it('is refused for a key that stands twice', async () => {
    expect((await problemOf(`${good}name: again\n`)).where).toBe(`${file}:13:1`);
  });

  it('is refused for an alias to nothing', async () => {
    expect((await problemOf(`${good}gate: *nothing\n`)).message).toMatch(/^not valid YAML: .*nothing/u);
  });

  it('is refused for aliases that grow beyond measure', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, n) => `a${n}: &a${n} [${n === 0 ? 'x' : `*a${n - 1}`.concat(`, *a${n - 1}`.repeat(9))}]`,
    );
    expect((await problemOf(levels.join('\n'))).message).toMatch(/^not valid YAML: /u);
  });
});

it('a __proto__ key reaches no prototype', async () => {
  const { message } = await problemOf(`${good}__proto__: { polluted: true }\n`);
  expect(message).toContain('__proto__');
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

describe('a path without a recipe', () => {
  it('is named when nothing is there', async () => {
    const path = join(folder, 'missing.yaml');
    expect(await refusalOf(path)).toMatchObject({ message: 'there is no such recipe', where: path });
  });

  it('is named when it is a folder', async () => {
    expect(await refusalOf(folder)).toMatchObject({ message: 'the recipe cannot be read (EISDIR)', where: folder });
  });
});

const swept = (list: string): string =>
  good.replace('{ train: 4', '{ validation: 1, train: 4').replace('model:', `train: { lora_r: ${list} }\nmodel:`);

describe('a recipe that lists values', () => {
  it('has a candidate for each of them, and shows the first as its recipe', async () => {
    await writeFile(file, swept('[8, 16]'));
    const loaded = await loadRecipe(file);
    expect(loaded.candidates.map(({ id, label, recipe }) => [id, label, recipe.train.lora_r])).toEqual([
      ['c1', 'lora_r 8', 8],
      ['c2', 'lora_r 16', 16],
    ]);
    expect(loaded.recipe).toBe(loaded.candidates[0]?.recipe);
  });

  it('points at the wrong one in its list', async () => {
    expect((await problemOf(swept('[8, many]'))).message).toBe(
      `${file}:9:22: train.lora_r.1: Invalid input: expected number, received string`,
    );
  });

  it('needs validation rows, which choose the candidate', async () => {
    const problem = await problemOf(good.replace('model:', 'train: { lora_r: [8, 16] }\nmodel:'));
    expect(problem.message).toContain('a sweep chooses its candidate on validation rows');
  });

  it('may not make more candidates than anybody wants to pay for', async () => {
    const many = `[${Array.from({ length: 33 }, (_, index) => index + 1).join(', ')}]`;
    expect((await problemOf(swept(many))).message).toContain('the lists make 33 candidates');
  });
});
