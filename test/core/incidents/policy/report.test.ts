import { describe, expect, it } from 'vitest';
import { renderPolicyReport } from '../../../../cli/policy/text.ts';
import { plain } from '../../../../cli/render/text.ts';
import type { ReplayPolicy } from '../../../../core/incidents/policy/replay.ts';
import { type DecidedChange, policyReport } from '../../../../core/incidents/policy/report.ts';
import type { Undecided } from '../../../../core/incidents/policy/undecided.ts';
import { HOUR, NOON } from '../../../fixtures/builders.ts';
import { alertsOf, anItem, aStorm } from './changes.ts';

/** As a version without a policy decided: everything was sent. */
function asSent(items: readonly Undecided[]): DecidedChange[] {
  return items.map(({ incident, change }) => ({
    key: incident.key,
    resource: incident.resource,
    change,
    decision: {
      outcome: 'sent',
      stage: null,
      reason: 'rule opened',
      page: true,
      receivers: [],
      until: null,
      fleet: null,
      runbook: null,
    },
  }));
}

function aPolicy(alerts: unknown = {}): ReplayPolicy {
  return { mutes: [], labels: [], alertsOf: () => alertsOf(alerts), environmentOf: () => 'staging' };
}

const LOG = asSent([
  ...aStorm(10),
  anItem({ host: { id: 'i-db', group: 'db' }, change: { at: NOON + 30 * HOUR } }),
  anItem({ host: { id: 'i-dev', group: 'dev' }, change: { at: NOON + 31 * HOUR } }),
]);

const HOLD_DEV = { rules: [{ name: 'dev', match: { groups: ['dev'] }, action: 'hold' }] };

describe('the report of a policy', () => {
  it('shows what each stage held back and would hold back, and the pages of each day', () => {
    const report = policyReport(LOG, aPolicy(HOLD_DEV));

    expect(renderPolicyReport(report, 'acme.yml', 7, { paint: plain, width: 100 })).toMatchInlineSnapshot(`
      "12 changes of 12 incidents in 7 days, decided again by acme.yml. Nothing was sent or stored.

      outcome  was  would be  meaning
      paged     12         2  sent, and meant to wake somebody up
      storm      0        10  part of a fleet incident
      rule       0         1  held by a rule, or put off by its cool-down

      pages on    was  would be
      2026-11-20   10         1
      2026-11-21    2         1"
    `);
  });

  it('of a log without changes states that there is nothing to decide', () => {
    const text = renderPolicyReport(policyReport([], aPolicy()), 'the stored config', 1, { paint: plain });

    expect(text).toBe('No incident changed in 1 day: there is nothing to decide again.');
  });
});
