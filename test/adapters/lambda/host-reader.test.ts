/** A reader of hosts over Lambda, against an endpoint on this machine that runs the function's own code. */
import { createServer, type Server } from 'node:http';
import { Logger } from '@aws-lambda-powertools/logger';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLambdaHostReader, READER_WAIT } from '../../../adapters/lambda/host-reader.ts';
import type { PointReadRequest } from '../../../core/model/point-read.ts';
import type { HostReader } from '../../../core/ports/host-reader.ts';
import { inspectEvent } from '../../../functions/inspect-event.ts';
import { close, listen } from '../../../sandbox/wire/listen.ts';
import { itKeeps } from '../../contract/check.ts';
import { hostReaderChecks } from '../../contract/host-reader.ts';
import { aReaderPorts, READS, type ReaderPorts } from '../../contract/host-reader-world.ts';
import { anAnomalyView } from '../../fixtures/anomaly-view.ts';
import { NOON } from '../../fixtures/builders.ts';

const { host, to, ...LOCATION } = READS.steady;
const POINTS: PointReadRequest = { ...LOCATION, kind: 'read_points', host, to, metric: 'system.network.errors' };

/** What the endpoint answers instead, by the name of the function. */
interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

let server: Server;
let ports: ReaderPorts;
let endpoint: string;
let instead: Answer | undefined;
const invoked: string[] = [];

beforeAll(async () => {
  ports = await aReaderPorts();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const name = request.url?.split('/')[3] ?? '';
      if (name === 'plimsoll-test-inspect-unanswered') return;
      invoked.push(name);
      const { status = 200, headers = {}, body } = instead ?? { body: await invoke(Buffer.concat(chunks).toString()) };
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  endpoint = `http://127.0.0.1:${await listen(server)}`;
});

afterAll(() => close(server));

beforeEach(() => {
  instead = undefined;
  invoked.length = 0;
});

function invoke(event: string): Promise<unknown> {
  const logger = new Logger({ logLevel: 'SILENT' });
  const context = { getRemainingTimeInMillis: () => 300_000 };
  return inspectEvent(JSON.parse(event), { ports, logger, context, now: NOON });
}

function readerOf(functionOf: (provider: string) => string): HostReader {
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'none' };
  const client = new LambdaClient({ region: 'eu-west-1', endpoint, credentials, ...READER_WAIT });
  return createLambdaHostReader({ client, functionOf });
}

const reader = () => readerOf((provider) => `plimsoll-test-inspect-${provider}`);

describe('a reader of hosts over Lambda', () => {
  itKeeps(hostReaderChecks, () => ({
    ...READS,
    reader: reader(),
    broken: { read: (request, signal) => failing({ status: 500, body: {} }).read(request, signal) },
    unanswered: readerOf(() => 'plimsoll-test-inspect-unanswered'),
  }));

  it('answers why a metric of a host was not read', async () => {
    expect(await reader().readPoints(POINTS)).toMatchObject({
      outcome: 'refused',
      refusal: 'unreadable',
      reason: expect.stringContaining('no metrics beside memory'),
    });
    expect(await reader().readPoints({ ...POINTS, to: 'today' })).toMatchObject({ refusal: 'malformed' });
  });

  it('takes no answer about another host or metric', async () => {
    const view = anAnomalyView();
    instead = { body: { version: 1, outcome: 'read', view } };

    const { id: host } = view.host;
    const { metric } = view;

    expect(await reader().readPoints({ ...POINTS, host, metric })).toMatchObject({ view: { metric } });
    await expect(reader().readPoints({ ...POINTS, host })).rejects.toMatchObject({ reason: 'malformed' });
    await expect(reader().readPoints({ ...POINTS, metric })).rejects.toMatchObject({ reason: 'malformed' });
  });

  it('invokes the function of the cloud, once', async () => {
    await reader().read(READS.steady);

    expect(invoked).toEqual(['plimsoll-test-inspect-aws']);
  });

  it.each([
    [
      'throttled',
      { status: 429, headers: error('TooManyRequestsException'), body: { message: 'Rate Exceeded' } },
      /takes no further one\. Try again in some seconds/,
    ],
    ['denied', { status: 403, headers: error('AccessDeniedException'), body: {} }, /lambda:InvokeFunction/],
    [
      'absent',
      { status: 404, headers: error('ResourceNotFoundException'), body: {} },
      /no function plimsoll-test-inspect-aws/,
    ],
    ['unavailable', { status: 503, headers: error('ServiceException'), body: {} }, /could not be reached/],
    [
      'failed',
      functionError('StoreError', 'the table is down'),
      /Its log has the cause\. \(StoreError: the table is down\)/,
    ],
    [
      'timeout',
      functionError('Sandbox.Timedout', '2026 Task timed out after 300.00 seconds'),
      /did not answer in time/,
    ],
    ['malformed', { body: 'no JSON' }, /is not as it should be/],
    [
      'malformed',
      { body: { version: 1, outcome: 'read', memory: { verdict: 'steady' } } },
      /Deploy all functions of the stage/,
    ],
    ['malformed', { body: `"${'x'.repeat(5_200_000)}"` }, /it has 5200002 bytes/],
  ] as const)('throws that it is %s', async (reason, answer, message) => {
    const failure = await failing(answer)
      .read(READS.leaking)
      .catch((thrown: unknown) => thrown);

    expect(failure).toMatchObject({ reason, message: expect.stringMatching(message) });
    expect(invoked).toHaveLength(1);
  });

  it('takes no answer about another host', async () => {
    instead = { body: await invoke(JSON.stringify(READS.steady)) };

    await expect(reader().read(READS.leaking)).rejects.toThrow(/it is about i-flat/);
  });
});

function failing(answer: Answer): HostReader {
  instead = answer;
  return reader();
}

function error(type: string): Record<string, string> {
  return { 'x-amzn-errortype': type };
}

function functionError(errorType: string, errorMessage: string): Answer {
  return { headers: { 'x-amz-function-error': 'Unhandled' }, body: { errorType, errorMessage, trace: [] } };
}
