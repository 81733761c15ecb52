// What a person can get wrong at the command line: exit code, message, and nothing left behind. Needs no server.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  contender,
  createProject,
  removeProject,
  writeRecipe,
  type CliResult,
  type Project,
} from '../server/project.ts';

let project: Project;
beforeEach(async () => {
  project = await createProject();
});
afterEach(async () => removeProject(project));

const rows = 'text,label,family\na,b,c\n';

/** The command's stderr, after checking what holds for every error: its exit code, no stack trace, no result. */
async function failure(
  expectedExit: number,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { exitCode, stdout, stderr }: CliResult = await contender(project, args, { env });
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: expectedExit, stdout: '' });
  expect(stderr).not.toMatch(/^\s+at .*[:(]\d+/mu);
  return stderr;
}

/** The base that recipes of this harness name, as far as planning looks at it. */
async function makeModel(): Promise<void> {
  const folder = join(project.home, 'models', 'tiny-llama');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), '{}');
  await writeFile(join(folder, 'model.safetensors'), 'weights');
}

async function recipeText(change: (text: string) => string): Promise<string> {
  const path = await writeRecipe(project, 'bad', rows);
  const draft = { name: 'bad', task: 'classification' };
  const text = change(
    stringify({
      ...draft,
      dataset: {
        sources: [{ path: 'bad.csv', map: { input: 'text', output: 'label' } }],
        curate: { split: { train: 1, test: 1 } },
      },
      model: { base: 'tiny-llama' },
      evaluate: { baselines: [{ provider: 'stand-in', model: 'tfidf-logreg' }] },
    }),
  );
  await writeFile(path, text);
  return path;
}

const storedFiles = async (): Promise<string[]> => await readdir(join(project.home, 'store')).catch(() => []);

describe('a recipe that cannot be used exits with 2 and writes nothing', () => {
  afterEach(async () => {
    expect(await readdir(project.home)).toEqual([]);
  });

  it('because it is not there', async () => {
    const stderr = await failure(2, ['run', 'missing.yaml']);
    expect(stderr).toMatch(/^error: missing\.yaml: there is no such recipe\nhint: .*recipes\/icd10-chapters\.yaml/u);
  });

  it('because it is not YAML', async () => {
    const path = await recipeText((text) => text.replace('sources:', 'sources: ['));
    expect(await failure(2, ['run', path])).toMatch(new RegExp(`^error: ${path}:\\d+:\\d+: not valid YAML: `, 'u'));
  });

  it('because of an unknown key', async () => {
    const path = await recipeText((text) => `${text}gaet:\n  margin: 0.1\n`);
    expect(await failure(2, ['run', path])).toMatch(
      new RegExp(`${path}:\\d+:1: gaet: unknown key; did you mean gate\\?\nhint: docs/recipe\\.md`, 'u'),
    );
  });

  it('because of a wrong type', async () => {
    const path = await recipeText((text) => text.replace('train: 1', 'train: many'));
    expect(await failure(2, ['run', path])).toMatch(
      new RegExp(`${path}:11:14: dataset\\.curate\\.split\\.train: Invalid input: expected number`, 'u'),
    );
  });

  it('because a schedule needs a route', async () => {
    const path = await recipeText((text) => text);
    const stderr = await failure(2, ['schedule', 'create', path, '--cron', '0 2 * * *']);
    expect(stderr).toContain(`error: ${path}: route: the recipe has no route`);
  });

  it('because its base model is not on this machine', async () => {
    const path = await recipeText((text) => text);
    const stderr = await failure(2, ['run', path]);
    expect(stderr).toContain('error: model.base: base model "tiny-llama" is not on this machine');
    expect(stderr).toContain('hint: ');
  });

  it.each(['gpt-6', 'nobody/gpt-6'])('because --baseline %s names no model', async (flag) => {
    const path = await recipeText((text) => text);
    expect(await failure(2, ['run', path, '--baseline', flag])).toMatch(
      new RegExp(`^error: --baseline: "${flag}" is not provider/model\nhint: .*openai/`, 'u'),
    );
  });

  it('because the key of its baseline is missing', async () => {
    const path = await recipeText((text) => text);
    const stderr = await failure(2, ['run', path, '--baseline', 'openai/gpt-6.1-terra'], { OPENAI_API_KEY: '' });
    expect(stderr).toContain('openai/gpt-6.1-terra needs a key, and OPENAI_API_KEY is not set');
  });
});

it('a source that is not there exits with 2, names its field, and stores nothing', async () => {
  await makeModel();
  const path = await recipeText((text) => text);
  await rm(join(project.folder, 'bad.csv'));
  const stderr = await failure(2, ['run', path]);
  expect(stderr).toMatch(/^error: dataset\.sources\.0\.path: there is no file bad\.csv\nhint: /u);
  expect(await storedFiles()).toEqual([]);
});

describe('a command line that cannot be used exits with 2', () => {
  it.each([
    ['an unknown command', ['rnu'], /unknown command 'rnu'/u],
    ['an unknown option', ['run', 'x.yaml', '--frseh'], /unknown option '--frseh'/u],
    ['a missing argument', ['run'], /missing required argument 'recipe'/u],
    ['no command at all', [], /Usage: contender/u],
    ['a store that is none', ['--store', 'ftp://host/x', 'models'], /"ftp:\/\/host\/x" is not an object store/u],
    ['a queue that is none', ['up', '--queue', 'cpu'], /--queue: "cpu" is not a queue/u],
    ['slots that are no number', ['worker', '--slots', 'two'], /--slots: "two" is not a number of slots/u],
    ['a limit that is no number', ['status', '--limit', 'all'], /--limit: "all" is not a number of runs/u],
    ['a route that is not there', ['route', 'resolve', 'no/route'], /there is no route "no\/route"/u],
    ['a privacy level that is none', ['route', 'resolve', 'a/b', '--privacy', 'secret'], /--privacy: "secret"/u],
    ['a rollback of no route', ['route', 'rollback', 'no/route', '--reason', 'x'], /has no previous champion/u],
    [
      'a model version that is malformed',
      ['route', 'set', 'a/b', 'not-a-version', '--from', 'none', '--reason', 'x'],
      /"not-a-version" is not a model version\nhint: .*name@/u,
    ],
    [
      'a model version that is not registered',
      ['route', 'set', 'a/b', 'model@0123456789ab', '--from', 'none', '--reason', 'x'],
      /model version model@0123456789ab is not in the registry/u,
    ],
    ['a report of no run', ['report', '0123456789abcdef'], /run 0123456789abcdef has no report/u],
    ['a run key that climbs out of the store', ['report', '../../x'], /is not an object key/u],
  ])('%s', async (_name, args, message) => {
    expect(await failure(2, args)).toMatch(message);
    expect(await storedFiles()).toEqual([]);
  });

  it.each([
    ['CONTENDER_TEMPORAL_PORT', { CONTENDER_TEMPORAL_PORT: 'http' }, /CONTENDER_TEMPORAL_PORT: "http" is not a port/u],
    ['CONTENDER_STORE', { CONTENDER_STORE: 's3:///nowhere' }, /names no S3 bucket/u],
  ])('%s in the environment', async (_name, env, message) => {
    expect(await failure(2, ['models'], env)).toMatch(message);
  });

  it('an unknown key in contender.config.yaml, naming the file', async () => {
    await writeFile(join(project.folder, 'contender.config.yaml'), 'stroe: s3://x/y\n');
    expect(await failure(2, ['models'])).toMatch(/contender\.config\.yaml: .*stroe.*\nhint: .*store/u);
  });
});

describe('surroundings that are not there exit with 1', () => {
  it('a Temporal server that does not answer, naming address and variable', async () => {
    await makeModel();
    const path = await writeRecipe(project, 'away', rows);
    const address = `127.0.0.1:${project.temporalPort}`;
    const stderr = await failure(1, ['run', path], { TEMPORAL_ADDRESS: address });
    expect(stderr).toContain(`error: TEMPORAL_ADDRESS: Temporal does not answer at ${address}`);
    expect(stderr).toContain('hint: check the address');
  });

  it('services that are not up', async () => {
    expect(await failure(1, ['status'])).toMatch(/hint: start it with `contender up`/u);
  });

  it.each([
    ['CONTENDER_TEMPORAL_PORT', (own: Project) => own.temporalPort],
    ['CONTENDER_TEMPORAL_UI_PORT', (own: Project) => own.uiPort],
  ])('a port that another program has, naming %s', async (variable, portOf) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(portOf(project), '127.0.0.1', resolve));
    try {
      const stderr = await failure(1, ['up']);
      expect(stderr).toMatch(new RegExp(`^error: ${variable}: port ${portOf(project)} is taken`, 'u'));
    } finally {
      server.close();
    }
  });

  it('a Temporal program that is not installed, with the way to get it', async () => {
    expect(await failure(1, ['up'], { PATH: project.folder })).toMatch(/Temporal CLI is not installed\nhint: .*setup/u);
  });
});

describe('an error', () => {
  it('with --json is one object on stdout and nothing else', async () => {
    const { exitCode, stdout, stderr } = await contender(project, ['run', 'missing.yaml', '--json']);
    expect([exitCode, stderr]).toEqual([2, '']);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        message: 'there is no such recipe',
        where: 'missing.yaml',
        hint: expect.stringContaining('recipe'),
        exitCode: 2,
      },
    });
  });

  it('with --debug shows where it came from', async () => {
    const { stderr } = await contender(project, ['--debug', 'run', 'missing.yaml']);
    expect(stderr).toMatch(/^\s+at .*load-recipe/mu);
  });

  it.each([{}, { FORCE_COLOR: '1' }, { CI: '1' }])('has no colours without a terminal, given %j', async (env) => {
    const { stderr } = await contender(project, ['run', 'missing.yaml'], { env });
    expect(stderr).toContain('error: missing.yaml');
    // oxlint-disable-next-line no-control-regex -- escape sequences are what this is about
    expect(stderr).not.toMatch(/\u001B/u);
  });

  it('cannot send control sequences of a recipe’s text to the terminal', async () => {
    const { stderr } = await contender(project, ['run', 'missing\u001B]0;owned\u0007.yaml']);
    expect(stderr).toContain('missing]0;owned.yaml');
  });
});
