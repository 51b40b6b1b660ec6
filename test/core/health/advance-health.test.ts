import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceHealth } from '../../../core/health/advance-health.ts';
import { type ScopeHealth, scopeHealthSchema } from '../../../core/model/health.ts';
import type { RunSummary } from '../../../core/model/run.ts';
import { aRunSummary, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

const runAt = (hour: number, outcome: RunSummary['outcome'] = 'complete') =>
  aRunSummary({
    scheduledTime: NOON + hour * HOUR,
    outcome,
    ...(outcome === 'partial' && { failures: [`denied at ${hour}`], unreadable: { denied: 1 } }),
  });

/** The health after these runs; each finishes a minute after it was due. */
function healthAfter(runs: readonly RunSummary[]): ScopeHealth | undefined {
  return runs.reduce<ScopeHealth | undefined>(
    (health, run) => advanceHealth(health, run, run.scheduledTime + MINUTE),
    undefined,
  );
}

describe('the health of a region', () => {
  it('holds what its newest run saw', () => {
    const run = aRunSummary({
      hosts: { known: 12, inspected: 9, notMonitored: 2, unreadable: 1, notDue: 0 },
      verdicts: { confirmed: 2, suspected: 1, steady: 6, insufficientData: 0 },
      stopped: 7,
      stoppedReporting: Array.from({ length: 7 }, (_, index) => `i-${index}: the agent died`),
    });

    expect(advanceHealth(undefined, run, NOON + MINUTE)).toEqual({
      tenant: 'acme',
      scope: { provider: 'aws', account: '111122223333', region: 'eu-west-1' },
      slot: NOON,
      finishedAt: NOON + MINUTE,
      outcome: 'complete',
      underWay: null,
      failure: null,
      partial: null,
      completeSlot: NOON,
      hosts: { known: 12, inspected: 9, notMonitored: 2, unreadable: 1 },
      leaking: 3,
      stopped: {
        count: 7,
        first: [0, 1, 2, 3, 4].map((index) => `i-${index}: the agent died`),
      },
      spent: { month: '2026-11', usd: 0.00008, usdPerHost: 0.00008 / 10, hosts: 10, watched: 4 },
      cost: { perRun: 0.00008, perMonth: 0.0576 },
    });
  });

  describe('what was spent', () => {
    const spentAfter = (runs: readonly RunSummary[]) => healthAfter(runs)?.spent;
    const hosts = { known: 10, inspected: 8, notMonitored: 2, unreadable: 0, notDue: 0 };
    const costing = (perRun: number, overrides: Partial<RunSummary> = {}) =>
      aRunSummary({ cost: { ...aRunSummary().cost, perRun }, ...overrides });

    it('adds up the slots of a month, and begins anew with the next', () => {
      const runs = [0, 1, 2].map((hour) => costing(0.5, { scheduledTime: NOON + hour * HOUR }));
      const december = costing(0.25, { scheduledTime: Date.UTC(2026, 11, 1) });

      expect(spentAfter(runs)).toMatchObject({ month: '2026-11', usd: 1.5 });
      expect(spentAfter([...runs, december])).toMatchObject({ month: '2026-12', usd: 0.25 });
    });

    it('counts a slot once that runs again', () => {
      const partial = costing(0.5, { outcome: 'partial', failures: ['denied'], unreadable: { denied: 1 } });

      expect(spentAfter([costing(1, { scheduledTime: NOON - HOUR }), partial, costing(2)])).toMatchObject({ usd: 3 });
      expect(spentAfter([costing(2), partial, costing(2)])).toMatchObject({ usd: 2 });
    });

    it('counts hosts that are read and those whose turn it is not, and prices one of them', () => {
      const adaptive = { ...hosts, known: 40, inspected: 8, unreadable: 2, notDue: 28 };

      expect(spentAfter([costing(0.1, { hosts: adaptive, watched: 3 })])).toEqual({
        month: '2026-11',
        usd: 0.1,
        usdPerHost: 0.01,
        hosts: 38,
        watched: 3,
      });
    });

    it('keeps the price of a host where no host was read', () => {
      const nobody = { ...hosts, known: 8, inspected: 0, notMonitored: 0, notDue: 8 };
      const quiet = costing(0, { scheduledTime: NOON + HOUR, hosts: nobody, watched: 0 });

      expect(spentAfter([costing(0.8), quiet])).toMatchObject({ usdPerHost: 0.1, hosts: 8 });
    });
  });

  it('counts partial runs in a row from the first of them, with the reason of the newest', () => {
    const health = healthAfter([runAt(0), runAt(1, 'partial'), runAt(2, 'partial'), runAt(3, 'partial')]);

    expect(health).toMatchObject({
      outcome: 'partial',
      failure: 'denied at 3',
      partial: { runs: 3, since: NOON + HOUR },
      completeSlot: NOON,
    });
  });

  it('forgets partial runs after a complete one', () => {
    expect(healthAfter([runAt(1, 'partial'), runAt(2, 'partial'), runAt(3)])).toMatchObject({
      outcome: 'complete',
      failure: null,
      partial: null,
      completeSlot: NOON + 3 * HOUR,
    });
  });

  it('is not changed by a run of an older slot', () => {
    const health = healthAfter([runAt(2)]);

    expect(advanceHealth(health, runAt(1, 'partial'), NOON + 9 * HOUR)).toBe(health);
  });

  it('is not changed by a slot that runs again, unless it is complete only then', () => {
    const partial = healthAfter([runAt(1, 'partial')]);
    const complete = healthAfter([runAt(1)]);

    expect(advanceHealth(partial, runAt(1, 'partial'), NOON + 9 * HOUR)).toBe(partial);
    expect(advanceHealth(complete, runAt(1), NOON + 9 * HOUR)).toBe(complete);
    expect(advanceHealth(complete, runAt(1, 'partial'), NOON + 9 * HOUR)).toBe(complete);
    expect(advanceHealth(partial, runAt(1), NOON + HOUR + MINUTE)).toEqual(complete);
  });

  it('stays small and can be stored, however long the texts of a run are', () => {
    const long = 'x'.repeat(100_000);
    const run = aRunSummary({
      outcome: 'partial',
      failures: [long],
      stoppedReporting: Array(20).fill(long),
      stopped: 20,
    });

    const health = advanceHealth(undefined, run, NOON);

    expect(scopeHealthSchema.parse(health)).toEqual(health);
    expect(JSON.stringify(health).length).toBeLessThan(3_000);
  });

  const aRun = fc.record({ hour: fc.integer({ min: 0, max: 12 }), outcome: fc.constantFrom('complete', 'partial') });
  const manyRuns = fc
    .array(aRun, { maxLength: 30 })
    .map((runs) => runs.map(({ hour, outcome }) => runAt(hour, outcome)));

  it('is the same after every run was delivered twice', () => {
    fc.assert(
      fc.property(manyRuns, (runs) => {
        expect(healthAfter(runs.flatMap((run) => [run, run]))).toEqual(healthAfter(runs));
      }),
    );
  });

  it('names a newest slot that only grows, and counts no more partial runs than there were slots', () => {
    fc.assert(
      fc.property(manyRuns, (runs) => {
        let before: ScopeHealth | undefined;
        for (const run of runs) {
          const after = advanceHealth(before, run, run.scheduledTime);
          expect(after.slot).toBe(Math.max(before?.slot ?? 0, run.scheduledTime));
          expect(after.partial === null).toBe(after.outcome === 'complete');
          expect(after.completeSlot ?? 0).toBeGreaterThanOrEqual(before?.completeSlot ?? 0);
          before = after;
        }
        const slots = new Set(runs.filter(({ outcome }) => outcome === 'partial').map((run) => run.scheduledTime));
        expect(before?.partial?.runs ?? 0).toBeLessThanOrEqual(slots.size);
      }),
    );
  });
});
