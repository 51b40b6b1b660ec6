import { describe, expect, it } from 'vitest';
import { composeNotification } from '../../../core/incidents/compose-notification.ts';
import { type ExhaustedObservation, observeFull } from '../../../core/incidents/observation.ts';
import { transition } from '../../../core/incidents/transition.ts';
import { changeSchema } from '../../../core/model/change.ts';
import type { FullHost } from '../../../core/model/full-host.ts';
import type { Incident } from '../../../core/model/incident.ts';
import type { Evaluated } from '../../../core/model/inspected-host.ts';
import { notificationSchema } from '../../../core/model/notification.ts';
import {
  aDecision,
  aLeakingVerdict,
  anIncidentKey,
  anInsufficientVerdict,
  aResource,
  aSeries,
  aSteadyVerdict,
  HOUR,
  NOON,
} from '../../fixtures/builders.ts';

const RECOVER_AFTER = 2;

function aFullHost(rest: Partial<FullHost> = {}): FullHost {
  const shares = { level: 0.94, highest: 0.96, floorShare: 1, peakShare: 1, recentHours: 6 };
  return { kind: 'stands_at_the_top', ...shares, since: NOON, falls: [], hoursToFull: null, grows: false, ...rest };
}

const KEY = anIncidentKey({ finding: 'exhausted' });
const at = (hour: number) => ({ key: KEY, asOf: NOON + hour * HOUR });
const full = (hour: number, rest: Partial<FullHost> = {}, isOfLeak = false): ExhaustedObservation => ({
  ...at(hour),
  kind: 'exhausted',
  finding: { kind: 'exhausted', resource: aResource(), full: aFullHost(rest) },
  isOfLeak,
});
const notFull = (hour: number, isBelow = true): ExhaustedObservation => ({
  ...at(hour),
  kind: 'not_exhausted',
  isBelow: () => isBelow,
});

function apply(...observations: ExhaustedObservation[]) {
  let incident: Incident | undefined;
  const outcomes = observations.map((observation) => {
    const next = transition(incident, observation, RECOVER_AFTER, observation.asOf);
    if (next.outcome !== 'unchanged') incident = next.incident;
    return next.outcome;
  });
  return { outcomes, incident };
}

describe('the incident of a full host', () => {
  it('opens once, with what shows that the host is full', () => {
    const { outcomes, incident } = apply(full(0), full(1));

    expect(outcomes).toEqual(['opened', 'updated']);
    expect(incident).toMatchObject({ status: 'open', severity: 'high', openedAt: NOON });
    const change = changeSchema.parse(incident?.undecided[0]);
    expect(change).toMatchObject({ kind: 'opened', severity: 'high', grade: null });
    expect(change.exhausted).toEqual({ ...aFullHost(), since: '2026-11-20T12:00:00.000Z' });
  });

  it('is a message that holds to its schema', () => {
    const { incident } = apply(full(0, { kind: 'filling_again', falls: [NOON - 30 * HOUR, NOON - 9 * HOUR] }));
    const [change] = incident?.undecided ?? [];
    if (incident === undefined || change === undefined) throw new Error('nothing was opened');

    const body = composeNotification(incident, change, aDecision());

    expect(notificationSchema.parse(body).data).toMatchObject({
      finding: 'exhausted',
      exhausted: { kind: 'filling_again', falls: ['2026-11-19T06:00:00.000Z', '2026-11-20T03:00:00.000Z'] },
    });
  });

  it('keeps the newest falls of a host that falls all the time', () => {
    const falls = Array.from({ length: 80 }, (_, index) => NOON + (index - 100) * HOUR);

    const { incident } = apply(full(0, { kind: 'filling_again', falls }));

    const kept = changeSchema.parse(incident?.undecided[0]).exhausted?.falls;
    expect(kept).toHaveLength(50);
    expect(kept?.at(-1)).toBe('2026-11-19T15:00:00.000Z');
  });

  it('does not open where the leak of the host is reported, and goes on where it opened before', () => {
    expect(apply(full(0, {}, true), full(1, {}, true)).outcomes).toEqual(['unchanged', 'unchanged']);
    expect(apply(full(0), full(1, {}, true)).outcomes).toEqual(['opened', 'updated']);
  });

  it('gets worse with its severity, and is not reported as better', () => {
    const { outcomes, incident } = apply(full(0), full(1, { highest: 0.99, grows: true }), full(2));

    expect(outcomes).toEqual(['opened', 'worse', 'updated']);
    expect(incident).toMatchObject({ severity: 'critical', status: 'open' });
    expect(incident?.undecided[1]).toMatchObject({ kind: 'worse', exhausted: { highest: 0.99 } });
  });

  it('recovers after as many inspections in a row below the top as the policy requires', () => {
    const { outcomes, incident } = apply(full(0), notFull(1), full(2), notFull(3), notFull(4));

    expect(outcomes).toEqual(['opened', 'updated', 'updated', 'updated', 'recovered']);
    expect(incident).toMatchObject({ status: 'closed', endedAt: NOON + 4 * HOUR });
  });

  it('does not recover while the host is no finding and not below the top', () => {
    const { outcomes } = apply(full(0), notFull(1), notFull(2, false), notFull(3), notFull(4, false), notFull(5));

    expect(outcomes).toEqual(['opened', 'updated', 'updated', 'updated', 'updated', 'updated']);
  });

  const faults = (perSecond: number, risen = true) => ({ perSecond, usual: 2, risen });
  const few = (hour: number, perSecond: number): ExhaustedObservation => ({
    ...at(hour),
    kind: 'not_exhausted',
    pageFaults: faults(perSecond, false),
    isBelow: () => false,
  });

  const always = (hour: number) => full(hour, { kind: 'steady_full', pageFaults: faults(400) });

  it('is a suspicion of one that was always full, which ends where it reads few pages back, and not where many are usual', () => {
    const { outcomes, incident } = apply(always(0), notFull(1, false), few(2, 300), always(3), few(4, 20));

    expect(outcomes).toEqual(['suspected', 'updated', 'updated', 'updated', 'cleared']);
    expect(incident).toMatchObject({ status: 'closed', severity: 'medium', openedAt: null, endedAt: NOON + 4 * HOUR });
    expect(apply(full(0), always(1), few(2, 0)).outcomes).toEqual(['opened', 'updated', 'updated']);
  });

  it('opens where a suspicion is confirmed by falls, and ends in silence where its host is gone', () => {
    const { outcomes, incident } = apply(always(0), full(1));

    expect(outcomes).toEqual(['suspected', 'opened']);
    expect(incident).toMatchObject({ status: 'open', severity: 'high', openedAt: NOON + HOUR });
    expect(apply(always(0), { ...at(1), kind: 'gone' })).toMatchObject({
      outcomes: ['suspected', 'updated'],
      incident: { status: 'closed' },
    });
  });

  it('is a message that may be one of an exhausted host, where it is a suspicion', () => {
    const { incident } = apply(always(0));
    const [change] = incident?.undecided ?? [];
    if (incident === undefined || change === undefined) throw new Error('nothing was suspected');

    const { data } = notificationSchema.parse(composeNotification(incident, change, aDecision()));

    expect(data).toMatchObject({ kind: 'suspected', severity: 'medium', exhausted: { pageFaults: faults(400) } });
    expect(data.summary).toContain('may be exhausted');
  });

  it('gets worse where the memory that is full does not suffice', () => {
    const { outcomes, incident } = apply(
      full(0, { highest: 0.98 }),
      full(1, { highest: 0.98, pageFaults: faults(400) }),
    );

    expect(outcomes).toEqual(['opened', 'worse']);
    expect(incident?.undecided[1]).toMatchObject({ severity: 'critical', exhausted: { pageFaults: faults(400) } });
  });

  it('begins the next episode when the host is full again', () => {
    const { outcomes, incident } = apply(full(0), notFull(1), notFull(2), notFull(3), full(4));

    expect(outcomes).toEqual(['opened', 'updated', 'recovered', 'unchanged', 'opened']);
    expect(incident).toMatchObject({ status: 'open', episode: 2 });
  });

  it('ends with its host', () => {
    const { outcomes, incident } = apply(full(0), { ...at(1), kind: 'gone' }, { ...at(2), kind: 'gone' });

    expect(outcomes).toEqual(['opened', 'host_gone', 'unchanged']);
    expect(incident).toMatchObject({ status: 'closed' });
  });

  it('changes nothing for a window that is observed again', () => {
    expect(apply(full(0), notFull(1), notFull(1), notFull(1)).outcomes).toEqual([
      'opened',
      'updated',
      'unchanged',
      'unchanged',
    ]);
  });
});

describe('observeFull', () => {
  const host = (levels: number[], rest: Partial<Evaluated> = {}): Evaluated => ({
    kind: 'evaluated',
    series: aSeries(levels, { periodMs: HOUR }),
    verdict: aSteadyVerdict(),
    ...rest,
  });
  const observed = (evaluated: Evaluated, isReported = false) => observeFull('acme', evaluated, () => isReported);
  const isBelow = (evaluated: Evaluated) => {
    const observation = observed(evaluated);
    return observation?.kind === 'not_exhausted' && observation.isBelow();
  };

  it('takes a full host for a finding of its own, as of the end of its window', () => {
    expect(observed(host([0.95], { full: aFullHost() }))).toMatchObject({
      kind: 'exhausted',
      key: KEY,
      asOf: NOON,
      isOfLeak: false,
    });
  });

  it('takes it for a part of the leak where the host leaks now, or its leak is reported', () => {
    const evaluated = host([0.95], { full: aFullHost() });

    expect(observed({ ...evaluated, verdict: aLeakingVerdict() })).toMatchObject({ isOfLeak: true });
    expect(observed(evaluated, true)).toMatchObject({ isOfLeak: true });
  });

  it('takes neither for a finding nor for an end what has always been full', () => {
    expect(observed(host([0.95], { full: aFullHost({ kind: 'steady_full' }) }))).toMatchObject({
      kind: 'not_exhausted',
    });
    expect(isBelow(host([0.5], { full: aFullHost({ kind: 'steady_full' }) }))).toBe(false);
    const pageFaults = { perSecond: 1, usual: 2, risen: false };
    expect(observed(host([0.95], { full: aFullHost({ kind: 'steady_full', pageFaults }) }))).toMatchObject({
      kind: 'not_exhausted',
      pageFaults,
    });
  });

  it('knows nothing of a host without a verdict, or whose limit is not known', () => {
    expect(observed(host([0.5], { verdict: anInsufficientVerdict() }))).toBeUndefined();
    expect(isBelow(host([5e9], { series: aSeries([5e9], { unit: 'By' }) }))).toBe(false);
  });

  it('is below where no sample of the last hours is at the top, and there is one', () => {
    expect(isBelow(host([0.95, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]))).toBe(true);
    expect(isBelow(host([0.5, 0.95, 0.5, 0.5]))).toBe(false);
    expect(isBelow(host([]))).toBe(false);
  });
});
