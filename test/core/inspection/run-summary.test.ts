import { describe, expect, it } from 'vitest';
import { createMeter, createTally } from '../../../core/inspection/run-summary.ts';
import type { Inspected } from '../../../core/model/inspected-host.ts';
import type { UnreadableReason } from '../../../core/model/series.ts';
import { aLeakingVerdict, aResource, aSeries, aSteadyVerdict, HOUR, NOON } from '../../fixtures/builders.ts';

const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;

function aTally() {
  return createTally({
    tenant: 'acme',
    scope: SCOPE,
    scheduledTime: NOON,
    window: { start: NOON - 100 * HOUR, end: NOON },
    runsPerMonth: 730,
    price: { usdPerMetric: 0.00001, stated: '0.01 USD per 1,000 metrics' },
  });
}

const unreadable = (reason: UnreadableReason, id?: string): Inspected => ({
  kind: 'unreadable',
  scope: id === undefined ? SCOPE : aResource({ id }),
  reason,
  detail: 'because',
});
const leaking: Inspected = { kind: 'evaluated', series: aSeries([0.5]), verdict: aLeakingVerdict() };
const steady: Inspected = { kind: 'evaluated', series: aSeries([0.5]), verdict: aSteadyVerdict() };
const bare: Inspected = { kind: 'not_monitored', resource: aResource(), reason: 'not_reported', hint: 'install' };

describe('createTally', () => {
  it('counts hosts and verdicts', () => {
    const tally = aTally();

    for (const one of [leaking, steady, steady, bare, unreadable('throttled', 'i-1')]) tally.add(one);

    const { hosts, verdicts } = tally.summary(createMeter());
    expect(hosts).toEqual({ known: 5, inspected: 3, notMonitored: 1, unreadable: 1, notDue: 0 });
    expect(verdicts).toEqual({ confirmed: 1, suspected: 0, steady: 2, insufficientData: 0 });
  });

  it('counts the hosts that every slot reads whatever the cadence', () => {
    const tally = aTally();
    const quiet = { confidence: 0.001, exhaustion: { kind: 'cannot_say', reason: 'no_growth' } } as const;
    const quietHost: Inspected = { kind: 'evaluated', series: aSeries([0.5]), verdict: aSteadyVerdict(quiet) };

    for (const one of [leaking, quietHost, quietHost, bare, unreadable('throttled', 'i-1'), unreadable('denied')])
      tally.add(one);

    expect(tally.summary(createMeter()).watched).toBe(2);
  });

  it('is complete with hosts that are not monitored: nothing that should have been read was missed', () => {
    const tally = aTally();

    tally.add(bare);

    expect(tally.summary(createMeter()).outcome).toBe('complete');
  });

  it('is partial with an unreadable scope, and does not count that as a host', () => {
    const tally = aTally();

    tally.add(unreadable('denied'));

    expect(tally.summary(createMeter())).toMatchObject({
      outcome: 'partial',
      hosts: { known: 0, unreadable: 0 },
      unreadable: { denied: 1 },
      failures: ['aws/111122223333/eu-west-1: denied: because'],
    });
  });

  it('counts hosts that fail like their account, and does not list them again', () => {
    const tally = aTally();

    for (const one of [unreadable('denied'), unreadable('denied', 'i-1'), unreadable('timeout', 'i-2')]) tally.add(one);

    expect(tally.summary(createMeter())).toMatchObject({
      hosts: { unreadable: 2 },
      unreadable: { denied: 2, timeout: 1 },
      failures: ['aws/111122223333/eu-west-1: denied: because', 'aws/111122223333/eu-west-1/i-2: timeout: because'],
    });
  });

  it('is partial when the finer samples of a suspect are missing', () => {
    const tally = aTally();
    const recent = { kind: 'unreadable', scope: aResource(), reason: 'timeout', detail: 'late' } as const;

    tally.add({ ...leaking, recent });

    expect(tally.summary(createMeter())).toMatchObject({ outcome: 'partial', hosts: { inspected: 1, unreadable: 0 } });
  });

  it('is partial when the consumers of a suspect could not be read, and lists it', () => {
    const tally = aTally();
    const unread = { kind: 'unreadable', scope: aResource(), reason: 'denied', detail: 'no right' } as const;

    tally.add({ ...leaking, unread });

    const { outcome, hosts, unreadable, failures } = tally.summary(createMeter());
    expect({ outcome, unreadable }).toEqual({ outcome: 'partial', unreadable: { denied: 1 } });
    expect(hosts).toMatchObject({ inspected: 1, unreadable: 0 });
    expect(failures).toEqual(['aws/111122223333/eu-west-1/i-0a1b2c3d: denied: no right']);
  });

  it('is complete where nobody collects the consumers of a suspect', () => {
    const tally = aTally();
    const attribution = { kind: 'unattributed', reason: 'not_collected', detail: 'turn it on', traces: [] } as const;

    tally.add({ ...leaking, attribution });

    expect(tally.summary(createMeter())).toMatchObject({ outcome: 'complete', failures: [] });
  });

  it('does not grow with the fleet', () => {
    const tally = aTally();

    for (let i = 0; i < 10_000; i++) tally.add(unreadable('timeout', `i-${i}`));

    const summary = tally.summary(createMeter());
    expect(summary.unreadable).toEqual({ timeout: 10_000 });
    expect(JSON.stringify(summary).length).toBeLessThan(5_000);
  });

  it('estimates the cost from the metrics billed and the schedule', () => {
    const meter = createMeter();
    meter.count('ListMetrics');
    meter.count('GetMetricData', 500);
    meter.count('GetMetricData', 500);

    const { calls, metricsBilled, cost } = aTally().summary(meter);

    expect(calls).toEqual({ ListMetrics: 1, GetMetricData: 2 });
    expect(metricsBilled).toBe(1000);
    expect(cost.perRun).toBeCloseTo(0.01, 10);
    expect(cost).toMatchObject({ currency: 'USD', price: '0.01 USD per 1,000 metrics' });
    expect(cost.perMonth).toBeCloseTo(7.3, 10);
  });
});
