// `contender curate` and `contender datasets` as a person uses them: one dataset looked at from all sides.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createCurationProject,
  textOf,
  ticketLine,
  ticketLines,
  type CommandEnd,
  type CurateJson,
  type CurationProject,
} from './curation-project.ts';

const map = { input: 'text', output: 'label' };
const sources = [{ path: 'tickets.jsonl', map, licence: 'CC0-1.0' }];
const curateBlock = {
  pii: { action: 'redact' },
  decontaminate: { files: [{ path: 'held-out.jsonl', input: 'question' }] },
  split: { train: 30, validation: 5, test: 10 },
};
// Lines 1 to 60 are 60 tickets; each of those below is what its name says.
const special = {
  exact: { line: 61, row: ticketLine(3) },
  near: { line: 62, row: ticketLine(4, { text: `${textOf(4)} today` }) },
  redacted: { line: 63, row: ticketLine(60, { text: `${textOf(60)}, ask anna.miller@example.org` }) },
  contaminated: { line: 64, row: ticketLine(90) },
  empty: { line: 65, row: ticketLine(61, { label: '' }) },
} as const;

let project: CurationProject;
let made: CurateJson;
beforeAll(async () => {
  project = await createCurationProject();
  await project.write('held-out.jsonl', `${JSON.stringify({ question: textOf(90) })}\n`);
  await project.write(
    'tickets.jsonl',
    ticketLines(60) +
      Object.values(special)
        .map(({ row }) => row)
        .join(''),
  );
  made = JSON.parse(printed(await project.curate(sources, curateBlock, ['--json'])));
});
afterAll(async () => project.remove());

/** What a command that went well printed. */
function printed({ exitCode, stdout, stderr }: CommandEnd): string {
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0, stderr: '' });
  return stdout;
}

const textOfCommand = async (args: readonly string[]): Promise<string> => {
  return printed(await project.run(args));
};

async function failure(args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await project.run(args);
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 2, stdout: '' });
  expect(stderr).not.toMatch(/^\s+at .*[:(]\d+/mu);
  return stderr;
}

describe('contender curate', () => {
  it('accounts for every row, and gives the same version and splits again, with threads and without', async () => {
    expect(made).toMatchObject({
      read: 65,
      kept: 45,
      dropped: { contaminated: 1, empty_output: 1, exact_duplicate: 1, near_duplicate: 1, not_sampled: 16 },
      findings: { pii: { email: { rows: 1, found: 1 } }, overlaps: { exact: { dropped: 1, reported: 0, waived: 0 } } },
      splits: { train: { rows: 30 }, validation: { rows: 5 }, test: { rows: 10 } },
    });
    for (const threads of ['0', '2']) {
      const again: CurateJson = JSON.parse(
        printed(await project.run(['curate', 'recipe.yaml', '--threads', threads, '--json'])),
      );
      expect(again).toMatchObject({ dataset: made.dataset, splits: made.splits });
    }
  });

  it('tells a person the same in words, with the place of the card', async () => {
    const { exitCode, stdout } = await project.run(['curate', 'recipe.yaml']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${made.dataset}  65 rows read, 45 kept, 20 dropped`);
    expect(stdout).toContain('train 30, validation 5, test 10');
    const card = /^card: (.+)$/mu.exec(stdout)?.[1] ?? '';
    expect(await readFile(card, 'utf8')).toContain('tickets.jsonl');
  });

  it('takes several sources with weights and caps', async () => {
    const own = await createCurationProject();
    try {
      await own.write('one.jsonl', ticketLines(40));
      await own.write('two.jsonl', ticketLines(40, 100));
      await own.write(
        'three.csv',
        `text,label\n${[200, 201, 202, 203, 204, 205].map((n) => `${textOf(n)},class 9\n`).join('')}`,
      );
      const report: CurateJson = JSON.parse(
        printed(
          await own.curate(
            [
              { path: 'one.jsonl', map, cap: 10 },
              { path: 'two.jsonl', map, weight: 0.5 },
              { path: 'three.csv', map, weight: 3 },
            ],
            { split: { train: 0.8, test: 0.2 } },
            ['--json'],
          ),
        ),
      );
      expect(report.dropped['over_cap']).toBe(30);
      expect(report.dropped['sampled_out']).toBeGreaterThan(8);
      expect(report.dropped['sampled_out']).toBeLessThan(32);
      expect(report.read).toBe(86);
      expect(report.kept + Object.values(report.dropped).reduce((sum, count) => sum + count, 0)).toBe(86);
      const file = join(own.folder, 'out.jsonl');
      JSON.parse(
        printed(await own.run(['datasets', 'export', 'trial', file, '--shape', 'prompt_completion', '--json'])),
      );
      const text = await readFile(file, 'utf8');
      const times = [200, 201, 202, 203, 204, 205].map((number) => text.split(textOf(number)).length - 1);
      expect(new Set(times.filter((count) => count > 0))).toEqual(new Set([3]));
    } finally {
      await own.remove();
    }
  });
});

const explained = async (line: number): Promise<readonly Record<string, unknown>[]> =>
  JSON.parse(printed(await project.run(['datasets', 'explain', 'trial', `tickets.jsonl:${line}`, '--json'])));

describe('contender datasets explain', () => {
  it('tells an exact duplicate, and the row that was kept', async () => {
    const [found] = await explained(special.exact.line);
    expect(found).toMatchObject({
      fate: 'dropped',
      row: { rule: 'exact_duplicate' },
      kept: { origin: { file: 'tickets.jsonl', line: 4 } },
    });
  });

  it('tells a near duplicate, the row that was kept and how alike they are', async () => {
    const [found] = await explained(special.near.line);
    expect(found).toMatchObject({
      fate: 'dropped',
      row: { rule: 'near_duplicate' },
      kept: { origin: { file: 'tickets.jsonl', line: 5 } },
    });
    const words = await textOfCommand(['datasets', 'explain', 'trial', `tickets.jsonl:${special.near.line}`]);
    expect(words).toMatch(
      /kept instead: row [0-9a-f]{24} of \w+, tickets\.jsonl:5, answer "class 1"; similarity 0\.\d/u,
    );
  });

  it('tells overlap with an evaluation, and where', async () => {
    const [found] = await explained(special.contaminated.line);
    expect(found).toMatchObject({
      row: { rule: 'contaminated', detail: 'exact of held-out.jsonl:1' },
      reason: 'the input overlaps with an evaluation',
    });
  });

  it('tells what a row lacks', async () => {
    expect(await textOfCommand(['datasets', 'explain', 'trial', `tickets.jsonl:${special.empty.line}`])).toBe(
      `tickets.jsonl:${special.empty.line} was dropped by empty_output: the answer is empty`,
    );
  });

  it('tells the split of a row that was kept, by line and by id, and nothing of the address that was in it', async () => {
    const { stdout } = await project.run(['datasets', 'explain', 'trial', 'tickets.jsonl:4']);
    const [, id = ''] = /^tickets\.jsonl:4 is row ([0-9a-f]{24}) of train, answer "class 0"$/u.exec(stdout) ?? [];
    const [kept] = await explained(4);
    expect(kept).toMatchObject({ fate: 'kept', split: 'train', row: { id, output: 'class 0' } });
    expect(JSON.parse(printed(await project.run(['datasets', 'explain', 'trial', id, '--json'])))).toContainEqual(kept);
    const [redacted] = await explained(special.redacted.line);
    expect(JSON.stringify(redacted)).not.toContain('anna.miller');
  });

  it('tells a row that no split had room for', async () => {
    const { manifestDropped } = await droppedRows();
    const line = manifestDropped.find(({ rule }) => rule === 'not_sampled')?.origin.line ?? 0;
    expect(await textOfCommand(['datasets', 'explain', 'trial', `tickets.jsonl:${line}`])).toBe(
      `tickets.jsonl:${line} was dropped by not_sampled: the splits have as many rows as they asked for`,
    );
  });
});

async function droppedRows(): Promise<{ manifestDropped: { rule: string; origin: { line: number } }[] }> {
  const shown: { droppedRows: { key: string } } = JSON.parse(
    printed(await project.run(['datasets', 'show', 'trial', '--json'])),
  );
  const text = await readFile(join(project.folder, 'home', 'store', shown.droppedRows.key), 'utf8');
  const manifestDropped = text
    .trimEnd()
    .split('\n')
    .map((line): { rule: string; origin: { line: number } } => JSON.parse(line));
  return { manifestDropped };
}

describe('contender datasets show, list and export', () => {
  it('show sources with licence and digest, splits and rules', async () => {
    const text = await textOfCommand(['datasets', 'show', made.dataset.slice(0, 12)]);
    expect(text).toMatch(/tickets\.jsonl: 65 rows, jsonl, licence CC0-1\.0, SHA-256 [0-9a-f]{64}/u);
    expect(text).toMatch(/near_duplicate\s*│\s*1/u);
    const shown: CurateJson = JSON.parse(printed(await project.run(['datasets', 'show', made.dataset, '--json'])));
    expect(shown).toMatchObject({ read: 65, kept: 45, dropped: made.dropped });
  });

  it('list every version', async () => {
    const listed: { dataset: string }[] = JSON.parse(printed(await project.run(['datasets', 'list', '--json'])));
    expect(listed.map(({ dataset }) => dataset)).toContain(made.dataset);
    expect(await textOfCommand(['datasets', 'list', 'trial'])).toContain(made.dataset);
    expect(JSON.parse(printed(await project.run(['datasets', 'list', 'nobody', '--json'])))).toEqual([]);
  });

  it('export a split that curates again to the same rows', async () => {
    const own = await createCurationProject();
    try {
      const file = join(own.folder, 'train.csv.gz');
      const exported = await project.run(['datasets', 'export', 'trial', file, '--shape', 'columns', '--json']);
      expect(JSON.parse(printed(exported))).toMatchObject({ rows: 30, format: 'csv', split: 'train' });
      const again: CurateJson = JSON.parse(
        printed(
          await own.curate([{ path: 'train.csv.gz', map: { input: 'input', output: 'output' } }], {}, ['--json']),
        ),
      );
      expect(again).toMatchObject({ read: 30, dropped: { not_sampled: 23 } });
    } finally {
      await own.remove();
    }
  });
});

describe('contender datasets diff', () => {
  it('of rows appended to the source moves no test row into training', async () => {
    const own = await createCurationProject();
    try {
      const parts = { split: { train: 0.7, validation: 0.1, test: 0.2 } };
      await own.write('tickets.jsonl', ticketLines(200));
      const before: CurateJson = JSON.parse(printed(await own.curate(sources, parts, ['--json'])));
      await own.write('tickets.jsonl', ticketLines(320));
      const after: CurateJson = JSON.parse(printed(await own.curate(sources, parts, ['--json'])));
      const diff: { moved: object; rows: Record<string, { added: number; removed: number; same: number }> } =
        JSON.parse(printed(await own.run(['datasets', 'diff', before.dataset, after.dataset, '--json'])));
      expect(diff.moved).not.toHaveProperty('test -> train');
      expect(diff.rows['test']).toMatchObject({ same: before.splits['test']?.rows, removed: 0 });
      expect(diff).toMatchObject({ sources: { added: [], removed: [], changed: ['tickets.jsonl'] }, settings: [] });
      const { stdout } = await own.run(['datasets', 'diff', before.dataset, after.dataset]);
      expect(stdout).toContain('source tickets.jsonl has other content');
    } finally {
      await own.remove();
    }
  });

  it('names the settings that differ, and a name alone no longer names one version', async () => {
    const changed: CurateJson = JSON.parse(
      printed(await project.curate(sources, { ...curateBlock, pii: { action: 'drop' } }, ['--json'])),
    );
    const diff = await textOfCommand(['datasets', 'diff', made.dataset, changed.dataset]);
    expect(diff).toContain('setting curate.pii.action changed');
    expect(diff).toContain('dropped by personal_data: 0 before, 1 now');
    // Now one name can mean two versions.
    expect(await failure(['datasets', 'show', 'trial'])).toMatch(/trial can be more than one version\nhint: versions/u);
  });
});

describe('what a person gets wrong exits with 2', () => {
  it.each([
    [
      'a dataset that is not there',
      ['datasets', 'show', 'nobody'],
      /there is no dataset nobody in the object store\nhint: /u,
    ],
    [
      'a version that is not there',
      ['datasets', 'show', 'trial@0123456789abcdef'],
      /there is no dataset trial@.*\nhint: versions of trial: /u,
    ],
    ['a name that is none', ['datasets', 'diff', '../x', 'trial'], /"\.\.\/x" does not name a dataset version/u],
    ['a list of a name that is none', ['datasets', 'list', '../..'], /"\.\.\/\.\." is no name of a dataset/u],
    [
      'a row that is not there',
      ['datasets', 'explain', 'VERSION', 'tickets.jsonl:999'],
      /tickets\.jsonl:999 is no row of trial@.*\nhint: .*tickets\.jsonl/u,
    ],
    ['a row id that is not there', ['datasets', 'explain', 'VERSION', '__proto__'], /__proto__ is no row of trial@/u],
    [
      'a shape that is none',
      ['datasets', 'export', 'VERSION', 'x.jsonl', '--shape', 'xml'],
      /'xml' is invalid.*messages/u,
    ],
    ['a format that is none', ['datasets', 'export', 'VERSION', 'x.docx'], /x\.docx/u],
    ['an export into no folder', ['datasets', 'export', 'VERSION', 'no/folder/x.jsonl'], /no\/folder\/x\.jsonl/u],
    [
      'threads that are no number',
      ['curate', 'recipe.yaml', '--threads', 'many'],
      /--threads: "many" is not a number of threads/u,
    ],
    ['a flag that is none', ['curate', 'recipe.yaml', '--quick'], /unknown option '--quick'/u],
    ['a recipe that is not there', ['curate', 'none.yaml'], /none\.yaml: there is no such recipe/u],
  ])('%s', async (_name, args, message) => {
    expect(await failure(args.map((arg) => (arg === 'VERSION' ? made.dataset : arg)))).toMatch(message);
  });

  it('an empty dataset block', async () => {
    await project.write('empty.yaml', 'name: trial\ndataset: {}\n');
    expect(await failure(['curate', 'empty.yaml'])).toMatch(/dataset\.sources: .*\n(?:.*\n)*.*dataset\.curate: /u);
    await project.write('empty.yaml', 'name: trial\ndataset:\n');
    expect(await failure(['curate', 'empty.yaml'])).toMatch(/empty\.yaml:2:\d+: dataset: /u);
  });
});
