/** The publisher over SNS: a standard topic per tenant, whose address follows from the tenant's id. */
import type { SNSClient } from '@aws-sdk/client-sns';
import { isServiceEvent, type PublishedEvent } from '../../core/model/service-event.ts';
import { DeliveryError } from '../../core/ports/errors.ts';
import type { Publisher, PublishOutcome } from '../../core/ports/publisher.ts';
import { CHAT_SUFFIX } from './chat-topics.ts';
import { composeMessage, MAX_MESSAGE_BYTES, type Message } from './message.ts';
import { feedRelay } from './relay-feed.ts';
import { type Outcome, sendBatch } from './send-batch.ts';
import { createTopic, deleteTopic, secureTopic } from './topic.ts';

export interface PublisherOptions {
  readonly client: SNSClient;
  /** A tenant's topic is this and the tenant's id, for example `arn:aws:sns:eu-west-1:123456789012:plimsoll-`. */
  readonly topicArnPrefix: string;
  /** The stage of the deployment, which every event states; absent where nothing is deployed, as in the demo. */
  readonly stage?: string | undefined;
  /** The ARN of the key that topics are encrypted with when they are ensured; absent leaves their encryption as it is. */
  readonly key?: string | undefined;
  /** The ARN of the queue of the relay, which topics feed when they are ensured; absent leaves their subscriptions as they are. */
  readonly relayQueueArn?: string | undefined;
  /** Milliseconds that one batch may take, the client's own retries included. */
  readonly waitMs?: number;
}

/** A topic answers within a tenth of a second; one that does not must not use up the time of a run. */
const WAIT_MS = 10_000;

/** https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
const MAX_ENTRIES = 10;
const MAX_BATCH_BYTES = 256 * 1024;

interface Packable {
  /** Events of one incident go one after the other. */
  readonly incident: string;
  readonly bytes: number;
}

/** An event on its way. `position` is its index among those of its tenant. */
interface Outgoing extends Packable {
  readonly position: number;
  readonly message: Message;
}

const HELD_BACK: Outcome = {
  kind: 'failed',
  retryable: true,
  detail: 'an earlier event of this incident was not taken',
};

const UNRESPONSIVE: Outcome = {
  kind: 'failed',
  retryable: true,
  detail: 'not sent: the topic did not answer an earlier event in time',
  unresponsive: true,
};

const TOO_LARGE: Outcome = {
  kind: 'failed',
  retryable: false,
  detail: `the event has more than ${MAX_MESSAGE_BYTES} bytes whatever is left out of it`,
};

export function createPublisher({
  client,
  topicArnPrefix,
  stage,
  key,
  relayQueueArn,
  waitMs = WAIT_MS,
}: PublisherOptions): Publisher {
  async function ensure(name: string): Promise<string> {
    const expected = topicArnPrefix + name;
    const made = await createTopic(client, expected.slice(expected.lastIndexOf(':') + 1));
    if (made !== expected)
      throw new DeliveryError(
        `The topic ${name} was made as ${made}, and its events would go to ${expected}: the prefix of the topics and the credentials belong to different accounts or regions.`,
      );
    await secureTopic(client, made, key);
    return made;
  }

  return {
    async ensureTopic(tenant, withChat = false) {
      const topic = await ensure(tenant);
      if (relayQueueArn !== undefined) await feedRelay(client, topic, relayQueueArn);
      if (withChat) await ensure(tenant + CHAT_SUFFIX);
      return topic;
    },

    async removeTopic(tenant) {
      for (const name of [tenant, tenant + CHAT_SUFFIX]) await deleteTopic(client, topicArnPrefix + name);
    },

    async publish(events, signal) {
      const timeLimit = () => AbortSignal.any([AbortSignal.timeout(waitMs), ...(signal ? [signal] : [])]);
      const outcomes: PublishOutcome[] = [];
      const byTenant = Map.groupBy(events.entries(), ([, event]) => event.data.tenant);
      const topics = [...byTenant].map(async ([tenant, entries]) => {
        const topicArn = topicArnPrefix + tenant;
        const send: SendBatch = (messages) => sendBatch(client, topicArn, messages, timeLimit());
        const sent = await publishInOrder(
          send,
          entries.map(([, event]) => (stage === undefined ? event : withStage(event, stage))),
        );
        entries.forEach(([position, { id }], index) => {
          outcomes[position] = { id, ...(sent[index] ?? HELD_BACK) };
        });
      });
      await Promise.all(topics);
      return outcomes;
    },
  };
}

function withStage(event: PublishedEvent, stage: string): PublishedEvent {
  if (isServiceEvent(event)) return { ...event, data: { ...event.data, stage } };
  return { ...event, data: { ...event.data, stage } };
}

/** One outcome per message. */
type SendBatch = (messages: readonly Message[]) => Promise<Outcome[]>;

function isUnresponsive(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.unresponsive === true;
}

/** Sends batch after batch; what comes after a failed event of its incident is held back. One outcome per event, in order. */
async function publishInOrder(send: SendBatch, events: readonly PublishedEvent[]): Promise<Outcome[]> {
  const outcomes = events.map(() => HELD_BACK);
  let waiting = compose(events, (position) => {
    outcomes[position] = TOO_LARGE;
  });
  while (waiting.length > 0) {
    const { batch, rest } = nextBatch(waiting);
    const answers = await send(batch.map(({ message }) => message));
    const failed = new Set<string>();
    for (const [index, { position, incident }] of batch.entries()) {
      const outcome = answers[index] ?? HELD_BACK;
      outcomes[position] = outcome;
      if (outcome.kind === 'failed') failed.add(incident);
    }
    waiting = rest.filter(({ incident }) => !failed.has(incident));
    if (answers.some(isUnresponsive)) {
      for (const { position } of waiting) outcomes[position] = UNRESPONSIVE;
      break;
    }
  }
  return outcomes;
}

/**
 * Takes the next batch: at most one event of an incident, because the entries of a batch fail each on its own and the
 * later one might be taken without the earlier.
 */
export function nextBatch<Item extends Packable>(waiting: readonly Item[]): { batch: Item[]; rest: Item[] } {
  const batch: Item[] = [];
  const rest: Item[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  for (const item of waiting) {
    const fits = batch.length < MAX_ENTRIES && (batch.length === 0 || bytes + item.bytes <= MAX_BATCH_BYTES);
    if (fits && !seen.has(item.incident)) {
      batch.push(item);
      bytes += item.bytes;
    } else {
      rest.push(item);
    }
    seen.add(item.incident);
  }
  return { batch, rest };
}

/** The messages of the events, up to the first of an incident that is too large. */
function compose(events: readonly PublishedEvent[], tooLarge: (position: number) => void): Outgoing[] {
  const composed: Outgoing[] = [];
  const ended = new Set<string>();
  for (const [position, event] of events.entries()) {
    const incident = incidentOf(event);
    if (ended.has(incident)) continue;
    const message = composeMessage(event);
    if (message) {
      composed.push({ position, incident, message, bytes: message.bytes });
    } else {
      tooLarge(position);
      ended.add(incident);
    }
  }
  return composed;
}

/**
 * What an event's incident is known by. Without the episode: the end of one is sent before the beginning of the next. Events about
 * inspections go in order by account, as if each account were an incident.
 */
function incidentOf(event: PublishedEvent): string {
  if (isServiceEvent(event)) return event.source;
  const { host, metric } = event.data;
  return JSON.stringify([host.provider, host.account, host.region, host.id, metric]);
}
