import { describe, expect, it } from 'vitest';
import { createCatalogues } from '../../../sandbox/aws/cloudwatch/metrics.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import { recordedHosts } from '../../../sandbox/scenario/recorded.ts';
import { everywhereAt, scenarioAt } from '../../../sandbox/scenario/scenario.ts';
import { uniformFleet } from '../../../sandbox/scenario/uniform-fleet.ts';
import { foldPeriods } from '../../../sandbox/statistics.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

const fleet = scenarioAt(NOON);

function named(name: string): Host {
  const host = fleet.hosts.find(({ resource }) => resource.name === name);
  if (host === undefined) throw new Error(`the scenario has no host ${name}`);
  return host;
}

/** Percent at some hours around the fleet's time. */
function percentAt(host: Host, hours: readonly number[]): number[] {
  return hours.map((hour) => host.used(fleet.asOf + hour * HOUR) * 100);
}

describe('the scenario', () => {
  it('has some sixty hosts of two tenants, with every leaking pattern and every state', () => {
    const patterns = new Set(
      fleet.hosts.flatMap(({ expected }) => (expected.state === 'leaking' ? [expected.pattern] : [])),
    );
    const states = new Set(fleet.hosts.map(({ expected }) => expected.state));

    expect(fleet.hosts.length).toBeGreaterThan(55);
    expect(fleet.tenants.map(({ tenant }) => tenant)).toEqual(['harbour', 'orchard']);
    expect([...patterns].sort()).toEqual(['creep', 'exponential', 'linear', 'sawtooth', 'staircase']);
    expect([...states].sort()).toEqual([
      'absent',
      'insufficient_data',
      'leaking',
      'not_monitored',
      'steady',
      'unreadable',
    ]);
  });

  it('puts every host into an account and region of its tenant’s config', () => {
    const configured = fleet.tenants.flatMap(({ tenant, accounts }) =>
      accounts.flatMap(({ account, regions }) => regions.map((region) => `${tenant} ${account} ${region}`)),
    );
    const inhabited = fleet.hosts.map(({ tenant, resource }) => `${tenant} ${resource.account} ${resource.region}`);

    expect(new Set(configured)).toEqual(new Set(inhabited));
    expect(configured.some((location) => location.includes(` ${fleet.refusing[0]} `))).toBe(true);
  });

  it('names every host once', () => {
    const ids = fleet.hosts.map(({ resource }) => resource.id);

    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is the same at any time, to the sample, and floors the time to the hour', () => {
    const later = scenarioAt(NOON + 1000.5 * HOUR);

    expect(later.asOf).toBe(NOON + 1000 * HOUR);
    for (const [index, host] of fleet.hosts.entries()) {
      const hours = [-50, -20.25, -1, -1 / 60];
      const other = later.hosts[index]?.used ?? (() => Number.NaN);
      expect(hours.map((hour) => other(later.asOf + hour * HOUR))).toEqual(
        hours.map((hour) => host.used(fleet.asOf + hour * HOUR)),
      );
    }
  });

  it('has other noise with another seed', () => {
    const other = scenarioAt(NOON, 2).hosts.find(({ resource }) => resource.name === 'checkout-4');
    const difference = (other?.used(NOON) ?? 0) - named('checkout-4').used(NOON);

    expect(difference).not.toBe(0);
    expect(Math.abs(difference)).toBeLessThan(0.02);
  });

  it('keeps memory within what a host can have, for days after its time', () => {
    for (const host of fleet.hosts) {
      for (const percent of percentAt(host, [-100, -30, 0, 24, 72])) {
        expect(percent).toBeGreaterThanOrEqual(0);
        expect(percent).toBeLessThanOrEqual(99);
      }
    }
  });

  it('gives every evaluated host 100 h of history, except those that are younger by their story', () => {
    const evaluated = fleet.hosts.filter(({ expected }) => expected.state === 'leaking' || expected.state === 'steady');
    const young = evaluated
      .filter(({ runs }) => runs.start > fleet.asOf - 100 * HOUR)
      .map(({ resource }) => resource.name);
    const recorded = evaluated.filter(({ story }) => story.startsWith('a real ')).map(({ resource }) => resource.name);

    expect(young).toEqual(['search-3', ...recorded]);
  });

  it('restarts one leaking host after its time, so that it can be seen to recover', () => {
    const [before = 0, after = 0] = percentAt(named('gateway-2'), [1, 2]);

    expect(before).toBeGreaterThan(75);
    expect(after).toBeLessThan(35);
  });
});

describe('the scenario in every cloud and in Prometheus', () => {
  it('has hosts and containers of each provider that has accounts', () => {
    const everywhere = everywhereAt(NOON);
    const harbour = everywhere.tenants.find(({ tenant }) => tenant === 'harbour');

    const providers = (hosts: readonly { readonly provider: string }[]) =>
      new Set(hosts.map(({ provider }) => provider));
    expect(providers(harbour?.accounts ?? [])).toEqual(new Set(['aws', 'gcp', 'azure', 'prometheus']));
    expect(providers(everywhere.hosts.map(({ resource }) => resource))).toEqual(providers(harbour?.accounts ?? []));
    expect(providers(everywhere.pods ?? [])).toEqual(providers(harbour?.accounts ?? []));
  });
});

describe('a recorded host', () => {
  const hosts = recordedHosts({ tenant: 't', account: '333333333333', region: 'eu-west-1', asOf: NOON });

  it('was launched when its recording began and reports two hours beyond the fleet’s time', () => {
    for (const { runs, reports } of hosts) {
      expect(runs.start).toBe(NOON - 22 * HOUR);
      expect(reports.at(-1)?.end).toBe(NOON + 2 * HOUR);
    }
  });

  it('has no sample where the recording has none', () => {
    const stuttering = hosts.find(({ resource }) => resource.name === 'node-daily');
    const minutes = stuttering?.reports.reduce((total, { start, end }) => total + (end - start) / MINUTE, 0);

    expect(stuttering?.reports.length).toBeGreaterThan(1);
    expect(minutes).toBe(1440 - 168);
  });

  it('replays leaks and healthy processes of three runtimes', () => {
    const kinds = new Set(
      hosts.map(({ expected, story }) => `${expected.state} ${/real (\w+) process/.exec(story)?.[1]}`),
    );

    expect([...kinds].sort()).toEqual([
      'leaking java',
      'leaking node',
      'leaking python',
      'steady java',
      'steady node',
      'steady python',
    ]);
  });
});

describe('a uniform fleet', () => {
  it('has the requested number of hosts, some of them leaking', () => {
    const { hosts } = uniformFleet({ hosts: 1200, leaking: 3, asOf: NOON });

    expect(hosts).toHaveLength(1200);
    expect(hosts.filter(({ expected }) => expected.state === 'leaking')).toHaveLength(3);
  });
});

describe('the metrics of a fleet', () => {
  it('are percent, folded from the samples of each minute', () => {
    const host = named('database-1');
    const { metrics } = createCatalogues(fleet)(host.resource.account, host.resource.region ?? '');
    const memory = metrics.find((metric) => metric.host === host && metric.namespace === 'CWAgent');
    if (memory === undefined) throw new Error('the host publishes no memory');

    const { times, values } = foldPeriods(memory, { start: NOON - HOUR, end: NOON }, 15 * MINUTE, 'Minimum');

    expect(times).toEqual([60, 45, 30, 15].map((minutes) => NOON - minutes * MINUTE));
    const minutes = Array.from({ length: 15 }, (_, index) => host.used(NOON - (index + 1) * MINUTE) * 100);
    expect(values.at(-1)).toBe(Math.min(...minutes));
    expect(values.at(-1)).toBeGreaterThan(94);
  });
});
