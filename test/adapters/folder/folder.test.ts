/** Stores in a folder: the suites of their ports, and what is a folder's alone. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFolderBucket } from '../../../adapters/folder/bucket.ts';
import { expireSamples } from '../../../adapters/folder/expire-samples.ts';
import { createFolderIngestTokenStore } from '../../../adapters/folder/ingest-token-store.ts';
import { openFolder } from '../../../adapters/folder/open-folder.ts';
import { keyOf, pathOf } from '../../../adapters/folder/paths.ts';
import { createFolderRecordingStore } from '../../../adapters/folder/recording-store.ts';
import { anomalyResultsIn } from '../../../adapters/s3/anomaly-results-store.ts';
import { pointStatesIn } from '../../../adapters/s3/point-state-store.ts';
import { recordedSamplesIn } from '../../../adapters/s3/recorded-samples.ts';
import { sampleStoreIn } from '../../../adapters/s3/sample-store.ts';
import { ItemError, StoreError } from '../../../core/ports/errors.ts';
import { anomalyResultsStoreChecks } from '../../contract/anomaly-results-store.ts';
import { itKeeps } from '../../contract/check.ts';
import { ingestTokenStoreChecks } from '../../contract/ingest-token-store.ts';
import { pointStateStoreChecks } from '../../contract/point-state-store.ts';
import { recordedSamplesChecks } from '../../contract/recorded-samples.ts';
import { recordingStoreChecks } from '../../contract/recording-store.ts';
import { sampleStoreChecks } from '../../contract/sample-store.ts';

const root = await mkdtemp(join(tmpdir(), 'plimsoll-folder-'));
afterAll(() => rm(root, { recursive: true, force: true }));

let folders = 0;
const newFolder = () => join(root, String(++folders));
const bytes = (text: string) => Buffer.from(text);

describe('samples in a folder', () => {
  itKeeps(sampleStoreChecks, () => sampleStoreIn(createFolderBucket(newFolder())));
});

describe('states and results of jobs in a folder', () => {
  itKeeps(pointStateStoreChecks, () => pointStatesIn(createFolderBucket(newFolder())));
  itKeeps(anomalyResultsStoreChecks, () => anomalyResultsIn(createFolderBucket(newFolder())));
});

describe('recorded samples in a folder', () => {
  itKeeps(recordedSamplesChecks, () => recordedSamplesIn(createFolderBucket(newFolder())));
});

describe('recordings in a folder', () => {
  itKeeps(recordingStoreChecks, () => createFolderRecordingStore(createFolderBucket(newFolder())));
});

describe('ingest tokens in a folder', () => {
  itKeeps(ingestTokenStoreChecks, () => createFolderIngestTokenStore(createFolderBucket(newFolder())));

  it('are refused where somebody else wrote the file', async () => {
    const bucket = createFolderBucket(newFolder());
    await bucket.put('ingest-tokens/tenant=acme/x.json', bytes('{"id": 7}'));
    await bucket.put('ingest-tokens/tenant=acme/y.json', bytes('{'));

    const store = createFolderIngestTokenStore(bucket);

    await expect(store.get('acme', 'x')).rejects.toThrow(/move it or delete it/);
    await expect(store.get('acme', 'y')).rejects.toThrow(ItemError);
  });
});

describe('a bucket in a folder', () => {
  it('gives back objects under any key, and lists them in order', async () => {
    const bucket = createFolderBucket(newFolder());
    const keys = ['a/..', 'a/B', 'a/b', `a/${'ä'.repeat(300)}/x`, 'a/con.', 'a/é+%2F'];
    for (const key of keys) await bucket.put(key, bytes(key));

    const listed = (await Array.fromAsync(bucket.list('a/'))).flat().map(({ key }) => key);

    expect(listed).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)));
    for (const key of keys) expect(Buffer.from((await bucket.find(key))?.bytes ?? []).toString()).toBe(key);
  });

  it('stores under a condition what nobody has changed', async () => {
    const bucket = createFolderBucket(newFolder());

    const first = await Promise.all(['x', 'y', 'z'].map((text) => bucket.putIf('a', bytes(text), undefined)));
    const version = (await bucket.find('a'))?.version;
    const second = await Promise.all(['x', 'y'].map((text) => bucket.putIf('a', bytes(text), version)));

    expect(first.toSorted()).toEqual(['conflict', 'conflict', 'stored']);
    expect(second.toSorted()).toEqual(['conflict', 'stored']);
  });

  it('leaves neither empty folders nor unfinished files', async () => {
    const folder = newFolder();
    const bucket = createFolderBucket(folder);
    await bucket.put('a/b/c', bytes('1'));
    const version = await bucket.put('a/b/c', bytes('2'));
    await bucket.remove([{ key: 'a/b/c', version: 'another' }, { key: 'a/gone' }]);
    const kept = await bucket.find('a/b/c');

    await bucket.remove([{ key: 'a/b/c', version }]);

    expect(kept?.version).toBe(version);
    expect(await Array.fromAsync(bucket.subfolders('a/'))).toEqual([]);
    expect(await readdir(join(folder, 'objects'))).toEqual([]);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  it('names what could not be written', async () => {
    const folder = newFolder();
    await createFolderBucket(folder).put('a', bytes('a file'));

    const written = createFolderBucket(folder).put('a/b', bytes('below it'));

    await expect(written).rejects.toThrow(StoreError);
    await expect(written).rejects.toThrow(/Could not write .*objects/);
  });

  it('forgets samples of days that a deployment would not have either', async () => {
    const bucket = createFolderBucket(newFolder());
    for (const day of ['2026-11-20', '2026-11-21', '2026-11-29'])
      await bucket.put(`samples/tenant=local/local/date=${day}/hour=00/hosts/a.ndjson.gz`, bytes(day));

    const gone = await expireSamples(bucket, Date.parse('2026-11-29T12:00:00Z'));

    const left = (await Array.fromAsync(bucket.list('samples/'))).flat();
    expect(gone).toBe(1);
    expect(left.map(({ key }) => /date=([\d-]+)/.exec(key)?.[1])).toEqual(['2026-11-21', '2026-11-29']);
  });
});

describe('a folder', () => {
  it('is of one process at a time', async () => {
    const folder = newFolder();
    {
      await using _first = await openFolder(folder);
      await expect(openFolder(folder)).rejects.toThrow(/is used by another process/);
    }

    await using again = await openFolder(folder);

    expect(again.bucket.addressOf('a')).toBe(join(folder, 'objects', 'a'));
  });

  it.each([
    ['is gone', 2147483646],
    ['had the pid of this one, as after the restart of a container', process.pid],
  ])('is taken from a process that %s', async (_, pid) => {
    const folder = newFolder();
    await (await openFolder(folder))[Symbol.asyncDispose]();
    // The first is larger than any that Linux, macOS or Windows gives.
    await writeFile(join(folder, 'lock'), `${pid}\n`);

    await using _taken = await openFolder(folder);

    expect(await readFile(join(folder, 'lock'), 'utf8')).toBe(`${process.pid}\n`);
  });
});

it('states why a folder cannot be used', async () => {
  const folder = newFolder();
  await writeFile(folder, '');

  await expect(openFolder(folder)).rejects.toThrow(/cannot be used: it is a file. Name a folder that you may write/);
});

describe('a path', () => {
  it('gives back its key', () => {
    for (const key of ['a/b', 'A/..', `x/${'Z'.repeat(500)}`, 'a/.', 'é/+'])
      expect(keyOf('/root', pathOf('/root', key))).toBe(key);
  });

  it('stays below its folder', () => {
    expect(pathOf('/root', '../../etc/passwd')).toBe('/root/.%2e/.%2e/etc/passwd');
  });
});
