import { describe, expect, it } from 'vitest';
import { type Observation, outcomeOf, transition } from '../../../core/incidents/transition.ts';
import { type ChangeKind, changeSchema } from '../../../core/model/change.ts';
import type { Severity } from '../../../core/model/finding.ts';
import type { Incident } from '../../../core/model/incident.ts';
import type { Grade } from '../../../core/model/verdict.ts';
import { aFinding, aLeakingVerdict, anIncident, anIncidentKey, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

const RECOVER_AFTER = 2;

function leak(
  hour: number,
  { grade = 'confirmed', severity = 'medium' }: { grade?: Grade; severity?: Severity } = {},
): Observation {
  const finding = aFinding({ severity, verdict: aLeakingVerdict({ grade }) });
  return { kind: 'leaking', key: anIncidentKey(), asOf: NOON + hour * HOUR, finding };
}

function steady(hour: number, utilization: number | undefined = 0.4, confidence = 0.01): Observation {
  return { kind: 'steady', key: anIncidentKey(), asOf: NOON + hour * HOUR, utilization, confidence };
}

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

  it('is worse only when the severity exceeds the greatest one that was reported', () => {
    const { outcomes } = apply(
      leak(0, { severity: 'medium' }),
      leak(1, { severity: 'high' }),
      leak(2, { severity: 'medium' }),
      leak(3, { severity: 'high' }),
      leak(4, { severity: 'critical' }),
    );

    expect(outcomes).toEqual(['opened', 'worse', 'updated', 'updated', 'worse']);
  });

  it('recovers after two steady inspections in a row', () => {
    const { outcomes, incident } = apply(leak(0), steady(1), steady(2));

    expect(outcomes).toEqual(['opened', 'updated', 'recovered']);
    expect(incident?.status).toBe('closed');
  });

  it('starts counting again when a finding comes between two steady inspections', () => {
    const { outcomes } = apply(leak(0), steady(1), leak(2), steady(3), steady(4));

    expect(outcomes).toEqual(['opened', 'updated', 'updated', 'updated', 'recovered']);
  });

  it('does not recover while memory stands still because it is full', () => {
    const { outcomes, incident } = apply(leak(0), steady(1, 0.97), steady(2, 0.97), steady(3, 0.97), leak(4));

    expect(outcomes).toEqual(['opened', 'updated', 'updated', 'updated', 'updated']);
    expect(incident?.status).toBe('open');
  });

  it('does not recover while the verdict is still uncertain', () => {
    const { outcomes, incident } = apply(
      leak(0),
      steady(1, 0.4, 0.2),
      steady(2, 0.4, 0.3),
      steady(3, 0.4, 0.2),
      leak(4),
    );

    expect(outcomes).toEqual(['opened', 'updated', 'updated', 'updated', 'updated']);
    expect(incident?.status).toBe('open');
  });

  it('recovers when memory that was full has been freed', () => {
    const { outcomes } = apply(leak(0), steady(1, 0.97), steady(2, 0.3), steady(3, 0.3));

    expect(outcomes.at(-1)).toBe('recovered');
  });

  it('clears a suspicion without a page', () => {
    const { outcomes } = apply(leak(0, { grade: 'suspected' }), steady(1), steady(2));

    expect(outcomes).toEqual(['suspected', 'updated', 'cleared']);
  });

  it('stores nothing for a steady host without an incident', () => {
    expect(apply(steady(0))).toEqual({ outcomes: ['unchanged'], incident: undefined });
  });

  it('begins a new episode when a closed incident leaks again, and numbers its events on', () => {
    const { incident } = apply(leak(0), steady(1), steady(2), leak(3));

    expect(incident).toMatchObject({ status: 'open', episode: 2, transition: 3, since: NOON + 3 * HOUR });
    expect(kinds(incident)).toEqual(['opened', 'recovered', 'opened']);
    expect(new Set(incident?.undecided.map(({ number }) => number)).size).toBe(3);
  });

  it('does not open a closed incident again for a late finding', () => {
    const { outcomes } = apply(leak(0), steady(2), steady(3), leak(1));

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
    ];
    let incident: Incident | undefined;
    const outcomes = [...observations, steady(4)].map((observation) => {
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
    const { incident } = apply(leak(0), leak(1, { severity: 'critical' }), steady(2), steady(3));

    expect(incident?.undecided.map((change) => changeSchema.parse(change))).toEqual(incident?.undecided);
  });
});
