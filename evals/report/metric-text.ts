// Values and differences of metrics as people read them: shares in per cent, coefficients as they are.
import type { Metric } from '../../domain/metrics.ts';
import { metricFacts } from '../../domain/metrics.ts';
import { percent, signedPoints } from './format.ts';

/** Metrics from −1 to 1 are no shares of anything. */
function isShare(metric: Metric): boolean {
  return metric !== 'mcc' && metric !== 'judge_preference';
}

/** What a value is multiplied by on an axis, and the axis' title. */
export function metricAxis(metric: Metric): { readonly factor: number; readonly title: string } {
  const { label } = metricFacts[metric];
  const name = label.charAt(0).toUpperCase() + label.slice(1);
  return isShare(metric) ? { factor: 100, title: `${name}, %` } : { factor: 1, title: name };
}

/** The unit of differences on an axis. */
export function differenceTitle(metric: Metric): string {
  return isShare(metric) ? 'Difference, points' : `Difference in ${metricFacts[metric].label}`;
}

/** "43.8 %" or "0.438". */
export function metricText(metric: Metric, value: number): string {
  return isShare(metric) ? percent(value) : value.toFixed(3).replace('-', '−');
}

/** "+9.4", in points, or "+0.094". */
export function differenceText(metric: Metric, difference: number): string {
  if (isShare(metric)) {
    return signedPoints(difference);
  }
  const text = difference.toFixed(3);
  if (Number(text) === 0) {
    return '0.000';
  }
  return difference > 0 ? `+${text}` : text.replace('-', '−');
}

/** "+9.4 points", or "+0.094". */
export function differenceWithUnit(metric: Metric, difference: number): string {
  return differenceText(metric, difference) + (isShare(metric) ? ' points' : '');
}

/** A margin, which has no sign: "3.0 points". */
export function marginText(metric: Metric, margin: number): string {
  return differenceWithUnit(metric, margin).replace('+', '');
}

/** Low and high end without their unit, for beside a value that has it. */
export function rangeText(metric: Metric, { low, high }: { readonly low: number; readonly high: number }): string {
  const text = (value: number): string =>
    (isShare(metric) ? (value * 100).toFixed(1) : value.toFixed(3)).replace('-', '−');
  return `${text(low)} to ${text(high)}`;
}

/** "95 %". */
export function confidenceText(confidence: number): string {
  return `${Number((confidence * 100).toFixed(1))} %`;
}
