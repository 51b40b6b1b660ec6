import { describe, expect, it } from 'vitest';
import type { PolicyContext } from '../../../../core/incidents/policy/context.ts';
import { type Decided, decideAll } from '../../../../core/incidents/policy/decide-all.ts';
import { fleetKeysOf } from '../../../../core/incidents/policy/fleet.ts';
import type { Undecided } from '../../../../core/incidents/policy/undecided.ts';
import type { Change } from '../../../../core/model/change.ts';
import { type Incident, incidentKeyText } from '../../../../core/model/incident.ts';
import { HOUR, NOON } from '../../../fixtures/builders.ts';
import { aChange, aContext, aMute, anItem, aStorm } from './changes.ts';

/** Decides batch after batch as runs do: fleets are read before, put, and leave what was decided. */
function aTenant() {
  const fleets = new Map<string, Incident>();
  const decided: Decided[] = [];
  return {
    decided,
    fleets: () => [...fleets.values()],
    sent: () => decided.filter(({ decision }) => decision.outcome === 'sent'),
    pages: () => decided.filter(({ decision }) => decision.page).map(({ incident }) => incident.key.host),
    run(items: readonly Undecided[], context: Partial<PolicyContext> = {}) {
      const keys = new Set(fleetKeysOf(items).map(incidentKeyText));
      const known = [...fleets.values()].filter(
        ({ key, status }) => status !== 'closed' || keys.has(incidentKeyText(key)),
      );
      const outcome = decideAll(items, aContext({ fleets: known, ...context }));
      for (const fleet of outcome.fleets) fleets.set(incidentKeyText(fleet.key), fleet);
      for (const { incident, change, decision } of outcome.decisions) {
        const fleet = fleets.get(incidentKeyText(incident.key));
        if (fleet === undefined || decision.outcome === 'put_off') continue;
        const undecided = fleet.undecided.filter(({ number }) => number !== change.number);
        const lastNotifiedAt = decision.outcome === 'sent' ? (context.now ?? NOON) : fleet.lastNotifiedAt;
        fleets.set(incidentKeyText(fleet.key), { ...fleet, undecided, lastNotifiedAt });
      }
      decided.push(...outcome.decisions);
      return outcome;
    },
  };
}

function ends(items: readonly Undecided[], at: number): Undecided[] {
  return items.map(({ incident }) => ({ incident, change: aChange({ number: 2, kind: 'recovered', at }) }));
}

function secondCycle(firstAt: number): Change['cycles'] {
  return { cycle: 2, firstAt, lastedHours: [1], reopened: true };
}

function withOnset({ incident, change }: Undecided, onset: null): Undecided {
  return { incident, change: { ...change, ...(change.leak && { leak: { ...change.leak, onset } }) } };
}

describe('a storm', () => {
  it('is one page, whose members are counted and named', () => {
    const tenant = aTenant();

    tenant.run(aStorm(12));

    const [fleet] = tenant.sent();
    expect(tenant.sent()).toHaveLength(1);
    expect(fleet?.incident.key).toMatchObject({ host: 'group:web-blue', region: null, finding: 'fleet' });
    expect(fleet?.change).toMatchObject({
      kind: 'opened',
      severity: 'medium',
      grade: 'confirmed',
      fleet: {
        by: 'group',
        name: 'web-blue',
        hosts: 12,
        confirmed: 12,
        ended: 0,
        growth: { low: 0.8, median: 1, high: 1.2 },
      },
    });
    expect(fleet?.change.fleet?.first).toHaveLength(10);
    expect(tenant.decided.filter(({ decision }) => decision.stage === 'storm')).toHaveLength(12);
    expect(tenant.decided[1]?.decision.fleet).toMatch(/\/group%3Aweb-blue\/system.memory.utilization\/fleet\/1$/);
  });

  it('states which host may be full first, and when that is at the earliest', () => {
    const tenant = aTenant();
    const earliest = (hours: number) => new Date(NOON + hours * HOUR).toISOString();
    const items = aStorm(6).map((item, index): Undecided => {
      const { leak } = item.change;
      const times = { earliest: earliest(index === 3 ? 5 : 9), likely: earliest(12), latest: null };
      const exhaustion = { kind: 'expected', ...times } as const;
      // Of the first one nobody knows.
      return leak === undefined || index === 0
        ? item
        : { ...item, change: { ...item.change, leak: { ...leak, exhaustion } } };
    });

    tenant.run(items);

    expect(tenant.sent()[0]?.change.fleet?.full).toEqual({ earliest: earliest(5), host: 'i-00003' });
  });

  it('needs five hosts of a group, or eight of an account', () => {
    const tenant = aTenant();
    const withoutGroup = Array.from({ length: 7 }, (_, index) => anItem({ host: { id: `i-${index}` } }));

    tenant.run([...aStorm(4), ...withoutGroup]);

    expect(tenant.pages()).toHaveLength(11);
  });

  it('gathers over runs within six hours', () => {
    const tenant = aTenant();

    for (let hour = 0; hour < 5; hour++) {
      const at = NOON + hour * HOUR;
      tenant.run(aStorm(10, { change: { at } }).slice(2 * hour, 2 * hour + 2), { now: at });
    }

    expect(tenant.pages()).toEqual([...aStorm(4).map(({ incident }) => incident.key.host), 'group:web-blue']);
  });

  it('does not gather over days', () => {
    const tenant = aTenant();

    for (let hour = 0; hour < 50; hour += 5) {
      const at = NOON + hour * HOUR;
      tenant.run(aStorm(10, { change: { at } }).slice(hour / 5, hour / 5 + 1), { now: at });
    }

    expect(tenant.pages()).toHaveLength(10);
  });

  it('is of an account where its hosts have no group, and spans regions', () => {
    const tenant = aTenant();
    const regions = ['eu-west-1', 'us-east-1'];
    const items = Array.from({ length: 10 }, (_, index) =>
      anItem({ host: { id: `i-${index}`, region: regions[index % 2] ?? null } }),
    );

    tenant.run(items);

    expect(tenant.pages()).toEqual(['account:111122223333']);
    expect(tenant.sent()[0]?.change.fleet?.regions).toEqual(regions);
  });

  it('leaves hosts of another group, of another account and much faster ones to page by themselves', () => {
    const tenant = aTenant();
    const others = [
      anItem({ host: { id: 'i-db', group: 'db' } }),
      anItem({ host: { id: 'i-account', group: 'web-blue', account: '999900001111' } }),
      anItem({ host: { id: 'i-fast', group: 'web-blue' }, leak: { growth: 8 } }),
    ];

    tenant.run([...aStorm(10), ...others]);

    expect(new Set(tenant.pages())).toEqual(new Set(['group:web-blue', 'i-db', 'i-account', 'i-fast']));
  });

  it('of suspicions alone pages nobody until one is confirmed', () => {
    const tenant = aTenant();
    tenant.run(aStorm(10, { change: { kind: 'suspected' } }));
    const before = tenant.pages();

    const at = NOON + HOUR;
    tenant.run(aStorm(3, { change: { kind: 'opened', number: 2, at } }), { now: at });

    expect(before).toEqual([]);
    expect(tenant.sent().map(({ change }) => change.kind)).toEqual(['suspected', 'opened']);
    expect(tenant.pages()).toEqual(['group:web-blue']);
  });

  it('of suspicions that opened, because they are critical and sure, pages', () => {
    const tenant = aTenant();

    tenant.run(aStorm(5, { change: { kind: 'opened', grade: 'suspected', severity: 'critical' } }));

    expect(tenant.pages()).toEqual(['group:web-blue']);
  });

  it('becomes worse with its members, once', () => {
    const tenant = aTenant();
    tenant.run(aStorm(10));

    tenant.run(aStorm(10, { change: { kind: 'worse', number: 2, severity: 'critical' } }));

    expect(tenant.sent().map(({ change }) => [change.kind, change.severity])).toEqual([
      ['opened', 'medium'],
      ['worse', 'critical'],
    ]);
  });

  it('recovers when its members did', () => {
    const tenant = aTenant();
    const items = aStorm(10);
    tenant.run(items);

    tenant.run(ends(items.slice(0, 6), NOON + HOUR), { now: NOON + HOUR });
    const before = tenant.sent().length;
    tenant.run(ends(items.slice(6), NOON + 2 * HOUR), { now: NOON + 2 * HOUR });

    expect(before).toBe(1);
    expect(tenant.sent().map(({ change }) => change.kind)).toEqual(['opened', 'recovered']);
    expect(tenant.sent()[1]?.change.fleet).toMatchObject({ hosts: 10, ended: 10 });
    expect(tenant.fleets()[0]).toMatchObject({ status: 'closed', members: { members: [] } });
  });

  it('that comes again is a further episode', () => {
    const tenant = aTenant();
    const items = aStorm(10);
    tenant.run(items);
    tenant.run(ends(items, NOON + HOUR), { now: NOON + HOUR });

    const at = NOON + 48 * HOUR;
    tenant.run(aStorm(10, { change: { at, episode: 2, number: 3 } }), { now: at });

    expect(tenant.sent().map(({ change }) => [change.kind, change.episode])).toEqual([
      ['opened', 1],
      ['recovered', 1],
      ['opened', 2],
    ]);
    expect(tenant.fleets()).toHaveLength(1);
  });

  it('pages of a member that grows clearly faster by itself', () => {
    const tenant = aTenant();
    tenant.run(aStorm(10));

    const [host] = aStorm(1);
    const worse = { change: { kind: 'worse', number: 2, severity: 'critical' } } as const;
    tenant.run([anItem({ ...worse, host: host?.incident.resource ?? {}, leak: { growth: 6 } })]);

    expect(tenant.pages()).toEqual(['group:web-blue', 'i-00000']);
  });

  it('pages of a member that recovered and grows again by itself days later', () => {
    const tenant = aTenant();
    const items = aStorm(8);
    tenant.run(items);
    tenant.run(ends(items.slice(0, 2), NOON + HOUR), { now: NOON + HOUR });

    const at = NOON + 100 * HOUR;
    tenant.run(aStorm(1, { change: { number: 3, at, cycles: secondCycle(at) }, incident: { cycle: 2 } }), { now: at });

    expect(tenant.pages()).toEqual(['group:web-blue', 'i-00000']);
  });

  it('takes back a member that recovered and grows again with the others', () => {
    const tenant = aTenant();
    const items = aStorm(8);
    tenant.run(items);
    tenant.run(ends(items.slice(0, 1), NOON + HOUR), { now: NOON + HOUR });

    const at = NOON + 2 * HOUR;
    tenant.run(aStorm(1, { change: { number: 3, at, cycles: secondCycle(at) }, incident: { cycle: 2 } }), { now: at });

    expect(tenant.pages()).toEqual(['group:web-blue']);
    expect(tenant.fleets()[0]?.members?.members.map(({ state }) => state)).not.toContain('ended');
  });

  it('pages of a host weeks later though nobody knows since when it grows', () => {
    const tenant = aTenant();
    tenant.run(aStorm(8));

    const at = NOON + 21 * 24 * HOUR;
    const late = anItem({ host: { group: 'web-blue', id: 'i-late' }, change: { at, severity: 'critical' } });
    tenant.run([withOnset(late, null)], { now: at });

    expect(tenant.pages()).toEqual(['group:web-blue', 'i-late']);
  });

  it('releases members that go on when the others have ended for hours', () => {
    const tenant = aTenant();
    const items = aStorm(10);
    tenant.run(items);
    tenant.run(ends(items.slice(0, 9), NOON + HOUR), { now: NOON + HOUR });

    const early = tenant.run([], { now: NOON + 6 * HOUR });
    const late = tenant.run([], { now: NOON + 7 * HOUR });
    const left = items
      .slice(9)
      .map(({ incident }) => ({ incident, change: aChange({ kind: 'reminder', number: 2, at: NOON + 7 * HOUR }) }));
    const last = tenant.run(left, { now: NOON + 7 * HOUR });

    expect(early.released).toEqual([]);
    expect(late.released).toEqual([items[9]?.incident.key]);
    expect(last.released).toEqual([]);
    expect(tenant.pages()).toEqual(['group:web-blue', 'i-00009']);
    expect(tenant.sent().map(({ change }) => change.kind)).toEqual(['opened', 'recovered', 'reminder']);
  });

  it('lets the change of a member pass that went on for hours after the others', () => {
    const tenant = aTenant();
    const items = aStorm(8);
    tenant.run(items);
    tenant.run(ends(items.slice(0, 7), NOON + HOUR), { now: NOON + HOUR });

    const at = NOON + 20 * HOUR;
    const worse = aStorm(8, { change: { kind: 'worse', number: 2, severity: 'critical', at } }).slice(7);
    const { released } = tenant.run(worse, { now: at });

    expect(released).toEqual([]);
    expect(tenant.pages()).toEqual(['group:web-blue', 'i-00007']);
  });

  it('has not recovered while hosts rise that left it', () => {
    const tenant = aTenant();
    const items = aStorm(8);
    tenant.run(items);
    const faster = aStorm(6, { change: { kind: 'worse', number: 2, severity: 'critical' }, leak: { growth: 9 } });
    tenant.run(faster);

    tenant.run(ends(items.slice(6), NOON + HOUR), { now: NOON + HOUR });
    const status = tenant.fleets()[0]?.status;
    tenant.run(ends(items.slice(0, 6), NOON + 2 * HOUR), { now: NOON + 2 * HOUR });

    expect(status).toBe('open');
    expect(tenant.fleets()[0]?.status).toBe('closed');
  });

  it('whose change is put off is not decided again before its time', () => {
    const tenant = aTenant();
    const mutes = [aMute({ subject: { host: 'group:*' } })];
    const { fleets } = tenant.run(aStorm(8), { mutes });
    const [fleet] = fleets.map((one) => ({
      ...one,
      undecided: one.undecided.map((change) => ({ ...change, notBefore: NOON + 24 * HOUR })),
    }));

    const other = anItem({ host: { id: 'i-db', group: 'db' } });
    const { decisions } = decideAll([other], aContext({ fleets: fleet === undefined ? [] : [fleet] }));

    expect(fleet?.undecided).toHaveLength(1);
    expect(decisions.map(({ incident }) => incident.key.host)).toEqual(['i-db']);
  });

  it('lets those who were notified of a host before know that it ended', () => {
    const tenant = aTenant();
    tenant.run(aStorm(10));
    const [host] = aStorm(1, { incident: { lastNotifiedAt: NOON } });

    tenant.run(ends(host === undefined ? [] : [host], NOON + HOUR));

    expect(tenant.sent().map(({ incident, change }) => [incident.key.host, change.kind])).toEqual([
      ['group:web-blue', 'opened'],
      ['i-00000', 'recovered'],
    ]);
  });

  it('is not made by hosts that are muted', () => {
    const tenant = aTenant();
    const mutes = [aMute({ subject: { host: 'i-0000?' } })];

    tenant.run(aStorm(10), { mutes });

    expect(tenant.sent()).toEqual([]);
  });

  it('is muted with its group', () => {
    const tenant = aTenant();
    tenant.run(aStorm(10));

    const worse = aStorm(10, { change: { kind: 'worse', number: 2, severity: 'critical' } });
    const { decisions } = tenant.run(worse, { mutes: [aMute({ subject: { group: 'web-*' } })] });

    expect(decisions.find(({ incident }) => incident.key.finding === 'fleet')?.decision).toMatchObject({
      stage: 'mute',
    });
  });

  it('can be turned off', () => {
    const tenant = aTenant();

    tenant.run(aStorm(10), { alerts: { storm: false } });

    expect(tenant.pages()).toHaveLength(10);
    expect(tenant.fleets()).toEqual([]);
  });

  it('carries the labels that its members share, by which it is routed', () => {
    const tenant = aTenant();
    const items = aStorm(10).map(({ incident, change }, index) => ({
      incident: { ...incident, resource: { ...incident.resource, labels: { team: 'payments', index: String(index) } } },
      change,
    }));

    tenant.run(items);

    expect(tenant.sent()[0]?.incident.resource.labels).toEqual({ team: 'payments' });
  });
});

describe('a storm of a thousand hosts over shards, regions and two runs', () => {
  it('is one page, and the one that is truly alone is paged too', () => {
    const tenant = aTenant();
    const first = aStorm(600);
    const at = NOON + HOUR;
    const second = aStorm(1000, { change: { at } })
      .slice(600)
      .map((item, index) => (index % 2 === 0 ? item : anotherRegion(item)));
    const alone = anItem({ host: { id: 'i-alone', group: 'db' }, leak: { growth: 1 } });

    for (const shard of [first.slice(0, 250), [...first.slice(250, 500), alone], first.slice(500)]) tenant.run(shard);
    for (const shard of [second.slice(0, 200), second.slice(200)]) tenant.run(shard, { now: at });

    expect(tenant.pages().toSorted()).toEqual(['group:web-blue', 'i-alone']);
    expect(tenant.fleets().find(({ key }) => key.host === 'group:web-blue')?.members?.members).toHaveLength(1000);
  });

  it('is one page though an item holds fewer of its hosts than there are', () => {
    const tenant = aTenant();

    tenant.run(aStorm(3000));

    const fleet = tenant.fleets()[0];
    expect(tenant.pages()).toEqual(['group:web-blue']);
    expect(tenant.sent()[0]?.change.fleet?.hosts).toBe(3000);
    expect(JSON.stringify(fleet).length).toBeLessThan(256 * 1024);
  });
});

describe('the incident of a storm', () => {
  it('has room in an item of the table though ids and names of its hosts are long and not Latin', () => {
    const tenant = aTenant();
    const items = aStorm(1000).map(({ incident, change }, index) => {
      const host = `${String(index)}-${'計'.repeat(90)}`;
      const resource = { ...incident.resource, id: host, name: '計'.repeat(100) };
      return { incident: { ...incident, key: { ...incident.key, host }, resource }, change };
    });

    tenant.run(items);

    expect(Buffer.byteLength(JSON.stringify(tenant.fleets()))).toBeLessThan(300_000);
    expect(tenant.pages()).toEqual(['group:web-blue']);
    expect(tenant.sent()[0]?.change.fleet).toMatchObject({
      hosts: 1000,
      first: Array(10).fill({ name: '計'.repeat(100) }),
    });
  });
});

function anotherRegion({ incident, change }: Undecided): Undecided {
  const region = 'us-east-1';
  return {
    incident: { ...incident, key: { ...incident.key, region }, resource: { ...incident.resource, region } },
    change,
  };
}
