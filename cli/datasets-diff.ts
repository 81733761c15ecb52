// contender datasets diff A B: what changed from one dataset version to another.
import { splitNames, type SplitName } from '../domain/split-names.ts';
import { isDeepStrictEqual } from 'node:util';
import type { Command } from 'commander';
import type { DatasetManifest, DatasetRow } from '../domain/dataset.ts';
import { findDataset, linesOfBlob } from '../registry/datasets.ts';
import type { ObjectStore } from '../registry/store.ts';
import { runCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';

/** Rows by id. `moved` counts rows that changed their split, as `test -> train`; the last would be a leak from old to new. */
export interface DatasetDiff {
  readonly from: string;
  readonly to: string;
  readonly rows: Readonly<
    Record<SplitName, { readonly added: number; readonly removed: number; readonly same: number }>
  >;
  readonly moved: Readonly<Record<string, number>>;
  readonly dropped: Readonly<Record<string, { readonly from: number; readonly to: number }>>;
  readonly sources: { readonly added: string[]; readonly removed: string[]; readonly changed: string[] };
  /** Dotted paths of settings with other values. */
  readonly settings: string[];
}

export function addDiffCommand(datasets: Command): void {
  datasets
    .command('diff')
    .description('what changed from one dataset version to another: rows, splits, dropped rows, sources, settings')
    .argument('<from>', 'name@version')
    .argument('<to>', 'name@version')
    .action(async (from: string, to: string, _options: unknown, command: Command) => {
      await runCommand(command, async ({ terminal, store }) => {
        const diff = await diffOf(store, await findDataset(store, from), await findDataset(store, to));
        terminal.result(terminal.json ? JSON.stringify(diff) : textOf(diff));
        return exitCodes.done;
      });
    });
}

/** Compares the ids of all rows; about 100 bytes of memory a row of `from`. */
async function diffOf(store: ObjectStore, from: DatasetManifest, to: DatasetManifest): Promise<DatasetDiff> {
  const before = new Map<string, SplitName>();
  for (const split of splitNames) {
    for await (const id of idsOf(store, from, split)) {
      before.set(id, split);
    }
  }
  const rows = {
    train: { added: 0, removed: 0, same: 0 },
    validation: { added: 0, removed: 0, same: 0 },
    test: { added: 0, removed: 0, same: 0 },
  };
  const moved: Record<string, number> = {};
  for (const split of splitNames) {
    for await (const id of idsOf(store, to, split)) {
      const old = before.get(id);
      before.delete(id);
      if (old === split) {
        rows[split].same += 1;
        continue;
      }
      rows[split].added += 1;
      if (old !== undefined) {
        rows[old].removed += 1;
        const way = `${old} -> ${split}`;
        moved[way] = (moved[way] ?? 0) + 1;
      }
    }
  }
  before.forEach((split) => (rows[split].removed += 1));
  const rules = [...new Set([...Object.keys(from.dropped), ...Object.keys(to.dropped)])].toSorted();
  return {
    from: `${from.name}@${from.version}`,
    to: `${to.name}@${to.version}`,
    rows,
    moved,
    dropped: Object.fromEntries(
      rules
        .map((rule) => [rule, { from: countOf(from.dropped, rule), to: countOf(to.dropped, rule) }] as const)
        .filter(([, counts]) => counts.from !== counts.to),
    ),
    sources: sourcesDiff(from, to),
    settings: changedPaths(from.settings, to.settings),
  };
}

function countOf(dropped: Readonly<Record<string, number>>, rule: string): number {
  return dropped[rule] ?? 0;
}

async function* idsOf(store: ObjectStore, manifest: DatasetManifest, split: SplitName): AsyncGenerator<string> {
  for await (const line of linesOfBlob(store, manifest.splits[split].file)) {
    // The blob's digest was checked when it was written; only the id is looked at.
    const row: Pick<DatasetRow, 'id'> = JSON.parse(line);
    yield row.id;
  }
}

function sourcesDiff(from: DatasetManifest, to: DatasetManifest): DatasetDiff['sources'] {
  const old = new Map(from.sources.map(({ path, sha256 }) => [path, sha256]));
  const now = new Map(to.sources.map(({ path, sha256 }) => [path, sha256]));
  return {
    added: [...now.keys()].filter((path) => !old.has(path)),
    removed: [...old.keys()].filter((path) => !now.has(path)),
    changed: [...now].filter(([path, sha256]) => old.has(path) && old.get(path) !== sha256).map(([path]) => path),
  };
}

function changedPaths(from: unknown, to: unknown, path = ''): string[] {
  if (isDeepStrictEqual(from, to)) {
    return [];
  }
  if (!isRecord(from) || !isRecord(to)) {
    return [path];
  }
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].toSorted();
  return keys.flatMap((key) => changedPaths(from[key], to[key], path === '' ? key : `${path}.${key}`));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function textOf({ from, to, rows, moved, dropped, sources, settings }: DatasetDiff): string {
  const lines = [
    `from ${from} to ${to}`,
    ...splitNames.map((split) => {
      const { added, removed, same } = rows[split];
      return `  ${split}: ${added} rows added, ${removed} removed, ${same} the same`;
    }),
    ...Object.entries(moved).map(([way, count]) => `  moved ${way}: ${count}`),
    ...Object.entries(dropped).map(([rule, counts]) => `  dropped by ${rule}: ${counts.from} before, ${counts.to} now`),
    ...sources.added.map((path) => `  new source ${path}`),
    ...sources.removed.map((path) => `  source ${path} is gone`),
    ...sources.changed.map((path) => `  source ${path} has other content`),
    ...settings.map((path) => `  setting ${path} changed`),
  ];
  return lines.join('\n');
}
