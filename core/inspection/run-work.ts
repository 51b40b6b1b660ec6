/** Reads what a run works with: parts of its listing, and the hosts of its shards. */
import type { Json } from '../model/json.ts';
import type { RunRef } from '../model/run-ref.ts';
import { StoreError } from '../ports/errors.ts';
import type { WorkStore } from '../ports/work-store.ts';

/** The value that was parsed. Throws `StoreError` where another version wrote it in another way. */
export function parsed<Value>(
  result: { readonly success: true; readonly data: Value } | { readonly success: false; readonly error: Error },
  name: string,
): Value {
  if (result.success) return result.data;
  throw new StoreError(`${name} is not as this version writes it. Its run is closed as partial later.`, {
    cause: result.error,
  });
}

/** Throws `StoreError` where it is gone: work is kept for longer than any run lasts. */
export async function requireWork(run: RunRef, name: string, work: WorkStore): Promise<readonly Json[]> {
  const values = await work.get(run, name);
  if (values !== undefined) return values;
  const { account, region } = run.scope;
  throw new StoreError(
    `What the inspection of ${account} ${region ?? ''} works with is not there any more: ${name}. Its run is closed as partial later.`,
  );
}

/** The value, or what the store failed with. Every other error is thrown. */
export async function orStoreError<Value>(work: Promise<Value>): Promise<Value | StoreError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
}

/** What the store failed with; undefined where it did not. Every other error is thrown. */
export async function storeFailure(write: Promise<void>): Promise<StoreError | undefined> {
  const outcome = await orStoreError(write);
  return outcome instanceof StoreError ? outcome : undefined;
}
