import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createReceiverGateway } from '../../../adapters/receivers/gateway.ts';
import type { FiringAlert } from '../../../core/model/delivery.ts';
import type { Notification, NotificationKind } from '../../../core/model/notification.ts';
import type { Receiver } from '../../../core/model/receiver.ts';
import type { PublishedEvent } from '../../../core/model/service-event.ts';
import type { HttpsAnswer, HttpsRequest } from '../../../core/ports/https-client.ts';
import type { Outgoing } from '../../../core/ports/receiver-gateway.ts';
import type { SecretOutcome } from '../../../core/ports/secret-store.ts';
import { anAlert } from '../../contract/delivery-log.ts';
import { aNotification, HOUR, NOON } from '../../fixtures/builders.ts';
import {
  ALERTS,
  anEventFor,
  aRestoredEvent,
  aStoppedEvent,
  aTestEvent,
  CHAT,
  HOOK,
  PAGER,
  SENT,
} from '../../fixtures/receivers.ts';

const SLACK_HOOK: Receiver = { name: 'chat', type: 'slack', secret: 'slack-url' };
const TEAMS: Receiver = { name: 'team', type: 'teams', secret: 'teams-url' };
const Q: Receiver = { name: 'q', type: 'amazon-q' };

const TEAMS_URL = 'https://prod-23.westeurope.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=s3cret';

const SECRETS: Readonly<Record<string, string>> = {
  'acme/slack-token': 'xoxb-s3cret',
  'acme/slack-url': 'https://hooks.slack.com/services/T0/B0/s3cret',
  'acme/teams-url': TEAMS_URL,
  'acme/pagerduty-key': 'r0uting-s3cret',
  'acme/hook-key': 's3cret',
  'acme/user': 'plimsoll:s3cret',
};

const LISTED = ['alertmanager.example.com:9093', 'hook.example.com'];

function answered(status: number, body = '', retryAfterMs?: number): HttpsAnswer {
  return { kind: 'answered', status, body, retryAfterMs };
}

const OK = answered(200, '{"ok":true,"ts":"1732.1"}');

/** A gateway whose endpoints give these answers, the last one for ever. */
function aGateway(...answers: readonly HttpsAnswer[]) {
  const requests: HttpsRequest[] = [];
  const chats: unknown[] = [];
  const secrets = new Map<string, SecretOutcome>(
    Object.entries(SECRETS).map(([name, value]) => [name, { kind: 'secret', value }]),
  );
  const rotated = new Map<string, string>();
  const gateway = createReceiverGateway({
    https: {
      async post(request) {
        requests.push(request);
        return answers[requests.length - 1] ?? answers.at(-1) ?? OK;
      },
    },
    secrets: {
      get: async (tenant, name) =>
        secrets.get(`${tenant}/${name}`) ?? { kind: 'refused', reason: 'there is no secret' },
      forget(tenant, name) {
        const value = rotated.get(`${tenant}/${name}`);
        if (value !== undefined) secrets.set(`${tenant}/${name}`, { kind: 'secret', value });
      },
    },
    chat: {
      async publish(tenant, message) {
        chats.push([tenant, message]);
        return SENT;
      },
    },
    endpoints: LISTED,
  });
  const send = (receiver: Receiver, event: PublishedEvent = aPage(), more: Partial<Outgoing> = {}) =>
    gateway.send({ event, receiver, thread: null, firing: null, firesUntil: NOON + HOUR, now: NOON, ...more });
  const bodyOf = (index = 0) => JSON.parse(requests[index]?.body ?? 'null');
  return { bodyOf, chats, gateway, requests, rotated, secrets, send };
}

/** A notification that the alert policy has page. */
function aPage(...parameters: Parameters<typeof aNotification>): Notification {
  const event = aNotification(...parameters);
  return { ...event, data: { ...event.data, page: true } };
}

/** A notification of which the alert policy decided whether it pages. */
function aDecided(kind: NotificationKind, page: boolean): Notification {
  const event = anEventFor(['pager'], { kind });
  return { ...event, data: { ...event.data, page } };
}

const urlsOf = (requests: readonly HttpsRequest[]) => requests.map(({ url }) => url.href);

describe('what is sent to Slack', () => {
  it('goes to the channel by the bot, and has the thread of later messages', async () => {
    const { bodyOf, requests, send } = aGateway(OK);

    const outcome = await send(CHAT);

    expect(outcome).toEqual({ kind: 'sent', thread: '1732.1', firing: null });
    expect(urlsOf(requests)).toEqual(['https://slack.com/api/chat.postMessage']);
    expect(requests[0]?.headers).toMatchObject({ authorization: 'Bearer xoxb-s3cret' });
    expect(bodyOf()).toMatchObject({ channel: 'C0123456', parse: 'none', blocks: expect.any(Array) });
    expect(bodyOf()).not.toHaveProperty('thread_ts');
  });

  it('replies in the thread, and keeps it', async () => {
    const { bodyOf, send } = aGateway(answered(200, '{"ok":true,"ts":"1733.9"}'));

    const outcome = await send(CHAT, aPage({ transition: 2 }, 'worse'), { thread: '1732.1' });

    expect(bodyOf()).toMatchObject({ thread_ts: '1732.1' });
    expect(outcome).toMatchObject({ thread: '1732.1' });
  });

  it('begins a new thread where the first message was deleted', async () => {
    const { send } = aGateway(answered(200, '{"ok":false,"error":"thread_not_found"}'), OK);

    expect(await send(CHAT, aPage(), { thread: '1700.0' })).toEqual({
      kind: 'sent',
      thread: '1732.1',
      firing: null,
    });
  });

  it.each([
    [answered(200, '{"ok":false,"error":"channel_not_found"}'), 'refused'],
    [answered(200, '{"ok":false,"error":"invalid_auth"}'), 'refused'],
    [answered(200, '{"ok":false,"error":"<script>"}'), 'refused'],
    [answered(200, '{"ok":false,"error":"ratelimited"}'), 'failed'],
    [answered(200, '<html>'), 'failed'],
    [answered(503), 'failed'],
  ])('%j is %s', async (answer, kind) => {
    const { send } = aGateway(answer);

    const outcome = await send(CHAT);

    expect(outcome).toMatchObject({ kind });
    expect(JSON.stringify(outcome)).not.toMatch(/s3cret|script/);
  });

  it('goes to the webhook where there is no channel, without a thread', async () => {
    const { requests, send } = aGateway(answered(200, 'ok'));

    expect(await send(SLACK_HOOK)).toEqual(SENT);
    expect(urlsOf(requests)).toEqual(['https://hooks.slack.com/services/T0/B0/s3cret']);
  });
});

describe('what is sent to Teams', () => {
  it('is an adaptive card in the envelope of a workflow', async () => {
    const { bodyOf, requests, send } = aGateway(answered(202));

    expect(await send(TEAMS)).toEqual(SENT);
    expect(requests[0]?.url.hostname).toBe('prod-23.westeurope.logic.azure.com');
    expect(bodyOf()).toMatchObject({
      type: 'message',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard' } }],
    });
    expect(requests[0]?.body.length).toBeLessThan(28 * 1024);
  });
});

describe('what is sent to PagerDuty', () => {
  it('triggers and resolves one incident', async () => {
    const { bodyOf, requests, send } = aGateway(answered(202));

    await send(PAGER, aPage());
    await send(PAGER, aPage({ transition: 2 }, 'recovered'));

    const { incident } = aPage().data;
    expect(urlsOf(requests)).toEqual(Array(2).fill('https://events.pagerduty.com/v2/enqueue'));
    expect([bodyOf(0), bodyOf(1)]).toMatchObject([
      { routing_key: 'r0uting-s3cret', event_action: 'trigger', dedup_key: incident },
      { routing_key: 'r0uting-s3cret', event_action: 'resolve', dedup_key: incident },
    ]);
  });

  it('goes to Europe where the service is there', async () => {
    const { requests, send } = aGateway(answered(202));

    await send({ ...PAGER, region: 'eu' });

    expect(urlsOf(requests)).toEqual(['https://events.eu.pagerduty.com/v2/enqueue']);
  });

  it('is nothing where the event wakes nobody up', async () => {
    const { requests, send } = aGateway();

    const outcome = await send(PAGER, aRestoredEvent());
    const other = await send(PAGER, aStoppedEvent());

    expect([outcome.kind, other.kind]).toEqual(['sent', 'not_meant']);
    expect(requests).toHaveLength(1);
  });
});

describe.each([PAGER, ALERTS])('a receiver that keeps a state: $type', (receiver) => {
  it.each(['opened', 'suspected', 'worse', 'reminder'] as const)('begins where it pages: %s', async (kind) => {
    const { requests, send } = aGateway(answered(202));

    const outcomes = [await send(receiver, aDecided(kind, true)), await send(receiver, aDecided(kind, false))];

    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['sent', 'not_meant']);
    expect(requests).toHaveLength(1);
  });

  it.each(['better', 'no_data'] as const)('does not begin by %s', async (kind) => {
    const { requests, send } = aGateway(answered(202));

    expect(await send(receiver, aDecided(kind, false))).toMatchObject({ kind: 'not_meant' });
    expect(requests).toEqual([]);
  });

  it('ends what a suspicion began', async () => {
    const { bodyOf, send } = aGateway(answered(202));

    const outcome = await send(receiver, aDecided('cleared', false), { firing: anAlert() });

    expect(outcome).toEqual(SENT);
    expect([bodyOf()].flat()).toMatchObject([
      receiver === PAGER
        ? { event_action: 'resolve' }
        : { labels: anAlert().labels, endsAt: '2026-11-20T12:00:00.000Z' },
    ]);
  });
});

describe('what is sent to Alertmanager', () => {
  it('brings an alert that fires up to date, whether it pages or not', async () => {
    const { send } = aGateway(answered(200));

    expect(await send(ALERTS, aDecided('better', false), { firing: anAlert() })).toMatchObject({ kind: 'sent' });
  });

  it('fires until two inspections later', async () => {
    const { bodyOf, requests, send } = aGateway(answered(200));

    const outcome = await send(ALERTS);

    expect(urlsOf(requests)).toEqual(['https://alertmanager.example.com:9093/api/v2/alerts']);
    expect(bodyOf()).toMatchObject([
      {
        labels: { tenant: 'acme', severity: 'medium' },
        startsAt: '2026-11-20T12:00:00.000Z',
        endsAt: '2026-11-20T13:00:00.000Z',
      },
    ]);
    expect(outcome).toMatchObject({ kind: 'sent', firing: { labels: bodyOf()[0].labels, startsAt: NOON } });
    expect(requests[0]).toMatchObject({ allowsPrivate: true });
  });

  it('ends what fires, under the labels that it fires with', async () => {
    const { bodyOf, send } = aGateway(answered(200));

    const outcome = await send(ALERTS, aPage({ transition: 2 }, 'recovered'), {
      firing: anAlert({ startsAt: NOON - HOUR }),
    });

    expect(bodyOf()).toMatchObject([
      { labels: anAlert().labels, startsAt: '2026-11-20T11:00:00.000Z', endsAt: '2026-11-20T12:00:00.000Z' },
    ]);
    expect(outcome).toEqual(SENT);
  });

  it('ends the alert of before where the labels are other ones now', async () => {
    const { bodyOf, send } = aGateway(answered(200));

    await send(ALERTS, aPage({ transition: 2, severity: 'high' }, 'worse'), { firing: anAlert() });

    expect(bodyOf()).toMatchObject([
      { labels: { severity: 'high' }, endsAt: '2026-11-20T13:00:00.000Z' },
      { labels: anAlert().labels, endsAt: '2026-11-20T12:00:00.000Z' },
    ]);
  });

  it('fires for a quarter of an hour where nothing would end it', async () => {
    const { bodyOf, send } = aGateway(answered(200));

    const outcome = await send(ALERTS, aTestEvent());

    expect(bodyOf()).toMatchObject([
      { labels: { alertname: 'NotificationsAreTested' }, endsAt: '2026-11-20T12:15:00.000Z' },
    ]);
    expect(outcome).toEqual(SENT);
  });

  it('has names of labels that Alertmanager takes', async () => {
    const { bodyOf, send } = aGateway(answered(200));

    await send(ALERTS);

    const labels = z
      .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string().min(1))
      .safeParse(bodyOf()[0].labels);
    expect(labels.success).toBe(true);
  });

  it.each([
    ['user', 'Basic cGxpbXNvbGw6czNjcmV0'],
    ['hook-key', 'Bearer s3cret'],
  ])('is signed in with the secret %s', async (secret, authorization) => {
    const { requests, send } = aGateway(answered(200));

    await send({ ...ALERTS, secret });

    expect(requests[0]?.headers).toMatchObject({ authorization });
  });

  it('is renewed with the time until which it fires', async () => {
    const { bodyOf, gateway } = aGateway(answered(200));
    const alert: FiringAlert = anAlert();

    const outcome = await gateway.renew('acme', ALERTS, [{ alert, firesUntil: NOON + 2 * HOUR }]);

    expect(outcome).toEqual(SENT);
    expect(bodyOf()).toMatchObject([
      { labels: alert.labels, startsAt: '2026-11-20T12:00:00.000Z', endsAt: '2026-11-20T14:00:00.000Z' },
    ]);
  });
});

describe('what is sent to a webhook', () => {
  it.each([
    ['s3cret', Buffer.from('s3cret')],
    ['whsec_czNjcmV0', Buffer.from('s3cret')],
  ])('is the event as it is, signed with the time by the secret %s', async (secret, key) => {
    const { requests, secrets, send } = aGateway(answered(204));
    secrets.set('acme/hook-key', { kind: 'secret', value: secret });
    const event = anEventFor(['hook']);

    expect(await send(HOOK, event)).toEqual(SENT);

    const [request] = requests;
    const signed = `${event.id}.${NOON / 1000}.${request?.body}`;
    expect(JSON.parse(request?.body ?? '')).toEqual(event);
    expect(request?.headers).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': event.id,
      'webhook-timestamp': String(NOON / 1000),
      'webhook-signature': `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    });
  });
});

describe('what is sent to Amazon Q', () => {
  it('goes to the second topic in its format, as a thread by incident', async () => {
    const { chats, requests, send } = aGateway();

    expect(await send(Q)).toEqual(SENT);

    expect(requests).toEqual([]);
    expect(chats).toMatchObject([
      [
        'acme',
        {
          version: '1.0',
          source: 'custom',
          content: { textType: 'client-markdown' },
          metadata: { threadId: aPage().data.incident },
        },
      ],
    ]);
  });
});

describe('an endpoint', () => {
  it.each([
    ['another host', 'https://hooks.slack.com.example.net/services/T0'],
    ['a subdomain', 'https://x.hooks.slack.com/services/T0'],
    ['another port', 'https://hooks.slack.com:8443/services/T0'],
    ['a plain connection', 'http://hooks.slack.com/services/T0'],
    ['loopback', 'https://127.0.0.1/services/T0'],
    ['metadata', 'https://169.254.169.254/latest/meta-data/'],
    ['Teams', TEAMS_URL],
    ['no URL', 'xoxb-s3cret'],
  ])('that a secret names is refused: %s', async (_, value) => {
    const { requests, secrets, send } = aGateway();
    secrets.set('acme/slack-url', { kind: 'secret', value });

    const outcome = await send(SLACK_HOOK);

    expect(outcome).toMatchObject({ kind: 'refused' });
    expect(requests).toEqual([]);
    expect(JSON.stringify(outcome)).not.toMatch(/s3cret|T0/);
  });

  it.each(['https://alertmanager.example.com', 'https://other.example.com:9093', 'https://slack.com'])(
    'that the operator did not list is refused: %s',
    async (url) => {
      const { requests, send } = aGateway();

      expect(await send({ ...ALERTS, url })).toMatchObject({
        kind: 'refused',
        reason: expect.stringContaining('relayEndpoints'),
      });
      expect(requests).toEqual([]);
    },
  );

  it('that the operator listed may be private, and those of vendors may not', async () => {
    const { requests, send } = aGateway(OK);

    for (const receiver of [ALERTS, HOOK, CHAT, SLACK_HOOK, TEAMS, PAGER]) await send(receiver);

    expect(requests.map(({ allowsPrivate }) => allowsPrivate)).toEqual([true, true, false, false, false, false]);
  });

  it.each([
    [answered(302), 'refused'],
    [answered(404), 'refused'],
    [answered(400), 'refused'],
    [answered(429, '', 7000), 'failed'],
    [answered(408), 'failed'],
    [answered(500), 'failed'],
    [{ kind: 'failed', reason: 'did not answer in time' } as const, 'failed'],
    [{ kind: 'refused', reason: 'stands for 10.0.0.1' } as const, 'refused'],
  ])('that answers %j: %s', async (answer, kind) => {
    const { send } = aGateway(answer);

    expect(await send(HOOK)).toMatchObject({ kind });
  });

  it('that names a time is tried again then', async () => {
    const { send } = aGateway(answered(429, '', 7000));

    expect(await send(HOOK)).toMatchObject({ retryAfterMs: 7000 });
  });
});

describe('a secret', () => {
  it('of another tenant is in nobody’s reach', async () => {
    const { requests, secrets, send } = aGateway();
    secrets.delete('acme/hook-key');
    secrets.set('globex/hook-key', { kind: 'secret', value: 'theirs' });

    expect(await send(HOOK)).toMatchObject({ kind: 'refused' });
    expect(requests).toEqual([]);
  });

  it('that was changed is read anew when the receiver does not accept it', async () => {
    const { requests, rotated, send } = aGateway(answered(403), answered(202));
    rotated.set('acme/pagerduty-key', 'new');

    expect(await send(PAGER)).toEqual(SENT);
    expect(requests.map(({ body }) => JSON.parse(body).routing_key)).toEqual(['r0uting-s3cret', 'new']);
  });

  it('that is the same is not sent twice', async () => {
    const { requests, send } = aGateway(answered(403));

    expect(await send(PAGER)).toMatchObject({ kind: 'refused', reason: 'it answered HTTP 403' });
    expect(requests).toHaveLength(1);
  });

  it('that cannot be read now lets the event come again', async () => {
    const { secrets, send } = aGateway();
    secrets.set('acme/hook-key', { kind: 'failed', reason: 'throttled' });

    expect(await send(HOOK)).toEqual({ kind: 'failed', reason: 'throttled' });
  });
});
