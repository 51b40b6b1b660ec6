/** Sends events to receivers: Slack, Teams, PagerDuty, Alertmanager, webhooks of a tenant's own, and Amazon Q in chat applications. */
import { amazonQNotification } from '../../core/messages/amazon-q.ts';
import { pagerDutyEvent } from '../../core/messages/pagerduty.ts';
import { slackMessage } from '../../core/messages/slack.ts';
import { teamsMessage } from '../../core/messages/teams.ts';
import type { Receiver } from '../../core/model/receiver.ts';
import type { ChatTopics } from '../../core/ports/chat-topics.ts';
import type { HttpsAnswer, HttpsClient } from '../../core/ports/https-client.ts';
import type { Outgoing, ReceiverGateway, SendOutcome } from '../../core/ports/receiver-gateway.ts';
import type { SecretStore } from '../../core/ports/secret-store.ts';
import { alertChange, alertmanagerRequest, renewedAlert } from './alertmanager.ts';
import { type Endpoint, endpointOf, PAGERDUTY, type Vendor } from './endpoints.ts';
import { jsonRequest } from './json-request.ts';
import { failureOf } from './outcome.ts';
import { createPost, type Post, type Prepared } from './post.ts';
import { chatMessageRequest, readChatAnswer } from './slack.ts';
import { webhookRequest } from './webhook.ts';

export interface GatewayOptions {
  readonly https: HttpsClient;
  readonly secrets: SecretStore;
  readonly chat: ChatTopics;
  /** The hosts, with their ports where these are not 443, that the operator listed at deploy. */
  readonly endpoints: readonly string[];
}

type Of<Type extends Receiver['type']> = Extract<Receiver, { type: Type }>;

/** What sends an event of a tenant. */
interface Way {
  readonly post: Post;
  readonly endpoints: readonly string[];
  readonly signal: AbortSignal | undefined;
}

const NOT_MEANT: SendOutcome = { kind: 'not_meant', reason: 'the event wakes nobody up' };

export function createReceiverGateway({ https, secrets, chat, endpoints }: GatewayOptions): ReceiverGateway {
  const post = createPost(https, secrets);
  return {
    async send(outgoing, signal) {
      const { event, receiver } = outgoing;
      const way: Way = { post, endpoints, signal };
      switch (receiver.type) {
        case 'slack':
          return receiver.channel === undefined
            ? toWebhookOf('slack', receiver.secret, event.data.tenant, slackMessage(event), way)
            : toSlackChannel({ ...receiver, channel: receiver.channel }, outgoing, way);
        case 'teams':
          return toWebhookOf('teams', receiver.secret, event.data.tenant, teamsMessage(event), way);
        case 'pagerduty':
          return toPagerDuty(receiver, outgoing, way);
        case 'alertmanager':
          return toAlertmanager(receiver, outgoing, way);
        case 'webhook':
          return toWebhook(receiver, outgoing, way);
        case 'amazon-q':
          return chat.publish(event.data.tenant, amazonQNotification(event), signal);
      }
    },

    async renew(tenant, receiver, renewals, signal) {
      if (receiver.type !== 'alertmanager') return { kind: 'not_meant', reason: `${receiver.type} holds no alerts` };
      const alerts = renewals.map(({ alert, firesUntil }) => renewedAlert(alert, firesUntil));
      const failure =
        alerts.length === 0 ? undefined : await postAlerts(tenant, receiver, alerts, { post, endpoints, signal });
      return failure ?? { kind: 'sent', thread: null, firing: null };
    },
  };
}

/** To a webhook of a vendor, whose URL is the secret. */
async function toWebhookOf(
  vendor: Vendor,
  secret: string,
  tenant: string,
  body: object,
  { post, endpoints, signal }: Way,
): Promise<SendOutcome> {
  const prepare = (url: string) => requestTo(endpointOf(url, endpoints, vendor), body);
  return sentUnless(await post(tenant, secret, prepare, signal));
}

async function toSlackChannel(
  { secret, channel }: Of<'slack'> & { readonly channel: string },
  { event, thread }: Outgoing,
  { post, signal }: Way,
): Promise<SendOutcome> {
  const message = slackMessage(event);
  const sendTo = (reply: string | null) =>
    post(event.data.tenant, secret, (token) => chatMessageRequest(token, channel, message, reply), signal);
  const outcome = readChatAnswer(await sendTo(thread), thread);
  if (outcome !== 'no_thread') return outcome;
  // Somebody deleted the first message.
  const anew = readChatAnswer(await sendTo(null), null);
  return anew === 'no_thread' ? { kind: 'refused', reason: 'Slack finds no message to reply to' } : anew;
}

async function toPagerDuty(
  { secret, region }: Of<'pagerduty'>,
  { event }: Outgoing,
  { post, signal }: Way,
): Promise<SendOutcome> {
  const body = pagerDutyEvent(event);
  if (body === null) return NOT_MEANT;
  const endpoint = { url: PAGERDUTY[region], allowsPrivate: false };
  const prepare = (key: string) => jsonRequest(endpoint, { routing_key: key, ...body });
  return sentUnless(await post(event.data.tenant, secret, prepare, signal));
}

async function toWebhook(
  { url, secret, ca }: Of<'webhook'>,
  { event, now }: Outgoing,
  { post, endpoints, signal }: Way,
): Promise<SendOutcome> {
  const endpoint = endpointOf(url, endpoints);
  const prepare = (key: string) =>
    endpoint.kind === 'refused' ? endpoint : webhookRequest(endpoint, event, { key, now, ca });
  return sentUnless(await post(event.data.tenant, secret, prepare, signal));
}

async function toAlertmanager(receiver: Of<'alertmanager'>, outgoing: Outgoing, way: Way): Promise<SendOutcome> {
  const change = alertChange(outgoing);
  if (change === undefined) return NOT_MEANT;
  const failure = await postAlerts(outgoing.event.data.tenant, receiver, change.alerts, way);
  return failure ?? { kind: 'sent', thread: null, firing: change.firing };
}

async function postAlerts(
  tenant: string,
  { url, secret, ca }: Of<'alertmanager'>,
  alerts: readonly object[],
  { post, endpoints, signal }: Way,
): Promise<SendOutcome | undefined> {
  const endpoint = endpointOf(url, endpoints);
  const prepare = (value: string) =>
    endpoint.kind === 'refused' ? endpoint : alertmanagerRequest(endpoint, alerts, { secret: value, ca });
  return failureOf(await post(tenant, secret, prepare, signal));
}

function requestTo(endpoint: Endpoint, body: object): Prepared {
  return endpoint.kind === 'refused' ? endpoint : jsonRequest(endpoint, body);
}

function sentUnless(answer: HttpsAnswer): SendOutcome {
  return failureOf(answer) ?? { kind: 'sent', thread: null, firing: null };
}
