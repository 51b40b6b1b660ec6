import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../bench/random.ts';
import { boost, type Examples, type Recipe } from '../../../bench/train/boost.ts';
import { scoreOf, type Tree } from '../../../core/detector/boosted-trees.ts';

const RECIPE: Recipe = {
  trees: 40,
  rate: 0.2,
  damping: 1,
  leastWeight: 5,
  featureShare: 1,
  groupShare: 0.8,
  seed: 1,
};

/** Leaks where the first value is high and the second is low; the third is noise. */
function examples(count: number): Examples & { readonly rows: readonly Float64Array[] } {
  const random = randomFrom(7);
  const rows = Array.from({ length: count }, () => Float64Array.of(random(), random(), random()));
  const leaks = rows.map(([a = 0, b = 0]) => a > 0.6 && b < 0.5);
  // One leak in twenty is labelled wrongly.
  const labels = Uint8Array.from(leaks, (leak) => Number(random() < 0.05 ? !leak : leak));
  return {
    rows,
    columns: [0, 1, 2].map((feature) => Float64Array.from(rows, (row) => row[feature] ?? 0)),
    labels,
    weights: new Float64Array(count).fill(1),
    groups: Uint32Array.from(rows.keys(), (index) => index % 20),
  };
}

const score = ({ base, trees }: { base: number; trees: Tree[] }, row: Float64Array) => scoreOf({ base, trees }, row);

describe('boost', () => {
  const given = examples(2000);

  it('finds what separates leaks from healthy windows', () => {
    const model = boost(given, [1, -1, 1], RECIPE);

    const right = given.rows.filter((row, index) => score(model, row) > 0 === (given.labels[index] === 1)).length;
    expect(right / given.rows.length).toBeGreaterThan(0.93);
  });

  it('never finds a leak less likely where a feature speaks more for one', () => {
    const directions = [1, -1, 1] as const;
    const model = boost(given, directions, RECIPE);

    for (const row of given.rows.slice(0, 200)) {
      for (const [feature, direction] of directions.entries()) {
        const more = row.with(feature, (row[feature] ?? 0) + 0.3 * direction);
        expect(score(model, more)).toBeGreaterThanOrEqual(score(model, row));
      }
    }
  });

  it('refuses to learn a feature the wrong way round', () => {
    const model = boost(given, [-1, 1, 1], RECIPE);

    const [requested] = given.rows;
    if (requested === undefined) throw new Error('no rows');
    expect(score(model, Float64Array.of(0.9, 0.1, 0.5))).toBeCloseTo(score(model, Float64Array.of(0.1, 0.9, 0.5)), 1);
  });

  it('finds a middle range of a feature that is not monotone', () => {
    const middling = Uint8Array.from(given.rows, ([, , c = 0]) => Number(c > 0.4 && c < 0.6));
    const band = { ...given, labels: middling };
    const at = (model: { base: number; trees: Tree[] }, c: number) => score(model, Float64Array.of(0.5, 0.5, c));

    const free = boost(band, [1, -1, 0], RECIPE);
    const bound = boost(band, [1, -1, 1], RECIPE);

    expect(at(free, 0.5)).toBeGreaterThan(at(free, 0.1) + 2);
    expect(at(free, 0.5)).toBeGreaterThan(at(free, 0.9) + 2);
    expect(at(bound, 0.9)).toBeGreaterThanOrEqual(at(bound, 0.5));
  });

  it('asks three questions in a row', () => {
    const { trees } = boost(given, [1, -1, 1], RECIPE);

    for (const { questions, values } of trees) expect([questions.length, values.length]).toEqual([7, 8]);
  });

  it('learns the same from the same examples, and something else with another seed', () => {
    expect(boost(given, [1, -1, 1], RECIPE)).toEqual(boost(given, [1, -1, 1], RECIPE));
    expect(boost(given, [1, -1, 1], { ...RECIPE, seed: 2 })).not.toEqual(boost(given, [1, -1, 1], RECIPE));
  });

  it('sends unknown values to the side on which they are found', () => {
    const unknown = Float64Array.from(given.columns[0] ?? [], (value, index) =>
      given.labels[index] === 1 && index % 2 === 0 ? Number.NaN : value,
    );
    const model = boost({ ...given, columns: [unknown, ...given.columns.slice(1)] }, [1, -1, 1], RECIPE);

    expect(score(model, Float64Array.of(Number.NaN, 0.2, 0.5))).toBeGreaterThan(0);
  });
});
