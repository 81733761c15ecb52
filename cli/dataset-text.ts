// Dataset versions in words and tables for the terminal.
import Table from 'cli-table3';
import { overlappingRows, type DatasetManifest } from '../domain/dataset.ts';
import type { TokenStatistics } from '../domain/token-statistics.ts';
import type { CurateReport } from './curate-report.ts';
import type { Terminal } from './terminal.ts';

const plain = { head: [], border: [], compact: true };

/** What curation made, for a person: rows in and out, why rows were dropped, what to look at. */
export function curateSummary(report: CurateReport, { colors }: Pick<Terminal, 'colors'>): string {
  const { read, kept, dropped, splits, findings, seconds, rowsPerSecond } = report;
  const lines = [
    `${colors.bold(report.dataset)}  ${read.toLocaleString('en')} rows read, ${kept.toLocaleString('en')} kept, ${(read - kept).toLocaleString('en')} dropped`,
    `train ${splits.train.rows}, validation ${splits.validation.rows}, test ${splits.test.rows}`,
    ...(Object.keys(dropped).length === 0 ? [] : [droppedTable(dropped)]),
    ...findingLines(findings),
    ...(report.tokens === undefined ? [] : tokenLines(report.tokens)),
    ...report.remarks.map((remark) => colors.yellow(remark)),
    colors.dim(`${seconds.toFixed(1)} s, ${rowsPerSecond.toLocaleString('en')} rows/s`),
    `card: ${report.card}`,
  ];
  return lines.join('\n');
}

export function droppedTable(dropped: DatasetManifest['dropped']): string {
  const table = new Table({ head: ['dropped by', 'rows'], style: plain, colAligns: ['left', 'right'] });
  const byCount = Object.entries(dropped).toSorted(([, left], [, right]) => right - left);
  byCount.forEach(([rule, rows]) => table.push([rule, rows.toLocaleString('en')]));
  return table.toString();
}

/** What is worth a look beside the rows; nothing where curation did not look. */
export function findingLines(findings: DatasetManifest['findings']): string[] {
  if (findings === undefined) {
    return [];
  }
  const { near, pii, overlaps, labelErrors, conflictingInputs } = findings;
  const types = Object.entries(pii).map(([type, { rows }]) => `${type} ${rows}`);
  return [
    ...(conflictingInputs === 0
      ? []
      : [`conflicting labels: ${count(conflictingInputs, 'input')} with different outputs`]),
    ...(near === undefined || near.clusters === 0
      ? []
      : [
          `near duplicates: ${count(near.clusters, 'cluster')} of ${near.rows} rows${near.differentOutputs === 0 ? '' : `, ${near.differentOutputs} with different outputs`}`,
        ]),
    ...(types.length === 0 ? [] : [`personal data, rows by type: ${types.join(', ')}`]),
    ...(overlaps === undefined ? [] : [`overlap with evaluations: ${count(overlappingRows(overlaps), 'row')}`]),
    ...(labelErrors === undefined ? [] : [`likely label errors: ${count(labelErrors, 'row')}`]),
  ];
}

/** Tokens of the training rows, rows that training would refuse, steps, and what packing saves. */
function tokenLines({ base, how, settings, splits, layout, stepsPerEpoch, steps }: TokenStatistics): string[] {
  const { train } = splits;
  const long = Object.values(splits).reduce((sum, split) => sum + (split?.longer.count ?? 0), 0);
  return [
    ...(train === undefined
      ? []
      : [
          `tokens of training rows${how === 'estimate' ? ', an estimate' : ''} (${base.name}): median ${train.whole.median}, 99 % ${train.whole.p99}, longest ${train.whole.longest}; ${stepsPerEpoch} steps an epoch, ${steps} in all`,
        ]),
    ...(long === 0
      ? []
      : [`longer than sequence_len ${settings.sequence_len}: ${count(long, 'row')}, which training refuses`]),
    ...(layout === undefined || layout.passes === 0
      ? []
      : [
          `padding without packing ${share(1 - layout.tokens / layout.padded_places)}${layout.packing ? `; packing computes ${share(1 - layout.places / layout.padded_places)} fewer token places` : ''}`,
        ]),
  ];
}

function share(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}
