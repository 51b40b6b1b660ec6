/** Until when a restart is safe, and when people planned to do one before. */
import { describe, expect, it } from 'vitest';
import { restartByOf } from '../../../core/incidents/restart-windows.ts';
import { type Alerts, alertsSchema } from '../../../core/model/alerts.ts';
import { aChange, aFinding, aLeakingVerdict, anEvidence, aResource, HOUR, NOON } from '../../fixtures/builders.ts';

const HOST = aResource({ group: 'web' });

/** Noon is on a Friday. Memory is used up 100 hours later at the earliest, a restart is safe for 90: until Tuesday, 06:00. */
const EXPECTED = { kind: 'expected', earliest: NOON + 100 * HOUR, likely: NOON + 130 * HOUR, latest: null } as const;
const CHANGE = aChange(
  {},
  'opened',
  aFinding({ verdict: aLeakingVerdict({ evidence: anEvidence({ exhaustion: EXPECTED }) }) }),
);

function found(alerts: object, change = CHANGE) {
  const parsed: Alerts = alertsSchema.parse(alerts);
  return restartByOf(change, HOST, parsed);
}

const WEEKEND = { name: 'weekend', cron: '0 2 * * sat,sun', durationMinutes: 120, timezone: 'UTC' };

describe('the time by which a restart is safe', () => {
  it('has the last maintenance window before it, by its name', () => {
    expect(found({ maintenance: [WEEKEND, { ...WEEKEND, name: 'late', cron: '0 2 * * wed' }] })).toEqual({
      at: NOON + 90 * HOUR,
      window: { name: 'weekend', start: NOON + 38 * HOUR, end: NOON + 40 * HOUR },
    });
  });

  it('has the last quiet hours, over midnight, where they are later; they end with it', () => {
    const quietHours = [{ from: '22:00', to: '06:30', timezone: 'Europe/Berlin' }];

    expect(found({ maintenance: [WEEKEND], quietHours })?.window).toEqual({
      name: null,
      start: NOON + 81 * HOUR,
      end: NOON + 89.5 * HOUR,
    });
  });

  it('has no window of other hosts, and none where no config names one', () => {
    const others = [{ ...WEEKEND, match: { groups: ['db'] } }];

    expect([found({ maintenance: others })?.window, found({})?.window]).toEqual([null, null]);
  });

  it('is not known where nobody knows when the memory is used up, or nothing leaks', () => {
    const exhaustion = { kind: 'cannot_say', reason: 'capacity_unknown' } as const;
    const evidence = anEvidence({ exhaustion });
    const unknown = aChange({}, 'opened', aFinding({ verdict: aLeakingVerdict({ evidence }) }));

    expect([found({}, unknown), found({}, aChange({}, 'recovered'))]).toEqual([undefined, undefined]);
  });
});
