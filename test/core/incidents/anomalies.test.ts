import { describe, expect, it } from 'vitest';
import type { AnomalyObservation } from '../../../core/incidents/observation.ts';
import { transition } from '../../../core/incidents/transition.ts';
import { changeSchema } from '../../../core/model/change.ts';
import { type Incident, incidentSchema } from '../../../core/model/incident.ts';
import { abandoned, aFillingDisk, anAnomaly, gone, HOURLY, MINUTE, observed } from '../../fixtures/anomalies.ts';
import { NOON } from '../../fixtures/builders.ts';

const RECOVER_AFTER = 2;

function apply(...observations: AnomalyObservation[]) {
  let incident: Incident | undefined;
  let now = 0;
  const outcomes = observations.map((observation) => {
    now = Math.max(now, observation.asOf);
    const next = transition(incident, observation, RECOVER_AFTER, now);
    if (next.outcome !== 'unchanged') incident = incidentSchema.parse(next.incident);
    return next.outcome;
  });
  return { outcomes, incident, last: incident?.undecided.at(-1) };
}

const until = (minutes: number, rest = {}) => anAnomaly({ goesOn: false, last: NOON + minutes * MINUTE, ...rest });
const goingOn = (minutes: number, rest = {}) => anAnomaly({ last: NOON + minutes * MINUTE, ...rest });

describe('the incident of a host with anomalies', () => {
  it('opens with what is anomalous, and is one however many metrics are', () => {
    const { outcomes, incident, last } = apply(
      observed(0, [goingOn(0), aFillingDisk()]),
      observed(1, [goingOn(1), aFillingDisk()]),
    );

    expect(outcomes).toEqual(['opened', 'unchanged']);
    expect(incident).toMatchObject({ status: 'open', severity: 'high', key: { metric: 'system', finding: 'anomaly' } });
    expect(changeSchema.parse(last).anomaly?.anomalies).toMatchObject([
      { metric: 'system.filesystem.utilization', severity: 'high', part: { mountpoint: '/var' } },
      { metric: 'system.cpu.utilization', severity: 'low', value: 0.97, low: 0.2, high: 0.45 },
    ]);
  });

  it('is worse when its severity rises', () => {
    const { outcomes, incident } = apply(
      observed(0, [goingOn(0)]),
      observed(1, [goingOn(1, { type: 'shift_up' })]),
      observed(2, [goingOn(2)]),
    );

    expect(outcomes).toEqual(['opened', 'worse', 'updated']);
    expect(incident).toMatchObject({ severity: 'medium', worseAt: NOON + MINUTE });
  });

  it('is worse when a further metric joins, once in an episode', () => {
    const load = { metric: 'system.cpu.load_average.1m', label: 'Load 1m', unit: '{thread}' };
    const { outcomes, incident } = apply(
      observed(0, [goingOn(0)]),
      observed(1, [goingOn(1), goingOn(1, load)]),
      observed(2, [goingOn(2), until(1, load)]),
      observed(40, [goingOn(40)]),
      observed(41, [goingOn(41), goingOn(41, load)]),
    );

    expect(outcomes).toEqual(['opened', 'worse', 'updated', 'updated', 'updated']);
    expect(incident?.undecided[1]?.anomaly?.joined).toEqual(['Load 1m']);
  });

  it('is not worse where a further part of the same metric is anomalous', () => {
    const part = (mountpoint: string) => aFillingDisk({ part: { mountpoint } });

    expect(apply(observed(0, [part('/var')]), observed(1, [part('/var'), part('/home')])).outcomes).toEqual([
      'opened',
      'updated',
    ]);
  });

  it('has recovered when all has been over for the time of its inspections, a resident one counting as ten minutes', () => {
    const { outcomes, incident, last } = apply(
      observed(0, [goingOn(0)]),
      observed(3, [until(2)]),
      observed(21, []),
      observed(22, []),
    );

    expect(outcomes).toEqual(['opened', 'updated', 'updated', 'recovered']);
    expect(incident).toMatchObject({ status: 'closed', endedAt: NOON + 22 * MINUTE });
    expect(last?.anomaly?.anomalies).toMatchObject([{ goesOn: false, last: '2026-11-20T12:02:00.000Z' }]);
  });

  it('takes what is no longer listed for over since its last anomalous point', () => {
    const { outcomes } = apply(observed(0, [goingOn(0)], HOURLY), observed(60, [], HOURLY), observed(120, [], HOURLY));

    expect(outcomes).toEqual(['opened', 'updated', 'recovered']);
  });

  it('goes on where an anomaly comes back before that', () => {
    expect(
      apply(observed(0, [goingOn(0)]), observed(5, []), observed(15, [goingOn(15)]), observed(25, [])).outcomes,
    ).toEqual(['opened', 'updated', 'updated', 'updated']);
  });

  it('opens for what ended lately, and not for what has been over as long as a recovery takes', () => {
    expect(apply(observed(10, [until(0)])).outcomes).toEqual(['opened']);
    expect(apply(observed(20, [until(0)])).outcomes).toEqual(['unchanged']);
  });

  it('opens a further episode after it has recovered', () => {
    const { outcomes, incident } = apply(observed(0, [goingOn(0)]), observed(30, []), observed(60, [goingOn(60)]));

    expect(outcomes).toEqual(['opened', 'recovered', 'opened']);
    expect(incident).toMatchObject({ episode: 2, transition: 3 });
  });

  it('writes that it goes on every ten minutes at the most', () => {
    const { outcomes } = apply(...[0, 1, 9, 10, 11, 20].map((minutes) => observed(minutes, [goingOn(minutes)])));

    expect(outcomes).toEqual(['opened', 'unchanged', 'unchanged', 'updated', 'unchanged', 'updated']);
  });

  it('is not opened by what is not reported yet', () => {
    expect(apply(observed(0, [goingOn(0, { reportedAt: NOON + MINUTE })])).outcomes).toEqual(['unchanged']);
  });

  it('ignores what is repeated, and what is late', () => {
    const { outcomes } = apply(
      observed(0, [goingOn(0)]),
      observed(0, [goingOn(0)]),
      observed(30, []),
      observed(0, [goingOn(0)]),
    );

    expect(outcomes).toEqual(['opened', 'unchanged', 'recovered', 'unchanged']);
  });
});

describe('several jobs', () => {
  it('neither see nor end each other’s anomalies', () => {
    const disk = aFillingDisk();
    const { outcomes, incident } = apply(
      observed(0, [disk], HOURLY),
      observed(1, []),
      observed(2, [goingOn(2)]),
      observed(40, []),
      observed(60, [aFillingDisk({ last: NOON + 60 * MINUTE })], HOURLY),
      observed(120, [], HOURLY),
      observed(240, [], HOURLY),
    );

    expect(outcomes).toEqual(['opened', 'unchanged', 'worse', 'updated', 'updated', 'updated', 'recovered']);
    expect(incident?.episode).toBe(1);
  });

  it('are late by themselves', () => {
    const { outcomes } = apply(observed(5, [goingOn(5)]), observed(0, [aFillingDisk()], HOURLY));

    expect(outcomes).toEqual(['opened', 'worse']);
  });

  it('leave the incident when they have not inspected for two days', () => {
    const day = 24 * 60;
    const { outcomes } = apply(
      observed(0, [aFillingDisk()], HOURLY),
      observed(1, [goingOn(1)]),
      observed(2 * day, []),
      observed(2 * day + 1, []),
    );

    expect(outcomes).toEqual(['opened', 'worse', 'updated', 'recovered']);
  });
});

describe('a host of which nothing is known', () => {
  it('is reported once to have no data, and goes on when it has', () => {
    const { outcomes, last } = apply(
      observed(0, [goingOn(0)]),
      observed(10, undefined),
      observed(20, undefined),
      observed(21, undefined),
      observed(22, [goingOn(22)]),
      observed(60, undefined),
    );

    expect(outcomes).toEqual(['opened', 'updated', 'no_data', 'unchanged', 'updated', 'no_data']);
    expect(last?.anomaly?.anomalies).toHaveLength(1);
  });

  it('has not recovered', () => {
    const { incident } = apply(observed(0, [goingOn(0)]), observed(100, undefined), observed(1000, undefined));

    expect(incident?.status).toBe('open');
  });

  it('is over when it is gone, once its jobs have reported that it has no points', () => {
    const { outcomes, incident } = apply(
      observed(0, [goingOn(0)]),
      gone(10),
      observed(20, undefined),
      gone(30),
      gone(30),
    );

    expect(outcomes).toEqual(['opened', 'unchanged', 'no_data', 'host_gone', 'unchanged']);
    expect(incident?.status).toBe('closed');
  });

  it('is cleared where no job has inspected it for two days', () => {
    const { outcomes, last } = apply(
      observed(0, [goingOn(0)]),
      abandoned(60),
      abandoned(48 * 60 + 1),
      abandoned(49 * 60),
    );

    expect(outcomes).toEqual(['opened', 'unchanged', 'cleared', 'unchanged']);
    expect(last?.end?.how).toBe('not_inspected');
  });
});
