import { describe, expect, it } from 'vitest';
import { fieldOf, filterHosts, sortHosts, verdictOf } from '../../console/host-rows.ts';
import { tenantFixtures } from '../fixtures/console/tenants.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const hosts = tenantFixtures(NOW).find(({ tenant }) => tenant === 'acme')?.fleet.hosts ?? [];

describe('a list of hosts', () => {
  it('has what is not known last, in both directions', () => {
    const [first, last] = ['growth', '-growth'].map((sort) => sortHosts(hosts, sort).map(({ growth }) => growth));

    expect(first?.at(-1)).toBeNull();
    expect(last?.at(-1)).toBeNull();
    expect(last?.[0]).toBe(Math.max(...hosts.map(({ growth }) => growth ?? Number.NEGATIVE_INFINITY)));
  });

  it('keeps the order of the API for a sort that it does not know', () => {
    expect(sortHosts(hosts, 'nothing')).toBe(hosts);
  });

  it('finds a text in names, ids and groups, whatever its case', () => {
    const found = filterHosts(hosts, {}, ' SESSION ');

    expect(new Set(found.map(({ group }) => group))).toEqual(new Set(['session-cache']));
  });

  it('shows a suspect as such, and filters by what it shows', () => {
    const suspected = filterHosts(hosts, { verdict: { include: ['suspected'], exclude: [] } }, '');

    expect(suspected.length).toBeGreaterThan(0);
    expect(suspected.every((host) => host.grade === 'suspected' && verdictOf(host) === 'suspected')).toBe(true);
  });

  it('names what a host does not have, so that it can be filtered by', () => {
    const lone = hosts.find(({ group }) => group === null);

    expect(lone && fieldOf(lone, 'group')).toBe('(none)');
  });
});
