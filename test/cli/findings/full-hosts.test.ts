import { describe, expect, it } from 'vitest';
import { renderFullHosts } from '../../../cli/findings/full-hosts.ts';
import { plain } from '../../../cli/render/text.ts';
import type { ExhaustedHost } from '../../../core/model/inspected-host.ts';
import { aResource, aSeries, aSteadyVerdict, NOON } from '../../fixtures/builders.ts';

const SHARES = { level: 0.95, highest: 0.98, floorShare: 1, peakShare: 1, recentHours: 6 };

function aFullHost(id: string, rest: Partial<ExhaustedHost['full']> = {}): ExhaustedHost {
  const full = { kind: 'stands_at_the_top', ...SHARES, falls: [], hoursToFull: null, grows: false } as const;
  const series = aSeries(
    Array.from({ length: 400 }, () => 0.95),
    { resource: aResource({ id }) },
  );
  return { kind: 'evaluated', series, verdict: aSteadyVerdict(), full: { ...full, since: NOON, ...rest } };
}

describe('renderFullHosts', () => {
  it('states how often pages are read back from disk, where it is known of any host', () => {
    const thrashing = aFullHost('i-2', { pageFaults: { perSecond: 1204, usual: 2.4, risen: true } });

    const [head, first, second] = renderFullHosts([aFullHost('i-1'), thrashing], { paint: plain }).split('\n');

    expect(head).toMatch(/pages read back$/);
    expect(first).toMatch(/^critical +i-2 .* 1,204\/s, usually 2$/);
    expect(second).toMatch(/^high +i-1 /);
    expect(renderFullHosts([aFullHost('i-1')], { paint: plain })).not.toContain('pages');
  });
});
