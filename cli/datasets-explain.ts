// contender datasets explain ROW: where a row of a source went, and why.
import { splitNames, type SplitName } from '../domain/split-names.ts';
import type { Command } from 'commander';
import { BadInput } from '../domain/bad-input.ts';
import { droppedRowSchema, type DatasetManifest, type DatasetRow, type DroppedRow } from '../domain/dataset.ts';
import { dropReasons } from '../datasets/drop-reasons.ts';
import { findDataset, linesOfBlob } from '../registry/datasets.ts';
import type { ObjectStore } from '../registry/store.ts';
import { runCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';

/** Either where the row is, or why it is nowhere. */
export type Explanation =
  | { readonly fate: 'kept'; readonly split: SplitName; readonly row: DatasetRow }
  | {
      readonly fate: 'dropped';
      readonly row: DroppedRow;
      readonly reason: string;
      /** The row that was kept instead. */
      readonly kept?: Pick<DatasetRow, 'id' | 'origin' | 'output'> & { readonly split: string };
    };

export function addExplainCommand(datasets: Command): void {
  datasets
    .command('explain')
    .description('where a row went, and why: kept in which split, or dropped by which rule')
    .argument('<dataset>', 'name@version')
    .argument('<row>', 'id of a row, or file:line of a source')
    .action(async (id: string, row: string, _options: unknown, command: Command) => {
      await runCommand(command, async ({ terminal, store }) => {
        const manifest = await findDataset(store, id);
        const found = await explain(store, manifest, row);
        terminal.result(terminal.json ? JSON.stringify(found) : found.map(textOf).join('\n'));
        return exitCodes.done;
      });
    });
}

/** All rows that the words name: an id names one, a line of a source may name none. Throws BadInput when none is found. */
async function explain(store: ObjectStore, manifest: DatasetManifest, row: string): Promise<Explanation[]> {
  const isAsked = asked(row, manifest);
  const found: Explanation[] = [];
  for await (const line of linesOfBlob(store, manifest.droppedRows)) {
    if (line.includes(isAsked.text)) {
      const dropped = droppedRowSchema.parse(JSON.parse(line));
      if (isAsked.is(dropped)) {
        const kept = dropped.keptId === undefined ? undefined : await keptRow(store, manifest, dropped.keptId);
        found.push({
          fate: 'dropped',
          row: dropped,
          reason: dropReasons[dropped.rule],
          ...(kept === undefined ? {} : { kept }),
        });
      }
    }
  }
  for (const split of splitNames) {
    for await (const kept of rowsWith(store, manifest, split, isAsked.text)) {
      if (isAsked.is(kept)) {
        found.push({ fate: 'kept', split, row: kept });
      }
    }
  }
  if (found.length === 0) {
    throw new BadInput(`${row} is no row of ${manifest.name}@${manifest.version}`, {
      hint: `give the id of a row, or file:line; files are ${manifest.sources.map(({ path }) => path).join(', ')}`,
    });
  }
  return found;
}

interface Asked {
  /** Text that the line of a row in question holds. */
  readonly text: string;
  readonly is: (row: { readonly id?: string | undefined; readonly origin: DatasetRow['origin'] }) => boolean;
}

function asked(row: string, { sources }: DatasetManifest): Asked {
  const [, file = '', line = ''] = /^(.+):(\d+)$/u.exec(row) ?? [];
  const names = sources.map(({ path }) => path);
  // The end of a path will do, as long as it is that of one source.
  const paths = names.includes(file) ? [file] : names.filter((path) => file !== '' && path.endsWith(`/${file}`));
  if (paths.length > 0) {
    return {
      text: `"line":${line}`,
      is: ({ origin }) => paths.includes(origin.file) && origin.line === Number(line),
    };
  }
  return { text: row, is: ({ id }) => id === row };
}

async function* rowsWith(
  store: ObjectStore,
  manifest: DatasetManifest,
  split: SplitName,
  text: string,
): AsyncGenerator<DatasetRow> {
  for await (const line of linesOfBlob(store, manifest.splits[split].file)) {
    if (line.includes(text)) {
      const row: DatasetRow = JSON.parse(line);
      yield row;
    }
  }
}

type Kept = NonNullable<Extract<Explanation, { fate: 'dropped' }>['kept']>;

async function keptRow(store: ObjectStore, manifest: DatasetManifest, id: string): Promise<Kept | undefined> {
  for (const split of splitNames) {
    for await (const row of rowsWith(store, manifest, split, id)) {
      if (row.id === id) {
        return { id, origin: row.origin, output: row.output, split };
      }
    }
  }
  return undefined;
}

function textOf(explanation: Explanation): string {
  const { row } = explanation;
  const place = `${row.origin.file}:${row.origin.line}`;
  if (explanation.fate === 'kept') {
    return `${place} is row ${explanation.row.id} of ${explanation.split}, answer ${JSON.stringify(explanation.row.output)}`;
  }
  const { reason, kept } = explanation;
  const { rule, detail, keptId, similarity } = explanation.row;
  return [
    `${place} was dropped by ${rule}: ${reason}${detail === undefined ? '' : ` (${detail})`}`,
    ...(keptId === undefined
      ? []
      : [
          `  kept instead: row ${keptId}${kept === undefined ? ', which a later rule dropped' : ` of ${kept.split}, ${kept.origin.file}:${kept.origin.line}, answer ${JSON.stringify(kept.output)}`}${similarity === undefined ? '' : `; similarity ${similarity}`}`,
        ]),
  ].join('\n');
}
