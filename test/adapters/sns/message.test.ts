/** One event as SNS takes it: its size, and what is left out when it is too large. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeMessage, MAX_MESSAGE_BYTES } from '../../../adapters/sns/message.ts';
import { attributionFacts } from '../../../core/incidents/compose-attribution.ts';
import type { Attributed } from '../../../core/model/attribution.ts';
import { type Notification, type NotificationLeak, notificationSchema } from '../../../core/model/notification.ts';
import { anyText } from '../../fixtures/any-text.ts';
import { aContribution, aNotification, anAttribution } from '../../fixtures/builders.ts';
import { notifications } from '../../fixtures/notifications.ts';

const TOPIC_LIMIT = 256 * 1024;

describe('a message', () => {
  it('carries the entire event where it fits', () => {
    const event = aNotification();

    expect(bodyOf(event)).toEqual(event);
  });

  it('counts the bytes of the text, the subject and the attributes', () => {
    const { entry, bytes } = composed(aNotification());

    const attributes = Object.entries(entry.MessageAttributes ?? {});
    const texts = attributes.flatMap(([name, { DataType = '', StringValue = '' }]) => [name, DataType, StringValue]);
    expect(bytes).toBe(Buffer.byteLength([entry.Message, entry.Subject, ...texts].join('')));
  });

  it('leaves the curve out first, and lists it as missing', () => {
    const event = withLeak({ curve: { start: aNotification().time, periodSeconds: 300, values: [0.5] } }, 100_000);

    const body = bodyOf(event);

    expect(body.data.leak?.curve).toBeUndefined();
    expect(body.data.leak?.checks[0]?.message).toBe('');
    expect(body.data.shortened).toEqual(['the curve', 'the descriptions of the checks']);
  });

  it('leaves the largest out before those who grew, and keeps the three that grew most', () => {
    const grown = ['a', 'b', 'c', 'd'].map((name) => aContribution(name, 100));
    const attribution = composedAttribution(anAttribution({ grown, largest: grown }));
    const huge = { ...attribution.grown[0], namespace: 'x'.repeat(30_000) } as (typeof attribution.grown)[number];

    const little = bodyOf(withLeak({ attribution: { ...attribution, largest: Array(5).fill(huge) } }, 0));
    const nothing = bodyOf(withLeak({ attribution, curve: undefined, checks: manyChecks(3000) }, 0));

    expect(little.data.leak?.attribution).toMatchObject({ largest: [], grown: [{}, {}, {}, {}] });
    expect(nothing.data.leak?.attribution).toMatchObject({ grown: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] });
    expect(nothing.data.shortened).toContain('who grew after the first 3');
  });

  it('keeps checks, names and labels where leaving their descriptions out is enough', () => {
    const event = withLeak({}, 100_000);

    const body = bodyOf(event);

    expect(body.data.leak?.checks.map(({ name }) => name)).toEqual(event.data.leak?.checks.map(({ name }) => name));
    expect(body.data.host).toEqual(event.data.host);
  });

  it('has no attribute for a fact that is empty', () => {
    const event = aNotification();
    const host = { ...event.data.host, region: '' };

    const { entry } = composed({ ...event, data: { ...event.data, host } });

    expect(Object.keys(entry.MessageAttributes ?? {})).not.toContain('region');
  });

  it('has what filters select by, and the receivers as a list', () => {
    const event = aNotification();
    const data = { ...event.data, page: true, receivers: ['ops', 'night'], host: { ...event.data.host, group: 'web' } };

    const attributes = composed({ ...event, data }).entry.MessageAttributes;

    expect(attributes).toMatchObject({
      kind: { DataType: 'String', StringValue: 'opened' },
      page: { DataType: 'String', StringValue: 'true' },
      group: { DataType: 'String', StringValue: 'web' },
      receivers: { DataType: 'String.Array', StringValue: '["ops","night"]' },
    });
  });

  it('has chosen labels, for which tenant and grade make room: a queue takes ten attributes', () => {
    const event = aNotification();
    const host = { ...event.data.host, group: 'web', labels: { 'app/team': 'shop', stage: 'prod', other: 'x' } };
    const data = {
      ...event.data,
      page: true,
      receivers: ['ops'],
      host,
      attributeLabels: ['app/team', 'stage', 'none'],
    };

    const attributes = composed({ ...event, data }).entry.MessageAttributes ?? {};

    expect(attributes['label-app_team']?.StringValue).toBe('shop');
    expect(Object.keys(attributes)).toHaveLength(10);
    expect(attributes).not.toHaveProperty('tenant');
    expect(attributes).not.toHaveProperty('label-other');
  });

  it('has no more attributes than a queue takes, and fits its topic, whatever a body states', () => {
    fc.assert(
      fc.property(notifications(), (event) => {
        const message = composeMessage(event);
        if (message === undefined) return;
        const attributes = Object.entries(message.entry.MessageAttributes ?? {});
        const body = notificationSchema.parse(JSON.parse(JSON.parse(message.entry.Message ?? '').default));

        expect(attributes.length).toBeLessThanOrEqual(10);
        for (const [name] of attributes) expect(name).toMatch(/^[\w-]{1,256}$/);
        expect(message.bytes).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
        expect(body.data.kind).toBe(event.data.kind);
      }),
      { numRuns: 40 },
    );
  });

  it('is undefined where only the ids could be shortened', () => {
    expect(composeMessage({ ...aNotification(), id: 'x'.repeat(MAX_MESSAGE_BYTES) })).toBeUndefined();
  });

  it('fits its topic and reads back as an event whatever its texts hold, and keeps what it is about', () => {
    fc.assert(
      fc.property(monsters(), (event) => {
        const { entry, bytes } = composed(event);
        const body = notificationSchema.parse(JSON.parse(JSON.parse(entry.Message ?? '').default));

        expect(bytes).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
        // What a subscriber without raw delivery gets quotes the message once more.
        expect(Buffer.byteLength(JSON.stringify(JSON.stringify(body)))).toBeLessThan(TOPIC_LIMIT);
        expect(entry.Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        expect(body.id).toBe(event.id);
        expect(body.data).toMatchObject({
          kind: event.data.kind,
          incident: event.data.incident,
          severity: event.data.severity,
          host: { id: event.data.host.id },
        });
        expect(Object.keys(entry.MessageAttributes ?? {}).length).toBeLessThanOrEqual(10);
      }),
      { numRuns: 60 },
    );
  });
});

function composed(event: Notification) {
  const message = composeMessage(event);
  if (!message) throw new Error('the event does not fit');
  return message;
}

function bodyOf(event: Notification): Notification {
  return JSON.parse(JSON.parse(composed(event).entry.Message ?? '').default);
}

function manyChecks(count: number): NotificationLeak['checks'] {
  const [check] = aNotification().data.leak?.checks ?? [];
  return check ? Array.from({ length: count }, () => check) : [];
}

/** An event with this leak and a check whose description has so many characters. */
function withLeak(change: Partial<NotificationLeak>, sentence: number): Notification {
  const event = aNotification();
  const { leak } = event.data;
  if (!leak) throw new Error('the event states no leak');
  const checks = leak.checks.map((check) => ({ ...check, message: 'ä'.repeat(sentence) }));
  return { ...event, data: { ...event.data, leak: { ...leak, checks, ...change } } };
}

/** Events with texts of any characters, any of which may be short or enormous, and with any number of checks. */
function monsters(): fc.Arbitrary<Notification> {
  const short = anyText({ maxLength: 20 });
  const enormous = fc.tuple(anyText({ minLength: 1, maxLength: 3 }), fc.integer({ max: 60_000 }));
  const text = fc.oneof(
    short,
    enormous.map(([unit, times]) => unit.repeat(Math.max(0, times))),
  );
  return fc
    .record({
      name: text,
      group: text,
      label: text,
      key: text,
      summary: text,
      message: text,
      check: text,
      reason: text,
      checks: fc.nat(40),
      attribution: fc.option(fc.oneof(grownBy(text), unattributedFor(text)), { nil: undefined }),
    })
    .map(({ name, group, label, key, summary, message, check, reason, checks, attribution }) => {
      const exhaustion = { kind: 'cannot_say', reason, message: reason } as const;
      const event = withLeak({ exhaustion, ...(attribution && { attribution }) }, 0);
      const leak = event.data.leak;
      const [first] = leak?.checks ?? [];
      const many = first
        ? Array.from({ length: checks }, () => ({ ...first, name: check.slice(0, 5000), message }))
        : [];
      const host = { ...event.data.host, name, group, labels: { [key]: label } };
      return { ...event, data: { ...event.data, summary, host, ...(leak && { leak: { ...leak, checks: many } }) } };
    });
}

function grownBy(text: fc.Arbitrary<string>): fc.Arbitrary<NonNullable<NotificationLeak['attribution']>> {
  return fc.tuple(text, text).map(([name, namespace]) => {
    const pods = Array.from({ length: 10 }, () =>
      aContribution('', 100, { consumer: { kind: 'pod', name: name.slice(0, 5000), namespace } }),
    );
    const { grown, ...reported } = composedAttribution(anAttribution({ grown: pods, largest: pods }));
    return { ...reported, grown: grown.map((one) => ({ ...one, name: name.slice(0, 5000), namespace })) };
  });
}

function unattributedFor(text: fc.Arbitrary<string>): fc.Arbitrary<NonNullable<NotificationLeak['attribution']>> {
  return text.map((message) => ({ kind: 'unattributed', reason: 'denied', message }));
}

function composedAttribution(attribution: Attributed) {
  const reported = attributionFacts(attribution);
  if (reported.kind === 'unattributed') throw new Error('nobody is named');
  return reported;
}
