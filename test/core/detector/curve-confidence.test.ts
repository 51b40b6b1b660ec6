import { describe, expect, it } from 'vitest';
import { detect } from '../../../core/detector/detect.ts';
import { seriesOf } from './shapes.ts';

const POLICY = { threshold: 0.7 };
const stateOf = (shape: (hour: number) => number) => detect(seriesOf(shape), POLICY).state;
/** Grows by half a point an hour from the 50th hour on, until so many hours before the end. */
const stopped = (hours: number) => (hour: number) => 40 + 0.5 * Math.max(0, Math.min(hour, 100 - hours) - 50);

describe('an earlier finding', () => {
  it('is upheld while the growth pauses for an evening', () => {
    expect([0, 4, 8].map((hours) => stateOf(stopped(hours)))).toEqual(['leaking', 'leaking', 'leaking']);
  });

  it('falls when the memory has stood still for a day', () => {
    expect([24, 30].map((hours) => stateOf(stopped(hours)))).toEqual(['steady', 'steady']);
  });

  it('falls at once when the memory is given back', () => {
    const givenBack = (hour: number) => (hour < 98 ? stopped(2)(hour) : 45);

    expect(stateOf(stopped(2))).toBe('leaking');
    expect(stateOf(givenBack)).toBe('steady');
  });
});
