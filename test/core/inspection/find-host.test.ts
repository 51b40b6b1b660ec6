/** How one host is found before any sample is paid for. */
import { describe, expect, it } from 'vitest';
import { findHost, type HostSearch } from '../../../core/inspection/find-host.ts';
import { type NewestPlan, newestPlan } from '../../../core/inspection/newest-plan.ts';
import { savePlan } from '../../../core/inspection/plan-run.ts';
import { createMeter } from '../../../core/inspection/run-summary.ts';
import type { OpenRun } from '../../../core/model/open-run.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { HostListing, PlannedHost } from '../../../core/ports/memory-source.ts';
import { aResource, HOUR, NOON } from '../../fixtures/builders.ts';
import { createMemoryRunStores } from '../../memory/run-stores.ts';
import { aSource, SCOPE } from './world.ts';

const WINDOW = { start: NOON - 100 * HOUR, end: NOON };
const planned = (id: string, group = 'web'): PlannedHost => ({ resource: aResource({ id, group }), entry: id });
const HOSTS = [...Array.from({ length: 30 }, (_, index) => planned(`i-${index + 10}`)), planned('i-other', 'batch')];

/** A region whose lists come page by page: how many pages were requested, and which hosts were chosen. */
function aListing(hosts: readonly PlannedHost[] = HOSTS, fail?: SourceError) {
  const seen = { pages: 0, chosen: [] as string[] };
  const listing: HostListing = {
    lists: ['hosts'],
    async page() {
      seen.pages++;
      if (fail) throw fail;
      return { entries: hosts.map(({ resource }) => resource.id) };
    },
    plan: (listed) => ({
      hosts: hosts.filter(({ resource }) => listed.get('hosts')?.entries.includes(resource.id)),
      readings: listed.get('hosts')?.failure
        ? [{ kind: 'unreadable', scope: SCOPE, reason: 'denied', detail: 'no' }]
        : [],
    }),
    hostsPerRequest: () => 500,
    sourceOf(chosen) {
      seen.chosen = chosen.map(({ resource }) => resource.id);
      return aSource('eu-west-1');
    },
  };
  return { listing, seen };
}

const search = (overrides: Partial<HostSearch> = {}): HostSearch => ({
  source: aSource('eu-west-1'),
  window: WINDOW,
  filters: [],
  host: 'i-12',
  first: new Set(),
  mostSiblings: 12,
  meter: createMeter(),
  ...overrides,
});
const always = new AbortController().signal;

describe('a host', () => {
  it('is chosen with twelve of its group, those with an incident first', async () => {
    const { listing, seen } = aListing();

    const found = await findHost(search({ first: new Set(['i-39', 'i-other']) }), listing, always);

    expect(found).toMatchObject({ kind: 'found', siblingCount: 29, failures: [] });
    expect(seen.chosen).toHaveLength(13);
    expect(seen.chosen.slice(0, 4)).toEqual(['i-12', 'i-39', 'i-10', 'i-11']);
  });

  it('is absent, and what was not listed is stated', async () => {
    const { listing } = aListing(HOSTS, new SourceError('no right', { reason: 'denied', retryable: false }));

    expect(await findHost(search(), listing, always)).toMatchObject({
      kind: 'absent',
      failures: [{ reason: 'denied' }],
    });
  });

  it('is taken from the plan of the newest run, and nothing is listed', async () => {
    const { listing, seen } = aListing([]);

    const found = await findHost(search({ plan: { hosts: HOSTS, isComplete: false } }), listing, always);

    expect(found).toMatchObject({ kind: 'found', siblingCount: null });
    expect([seen.pages, seen.chosen.length]).toEqual([0, 13]);
  });

  it.each([
    ['is not in the plan', { host: 'i-new' }],
    ['is left out by a filter that was added since', { filters: [{ exclude: [{ id: 'i-12' }] }] }],
  ])('is listed where it %s', async (_, overrides) => {
    const { listing, seen } = aListing([...HOSTS, planned('i-new')]);

    await findHost(search({ plan: { hosts: HOSTS, isComplete: true }, ...overrides }), listing, always);

    expect(seen.pages).toBe(1);
  });
});

describe('the plan of the newest run', () => {
  const RUN = { tenant: 'acme', scope: SCOPE, trigger: 'schedule', scheduledTime: NOON - HOUR, request: null } as const;
  const OPEN: OpenRun = {
    run: RUN,
    state: 'closed',
    window: WINDOW,
    runsPerMonth: 720,
    price: null,
    begunAt: NOON,
    progressAt: NOON,
    shards: 2,
    notDue: 0,
    lanes: [],
    spent: { calls: {}, metricsBilled: 0 },
    closingUntil: 0,
  };

  async function planOf(overrides: Partial<OpenRun> = {}, shards = 2): Promise<NewestPlan | undefined> {
    const { openRuns, work } = createMemoryRunStores();
    const halves = [HOSTS.slice(0, 15), HOSTS.slice(15)].slice(0, shards);
    await savePlan(
      RUN,
      halves.map((hosts) => ({ hosts, readings: [] })),
      work,
    );
    await openRuns.put({ ...OPEN, ...overrides }, 0);
    return newestPlan({ tenant: 'acme', scope: SCOPE }, { openRuns, work }, NOON);
  }

  it('has the hosts of all shards', async () => {
    const plan = await planOf();

    expect(plan).toMatchObject({ isComplete: true });
    expect(plan?.hosts.map(({ resource }) => resource.id)).toEqual(HOSTS.map(({ resource }) => resource.id));
  });

  it('is not complete where a shard is gone, or hosts had no turn', async () => {
    expect(await planOf({}, 1)).toMatchObject({ isComplete: false, hosts: { length: 15 } });
    expect(await planOf({ notDue: 3 })).toMatchObject({ isComplete: false });
  });

  it.each([
    ['is listed just now', { state: 'listing' as const, shards: 0 }],
    ['is a day old', { run: { ...RUN, scheduledTime: NOON - 25 * HOUR } }],
  ])('is none where the region %s', async (_, overrides) => {
    expect(await planOf(overrides)).toBeUndefined();
  });
});
