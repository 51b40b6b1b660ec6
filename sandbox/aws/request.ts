/** A request to one of AWS's services: caller, service and action, read from the headers that every AWS client signs. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { AwsService } from '../wire/answer.ts';

export interface SandboxRequest {
  readonly service: AwsService;
  /** The operation's name, for example `GetMetricData`. */
  readonly action: string;
  readonly method: string;
  readonly accessKeyId: string;
  readonly region: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** `Credential=AKID/20261120/eu-west-1/monitoring/aws4_request` (AWS Signature Version 4). */
const CREDENTIAL = /Credential=([^/\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

/** Signing names of the services that the sandbox has. */
const SIGNING_NAMES: Readonly<Record<string, AwsService>> = {
  cloudformation: 'cloudformation',
  monitoring: 'cloudwatch',
  dynamodb: 'dynamodb',
  s3: 's3',
  scheduler: 'scheduler',
  sns: 'sns',
  sqs: 'sqs',
  sts: 'sts',
  tagging: 'tagging',
};

/**
 * Reads a request. JSON protocols name the action in `x-amz-target`, query protocols in the form's `Action`, and REST protocols by
 * method and path.
 * Returns undefined for what no client of these services sends.
 */
export async function readRequest(message: IncomingMessage): Promise<SandboxRequest | undefined> {
  const body = await readBody(message);
  const [, accessKeyId, region, signingName] = CREDENTIAL.exec(message.headers.authorization ?? '') ?? [];
  const service = SIGNING_NAMES[signingName ?? ''];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  const action = nameOfAction(service, message, body);
  if (action === undefined) return undefined;
  const { method = '', url: path = '/', headers } = message;
  return { service, action, method, accessKeyId, region, path, headers, body };
}

function nameOfAction(service: AwsService, message: IncomingMessage, body: Buffer): string | undefined {
  if (service === 's3') return s3ActionOf(message);
  return service === 'scheduler' ? schedulerActionOf(message) : actionOf(message.headers, body);
}

function actionOf(headers: IncomingHttpHeaders, body: Buffer): string | undefined {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.')[1];
  return new URLSearchParams(body.toString()).get('Action') ?? undefined;
}

/** The operation of S3 whose bucket is the first part of the path. */
function s3ActionOf({ method = '', url = '/' }: IncomingMessage): string | undefined {
  const { pathname, searchParams } = new URL(url, 'http://sandbox');
  const [, , ...key] = pathname.split('/');
  if (key.join('') !== '') {
    return { PUT: 'PutObject', GET: 'GetObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' }[method];
  }
  if (method === 'POST') return searchParams.has('delete') ? 'DeleteObjects' : undefined;
  return { PUT: 'CreateBucket', GET: 'ListObjectsV2', HEAD: 'HeadBucket' }[method];
}

/** The operation of EventBridge Scheduler. */
function schedulerActionOf({ method = '', url = '/' }: IncomingMessage): string | undefined {
  const [, resource, name, ...more] = new URL(url, 'http://sandbox').pathname.split('/');
  if (resource !== 'schedules' || more.length > 0) return undefined;
  if (!name) return method === 'GET' ? 'ListSchedules' : undefined;
  return { POST: 'CreateSchedule', GET: 'GetSchedule', DELETE: 'DeleteSchedule' }[method];
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}
