/** An organization of each cloud on one loopback address, with faults that a test sets. */
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { ORIGINAL_HOST } from '../../adapters/azure/loopback.ts';
import { close, listen } from '../wire/listen.ts';
import {
  awsOrganizations,
  type ListRequest,
  managementGroups,
  type Protocol,
  type RefusalKind,
  resourceManager,
} from './protocols.ts';
import { type Part, partsBelow } from './tree.ts';

export interface PlayedOrganization {
  /** `http://127.0.0.1:40123` */
  readonly endpoint: string;
  /** Requests so far, those that were refused included. */
  readonly requests: () => number;
  /** Refuses requests for a part (`*`: for every one), after so many that pass, so many times. */
  refuse(part: string, kind: RefusalKind, options?: { readonly after?: number; readonly times?: number }): void;
  /** From now on a list gives the same token for ever. */
  neverEnd(): void;
  /** From now on answers are not what the service documents. */
  garble(): void;
  close(): Promise<void>;
}

interface Refusal {
  readonly part: string;
  readonly kind: RefusalKind;
  passing: number;
  left: number;
}

export async function startOrganization(root: Part): Promise<PlayedOrganization> {
  const refusals: Refusal[] = [];
  let requests = 0;
  let isEndless = false;
  let isGarbled = false;

  function answerTo(protocol: Protocol, request: ListRequest): { status: number; body: object } {
    const id = protocol.partOf(request);
    const part = partsBelow(root).find((one) => one.id === id);
    const kind = refusalOf(id ?? '', refusals);
    if (kind !== undefined) return protocol.refusal(kind, id ?? '');
    if (id !== undefined && part === undefined) return protocol.refusal('not_found', id);
    if (isGarbled)
      return { status: 200, body: { value: 7, projects: 7, Accounts: 7, OrganizationalUnits: 7, folders: 7 } };
    const answer = protocol.answer(request, part, root);
    return { status: 200, body: isEndless ? protocol.endless(answer) : answer };
  }

  const server = createServer(async (message, response) => {
    requests++;
    const { status, body } = answerTo(protocolOf(message), await readList(message));
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after-ms': '1' });
    response.end(JSON.stringify(body));
  });
  const port = await listen(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests: () => requests,
    refuse(part, kind, { after = 0, times = Number.POSITIVE_INFINITY } = {}) {
      refusals.push({ part, kind, passing: after, left: times });
    },
    neverEnd() {
      isEndless = true;
    },
    garble() {
      isGarbled = true;
    },
    close: () => close(server),
  };
}

/** The refusal that strikes this request, which then counts as struck. */
function refusalOf(part: string, refusals: readonly Refusal[]): RefusalKind | undefined {
  for (const refusal of refusals) {
    if (refusal.part !== '*' && refusal.part !== part) continue;
    if (refusal.passing > 0) refusal.passing--;
    else if (refusal.left > 0) {
      refusal.left--;
      return refusal.kind;
    }
  }
  return undefined;
}

function protocolOf({ headers }: IncomingMessage): Protocol {
  if (headers['x-amz-target'] !== undefined) return awsOrganizations;
  return headers[ORIGINAL_HOST] === undefined ? resourceManager : managementGroups;
}

async function readList(message: IncomingMessage): Promise<ListRequest> {
  const host = headerOf(message, ORIGINAL_HOST) || '127.0.0.1';
  const target = headerOf(message, 'x-amz-target').split('.')[1] ?? '';
  return { path: new URL(message.url ?? '/', `https://${host}`), target, body: await text(message) };
}

function headerOf({ headers }: IncomingMessage, name: string): string {
  return String(headers[name] ?? '');
}
