// The data card: what a person should know of a dataset version, in Markdown, without row text.
import type { DatasetManifest, SplitSummary } from '../domain/dataset.ts';

const splitNames = ['train', 'validation', 'test'] as const;
type Cell = string | number;

/** The card: sources, counts, drop rules, duplicates, personal data, lengths, label balance. Made of the manifest alone. */
export function datasetCard(manifest: DatasetManifest): string {
  const { read, kept, splits, findings } = manifest;
  const parts = [
    `# Dataset ${manifest.name}@${manifest.version}`,
    `${read} rows read, ${kept} kept, ${read - kept} dropped.`,
    '## Sources',
    sources(manifest),
    '## Splits',
    table(
      ['split', 'rows', 'repeated', 'groups', 'SHA-256'],
      splitNames.map((name) => {
        const { rows, repeated = 0, groups, file } = splits[name];
        return [name, rows, repeated, groups === 0 ? 'none' : groups, file.sha256];
      }),
    ),
    '## Dropped rows',
    Object.keys(manifest.dropped).length === 0 ? 'None.' : table(['rule', 'rows'], Object.entries(manifest.dropped)),
    ...(findings === undefined ? [] : findingParts(findings)),
    '## Lengths in characters',
    table(
      ['split', 'text', 'shortest', 'median', '95 %', 'longest'],
      splitNames.flatMap((name) => (['input', 'output'] as const).map((text) => lengthRow(name, text, splits[name]))),
    ),
    '### Inputs by length',
    lengthClasses(splits),
    '## Labels',
    labelBalance(manifest),
  ];
  return `${parts.join('\n\n')}\n`;
}

function sources({ sources: all }: DatasetManifest): string {
  const files = table(
    ['path', 'rows', 'bytes', 'format', 'encoding', 'licence', 'SHA-256'],
    all.map((source) => [
      source.path,
      source.rows,
      source.bytes,
      [source.format ?? 'unknown', ...(source.compression === 'none' ? [] : [source.compression ?? ''])].join(' '),
      source.encoding ?? 'none',
      source.licence ?? 'not stated',
      source.sha256,
    ]),
  );
  const teachers = all.filter(({ teacher, terms }) => (teacher ?? terms) !== undefined);
  return teachers.length === 0
    ? files
    : `${files}\n\nAnswers of a teacher model:\n\n${table(
        ['path', 'teacher', 'terms'],
        teachers.map(({ path, teacher, terms }) => [path, teacher ?? 'not stated', terms ?? 'not stated']),
      )}`;
}

function findingParts({
  conflictingInputs,
  near,
  pii,
  leaks,
  labelErrors,
}: NonNullable<DatasetManifest['findings']>): string[] {
  const types = Object.entries(pii);
  return [
    '## Duplicates',
    `${conflictingInputs} inputs stood with different outputs.`,
    near === undefined
      ? 'Near duplicates were not looked for.'
      : `${near.clusters} clusters of near duplicates hold ${near.rows} rows, the largest ${near.largest}; in ${near.differentOutputs} of them outputs differ.${near.rowsCutShort === 0 ? '' : ` ${near.rowsCutShort} rows of very large buckets were not compared with all others there.`}`,
    ...(types.length === 0
      ? []
      : [
          '## Personal data and secrets',
          table(
            ['type', 'rows', 'pieces'],
            types.map(([type, { rows, found }]) => [type, rows, found]),
          ),
        ]),
    ...(leaks === undefined ? [] : ['## Overlap with evaluations', `${leaks} rows overlap with evaluations.`]),
    ...(labelErrors === undefined
      ? []
      : [
          '## Likely label errors',
          `${labelErrors} rows have a label that is likely to be wrong; none was dropped for it.`,
        ]),
  ];
}

function lengthClasses(splits: DatasetManifest['splits']): string {
  const classes = splitNames.map(
    (name) => new Map((splits[name].lengths?.input.classes ?? []).map(({ upTo, rows }) => [upTo, rows] as const)),
  );
  const bounds = [...new Set(classes.flatMap((one) => [...one.keys()]))].toSorted((left, right) => left - right);
  return bounds.length === 0
    ? 'No rows.'
    : table(
        ['characters up to', ...splitNames],
        bounds.map((bound) => [bound].concat(classes.map((one) => one.get(bound) ?? 0))),
      );
}

function labelBalance({ labels, splits }: DatasetManifest): string {
  const outputs = splitNames.map((name) => splits[name].outputs);
  if (outputs.some((one) => one === undefined)) {
    return labels.length === 0
      ? 'Outputs are texts, not labels.'
      : `${labels.length} distinct outputs; too many or too long to be shown as labels.`;
  }
  const counts = outputs.map((one) => new Map((one ?? []).map(({ output, rows }) => [output, rows] as const)));
  return table(
    ['label', ...splitNames],
    labels.map((label) => [
      label,
      ...counts.map((count, index) => share(count.get(label) ?? 0, splits[splitNames[index] ?? 'train'].rows)),
    ]),
  );
}

function share(count: number, total: number): string {
  return total === 0 ? '0' : `${count} (${((100 * count) / total).toFixed(1)} %)`;
}

function lengthRow(name: string, text: 'input' | 'output', { lengths }: SplitSummary): Cell[] {
  const found = lengths?.[text];
  return [name, text, ...[found?.shortest, found?.median, found?.p95, found?.longest].map((value) => value ?? 'none')];
}

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function line(cells: readonly Cell[]): string {
  return `| ${cells.map(escaped).join(' | ')} |`;
}

function escaped(cell: Cell): string {
  return String(cell)
    .replaceAll(/[\\|<>`*_[\]]/gu, String.raw`\$&`)
    .replaceAll('\n', ' ');
}
