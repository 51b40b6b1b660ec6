import { describe, expect, it } from 'vitest';
import { exhaustedFacts, lastFindingFacts } from '../../../../core/incidents/change-facts.ts';
import { withReminder, withReminders } from '../../../../core/incidents/policy/reminders.ts';
import { remind } from '../../../../core/incidents/remind.ts';
import { MAX_UNDECIDED } from '../../../../core/incidents/room.ts';
import type { FleetMember } from '../../../../core/model/fleet.ts';
import type { FullHost } from '../../../../core/model/full-host.ts';
import { type Incident, incidentSchema } from '../../../../core/model/incident.ts';
import { aFinding, aResource, HOUR, NOON } from '../../../fixtures/builders.ts';
import { createMemoryIncidentList, createMemoryIncidentStore } from '../../../memory/stores.ts';
import { aChange, alertsOf, anItem } from './changes.ts';

const alerts = alertsOf({
  receivers: [{ name: 'boss', type: 'amazon-q' }],
  reminder: { afterHours: 4, most: 2 },
  escalation: { afterMinutes: 30, receivers: ['boss'], severities: ['critical'] },
});

function anOpen(overrides: Partial<Incident> = {}): Incident {
  return { ...anItem().incident, undecided: [], lastNotifiedAt: NOON, ...overrides };
}

const FULL: FullHost = {
  kind: 'filling_again',
  level: 0.94,
  highest: 0.96,
  floorShare: 1,
  peakShare: 1,
  recentHours: 6,
  since: NOON - 9 * HOUR,
  falls: [],
  hoursToFull: 3,
  grows: true,
};

function aMember(host: string, growth: number): FleetMember {
  const { region } = anItem().incident.key;
  const times = { at: NOON, from: NOON - 5 * HOUR, to: NOON - 4 * HOUR };
  return { host, region, ...times, growth, severity: 'high', confirmed: true, state: 'rising' };
}

function kinds(incident: Incident, hours: number): string[] {
  const after = withReminders(incident, alerts, NOON + hours * HOUR);
  return after?.undecided.map(({ kind }) => kind) ?? [];
}

describe('an incident that nobody acknowledged', () => {
  it('is reminded of after some hours, so many times', () => {
    const first = withReminders(anOpen(), alerts, NOON + 4 * HOUR);
    const notified = (incident: Incident | undefined, at: number) => ({
      ...(incident ?? anOpen()),
      undecided: [],
      lastNotifiedAt: at,
    });
    const second = withReminders(notified(first, NOON + 4 * HOUR), alerts, NOON + 8 * HOUR);
    const third = withReminders(notified(second, NOON + 8 * HOUR), alerts, NOON + 20 * HOUR);

    expect(kinds(anOpen(), 3)).toEqual([]);
    expect(first?.undecided).toMatchObject([{ kind: 'reminder', number: 2, recordedAt: NOON + 4 * HOUR }]);
    expect(incidentSchema.safeParse(first).success).toBe(true);
    expect(second?.undecided).toHaveLength(1);
    expect(third).toBeUndefined();
  });

  it('is reminded of with what was seen last of it', () => {
    const lastFinding = lastFindingFacts(aFinding());

    const first = withReminders(anOpen({ lastFinding }), alerts, NOON + 4 * HOUR);

    expect(first?.undecided).toMatchObject([{ kind: 'reminder', lastFinding }]);
    expect(incidentSchema.safeParse(first).success).toBe(true);
  });

  it('is reminded of with what was seen last of it as a full host', () => {
    const lastExhausted = exhaustedFacts({ kind: 'exhausted', resource: aResource(), full: FULL });

    const first = withReminders(anOpen({ lastExhausted }), alerts, NOON + 4 * HOUR);

    expect(first?.undecided).toMatchObject([{ kind: 'reminder', exhausted: { kind: 'filling_again', level: 0.94 } }]);
    expect(incidentSchema.safeParse(first).success).toBe(true);
  });

  it('is reminded of as a fleet with the figures that its members have by then', async () => {
    const incidents = createMemoryIncidentStore();
    const members = [aMember('i-1', 1), aMember('i-2', 1)];
    const fleet: Incident = {
      ...anOpen(),
      key: { ...anOpen().key, region: null, host: 'group:web', finding: 'fleet' },
      members: { by: 'group', members, more: 0, joinedAt: NOON, endingSince: null },
    };
    const { incident: member } = anItem({ host: { id: 'i-2' } });
    const lastFinding = { ...lastFindingFacts(aFinding()), growthPerHour: { low: 0.02, estimate: 0.03, high: 0.04 } };
    await incidents.put({ ...member, status: 'open', lastFinding }, 0);
    await incidents.put(fleet, 0);
    const options = { alertsOf: () => alerts, now: NOON + 4 * HOUR, isTimeUp: () => false };

    await remind('acme', { incidents, incidentList: createMemoryIncidentList(incidents) }, options);

    const undecided = (await incidents.get(fleet.key))?.value.undecided;
    expect(undecided).toMatchObject([{ kind: 'reminder', fleet: { hosts: 2, growth: { low: 1, high: 3 } } }]);
  });

  it('is reminded of once though the reminder is held back', () => {
    const first = withReminders(anOpen(), alerts, NOON + 4 * HOUR);

    expect(kinds({ ...(first ?? anOpen()), undecided: [] }, 5)).toEqual([]);
  });

  it('is escalated once where it is severe enough', () => {
    const critical = anOpen({ severity: 'critical' });
    const first = withReminders(critical, alerts, NOON + HOUR);

    expect(kinds(anOpen(), 1)).toEqual([]);
    expect(first?.undecided.map(({ kind }) => kind)).toEqual(['escalated']);
    expect(kinds({ ...(first ?? critical), undecided: [] }, 2)).toEqual([]);
  });

  it('is reminded of anew in its next cycle', () => {
    const reminded = { episode: 1, cycle: 1, count: 2, escalated: true, at: NOON };

    expect(kinds(anOpen({ reminded }), 9)).toEqual([]);
    expect(kinds(anOpen({ reminded, cycle: 2 }), 9)).toEqual(['reminder']);
  });

  it.each([
    ['is acknowledged', { acknowledged: { by: 'ops', at: NOON, note: null } }],
    ['is suspected', { status: 'suspected' }],
    ['is over', { status: 'closed' }],
    ['was held back', { lastNotifiedAt: null }],
    ['was notified of in an earlier cycle alone', { cycleSince: NOON + HOUR }],
  ] as const)('is not reminded of where it %s', (_, overrides) => {
    expect(kinds(anOpen(overrides), 9)).toEqual([]);
  });

  it('is not reminded of without a setting', () => {
    expect(withReminders(anOpen(), undefined, NOON + 99 * HOUR)).toBeUndefined();
  });

  it('and goes on when its fleet has ended gets a reminder', () => {
    const incident = anOpen({ lastChangeAt: NOON - HOUR });

    expect(withReminder(incident, 'reminder', NOON + HOUR)).toMatchObject({
      transition: 2,
      lastChangeAt: NOON - HOUR,
      changedAt: NOON + HOUR,
      undecided: [{ kind: 'reminder', number: 2, grade: 'confirmed' }],
    });
  });

  it('keeps no more changes for it than there is room for', () => {
    const undecided = Array.from({ length: MAX_UNDECIDED }, (_, index) =>
      aChange({ number: index + 1, kind: 'worse' }),
    );
    const incident = anOpen({ undecided, transition: MAX_UNDECIDED });

    const { undecided: kept, dropped } = withReminder(incident, 'reminder', NOON + HOUR);

    expect([kept.length, kept.at(-1)?.kind, dropped]).toEqual([MAX_UNDECIDED, 'reminder', 1]);
  });
});
