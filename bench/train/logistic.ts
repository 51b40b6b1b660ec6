/** Logistic regression with an offset: what features add to log-odds that are known. */
import { sigmoid } from '../../core/detector/confidence.ts';

export interface Example {
  readonly features: readonly number[];
  /** Log-odds that are known without the features. */
  readonly offset: number;
  readonly isLeak: boolean;
  readonly weight: number;
}

const ROUNDS = 30;
/** Keeps weights small that no example needs. */
const RIDGE = 1;
/** A Newton step is no longer. */
const LONGEST_STEP = 2;

/** One weight for each feature (Newton's method). */
export function fitLogistic(examples: readonly Example[]): number[] {
  const count = examples[0]?.features.length ?? 0;
  let weights = Array.from({ length: count }, () => 0);
  for (let round = 0; round < ROUNDS; round++) {
    const step = solved(normalEquations(examples, weights));
    weights = weights.map((weight, i) => weight + Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, step[i] ?? 0)));
  }
  return weights;
}

/** One row for each weight: the curvature of the loss, and its gradient last. */
function normalEquations(examples: readonly Example[], weights: readonly number[]): number[][] {
  const rows = weights.map((weight, i) => [...weights.map((_, j) => (i === j ? RIDGE : 0)), -RIDGE * weight]);
  for (const { features, offset, isLeak, weight } of examples) {
    const p = sigmoid(features.reduce((sum, feature, i) => sum + feature * (weights[i] ?? 0), offset));
    for (const [i, row] of rows.entries()) {
      const feature = features[i] ?? 0;
      for (const [j, other] of features.entries()) row[j] = (row[j] ?? 0) + weight * p * (1 - p) * feature * other;
      row[features.length] = (row[features.length] ?? 0) + weight * ((isLeak ? 1 : 0) - p) * feature;
    }
  }
  return rows;
}

/** Gauss and Jordan, with the greatest pivot of each column. */
function solved(rows: number[][]): number[] {
  for (let column = 0; column < rows.length; column++) {
    const below = rows.slice(column).sort((a, b) => Math.abs(b[column] ?? 0) - Math.abs(a[column] ?? 0));
    rows.splice(column, below.length, ...below);
    const pivot = rows[column] ?? [];
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1);
      for (let k = column; k < row.length; k++) row[k] = (row[k] ?? 0) - factor * (pivot[k] ?? 0);
    }
  }
  return rows.map((row, i) => (row.at(-1) ?? 0) / (row[i] ?? 1));
}
