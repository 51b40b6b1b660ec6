import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../../bench/random.ts';
import { advance } from '../../../../core/detector/anomaly/advance.ts';
import { beginState } from '../../../../core/detector/anomaly/learn.ts';
import type { PointSettings } from '../../../../core/detector/anomaly/settings.ts';
import { CPU, MINUTES_5 } from './made-points.ts';

const ERRORS: PointSettings = { ...CPU, upper: null, sparse: true };
const WINDOW = { start: 0, end: 2016 * MINUTES_5 };

/** Points at these periods after the reference. */
function errorsAt(periods: readonly number[], values: readonly number[]) {
  return {
    times: Float64Array.from(periods, (period) => WINDOW.end + period * MINUTES_5),
    values: Float64Array.from(values),
  };
}

function begun(share: number) {
  const random = randomFrom(3);
  const periods = Array.from({ length: 2016 }, (_, i) => i).filter(() => random() < share);
  const times = Float64Array.from(periods, (period) => period * MINUTES_5);
  const state = beginState({ times, values: times.map(() => 1 + Math.floor(3 * random())) }, ERRORS, WINDOW);
  if (state.kind === 'insufficient') throw new Error('the reference is too short');
  return state;
}

describe('a metric that is reported where there is something', () => {
  it('is learned from a window without a single point, as zeros', () => {
    expect(begun(0)).toMatchObject({ learned: 2016, level: 0 });
  });

  it('has an episode where errors come in many periods', () => {
    const periods = Array.from({ length: 20 }, (_, i) => 100 + i);

    const { episodes } = advance(
      begun(0.003),
      errorsAt(
        periods,
        periods.map(() => 40),
      ),
      ERRORS,
    );

    expect(episodes).toMatchObject([{ start: WINDOW.end + 100 * MINUTES_5, goesOn: true }]);
  });

  it('has none where single errors are hours apart', () => {
    const periods = Array.from({ length: 20 }, (_, i) => 50 * i);

    const { episodes } = advance(
      begun(0.003),
      errorsAt(
        periods,
        periods.map(() => 2),
      ),
      ERRORS,
    );

    expect(episodes).toEqual([]);
  });

  it('has ended an episode when the next error comes after a while without one', () => {
    const periods = [...Array.from({ length: 10 }, (_, i) => i), 500];

    const { episodes } = advance(
      begun(0),
      errorsAt(
        periods,
        periods.map(() => 40),
      ),
      ERRORS,
    );

    expect(episodes).toMatchObject([{ goesOn: false, points: 10 }]);
  });

  it('has ended an episode where nothing was read for a while', () => {
    const points = errorsAt([0, 1, 2, 3, 4, 5, 6, 7], [40, 40, 40, 40, 40, 40, 40, 40]);
    const { state, episodes } = advance(begun(0), points, ERRORS);

    const later = advance(state, errorsAt([], []), ERRORS, WINDOW.end + 20 * MINUTES_5);

    expect(episodes).toMatchObject([{ goesOn: true }]);
    expect(later.episodes).toMatchObject([{ goesOn: false, points: 8 }]);
    expect(later.state.last).toBe(WINDOW.end + 19 * MINUTES_5);
  });

  it('comes to the same state however its points are divided', () => {
    const points = errorsAt([0, 1, 2, 3, 4, 5, 6, 7, 300, 301], [40, 40, 40, 40, 40, 40, 40, 40, 2, 1]);
    const end = WINDOW.end + 400 * MINUTES_5;
    const once = advance(begun(0.003), points, ERRORS, end);

    let state = begun(0.003);
    for (let until = WINDOW.end + MINUTES_5; until <= end; until += MINUTES_5) {
      const some = points.times.filter((time) => time < until);
      state = advance(state, { times: some, values: points.values }, ERRORS, until).state;
    }

    expect(state).toEqual(once.state);
  });
});
