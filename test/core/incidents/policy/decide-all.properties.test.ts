import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAll } from '../../../../core/incidents/policy/decide-all.ts';
import { idOf, type Undecided } from '../../../../core/incidents/policy/undecided.ts';
import { CHANGE_KINDS } from '../../../../core/model/change.ts';
import { decisionSchema, POLICY_STAGES } from '../../../../core/model/decision.ts';
import { SEVERITIES } from '../../../../core/model/finding.ts';
import { incidentSchema } from '../../../../core/model/incident.ts';
import { PATTERN_NAMES } from '../../../../core/model/verdict.ts';
import { HOUR, NOON } from '../../../fixtures/builders.ts';
import { aContext, aLabel, alertsOf, aMute, anItem } from './changes.ts';

const change = fc.record({
  kind: fc.constantFrom(...CHANGE_KINDS),
  severity: fc.constantFrom(...SEVERITIES),
  at: fc.integer({ min: -48, max: 0 }).map((hours) => NOON + hours * HOUR),
  notBefore: fc.option(
    fc.integer({ min: -5, max: 5 }).map((hours) => NOON + hours * HOUR),
    { nil: undefined },
  ),
});

const leak = fc.record({
  growth: fc.double({ min: 0.1, max: 20, noNaN: true }),
  pattern: fc.constantFrom(...PATTERN_NAMES),
  since: fc.integer({ min: 0, max: 40 }),
});

/** Some changes of one host's incident, numbered in the order of their times. */
const incidentChanges = (tenant: string) =>
  fc
    .record({
      host: fc.integer({ min: 0, max: 40 }),
      group: fc.constantFrom(undefined, 'web', 'db'),
      lastNotifiedAt: fc.option(fc.integer({ min: -50, max: 0 }).map((hours) => NOON + hours * HOUR)),
      changes: fc.array(fc.tuple(change, leak), { minLength: 1, maxLength: 4 }),
    })
    .map(({ host, group, lastNotifiedAt, changes }): Undecided[] =>
      changes
        .toSorted(([a], [b]) => a.at - b.at)
        .map(([{ notBefore, ...own }, figures], index) =>
          anItem({
            tenant,
            host: { id: `i-${host}`, ...(group !== undefined && { group }) },
            change: { ...own, ...(notBefore !== undefined && { notBefore }), number: index + 1 },
            leak: figures,
            incident: { lastNotifiedAt },
          }),
        ),
    );

const undecidedOf = (tenant: string) =>
  fc
    .uniqueArray(incidentChanges(tenant), { maxLength: 30, selector: ([first]) => first?.incident.key.host })
    .map((incidents) => incidents.flat());

const ALERTS = [
  undefined,
  alertsOf({ preset: 'precog', silenceHours: 6 }),
  alertsOf({ storm: { hosts: 3 }, quietHours: [{ from: '10:00', to: '14:00', below: 'high' }] }),
  alertsOf({ shadow: { until: '2026-12-01T00:00:00Z' }, storm: { hosts: 3 } }),
  alertsOf({ maintenance: [{ name: 'noon', cron: '0 12 * * *', durationMinutes: 60, match: { groups: ['db'] } }] }),
];

const context = fc.constantFrom(...ALERTS).map((alerts) =>
  aContext({
    alerts,
    mutes: [aMute({ subject: { host: 'i-1?' } })],
    labels: [aLabel({ subject: { group: 'db' } })],
  }),
);

function outcomeText(items: readonly Undecided[], policy: Parameters<typeof decideAll>[1]): string {
  return JSON.stringify(decideAll(items, policy));
}

describe('the alert policy', () => {
  it('decides every change once, and those of the fleets that it opens', () => {
    fc.assert(
      fc.property(undecidedOf('acme'), context, (items, policy) => {
        const { decisions, fleets } = decideAll(items, policy);

        const ofFleets = fleets.flatMap((incident) => incident.undecided.map((one) => ({ incident, change: one })));
        const expected = [...items, ...ofFleets].map(idOf);
        expect(decisions.map(idOf).toSorted()).toEqual(expected.toSorted());
      }),
    );
  });

  it('decides the same whatever order changes come in', () => {
    const shuffled = undecidedOf('acme').chain((items) =>
      fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length })),
    );
    fc.assert(
      fc.property(shuffled, context, ([items, others], policy) => {
        expect(outcomeText(others, policy)).toBe(outcomeText(items, policy));
      }),
    );
  });

  it('holds nothing back without a stage and a reason, and puts nothing off without an end that is yet to come', () => {
    fc.assert(
      fc.property(undecidedOf('acme'), context, (items, policy) => {
        for (const { decision } of decideAll(items, policy).decisions) {
          expect(decisionSchema.safeParse(decision).success).toBe(true);
          expect(decision.stage === null).toBe(decision.outcome === 'sent');
          expect(decision.stage === null || POLICY_STAGES.includes(decision.stage)).toBe(true);
          expect(decision.reason.length).toBeGreaterThan(3);
          expect((decision.until ?? 0) > policy.now).toBe(decision.outcome === 'put_off');
        }
      }),
    );
  });

  it('sends an opening before what comes after it', () => {
    fc.assert(
      fc.property(undecidedOf('acme'), context, (items, policy) => {
        const byHost = Map.groupBy(decideAll(items, policy).decisions, ({ incident }) => incident.key.host);
        for (const decided of byHost.values()) {
          const numbers = decided.map(({ change: { number } }) => number);
          const putOff = decided.findIndex(
            ({ change: { kind }, decision }) => kind === 'opened' && decision.outcome === 'put_off',
          );
          const sent = decided.findLastIndex(({ decision }) => decision.outcome === 'sent');
          expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
          expect(putOff === -1 || sent < putOff).toBe(true);
        }
      }),
    );
  });

  it('lets nothing of one tenant touch another', () => {
    fc.assert(
      fc.property(undecidedOf('acme'), undecidedOf('beta'), context, (items, others, policy) => {
        const alone = decideAll(others, policy).decisions;
        const together = decideAll([...items, ...others], policy).decisions;

        expect(together.filter(({ incident }) => incident.key.tenant === 'beta')).toEqual(alone);
      }),
    );
  });

  it('opens fleets that a store takes, and decides the same again when they were put and nothing else was', () => {
    fc.assert(
      fc.property(undecidedOf('acme'), context, (items, policy) => {
        const first = decideAll(items, policy);
        const again = decideAll(items, { ...policy, fleets: first.fleets });

        for (const fleet of first.fleets) expect(incidentSchema.safeParse(fleet).success).toBe(true);
        expect(again.decisions.map(({ decision }) => decision)).toEqual(
          first.decisions.map(({ decision }) => decision),
        );
      }),
    );
  });
});
