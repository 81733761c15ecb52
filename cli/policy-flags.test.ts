import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policyOf, readPolicyFile } from './policy-flags.ts';

describe('a policy', () => {
  it('has the defaults of a recipe, then what is there, then the flags', () => {
    expect(policyOf({}, {})).toMatchObject({ metric: 'exact_match', margin: 0.03, min_rows: 50 });
    const base = { margin: 0.1, min_rows: 10 };
    expect(policyOf({ margin: '0.02', minRows: '20' }, base)).toMatchObject({ margin: 0.02, min_rows: 20 });
  });

  it.each([
    [{ margin: 'x' }, '--margin', '"x" is no number'],
    [{ margin: '' }, '--margin', '"" is no number'],
    [{ margin: '2' }, '--margin', 'margin: '],
    [{ confidence: '0.4' }, '--confidence', 'confidence: '],
    [{ rule: 'better' }, '--rule', 'rule: '],
    [{ metric: 'bleu' }, '--metric', 'metric: '],
    [{ minRows: '1.5' }, '--min-rows', 'min_rows: '],
  ])('is refused with the flags %j, naming the flag', (flags, where, message) => {
    expect(() => policyOf(flags, {})).toThrow(
      expect.objectContaining({ where, message: expect.stringContaining(message) }),
    );
  });

  it('is refused with an unknown field of a file, naming both', () => {
    expect(() => policyOf({}, { marginn: 0.1 }, 'strict.yaml')).toThrow(
      expect.objectContaining({ where: 'strict.yaml', message: expect.stringContaining('marginn') }),
    );
  });
});

describe('a policy file', () => {
  let path: string;
  beforeEach(async () => {
    path = join(await mkdtemp(join(tmpdir(), 'contender-policy-')), 'policy.yaml');
  });
  afterEach(async () => rm(join(path, '..'), { recursive: true, force: true }));

  it.each([
    ['the gate block of a recipe', 'name: x\ngate: { margin: 0.1 }\n'],
    ['nothing but the block', 'margin: 0.1\n'],
    ['JSON', '{"margin": 0.1}'],
  ])('may be %s', async (_, text) => {
    await writeFile(path, text);
    expect(await readPolicyFile(path)).toEqual({ margin: 0.1 });
  });

  it.each([
    ['is no YAML', 'a: [', 'not valid YAML'],
    ['is a list', '- a\n', 'there is no policy in the file'],
    ['is empty', '', 'there is no policy in the file'],
    ['has a gate that is none', 'gate: 5\n', 'there is no policy in the file'],
  ])('is refused when it %s', async (_, text, message) => {
    await writeFile(path, text);
    await expect(readPolicyFile(path)).rejects.toThrow(message);
  });

  it('is refused when it is not there', async () => {
    await expect(readPolicyFile(`${path}.missing`)).rejects.toThrow('the policy cannot be read');
  });
});
