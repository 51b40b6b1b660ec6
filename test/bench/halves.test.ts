import { describe, expect, it } from 'vitest';
import { type Half, halvesOf, hostsOf } from '../../bench/halves.ts';
import { randomFrom } from '../../bench/random.ts';
import { aBenchSeries } from './bench-series.ts';

/** Series of one to three of forty hosts. */
const SERIES = Array.from({ length: 120 }, (_, index) => {
  const random = randomFrom(index);
  const hosts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => `vm${Math.floor(random() * 40)}`);
  return aBenchSeries({ id: `made/${index}`, base: hosts.join('+') });
});

const halfOf = halvesOf(SERIES);

function hostsIn(half: Half): string[] {
  return SERIES.filter((one) => halfOf(one) === half).flatMap(hostsOf);
}

describe('the halves', () => {
  it('share no host', () => {
    const tuning = new Set(hostsIn('tuning'));

    const shared = hostsIn('held back').filter((host) => tuning.has(host));

    expect(shared).toEqual([]);
  });

  it('leave out what was made of hosts of both', () => {
    const [first = '', second = ''] = [hostsIn('tuning')[0], hostsIn('held back')[0]];

    expect(halfOf(aBenchSeries({ base: `${first}+${second}` }))).toBe('mixed');
  });

  it('are of like size', () => {
    const sizeOf = (half: Half) => SERIES.filter((one) => halfOf(one) === half).length;

    expect(Math.min(sizeOf('tuning'), sizeOf('held back'))).toBeGreaterThan(20);
    expect(sizeOf('tuning') / sizeOf('held back')).toBeGreaterThan(0.8);
    expect(sizeOf('tuning') / sizeOf('held back')).toBeLessThan(1.25);
  });

  it('are the same whatever the order of the series', () => {
    const again = halvesOf(SERIES.toReversed());

    expect(SERIES.map(again)).toEqual(SERIES.map(halfOf));
  });

  it('deal a host that they have not seen by its name', () => {
    const unseen = aBenchSeries({ base: 'a-new-host' });

    expect(halvesOf([])(unseen)).toBe(halfOf(unseen));
  });

  it('know a machine under both of its names', () => {
    const hosts = ['bitbrains/vm7', 'bitbrains_long/vm7', 'vm7+vm7'].map((base) => hostsOf(aBenchSeries({ base })));

    expect(hosts).toEqual([['vm7'], ['vm7'], ['vm7']]);
  });
});
