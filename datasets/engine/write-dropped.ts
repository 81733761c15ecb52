// Writes the list of dropped rows, in reading order, and counts them by rule.
import { createReadStream } from 'node:fs';
import { canonicalJson } from '../../domain/canonical.ts';
import type { DroppedRow, DropRule } from '../../domain/dataset.ts';
import { textLines } from '../../domain/text-lines.ts';
import { ruleCode, ruleOfCode } from './chunk-result.ts';
import type { KeptInstead } from './exact-duplicates.ts';
import { FileWriter } from './file-writer.ts';
import type { RowTable } from './row-table.ts';
import type { RowReader } from './scratch-files.ts';

export interface DroppedInput {
  readonly table: RowTable;
  readonly keptInstead: KeptInstead;
  /** Similarity to it, for near duplicates. */
  readonly similarity: ReadonlyMap<number, number>;
  /** File with the lines of the records that were dropped on their own, in reading order. */
  readonly ownDrops: string;
  readonly reader: RowReader;
}

/** Writes one canonical JSON object a line, as `droppedRowSchema` says. */
export async function writeDropped(
  path: string,
  { table, keptInstead, similarity, ownDrops, reader }: DroppedInput,
): Promise<Partial<Record<DropRule, number>>> {
  const counts = new Uint32Array(256);
  const file = await FileWriter.create(path);
  const own = textLines(createReadStream(ownDrops));
  try {
    for (let record = 0; record < table.records; record += 1) {
      const code = table.rule[record] ?? 0;
      if (code === 0) {
        continue;
      }
      counts[code] = (counts[code] ?? 0) + 1;
      if (file.add(Buffer.from(`${await lineOf(record, code)}\n`))) {
        await file.flush();
      }
    }
  } finally {
    await file.close();
    await own.return(undefined);
  }
  return byRule(counts);

  async function lineOf(record: number, code: number): Promise<string> {
    // A record without a row line was dropped on its own.
    if (table.lines[record + 1] === table.lines[record]) {
      const { value } = await own.next();
      if (value === undefined) {
        throw new Error(`record ${record} was dropped without a reason`);
      }
      return value;
    }
    const rule = ruleOfCode(code);
    const { id, origin } = reader.row(record);
    return canonicalJson({ origin, rule, id, ...likeness(record, rule) });
  }

  /** Why a duplicate goes. Near duplicates that are only reported may go for other reasons, which have nothing to do with it. */
  function likeness(record: number, rule: DropRule): Pick<DroppedRow, 'detail' | 'keptId' | 'similarity'> {
    const kept = keptInstead[record] ?? -1;
    if (rule === 'conflicting_label') {
      return { detail: `${-kept} different outputs for one input` };
    }
    if (rule !== 'exact_duplicate' && rule !== 'near_duplicate') {
      return {};
    }
    const keptId = reader.row(kept).id;
    return rule === 'exact_duplicate'
      ? { keptId }
      : { keptId, similarity: Number((similarity.get(record) ?? 0).toFixed(4)) };
  }
}

/** Counts by rule, in the order of the rules' names. */
function byRule(counts: Uint32Array): Partial<Record<DropRule, number>> {
  const byName: Partial<Record<DropRule, number>> = {};
  const present = [...counts.keys()].filter((code) => (counts[code] ?? 0) > 0).map(ruleOfCode);
  for (const rule of present.toSorted()) {
    byName[rule] = counts[ruleCode(rule)] ?? 0;
  }
  return byName;
}
