// Inverts a test into an interval: where its statistic takes a critical value.

/** Far below what any verdict shows. */
const tolerance = 1e-13;

/**
 * The hypothesised value at which a statistic that falls as the value grows takes `target`. Gives `from` or `to` when the
 * statistic stays on one side of the target. False position with the Illinois modification, and a bisection at every
 * third step, so that the bracket always shrinks.
 */
export function crossing(statistic: (value: number) => number, target: number, from: number, to: number): number {
  let low = from;
  let high = to;
  let [above, below] = [Number.NaN, Number.NaN];
  let kept: 'low' | 'high' | undefined;
  for (let step = 0; step < 200 && high - low > tolerance; step += 1) {
    const known = Number.isFinite(above) && Number.isFinite(below);
    const falsePosition = (low * below - high * above) / (below - above);
    const usable = known && step % 3 !== 2 && falsePosition > low && falsePosition < high;
    const guess = usable ? falsePosition : (low + high) / 2;
    const excess = statistic(guess) - target;
    if (excess > 0) {
      low = guess;
      above = excess;
      below = kept === 'high' ? below / 2 : below;
      kept = 'high';
    } else {
      high = guess;
      below = excess;
      above = kept === 'low' ? above / 2 : above;
      kept = 'low';
    }
  }
  return (low + high) / 2;
}
