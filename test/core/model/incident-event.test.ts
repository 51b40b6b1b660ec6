import { describe, expect, it } from 'vitest';
import { incidentEventSchema } from '../../../core/model/incident-event.ts';

describe('an entry of the log', () => {
  it('holds a change with the decision that was made about it', () => {
    const entry = {
      kind: 'change',
      id: 'i/1/2',
      tenant: 'acme',
      incident: 'i/1',
      at: 1,
      change: {
        number: 2,
        kind: 'recovered',
        episode: 1,
        at: 1,
        recordedAt: 2,
        severity: 'high',
        grade: null,
        cycles: { cycle: 3, firstAt: 0, lastedHours: [61, 58], reopened: true },
        end: { how: 'memory_given_back', ageHours: 61, confidence: null },
      },
      decision: {
        outcome: 'held',
        stage: 'mute',
        reason: 'muted by ops: known',
        page: false,
        receivers: [],
        until: null,
        fleet: null,
        runbook: null,
      },
    };

    expect(incidentEventSchema.parse(entry)).toEqual(entry);
  });
});
