// The loss curve of a training.
import type { TopLevelSpec } from 'vega-lite';
import type { ProgressLine } from '../../../domain/training.ts';
import { ink } from './svg.ts';

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
