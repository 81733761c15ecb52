// The three plots of the report as Vega-Lite specifications.
import type { TopLevelSpec } from 'vega-lite';
import type { ProgressLine } from '../../domain/training.ts';
import type { Scorecard } from '../../domain/scorecard.ts';
import type { Comparison } from '../../domain/verdict.ts';
import { visible } from './html.ts';
import { ink } from './svg.ts';

const rowHeight = 38;

/** Exact match of every arm with its 95 % interval, on one axis in per cent. */
export function accuracyPlot(scorecards: readonly Scorecard[], width: number): TopLevelSpec {
  const values = scorecards.flatMap(({ arm, metrics: { exact_match: found } }) =>
    found === undefined
      ? []
      : [
          {
            arm: name(
              arm,
              scorecards.map((card) => card.arm),
            ),
            value: found.value * 100,
            low: found.low * 100,
            high: found.high * 100,
            role: role(arm.kind),
          },
        ],
  );
  const colour = { domain: ['candidate', 'opponent', 'other'], range: [ink.accent, ink.opponent, ink.muted] };
  return {
    width,
    height: { step: rowHeight },
    data: { values },
    encoding: {
      y: { field: 'arm', type: 'nominal', sort: null, title: null, axis: armAxis(width) },
      color: { field: 'role', type: 'nominal', scale: colour, legend: null },
    },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 3, opacity: 0.55, strokeCap: 'round' },
        encoding: {
          x: {
            field: 'low',
            type: 'quantitative',
            title: 'Exact match, %',
            scale: { domainMin: 0, nice: true },
            axis: { tickCount: width < 400 ? 5 : 10 },
          },
          x2: { field: 'high' },
        },
      },
      {
        mark: { type: 'point', filled: true, size: 110, opacity: 1 },
        encoding: { x: { field: 'value', type: 'quantitative' } },
      },
      {
        mark: { type: 'text', dy: -13, fontSize: 12, fontWeight: 600 },
        encoding: {
          x: { field: 'value', type: 'quantitative' },
          text: { field: 'value', type: 'quantitative', format: '.1f' },
        },
      },
    ],
  };
}

/** Difference to each other arm with its interval, the line of no difference, and the margin of the recipe. */
export function differencePlot(comparisons: readonly Comparison[], width: number): TopLevelSpec {
  const all = comparisons.map(({ armId, label }) => ({ id: armId, label }));
  const values = comparisons.map(({ armId, label, difference, low, high }) => ({
    arm: name({ id: armId, label }, all),
    value: difference * 100,
    low: low * 100,
    high: high * 100,
  }));
  const margin = (comparisons[0]?.margin ?? 0) * 100;
  const lines = [
    { at: 0, text: 'equal' },
    { at: -margin, text: `margin −${Number(margin.toFixed(1))}` },
  ];
  return {
    width,
    height: { step: rowHeight },
    layer: [
      {
        data: { values: lines.slice(0, 1) },
        mark: { type: 'rule', color: ink.muted, strokeWidth: 1.5 },
        encoding: { x: { field: 'at', type: 'quantitative' } },
      },
      {
        data: { values: lines.slice(1) },
        mark: { type: 'rule', color: ink.bad, strokeWidth: 1.5, strokeDash: [5, 4] },
        encoding: { x: { field: 'at', type: 'quantitative' } },
      },
      {
        data: { values: lines.slice(1) },
        mark: { type: 'text', color: ink.bad, y: -8, align: 'right', fontSize: 12 },
        encoding: { x: { field: 'at', type: 'quantitative' }, text: { field: 'text' } },
      },
      {
        data: { values: lines.slice(0, 1) },
        mark: { type: 'text', color: ink.muted, y: -8, align: 'left', fontSize: 12 },
        encoding: { x: { field: 'at', type: 'quantitative' }, text: { field: 'text' } },
      },
      {
        data: { values },
        mark: { type: 'rule', color: ink.accent, strokeWidth: 3, opacity: 0.55, strokeCap: 'round' },
        encoding: {
          y: { field: 'arm', type: 'nominal', sort: null, title: null, axis: armAxis(width) },
          x: {
            field: 'low',
            type: 'quantitative',
            title: 'Difference, points',
            axis: { tickCount: width < 400 ? 5 : 10 },
          },
          x2: { field: 'high' },
        },
      },
      {
        data: { values },
        mark: { type: 'point', filled: true, size: 110, color: ink.accent, opacity: 1 },
        encoding: { y: { field: 'arm', type: 'nominal', sort: null }, x: { field: 'value', type: 'quantitative' } },
      },
    ],
  };
}

/** Training loss of each step, and validation loss where it was measured. */
export function lossPlot(progress: readonly ProgressLine[], width: number): TopLevelSpec {
  const steps = progress.flatMap((line) =>
    line.kind === 'progress' || line.kind === 'validation'
      ? [{ step: line.step, loss: line.loss, series: line.kind === 'progress' ? 'training' : 'validation' }]
      : [],
  );
  const colour = { domain: ['training', 'validation'], range: [ink.accent, ink.opponent] };
  return {
    // There are no arm names on the left, so that the plot area takes their room.
    width: width + 110,
    height: 220,
    data: { values: steps },
    encoding: {
      x: { field: 'step', type: 'quantitative', title: 'Step', axis: { tickMinStep: 1, grid: false } },
      y: { field: 'loss', type: 'quantitative', title: 'Loss, nats a token', scale: { domainMin: 0 } },
      color: { field: 'series', type: 'nominal', scale: colour, legend: { title: null, orient: 'top' } },
    },
    layer: [
      { mark: { type: 'line', strokeWidth: 2 }, transform: [{ filter: "datum.series === 'training'" }] },
      {
        mark: { type: 'point', filled: true, size: 90, opacity: 1 },
        transform: [{ filter: "datum.series === 'validation'" }],
      },
    ],
  };
}

function role(kind: Scorecard['arm']['kind']): string {
  if (kind === 'candidate') {
    return 'candidate';
  }
  return kind === 'baseline' || kind === 'champion' ? 'opponent' : 'other';
}

/** The arm's label; with its id where another arm has the same, or the two would share one line of the plot. */
function name(arm: { id: string; label: string }, all: readonly { id: string; label: string }[]): string {
  const shared = all.some(({ id, label }) => label === arm.label && id !== arm.id);
  return visible(shared ? `${arm.label} [${arm.id}]` : arm.label);
}

function armAxis(width: number) {
  return {
    domain: false,
    ticks: false,
    labelPadding: 10,
    labelColor: ink.text,
    labelFontSize: width < 400 ? 12 : 13,
    labelLimit: width < 400 ? 145 : 240,
    // Narrow: what stands in parentheses, such as "stand-in", goes on a line of its own and is not cut off.
    ...(width < 400 ? { labelExpr: String.raw`split(replace(datum.label, ' (', '\n('), '\n')` } : {}),
  } as const;
}
