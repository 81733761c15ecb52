// Reads all sources and normalises their rows, one by one.
import { hashOf } from '../domain/canonical.ts';
import type { DroppedRow } from '../domain/dataset.ts';
import type { CurateRecipe } from '../domain/recipe-dataset.ts';
import { inputKey } from './curated-row.ts';
import type { CuratedRow } from './curated-row.ts';
import { mapRow } from './map-row.ts';
import { readSource } from './read-source.ts';
import type { CurateSource } from './read-source.ts';
import { validateRow } from './validate-row.ts';

/** Rows that are valid by themselves, and those that are not. */
export interface Collected {
  readonly rows: CuratedRow[];
  readonly rejected: DroppedRow[];
  /** Rows read per source. */
  readonly counts: number[];
}

/** Reads all sources in order. Throws BadInput for a broken source. */
export async function collectRows(
  sources: readonly CurateSource[],
  settings: CurateRecipe,
  signal: AbortSignal | undefined,
): Promise<Collected> {
  const limits = { maxInputChars: settings.max_input_chars, groupNeeded: settings.split.by === 'group' };
  const collected: Collected = { rows: [], rejected: [], counts: [] };
  const idsSeen = new Map<string, number>();
  for (const source of sources) {
    let count = 0;
    for await (const record of readSource(source, settings.malformed)) {
      signal?.throwIfAborted();
      count += 1;
      const origin = { file: source.path, line: record.line };
      if ('problem' in record) {
        collected.rejected.push({ origin, rule: 'malformed_record', detail: record.problem });
        continue;
      }
      const valid = validateRow(mapRow(record.values, source.map), limits);
      if ('rule' in valid) {
        collected.rejected.push({ origin, ...valid });
        continue;
      }
      const { input, output, rejected, group, tags } = valid;
      const content = {
        input,
        output,
        ...(rejected === undefined ? {} : { rejected }),
        ...(group === undefined ? {} : { group }),
      };
      collected.rows.push({
        id: uniqueId(content, idsSeen),
        ...content,
        ...(tags === undefined ? {} : { tags }),
        origin,
        key: inputKey(input),
      });
    }
    collected.counts.push(count);
  }
  return collected;
}

/** 96 bits of the content's hash; where the same content stands again, numbered, so that ids stay unique without deduplication. */
function uniqueId(content: object, seen: Map<string, number>): string {
  const id = hashOf(content).slice(0, 24);
  const times = (seen.get(id) ?? 0) + 1;
  seen.set(id, times);
  return times === 1 ? id : `${id}-${times}`;
}
