/** One event as its topic takes it: the JSON for programs, the text for people, and the attributes that filters select by. */
import type { MessageAttributeValue, PublishBatchRequestEntry } from '@aws-sdk/client-sns';
import { emailSubject, emailText } from '../../core/messages/email.ts';
import { asciiText } from '../../core/messages/plain-text.ts';
import { serviceEmailSubject, serviceEmailText } from '../../core/messages/service-email.ts';
import type { Notification } from '../../core/model/notification.ts';
import { isServiceEvent, type PublishedEvent, type ServiceEvent } from '../../core/model/service-event.ts';
import { shortenToFit } from './shorten.ts';

/**
 * Bytes of one message with its attributes. A topic takes 256 KiB, and quotes the JSON once more for subscribers that
 * did not ask for raw delivery: half of it leaves room for the quotes.
 * https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html
 */
export const MAX_MESSAGE_BYTES = 128 * 1024;

/** Characters of an attribute's value: what filters select by is far shorter. */
const ATTRIBUTE_LENGTH = 256;

/**
 * A queue with raw delivery loses a message that has more, without a word:
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html#sns-attrib-mobile-reserved
 */
const MAX_ATTRIBUTES = 10;

export interface Message {
  readonly entry: Omit<PublishBatchRequestEntry, 'Id'>;
  readonly bytes: number;
}

/** Undefined where the event is too large whatever is left out of it. */
export function composeMessage(event: PublishedEvent): Message | undefined {
  if (isServiceEvent(event)) return fittingMessage(event);
  const composed = new Map<Notification, Message | undefined>();
  const fits = (candidate: Notification) => {
    // A part that the event does not have leaves it as it was.
    if (!composed.has(candidate)) composed.set(candidate, fittingMessage(candidate));
    return composed.get(candidate) !== undefined;
  };
  const fitting = shortenToFit(event, fits);
  return fitting && composed.get(fitting);
}

/** Undefined of an event that is too large as it is. */
function fittingMessage(event: PublishedEvent): Message | undefined {
  // Composing what people read of it takes far longer.
  if (bytesOf(JSON.stringify(event)) > MAX_MESSAGE_BYTES) return undefined;
  const message = messageOf(event);
  return message.bytes <= MAX_MESSAGE_BYTES ? message : undefined;
}

function messageOf(event: PublishedEvent): Message {
  const {
    subject: Subject,
    text: email,
    facts,
  } = isServiceEvent(event) ? serviceParts(event) : notificationParts(event);
  // Whoever is not named here (queues, functions, web hooks) gets `default`.
  const Message = JSON.stringify({ default: JSON.stringify(event), email });
  const MessageAttributes = attributesOf(facts);
  const bytes = bytesOf(Message, Subject, ...Object.entries(MessageAttributes).flatMap(textsOf));
  return { entry: { Message, MessageStructure: 'json', Subject, MessageAttributes }, bytes };
}

/** What differs between the events: what people read, and the facts that filters select by. */
interface Parts {
  readonly subject: string;
  readonly text: string;
  /** By name, the first ten of them. Empty where the event does not have the fact. */
  readonly facts: Readonly<Record<string, string | readonly string[]>>;
}

/** The tenant is the same throughout a topic and the grade nearly follows from the kind: where others need the room, they make it. */
function notificationParts(event: Notification): Parts {
  const { tenant, severity, kind, finding, host, leak, page, receivers = [] } = event.data;
  const { provider, account, region, group = '' } = host;
  const facts = {
    kind,
    severity,
    finding,
    page: page === undefined ? '' : String(page),
    provider,
    account,
    region: region ?? '',
    group,
    receivers,
    ...labelsOf(event.data),
    grade: leak?.grade ?? '',
    tenant,
  };
  return { subject: emailSubject(event), text: emailText(event), facts };
}

/** A name may have letters, digits, `_`, `-` and dots that do not follow one another. */
function labelsOf({ attributeLabels = [], host: { labels = {} } }: Notification['data']): Record<string, string> {
  const names = attributeLabels.filter((name) => Object.hasOwn(labels, name));
  return Object.fromEntries(
    names.map((name) => [`label-${name.replace(/[^\w-]/g, '_')}`.slice(0, ATTRIBUTE_LENGTH), labels[name] ?? '']),
  );
}

function serviceParts(event: ServiceEvent): Parts {
  const { data } = event;
  const { tenant, severity, kind } = data;
  const location = 'account' in data ? { provider: data.provider, account: data.account } : {};
  return {
    subject: serviceEmailSubject(event),
    text: serviceEmailText(event),
    facts: { tenant, ...location, severity, kind },
  };
}

/** An attribute may not be empty, so that a fact which is not there has none. */
function attributesOf(facts: Parts['facts']): Record<string, MessageAttributeValue> {
  const attributes = Object.entries(facts).flatMap(([name, value]) => {
    const attribute = typeof value === 'string' ? textAttribute(value) : listAttribute(value);
    return attribute === undefined ? [] : [[name, attribute] as const];
  });
  return Object.fromEntries(attributes.slice(0, MAX_ATTRIBUTES));
}

function textAttribute(value: string): MessageAttributeValue | undefined {
  const StringValue = asciiText(value).slice(0, ATTRIBUTE_LENGTH);
  return StringValue === '' ? undefined : { DataType: 'String', StringValue };
}

/** A filter selects a message by any value of it. */
function listAttribute(values: readonly string[]): MessageAttributeValue | undefined {
  const present = values.map((value) => asciiText(value).slice(0, ATTRIBUTE_LENGTH)).filter((value) => value !== '');
  return present.length === 0 ? undefined : { DataType: 'String.Array', StringValue: JSON.stringify(present) };
}

function textsOf([name, { DataType = '', StringValue = '' }]: [string, MessageAttributeValue]): string[] {
  return [name, DataType, StringValue];
}

function bytesOf(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
