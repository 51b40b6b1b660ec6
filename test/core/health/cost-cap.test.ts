import { describe, expect, it } from 'vitest';
import { assessCap, rememberCap } from '../../../core/health/cost-cap.ts';
import type { SpendProjection } from '../../../core/health/project-spend.ts';
import { serviceEventSchema } from '../../../core/model/service-event.ts';
import type { CapState } from '../../../core/model/spend.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';

const DAY = 24 * HOUR;

/** A month of an hourly schedule that ends at these dollars: with every host, and with quiet ones every 2 and 4 hours. */
function aMonth(all: number, twoHours: number, fourHours: number): SpendProjection {
  return {
    month: '2026-11',
    spent: 10,
    byHours: { 0: all, 1: all, 2: twoHours, 4: fourHours },
    deepReads: 0,
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
