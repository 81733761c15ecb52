// The dataset card: what a person should know of a dataset version, in Markdown, without row text.
import type { DatasetManifest, DatasetRow } from '../domain/dataset.ts';
import type { Curated } from './curate.ts';

// Outputs are shown as labels only while they look like labels; else they would be row text.
const maxLabels = 100;
const maxLabelChars = 120;
const splitNames = ['train', 'validation', 'test'] as const;

/** The card: counts, drop rules, label balance per split, lengths, groups. */
export function datasetCard(curated: Curated, manifest: DatasetManifest): string {
  const { splits } = curated;
  const parts = [
    `# Dataset ${manifest.name}@${manifest.version}`,
    `${manifest.read} rows read, ${manifest.kept} kept, ${manifest.read - manifest.kept} dropped.`,
    '## Sources',
    table(
      ['path', 'rows', 'bytes', 'SHA-256'],
      manifest.sources.map((source) => [source.path, source.rows, source.bytes, source.sha256]),
    ),
    '## Splits',
    table(
      ['split', 'rows', 'groups', 'distinct outputs', 'SHA-256'],
      splitNames.map((name) => {
        const { rows, groups, file } = manifest.splits[name];
        return [
          name,
          rows,
          groups === 0 ? 'none' : groups,
          new Set(splits[name].map((row) => row.output)).size,
          file.sha256,
        ];
      }),
    ),
    '## Dropped rows',
    Object.keys(manifest.dropped).length === 0 ? 'None.' : table(['rule', 'rows'], Object.entries(manifest.dropped)),
    '## Lengths in characters',
    table(
      ['split', 'text', 'shortest', 'median', '95 %', 'longest'],
      splitNames.flatMap((name) => (['input', 'output'] as const).map((text) => lengthRow(name, text, splits[name]))),
    ),
    '## Labels',
    labelBalance(curated),
  ];
  return `${parts.join('\n\n')}\n`;
}

function labelBalance({ labels, splits }: Curated): string {
  if (labels.length > maxLabels || labels.some((label) => label.length > maxLabelChars)) {
    return `${labels.length} distinct outputs; too many or too long to be shown as labels.`;
  }
  const counts = splitNames.map((name) => countOutputs(splits[name]));
  return table(
    ['label', ...splitNames],
    labels.map((label) => [
      label,
      ...counts.map((count, index) => share(count.get(label) ?? 0, splits[splitNames[index] ?? 'train'].length)),
    ]),
  );
}

function countOutputs(rows: readonly DatasetRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { output } of rows) {
    counts.set(output, (counts.get(output) ?? 0) + 1);
  }
  return counts;
}

function share(count: number, total: number): string {
  return total === 0 ? '0' : `${count} (${((100 * count) / total).toFixed(1)} %)`;
}

/** Shortest, median, 95th percentile and longest, by nearest rank. */
function lengthRow(name: string, text: 'input' | 'output', rows: readonly DatasetRow[]): (string | number)[] {
  const lengths = rows.map((row) => row[text].length).toSorted((left, right) => left - right);
  const quantile = (part: number): string | number =>
    lengths[Math.max(0, Math.ceil(part * lengths.length) - 1)] ?? 'none';
  return [name, text, quantile(0), quantile(0.5), quantile(0.95), quantile(1)];
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function line(cells: readonly (string | number)[]): string {
  return `| ${cells.map(escaped).join(' | ')} |`;
}

function escaped(cell: string | number): string {
  return String(cell)
    .replaceAll(/[\\|<>`*_[\]]/gu, String.raw`\$&`)
    .replaceAll('\n', ' ');
}
