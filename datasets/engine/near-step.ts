// Near duplicates among the rows that are in: clusters, who is kept of each, and the list for review.
import { canonicalJson } from '../../domain/canonical.ts';
import type { NearRecipe } from '../../domain/recipe-dataset.ts';
import { ruleCode } from './chunk-result.ts';
import type { Crew } from './crew.ts';
import type { RowPlace } from './curation-worker.ts';
import { FileWriter } from './file-writer.ts';
import { nearClusters } from './near-clusters.ts';
import { bandName, scratchNames, type RowsRead } from './read-rows.ts';
import { compareKeys, type RowTable } from './row-table.ts';
import type { RowReader, ScratchFiles } from './scratch-files.ts';

export interface NearOutcome {
  /** Rows of each cluster, the one that is kept first. */
  readonly clusters: readonly (readonly number[])[];
  /** Similarity of a row to the one that was kept instead. */
  readonly similarity: ReadonlyMap<number, number>;
  readonly pairsCompared: number;
  readonly rowsCutShort: number;
}

// Enough work to be worth a message between threads, little enough to be shared evenly.
const pairsPerJob = 2000;
const membersPerJob = 2000;

/**
 * Finds clusters and settles them in the order of content keys, so that the outcome does not depend on the order of
 * rows. With `drop`, rows that are like a kept one get the rule `near_duplicate`, and `keptInstead` says which.
 */
export async function nearStep(
  { table, bands }: RowsRead,
  near: NearRecipe,
  {
    crew,
    scratch,
    keptInstead,
    signal,
  }: {
    readonly crew: Crew;
    readonly scratch: ScratchFiles;
    readonly keptInstead: Int32Array;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<NearOutcome> {
  const place: RowPlace = { path: scratch.path(scratchNames.rows), lines: table.lines, similarity: near };
  const { sets, pairsCompared, rowsCutShort } = await nearClusters(table, {
    bands,
    readHashes: async (band, into) => await scratch.readNumbers(bandName(band), into),
    verify: async (pairs) => await verifyAll(pairs, crew, place),
    signal,
  });
  const clusters = sets.sets((row) => table.rule[row] === 0);
  for (const rows of clusters) {
    rows.sort(byKey(table));
  }
  const similarity = new Map<number, number>();
  for await (const settled of settleAll(clusters, crew, place)) {
    signal?.throwIfAborted();
    for (const [index, row] of settled.members.entries()) {
      const kept = settled.keptInstead[index] ?? -1;
      if (kept !== -1) {
        similarity.set(row, settled.similarity[index] ?? 0);
        keptInstead[row] = kept;
        if (near.action === 'drop') {
          table.rule[row] = ruleCode('near_duplicate');
        }
      }
    }
  }
  return { clusters, similarity, pairsCompared, rowsCutShort };
}

const byKey =
  ({ key }: RowTable) =>
  (left: number, right: number): number =>
    compareKeys(key, left, right);

async function verifyAll(pairs: Uint32Array<ArrayBuffer>, crew: Crew, place: RowPlace): Promise<Uint8Array> {
  const matches = new Uint8Array(pairs.length / 2);
  const jobs: Promise<void>[] = [];
  for (let start = 0; start < matches.length; start += pairsPerJob) {
    const part = pairs.slice(start * 2, (start + pairsPerJob) * 2);
    jobs.push(crew.pairs(part, place).then((found) => matches.set(found, start)));
  }
  await Promise.all(jobs);
  return matches;
}

async function* settleAll(
  clusters: readonly (readonly number[])[],
  crew: Crew,
  place: RowPlace,
): AsyncGenerator<{ members: Uint32Array; keptInstead: Int32Array; similarity: Float32Array }> {
  for (let from = 0; from < clusters.length;) {
    // One job for each worker at a time.
    const jobs = [];
    for (; from < clusters.length && jobs.length < crew.size * 2;) {
      const starts: number[] = [];
      const members: number[] = [];
      while (from < clusters.length && members.length < membersPerJob) {
        starts.push(members.length);
        for (const row of clusters[from] ?? []) {
          members.push(row);
        }
        from += 1;
      }
      const kept = Uint32Array.from(members);
      const task = { members: kept.slice(), starts: Uint32Array.from(starts) };
      jobs.push(crew.clusters(task, place).then((settled) => ({ members: kept, ...settled })));
    }
    yield* await Promise.all(jobs);
  }
}

export interface ClusterFacts {
  readonly clusters: number;
  /** Rows in clusters. */
  readonly rows: number;
  readonly largest: number;
  /** Clusters whose rows have different outputs: look at these first. */
  readonly differentOutputs: number;
}

// Enough of a text to see what it is about.
const shownChars = 300;
const shownRows = 1000;

/** Writes one cluster a line for review: the beginnings of the texts of its first thousand rows. */
export async function writeClusters(
  path: string,
  { clusters, similarity }: NearOutcome,
  { output }: Pick<RowTable, 'output'>,
  keptInstead: Int32Array,
  reader: RowReader,
): Promise<ClusterFacts> {
  const file = await FileWriter.create(path);
  let [rowCount, largest, differentOutputs] = [0, 0, 0];
  try {
    for (const [number, members] of clusters.entries()) {
      rowCount += members.length;
      largest = Math.max(largest, members.length);
      const outputs = new Set(members.map((row) => `${output[row * 2]}:${output[row * 2 + 1]}`));
      const rows = members.slice(0, shownRows).map((row) => {
        const { id, input, output: answer, origin } = reader.row(row);
        const kept = keptInstead[row] ?? -1;
        const like = similarity.get(row);
        return {
          id,
          origin,
          text: input.slice(0, shownChars).toWellFormed(),
          output: answer.slice(0, shownChars).toWellFormed(),
          likeId: kept === -1 ? undefined : reader.row(kept).id,
          similarity: like === undefined ? undefined : Number(like.toFixed(4)),
        };
      });
      differentOutputs += outputs.size > 1 ? 1 : 0;
      if (
        file.add(
          Buffer.from(`${canonicalJson({ cluster: number + 1, size: members.length, outputs: outputs.size, rows })}\n`),
        )
      ) {
        await file.flush();
      }
    }
  } finally {
    await file.close();
  }
  return { clusters: clusters.length, rows: rowCount, largest, differentOutputs };
}
