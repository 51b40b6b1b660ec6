import { describe, expect, it } from 'vitest';
import { observeAnomalies } from '../../../core/incidents/observation.ts';
import { record } from '../../../core/incidents/record.ts';
import { createRecorder, type Recorder } from '../../../core/incidents/recorder.ts';
import type { HostAnomaly } from '../../../core/model/anomaly.ts';
import type { FullHost } from '../../../core/model/full-host.ts';
import type { Incident } from '../../../core/model/incident.ts';
import type { Evaluated, Inspected, LeakingHost } from '../../../core/model/inspected-host.ts';
import { effectivePolicy } from '../../../core/model/policy.ts';
import type { Resource } from '../../../core/model/series.ts';
import type { Grade } from '../../../core/model/verdict.ts';
import { ItemError, StoreError } from '../../../core/ports/errors.ts';
import type { IncidentStore } from '../../../core/ports/incident-store.ts';
import { anAnomaly, RESIDENT } from '../../fixtures/anomalies.ts';
import {
  aLeakingVerdict,
  anAlmostEndedStory,
  anEntry,
  anEvidence,
  anIncident,
  anIncidentKey,
  anInsufficientVerdict,
  aResource,
  aSeries,
  aSteadyVerdict,
  HOUR,
  NOON,
} from '../../fixtures/builders.ts';
import { createMemoryIncidentStore } from '../../memory/stores.ts';

const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
const SECOND = { policyOf: () => effectivePolicy({ recoverAfter: 2 }) };

const seriesOf = (id: string, end = NOON) => aSeries([0.5], { resource: aResource({ id }), end });

interface Leak {
  readonly grade?: Grade;
  readonly hoursLeft?: number;
  readonly asOf?: number;
}

/** A leak that is medium where no hours are given: its limit is 95 h away. */
function leaking(id: string, { grade = 'confirmed', hoursLeft = 95, asOf = NOON }: Leak = {}): LeakingHost {
  const likely = asOf + hoursLeft * HOUR;
  const exhaustion = { kind: 'expected', earliest: likely, likely, latest: null } as const;
  const verdict = aLeakingVerdict({ grade, evidence: anEvidence({ exhaustion }) });
  return { kind: 'evaluated', series: seriesOf(id, asOf), verdict };
}

const steady = (id: string): Evaluated => ({ kind: 'evaluated', series: seriesOf(id), verdict: aSteadyVerdict() });

/** What was recorded an hour before. */
const hourBefore = (host: string, overrides: Partial<Incident> = {}): Incident =>
  anIncident({ key: anIncidentKey({ host }), asOf: NOON - HOUR, ...overrides });

async function aStore(...incidents: Incident[]): Promise<IncidentStore> {
  const store = createMemoryIncidentStore();
  for (const incident of incidents) await store.put(incident, 0);
  return store;
}

/** Counts what a store is called for. */
function counted(store: IncidentStore) {
  const calls = { get: 0, put: 0 };
  const counting: IncidentStore = {
    ...store,
    get(key) {
      calls.get++;
      return store.get(key);
    },
    put(incident, version) {
      calls.put++;
      return store.put(incident, version);
    },
  };
  return { store: counting, calls };
}

const NEVER = new AbortController().signal;

const aRecorder = (store: IncidentStore, isSuperseded = async () => false, endsIncidents = true) =>
  createRecorder(
    { tenant: 'acme', scope: SCOPE, asOf: NOON, now: NOON, endsIncidents, ...SECOND },
    store,
    isSuperseded,
    NEVER,
  );

/** Records them all, to the end. */
async function recordAll(recorder: Recorder, ...inspected: Inspected[]) {
  for (const one of inspected) await recorder.add(one);
  return recorder.finish();
}

/** One steady run is missing. */
const ALMOST_OVER = { story: anAlmostEndedStory({ steadyRuns: 1 }) };

const ALL_WRITTEN = { left: 0, failure: undefined };

const itemOf = async (store: IncidentStore, host: string) => (await store.get(anIncidentKey({ host })))?.value;

describe('a recorder', () => {
  it('opens an incident for a leak and has its change to settle', async () => {
    const store = await aStore();
    const recorder = await aRecorder(store);

    expect(await recordAll(recorder, leaking('i-1'))).toEqual({ ...ALL_WRITTEN, written: 1 });

    expect(await itemOf(store, 'i-1')).toMatchObject({ status: 'open', asOf: NOON });
    expect(recorder.changed()).toMatchObject([{ version: 1, value: { undecided: [{ kind: 'opened' }] } }]);
  });

  it('stores a leak that is no news, and has nothing to settle of it', async () => {
    const store = await aStore(hourBefore('i-1'));
    const recorder = await aRecorder(store);

    await recordAll(recorder, leaking('i-1'));

    expect(await itemOf(store, 'i-1')).toMatchObject({ asOf: NOON });
    expect(recorder.changed()).toEqual([]);
  });

  it('settles with a stored change what is still in the outbox of its incident', async () => {
    const store = await aStore(hourBefore('i-1', { outbox: [anEntry()] }));
    const recorder = await aRecorder(store);

    await recordAll(recorder, leaking('i-1'));

    expect(recorder.changed()).toMatchObject([{ value: { outbox: [anEntry()] } }]);
  });

  it('ends a leak after as many steady runs as the policy requires', async () => {
    const store = await aStore(hourBefore('i-1', ALMOST_OVER));
    const recorder = await aRecorder(store);

    await recordAll(recorder, steady('i-1'));

    expect(await itemOf(store, 'i-1')).toMatchObject({ status: 'watched' });
    expect(recorder.changed()).toMatchObject([{ value: { undecided: [{ kind: 'recovered' }] } }]);
  });

  it('ends the leak of each host after as many steady runs as its own policy requires', async () => {
    const store = await aStore(...['web', 'db'].map((host) => hourBefore(host, ALMOST_OVER)));
    const policyOf = ({ id }: Resource) => effectivePolicy({ recoverAfter: id === 'db' ? 3 : 2 });
    const options = { tenant: 'acme', scope: SCOPE, asOf: NOON, now: NOON, endsIncidents: true, policyOf };
    const recorder = await createRecorder(options, store, async () => false, NEVER);

    await recordAll(recorder, steady('web'), steady('db'));

    expect(await itemOf(store, 'web')).toMatchObject({ status: 'watched' });
    expect(await itemOf(store, 'db')).toMatchObject({ status: 'open', steadyRuns: 2 });
  });

  it('counts no steady verdict towards the end of an incident that was inspected on demand', async () => {
    const store = await aStore(hourBefore('i-1', ALMOST_OVER));
    const recorder = await aRecorder(store, undefined, false);

    await recordAll(recorder, steady('i-1'), leaking('i-2'));

    expect(await itemOf(store, 'i-1')).toEqual(hourBefore('i-1', ALMOST_OVER));
    expect(await itemOf(store, 'i-2')).toMatchObject({ status: 'open' });
  });

  it('calls the store for no steady host without an open incident', async () => {
    const { store, calls } = counted(await aStore(hourBefore('i-closed', { status: 'closed' })));
    const recorder = await aRecorder(store);

    await recordAll(recorder, ...['i-1', 'i-2', 'i-closed'].map(steady));

    expect(calls).toEqual({ get: 0, put: 0 });
  });

  it.each<[string, Inspected]>([
    ['an unreadable host', { kind: 'unreadable', scope: aResource(), reason: 'denied', detail: 'no' }],
    ['a host that is not monitored', { kind: 'not_monitored', resource: aResource(), reason: 'unsupported', hint: '' }],
    ['too little data', { kind: 'evaluated', series: aSeries([0.5]), verdict: anInsufficientVerdict() }],
  ])('never counts %s towards recovery', async (_, inspected) => {
    const { store, calls } = counted(await aStore(hourBefore(aResource().id, ALMOST_OVER)));
    const recorder = await aRecorder(store);

    expect(await recordAll(recorder, inspected)).toEqual({ ...ALL_WRITTEN, written: 0 });

    expect(calls).toEqual({ get: 0, put: 0 });
  });

  it('changes nothing for a run that comes again', async () => {
    const store = await aStore();
    await recordAll(await aRecorder(store), leaking('i-1'));
    const again = await aRecorder(store);

    await recordAll(again, leaking('i-1'));

    expect(again.changed()).toEqual([]);
    expect(await itemOf(store, 'i-1')).toMatchObject({ transition: 1 });
  });

  it('loses a race without an event of its own when a copy records the same leak', async () => {
    const store = await aStore();
    const [one, other] = [await aRecorder(store), await aRecorder(store)];

    await Promise.all([recordAll(one, leaking('i-1')), recordAll(other, leaking('i-1'))]);

    expect([...one.changed(), ...other.changed()]).toHaveLength(1);
    expect(await itemOf(store, 'i-1')).toMatchObject({ episode: 1, transition: 1 });
  });
});

describe('a recorder that a newer run has overtaken', () => {
  it('records no leak', async () => {
    const store = await aStore();
    const recorder = await aRecorder(store, async () => true);

    await recordAll(recorder, leaking('i-1'));

    expect(await itemOf(store, 'i-1')).toBeUndefined();
    expect(recorder.changed()).toEqual([]);
  });

  it('looks for newer runs once, when the first leak comes', async () => {
    let looks = 0;
    const recorder = await aRecorder(await aStore(hourBefore('i-0')), async () => {
      looks++;
      return false;
    });

    await recordAll(recorder, steady('i-0'));
    expect(looks).toBe(0);
    await recordAll(recorder, leaking('i-1'));
    await recordAll(recorder, leaking('i-2'));

    expect(looks).toBe(1);
  });

  it('passes on that the run log failed', async () => {
    const recorder = await aRecorder(await aStore(), async () => {
      throw new StoreError('the table is down');
    });

    const { left, failure } = await recordAll(recorder, leaking('i-1'));

    expect({ left, failure }).toEqual({ left: 1, failure: new StoreError('the table is down') });
  });
});

describe('a recorder whose store refuses', () => {
  const refusing = (store: IncidentStore, error: (host: string) => Error | undefined): IncidentStore => ({
    ...store,
    async put(incident, version) {
      const refusal = error(incident.key.host);
      if (refusal !== undefined) throw refusal;
      return store.put(incident, version);
    },
  });

  it('returns the failure of one item with its host, and records the others', async () => {
    const store = await aStore();
    const failsForOne = refusing(store, (host) => (host === 'i-1' ? new ItemError('the key is too long') : undefined));
    const recorder = await aRecorder(failsForOne);

    await recordAll(recorder, leaking('i-1'), leaking('i-2'));

    expect(recorder.failures).toEqual([
      {
        kind: 'unreadable',
        scope: aResource({ id: 'i-1' }),
        reason: 'malformed',
        detail: 'an incident cannot be kept: the key is too long',
      },
    ]);
    expect(recorder.changed()).toHaveLength(1);
  });

  it('passes on the failure of the store, which is not the fault of a host', async () => {
    const recorder = await aRecorder(refusing(await aStore(), () => new StoreError('the table is down')));

    const { failure } = await recordAll(recorder, leaking('i-1'));

    expect(failure).toBeInstanceOf(StoreError);
    expect(recorder.hasFailed()).toBe(true);
  });

  it('keeps the open incidents that came before an item that cannot be read back', async () => {
    const store = await aStore(hourBefore('i-1', ALMOST_OVER));
    const corrupt: IncidentStore = {
      ...store,
      async *open(...request) {
        yield* store.open(...request);
        throw new ItemError('not an incident');
      },
    };

    const recorder = await aRecorder(corrupt);
    await recordAll(recorder, steady('i-1'));

    expect(recorder.failures).toMatchObject([{ scope: SCOPE, reason: 'malformed' }]);
    expect(await itemOf(store, 'i-1')).toMatchObject({ status: 'watched' });
  });

  it('does not begin where the open incidents cannot be listed', async () => {
    const failing: IncidentStore = {
      ...(await aStore()),
      async *open() {
        yield* [];
        throw new StoreError('the table is down');
      },
    };

    await expect(aRecorder(failing)).rejects.toThrow(StoreError);
  });
});

describe('a leak', () => {
  it.each<[string, Incident[], Leak, boolean]>([
    ['is news without an incident', [], {}, true],
    ['is news as a mere suspicion', [], { grade: 'suspected' }, true],
    ['is news where its incident is closed', [hourBefore('i-1', { status: 'closed' })], {}, true],
    ['is no news while its incident is open', [hourBefore('i-1')], {}, false],
    ['is no news where it is open and less severe', [hourBefore('i-1')], { hoursLeft: 24 * 30 }, false],
    ['is news when it becomes worse', [hourBefore('i-1')], { hoursLeft: 3 }, true],
    ['is news when a suspicion is confirmed', [hourBefore('i-1', { status: 'suspected' })], {}, true],
    ['is no news as the same suspicion', [hourBefore('i-1', { status: 'suspected' })], { grade: 'suspected' }, false],
    [
      'is no news as a worse suspicion',
      [hourBefore('i-1', { status: 'suspected' })],
      { grade: 'suspected', hoursLeft: 20 },
      false,
    ],
    [
      'is news as a suspicion that is as sure as a confirmed leak, of a host that is full within hours',
      [hourBefore('i-1', { status: 'suspected' })],
      { grade: 'suspected', hoursLeft: 3 },
      true,
    ],
    ['is no news from a late run', [hourBefore('i-1')], { hoursLeft: 3, asOf: NOON - 2 * HOUR }, false],
    ['is news beside the incident of another host', [hourBefore('i-2')], {}, true],
  ])('%s', async (_, incidents, leak, isNews) => {
    const recorder = await aRecorder(await aStore(...incidents));

    expect(recorder.isNews(leaking('i-1', leak))).toBe(isNews);
  });

  it('has an event exactly where it was news', async () => {
    const store = await aStore(hourBefore('i-open'), hourBefore('i-suspected', { status: 'suspected' }));
    const recorder = await aRecorder(store);
    const hosts = ['i-new', 'i-open', 'i-suspected'].map((id) => leaking(id));
    const news = hosts.filter((host) => recorder.isNews(host)).map(({ series }) => series.resource.id);

    await recordAll(recorder, ...hosts);

    expect(recorder.changed().map(({ value }) => value.key.host)).toEqual(news);
    expect(news).toEqual(['i-new', 'i-suspected']);
  });

  it.each([
    ['suspected', false],
    ['open', true],
    ['watched', true],
  ] as const)('knows which leaks were confirmed and go on: %s', async (status, isOpen) => {
    const recorder = await aRecorder(await aStore(hourBefore('i-1', { status })));

    expect(recorder.isOpen(leaking('i-1'))).toBe(isOpen);
    expect(recorder.isOpen(leaking('i-2'))).toBe(false);
  });
});

describe('an early incident that no comparison has ended', () => {
  const early = (host: string, overrides: Partial<Incident> = {}) =>
    anIncident({
      key: anIncidentKey({ host, finding: 'early' }),
      status: 'suspected',
      asOf: NOON - HOUR,
      since: NOON - 9 * HOUR,
      ...overrides,
    });
  const earlyOf = async (store: IncidentStore, host: string) =>
    (await store.get(anIncidentKey({ host, finding: 'early' })))?.value;
  const tooLittle = (id: string): Evaluated => ({
    kind: 'evaluated',
    series: seriesOf(id),
    verdict: anInsufficientVerdict(),
  });

  it.each<[string, Evaluated]>([
    ['steady', steady('i-1')],
    ['leaking', leaking('i-1')],
    ['too short', tooLittle('i-1')],
  ])('ends after nine hours with the inspection of its host, which is %s', async (_, inspected) => {
    const store = await aStore(early('i-1'));
    const recorder = await aRecorder(store);

    await recordAll(recorder, inspected);

    expect(await earlyOf(store, 'i-1')).toMatchObject({ status: 'closed', outbox: [] });
  });

  it('is reported as over where it had paged', async () => {
    const store = await aStore(early('i-1', { status: 'open' }));
    const recorder = await aRecorder(store);

    await recordAll(recorder, steady('i-1'));

    expect(recorder.changed()).toMatchObject([{ value: { undecided: [{ kind: 'recovered' }] } }]);
  });

  it('stays for nine hours, and where an inspection on demand sees its host', async () => {
    const store = await aStore(early('i-young', { since: NOON - 8.9 * HOUR }), early('i-1'));

    await recordAll(await aRecorder(store), steady('i-young'));
    await recordAll(await aRecorder(store, undefined, false), steady('i-1'));

    expect(await earlyOf(store, 'i-young')).toMatchObject({ status: 'suspected' });
    expect(await earlyOf(store, 'i-1')).toMatchObject({ status: 'suspected' });
  });

  const cannotBeRead: Inspected = { kind: 'unreadable', scope: SCOPE, reason: 'timeout', detail: 'late' };
  const hostUnread: Inspected = { ...cannotBeRead, scope: aResource({ id: 'i-1' }) };

  it.each<[string, 'closed' | 'suspected', Inspected[]]>([
    ['ends where its host is gone', 'closed', [steady('i-2')]],
    ['stays where its host could not be read', 'suspected', [steady('i-2'), hostUnread]],
    ['stays where not everything could be read', 'suspected', [steady('i-2'), cannotBeRead]],
  ])('%s', async (_, status, readings) => {
    const store = await aStore(early('i-1'));
    const recorder = await aRecorder(store);
    for (const reading of readings) await recorder.add(reading);

    await recorder.endGone();
    await recorder.finish();

    expect(await earlyOf(store, 'i-1')).toMatchObject({ status });
  });
});

describe('a recorder of full hosts', () => {
  const FULL: FullHost = {
    kind: 'stands_at_the_top',
    level: 0.94,
    highest: 0.96,
    floorShare: 1,
    peakShare: 1,
    recentHours: 6,
    since: NOON - 9 * HOUR,
    falls: [],
    hoursToFull: null,
    grows: false,
  };
  const fullOf = async (store: IncidentStore, host: string) =>
    (await store.get(anIncidentKey({ host, finding: 'exhausted' })))?.value;

  it('opens an incident for one that does not leak', async () => {
    const store = await aStore();
    const recorder = await aRecorder(store);

    await recordAll(recorder, { ...steady('i-1'), full: FULL });

    expect(await fullOf(store, 'i-1')).toMatchObject({ status: 'open', severity: 'high' });
    expect(recorder.changed()).toMatchObject([{ value: { undecided: [{ kind: 'opened' }] } }]);
  });

  it.each<[string, Incident['status'], Evaluated, 'open' | undefined]>([
    ['leaves one to its leak, which is open', 'open', steady('i-1'), undefined],
    ['leaves one to its leak, which is suspected', 'suspected', steady('i-1'), undefined],
    ['leaves one to its leak, which opens now', 'closed', leaking('i-1'), undefined],
    ['opens an incident where the leak is over', 'watched', steady('i-1'), 'open'],
  ])('%s', async (_, status, inspected, expected) => {
    const store = await aStore(hourBefore('i-1', { status }));

    await recordAll(await aRecorder(store), { ...inspected, full: FULL });

    expect((await fullOf(store, 'i-1'))?.status).toBe(expected);
  });

  it('ends an incident in inspections of the schedule alone', async () => {
    const exhausted = anIncident({
      key: anIncidentKey({ host: 'i-1', finding: 'exhausted' }),
      asOf: NOON - HOUR,
      steadyRuns: 1,
    });
    const store = await aStore(exhausted);

    await recordAll(await aRecorder(store, undefined, false), steady('i-1'));
    expect(await fullOf(store, 'i-1')).toEqual(exhausted);
    await recordAll(await aRecorder(store), steady('i-1'));

    expect(await fullOf(store, 'i-1')).toMatchObject({ status: 'closed' });
  });
});

describe('a recorder of leaks whose host is gone or sends nothing', () => {
  const stopped = (id: string): Inspected => ({
    kind: 'not_monitored',
    resource: aResource({ id }),
    reason: 'stopped_reporting',
    hint: '',
  });
  const unreadScope: Inspected = { kind: 'unreadable', scope: SCOPE, reason: 'timeout', detail: 'late' };
  const kindsOf = (recorder: Recorder) =>
    recorder.changed().flatMap(({ value }) => value.undecided.map(({ kind }) => kind));

  it('reports that the host of an open leak is listed no more, once', async () => {
    const store = await aStore(hourBefore('i-1'));
    const recorder = await aRecorder(store);
    await recorder.endGone(new Set(['i-2']));
    await recorder.finish();
    const again = await aRecorder(store);
    await again.endGone(new Set(['i-2']));
    await again.finish();

    expect(recorder.changed()).toMatchObject([
      { value: { status: 'closed', undecided: [{ kind: 'host_gone', end: { how: 'host_gone' } }] } },
    ]);
    expect(again.changed()).toEqual([]);
  });

  it.each([
    ['was replaced, where others of its group are new', 'web', 'replaced'],
    ['is gone, where others of another group are new', 'batch', 'host_gone'],
  ])('reports that the host of an open leak %s', async (_, group, how) => {
    const leak = hourBefore('i-1');
    const store = await aStore({ ...leak, resource: { ...leak.resource, group: 'web' } });
    const recorder = await aRecorder(store);

    await recorder.endGone(new Set(['i-2']), async () => new Set([group]));
    await recorder.finish();

    expect(recorder.changed()).toMatchObject([
      { value: { status: 'closed', undecided: [{ kind: 'host_gone', end: { how } }] } },
    ]);
  });

  it('does not look for new hosts where no reported leak of a group has ended', async () => {
    const leak = hourBefore('i-1', { status: 'watched' });
    const store = await aStore({ ...leak, resource: { ...leak.resource, group: 'web' } }, hourBefore('i-2'));
    const recorder = await aRecorder(store);
    let lookedUp = 0;

    await recorder.endGone(new Set(), async () => new Set([`web ${lookedUp++}`]));
    await recorder.finish();

    expect(lookedUp).toBe(0);
  });

  it('ends nothing where the listing is partial, or the inspection is on demand', async () => {
    const store = await aStore(hourBefore('i-1'), hourBefore('i-2', { status: 'suspected' }));
    const partial = await aRecorder(store);
    await recordAll(partial, steady('i-3'), unreadScope);
    await partial.endGone();
    await partial.finish();
    const onDemand = await aRecorder(store, undefined, false);
    await onDemand.endGone(new Set(['i-3']));
    await onDemand.finish();

    expect([...partial.changed(), ...onDemand.changed()]).toEqual([]);
    expect(await itemOf(store, 'i-1')).toEqual(hourBefore('i-1'));
  });

  it.each<[string, number, Inspected, string[]]>([
    ['reports that it sends no samples after six hours', 6, stopped('i-1'), ['no_data']],
    ['waits six hours before', 5, stopped('i-1'), []],
    ['reports nothing where it could not be read', 9, { ...unreadScope, scope: aResource({ id: 'i-1' }) }, []],
  ])('%s', async (_, hours, inspected, kinds) => {
    const asOf = NOON - hours * HOUR;
    const store = await aStore(hourBefore('i-1', { asOf, story: anAlmostEndedStory({ asOf }) }));
    const recorder = await aRecorder(store);

    await recordAll(recorder, inspected);

    expect(kindsOf(recorder)).toEqual(kinds);
  });
});

describe('a recorder of anomalies', () => {
  const observedOn = (id: string, anomalies: readonly HostAnomaly[] | undefined, asOf = NOON) =>
    observeAnomalies('acme', RESIDENT, aResource({ id }), anomalies, asOf);
  /** Reported an hour before noon. */
  const ANOMALOUS = anAnomaly({ start: NOON - 2 * HOUR, last: NOON - HOUR, reportedAt: NOON - HOUR });
  const anomaliesOf = async (store: IncidentStore, host: string) =>
    (await store.get(anIncidentKey({ host, metric: 'system', finding: 'anomaly' })))?.value;

  it('opens an incident of what lasts, and asks the store nothing about other hosts', async () => {
    const { store, calls } = counted(await aStore());
    const recorder = await aRecorder(store);
    await recorder.observe(observedOn('i-1', [anAnomaly()]), aResource({ id: 'i-1' }));
    for (let host = 2; host < 100; host++) await recorder.observe(observedOn(`i-${host}`, []), aResource());

    expect(await recorder.finish()).toEqual({ ...ALL_WRITTEN, written: 1 });

    expect(recorder.changed()).toMatchObject([{ value: { undecided: [{ kind: 'opened' }] } }]);
    expect(calls).toEqual({ get: 1, put: 1 });
  });

  it('ends those of hosts that are gone, where they have no points, and no others', async () => {
    const store = await aStore();
    for (const host of ['i-1', 'i-2'])
      await record(observedOn(host, [ANOMALOUS], NOON - HOUR), store, { recoverAfter: 2, now: NOON });
    await record(observedOn('i-1', undefined, NOON - 1), store, { recoverAfter: 2, now: NOON });
    const recorder = await aRecorder(store);
    await recorder.endGone(new Set());
    await recorder.finish();

    expect((await anomaliesOf(store, 'i-1'))?.undecided.map(({ kind }) => kind)).toEqual([
      'opened',
      'no_data',
      'host_gone',
    ]);
    expect(await anomaliesOf(store, 'i-2')).toMatchObject({ status: 'open' });
  });
});
