/** What a person reads by e-mail. */
import { describe, expect, it } from 'vitest';
import { composeNotification } from '../../../core/incidents/compose-notification.ts';
import { emailSubject, emailText } from '../../../core/messages/email.ts';
import { asciiText } from '../../../core/messages/plain-text.ts';
import type { Attributed } from '../../../core/model/attribution.ts';
import type { Notification, NotificationLeak } from '../../../core/model/notification.ts';
import {
  aContribution,
  aFinding,
  aNotification,
  anAttribution,
  anIncident,
  anIncidentKey,
  aResource,
} from '../../fixtures/builders.ts';

describe('the text of an e-mail', () => {
  it('says which host, how fast, since when, until when, what decided and what to do', () => {
    const event = aNotification({ resource: aResource({ name: 'web-7', group: 'shop' }), severity: 'high' });

    expect(emailText(event)).toBe(`Memory of web-7 grows like a leak (high, aws 111122223333 eu-west-1).

Host      i-0a1b2c3d (web-7), group shop
Where     aws 111122223333, eu-west-1; tenant acme
Severity  high
Found     2026-11-20 12:00 UTC
Memory    62 % used at 2026-11-20 12:00 UTC
Growth    0.4 % of memory per hour (0.3 % to 0.5 %), linear
Began     between 2026-11-18 10:00 UTC and 2026-11-18 16:00 UTC
Full      likely 2026-11-24 11:00 UTC (between 2026-11-23 16:00 UTC and 2026-11-25 18:00 UTC)
Decided   confirmed, confidence 0.9, judged from 2026-11-16 08:00 UTC
            + still_growing: 0.9 (at least 0.3)

What to do next
  npx plimsoll explain i-0a1b2c3d --tenant acme --account 111122223333
  shows every gate and the curve. Steady growth may be legitimate (a cache that
  fills, more load): compare with what was deployed when it began.

Event     acme/aws/111122223333/eu-west-1/i-0a1b2c3d/system.memory.utilization/1/1
`);
  });

  it('tells bytes in a unit that keeps them short', () => {
    const growthPerHour = { low: 1e7, estimate: 1.3e7, high: 2e7 };

    const text = emailText(withLeak({ unit: 'By', level: 3.2e9, growthPerHour }));

    expect(text).toContain('Memory    2.98 GiB used');
    expect(text).toContain('Growth    12.4 MiB per hour (9.54 MiB to 19.1 MiB)');
  });

  it('says why it cannot say when the memory is full', () => {
    const text = emailText(withLeak({ exhaustion: { kind: 'cannot_say', reason: 'the limit is not known' } }));

    expect(text).toContain('Full      cannot be said: the limit is not known');
  });

  it('says that the memory may never be full where the slowest growth leads nowhere', () => {
    const { earliest, likely } = { earliest: '2026-11-21T00:00:00.000Z', likely: '2026-11-22T00:00:00.000Z' };

    const text = emailText(withLeak({ exhaustion: { kind: 'expected', earliest, likely, latest: null } }));

    expect(text).toContain('likely 2026-11-22 00:00 UTC (not before 2026-11-21 00:00 UTC, perhaps never)');
  });

  it('tells gates that failed or had no value, and how many more there are', () => {
    const [check] = aNotification().data.leak?.checks ?? [];
    const checks = Array.from({ length: 10 }, (_, index) => ({
      ...(check as NotificationLeak['checks'][number]),
      name: `gate_${index}`,
      ...(index === 1 && { value: null, passed: false, unit: 'h' }),
    }));

    const text = emailText(withLeak({ checks }));

    expect(text).toContain('+ gate_0: 0.9 (at least 0.3)\n');
    expect(text).toContain('- gate_1: no value (at least 0.3 h)\n');
    expect(text).toContain('and 2 more\n');
    expect(text).not.toContain('gate_8');
  });

  it('tells the three that grew most, each with its share of the rise', () => {
    const names = ['node', 'java', 'envoy', 'sshd'];
    const grown = names.map((name, index) => aContribution(name, 500 / (index + 1)));

    const text = emailText(withLeak({ attribution: reportedAs(anAttribution({ grown })) }));

    expect(text).toContain(`Who grew  node: +500 MiB to 600 MiB, 50 % of the rise
          java: +250 MiB to 350 MiB, 25 % of the rise
          envoy: +167 MiB to 267 MiB, 17 % of the rise
Decided`);
    expect(text).not.toContain('sshd');
  });

  it('tells restarts, namespaces, caveats, and what shares are of where the capacity is not known', () => {
    const consumer = { kind: 'pod', name: 'cart-7d9f', namespace: 'shop' } as const;
    const grown = [aContribution('', 500, { consumer, restarts: [1, 2], message: 'collected lately' })];

    const text = emailText(withLeak({ attribution: reportedAs(anAttribution({ grown, basis: 'consumers' })) }));

    expect(text).toContain(
      'Who grew  shop/cart-7d9f: +500 MiB to 600 MiB, 50 % of what its consumers grew by, restarted 2 times (collected lately)',
    );
  });

  it('tells a large remainder and what it may be, and that nobody grew', () => {
    const share = { low: 0.9, estimate: 0.97, high: 1 };
    const unexplained = { rise: { low: 1, estimate: 2, high: 3 }, share, message: 'memory of the kernel' };

    const text = emailText(withLeak({ attribution: reportedAs(anAttribution({ grown: [], unexplained })) }));

    expect(text).toContain(`Who grew  nobody that is collected
          97 % is not explained since 2026-11-18 12:00 UTC: memory of the kernel`);
  });

  it('tells why it is not known who grew, with the whole snippet that changes it', () => {
    const message = `Let the agent collect processes: { "procstat": [${'x'.repeat(300)}] }`;

    const text = emailText(withLeak({ attribution: { kind: 'unattributed', reason: 'not_collected', message } }));

    expect(text).toContain(`Who grew  cannot be said: ${message}\n`);
  });

  it('needs no leak to tell the end of one', () => {
    const text = emailText(aNotification({}, 'recovered'));

    expect(text).toContain('no longer grows like a leak');
    expect(text).toContain('Nothing: this ends what was told before.');
    expect(text).not.toContain('Growth');
  });

  it('says what was left out', () => {
    const event = aNotification();

    const text = emailText({ ...event, data: { ...event.data, shortened: ['the curve', 'the gates'] } });

    expect(text).toContain('Left out  the curve; the gates');
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
    expect(text).toContain(String.raw`npx plimsoll explain 'i-1'\''; rm -rf / # Host'`);
  });
});

describe('the subject of an e-mail', () => {
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
  ])('turns %j into %j', (given, expected) => {
    expect(asciiText(given)).toBe(expected);
  });
});

function reportedAs(attribution: Attributed): NotificationLeak['attribution'] {
  return composeNotification(anIncident(), 'opened', aFinding({ attribution })).data.leak?.attribution;
}

function withLeak(change: Partial<NotificationLeak>): Notification {
  const event = aNotification();
  const { leak } = event.data;
  if (!leak) throw new Error('the event states no leak');
  return { ...event, data: { ...event.data, leak: { ...leak, ...change } } };
}
