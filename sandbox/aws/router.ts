/** The one endpoint of AWS: reads the request, applies faults, hands it to its service, and logs the call. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Answer } from '../wire/answer.ts';
import type { Call } from '../wire/call-log.ts';
import type { Fault, Faults } from '../wire/faults.ts';
import type { Accounts } from './accounts.ts';
import { errorAnswer } from './answers.ts';
import { billedMetrics } from './cloudwatch/endpoint.ts';
import { answerOf } from './fault-answers.ts';
import { type Incoming, readRequest, type SandboxRequest } from './request.ts';

/** Answers a request of an account; a fault that the service itself has to show comes with it. */
export type Handler = (request: SandboxRequest, account: string, fault: Fault | undefined) => Answer | Promise<Answer>;

export interface RouterParts {
  readonly accounts: Accounts;
  readonly faults: Faults;
  readonly log: (call: Call) => void;
  readonly handle: Handler;
}

/** What a client meets: an answer, a connection that ends without one, or one on which nothing comes. */
export type Outcome = Answer | 'hung_up' | 'unanswered';

export function createRouter(serve: (incoming: Incoming) => Promise<Outcome>): Server {
  return createServer((message, response) => {
    serveOver(message, response, serve).catch((error: unknown) => {
      // The client has hung up, or a fault of ours: either way it gets no answer that it could take for the cloud's.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
}

async function serveOver(
  message: IncomingMessage,
  response: ServerResponse,
  serve: (incoming: Incoming) => Promise<Outcome>,
): Promise<void> {
  const { method = '', url: path = '/', headers } = message;
  const outcome = await serve({ method, path, headers, body: await readBody(message) });
  if (outcome === 'unanswered') return;
  if (outcome === 'hung_up') response.destroy();
  else response.writeHead(outcome.status, outcome.headers).end(outcome.body);
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const NOT_SERVED: Answer = {
  status: 400,
  headers: {},
  body: 'The sandbox serves signed requests to CloudFormation, CloudWatch, DynamoDB, EventBridge Scheduler, the Resource Groups Tagging API, S3, SNS, SQS and STS.\n',
};

export async function serve(incoming: Incoming, parts: RouterParts): Promise<Outcome> {
  const request = readRequest(incoming);
  if (request === undefined) return NOT_SERVED;
  const account = parts.accounts.accountOf(request.accessKeyId);
  const fault = parts.faults.strike(request, account ?? '');
  const answer = account === undefined ? unknownKey(request) : await answerWith(fault, request, account, parts);
  parts.log(callOf(request, account ?? '', fault, answer));
  if (fault?.kind === 'unanswered') return 'unanswered';
  return answer ?? 'hung_up';
}

/** Undefined where nothing is answered. */
async function answerWith(
  fault: Fault | undefined,
  request: SandboxRequest,
  account: string,
  { handle }: RouterParts,
): Promise<Answer | undefined> {
  if (fault === undefined) return handle(request, account, undefined);
  if (fault.kind === 'down' || fault.kind === 'unanswered') return undefined;
  const answer = answerOf(fault, request) ?? (await handle(request, account, fault));
  return fault.kind === 'lost' ? undefined : answer;
}

function unknownKey(request: SandboxRequest): Answer {
  const message = 'The security token included in the request is invalid.';
  return errorAnswer(request.service, {
    status: 403,
    code: 'InvalidClientTokenId',
    type: 'UnrecognizedClientException',
    message,
  });
}

function callOf(request: SandboxRequest, account: string, fault: Fault | undefined, answer: Answer | undefined): Call {
  const { service, action, region } = request;
  return {
    service,
    action,
    account,
    region,
    ...(fault === undefined ? {} : { fault: fault.kind }),
    ...(answer === undefined ? {} : { status: answer.status }),
    metrics: answer?.status === 200 ? billedMetrics(request) : 0,
  };
}
