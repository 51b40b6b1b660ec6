import { describe, expect, it } from 'vitest';
import { shadowSummary } from '../../../core/backtest/shadow-summary.ts';
import { decideAll } from '../../../core/incidents/policy/decide-all.ts';
import { idOf } from '../../../core/incidents/policy/undecided.ts';
import type { IncidentEvent } from '../../../core/model/incident-event.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { aContext, alertsOf, anItem } from '../incidents/policy/changes.ts';

const alerts = alertsOf({ shadow: { until: '2026-11-27T12:00:00Z' } });

/** The log of changes that were decided in shadow, one an hour. */
function logOf(confidences: readonly number[]): IncidentEvent[] {
  const items = confidences.map((confidence, hour) =>
    anItem({ host: { id: `i-${hour}`, group: `g-${hour}` }, change: { at: NOON + hour * HOUR }, leak: { confidence } }),
  );
  const { decisions } = decideAll(items, aContext({ alerts }));
  return decisions.map(({ incident, change, decision }) => ({
    kind: 'change',
    id: idOf({ incident, change }),
    tenant: 'acme',
    incident: incident.key.host,
    at: change.at,
    change,
    decision,
  }));
}

const TWO_WEEKS = { from: NOON, to: NOON + 14 * 24 * HOUR };

describe('the summary of a shadow', () => {
  it('counts what would have paged, a week', () => {
    expect(shadowSummary(logOf([0.9, 0.92, 0.99]), TWO_WEEKS)).toMatchObject({
      changes: 3,
      pages: 3,
      notifications: 0,
      pagesPerWeek: 1.5,
      byKind: { opened: 3 },
      threshold: null,
    });
  });

  it('names the least threshold that keeps a budget', () => {
    const { threshold } = shadowSummary(logOf([0.81, 0.85, 0.94, 0.99]), { ...TWO_WEEKS, budget: 1 });

    // 0.85 is confirmed up to a threshold of 0.58, and not at one of 0.59.
    expect(threshold).toBe(0.59);
  });

  it('names none where nothing keeps the budget', () => {
    expect(shadowSummary(logOf([0.99, 0.99]), { ...TWO_WEEKS, budget: 0 }).threshold).toBeNull();
  });

  it('passes over what is outside its time, and what was decided outside a shadow', () => {
    const events = logOf([0.9, 0.9]);
    const [first] = events;
    const sent = first?.kind === 'change' ? [{ ...first, decision: { ...first.decision, stage: null } }] : [];

    expect(shadowSummary([...events, ...sent], { from: NOON + HOUR, to: NOON + 24 * HOUR }).pages).toBe(1);
  });
});
