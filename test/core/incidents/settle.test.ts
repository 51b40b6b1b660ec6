/** How changes are decided, and what becomes of those that there is no room or no topic for. */
import { describe, expect, it } from 'vitest';
import { appendChange } from '../../../core/incidents/append-change.ts';
import { type Decide, sendEverything } from '../../../core/incidents/decide.ts';
import { MAX_BARE, MAX_BODIES, MAX_OUTBOX_BYTES, MAX_UNDECIDED } from '../../../core/incidents/room.ts';
import { settle } from '../../../core/incidents/settle.ts';
import { GIVE_UP_MS, SWEEP_GRACE_MS, sweep, UNDECIDED_GRACE_MS } from '../../../core/incidents/sweep.ts';
import type { ChangeKind } from '../../../core/model/change.ts';
import type { Decision } from '../../../core/model/decision.ts';
import { type Incident, incidentId } from '../../../core/model/incident.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import type { IncidentStore } from '../../../core/ports/incident-store.ts';
import {
  aDecision,
  aFinding,
  anIncident,
  anIncidentKey,
  aResource,
  HOUR,
  MINUTE,
  NOON,
} from '../../fixtures/builders.ts';
import { createMemoryPublisher } from '../../memory/messaging.ts';
import { createMemoryEventLog, createMemoryIncidentStore } from '../../memory/stores.ts';

const key = anIncidentKey();

/** An incident to which all of this has happened, in episodes that begin with `opened` and end with `recovered`. */
function happened(
  kinds: readonly ChangeKind[],
  before: Incident = anIncident({ transition: 0 }),
  now = NOON,
): Incident {
  let incident = before;
  for (const kind of kinds) {
    const episode = kind === 'opened' ? incident.episode + 1 : incident.episode;
    const finding = kind === 'recovered' ? {} : { finding: aFinding({ resource: incident.resource }) };
    incident = appendChange({ ...incident, episode }, { kind, now, ...finding });
  }
  return incident;
}

async function aWorld(decide: Decide, ...incidents: readonly Incident[]) {
  const store = createMemoryIncidentStore();
  for (const incident of incidents) await store.put(incident, 0);
  const publisher = createMemoryPublisher();
  await publisher.ensureTopic('acme');
  const log = createMemoryEventLog();
  const ports = { incidents: store, publisher, log, decide };
  return {
    ports,
    log,
    publisher,
    all: store.all,
    settle: (now = NOON) => settle(store.all(), ports, { now }),
    incident: async () => (await store.get(key))?.value,
    sent: () => (publisher.published.get('acme') ?? []).map(({ data }) => data),
  };
}

const decideAs =
  (decision: Partial<Decision>): Decide =>
  async (_, undecided) => ({
    decisions: undecided.map((one) => ({ ...one, decision: aDecision(decision) })),
    fleets: [],
  });

const numbers = (incident: Incident | undefined) => incident?.undecided.map(({ number }) => number);

/** Messages that were lost: those that no message has reported yet, and those that a waiting one reports. */
function lostOf(incident: Incident | undefined): number {
  const reported = incident?.outbox.map(({ body }) => body?.data.dropped ?? 0) ?? [];
  return reported.reduce((sum, count) => sum + count, incident?.dropped ?? 0);
}

describe('settle', () => {
  it('sends a change, logs it with its decision and its body, and forgets it', async () => {
    const world = await aWorld(sendEverything, happened(['opened']));

    const delivery = await world.settle();

    expect(delivery).toMatchObject({ published: 1, held: 0 });
    expect(world.sent()).toMatchObject([{ kind: 'opened', transition: 1, episode: 2 }]);
    expect(world.log.entries).toMatchObject([
      {
        kind: 'change',
        id: `${world.sent()[0]?.incident}/1`,
        incident: world.sent()[0]?.incident,
        at: NOON,
        change: { number: 1, kind: 'opened' },
        decision: { outcome: 'sent', page: true },
        body: { data: { kind: 'opened' } },
      },
    ]);
    expect(await world.incident()).toMatchObject({ undecided: [], outbox: [], lastNotifiedAt: NOON });
  });

  it('logs a change that is held back with the reason, and sends nothing', async () => {
    const held = { outcome: 'held', stage: 'mute', reason: 'muted by ops: known' } as const;
    const world = await aWorld(decideAs(held), happened(['opened']));

    const delivery = await world.settle();

    expect(delivery).toMatchObject({ published: 0, held: 1 });
    expect(world.sent()).toEqual([]);
    expect(world.log.entries).toMatchObject([{ kind: 'change', decision: held }]);
    expect(world.log.entries[0]).not.toHaveProperty('body');
    expect(await world.incident()).toMatchObject({ undecided: [], outbox: [], lastNotifiedAt: null });
  });

  it('decides again from then on what is put off', async () => {
    const until = NOON + HOUR / 2;
    const world = await aWorld(decideAs({ outcome: 'put_off', stage: 'quiet_hours', until }), happened(['opened']));
    const morning = { ...world.ports, decide: sendEverything };

    await world.settle();
    const night = await sweep(morning, { now: until - 1 });
    const after = await sweep(morning, { now: until });

    expect([night.published, after.published]).toEqual([0, 1]);
    expect(world.log.entries.map(({ kind }) => kind)).toEqual(['put_off', 'change']);
  });

  it('logs once that a change is put off, why and until when, however often it is decided again', async () => {
    const until = NOON + 9 * HOUR;
    const putOff = { outcome: 'put_off', stage: 'quiet_hours', reason: 'quiet hours until 21:00', until } as const;
    const world = await aWorld(decideAs(putOff), happened(['opened']));

    const delivery = await world.settle();
    for (const hours of [1, 2, 3]) await sweep(world.ports, { now: NOON + hours * HOUR });

    expect(delivery).toMatchObject({ published: 0, held: 0 });
    const incident = incidentId(key, 2);
    expect(world.log.entries).toMatchObject([
      { kind: 'put_off', id: `${incident}/1/put_off`, incident, at: NOON, change: { number: 1 }, decision: putOff },
    ]);
    expect(world.log.entries[0]).not.toHaveProperty('change.leak');
    expect(await world.incident()).toMatchObject({ undecided: [{ number: 1 }], outbox: [] });
  });

  it('logs that a change was put off and what became of it, where the log has failed in between', async () => {
    const until = NOON + HOUR / 2;
    const world = await aWorld(decideAs({ outcome: 'put_off', stage: 'mute', until }), happened(['opened']));
    const put = async () => Promise.reject(new StoreError('down'));
    const broken = settle(world.all(), { ...world.ports, log: { put } }, { now: NOON });
    await expect(broken).rejects.toThrow('down');
    const waiting = await world.incident();

    await sweep({ ...world.ports, decide: sendEverything }, { now: until });

    expect(waiting).toMatchObject({ undecided: [{ number: 1 }], outbox: [{ decision: { outcome: 'put_off' } }] });
    expect(world.log.entries.map(({ kind, at }) => [kind, at])).toEqual([
      ['put_off', NOON],
      ['change', NOON],
    ]);
    expect(await world.incident()).toMatchObject({ undecided: [], outbox: [], dropped: 0 });
  });

  it('decides within the hour what is muted for longer, because a mute may be lifted', async () => {
    const until = NOON + 300 * 24 * HOUR;
    const world = await aWorld(decideAs({ outcome: 'put_off', stage: 'mute', until }), happened(['opened']));
    const unmuted = { ...world.ports, decide: sendEverything };

    await world.settle();
    const early = await sweep(unmuted, { now: NOON + HOUR - 1 });
    const late = await sweep(unmuted, { now: NOON + HOUR });

    expect([early.published, late.published]).toEqual([0, 1]);
  });

  it('leaves a change undecided that the policy decides nothing about', async () => {
    const world = await aWorld(async () => ({ decisions: [], fleets: [] }), happened(['opened']));

    await world.settle();

    expect(numbers(await world.incident())).toEqual([1]);
  });

  it('leaves younger changes to the run that recorded them, and decides them ten minutes later', async () => {
    const world = await aWorld(sendEverything, happened(['opened']));

    const early = await sweep(world.ports, { now: NOON + UNDECIDED_GRACE_MS - 1 });
    const late = await sweep(world.ports, { now: NOON + UNDECIDED_GRACE_MS });

    expect([early.published, late.published]).toEqual([0, 1]);
  });

  it('composes a change that is decided late as one of its own episode', async () => {
    const world = await aWorld(sendEverything, happened(['opened', 'recovered', 'opened']));

    await world.settle();

    expect(world.sent().map(({ kind, episode, transition }) => [kind, episode, transition])).toEqual([
      ['opened', 2, 1],
      ['recovered', 2, 2],
      ['opened', 3, 3],
    ]);
    expect(new Set(world.log.entries.map(({ incident }) => incident)).size).toBe(2);
  });

  it('decides a change once where two decide it differently at once', async () => {
    const world = await aWorld(sendEverything, happened(['opened']));
    const other = { ...world.ports, decide: decideAs({ outcome: 'held', stage: 'mute', reason: 'muted' }) };
    const known = await Array.fromAsync(world.ports.incidents.unsettled());

    const outcomes = await Promise.all([
      settle(known, world.ports, { now: NOON }),
      settle(known, other, { now: NOON }),
    ]);

    const published = outcomes.reduce((sum, outcome) => sum + outcome.published, 0);
    const held = outcomes.reduce((sum, outcome) => sum + outcome.held, 0);
    expect(published + held).toBe(1);
    expect(world.log.entries).toHaveLength(1);
    expect(world.sent()).toHaveLength(published);
  });

  it('sends what was decided before where the policy cannot be asked, and throws why', async () => {
    const world = await aWorld(sendEverything, happened(['opened']));
    world.publisher.down = true;
    await world.settle();
    world.publisher.down = false;
    const current = await world.incident();
    if (current === undefined) throw new Error('there is one');
    await world.ports.incidents.put(happened(['worse'], current), 2);
    const broken: Decide = () => Promise.reject(new StoreError('the mutes cannot be read'));

    await expect(
      settle(
        await Array.fromAsync(world.ports.incidents.unsettled()),
        { ...world.ports, decide: broken },
        { now: NOON },
      ),
    ).rejects.toThrow('the mutes cannot be read');

    expect(world.sent().map(({ kind }) => kind)).toEqual(['opened']);
    expect(numbers(await world.incident())).toEqual([2]);
  });

  it('settles the other incidents where one cannot be stored', async () => {
    const other = anIncidentKey({ host: 'i-other' });
    const world = await aWorld(
      sendEverything,
      happened(['opened']),
      happened(['opened'], anIncident({ key: other, transition: 0 })),
    );
    const { incidents } = world.ports;
    const failing: IncidentStore = {
      ...incidents,
      put: (incident, version) =>
        incident.key.host === 'i-other'
          ? incidents.put(incident, version)
          : Promise.reject(new StoreError('throttled')),
    };
    const known = await Array.fromAsync(incidents.unsettled());

    await expect(settle(known.toReversed(), { ...world.ports, incidents: failing }, { now: NOON })).rejects.toThrow(
      'throttled',
    );

    expect(world.sent().map(({ host }) => host.id)).toEqual(['i-other']);
    expect(numbers(await world.incident())).toEqual([1]);
  });
});

describe('a full outbox', () => {
  const wide = aResource({
    labels: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}${'é'.repeat(200)}`, 'ü'.repeat(200)])),
  });

  /** All of it happens while the topic is down, one after the other. */
  async function whileDown(kinds: readonly ChangeKind[], before?: Incident) {
    const world = await aWorld(sendEverything, before ?? anIncident({ transition: 0 }));
    world.publisher.down = true;
    let version = 1;
    const outcomes = [];
    for (const kind of kinds) {
      const current = await world.ports.incidents.get(key);
      if (current === undefined) throw new Error('there is one');
      await world.ports.incidents.put(happened([kind], current.value), current.version);
      version++;
      outcomes.push(await world.settle());
    }
    return { ...world, version, outcomes };
  }

  it('loses a growth first that began and ended while the topic was down, and logs and counts it', async () => {
    const kinds: ChangeKind[] = ['opened', 'worse', 'recovered', 'opened', ...Array(MAX_BODIES - 3).fill('worse')];

    const world = await whileDown(kinds);

    const incident = await world.incident();
    const waiting = incident?.outbox.map(({ change }) => change.number);
    expect(waiting).toEqual(Array.from({ length: MAX_BODIES - 2 }, (_, index) => index + 4));
    expect(incident?.dropped).toBe(3);
    expect(world.outcomes.flatMap(({ crowdedOut }) => crowdedOut.map((id) => id.split('/').at(-1)))).toEqual([
      '1',
      '2',
      '3',
    ]);
    expect(world.log.entries).toMatchObject(
      [1, 2, 3].map((number) => ({
        kind: 'dropped',
        change: { number },
        decision: { outcome: 'sent' },
        reason: expect.stringContaining('no room'),
      })),
    );
  });

  it('loses what lies between a beginning and an end next, and keeps what is newest', async () => {
    const world = await whileDown(['opened', ...Array(MAX_BODIES + 4).fill('worse'), 'recovered']);

    const incident = await world.incident();
    const kinds = incident?.outbox.map(({ change }) => change.kind) ?? [];
    expect([kinds.length, kinds[0], kinds.at(-1)]).toEqual([MAX_BODIES, 'opened', 'recovered']);
    expect(lostOf(incident)).toBe(6);
  });

  it('reports with the next message how many were lost before it', async () => {
    const world = await whileDown(['opened', 'recovered', 'opened', ...Array(MAX_BODIES - 2).fill('worse')]);
    world.publisher.down = false;
    await world.settle();
    const current = await world.ports.incidents.get(key);
    await world.ports.incidents.put(happened(['worse'], current?.value), current?.version ?? 0);

    await world.settle();

    expect(
      world
        .sent()
        .map(({ dropped }) => dropped)
        .filter((count) => count !== undefined),
    ).toEqual([2]);
    expect(await world.incident()).toMatchObject({ dropped: 0, outbox: [] });
  });

  it('stays within its bytes, however long the labels of its host are', async () => {
    const before = anIncident({ transition: 0, resource: wide });

    const world = await whileDown(Array.from({ length: 12 }, () => ['opened', 'recovered'] as const).flat(), before);

    const incident = await world.incident();
    const bytes = new TextEncoder().encode(JSON.stringify(incident?.outbox)).length;
    expect(bytes).toBeLessThanOrEqual(MAX_OUTBOX_BYTES);
    expect(incident?.outbox.at(-1)?.change.kind).toBe('recovered');
    expect(lostOf(incident)).toBeGreaterThan(0);
  });

  it('takes changes that no room is left for before they are decided, and logs them as held back', async () => {
    const incident = happened(['opened', ...Array(MAX_UNDECIDED + 2).fill('worse')]);
    const world = await aWorld(sendEverything, incident);

    expect(incident.undecided).toHaveLength(MAX_UNDECIDED);
    expect(incident.dropped).toBe(3);
    await world.settle();

    const dropped = world.log.entries.filter(({ kind }) => kind === 'dropped');
    expect(dropped).toMatchObject([2, 3, 4].map((number) => ({ change: { number }, decision: { outcome: 'held' } })));
    expect(world.log.entries).toHaveLength(MAX_UNDECIDED + 3);
  });

  it('counts what was held back and leaves because the log cannot be written, and reports it with the next message', async () => {
    const world = await aWorld(decideAs({ outcome: 'held', stage: 'mute', reason: 'muted' }), anIncident());
    const down = { ...world.ports, log: { put: () => Promise.reject(new StoreError('the log is down')) } };
    for (let change = 0; change < MAX_BARE + 3; change++) {
      const current = await world.ports.incidents.get(key);
      await world.ports.incidents.put(happened(['worse'], current?.value), current?.version ?? 0);
      await expect(settle(world.all(), down, { now: NOON })).rejects.toThrow('the log is down');
    }
    const full = await world.ports.incidents.get(key);
    await world.ports.incidents.put(happened(['worse'], full?.value), full?.version ?? 0);

    await settle(world.all(), { ...world.ports, decide: sendEverything }, { now: NOON });

    expect(full?.value.dropped).toBe(3);
    expect(world.log.entries).toHaveLength(MAX_BARE + 1);
    expect(world.sent()).toMatchObject([{ kind: 'worse', dropped: 3 }]);
  });
});

describe('a topic that is broken for days', () => {
  it('is given up, with an entry in the log, and does not hold up other tenants', async () => {
    const globex = anIncidentKey({ tenant: 'globex' });
    const world = await aWorld(
      sendEverything,
      happened(['opened']),
      happened(['opened'], anIncident({ key: globex, transition: 0 })),
    );
    // Nobody made the other tenant's topic.
    const first = await sweep(world.ports, { now: NOON + UNDECIDED_GRACE_MS });
    const decidedAt = NOON + UNDECIDED_GRACE_MS;
    const before = await sweep(world.ports, { now: decidedAt + GIVE_UP_MS });
    const after = await sweep(world.ports, { now: decidedAt + GIVE_UP_MS + MINUTE });

    expect([first.published, first.failed.length]).toEqual([1, 1]);
    expect([before.failed.length, after.failed.length, after.undeliverable.length]).toEqual([1, 0, 1]);
    expect(world.log.entries.filter(({ tenant }) => tenant === 'globex')).toMatchObject([
      { kind: 'dropped', reason: expect.stringMatching(/^given up after/), body: { data: { kind: 'opened' } } },
    ]);
    expect((await world.ports.incidents.get(globex))?.value).toMatchObject({ outbox: [], dropped: 1 });
  });

  it('is not given up on what was put off for as long, nor published to by a sweep beside the run that has decided', async () => {
    const world = await aWorld(sendEverything, happened(['opened'], anIncident({ transition: 0 })));
    const decidedAt = NOON + GIVE_UP_MS + HOUR;
    const publisher = {
      ...world.publisher,
      publish: async (events: readonly { readonly id: string }[]) =>
        events.map(({ id }) => ({ id, kind: 'failed' as const, retryable: true, detail: 'throttled' })),
    };

    const first = await sweep({ ...world.ports, publisher }, { now: decidedAt });
    const beside = await sweep({ ...world.ports, publisher }, { now: decidedAt + MINUTE });
    const next = await sweep(world.ports, { now: decidedAt + SWEEP_GRACE_MS });

    expect([first.failed.length, first.undeliverable.length]).toEqual([1, 0]);
    expect(beside).toMatchObject({ published: 0, failed: [] });
    expect(next.published).toBe(1);
  });
});

describe('a table that does not answer while changes are decided', () => {
  it('is not waited for when time is up: the sweep decides', async () => {
    const world = await aWorld(sendEverything, happened(['opened']));
    const stuck: IncidentStore = { ...world.ports.incidents, put: () => new Promise(() => {}) };
    const time = new AbortController();

    const settling = settle(world.all(), { ...world.ports, incidents: stuck }, { now: NOON, timeIsUp: time.signal });
    time.abort();

    expect(await settling).toMatchObject({ published: 0 });
    await sweep(world.ports, { now: NOON + UNDECIDED_GRACE_MS });
    expect(world.sent()).toMatchObject([{ kind: 'opened' }]);
  });
});
