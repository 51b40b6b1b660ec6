/** What a person reads by email. */
import { describe, expect, it } from 'vitest';
import { composeNotification } from '../../../core/incidents/compose-notification.ts';
import { emailSubject, emailText } from '../../../core/messages/email.ts';
import { asciiText } from '../../../core/messages/plain-text.ts';
import type { Attributed } from '../../../core/model/attribution.ts';
import type { Notification, NotificationLeak } from '../../../core/model/notification.ts';
import {
  aChange,
  aContribution,
  aDecision,
  aFinding,
  aNotification,
  anAttribution,
  anIncident,
  anIncidentKey,
  aResource,
  NOON,
} from '../../fixtures/builders.ts';

describe('the text of an email', () => {
  it('names the host, the growth, its beginning and end, what decided and what to do', () => {
    const event = aNotification({ resource: aResource({ name: 'web-7', group: 'shop' }), severity: 'high' });

    expect(emailText(event)).toBe(`Memory of web-7 grows like a leak (high, aws 111122223333 eu-west-1).

Host      i-0a1b2c3d (web-7), group shop
Where     aws 111122223333, eu-west-1; tenant acme
Severity  high
Found     2026-11-20 12:00 UTC
Memory    62.0 % used at 2026-11-20 12:00 UTC
Growth    +0.40 %/h (0.30 to 0.50), linear
Began     between 2026-11-18 10:00 and 2026-11-18 16:00 UTC
Full      likely 2026-11-24 11:00 UTC (between 2026-11-23 16:00 UTC and 2026-11-25 18:00 UTC)
Decided   confirmed, confidence 90 %, evaluated from 2026-11-16 08:00 UTC
          + new_highs: 0.9, limit >= 0.3

What to do next
  npx plimsoll explain i-0a1b2c3d --provider aws --account 111122223333 --region eu-west-1
  shows the reasons and the curve, under the default policy.
  Sign in to that account first: \`aws sso login\`, or AWS_PROFILE.
  Whoever operates Plimsoll may give \`--stage NAME --tenant acme\` instead of
  \`--provider aws\`, and so evaluate under the policy of the tenant.
  Steady growth may be legitimate (a cache that fills, more load): compare with
  what was deployed when it began.

Event     acme/aws/111122223333/eu-west-1/i-0a1b2c3d/system.memory.utilization/1/1
`);
  });

  it('states that growth may be older than the samples where they begin with it', () => {
    const onset = { earliest: '2026-11-16T08:00:00.000Z', latest: '2026-11-16T10:00:00.000Z', leftCensored: true };

    const text = emailText(withLeak({ onset }));

    expect(text).toContain(
      'Began     before 2026-11-16 10:00 UTC, perhaps older than the samples that were evaluated\n',
    );
    expect(text).not.toContain('08:00 UTC and');
  });

  it('writes bytes in a unit that keeps them short', () => {
    const growthPerHour = { low: 1e7, estimate: 1.3e7, high: 2e7 };

    const text = emailText(withLeak({ unit: 'By', level: 3.2e9, growthPerHour }));

    expect(text).toContain('Memory    2.98 GiB used');
    expect(text).toContain('Growth    +12.4 MiB/h (9.54 to 19.1)');
  });

  it('explains why it is not known when the memory is full', () => {
    const text = emailText(
      withLeak({ exhaustion: { kind: 'cannot_say', reason: 'capacity_unknown', message: 'the limit is not known' } }),
    );

    expect(text).toContain('Full      not known: the limit is not known');
  });

  it('warns that the memory may never be full where the slowest growth leads nowhere', () => {
    const { earliest, likely } = { earliest: '2026-11-21T00:00:00.000Z', likely: '2026-11-22T00:00:00.000Z' };

    const text = emailText(withLeak({ exhaustion: { kind: 'expected', earliest, likely, latest: null } }));

    expect(text).toContain('likely 2026-11-22 00:00 UTC (not before 2026-11-21 00:00 UTC, perhaps never)');
  });

  it('lists checks that failed or had no value, and how many more there are', () => {
    const [check] = aNotification().data.leak?.checks ?? [];
    const checks = Array.from({ length: 10 }, (_, index) => ({
      ...(check as NotificationLeak['checks'][number]),
      name: `check_${index}`,
      ...(index === 1 && { value: null, passed: false, unit: 'h' }),
    }));

    const text = emailText(withLeak({ checks }));

    expect(text).toContain('+ check_0: 0.9, limit >= 0.3\n');
    expect(text).toContain('- check_1: not known (limit >= 0.3 h)\n');
    expect(text).toContain('and 2 more\n');
    expect(text).not.toContain('check_8');
  });

  it('lists the three that grew most, each with its share of the rise', () => {
    const names = ['node', 'java', 'envoy', 'sshd'];
    const grown = names.map((name, index) => aContribution(name, 500 / (index + 1)));

    const text = emailText(withLeak({ attribution: reportedAs(anAttribution({ grown })) }));

    expect(text).toContain(`Who grew  node: +500 MiB to 600 MiB, 50 % of the rise
          java: +250 MiB to 350 MiB, 25 % of the rise
          envoy: +167 MiB to 267 MiB, 17 % of the rise
Decided`);
    expect(text).not.toContain('sshd');
  });

  it('lists restarts, namespaces, caveats, and what shares are of where the capacity is not known', () => {
    const consumer = { kind: 'pod', name: 'cart-7d9f', namespace: 'shop' } as const;
    const grown = [aContribution('', 500, { consumer, restarts: [1, 2], collectedUntil: NOON })];

    const text = emailText(withLeak({ attribution: reportedAs(anAttribution({ grown, basis: 'consumers' })) }));

    expect(text).toContain(
      'Who grew  shop/cart-7d9f: +500 MiB to 600 MiB, 50 % of the rise of its consumers, restarted 2 times ' +
        '(not collected after 2026-11-20 12:00 UTC: its use is assumed to be constant beyond that)',
    );
  });

  it('names a large remainder and its usual meaning, and states that nobody grew', () => {
    const share = { low: 0.9, estimate: 0.97, high: 1 };
    const unexplained = { rise: { low: 1, estimate: 2, high: 3 }, share, remainder: 'not_collected' } as const;

    const text = emailText(withLeak({ attribution: reportedAs(anAttribution({ grown: [], unexplained })) }));

    expect(text).toContain(`Who grew  no collected consumer
          97 % is not explained since 2026-11-18 12:00 UTC: no consumer that is collected holds it: memory of the kernel`);
  });

  it.each([
    [0.19, false],
    [-0.19, false],
    [0.2, true],
    [0.25, true],
    [-0.25, true],
  ])('names, or not, a remainder of %d: a fifth is worth a line', (estimate, isNamed) => {
    const share = { low: estimate - 0.05, estimate, high: estimate + 0.05 };
    const unexplained = { rise: { low: 1, estimate: 2, high: 3 }, share, remainder: 'not_collected' } as const;

    const text = emailText(withLeak({ attribution: reportedAs(anAttribution({ unexplained })) }));

    expect(text.includes('is not explained since')).toBe(isNamed);
  });

  it('explains why it is not known who grew, with the entire snippet that changes it', () => {
    const message = `Let the agent collect processes: { "procstat": [${'x'.repeat(300)}] }`;

    const text = emailText(withLeak({ attribution: { kind: 'unattributed', reason: 'not_collected', message } }));

    expect(text).toContain(`Who grew  not known: ${message}\n`);
  });

  it('needs no leak to report the end of one', () => {
    const text = emailText(aNotification({}, 'recovered'));

    expect(text).toContain('no longer grows like a leak');
    expect(text).toContain('Nothing: this ends what was reported before.');
    expect(text).not.toContain('Growth');
  });

  it('names what was left out', () => {
    const event = aNotification();

    const text = emailText({ ...event, data: { ...event.data, shortened: ['the curve', 'the checks'] } });

    expect(text).toContain('Left out  the curve; the checks');
  });

  it('lets no name break a line, leave ASCII or reach a shell', () => {
    const host = "i-1'; rm -rf / #\n\rHost";
    const event = aNotification({
      key: anIncidentKey({ host }),
      resource: aResource({ id: host, name: '\u001b[31mWéb\u2028\n\n日本' }),
    });

    const text = emailText(event);

    expect(text).toMatch(/^[\n\x20-\x7e]+$/);
    expect(text).toContain('([31mWeb ??)');
    expect(text).toContain(String.raw`npx plimsoll explain 'i-1'\''; rm -rf / # Host' --provider`);
  });
});

describe('the subject of an email', () => {
  it('begins with the severity', () => {
    expect(emailSubject(aNotification({ severity: 'critical' }))).toMatch(/^\[critical\] Memory of i-0a1b2c3d grows/);
  });

  it('is one line of fewer than 100 ASCII characters', () => {
    const subject = emailSubject(aNotification({ resource: aResource({ name: 'Ö\n'.repeat(500) }) }));

    expect(subject).toMatch(/^[\x20-\x7e]{99}$/);
    expect(subject).toMatch(/\.\.\.$/);
  });
});

describe('text as ASCII', () => {
  it.each([
    ['Ärger', 'Arger'],
    ['日本', '??'],
    ['a\t\r\n b', 'a b'],
    ['\0x\u007f', 'x'],
    ['\u{1f600}', '?'],
    ['\ud800', '?'],
    ['−2 ≥ 1–3 ’…', "-2 >= 1-3 '..."],
  ])('turns %j into %j', (given, expected) => {
    expect(asciiText(given)).toBe(expected);
  });
});

function reportedAs(attribution: Attributed): NotificationLeak['attribution'] {
  return composeNotification(anIncident(), aChange({}, 'opened', aFinding({ attribution })), aDecision()).data.leak
    ?.attribution;
}

function withLeak(change: Partial<NotificationLeak>): Notification {
  const event = aNotification();
  const { leak } = event.data;
  if (!leak) throw new Error('the event states no leak');
  return { ...event, data: { ...event.data, leak: { ...leak, ...change } } };
}
