// Inverts a test into an interval: where its statistic takes a critical value.

/** Far below what any verdict shows. */
const tolerance = 1e-12;

/**
 * The hypothesised value at which a statistic that falls as the value grows takes `target`. Gives `from` or `to` when the
 * statistic stays on one side of the target. Inverse quadratic interpolation where it is safe, else bisection
 * (Chandrupatla 1997, doi:10.1016/S0965-9978(96)00051-8); the statistic is never asked at the ends themselves.
 */
export function crossing(statistic: (value: number) => number, target: number, from: number, to: number): number {
  // The newest guess, the one across the root from it, and the one before.
  let [guess, across, before] = [to, from, from];
  let [atGuess, atAcross, atBefore] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN];
  let share = 0.5;
  for (let step = 0; step < 200 && Math.abs(across - guess) > tolerance; step += 1) {
    const next = guess + share * (across - guess);
    const atNext = statistic(next) - target;
    if (atNext > 0 === atGuess > 0) {
      [before, atBefore] = [guess, atGuess];
    } else {
      [before, atBefore] = [across, atAcross];
      [across, atAcross] = [guess, atGuess];
    }
    [guess, atGuess] = [next, atNext];
    if (atNext === 0) {
      return next;
    }
    share = interpolated(guess, across, before, atGuess, atAcross, atBefore);
    const smallest = (0.5 * tolerance) / Math.abs(across - guess);
    share = Math.min(1 - smallest, Math.max(smallest, share));
  }
  return Math.abs(atGuess) < Math.abs(atAcross) ? guess : (guess + across) / 2;
}

/** How far to go from the guess across the root, as a share of the bracket; a half where interpolation is not safe. */
function interpolated(a: number, b: number, c: number, atA: number, atB: number, atC: number): number {
  const place = (a - b) / (c - b);
  const value = (atA - atB) / (atC - atB);
  if (!(value * value < place && (1 - value) * (1 - value) < 1 - place)) {
    return 0.5;
  }
  const first = (atA / (atB - atA)) * (atC / (atB - atC));
  const second = ((c - a) / (b - a)) * (atA / (atC - atA)) * (atB / (atC - atB));
  return Number.isFinite(first + second) ? first + second : 0.5;
}
