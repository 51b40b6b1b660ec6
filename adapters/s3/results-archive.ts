/** Past results over S3: lists, conditional writes, and deletion where nothing was written since. */
import { dayIndexSchema } from '../../core/model/day-index.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { ArchivedObject, DayFolder, ResultsArchive } from '../../core/ports/results-archive.ts';
import { type Bucket, type BucketOptions, type ListedObject, openBucket } from './bucket.ts';
import { dayFolder, tenantFolder } from './keys.ts';
import { jsonGzip, jsonValue, storable } from './ndjson.ts';
import { createPacker, unpackShard } from './single-member.ts';

/** `results/tenant=acme/`. */
const TENANT = /^results\/tenant=([^/]+)\/$/;

/** A part's key ends in the folder of its run and its shard, and that of what was merged in its name alone. */
const NAME = /^(.*?\/.*?\/.*?)\/((?:[^/]+\/)?[^/]+)$/;

/** Of the index, beside the heads of the day's runs: it is no object that a query reads. */
function indexKey({ tenant, day, folder }: DayFolder): string {
  return `${dayFolder('heads', tenant, day)}${folder}/${day}.index.json.gz`;
}

export function createResultsArchive(options: BucketOptions): ResultsArchive {
  const bucket = openBucket(options);
  return {
    ...openObjects(bucket),
    ...openIndices(bucket),
    unpack: unpackShard,
    packer: createPacker,
    purge: (tenant) => purge(bucket, tenant),
  };
}

type ObjectsOf = Pick<ResultsArchive, 'tenants' | 'folders' | 'read' | 'write' | 'remove'>;

function openObjects(bucket: Bucket): ObjectsOf {
  const keyOf = ({ tenant, day, folder }: DayFolder, name: string) =>
    `${dayFolder('results', tenant, day)}${folder}/${name}`;
  return {
    async *tenants() {
      for await (const folder of bucket.subfolders('results/')) {
        const [, tenant] = TENANT.exec(folder) ?? [];
        if (tenant !== undefined) yield tenant;
      }
    },

    folders: (tenant, day) => foldersOf(bucket, tenant, day),

    read: (folder, name, part) => bucket.find(keyOf(folder, name), part),

    write: (folder, name, bytes) => bucket.put(keyOf(folder, name), bytes),

    remove: (folder, objects) =>
      bucket.remove(objects.map(({ name, version }) => ({ key: keyOf(folder, name), version }))),
  };
}

function openIndices(bucket: Bucket): Pick<ResultsArchive, 'index' | 'putIndex'> {
  return {
    async index(folder) {
      const key = indexKey(folder);
      const found = await bucket.find(key);
      if (found === undefined) return undefined;
      const packed = { bytes: found.bytes, address: bucket.addressOf(key), schema: dayIndexSchema };
      return { value: await jsonValue(packed), version: found.version };
    },

    async putIndex(folder, index, expected) {
      const key = indexKey(folder);
      const value = storable(dayIndexSchema, index, bucket.addressOf(key));
      return bucket.putIf(key, await jsonGzip(value), expected);
    },
  };
}

/** Heads hold the indices: without them what is left of the results is not found any more. */
/** All of a tenant. */
const KINDS = ['results', 'heads', 'work', 'baselines', 'samples', 'recordings', 'anomalies', 'points'] as const;

async function purge(bucket: Bucket, tenant: string): Promise<number> {
  let removed = 0;
  for (const kind of KINDS) {
    for await (const page of bucket.list(tenantFolder(kind, tenant))) {
      await bucket.remove(page.map(({ key }) => ({ key })));
      removed += page.length;
    }
  }
  return removed;
}

/** Keys come in order, so that those of a folder come together. */
async function* foldersOf(bucket: Bucket, tenant: string, day: string) {
  const root = dayFolder('results', tenant, day);
  let folder: DayFolder | undefined;
  let objects: ArchivedObject[] = [];
  for await (const page of bucket.list(root)) {
    for (const object of page) {
      const [name, of] = splitKey(bucket, root, object);
      if (folder !== undefined && folder.folder !== of) {
        yield { folder, objects };
        objects = [];
      }
      folder = { tenant, day, folder: of };
      objects.push({ name, version: object.version, bytes: object.bytes });
    }
  }
  if (folder !== undefined) yield { folder, objects };
}

function splitKey(bucket: Bucket, root: string, { key }: ListedObject): [name: string, folder: string] {
  const [, folder, name] = NAME.exec(key.slice(root.length)) ?? [];
  if (folder !== undefined && name !== undefined) return [name, folder];
  throw new ItemError(`${bucket.addressOf(key)} is not named as Plimsoll names its results; move it or delete it.`);
}
