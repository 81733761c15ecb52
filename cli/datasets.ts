// contender datasets: dataset versions of the object store: list, show, diff, export, explain.
import { splitNames, type SplitName } from '../domain/split-names.ts';
import Table from 'cli-table3';
import { Option, type Command } from 'commander';
import { datasetRowSchema, type DatasetManifest, type DatasetRow } from '../domain/dataset.ts';
import { exportShapes, type ExportShape } from '../datasets/export/export-row.ts';
import { writeExport } from '../datasets/export/write-export.ts';
import { sourceFormatSchema, type SourceFormat } from '../domain/recipe-source.ts';
import { formatOf } from '../datasets/sources/file-format.ts';
import { findDataset, linesOfBlob, listDatasets } from '../registry/datasets.ts';
import type { ObjectStore } from '../registry/store.ts';
import { runCommand } from './command.ts';
import { addExplainCommand } from './datasets-explain.ts';
import { addDiffCommand } from './datasets-diff.ts';
import { droppedTable, findingLines } from './dataset-text.ts';
import { exitCodes } from './exit-codes.ts';
import { placeOf } from './store-place.ts';

interface ExportOptions {
  readonly split: SplitName;
  readonly shape: ExportShape;
  readonly format?: SourceFormat;
}

export function addDatasetCommands(program: Command): void {
  const datasets = program.command('datasets').description('dataset versions: list, show, diff, export, explain');
  datasets
    .command('list')
    .description('list the dataset versions of the object store, or those of one name')
    .argument('[name]', 'name of a dataset')
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      await runCommand(command, async ({ terminal, store }) => {
        const manifests: DatasetManifest[] = [];
        for (const id of await listDatasets(store, name)) {
          manifests.push(await findDataset(store, id));
        }
        terminal.result(terminal.json ? JSON.stringify(manifests.map(inList)) : listTable(manifests));
        return exitCodes.done;
      });
    });
  datasets
    .command('show')
    .description('one dataset version: sources, splits, dropped rows, what to look at')
    .argument('<dataset>', 'name@version')
    .action(async (id: string, _options: unknown, command: Command) => {
      await runCommand(command, async ({ terminal, store }) => {
        const manifest = await findDataset(store, id);
        terminal.result(terminal.json ? JSON.stringify(manifest) : describe(manifest, store));
        return exitCodes.done;
      });
    });
  addDiffCommand(datasets);
  datasets
    .command('export')
    .description('write the rows of a split to a file that other tools read')
    .argument('<dataset>', 'name@version')
    .argument('<file>', 'file to write; its ending says the format, .gz and .zst compress')
    .addOption(new Option('--split <split>', 'which rows').choices(splitNames).default('train'))
    .addOption(new Option('--shape <shape>', 'shape of a record').choices(exportShapes).default('messages'))
    .addOption(new Option('--format <format>', 'when the ending does not say it').choices(sourceFormatSchema.options))
    .action(async (id: string, path: string, options: ExportOptions, command: Command) => {
      await runCommand(command, async ({ terminal, store }) => {
        const manifest = await findDataset(store, id);
        const { split, shape } = options;
        const format = options.format ?? formatOf({ path });
        const { rows, bytes } = await writeExport(rowsOf(store, manifest, split), { shape, format, path });
        terminal.result(
          terminal.json
            ? JSON.stringify({ path, rows, bytes, split, shape, format })
            : `${rows.toLocaleString('en')} rows of ${split} as ${shape} in ${path}`,
        );
        return exitCodes.done;
      });
    });
  addExplainCommand(datasets);
}

async function* rowsOf(store: ObjectStore, manifest: DatasetManifest, split: SplitName): AsyncGenerator<DatasetRow> {
  for await (const line of linesOfBlob(store, manifest.splits[split].file)) {
    yield datasetRowSchema.parse(JSON.parse(line));
  }
}

function inList({ name, version, read, kept, splits, sources }: DatasetManifest): object {
  return {
    dataset: `${name}@${version}`,
    read,
    kept,
    rows: Object.fromEntries(splitNames.map((split) => [split, splits[split].rows])),
    sources: sources.map(({ path }) => path),
  };
}

function listTable(manifests: readonly DatasetManifest[]): string {
  if (manifests.length === 0) {
    return 'no dataset version yet; `contender curate RECIPE` makes one';
  }
  const table = new Table({
    head: ['dataset', 'read', 'kept', 'train', 'validation', 'test', 'sources'],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, version, read, kept, splits, sources } of manifests) {
    const [first = '', ...more] = sources.map(({ path }) => path);
    table.push([
      `${name}@${version}`,
      read,
      kept,
      ...splitNames.map((split) => splits[split].rows),
      more.length === 0 ? first : `${first} and ${more.length} more`,
    ]);
  }
  return table.toString();
}

function describe(manifest: DatasetManifest, store: ObjectStore): string {
  const { name, version, read, kept, splits, dropped, sources, findings, lists, droppedRows } = manifest;
  const place = (key: string | undefined): string => (key === undefined ? 'none' : placeOf(store, key));
  return [
    `${name}@${version}: ${read} rows read, ${kept} kept, ${read - kept} dropped`,
    ...splitNames.map((split) => `  ${split}: ${splits[split].rows} rows, ${place(splits[split].file.key)}`),
    'sources:',
    ...sources.map(
      ({ path, rows, sha256, format, licence }) =>
        `  ${path}: ${rows} rows${format === undefined ? '' : `, ${format}`}, licence ${licence ?? 'not stated'}, SHA-256 ${sha256}`,
    ),
    ...(Object.keys(dropped).length === 0 ? [] : [droppedTable(dropped)]),
    ...findingLines(findings),
    `dropped rows: ${place(droppedRows.key)}`,
    ...(lists?.clusters === undefined ? [] : [`clusters: ${place(lists.clusters.key)}`]),
    ...(lists?.overlaps === undefined ? [] : [`overlaps: ${place(lists.overlaps.key)}`]),
    ...(lists?.labelErrors === undefined ? [] : [`label errors: ${place(lists.labelErrors.key)}`]),
    `card: ${place(`datasets/${name}/${version}/card.md`)}`,
  ].join('\n');
}
