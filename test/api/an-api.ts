/** The API over stores in memory, with callers of every role. Answers are checked against their schemas. */

import type { Hono } from 'hono';
import * as z from 'zod';
import { customQueryIssue } from '../../adapters/promql/custom-queries.ts';
import { createApi } from '../../api/app.ts';
import type { ApiPorts, Authenticate, Principal, TenantPorts } from '../../api/ports.ts';
import type { AuditEntry, Role } from '../../core/model/audit.ts';
import type { Grant } from '../../core/model/grant.ts';
import { refusedRead } from '../../core/model/host-memory.ts';
import type { InspectionRequest } from '../../core/model/message.ts';
import type { Label, Mute } from '../../core/model/mute.ts';
import { refusedPoints } from '../../core/model/point-read.ts';
import type { TenantConfig } from '../../core/model/tenant.ts';
import type { AccessStore } from '../../core/ports/access-store.ts';
import type { AuditLog } from '../../core/ports/audit-log.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import { createMemoryIngestTokenStore } from '../memory/ingest-token-store.ts';
import { createMemoryPublisher } from '../memory/messaging.ts';
import { createMemoryPointStores } from '../memory/point-stores.ts';
import { createMemoryRecordedSamples, createMemoryRecordingStore } from '../memory/recordings.ts';
import { createMemoryResultsStore } from '../memory/results.ts';
import {
  createMemoryConfigStore,
  createMemoryDeletedTenants,
  createMemoryEventLog,
  createMemoryHealthStore,
  createMemoryIncidentList,
  createMemoryIncidentStore,
  createMemoryRequestLog,
  createMemoryRunLog,
  createMemoryScalingLog,
  createMemorySpendStore,
  createMemoryTenantItems,
} from '../memory/stores.ts';

/** What a token stands for: a role of tenant acme, an admin of globex alone, and one of all tenants. */
const TOKENS: Readonly<Record<string, Principal>> = {
  viewer: caller('viewer', new Map<string, Role>([['acme', 'viewer']])),
  operator: caller('operator', new Map<string, Role>([['acme', 'operator']])),
  admin: caller('admin', new Map<string, Role>([['acme', 'admin']])),
  stranger: caller('stranger', new Map<string, Role>([['globex', 'admin']])),
  root: { kind: 'iam', name: 'arn:aws:iam::111122223333:user/root', roles: { '*': 'admin' } },
};

function caller(name: string, roles: Principal['roles']): Principal {
  return { kind: 'jwt', name: `https://id.example/${name}`, roles };
}

const byToken: Authenticate = async (request) => {
  const token = request.headers.get('authorization')?.replace('Bearer ', '');
  return TOKENS[token ?? ''] ?? { kind: 'refused', detail: 'The request has no token. Sign in.' };
};

export type Token = 'viewer' | 'operator' | 'admin' | 'stranger' | 'root';

export interface SendOptions {
  /** Default: viewer. Null sends none. */
  readonly token?: Token | null;
  /** Sent as JSON; a text as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestApi {
  readonly api: Hono;
  /** What it is made of, for whoever serves it otherwise. */
  readonly ports: ApiPorts;
  readonly stores: ReturnType<typeof createStores>;
  /** What nobody expected. */
  readonly faults: unknown[];
  /** @param path Below `/api/v1`. */
  send(method: string, path: string, options?: SendOptions): Promise<Response>;
  /** The JSON of an answer that has to be good. */
  read(path: string, options?: SendOptions): Promise<unknown>;
  /** Moves the clock. */
  advance(ms: number): void;
}

interface ApiSetUp {
  /** Default: by the tokens of this file. */
  readonly authenticate?: Authenticate;
  /** Called with each tenant whose stores are opened. */
  readonly onOpened?: (tenant: string) => void;
  readonly ports?: Partial<TenantPorts>;
  readonly rateLimit?: { readonly burst: number; readonly perSecond: number };
}

/** Clock at noon. Configs are stored as they are given. */
export async function anApi(
  configs: readonly TenantConfig[],
  { ports = {}, rateLimit, authenticate = byToken, onOpened }: ApiSetUp = {},
): Promise<TestApi> {
  let now = NOON;
  let ids = 0;
  const stores = createStores(() => now);
  for (const config of configs) await stores.configs.put(config, 0, 'external', NOON - HOUR, 'ops');
  const faults: unknown[] = [];
  const apiPorts: ApiPorts = {
    async forTenant(tenant) {
      onOpened?.(tenant);
      return { ...stores, ...ports };
    },
    async *tenants() {
      for await (const { config } of stores.configs.list()) yield { tenant: config.tenant, name: config.name ?? null };
    },
    access: stores.access,
    signIn: () => ({ mode: 'local', issuers: [], version: '1.0.0', stage: 'test', simulated: null }),
    now: () => now,
    newId: () => String(++ids).padStart(8, '0'),
    onFault: (error) => faults.push(error),
  };
  const api = createApi(apiPorts, {
    authenticate,
    checksAnswers: true,
    clock: () => now,
    ...(rateLimit && { rateLimit }),
  });
  const send = async (method: string, path: string, { token = 'viewer', body, headers = {} }: SendOptions = {}) =>
    api.request(`http://plimsoll.example/api/v1${path}`, {
      method,
      headers: {
        ...(token !== null && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    api,
    ports: apiPorts,
    stores,
    faults,
    send,
    async read(path, options) {
      const response = await send('GET', path, options);
      if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
      return response.json();
    },
    advance: (ms) => {
      now += ms;
    },
  };
}

const bodySchema = z.looseObject({
  id: z.string().optional(),
  items: z.array(z.unknown()).optional(),
  cursor: z.string().nullable().optional(),
  issues: z.array(z.unknown()).optional(),
});

/** What tests read of an answer to go on with. */
export async function bodyOf(response: Response): Promise<z.output<typeof bodySchema>> {
  return bodySchema.parse(await response.json());
}

function createStores(now: () => number) {
  const incidents = createMemoryIncidentStore();
  const requested: InspectionRequest[] = [];
  const { audit, entries } = createAudit();
  return {
    configs: createMemoryConfigStore(),
    deleted: createMemoryDeletedTenants(),
    queryCheck: customQueryIssue,
    publisher: createMemoryPublisher(),
    subscriptions: { list: async () => [{ protocol: 'email', endpoint: 'ops@acme.example', confirmed: true }] },
    incidents,
    list: createMemoryIncidentList(incidents),
    log: createMemoryEventLog(),
    mutes: createMemoryTenantItems<Mute>(),
    labels: createMemoryTenantItems<Label>(),
    recordings: createMemoryRecordingStore(),
    recorded: createMemoryRecordedSamples(),
    health: createMemoryHealthStore(),
    spend: createMemorySpendStore(),
    runs: createMemoryRunLog(now),
    results: createMemoryResultsStore(),
    ...createMemoryPointStores(),
    requests: createMemoryRequestLog(now),
    scaling: createMemoryScalingLog(now),
    hostReader: {
      read: async () => refusedRead('not_found', 'there is no such host'),
      readPoints: async () => refusedPoints('not_found', 'there is no such host'),
    },
    ingestTokens: createMemoryIngestTokenStore(),
    queue: { send: async (request: InspectionRequest) => void requested.push(request) },
    /** What the request queue has taken. */
    requested,
    access: createAccess(),
    audit,
    /** What the audit log has, in the order in which it was first written. */
    entries,
  };
}

function createAudit(): { readonly audit: AuditLog; readonly entries: Map<string, AuditEntry> } {
  const entries = new Map<string, AuditEntry>();
  const audit: AuditLog = {
    put: async (entry) => void entries.set(entry.id, entry),
    async list(tenant, { limit }) {
      const own = [...entries.values()].filter((entry) => entry.tenant === tenant).toReversed();
      return { entries: own.slice(0, limit), cursor: null };
    },
  };
  return { audit, entries };
}

function createAccess(): AccessStore {
  const grants = new Map<string, Grant>();
  return {
    ofCaller: async () => [],
    ofTenant: async (tenant) => [...grants.values()].filter((grant) => grant.tenant === tenant),
    async put(granted) {
      const grant = { ...granted, id: `${granted.kind}-${granted.name}` };
      grants.set(grant.id, grant);
      return grant;
    },
    remove: async (_, id) => grants.delete(id),
  };
}
