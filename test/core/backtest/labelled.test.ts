import { describe, expect, it } from 'vitest';
import { labelledTimes, timesWithin } from '../../../core/backtest/labelled.ts';
import { incidentId } from '../../../core/model/incident.ts';
import type { Label } from '../../../core/model/mute.ts';
import { aChange, aDecision, aLabel, anIncidentKey, aResource, HOUR, NOON } from '../../fixtures/builders.ts';

const KEY = anIncidentKey();
const HOST = aResource({ id: KEY.host });
const SPAN = { from: NOON - 720 * HOUR, to: NOON };

function onIncident(kind: Label['kind'], overrides: Partial<Label> = {}): Label {
  return { ...aLabel(), kind, subject: { incident: incidentId(KEY, 1) }, at: NOON - 10 * HOUR, ...overrides };
}

function onHosts(kind: Label['kind'], overrides: Partial<Label>): Label {
  return { ...aLabel(), kind, subject: { host: 'web-*' }, at: NOON - 10 * HOUR, likeness: null, ...overrides };
}

describe('the time of a label on an incident', () => {
  it('begins a day before the first change that the log has, and ends with the label', () => {
    const change = { ...aChange({ key: KEY }), episode: 1, at: NOON - 60 * HOUR };
    const logged = { key: KEY, resource: HOST, change, decision: aDecision() };

    const [time] = labelledTimes([onIncident('false-positive')], [logged], SPAN);

    expect(time).toMatchObject({ leak: false, from: NOON - 84 * HOUR, to: NOON - 10 * HOUR });
  });

  it('is the week before the label where the log has forgotten the incident', () => {
    const [time] = labelledTimes([onIncident('true-positive')], [], SPAN);

    expect(time).toMatchObject({ leak: true, from: NOON - 178 * HOUR, to: NOON - 10 * HOUR });
  });

  it('is about the host of the incident alone', () => {
    const [time] = labelledTimes([onIncident('true-positive')], [], SPAN);

    expect(time?.matches(HOST)).toBe(true);
    expect(time?.matches({ ...HOST, id: 'another' })).toBe(false);
    expect(time?.matches({ ...HOST, region: 'us-east-1' })).toBe(false);
  });
});

describe('the time of a label on hosts', () => {
  it('is what the label names, as far as it is replayed', () => {
    const period = onHosts('normal-period', { from: NOON - 100 * HOUR, to: NOON + HOUR });

    const [time] = labelledTimes([period], [], SPAN);

    expect(time).toMatchObject({ leak: false, from: NOON - 100 * HOUR, to: NOON });
    expect(time?.matches(aResource({ id: 'i-1', name: 'web-1' }))).toBe(true);
    expect(time?.matches(aResource({ id: 'i-1', name: 'db-1' }))).toBe(false);
  });

  it('is all that is replayed of a known leak without bounds', () => {
    expect(labelledTimes([onHosts('known-leak', {})], [], SPAN)[0]).toMatchObject({ leak: true, ...SPAN });
  });

  it('is left out where it lies outside', () => {
    const past = onHosts('normal-period', { from: NOON - 900 * HOUR, to: NOON - 800 * HOUR });

    expect(labelledTimes([past], [], SPAN)).toEqual([]);
  });
});

describe('timesWithin', () => {
  it('leaves out what a source does not keep any more, and shortens what it keeps in part', () => {
    const times = labelledTimes(
      [onHosts('known-leak', { to: NOON - 100 * HOUR }), onIncident('true-positive')],
      [],
      SPAN,
    );

    const kept = timesWithin(times, { from: NOON - 50 * HOUR, to: NOON });

    expect(kept).toMatchObject([{ from: NOON - 50 * HOUR, to: NOON - 10 * HOUR }]);
  });
});

describe('labelledTimes', () => {
  it('counts the last of several labels on the same incident', () => {
    const labels = [
      onIncident('true-positive', { id: 'b', at: NOON - HOUR }),
      onIncident('false-positive', { id: 'a' }),
    ];

    expect(labelledTimes(labels, [], SPAN)).toMatchObject([{ label: 'b', leak: true }]);
  });
});
