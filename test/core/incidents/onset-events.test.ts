/** What happened where a growth began. */
import { describe, expect, it } from 'vitest';
import { onsetEvents } from '../../../core/incidents/onset-events.ts';
import type { Change } from '../../../core/model/change.ts';
import { isoText } from '../../../core/model/notation.ts';
import type { ScalingEvent } from '../../../core/model/scaling-event.ts';
import { aScalingEvent } from '../../contract/scaling-log.ts';
import { aChange, aFinding, aLeakingVerdict, anEvidence, HOUR, NOON } from '../../fixtures/builders.ts';

/** Its growth began between 10 and 8 hours before noon. */
function aChangeWith(restarts: readonly number[] = []): Change {
  const onset = { start: NOON - 10 * HOUR, end: NOON - 8 * HOUR, leftCensored: false };
  return aChange({}, 'opened', aFinding({ verdict: aLeakingVerdict({ evidence: anEvidence({ onset, restarts }) }) }));
}

function anEvent(hoursBefore: number, overrides: Partial<ScalingEvent> = {}): ScalingEvent {
  return aScalingEvent({ id: `event-${hoursBefore}`, time: NOON - hoursBefore * HOUR, ...overrides });
}

const deployed = (hoursBefore: number, name: string) => anEvent(hoursBefore, { kind: 'deployed', name, hosts: [] });

describe('the events at the onset', () => {
  it('are deployments by their version, and others in words', () => {
    const events = [deployed(11, 'v2.31'), anEvent(9), anEvent(8.5, { kind: 'resized', hosts: [] })];

    expect(onsetEvents(aChangeWith(), events)).toEqual({
      deployments: [{ at: isoText(NOON - 11 * HOUR), name: 'v2.31' }],
      scaling: [
        { at: isoText(NOON - 9 * HOUR), name: '1 host launched' },
        { at: isoText(NOON - 8.5 * HOUR), name: 'its size was set' },
      ],
    });
  });

  it('begin three hours before the earliest time of the onset, and end with the latest', () => {
    const events = [13.1, 13, 8, 7.9].map((hours) => deployed(hours, `v${hours}`));

    expect(onsetEvents(aChangeWith(), events).deployments?.map(({ name }) => name)).toEqual(['v13', 'v8']);
  });

  it('are the five newest of many', () => {
    const events = Array.from({ length: 40 }, (_, index) => anEvent(10 - index / 40, { hosts: [] }));

    const { scaling = [] } = onsetEvents(aChangeWith(), events);

    expect(scaling).toHaveLength(5);
    expect(scaling.at(-1)).toEqual({ at: isoText(NOON - (10 - 39 / 40) * HOUR), name: 'hosts launched' });
  });

  it('have the restarts of the host itself', () => {
    const change = aChangeWith([NOON - 90 * HOUR, NOON - 9 * HOUR, NOON - HOUR]);

    expect(onsetEvents(change, [])).toEqual({ restarts: [isoText(NOON - 9 * HOUR)] });
  });

  it('are none where nobody knows when the growth began', () => {
    expect(onsetEvents(aChange({}, 'recovered'), [deployed(9, 'v2.31')])).toEqual({});
  });
});
