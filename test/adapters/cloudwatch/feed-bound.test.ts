/** A feed whose series are more than it may have is not read: they are counted by what the listing shows. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../../adapters/cloudwatch/inventory.ts';
import { paceOf } from '../../../adapters/cloudwatch/pace.ts';
import { feedTargets } from '../../../adapters/cloudwatch/points/feeds.ts';
import type { PointsAccess } from '../../../adapters/cloudwatch/points/hosts.ts';
import { createRetries } from '../../../adapters/reading/retry.ts';
import { createMeter } from '../../../core/inspection/run-summary.ts';
import type { PointFeed, PointMetric } from '../../../core/model/points.ts';

const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
const METRIC: PointMetric = {
  ...{ name: 'own.requests', unit: '1', label: 'requests', direction: 'up', lower: 0, upper: null },
  ...{ statistic: 'sum', sparse: false, fills: false },
};

const NO_HOSTS: Inventory = {
  ...{ reporting: [], gone: [], notReporting: [], malformed: [], unrecognised: [] },
  ...{ hostsTruncated: undefined, metricsTruncated: undefined },
};

/** What is planned of so many services with two paths each. */
async function planned(feed: Partial<PointFeed>, services = 3) {
  const metrics = Array.from({ length: 2 * services }, (_, i) => ({
    metric: { Namespace: 'Shop', MetricName: 'Requests' },
    dimensions: [
      { Name: 'Service', Value: `service-${i >> 1}` },
      { Name: 'Path', Value: `/${i % 2}` },
    ],
  }));
  const setsOf: PointsAccess['setsOf'] = async () => ({ kind: 'listed', metrics, malformed: [], truncated: undefined });
  const client = new CloudWatchClient({ region: SCOPE.region });
  const { signal } = new AbortController();
  const context = {
    client,
    signal,
    meter: createMeter(),
    retries: createRetries(),
    pace: paceOf(SCOPE.account, SCOPE.region, 1),
  };
  const wanted = [{ exclude: [{ id: 'service-2' }] }];
  const own = { query: 'Shop', entity: ['Service'], parents: [], children: [], column: 'Requests', ...feed };
  return feedTargets(context, { scope: SCOPE, setsOf }, { ...METRIC, feed: own }, NO_HOSTS, wanted);
}

describe('the bound of a feed', () => {
  it('counts every set of dimensions of the hosts that are wanted', async () => {
    const { targets, readings } = await planned({ mostSeries: 4 });

    expect([targets.length, readings]).toEqual([2, []]);
  });

  it('is stated with the count, the price and what to do, and nothing is requested, where there are more', async () => {
    const { targets, readings } = await planned({ mostSeries: 3 });

    expect(targets).toEqual([]);
    expect(readings).toEqual([
      {
        kind: 'unreadable',
        scope: SCOPE,
        metric: 'own.requests',
        reason: 'truncated',
        detail:
          'own.requests is 4 sets of dimensions of Requests in Shop, $0.00004 an inspection, and its feed has a bound of 3 (mostSeries): none was ' +
          'read. Narrow the job by `hosts`, name another `query` or `entity`, or raise `mostSeries`',
      },
    ]);
  });

  it('is none of a feed without one', async () => {
    expect((await planned({}, 300)).targets).toHaveLength(299);
  });
});
