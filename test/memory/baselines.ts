/** The store of baselines in memory. What is kept is a copy, as it would be read back. */
import * as z from 'zod';
import { baselineManifestSchema, hostBaselineSchema } from '../../core/model/host-baseline.ts';
import type { BaselineScope, BaselineSlot, BaselineStore } from '../../core/ports/baseline-store.ts';
import { ItemError } from '../../core/ports/errors.ts';

export function createMemoryBaselineStore(): BaselineStore {
  const parts = new Map<string, string>();
  const manifests = new Map<string, { readonly text: string; readonly version: string }>();
  const recordsSchema = z.array(hostBaselineSchema);
  let writes = 0;
  return {
    async putPart(of, shard, records) {
      const written = z.safeEncode(recordsSchema, [...records]);
      if (!written.success) throw new ItemError('a record would not be read back', { cause: written.error });
      parts.set(partKey(of, shard), JSON.stringify(written.data));
    },
    async part(of, shard) {
      const text = parts.get(partKey(of, shard));
      return text === undefined ? undefined : recordsSchema.parse(JSON.parse(text));
    },
    async manifest(of) {
      const found = manifests.get(scopeKey(of));
      return found && { value: baselineManifestSchema.parse(JSON.parse(found.text)), version: found.version };
    },
    async putManifest(of, manifest, expected) {
      const key = scopeKey(of);
      if (manifests.get(key)?.version !== expected) return 'conflict';
      const text = JSON.stringify(z.encode(baselineManifestSchema, manifest));
      manifests.set(key, { text, version: String(++writes) });
      return 'stored';
    },
  };
}

function scopeKey({ tenant, scope: { provider, account, region } }: BaselineScope): string {
  return JSON.stringify([tenant, provider, account, region]);
}

function partKey(of: BaselineSlot, shard: number): string {
  return JSON.stringify([scopeKey(of), of.slot, shard]);
}
