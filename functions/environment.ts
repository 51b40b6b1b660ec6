/**
 * The environment variables of each function, as serverless.yml sets them. The only file here that reads `process.env`; the
 * values are checked once per cold start.
 */
import * as z from 'zod';
import { describeIssues, parseInput } from '../core/model/issues.ts';
import { trustedIssuersSchema } from '../core/model/trusted-issuer.ts';
import { InvalidInputError } from '../core/ports/errors.ts';

const region = {
  /** Set by Lambda itself. */
  AWS_REGION: z.string().min(1),
  /** The stage that was deployed, a dimension of metrics. Not set in tests and in the demo, which emit none. */
  STAGE: z.string().min(1).max(100).optional(),
};

/** Incidents and runs. */
const table = { TABLE: z.string().min(3) };

/** Configs, external ids, and which tenants there are. */
const configs = { CONFIGS_TABLE: z.string().min(3) };

/** The results of runs, and what large runs work with. */
const results = { RESULTS_BUCKET: z.string().min(3).max(63) };

/** Where events go: a tenant's topic is this prefix and the tenant's id. */
const topics = { TOPIC_ARN_PREFIX: z.string().startsWith('arn:') };

/** For how many days the log of incidents keeps what a function writes. */
const events = { EVENTS_DAYS: z.string().regex(/^[1-9]\d{0,3}$/, 'must be a number of days') };

/** The queue of the function itself: for continuations, and for messages that cannot be parsed. */
const queues = { INSPECT_QUEUE_URL: z.url(), DEAD_LETTER_QUEUE_URL: z.url() };

/** Of dispatch: the queue of each inspect function, and the one for requests that cannot be dispatched. */
const dispatchQueues = {
  INSPECT_AWS_QUEUE_URL: z.url(),
  INSPECT_GCP_QUEUE_URL: z.url(),
  INSPECT_AZURE_QUEUE_URL: z.url(),
  INSPECT_PROMETHEUS_QUEUE_URL: z.url(),
  INSPECT_OTLP_QUEUE_URL: z.url(),
  DEAD_LETTER_QUEUE_URL: z.url(),
};

/** How accounts are scheduled: the group that holds a schedule for each, and what these are made of. */
const schedules = {
  SCHEDULE_GROUP: z.string().regex(/^[\w.-]{1,64}$/, 'must be the name of a schedule group'),
  /** The role that the scheduler assumes to send requests. */
  SCHEDULE_ROLE_ARN: z.string().startsWith('arn:'),
  REQUEST_QUEUE_ARN: z.string().startsWith('arn:'),
  /** The queue of requests that the scheduler could not send. */
  SCHEDULE_DEAD_LETTER_ARN: z.string().startsWith('arn:'),
};

/** How the comparisons of new hosts are scheduled: once each, in a group of their own. */
const { SCHEDULE_GROUP: CHECK_SCHEDULE_GROUP, ...scheduling } = schedules;
const checks = { CHECK_SCHEDULE_GROUP, ...scheduling };

const azure = {
  /** For tests and the demo, and set in no deployment: where requests for Azure go instead, on this machine only. */
  PLIMSOLL_TEST_AZURE_ENDPOINT: z
    .string()
    .regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/, 'must be http://127.0.0.1:PORT')
    .optional(),
};

const gcp = {
  /** The ARN of the role whose sessions prove to Google Cloud for which tenant the function acts. */
  GCP_SESSION_ROLE: z.string().startsWith('arn:'),
  /** For tests and the demo: where Cloud Monitoring is, without encryption or sign-in, and so on this machine only. */
  PLIMSOLL_TEST_GCP_ENDPOINT: z
    .string()
    .regex(/^127\.0\.0\.1:\d{1,5}$/, 'must be 127.0.0.1:PORT')
    .optional(),
};

/** Texts with commas between them, or none. */
const list = z
  .string()
  .max(4000)
  .transform((text) => text.split(',').flatMap((part) => part.trim() || []));

const secrets = {
  /** What the names of secrets begin with: `plimsoll/<stage>/`. */
  SECRET_PREFIX: z.string().regex(/^plimsoll\/[^/]+\/$/, 'must be plimsoll/ and the stage and /'),
};

/** What inspect-prometheus may reach beside the hosts of clouds. */
const prometheus = {
  ...secrets,
  /** The ARN of the role whose sessions prove to Google Cloud for which tenant the function acts. */
  GCP_SESSION_ROLE: z.string().startsWith('arn:'),
  PROMETHEUS_ENDPOINTS: list,
  PROMETHEUS_PRIVATE_NETWORKS: list,
  /** For tests and the demo, and set in no deployment: where servers are instead, on this machine only. */
  PLIMSOLL_TEST_PROMETHEUS_ENDPOINT: z
    .string()
    .regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/, 'must be http://127.0.0.1:PORT')
    .optional(),
};

/** What the relay may reach beside the hosts of vendors. */
const relay = {
  ...secrets,
  RELAY_QUEUE_URL: z.url(),
  RELAY_QUEUE_ARN: z.string().startsWith('arn:'),
  DEAD_LETTER_QUEUE_URL: z.url(),
  RELAY_ENDPOINTS: list,
  RELAY_PRIVATE_NETWORKS: list,
};

/** A list as JSON in one variable. */
const issuers = z
  .string()
  .max(4000)
  .transform((text, context) => {
    try {
      return JSON.parse(text);
    } catch {
      context.issues.push({ code: 'custom', message: 'must be JSON', input: text });
      return z.NEVER;
    }
  })
  .pipe(trustedIssuersSchema);

const api = {
  KEY_ARN: z.string().startsWith('arn:'),
  REQUEST_QUEUE_URL: z.url(),
  RELAY_QUEUE_ARN: z.string().startsWith('arn:'),
  /** The role of all tenants, which is narrowed to one. */
  TENANT_ROLE_ARN: z.string().startsWith('arn:'),
  /** What the names of the inspect functions begin with; the provider follows. */
  INSPECT_FUNCTION_PREFIX: z.string().regex(/^[\w-]{1,50}-$/, 'must begin the name of a function'),
  /** The version that is deployed. */
  VERSION: z.string().min(1).max(50),
  API_ISSUERS: issuers,
  /** For tests, and set in no deployment: whether issuers on this machine may be called without TLS. */
  PLIMSOLL_TEST_LOOPBACK_ISSUERS: z.literal('on').optional(),
};

const inspection = { ...region, ...table, ...configs, ...results, ...topics, ...events, ...queues };
const inspectAwsSchema = z.object(inspection);
const inspectAzureSchema = z.object({ ...inspection, ...azure });
const inspectGcpSchema = z.object({ ...inspection, ...gcp });
const inspectOtlpSchema = z.object(inspection);
const inspectPrometheusSchema = z.object({ ...inspection, ...prometheus });
const dispatchSchema = z.object({ ...region, ...table, ...configs, ...dispatchQueues });
const onScalingSchema = z.object({ ...region, ...table, ...configs, ...checks, DEAD_LETTER_QUEUE_URL: z.url() });
const receiveEventsSchema = z.object({ ...region, ...configs, SCALING_QUEUE_URL: z.url() });
const receiveMetricsSchema = z.object({ ...region, ...table, ...configs, SAMPLE_QUEUE_URL: z.url() });
const publishOutboxSchema = z.object({ ...region, ...table, ...configs, ...topics, ...events });
const schedulesSchema = z.object({ ...region, ...configs, ...schedules });
const compactSchema = z.object({ ...region, ...configs, ...results });
const storeSamplesSchema = z.object({ ...region, ...table, ...results });
const keepSamplesSchema = z.object({ ...region, ...table, ...configs, ...results });
const closeRunsSchema = z.object({ ...region, ...table, ...configs, ...results });
const relaySchema = z.object({ ...region, ...table, ...configs, ...topics, ...relay });
const apiSchema = z.object({ ...region, ...table, ...configs, ...results, ...topics, ...events, ...api });
const watchSchema = z.object({ ...region, ...table, ...configs, ...results, ...topics, ...events });

/** What every inspect function needs. */
export type InspectVariables = z.output<typeof inspectAwsSchema>;
export type InspectAzureVariables = z.output<typeof inspectAzureSchema>;
export type InspectGcpVariables = z.output<typeof inspectGcpSchema>;
export type InspectPrometheusVariables = z.output<typeof inspectPrometheusSchema>;
export type DispatchVariables = z.output<typeof dispatchSchema>;
export type SchedulesVariables = z.output<typeof schedulesSchema>;
export type OnScalingVariables = z.output<typeof onScalingSchema>;
export type ReceiveEventsVariables = z.output<typeof receiveEventsSchema>;
export type ReceiveMetricsVariables = z.output<typeof receiveMetricsSchema>;
export type CloseRunsVariables = z.output<typeof closeRunsSchema>;
export type WatchVariables = z.output<typeof watchSchema>;
export type RelayVariables = z.output<typeof relaySchema>;
export type ApiVariables = z.output<typeof apiSchema>;
export type StoreSamplesVariables = z.output<typeof storeSamplesSchema>;
export type KeepSamplesVariables = z.output<typeof keepSamplesSchema>;
export type CompactVariables = z.output<typeof compactSchema>;
type PublishOutboxVariables = z.output<typeof publishOutboxSchema>;

type Variables = Readonly<Record<string, string | undefined>>;

/** Each of these throws `InvalidInputError` that names every variable that is missing or wrong. */
export function inspectAwsVariables(variables: Variables = process.env): InspectVariables {
  return parse(inspectAwsSchema, variables);
}

export function inspectAzureVariables(variables: Variables = process.env): InspectAzureVariables {
  return parse(inspectAzureSchema, variables);
}

export function inspectGcpVariables(variables: Variables = process.env): InspectGcpVariables {
  return parse(inspectGcpSchema, variables);
}

/** What hosts have sent is in the bucket of results: it needs no more than the others. */
export function inspectOtlpVariables(variables: Variables = process.env): InspectVariables {
  return parse(inspectOtlpSchema, variables);
}

export function inspectPrometheusVariables(variables: Variables = process.env): InspectPrometheusVariables {
  return parse(inspectPrometheusSchema, variables);
}

export function dispatchVariables(variables: Variables = process.env): DispatchVariables {
  return parse(dispatchSchema, variables);
}

export function onScalingVariables(variables: Variables = process.env): OnScalingVariables {
  return parse(onScalingSchema, variables);
}

export function receiveEventsVariables(variables: Variables = process.env): ReceiveEventsVariables {
  return parse(receiveEventsSchema, variables);
}

export function receiveMetricsVariables(variables: Variables = process.env): ReceiveMetricsVariables {
  return parse(receiveMetricsSchema, variables);
}

export function publishOutboxVariables(variables: Variables = process.env): PublishOutboxVariables {
  return parse(publishOutboxSchema, variables);
}

/** Of the functions that put schedules right. */
export function schedulesVariables(variables: Variables = process.env): SchedulesVariables {
  return parse(schedulesSchema, variables);
}

export function closeRunsVariables(variables: Variables = process.env): CloseRunsVariables {
  return parse(closeRunsSchema, variables);
}

export function watchVariables(variables: Variables = process.env): WatchVariables {
  return parse(watchSchema, variables);
}

export function relayVariables(variables: Variables = process.env): RelayVariables {
  return parse(relaySchema, variables);
}

export function compactVariables(variables: Variables = process.env): CompactVariables {
  return parse(compactSchema, variables);
}

export function storeSamplesVariables(variables: Variables = process.env): StoreSamplesVariables {
  return parse(storeSamplesSchema, variables);
}

export function keepSamplesVariables(variables: Variables = process.env): KeepSamplesVariables {
  return parse(keepSamplesSchema, variables);
}

export function apiVariables(variables: Variables = process.env): ApiVariables {
  return parse(apiSchema, variables);
}

function parse<T>(schema: z.ZodType<T>, variables: Variables): T {
  const parsed = parseInput(schema, variables);
  if (!parsed.success) throw new InvalidInputError('The function’s environment', describeIssues(parsed.error));
  return parsed.data;
}
