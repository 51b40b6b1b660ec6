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
/** Parts of a Newton step that are tried. */
const PARTS = Array.from({ length: 20 }, (_, halvings) => 0.5 ** halvings);

/** One weight for each feature (Newton's method; a step that does not lessen the loss is halved). */
export function fitLogistic(examples: readonly Example[]): number[] {
  const count = examples[0]?.features.length ?? 0;
  let weights = Array.from({ length: count }, () => 0);
  let loss = lossOf(examples, weights);
  for (let round = 0; round < ROUNDS; round++) {
    const step = solved(normalEquations(examples, weights));
    const stepped = (part: number) => weights.map((weight, i) => weight + part * (step[i] ?? 0));
    const part = PARTS.find((one) => lossOf(examples, stepped(one)) < loss);
    if (part === undefined) break;
    weights = stepped(part);
    loss = lossOf(examples, weights);
  }
  return weights;
}

function lossOf(examples: readonly Example[], weights: readonly number[]): number {
  const ridge = weights.reduce((sum, weight) => sum + (RIDGE * weight * weight) / 2, 0);
  return examples.reduce((sum, { features, offset, isLeak, weight }) => {
    const odds = features.reduce((all, feature, i) => all + feature * (weights[i] ?? 0), offset);
    return sum + weight * Math.log1p(Math.exp(isLeak ? -odds : odds));
  }, ridge);
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
