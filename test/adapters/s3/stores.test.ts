/** The stores over S3: the suites of their ports over the wire, and what is S3's alone. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, it } from 'vitest';
import { createAnomalyResultsStore } from '../../../adapters/s3/anomaly-results-store.ts';
import { createBaselineStore } from '../../../adapters/s3/baseline-store.ts';
import { createPointStateStore } from '../../../adapters/s3/point-state-store.ts';
import { createRecordedSamples } from '../../../adapters/s3/recorded-samples.ts';
import { createResultsArchive } from '../../../adapters/s3/results-archive.ts';
import { createResultsStore } from '../../../adapters/s3/results-store.ts';
import { createWorkStore } from '../../../adapters/s3/work-store.ts';
import { ItemError, StoreError } from '../../../core/ports/errors.ts';
import { anomalyResultsStoreChecks } from '../../contract/anomaly-results-store.ts';
import { baselineStoreChecks } from '../../contract/baseline-store.ts';
import { itKeeps } from '../../contract/check.ts';
import { pointStateStoreChecks } from '../../contract/point-state-store.ts';
import { recordedSamplesChecks } from '../../contract/recorded-samples.ts';
import { resultsStoreChecks } from '../../contract/results-store.ts';
import { workStoreChecks } from '../../contract/work-store.ts';
import { NOON } from '../../fixtures/builders.ts';
import { aBaselineSlot, aHostBaseline, aManifest } from '../../fixtures/host-baselines.ts';
import { aJobRef, aJobRun, aJobState, anAnomalyLine } from '../../fixtures/point-jobs.ts';
import { aProcess } from '../../fixtures/recordings.ts';
import { aResultLine, aRunHead, aRunRef } from '../../fixtures/result-lines.ts';
import { BUCKET, startBucket } from './bucket.ts';

const { client, sandbox, read, write, close } = await startBucket();
afterAll(close);

const results = createResultsStore({ client, bucket: BUCKET });
const work = createWorkStore({ client, bucket: BUCKET });
const baselines = createBaselineStore({ client, bucket: BUCKET });
const recorded = createRecordedSamples({ client, bucket: BUCKET });

describe('states and results of jobs over S3', () => {
  itKeeps(pointStateStoreChecks, () => createPointStateStore({ client, bucket: BUCKET }));
  itKeeps(anomalyResultsStoreChecks, () => createAnomalyResultsStore({ client, bucket: BUCKET }));

  it('go with their tenant, and those of another stay', async () => {
    const [states, points] = [
      createPointStateStore({ client, bucket: BUCKET }),
      createAnomalyResultsStore({ client, bucket: BUCKET }),
    ];
    for (const tenant of ['leaving', 'leaving-not']) {
      await states.put(aJobRef({ tenant }), aJobState(), undefined);
      await states.putRun(aJobRun({ tenant }));
      await points.put({ ...aJobRef({ tenant }), start: NOON }, [anAnomalyLine()]);
    }

    const removed = await createResultsArchive({ client, bucket: BUCKET }).purge('leaving');

    const left = async (tenant: string) => [
      await states.get(aJobRef({ tenant })),
      await states.newestRun(aJobRef({ tenant })),
      (await points.cells({ tenant }, '2026-11-20'))[0],
    ];
    expect(removed).toBe(3);
    expect(await left('leaving')).toEqual([undefined, undefined, undefined]);
    expect((await left('leaving-not')).every((one) => one !== undefined)).toBe(true);
  });
});

describe('results over S3', () => {
  itKeeps(resultsStoreChecks, () => results);

  it('are objects that a query by tenant and day finds, a line a host', async () => {
    const run = aRunRef({ tenant: 'layout' });
    await results.putShard(run, 12, [aResultLine({ host: 'i-1' }, run), aResultLine({ host: 'i-2' }, run)]);
    await results.putHead(run, aRunHead({}, run));

    const folder = 'tenant=layout/date=2026-11-20/aws/111122223333/eu-west-1/20261120T120000Z';
    const lines = gunzipSync(await read(`results/${folder}/00012.ndjson.gz`)).toString();
    const head = gunzipSync(await read(`heads/${folder}.json.gz`)).toString();

    expect(lines.split('\n').map((line) => line && JSON.parse(line).host)).toEqual(['i-1', 'i-2', '']);
    expect(JSON.parse(head)).toMatchObject({ version: 1, run: '20261120T120000Z' });
  });

  it('are read from several gzip members', async () => {
    const run = aRunRef({ tenant: 'members' });
    await results.putShard(run, 0, [aResultLine({ host: 'i-1' }, run)]);
    await results.putShard(run, 1, [aResultLine({ host: 'i-2' }, run)]);
    const members = await Promise.all([0, 1].map((shard) => read(keyOf('members', shard))));

    await write(keyOf('members', 0), Buffer.concat(members));

    expect(await Array.fromAsync(results.shard(run, 0))).toMatchObject([{ host: 'i-1' }, { host: 'i-2' }]);
  });

  it.each<[string, Uint8Array, string]>([
    ['are not gzip', Buffer.from('hello'), 'is not gzip, damaged, or too large'],
    ['end early', gzipSync('{}'.repeat(100)).subarray(0, 20), 'is not gzip, damaged, or too large'],
    ['are not JSON', gzipSync('{"time":\n'), 'Line 1 of'],
    ['have unknown fields', gzipSync('{"colour":"red"}\n'), 'colour: unknown field'],
    ['have a line without end', gzipSync('a'.repeat(2 * 1024 * 1024)), 'a line of more than 1048576 bytes'],
  ])('that %s are an error of the object, which is named', async (_, body, message) => {
    const run = aRunRef({ tenant: 'damaged' });
    await write(keyOf('damaged', 0), body);

    const error = await Array.fromAsync(results.shard(run, 0)).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ItemError);
    expect(String(error)).toContain(`s3://${BUCKET}/${keyOf('damaged', 0)}`);
    expect(String(error)).toContain(message);
  });

  it('are not stored where they could not be read back', async () => {
    const run = aRunRef({ tenant: 'refused' });
    const lines = [aResultLine({ level: Number.NaN }, run)];

    await expect(results.putShard(run, 0, lines)).rejects.toThrow(ItemError);
    expect(await Array.fromAsync(results.shard(run, 0))).toEqual([]);
  });

  it('of a tenant whose id is none are refused', async () => {
    const run = aRunRef({ tenant: '../acme' });

    await expect(results.putShard(run, 0, [])).rejects.toThrow('it is not the id of a tenant');
    await expect(results.head(run)).rejects.toThrow('it is not the id of a tenant');
  });
});

describe('recorded samples over S3', () => {
  itKeeps(recordedSamplesChecks, () => recorded);

  it('are objects below the recording, by host and day', async () => {
    const of = { tenant: 'recorded', id: 'r-aaaaaaaaaaaaaaaa' };
    const live = { host: 'a/b', process: aProcess(), kept: [{ time: 0, data: 1 }] };
    await recorded.putLive(of, '2026-11-20', 'm/1', [live]);

    const folder = 'recordings/tenant=recorded/r-aaaaaaaaaaaaaaaa/live/a%2Fb/date=2026-11-20';
    expect(JSON.parse(gunzipSync(await read(`${folder}/m%2F1.ndjson.gz`)).toString())).toEqual(live);
  });

  it('have hosts of long ids by their hash, and processes of more samples than a line has', async () => {
    const of = { tenant: 'long', id: 'r-aaaaaaaaaaaaaaaa' };
    const kept = Array.from({ length: 9000 }, (_, time) => ({ time, data: time }));
    const host = '内'.repeat(255);
    const live = [{ host, process: aProcess(), kept }];
    await recorded.putLive(of, '2026-11-20', 'all', live);

    expect(await recorded.hosts(of)).toEqual([{ host, liveDays: [{ day: '2026-11-20', parts: 1 }], archivedDays: [] }]);
    expect(await Array.fromAsync(recorded.live(of, host, '2026-11-20'))).toEqual([{ name: 'all', live }]);
  });

  it('of an id that no recording has are refused', async () => {
    await expect(recorded.hosts({ tenant: 'acme', id: '../r' })).rejects.toThrow('not the id of a recording');
  });
});

describe('baselines over S3', () => {
  itKeeps(baselineStoreChecks, () => baselines);

  it('are objects below the tenant, a line a host', async () => {
    const of = aBaselineSlot({ tenant: 'baselines' });
    await baselines.putPart(of, 12, [aHostBaseline(), aHostBaseline({ host: 'i-2' })]);
    await baselines.putManifest(of, aManifest(), undefined);

    const folder = 'baselines/tenant=baselines/aws/111122223333/eu-west-1';
    const lines = gunzipSync(await read(`${folder}/20261120T120000Z/00012.ndjson.gz`)).toString();

    expect(lines.split('\n').map((line) => line && JSON.parse(line).host)).toEqual(['i-1', 'i-2', '']);
    expect(JSON.parse(gunzipSync(await read(`${folder}/manifest.json.gz`)).toString())).toMatchObject({ version: 1 });
  });

  it('that are damaged name their object, and a manifest is replaced', async () => {
    const of = aBaselineSlot({ tenant: 'baselines-damaged' });
    const folder = 'baselines/tenant=baselines-damaged/aws/111122223333/eu-west-1';
    await write(`${folder}/20261120T120000Z/00000.ndjson.gz`, 'hello');
    await write(`${folder}/manifest.json.gz`, gzipSync('{"version":2,"versions":[]}'));

    await expect(baselines.part(of, 0)).rejects.toThrow(`${folder}/20261120T120000Z/00000.ndjson.gz is not gzip`);
    const damaged = await baselines.manifest(of);
    expect(damaged).toMatchObject({
      value: undefined,
      damage: expect.stringContaining('manifest.json.gz is not as Plimsoll'),
    });
    expect(await baselines.putManifest(of, aManifest(), damaged?.version)).toBe('stored');
    expect((await baselines.manifest(of))?.value).toEqual(aManifest());
  });
});

describe('what is kept of a deleted tenant', () => {
  it('has its baselines removed too', async () => {
    const of = aBaselineSlot({ tenant: 'baselines-gone' });
    const other = aBaselineSlot({ tenant: 'baselines-kept' });
    for (const one of [of, other]) {
      await baselines.putPart(one, 0, [aHostBaseline()]);
      await baselines.putManifest(one, aManifest(), undefined);
    }

    const removed = await createResultsArchive({ client, bucket: BUCKET }).purge('baselines-gone');

    expect(removed).toBe(2);
    expect(await baselines.manifest(of)).toBeUndefined();
    expect(await baselines.part(other, 0)).toEqual([aHostBaseline()]);
  });
});

describe('work over S3', () => {
  itKeeps(workStoreChecks, () => work);
});

describe('a bucket that fails', () => {
  it.each([
    ['denied', 'allow s3:GetObject, PutObject and ListBucket'],
    ['throttled', 'try again later'],
    ['server_error', 'Try again later'],
    ['garbage', ''],
    ['down', 'Try again later'],
  ] as const)('is one sentence where it is %s', async (kind, advice) => {
    const lift = sandbox.inject({ kind, service: 's3' });
    const run = aRunRef({ tenant: 'failing' });

    const error = await Array.fromAsync(results.shard(run, 0)).catch((thrown: unknown) => thrown);
    lift();

    expect(error).toBeInstanceOf(StoreError);
    expect(String(error)).toContain(`s3://${BUCKET}/${keyOf('failing', 0)}`);
    expect(String(error)).toContain(advice);
    expect(String(error).split('\n')).toHaveLength(1);
  });

  it('is named where it does not exist', async () => {
    const elsewhere = createResultsStore({ client, bucket: 'plimsoll-elsewhere' });

    await expect(elsewhere.putShard(aRunRef(), 0, [])).rejects.toThrow('There is no such bucket: deploy the stack');
  });
});

function keyOf(tenant: string, shard: number): string {
  return `results/tenant=${tenant}/date=2026-11-20/aws/111122223333/eu-west-1/20261120T120000Z/0000${shard}.ndjson.gz`;
}

describe('results over S3 with credentials that list below some prefixes alone', () => {
  /** A client of which every request is denied. */
  function denied(message: string): S3Client {
    const refused = new S3Client({ region: 'eu-west-1' });
    const error = new S3ServiceException({ name: 'AccessDenied', message, $fault: 'client', $metadata: {} });
    refused.middlewareStack.add(() => () => Promise.reject(error), { step: 'initialize' });
    return refused;
  }
  const headOf = (message: string, narrowed: boolean) =>
    createResultsStore({ client: denied(message), bucket: BUCKET, narrowed }).head(aRunRef());

  it.each(['Access Denied', 'User: a is not authorized to perform: s3:ListBucket on resource: "b"'])(
    'are absent where S3 answers a missing object with: %s',
    async (message) => {
      expect(await headOf(message, true)).toBeUndefined();
      await expect(headOf(message, false)).rejects.toThrow(StoreError);
    },
  );

  it.each(['s3:GetObject', 'kms:Decrypt'])('are not absent where the right %s is lost', async (right) => {
    const message = `User: a is not authorized to perform: ${right} on resource: "b"`;

    await expect(headOf(message, true)).rejects.toThrow(StoreError);
  });
});
