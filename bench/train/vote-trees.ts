/** Trees for the votes of siblings and consumers: from hours of generated hosts to a table, and to scores of hosts that it has not seen. */
import { type Model, scoreOf } from '../../core/detector/boosted-trees.ts';
import type { Calibration } from '../../core/detector/confidence.ts';
import { boost, type Direction, type Recipe } from './boost.ts';
import { calibrate, type Scored } from './calibrate.ts';
import { inOneLine, rounded, treeLines } from './table-text.ts';

export interface VoteRow {
  readonly features: Float64Array;
  readonly isLeak: boolean;
  readonly weight: number;
  /** Of siblings, as a number: their hours resemble each other. */
  readonly group: number;
}

export type VoteFeatures = readonly { readonly name: string; readonly direction: Direction }[];

const RECIPE: Recipe = {
  trees: 100,
  rate: 0.12,
  damping: 10,
  leastWeight: 60,
  featureShare: 0.6,
  groupShare: 0.5,
  seed: 1,
};

/** Folds for scores that trees give to groups which they have not seen. */
const FOLDS = 4;

export interface VoteTrees {
  readonly model: Model;
  /** The score of features of a group, by trees that were learned without it. */
  unseen(features: Float64Array, group: number): number;
}

export function learnTrees(rows: readonly VoteRow[], named: VoteFeatures): VoteTrees {
  const folds = Array.from({ length: FOLDS }, (_, fold) =>
    fitted(
      rows.filter(({ group }) => group % FOLDS !== fold),
      named,
    ),
  );
  const model = fitted(rows, named);
  return { model, unseen: (features, group) => scoreOf(folds[group % FOLDS] ?? model, features) };
}

function fitted(rows: readonly VoteRow[], named: VoteFeatures): Model {
  const mean = rows.reduce((sum, { weight }) => sum + weight, 0) / rows.length;
  return boost(
    {
      columns: named.map((_, feature) => Float64Array.from(rows, ({ features }) => features[feature] ?? Number.NaN)),
      labels: Uint8Array.from(rows, ({ isLeak }) => (isLeak ? 1 : 0)),
      // Mean weight one, so that damping and least weights mean the same for any number of rows.
      weights: Float64Array.from(rows, ({ weight }) => weight / mean),
      groups: Uint32Array.from(rows, ({ group }) => group),
    },
    named.map(({ direction }) => direction),
    RECIPE,
  );
}

/** @param share Of leaking hours on all hosts: those that are scored were chosen because they may leak. */
export function calibrated(scored: readonly Scored[], share: number): Calibration {
  return { ...calibrate(scored), prior: rounded(share) };
}

/** The source of a table. @param name The first word of its constants. */
export function tableText(name: string, { model }: VoteTrees, named: VoteFeatures, calibration: Calibration): string {
  return `// biome-ignore-all format: one tree a line
import type { TreeRow } from './boosted-trees.ts';
import type { Calibration } from './confidence.ts';

export const ${name}_CALIBRATION: Calibration = ${inOneLine(calibration)};

export const ${name}_BASE = ${rounded(model.base)};

export const ${name}_TREES: readonly TreeRow[] = [
${treeLines(model.trees, named)}
];
`;
}
