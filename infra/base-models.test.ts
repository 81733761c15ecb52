import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBase, linkBase } from './base-models.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'contender-models-'));
});
afterEach(async () => rm(home, { recursive: true, force: true }));

async function makeModel(folder: string, weights = 'weights', file = 'model.safetensors'): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), '{}');
  await writeFile(join(folder, file), weights);
  return folder;
}

describe('a base model that is not there', () => {
  it('is named with the nearest name there is', async () => {
    await makeModel(join(home, 'models', 'smollm2'));
    await makeModel(join(home, 'models', 'qwen'));
    await expect(findBase(home, 'smolm2')).rejects.toMatchObject({
      message: 'base model "smolm2" is not on this machine',
      where: 'model.base',
      hint: expect.stringContaining('"smollm2"'),
    });
  });

  it('is named with the way to get one when there is none', async () => {
    await expect(findBase(home, 'smollm2')).rejects.toMatchObject({ hint: expect.stringContaining('npm run demo') });
  });

  it('is not looked for outside the folder of models', async () => {
    await makeModel(join(home, 'elsewhere'));
    await expect(findBase(home, '../elsewhere')).rejects.toMatchObject({ where: 'model.base' });
  });
});

it('weights in pickle format are refused', async () => {
  await makeModel(join(home, 'models', 'old'), 'weights', 'pytorch_model.bin');
  await expect(findBase(home, 'old')).rejects.toMatchObject({ hint: expect.stringContaining('safetensors') });
});

describe('the digest', () => {
  it('changes with every file that changes answers, and with no other', async () => {
    const folder = await makeModel(join(home, 'models', 'tiny'));
    const digests = [(await findBase(home, 'tiny')).sha256];
    await writeFile(join(folder, 'README.md'), 'words');
    expect((await findBase(home, 'tiny')).sha256).toBe(digests[0]);
    for (const file of ['model.safetensors', 'tokenizer.json', 'chat_template.jinja']) {
      await writeFile(join(folder, file), `changed ${file}`);
      digests.push((await findBase(home, 'tiny')).sha256);
    }
    expect(new Set(digests).size).toBe(4);
  });

  it('depends on the bytes, not on where they lie', async () => {
    await makeModel(join(home, 'models', 'one'));
    await makeModel(join(home, 'models', 'two'));
    expect((await findBase(home, 'one')).sha256).toBe((await findBase(home, 'two')).sha256);
  });

  it('is remembered while size and time stay: weights are not read again', async () => {
    const weights = join(await makeModel(join(home, 'models', 'tiny'), 'weights'), 'model.safetensors');
    const past = new Date(2026, 0, 1);
    await utimes(weights, past, past);
    const { sha256 } = await findBase(home, 'tiny');
    await writeFile(weights, 'WEIGHTS');
    await utimes(weights, past, past);
    expect((await findBase(home, 'tiny')).sha256).toBe(sha256);
  });

  it('is found again when the cache is broken', async () => {
    await makeModel(join(home, 'models', 'tiny'));
    const { sha256 } = await findBase(home, 'tiny');
    await writeFile(join(home, 'cache', 'base-digests.json'), '{"half');
    expect((await findBase(home, 'tiny')).sha256).toBe(sha256);
  });
});

describe('a folder that a recipe names', () => {
  it('becomes known under its own name', async () => {
    const folder = await makeModel(join(home, 'My-Model'));
    expect(await linkBase(home, folder)).toBe('my-model');
    expect(await linkBase(home, folder)).toBe('my-model');
    expect((await findBase(home, 'my-model')).name).toBe('my-model');
  });

  it('cannot take the name of another model', async () => {
    await makeModel(join(home, 'models', 'tiny'));
    const folder = await makeModel(join(home, 'other', 'tiny'));
    await expect(linkBase(home, folder)).rejects.toMatchObject({ message: 'another model is known as "tiny"' });
  });

  it('is refused when it is gone', async () => {
    const folder = await makeModel(join(home, 'tiny'));
    await rename(folder, join(home, 'moved'));
    await expect(linkBase(home, folder)).rejects.toMatchObject({ where: 'model.base' });
  });
});
