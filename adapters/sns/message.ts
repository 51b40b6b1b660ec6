/** One event as its topic takes it: the JSON for programs, the text for people, and the attributes that filters select by. */
import type { MessageAttributeValue, PublishBatchRequestEntry } from '@aws-sdk/client-sns';
import { emailSubject, emailText } from '../../core/messages/email.ts';
import { asciiText } from '../../core/messages/plain-text.ts';
import type { Notification } from '../../core/model/notification.ts';
import { shortenToFit } from './shorten.ts';

/**
 * Bytes of one message with its attributes. A topic takes 256 KiB, and quotes the JSON once more for subscribers that
 * did not ask for raw delivery: half of it leaves room for the quotes.
 * https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html
 */
export const MAX_MESSAGE_BYTES = 128 * 1024;

/** Characters of an attribute's value: what filters select by is far shorter. */
const ATTRIBUTE_LENGTH = 256;

export interface Message {
  readonly entry: Omit<PublishBatchRequestEntry, 'Id'>;
  readonly bytes: number;
}

/** Undefined where the event is too large whatever is left out of it. */
export function composeMessage(event: Notification): Message | undefined {
  const fitting = shortenToFit(event, (candidate) => messageOf(candidate).bytes <= MAX_MESSAGE_BYTES);
  return fitting && messageOf(fitting);
}

function messageOf(event: Notification): Message {
  // Whoever is not named here (queues, functions, web hooks) gets `default`.
  const Message = JSON.stringify({ default: JSON.stringify(event), email: emailText(event) });
  const Subject = emailSubject(event);
  const MessageAttributes = attributesOf(event);
  const bytes = bytesOf(Message, Subject, ...Object.entries(MessageAttributes).flatMap(textsOf));
  return { entry: { Message, MessageStructure: 'json', Subject, MessageAttributes }, bytes };
}

/** An attribute may not be empty, so that a fact which is not there has none. */
function attributesOf({ data }: Notification): Record<string, MessageAttributeValue> {
  const { tenant, severity, kind, finding, host, leak } = data;
  const { provider, account, region } = host;
  const facts = Object.entries({
    tenant,
    provider,
    account,
    region: region ?? '',
    severity,
    kind,
    finding,
    grade: leak?.grade ?? '',
  });
  const values = facts.map(([name, value]) => [name, asciiText(value).slice(0, ATTRIBUTE_LENGTH)] as const);
  const present = values.filter(([, value]) => value !== '');
  return Object.fromEntries(present.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]));
}

function textsOf([name, { DataType = '', StringValue = '' }]: [string, MessageAttributeValue]): string[] {
  return [name, DataType, StringValue];
}

function bytesOf(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
