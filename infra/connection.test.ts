import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serverTarget } from './connection.ts';
import { loadSettings } from './settings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contender-connection-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

function targetOf(environment: Record<string, string>) {
  return serverTarget(loadSettings({}, { XDG_CONFIG_HOME: folder, ...environment }, folder));
}

describe('the Temporal server', () => {
  it('is our own development server when nothing else is said', () => {
    expect(targetOf({ CONTENDER_TEMPORAL_PORT: '7999' })).toMatchObject({
      own: true,
      address: '127.0.0.1:7999',
      namespace: 'default',
    });
  });

  it('is the one that TEMPORAL_ADDRESS names, and then never started or stopped by us', () => {
    const environment = { TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'team' };
    expect(targetOf(environment)).toMatchObject({
      own: false,
      address: 'temporal.example:7233',
      namespace: 'team',
      source: 'TEMPORAL_ADDRESS',
    });
  });

  it('is our own when TEMPORAL_ADDRESS is set to nothing', () => {
    expect(targetOf({ TEMPORAL_ADDRESS: '' }).own).toBe(true);
  });

  it('is that of a connection profile, which is named as the source', async () => {
    await mkdir(join(folder, 'temporalio'));
    const file = join(folder, 'temporalio', 'temporal.toml');
    await writeFile(file, '[profile.default]\naddress = "profile.example:7233"\nnamespace = "team"\n');
    expect(targetOf({ TEMPORAL_CONFIG_FILE: file })).toMatchObject({
      own: false,
      address: 'profile.example:7233',
      namespace: 'team',
    });
    expect(targetOf({})).toMatchObject({ own: false, source: file });
  });

  it('is refused when the connection profile cannot be read', async () => {
    const file = join(folder, 'broken.toml');
    await writeFile(file, '[profile');
    expect(() => targetOf({ TEMPORAL_CONFIG_FILE: file })).toThrow(
      expect.objectContaining({ where: 'TEMPORAL_CONFIG_FILE' }),
    );
  });
});
