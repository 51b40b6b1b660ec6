/** Compaction over S3: whatever interrupts it, every line is found once. */
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createResultsArchive } from '../../../adapters/s3/results-archive.ts';
import { createResultsStore } from '../../../adapters/s3/results-store.ts';
import { type CompactionPorts, compactResults } from '../../../core/inspection/compact-results.ts';
import type { RunRef } from '../../../core/model/run-ref.ts';
import type { StoredTenant } from '../../../core/model/tenant.ts';
import type { ResultsArchive } from '../../../core/ports/results-archive.ts';
import { itKeeps } from '../../contract/check.ts';
import { resultsArchiveChecks } from '../../contract/results-archive.ts';
import { aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';
import { inflateFirstMember } from '../../fixtures/gzip-members.ts';
import { aResultLine, aRunRef } from '../../fixtures/result-lines.ts';
import { BUCKET, startBucket } from './bucket.ts';

const { client, close, write } = await startBucket();
afterAll(close);

const results = createResultsStore({ client, bucket: BUCKET });
const archive = createResultsArchive({ client, bucket: BUCKET });

const DAY = '2026-11-20';
const SHARDS = 3;
const DEADLINE = { now: NOON + 24 * HOUR, remainingMs: () => 300_000 };

describe('the archive of results over S3', () => {
  itKeeps(resultsArchiveChecks, () => archive);

  it('does not unpack more than a shard can have', async () => {
    const lines = Buffer.alloc(32 * 1024 * 1024, '{}\n');

    expect(await archive.unpack(gzipSync(Buffer.concat([lines, Buffer.from('}\n')])), 'gzip')).toBeUndefined();
    expect(await archive.unpack(gzipSync(lines.subarray(0, 3_000_000)), 'gzip')).toHaveLength(3_000_000);
  });
});

/** Runs of a day, each with its shards. */
async function putDay(tenant: string, runs = 4): Promise<RunRef[]> {
  const refs = Array.from({ length: runs }, (_, hour) => aRunRef({ tenant, scheduledTime: NOON + hour * HOUR }));
  for (const run of refs)
    for (let shard = 0; shard < SHARDS; shard++)
      await results.putShard(run, shard, [aResultLine({ host: nameOf(run, shard) }, run)]);
  return refs;
}

function nameOf({ scheduledTime }: RunRef, shard: number): string {
  return `i-${(scheduledTime - NOON) / HOUR}-${shard}`;
}

/** Of a shard of the first run. */
function partKey(tenant: string, shard: number): string {
  return `results/tenant=${tenant}/date=${DAY}/aws/111122223333/eu-west-1/20261120T120000Z/0000${shard}.ndjson.gz`;
}

/** Only of one tenant, so that tests do not compact the results of others. */
function only(tenant: string, changes: Partial<ResultsArchive> = {}): CompactionPorts {
  const listed: ResultsArchive = {
    ...archive,
    ...changes,
    async *tenants() {
      yield tenant;
    },
  };
  return { archive: listed, configs: { get: async () => STORED } };
}

const STORED: StoredTenant = { config: aTenantConfig(), version: 1, externalId: 'external', putAt: 0 };

async function hostsOf(runs: readonly RunRef[]): Promise<(string | null)[]> {
  const hosts: (string | null)[] = [];
  for (const run of runs)
    for (let shard = 0; shard < SHARDS; shard++)
      for await (const line of results.shard(run, shard)) hosts.push(line.host);
  return hosts;
}

async function objectsOf(tenant: string) {
  const [found] = await Array.fromAsync(archive.folders(tenant, DAY));
  return found?.objects ?? [];
}

/** The hosts that a query over all objects reads, of which each has one gzip member. */
async function queriedHosts(tenant: string): Promise<string[]> {
  const [found] = await Array.fromAsync(archive.folders(tenant, DAY));
  const texts = await Promise.all(
    (found?.objects ?? []).map(async ({ name }) => {
      const object = found && (await archive.read(found.folder, name));
      const { text, bytesBehind } = await inflateFirstMember(object?.bytes ?? Buffer.alloc(0));
      if (bytesBehind > 0) throw new Error(`${name} has more than one gzip member`);
      return text;
    }),
  );
  return texts
    .flatMap((text) => text.trim().split('\n'))
    .map((line) => JSON.parse(line).host)
    .sort();
}

const allHosts = (runs: readonly RunRef[]) =>
  runs.flatMap((run) => Array.from({ length: SHARDS }, (_, shard) => nameOf(run, shard)));

describe('compaction', () => {
  it('merges the objects of a day that is over, and every line is found as before', async () => {
    const runs = await putDay('merged');

    const report = await compactResults(only('merged'), DEADLINE);

    expect(report).toEqual({ compacted: 1, merged: 12, left: 0, tenantsLeft: 0, failures: [] });
    expect((await objectsOf('merged')).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^2026-11-20\.[0-9a-f]{32}\.ndjson\.gz$/),
    ]);
    expect(await hostsOf(runs)).toEqual(allHosts(runs));
    expect(await queriedHosts('merged')).toEqual(allHosts(runs).sort());
  });

  it('changes nothing the second time, and nothing of a day that is not over', async () => {
    await putDay('twice');
    await compactResults(only('twice'), DEADLINE);
    const before = await objectsOf('twice');

    const again = await compactResults(only('twice'), DEADLINE);
    const today = await putDay('today').then(() =>
      compactResults(only('today'), { ...DEADLINE, now: NOON + 6 * HOUR }),
    );

    expect(again).toMatchObject({ compacted: 0, merged: 0 });
    expect(await objectsOf('twice')).toEqual(before);
    expect(today).toMatchObject({ compacted: 0, merged: 0 });
    expect(await objectsOf('today')).toHaveLength(12);
  });

  it('bounds the size of an object', async () => {
    const runs = await putDay('bounded');
    const [{ bytes = 0 } = {}] = await objectsOf('bounded');

    await compactResults(only('bounded'), DEADLINE, Math.round(5.5 * bytes));

    const objects = await objectsOf('bounded');
    expect(objects).toHaveLength(3);
    expect(Math.max(...objects.map((object) => object.bytes))).toBeLessThan(5.5 * bytes);
    expect(await hostsOf(runs)).toEqual(allHosts(runs));
  });

  it('takes in a part that is written again later, instead of the lines that it had', async () => {
    const runs = await putDay('late');
    await compactResults(only('late'), DEADLINE, 1);
    const [first] = runs;
    if (first === undefined) throw new Error('There is no run.');
    await results.putShard(first, 1, [aResultLine({ host: 'i-new' }, first)]);
    expect(await hostsOf([first])).toEqual(['i-0-0', 'i-new', 'i-0-2']);

    const report = await compactResults(only('late'), DEADLINE);

    const expected = allHosts(runs).map((host) => (host === 'i-0-1' ? 'i-new' : host));
    expect(report).toMatchObject({ compacted: 1, merged: 1, failures: [] });
    expect(await hostsOf(runs)).toEqual(expected);
    expect(await queriedHosts('late')).toEqual(expected.toSorted());
  });

  it('keeps the lines of a bundle of which one shard is written again', async () => {
    const runs = await putDay('late-bundle');
    await compactResults(only('late-bundle'), DEADLINE);
    const [first] = runs;
    if (first === undefined) throw new Error('There is no run.');
    await results.putShard(first, 1, [aResultLine({ host: 'i-new' }, first)]);

    await compactResults(only('late-bundle'), DEADLINE);

    const expected = allHosts(runs).map((host) => (host === 'i-0-1' ? 'i-new' : host));
    expect(await hostsOf(runs)).toEqual(expected);
    expect(await queriedHosts('late-bundle')).toEqual(expected.toSorted());
  });

  it('leaves a part that was written while it ran to the next time', async () => {
    const runs = await putDay('during');
    const [first] = runs;
    if (first === undefined) throw new Error('There is no run.');
    const busy = only('during', {
      async putIndex(...args) {
        await results.putShard(first, 0, [aResultLine({ host: 'i-new' }, first)]);
        return archive.putIndex(...args);
      },
    });

    await compactResults(busy, DEADLINE);

    expect(await hostsOf(runs)).toEqual(['i-new', ...allHosts(runs).slice(1)]);
    await compactResults(only('during'), DEADLINE);
    expect(await hostsOf(runs)).toEqual(['i-new', ...allHosts(runs).slice(1)]);
    expect(await queriedHosts('during')).toEqual(['i-new', ...allHosts(runs).slice(1)].sort());
  });

  it('loses and doubles nothing, whichever of its calls it is killed at', async () => {
    for (let survives = 0; survives < 20; survives++) {
      const tenant = `killed-${survives}`;
      const runs = await putDay(tenant, 2);
      let calls = 0;
      const dying = only(
        tenant,
        killedAfter(() => ++calls > survives),
      );

      await compactResults(dying, DEADLINE);
      const afterwards = await hostsOf(runs);
      await compactResults(only(tenant), DEADLINE);

      expect(afterwards).toEqual(allHosts(runs));
      expect(await hostsOf(runs)).toEqual(allHosts(runs));
      expect(await queriedHosts(tenant)).toEqual(allHosts(runs).sort());
      expect(await objectsOf(tenant)).toHaveLength(1);
    }
  });

  it('loses and doubles nothing where two run at the same time', async () => {
    const runs = await putDay('raced');

    await Promise.all([1, 2, 3].map(() => compactResults(only('raced'), DEADLINE)));
    const afterwards = await hostsOf(runs);
    await compactResults(only('raced'), DEADLINE);

    expect(afterwards).toEqual(allHosts(runs));
    expect(await queriedHosts('raced')).toEqual(allHosts(runs).sort());
  });

  it('leaves a damaged object as it is, reports it, and merges the others', async () => {
    const runs = await putDay('damaged');
    await write(partKey('damaged', 1), 'not gzip');

    const { failures } = await compactResults(only('damaged'), DEADLINE);

    expect(failures.map(({ error }) => error.message)).toEqual([
      expect.stringContaining('20261120T120000Z/00001.ndjson.gz'),
    ]);
    expect((await objectsOf('damaged')).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^2026-11-20\./),
      '20261120T120000Z/00001.ndjson.gz',
    ]);
    expect(await hostsOf(runs.slice(1))).toEqual(allHosts(runs.slice(1)));
  });

  it('makes one gzip member of parts that have several', async () => {
    await putDay('members', 1);
    const line = (host: string) => gzipSync(`${JSON.stringify({ host })}\n`);
    await write(partKey('members', 1), Buffer.concat([line('i-1'), line('i-2'), line('i-3')]));

    await compactResults(only('members'), DEADLINE);

    expect(await objectsOf('members')).toHaveLength(1);
    expect(await queriedHosts('members')).toEqual(['i-0-0', 'i-0-2', 'i-1', 'i-2', 'i-3']);
  });

  it('writes the same object again where it was interrupted before its index', async () => {
    await putDay('same');
    const killed = async () => {
      throw new Error('killed');
    };
    const dying = only('same', { putIndex: killed });
    const mergedNames = async () =>
      (await objectsOf('same')).map(({ name }) => name).filter((name) => !name.includes('/'));

    await compactResults(dying, DEADLINE);
    const before = await mergedNames();
    await compactResults(only('same'), DEADLINE);

    expect(before).toHaveLength(1);
    expect(await mergedNames()).toEqual(before);
  });

  it('stops between two merged objects where time runs out, and changes nothing', async () => {
    const runs = await putDay('slow');
    let written = 0;
    const slow = only('slow', {
      async write(...args) {
        written++;
        return archive.write(...args);
      },
    });
    const remainingMs = () => (written > 1 ? 1000 : 300_000);

    const report = await compactResults(slow, { ...DEADLINE, remainingMs }, 1);

    expect(report).toMatchObject({ compacted: 0, left: 1, tenantsLeft: 1, failures: [] });
    expect(written).toBe(2);
    expect((await objectsOf('slow')).map(({ name }) => name.includes('/'))).toEqual(Array(12).fill(true));
    expect(await queriedHosts('slow')).toEqual(allHosts(runs).sort());
    await compactResults(only('slow'), DEADLINE);
    expect(await queriedHosts('slow')).toEqual(allHosts(runs).sort());
  });

  it('changes nothing where a merged object is damaged that has to be merged again, and reports it', async () => {
    const runs = await putDay('damaged-day');
    await compactResults(only('damaged-day'), DEADLINE);
    const [{ name, bytes } = { name: '', bytes: 0 }] = await objectsOf('damaged-day');
    const [first] = runs;
    if (first === undefined) throw new Error('There is no run.');
    await write(`results/tenant=damaged-day/date=${DAY}/aws/111122223333/eu-west-1/${name}`, Buffer.alloc(bytes));
    await results.putShard(first, 1, [aResultLine({ host: 'i-new' }, first)]);

    const { failures } = await compactResults(only('damaged-day'), DEADLINE);

    expect(failures.map(({ error }) => error.message)).toEqual([expect.stringContaining(name)]);
    expect((await objectsOf('damaged-day')).map((object) => object.name)).toEqual([
      name,
      '20261120T120000Z/00001.ndjson.gz',
    ]);
  });

  it('leaves the rest to the next time where time runs out', async () => {
    await putDay('late-hour');

    expect(await compactResults(only('late-hour'), { ...DEADLINE, remainingMs: () => 1000 })).toMatchObject({
      compacted: 0,
      tenantsLeft: 1,
    });
    expect(await objectsOf('late-hour')).toHaveLength(12);
  });

  it('takes back what it wrote where the index is not won, so that no line is queried twice', async () => {
    const runs = await putDay('lost');
    let written = 0;
    const losing = only('lost', {
      async write(...args) {
        written++;
        return archive.write(...args);
      },
      async putIndex(folder, index, expected) {
        if (index.shards.length > 0) await archive.putIndex(folder, { ...index, shards: [] }, expected);
        return archive.putIndex(folder, index, expected);
      },
    });

    const report = await compactResults(losing, DEADLINE);

    expect(report).toMatchObject({ compacted: 0, left: 1, failures: [] });
    expect(written).toBe(1);
    expect(await queriedHosts('lost')).toEqual(allHosts(runs).sort());
    await compactResults(only('lost'), DEADLINE);
    expect(await queriedHosts('lost')).toEqual(allHosts(runs).sort());
    expect(await hostsOf(runs)).toEqual(allHosts(runs));
  });

  it('takes back what it wrote where its index fails', async () => {
    const runs = await putDay('failed');
    const failing = only('failed', {
      async putIndex(folder, index, expected) {
        if (index.shards.length > 0) throw new Error('the bucket does not answer');
        return archive.putIndex(folder, index, expected);
      },
    });

    const report = await compactResults(failing, DEADLINE);

    expect(report.failures.map(({ error }) => error.message)).toEqual(['the bucket does not answer']);
    expect(await queriedHosts('failed')).toEqual(allHosts(runs).sort());
  });

  it('keeps what it wrote where an index that another run won names it', async () => {
    const runs = await putDay('shared');
    const second = only('shared', {
      async putIndex(...args) {
        await compactResults(only('shared'), DEADLINE);
        return archive.putIndex(...args);
      },
    });

    await compactResults(second, DEADLINE);

    expect(await queriedHosts('shared')).toEqual(allHosts(runs).sort());
    expect(await hostsOf(runs)).toEqual(allHosts(runs));
  });
});

/** Every call fails from a certain one on. */
function killedAfter(isKilled: () => boolean): Partial<ResultsArchive> {
  const dies = () => {
    if (isKilled()) throw new Error('killed');
  };
  return {
    async index(folder) {
      dies();
      return archive.index(folder);
    },
    async read(folder, name, part) {
      dies();
      return archive.read(folder, name, part);
    },
    async write(folder, name, bytes) {
      dies();
      return archive.write(folder, name, bytes);
    },
    async putIndex(folder, index, expected) {
      dies();
      return archive.putIndex(folder, index, expected);
    },
    async remove(folder, objects) {
      for (const object of objects) {
        dies();
        await archive.remove(folder, [object]);
      }
    },
  };
}
