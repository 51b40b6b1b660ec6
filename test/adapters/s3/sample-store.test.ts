/** The store of samples over S3: the suite of its port, and what happens where it is interrupted. */

import { gunzipSync } from 'node:zlib';
import { DeleteObjectsCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createSampleStore } from '../../../adapters/s3/sample-store.ts';
import { combineChunks, type SampleChunk } from '../../../core/model/sample-chunk.ts';
import { MEMORY_USAGE, PROCESS_MEMORY } from '../../../core/model/series.ts';
import { ItemError, StoreError } from '../../../core/ports/errors.ts';
import type { SampleScope } from '../../../core/ports/sample-store.ts';
import { itKeeps } from '../../contract/check.ts';
import { sampleStoreChecks } from '../../contract/sample-store.ts';
import { BUCKET, startBucket } from './bucket.ts';

const { client, read, write, close } = await startBucket();
afterAll(close);
const store = createSampleStore({ client, bucket: BUCKET });

/** Puts something between the client and the bucket, until the test is over. */
const undo: (() => void)[] = [];
afterEach(() => {
  for (const one of undo.splice(0)) one();
});

function onRequest(act: (command: object) => Promise<void> | void): void {
  const name = `interruption-${undo.length}`;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      await act({ command: context.commandName, ...(typeof args.input === 'object' ? args.input : {}) });
      return next(args);
    },
    { step: 'initialize', name },
  );
  undo.push(() => client.middlewareStack.remove(name));
}

const FIVE = Date.UTC(2026, 10, 29, 5);
const DAY = { start: FIVE - 5 * 3_600_000, end: FIVE + 19 * 3_600_000 };

function chunkAt(minute: number, host = 'web-1'): SampleChunk {
  const samples = { host, times: [FIVE + minute * 60_000], values: [minute + 1] };
  return {
    hosts: [{ id: host }],
    series: [
      { ...samples, metric: MEMORY_USAGE },
      { ...samples, metric: PROCESS_MEMORY, process: { name: 'java', pid: 1 } },
    ],
  };
}

async function scopeWith(tenant: string, minutes: readonly number[]): Promise<SampleScope> {
  const of = { tenant, account: 'production' };
  for (const minute of minutes) await store.put(of, FIVE, `of-${minute}`, chunkAt(minute));
  return of;
}

/** Of each host's and process's samples, how many there are: each is there once. */
async function samplesOf(of: SampleScope): Promise<number[]> {
  const chunks = await Array.fromAsync(store.hosts(of, DAY));
  const ofProcesses = await Array.fromAsync(store.processes(of, 'web-1', DAY));
  return combineChunks([...chunks, ...ofProcesses]).series.map(({ times }) => times.length);
}

async function keysOf({ tenant, account }: SampleScope): Promise<string[]> {
  const Prefix = `samples/tenant=${tenant}/${account}/`;
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix }));
  return Contents.map(({ Key = '' }) => Key.slice(Prefix.length));
}

describe('samples over S3', () => {
  itKeeps(sampleStoreChecks, () => store);

  it('are in parts until their hour is merged, then in one object of hosts and one of each sixteenth of the processes', async () => {
    const of = await scopeWith('layout', [0, 10]);
    const parts = await keysOf(of);

    const gone = await store.merge(of, DAY);

    expect(parts).toEqual([
      'date=2026-11-29/hour=05/hosts/of-0.ndjson.gz',
      'date=2026-11-29/hour=05/hosts/of-10.ndjson.gz',
      'date=2026-11-29/hour=05/processes/all/of-0.ndjson.gz',
      'date=2026-11-29/hour=05/processes/all/of-10.ndjson.gz',
    ]);
    expect(gone).toBe(4);
    const merged = await keysOf(of);
    expect(merged.map((key) => key.replace(/merged\.[0-9a-f]{32}/, 'M'))).toEqual([
      'date=2026-11-29/hour=05/hosts/M.ndjson.gz',
      expect.stringMatching(/^date=2026-11-29\/hour=05\/processes\/[0-9a-f]\/M\.ndjson\.gz$/),
    ]);
    const lines = gunzipSync(await read(`samples/tenant=layout/production/${merged[0]}`)).toString();
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => Object.keys(JSON.parse(line))),
    ).toEqual([['host'], ['series']]);
  });

  it('that cannot be read are an error that names the object: what is missing would pass for hosts that stopped', async () => {
    const of = await scopeWith('damaged', [0]);
    await write('samples/tenant=damaged/production/date=2026-11-29/hour=05/hosts/x.ndjson.gz', 'hello');

    const reading = Array.fromAsync(store.hosts(of, DAY));

    await expect(reading).rejects.toThrow(ItemError);
    await expect(reading).rejects.toThrow('hour=05/hosts/x.ndjson.gz is not gzip');
    await expect(store.merge(of, DAY)).rejects.toThrow(ItemError);
    expect(await keysOf(of)).toHaveLength(3);
  });

  it('among objects with other names are an error', async () => {
    const of = await scopeWith('named', [0]);
    await write('samples/tenant=named/production/date=2026-11-29/notes.txt', 'hello');

    await expect(Array.fromAsync(store.hosts(of, DAY))).rejects.toThrow('notes.txt is not named as');
  });
});

describe('a merge of samples', () => {
  it('that dies before it deletes loses and doubles nothing, and the next one deletes the rest', async () => {
    const of = await scopeWith('killed', [0, 10, 20]);
    onRequest(({ command }: { command?: string }) => {
      if (command === DeleteObjectsCommand.name) throw new Error('The function was killed.');
    });

    await expect(store.merge(of, DAY)).rejects.toThrow(StoreError);
    const [atDeath, keys] = [await samplesOf(of), await keysOf(of)];
    for (const one of undo.splice(0)) one();
    const gone = await store.merge(of, DAY);

    expect([atDeath, keys.length]).toEqual([[3, 3], 8]);
    expect([gone, await samplesOf(of)]).toEqual([6, [3, 3]]);
    expect(await keysOf(of)).toHaveLength(2);
  });

  it('that dies at any of its requests loses nothing', async () => {
    const of = await scopeWith('killed-anywhere', [0, 10]);
    for (let allowed = 0; ; allowed++) {
      let requests = 0;
      onRequest(() => {
        if (requests++ >= allowed) throw new Error('The function was killed.');
      });

      const merged = await store.merge(of, DAY).catch(() => undefined);
      for (const one of undo.splice(0)) one();

      expect(await samplesOf(of)).toEqual([2, 2]);
      if (merged !== undefined) break;
    }
    expect(await keysOf(of)).toHaveLength(2);
  });

  it('deletes nothing where what it wrote is not read back as it was', async () => {
    const of = await scopeWith('not-read-back', [0, 10]);
    onRequest(async ({ command, Key = '' }: { command?: string; Key?: string }) => {
      if (command === GetObjectCommand.name && Key.includes('merged.')) await write(Key, 'damaged');
    });

    await expect(store.merge(of, DAY)).rejects.toThrow('is not read back as it was');

    expect((await keysOf(of)).filter((key) => key.includes('/of-'))).toHaveLength(4);
  });

  it('keeps a part that was written again meanwhile', async () => {
    const of = await scopeWith('rewritten', [0, 10]);
    onRequest(async ({ command, Key = '' }: { command?: string; Key?: string }) => {
      if (command !== PutObjectCommand.name || !Key.includes('hosts/merged.')) return;
      undo.splice(0).forEach((one) => {
        one();
      });
      await store.put(of, FIVE, 'of-10', chunkAt(30));
    });

    await store.merge(of, DAY);

    expect(await samplesOf(of)).toEqual([3, 3]);
    await store.merge(of, DAY);
    expect(await samplesOf(of)).toEqual([3, 3]);
    expect(await keysOf(of)).toHaveLength(2);
  });

  it('takes nothing from a reader that has listed what is deleted', async () => {
    const of = await scopeWith('read-meanwhile', [0, 10]);
    onRequest(async ({ command }: { command?: string }) => {
      if (command !== GetObjectCommand.name) return;
      undo.splice(0).forEach((one) => {
        one();
      });
      await store.merge(of, DAY);
    });

    expect(await samplesOf(of)).toEqual([2, 2]);
  });

  it('of two that run at the same time loses and doubles nothing', async () => {
    const of = await scopeWith('two', [0, 10, 20]);

    await Promise.all([store.merge(of, DAY), store.merge(of, DAY)]);
    await store.merge(of, DAY);

    expect(await samplesOf(of)).toEqual([3, 3]);
    expect(await keysOf(of)).toHaveLength(2);
  });
});
