/** A bucket in memory: what stores over S3 keep, without a cloud. */
import type { Bucket } from '../../adapters/s3/bucket.ts';

export function createMemoryBucket(): Bucket & { readonly keys: () => string[] } {
  const objects = new Map<string, { readonly bytes: Uint8Array; readonly version: string }>();
  let writes = 0;
  const put = (key: string, bytes: Uint8Array) => {
    const version = String(++writes);
    objects.set(key, { bytes, version });
    return version;
  };
  const below = (prefix: string) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  return {
    keys: () => below(''),
    addressOf: (key) => `memory:${key}`,
    put: async (key, body) => put(key, body),
    async putIf(key, body, version) {
      if (objects.get(key)?.version !== version) return 'conflict';
      put(key, body);
      return 'stored';
    },
    async find(key, part) {
      const found = objects.get(key);
      return found && { ...found, bytes: found.bytes.subarray(part?.start, part?.end) };
    },
    async *list(prefix) {
      yield below(prefix).map((key) => ({ key, version: objects.get(key)?.version ?? '', bytes: 0 }));
    },
    async *subfolders(prefix) {
      yield* new Set(below(prefix).map((key) => key.slice(0, key.indexOf('/', prefix.length) + 1)));
    },
    async remove(some) {
      for (const { key } of some) objects.delete(key);
    },
  };
}
