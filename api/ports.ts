/** What the API needs from outside. Whoever serves it opens these: over AWS with narrowed credentials, or over the sandbox. */
import type { Role } from '../core/model/audit.ts';
import type { AccessStore } from '../core/ports/access-store.ts';
import type { AnomalyResultsStore } from '../core/ports/anomaly-results-store.ts';
import type { AuditLog } from '../core/ports/audit-log.ts';
import type { ConfigStore } from '../core/ports/config-store.ts';
import type { DeletedTenants } from '../core/ports/deleted-tenants.ts';
import type { EventLog } from '../core/ports/event-log.ts';
import type { HealthStore } from '../core/ports/health-store.ts';
import type { HostReader } from '../core/ports/host-reader.ts';
import type { IncidentList } from '../core/ports/incident-list.ts';
import type { IncidentStore } from '../core/ports/incident-store.ts';
import type { IngestTokenStore } from '../core/ports/ingest-token-store.ts';
import type { RequestQueue } from '../core/ports/inspection-queue.ts';
import type { LabelStore } from '../core/ports/label-store.ts';
import type { MuteStore } from '../core/ports/mute-store.ts';
import type { PointStateStore } from '../core/ports/point-state-store.ts';
import type { Publisher } from '../core/ports/publisher.ts';
import type { QueryCheck } from '../core/ports/query-check.ts';
import type { RecordingStore } from '../core/ports/recording-store.ts';
import type { RequestLog } from '../core/ports/request-log.ts';
import type { ResultsStore } from '../core/ports/results-store.ts';
import type { RunLog } from '../core/ports/run-log.ts';
import type { ScalingLog } from '../core/ports/scaling-log.ts';
import type { SpendStore } from '../core/ports/spend-store.ts';
import type { TopicSubscriptions } from '../core/ports/topic-subscriptions.ts';
import type { RecordedReader } from '../core/recordings/history.ts';
import type { SignInView } from './contract/tenants.ts';

/** Who calls, as it was proved. */
export interface Principal {
  readonly kind: 'iam' | 'jwt' | 'local';
  /** For people, the audit log and the log of incidents: the ARN, or issuer and subject. Of equal callers it is equal. */
  readonly name: string;
  /** What the caller may do: in every tenant (`*`), or in those of the list and in no other. */
  readonly roles: { readonly '*': Role } | ReadonlyMap<string, Role>;
}

/** A request without proof of who calls, or with one that does not hold: 401 with why, and what to do. */
export interface Refusal {
  readonly kind: 'refused';
  readonly detail: string;
}

/**
 * @param environment What the server hands to `fetch` beside the request: of a Lambda function `{event, lambdaContext}`.
 */
export type Authenticate = (request: Request, environment: unknown) => Promise<Principal | Refusal>;

/**
 * What a route does to its tenant, so that its credentials allow no more: `config` also writes the lists of tenants and accounts, and
 * makes topics.
 */
export type TenantUse = 'read' | 'write' | 'config';

/**
 * The stores of one tenant. Credentials are narrowed to it: what names another one is denied by the store. Of a port that writes, a
 * session for `read` may fail each write.
 */
export interface TenantPorts {
  /** `put` is called with the use `config` alone. */
  readonly configs: Pick<ConfigStore, 'get' | 'put' | 'versions' | 'defaults'>;
  readonly deleted: Pick<DeletedTenants, 'get'>;
  /** Called with the use `config` alone. */
  readonly publisher: Pick<Publisher, 'ensureTopic'>;
  /** Whether the expressions of a config can be sent. */
  readonly queryCheck: QueryCheck;
  readonly subscriptions: TopicSubscriptions;
  readonly incidents: Pick<IncidentStore, 'get' | 'put'>;
  readonly list: IncidentList;
  readonly log: EventLog;
  readonly mutes: MuteStore;
  readonly labels: LabelStore;
  readonly recordings: RecordingStore;
  /** They are written and removed by what stores and keeps them. */
  readonly recorded: RecordedReader;
  readonly health: Pick<HealthStore, 'list' | 'get' | 'getWatch'>;
  readonly spend: Pick<SpendStore, 'requestsOf' | 'jobsOf' | 'getCap'>;
  readonly runs: Pick<RunLog, 'newest'>;
  readonly results: Pick<ResultsStore, 'head' | 'shard'>;
  /** What jobs of anomaly inspection have kept, and what the newest inspection of each saw. */
  readonly anomalyResults: Pick<AnomalyResultsStore, 'cells' | 'lines'>;
  readonly pointStates: Pick<PointStateStore, 'newestRun'>;
  readonly requests: Pick<RequestLog, 'read' | 'putRequested' | 'requestedAt'>;
  readonly scaling: Pick<ScalingLog, 'list'>;
  readonly queue: RequestQueue;
  /** Reads a host's memory from its cloud. */
  readonly hostReader: HostReader;
  /** Tokens with which hosts send samples, as hashes. */
  readonly ingestTokens: IngestTokenStore;
  readonly audit: AuditLog;
}

/** A tenant as the list of those that a caller may see shows it. */
export interface TenantName {
  readonly tenant: string;
  readonly name: string | null;
}

export interface ApiPorts {
  /** Opens the stores of a tenant, whether it exists or not. */
  forTenant(tenant: string, use: TenantUse): Promise<TenantPorts>;
  /** Every tenant, for those who may see all; of other callers none is listed. */
  tenants(): AsyncIterable<TenantName>;
  /** Who may do what. Read and written for admins of the tenant alone. */
  readonly access: Pick<AccessStore, 'ofTenant' | 'put' | 'remove'>;
  /** What a page needs to sign in, and what it shows of the deployment. */
  signIn(): SignInView;
  /** Epoch milliseconds. */
  now(): number;
  /** Random bytes as text, for ids of requests, mutes and labels. */
  newId(): string;
  /** Logs what nobody expected, with its cause: the caller sees the id of the request alone. */
  onFault(error: unknown, facts: { readonly request: string; readonly route: string }): void;
}
