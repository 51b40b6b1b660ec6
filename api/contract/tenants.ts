/** Who is signed in, which tenants there are, and how one tenant's fleet is. */
import * as z from 'zod';
import { ROLES } from '../../core/model/audit.ts';
import { count, exhaustionView, hostView, provider, severity, time } from './places.ts';
import { pageOf, pageQuery, type Route, refSchema } from './route.ts';

/** How to sign in; nothing in it is secret. */
export const signInView = z.strictObject({
  /** `local`: whoever reaches the page is signed in, because it is served on localhost to the one who started it. */
  mode: z.enum(['local', 'oidc']),
  issuers: z.array(
    z.strictObject({
      /** The issuer's URL; its discovery document is below it. */
      issuer: z.url(),
      name: z.string(),
      clientId: z.string(),
      scopes: z.string(),
    }),
  ),
  version: z.string(),
  stage: z.string().nullable(),
  /** Of a simulation: how many seconds its clock runs in one of ours; null where time is what it is. */
  simulated: z
    .strictObject({
      now: time,
      secondsPerSecond: z.number(),
      /** Whether its past is still being inspected: its clock jumps meanwhile, and what it holds is not complete. */
      preparing: z.boolean(),
    })
    .nullable(),
});
export type SignInView = z.output<typeof signInView>;

export const meView = z.strictObject({
  kind: z.enum(['iam', 'jwt', 'local']),
  name: z.string(),
  /** Those that the caller may see. */
  tenants: z.array(z.strictObject({ tenant: z.string(), name: z.string().nullable(), role: z.enum(ROLES) })),
});
export type MeView = z.output<typeof meView>;

const hostCounts = z.strictObject({
  known: count,
  inspected: count,
  notMonitored: count,
  unreadable: count,
  notDue: count,
  stopped: count,
});

/** Hosts of one group, or of none, in one account and region, by what the newest run found: those that are steady are not counted here. */
const groupView = z.strictObject({
  /** Null: hosts without a group. */
  group: z.string().nullable(),
  leaking: count,
  suspected: count,
  worse: count,
  recovered: count,
  insufficient: count,
  notMonitored: count,
  unreadable: count,
  worst: severity.nullable(),
  /** When the first host of it may be full, at the earliest. */
  fullAt: time.nullable(),
});

export const RUN_STATES = [
  'overdue',
  'failing',
  'partial',
  'no hosts',
  'waiting',
  'ok',
  'disabled',
  'being deleted',
] as const;

const regionView = z.strictObject({
  region: z.string(),
  state: z.enum(RUN_STATES),
  /** Since when it is in that state, where that is not `ok`. */
  since: time.nullable(),
  message: z.string().nullable(),
  lastRun: time.nullable(),
  nextRun: time.nullable(),
  hosts: hostCounts.nullable(),
  /** The most urgent ones. */
  groups: z.array(groupView),
  /** All groups that are not listed, together, and how many they are; null where every group is listed. */
  otherGroups: groupView.omit({ group: true }).extend({ groups: count }).nullable(),
});

export const overviewView = z.strictObject({
  tenant: z.string(),
  name: z.string().nullable(),
  enabled: z.boolean(),
  asOf: time,
  /** In shadow mode until then. */
  shadowUntil: time.nullable(),
  incidents: z.strictObject({
    open: count,
    suspected: count,
    watched: count,
    /** Those that recovered within the last day. */
    recovered: count,
    unacknowledged: count,
    bySeverity: z.strictObject({ low: count, medium: count, high: count, critical: count }),
  }),
  hosts: hostCounts,
  accounts: z.array(
    z.strictObject({ provider, account: z.string(), enabled: z.boolean(), regions: z.array(regionView) }),
  ),
  /** The hosts that may be full first, at most ten. */
  soonest: z.array(
    z.strictObject({ host: hostView, severity, incident: refSchema.nullable(), exhaustion: exhaustionView }),
  ),
  /** US dollars of the month (UTC). */
  spend: z.strictObject({
    month: z.string(),
    spentUsd: z.number(),
    projectedUsd: z.number(),
    capUsd: z.number().nullable(),
  }),
  /** What could not be read back, in words; nobody takes what is missing for health. */
  unreadable: z.array(z.string()),
});
export type OverviewView = z.output<typeof overviewView>;
export type RegionView = z.output<typeof regionView>;
export type GroupView = z.output<typeof groupView>;

/** Of the scheduled runs of one account and region, the newest first. */
export const runView = z.strictObject({
  run: z.string().nullable(),
  provider,
  account: z.string(),
  region: z.string().nullable(),
  scheduledTime: time,
  outcome: z.enum(['complete', 'partial']),
  hosts: hostCounts,
  verdicts: z.strictObject({ confirmed: count, suspected: count, steady: count, insufficientData: count }),
  failures: z.array(z.string()),
  stoppedReporting: z.array(z.string()),
  calls: z.record(z.string(), count),
  metricsBilled: count,
  costUsd: z.number(),
  /** Incidents that changed in it. */
  incidents: z.array(z.strictObject({ ref: refSchema, kind: z.string(), host: z.string(), severity })),
});
export type RunView = z.output<typeof runView>;

/** Hosts of which nothing is known, why, and what changes it. */
const gapView = z.strictObject({
  provider,
  account: z.string(),
  region: z.string().nullable(),
  /** A code of the reasons in results. */
  reason: z.string(),
  message: z.string(),
  hosts: count,
  /** The first of them. */
  examples: z.array(hostView).max(20),
  /** Commands or settings that change it, ready to be copied; null where there is nothing to run. */
  snippet: z.strictObject({ language: z.string(), text: z.string() }).nullable(),
});
export const coverageView = z.strictObject({
  asOf: time,
  hosts: hostCounts,
  gaps: z.array(gapView),
  /** Regions of which no result, or a part of it alone, is counted. */
  missing: z.array(z.strictObject({ provider, account: z.string(), region: z.string(), message: z.string() })),
});
export type CoverageView = z.output<typeof coverageView>;

const scopeQuery = z.object({
  provider: provider.optional(),
  account: z.string().max(200).optional(),
  region: z.string().max(200).optional(),
});

export const TENANT_ROUTES = [
  {
    id: 'getOpenApi',
    method: 'get',
    path: '/openapi.json',
    tag: 'session',
    summary: 'This document',
    role: 'public',
    mediaType: 'application/json',
  },
  {
    id: 'getSignIn',
    method: 'get',
    path: '/sign-in',
    tag: 'session',
    summary: 'How to sign in',
    role: 'public',
    answer: signInView,
  },
  {
    id: 'getMe',
    method: 'get',
    path: '/me',
    tag: 'session',
    summary: 'Who is signed in, and for which tenants',
    role: 'caller',
    answer: meView,
  },
  {
    id: 'getOverview',
    method: 'get',
    path: '/tenants/{tenant}/overview',
    tag: 'fleet',
    summary: 'The state of a fleet',
    role: 'viewer',
    answer: overviewView,
  },
  {
    id: 'listRuns',
    method: 'get',
    path: '/tenants/{tenant}/runs',
    tag: 'fleet',
    summary: 'Scheduled runs, the newest first',
    role: 'viewer',
    query: scopeQuery.extend({ ...pageQuery, until: time.optional() }),
    answer: pageOf(runView),
  },
  {
    id: 'getCoverage',
    method: 'get',
    path: '/tenants/{tenant}/coverage',
    tag: 'fleet',
    summary: 'Hosts that are not monitored, and what changes it',
    role: 'viewer',
    answer: coverageView,
  },
  {
    id: 'getDigest',
    method: 'get',
    path: '/tenants/{tenant}/digest',
    tag: 'fleet',
    summary: 'The digest of a day or a week that ends now',
    role: 'viewer',
    query: z.object({ every: z.enum(['day', 'week']).default('week') }),
    // The data of the event `digest`, whose schema is published with the events; its incidents have a `ref` beside.
    answer: z.looseObject({ summary: z.string(), from: time, to: time }),
  },
] as const satisfies readonly Route[];
