import { describe, expect, it } from 'vitest';
import { detect } from '../../../core/detector/detect.ts';
import { versionOf } from '../../../core/model/host-version.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import { MEMORY_UTILIZATION, type Series } from '../../../core/model/series.ts';
import { consumersOf } from '../../../sandbox/scenario/consumers.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import { livingFleetAt } from '../../../sandbox/scenario/living.ts';
import { SHOWN_FIRST } from '../../../sandbox/scenario/living-hosts.ts';
import { foldPeriods } from '../../../sandbox/statistics.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

const PERIOD = 15 * MINUTE;

const fleet = livingFleetAt(NOON);

function named(name: string, of = fleet): Host {
  const host = of.hosts.find(({ resource }) => resource.name === name);
  if (host === undefined) throw new Error(`the fleet has no host ${name}`);
  return host;
}

/** What an inspection reads of a host at an hour of the fleet: 15-minute minima over the lookback window. */
function seriesOf(host: Host, hour: number): Series {
  const end = fleet.asOf + hour * HOUR;
  const window = { start: end - DEFAULT_POLICY.lookBackHours * HOUR, end };
  const memory = { cadenceMs: MINUTE, published: host.reports, value: host.used };
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
    values: Float64Array.from(values),
  };
}

function stateAt(host: Host, hour: number): string {
  return detect(seriesOf(host, hour), DEFAULT_POLICY).state;
}

describe('the living fleet', () => {
  it('has some fifty hosts of two tenants in three clouds, and every state that a host can be in', () => {
    const states = new Set(fleet.hosts.map(({ expected }) => expected.state));

    expect(fleet.hosts.length).toBeGreaterThanOrEqual(40);
    expect(fleet.hosts.length).toBeLessThanOrEqual(80);
    expect(new Set(fleet.hosts.map(({ resource }) => resource.provider))).toEqual(new Set(['aws', 'gcp', 'azure']));
    expect(fleet.tenants.map(({ tenant }) => tenant)).toEqual(['harbour', 'orchard']);
    expect([...states].sort()).toEqual(['absent', 'leaking', 'not_monitored', 'steady', 'unreadable']);
  });

  it.each([1, 2])('is evaluated as it expects at its time, whatever its noise (seed %i)', (seed) => {
    const hosts = livingFleetAt(NOON, seed).hosts.filter(({ expected }) =>
      ['leaking', 'steady'].includes(expected.state),
    );
    // Nobody can read them.
    const readable = hosts.filter(({ resource }) => !fleet.refusing.includes(resource.account));

    const states = readable.map((host) => [host.resource.name, stateAt(host, 0)]);

    expect(states).toEqual(readable.map(({ resource, expected }) => [resource.name, expected.state]));
  });

  it('names every host once, and puts it into an account and region of its tenant’s config', () => {
    const ids = fleet.hosts.map(({ resource }) => resource.id);
    const configured = fleet.tenants.flatMap(({ tenant, accounts }) =>
      accounts.flatMap(({ account, regions }) => regions.map((region) => `${tenant} ${account} ${region}`)),
    );

    expect(new Set(ids).size).toBe(ids.length);
    expect(
      new Set(fleet.hosts.map(({ tenant, resource }) => `${tenant} ${resource.account} ${resource.region}`)),
    ).toEqual(new Set(configured));
  });

  it('grows where its top consumer grows', () => {
    const host = named(SHOWN_FIRST.host);
    const [top, ...others] = consumersOf(host);
    const rise = (bytes: (time: number) => number) => bytes(fleet.asOf) - bytes(fleet.asOf - 24 * HOUR);

    expect(top?.name).toBe(SHOWN_FIRST.topConsumer);
    expect(rise(top?.bytes ?? (() => 0))).toBeGreaterThan(
      (10 * Math.max(...others.map(({ bytes }) => rise(bytes)))) / 2,
    );
  });

  it('kills what fills a host, which then fills again, for weeks', () => {
    const host = named('search-1');
    const levels = Array.from({ length: 21 * 24 }, (_, hour) => host.used(fleet.asOf + hour * HOUR));
    const falls = levels.filter((level, index) => level < (levels[index - 1] ?? 0) - 0.3);

    expect(falls.length).toBeGreaterThan(14);
    expect(Math.max(...levels)).toBeGreaterThan(0.94);
  });

  it('has a version that leaks on each of its hosts, and one that leaks on none', () => {
    const group = fleet.hosts.filter(({ resource, runs }) => resource.group === 'payments' && runs.start < fleet.asOf);
    const versions = Map.groupBy(group, ({ resource }) => versionOf(resource));
    const growing = [...versions].map(([version, hosts]) => [
      version,
      hosts.filter((host) => stateAt(host, 0) === 'leaking').length,
      hosts.length,
    ]);

    expect(growing).toEqual([
      ['v2.31', 4, 4],
      ['v2.30', 0, 9],
    ]);
  });

  it('is cured by the deployments that it states', () => {
    const cart = fleet.deployments.find(({ group }) => group === 'cart-gc');
    const portal = fleet.deployments.find(({ group }) => group === 'portal-az');

    expect(stateAt(named('cart-gc-1'), ((cart?.at ?? 0) - fleet.asOf) / HOUR)).toBe('leaking');
    expect(stateAt(named('portal-az-1'), ((portal?.at ?? 0) - fleet.asOf) / HOUR)).toBe('leaking');
    expect(stateAt(named('portal-az-1'), ((portal?.at ?? 0) - fleet.asOf) / HOUR + 12)).toBe('steady');
  });

  it('replaces the hosts of a version that is rolled back', () => {
    const rollback = fleet.deployments.at(-1);
    const running = fleet.hosts.filter(
      ({ resource, runs }) =>
        resource.group === 'payments' && runs.start <= (rollback?.at ?? 0) && runs.end > (rollback?.at ?? 0),
    );

    expect(running).toHaveLength(13);
    expect(new Set(running.map(({ resource }) => versionOf(resource)))).toEqual(new Set(['v2.30']));
  });

  it('is the same at any time, to the sample, and has other noise with another seed', () => {
    const later = livingFleetAt(NOON + 1000.5 * HOUR);
    const other = livingFleetAt(NOON, 2);
    const used = (of: typeof fleet, hour: number) => named('web-1', of).used(of.asOf + hour * HOUR);

    expect(used(later, -3)).toBe(used(fleet, -3));
    expect(used(other, -3)).not.toBe(used(fleet, -3));
  });
});
