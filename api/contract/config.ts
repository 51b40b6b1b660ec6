/** Configs, their versions, what a change would do, and the alert policy. */
import * as z from 'zod';
import { CHANGE_KINDS } from '../../core/model/change.ts';
import { ACCOUNT_PROVIDERS } from '../../core/model/series.ts';
import { count, severity, time } from './places.ts';
import { pageOf, pageQuery, type Route } from './route.ts';

/** The document as its author wrote it in JSON; the schema `config` describes it, and the server checks it. */
const document = z.record(z.string(), z.json());

export const configView = z.strictObject({
  version: count,
  putAt: time,
  putBy: z.string().nullable(),
  config: document,
  /** The same as YAML. */
  yaml: z.string(),
});
export type ConfigView = z.output<typeof configView>;

const issueView = z.strictObject({ path: z.string(), message: z.string() });

export const previewView = z.strictObject({
  /** Why it would be refused; empty where it is valid. */
  issues: z.array(issueView),
  warnings: z.array(z.string()),
  /** A unified diff of the documents as YAML; empty where nothing changes, null where they differ in too much to be compared. */
  diff: z.string().nullable(),
  /** What changes, in words. */
  changes: z.array(z.string()),
  /** US dollars a month at list prices, before and after; null where the size is not known. */
  costBefore: z.number().nullable(),
  costAfter: z.number().nullable(),
});
export type PreviewView = z.output<typeof previewView>;

/** Either a document or its text, YAML or JSON. */
export const configBody = z.union([
  z.strictObject({ config: document }),
  z.strictObject({ text: z.string().max(300_000) }),
]);

const windowView = z.strictObject({
  name: z.string(),
  start: time,
  end: time,
  account: z.string().nullable(),
  match: z.json().nullable(),
});

export const alertsView = z.strictObject({
  shadowUntil: time.nullable(),
  preset: z.string(),
  /** Maintenance windows that are open or begin within a week. */
  windows: z.array(windowView),
  quietHours: z.array(windowView),
  rules: z.array(z.looseObject({ name: z.string(), action: z.string() })),
  routes: z.array(z.looseObject({ receivers: z.array(z.string()) })),
  receivers: z.array(z.strictObject({ name: z.string(), type: z.string(), detail: z.string() })),
  /** Who is subscribed to the topic, as far as that is known. */
  topic: z.string().nullable(),
});
export type AlertsView = z.output<typeof alertsView>;

export const policyTestView = z.strictObject({
  from: time,
  to: time,
  changes: count,
  sent: count,
  pages: count,
  /** What each stage held back. */
  held: z.array(z.strictObject({ stage: z.string(), changes: count })),
  decisions: z
    .array(
      z.strictObject({
        at: time,
        incident: z.string(),
        host: z.string(),
        kind: z.enum(CHANGE_KINDS),
        severity,
        /** What became of it. */
        before: z.string(),
        /** What the stored alerts would make of it, with the mutes and labels of now. */
        stored: z.string(),
        /** What the alerts that are tried would make of it, with the same mutes and labels. */
        now: z.string(),
        reason: z.string(),
      }),
    )
    .max(1000),
});
export type PolicyTestView = z.output<typeof policyTestView>;

const base = { tag: 'config' } as const;

export const CONFIG_ROUTES = [
  {
    ...base,
    id: 'getConfig',
    method: 'get',
    path: '/tenants/{tenant}/config',
    summary: 'The newest config',
    role: 'viewer',
    answer: configView,
    etag: true,
  },
  {
    ...base,
    id: 'putConfig',
    method: 'put',
    path: '/tenants/{tenant}/config',
    summary: 'Store a config as the next version',
    role: 'admin',
    body: configBody,
    answer: configView,
    etag: true,
    storesConfig: true,
  },
  {
    ...base,
    id: 'previewConfig',
    method: 'post',
    path: '/tenants/{tenant}/config/preview',
    summary: 'Check a config, and what it would change',
    role: 'viewer',
    body: configBody,
    answer: previewView,
    audit: false,
  },
  {
    ...base,
    id: 'listConfigVersions',
    method: 'get',
    path: '/tenants/{tenant}/config/versions',
    summary: 'Versions, the newest first',
    role: 'viewer',
    query: z.object(pageQuery),
    answer: pageOf(configView.omit({ config: true, yaml: true })),
  },
  {
    ...base,
    id: 'getConfigVersion',
    method: 'get',
    path: '/tenants/{tenant}/config/versions/{version}',
    summary: 'One version',
    role: 'viewer',
    answer: configView,
  },
  {
    ...base,
    id: 'getConfigSchema',
    method: 'get',
    path: '/schemas/config',
    summary: 'The JSON Schema of a config',
    role: 'public',
    mediaType: 'application/schema+json',
  },
  {
    ...base,
    id: 'setEnabled',
    method: 'put',
    path: '/tenants/{tenant}/enabled',
    summary: 'Enable or disable a tenant, or one account',
    role: 'admin',
    body: z.strictObject({
      enabled: z.boolean(),
      provider: z.enum(ACCOUNT_PROVIDERS).optional(),
      account: z.string().max(200).optional(),
    }),
    answer: configView,
    etag: true,
    storesConfig: true,
  },
  {
    ...base,
    id: 'getAlerts',
    method: 'get',
    path: '/tenants/{tenant}/alerts',
    summary: 'Who is notified of what, and when',
    role: 'viewer',
    answer: alertsView,
  },
  {
    ...base,
    id: 'testAlerts',
    method: 'post',
    path: '/tenants/{tenant}/alerts/test',
    summary: 'Decide the changes of the last days again',
    role: 'viewer',
    body: z.strictObject({ days: z.int().min(1).max(31).default(7), alerts: z.json().optional() }),
    answer: policyTestView,
    audit: false,
  },
] as const satisfies readonly Route[];
