import { describe, expect, it } from 'vitest';
import { brokenPromise } from '../../../bench/fuzz-promises.ts';
import { hostileSeries } from '../../../bench/fuzz-series.ts';
import { randomFrom } from '../../../bench/random.ts';
import { detect } from '../../../core/detector/detect.ts';

describe('detect on hostile series', () => {
  // A million of them take `npm run fuzz`.
  it('answers 5,000 of them with finite numbers and intervals in order', () => {
    const random = randomFrom(20_000);

    for (let i = 0; i < 5_000; i++) {
      const verdict = detect(hostileSeries(random), { threshold: 0.7 });

      expect(brokenPromise(verdict), `series ${i}`).toBeUndefined();
    }
  });
});
