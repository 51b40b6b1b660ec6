/**
 * How each cloud lists the accounts of an organization over HTTP. Shapes of answers: the API references of AWS Organizations,
 * Cloud Resource Manager v3 and Azure's management groups (2020-05-01) and subscriptions (2022-12-01).
 */
import * as z from 'zod';
import { type Part, type PlayedAccount, pageOf, partsBelow } from './tree.ts';

export interface ListRequest {
  readonly path: URL;
  /** The operation of AWS; empty for the other clouds. */
  readonly target: string;
  readonly body: string;
}

export interface Protocol {
  /** The part whose children are requested; undefined where the request is for none. */
  partOf(request: ListRequest): string | undefined;
  answer(request: ListRequest, part: Part | undefined, root: Part): object;
  refusal(kind: RefusalKind, part: string): { readonly status: number; readonly body: object };
  /** The same answer with a token that never ends. */
  endless(answer: object): object;
}

export type RefusalKind = 'denied' | 'not_found' | 'throttled' | 'server_error';

const inputSchema = z.object({
  ParentId: z.string().optional(),
  NextToken: z.string().optional(),
  MaxResults: z.int().min(1).max(20),
});

export const awsOrganizations: Protocol = {
  partOf: ({ body, target }) => (target === 'ListAccounts' ? 'r-root' : inputSchema.parse(JSON.parse(body)).ParentId),
  answer({ target, body }, part, root) {
    const { NextToken, MaxResults } = inputSchema.parse(JSON.parse(body));
    if (target === 'ListOrganizationalUnitsForParent') {
      const { entries, next } = pageOf(part?.parts ?? [], NextToken, MaxResults);
      return { OrganizationalUnits: entries.map(({ id }) => ({ Id: id, Name: id })), NextToken: next };
    }
    const all =
      target === 'ListAccounts' ? partsBelow(root).flatMap(({ accounts }) => accounts) : (part?.accounts ?? []);
    const { entries, next } = pageOf(all, NextToken, MaxResults);
    return { Accounts: entries.map(awsAccount), NextToken: next };
  },
  refusal(kind, part) {
    const [status, __type] = AWS_REFUSALS[kind];
    return { status, body: { __type, Message: `${kind}: ${part}` } };
  },
  endless: (answer) => ({ ...answer, NextToken: '0' }),
};

const AWS_REFUSALS: Readonly<Record<RefusalKind, readonly [number, string]>> = {
  denied: [400, 'AccessDeniedException'],
  not_found: [400, 'ParentNotFoundException'],
  throttled: [400, 'TooManyRequestsException'],
  server_error: [500, 'ServiceException'],
};

function awsAccount({ id, name, state }: PlayedAccount): object {
  const Arn = `arn:aws:organizations::999988887777:account/o-abcdefghij/${id}`;
  return { Id: id, Arn, Name: name, Email: `${id}@example.com`, State: state, JoinedMethod: 'CREATED' };
}

export const resourceManager: Protocol = {
  partOf: ({ path }) => path.searchParams.get('parent') ?? undefined,
  answer({ path }, part) {
    const token = path.searchParams.get('pageToken');
    // The service may give fewer than requested.
    const size = Math.min(Number(path.searchParams.get('pageSize')), 20);
    if (path.pathname === '/v3/folders') {
      const { entries, next } = pageOf(part?.parts ?? [], token, size);
      return {
        folders: entries.map(({ id }) => ({ name: id, state: 'ACTIVE' })),
        ...(next && { nextPageToken: next }),
      };
    }
    const isShown = ({ state }: PlayedAccount) => state === 'ACTIVE' || path.searchParams.get('showDeleted') === 'true';
    const { entries, next } = pageOf((part?.accounts ?? []).filter(isShown), token, size);
    return { projects: entries.map(project), ...(next && { nextPageToken: next }) };
  },
  refusal(kind, part) {
    const [code, status] = GOOGLE_REFUSALS[kind];
    return { status: code, body: { error: { code, status, message: `${kind}: ${part}` } } };
  },
  endless: (answer) => ({ ...answer, nextPageToken: '0' }),
};

/** Google Cloud does not disclose whether there is a folder that may not be listed. */
const GOOGLE_REFUSALS: Readonly<Record<RefusalKind, readonly [number, string]>> = {
  denied: [403, 'PERMISSION_DENIED'],
  not_found: [403, 'PERMISSION_DENIED'],
  throttled: [429, 'RESOURCE_EXHAUSTED'],
  server_error: [503, 'UNAVAILABLE'],
};

function project({ id, name, state, number }: PlayedAccount): object {
  return { name: `projects/${number}`, parent: 'folders/1', projectId: id, displayName: name, state };
}

const DESCENDANTS = /^\/providers\/Microsoft\.Management\/managementGroups\/([^/]+)\/descendants$/;

/** Descendants and subscriptions in a page; the real sizes are not documented. */
const AZURE_PAGE = 20;

export const managementGroups: Protocol = {
  partOf: ({ path }) => DESCENDANTS.exec(path.pathname)?.[1],
  answer({ path }, part, root) {
    const token = path.searchParams.get('$skiptoken');
    const all = part === undefined ? subscriptionsOf(root) : descendantsOf(part);
    const { entries, next } = pageOf(all, token, AZURE_PAGE);
    return { value: entries, ...(next && { nextLink: linkTo(path, next) }) };
  },
  refusal(kind, part) {
    const [status, code] = AZURE_REFUSALS[kind];
    return { status, body: { error: { code, message: `${kind}: ${part}` } } };
  },
  endless: (answer) => ({ ...answer, nextLink: 'https://management.azure.com/next?$skiptoken=0' }),
};

const AZURE_REFUSALS: Readonly<Record<RefusalKind, readonly [number, string]>> = {
  denied: [403, 'AuthorizationFailed'],
  not_found: [404, 'NotFound'],
  throttled: [429, 'TooManyRequests'],
  server_error: [500, 'InternalServerError'],
};

function descendantsOf(part: Part): object[] {
  const groups = partsBelow(part)
    .slice(1)
    .map(({ id }) => ({
      id: `/providers/Microsoft.Management/managementGroups/${id}`,
      type: 'Microsoft.Management/managementGroups',
      name: id,
      properties: { displayName: id, parent: { id: part.id } },
    }));
  const subscriptions = partsBelow(part)
    .flatMap(({ accounts }) => accounts)
    .map(({ id, name }) => ({
      id: `/subscriptions/${id}`,
      type: '/subscriptions',
      name: id,
      properties: { displayName: name, parent: { id: part.id } },
    }));
  return [...groups, ...subscriptions];
}

function subscriptionsOf(root: Part): object[] {
  return partsBelow(root)
    .flatMap(({ accounts }) => accounts)
    .flatMap(({ id, name, state, directory }) =>
      directory
        ? [{ id: `/subscriptions/${id}`, subscriptionId: id, tenantId: directory, displayName: name, state }]
        : [],
    );
}

function linkTo(path: URL, token: string): string {
  const next = new URL(path);
  next.searchParams.set('$skiptoken', token);
  return next.href;
}
