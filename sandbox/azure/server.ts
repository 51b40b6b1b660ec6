/** All of Azure on one loopback address: reads the request and its identity, applies faults, answers, and logs the call. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { ORIGINAL_HOST } from '../../adapters/azure/loopback.ts';
import { describeIssues } from '../../core/model/issues.ts';
import type { Fleet } from '../scenario/fleet.ts';
import type { Answer } from '../wire/answer.ts';
import type { Call } from '../wire/call-log.ts';
import type { AzureFaultKind, Fault, Faults } from '../wire/faults.ts';
import type { Directory } from './directory.ts';
import { SIZE } from './hosts.ts';
import { queryLogs, tableOf } from './logs.ts';
import { getBatch } from './metrics.ts';
import {
  type AzureContext,
  AzureError,
  type AzureRequest,
  answerOfFault,
  azureAnswer,
  azureRefusal,
} from './protocol.ts';
import { listResources } from './resource-graph.ts';

export interface AzureParts {
  readonly fleet: Fleet;
  readonly directory: Directory;
  readonly faults: Faults;
  readonly log: (call: Call) => void;
  /** The time at which the metrics stand, epoch milliseconds. */
  readonly now: () => number;
}

export function createAzureServer(parts: AzureParts): Server {
  return createServer((message, response) => {
    serve(message, response, parts).catch((error: unknown) => {
      // A fault of ours: the client gets no answer that it could take for the cloud's.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
}

/** Paths, by the hosts that have them. The first group of a pattern is the subscription, the workspace or the directory. */
const ROUTES: readonly (readonly [AzureRequest['action'], host: RegExp, path: RegExp])[] = [
  ['token', /^login\.microsoftonline\.com$/, /^\/([\da-f-]{36})\/oauth2\/v2\.0\/token$/],
  ['resources', /^management\.azure\.com$/, /^\/providers\/Microsoft\.ResourceGraph\/resources$/],
  [
    'vmSizes',
    /^management\.azure\.com$/,
    /^\/subscriptions\/([\da-f-]{36})\/providers\/Microsoft\.Compute\/locations\/(\w+)\/vmSizes$/,
  ],
  ['metrics:getBatch', /^\w+\.metrics\.monitor\.azure\.com$/, /^\/subscriptions\/([\da-f-]{36})\/metrics:getBatch$/],
  ['logs:query', /^api\.loganalytics\.(?:io|azure\.com)$/, /^\/v1\/workspaces\/([\da-f-]{36})\/query$/],
];

async function serve(message: IncomingMessage, response: ServerResponse, parts: AzureParts): Promise<void> {
  const host = String(message.headers[ORIGINAL_HOST] ?? '');
  const request = readRequest(host, message.url ?? '/', await text(message));
  if (request === undefined) {
    response.writeHead(404).end(`The sandbox has nothing at ${host}${message.url}\n`);
    return;
  }
  const account = request.subscription;
  const metric = request.url.searchParams.get('metricnames') ?? tableOf(request);
  const requested = {
    service: 'azure',
    action: request.action,
    region: request.region,
    ...(metric && { metric }),
  } as const;
  const fault = parts.faults.strike(requested, account);
  const answer = answerTo(request, { ...parts, host, fault, token: tokenOf(message) });
  parts.log({
    ...requested,
    account,
    ...(fault && { fault: fault.kind }),
    ...(answer && { status: answer.status }),
    metrics: 0,
  });
  if (fault?.kind === 'unanswered') return;
  if (answer === undefined) response.destroy();
  else response.writeHead(answer.status, answer.headers).end(answer.body);
}

function readRequest(host: string, path: string, body: string): AzureRequest | undefined {
  const url = new URL(path, `https://${host}`);
  for (const [action, hosts, paths] of ROUTES) {
    const found = hosts.test(host) ? paths.exec(url.pathname) : null;
    if (found === null) continue;
    const region = found[2] ?? (action === 'metrics:getBatch' ? (host.split('.')[0] ?? '') : '');
    return { action, subscription: found[1] ?? subscriptionIn(body), region, url, body };
  }
  return undefined;
}

const graphBodySchema = z.object({ subscriptions: z.array(z.string()) });

/** Resource Graph is asked about subscriptions in the body. */
function subscriptionIn(body: string): string {
  return graphBodySchema.safeParse(JSON.parse(body)).data?.subscriptions[0] ?? '';
}

function tokenOf({ headers }: IncomingMessage): string {
  return headers.authorization?.replace(/^Bearer /, '') ?? '';
}

interface RequestContext extends AzureParts {
  readonly host: string;
  readonly token: string;
  readonly fault: Fault | undefined;
}

/** Undefined where nothing is answered. */
function answerTo(
  request: AzureRequest,
  { fault, directory, host, token, fleet, now }: RequestContext,
): Answer | undefined {
  if (fault?.kind === 'down' || fault?.kind === 'unanswered') return undefined;
  const replaced = fault && isOfAzure(fault) ? answerOfFault(fault.kind) : undefined;
  if (replaced) return replaced;
  try {
    if (request.action === 'token') return directory.answerToken(request.subscription, request.body);
    refuseStranger(request, host, token, directory, fleet);
    return azureAnswer(handle(request, { fleet, now: now(), fault }));
  } catch (error) {
    if (error instanceof AzureError) return azureRefusal(error);
    if (error instanceof z.ZodError)
      return azureRefusal(new AzureError(400, 'BadRequest', describeIssues(error).join('; ')));
    throw error;
  }
}

function isOfAzure(fault: Fault): fault is Extract<Fault, { kind: AzureFaultKind; service: 'azure' }> {
  return fault.service === 'azure';
}

/** What an identity without a role on the subscription gets: Resource Graph has words of its own for it. */
function refuseStranger(
  { action, subscription }: AzureRequest,
  host: string,
  token: string,
  directory: Directory,
  fleet: Fleet,
) {
  const subscriptions = action === 'logs:query' ? ofWorkspace(fleet, subscription) : [subscription];
  if (subscriptions.some((each) => directory.allows(token, host, each))) return;
  if (action === 'resources') {
    throw new AzureError(400, 'BadRequest', 'Please provide below info when asking for support.', [
      {
        code: 'NoValidSubscriptionsInQueryRequest',
        message: 'There must be at least one subscription that is eligible to contain resources.',
      },
    ]);
  }
  throw new AzureError(403, 'AuthorizationFailed', `The client does not have authorization over ${subscription}.`);
}

function ofWorkspace({ tenants }: Fleet, workspace: string): string[] {
  const accounts = tenants.flatMap(({ accounts }) => accounts);
  const named = accounts.filter((account) => account.provider === 'azure' && account.workspace === workspace);
  return named.length === 0 ? [''] : named.map(({ account }) => account);
}

function handle(request: AzureRequest, context: AzureContext): object {
  switch (request.action) {
    case 'resources':
      return listResources(request, context);
    case 'metrics:getBatch':
      return getBatch(request, context);
    case 'logs:query':
      return queryLogs(request, context);
    case 'vmSizes':
      return { value: [{ ...SIZE, numberOfCores: 2, osDiskSizeInMB: 1_047_552, maxDataDiskCount: 4 }] };
    case 'token':
      throw new Error('tokens are answered before');
  }
}
