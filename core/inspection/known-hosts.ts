/**
 * Which hosts a run of the schedule listed, so that the next one recognizes those that are new: started, tagged so that a filter
 * admits them, or started again. They have no turn to wait for, and may replace one that is gone. As hashes: 4 bytes a host, of which one in 4,000 million pairs is equal; such a host waits for its turn.
 */
import type { RunRef } from '../model/run-ref.ts';
import { StoreError } from '../ports/errors.ts';
import type { PlannedHost } from '../ports/memory-source.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { hashOf } from './cadence.ts';

const NAME = 'listed';

/** Hashes in one line of the object, which stays below a megabyte whatever the region. */
const AT_ONCE = 50_000;

/** A bucket that does not answer keeps no run from inspecting: the next one goes by turns alone. */
export async function rememberHosts(
  run: RunRef,
  hosts: readonly PlannedHost[],
  work: Pick<WorkStore, 'put'>,
): Promise<void> {
  const hashes = Uint32Array.from(hosts, ({ resource }) => hashOf(resource));
  const lines = Array.from({ length: Math.ceil(hashes.length / AT_ONCE) }, (_, index) =>
    encode(hashes.subarray(index * AT_ONCE, (index + 1) * AT_ONCE)),
  );
  await unlessFailed(work.put(run, NAME, lines));
}

/** Hashes of the hosts that the run listed; undefined where that is not known. */
export async function rememberedHosts(
  run: RunRef,
  work: Pick<WorkStore, 'get'>,
): Promise<ReadonlySet<number> | undefined> {
  const lines = await unlessFailed(work.get(run, NAME));
  if (lines === undefined || !lines.every((line) => typeof line === 'string')) return undefined;
  return new Set(lines.flatMap((line) => [...decode(line)]));
}

function encode(hashes: Uint32Array): string {
  return Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength).toString('base64');
}

function decode(line: string): Uint32Array {
  const bytes = Uint8Array.from(Buffer.from(line, 'base64'));
  return new Uint32Array(bytes.buffer, 0, Math.floor(bytes.length / Uint32Array.BYTES_PER_ELEMENT));
}

async function unlessFailed<Value>(call: Promise<Value>): Promise<Value | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}
