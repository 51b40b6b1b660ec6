/** What people and programs are sent about anomalies. */
import { describe, expect, it } from 'vitest';
import { alertmanagerAlert } from '../../../core/messages/alertmanager.ts';
import { figureText } from '../../../core/messages/anomaly.ts';
import { emailSubject, emailText } from '../../../core/messages/email.ts';
import { ocsfFinding } from '../../../core/messages/ocsf.ts';
import { pagerDutyEvent } from '../../../core/messages/pagerduty.ts';
import { slackMessage } from '../../../core/messages/slack.ts';
import type { HostAnomaly } from '../../../core/model/anomaly.ts';
import { notificationSchema } from '../../../core/model/notification.ts';
import {
  abandoned,
  aFillingDisk,
  anAnomaly,
  anomalyNotification,
  gone,
  MINUTE,
  observed,
} from '../../fixtures/anomalies.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';

const INCIDENT = 'acme/aws/111122223333/eu-west-1/i-0a1b2c3d/system/anomaly/1';
const LOAD = { metric: 'system.cpu.load_average.1m', label: 'Load 1m', unit: '{thread}' } as const;

const opened = (...anomalies: HostAnomaly[]) => anomalyNotification([observed(0, anomalies)]);
const subjectOf = (...anomalies: HostAnomaly[]) => emailSubject(opened(...anomalies));
const at = (value: number, low = 0.2, high = 0.45) => ({ peak: { ...anAnomaly().peak, value, low, high } });

describe('the email of an anomaly', () => {
  it('states the metric, what was seen and what is usual, since when, and what to do', () => {
    const event = opened(anAnomaly());

    expect(
      emailText(event),
    ).toBe(`No need to get up: CPU rose to 97 % (usual then: 20 to 45 %), since 2026-11-20 11:55 UTC.

CPU of web-7 is anomalous (low, aws 111122223333 eu-west-1).

Host: web-7 (i-0a1b2c3d), group shop
Tenant: acme
Metric: CPU rose to 97 % (usual then: 20 to 45 %), since 2026-11-20 11:55 UTC
Decided: by job resident: 6 points of CPU, score 0.9998, evidence 28.8 (20 is enough), 32.5 times the least distance that counts

What to do
1. Look at what ran near 2026-11-20 11:55 UTC: scheduled tasks, deployments, traffic.
2. On the host, where it is one of Linux:
ps -eo pid,pcpu,etime,args --sort=-pcpu | head
3. See the curve, and what was expected, once you are signed in to its account (aws sso login, or AWS_PROFILE):
npx plimsoll inspect --metric system.cpu.utilization --provider aws --account 111122223333 --region eu-west-1 --include id=i-0a1b2c3d
4. See what else happened near it:
npx plimsoll incidents related ${INCIDENT} --stage NAME
5. Where it is expected, mute it:
npx plimsoll incidents mute ${INCIDENT} --for 7d --reason "expected" --stage NAME
6. Where it comes too often, raise the threshold of job resident in the config, or leave CPU out of it.

Let the others know that you are at it:
npx plimsoll incidents ack ${INCIDENT} --stage NAME

Host page:
https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0a1b2c3d

Event: ${INCIDENT}/1
`);
  });

  it('of a disk that fills states until when to act', () => {
    const text = emailText(opened(aFillingDisk(), anAnomaly()));

    expect(text.split('\n')[0]).toBe(
      'Get up: it does not wait for the morning. Act before 2026-11-20 16:00 UTC, in 4 h. Disk /var fills up: 91 % used. 1 more anomaly: see below.',
    );
    expect(text).toContain('du -xh --max-depth=2 /var | sort -h | tail\n');
    expect(text).toContain('Disk and CPU of web-7 are anomalous (high, ');
    expect(text).toContain(
      'Decided: by job resident: Disk /var, growth with a confidence of 93 % (70 % is enough), full in 7 h (up to 14 d counts), 4 d 4 h of history (12 h is enough)\n',
    );
  });

  it('of a metric of the tenant names the command that knows its feed', () => {
    expect(emailText(opened(anAnomaly({ metric: 'queue.length', label: 'Queue' })))).toContain(
      'npx plimsoll inspect --metric queue.length --tenant acme --stage NAME --account 111122223333 --region eu-west-1 --include id=i-0a1b2c3d\n',
    );
  });

  it('of an end states what it was, and that nobody has to do anything', () => {
    const over = { goesOn: false } as const;
    const text = emailText(
      anomalyNotification([observed(0, [anAnomaly()]), observed(1, [anAnomaly(over)]), observed(30, [])]),
    );

    expect(text).toMatch(
      /^Nothing to do: its metrics are as expected again\. CPU rose to 97 % \(usual then: 20 to 45 %\), from/,
    );
    expect(text).not.toContain('What to do');
  });

  it('of a host of which nothing is known states that nobody knows', () => {
    expect(emailText(anomalyNotification([observed(0, [anAnomaly()]), observed(30, undefined)]))).toMatch(
      /^No need to get up: the host sends no points, so that nobody knows whether it is still anomalous\./,
    );
    expect(emailText(anomalyNotification([observed(0, [anAnomaly()]), abandoned(49 * 60)]))).toMatch(
      /^Nothing to do: no job has inspected the host for two days/,
    );
  });
});

describe('the subject of an anomaly', () => {
  it.each([
    ['[low] CPU at 97 %: web-7 (shop), usual 20 to 45 %', [anAnomaly()]],
    ['[low] CPU was at 97 %: web-7 (shop), usual 20 to 45 %', [anAnomaly({ goesOn: false })]],
    ['[low] CPU at 3 %: web-7 (shop), usual 20 to 45 %', [anAnomaly({ type: 'dip', ...at(0.03) })]],
    [
      '[medium] Load 1m at 32.4 threads: web-7 (shop), usual 1.2 to 5 threads',
      [anAnomaly({ ...LOAD, type: 'shift_up', ...at(32.4, 1.2, 5) })],
    ],
    ['[low] Load 1m at 1.4 threads: web-7 (shop), usual 0 to 1 thread', [anAnomaly({ ...LOAD, ...at(1.4, 0, 1) })]],
    ['[low] Disk /var was filling up: web-7 (shop), 91 % used', [aFillingDisk({ goesOn: false })]],
    ['[low] CPU flat at 0 %: web-7 (shop), usual 20 to 45 %', [anAnomaly({ type: 'flat_line', ...at(0) })]],
    ['[low] CPU off its usual curve: web-7 (shop), usual 20 to 45 %', [anAnomaly({ type: 'season_broken' })]],
    ['[high] CPU beyond its limit: web-7 (shop), 105 %', [anAnomaly({ type: 'limit_crossed', ...at(1.05) })]],
    ['[high] Disk /var full in 7 h: web-7 (shop), 91 % used', [aFillingDisk()]],
    ['[high] Disk /var full in 7 h and CPU: web-7 (shop), 91 % used', [aFillingDisk(), anAnomaly()]],
    [
      '[high] Disk /var full in 7 h and 2 more: web-7 (shop), 91 % used',
      [aFillingDisk(), anAnomaly(), anAnomaly(LOAD)],
    ],
  ])('is %s', (subject, anomalies) => {
    expect(subjectOf(...anomalies)).toBe(subject);
  });

  it.each([
    [
      '[medium] worse, CPU at 97 %: web-7 (shop), usual 20 to 45 %',
      [observed(0, [anAnomaly()]), observed(1, [anAnomaly({ type: 'shift_up' })])],
    ],
    ['[recovered] as expected again: web-7 (shop), CPU', [observed(0, [anAnomaly()]), observed(30, [])]],
    [
      '[host gone] no longer listed: web-7 (shop), CPU',
      [observed(0, [anAnomaly()]), observed(20, undefined), gone(21)],
    ],
    ['[no data] sends no samples: web-7 (shop), CPU', [observed(0, [anAnomaly()]), observed(30, undefined)]],
    ['[cleared] no longer inspected: web-7 (shop), CPU', [observed(0, [anAnomaly()]), abandoned(49 * 60)]],
  ])('of a later change is %s', (subject, observations) => {
    expect(emailSubject(anomalyNotification(observations))).toBe(subject);
  });

  it('keeps its beginning where names are long', () => {
    const part = { device: `/dev/mapper/${'x'.repeat(80)}`, mountpoint: `/${'y'.repeat(90)}` };

    const subject = subjectOf(aFillingDisk({ part, label: 'A label that is too long to be one' }));

    expect(subject).toMatch(/^\[high\] A label that is to\.{0,3}/);
    expect(subject.length).toBeLessThan(100);
  });
});

describe('figures of any unit', () => {
  it.each([
    [0.97, '1', '97 %'],
    [0.9712, '1', '97.1 %'],
    [3.5 * 2 ** 30, 'By', '3.5 GiB'],
    [1, '{error}', '1 error'],
    [120, '{error}', '120 errors'],
    [12.4, 'ms', '12.4 ms'],
    [10, '', '10'],
  ])('%s in %s is %s', (value, unit, text) => {
    expect(figureText(value, unit)).toBe(text);
  });
});

describe('other receivers of an anomaly', () => {
  it('get a body that holds to its schema, of a type of its own', () => {
    const event = notificationSchema.parse(opened(anAnomaly()));

    expect(event.type).toBe('plimsoll.anomaly.opened');
    expect(event.data).toMatchObject({ finding: 'anomaly', metric: 'system', anomaly: { more: 0 } });
  });

  it('distinguish it from memory', () => {
    const event = opened(aFillingDisk());

    expect(pagerDutyEvent(event)?.payload).toMatchObject({ component: 'metrics', severity: 'error' });
    expect(alertmanagerAlert(event, event.time)?.labels).toMatchObject({
      alertname: 'MetricsAreAnomalous',
      finding: 'anomaly',
    });
    expect(ocsfFinding(event)).toMatchObject({
      finding_info: { types: ['anomaly'], analytic: { type_id: 3 }, first_seen_time: NOON - 30 * HOUR },
    });
    expect(slackMessage(event).text).toMatch(/^\[high\] Disk \/var full in 7 h: web-7 \(shop\), 91 % used: Get up/);
  });

  it('are not led to a command by a label', () => {
    const event = opened(aFillingDisk({ part: { mountpoint: '/var; reboot' }, start: NOON - MINUTE }));

    expect(emailText(event)).not.toContain('du -xh');
  });
});
