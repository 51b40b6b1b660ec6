import { describe, expect, it } from 'vitest';
import { nearestHosts } from '../../../cli/source/nearest-hosts.ts';
import { createTarget } from '../../../cli/source/targets.ts';
import { admits } from '../../../core/model/host-filter.ts';
import type { Resource } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { MemorySource, ReadRequest } from '../../../core/ports/memory-source.ts';
import { aResource, aSeries, NOON } from '../../fixtures/builders.ts';
import { failing } from '../../fixtures/failing.ts';

/** A source of these hosts that keeps which of them were requested. */
function aSource(hosts: readonly Resource[], requested: string[], price?: MemorySource['price']): MemorySource {
  return {
    scope: { provider: 'aws', account: '111122223333', region: 'eu-west-1' },
    ingestionDelayMs: 0,
    ...(price && { price }),
    async *read({ filters }: ReadRequest) {
      for (const resource of hosts.filter((host) => admits(filters, host))) {
        requested.push(resource.id);
        yield aSeries([0.4], { resource });
      }
    },
  };
}

function nearest(typed: string, source: MemorySource, hostIds?: ReadonlyMap<string, string>) {
  const targets = [createTarget('local', source, {})];
  return nearestHosts(
    typed,
    { targets, scheduledTime: NOON, ...(hostIds && { hostIds }) },
    new AbortController().signal,
  );
}

describe('nearestHosts', () => {
  const hosts = [aResource({ id: 'i-1', name: 'checkout-1' }), aResource({ id: 'i-2', name: 'database-1' })];

  it('knows hosts by their ids and by their names', async () => {
    expect(await nearest('checkout', aSource(hosts, []))).toEqual(['checkout-1']);
    expect(await nearest('i-3', aSource(hosts, []))).toEqual(['i-1', 'i-2']);
  });

  it('reads only what differs by one slip where reading costs money', async () => {
    const requested: string[] = [];
    const source = aSource(hosts, requested, { usdPerMetric: 1, stated: 'one dollar' });

    expect(await nearest('chekout-1', source)).toEqual(['checkout-1']);
    expect(requested).toEqual(['i-1']);
  });

  it('knows the names that somebody else knows', async () => {
    expect(await nearest('chekout-1', aSource([], []), new Map([['checkout-1', 'i-1']]))).toEqual(['checkout-1']);
  });

  it('suggests nothing from what cannot be read', async () => {
    const source: MemorySource = {
      ...aSource(hosts, []),
      read: () => failing(new SourceError('denied', { reason: 'denied', retryable: false })),
    };

    expect(await nearest('checkout-1', source)).toEqual([]);
  });
});
