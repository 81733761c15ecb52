// Files that are far larger than they may be, or become so: refused, or counted, in bounded time and memory.
import { createWriteStream } from 'node:fs';
import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { map, refusal, success } from './curation-outcome.ts';
import { createCurationProject, ticketLines, type CurationProject } from './curation-project.ts';

const piece = Buffer.alloc(4 * 2 ** 20, 'a');
const pieces = 200; // 800 MiB
const longRow = { jsonl: ['{"text":"', '","label":"x"}\n'], csv: ['', ',x\n'] } as const;
const header = { jsonl: '', csv: 'text,label\n' } as const;

let project: CurationProject;
beforeAll(async () => {
  project = await createCurationProject();
});
afterAll(async () => project.remove());

// An idle machine needs one or two seconds.
const maxMs = 20_000;

/** Milliseconds that the work took. */
async function timed<T>(work: Promise<T>): Promise<{ end: T; ms: number }> {
  const started = performance.now();
  const end = await work;
  return { end, ms: performance.now() - started };
}

it.each(['jsonl', 'csv'] as const)('one row of 800 MB in %s', async (format) => {
  const own = await createCurationProject();
  const name = `rows.${format}`;
  const small = format === 'jsonl' ? ticketLines(12) : csvOf(ticketLines(12));
  const [before, after] = longRow[format];
  function* content(): Generator<Uint8Array> {
    yield Buffer.from(header[format] + small + before);
    for (let index = 0; index < pieces; index += 1) {
      yield piece;
    }
    yield Buffer.from(after + small);
  }
  try {
    await pipeline(Readable.from(content()), createWriteStream(join(own.folder, name)));
    const { end, ms } = await timed(own.curate([{ path: name, map }]));
    expect(await refusal(own, end)).toMatch(format === 'csv' ? /^error: rows\.csv:14: / : /^error: rows\.jsonl:13: /u);
    // It need not be read to its end for that.
    expect(ms).toBeLessThan(maxMs);
    const counted = await own.curate([{ path: name, map }], { malformed: 'drop' }, ['--json']);
    const report = await success(own, counted);
    expect(report.dropped['malformed_record']).toBe(1);
    expect(report.read).toBe(25);
  } finally {
    await own.remove();
  }
});

function csvOf(lines: string): string {
  const rows = lines
    .trimEnd()
    .split('\n')
    .map((line): { text: string; label: string } => JSON.parse(line));
  return rows.map(({ text, label }) => `${text},${label}\n`).join('');
}

it('800 MB of NUL characters', async () => {
  for (const name of ['rows.jsonl', 'rows.csv', 'rows.json', 'rows.parquet']) {
    const path = join(project.folder, name);
    await project.write(name, '');
    await truncate(path, 800_000_000);
    const { end, ms } = await timed(project.curate([{ path: name, map }]));
    expect(await refusal(project, end)).toMatch(new RegExp(`^error: ${name.replace('.', '\\.')}`, 'u'));
    expect(ms).toBeLessThan(maxMs);
    await rm(path);
  }
});

it('a decompression bomb, gzip or zstd, of rows or of blank lines', async () => {
  const blank = Buffer.alloc(96 * 2 ** 20, '\n');
  const zstd = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };
  const rows = Buffer.from(ticketLines(10) + `${' '.repeat(1000)}\n`.repeat(200_000));
  const bombs = {
    'a.jsonl.gz': gzipSync(blank),
    'b.jsonl.zst': zstdCompressSync(blank, zstd),
    'c.jsonl.zst': zstdCompressSync(rows, zstd),
  };
  for (const [name, bytes] of Object.entries(bombs)) {
    expect(bytes.length).toBeLessThan(200_000);
    await project.write(name, bytes);
    const { end, ms } = await timed(project.curate([{ path: name, map }]));
    expect(await refusal(project, end)).toMatch(
      /^error: \w\.jsonl\.(?:gz|zst): .* grow to more than .* when decompressed\nhint: /u,
    );
    expect(ms).toBeLessThan(maxMs);
  }
});
