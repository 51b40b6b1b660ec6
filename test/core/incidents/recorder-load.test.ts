/** A recorder with many leaks at once and a store that is slow: what is begun ends, what is left is counted, nothing is lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecorder } from '../../../core/incidents/recorder.ts';
import type { LeakingHost } from '../../../core/model/inspected-host.ts';
import { effectivePolicy } from '../../../core/model/policy.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import type { IncidentStore } from '../../../core/ports/incident-store.ts';
import { aLeakingVerdict, anIncidentKey, aResource, aSeries, NOON } from '../../fixtures/builders.ts';
import { createMemoryIncidentStore } from '../../memory/stores.ts';

const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
const AT_ONCE = 16;

const leaking = (id: string): LeakingHost => ({
  kind: 'evaluated',
  series: aSeries([0.5], { resource: aResource({ id }) }),
  verdict: aLeakingVerdict(),
});
const leaks = (count: number) => Array.from({ length: count }, (_, index) => leaking(`i-${index}`));

/** A store that yields before each answer, and counts. `onPut` is called before a put, and may fail it. */
function slow(store: IncidentStore, onPut: (puts: number) => void = () => {}) {
  const calls = { puts: 0, underWay: 0, most: 0 };
  const slowly = async <Answer>(answer: () => Promise<Answer>) => {
    calls.most = Math.max(calls.most, ++calls.underWay);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      return await answer();
    } finally {
      calls.underWay--;
    }
  };
  const slowStore: IncidentStore = {
    ...store,
    get: (key) => slowly(() => store.get(key)),
    put: (incident, version) =>
      slowly(async () => {
        onPut(++calls.puts);
        return store.put(incident, version);
      }),
  };
  return { store: slowStore, calls };
}

const aRecorder = (store: IncidentStore, timeIsUp: AbortSignal) =>
  createRecorder(
    { tenant: 'acme', scope: SCOPE, asOf: NOON, now: NOON, endsIncidents: true, policyOf: () => effectivePolicy() },
    store,
    async () => false,
    timeIsUp,
  );

async function recordAll(store: IncidentStore, hosts: readonly LeakingHost[], timeIsUp = new AbortController().signal) {
  const recorder = await aRecorder(store, timeIsUp);
  for (const host of hosts) await recorder.add(host);
  return { recorder, recording: await recorder.finish() };
}

describe('a recorder of many leaks', () => {
  it('records 3,000 of them, a few at once', async () => {
    const { store, calls } = slow(createMemoryIncidentStore());

    const { recording, recorder } = await recordAll(store, leaks(3_000));

    expect(recording).toEqual({ written: 3_000, left: 0, failure: undefined });
    expect(recorder.changed()).toHaveLength(3_000);
    expect(calls.most).toBe(AT_ONCE);
  });

  it('begins nothing when time is up, ends what it began, and counts what is left', async () => {
    const stop = new AbortController();
    const { store, calls } = slow(createMemoryIncidentStore(), (puts) => {
      if (puts === 500) stop.abort();
    });

    const { recording } = await recordAll(store, leaks(3_000), stop.signal);

    expect(recording.written).toBe(calls.puts);
    expect(recording.written).toBeGreaterThanOrEqual(500);
    expect(recording.written).toBeLessThan(500 + AT_ONCE);
    expect(recording.left).toBe(3_000 - recording.written);
  });

  it('gives up a store that never answers', async () => {
    const [stop, giveUp] = [new AbortController(), new AbortController()];
    const store: IncidentStore = { ...createMemoryIncidentStore(), get: () => new Promise(() => {}) };
    const recorder = await aRecorder(store, stop.signal);
    const adding = Promise.all(leaks(20).map((host) => recorder.add(host)));

    stop.abort();
    await adding;
    giveUp.abort();

    expect(await recorder.finish(giveUp.signal)).toEqual({ written: 0, left: 20, failure: undefined });
  });

  it('stops at the first failure of the store, and keeps what was written', async () => {
    const { store } = slow(createMemoryIncidentStore(), (puts) => {
      if (puts > 100) throw new StoreError('throttled');
    });

    const { recorder, recording } = await recordAll(store, leaks(1_000));

    expect(recording).toEqual({ written: 100, left: 900, failure: new StoreError('throttled') });
    expect(recorder.changed()).toHaveLength(100);
  });

  it('records two observations of one incident in their order', async () => {
    const { store } = slow(createMemoryIncidentStore());
    const later = aSeries([0.5], { resource: aResource({ id: 'i-1' }), end: NOON + 3_600_000 });

    await recordAll(store, [leaking('i-1'), { ...leaking('i-1'), series: later }]);

    const stored = await store.get(anIncidentKey({ host: 'i-1' }));
    expect(stored).toMatchObject({ version: 2, value: { asOf: later.window.end, transition: 1 } });
  });

  it('records each leak exactly once, wherever the runs before were stopped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 6 }), async (stops) => {
        const store = createMemoryIncidentStore();
        const hosts = leaks(100);

        for (const stopAt of stops) {
          const stop = new AbortController();
          const stopping = slow(store, (puts) => {
            if (puts === stopAt) stop.abort();
          });
          await recordAll(stopping.store, hosts, stop.signal);
        }
        await recordAll(store, hosts);

        const incidents = await Array.fromAsync(store.open('acme', SCOPE));
        expect(incidents).toHaveLength(100);
        for (const { value, version } of incidents) {
          expect({ version, transition: value.transition, changes: value.undecided.length }).toEqual({
            version: 1,
            transition: 1,
            changes: 1,
          });
        }
      }),
      { numRuns: 30, seed: 7 },
    );
  });
});
