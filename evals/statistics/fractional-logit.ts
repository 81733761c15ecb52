// Logistic regression of shares, read where every regressor is 0.
import { clusterInterval } from './cluster.ts';
import { tQuantile } from './distributions.ts';

export interface FractionalLogit {
  /** Log odds where the regressors are 0, with their interval. */
  readonly intercept: number;
  readonly low: number;
  readonly high: number;
  /** Change of the log odds for one unit of each regressor. */
  readonly slopes: readonly number[];
}

export interface FractionalLogitData {
  /** One value from 0 to 1 a row. */
  readonly shares: readonly number[];
  /** The regressors, each with one value a row. */
  readonly regressors: readonly (readonly number[])[];
  /** The cluster of each row; at least two different ones. */
  readonly clusters: readonly string[];
}

/**
 * Standard deviations of the normal priors on the log odds. Wide for slopes, narrower for the intercept: when the
 * regressors explain everything, the likelihood leaves the intercept open, and it must not lean on the rest.
 */
const priors = { intercept: 1, slope: 10 } as const;

/**
 * Quasi-likelihood of shares (Papke and Wooldridge 1996, Journal of Applied Econometrics 11:619-632) with weak normal
 * priors. The interval of the intercept uses the larger of two standard errors: the sandwich's, which is valid for shares
 * that are no coin tosses and sums within clusters, and that of the information, which stays wide when the regressors
 * separate the shares and no residual is left. Student's t with one degree of freedom less than clusters.
 */
export function fractionalLogit(data: FractionalLogitData, confidence: number): FractionalLogit {
  const { shares, regressors, clusters } = data;
  if (regressors.some(({ length }) => length !== shares.length)) {
    throw new RangeError('every regressor needs one value for each share');
  }
  if (!shares.every((share) => share >= 0 && share <= 1) || !regressors.flat().every(Number.isFinite)) {
    throw new RangeError('shares must be from 0 to 1, and regressors finite');
  }
  const rows = shares.map((share, row) => ({ share, x: [1, ...regressors.map((column) => column[row] ?? 0)] }));
  const coefficients = maximise(rows, regressors.length + 1);
  const { information } = curvature(rows, coefficients);
  // First row of the inverse information; with a row's score it gives that row's influence on the intercept.
  const first = solve(
    information,
    coefficients.map((_, index) => (index === 0 ? 1 : 0)),
  );
  const influences = rows.map(({ share, x }) => rows.length * (share - logistic(dot(coefficients, x))) * dot(first, x));
  const sandwich = clusterInterval(influences, clusters, confidence);
  const byInformation = tQuantile(1 - (1 - confidence) / 2, sandwich.clusters - 1) * Math.sqrt(first[0] ?? 0);
  const half = Math.max((sandwich.high - sandwich.low) / 2, byInformation);
  const [intercept = Number.NaN, ...slopes] = coefficients;
  return { intercept, low: intercept - half, high: intercept + half, slopes };
}

export function logistic(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

interface Row {
  readonly share: number;
  readonly x: readonly number[];
}

/** Newton's method, halving steps that lead downhill; the penalised likelihood is concave and has one maximum. */
function maximise(rows: readonly Row[], count: number): number[] {
  let coefficients = Array.from({ length: count }, () => 0);
  let reached = penalised(rows, coefficients);
  for (let round = 0; round < 200; round += 1) {
    const { gradient, information } = curvature(rows, coefficients);
    const step = solve(information, gradient);
    let scale = 1;
    let tried = moved(coefficients, step, scale);
    let value = penalised(rows, tried);
    while (value < reached && scale > 1e-10) {
      scale /= 2;
      tried = moved(coefficients, step, scale);
      value = penalised(rows, tried);
    }
    [coefficients, reached] = [tried, value];
    if (step.every((one) => Math.abs(one) * scale < 1e-10)) {
      break;
    }
  }
  return coefficients;
}

function moved(from: readonly number[], step: readonly number[], scale: number): number[] {
  return from.map((value, index) => value + scale * (step[index] ?? 0));
}

function priorOf(index: number): number {
  return index === 0 ? priors.intercept : priors.slope;
}

function penalised(rows: readonly Row[], coefficients: readonly number[]): number {
  const fit = rows.reduce((sum, { share, x }) => {
    const logOdds = dot(coefficients, x);
    // log(1 + e^z) without overflow.
    return sum + share * logOdds - Math.max(0, logOdds) - Math.log1p(Math.exp(-Math.abs(logOdds)));
  }, 0);
  return coefficients.reduce((sum, value, index) => sum - (value / priorOf(index)) ** 2 / 2, fit);
}

/** First derivatives and the negative of the second ones. */
function curvature(rows: readonly Row[], coefficients: readonly number[]) {
  const gradient = coefficients.map((value, index) => -value / priorOf(index) ** 2);
  const information = coefficients.map((_, i) => coefficients.map((__, j) => (i === j ? 1 / priorOf(i) ** 2 : 0)));
  for (const { share, x } of rows) {
    const p = logistic(dot(coefficients, x));
    x.forEach((xi, i) => {
      gradient[i] = (gradient[i] ?? 0) + (share - p) * xi;
      const line = information[i] ?? [];
      x.forEach((xj, j) => {
        line[j] = (line[j] ?? 0) + p * (1 - p) * xi * xj;
      });
    });
  }
  return { gradient, information };
}

/** Solves a positive definite system of a few equations by elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const lines = matrix.map((line, index) => [...line, right[index] ?? 0]);
  lines.forEach((pivot, column) => {
    const divisor = pivot[column] ?? Number.NaN;
    lines.forEach((line, index) => {
      if (index !== column) {
        const factor = (line[column] ?? 0) / divisor;
        pivot.forEach((value, at) => {
          line[at] = (line[at] ?? 0) - factor * value;
        });
      }
    });
  });
  return lines.map((line, index) => (line.at(-1) ?? Number.NaN) / (line[index] ?? Number.NaN));
}

function dot(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}
