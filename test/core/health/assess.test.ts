import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Assessment, assess, remember } from '../../../core/health/assess.ts';
import { type ScopeHealth, type WatchState, watchStateSchema } from '../../../core/model/health.ts';
import { type ServiceEvent, serviceEventSchema } from '../../../core/model/service-event.ts';
import type { StoredTenant } from '../../../core/model/tenant.ts';
import { anAccount, aScopeHealth, aTenantConfig, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

const DAY = 24 * HOUR;
const DENIED = 'aws/111122223333/eu-west-1: denied: no such role';

/** A tenant of one account, inspected every hour since long ago. */
function aTenant(account: Record<string, unknown> = {}, overrides: Partial<StoredTenant> = {}): StoredTenant {
  const config = aTenantConfig({ accounts: [anAccount(account)] });
  return { config, version: 1, externalId: 'external', putAt: NOON - 30 * DAY, ...overrides };
}

/** What is known of a tenant that has been watched for a month, and is known to be alive today. */
function aState(account: Partial<WatchState['accounts'][number]> = {}, tenant = aTenant()): WatchState {
  const { state } = assess(tenant, [], undefined, NOON - 30 * DAY);
  return {
    accounts: state.accounts.map((watched) => ({ ...watched, ...account })),
    aliveOn: '2026-11-20',
  };
}

const complete = (slot: number, region = 'eu-west-1') =>
  aScopeHealth({ slot, completeSlot: slot, scope: { ...aScopeHealth().scope, region } });
const partial = (slot: number, runs: number, region = 'eu-west-1') =>
  aScopeHealth({
    slot,
    outcome: 'partial',
    failure: DENIED,
    partial: { runs, since: slot - (runs - 1) * HOUR },
    scope: { ...aScopeHealth().scope, region },
  });

const kindsOf = ({ events }: Assessment) => events.map(({ data }) => data.kind);
const dataOf = ({ events }: Assessment) => events.map(({ data }) => data);

describe('an account that fails', () => {
  it('is reported after its second partial inspection in a row, with the reason of the region', () => {
    const assessment = assess(aTenant(), [partial(NOON, 2)], aState(), NOON + 5 * MINUTE);

    expect(assessment.events).toEqual([
      {
        specversion: '1.0',
        id: 'acme/aws/111122223333/inspection_failed/2026-11-20T11:00:00.000Z',
        source: '/plimsoll/acme/aws/111122223333',
        type: 'plimsoll.inspection.failed',
        subject: '111122223333',
        time: '2026-11-20T12:05:00.000Z',
        datacontenttype: 'application/json',
        data: {
          kind: 'inspection_failed',
          tenant: 'acme',
          severity: 'high',
          summary: 'Inspections of aws 111122223333 fail since 2026-11-20 11:00 UTC in 1 of 1 region',
          provider: 'aws',
          account: '111122223333',
          since: '2026-11-20T11:00:00.000Z',
          regionsConfigured: 1,
          regions: [{ region: 'eu-west-1', status: 'partial', since: '2026-11-20T11:00:00.000Z', message: DENIED }],
        },
      },
    ]);
  });

  it('is not reported after a single partial inspection', () => {
    expect(kindsOf(assess(aTenant(), [partial(NOON, 1)], aState(), NOON + 5 * MINUTE))).toEqual([]);
  });

  it.each([
    ['29 minutes after the second slot', NOON + 2 * HOUR + 29 * MINUTE, []],
    ['30 minutes after the second slot', NOON + 2 * HOUR + 30 * MINUTE, ['inspection_failed']],
  ])('is reported when two slots in a row were missed: %s', (_, now, kinds) => {
    expect(kindsOf(assess(aTenant(), [complete(NOON)], aState(), now))).toEqual(kinds);
  });

  it('is not missed in the hour that clocks repeat, and an hour later where its schedule is a tight one', () => {
    const schedule = { cron: '*/15 * * * *', timezone: 'Europe/Berlin' };
    const tenant = aTenant({ schedule }, { putAt: Date.UTC(2026, 8, 1) });
    const { state, events } = assess(tenant, [], undefined, Date.UTC(2026, 9, 1));
    const known = { ...remember(state, events), aliveOn: '2026-10-25' };
    const last = Date.UTC(2026, 9, 25, 0, 45);
    const kindsAt = (minutes: number) =>
      kindsOf(assess(tenant, [complete(last)], known, last + minutes * MINUTE)).filter((kind) => kind !== 'alive');

    expect([30, 45, 60, 75, 90, 104].flatMap(kindsAt)).toEqual([]);
    expect(kindsAt(105)).toEqual(['inspection_failed']);
  });

  it('is reported with the first slot that was missed, however late that is noticed', () => {
    const [first, later] = [3, 9].map((hours) =>
      dataOf(assess(aTenant(), [complete(NOON)], aState(), NOON + hours * HOUR)),
    );

    expect(first).toMatchObject([
      {
        since: '2026-11-20T13:00:00.000Z',
        regions: [
          { status: 'missed', message: expect.stringContaining('newest inspection was of 2026-11-20 12:00 UTC') },
        ],
      },
    ]);
    expect(later).toEqual(first);
  });

  it('is reported once, and once when it is over', () => {
    const failing = assess(aTenant(), [partial(NOON, 2)], aState(), NOON + 5 * MINUTE);
    const reported = remember(failing.state, failing.events);
    const still = assess(aTenant(), [partial(NOON + HOUR, 3)], reported, NOON + HOUR + 5 * MINUTE);
    const over = assess(aTenant(), [complete(NOON + 2 * HOUR)], reported, NOON + 2 * HOUR + 5 * MINUTE);
    const after = assess(aTenant(), [complete(NOON + 3 * HOUR)], remember(over.state, over.events), NOON + 3 * HOUR);

    expect(kindsOf(still)).toEqual([]);
    expect(over.events).toMatchObject([
      {
        id: 'acme/aws/111122223333/inspection_restored/2026-11-20T11:00:00.000Z',
        type: 'plimsoll.inspection.restored',
        data: { kind: 'inspection_restored', since: '2026-11-20T11:00:00.000Z' },
      },
    ]);
    expect(kindsOf(after)).toEqual([]);
  });

  it('is reported again, under the same id, where the topic did not accept the event', () => {
    const first = assess(aTenant(), [partial(NOON, 2)], aState(), NOON + 5 * MINUTE);
    const again = assess(aTenant(), [partial(NOON + HOUR, 3)], remember(first.state, []), NOON + HOUR + 5 * MINUTE);

    expect(again.events.map(({ id }) => id)).toEqual(first.events.map(({ id }) => id));
  });

  it('is over only when every region was inspected completely', () => {
    const tenant = aTenant({ regions: ['eu-west-1', 'eu-west-2', 'eu-west-3'] });
    const state = aState({ failingSince: NOON - HOUR }, tenant);
    const at = (...health: ScopeHealth[]) => kindsOf(assess(tenant, health, state, NOON + 5 * MINUTE));
    const [one, two, three] = ['eu-west-1', 'eu-west-2', 'eu-west-3'].map((region) => complete(NOON, region));

    expect(at(one as ScopeHealth, two as ScopeHealth)).toEqual([]);
    expect(at(one as ScopeHealth, two as ScopeHealth, partial(NOON, 1, 'eu-west-3'))).toEqual([]);
    expect(at(one as ScopeHealth, two as ScopeHealth, three as ScopeHealth)).toEqual(['inspection_restored']);
  });

  it('names the regions that fail and no others', () => {
    const tenant = aTenant({ regions: ['eu-west-1', 'eu-west-2', 'eu-west-3'] });
    const health = [complete(NOON, 'eu-west-1'), partial(NOON, 4, 'eu-west-2'), partial(NOON, 1, 'eu-west-3')];

    const [event] = dataOf(assess(tenant, health, aState({}, tenant), NOON + 5 * MINUTE));

    expect(event).toMatchObject({
      summary: 'Inspections of aws 111122223333 fail since 2026-11-20 09:00 UTC in 1 of 3 regions',
      regions: [{ region: 'eu-west-2', status: 'partial' }],
    });
  });
});

describe('an account that is new', () => {
  const putAt = NOON + 10 * MINUTE;
  const tenant = aTenant({}, { putAt });
  const before: WatchState = { accounts: [], aliveOn: '2026-11-20' };

  it.each([
    ['its first slot', NOON + HOUR + 59 * MINUTE, []],
    ['29 minutes after its second slot', NOON + 2 * HOUR + 29 * MINUTE, []],
    ['30 minutes after its second slot', NOON + 2 * HOUR + 30 * MINUTE, ['inspection_failed']],
  ])('has time until its second slot after its config was put: at %s', (_, now, kinds) => {
    expect(kindsOf(assess(tenant, [], before, now))).toEqual(kinds);
  });

  it('has time from now on where its tenant was never watched, as after an upgrade', () => {
    const old = aTenant();
    const { state, events } = assess(old, [], undefined, NOON + 10 * MINUTE);
    const known = remember(state, events);

    expect(kindsOf(assess(old, [], known, NOON + 2 * HOUR + 29 * MINUTE))).toEqual([]);
    expect(kindsOf(assess(old, [], known, NOON + 2 * HOUR + 30 * MINUTE))).toEqual(['inspection_failed']);
  });

  it('has time anew when its schedule changes, and when it is enabled again', () => {
    const daily = aTenant({ schedule: { cron: '0 6 * * *' } }, { putAt: NOON });
    const enabled = aTenant({}, { putAt: NOON + 3 * HOUR });
    const old = [complete(NOON - 5 * DAY)];

    expect(kindsOf(assess(daily, old, aState(), NOON + MINUTE))).toEqual([]);
    expect(kindsOf(assess(enabled, old, before, NOON + 3 * HOUR + MINUTE))).toEqual([]);
    expect(kindsOf(assess(enabled, [partial(NOON - 5 * DAY, 3)], before, NOON + 3 * HOUR + MINUTE))).toEqual([]);
    expect(kindsOf(assess(enabled, old, before, NOON + 5 * HOUR + 30 * MINUTE))).toEqual(['inspection_failed']);
  });

  it('has time anew when a region is added, and its other regions are not over before they were inspected', () => {
    const two = aTenant({ regions: ['eu-west-1', 'eu-west-2'] }, { putAt: NOON + MINUTE });
    const state = aState({ failingSince: NOON });

    expect(kindsOf(assess(two, [complete(NOON)], aState(), NOON + 2 * MINUTE))).toEqual([]);
    const older = [complete(NOON - HOUR), complete(NOON - HOUR, 'eu-west-2')];
    expect(kindsOf(assess(two, older, state, NOON + 2 * MINUTE))).toEqual([]);
    expect(dataOf(assess(two, [complete(NOON + 2 * HOUR)], aState(), NOON + 3 * HOUR))).toMatchObject([
      { kind: 'inspection_failed', regions: [{ region: 'eu-west-2', status: 'missed' }] },
    ]);
  });

  it('is missed even where its tenant’s config is put before every slot', () => {
    let state = aState();
    const kinds: string[] = [];
    for (let minutes = 0; minutes < 300; minutes += 15) {
      const now = NOON + minutes * MINUTE;
      const assessment = assess(aTenant({}, { putAt: now }), [complete(NOON)], state, now);
      kinds.push(...kindsOf(assessment));
      state = remember(assessment.state, assessment.events);
    }

    expect(kinds).toEqual(['inspection_failed']);
  });
});

describe('an account whose schedule becomes a rare one while it fails', () => {
  it('is not over before it was inspected', () => {
    const yearly = aTenant({ schedule: { cron: '0 0 1 1 *' } }, { putAt: NOON + 5 * HOUR });
    const state = aState({ failingSince: NOON + HOUR });
    const at = NOON + 6 * HOUR;

    expect(kindsOf(assess(yearly, [complete(NOON)], state, at))).toEqual([]);
    expect(kindsOf(assess(yearly, [complete(NOON + HOUR)], state, at))).toEqual(['inspection_restored']);
  });
});

describe('what is disabled', () => {
  it('is not reported', () => {
    const off = aTenant();
    const disabled = { ...off, config: { ...off.config, enabled: false } };
    const account = aTenant({ enabled: false });

    expect(kindsOf(assess(disabled, [partial(NOON, 5)], undefined, NOON + DAY))).toEqual([]);
    expect(kindsOf(assess(disabled, [partial(NOON, 5)], aState(), NOON + DAY))).toEqual([]);
    expect(kindsOf(assess(account, [partial(NOON, 5)], aState(), NOON))).toEqual([]);
  });

  const tenantOff = (putAt: number) => {
    const tenant = aTenant({}, { putAt });
    return { ...tenant, config: { ...tenant.config, enabled: false } };
  };

  it.each([
    ['a tenant', tenantOff(NOON + MINUTE)],
    ['an account', aTenant({ enabled: false }, { putAt: NOON + MINUTE })],
  ])('has time anew when it is enabled again: %s', (_, off) => {
    const on = aTenant({}, { putAt: NOON + 9 * HOUR + MINUTE });
    const health = [complete(NOON)];

    const disabled = assess(off, health, aState(), NOON + 5 * MINUTE);
    const kindsAt = (minutes: number) =>
      kindsOf(assess(on, health, disabled.state, NOON + 9 * HOUR + minutes * MINUTE));

    expect(disabled.state).toEqual({ accounts: [], aliveOn: '2026-11-20' });
    expect(kindsAt(1)).toEqual([]);
    expect(kindsAt(149)).toEqual([]);
    expect(kindsAt(150)).toEqual(['inspection_failed']);
  });

  it('is not failing when it is enabled again for what failed before', () => {
    const { state } = assess(tenantOff(NOON + MINUTE), [partial(NOON, 5)], aState(), NOON + 5 * MINUTE);
    const on = aTenant({}, { putAt: NOON + 10 * MINUTE });

    expect(kindsOf(assess(on, [partial(NOON, 5)], state, NOON + 15 * MINUTE))).toEqual([]);
    expect(kindsOf(assess(on, [partial(NOON + HOUR, 6)], state, NOON + 75 * MINUTE))).toEqual(['inspection_failed']);
  });

  const other = { account: '222233334444', role: 'arn:aws:iam::222233334444:role/plimsoll-reader' };
  const without = aTenant(other, { putAt: NOON + MINUTE });

  it.each([
    ['its tenant is disabled', tenantOff(NOON + MINUTE)],
    ['it is disabled', aTenant({ enabled: false }, { putAt: NOON + MINUTE })],
    ['it is removed', without],
  ])('ends a failure that was reported, once, where %s', (_, off) => {
    const before = aState({ failingSince: NOON - HOUR });

    const first = assess(off, [partial(NOON, 2)], before, NOON + 5 * MINUTE);
    const unsent = assess(off, [partial(NOON, 2)], first.state, NOON + 20 * MINUTE);
    const after = assess(off, [partial(NOON, 2)], remember(unsent.state, unsent.events), NOON + 35 * MINUTE);

    expect(first.events).toMatchObject([
      {
        id: 'acme/aws/111122223333/inspection_restored/2026-11-20T11:00:00.000Z',
        type: 'plimsoll.inspection.restored',
        data: {
          kind: 'inspection_restored',
          severity: 'low',
          summary: 'Inspections of aws 111122223333 no longer fail: it was disabled or removed',
          since: '2026-11-20T11:00:00.000Z',
        },
      },
    ]);
    expect(unsent.events.map(({ id }) => id)).toEqual(first.events.map(({ id }) => id));
    expect(kindsOf(after)).toEqual([]);
  });

  it('has time anew, and still ends its failure, where it is enabled again before the end could be sent', () => {
    const on = aTenant({}, { putAt: NOON + 9 * HOUR });
    const { state } = assess(tenantOff(NOON), [partial(NOON, 2)], aState({ failingSince: NOON - HOUR }), NOON + MINUTE);

    expect(kindsOf(assess(on, [partial(NOON, 2)], state, NOON + 9 * HOUR + MINUTE))).toEqual([]);
    expect(kindsOf(assess(on, [complete(NOON + 10 * HOUR)], state, NOON + 10 * HOUR + MINUTE))).toEqual([
      'inspection_restored',
    ]);
  });
});

describe('agents that stopped', () => {
  const stopped = (slot: number) => ({
    ...complete(slot),
    stopped: { count: 12, first: ['i-1: the agent died', 'i-2: the agent died'] },
  });

  it('are reported once a day, with their number and the first of them', () => {
    const first = assess(aTenant(), [stopped(NOON)], aState(), NOON + MINUTE);
    const state = remember(first.state, first.events);
    const nextDay = { ...state, aliveOn: '2026-11-21' };

    expect(first.events).toMatchObject([
      {
        id: 'acme/aws/111122223333/agents_stopped/2026-11-20',
        type: 'plimsoll.agents.stopped',
        data: {
          severity: 'medium',
          day: '2026-11-20',
          hosts: 12,
          first: ['i-1: the agent died', 'i-2: the agent died'],
        },
      },
    ]);
    expect(kindsOf(assess(aTenant(), [stopped(NOON + HOUR)], state, NOON + HOUR + MINUTE))).toEqual([]);
    expect(kindsOf(assess(aTenant(), [stopped(NOON + DAY)], nextDay, NOON + DAY + MINUTE))).toEqual(['agents_stopped']);
  });

  it('are not reported from an inspection that is no longer the last', () => {
    expect(kindsOf(assess(aTenant(), [stopped(NOON)], aState(), NOON + 5 * HOUR))).toEqual(['inspection_failed']);
  });
});

describe('that Plimsoll is alive', () => {
  it('is reported once a day, with what was covered', () => {
    const tenant = aTenant({ regions: ['eu-west-1', 'eu-west-2', 'eu-west-3'] });
    const health = [complete(NOON, 'eu-west-1'), partial(NOON, 1, 'eu-west-2'), complete(NOON, 'us-east-1')];
    const known = aState({ failingSince: NOON }, tenant);
    const first = assess(tenant, health, { ...known, aliveOn: '2026-11-19' }, NOON + MINUTE);
    const again = assess(tenant, health, remember(first.state, first.events), NOON + HOUR);

    expect(first.events).toMatchObject([{ id: 'acme/alive/2026-11-20', type: 'plimsoll.alive', subject: 'acme' }]);
    expect(dataOf(first)).toEqual([
      {
        kind: 'alive',
        tenant: 'acme',
        severity: 'low',
        summary: 'Plimsoll is alive: 1 of 3 regions inspected completely, 16 of 20 hosts',
        day: '2026-11-20',
        accounts: { enabled: 1, failing: 1 },
        regions: { complete: 1, partial: 1, missed: 1, waiting: 0 },
        hosts: { known: 20, inspected: 16, notMonitored: 4, unreadable: 0 },
        leaking: 2,
        costPerMonth: 0.1152,
        next: [{ provider: 'aws', account: '111122223333', at: '2026-11-20T13:00:00.000Z' }],
      },
    ]);
    expect(kindsOf(again)).toEqual([]);
  });

  it('lists the ten inspections that are due next, soonest first', () => {
    const accounts = Array.from({ length: 12 }, (_, index) => {
      const account = String(100000000000 + index);
      const role = `arn:aws:iam::${account}:role/plimsoll-reader`;
      return anAccount({ account, role, schedule: { cron: `${59 - index} * * * *` } });
    });
    const tenant = { ...aTenant(), config: aTenantConfig({ accounts }) };

    const alive = dataOf(assess(tenant, [], undefined, NOON)).find(({ kind }) => kind === 'alive');

    const next = alive?.kind === 'alive' ? alive.next.map(({ at }) => at) : [];
    expect(next).toHaveLength(10);
    expect(next).toEqual(next.toSorted());
    expect(next[0]).toBe('2026-11-20T12:48:00.000Z');
  });
});

describe('assess', () => {
  const aRegion = fc.constantFrom('eu-west-1', 'eu-west-2', 'eu-west-3');
  const anyHealth = fc.array(
    fc
      .record({ region: aRegion, hours: fc.integer({ min: -50, max: 50 }), runs: fc.integer({ min: 0, max: 5 }) })
      .map(({ region, hours, runs }) => {
        const slot = NOON + hours * HOUR;
        return runs === 0 ? complete(slot, region) : partial(slot, runs, region);
      }),
    { maxLength: 4 },
  );
  const anyAccount = fc.record({
    enabled: fc.boolean(),
    regions: fc.uniqueArray(aRegion, { minLength: 1 }),
    schedule: fc.record({ cron: fc.constantFrom('0 * * * *', '30 6 * * *', '0 0 1 1 *', '15 */6 * * MON') }),
  });
  const anyState = fc.option(
    fc
      .record({
        expectedSince: fc.integer({ min: -90, max: 50 }).map((hours) => NOON + hours * HOUR),
        failingSince: fc.option(fc.integer({ min: -50, max: 0 }).map((hours) => NOON + hours * HOUR)),
        stoppedReportedOn: fc.option(fc.constant('2026-11-20')),
      })
      .map((account) => aState(account)),
    { nil: undefined },
  );
  const hours = fc.integer({ min: -10, max: 200 });

  it('has nothing more to report at the same time once all of it was published', () => {
    fc.assert(
      fc.property(anyAccount, anyHealth, anyState, hours, (account, health, before, later) => {
        const now = NOON + later * HOUR;
        const first = assess(aTenant(account), health, before, now);
        const again = assess(aTenant(account), health, remember(first.state, first.events), now);

        expect(again.events).toEqual([]);
        expect(again.state).toEqual(remember(first.state, first.events));
      }),
    );
  });

  it('repeats what was not published, under the same ids, and nothing else', () => {
    fc.assert(
      fc.property(anyAccount, anyHealth, anyState, hours, fc.nat(), (account, health, before, later, seed) => {
        const now = NOON + later * HOUR;
        const { state, events } = assess(aTenant(account), health, before, now);
        const isPublished = (_: ServiceEvent, index: number) => ((seed >> index) & 1) === 1;
        const rest = events.filter((event, index) => !isPublished(event, index));

        const again = assess(aTenant(account), health, remember(state, events.filter(isPublished)), now);

        expect(again.events).toEqual(rest);
      }),
    );
  });

  it('composes events and states that have their schemas', () => {
    fc.assert(
      fc.property(anyAccount, anyHealth, anyState, hours, (account, health, before, later) => {
        const { state, events } = assess(aTenant(account), health, before, NOON + later * HOUR);

        for (const event of events) expect(serviceEventSchema.parse(event)).toEqual(event);
        const after = remember(state, events);
        expect(watchStateSchema.parse(after)).toEqual(after);
      }),
    );
  });

  it('never reports an account as failing twice without reporting that it is over in between', () => {
    const step = fc.record({
      hours: fc.integer({ min: 1, max: 5 }),
      health: anyHealth,
      account: anyAccount,
      enabled: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let state: WatchState | undefined;
        let now = NOON;
        const kinds: string[] = [];
        for (const { hours: later, health, account, enabled } of steps) {
          now += later * HOUR;
          const tenant = aTenant(account, { putAt: now });
          const assessment = assess({ ...tenant, config: { ...tenant.config, enabled } }, health, state, now);
          kinds.push(...kindsOf(assessment).filter((kind) => kind.startsWith('inspection')));
          state = remember(assessment.state, assessment.events);
        }

        expect(kinds.filter((_, index) => index % 2 === 0).every((kind) => kind === 'inspection_failed')).toBe(true);
        expect(kinds.filter((_, index) => index % 2 === 1).every((kind) => kind === 'inspection_restored')).toBe(true);
      }),
    );
  });

  it('has nothing to report of an account that is enabled again, whatever was before and however long it was disabled', () => {
    fc.assert(
      fc.property(anyAccount, anyHealth, anyState, hours, fc.boolean(), (account, health, before, later, ofTenant) => {
        const disabledAt = NOON + 51 * HOUR;
        const now = disabledAt + (later + 11) * HOUR;
        const on = aTenant({ ...account, enabled: true }, { putAt: now });
        const off = aTenant({ ...account, enabled: ofTenant });
        const disabled = { ...off, config: { ...off.config, enabled: !ofTenant } };
        const first = assess(disabled, health, before, disabledAt);

        const again = assess(on, health, remember(first.state, first.events), now);

        expect(kindsOf(again).filter((kind) => kind.startsWith('inspection'))).toEqual([]);
      }),
    );
  });
});
