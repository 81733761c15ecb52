// How long inputs and outputs are, and how evenly labels are spread over the splits.
import { splitNames } from '../../../domain/split-names.ts';
import type { DatasetManifest } from '../../../domain/dataset.ts';
import { figure } from '../figure.ts';
import { percent, shortened, whole } from '../format.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { balancePlot } from '../plots/balance-plot.ts';
import { lengthsPlot } from '../plots/lengths-plot.ts';
import { type SplitBar } from '../plots/split-scale.ts';
import { table } from '../table.ts';
import { visible } from '../visible.ts';

/** Labels that a plot can show; all are in the table. */
const plottedLabels = 20;

export async function textsPart(dataset: DatasetManifest): Promise<Html> {
  return html`${await lengthsPart(dataset)} ${await labelsPart(dataset)}`;
}

async function lengthsPart({ splits }: DatasetManifest): Promise<Html | null> {
  const measured = splitNames.flatMap((name) => {
    const { lengths, rows } = splits[name];
    return lengths === undefined ? [] : [{ name, lengths, rows }];
  });
  if (measured.length === 0) {
    return null;
  }
  const bounds = [...new Set(measured.flatMap(({ lengths }) => lengths.input.classes.map(({ upTo }) => upTo)))];
  const bars = bounds
    .toSorted((left, right) => left - right)
    .flatMap((bound) =>
      measured.map(({ name, lengths, rows }): SplitBar => {
        const found = lengths.input.classes.find(({ upTo }) => upTo === bound)?.rows ?? 0;
        return { name: `≤ ${whole(bound)}`, split: name, share: (100 * found) / rows };
      }),
    );
  const rows = measured.flatMap(({ name, lengths }) =>
    (['input', 'output'] as const).map((text) => {
      const { shortest, median, p95, longest } = lengths[text];
      return [`${name}, ${text}`, whole(shortest), whole(median), whole(p95), whole(longest)];
    }),
  );
  const medians = measured.map(({ name, lengths }) => `${name} ${whole(lengths.input.median)}`).join(', ');
  return html`<h3>Lengths</h3>
    ${await figure(
      `Lengths of inputs by split; medians in characters: ${medians}`,
      'Inputs by their characters, in classes that double. Splits that differ here were not drawn alike.',
      (width) => lengthsPlot(bars, 'Characters of the input', width),
    )}
    ${table(
      'Lengths in characters',
      [
        { title: 'Text, in characters' },
        ...['Shortest', 'Median', '95 %', 'Longest'].map((title) => ({ title, numeric: true })),
      ],
      rows,
    )}`;
}

async function labelsPart({ labels, splits }: DatasetManifest): Promise<Html> {
  const counted = splitNames.flatMap((name) => {
    const { outputs, rows, balance } = splits[name];
    return outputs === undefined || rows === 0
      ? []
      : [{ name, rows, balance, counts: new Map(outputs.map((one) => [one.output, one.rows])) }];
  });
  if (counted.length === 0 || labels.length === 0) {
    const why = labels.length === 0 ? 'Outputs are texts, not labels.' : `${whole(labels.length)} distinct outputs.`;
    return html`<h3>Labels</h3>
      <p class="note">${why}</p>`;
  }
  const total = (label: string): number => counted.reduce((sum, { counts }) => sum + (counts.get(label) ?? 0), 0);
  const byRows = labels
    .map((label) => ({ label, rows: total(label) }))
    .toSorted((left, right) => right.rows - left.rows || (left.label < right.label ? -1 : 1));
  const bars = byRows.slice(0, plottedLabels).flatMap(({ label }) =>
    counted.map(({ name, rows, counts }): SplitBar => ({
      name: visible(label),
      split: name,
      share: (100 * (counts.get(label) ?? 0)) / rows,
    })),
  );
  const left = byRows.slice(plottedLabels);
  const balances = counted.flatMap(({ name, balance }) =>
    balance === undefined
      ? []
      : [`${name} ${balance.evenness.toFixed(2)} (most to fewest ${Number(balance.imbalance.toPrecision(3))} to 1)`],
  );
  const rows = byRows.map(({ label }) => [
    shortened(label, 120),
    ...counted.map(({ counts, rows: all }) => {
      const count = counts.get(label) ?? 0;
      return html`${whole(count)} <span class="range">${percent(count / all)}</span>`;
    }),
  ]);
  const most = byRows[0];
  return html`<h3>Labels</h3>
    ${await figure(
      `Shares of ${whole(labels.length)} labels in each split; the most frequent is ${most?.label ?? ''} with ${whole(most?.rows ?? 0)} rows`,
      html`${left.length === 0 ? 'All' : `The ${plottedLabels} most frequent of`} ${whole(labels.length)} labels.
      ${left.length === 0 ? null : `The other ${whole(left.length)} have ${whole(left.reduce((sum, one) => sum + one.rows, 0))} rows.`}
      ${balances.length === 0 ? null : `Evenness from 0 to 1: ${balances.join('; ')}.`}`,
      (width) => balancePlot(bars, width),
    )}
    <details>
      <summary>All labels by split</summary>
      ${table(
        'Rows of each label by split',
        [{ title: 'Label' }, ...counted.map(({ name }) => ({ title: name, numeric: true }))],
        rows,
        { compact: true },
      )}
    </details>`;
}
