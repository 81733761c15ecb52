import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings } from './settings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contender settings '));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

async function config(text: string): Promise<void> {
  await writeFile(join(folder, 'contender.config.yaml'), text);
}

const origin = (flags: { store?: string }, environment: Record<string, string>) =>
  loadSettings(flags, environment, folder).origins.store;

describe('a setting', () => {
  it('has a default that needs nothing', () => {
    const settings = loadSettings({}, {}, folder);
    expect(settings).toMatchObject({ home: join(folder, '.contender'), temporalPort: 7233, temporalUiPort: 8233 });
    expect(settings.origins.temporalPort).toEqual({ value: '7233', from: 'default', source: '' });
  });

  it('is taken from flag, then environment, then file, and tells which', async () => {
    await config('store: s3://from-file/x\n');
    const variable = { CONTENDER_STORE: 's3://from-environment/x' };
    expect(origin({ store: 's3://from-flag/x' }, variable)).toEqual({
      value: 's3://from-flag/x',
      from: 'flag',
      source: '--store',
    });
    expect(origin({}, variable)).toMatchObject({ value: variable.CONTENDER_STORE, source: 'CONTENDER_STORE' });
    expect(origin({}, {})).toMatchObject({ value: 's3://from-file/x', source: 'contender.config.yaml' });
  });

  it('set to nothing in the environment counts as not set', async () => {
    await config('temporal_port: 7000\n');
    expect(loadSettings({}, { CONTENDER_TEMPORAL_PORT: '' }, folder).temporalPort).toBe(7000);
  });
});

describe('a relative path', () => {
  it('means the same to a worker that runs in another folder', () => {
    const environment = { CONTENDER_HOME: 'h', CONTENDER_STORE: './s', CONTENDER_PYTHON: 'venv/bin/python' };
    expect(loadSettings({}, environment, folder)).toMatchObject({
      home: join(folder, 'h'),
      store: join(folder, 's'),
      python: join(folder, 'venv/bin/python'),
    });
  });

  it('is told from a program found on PATH and from a URI', () => {
    const environment = { CONTENDER_STORE: 'file:///srv/store', CONTENDER_PYTHON: 'python3' };
    expect(loadSettings({}, environment, folder)).toMatchObject({ store: 'file:///srv/store', python: 'python3' });
  });
});

describe('a setting that cannot be used', () => {
  it.each(['0', '65536', '80.5', 'http', '-1'])('port %s names its variable', (value) => {
    expect(() => loadSettings({}, { CONTENDER_TEMPORAL_UI_PORT: value }, folder)).toThrow(
      expect.objectContaining({ message: `"${value}" is not a port`, where: 'CONTENDER_TEMPORAL_UI_PORT' }),
    );
  });

  it('an unknown key names the file and the known keys', async () => {
    await config('stroe: s3://bucket/x\n');
    expect(() => loadSettings({}, {}, folder)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('stroe'),
        where: join(folder, 'contender.config.yaml'),
        hint: expect.stringContaining('store'),
      }),
    );
  });

  it('a wrong type names file and key', async () => {
    await config('temporal_port: seven\n');
    expect(() => loadSettings({}, {}, folder)).toThrow(
      expect.objectContaining({ where: `${join(folder, 'contender.config.yaml')}: temporal_port` }),
    );
  });

  it('a file that is not YAML names the file', async () => {
    await config('store: [\n');
    expect(() => loadSettings({}, {}, folder)).toThrow(/not valid YAML/u);
  });

  it('a file that cannot be read is not taken for a missing one', async () => {
    await mkdir(join(folder, 'contender.config.yaml'));
    expect(() => loadSettings({}, {}, folder)).toThrow('the configuration file cannot be read');
  });
});
