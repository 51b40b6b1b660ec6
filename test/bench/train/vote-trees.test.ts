import { describe, expect, it } from 'vitest';
import { treeLines } from '../../../bench/train/table-text.ts';
import { calibrated, learnTrees, type VoteRow } from '../../../bench/train/vote-trees.ts';
import { modelOf, scoreOf } from '../../../core/detector/boosted-trees.ts';

const NAMED = [
  { name: 'grows', direction: 1 },
  { name: 'noise', direction: 0 },
] as const;

/** Twenty hours of each of sixteen groups; those above a half leak, but in the other group everything does. */
function rows(otherGroup: number): VoteRow[] {
  return Array.from({ length: 320 }, (_, index) => {
    const [grows, group] = [((index * 37) % 101) / 101, index % 16];
    const features = Float64Array.of(grows, ((index * 53) % 89) / 89);
    return { features, isLeak: group === otherGroup || grows > 0.5, weight: 1, group };
  });
}

describe('trees for votes', () => {
  const [usual, other] = [learnTrees(rows(-1), NAMED), learnTrees(rows(3), NAMED)];

  it('rise with a feature that can only speak for a leak', () => {
    const scores = [0.1, 0.45, 0.55, 0.9].map((grows) => scoreOf(usual.model, Float64Array.of(grows, 0.5)));

    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
    expect((scores[3] ?? 0) - (scores[0] ?? 0)).toBeGreaterThan(2);
  });

  it('score a group as if it had not been seen', () => {
    const features = Float64Array.of(0.1, 0.5);

    expect(other.unseen(features, 3)).toBe(usual.unseen(features, 3));
    expect(other.unseen(features, 4)).toBeGreaterThan(usual.unseen(features, 4));
  });

  it('are calibrated at the share of all hours, not of those that were scored', () => {
    const scored = Array.from({ length: 600 }, (_, index) => ({ score: index, leak: index >= 300 }));

    expect(calibrated(scored, 0.12).prior).toBe(0.12);
  });

  it('are written with the names of their features, and read as what they were', () => {
    const { trees } = usual.model;
    const written = treeLines(trees, NAMED).replaceAll("'", '"').trim().replace(/,$/, '');

    const read = modelOf(0, JSON.parse(`[${written}]`), NAMED);
    expect(read.trees.map(({ questions }) => questions)).toEqual(trees.map(({ questions }) => questions));
  });
});
