/** What recordings select on a host. The recordings of a tenant are read once for all of its hosts that ask within some seconds. */
import { LRUCache } from 'lru-cache';
import type { Recording } from '../core/model/recording.ts';
import type { RecordingStore } from '../core/ports/recording-store.ts';
import type { SelectionSource } from '../core/ports/selection-source.ts';
import { selectionsFor } from '../core/recordings/selections.ts';

/** Milliseconds: hosts ask once a minute, and a recording that is started begins within so much more. */
const KEPT_MS = 15_000;

const MOST_TENANTS = 200;

export function createSelectionSource(recordings: Pick<RecordingStore, 'list'>): SelectionSource {
  const kept = new LRUCache<string, { readonly list: readonly Recording[]; readonly until: number }>({
    max: MOST_TENANTS,
  });
  return {
    async of(host, now) {
      const { tenant } = host;
      let known = kept.get(tenant);
      if (known === undefined || known.until <= now) {
        known = { list: await recordings.list(tenant), until: now + KEPT_MS };
        kept.set(tenant, known);
      }
      return selectionsFor(known.list, host, now);
    },
  };
}
