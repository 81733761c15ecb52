// The data card: what a person should know of a dataset version, in Markdown, without row text.
import { splitNames } from '../../domain/split-names.ts';
import { dropRuleSchema, type DatasetManifest, type DistilledSource, type SplitSummary } from '../../domain/dataset.ts';
import type { TokenStatistics } from '../../domain/token-statistics.ts';
import { findingParts } from './card-findings.ts';
import { tokenParts } from './card-tokens.ts';
import { table, type Cell } from './markdown-table.ts';

/** The card: sources, counts, drop rules, duplicates, personal data, lengths, label balance. Made of the manifest alone, and of token statistics where there are any. */
export function datasetCard(manifest: DatasetManifest, tokens: readonly TokenStatistics[] = []): string {
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
    waterfall(manifest),
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
    ...tokens.flatMap((one) => tokenParts(one)),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** In the order in which curation applies the rules. */
function waterfall({ read, kept, dropped }: DatasetManifest): string {
  const rules = dropRuleSchema.options.flatMap((rule): Cell[][] => {
    const rows = dropped[rule];
    return rows === undefined ? [] : [[rule, rows]];
  });
  return rules.length === 0 ? 'None.' : table(['rule', 'rows'], [['read', read], ...rules, ['kept', kept]]);
}

function sources({ sources: all, findings }: DatasetManifest): string {
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
  const commits = all.filter(({ revision }) => revision !== undefined);
  const teachers = all.filter(({ teacher, terms }) => (teacher ?? terms) !== undefined);
  return [
    files,
    ...(commits.length === 0
      ? []
      : [
          'Files of a hub:',
          table(
            ['path', 'commit'],
            commits.map(({ path, revision }) => [path, revision ?? '']),
          ),
        ]),
    ...(teachers.length === 0
      ? []
      : [
          'Answers of a teacher model:',
          table(
            ['path', 'teacher', 'terms'],
            teachers.map(({ path, teacher, terms }) => [path, teacher ?? 'not stated', terms ?? 'not stated']),
          ),
        ]),
    ...distilledParts(findings?.distilled ?? []),
  ].join('\n\n');
}

function distilledParts(found: readonly DistilledSource[]): string[] {
  return found.length === 0
    ? []
    : [
        'Answers that were asked for:',
        table(
          ['source', 'teacher', 'inputs', 'answered', 'not kept', 'failed', 'not asked', 'tokens in', 'out', 'USD'],
          found.map((one) => [
            one.source,
            `${one.model} (${one.provider})`,
            one.inputs,
            one.answered,
            one.refused,
            one.failed,
            one.unasked,
            one.promptTokens,
            one.completionTokens,
            one.usd === null ? 'no price' : one.usd.toFixed(4),
          ]),
        ),
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
  const evenness = splitNames.flatMap((name) => {
    const { balance } = splits[name];
    return balance === undefined
      ? []
      : [
          `${name} ${balance.evenness} (the most frequent label comes ${balance.imbalance} times as often as the rarest)`,
        ];
  });
  const rows = table(
    ['label', ...splitNames],
    labels.map((label) => [
      label,
      ...counts.map((count, index) => share(count.get(label) ?? 0, splits[splitNames[index] ?? 'train'].rows)),
    ]),
  );
  return evenness.length === 0 ? rows : `Evenness, from 0 to 1: ${evenness.join('; ')}.\n\n${rows}`;
}

function share(count: number, total: number): string {
  return total === 0 ? '0' : `${count} (${((100 * count) / total).toFixed(1)} %)`;
}

function lengthRow(name: string, text: 'input' | 'output', { lengths }: SplitSummary): Cell[] {
  const found = lengths?.[text];
  return [name, text, ...[found?.shortest, found?.median, found?.p95, found?.longest].map((value) => value ?? 'none')];
}
