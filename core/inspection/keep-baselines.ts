/** Makes what a run has learned count, when it closes: its manifest names objects that are there, and nothing else. */
import { type BaselineManifest, type BaselineVersion, MOST_VERSIONS } from '../model/host-baseline.ts';
import type { RunRef } from '../model/run-ref.ts';
import type { BaselineStore } from '../ports/baseline-store.ts';
import { StoreError } from '../ports/errors.ts';
import { deepMomentOf } from './deep-moment.ts';
import type { CloseHook } from './region-run.ts';

const DAY_MS = 86_400_000;

/** Versions this much older than the newest are left out, but for the one before it: hosts take a day to be read where quiet ones take turns. */
const KEPT_MS = 3 * DAY_MS;
/** Objects are deleted a day later (infra/results-bucket.yml). */
const STORED_MS = 7 * DAY_MS;

/** Writes that are tried when another run of the same account and region wins the race. */
const ATTEMPTS = 4;

/** The hook is harmless when it is repeated. Throws `StoreError` where the store fails. */
export function createBaselineHook(store: BaselineStore): CloseHook {
  return async ({ run, parts }) => {
    if (parts.length === 0) return;
    const version = { slot: run.scheduledTime, moment: deepMomentOf(run), parts };
    await putVersion(store, run, version, () => false);
  };
}

/**
 * States in the manifest that a run begins to read deeply, before it costs anything: where that cannot be written, nothing that is read could
 * be kept, and where nothing else is written, the next runs know that it was tried. Throws `StoreError`.
 */
export async function beginDeepRead(store: BaselineStore, run: RunRef): Promise<void> {
  const slot = run.scheduledTime;
  const isBegun = (manifest: BaselineManifest | undefined) =>
    manifest?.versions.some((one) => one.slot === slot) === true;
  await putVersion(store, run, { slot, moment: deepMomentOf(run), parts: [] }, isBegun);
}

async function putVersion(
  store: BaselineStore,
  run: RunRef,
  version: BaselineVersion,
  isDone: (manifest: BaselineManifest | undefined) => boolean,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = await store.manifest(run);
    if (isDone(before?.value)) return;
    if ((await store.putManifest(run, withVersion(before?.value, version), before?.version)) === 'stored') return;
  }
  const { account, region } = run.scope;
  throw new StoreError(
    `The baselines of ${account} ${region ?? ''} of tenant ${run.tenant} were changed by others ${ATTEMPTS} times in a row; the run is tried again.`,
  );
}

/** The newest first; a version of the same slot is replaced. */
export function withVersion(before: BaselineManifest | undefined, version: BaselineVersion): BaselineManifest {
  const all = [version, ...(before?.versions ?? []).filter(({ slot }) => slot !== version.slot)];
  const sorted = all.toSorted((a, b) => b.slot - a.slot);
  const newest = sorted[0]?.slot ?? version.slot;
  const kept = new Set([...sorted.slice(0, 2), ...sorted.filter(({ parts }) => parts.length > 0).slice(0, 2)]);
  const versions = sorted
    .filter((one) => newest - one.slot < (kept.has(one) ? STORED_MS : KEPT_MS))
    .slice(0, MOST_VERSIONS);
  return { version: 1, versions };
}
