/** What a comparison after a scaling event reads, records and publishes. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { sendEverything } from '../../../core/incidents/decide.ts';
import { compareNewHosts } from '../../../core/inspection/early-comparison.ts';
import { emailSubject, emailText } from '../../../core/messages/email.ts';
import { listedFindingSchema } from '../../../core/model/inspection-result.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import { notificationSchema } from '../../../core/model/notification.ts';
import type { Reading } from '../../../core/model/series.ts';
import type { StoredTenant } from '../../../core/model/tenant.ts';
import { SourceError, StoreError } from '../../../core/ports/errors.ts';
import type { MemorySource, ReadRequest } from '../../../core/ports/memory-source.ts';
import { anIncidentKey, aTenantConfig, HOUR, MINUTE } from '../../fixtures/builders.ts';
import { createMemoryPublisher } from '../../memory/messaging.ts';
import { createMemoryEventLog, createMemoryIncidentStore } from '../../memory/stores.ts';
import { climbing, EVENT, groupAt, type Lifetime, launched, warmUp } from '../detector/early-lifetimes.ts';

const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
const KEY = anIncidentKey({ host: 'fast-0', finding: 'early' });
const threeOfTwelve = [...launched(9, 'usual', climbing(2)), ...launched(3, 'fast', climbing(4))];

async function aWorld(policy: Record<string, unknown> = {}, rules: Record<string, unknown> = {}) {
  const incidents = createMemoryIncidentStore();
  const publisher = createMemoryPublisher();
  await publisher.ensureTopic('acme');
  const published = () => publisher.published.get('acme') ?? [];
  const config = aTenantConfig({ policy, ...rules });
  const tenant: StoredTenant = { config, version: 1, externalId: 'external', putAt: EVENT };
  const [account] = config.accounts;
  if (account === undefined) throw new Error('there is one');
  const requests: ReadRequest[] = [];
  let now = EVENT;
  /** Compares `hours` after the event; `group` is the one that scaled. */
  const compareAt = (
    hours: number,
    readings: Iterable<Reading> | Error,
    group = 'web',
    remainingMs = () => 800_000,
  ) => {
    const source: MemorySource = {
      scope: SCOPE,
      ingestionDelayMs: 5 * MINUTE,
      async *read(request) {
        requests.push(request);
        if (readings instanceof Error) throw readings;
        yield* readings;
      },
    };
    const scheduledTime = EVENT + hours * HOUR;
    // A message may come late; the clock goes on.
    now = Math.max(now, scheduledTime + MINUTE);
    const scaling = { group, at: new Date(EVENT).toISOString() };
    return compareNewHosts(
      { tenant, account, source, metric: LEAK_METRIC, scheduledTime, runsPerMonth: 720, scaling },
      { incidents, publisher, log: createMemoryEventLog(), decide: sendEverything },
      { now, remainingMs },
    );
  };
  return { incidents, published, compareAt, requests };
}

const at = (hours: number, lifetimes: readonly Lifetime[] = threeOfTwelve) => groupAt(hours, lifetimes);

describe('a comparison after a scaling event', () => {
  it('reads the group once, finely, over the lookback window, with the hosts that are gone', async () => {
    const { compareAt, requests } = await aWorld();

    await compareAt(3, at(3));

    expect(requests).toMatchObject([
      {
        metric: LEAK_METRIC,
        includeGone: true,
        filters: [{ include: [{ group: 'web' }] }],
        span: { periodMs: 5 * MINUTE, statistic: 'average' },
      },
    ]);
    const { start, end } = requests[0]?.span.window ?? { start: 0, end: 0 };
    expect([end - EVENT, end - start]).toEqual([3 * HOUR - 5 * MINUTE, 100 * HOUR]);
  });

  it('reports the three of twelve that climb twice as fast as suspected, and pages nobody', async () => {
    const { compareAt, published, incidents } = await aWorld();

    const { compared, summary, delivery } = await compareAt(3, at(3));

    expect(compared).toEqual({ early: 3, alike: 9, notCompared: 0, outOfTime: 0, older: 0 });
    expect(summary).toMatchObject({ outcome: 'complete', hosts: { known: 12 }, verdicts: { insufficientData: 12 } });
    expect(delivery.published).toBe(3);
    expect(published().map(({ type, data }) => [type, data.finding, data.host.id])).toEqual([
      ['plimsoll.memory.suspected', 'early', 'fast-0'],
      ['plimsoll.memory.suspected', 'early', 'fast-1'],
      ['plimsoll.memory.suspected', 'early', 'fast-2'],
    ]);
    expect((await incidents.get(KEY))?.value).toMatchObject({ status: 'suspected', episode: 1, outbox: [] });
  });

  it('publishes the facts, and a text that a person reads', async () => {
    const { compareAt, published } = await aWorld();

    await compareAt(3, at(3));

    const [event] = published();
    if (event === undefined) throw new Error('there is one');
    expect(notificationSchema.parse(event)).toEqual(event);
    expect(event.data.early).toMatchObject({
      ageHours: 2.5,
      fromHours: 0,
      references: 'beside',
      compared: 11,
      group: 'web',
      event: '2026-11-20T12:00:00.000Z',
    });
    expect(event.data.leak).toBeUndefined();
    expect(event.data.summary).toMatch(
      /^Memory of fast-0 grows faster than its siblings at the same age \(2\.5 h: \+8\.\d points, others \+4\.\d\) \(\w+, /,
    );
    expect(emailSubject(event).length).toBeLessThan(100);
    expect(emailText(event)).toMatch(/Growth: \+8\.\d points \(age 2\.5 h\)\nOthers: \+4\.\d points at that age \(\+/);
    expect(emailText(event)).toContain('Scaled: group web at 2026-11-20 12:00 UTC');
  });

  it('reports each host once, whatever comes again', async () => {
    const { compareAt, published } = await aWorld();
    await compareAt(1.5, at(1.5));
    await compareAt(3, at(3));
    const after = published().length;

    await compareAt(3, at(3));
    await compareAt(1.5, at(1.5));

    expect(after).toBe(3);
    expect(published()).toHaveLength(3);
  });

  it('pages where the policy requires it', async () => {
    const { compareAt, published, incidents } = await aWorld({ early: 'page' });

    await compareAt(3, at(3));

    expect(new Set(published().map(({ type }) => type))).toEqual(new Set(['plimsoll.memory.opened']));
    expect((await incidents.get(KEY))?.value.status).toBe('open');
  });

  it('reads nothing where the policy turns it off', async () => {
    const { compareAt, published, requests } = await aWorld({ early: 'off' });

    await compareAt(3, at(3));

    expect([requests, published()]).toEqual([[], []]);
  });

  it('reads nothing where the policy of the group turns it off', async () => {
    const groupPolicies = [{ group: 'web', policy: { early: 'off' } }];
    const { compareAt, requests } = await aWorld({ early: 'page' }, { groupPolicies });

    await compareAt(3, at(3));

    expect(requests).toEqual([]);
  });

  it('follows the policy of a single host', async () => {
    const hostPolicies = [
      { id: 'fast-0', policy: { early: 'page' } },
      { id: 'fast-1', policy: { early: 'off' } },
    ];
    const { compareAt, published } = await aWorld({}, { hostPolicies });

    await compareAt(3, at(3));

    const types = published().map(({ type, data }) => [data.host.id, type]);
    expect(types.toSorted()).toEqual([
      ['fast-0', 'plimsoll.memory.opened'],
      ['fast-2', 'plimsoll.memory.suspected'],
    ]);
  });

  it('names none of twelve that warm up alike', async () => {
    const { compareAt, published } = await aWorld();
    const alike = launched(12, 'new', warmUp(30, 0.5));

    for (const hours of [0.7, 1.2, 3.2, 9.2]) await compareAt(hours, at(hours, alike));

    expect(published()).toEqual([]);
  });

  it.each([
    ['notify', 'plimsoll.memory.cleared'],
    ['page', 'plimsoll.memory.recovered'],
  ])('ends what it reported when a later one sees no difference (%s)', async (early, type) => {
    const { compareAt, published, incidents } = await aWorld({ early });
    await compareAt(3, at(3));
    const calm = [...launched(9, 'usual', climbing(2)), ...launched(3, 'fast', climbing(2))];

    await compareAt(6, at(6, calm));

    expect(
      published()
        .slice(3)
        .map((event) => event.type),
    ).toEqual([type, type, type]);
    expect(published()[3]?.data.summary).toMatch(/no longer reported as growing faster/);
    expect((await incidents.get(KEY))?.value.status).toBe('closed');
  });

  it('leaves the end to the inspections of the schedule when the host’s own history suffices', async () => {
    const { compareAt, published, incidents } = await aWorld();
    await compareAt(3, at(3));

    await compareAt(9.2, at(9.2));

    expect(published()).toHaveLength(3);
    expect((await incidents.get(KEY))?.value.status).toBe('suspected');
  });

  it('reports at nine hours what is found only then, once, and not again after its end', async () => {
    const { compareAt, published, incidents } = await aWorld();
    await compareAt(9.2, at(9.2));
    const found = await incidents.get(KEY);
    if (found === undefined) throw new Error('it was reported');
    await incidents.put({ ...found.value, status: 'closed' }, found.version);

    await compareAt(9.3, at(9.3));

    expect(published()).toHaveLength(3);
    expect((await incidents.get(KEY))?.value.status).toBe('closed');
  });

  it.each([
    ['notify', []],
    ['page', new Array(3).fill('plimsoll.memory.recovered')],
  ])('ends it when the host is gone, and reports that to whom it paged (%s)', async (early, types) => {
    const { compareAt, published, incidents } = await aWorld({ early });
    await compareAt(3, at(3));

    const left = launched(9, 'usual', climbing(2));
    await compareAt(5, at(5, left));

    const ends = published().slice(3);
    expect(ends.map(({ type }) => type)).toEqual(types);
    expect((await incidents.get(KEY))?.value.status).toBe('closed');
  });

  it('lists what was found, the most it knows of it', async () => {
    const { compareAt } = await aWorld();

    const { findings } = await compareAt(3, at(3));

    expect(findings).toMatchObject([
      { host: { id: 'fast-0' }, kind: 'early', grade: 'suspected', confidence: null, unit: '1' },
      { host: { id: 'fast-1' } },
      { host: { id: 'fast-2' } },
    ]);
    expect(findings[0]?.level).toBeCloseTo(0.32, 1);
    expect(findings[0]?.growthPerHour.estimate).toBeCloseTo(0.035, 2);
    for (const finding of findings)
      expect(listedFindingSchema.decode(z.encode(listedFindingSchema, finding))).toBeDefined();
  });

  it('leaves to another run what it could not record in time', async () => {
    const { compareAt, published, incidents } = await aWorld();
    let remaining = 800_000;
    const stored = incidents.put;
    incidents.put = (incident, version) => {
      remaining = 15_000;
      return incident.key.host === 'fast-2' ? new Promise(() => undefined) : stored(incident, version);
    };

    const { recorded, unrecorded, summary } = await compareAt(3, at(3), 'web', () => remaining);

    expect({ recorded, unrecorded }).toEqual({ recorded: 2, unrecorded: 1 });
    expect(summary).toMatchObject({ outcome: 'partial', unreadable: { timeout: 1 } });
    expect(published()).toHaveLength(2);
  });

  it('compares no further host once its time is up', async () => {
    const { compareAt } = await aWorld();

    const { compared, summary } = await compareAt(3, at(3), 'web', () => 24_000);

    expect(compared).toMatchObject({ early: 0, alike: 0, notCompared: 12, outOfTime: 12 });
    expect(summary).toMatchObject({ outcome: 'partial', unreadable: { timeout: 1 } });
  });

  it('publishes what was recorded before it fails with its store', async () => {
    const { compareAt, published, incidents } = await aWorld();
    const stored = incidents.put;
    incidents.put = async (incident, version) => {
      if (incident.key.host === 'fast-2') throw new StoreError('throttled');
      return stored(incident, version);
    };

    await expect(compareAt(3, at(3))).rejects.toThrow('throttled');

    expect(published().map(({ data }) => data.host.id)).toEqual(['fast-0', 'fast-1']);
  });

  it('ends nothing where something could not be read', async () => {
    const { compareAt, incidents } = await aWorld();
    await compareAt(3, at(3));

    const { summary } = await compareAt(5, new SourceError('denied', { reason: 'denied', retryable: false }));

    expect(summary).toMatchObject({ outcome: 'partial', unreadable: { denied: 1 } });
    expect((await incidents.get(KEY))?.value.status).toBe('suspected');
  });

  it('leaves incidents of leaks and of other groups alone', async () => {
    const { compareAt, incidents } = await aWorld();
    await compareAt(3, at(3));
    const before = await incidents.get(KEY);

    await compareAt(5, [], 'api');

    expect(await incidents.get(KEY)).toEqual(before);
    expect(await incidents.get(anIncidentKey({ host: 'fast-0' }))).toBeUndefined();
  });

  it('takes no other group whose name its own would match as a pattern', async () => {
    const { compareAt } = await aWorld();

    const { compared } = await compareAt(3, at(3), 'w*');

    expect(compared).toEqual({ early: 0, alike: 0, notCompared: 0, outOfTime: 0, older: 0 });
  });
});
