import { describe, expect, it } from 'vitest';
import { loggedChanges } from '../../../core/incidents/logged-changes.ts';
import { decideAll } from '../../../core/incidents/policy/decide-all.ts';
import { incidentId } from '../../../core/model/incident.ts';
import type { IncidentEvent } from '../../../core/model/incident-event.ts';
import { aContext, aStorm } from '../../core/incidents/policy/changes.ts';
import { anAnomaly, anomalyChange, observed } from '../../fixtures/anomalies.ts';
import { aDecision, NOON } from '../../fixtures/builders.ts';

const EVENTS: readonly IncidentEvent[] = decideAll(aStorm(6), aContext()).decisions.map(
  ({ incident, change, decision }, index) => ({
    kind: 'change',
    id: String(index),
    tenant: 'acme',
    incident: incidentId(incident.key, change.episode),
    at: change.at,
    host: incident.resource,
    change,
    decision,
  }),
);

const SPAN = { from: 0, to: NOON };

describe('the changes of a log', () => {
  it('are read page by page, each with its host and its kind of finding', async () => {
    const log = {
      async list(_: string, { cursor }: { readonly cursor?: string }) {
        const page = Number(cursor ?? 0);
        return { events: EVENTS.slice(page * 4, page * 4 + 4), cursor: page === 0 ? '1' : null };
      },
    };

    const changes = await loggedChanges(log, 'acme', { from: 0, to: NOON }, new AbortController().signal);

    expect(changes).toHaveLength(7);
    expect(changes.map(({ key }) => key.finding).filter((finding) => finding === 'fleet')).toHaveLength(1);
    expect(changes.find(({ key }) => key.host === 'i-00003')).toMatchObject({
      resource: { group: 'web-blue' },
      decision: { stage: 'storm' },
    });
  });

  it('of anomalies have the key of their incident', async () => {
    const { incident, change } = anomalyChange([observed(0, [anAnomaly()])]);
    const id = incidentId(incident.key, 1);
    const shared = { id: `${id}/1`, tenant: 'acme', incident: id, at: NOON, host: incident.resource };
    const event: IncidentEvent = { kind: 'change', ...shared, change, decision: aDecision() };

    const changes = await loggedChanges({ list: async () => ({ events: [event], cursor: null }) }, 'acme', SPAN);

    expect(changes.map(({ key }) => key)).toEqual([incident.key]);
  });
});
