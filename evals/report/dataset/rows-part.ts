// Rows read, dropped by rule and kept, and how the kept ones were divided.
import { splitNames } from '../../../domain/split-names.ts';
import { dropRuleSchema, type DatasetManifest } from '../../../domain/dataset.ts';
import { figure } from '../figure.ts';
import { whole } from '../format.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { waterfallPlot, type WaterfallStep } from '../plots/waterfall-plot.ts';
import { table, type Cell } from '../table.ts';

export async function rowsPart(dataset: DatasetManifest): Promise<Html> {
  const { read, kept, dropped, splits } = dataset;
  // In the order in which curation applies the rules.
  const rules = dropRuleSchema.options.flatMap((rule) => {
    const rows = dropped[rule];
    return rows === undefined ? [] : [{ name: rule.replaceAll('_', ' '), rows }];
  });
  const words = rules.map(({ name, rows }) => `${name} ${whole(rows)}`).join(', ');
  const waterfall =
    rules.length === 0
      ? html`<p class="note">No row was dropped.</p>`
      : await figure(
          `Of ${whole(read)} rows read, ${whole(kept)} were kept. Dropped: ${words}`,
          'Rows that each rule dropped, in the order of the rules. Kept and dropped rows are the rows read.',
          (width) => waterfallPlot(waterfallSteps(read, rules, kept), width),
        );
  const repeats = splitNames.some((name) => splits[name].repeated !== undefined);
  const rows = splitNames.map((name) => {
    const { rows: count, repeated = 0, groups, file } = splits[name];
    const counts: Cell[] = repeats ? [name, whole(count), whole(repeated)] : [name, whole(count)];
    return counts.concat(groups === 0 ? 'no groups' : whole(groups), html`<code>${file.sha256}</code>`);
  });
  const columns = [
    { title: 'Split' },
    { title: 'Rows', numeric: true },
    ...(repeats ? [{ title: 'Of these repeats', numeric: true }] : []),
    { title: 'Groups', numeric: true },
    { title: 'SHA-256' },
  ];
  return html`<h3>Rows kept and dropped</h3>
    ${waterfall}
    <h3>Splits</h3>
    ${table('Rows, groups and digest of each split', columns, rows)}`;
}

function waterfallSteps(
  read: number,
  rules: readonly { readonly name: string; readonly rows: number }[],
  kept: number,
): WaterfallStep[] {
  let left = read;
  const falls = rules.map(({ name, rows }): WaterfallStep => {
    left -= rows;
    return { name, kind: 'dropped', from: left, to: left + rows };
  });
  return [
    { name: 'read', kind: 'left', from: 0, to: read },
    ...falls,
    { name: 'kept', kind: 'left', from: 0, to: kept },
  ];
}
