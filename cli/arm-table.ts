// The table of arms that a finished contest prints.
import Table from 'cli-table3';
import { metricFacts, metricSchema, type Metric } from '../domain/metrics.ts';
import type { Interval, Scorecard } from '../domain/scorecard.ts';

/**
 * One row an arm: the deciding metric with its interval, then the other scorers of the recipe, failures, latency, tokens
 * and cost. A metric that exists only between two arms has no column.
 */
export function armTable(cards: readonly Scorecard[], deciding: Metric): string {
  const scored = metricSchema.options.filter((metric) => cards.some(({ metrics }) => metrics[metric] !== undefined));
  const first = scored.includes(deciding) ? deciding : scored[0];
  const others = scored.filter((metric) => metric !== first);
  const head = [
    'arm',
    ...(first === undefined ? [] : [metricFacts[first].label, '95 % interval']),
    ...others.map((metric) => metricFacts[metric].label),
    'unparsed',
    'errors',
    'p50 ms',
    'p95 ms',
    'tokens in/out',
    'USD',
  ];
  const table = new Table({
    head,
    style: { head: [], border: [] },
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
  });
  for (const card of cards) {
    table.push([
      card.arm.label,
      ...(first === undefined ? [] : [valueOf(first, card.metrics[first]), rangeOf(first, card.metrics[first])]),
      ...others.map((metric) => valueOf(metric, card.metrics[metric])),
      String(card.parseFailures),
      String(card.errors),
      milliseconds(card.latencyMs.p50),
      milliseconds(card.latencyMs.p95),
      `${card.tokens.prompt}/${card.tokens.completion}`,
      card.costUsd === null ? 'no price' : card.costUsd.toFixed(4),
    ]);
  }
  return table.toString();
}

/** Scorecards say 0 where no answer's time was measured. */
function milliseconds(value: number): string {
  return value === 0 ? '–' : value.toFixed(0);
}

/** Means over rows in per cent, other metrics as the field writes them. */
function valueOf(metric: Metric, found: Interval | undefined): string {
  if (found === undefined) {
    return '';
  }
  return inPercent(metric) ? `${(100 * found.value).toFixed(1)} %` : found.value.toFixed(3);
}

function rangeOf(metric: Metric, found: Interval | undefined): string {
  if (found === undefined) {
    return '';
  }
  const { low, high } = found;
  return inPercent(metric)
    ? `${(100 * low).toFixed(1)} – ${(100 * high).toFixed(1)}`
    : `${low.toFixed(3)} – ${high.toFixed(3)}`;
}

function inPercent(metric: Metric): boolean {
  return metricFacts[metric].shape !== 'corpus';
}
