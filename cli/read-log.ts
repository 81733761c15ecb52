// Reads the log of another evaluation tool from a file. JSON Lines and .eval files are read a record at a time.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { BadInput } from '../domain/bad-input.ts';
import { byteLines } from '../datasets/byte-lines.ts';
import { withoutByteOrderMark } from '../datasets/utf8-source.ts';
import type { ImportedArm, LogReader, ReadLogOptions } from '../evals/imports/imported-arm.ts';
import { inspectReader } from '../evals/imports/inspect.ts';
import { armsOfDocument, readerForLines, unknownFormat } from '../evals/imports/log-format.ts';
import { openZip, type ZipFile } from './zip-entries.ts';

/** A log's arms, and what identifies the file. */
export interface ReadLog {
  readonly arms: readonly ImportedArm[];
  readonly sha256: string;
  readonly bytes: number;
}

/** A JSON document becomes one string; the longest that V8 can hold has 512 Mi characters. */
const longestDocument = 400 * 2 ** 20;

/** Throws BadInput for a file that is missing, broken, or of no known format. */
export async function readLog(path: string, fields: readonly string[]): Promise<ReadLog> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) {
    throw new BadInput('there is no such file', { where: path });
  }
  const options: ReadLogOptions = { file: path, fields };
  const arms = (await isZip(path)) ? await readZip(path, options) : await readText(path, found.size, options);
  return { arms, sha256: await digestOf(path), bytes: found.size };
}

async function isZip(path: string): Promise<boolean> {
  await using handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  return bytesRead === 4 && buffer.toString('latin1').startsWith('PK');
}

/** An .eval file: the header in one entry, and one entry a sample. */
async function readZip(path: string, options: ReadLogOptions): Promise<readonly ImportedArm[]> {
  await using handle = await open(path);
  const zip = await openZip(handle, path);
  const samples = zip.names.filter((name) => /^samples\/[^/]+\.json$/u.test(name));
  if (!zip.names.includes('header.json')) {
    if (samples.length === 0 && !zip.names.some((name) => name.startsWith('_journal/'))) {
      throw unknownFormat(path);
    }
    throw new BadInput('the evaluation did not finish: the log has no header.json', {
      where: path,
      hint: '`inspect eval-retry` finishes it',
    });
  }
  const reader = inspectReader(options, await jsonEntry(zip, 'header.json', path));
  for (const name of samples) {
    reader.add(await jsonEntry(zip, name, path), `${path}: ${name}`);
  }
  return reader.arms();
}

async function jsonEntry(zip: ZipFile, name: string, path: string): Promise<unknown> {
  return parseJson((await zip.read(name)).toString('utf8'), `${path}: ${name}`);
}

/** JSON Lines when the first line is a record by itself, else one JSON document. */
async function readText(path: string, size: number, options: ReadLogOptions): Promise<readonly ImportedArm[]> {
  const source = withoutByteOrderMark(createReadStream(path), path);
  let reader: LogReader | undefined;
  for await (const { line, bytes } of byteLines(source, { file: path, maxBytes: longestDocument })) {
    const text = new TextDecoder().decode(bytes).trim();
    if (text === '') {
      continue;
    }
    if (reader !== undefined) {
      reader.add(parseJson(text, `${path}:${line}`), `${path}:${line}`);
      continue;
    }
    const first = firstRecord(text);
    if (first === undefined) {
      return await readDocument(path, size, options);
    }
    reader = readerForLines(first, options);
    if (reader === undefined) {
      return knownArms(first, options);
    }
    reader.add(first, `${path}:${line}`);
  }
  return reader?.arms() ?? knownArms(undefined, options);
}

/** The value of a first line that is JSON by itself, else undefined: then it begins a longer document. */
function firstRecord(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readDocument(path: string, size: number, options: ReadLogOptions): Promise<readonly ImportedArm[]> {
  if (size > longestDocument) {
    throw new BadInput('the JSON log is larger than 400 MiB', {
      where: path,
      hint: 'use a format that is read record by record: `promptfoo eval -o out.jsonl`, `inspect log convert --to eval`',
    });
  }
  await using handle = await open(path);
  const text = await handle.readFile('utf8');
  if (!text.trimStart().startsWith('{')) {
    throw unknownFormat(path);
  }
  return knownArms(parseJson(text, path), options);
}

function knownArms(document: unknown, options: ReadLogOptions): readonly ImportedArm[] {
  const arms = armsOfDocument(document, options);
  if (arms === undefined) {
    throw unknownFormat(options.file);
  }
  return arms;
}

/** Python writes numbers that are none as NaN and Infinity, which JSON does not have. */
function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's message quotes the text, so it is not passed on.
    throw /[:,[]\s*-?(?:NaN|Infinity)\b/u.test(text)
      ? new BadInput('there is a NaN or Infinity, which is no number and no score', {
          where,
          hint: 'find out why the tool could not score that row; a row without a score cannot be compared',
          cause: error,
        })
      : new BadInput('this is not valid JSON', { where, hint: 'is the file cut off?', cause: error });
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
