/** What recordings select on a host. The recordings of a tenant are read once for all of its hosts that ask within some seconds. */
import { LRUCache } from 'lru-cache';
import type { Recording } from '../core/model/recording.ts';
import type { RecordingStore } from '../core/ports/recording-store.ts';
import type { SelectionSource } from '../core/ports/selection-source.ts';
import { IDLE_S, selectionsFor } from '../core/recordings/selections.ts';

/** Milliseconds: a recording that is started or stopped reaches a host so much later. */
const KEPT_MS = 15_000;

const MOST_TENANTS = 200;

/** @param idleS Seconds after which a host requests again on which nothing is recorded. */
export function createSelectionSource(recordings: Pick<RecordingStore, 'list'>, idleS = IDLE_S): SelectionSource {
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
      return selectionsFor(known.list, host, now, idleS);
    },
  };
}
