// Writes everything that a curation leaves behind: dropped rows, splits, clusters.
import type { DropRule } from '../../domain/dataset.ts';
import type { ChosenRows } from './choose-rows.ts';
import { repeatedIds } from './copies.ts';
import { writeClusters, type ClusterFacts } from './near-step.ts';
import { scratchNames, type RowsRead } from './read-rows.ts';
import { RowReader, type ScratchFiles } from './scratch-files.ts';
import { splitNames, type SplitName } from '../../domain/split-names.ts';
import { writeDropped } from './write-dropped.ts';
import { writeSplit, type SplitFacts } from './write-split.ts';

export type WrittenSplit = SplitFacts & { readonly path: string };

export interface WrittenFiles {
  readonly dropped: Partial<Record<DropRule, number>>;
  readonly splits: Readonly<Record<SplitName, WrittenSplit>>;
  readonly clusters: ClusterFacts | undefined;
  /** Absolute paths of JSON Lines. */
  readonly lists: { readonly dropped: string; readonly clusters: string; readonly overlaps: string };
}

const noCopies: ReadonlyMap<number, number> = new Map();

export interface WriteOptions {
  readonly scratch: ScratchFiles;
  /** False when rows with the same content may stand in the splits. */
  readonly exact: boolean;
  /** Told how many rows each rule dropped, before the splits are written; may throw to end there. */
  readonly onDropped: (dropped: WrittenFiles['dropped']) => void;
  readonly signal?: AbortSignal | undefined;
}

export async function writeFiles(
  { table }: RowsRead,
  { splits, copies, keptInstead, near }: ChosenRows,
  { scratch, exact, onDropped, signal }: WriteOptions,
): Promise<WrittenFiles> {
  const reader = new RowReader(scratch.path(scratchNames.rows), table.lines);
  try {
    const lists = {
      dropped: scratch.path('dropped.jsonl'),
      clusters: scratch.path('clusters.jsonl'),
      overlaps: scratch.path(scratchNames.overlaps),
    };
    const dropped = await writeDropped(lists.dropped, {
      table,
      keptInstead,
      similarity: near?.similarity ?? new Map(),
      ownDrops: scratch.path(scratchNames.drops),
      reader,
    });
    onDropped(dropped);
    const idNumbers = exact ? noCopies : repeatedIds(table, reader);
    const write = async (name: SplitName): Promise<WrittenSplit> => {
      const path = scratch.path(`${name}.jsonl`);
      const order = { path, rows: splits[name], copies: name === 'train' ? copies : noCopies, idNumbers };
      return { ...(await writeSplit(order, reader, signal)), path };
    };
    const written = { train: await write('train'), validation: await write('validation'), test: await write('test') };
    const kept = splitNames.reduce((sum, name) => sum + splits[name].length, 0);
    const lost = table.records - kept - Object.values(dropped).reduce((sum, count) => sum + count, 0);
    if (lost !== 0) {
      throw new Error(`curation lost ${lost} of ${table.records} rows`);
    }
    return {
      dropped,
      splits: written,
      clusters: near === undefined ? undefined : await writeClusters(lists.clusters, near, table, keptInstead, reader),
      lists,
    };
  } finally {
    reader.close();
  }
}
