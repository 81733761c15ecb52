// The rows as columns in compressed bytes, for the page to read; see page/rows-data.ts.
import type { SuiteRow } from '../../domain/suite.ts';
import type { Answers } from './answers.ts';
import { textLimit } from './choose-rows.ts';
import { shortened } from './format.ts';
import type { RowsHeader } from './page/rows-data.ts';
import { states } from './page/rows-data.ts';

interface EncodedArm {
  readonly answers: Answers;
  /** What the judges prefer in each row, from −1 (this arm) to 1 (the candidate); null without judges. */
  readonly preferences: Float64Array | null;
}

interface RowsInput {
  /** What is in the header beside the columns. */
  readonly about: Pick<RowsHeader, 'metric' | 'binary' | 'arms' | 'opponent'>;
  readonly rows: readonly SuiteRow[];
  /** The candidate first, as in `about`. */
  readonly arms: readonly EncodedArm[];
  /** Numbers of the rows to take. */
  readonly chosen: Uint32Array;
}

type NamedColumn = readonly [string, Uint8Array | Uint32Array | Float32Array];

interface RowsFile {
  readonly header: RowsHeader;
  /** The columns, deflated, in base64. */
  readonly base64: string;
}

/** Puts the chosen rows into columns. The same rows give the same text. */
export async function encodeRows({ about, rows, arms, chosen }: RowsInput): Promise<RowsFile> {
  const dictionary = new Map<string, number>([['', 0]]);
  const refer = (text: string | null | undefined): number => {
    const kept = shortened(text ?? '', textLimit);
    const known = dictionary.get(kept);
    if (known !== undefined) {
      return known;
    }
    dictionary.set(kept, dictionary.size);
    return dictionary.size - 1;
  };
  const whole = (valueOf: (row: number) => number): Uint32Array => Uint32Array.from(chosen, valueOf);
  const slices = slicesOf(arms[0]?.answers, chosen);
  const columns: NamedColumn[] = [
    ['number', chosen],
    ['id', whole((row) => refer(rows[row]?.id))],
    ['input', whole((row) => refer(rows[row]?.input))],
    ['expected', whole((row) => refer(rows[row]?.output))],
    ...slices.map(({ column }, slice): NamedColumn => [`slice${slice}`, column]),
    ...arms.flatMap((each, arm) =>
      armColumns(each, chosen, refer).map(([name, column]): NamedColumn => [`${name}${arm}`, column]),
    ),
  ];
  const texts = [...dictionary.keys()];
  const pool = Buffer.from(texts.join(''));
  const lengths = Uint32Array.from(texts, ({ length }) => length);
  const all: NamedColumn[] = [['lengths', lengths], ['texts', pool], ...columns];
  return {
    header: {
      format: 1,
      rows: chosen.length,
      total: rows.length,
      textLimit,
      ...about,
      slices: slices.map(({ name, values }) => ({ name, values })),
      columns: all.map(([name, column]) => ({ name, type: typeOf(name, column), length: column.length })),
    },
    base64: await deflated(all.map(([, column]) => column)),
  };
}

function armColumns(
  { answers, preferences }: EncodedArm,
  chosen: Uint32Array,
  refer: (text: string | null | undefined) => number,
): NamedColumn[] {
  const whole = (valueOf: (row: number) => number): Uint32Array => Uint32Array.from(chosen, valueOf);
  const columns: NamedColumn[] = [
    ['answer', whole((row) => refer(answers.answer[row]))],
    // What was read is told only where it is not the answer itself.
    ['parsed', whole((row) => refer(answers.parsed[row] === answers.answer[row] ? null : answers.parsed[row]))],
    ['error', whole((row) => refer(answers.errors.get(row)))],
    ['finish', whole((row) => refer(answers.finish[row]))],
    ['repeats', whole((row) => refer(repeatsText(answers, row)))],
    ['score', Float32Array.from(chosen, (row) => answers.score[row] ?? Number.NaN)],
    ['state', Uint8Array.from(chosen, (row) => stateOf(answers, row))],
    ['latency', whole((row) => Math.round(answers.latencyMs[row] ?? 0))],
    ['cost', Float32Array.from(chosen, (row) => answers.costUsd[row] ?? Number.NaN)],
    ['in', whole((row) => answers.promptTokens[row] ?? 0)],
    ['out', whole((row) => answers.completionTokens[row] ?? 0)],
  ];
  if (answers.firstTokenMs.some((ms) => !Number.isNaN(ms))) {
    columns.push(['first', Float32Array.from(chosen, (row) => answers.firstTokenMs[row] ?? Number.NaN)]);
  }
  if (preferences !== null) {
    columns.push(['preference', Float32Array.from(chosen, (row) => preferences[row] ?? Number.NaN)]);
  }
  return columns;
}

/** What became of the answer. */
export function stateOf({ asked, answer, parsed, refused, score }: Answers, row: number): number {
  if (asked[row] !== 1) {
    return states.unasked;
  }
  if (refused[row] === 1) {
    return states.refused;
  }
  if (answer[row] === null) {
    return states.missing;
  }
  if (parsed[row] === null) {
    return states.unreadable;
  }
  return score[row] === 1 ? states.right : score[row] === 0 ? states.wrong : states.partly;
}

/** The single answers as a numbered list of their scores and texts. */
function repeatsText({ repeats }: Answers, row: number): string {
  return (repeats.get(row) ?? [])
    .map(({ answer, score }, index) => `${index + 1}. score ${Number(score.toFixed(3))}: ${answer ?? '(no answer)'}`)
    .join('\n');
}

/** Each slice with its values in their order and every row's position among them. */
function slicesOf(answers: Answers | undefined, chosen: Uint32Array) {
  return [...(answers?.slices ?? [])].map(([name, values]) => {
    const known = [...new Set(values)].toSorted();
    const position = new Map(known.map((value, index) => [value, index]));
    return { name, values: known, column: Uint32Array.from(chosen, (row) => position.get(values[row] ?? '') ?? 0) };
  });
}

function typeOf(name: string, column: Uint8Array | Uint32Array | Float32Array): RowsHeader['columns'][number]['type'] {
  if (name === 'texts') {
    return 'utf8';
  }
  return column instanceof Uint32Array ? 'u32' : column instanceof Float32Array ? 'f32' : 'u8';
}

/** Little-endian bytes of all columns, one after another, through DEFLATE. */
async function deflated(columns: readonly (Uint8Array | Uint32Array | Float32Array)[]): Promise<string> {
  const stream = new CompressionStream('deflate-raw');
  const reading = new Response(stream.readable).arrayBuffer();
  const writer = stream.writable.getWriter();
  for (const column of columns) {
    await writer.write(Buffer.from(column.buffer, column.byteOffset, column.byteLength));
  }
  await writer.close();
  return Buffer.from(await reading).toString('base64');
}
