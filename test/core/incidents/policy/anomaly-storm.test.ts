/** Many hosts that are anomalous alike, at once, are one fleet. */
import { describe, expect, it } from 'vitest';
import { composeNotification } from '../../../../core/incidents/compose-notification.ts';
import { observeAnomalies } from '../../../../core/incidents/observation.ts';
import { decideAll } from '../../../../core/incidents/policy/decide-all.ts';
import type { Undecided } from '../../../../core/incidents/policy/undecided.ts';
import { emailSubject, emailText } from '../../../../core/messages/email.ts';
import type { HostAnomaly } from '../../../../core/model/anomaly.ts';
import { incidentSchema } from '../../../../core/model/incident.ts';
import { notificationSchema } from '../../../../core/model/notification.ts';
import { aFillingDisk, anAnomaly, anomalyChange, HOURLY, MINUTE } from '../../../fixtures/anomalies.ts';
import { aDecision, aResource, HOUR, NOON } from '../../../fixtures/builders.ts';
import { aContext, alertsOf } from './changes.ts';

const LOAD = { metric: 'system.cpu.load_average.1m', label: 'Load 1m', unit: '{thread}' } as const;

function opened(host: number, anomalies: readonly HostAnomaly[], asOf = NOON): Undecided {
  const resource = aResource({ id: `i-${host}`, name: `web-${host}`, group: 'web' });
  return anomalyChange([observeAnomalies('acme', HOURLY, resource, anomalies, asOf)]);
}

const hosts = (count: number, anomalies: readonly HostAnomaly[]) =>
  Array.from({ length: count }, (_, index) => opened(index, anomalies));

/** Host of the change, and what became of it. */
const outcomesOf = (items: readonly Undecided[], context = aContext()) =>
  decideAll(items, context).decisions.map(
    ({ incident, decision }) => `${incident.key.host} ${decision.stage ?? (decision.page ? 'paged' : 'sent')}`,
  );

const held = (count: number) => Array.from({ length: count }, (_, index) => `i-${index} storm`);

describe('a storm of anomalies', () => {
  it('is notified of once, as what the same anomaly of one host would be', () => {
    expect(outcomesOf(hosts(5, [anAnomaly()])).toSorted()).toEqual(['group:web sent', ...held(5)]);
    expect(outcomesOf(hosts(5, [anAnomaly({ type: 'limit_crossed' })])).toSorted()).toEqual([
      'group:web paged',
      ...held(5),
    ]);
  });

  it('is of hosts that have one anomaly in common', () => {
    const mixed = [
      ...hosts(3, [anAnomaly(), anAnomaly(LOAD)]),
      opened(3, [anAnomaly(LOAD)]),
      opened(4, [anAnomaly(LOAD)]),
    ];

    expect(outcomesOf(mixed).toSorted()).toEqual(['group:web sent', ...held(5)]);
  });

  it('is none of hosts with different anomalies, of few hosts, or of hosts that began at other times', () => {
    const four = hosts(4, [anAnomaly()]);
    const disk = opened(4, [aFillingDisk({ start: NOON - 5 * MINUTE })]);
    const early = opened(4, [anAnomaly({ start: NOON - 3 * HOUR, reportedAt: NOON })]);

    for (const items of [four, [...four, disk], [...four, early]])
      expect(outcomesOf(items).filter((outcome) => outcome.endsWith('storm'))).toEqual([]);
  });

  it('lets a host pass that has another, more severe anomaly than the others', () => {
    const other = opened(5, [aFillingDisk({ start: NOON - 5 * MINUTE }), anAnomaly()]);

    expect(outcomesOf([...hosts(5, [anAnomaly()]), other])).toContain('i-5 paged');
  });

  it('is routed and held back by either kind of finding', () => {
    const receivers = [{ name: 'a', type: 'slack', secret: 'a' }];
    const alerts = alertsOf({ receivers, routes: [{ findings: ['anomaly'], receivers: ['a'] }] });

    const { decisions } = decideAll(hosts(5, [anAnomaly()]), aContext({ alerts }));

    expect(decisions.find(({ incident }) => incident.key.finding === 'fleet')?.decision.receivers).toEqual(['a']);
  });

  it('is an item that can be stored, and a message that states what the hosts have in common', () => {
    const [fleet] = decideAll(hosts(6, [anAnomaly(), anAnomaly(LOAD)]), aContext()).fleets;
    const [change] = fleet?.undecided ?? [];
    if (fleet === undefined || change === undefined) throw new Error('there is no fleet');

    const event = composeNotification(incidentSchema.parse(fleet), change, aDecision());

    expect(notificationSchema.parse(event).type).toBe('plimsoll.anomaly.opened');
    expect(emailSubject(event)).toBe('[low] 6 hosts are anomalous alike: group web, CPU: spike');
    expect(emailText(event)).toMatch(
      /^No need to get up: 6 hosts are anomalous alike \(CPU: spike\)\. One cause is likely: look at what they share\.\n\nMetrics of 6 hosts of group web are anomalous alike \(low, /,
    );
    expect(emailText(event)).not.toMatch(/Growth|memory|%\/h/);
  });
});
