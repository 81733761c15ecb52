// Data and models that cannot be used, through real runs: what the person reads, and with which exit code.
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { curateResultSchema, datasetManifestSchema, datasetRowSchema } from '../../domain/dataset.ts';
import { getBlob } from '../../registry/blobs.ts';
import { fileStore } from '../../registry/file-store.ts';
import { parseStored } from '../../registry/json.ts';
import { coinRows, contender, writeRecipe, type RecipeDraft } from '../server/project.ts';

const project = inject('project');

/** Runs a recipe over the data and gives what a person reads on stderr, and the exit code. */
async function run(name: string, data: string | Uint8Array, change?: (draft: RecipeDraft) => void) {
  const { exitCode, stdout, stderr } = await contender(project, [
    'run',
    await writeRecipe(project, name, data, change),
  ]);
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/^\s+at .*[:(]\d+/mu);
  // Stages and run are said before; the error is what comes last.
  return { exitCode, error: stderr.slice(stderr.indexOf('error: ')) };
}

const fullLog = (error: string): string => /the full log: (.*)$/mu.exec(error)?.[1] ?? '';

describe('a file that cannot be curated exits with 2', () => {
  const good = coinRows('secret', 3).trimEnd();
  it.each([
    ['no-bytes', '', 'error: no-bytes.csv: the file is empty'],
    ['header-only', 'text,label,family\n', 'error: header-only.csv: the file has a header and no rows'],
    ['ragged', `${good}\nsecretrow,red\n`, 'error: ragged.csv:5: the row has 2 fields and the header 3'],
    [
      'not-utf8',
      Buffer.concat([Buffer.from(`${good}\nsecretrow ü`), Buffer.from([0xff]), Buffer.from(',red,family-1\n')]),
      'error: not-utf8.csv:5: the record holds bytes that are not UTF-8 in field 1 ("text")',
    ],
    [
      'too-few',
      `${good}\nsecretrow,red,family-1\n`,
      'error: too-few.csv: the split asks for 132 rows (train 64, validation 8, test 60), and 4 of the 4 rows read are usable',
    ],
  ])('%s: it names file, line and what is wrong, and quotes no row', async (name, data, expected) => {
    const { exitCode, error } = await run(name, data);
    expect(error).toContain(expected);
    expect(error).not.toContain('secretrow');
    expect(exitCode).toBe(2);
  });

  it('missing column: it names the column, the nearest one and those there are', async () => {
    const { exitCode, error } = await run('column', coinRows('secret', 3), (draft) => {
      draft.dataset.sources[0] = { path: 'column.csv', map: { input: 'txet', output: 'label', group: 'family' } };
    });
    expect(error).toContain('error: column.csv:1: ');
    for (const word of ['"txet"', 'text', 'label', 'family']) {
      expect(error).toContain(word);
    }
    expect(exitCode).toBe(2);
  });
});

const small = (draft: RecipeDraft): void => {
  draft.dataset.curate.split = { by: 'random', train: 6, validation: 0, test: 4, seed: 7 };
  // No row fits, so that the trainer ends as soon as it has read them.
  draft.train = { sequence_len: 8 };
};

describe('a trainer that refuses its rows', () => {
  it('exits with 2 after curating a file with a byte order mark, CRLF and quotes over lines', async () => {
    const rows = Array.from({ length: 10 }, (_, n) => `"secretrow ${n}, ""quoted""\r\nsecond line",colour-${n % 2},f`);
    const { exitCode, error } = await run('quoted', `\uFEFFtext,label,family\r\n${rows.join('\r\n')}\r\n`, small);
    expect(error).toMatch(
      /^error: the trainer stopped: 6 rows of train\.jsonl are longer than sequence_len 8: [0-9a-f]{24} \(\d+ tokens\)/u,
    );
    expect(error).toMatch(/^ {2}\| data_error: /mu);
    expect(error).not.toContain('secretrow');
    expect(exitCode).toBe(2);
    const log = fullLog(error);
    expect(await readFile(log, 'utf8')).toContain('data_error: 6 rows');

    const store = fileStore(join(project.home, 'store'));
    const curated = curateResultSchema.parse(JSON.parse(await readFile(join(log, '..', '..', 'curate.json'), 'utf8')));
    expect(curated).toMatchObject({ read: 10, kept: 10, rows: { train: 6, validation: 0, test: 4 } });
    const manifest = parseStored('manifest', await getBlob(store, curated.manifest), datasetManifestSchema);
    expect(manifest.labels).toEqual(['colour-0', 'colour-1']);
    const train = new TextDecoder().decode(await getBlob(store, manifest.splits.train.file));
    const row = datasetRowSchema.parse(JSON.parse(train.split('\n')[0] ?? ''));
    expect(row.input).toMatch(/^secretrow \d, "quoted"\r?\nsecond line$/u);
    // Every record takes two lines after the header's one.
    expect((row.origin.line - 2) % 2).toBe(0);
  });
});

/** A copy of the tiny model that the recipe names as its base. */
async function brokenBase(name: string, file: string, content: string | Uint8Array): Promise<void> {
  const base = join(project.folder, name);
  await cp(join(project.home, 'models', 'tiny-llama'), base, { recursive: true });
  await writeFile(join(base, file), content);
}

describe('a base whose weights are a pickle by another name', () => {
  it('exits with 2, names the file, and runs nothing of it', async () => {
    const sentinel = join(project.folder, 'pickle-was-run');
    // What `pickle.dumps` makes of an object whose loading calls `open(sentinel, "w")`.
    const pickle = `cbuiltins\nopen\n(V${sentinel}\nVw\ntR.`;
    await brokenBase('pickled-llama', 'model.safetensors', pickle);
    const { exitCode, error } = await run('pickled', coinRows('secret', 200), (draft) => {
      draft.model.base = './pickled-llama';
    });
    expect(error).toMatch(/^error: .*model\.safetensors/u);
    expect(exitCode).toBe(2);
    await expect(readFile(sentinel)).rejects.toThrow('ENOENT');
  });
});

describe('a trainer that crashes', () => {
  it('exits with 1, shows the last lines of its log and where the whole of it is', async () => {
    await brokenBase('crashing-llama', 'chat_template.jinja', '{{ 1 // 0 }}');
    const { exitCode, error } = await run('crash', coinRows('secret', 200), (draft) => {
      draft.model.base = './crashing-llama';
    });
    expect(error).toMatch(/^error: the trainer stopped: /u);
    expect(error).toMatch(/^ {2}\| .*ZeroDivisionError/mu);
    expect(await readFile(fullLog(error), 'utf8')).toContain('Traceback');
    expect(exitCode).toBe(1);
  });
});
