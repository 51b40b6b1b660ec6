/** What receivers are sent holds to what they document, whatever a body states. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { alertmanagerAlert } from '../../../core/messages/alertmanager.ts';
import { amazonQNotification } from '../../../core/messages/amazon-q.ts';
import { briefOf } from '../../../core/messages/compose-brief.ts';
import { ocsfFinding } from '../../../core/messages/ocsf.ts';
import { pagerDutyEvent } from '../../../core/messages/pagerduty.ts';
import { slackMessage } from '../../../core/messages/slack.ts';
import { TEAMS_BYTES, teamsMessage } from '../../../core/messages/teams.ts';
import type { Notification } from '../../../core/model/notification.ts';
import { aServiceEvent } from '../../fixtures/builders.ts';
import { notifications } from '../../fixtures/notifications.ts';

const SCHEMAS = join(import.meta.dirname, '../../fixtures/schemas');
const LATER = '2026-12-01T12:00:00.000Z';

async function schemaNamed(file: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(SCHEMAS, file), 'utf8'));
}

/** As a receiver reads it. */
function sent<Payload>(payload: Payload): Payload {
  return JSON.parse(JSON.stringify(payload));
}

function holdsForAll(check: (event: Notification) => void): void {
  fc.assert(fc.property(notifications(), check), { numRuns: 40 });
}

const text = (length: number) => z.string().min(1).max(length);

describe('a message of Slack', () => {
  const plain = (length: number) =>
    z.strictObject({ type: z.literal('plain_text'), text: text(length), emoji: z.literal(false) });
  const rich = z.strictObject({
    type: z.enum(['rich_text_section', 'rich_text_preformatted']),
    elements: z.array(z.strictObject({ type: z.literal('text'), text: z.string().min(1) })).min(1),
  });
  const button = z.strictObject({
    type: z.literal('button'),
    action_id: text(255),
    text: plain(75),
    url: z.url({ protocol: /^https$/ }).max(3000),
  });
  const schema = z.strictObject({
    text: text(4000),
    unfurl_links: z.literal(false),
    unfurl_media: z.literal(false),
    blocks: z
      .array(
        z.discriminatedUnion('type', [
          z.strictObject({ type: z.literal('header'), text: plain(150) }),
          z.strictObject({ type: z.literal('section'), text: plain(3000) }),
          z.strictObject({ type: z.literal('rich_text'), elements: z.array(rich).min(1) }),
          z.strictObject({ type: z.literal('actions'), elements: z.array(button).min(1).max(25) }),
          z.strictObject({ type: z.literal('context'), elements: z.array(plain(3000)).min(1).max(10) }),
        ]),
      )
      .max(50),
  });

  it('holds the limits of blocks, of each and of all together', () => {
    holdsForAll((event) => {
      const message = schema.parse(sent(slackMessage(event)));
      expect(JSON.stringify(message.blocks).length).toBeLessThan(13_200);
    });
  });

  it('is also made of an event about inspections', () => {
    expect(schema.parse(sent(slackMessage(aServiceEvent()))).text).toMatch(/^\[high\] Inspections of aws/);
  });
});

describe('a card of Teams', () => {
  it('holds the schema of Adaptive Cards 1.5 and the bytes of a webhook', async () => {
    const ajv = new Ajv({ strict: false });
    ajv.addMetaSchema(await schemaOfDraft6());
    formats.default(ajv);
    const validate = ajv.compile(await schemaNamed('adaptive-card-1.5.json'));

    holdsForAll((event) => {
      const message = sent(teamsMessage(event));
      const { msteams, ...card } = message.attachments[0].content;
      expect(message.type).toBe('message');
      expect(message.attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive');
      expect(msteams).toEqual({ width: 'Full' });
      expect(validate(card), JSON.stringify(validate.errors)).toBe(true);
      expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(TEAMS_BYTES);
    });
  });

  it('is refused by that schema where an element is none', async () => {
    const ajv = new Ajv({ strict: false });
    ajv.addMetaSchema(await schemaOfDraft6());
    formats.default(ajv);
    const validate = ajv.compile(await schemaNamed('adaptive-card-1.5.json'));

    expect(validate({ type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlok', text: 'x' }] })).toBe(false);
  });
});

async function schemaOfDraft6(): Promise<Record<string, unknown>> {
  const file = new URL(import.meta.resolve('ajv/dist/refs/json-schema-draft-06.json'));
  return JSON.parse(await readFile(file, 'utf8'));
}

describe('an event of PagerDuty', () => {
  const key = z
    .string()
    .regex(/^[\x21-\x7e]*$/)
    .max(255);
  const schema = z.discriminatedUnion('event_action', [
    z.strictObject({ event_action: z.enum(['resolve', 'acknowledge']), dedup_key: key }),
    z.strictObject({
      event_action: z.literal('trigger'),
      dedup_key: key,
      client: z.string(),
      payload: z.strictObject({
        summary: text(1024),
        source: text(1024),
        severity: z.enum(['critical', 'error', 'warning', 'info']),
        timestamp: z.iso.datetime(),
        component: z.string(),
        group: z.string().min(1).optional(),
        class: z.string(),
        custom_details: z.record(z.string(), z.string()),
      }),
      links: z.array(z.strictObject({ href: z.url({ protocol: /^https$/ }), text: z.string() })),
    }),
  ]);

  it('holds the documented fields and limits, and there is none of what neither pages nor ends', () => {
    holdsForAll((event) => {
      const { state, page } = briefOf(event);
      const made = pagerDutyEvent(event);
      if (state !== 'resolved' && !page) expect(made).toBeNull();
      else {
        schema.parse(sent(made));
        expect(Buffer.byteLength(JSON.stringify(made))).toBeLessThan(100_000);
      }
    });
  });

  it('has the key of its incident, whatever happens to that', () => {
    holdsForAll((event) => {
      const ended = { ...event, id: 'other', data: { ...event.data, kind: 'recovered' as const } };
      const began = { ...event, data: { ...event.data, kind: 'opened' as const, page: true } };

      expect(pagerDutyEvent(began)?.dedup_key).toBe(pagerDutyEvent(ended)?.dedup_key);
    });
  });

  it('resolves a failure of inspections by the key that it began with', () => {
    const [failed, restored] = [aServiceEvent(), aServiceEvent({ kind: 'inspection_restored' })].map(pagerDutyEvent);

    expect(failed?.event_action).toBe('trigger');
    expect(restored).toEqual({ event_action: 'resolve', dedup_key: failed?.dedup_key });
  });
});

describe('an alert of Alertmanager', () => {
  const schema = z.strictObject({
    labels: z
      .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), text(256))
      .refine(({ alertname }) => alertname !== undefined),
    annotations: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string().max(2000)),
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime(),
    generatorURL: z.url({ protocol: /^https$/ }).optional(),
  });

  it('has valid labels, and begins before it ends', () => {
    holdsForAll((event) => {
      const alert = alertmanagerAlert(event, new Date(Date.parse(event.time) + 1).toISOString());
      if (alert === null) return;
      const { startsAt, endsAt } = schema.parse(sent(alert));
      expect(Date.parse(startsAt)).toBeLessThanOrEqual(Date.parse(endsAt));
    });
  });

  it('has the labels of its beginning where it ends', () => {
    holdsForAll((event) => {
      const [began, ended] = (['opened', 'recovered'] as const).map((kind) =>
        alertmanagerAlert({ ...event, data: { ...event.data, kind } }, LATER),
      );

      expect(began?.labels).toEqual(ended?.labels);
      expect(began?.endsAt).toBe(LATER);
      expect(ended?.endsAt).toBe(event.time);
    });
  });
});

describe('a notification of Amazon Q', () => {
  const schema = z.strictObject({
    version: z.literal('1.0'),
    source: z.literal('custom'),
    id: z.string().max(256),
    content: z.strictObject({
      textType: z.literal('client-markdown'),
      title: text(250),
      description: text(3000),
      nextSteps: z.array(text(1000)).min(1).optional(),
      keywords: z.array(z.string()),
    }),
    metadata: z.strictObject({
      threadId: z.string().max(256),
      summary: z.string(),
      eventType: z.string(),
      additionalContext: z.record(z.string(), z.string()),
    }),
  });

  it('holds the documented format', () => {
    holdsForAll((event) => {
      schema.parse(sent(amazonQNotification(event)));
    });
  });

  it('has one thread an incident', () => {
    holdsForAll((event) => {
      const later = { ...event, id: 'later', data: { ...event.data, kind: 'worse' as const } };

      expect(amazonQNotification(event).metadata.threadId).toBe(amazonQNotification(later).metadata.threadId);
    });
  });
});

describe('a finding of OCSF', () => {
  it('holds the schema of a Detection Finding 1.4.0', async () => {
    const validate = new Ajv2020({ strict: false }).compile(await schemaNamed('ocsf-detection-finding-1.4.0.json'));

    holdsForAll((event) => {
      expect(validate(sent(ocsfFinding(event))), JSON.stringify(validate.errors)).toBe(true);
    });
    expect(validate({ class_uid: 2004 })).toBe(false);
  });
});
