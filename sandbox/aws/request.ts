/** A request to one of AWS's services: caller, service and action, read from the headers that every AWS client signs. */
import type { IncomingHttpHeaders } from 'node:http';
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

/** What came in, over a connection or without one. */
export interface Incoming {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** By lower-case name. */
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
export function readRequest(incoming: Incoming): SandboxRequest | undefined {
  const [, accessKeyId, region, signingName] = CREDENTIAL.exec(incoming.headers.authorization ?? '') ?? [];
  const service = SIGNING_NAMES[signingName ?? ''];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  const action = nameOfAction(service, incoming);
  if (action === undefined) return undefined;
  const { method, path, headers, body } = incoming;
  return { service, action, method, accessKeyId, region, path, headers, body };
}

function nameOfAction(service: AwsService, incoming: Incoming): string | undefined {
  if (service === 's3') return s3ActionOf(incoming);
  return service === 'scheduler' ? schedulerActionOf(incoming) : actionOf(incoming);
}

function actionOf({ headers, body }: Incoming): string | undefined {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.')[1];
  return new URLSearchParams(body.toString()).get('Action') ?? undefined;
}

/** The operation of S3 whose bucket is the first part of the path. */
function s3ActionOf({ method, path }: Incoming): string | undefined {
  const { pathname, searchParams } = new URL(path, 'http://sandbox');
  const [, , ...key] = pathname.split('/');
  if (key.join('') !== '') {
    return { PUT: 'PutObject', GET: 'GetObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' }[method];
  }
  if (method === 'POST') return searchParams.has('delete') ? 'DeleteObjects' : undefined;
  return { PUT: 'CreateBucket', GET: 'ListObjectsV2', HEAD: 'HeadBucket' }[method];
}

/** The operation of EventBridge Scheduler. */
function schedulerActionOf({ method, path }: Incoming): string | undefined {
  const [, resource, name, ...more] = new URL(path, 'http://sandbox').pathname.split('/');
  if (resource !== 'schedules' || more.length > 0) return undefined;
  if (!name) return method === 'GET' ? 'ListSchedules' : undefined;
  return { POST: 'CreateSchedule', GET: 'GetSchedule', DELETE: 'DeleteSchedule' }[method];
}
