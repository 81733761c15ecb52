import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretOf } from './secrets.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'));
});
afterAll(async () => rm(folder, { recursive: true }));

async function fileWith(content: string): Promise<string> {
  const path = join(folder, `key-${Math.random()}`);
  await writeFile(path, content);
  return path;
}

describe('a secret', () => {
  it('is the value of its variable, whatever its file holds', async () => {
    const environment = { TEAM_KEY: 'k-1', TEAM_KEY_FILE: await fileWith('k-2') };
    expect(secretOf(environment, 'TEAM_KEY')).toBe('k-1');
  });

  it('is the content of its file, without the line break that editors leave', async () => {
    expect(secretOf({ TEAM_KEY_FILE: await fileWith('k-2\n') }, 'TEAM_KEY')).toBe('k-2');
    expect(secretOf({ TEAM_KEY: '', TEAM_KEY_FILE: await fileWith('k-2\r\n') }, 'TEAM_KEY')).toBe('k-2');
  });

  it('that changes in its file is taken up', async () => {
    const path = await fileWith('k-2');
    expect(secretOf({ TEAM_KEY_FILE: path }, 'TEAM_KEY')).toBe('k-2');
    await writeFile(path, 'k-3');
    expect(secretOf({ TEAM_KEY_FILE: path }, 'TEAM_KEY')).toBe('k-3');
  });

  it('that is set nowhere is undefined', () => {
    expect(secretOf({ TEAM_KEY: '', OTHER: 'x' }, 'TEAM_KEY')).toBeUndefined();
  });

  it('whose file is missing or empty is bad input that names variable and path', async () => {
    const missing = join(folder, 'missing');
    const empty = await fileWith('\n');
    expect(() => secretOf({ TEAM_KEY_FILE: missing }, 'TEAM_KEY')).toThrow(
      expect.objectContaining({ message: `the file ${missing} cannot be read (ENOENT)`, where: 'TEAM_KEY_FILE' }),
    );
    expect(() => secretOf({ TEAM_KEY_FILE: empty }, 'TEAM_KEY')).toThrow(
      expect.objectContaining({ message: `the file ${empty} is empty`, where: 'TEAM_KEY_FILE' }),
    );
  });
});
