import { describe, expect, it } from 'vitest';
import { composeNotification } from '../../../core/incidents/compose-notification.ts';
import { emailSubject, emailText } from '../../../core/messages/email.ts';
import type { ChangeKind } from '../../../core/model/change.ts';
import type { Finding } from '../../../core/model/finding.ts';
import type { Incident } from '../../../core/model/incident.ts';
import { notificationSchema } from '../../../core/model/notification.ts';
import {
  aChange,
  aContribution,
  aDecision,
  aFinding,
  aLeakingVerdict,
  anAttribution,
  anEvidence,
  anIncidentKey,
  anIncident as aPlainIncident,
  aResource,
  aSeries,
  HOUR,
  MINUTE,
  NOON,
} from '../../fixtures/builders.ts';

const anIncident = (overrides: Partial<Incident> = {}): Incident =>
  aPlainIncident({ episode: 2, severity: 'high', transition: 5, ...overrides });

const compose = (incident: Incident, kind: ChangeKind, finding?: Finding) =>
  composeNotification(incident, aChange(incident, kind, finding), aDecision());

describe('composeNotification', () => {
  it('makes the id from the incident and the number of the transition', () => {
    const { id } = compose(anIncident(), 'worse', aFinding());

    expect(id).toBe('acme/aws/111122223333/eu-west-1/i-0a1b2c3d/system.memory.utilization/2/5');
  });

  it('gives the same bytes for the same transition', () => {
    const one = compose(anIncident(), 'opened', aFinding());
    const other = compose(anIncident(), 'opened', aFinding());

    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });

  it('states that growth is like a leak, never that it is one', () => {
    const { summary } = compose(anIncident(), 'opened', aFinding()).data;

    expect(summary).toBe('Memory of i-0a1b2c3d grows like a leak (high, aws 111122223333 eu-west-1)');
  });

  it.each([
    ['system.memory.utilization', 'plimsoll.memory.opened', 'Memory'],
    ['system.filesystem.utilization', 'plimsoll.metric.opened', 'Metric'],
  ])('takes its type, its summary and the label in an email from the metric %s', (metric, type, label) => {
    const event = compose(anIncident({ key: anIncidentKey({ metric }) }), 'opened', aFinding());

    expect(event).toMatchObject({ type, data: { metric, summary: expect.stringMatching(`^${label} of `) } });
    expect(emailText(event)).toContain(`\n${label}: 62.0 % used`);
  });

  it('names the kind of finding, also where the incident ends', () => {
    expect(compose(anIncident(), 'opened', aFinding()).data.finding).toBe('leak');
    expect(compose(anIncident({ status: 'closed' }), 'recovered').data.finding).toBe('leak');
  });

  it('states whether the onset is open to the left', () => {
    const onset = { start: NOON - 2 * HOUR, end: NOON - HOUR, leftCensored: true };
    const finding = aFinding({ verdict: aLeakingVerdict({ evidence: anEvidence({ onset }) }) });

    const body = compose(anIncident(), 'opened', finding);

    expect(body.data.leak?.onset).toEqual({
      earliest: new Date(onset.start).toISOString(),
      latest: new Date(onset.end).toISOString(),
      leftCensored: true,
    });
    expect(notificationSchema.parse(body)).toEqual(body);
  });

  it('reads an event that was composed before onsets had that field', () => {
    const body = compose(anIncident(), 'opened', aFinding());
    const onset = { earliest: new Date(NOON).toISOString(), latest: new Date(NOON).toISOString() };

    const before = { ...body, data: { ...body.data, leak: { ...body.data.leak, onset } } };

    expect(notificationSchema.parse(before).data.leak?.onset).toEqual({ ...onset, leftCensored: false });
  });

  it('has no region where its source has none', () => {
    const incident = anIncident({ key: anIncidentKey({ region: null }), resource: aResource({ region: null }) });

    const body = compose(incident, 'opened', aFinding());

    expect(body.source).toBe('/plimsoll/acme/aws/111122223333');
    expect(body.data.summary).toBe('Memory of i-0a1b2c3d grows like a leak (high, aws 111122223333)');
    expect(notificationSchema.parse(body)).toEqual(body);
  });

  it('shows missing samples as null on a regular grid', () => {
    const recent = aSeries([0.5, null, 0.52], { periodMs: 5 * MINUTE });

    const { leak } = compose(anIncident(), 'opened', aFinding({ recent })).data;

    expect(leak?.curve).toEqual({
      start: new Date(NOON - 15 * MINUTE).toISOString(),
      periodSeconds: 300,
      values: [0.5, null, 0.52],
    });
  });

  it('bounds what a provider may have named at length', () => {
    const labels = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`label-${i}`, 'x'.repeat(5000)]));
    const resource = aResource({ name: 'n'.repeat(100_000), group: 'g'.repeat(100_000), labels });

    const body = compose(anIncident({ resource }), 'opened', aFinding({ resource }));

    expect(JSON.stringify(body).length).toBeLessThan(12_000);
  });

  it('lists who grew', () => {
    const attribution = anAttribution({
      grown: [aContribution('node', 900, { since: NOON - HOUR, restarts: [NOON], collectedFrom: NOON - HOUR })],
    });

    const body = compose(anIncident(), 'opened', aFinding({ attribution }));

    expect(body.data.leak?.attribution).toMatchObject({
      kind: 'attributed',
      basis: 'host',
      window: { end: new Date(NOON).toISOString() },
      grown: [
        {
          kind: 'process',
          name: 'node',
          share: { estimate: 0.9 },
          since: new Date(NOON - HOUR).toISOString(),
          restarts: 1,
          collectedFrom: new Date(NOON - HOUR).toISOString(),
          message: 'collected since 2026-11-20 11:00 UTC only: its use is assumed to be constant beyond that',
        },
      ],
      largest: [{ kind: 'process', name: 'node' }, { name: 'java' }],
      unexplained: {
        share: { estimate: 0.04 },
        remainder: 'not_collected',
        message: expect.stringContaining('no consumer that is collected holds it'),
      },
    });
    expect(notificationSchema.parse(JSON.parse(JSON.stringify(body)))).toEqual(body);
  });

  it('explains why it does not know who grew', () => {
    const attribution = { kind: 'unattributed', reason: 'not_collected', detail: 'turn it on', traces: [] } as const;

    const body = compose(anIncident(), 'opened', aFinding({ attribution }));

    expect(body.data.leak?.attribution).toEqual({
      kind: 'unattributed',
      reason: 'not_collected',
      message: 'turn it on',
    });
    expect(notificationSchema.parse(body)).toEqual(body);
  });

  it('bounds who grew, whatever names pods have', () => {
    const pods = Array.from({ length: 10 }, (_, index) => {
      const consumer = { kind: 'pod', name: `${index}${'p'.repeat(5000)}`, namespace: 'n'.repeat(5000) } as const;
      return aContribution('pod', 1234.5678, { consumer, since: NOON, restarts: [NOON] });
    });
    const labels = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`label-${i}`, 'x'.repeat(5000)]));
    const resource = aResource({ name: 'n'.repeat(100_000), group: 'g'.repeat(100_000), labels });
    const recent = aSeries(
      Array.from({ length: 72 }, () => 0.123456),
      { periodMs: 5 * MINUTE },
    );
    const attribution = anAttribution({ grown: pods, largest: pods });

    const body = compose(anIncident({ resource }), 'opened', aFinding({ resource, recent, attribution }));

    expect(JSON.stringify(body).length).toBeLessThan(19_000);
  });

  it('leaves the facts of a leak out of the event that ends it', () => {
    const body = compose(anIncident({ status: 'closed' }), 'recovered');

    expect(body.data.leak).toBeUndefined();
    expect(notificationSchema.parse(body)).toEqual(body);
  });

  it('states what was decided, how often it grew, and what is known beside it', () => {
    const incident = anIncident({ dropped: 2 });
    const cycles = { cycle: 2, firstAt: NOON - 70 * HOUR, lastedHours: [61.23456789], reopened: true };
    const change = { ...aChange(incident), cycles };
    const decision = aDecision({
      page: true,
      receivers: ['ops'],
      fleet: 'acme/fleet/1',
      runbook: 'https://wiki.example/m',
    });
    const window = { name: 'nightly', start: NOON + HOUR, end: NOON + 2 * HOUR };
    const onset = { deployments: [{ at: '2026-11-18T11:42:00.000Z', name: 'checkout 2.31' }] };

    const body = composeNotification(incident, change, decision, {
      timezone: 'Europe/Berlin',
      attributeLabels: ['team'],
      restartBy: { at: NOON + 3 * HOUR, window },
      onset,
    });

    expect(body.data).toMatchObject({
      page: true,
      receivers: ['ops'],
      memberOf: 'acme/fleet/1',
      runbook: 'https://wiki.example/m',
      dropped: 2,
      cycles: { cycle: 2, firstAt: '2026-11-17T14:00:00.000Z', lastedHours: [61.2346], reopened: true },
      timezone: 'Europe/Berlin',
      attributeLabels: ['team'],
      restartBy: { at: '2026-11-20T15:00:00.000Z', window: { name: 'nightly', start: '2026-11-20T13:00:00.000Z' } },
      context: onset,
    });
    expect(notificationSchema.parse(body)).toEqual(body);
  });

  it('states how it ended', () => {
    const end = { how: 'memory_given_back', ageHours: 61, confidence: null } as const;
    const change = { ...aChange({}, 'recovered'), end };

    const { data } = composeNotification(anIncident(), change, aDecision());

    expect(data.end).toEqual(end);
    expect(data.summary).toContain('no longer grows like a leak (');
  });

  it('has no runbook that is no address', () => {
    const { data } = composeNotification(anIncident(), aChange(), aDecision({ runbook: 'javascript:alert(1)' }));

    expect(data).not.toHaveProperty('runbook');
  });

  it('counts the hosts of a fleet', () => {
    const fleet = {
      by: 'group' as const,
      name: 'checkout',
      hosts: 34,
      confirmed: 30,
      ended: 0,
      regions: ['eu-west-1'],
      growth: { low: 0.2, median: 0.5, high: 1.4 },
      onset: { earliest: '2026-11-18T11:00:00.000Z', latest: '2026-11-18T15:00:00.000Z' },
      first: [{ host: 'i-1', region: 'eu-west-1', name: 'web-7' }],
    };
    const incident = anIncident({ key: anIncidentKey({ finding: 'fleet' }) });
    const { leak: _, ...change } = aChange(incident);

    const body = composeNotification(incident, { ...change, fleet }, aDecision({ page: true }));

    expect(body.data.summary).toContain('Memory of 34 hosts of group checkout rises alike');
    expect(emailSubject(body)).toBe('[high] 34 hosts rise alike: group checkout');
    expect(emailText(body)).toContain('Hosts: 34: 30 confirmed, 0 ended; web-7 and 33 more\n');
    expect(notificationSchema.parse(body)).toEqual(body);
  });

  it('reads a body of 0.2.0, and writes an email of it', () => {
    const { dataschema: _, ...event } = composeNotification(anIncident(), aChange(), aDecision());
    const { page: _page, cycles: _cycles, ...data } = event.data;
    const before = { ...event, data };

    expect(notificationSchema.parse(before)).toEqual(before);
    expect(emailText(notificationSchema.parse(before))).toContain('No need to get up');
  });
});
