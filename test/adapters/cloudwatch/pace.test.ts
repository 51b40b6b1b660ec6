/** The library that paces requests reads the clock itself, so that its time is vitest's. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPace, type Pace, paceOf } from '../../../adapters/cloudwatch/pace.ts';

const PAGE = 100_800;
const SIGNAL = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** The points that leave in each second. */
async function pointsBySecond(pace: Pace, points: readonly number[], seconds: number): Promise<number[]> {
  const start = Date.now();
  const sent = Array.from({ length: seconds }, () => 0);
  for (const each of points) {
    void pace(each, SIGNAL).then(() => {
      const second = Math.floor((Date.now() - start) / 1_000);
      if (second < seconds) sent[second] = (sent[second] ?? 0) + each;
    });
  }
  await vi.advanceTimersByTimeAsync(seconds * 1_000);
  return sent;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

describe('the pace of GetMetricData', () => {
  it.each([
    ['all of the rate', 1, 396_000],
    ['half of the rate, for a lane', 0.5, 198_000],
  ])('uses nearly %s, and not more', async (_, share, rate) => {
    const sent = await pointsBySecond(createPace(share), Array(200).fill(PAGE), 20);

    expect(mean(sent)).toBeLessThan(rate);
    expect(mean(sent)).toBeGreaterThan(0.9 * rate);
    // Less than a page more where the seconds fall badly.
    expect(Math.max(...sent)).toBeLessThan(rate + PAGE);
  });

  it('lets the first page leave at once', async () => {
    const [first = 0] = await pointsBySecond(createPace(0.5), [PAGE], 1);

    expect(first).toBe(PAGE);
  });

  it('counts small requests by their points', async () => {
    const sent = await pointsBySecond(createPace(1), Array(200).fill(PAGE / 100), 1);

    expect(sent).toEqual([2 * PAGE]);
  });

  it('lets a request leave that has more points than a page', async () => {
    const sent = await pointsBySecond(createPace(1), [5 * PAGE], 1);

    expect(sent).toEqual([5 * PAGE]);
  });

  it('does not keep a reader waiting whose time is over', async () => {
    const pace = createPace(0.01);
    const stop = new AbortController();
    await pace(PAGE, SIGNAL);
    const outcome = expect(pace(PAGE, stop.signal)).rejects.toBe('over');

    stop.abort('over');

    await outcome;
  });

  it('is one for all sources of an account and region', () => {
    expect(paceOf('111122223333', 'eu-west-1', 0.5)).toBe(paceOf('111122223333', 'eu-west-1', 0.5));
    expect(paceOf('111122223333', 'eu-west-2', 0.5)).not.toBe(paceOf('111122223333', 'eu-west-1', 0.5));
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses the share %d', (share) => {
    expect(() => createPace(share)).toThrow('above 0 and at most 1');
  });
});
