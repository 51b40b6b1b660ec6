import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costsOf } from '../../../core/health/cap-steps.ts';
import { assessCap, rememberCap } from '../../../core/health/cost-cap.ts';
import type { SpendProjection } from '../../../core/health/project-spend.ts';
import { type JobCadence, QUIET_HOURS } from '../../../core/model/cadence.ts';
import { serviceEventSchema } from '../../../core/model/service-event.ts';
import type { CapState } from '../../../core/model/spend.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';

const DAY = 24 * HOUR;

const NO_JOBS = { 0: 0, 1: 0, 2: 0, 4: 0 };

/** A month of an hourly schedule that ends at these dollars: with every host, and with quiet ones every 2 and 4 hours. */
function aMonth(all: number, twoHours: number, fourHours: number, jobs = NO_JOBS): SpendProjection {
  return {
    month: '2026-11',
    spent: 10,
    byHours: { 0: all, 1: all, 2: twoHours, 4: fourHours },
    deepReads: 0,
    jobs,
    unknownRegions: 0,
  };
}

const cap = { tenant: 'acme', usd: 100 };

function aState(overrides: Partial<CapState> = {}): CapState {
  return { quietHours: 0, changedAt: NOON - 9 * DAY, reportedHours: 0, reports: 0, exceededOn: null, ...overrides };
}

/** What is kept when the topic accepts every event, and the event. */
function step(projection: SpendProjection, before: CapState | undefined, now = NOON, usd: number | undefined = 100) {
  const { state, event } = assessCap({ tenant: 'acme', usd }, projection, before, now);
  return { event, state: event === undefined ? state : rememberCap(state, event) };
}

describe('a cost cap', () => {
  it('changes nothing while the month ends within it', () => {
    expect(step(aMonth(99, 60, 40), undefined)).toMatchObject({ event: undefined, state: { quietHours: 0 } });
  });

  it('puts deep reads off first, and makes them again only where there is room for them', () => {
    const near = { ...aMonth(97, 60, 40), deepReads: 4 };
    const { state, event } = step(near, undefined);
    const later = step({ ...near, deepReads: 1 }, state, NOON + DAY);
    const roomy = step({ ...aMonth(80, 60, 40), deepReads: 4 }, later.state, NOON + 2 * DAY);

    expect(state).toMatchObject({ quietHours: 0, deepReadsOff: true });
    expect(event).toBeUndefined();
    expect(later.state.deepReadsOff).toBe(true);
    expect(roomy.state.deepReadsOff).toBeUndefined();
  });

  it('reduces the cadence as far as the month then ends within it, and reports that once', () => {
    const { event, state } = step(aMonth(140, 90, 60), undefined);

    expect(state).toMatchObject({ quietHours: 2, changedAt: NOON, reportedHours: 2, reports: 1 });
    expect(serviceEventSchema.parse(event)).toMatchObject({
      id: 'acme/cadence_reduced/1-2h',
      type: 'plimsoll.cadence.reduced',
      data: { quietHours: 2, quietHoursBefore: 0, capUsd: 100, spentUsd: 10, projectedUsd: 90, exceedsUsd: 0 },
    });
    expect(step(aMonth(140, 90, 60), state, NOON + HOUR).event).toBeUndefined();
  });

  it('goes on to four hours where two do not suffice, and passes over a step that saves nothing', () => {
    expect(step(aMonth(300, 150, 80), undefined).state.quietHours).toBe(4);
    expect(step(aMonth(140, 104, 80), aState({ quietHours: 2, reportedHours: 2 })).state.quietHours).toBe(4);
  });

  it('inspects quiet hosts of a schedule of 15 minutes hourly first', () => {
    const quarterly = { ...aMonth(200, 60, 40), byHours: { 0: 200, 1: 80, 2: 60, 4: 40 } };

    expect(step(quarterly, undefined).state.quietHours).toBe(1);
  });

  it('reports once a day that the month will end above it, and stops nothing', () => {
    const first = step(aMonth(500, 300, 150), undefined);
    const later = step(aMonth(500, 300, 150), first.state, NOON + HOUR);
    const nextDay = step(aMonth(500, 300, 150), later.state, NOON + DAY);

    expect(first.event?.data).toMatchObject({ kind: 'cadence_reduced', quietHours: 4, exceedsUsd: 50 });
    expect(later.event).toBeUndefined();
    expect(nextDay.event).toMatchObject({
      id: 'acme/cadence_reduced/exceeded/2026-11-21',
      data: { kind: 'cadence_reduced', quietHours: 4, quietHoursBefore: 4, exceedsUsd: 50 },
    });
    expect(nextDay.state).toMatchObject({ quietHours: 4, reports: 1, exceededOn: '2026-11-21' });
  });

  it('leaves the cadence as it is where no other costs less, and reports that all the same', () => {
    const { event, state } = step(aMonth(150, 150, 150), undefined);

    expect(state.quietHours).toBe(0);
    expect(event?.data).toMatchObject({ kind: 'cadence_reduced', quietHours: 0, quietHoursBefore: 0, exceedsUsd: 50 });
  });

  it('restores the cadence when there is room again, a day after it was changed at the earliest', () => {
    const reduced = aState({ quietHours: 4, reportedHours: 4, reports: 1, changedAt: NOON - 23 * HOUR });

    expect(step(aMonth(95, 50, 30), reduced).state.quietHours).toBe(4);
    expect(step(aMonth(95, 50, 30), reduced, NOON + HOUR).state.quietHours).toBe(2);
    expect(step(aMonth(89, 50, 30), reduced, NOON + HOUR)).toMatchObject({
      state: { quietHours: 0, reportedHours: 0, reports: 2 },
      event: { id: 'acme/cadence_restored/2-0h', data: { kind: 'cadence_restored', quietHoursBefore: 4 } },
    });
  });

  it('keeps a cadence whose month ends just within it', () => {
    const reduced = aState({ quietHours: 2, reportedHours: 2 });

    expect(step(aMonth(99, 60, 40), reduced)).toMatchObject({ event: undefined, state: { quietHours: 2 } });
  });

  it('restores the cadence at once when the config has no cap any more', () => {
    const reduced = aState({ quietHours: 4, reportedHours: 4, changedAt: NOON });
    const assessed = assessCap({ tenant: 'acme', usd: undefined }, aMonth(500, 300, 150), reduced, NOON);

    expect(assessed.state.quietHours).toBe(0);
    expect(assessed.event?.data).toMatchObject({ kind: 'cadence_restored', capUsd: null, exceedsUsd: 0 });
  });

  it('sends an event again, with the same id, that its topic did not accept', () => {
    const first = assessCap(cap, aMonth(140, 90, 60), undefined, NOON);
    const second = assessCap(cap, aMonth(141, 91, 61), first.state, NOON + HOUR / 4);

    expect(first.state).toMatchObject({ quietHours: 2, reportedHours: 0 });
    expect(second.event?.id).toBe(first.event?.id);
    expect(second.state).toMatchObject({ quietHours: 2, changedAt: NOON });
  });

  it('does not change to and fro while the projection moves by less than the room', () => {
    let state = aState();
    const changes = Array.from({ length: 20 }, (_, quarter) => {
      const now = NOON + quarter * DAY;
      const moves = quarter % 2 === 0 ? 4 : -4;
      const { event, state: after } = step(aMonth(100 + moves, 60, 40), state, now);
      state = after;
      return event;
    });

    expect(changes.filter((event) => event !== undefined)).toHaveLength(1);
  });
});

describe('a cost cap of a tenant with jobs', () => {
  /** Of a minute: what is read in one go bounds how slow it gets. */
  const RESIDENT = { 0: 600, 1: 10, 2: 10, 4: 10 };
  const HOURLY = { 0: 60, 1: 60, 2: 30, 4: 15 };
  const stepOf = (month: SpendProjection, before?: CapState) => {
    const { quietHours, jobs = 0 } = step(month, before).state;
    return [jobs, quietHours];
  };

  it('counts jobs and inspections together, and slows jobs down before quiet hosts', () => {
    expect(stepOf(aMonth(80, 60, 40, RESIDENT))).toEqual([1, 0]);
    expect(stepOf(aMonth(80, 60, 40, HOURLY))).toEqual([4, 0]);
    expect(stepOf(aMonth(30, 20, 10, HOURLY))).toEqual([0, 0]);
  });

  it('inspects quiet hosts less often where jobs alone do not suffice, and pauses jobs last', () => {
    expect(stepOf(aMonth(95, 60, 40, RESIDENT))).toEqual([1, 2]);
    expect(stepOf(aMonth(180, 110, 88, RESIDENT))).toEqual([1, 4]);
    expect(stepOf(aMonth(180, 120, 95, RESIDENT))).toEqual(['paused', 4]);
  });

  it('inspects memory as often as the cap allows where jobs are paused anyway', () => {
    expect(stepOf(aMonth(90, 60, 40, { 0: 900, 1: 900, 2: 900, 4: 900 }))).toEqual(['paused', 0]);
    expect(stepOf(aMonth(500, 300, 150, RESIDENT))).toEqual(['paused', 4]);
  });

  it('leaves jobs as they are that cost nothing', () => {
    expect(stepOf(aMonth(140, 90, 60))).toEqual([0, 2]);
  });

  it('puts deep reads off for jobs too', () => {
    expect(step(aMonth(80, 60, 40, { 0: 30, 1: 30, 2: 30, 4: 30 }), undefined).state.deepReadsOff).toBe(true);
  });

  it('reports each change once, with the jobs in it', () => {
    const first = step(aMonth(80, 60, 40, RESIDENT), undefined);
    const paused = step(aMonth(80, 60, 40, { 0: 900, 1: 70, 2: 70, 4: 70 }), first.state, NOON + HOUR);

    expect(serviceEventSchema.parse(first.event)).toMatchObject({
      id: 'acme/cadence_reduced/1-0h-jobs-1',
      data: {
        summary: expect.stringMatching(/^Jobs of acme are slowed down/),
        jobs: 1,
        jobsBefore: 0,
        projectedUsd: 90,
      },
    });
    expect(step(aMonth(80, 60, 40, RESIDENT), first.state, NOON + HOUR).event).toBeUndefined();
    expect(paused.event).toMatchObject({ data: { kind: 'cadence_reduced', jobs: 'paused', jobsBefore: 1 } });
    expect(paused.state).toMatchObject({ jobs: 'paused', reportedJobs: 'paused', reports: 2 });
  });

  it('begins jobs again a day later at the earliest, and where there is room', () => {
    const paused = aState({ jobs: 'paused', reportedJobs: 'paused', reports: 1, changedAt: NOON - 23 * HOUR });
    const month = aMonth(60, 50, 40, { 0: 80, 1: 20, 2: 20, 4: 20 });

    expect(step(month, paused).state.jobs).toBe('paused');
    expect(step(month, paused, NOON + HOUR)).toMatchObject({
      state: { jobs: 1, reports: 2 },
      event: { data: { kind: 'cadence_restored', jobsBefore: 'paused' } },
    });
    expect(step(aMonth(60, 50, 40), paused, NOON + HOUR).state).not.toHaveProperty('jobs');
  });

  it('keeps no step that a change of the config has left without effect', () => {
    const slowed = aState({ jobs: 4, reportedJobs: 4, reports: 1, changedAt: NOON - HOUR });
    const paused = aState({ jobs: 'paused', reportedJobs: 'paused', reports: 1, changedAt: NOON - HOUR });

    expect(stepOf(aMonth(180, 110, 80, RESIDENT), slowed)).toEqual([1, 4]);
    expect(stepOf(aMonth(180, 110, 80), paused)).toEqual([0, 4]);
  });

  it('ends the month within the cap wherever a step does, whatever step it had before, and slows nothing down that a smaller step spares', () => {
    const usd = fc.double({ min: 0, max: 300, noNaN: true });
    const anyStep = fc.record({
      quietHours: fc.constantFrom(...QUIET_HOURS),
      jobs: fc.constantFrom<JobCadence>(...QUIET_HOURS, 'paused'),
    });
    fc.assert(
      fc.property(fc.array(usd, { minLength: 7, maxLength: 7 }), anyStep, (amounts, had) => {
        const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = amounts.toSorted((x, y) => y - x);
        const month = aMonth(a, c, e, { 0: b, 1: d, 2: f, 4: g });
        const { quietHours, jobs = 0 } = step(month, undefined).state;
        const ends = month.byHours[quietHours] + (jobs === 'paused' ? 0 : month.jobs[jobs]);

        const after = step(month, aState({ ...had, changedAt: NOON - HOUR })).state;
        if (e <= 100) expect(costsOf(month, { jobs: 0, ...after })).toBeLessThanOrEqual(100 * (1 + 1e-9));
        if (e <= 100) expect(ends).toBeLessThanOrEqual(100 * (1 + 1e-9));
        if (a + b <= 100) expect([quietHours, jobs]).toEqual([0, 0]);
        if (e + g <= 100) expect(jobs).not.toBe('paused');
      }),
    );
  });

  it('keeps a month within the cap, whatever jobs and inspections cost, where the inspection of memory alone is', () => {
    const perHour = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(perHour, perHour, fc.constantFrom(1, 12, 60), (memory, jobs, often) => {
        const hours = 720;
        let [spent, state]: [number, CapState | undefined] = [0, undefined];
        for (let hour = 0; hour < hours; hour++) {
          const left = hours - hour;
          const costs = (each: number) => spent + each * memory * left;
          const ofJobs = { 0: jobs * often * left, 1: jobs * left, 2: jobs * left, 4: jobs * left };
          const byHours = { 0: costs(1), 1: costs(1), 2: costs(0.6), 4: costs(0.4) };
          const month = { ...aMonth(0, 0, 0, ofJobs), spent, byHours };
          state = step(month, state, NOON + hour * HOUR).state;
          const pace = { 0: 1, 1: 1, 2: 0.6, 4: 0.4 }[state.quietHours];
          spent += pace * memory + (state.jobs === 'paused' ? 0 : jobs * (state.jobs === undefined ? often : 1));
        }
        if (0.4 * memory * hours <= 100) expect(spent).toBeLessThanOrEqual(100 + 1e-6);
      }),
      { numRuns: 8 },
    );
  });
});
