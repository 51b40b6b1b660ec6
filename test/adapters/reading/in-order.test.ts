import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../adapters/reading/in-order.ts';

const WINDOW = { start: 0, end: 100 };

function ordered(times: readonly number[], values: readonly number[]): unknown {
  const result = inOrder(times, values, WINDOW);
  return result.kind === 'ordered' ? [...result.times].map((time, index) => [time, result.values[index]]) : result;
}

describe('samples in order', () => {
  it('are returned as they are where they are in order', () => {
    expect(ordered([0, 5, 99], [1, 2, 3])).toEqual([
      [0, 1],
      [5, 2],
      [99, 3],
    ]);
  });

  it('are sorted, without repetitions and without those outside the window', () => {
    expect(ordered([5, -1, 0, 5, 100], [2, 9, 1, 2, 9])).toEqual([
      [0, 1],
      [5, 2],
    ]);
  });

  it('are a contradiction where one time has two values', () => {
    expect(ordered([5, 0, 5], [2, 1, 3])).toEqual({ kind: 'contradiction', time: 5 });
  });

  it('may contradict each other outside the window', () => {
    expect(ordered([-5, -5, 1], [2, 3, 4])).toEqual([[1, 4]]);
  });

  it('are the same for every order of the input', () => {
    const samples = fc.uniqueArray(fc.tuple(fc.integer({ min: -20, max: 120 }), fc.double()), {
      selector: ([time]) => time,
    });
    const shuffled = samples.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );

    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        const sorted = [...list].sort(([a], [b]) => a - b);
        const from = (pairs: readonly (readonly [number, number])[]) =>
          ordered(
            pairs.map(([time]) => time),
            pairs.map(([, value]) => value),
          );

        expect(from(other)).toEqual(from(sorted));
      }),
    );
  });
});
