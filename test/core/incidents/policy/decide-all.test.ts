import { describe, expect, it } from 'vitest';
import type { PolicyContext } from '../../../../core/incidents/policy/context.ts';
import { decideAll } from '../../../../core/incidents/policy/decide-all.ts';
import type { HostAnomaly } from '../../../../core/model/anomaly.ts';
import { aFillingDisk, anAnomaly, anomalyChange, observed } from '../../../fixtures/anomalies.ts';
import { HOUR, NOON } from '../../../fixtures/builders.ts';
import { aChange, aContext, aLabel, alertsOf, aMute, anItem, type ItemOptions } from './changes.ts';

/** The decision about one change. */
function decide(options: ItemOptions, context: Partial<PolicyContext> = {}) {
  const { decisions } = decideAll([anItem(options)], aContext(context));
  return decisions[0]?.decision;
}

describe('without any alerts in the config', () => {
  it.each([
    ['opened', 'low', true],
    ['worse', 'critical', true],
    ['worse', 'high', false],
    ['suspected', 'critical', false],
    ['suspected', 'high', false],
  ] as const)('%s with %s severity is sent, and pages: %s', (kind, severity, page) => {
    expect(decide({ change: { kind, severity } })).toMatchObject({ outcome: 'sent', stage: null, page, until: null });
  });

  it.each([
    ['opened', 'high', false],
    ['opened', 'critical', true],
    ['worse', 'critical', true],
    ['reminder', 'high', true],
  ] as const)('of a full host %s with %s severity is sent, and pages: %s', (kind, severity, page) => {
    const { incident } = anItem();
    const key = { ...incident.key, finding: 'exhausted' } as const;

    expect(decide({ change: { kind, severity }, incident: { key } })).toMatchObject({ outcome: 'sent', page });
  });

  it('ends of what was notified are sent and page nobody', () => {
    const decision = decide({ change: { kind: 'recovered' }, incident: { lastNotifiedAt: NOON } });

    expect(decision).toMatchObject({ outcome: 'sent', page: false, reason: 'rule everything-else' });
  });

  it('an end of what nobody was notified of is held back', () => {
    expect(decide({ change: { kind: 'recovered' } })).toMatchObject({
      outcome: 'held',
      stage: 'order',
      reason: 'nobody was notified that it began',
    });
  });
});

describe('a maintenance window', () => {
  const alerts = alertsOf({
    maintenance: [{ name: 'patch-day', cron: '0 11 * * 5', durationMinutes: 120, match: { groups: ['web-*'] } }],
  });

  it('puts off what its hosts do until its end', () => {
    expect(decide({ host: { group: 'web-blue' } }, { alerts })).toMatchObject({
      outcome: 'put_off',
      stage: 'maintenance',
      reason: 'maintenance window patch-day until 2026-11-20 13:00 UTC',
      until: NOON + HOUR,
    });
  });

  it('lets other hosts pass', () => {
    expect(decide({ host: { group: 'db' } }, { alerts })).toMatchObject({ outcome: 'sent' });
  });

  it('lets them pass when it is over', () => {
    expect(decide({ host: { group: 'web-blue' } }, { alerts, now: NOON + HOUR })).toMatchObject({ outcome: 'sent' });
  });
});

describe('a window or quiet hours in a time zone that the runtime does not know', () => {
  const timezone = 'Europe/Berln';
  const window = { name: 'patch-day', cron: '0 11 * * 5', durationMinutes: 120 };
  const quiet = { from: '10:00', to: '14:00' };

  it('are left out, and the decision states so', () => {
    const alerts = alertsOf({ maintenance: [{ ...window, timezone }], quietHours: [{ ...quiet, timezone }] });

    expect(decide({}, { alerts })).toMatchObject({
      outcome: 'sent',
      reason: 'rule opened; left out, as they cannot be read: maintenance window patch-day, quiet hours from 10:00',
    });
  });

  it('leave the others as they are', () => {
    const alerts = alertsOf({ maintenance: [{ ...window, name: 'broken', timezone }, window] });

    expect(decide({}, { alerts })).toMatchObject({
      outcome: 'put_off',
      reason:
        'maintenance window patch-day until 2026-11-20 13:00 UTC; left out, as they cannot be read: maintenance window broken',
    });
  });
});

describe('a mute', () => {
  it('puts off what it is about, and states until when, by whom and why', () => {
    expect(decide({}, { mutes: [aMute()] })).toMatchObject({
      outcome: 'put_off',
      stage: 'mute',
      page: false,
      reason: 'muted until 2026-11-21 12:00 UTC by ops: known, a fix comes on Monday',
      until: NOON + 24 * HOUR,
    });
  });

  it('does nothing when it has ended, and nothing to another tenant', () => {
    expect(decide({}, { mutes: [aMute({ until: NOON })] })).toMatchObject({ outcome: 'sent' });
    expect(decide({ tenant: 'beta' }, { mutes: [aMute()] })).toMatchObject({ outcome: 'sent' });
  });

  it.each([
    [{ group: 'web-*' }, { host: { group: 'web-blue' } }],
    [{ labels: { team: 'pay*' } }, { host: { labels: { team: 'payments' } } }],
    [{ pattern: 'sawtooth' }, { leak: { pattern: 'sawtooth' } }],
    [{ consumer: 'java' }, { leak: { consumer: 'java' } }],
    [{ finding: 'leak' }, {}],
    [{ incident: 'acme/aws/111122223333/eu-west-1/i-0a1b2c3d/system.memory.utilization/1' }, {}],
  ] as const)('may be about %j', (subject, options) => {
    expect(decide(options, { mutes: [aMute({ subject })] })).toMatchObject({ outcome: 'put_off', stage: 'mute' });
  });

  it.each([
    [{ group: 'web-*' }, { host: { group: 'db' } }],
    [{ labels: { team: 'pay*' } }, { host: { labels: { team: 'web' } } }],
    [{ pattern: 'sawtooth' }, {}],
    [{ consumer: 'java' }, { leak: { consumer: 'node' } }],
    [{ finding: 'early' }, {}],
    [{ host: 'i-0a1b2c3d', group: 'web' }, {}],
    [{ incident: 'acme/aws/111122223333/eu-west-1/i-0a1b2c3d/system.memory.utilization/2' }, {}],
  ] as const)('about %j leaves others alone', (subject, options) => {
    expect(decide(options, { mutes: [aMute({ subject })] })).toMatchObject({ outcome: 'sent' });
  });
});

describe('a label', () => {
  it('holds back look-alikes of a false positive, and states the likeness', () => {
    expect(decide({ leak: { growth: 1.1, level: 62 } }, { labels: [aLabel()] })).toMatchObject({
      outcome: 'held',
      stage: 'label',
      reason:
        'label l1, false-positive by ops: nightly index (pattern linear, growth 1.10 and 1.00 points/h, hour 0 and 0, level 62 and 60 %: similarity 0.95)',
    });
  });

  it.each([
    ['grows twice as fast', { growth: 2 }],
    ['has another pattern', { pattern: 'exponential' }],
    ['begins at another hour', { since: 4 }],
  ])('lets pass what %s', (_, leak) => {
    expect(decide({ leak }, { labels: [aLabel()] })).toMatchObject({ outcome: 'sent' });
  });

  it.each([
    ['is critical', { change: { severity: 'critical' as const } }],
    ['is 15 points fuller', { leak: { level: 75 } }],
  ])('lets pass what %s', (_, options) => {
    expect(decide(options, { labels: [aLabel()] })).toMatchObject({ outcome: 'sent' });
  });

  it('on an incident lets it pass when it is 15 points fuller', () => {
    const incident = 'acme/aws/111122223333/eu-west-1/i-0a1b2c3d/system.memory.utilization/1';
    const labels = [aLabel({ subject: { incident } })];

    expect(decide({ change: { severity: 'critical' } }, { labels })).toMatchObject({ stage: 'label' });
    expect(decide({ leak: { level: 75 } }, { labels })).toMatchObject({ outcome: 'sent' });
  });

  it('of a false positive holds back look-alikes for 90 days', () => {
    const of = (days: number) => [aLabel({ at: NOON - days * 24 * HOUR })];

    expect(decide({}, { labels: of(89) })).toMatchObject({ stage: 'label' });
    expect(decide({}, { labels: of(90) })).toMatchObject({ outcome: 'sent' });
  });

  it('on an incident is about its host', () => {
    const labels = [
      aLabel({ subject: { incident: 'acme/aws/111122223333/eu-west-1/i-0a1b2c3d/system.memory.utilization/7' } }),
    ];

    expect(decide({}, { labels })).toMatchObject({ stage: 'label' });
    expect(decide({ host: { id: 'i-0a1b2c3d4' } }, { labels })).toMatchObject({ outcome: 'sent' });
  });

  it.each(['known-leak', 'normal-period'] as const)('%s holds back what happens in its time', (kind) => {
    const labels = [aLabel({ kind, from: NOON - HOUR, to: NOON + HOUR, likeness: null })];

    expect(decide({}, { labels })).toMatchObject({ outcome: 'held', stage: 'label' });
    expect(decide({ change: { at: NOON + HOUR } }, { labels })).toMatchObject({ outcome: 'sent' });
  });

  it('of a true positive holds back nothing', () => {
    expect(decide({}, { labels: [aLabel({ kind: 'true-positive' })] })).toMatchObject({ outcome: 'sent' });
  });
});

describe('a silence period', () => {
  const alerts = alertsOf({ silenceHours: 12 });

  it('puts off what comes after a notification until it ends', () => {
    const notified = { lastNotifiedAt: NOON - HOUR, lastPagedAt: NOON - HOUR };
    const again = { change: { cycles: { ...aChange().cycles, cycle: 2 } }, incident: notified };

    expect(decide(again, { alerts })).toMatchObject({ outcome: 'put_off', stage: 'silence', until: NOON + 11 * HOUR });
  });

  it('lets pass an opening that is to wake somebody up, where nobody was woken since', () => {
    const day = alertsOf({ silenceHours: 24 });
    const opened = { change: { severity: 'critical' as const } };
    const notify = alertsOf({ silenceHours: 24, rules: [{ name: 'calm', kinds: ['opened'], action: 'notify' }] });

    const incident = { lastNotifiedAt: NOON - HOUR };

    expect(decide({ ...opened, incident }, { alerts: day })).toMatchObject({ outcome: 'sent', page: true });
    expect(decide({ ...opened, incident: { ...incident, lastPagedAt: NOON - HOUR } }, { alerts: day })).toMatchObject({
      outcome: 'put_off',
      stage: 'silence',
    });
    expect(decide({ ...opened, incident }, { alerts: notify })).toMatchObject({ outcome: 'put_off' });
  });

  it('lets pass what is worse, and the end', () => {
    const incident = { lastNotifiedAt: NOON };

    expect(decide({ change: { kind: 'worse', number: 2 }, incident }, { alerts })).toMatchObject({ outcome: 'sent' });
    expect(decide({ change: { kind: 'recovered' }, incident }, { alerts })).toMatchObject({ outcome: 'sent' });
  });
});

describe('rules', () => {
  it('decide by the first that matches', () => {
    const alerts = alertsOf({
      rules: [
        { name: 'dev', environments: ['development'], action: 'hold' },
        { name: 'slow', minGrowthPerHour: 2, action: 'notify' },
      ],
    });

    expect(decide({}, { alerts, environmentOf: () => 'development' })).toMatchObject({
      stage: 'rule',
      reason: 'rule dev',
    });
    expect(decide({ leak: { growth: 3 } }, { alerts })).toMatchObject({
      outcome: 'sent',
      page: false,
      reason: 'rule slow',
    });
    expect(decide({}, { alerts })).toMatchObject({ outcome: 'sent', page: true, reason: 'rule opened' });
  });

  it.each([
    [
      'an exponential growth that is sure and has grown by half',
      { pattern: 'exponential', confidence: 0.95, level: 60, growth: 2, since: 12 },
      'sent',
      true,
    ],
    ['an exponential growth that is not sure', { pattern: 'exponential', confidence: 0.85, growth: 2 }, 'held', false],
    [
      'an exponential growth that has not grown by half',
      { pattern: 'exponential', confidence: 0.95, growth: 0.5 },
      'held',
      false,
    ],
    ['a linear growth of half an hour', { pattern: 'linear', confidence: 0.8, since: 0.5 }, 'sent', true],
    ['a sawtooth that came once', { pattern: 'sawtooth' }, 'held', false],
    ['a staircase', { pattern: 'staircase', confidence: 0.6 }, 'sent', false],
  ] as const)('of the preset precog: %s is %s', (_, leak, outcome, page) => {
    expect(decide({ leak }, { alerts: alertsOf({ preset: 'precog' }) })).toMatchObject({ outcome, page });
  });

  it('of the preset precog notify of a sawtooth that comes a third time', () => {
    const cycles = { cycle: 3, firstAt: NOON, lastedHours: [9, 9], reopened: true };

    expect(
      decide({ leak: { pattern: 'sawtooth' }, change: { cycles } }, { alerts: alertsOf({ preset: 'precog' }) }),
    ).toMatchObject({ outcome: 'sent', page: false });
  });

  it('put off what comes within their cool-down', () => {
    const alerts = alertsOf({ rules: [{ name: 'calm', action: 'notify', cooldownMinutes: 90 }] });

    expect(decide({ incident: { lastNotifiedAt: NOON - HOUR } }, { alerts })).toMatchObject({
      outcome: 'put_off',
      stage: 'rule',
      until: NOON + HOUR / 2,
    });
    expect(decide({ incident: { lastNotifiedAt: NOON - 2 * HOUR } }, { alerts })).toMatchObject({ outcome: 'sent' });
  });
});

describe('routes', () => {
  const receivers = ['on-call', 'team', 'audit'].map((name) => ({ name, type: 'amazon-q' }));

  it('end with the first that matches, unless it continues', () => {
    const alerts = alertsOf({
      receivers,
      routes: [
        { receivers: ['audit'], continue: true },
        { match: { labels: { team: 'payments' } }, receivers: ['team'] },
        { receivers: ['on-call'] },
      ],
    });

    expect(decide({ host: { labels: { team: 'payments' } } }, { alerts })?.receivers).toEqual(['audit', 'team']);
    expect(decide({}, { alerts })?.receivers).toEqual(['audit', 'on-call']);
  });

  it('are not needed for every receiver to get everything', () => {
    expect(decide({}, { alerts: alertsOf({ receivers }) })?.receivers).toEqual(['on-call', 'team', 'audit']);
  });

  it('that match nothing leave a notification to the topic', () => {
    const alerts = alertsOf({ receivers, routes: [{ match: { accounts: ['9*'] }, receivers: ['team'] }] });

    expect(decide({}, { alerts })).toMatchObject({ outcome: 'sent', receivers: [] });
  });

  it('name the runbook of the consumer that grew', () => {
    const alerts = alertsOf({ runbooks: [{ consumers: ['java*'], url: 'https://wiki.example.com/java' }] });

    expect(decide({ leak: { consumer: 'java' } }, { alerts })?.runbook).toBe('https://wiki.example.com/java');
    expect(decide({}, { alerts })?.runbook).toBeNull();
  });
});

describe('quiet hours', () => {
  const alerts = alertsOf({ quietHours: [{ from: '10:00', to: '14:00', below: 'critical' }] });

  it('put off until their end what is not severe enough', () => {
    expect(decide({}, { alerts })).toMatchObject({ outcome: 'put_off', stage: 'quiet_hours', until: NOON + 2 * HOUR });
    expect(decide({ change: { severity: 'critical' } }, { alerts })).toMatchObject({ outcome: 'sent', page: true });
  });

  it('drop at their end what is over by then, with its end', () => {
    const opened = anItem({ change: { notBefore: NOON } });
    const recovered = { ...opened, change: aChange({ number: 2, kind: 'recovered', at: NOON }) };

    const { decisions } = decideAll([opened, recovered], aContext({ now: NOON + 3 * HOUR, alerts }));

    expect(decisions.map(({ decision }) => [decision.outcome, decision.reason])).toEqual([
      ['held', 'over before it was sent: recovered at 2026-11-20 12:00 UTC'],
      ['held', 'nobody was notified that it began'],
    ]);
  });

  it('let an opening go ahead of a later change that is sent', () => {
    const opened = anItem();
    const worse = { ...opened, change: aChange({ number: 2, kind: 'worse', severity: 'critical' }) };

    const { decisions } = decideAll([worse, opened], aContext({ alerts }));

    expect(decisions.map(({ change, decision }) => [change.kind, decision.outcome, decision.page])).toEqual([
      ['opened', 'sent', false],
      ['worse', 'sent', true],
    ]);
  });

  it('leave the page to the opening where what takes it along pages nobody', () => {
    const below = alertsOf({ quietHours: [{ from: '10:00', to: '14:00', below: 'high' }] });
    const opened = anItem();
    const worse = { ...opened, change: aChange({ number: 2, kind: 'worse', severity: 'high' }) };

    const { decisions } = decideAll([worse, opened], aContext({ alerts: below }));

    expect(decisions.map(({ change, decision }) => [change.kind, decision.outcome, decision.page])).toEqual([
      ['opened', 'sent', true],
      ['worse', 'sent', false],
    ]);
  });

  it('keep of what they put off the opening and the newest state', () => {
    const opened = anItem();
    const worse = [2, 3].map((number) => ({ ...opened, change: aChange({ number, kind: 'worse', severity: 'high' }) }));

    const { decisions } = decideAll([opened, ...worse], aContext({ alerts }));

    expect(decisions.map(({ decision }) => decision.outcome)).toEqual(['put_off', 'held', 'put_off']);
  });
});

describe('a reminder', () => {
  it('is pointless where the incident is acknowledged', () => {
    const acknowledged = { by: 'ops', at: NOON, note: null };

    expect(decide({ change: { kind: 'reminder' } })).toMatchObject({ outcome: 'sent', page: true });
    expect(decide({ change: { kind: 'reminder' }, incident: { acknowledged } })).toMatchObject({
      outcome: 'held',
      reason: 'it is acknowledged',
    });
  });

  it('escalates to the receivers of the escalation', () => {
    const alerts = alertsOf({
      receivers: [
        { name: 'boss', type: 'amazon-q' },
        { name: 'team', type: 'amazon-q' },
      ],
      escalation: { afterMinutes: 60, receivers: ['boss'] },
    });

    expect(decide({ change: { kind: 'escalated' } }, { alerts })).toMatchObject({
      outcome: 'sent',
      receivers: ['boss'],
    });
  });
});

describe('a tenant in shadow', () => {
  const alerts = alertsOf({ shadow: { until: '2026-11-27T00:00:00Z' } });

  it('has nothing sent, and each decision states what would have been', () => {
    expect(decide({}, { alerts })).toMatchObject({
      outcome: 'held',
      stage: 'shadow',
      page: true,
      reason: 'shadow until 2026-11-27 00:00 UTC: would have been paged, rule opened',
    });
    expect(decide({}, { alerts, mutes: [aMute()] })).toMatchObject({ outcome: 'held', stage: 'shadow', page: false });
  });

  it('is notified when it is over', () => {
    expect(decide({}, { alerts, now: Date.UTC(2026, 10, 27) })).toMatchObject({ outcome: 'sent' });
  });
});

describe('anomalies', () => {
  const decide = (anomaly: HostAnomaly, alerts?: unknown) => {
    const item = anomalyChange([observed(0, [anomaly])]);
    const context = aContext(alerts === undefined ? {} : { alerts: alertsOf(alerts) });
    return decideAll([item], context).decisions[0]?.decision;
  };

  it.each([
    ['spike', false],
    ['shift_up', false],
    ['limit_crossed', true],
  ] as const)('of the type %s page: %s', (type, page) => {
    expect(decide(anAnomaly({ type }))).toMatchObject({ outcome: 'sent', page });
  });

  it('are sent by the preset precog too, where they have no pattern', () => {
    expect(decide(anAnomaly(), { preset: 'precog' })).toMatchObject({ outcome: 'sent', page: false });
    expect(decide(aFillingDisk(), { preset: 'precog' })).toMatchObject({ outcome: 'sent', page: true });
  });

  it('are held back, put off and routed by their kind of finding', () => {
    const hold = { rules: [{ name: 'quiet', findings: ['anomaly'], action: 'hold' }] };
    const receivers = ['a', 'b'].map((name) => ({ name, type: 'slack', secret: name }));
    const routes = [
      { findings: ['leak'], receivers: ['a'] },
      { findings: ['anomaly'], receivers: ['b'] },
    ];

    expect(decide(anAnomaly(), hold)).toMatchObject({ outcome: 'held', stage: 'rule' });
    expect(decide(anAnomaly(), { receivers, routes })?.receivers).toEqual(['b']);
    expect(
      decide(anAnomaly(), { quietHours: [{ from: '00:00', to: '00:00', timezone: 'UTC', below: 'high' }] }),
    ).toMatchObject({ outcome: 'put_off', stage: 'quiet_hours' });
  });
});
