/** What was stored, as a source reads it: counted, until its time is over, and with the words of a source where it fails. */
import type { SampleChunk } from '../../core/model/sample-chunk.ts';
import type { Window } from '../../core/model/series.ts';
import { ItemError, SourceError, StoreError } from '../../core/ports/errors.ts';
import type { Meter } from '../../core/ports/memory-source.ts';
import type { SampleScope, SampleStore } from '../../core/ports/sample-store.ts';
import { unlessAborted } from '../reading/abort.ts';
import { OUT_OF_TIME } from '../reading/failure.ts';

/** Each throws `SourceError` where anything of it cannot be read: hosts whose samples are missing would pass for hosts that stopped. */
export interface StoredSamples {
  hosts(window: Window, meter: Meter, signal: AbortSignal): AsyncIterable<SampleChunk>;
  processes(host: string, window: Window, meter: Meter, signal: AbortSignal): AsyncIterable<SampleChunk>;
}

export function storedSamples({
  tenant,
  account,
  store,
}: SampleScope & { readonly store: Pick<SampleStore, 'hosts' | 'processes'> }): StoredSamples {
  const of = { tenant, account };
  return {
    hosts: (window, meter, signal) => counted(store.hosts(of, window), meter, signal),
    processes: (host, window, meter, signal) => counted(store.processes(of, host, window), meter, signal),
  };
}

async function* counted(
  chunks: AsyncIterable<SampleChunk>,
  meter: Meter,
  signal: AbortSignal,
): AsyncGenerator<SampleChunk> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    while (true) {
      const { done, value } = await unlessAborted(iterator.next(), signal);
      if (done === true) return;
      meter.count('ReadSamples');
      yield value;
    }
  } catch (error) {
    throw failureOf(error, signal);
  }
}

function failureOf(error: unknown, { aborted }: AbortSignal): unknown {
  if (aborted) {
    const { reason, retryable, detail } = OUT_OF_TIME;
    return new SourceError(`The samples could not be read: ${detail}.`, { reason, retryable, cause: error });
  }
  if (!(error instanceof StoreError)) return error;
  const isDamaged = error instanceof ItemError;
  return new SourceError(error.message, {
    reason: isDamaged ? 'malformed' : 'unavailable',
    retryable: !isDamaged,
    cause: error,
  });
}
