import { describe, expect, it } from 'vitest';
import { detect } from '../../../core/detector/detect.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import { MEMORY_UTILIZATION, type Series } from '../../../core/model/series.ts';
import { createCatalogues } from '../../../sandbox/aws/cloudwatch/metrics.ts';
import type { Fleet, Host } from '../../../sandbox/scenario/fleet.ts';
import { scenarioAt } from '../../../sandbox/scenario/scenario.ts';
import { foldPeriods } from '../../../sandbox/statistics.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

/** What hosts publish their memory as. */
const HOST_MEMORY = ['mem_used_percent', 'Memory % Committed Bytes In Use', 'node_memory_utilization'];

const PERIOD = 15 * MINUTE;

/** What an inspection reads of a host: 15-minute minima over the lookback window. */
function seriesOf(fleet: Fleet, host: Host): Series {
  const { metrics } = createCatalogues(fleet)(host.resource.account, host.resource.region ?? '');
  const memory = metrics.find((metric) => metric.host === host && HOST_MEMORY.includes(metric.name));
  if (memory === undefined) throw new Error(`${host.resource.name} publishes no memory`);
  const window = { start: fleet.asOf - DEFAULT_POLICY.lookBackHours * HOUR, end: fleet.asOf };
  const { times, values } = foldPeriods(memory, window, PERIOD, 'Minimum');
  return {
    kind: 'series',
    resource: host.resource,
    metric: MEMORY_UTILIZATION,
    unit: '1',
    statistic: 'minimum',
    window,
    periodMs: PERIOD,
    times: Float64Array.from(times),
    values: Float64Array.from(values, (percent) => percent / 100),
  };
}

describe('the scenario', () => {
  it.each([1, 2, 3])('is evaluated as it expects, whatever its noise (seed %i)', (seed) => {
    const fleet = scenarioAt(NOON, seed);
    const evaluated = fleet.hosts.filter(({ expected }) =>
      ['leaking', 'steady', 'insufficient_data'].includes(expected.state),
    );

    const verdicts = evaluated.map((host) => [host.resource.name, detect(seriesOf(fleet, host), DEFAULT_POLICY).state]);

    expect(verdicts).toEqual(evaluated.map(({ resource, expected }) => [resource.name, expected.state]));
  });
});
