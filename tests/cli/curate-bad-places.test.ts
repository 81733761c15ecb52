// Sources that may not be read, storage that fails, and a person who stops the work: nothing is stored, nothing is left.
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bucket, startSyntheticStorage, type SyntheticStorage } from '../../infra/sources/synthetic-storage.ts';
import { map, refusal, success } from './curation-outcome.ts';
import { createCurationProject, ticketLines, type CommandEnd, type CurationProject } from './curation-project.ts';

let project: CurationProject;
beforeEach(async () => {
  project = await createCurationProject();
});
afterEach(async () => project.remove());

const refused = async (path: string): Promise<string> => await refusal(project, await project.curate([{ path, map }]));

async function curateFrom(
  { endpoint }: SyntheticStorage,
  of: CurationProject,
  { args = [], key = 'rows.jsonl' }: { readonly args?: readonly string[]; readonly key?: string } = {},
): Promise<CommandEnd> {
  await of.writeRecipe([{ path: `s3://${bucket}/${key}`, map }]);
  return await of.run(['curate', 'recipe.yaml', ...args], {
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
}

// Half a minute of waiting between tries, which the other tests use.
const outages = {
  'cuts every connection': { cut: { afterBytes: 0, times: 1000 } },
  'answers 500 alone': { errors: 1000 },
};
type Outage = keyof typeof outages;
let ends: Record<Outage, ReturnType<typeof endOf>>;

async function endOf(fault: Outage): Promise<{ readonly own: CurationProject; readonly end: CommandEnd }> {
  const own = await createCurationProject();
  const storage = await startSyntheticStorage({ 'rows.jsonl': Buffer.from(ticketLines(3000)) });
  Object.assign(storage.faults, outages[fault]);
  try {
    return { own, end: await curateFrom(storage, own) };
  } finally {
    await storage.close();
  }
}

beforeAll(() => {
  ends = { 'cuts every connection': endOf('cuts every connection'), 'answers 500 alone': endOf('answers 500 alone') };
});

describe('a path that is no file of rows', () => {
  it('such as a link that leads out of the folder of a glob', async () => {
    await mkdir(join(project.folder, 'rows'));
    await mkdir(join(project.folder, 'secret'));
    await writeFile(join(project.folder, 'secret', 'x.jsonl'), ticketLines(10));
    await symlink('../secret/x.jsonl', join(project.folder, 'rows', 'x.jsonl'));
    expect(await refused('rows/*.jsonl')).toMatch(
      /^error: dataset\.sources\.0\.path: rows\/x\.jsonl is a link that leads out of rows\/\nhint: /u,
    );
  });

  it('such as a link to a folder elsewhere', async () => {
    await mkdir(join(project.folder, 'rows'));
    await mkdir(join(project.folder, 'secret'));
    await writeFile(join(project.folder, 'secret', 'x.jsonl'), ticketLines(10));
    await symlink('../secret', join(project.folder, 'rows', 'deep'));
    // Globs do not follow it.
    expect(await refused('rows/**/*.jsonl')).toMatch(/no file matches rows\/\*\*\/\*\.jsonl\nhint: /u);
    expect(await refused('rows/deep/../*/x.jsonl')).toMatch(/^error: dataset\.sources\.0\.path: /u);
  });

  it('such as a device, a pipe or a folder', async () => {
    await execa('mkfifo', [join(project.folder, 'pipe.jsonl')]);
    expect(await refused('/dev/zero')).toMatch(/: \/dev\/zero is no regular file\nhint: /u);
    expect(await refused('pipe.jsonl')).toMatch(/: pipe\.jsonl is no regular file/u);
    expect(await refused('*.jsonl')).toMatch(/: pipe\.jsonl is no regular file/u);
    expect(await refused('.')).toMatch(/: \. is a folder\nhint: /u);
  });

  it.each(['http://127.0.0.1/x.jsonl', 'file://elsewhere/x.jsonl', 'a\0b.jsonl', 'none-*.jsonl', 's3://'])(
    'such as %j',
    async (path) => {
      expect(await refused(path)).toMatch(/^error: dataset\.sources\.0\.path: /u);
    },
  );
});

describe('a bucket', () => {
  let storage: SyntheticStorage;
  const rows = Buffer.from(ticketLines(3000));
  beforeEach(async () => {
    storage = await startSyntheticStorage({ 'rows.jsonl': rows });
  });
  afterEach(async () => storage.close());

  const curated = async (args: readonly string[] = [], key = 'rows.jsonl') =>
    await curateFrom(storage, project, { args, key });

  it('that fails and cuts connections now and then gives the rows of a whole file', async () => {
    await project.write('rows.jsonl', rows);
    const local = await success(project, await project.curate([{ path: 'rows.jsonl', map }], {}, ['--json']));
    storage.faults.errors = 1;
    storage.faults.cut = { afterBytes: 100_000, times: 2 };
    const remote = await success(project, await curated(['--json']));
    expect(remote).toMatchObject({ read: local.read, kept: local.kept });
    expect(storage.faults.cut.times).toBe(0);
  });

  it('that is changed while it is read ends as a fault', async () => {
    storage.faults.cut = { afterBytes: 50_000, times: 1 };
    let answers = 0;
    storage.faults.onContent = () => {
      answers += 1;
      if (answers === 1) {
        storage.files.set('rows.jsonl', Buffer.from(ticketLines(3000, 5000)));
      }
    };
    expect(await refusal(project, await curated(), 1)).toMatch(
      /the object was changed while it was read\nhint: try again/u,
    );
  });

  it('that refuses these credentials, or lacks the object, is bad input', async () => {
    expect(await refusal(project, await curated([], 'none.jsonl'))).toMatch(
      /there is no object s3:\/\/rows\/none\.jsonl/u,
    );
    storage.faults.refuse = { status: 403, code: 'AccessDenied' };
    expect(await refusal(project, await curated())).toMatch(/these credentials may not read s3:\/\/rows\/rows\.jsonl/u);
  });
});

it.each(['SIGINT', 'SIGTERM'] as const)('%s in the middle ends with 130 and leaves nothing', async (signal) => {
  await project.write('rows.jsonl', ticketLines(120_000));
  await project.writeRecipe([{ path: 'rows.jsonl', map }]);
  const running = project.start(['curate', 'recipe.yaml', '--threads', '2']);
  // Scratch is there: reading has begun.
  while ((await project.left()).length === 0) {
    await sleep(20);
  }
  running.kill(signal);
  const { exitCode, stdout, stderr } = await running;
  expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
  expect(stderr).toContain('stopped; nothing was stored');
  expect(await project.left()).toEqual([]);
});

it.each(['cuts every connection', 'answers 500 alone'] as const)(
  'a bucket that %s ends as a fault of the server',
  async (fault) => {
    const { own, end } = await ends[fault];
    try {
      expect(await refusal(own, end, 1)).toMatch(/^error: s3:\/\/rows\/rows\.jsonl: .*byte 0 of/u);
    } finally {
      await own.remove();
    }
  },
);
