// The steps that need one row at a time: from a chunk of records to rows with hashes, and drops with reasons.
import type { CurateRecipe } from '../../domain/recipe-dataset.ts';
import type { SourceRecipe } from '../../domain/recipe-source.ts';
import type { DropRule } from '../../domain/dataset.ts';
import { comparable } from '../curated-row.ts';
import type { MappedRow } from '../map-row.ts';
import { createLanguageCheck } from '../quality/language-check.ts';
import { createQualityRules } from '../quality/quality-rules.ts';
import { createMapper, type MappedSource, type RowMapper } from '../shapes/create-mapper.ts';
import { parseChunk } from '../sources/parse-chunk.ts';
import type { RecordChunk } from '../sources/source-file.ts';
import { validateRow, type RowLimits } from '../validate-row.ts';
import { ruleCode, type ChunkResult } from './chunk-result.ts';
import { LineWriter } from './line-writer.ts';
import { MinHasher } from './min-hasher.ts';
import { digestOf, hash32, rowId, rowJson } from './row-line.ts';
import { Shingler } from './shingler.ts';

/** What every worker is told once; plain data. */
export interface RowSettings {
  readonly curate: CurateRecipe;
  /** The label set, when there is one. */
  readonly labels?: readonly string[];
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
}

interface Drop {
  readonly rule: DropRule;
  readonly detail?: string;
}

/** Processes one chunk after another; the same chunks give the same results in any thread. */
export class RowProcessor {
  readonly #settings: RowSettings;
  readonly #steps: readonly ((row: MappedRow) => Drop | undefined)[];
  readonly #limits: RowLimits;
  readonly #near: { readonly shingler: Shingler; readonly hasher: MinHasher } | undefined;
  readonly #mappers = new Map<string, RowMapper>();
  readonly #rows = new LineWriter();
  readonly #drops = new LineWriter();

  private constructor(settings: RowSettings, steps: readonly ((row: MappedRow) => Drop | undefined)[]) {
    const { dedupe, max_input_chars: maxInputChars, split, unicode } = settings.curate;
    this.#settings = settings;
    this.#steps = steps;
    this.#limits = {
      maxInputChars,
      groupNeeded: split.by === 'group',
      timeNeeded: split.by === 'time',
      unicode,
      ...(settings.labels === undefined ? {} : { labels: new Set(settings.labels) }),
    };
    this.#near =
      dedupe.near === false
        ? undefined
        : { shingler: new Shingler(dedupe.near), hasher: new MinHasher(dedupe.near.threshold) };
  }

  /** Loads what the recipe's steps need. Throws BadInput for settings that a step cannot use. */
  static async create(settings: RowSettings): Promise<RowProcessor> {
    const { quality, language } = settings.curate;
    const check = language === undefined ? undefined : await createLanguageCheck(language);
    return new RowProcessor(settings, [
      createQualityRules(quality),
      ...(check === undefined ? [] : [(row: MappedRow) => check(row.input)]),
    ]);
  }

  /** Throws BadInput for a record that cannot be read, unless the recipe lets such records be dropped. */
  process({ chunk, source, first, firstAt }: ChunkTask): ChunkResult {
    const records = parseChunk(chunk);
    const mapper = this.#mapper(chunk.file, source, first, firstAt);
    const origin = `{"file":${JSON.stringify(chunk.file)},"line":`;
    const weight = this.#settings.sources[source]?.weight ?? 1;
    const timed = this.#settings.curate.split.by === 'time';
    const columns = emptyColumns(records.length, this.#near?.hasher.bands ?? 0, timed);
    for (const [index, record] of records.entries()) {
      columns.line[index] = record.line;
      const at = `${origin}${record.line}}`;
      const row: MappedRow | Drop =
        'problem' in record
          ? { rule: 'malformed_record', detail: record.problem }
          : this.#curated(mapper(record.fields), weight);
      if ('rule' in row) {
        columns.rule[index] = ruleCode(row.rule);
        const detail = row.detail === undefined ? '' : `"detail":${JSON.stringify(row.detail)},`;
        this.#drops.add(`{${detail}"origin":${at},"rule":"${row.rule}"}`);
      } else {
        this.#add(columns, index, row, at);
      }
    }
    return { ...columns, rows: this.#rows.take(), drops: this.#drops.take(), leaks: new Uint8Array(), pii: {} };
  }

  #curated(mapped: MappedRow | Drop, weight: number): MappedRow | Drop {
    const row = 'rule' in mapped ? mapped : validateRow(mapped, this.#limits);
    if ('rule' in row) {
      return row;
    }
    for (const step of this.#steps) {
      const drop = step(row);
      if (drop !== undefined) {
        return drop;
      }
    }
    const { seed } = this.#settings.curate.split;
    return weight < 1 && hash32(`${seed}\nweight\n${comparable(row.input)}`) >= weight * 2 ** 32
      ? { rule: 'sampled_out' }
      : row;
  }

  #add(columns: Columns, index: number, row: MappedRow, origin: string): void {
    const { by, seed } = this.#settings.curate.split;
    const key = digestOf(comparable(row.input));
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
      hasher.sign(shingler.hashes(row.input), columns.bands, index, columns.records);
    }
    columns.length[index] = this.#rows.add(rowJson(rowId(row), row, origin));
  }

  #mapper(file: string, source: number, first: ChunkTask['first'], firstAt: string): RowMapper {
    const known = this.#mappers.get(file);
    if (known !== undefined) {
      return known;
    }
    const made = createMapper(this.#settings.sources[source] ?? { map: {} }, first, firstAt);
    this.#mappers.set(file, made);
    return made;
  }
}

type Columns = Omit<ChunkResult, 'rows' | 'drops' | 'leaks' | 'pii'>;

function emptyColumns(records: number, bands: number, timed: boolean): Columns {
  return {
    records,
    line: new Uint32Array(records),
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
