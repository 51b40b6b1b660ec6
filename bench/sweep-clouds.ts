/**
 * A table and a topic for bench/sweep.ts that hold nothing: incidents with full outboxes are made when they are requested, so that more of
 * them than fit in memory can be read. What is written is counted and dropped.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { incidentItem } from '../adapters/dynamodb/items.ts';
import { incidentKey } from '../adapters/dynamodb/keys.ts';
import { detect } from '../core/detector/detect.ts';
import { composeNotification } from '../core/incidents/compose-notification.ts';
import { observe } from '../core/incidents/observation.ts';
import { transition } from '../core/incidents/transition.ts';
import type { Decision } from '../core/model/decision.ts';
import type { Incident, IncidentKey } from '../core/model/incident.ts';
import { DEFAULT_POLICY } from '../core/model/policy.ts';
import { MEMORY_UTILIZATION, type Series } from '../core/model/series.ts';

/** The adapter's partitions of the index. */
const SHARDS = 8;
/** Their names end in a number. */
const SHARD = /^[A-Z]+#(\d)$/;

export interface Backlog {
  readonly incidents: number;
  /** In the outbox of each. */
  readonly bodies: number;
  /** Epoch milliseconds: when they were decided. */
  readonly decidedAt: number;
  /** What the topic does with them. */
  readonly topic: 'accepts' | 'refuses';
}

export interface SweepClouds extends AsyncDisposable {
  readonly url: string;
  readonly counts: { incidents: number; bytes: number; published: number; removed: number };
}

const requestSchema = z.looseObject({
  Key: z.looseObject({ sk: z.looseObject({ S: z.string() }) }).optional(),
  IndexName: z.string().optional(),
  ExpressionAttributeValues: z.record(z.string(), z.looseObject({ S: z.string().optional() })).optional(),
  ExclusiveStartKey: z.looseObject({ sk: z.looseObject({ S: z.string() }) }).optional(),
  Limit: z.int().optional(),
});
type TableRequest = z.output<typeof requestSchema>;

/** Answers on a port of this machine, until it is disposed of. */
export async function startSweepClouds(backlog: Backlog): Promise<SweepClouds> {
  const counts = { incidents: 0, bytes: 0, published: 0, removed: 0 };
  const template = JSON.stringify(incidentWith(backlog));
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const answer = targetOf(request) === undefined ? answerTopic(body) : answerTable(targetOf(request) ?? '', body);
    response.writeHead(answer.status ?? 200, { 'content-type': answer.type });
    response.end(answer.body);
  });

  function answerTable(target: string, body: string): Answer {
    const request = requestSchema.parse(JSON.parse(body));
    if (target === 'PutItem') counts.removed++;
    const answered = target === 'Query' ? page(request) : target === 'GetItem' ? item(request) : {};
    return { type: 'application/x-amz-json-1.0', body: JSON.stringify(answered) };
  }

  function page({ IndexName, ExpressionAttributeValues = {}, ExclusiveStartKey, Limit = 25 }: TableRequest): object {
    const partition = Object.values(ExpressionAttributeValues).find(({ S }) => SHARD.test(S ?? ''))?.S;
    if (IndexName === undefined || partition === undefined) return { Items: [], Count: 0 };
    const shard = Number(SHARD.exec(partition)?.[1]);
    const perShard = Math.ceil(backlog.incidents / SHARDS);
    const first = ExclusiveStartKey === undefined ? 0 : numberOf(ExclusiveStartKey.sk.S) - shard * perShard + 1;
    const last = Math.min(perShard, first + Limit);
    const Items = Array.from({ length: Math.max(0, last - first) }, (_, index) =>
      keyOf(shard * perShard + first + index),
    );
    const LastEvaluatedKey = last < perShard ? Items.at(-1) : undefined;
    return { Items, Count: Items.length, ...(LastEvaluatedKey && { LastEvaluatedKey }) };
  }

  function item({ Key }: TableRequest): object {
    const sk = Key?.sk.S ?? '';
    if (!sk.includes(HOST)) return {};
    const incident = template.replaceAll(`${HOST}0`, hostOf(numberOf(sk)));
    counts.incidents++;
    counts.bytes += incident.length;
    return { Item: { ...keyOf(numberOf(sk)), version: { N: '1' }, incident: { S: incident } } };
  }

  function answerTopic(body: string): Answer {
    const type = 'text/xml';
    if (backlog.topic === 'refuses')
      return { type, status: 403, body: errorXml('AuthorizationError', 'not authorized to perform: SNS:Publish') };
    const ids = [...body.matchAll(/PublishBatchRequestEntries\.member\.\d+\.Id=([^&]*)/g)].map(([, id = '']) => id);
    counts.published += ids.length;
    const accepted = ids.map((id) => `<member><Id>${decodeURIComponent(id)}</Id><MessageId>m</MessageId></member>`);
    return { type, body: resultXml(accepted.join('')) };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    counts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Answer {
  readonly type: string;
  readonly status?: number;
  readonly body: string;
}

/** `Query` of `DynamoDB_20120810.Query`; undefined of a request to the topic. */
function targetOf({ headers }: IncomingMessage): string | undefined {
  const target = headers['x-amz-target'];
  return typeof target === 'string' ? target.split('.').at(-1) : undefined;
}

const HOST = 'i-backlog-';

function hostOf(number: number): string {
  return `${HOST}${number}`;
}

function numberOf(sk: string): number {
  return Number(/i-backlog-(\d+)/.exec(sk)?.[1]);
}

const TENANT = 'acme';
const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;

function keyOf(number: number): Readonly<Record<'pk' | 'sk', { readonly S: string }>> {
  const key: IncidentKey = {
    tenant: TENANT,
    ...SCOPE,
    host: hostOf(number),
    metric: MEMORY_UTILIZATION,
    finding: 'leak',
  };
  const { pk, sk } = incidentKey(key);
  return { pk: { S: pk }, sk: { S: sk } };
}

/** A host that has leaked for days. */
function leakingSeries(end: number): Series {
  const times = Float64Array.from({ length: 400 }, (_, index) => end - (400 - index) * CELL_MS);
  const values = times.map((_, index) => 0.3 + Math.max(0, index - 150) * 0.0015 + 0.003 * Math.sin(index * index));
  return {
    kind: 'series',
    resource: { ...SCOPE, id: hostOf(0) },
    metric: MEMORY_UTILIZATION,
    unit: '1',
    statistic: 'minimum',
    window: { start: end - 400 * CELL_MS, end },
    periodMs: CELL_MS,
    times,
    values,
  };
}

const CELL_MS = 900_000;
const SENT: Decision = {
  outcome: 'sent',
  stage: null,
  reason: 'it is sent',
  page: true,
  receivers: [],
  until: null,
  fleet: null,
  runbook: null,
};

/** An incident whose outbox holds so many bodies, as it is stored. */
function incidentWith({ bodies, decidedAt }: Backlog): unknown {
  const series = leakingSeries(decidedAt);
  const verdict = detect(series, DEFAULT_POLICY);
  const opened = transition(undefined, observe(TENANT, { kind: 'evaluated', series, verdict }), 2, decidedAt);
  if (opened.outcome === 'unchanged') throw new Error('the host does not leak');
  const { incident } = opened;
  const [change] = incident.undecided;
  if (change === undefined) throw new Error('nothing is undecided');
  const outbox = Array.from({ length: bodies }, (_, index) => {
    const numbered = { ...change, number: index + 1 };
    return {
      change: numbered,
      decision: SENT,
      body: composeNotification(incident, numbered, SENT),
      dropped: null,
      decidedAt,
    };
  });
  const full: Incident = { ...incident, transition: bodies, undecided: [], outbox };
  const stored = incidentItem.schema.encode({ ...incidentKey(full.key), version: 1, incident: full });
  return JSON.parse(String(stored['incident']));
}

function resultXml(accepted: string): string {
  return `<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Failed/><Successful>${accepted}</Successful></PublishBatchResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishBatchResponse>`;
}

function errorXml(code: string, message: string): string {
  return `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`;
}
