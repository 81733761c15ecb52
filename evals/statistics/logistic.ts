// Logistic regression with standard errors, for a handful of predictors.

/** A fit, or the reason why there is none. */
export type LogisticFit =
  | {
      readonly kind: 'fitted';
      readonly coefficients: Float64Array;
      /** Inverse information, row by row. */
      readonly covariance: Float64Array;
      /** Sandwich (HC0) covariance, right also where outcomes lie between 0 and 1 (Papke and Wooldridge 1996). */
      readonly robustCovariance: Float64Array;
    }
  /** A predictor tells all outcomes apart, or is a combination of others: the likelihood has no maximum. */
  | { readonly kind: 'separated' };

const mostSteps = 100;

/**
 * Maximum likelihood by Newton's method (McCullagh and Nelder 1989, section 4.4).
 *
 * @param predictors one array a predictor, the intercept's ones included
 * @param outcomes from 0 to 1; ½ stands for a tie
 */
export function logisticRegression(predictors: readonly Float64Array[], outcomes: ArrayLike<number>): LogisticFit {
  const size = predictors.length;
  const n = outcomes.length;
  if (size === 0 || n === 0 || predictors.some((values) => values.length !== n)) {
    throw new RangeError(`${size} predictors do not fit ${n} outcomes`);
  }
  const coefficients = new Float64Array(size);
  for (let step = 0; step < mostSteps; step += 1) {
    const { gradient, information } = derivatives(predictors, outcomes, coefficients);
    const covariance = inverse(information, size);
    if (covariance === null) {
      return { kind: 'separated' };
    }
    const change = multiply(covariance, gradient, size);
    change.forEach((by, index) => {
      coefficients[index] = (coefficients[index] ?? 0) + by;
    });
    const largest = Math.max(...change.map(Math.abs));
    if (Math.max(...coefficients.map(Math.abs)) > 25) {
      return { kind: 'separated' };
    }
    if (largest < 1e-12) {
      return { kind: 'fitted', coefficients, ...covariances(predictors, outcomes, coefficients) };
    }
  }
  return { kind: 'separated' };
}

function covariances(
  predictors: readonly Float64Array[],
  outcomes: ArrayLike<number>,
  coefficients: Float64Array,
): { covariance: Float64Array; robustCovariance: Float64Array } {
  const size = predictors.length;
  const { information, scores } = derivatives(predictors, outcomes, coefficients);
  const covariance = inverse(information, size) ?? new Float64Array(size * size).fill(Number.NaN);
  const half = product(covariance, scores, size);
  return { covariance, robustCovariance: product(half, covariance, size) };
}

/** Gradient, information, and the sum of squared scores, at given coefficients. */
function derivatives(
  predictors: readonly Float64Array[],
  outcomes: ArrayLike<number>,
  coefficients: Float64Array,
): { gradient: Float64Array; information: Float64Array; scores: Float64Array } {
  const size = predictors.length;
  const gradient = new Float64Array(size);
  const information = new Float64Array(size * size);
  const scores = new Float64Array(size * size);
  const row = new Float64Array(size);
  for (let index = 0; index < outcomes.length; index += 1) {
    let linear = 0;
    for (let j = 0; j < size; j += 1) {
      row[j] = predictors[j]?.[index] ?? Number.NaN;
      linear += (coefficients[j] ?? 0) * (row[j] ?? 0);
    }
    const outcome = outcomes[index] ?? Number.NaN;
    if (!(outcome >= 0 && outcome <= 1) || !Number.isFinite(linear)) {
      throw new RangeError(`row ${index} has the outcome ${outcome}, or a predictor that is not finite`);
    }
    const mean = 1 / (1 + Math.exp(-linear));
    const residual = outcome - mean;
    for (let j = 0; j < size; j += 1) {
      gradient[j] = (gradient[j] ?? 0) + residual * (row[j] ?? 0);
      for (let k = 0; k < size; k += 1) {
        const squared = (row[j] ?? 0) * (row[k] ?? 0);
        information[j * size + k] = (information[j * size + k] ?? 0) + mean * (1 - mean) * squared;
        scores[j * size + k] = (scores[j * size + k] ?? 0) + residual * residual * squared;
      }
    }
  }
  return { gradient, information, scores };
}

/** Inverse of a symmetric positive definite matrix by Gauss and Jordan; null where it has none. */
function inverse(matrix: Float64Array, size: number): Float64Array | null {
  const left = Float64Array.from(matrix);
  const right = new Float64Array(size * size);
  for (let pivot = 0; pivot < size; pivot += 1) {
    right[pivot * size + pivot] = 1;
  }
  for (let pivot = 0; pivot < size; pivot += 1) {
    const diagonal = left[pivot * size + pivot] ?? 0;
    if (!(diagonal > 1e-12 * (matrix[pivot * size + pivot] ?? 0))) {
      return null;
    }
    for (let column = 0; column < size; column += 1) {
      left[pivot * size + column] = (left[pivot * size + column] ?? 0) / diagonal;
      right[pivot * size + column] = (right[pivot * size + column] ?? 0) / diagonal;
    }
    for (let row = 0; row < size; row += 1) {
      const factor = row === pivot ? 0 : (left[row * size + pivot] ?? 0);
      for (let column = 0; column < size; column += 1) {
        left[row * size + column] = (left[row * size + column] ?? 0) - factor * (left[pivot * size + column] ?? 0);
        right[row * size + column] = (right[row * size + column] ?? 0) - factor * (right[pivot * size + column] ?? 0);
      }
    }
  }
  return right;
}

function multiply(matrix: Float64Array, vector: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, row) =>
    vector.reduce((sum, value, column) => sum + (matrix[row * size + column] ?? 0) * value, 0),
  );
}

function product(left: Float64Array, right: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      for (let inner = 0; inner < size; inner += 1) {
        const cell = row * size + column;
        result[cell] = (result[cell] ?? 0) + (left[row * size + inner] ?? 0) * (right[inner * size + column] ?? 0);
      }
    }
  }
  return result;
}
