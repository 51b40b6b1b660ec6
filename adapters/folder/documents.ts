/** Small documents of tenants as objects of a bucket, one each: recordings and ingest tokens of a folder. */
import type * as z from 'zod';
import { parseInput } from '../../core/model/issues.ts';
import { tenantIdSchema } from '../../core/model/tenant.ts';
import { ItemError, StoreError } from '../../core/ports/errors.ts';
import type { Bucket } from '../s3/bucket.ts';
import { storable } from '../s3/ndjson.ts';

/** Changes of one document at the same time are a handful at the most. */
const TRIES = 5;

export interface Documents<Value> {
  get(tenant: string, id: string): Promise<Value | undefined>;
  /** In the order of their ids. */
  list(tenant: string): Promise<readonly Value[]>;
  put(tenant: string, id: string, value: Value): Promise<void>;
  /** Replaces it by what `change` makes of it as it is now. Undefined where it is gone. */
  change(tenant: string, id: string, change: (now: Value) => Value): Promise<Value | undefined>;
  remove(tenant: string, id: string): Promise<void>;
}

/** All throw `StoreError`. @param kind The folder of the documents. */
export function createDocuments<Schema extends z.ZodType>(
  bucket: Bucket,
  kind: string,
  schema: Schema,
): Documents<z.output<Schema>> {
  async function read(key: string): Promise<z.output<Schema> | undefined> {
    const found = await bucket.find(key);
    return found === undefined ? undefined : parse(found.bytes, schema, bucket.addressOf(key));
  }

  function packed(key: string, value: z.output<Schema>): Uint8Array {
    return Buffer.from(`${JSON.stringify(storable(schema, value, bucket.addressOf(key)))}\n`);
  }

  return {
    get: (tenant, id) => read(keyOf(kind, tenant, id)),

    async list(tenant) {
      const values: z.output<Schema>[] = [];
      for await (const page of bucket.list(folderOf(kind, tenant))) {
        for (const { key } of page) {
          const value = await read(key);
          // Removed since it was listed.
          if (value !== undefined) values.push(value);
        }
      }
      return values;
    },

    async put(tenant, id, value) {
      const key = keyOf(kind, tenant, id);
      await bucket.put(key, packed(key, value));
    },

    async change(tenant, id, change) {
      const key = keyOf(kind, tenant, id);
      for (let tries = 0; tries < TRIES; tries++) {
        const found = await bucket.find(key);
        if (found === undefined) return undefined;
        const value = change(parse(found.bytes, schema, bucket.addressOf(key)));
        if ((await bucket.putIf(key, packed(key, value), found.version)) === 'stored') return value;
      }
      throw new StoreError(`${bucket.addressOf(key)} changes each time that it is read: try again later.`);
    },

    remove: (tenant, id) => bucket.remove([{ key: keyOf(kind, tenant, id) }]),
  };
}

function parse<Schema extends z.ZodType>(bytes: Uint8Array, schema: Schema, address: string): z.output<Schema> {
  const parsed = parseInput(schema, jsonOf(bytes, address));
  if (parsed.success) return parsed.data;
  throw new ItemError(`${address} is not what Plimsoll has written: move it or delete it.`);
}

function jsonOf(bytes: Uint8Array, address: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch (error) {
    throw new ItemError(`${address} is not JSON: move it or delete it.`, { cause: error });
  }
}

function folderOf(kind: string, tenant: string): string {
  return `${kind}/tenant=${tenantIdSchema.parse(tenant)}/`;
}

function keyOf(kind: string, tenant: string, id: string): string {
  return `${folderOf(kind, tenant)}${encodeURIComponent(id)}.json`;
}
