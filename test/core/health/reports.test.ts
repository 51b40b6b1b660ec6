/** The digest and the summary of a shadow, as watch publishes them. */
import { describe, expect, it } from 'vitest';
import { type WatchPorts, watchTenants } from '../../../core/health/watch.ts';
import { digestLines } from '../../../core/messages/digest-email.ts';
import { watchStateSchema } from '../../../core/model/health.ts';
import { type Incident, incidentId } from '../../../core/model/incident.ts';
import type { IncidentEvent } from '../../../core/model/incident-event.ts';
import type { Label, Mute } from '../../../core/model/mute.ts';
import { type ServiceEvent, serviceEventSchema } from '../../../core/model/service-event.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import { aDecision, aLabel, aScopeHealth, aTenantConfig, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { createMemoryPublisher } from '../../memory/messaging.ts';
import {
  createMemoryConfigStore,
  createMemoryEventLog,
  createMemoryHealthStore,
  createMemoryIncidentList,
  createMemoryIncidentStore,
  createMemorySpendStore,
  createMemoryTenantItems,
} from '../../memory/stores.ts';
import { alertsOf, anItem } from '../incidents/policy/changes.ts';

const DAY = 24 * HOUR;
const DIGEST = alertsOf({ digest: { every: 'day', at: '12:00' } });

/** A tenant that was configured a day before noon. */
async function aWorld(alerts: unknown, overrides: Partial<WatchPorts> = {}) {
  const [configs, health, publisher] = [createMemoryConfigStore(), createMemoryHealthStore(), createMemoryPublisher()];
  const [incidents, log, mutes, labels] = [
    createMemoryIncidentStore(),
    createMemoryEventLog(),
    createMemoryTenantItems<Mute>(),
    createMemoryTenantItems<Label>(),
  ];
  await configs.put(aTenantConfig({ alerts }), 0, 'external', NOON - DAY);
  await health.put(aScopeHealth({ spent: { month: '2026-11', usd: 60, usdPerHost: 0, hosts: 1, watched: 1 } }), 0);
  await publisher.ensureTopic('acme');
  const incidentList = createMemoryIncidentList(incidents);
  const spend = createMemorySpendStore();
  const reads = { incidentList, log, mutes, labels };
  const jobs = { remind: async () => 0, failingJobs: async () => ({ failing: [], paused: [] }) };
  const ports = { configs, health, spend, ...reads, ...jobs, publisher, ...overrides };
  return { ...ports, incidents, log, mutes, labels, publisher };
}

type World = Awaited<ReturnType<typeof aWorld>>;

function digestText({ data }: ServiceEvent): string {
  return data.kind === 'digest' ? digestLines(data).join('\n') : '';
}

const watchAt = (world: World, after: number) => watchTenants(world, { now: NOON + after, remainingMs: () => 300_000 });

function published({ publisher }: World, kind: 'digest' | 'shadow_summary') {
  const events = publisher.serviceEvents.get('acme') ?? [];
  return events.filter(({ data }) => data.kind === kind).map((event) => serviceEventSchema.parse(event));
}

function anIncident(id: string, overrides: Partial<Incident> = {}): Incident {
  const at = overrides.endedAt ?? overrides.openedAt ?? NOON - 2 * HOUR;
  const { incident } = anItem({ host: { id } });
  return { ...incident, status: 'open', openedAt: at, endedAt: null, lastChangeAt: at, undecided: [], ...overrides };
}

async function putEntry({ log }: World, id: string, entry: Partial<Extract<IncidentEvent, { kind: 'change' }>> = {}) {
  const { incident, change } = anItem({ host: { id }, change: { at: entry.at ?? NOON - 2 * HOUR } });
  const { resource } = incident;
  const decision = {
    outcome: 'held' as const,
    stage: 'mute' as const,
    reason: `muted: ${id}`,
    page: false,
    receivers: [],
    until: null,
    fleet: null,
    runbook: null,
  };
  const facts = { tenant: 'acme', incident: id, at: change.at, host: resource, change, decision };
  await log.put({ kind: 'change', id: `${id}/1`, ...facts, ...entry });
  return decision;
}

async function putPutOff({ log }: World, id: string) {
  const { incident, change } = anItem({ host: { id }, change: { at: NOON - 3 * HOUR } });
  const decision = aDecision({ outcome: 'put_off', stage: 'quiet_hours', reason: 'quiet hours', until: NOON });
  const facts = { tenant: 'acme', incident: id, at: NOON - 2 * HOUR, host: incident.resource, change, decision };
  await log.put({ kind: 'put_off', id: `${id}/1/put_off`, ...facts });
}

describe('a digest', () => {
  it('states what is open, new, recovered and muted, what was held back or put off, coverage and cost', async () => {
    const world = await aWorld(DIGEST);
    await world.incidents.put(anIncident('i-old', { openedAt: NOON - 3 * DAY, severity: 'critical' }), 0);
    const named = anIncident('i-new');
    await world.incidents.put({ ...named, resource: { ...named.resource, name: 'web-7' } }, 0);
    await world.incidents.put(
      anIncident('i-over', { status: 'watched', openedAt: NOON - 2 * DAY, endedAt: NOON - 5 * HOUR }),
      0,
    );
    await world.incidents.put(anIncident('i-late', { openedAt: NOON - HOUR / 2 }), 0);
    await putEntry(world, 'i-1');
    await putEntry(world, 'i-2', { at: NOON - 3 * HOUR });
    await putEntry(world, 'i-before', { at: NOON - 30 * HOUR });
    await putPutOff(world, 'i-3');
    const mute = { tenant: 'acme', by: 'ops', at: NOON - DAY };
    await world.mutes.put({ ...mute, id: 'm-1', subject: { group: 'web*' }, reason: 'known', until: NOON + DAY });
    const incident = incidentId(named.key, named.episode);
    await world.mutes.put({ ...mute, id: 'm-3', subject: { incident }, reason: 'new', until: NOON + 2 * DAY });
    await world.mutes.put({ ...mute, id: 'm-2', subject: { group: 'old' }, reason: 'over', until: NOON - HOUR });

    const { failures } = await watchAt(world, 5 * MINUTE);

    expect(failures).toEqual([]);
    const [event] = published(world, 'digest');
    expect(event).toMatchObject({ id: 'acme/digest/2026-11-20T11:00:00.000Z', type: 'plimsoll.digest' });
    expect(event?.data).toMatchObject({
      summary: 'acme: 3 open, 1 new, 1 recovered',
      from: '2026-11-19T11:00:00.000Z',
      to: '2026-11-20T11:00:00.000Z',
      open: { count: 3, first: [{ host: 'i-old', severity: 'critical' }, {}, {}] },
      opened: { count: 1, first: [{ host: 'web-7' }] },
      recovered: { count: 1, first: [{ host: 'i-over' }] },
      held: { changes: 2, first: [{ stage: 'mute', changes: 2, reason: 'muted: i-1' }] },
      putOff: { changes: 1, first: [{ stage: 'quiet_hours', changes: 1, reason: 'quiet hours' }] },
      mutes: {
        count: 2,
        first: [
          { subject: 'group web*', reason: 'known' },
          { subject: expect.stringMatching(/^incident [\da-f]{8} \(web-7\)$/), reason: 'new' },
        ],
      },
      accounts: { enabled: 1, failing: 0 },
      hosts: { known: aScopeHealth().hosts.known },
      cost: { month: '2026-11', spentUsd: 60 },
    });
  });

  it('names the evaluators that labels took weight from, and nothing where they took none', async () => {
    const [without, world] = [await aWorld(DIGEST), await aWorld(DIGEST)];
    for (let index = 0; index < 8; index++) {
      const votes = [{ evaluator: 'siblings', logLikelihood: 2 }] as const;
      await world.labels.put({ ...aLabel('acme', `l-${index}`), subject: { incident: `incident-${index}` }, votes });
    }

    for (const one of [without, world]) await watchAt(one, 5 * MINUTE);

    const lost = [{ evaluator: 'siblings', weight: 0.5, right: 0, wrong: 8 }];
    expect(published(world, 'digest').map(({ data }) => data)).toMatchObject([{ weights: lost }]);
    expect(published(without, 'digest')[0]?.data).not.toHaveProperty('weights');
    const [event] = published(world, 'digest');
    expect(event && digestText(event)).toContain('siblings has 50 %: by your labels 8 of its 8 votes were wrong');
  });

  it('is published once a slot, and misses nothing between two', async () => {
    const world = await aWorld(DIGEST);
    await world.incidents.put(anIncident('i-late', { openedAt: NOON - HOUR / 2 }), 0);

    for (const after of [-5 * MINUTE, 5 * MINUTE, 20 * MINUTE, DAY - MINUTE, DAY, DAY + 15 * MINUTE])
      await watchAt(world, after);

    const counts = published(world, 'digest').map(({ data }) => data.kind === 'digest' && [data.to, data.opened.count]);
    expect(counts).toEqual([
      ['2026-11-20T11:00:00.000Z', 0],
      ['2026-11-21T11:00:00.000Z', 1],
    ]);
    const state = await world.health.getWatch('acme');
    expect(watchStateSchema.parse(state?.value)).toEqual(state?.value);
  });

  it('is sent again until its topic accepts it, and the next one covers what could not be sent', async () => {
    const world = await aWorld(DIGEST);
    await watchAt(world, 5 * MINUTE);
    world.publisher.down = true;
    const refused = await watchAt(world, DAY + 5 * MINUTE);
    await watchAt(world, DAY + 13 * HOUR);
    world.publisher.down = false;
    await watchAt(world, 2 * DAY + 5 * MINUTE);

    expect(refused.failures).toHaveLength(1);
    expect(published(world, 'digest').map(({ data }) => data)).toMatchObject([
      { to: '2026-11-20T11:00:00.000Z' },
      { from: '2026-11-20T11:00:00.000Z', to: '2026-11-22T11:00:00.000Z' },
    ]);
  });

  it('names the first few of many, and counts all', async () => {
    const world = await aWorld(DIGEST);
    for (let index = 0; index < 450; index++) await world.incidents.put(anIncident(`i-${index}`), 0);

    await watchAt(world, 5 * MINUTE);

    const [event] = published(world, 'digest');
    expect(event?.data).toMatchObject({ open: { count: 450 }, opened: { count: 450 } });
    expect(event?.data.kind === 'digest' && event.data.open.first).toHaveLength(15);
  });

  it.each([
    ['none is due', DIGEST, 13 * HOUR],
    ['the config has none', {}, 5 * MINUTE],
  ])('reads no list where %s', async (_, alerts, after) => {
    const fails = async () => {
      throw new StoreError('a list was read');
    };
    const world = await aWorld(alerts, { incidentList: { list: fails }, mutes: { list: fails } });

    expect((await watchAt({ ...world, log: { ...world.log, list: fails } }, after)).failures).toEqual([]);
  });

  it('that cannot be made is reported, and holds up no other event', async () => {
    const fails = async () => {
      throw new StoreError('the index was throttled');
    };
    const world = await aWorld(DIGEST, { incidentList: { list: fails } });

    const { failures, published: count } = await watchAt(world, 5 * MINUTE);

    expect([failures.map(({ error }) => error.message), count]).toEqual([['the index was throttled'], 1]);
  });
});

describe('the summary of a shadow', () => {
  const alerts = alertsOf({ shadow: { until: '2026-11-20T12:00:00Z', budget: 7 } });

  async function aShadow(): Promise<World> {
    const world = await aWorld(alerts);
    const decision = { ...(await putEntry(world, 'i-muted')), stage: 'shadow' as const };
    const [paged, sent, held] = ['paged, rule a', 'sent, rule b', 'held back by mute, muted'].map(
      (what) => `shadow until 2026-11-20 12:00 UTC: would have been ${what}`,
    );
    await putEntry(world, 'i-1', { decision: { ...decision, page: true, reason: paged ?? '' } });
    await putEntry(world, 'i-2', { decision: { ...decision, reason: sent ?? '' } });
    await putEntry(world, 'i-3', { decision: { ...decision, reason: held ?? '' } });
    return world;
  }

  it('is published once at its end', async () => {
    const world = await aShadow();

    for (const after of [-5 * MINUTE, 0, 15 * MINUTE, DAY]) await watchAt(world, after);

    const [event, ...others] = published(world, 'shadow_summary');
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      id: 'acme/shadow_summary/2026-11-20T12:00:00.000Z',
      data: {
        summary: 'Shadow mode of acme is over: 1 page would have been sent',
        from: '2026-11-19T12:00:00.000Z',
        pages: 1,
        notifications: 1,
        hosts: [{ host: 'i-1', pages: 1 }],
        budgetPerWeek: 7,
      },
    });
    const state = await world.health.getWatch('acme');
    expect(watchStateSchema.parse(state?.value)).toEqual(state?.value);
  });

  it('waits where the shadow is made longer, and covers all of it', async () => {
    const world = await aShadow();
    await watchAt(world, -5 * MINUTE);
    const longer = { shadow: { until: '2026-11-21T12:00:00Z' } };
    await world.configs.put(aTenantConfig({ alerts: longer }), 1, 'external', NOON - MINUTE);

    for (const after of [5 * MINUTE, DAY, DAY + 15 * MINUTE]) await watchAt(world, after);

    expect(published(world, 'shadow_summary').map(({ data }) => data)).toMatchObject([
      { from: '2026-11-19T12:00:00.000Z', to: '2026-11-21T12:00:00.000Z', pages: 1, minConfidence: null },
    ]);
  });

  it('is sent again until its topic accepts it, for a week', async () => {
    const [world, given] = [await aShadow(), await aShadow()];
    for (const one of [world, given]) {
      one.publisher.down = true;
      await watchAt(one, 0);
      one.publisher.down = false;
    }

    await watchAt(world, 6 * DAY);
    await watchAt(given, 8 * DAY);

    expect([published(world, 'shadow_summary').length, published(given, 'shadow_summary').length]).toEqual([1, 0]);
  });
});
