/** The API: mounts every route of the contract, and does for each what all have in common. */
import { Hono } from 'hono';
import { isWrite, requireRole, TENANT, useOf } from './access.ts';
import { audited } from './audit.ts';
import { SUBJECTS } from './audit-subjects.ts';
import type { AuditNote, TenantCall } from './call.ts';
import type { Route } from './contract/route.ts';
import { ROUTES, type RouteId } from './contract/routes.ts';
import { createHeadCache, type HeadCache } from './fleet/heads.ts';
import { HANDLERS } from './handlers/handlers.ts';
import type { ApiPorts, Authenticate, Principal } from './ports.ts';
import { beingDeleted, changedMeanwhile, notFound, ProblemError, problemOf } from './problem.ts';
import { createRateLimit, type RateLimit, type WaitOf } from './rate-limit.ts';
import { readBody, readQuery, refuseForeignOrigin } from './read-request.ts';
import { respond, respondProblem, tagsOf, unexpected } from './respond.ts';

/** Below which all routes are. */
export const API_ROOT = '/api/v1';

export interface ApiOptions {
  readonly authenticate: Authenticate;
  /** Of each caller. Default: 100 requests at once, 20 a second. */
  readonly rateLimit?: RateLimit;
  /** The network of a request, by what the server hands over beside it. Absent: refused requests are not limited. */
  readonly addressOf?: (environment: unknown) => string | undefined;
  /** Whether an answer that does not fit its schema is an error: for tests. */
  readonly checksAnswers?: boolean;
  /** Epoch milliseconds, for rate limits alone. Default: the clock, also where `ports.now` is simulated. */
  readonly clock?: () => number;
}

const DEFAULT_RATE: RateLimit = { burst: 100, perSecond: 20 };

/** Requests of one address that are refused with 401: to check a token costs time, and each has a line in the log. */
const REFUSED_RATE: RateLimit = { burst: 50, perSecond: 1 };

/** What is asked and answered changes from one moment to the next, and is for one caller. */
const HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

/**
 * Answers below `/api/v1` and nowhere else. What the server hands to `fetch` beside the request reaches `authenticate` as it is.
 */
export function createApi(ports: ApiPorts, options: ApiOptions): Hono {
  const app = new Hono({ strict: true });
  const waitOf = createRateLimit(options.rateLimit ?? DEFAULT_RATE);
  const shared: Shared = {
    ports,
    options,
    heads: createHeadCache(),
    waitOf,
    refusedWaitOf: createRateLimit(REFUSED_RATE),
  };
  for (const route of ROUTES) {
    app.on(route.method.toUpperCase(), API_ROOT + route.path.replaceAll(/\{(\w+)\}/g, ':$1'), (context) =>
      answer(route, { request: context.req.raw, params: context.req.param(), environment: context.env }, shared),
    );
  }
  app.all(`${API_ROOT}/*`, () => respondProblem(notFound('such route'), ports.newId(), new Headers(HEADERS)));
  return app;
}

/** Of the contract: it has a handler. */
type KnownRoute = Route & { readonly id: RouteId };

interface Shared {
  readonly ports: ApiPorts;
  readonly options: ApiOptions;
  readonly heads: HeadCache;
  readonly waitOf: WaitOf;
  readonly refusedWaitOf: WaitOf;
}

interface Received {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly environment: unknown;
}

async function answer(route: KnownRoute, received: Received, shared: Shared): Promise<Response> {
  const { ports, options } = shared;
  const id = ports.newId();
  const headers = new Headers(HEADERS);
  try {
    const value = await handle(route, received, { ...shared, id, headers });
    const { request } = received;
    return respond(route, value, { request, headers, checksAnswers: options.checksAnswers ?? false });
  } catch (error) {
    const known = problemOf(error);
    if (known === undefined || known.status >= 500) ports.onFault(error, { request: id, route: route.id });
    return respondProblem(known ?? unexpected(id, error), id, new Headers(HEADERS));
  }
}

interface Handling extends Shared {
  readonly id: string;
  readonly headers: Headers;
}

async function handle(route: KnownRoute, received: Received, handling: Handling): Promise<unknown> {
  const { request, params } = received;
  const { ports } = handling;
  if (route.method !== 'get') refuseForeignOrigin(request);
  const principal = route.role === 'public' ? undefined : await authenticated(received, handling);
  const role = principal && isOfTenant(route) ? requireRole(principal, params['tenant'] ?? '', route) : undefined;
  const query = readQuery(route, new URL(request.url));
  const body = await readBody(route, request);
  const tenant = role && (await openTenant(route, params['tenant'] ?? '', role, ports));
  if (tenant !== undefined) requireWritable(route, request, tenant);
  const note: AuditNote = {};
  const { id, headers, heads } = handling;
  const call = {
    params,
    query,
    body,
    principal,
    tenant,
    api: ports,
    heads,
    now: ports.now(),
    id,
    headers,
    audit: note,
  };
  const handler: (call: never) => Promise<unknown> = HANDLERS[route.id];
  // Made of what the route's own schemas have parsed, of which the handler's types are made.
  const work = () => handler(call as never);
  if (tenant === undefined || principal === undefined || role === undefined || !isWrite(route)) return work();
  const describe: ((call: never) => string | Promise<string>) | undefined = SUBJECTS[route.id];
  const path = new URL(request.url).pathname.slice(`${API_ROOT}/tenants/${tenant.id}`.length);
  // As above.
  const subject = (await describe?.(call as never)) ?? path;
  const facts = { id, tenant: tenant.id, at: call.now, by: principal.name, role, action: route.id, subject };
  const onFault = (error: unknown) => ports.onFault(error, { request: id, route: route.id });
  return audited(tenant.ports, { facts, note, onFault }, work);
}

/** Throws a 409 for a write of a tenant whose deletion has begun, and what is wrong with the version that it names. */
function requireWritable(route: Route, request: Request, tenant: TenantCall): void {
  if (isWrite(route) && tenant.stored.deletion !== undefined) throw beingDeleted(tenant.id);
  requireVersion(route, request, tenant);
}

/** Throws a 401, and a 429: before a token is checked where too many of the same address were refused. */
async function authenticated({ request, environment }: Received, handling: Handling): Promise<Principal> {
  const { options, waitOf, refusedWaitOf } = handling;
  const now = (options.clock ?? Date.now)();
  const address = options.addressOf?.(environment);
  if (address !== undefined) requireNoWait(refusedWaitOf(address, now, 0));
  const principal = await options.authenticate(request, environment);
  if (principal.kind === 'refused') {
    if (address !== undefined) refusedWaitOf(address, now);
    throw new ProblemError(401, principal.detail, { kind: 'sign-in', headers: { 'WWW-Authenticate': 'Bearer' } });
  }
  requireNoWait(waitOf(principal.name, now));
  return principal;
}

function requireNoWait(seconds: number): void {
  if (seconds === 0) return;
  throw new ProblemError(429, `You have made too many requests. Try again in ${seconds} s.`, {
    kind: 'rate',
    headers: { 'Retry-After': String(seconds) },
  });
}

function isOfTenant({ path }: Route): boolean {
  return path.startsWith('/tenants/{tenant}');
}

/** Throws a 404 where there is no such tenant. */
async function openTenant(route: Route, id: string, role: TenantCall['role'], ports: ApiPorts): Promise<TenantCall> {
  const opened = await ports.forTenant(id, useOf(route));
  const stored = await opened.configs.get(id);
  if (stored === undefined) throw notFound(TENANT);
  return { id, role, stored, ports: opened };
}

/** Of a write of the config: throws a 428 where it names no version or any (`*`), and a 412 where it names another one than the newest. */
function requireVersion({ method, etag }: Route, request: Request, { stored }: TenantCall): void {
  if (method === 'get' || etag !== true) return;
  const given = request.headers.get('if-match');
  if (given === null || given.trim() === '*')
    throw new ProblemError(428, 'Name the version that you have seen: send If-Match with the ETag of the config.', {
      kind: 'if-match',
    });
  if (tagsOf(given).includes(`"${stored.version}"`)) return;
  throw changedMeanwhile(stored.version);
}
