/** What a person reads by email. */
import { describe, expect, it } from 'vitest';
import { lastFindingFacts } from '../../../core/incidents/change-facts.ts';
import { composeNotification } from '../../../core/incidents/compose-notification.ts';
import { emailSubject, emailText } from '../../../core/messages/email.ts';
import { graphLink } from '../../../core/messages/graph-link.ts';
import { asciiText } from '../../../core/messages/plain-text.ts';
import type { Attributed } from '../../../core/model/attribution.ts';
import type { Notification, NotificationData, NotificationLeak } from '../../../core/model/notification.ts';
import {
  aChange,
  aContribution,
  aDecision,
  aFinding,
  aFleetNotification,
  aNotification,
  anAttribution,
  anIncident,
  anIncidentKey,
  aResource,
  HOUR,
  NOON,
} from '../../fixtures/builders.ts';

const INCIDENT = 'acme/aws/111122223333/eu-west-1/i-0a1b2c3d/system.memory.utilization/1';

describe('the text of an email', () => {
  it('names the host, the growth, its beginning and end, what decided and what to do', () => {
    const event = aNotification({ resource: aResource({ name: 'web-7', group: 'shop' }), severity: 'high' });

    expect(emailText(event)).toBe(`No need to get up: act before 2026-11-23 16:00 UTC, in 3 d 4 h.

Memory of web-7 grows like a leak (high, aws 111122223333 eu-west-1).

Host: web-7 (i-0a1b2c3d), group shop
Tenant: acme
Full: likely 2026-11-24 11:00 UTC, between 2026-11-23 16:00 and 2026-11-25 18:00 UTC
Memory: 62.0 % used at 2026-11-20 12:00 UTC
Growth: +0.40 %/h (0.30 to 0.50), linear
Began: between 2026-11-18 10:00 and 2026-11-18 16:00 UTC
Decided: confirmed, confidence 90 %, on 100 h of samples

What to do
1. Roll back what was deployed before 2026-11-18 16:00 UTC, where it explains the growth.
2. Restart what leaks before 2026-11-23 16:00 UTC, or raise its limit. It gains time and cures nothing.
3. It grows evenly: look for what is kept for each request, timer or connection and never given back.
4. See the reasons and the curve, once you are signed in to its account (aws sso login, or AWS_PROFILE):
npx plimsoll explain i-0a1b2c3d --provider aws --account 111122223333 --region eu-west-1
5. Where it is expected (a cache that fills, more load), mute it:
npx plimsoll incidents mute ${INCIDENT} --for 7d --reason "expected" --stage NAME
6. Where it is a false alarm, look-alikes can be held back:
npx plimsoll incidents label ${INCIDENT} false-positive --reason "WHY" --stage NAME

Let the others know that you are at it:
npx plimsoll incidents ack ${INCIDENT} --stage NAME

Graph:
${graphLink(event.data.host)}

Event: ${INCIDENT}/1
`);
  });

  it('gives the deadline, the window before it, and the local time of the tenant', () => {
    const window = { name: 'nightly', start: at(60), end: at(62) };

    const text = emailText(withData({ restartBy: { at: at(70), window }, timezone: 'Europe/Berlin' }));

    expect(text).toMatch(/^No need to get up: act before 2026-11-23 10:00 UTC \(11:00 Berlin\), in 2 d 22 h\.\n/);
    expect(text).toContain(
      'Restart by: 2026-11-23 10:00 UTC (11:00 Berlin); the last planned window nightly before it begins at 2026-11-23 00:00 UTC (01:00 Berlin) and lasts 2 h\n',
    );
    expect(text).toContain(
      'before 2026-11-23 10:00 UTC (11:00 Berlin), best from 2026-11-23 00:00 UTC (01:00 Berlin) on',
    );
  });

  it('states of a reminder what was seen last, as of when, and until when to act', () => {
    const text = emailText(aReminder());

    expect(text).toMatch(/^No need to get up: act before 2026-11-23 16:00 UTC, in 3 d 4 h\.\n/);
    expect(text).toContain(
      'Full: likely 2026-11-24 11:00 UTC, between 2026-11-23 16:00 and 2026-11-25 18:00 UTC; as of 2026-11-20 12:00 UTC\n',
    );
    expect(text).toContain('Memory: 62.0 % used as of 2026-11-20 12:00 UTC\n');
    expect(text).toContain('Growth: +0.40 %/h (0.30 to 0.50); as of 2026-11-20 12:00 UTC\n');
  });

  it('counts cycles in words, and what a restart gained last time', () => {
    const cycles = { cycle: 3, firstAt: at(-100), lastedHours: [58, 61], reopened: true };

    const text = emailText(withData({ cycles }));

    expect(text).toContain('Again: third time since Monday; 58 h and 61 h from start to end\n');
    expect(text).toContain('It gains about 61 h, as last time, and cures nothing.');
  });

  it('puts the restart first where the night is too short for the cause', () => {
    const text = emailText(withData({ restartBy: { at: at(3), window: null } }));

    expect(text).toMatch(/^Get up: it does not wait for the morning\. Act before 2026-11-20 15:00 UTC, in 3 h\.\n/);
    expect(text).toMatch(/1\. Restart what leaks before 2026-11-20 15:00 UTC.*\n2\. Roll back/);
  });

  it('rolls back the version on which all grow and beside which none does', () => {
    const siblings = [
      { version: 'v2.31', grow: 4, of: 4 },
      { version: 'v2.30', grow: 0, of: 9 },
    ];
    const deployments = [{ at: at(-48), name: 'checkout 2.31' }];

    const both = emailText(withData({ context: { siblings, deployments } }));
    const deployed = emailText(withData({ context: { deployments } }));

    expect(both).toContain('Siblings: 4 of 4 on v2.31 grow, 0 of 9 on v2.30\n');
    expect(both).toContain('1. Roll back v2.31: all 4 hosts on it grow, and none of the 9 on v2.30.\n');
    expect(deployed).toContain('Deployed: checkout 2.31 at 2026-11-18 12:00 UTC\n');
    expect(deployed).toContain(
      '1. Roll back checkout 2.31, deployed at 2026-11-18 12:00 UTC: the growth began with it.\n',
    );
  });

  it('keeps the evidence of a process whose memory can be dumped, before it is restarted', () => {
    const grown = [aContribution('java', 500)];

    const text = emailText(withLeak({ attribution: reportedAs(anAttribution({ grown })) }));

    expect(text).toMatch(
      /Keep the evidence first: a restart destroys it\.\njcmd PID GC\.heap_dump .*\n3\. Restart java before/,
    );
  });

  it.each([
    ['memory_given_back', 'the memory was given back after 61 h, as by a restart or a kill'],
    ['levelled_off', 'it stopped growing after 61 h'],
    ['cured', 'cured: after a restart or a deployment the growth at the same age is gone, 93 % sure'],
    ['replaced', 'its host is gone, after 61 h of growth, and others of its group are new'],
  ])('states that it recovered: %s', (how, words) => {
    const event = aNotification({}, 'recovered');
    const end = { how, ageHours: 61, confidence: how === 'cured' ? 0.93 : null };

    const text = emailText({ ...event, data: { ...event.data, end } });

    expect(text).toMatch(`Nothing to do: ${words}.\n`);
  });

  it('names the runbook, what was lost before, and the fleet that the host belongs to', () => {
    const text = emailText(withData({ runbook: 'https://wiki.example/memory', dropped: 2, memberOf: 'acme/fleet/1' }));

    expect(text).toContain('\nRunbook:\nhttps://wiki.example/memory\n');
    expect(text).toContain('Lost: 2 changes of it before this one\n');
    expect(text).toContain('Fleet: one of those of incident acme/fleet/1\n');
  });

  it('states until when a fleet has to be seen to, and which host may be full first', () => {
    const full = { earliest: new Date(NOON + 5 * HOUR).toISOString(), host: 'i-3', name: 'web-3' };

    const [known, unknown] = [aFleetNotification(undefined, { full }), aFleetNotification()].map(emailText);

    expect(known).toMatch(
      /^Get up: it does not wait for the morning. Act before 2026-11-20 17:00 UTC, in 5 h. Of 6 hosts that rise alike web-3 may be full first. One cause/,
    );
    expect(unknown).toMatch(
      /^No need to get up: 6 hosts rise alike, and when their memory is full is not known. One cause/,
    );
  });

  it.each(['no_data', 'host_gone'] as const)(
    'states no forecast as if it held where nobody sees the host: %s',
    (kind) => {
      const text = emailText(withData({ kind }));

      expect(text).toContain('Last forecast: full at 2026-11-24 11:00 UTC, if it still grew\n');
      expect(text).not.toMatch(/^(Full|Restart by): /m);
    },
  );

  it('states that growth may be older than the samples where they begin with it', () => {
    const onset = { earliest: '2026-11-16T08:00:00.000Z', latest: '2026-11-16T10:00:00.000Z', leftCensored: true };

    const text = emailText(withLeak({ onset }));

    expect(text).toContain('Began: before 2026-11-16 10:00 UTC, perhaps older than the samples that were evaluated\n');
    expect(text).not.toContain('08:00 UTC and');
  });

  it('writes bytes in a unit that keeps them short', () => {
    const growthPerHour = { low: 1e7, estimate: 1.3e7, high: 2e7 };

    const text = emailText(withLeak({ unit: 'By', level: 3.2e9, growthPerHour }));

    expect(text).toContain('Memory: 2.98 GiB used');
    expect(text).toContain('Growth: +12.4 MiB/h (9.54 to 19.1)');
  });

  it('explains why it is not known when the memory is full', () => {
    const text = emailText(
      withLeak({ exhaustion: { kind: 'cannot_say', reason: 'capacity_unknown', message: 'the limit is not known' } }),
    );

    expect(text).toContain('Full: not known: the limit is not known');
  });

  it('warns that the memory may never be full where the slowest growth leads nowhere', () => {
    const { earliest, likely } = { earliest: '2026-11-21T00:00:00.000Z', likely: '2026-11-22T00:00:00.000Z' };

    const text = emailText(withLeak({ exhaustion: { kind: 'expected', earliest, likely, latest: null } }));

    expect(text).toContain('likely 2026-11-22 00:00 UTC, not before 2026-11-21 00:00 UTC, perhaps never');
  });

  it('leaves the checks to `explain`', () => {
    expect(emailText(aNotification())).not.toContain('new_highs');
  });

  it('lists the three that grew most, each with its share of the rise', () => {
    const names = ['node', 'java', 'envoy', 'sshd'];
    const grown = names.map((name, index) => aContribution(name, 500 / (index + 1)));

    const text = emailText(withLeak({ attribution: reportedAs(anAttribution({ grown })) }));

    expect(text).toContain(`Who grew: node: +500 MiB to 600 MiB, 50 % of the rise
- java: +250 MiB to 350 MiB, 25 % of the rise
- envoy: +167 MiB to 267 MiB, 17 % of the rise
Began`);
    expect(text).not.toContain('sshd');
  });

  it('lists restarts, namespaces, caveats, and what shares are of where the capacity is not known', () => {
    const consumer = { kind: 'pod', name: 'cart-7d9f', namespace: 'shop' } as const;
    const grown = [aContribution('', 500, { consumer, restarts: [1, 2], collectedUntil: NOON })];

    const text = emailText(withLeak({ attribution: reportedAs(anAttribution({ grown, basis: 'consumers' })) }));

    expect(text).toContain(
      'Who grew: shop/cart-7d9f: +500 MiB to 600 MiB, 50 % of the rise of its consumers, restarted 2 times ' +
        '(not collected after 2026-11-20 12:00 UTC: its use is assumed to be constant beyond that)',
    );
  });

  it('names a large remainder and its usual meaning, and states that nobody grew', () => {
    const share = { low: 0.9, estimate: 0.97, high: 1 };
    const unexplained = { rise: { low: 1, estimate: 2, high: 3 }, share, remainder: 'not_collected' } as const;

    const text = emailText(withLeak({ attribution: reportedAs(anAttribution({ grown: [], unexplained })) }));

    expect(text).toContain(`Who grew: no collected consumer
- 97 % is not explained since 2026-11-18 12:00 UTC: no consumer that is collected holds it: memory of the kernel`);
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

    expect(text).toContain(`Who grew: not known: ${message}\n`);
  });

  it('needs no leak to report the end of one', () => {
    const text = emailText(aNotification({}, 'recovered'));

    expect(text).toContain('no longer grows like a leak');
    expect(text).toMatch(/^Nothing to do: this ends what was reported before\.\n/);
    expect(text).not.toContain('Growth');
  });

  it('names what was left out', () => {
    const event = aNotification();

    const text = emailText({ ...event, data: { ...event.data, shortened: ['the curve', 'the checks'] } });

    expect(text).toContain('Left out: the curve; the checks');
  });

  it('lets no name break a line, leave ASCII or reach a shell', () => {
    const host = "i-1'; rm -rf / #\n\rHost";
    const event = aNotification({
      key: anIncidentKey({ host }),
      resource: aResource({ id: host, name: '\u001b[31mWéb\u2028\n\n日本' }),
    });

    const text = emailText(event);

    expect(text).toMatch(/^[\n\x20-\x7e]+$/);
    expect(text).toContain('Host: [31mWeb ?? (i-1');
    expect(text).toContain(String.raw`npx plimsoll explain 'i-1'\''; rm -rf / # Host' --provider`);
  });
});

describe('the subject of an email', () => {
  it('states severity, deadline, host, who grew and how fast', () => {
    const resource = aResource({ id: 'i-085173e0a1b2c3d4f', group: 'checkout' });
    const event = aNotification({ resource });
    const leak = { ...leakOf(event), attribution: reportedAs(anAttribution()) };

    expect(emailSubject({ ...event, data: { ...event.data, leak } })).toBe(
      '[medium] full in 3 d 23 h: i-085173e0a1b2c3d4f (checkout), node +0.40 %/h',
    );
  });

  it('shortens names until it fits, and keeps the rest', () => {
    const resource = aResource({ name: 'n'.repeat(90), group: 'g'.repeat(90) });

    expect(emailSubject(aNotification({ resource }))).toBe(
      '[medium] full in 3 d 23 h: nnnnnnnnnnnnnnnnnnnnn... (ggggggggggggggggg...), +0.40 %/h',
    );
  });

  it.each([
    ['suspected', '[medium] perhaps full in 3 d 23 h: i-0a1b2c3d, +0.40 %/h'],
    ['opened', '[medium] full in 3 d 23 h: i-0a1b2c3d, +0.40 %/h'],
    ['worse', '[medium] worse, full in 3 d 23 h: i-0a1b2c3d, +0.40 %/h'],
    ['better', '[medium] better, full in 3 d 23 h: i-0a1b2c3d, +0.40 %/h'],
    ['recovered', '[recovered] no longer grows like a leak: i-0a1b2c3d, +0.40 %/h'],
    ['cleared', '[cleared] no longer looks like a leak: i-0a1b2c3d, +0.40 %/h'],
    ['host_gone', '[host gone] no longer listed: i-0a1b2c3d, +0.40 %/h'],
    ['no_data', '[no data] sends no samples: i-0a1b2c3d, +0.40 %/h'],
    ['reminder', '[medium] still full in 3 d 23 h: i-0a1b2c3d, +0.40 %/h'],
    ['escalated', '[medium] nobody is at it, full in 3 d 23 h: i-0a1b2c3d, +0.40 %/h'],
  ] as const)('states what happened: %s', (kind, subject) => {
    expect(emailSubject(withData({ kind }))).toBe(subject);
  });

  it('states that a host was replaced', () => {
    const event = withData({ kind: 'host_gone', end: { how: 'replaced', ageHours: 61, confidence: null } });

    expect(emailSubject(event)).toBe('[replaced] gone, others of its group are new: i-0a1b2c3d, +0.40 %/h');
    expect(emailText(event)).toContain(
      'Nothing to do: its host is gone, after 61 h of growth, and others of its group are new. Whether those grow too is found at their age.',
    );
  });

  it('states of a reminder what was seen last', () => {
    expect(emailSubject(aReminder())).toBe('[medium] still full in 3 d 23 h: i-0a1b2c3d, +0.40 %/h');
  });

  it.each([
    [{ cycles: { cycle: 2, firstAt: at(-60), lastedHours: [], reopened: true } }, 'again, full in 3 d 23 h'],
    [{ finding: 'exhausted' }, 'full'],
    [{ finding: 'early' }, 'a new host outgrows its group'],
  ] satisfies [Partial<NotificationData>, string][])('states what it is about: %j', (change, words) => {
    expect(emailSubject(withData(change))).toContain(`[medium] ${words}: `);
  });

  it('is one line of fewer than 100 ASCII characters', () => {
    const subject = emailSubject(aNotification({ resource: aResource({ name: 'Ö\n'.repeat(500) }) }));

    expect(subject).toMatch(/^[\x20-\x7e]{50,99}$/);
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
  return { ...event, data: { ...event.data, leak: { ...leakOf(event), ...change } } };
}

/** A change that no finding causes. */
function aReminder(): Notification {
  const { leak: _, ...change } = aChange({}, 'reminder');
  return composeNotification(anIncident(), { ...change, lastFinding: lastFindingFacts(aFinding()) }, aDecision());
}

function withData(change: Partial<NotificationData>): Notification {
  const event = aNotification();
  return { ...event, data: { ...event.data, ...change } };
}

function leakOf({ data: { leak } }: Notification): NotificationLeak {
  if (!leak) throw new Error('the event states no leak');
  return leak;
}

/** So many hours after noon, ISO 8601. */
function at(hours: number): string {
  return new Date(NOON + hours * HOUR).toISOString();
}
