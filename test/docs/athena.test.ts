/**
 * The queries of docs/athena, as they stand there, over the objects of a day: they agree with `plimsoll results` and with the heads of
 * the runs. SQLite stands in for Athena; what the queries use is in both dialects.
 */
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../adapters/dynamodb/config-store.ts';
import { createRunLog } from '../../adapters/dynamodb/run-log.ts';
import { createResultsArchive } from '../../adapters/s3/results-archive.ts';
import { createResultsStore } from '../../adapters/s3/results-store.ts';
import { isolatedVariables } from '../../cli/environment.ts';
import { run as plimsoll } from '../../cli/main.ts';
import { compactResults } from '../../core/inspection/compact-results.ts';
import { createHeadBuilder } from '../../core/inspection/run-head.ts';
import type { ResultLine } from '../../core/model/result-line.ts';
import { type RunRef, runName } from '../../core/model/run-ref.ts';
import { Resources } from '../../infra/results-table.js';
import { type Deployment, deploy } from '../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { aContext } from '../cli/a-context.ts';
import { anAccount, aRunSummary, aTenantConfig, HOUR } from '../fixtures/builders.ts';
import { aResultLine, aRunRef, NOT_EVALUATED, STEADY } from '../fixtures/result-lines.ts';

const MIDNIGHT = Date.UTC(2026, 10, 20);
const HOURS = 24;
const ACCOUNTS = ['111122223333', '444455556666'];

/** What SQLite calls the types of Athena's columns. */
const SQL_TYPES: Readonly<Record<string, string>> = { string: 'TEXT', double: 'REAL', boolean: 'INTEGER' };

let sandbox: Sandbox;
let deployment: Deployment;
let variables: Disposable;

beforeAll(async () => {
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
  variables = isolatedVariables(deployment.environment);
  const { dynamodb: client, environment } = deployment;
  const accounts = ACCOUNTS.map((account) =>
    anAccount({ account, role: `arn:aws:iam::${account}:role/plimsoll-reader` }),
  );
  const config = aTenantConfig({ accounts });
  await createConfigStore({ client, table: environment.CONFIGS_TABLE }).put(config, 0, 'external', MIDNIGHT);
  for (const tenant of ['acme', 'globex'])
    for (const account of ACCOUNTS) for (let hour = 0; hour < HOURS; hour++) await putRun(runOf(tenant, account, hour));
});

afterAll(async () => {
  variables[Symbol.dispose]();
  await sandbox.close();
});

function runOf(tenant: string, account: string, hour: number): RunRef {
  return aRunRef({
    tenant,
    scope: { provider: 'aws', account, region: 'eu-west-1' },
    scheduledTime: MIDNIGHT + hour * HOUR,
  });
}

/** Two shards: a host that leaks from noon on, one that always does, and others that do not. */
function linesOf(run: RunRef): readonly [ResultLine[], ResultLine[]] {
  const hour = (run.scheduledTime - MIDNIGHT) / HOUR;
  const level = 0.5 + hour / 100;
  const lateLeak = hour < 12 ? STEADY : { score: 0.9 };
  const steady = Array.from({ length: 20 }, (_, index) => aResultLine({ ...STEADY, host: `i-steady-${index}` }, run));
  return [
    [aResultLine({ host: 'i-0a1b2c3d', ...lateLeak, level }, run), ...steady],
    [
      aResultLine({ host: 'i-leak', name: 'naïve, “quoted”\n' }, run),
      aResultLine({ ...NOT_EVALUATED, host: 'i-quiet' }, run),
      aResultLine({ ...NOT_EVALUATED, host: 'i-lost', verdict: 'unreadable', reason: 'throttled' }, run),
    ],
  ];
}

async function putRun(run: RunRef): Promise<void> {
  const { dynamodb, s3, environment } = deployment;
  const store = createResultsStore({ client: s3, bucket: environment.RESULTS_BUCKET });
  const shards = linesOf(run);
  const { tenant, scope, scheduledTime } = run;
  const results = { run: runName(run), shards: shards.length };
  const summary = aRunSummary({ tenant, scope, scheduledTime, results });
  const head = createHeadBuilder();
  for (const [shard, lines] of shards.entries()) {
    await store.putShard(run, shard, lines);
    for (const line of lines) head.add(line);
  }
  await store.putHead(run, head.head({ ...results, summary, watched: [] }));
  await createRunLog({ client: dynamodb, table: environment.TABLE, now: () => scheduledTime }).put(summary);
}

/** A table as Athena sees it: its columns from infra/, its partitions from the keys, its rows from the objects. */
async function openTable(): Promise<DatabaseSync> {
  const { Columns } = Resources.ResultsTable.Properties.TableInput.StorageDescriptor;
  const columns = [...Columns, { Name: 'tenant', Type: 'string' }, { Name: 'date', Type: 'string' }];
  const database = new DatabaseSync(':memory:');
  database.exec(`CREATE TABLE results (${columns.map(({ Name, Type }) => `"${Name}" ${SQL_TYPES[Type]}`).join(', ')})`);
  const insert = database.prepare(`INSERT INTO results VALUES (${columns.map(() => '?').join(', ')})`);
  for (const { key, text } of await objects('results/')) {
    const [, tenant, date] = /^results\/tenant=([^/]+)\/date=([^/]+)\//.exec(key) ?? [];
    for (const line of text.trimEnd().split('\n')) {
      const row = { ...JSON.parse(line), tenant, date };
      expect(Object.keys(row)).toEqual(columns.map(({ Name }) => Name));
      insert.run(...columns.map(({ Name }) => (typeof row[Name] === 'boolean' ? Number(row[Name]) : row[Name])));
    }
  }
  return database;
}

async function objects(prefix: string): Promise<{ key: string; text: string }[]> {
  const { s3, environment } = deployment;
  const Bucket = environment.RESULTS_BUCKET;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }));
  return Promise.all(
    Contents.map(async ({ Key = '' }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return { key: Key, text: gunzipSync((await Body?.transformToByteArray()) ?? '').toString() };
    }),
  );
}

async function query(database: DatabaseSync, name: string): Promise<Record<string, unknown>[]> {
  const sql = await readFile(new URL(`../../docs/athena/${name}.sql`, import.meta.url), 'utf8');
  return database.prepare(sql).all();
}

/** What all queries give, as it is before and after the day is merged. */
async function answers() {
  using database = await openTable();
  return {
    leaking: await query(database, 'leaking-hosts'),
    growth: await query(database, 'growth-of-a-host'),
    coverage: await query(database, 'coverage'),
    anomalies: await query(database, 'anomalies'),
  };
}

describe('the queries for Athena', () => {
  it('agree with plimsoll results and with the heads, before a day is merged and after', async () => {
    const before = await answers();

    const hosts = before.leaking.map(({ account, host, score }) => [account, host, score]);
    expect(hosts).toEqual(await shownHosts());
    expect(hosts.map(([, host]) => host).toSorted()).toEqual(await headHosts());

    const archive = createResultsArchive({ client: deployment.s3, bucket: deployment.environment.RESULTS_BUCKET });
    const configs = { get: async () => ({ config: aTenantConfig(), version: 1, externalId: 'external', putAt: 0 }) };
    const report = await compactResults(
      { archive, configs },
      { now: MIDNIGHT + 30 * HOUR, remainingMs: () => 300_000 },
    );
    expect(report).toMatchObject({ compacted: 4, merged: 4 * HOURS * 2, failures: [] });
    expect(await objects('results/')).toHaveLength(4);
    expect(await answers()).toEqual(before);
    expect(await shownHosts()).toEqual(hosts);
  });

  it('give every anomaly, the newest first, and what is known of one host', async () => {
    const { anomalies, growth, coverage } = await answers();

    expect(anomalies).toHaveLength(2 * (HOURS + 12));
    expect(Object.keys(anomalies[0] ?? {})).toEqual(['time', 'host', 'metric', 'score', 'type']);
    expect(anomalies[0]).toMatchObject({ time: '2026-11-20T23:00:00.000Z', host: 'i-leak', type: 'memory_leak' });
    expect(growth).toEqual([
      { date: '2026-11-20', inspections: 2 * HOURS, highest: 0.73, fastest: 0.004, score: 0.9, anomalies: 24 },
    ]);
    expect(coverage).toEqual(
      ACCOUNTS.map((account) => ({
        provider: 'aws',
        account,
        hosts: 24,
        evaluated: 22,
        not_monitored: 1,
        unreadable: 1,
        too_little_data: 0,
      })),
    );
  });
});

/** Account, host and score of what `plimsoll results` lists as leaking, in the order of the query. */
async function shownHosts(): Promise<unknown[][]> {
  const { TABLE: PLIMSOLL_TABLE, CONFIGS_TABLE: PLIMSOLL_CONFIGS_TABLE, RESULTS_BUCKET } = deployment.environment;
  const named = { PLIMSOLL_TABLE, PLIMSOLL_CONFIGS_TABLE, PLIMSOLL_RESULTS_BUCKET: RESULTS_BUCKET };
  const lines: Pick<ResultLine, 'account' | 'host' | 'score'>[] = [];
  // The shards, which may be merged, and not the heads alone.
  for (const only of ['leaking', 'all']) {
    const { context, out } = aContext({ variables: named, now: MIDNIGHT + 30 * HOUR });
    await plimsoll(['results', 'acme', '--only', only, '--json'], context);
    const printed = out()
      .split('\n')
      .map((line) => JSON.parse(line));
    const leaking = printed.filter(({ verdict }) => verdict === 'leaking');
    if (lines.length > 0)
      expect(leaking.map(({ host }) => host).toSorted()).toEqual(lines.map(({ host }) => host).toSorted());
    else lines.push(...leaking);
  }
  const ordered = lines.toSorted(
    (a, b) => (b.score ?? 0) - (a.score ?? 0) || compare(a.host ?? '', b.host ?? '') || compare(a.account, b.account),
  );
  return ordered.map(({ account, host, score }) => [account, host, score]);
}

/** The leaking hosts of the last heads of the tenant. */
async function headHosts(): Promise<string[]> {
  const { s3, environment } = deployment;
  const store = createResultsStore({ client: s3, bucket: environment.RESULTS_BUCKET });
  const heads = await Promise.all(ACCOUNTS.map((account) => store.head(runOf('acme', account, HOURS - 1))));
  return heads
    .flatMap((head) => head?.lines ?? [])
    .filter(({ verdict }) => verdict === 'leaking')
    .map(({ host }) => host ?? '')
    .toSorted();
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
