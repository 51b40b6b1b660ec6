/**
 * SNS by fauxqs, and what fauxqs lacks: messages with a text per protocol (`MessageStructure: json`), the size limit of a request,
 * entries that fail alone, and the emails that subscribers would receive.
 */
import * as z from 'zod';
import type { Answer } from '../wire/answer.ts';
import type { Fault } from '../wire/faults.ts';
import { errorAnswer, escapeXml, xmlAnswer } from './answers.ts';
import type { SandboxRequest } from './request.ts';

/** What an email subscriber of the topic without a filter policy reads. */
export interface Email {
  readonly topicArn: string;
  readonly subject?: string;
  readonly text: string;
}

/** Sends the form on to fauxqs. */
type Forward = (form: string) => Promise<Answer>;

/** Bytes of all messages and attributes of one request. https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
const MAX_REQUEST_BYTES = 262_144;

/** One message of a request. `prefix` is where its fields stand in the form; `texts` holds them by protocol. */
interface Entry {
  readonly prefix: string;
  readonly id: string;
  readonly subject: string | null;
  /** Undefined where the message claims to be structured and is not. */
  readonly texts: Readonly<Record<string, string>> | undefined;
  readonly message: string;
}

/** Answers a request to SNS; `post` gets an email for each message that was accepted. */
export async function answerSns(
  request: SandboxRequest,
  forward: Forward,
  post: (email: Email) => void,
  fault: Fault | undefined,
): Promise<Answer> {
  const form = new URLSearchParams(request.body.toString());
  if (request.action !== 'Publish' && request.action !== 'PublishBatch') return forward(form.toString());
  const batch = request.action === 'PublishBatch';
  if (payloadBytes(form) > MAX_REQUEST_BYTES) return tooLong(batch);

  const entries = entriesOf(form, batch);
  const answer = batch ? await publishBatch(form, entries, forward, fault) : await publish(form, entries, forward);
  const topicArn = form.get('TopicArn') ?? '';
  for (const entry of entries) if (wasTaken(answer, entry, batch)) post(emailOf(topicArn, entry));
  return answer;
}

function publish(form: URLSearchParams, [entry]: readonly Entry[], forward: Forward): Answer | Promise<Answer> {
  if (entry?.texts === undefined) {
    return errorAnswer('sns', { status: 400, code: 'InvalidParameter', message: `Invalid parameter: ${NO_DEFAULT}` });
  }
  form.set('Message', textFor('sqs', entry.texts));
  return forward(form.toString());
}

/** Invalid entries are removed from the form and reported as failed beside fauxqs's results for the others. */
async function publishBatch(
  form: URLSearchParams,
  entries: readonly Entry[],
  forward: Forward,
  fault: Fault | undefined,
): Promise<Answer> {
  let failed = '';
  let left = 0;
  for (const entry of entries) {
    const failure = failureOf(entry, fault);
    if (failure !== undefined) {
      failed += failure;
      for (const key of [...form.keys()]) if (key.startsWith(entry.prefix)) form.delete(key);
    } else if (entry.texts !== undefined) {
      form.set(`${entry.prefix}Message`, textFor('sqs', entry.texts));
      left++;
    }
  }
  if (left === 0 && failed !== '') {
    return xmlAnswer('sns', 'PublishBatch', `<Successful></Successful><Failed>${failed}</Failed>`);
  }
  const answer = await forward(form.toString());
  return { ...answer, body: answer.body.toString().replace('</Failed>', () => `${failed}</Failed>`) };
}

const NO_DEFAULT = 'Message Structure - No default entry in JSON message body';

/** The failed entry in the answer's XML, or undefined where the entry is good. */
function failureOf(entry: Entry, fault: Fault | undefined): string | undefined {
  if (entry.texts === undefined) return failedXml(entry.id, 'InvalidParameter', NO_DEFAULT, true);
  const struck = fault?.only === undefined || fault.only.some((text) => entry.message.includes(text));
  if (fault?.kind === 'entry_refused' && struck)
    return failedXml(entry.id, 'InternalError', 'Something went wrong', false);
  return undefined;
}

function failedXml(id: string, code: string, message: string, senderFault: boolean): string {
  return (
    `<member><Id>${escapeXml(id)}</Id><Code>${code}</Code><Message>${message}</Message>` +
    `<SenderFault>${senderFault}</SenderFault></member>`
  );
}

function entriesOf(form: URLSearchParams, batch: boolean): Entry[] {
  if (!batch) return [entryAt(form, '')];
  const prefixes = [...form.keys()].map((key) => /^PublishBatchRequestEntries\.member\.\d+\./.exec(key)?.[0]);
  return [...new Set(prefixes)].filter((prefix) => prefix !== undefined).map((prefix) => entryAt(form, prefix));
}

function entryAt(form: URLSearchParams, prefix: string): Entry {
  const message = form.get(`${prefix}Message`) ?? '';
  const structured = form.get(`${prefix}MessageStructure`) === 'json';
  const texts = structured ? textsByProtocol(message) : { default: message };
  return { prefix, id: form.get(`${prefix}Id`) ?? '', subject: form.get(`${prefix}Subject`), texts, message };
}

const textsSchema = z
  .looseObject({ default: z.string() })
  .transform((texts) =>
    Object.fromEntries(Object.entries(texts).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : []))),
  );

/** Undefined where the message is not JSON or has no text for every other protocol. */
function textsByProtocol(message: string): Readonly<Record<string, string>> | undefined {
  try {
    return textsSchema.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined;
  }
}

function textFor(protocol: string, texts: Readonly<Record<string, string>>): string {
  return texts[protocol] ?? texts['default'] ?? '';
}

function emailOf(topicArn: string, { subject, texts }: Entry): Email {
  return { topicArn, ...(subject === null ? {} : { subject }), text: textFor('email', texts ?? {}) };
}

function wasTaken(answer: Answer, { id }: Entry, batch: boolean): boolean {
  if (answer.status !== 200) return false;
  return !batch || answer.body.toString().includes(`<Id>${id}</Id><MessageId>`);
}

function payloadBytes(form: URLSearchParams): number {
  let bytes = 0;
  for (const [key, value] of form) {
    if (/(^|\.)Message$|MessageAttributes\.entry\./.test(key)) bytes += Buffer.byteLength(value);
  }
  return bytes;
}

function tooLong(batch: boolean): Answer {
  const error = batch
    ? { code: 'BatchRequestTooLong', message: 'The length of all the messages put together is more than the limit.' }
    : { code: 'InvalidParameter', message: 'Invalid parameter: Message too long' };
  return errorAnswer('sns', { status: 400, ...error });
}
