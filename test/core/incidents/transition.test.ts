import { describe, expect, it } from 'vitest';
import { lastFindingFacts } from '../../../core/incidents/change-facts.ts';
import type { Observation } from '../../../core/incidents/observation.ts';
import { outcomeOf, transition } from '../../../core/incidents/transition.ts';
import { type ChangeKind, changeSchema } from '../../../core/model/change.ts';
import type { Severity } from '../../../core/model/finding.ts';
import type { Incident } from '../../../core/model/incident.ts';
import type { Grade } from '../../../core/model/verdict.ts';
import { anIncident, anIncidentKey, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import {
  curedAt,
  hoursAfterNoon,
  leakAt,
  refillingAt,
  restartedAt,
  steadyAt,
} from '../../fixtures/leak-observations.ts';

const RECOVER_AFTER = 2;

const leak = (hour: number, of: { grade?: Grade; severity?: Severity } = {}) => leakAt(hoursAfterNoon(hour), of);
const steady = (hour: number) => steadyAt(hoursAfterNoon(hour));
const restarted = (hour: number) => restartedAt(hoursAfterNoon(hour));
const refilling = (hour: number) => refillingAt(hoursAfterNoon(hour));
const cured = (hour: number) => curedAt(hoursAfterNoon(hour));

/** Runs observations one after another and returns what each did and what is remembered at the end. */
function apply(...observations: Observation[]): { outcomes: string[]; incident: Incident | undefined } {
  let incident: Incident | undefined;
  let now = NOON;
  const outcomes = observations.map((observation) => {
    now = Math.max(now, observation.asOf);
    const next = transition(incident, observation, RECOVER_AFTER, now);
    if (next.outcome !== 'unchanged') incident = next.incident;
    return next.outcome;
  });
  return { outcomes, incident };
}

const kinds = (incident: Incident | undefined): ChangeKind[] => incident?.undecided.map(({ kind }) => kind) ?? [];

describe('transition', () => {
  it('opens an incident for a confirmed leak, with one change that is undecided', () => {
    const { outcomes, incident } = apply(leak(0));

    expect(outcomes).toEqual(['opened']);
    expect(incident).toMatchObject({ status: 'open', episode: 1, transition: 1, asOf: NOON, since: NOON });
    expect(kinds(incident)).toEqual(['opened']);
  });

  it('keeps what was seen last of the leak, for reminders', () => {
    const later = leak(1);

    const { outcomes, incident } = apply(leak(0), later, steady(2));

    expect(outcomes).toEqual(['opened', 'updated', 'updated']);
    expect(incident?.lastFinding).toEqual(lastFindingFacts(later.finding));
  });

  it('watches a refill and reports nothing of it, and begins the first cycle with the leak that goes on beyond', () => {
    const { outcomes, incident } = apply(refilling(0), refilling(1), steady(2), leak(3));

    expect(outcomes).toEqual(['updated', 'updated', 'unchanged', 'opened']);
    expect(incident).toMatchObject({ status: 'open', episode: 1, cycle: 1, severity: 'medium' });
    expect(kinds(incident)).toEqual(['opened']);
    expect(apply(refilling(0)).incident).toMatchObject({ status: 'watched', transition: 0, story: { plateau: 50 } });
  });

  it('keeps nothing of a refill where a leak that is open goes on', () => {
    expect(apply(leak(0), refilling(1)).incident).toMatchObject({ status: 'open', story: { plateau: null } });
  });

  it('suspects first and opens when the leak is confirmed', () => {
    const { outcomes, incident } = apply(leak(0, { grade: 'suspected' }), leak(1, { grade: 'suspected' }), leak(2));

    expect(outcomes).toEqual(['suspected', 'updated', 'opened']);
    expect(incident).toMatchObject({ status: 'open', episode: 1, since: NOON });
  });

  it('changes nothing when the same window is observed again', () => {
    const { outcomes, incident } = apply(leak(0), leak(0));

    expect(outcomes).toEqual(['opened', 'unchanged']);
    expect(kinds(incident)).toEqual(['opened']);
  });

  it('ignores a finding that is older than what is recorded', () => {
    const { outcomes, incident } = apply(leak(3), leak(1, { severity: 'critical' }));

    expect(outcomes).toEqual(['opened', 'unchanged']);
    expect(incident?.severity).toBe('medium');
  });

  it('is worse when the severity exceeds the one that was reported', () => {
    const { outcomes, incident } = apply(
      leak(0, { severity: 'medium' }),
      leak(1, { severity: 'high' }),
      leak(2, { severity: 'medium' }),
      leak(3, { severity: 'high' }),
      leak(4, { severity: 'critical' }),
      leak(5, { severity: 'critical' }),
    );

    expect(outcomes).toEqual(['opened', 'worse', 'updated', 'updated', 'worse', 'updated']);
    expect(incident?.worseAt).toBe(hoursAfterNoon(4));
  });

  it('recovers when its memory was given back, states how, and is watched', () => {
    const { outcomes, incident } = apply(leak(0), steady(1), restarted(3));

    expect(outcomes).toEqual(['opened', 'updated', 'recovered']);
    expect(incident).toMatchObject({ status: 'watched', severity: 'medium', endedAt: hoursAfterNoon(3) });
    expect(incident?.undecided.at(-1)).toMatchObject({
      kind: 'recovered',
      end: { how: 'memory_given_back', ageHours: 43, confidence: null },
    });
  });

  it('opens the next cycle of the same episode when a watched incident grows again', () => {
    const { outcomes, incident } = apply(
      leak(0),
      restarted(3),
      leak(20, { grade: 'suspected', severity: 'low' }),
      leak(21, { grade: 'suspected', severity: 'low' }),
    );

    expect(outcomes).toEqual(['opened', 'recovered', 'updated', 'opened']);
    expect(incident).toMatchObject({ status: 'open', episode: 1, cycle: 2, severity: 'low', since: NOON });
    expect(incident?.undecided.at(-1)?.cycles).toEqual({ cycle: 2, firstAt: NOON, lastedHours: [43], reopened: true });
  });

  it('needs another acknowledgement when the next cycle opens', () => {
    const { incident } = apply(leak(0), restarted(3));
    const acknowledged = { by: 'ops', at: NOON, note: null };
    const before = incident && { ...incident, acknowledged };

    const next = transition(before, leak(20), RECOVER_AFTER, hoursAfterNoon(20));

    expect(next).toMatchObject({ outcome: 'opened', incident: { acknowledged: null } });
  });

  it('writes nothing for a watched host that is steady', () => {
    expect(apply(leak(0), restarted(3), cured(4), cured(5)).outcomes.slice(2)).toEqual(['unchanged', 'unchanged']);
  });

  it('closes what was cured', () => {
    const { outcomes, incident } = apply(leak(0), restarted(3), cured(100));

    expect(outcomes).toEqual(['opened', 'recovered', 'cleared']);
    expect(incident).toMatchObject({ status: 'closed', endedAt: hoursAfterNoon(3) });
    expect(incident).not.toHaveProperty('story');
    expect(incident?.undecided.at(-1)?.end).toMatchObject({ how: 'cured', confidence: 0.99 });
  });

  it('clears a suspicion without a page', () => {
    const { outcomes } = apply(leak(0, { grade: 'suspected' }), restarted(3));

    expect(outcomes).toEqual(['suspected', 'cleared']);
  });

  it('follows an incident of a version that remembered no story', () => {
    const before = anIncident({ asOf: NOON, since: NOON - 40 * HOUR, severity: 'high' });

    const next = transition(before, leak(1, { severity: 'high' }), RECOVER_AFTER, hoursAfterNoon(1));

    expect(next).toMatchObject({ outcome: 'updated', incident: { status: 'open', episode: 1, severity: 'high' } });
    expect(next).toMatchObject({ incident: { story: { phase: 'open', growth: { base: 20, hasPaged: true } } } });
  });

  it.each([
    ['gone', 'host_gone'],
    ['replaced', 'replaced'],
  ] as const)('ends with a host that is %s', (kind, how) => {
    const { outcomes, incident } = apply(leak(0), { kind, key: anIncidentKey(), asOf: hoursAfterNoon(5) });

    expect(outcomes).toEqual(['opened', 'host_gone']);
    expect(incident).toMatchObject({ status: 'closed', endedAt: hoursAfterNoon(5) });
    expect(incident?.undecided.at(-1)?.end?.how).toBe(how);
  });

  it('reports once that there are no verdicts', () => {
    const none = (hour: number) => ({ kind: 'no_verdict', key: anIncidentKey(), asOf: hoursAfterNoon(hour) }) as const;

    expect(apply(leak(0), none(5), none(6), none(7)).outcomes).toEqual(['opened', 'unchanged', 'no_data', 'unchanged']);
  });

  it('stores nothing for a steady host without an incident', () => {
    expect(apply(steady(0))).toEqual({ outcomes: ['unchanged'], incident: undefined });
  });

  it('begins a new episode when a closed incident leaks again, and numbers its events on', () => {
    const { incident } = apply(leak(0), restarted(3), cured(100), leak(101));

    expect(incident).toMatchObject({ status: 'open', episode: 2, transition: 4, since: hoursAfterNoon(101) });
    expect(kinds(incident)).toEqual(['opened', 'recovered', 'cleared', 'opened']);
    expect(new Set(incident?.undecided.map(({ number }) => number)).size).toBe(4);
  });

  it('does not open a closed incident again for a late finding', () => {
    const { outcomes } = apply(leak(0), restarted(3), cured(100), leak(1));

    expect(outcomes.at(-1)).toBe('unchanged');
  });

  it.each([
    [15 * MINUTE, 'unchanged'],
    [15 * MINUTE + 1, 'worse'],
    [2 * HOUR, 'worse'],
  ])('is not ignored because of an incident of a time that has not come yet: %s ms ahead, %s', (ahead, outcome) => {
    const before = anIncident({ asOf: NOON + ahead });

    const next = transition(before, leak(0, { severity: 'critical' }), RECOVER_AFTER, NOON);

    expect(next).toMatchObject({ outcome, ...(outcome === 'worse' && { incident: { asOf: NOON } }) });
  });

  it('has the same outcome where no facts are collected', () => {
    const observations = [
      leak(0, { grade: 'suspected' }),
      leak(1),
      leak(2, { severity: 'critical' }),
      leak(2),
      steady(3),
      restarted(6),
    ];
    let incident: Incident | undefined;
    const outcomes = observations.map((observation) => {
      const outcome = outcomeOf(incident, observation, RECOVER_AFTER, observation.asOf);
      const next = transition(incident, observation, RECOVER_AFTER, observation.asOf);
      if (next.outcome !== 'unchanged') incident = next.incident;
      return [outcome, next.outcome];
    });

    expect(outcomes.map(([alone]) => alone)).toEqual([
      'suspected',
      'opened',
      'worse',
      'unchanged',
      'updated',
      'recovered',
    ]);
    expect(outcomes.filter(([alone, composed]) => alone !== composed)).toEqual([]);
  });

  it('keeps changes that satisfy their schema', () => {
    const { incident } = apply(leak(0), leak(1, { severity: 'critical' }), steady(2), restarted(4));

    expect(incident?.undecided.map((change) => changeSchema.parse(change))).toEqual(incident?.undecided);
  });
});
