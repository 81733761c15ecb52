// Files that are broken or hostile: an error that says where with exit code 2 and nothing stored, or rows that are counted as dropped.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { map, refusal, success } from './curation-outcome.ts';
import {
  createCurationProject,
  textOf,
  ticketLine,
  ticketLines,
  type CurateJson,
  type CurationProject,
} from './curation-project.ts';

let project: CurationProject;
beforeEach(async () => {
  project = await createCurationProject();
});
afterEach(async () => project.remove());

interface Case {
  readonly content: string | Uint8Array;
  /** Name of the file; `rows.jsonl` when absent. */
  readonly name?: string;
  readonly source?: object;
  readonly curate?: object;
}

async function curated({ content, name = 'rows.jsonl', source, curate }: Case, args: readonly string[] = []) {
  await project.write(name, content);
  return await project.curate([{ path: name, map, ...source }], curate, args);
}

const refused = async (input: Case): Promise<string> => await refusal(project, await curated(input));
const kept = async (input: Case): Promise<CurateJson> => await success(project, await curated(input, ['--json']));

const csv = (rows: readonly string[], header = 'text,label'): string => `${[header, ...rows].join('\n')}\n`;
const csvRows = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${textOf(index)},class ${index % 3}`);

describe('names of columns', () => {
  it('may be those of every object', async () => {
    const header = '__proto__,constructor,toString,text,label';
    const content = csv(
      csvRows(10).map((row) => `x,y,z,${row}`),
      header,
    );
    expect(await kept({ name: 'rows.csv', content })).toMatchObject({ read: 10, kept: 7 });
  });

  it('may be mapped though they are those of every object, and so may labels be', async () => {
    const content = csv(
      Array.from({ length: 12 }, (_, index) => `${textOf(index)},${index % 2 === 0 ? '__proto__' : 'constructor'},g`),
      '__proto__,constructor,hasOwnProperty',
    );
    const source = { map: { input: '__proto__', output: 'constructor', tags: { valueOf: 'hasOwnProperty' } } };
    expect(await kept({ name: 'rows.csv', content, source })).toMatchObject({ read: 12, kept: 7 });
    const { stdout } = await project.run(['datasets', 'show', 'trial', '--json']);
    const { labels }: { labels: string[] } = JSON.parse(stdout);
    expect(labels).toEqual(['__proto__', 'constructor']);
  });

  it('may not name a tag __proto__, which would be lost', async () => {
    const tags = Object.fromEntries([['__proto__', 'text']]);
    const stderr = await refused({ content: ticketLines(10), source: { map: { ...map, tags } } });
    expect(stderr).toMatch(/^error: recipe\.yaml:\d+:\d+: `__proto__` cannot be a key\nhint: /u);
  });

  it('that are not there are not found in the prototype', async () => {
    const stderr = await refused({
      content: ticketLines(10),
      source: { map: { input: 'text', output: 'constructor' } },
    });
    expect(stderr).toMatch(/rows\.jsonl:1.*constructor/u);
  });

  it('that come twice are refused', async () => {
    const stderr = await refused({ name: 'rows.csv', content: csv(csvRows(10), 'text,label,text') });
    expect(stderr).toMatch(/^error: rows\.csv:1: .*"text".*twice/u);
  });

  it('may not be a million', async () => {
    const stderr = await refused({ name: 'rows.csv', content: `text,label${','.repeat(1_000_000)}\na,b\n` });
    expect(stderr).toMatch(/^error: rows\.csv:1: /u);
  });
});

describe('a record that cannot be read ends with file and line, or is counted as dropped', () => {
  const deep = `{"text":"t","label":"l","x":${'['.repeat(10_000)}${']'.repeat(10_000)}}\n`;
  const deepObject = `{"text":"t","label":"l","x":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}\n`;
  const cases: [string, Case, RegExp][] = [
    ['JSON that is 10,000 lists deep', { content: ticketLines(10) + deep }, /^error: rows\.jsonl:11: .*nested/u],
    [
      'JSON that is 10,000 objects deep',
      { content: ticketLines(10) + deepObject },
      /^error: rows\.jsonl:11: .*nested/u,
    ],
    ['a line that is no JSON', { content: `${ticketLines(10)}{"text":\n` }, /^error: rows\.jsonl:11: .*JSON/u],
    ['a line that is a list', { content: `${ticketLines(10)}[1,2]\n` }, /^error: rows\.jsonl:11: /u],
    [
      'a row of CSV with a million commas',
      { name: 'rows.csv', content: csv([...csvRows(10), 'a,b'.padEnd(1_000_000, ',')]) },
      /^error: rows\.csv:12: .*fields/u,
    ],
    [
      'a row of CSV with too few fields',
      { name: 'rows.csv', content: csv([...csvRows(10), 'alone']) },
      /^error: rows\.csv:12: .*fields/u,
    ],
    [
      'a line in another encoding than those before',
      {
        content: Buffer.concat([
          Buffer.from(ticketLines(400).replaceAll('piano', 'm\u00fcnchen')),
          Buffer.from('{"text":"caf\u00e9","label":"x"}\n', 'latin1'),
        ]),
      },
      /^error: rows\.jsonl:401: .*UTF-8/u,
    ],
  ];
  it.each(cases)('%s', async (_name, input, message) => {
    expect(await refused(input)).toMatch(message);
    const report = await kept({ ...input, curate: { malformed: 'drop' } });
    expect(report.dropped['malformed_record']).toBe(1);
  });

  it('a quote that is never closed names the line where it opens', async () => {
    const stderr = await refused({ name: 'rows.csv', content: csv([...csvRows(10), '"open,class 1', ...csvRows(5)]) });
    expect(stderr).toMatch(/^error: rows\.csv:12: .*quote/u);
  });

  it('half characters of UTF-16 and NUL characters are dropped as invalid text', async () => {
    const content = `${ticketLines(10)}{"text":"half \\ud800 of one","label":"a"}\n{"text":"x","label":"\\udc00"}\n{"text":"nul \\u0000 in","label":"a"}\n`;
    expect((await kept({ content })).dropped).toMatchObject({ invalid_text: 3 });
  });

  it('raw NUL bytes in a line of JSON name the line; in CSV they are dropped as invalid text', async () => {
    expect(await refused({ content: `${ticketLines(3)}{"text":"a\0b","label":"c"}\n` })).toMatch(
      /^error: rows\.jsonl:4: /u,
    );
    const report = await kept({ name: 'rows.csv', content: csv([...csvRows(10), 'nul \0 in,class 1']) });
    expect(report.dropped).toMatchObject({ invalid_text: 1 });
  });

  it('UTF-16 and Latin-1 are decoded, and give the rows of UTF-8', async () => {
    const rows = csv([...csvRows(10), 'ein caf\u00e9 in M\u00fcnchen,class 1', ...csvRows(20).slice(10)]);
    const plain = await kept({ name: 'rows.csv', content: rows });
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(rows, 'utf16le')]);
    expect((await kept({ name: 'rows.csv', content: wide })).splits).toEqual(plain.splits);
    const narrow = { name: 'rows.csv', content: Buffer.from(rows, 'latin1'), source: { encoding: 'latin1' } };
    expect((await kept(narrow)).splits).toEqual(plain.splits);
  });

  it('an encoding that nobody knows is refused', async () => {
    expect(await refused({ content: ticketLines(10), source: { encoding: 'utf-9' } })).toMatch(/utf-9/u);
  });
});

describe('rows that are few, alike or wrong', () => {
  it('numbers, truth values and labels that look like numbers are labels', async () => {
    const content = Array.from({ length: 12 }, (_, index) =>
      ticketLine(index, { label: [0, 1, true][index % 3] }),
    ).join('');
    expect(await kept({ content, curate: { split: { train: 6, test: 6 } } })).toMatchObject({ kept: 12 });
    const { stdout } = await project.run(['datasets', 'show', 'trial', '--json']);
    const { labels }: { labels: string[] } = JSON.parse(stdout);
    expect(labels).toEqual(['0', '1', 'true']);
  });

  it('one row is too few', async () => {
    expect(await refused({ content: ticketLines(1) })).toMatch(
      /^error: rows\.jsonl: the split asks for 7 rows .*1 of the 1 rows? read (?:is|are) usable\nhint: None were dropped/u,
    );
  });

  it('an empty file, and one of blank lines, have no rows', async () => {
    expect(await refused({ content: '' })).toMatch(/^error: rows\.jsonl: /u);
    expect(await refused({ content: '\n\n\n' })).toMatch(/^error: rows\.jsonl: /u);
    expect(await refused({ name: 'rows.csv', content: 'text,label\n' })).toMatch(
      /^error: rows\.csv: the file has a header and no rows/u,
    );
  });

  it('rows that are all the same are one row', async () => {
    expect(await refused({ content: ticketLine(1).repeat(5000) })).toMatch(
      /1 of the 5000 rows read are usable\nhint: Dropped: exact_duplicate 4999/u,
    );
  });

  it('when all rows are dropped, the error says by which rules', async () => {
    const long = `${JSON.stringify({ text: 'x '.repeat(100), label: 'a' })}\n`;
    const content = long.repeat(3) + ticketLine(1, { text: '' }) + ticketLine(2, { label: null });
    expect(await refused({ content, curate: { max_input_chars: 50 } })).toMatch(
      /0 of the 5 rows read are usable\nhint: Dropped: .*input_too_long 3/u,
    );
  });

  it('a label that the label set lacks is counted', async () => {
    const content = ticketLines(12) + ticketLine(12, { label: 'toString' });
    const none = { content, curate: { labels: ['constructor'] } };
    expect(await refused(none)).toMatch(/hint: Dropped: unknown_label 13/u);
    const report = await kept({ content, curate: { labels: ['class 0', 'class 1', 'class 2'] } });
    expect(report.dropped).toMatchObject({ unknown_label: 1 });
  });

  it('ids that come twice are no ids of ours: rows of other text are all kept', async () => {
    const content = Array.from({ length: 7 }, (_, index) => ticketLine(index, { id: 'same' })).join('');
    expect(await kept({ content })).toMatchObject({ read: 7, kept: 7, dropped: {} });
  });
});

describe('a file that is cut off', () => {
  it('of gzip', async () => {
    const content = gzipSync(ticketLines(3000)).subarray(0, -200);
    expect(await refused({ name: 'rows.jsonl.gz', content })).toMatch(
      /^error: rows\.jsonl\.gz: .*(?:early|cut|damaged)/u,
    );
  });

  it('of zstd', async () => {
    const content = zstdCompressSync(ticketLines(3000)).subarray(0, -200);
    expect(await refused({ name: 'rows.jsonl.zst', content })).toMatch(/^error: rows\.jsonl\.zst: .*cut off/u);
  });

  it('of Parquet', async () => {
    await project.write('rows.jsonl', ticketLines(50));
    await project.curate([{ path: 'rows.jsonl', map }], { split: { train: 40, test: 10 } });
    await project.run(['datasets', 'export', 'trial', 'whole.parquet', '--shape', 'prompt_completion']);
    const whole = await readFile(join(project.folder, 'whole.parquet'));
    await project.remove();
    project = await createCurationProject();
    for (const content of [
      whole.subarray(0, whole.length / 2),
      whole.subarray(0, 4),
      Buffer.concat([whole.subarray(0, 200), whole.subarray(-300)]),
    ]) {
      expect(await refused({ name: 'rows.parquet', content, source: { map: {} } })).toMatch(/^error: rows\.parquet: /u);
    }
  });
});
