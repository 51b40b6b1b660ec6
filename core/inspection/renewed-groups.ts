/** Which groups have hosts that the run before did not list: a host of such a group that is gone was replaced. */
import type { RunRef } from '../model/run-ref.ts';
import { StoreError } from '../ports/errors.ts';
import type { PlannedHost } from '../ports/memory-source.ts';
import type { RunLog } from '../ports/run-log.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { hashOf } from './cadence.ts';
import { rememberedHosts } from './known-hosts.ts';

export interface RenewalPorts {
  readonly runs: RunLog;
  readonly work: Pick<WorkStore, 'get'>;
}

/** None where it is not known what the run before listed: it keeps no end of an incident back. */
export async function renewedGroups(
  run: RunRef,
  hosts: readonly PlannedHost[],
  ports: RenewalPorts,
): Promise<ReadonlySet<string>> {
  const known = await listedBefore(run, ports);
  if (known === undefined) return new Set();
  return new Set(
    hosts.flatMap(({ resource }) =>
      resource.group === undefined || known.has(hashOf(resource)) ? [] : [resource.group],
    ),
  );
}

async function listedBefore(run: RunRef, { runs, work }: RenewalPorts): Promise<ReadonlySet<number> | undefined> {
  try {
    const [before] = await runs.newest(run.tenant, run.scope, 1, run.scheduledTime - 1);
    // Of a run that was partial, hosts may be missing in the list.
    if (before?.outcome !== 'complete') return undefined;
    return await rememberedHosts({ ...run, scheduledTime: before.scheduledTime }, work);
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}
