/** One honest input of each kind, and ports in which nothing fails: what is then made wrong is the input alone. */

import { replayRegion } from '../core/backtest/replay-region.ts';
import { composeNotification } from '../core/incidents/compose-notification.ts';
import { sendEverything } from '../core/incidents/decide.ts';
import type { Change } from '../core/model/change.ts';
import type { Decision } from '../core/model/decision.ts';
import type { Incident } from '../core/model/incident.ts';
import type { InspectMessage } from '../core/model/message.ts';
import type { RunSummary } from '../core/model/run.ts';
import { tenantConfigSchema } from '../core/model/tenant.ts';
import type { InspectPorts } from '../functions/inspection-ports.ts';

export const NOON = Date.UTC(2026, 10, 20, 12);
const HOUR = 3_600_000;

const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;

export const CONFIG = tenantConfigSchema.parse({
  version: 1,
  tenant: 'acme',
  name: 'Acme',
  hosts: { include: [{ labels: { team: 'payments' } }], exclude: [{ id: 'i-*' }] },
  policy: { threshold: 0.8 },
  accounts: [
    {
      provider: 'aws',
      account: SCOPE.account,
      regions: [SCOPE.region],
      role: `arn:aws:iam::${SCOPE.account}:role/plimsoll-reader`,
    },
  ],
});

export const MESSAGE: InspectMessage = {
  version: 1,
  tenant: CONFIG.tenant,
  provider: SCOPE.provider,
  account: SCOPE.account,
  scheduledTime: new Date(NOON).toISOString(),
};

/** An incident as it was stored before changes were decided by themselves. */
const former = {
  key: {
    ...SCOPE,
    tenant: CONFIG.tenant,
    host: 'i-0a1b2c3d',
    metric: 'system.memory.utilization',
    finding: 'leak' as const,
  },
  resource: { ...SCOPE, id: 'i-0a1b2c3d', labels: { team: 'payments' } },
  status: 'closed' as const,
  episode: 1,
  severity: 'medium' as const,
  asOf: NOON,
  since: NOON - HOUR,
  steadyRuns: 0,
  transition: 2,
  changedAt: NOON,
};

const change: Change = {
  number: 2,
  episode: 1,
  kind: 'recovered',
  at: NOON,
  recordedAt: NOON,
  severity: 'medium',
  grade: null,
  cycles: { cycle: 1, firstAt: NOON - HOUR, lastedHours: [], reopened: false },
};

const decision: Decision = {
  outcome: 'sent',
  stage: null,
  reason: 'changes of kind recovered are sent',
  page: true,
  receivers: [],
  until: null,
  fleet: null,
  runbook: null,
};

const closed: Incident = {
  ...former,
  cycle: 1,
  cycleSince: NOON - HOUR,
  openedAt: NOON - HOUR,
  endedAt: NOON,
  lastChangeAt: NOON,
  undecided: [{ ...change, number: 3 }],
  outbox: [],
  dropped: 0,
  lastNotifiedAt: NOON,
  acknowledged: null,
  owner: null,
  fleet: null,
};

const event = composeNotification(closed, change, decision);

export const INCIDENT: Incident = { ...closed, outbox: [{ change, decision, body: event, dropped: null }] };

/** The same in a map, with each event as a text, as it was stored before. */
export const FORMER_INCIDENT = { ...former, outbox: [JSON.stringify(event)] };

export const RUN: RunSummary = {
  id: 'acme/aws/111122223333/eu-west-1/2026-11-20T12%3A00%3A00.000Z',
  tenant: CONFIG.tenant,
  scope: SCOPE,
  scheduledTime: NOON,
  window: { start: NOON - 100 * HOUR, end: NOON },
  outcome: 'partial',
  hosts: { known: 10, inspected: 8, notMonitored: 1, unreadable: 1, notDue: 0 },
  verdicts: { confirmed: 1, suspected: 0, steady: 6, insufficientData: 1 },
  unreadable: { throttled: 1 },
  failures: ['i-1: throttled'],
  stoppedReporting: [],
  stopped: 0,
  calls: { GetMetricData: 1 },
  metricsBilled: 8,
  cost: { perRun: 0.00008, perMonth: 0.0576, currency: 'USD', price: '0.01 USD per 1,000 metrics' },
};

/** As Lambda hands a batch over: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
export function eventOf(bodies: readonly string[]) {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `message-${index}`,
      receiptHandle: `handle-${index}`,
      body,
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(NOON) },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:plimsoll-inspect-aws',
      awsRegion: SCOPE.region,
    })),
  };
}

export const HOST_READ = {
  version: 1,
  kind: 'read_host',
  tenant: CONFIG.tenant,
  provider: 'aws',
  account: MESSAGE.account,
  region: 'eu-west-1',
  host: 'i-0a1b2c3d',
  group: 'web',
  to: new Date(NOON).toISOString(),
  lookbackHours: 48,
};

const POINT_STORES: Pick<InspectPorts, 'pointStates' | 'anomalyResults'> = {
  pointStates: {
    get: async () => undefined,
    put: async () => ({ outcome: 'stored', bytes: 0 }),
    putRun: async () => {},
    newestRun: async () => undefined,
  },
  anomalyResults: { put: async () => {} },
};

const SPEND: InspectPorts['spend'] = {
  addRead: async () => {},
  addJob: async () => {},
  readsOf: async () => 0,
  requestsOf: async () => 0,
  getCap: async () => undefined,
};

/** Ports of a tenant whose account has no hosts. They count what is put aside and what is logged. */
export function portsOf(counts: { rejected: number; logged: number }): InspectPorts {
  const tenant = { config: CONFIG, version: 1, externalId: 'external', putAt: NOON };
  return {
    configs: { get: async (id) => (id === CONFIG.tenant ? tenant : undefined) },
    incidents: {
      get: async () => undefined,
      put: async () => 'stored',
      open: nothing,
      unsettled: nothing,
      unsettledIn: nothing,
    },
    log: { put: async () => 'stored' },
    decide: sendEverything,
    runs: {
      newest: async () => [],
      async put() {
        counts.logged++;
      },
    },
    health: {
      get: async () => undefined,
      put: async () => 'stored',
      list: nothing,
      getWatch: async () => undefined,
      putWatch: async () => 'stored',
    },
    spend: SPEND,
    openRuns: { get: async () => undefined, put: async () => 'stored', list: nothing },
    shards: { put: async () => {}, list: nothing },
    ...POINT_STORES,
    results: { putShard: async () => {}, shard: nothing, putHead: async () => {}, head: async () => undefined },
    work: { put: async () => {}, get: async () => undefined },
    closeHooks: [],
    requests: {
      putRequested: async () => {},
      requestedAt: async () => undefined,
      putDispatched: async () => {},
      putResult: async () => {},
      result: async () => undefined,
      read: async () => undefined,
    },
    provider: 'aws',
    replay: replayRegion,
    publisher: { ensureTopic: async (id) => id, removeTopic: async () => {}, publish: async () => [] },
    queue: {
      async send() {},
      async reject() {
        counts.rejected++;
      },
    },
    openSource: (_tenant, { provider, account }, region) => ({
      scope: { provider, account, region },
      ingestionDelayMs: 0,
      read: nothing,
    }),
  };
}

async function* nothing(): AsyncGenerator<never> {
  yield* [];
}
