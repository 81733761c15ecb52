// From a chunk of records to rows with hashes, and drops with reasons.
import { canonicalJson } from '../../domain/canonical.ts';
import type { SourceRecipe } from '../../domain/recipe-source.ts';
import { comparable } from '../comparable-text.ts';
import type { Contamination } from '../decontaminate/contamination-check.ts';
import type { MappedRow } from '../map-row.ts';
import { piiTextsOf, type AnalyzerFindings } from '../pii/step.ts';
import type { TextAnalyzer } from '../pii/text-analyzer.ts';
import { createMapper, type MappedSource, type RowMapper } from '../shapes/create-mapper.ts';
import { parseChunk } from '../sources/parse-chunk.ts';
import type { RecordChunk } from '../sources/source-file.ts';
import { ruleCode, type ChunkResult } from './chunk-result.ts';
import { LineWriter } from './line-writer.ts';
import { MinHasher } from './min-hasher.ts';
import { digestOf, hash32, rowJson } from './row-line.ts';
import {
  createRowSteps,
  type Drop,
  type Dropped,
  type Passed,
  type PiiCounts,
  type RowSteps,
  type RowStepSettings,
} from './row-steps.ts';
import { Shingler } from './shingler.ts';
import { refusedBy, withAnswer, type TeacherAnswer } from './teacher-answer.ts';

/** What every worker is told once; plain data. */
export interface RowSettings extends RowStepSettings {
  readonly sources: readonly (MappedSource & Pick<SourceRecipe, 'weight'>)[];
}

/** One chunk with where it comes from. */
export interface ChunkTask {
  readonly chunk: RecordChunk;
  /** Number of the source in the recipe. */
  readonly source: number;
  /** Fields of the file's first record, from which the shape is told, and where it stands. */
  readonly first: Readonly<Record<string, unknown>>;
  readonly firstAt: string;
  /** A teacher's answers to the records of the chunk, in their order; absent where rows hold their own. */
  readonly answers?: readonly TeacherAnswer[];
}

type PiiTotals = Record<string, { rows: number; found: number }>;

/** Processes chunks; the same chunks give the same results in any thread. */
export class RowProcessor {
  readonly #settings: RowSettings;
  readonly #steps: RowSteps;
  readonly #analyzer: TextAnalyzer | undefined;
  readonly #near: { readonly shingler: Shingler; readonly hasher: MinHasher } | undefined;
  readonly #mappers = new Map<string, RowMapper>();
  readonly #rows = new LineWriter();
  readonly #drops = new LineWriter();
  readonly #overlaps = new LineWriter();

  private constructor(settings: RowSettings, steps: RowSteps, analyzer: TextAnalyzer | undefined) {
    const { near } = settings.curate.dedupe;
    this.#settings = settings;
    this.#steps = steps;
    this.#analyzer = analyzer;
    this.#near =
      near === false ? undefined : { shingler: new Shingler(near), hasher: new MinHasher(near.threshold, near.recall) };
  }

  /** Throws BadInput for settings that a step cannot use. */
  static async create(settings: RowSettings, analyzer?: TextAnalyzer): Promise<RowProcessor> {
    return new RowProcessor(settings, await createRowSteps(settings), analyzer);
  }

  /** Throws BadInput for a record that cannot be read, unless the recipe lets such records be dropped. */
  async process(task: ChunkTask, signal = new AbortController().signal): Promise<ChunkResult> {
    const { lines, valid, findings } = await this.#read(task, signal);
    // Nothing waits from here on, so that chunks which are worked on at the same time do not mix.
    return this.#results(task, lines, valid, findings);
  }

  /**
   * What a teacher is to be asked: the rows of a chunk as all steps leave them, without answers; or why they are
   * dropped, whatever would be answered.
   */
  async questions(task: ChunkTask, signal: AbortSignal): Promise<(MappedRow | Drop)[]> {
    const awaited = parseChunk(task.chunk).map((): TeacherAnswer => ({ kind: 'awaited' }));
    const { valid, findings } = await this.#read({ ...task, answers: awaited }, signal);
    const weight = this.#settings.sources[task.source]?.weight ?? 1;
    return valid.map((row) => {
      const outcome =
        'rule' in row ? row : this.#steps.passed(row, { weight, analyzed: findings?.get(row), onPii: () => undefined });
      return 'rule' in outcome ? outcome : outcome.row;
    });
  }

  async #read(task: ChunkTask, signal: AbortSignal) {
    const records = parseChunk(task.chunk);
    const mapper = this.#mapper(task);
    const valid: (MappedRow | Drop)[] = [];
    const lines = new Uint32Array(records.length);
    for (const [index, record] of records.entries()) {
      const answer = task.answers?.[index];
      lines[index] = record.line;
      valid.push(
        'problem' in record
          ? { rule: 'malformed_record', detail: record.problem }
          : this.#steps.validated(
              withAnswer(mapper(record.fields), answer),
              answer === undefined || answer.kind === 'text',
            ),
      );
    }
    const findings = this.#analyzer === undefined ? undefined : await analysed(this.#analyzer, valid, signal);
    return { lines, valid, findings };
  }

  #results(
    { chunk, source, answers }: ChunkTask,
    lines: Uint32Array,
    valid: readonly (MappedRow | Drop)[],
    findings: ReadonlyMap<MappedRow | Drop, AnalyzerFindings> | undefined,
  ): ChunkResult {
    const timed = this.#settings.curate.split.by === 'time';
    const columns = emptyColumns(lines.length, this.#near?.hasher.bands ?? 0, timed);
    const weight = this.#settings.sources[source]?.weight ?? 1;
    const beginning = `{"file":${JSON.stringify(chunk.file)},"line":`;
    const pii: PiiTotals = {};
    const onPii = (counts: PiiCounts): void => addCounts(pii, counts);
    for (const [index, row] of valid.entries()) {
      const origin = `${beginning}${lines[index]}}`;
      const passed: Passed | Dropped =
        'rule' in row ? row : this.#steps.passed(row, { weight, analyzed: findings?.get(row), onPii });
      const outcome = 'rule' in passed ? passed : (refusedBy(answers?.[index]) ?? passed);
      if ('rule' in outcome) {
        columns.rule[index] = ruleCode(outcome.rule);
        const detail = outcome.detail === undefined ? '' : `"detail":${JSON.stringify(outcome.detail)},`;
        const { overlap } = outcome;
        const id = overlap === undefined ? '' : `"id":"${overlap.id}",`;
        this.#drops.add(`{${detail}${id}"origin":${origin},"rule":"${outcome.rule}"}`);
        if (overlap !== undefined) {
          this.#listOverlap(overlap.id, origin, overlap, 'dropped');
        }
      } else {
        this.#add(columns, index, outcome.row, rowJson(outcome.id, outcome.row, origin));
        if (outcome.overlap !== undefined) {
          this.#listOverlap(outcome.id, origin, outcome.overlap, outcome.overlap.fate);
        }
      }
    }
    return { ...columns, rows: this.#rows.take(), drops: this.#drops.take(), overlaps: this.#overlaps.take(), pii };
  }

  #listOverlap(id: string, origin: string, { how, reference, similarity, span }: Contamination, fate: string): void {
    this.#overlaps.add(canonicalJson({ id, origin: JSON.parse(origin), how, reference, similarity, span, fate }));
  }

  #add(columns: Columns, index: number, row: MappedRow, json: string): void {
    const { by, seed } = this.#settings.curate.split;
    const form = comparable(row.input);
    const key = digestOf(form);
    for (let word = 0; word < 4; word += 1) {
      columns.key[index * 4 + word] = key.readUInt32BE(word * 4);
    }
    const output = digestOf(row.output);
    columns.output[index * 2] = output.readUInt32BE(0);
    columns.output[index * 2 + 1] = output.readUInt32BE(4);
    if (row.group !== undefined) {
      const group = digestOf(row.group);
      // 0 is no group.
      columns.group[index * 2] = group.readUInt32BE(0) | 1;
      columns.group[index * 2 + 1] = group.readUInt32BE(4);
    }
    const keyHex = key.toString('hex');
    columns.place[index] =
      by === 'group' ? hash32(`${seed}\ngroup\n${row.group ?? ''}`) : hash32(`${seed}\nrandom\n${keyHex}`);
    columns.order[index] = hash32(`${seed}\nrow\n${keyHex}`);
    if (columns.time.length > 0) {
      columns.time[index] = Date.parse(row.time ?? '');
    }
    if (this.#near !== undefined) {
      const { shingler, hasher } = this.#near;
      hasher.sign(shingler.hashesOf(form), columns.bands, index, columns.records);
    }
    columns.length[index] = this.#rows.add(json);
  }

  #mapper({ chunk, source, first, firstAt }: ChunkTask): RowMapper {
    // Two sources may read one file, each in its own way.
    const key = `${source} ${chunk.file}`;
    const known = this.#mappers.get(key);
    if (known !== undefined) {
      return known;
    }
    const made = createMapper(this.#settings.sources[source] ?? { map: {} }, first, firstAt);
    this.#mappers.set(key, made);
    return made;
  }
}

/** What an analyzer finds in the texts of the rows that are valid. */
async function analysed(
  analyzer: TextAnalyzer,
  valid: readonly (MappedRow | Drop)[],
  signal: AbortSignal,
): Promise<Map<MappedRow | Drop, AnalyzerFindings>> {
  const rows = valid.filter((row): row is MappedRow => !('rule' in row));
  const texts = rows.map(piiTextsOf);
  const found = await analyzer.analyseTexts(texts.flat(), signal);
  let at = 0;
  return new Map(
    rows.map((row, index) => {
      const from = at;
      at += texts[index]?.length ?? 0;
      return [row, found.slice(from, at)] as const;
    }),
  );
}

function addCounts(totals: PiiTotals, counts: PiiCounts): void {
  for (const [type, found] of counts) {
    // A pattern may be called `constructor`, which every object has.
    const known = (Object.hasOwn(totals, type) ? totals[type] : undefined) ?? { rows: 0, found: 0 };
    totals[type] = known;
    known.rows += 1;
    known.found += found;
  }
}

type Columns = Omit<ChunkResult, 'rows' | 'drops' | 'overlaps' | 'pii'>;

function emptyColumns(records: number, bands: number, timed: boolean): Columns {
  return {
    records,
    rule: new Uint8Array(records),
    key: new Uint32Array(records * 4),
    output: new Uint32Array(records * 2),
    group: new Uint32Array(records * 2),
    place: new Uint32Array(records),
    order: new Uint32Array(records),
    length: new Uint32Array(records),
    time: new Float64Array(timed ? records : 0),
    bands: new Int32Array(records * bands),
  };
}
