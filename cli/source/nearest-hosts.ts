/** The hosts whose ids or names come nearest to one that nobody has: what was mistyped, and what may have been meant. */

import { createMeter } from '../../core/inspection/run-summary.ts';
import { inspectionSpans } from '../../core/inspection/window.ts';
import type { HostFilter } from '../../core/model/host-filter.ts';
import { isResource, type Reading, type Resource } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { nearestOf } from '../../core/tenants/near-names.ts';
import type { Selection, Target } from './targets.ts';

/** The nearest first; empty where nothing comes near. */
export async function nearestHosts(
  typed: string,
  selection: Pick<Selection, 'targets' | 'scheduledTime' | 'hostIds'>,
  signal: AbortSignal,
): Promise<string[]> {
  const known = new Set(selection.hostIds?.keys());
  for (const target of selection.targets) {
    for (const { id, name } of await hostsNear(typed, target, selection.scheduledTime, signal)) {
      known.add(id);
      if (name !== undefined) known.add(name);
    }
  }
  return nearestOf(typed, [...known]);
}

/** Where reading costs money, only hosts that differ in one or two neighbouring characters are read: a source reads what it lists. */
async function hostsNear(
  typed: string,
  target: Target,
  scheduledTime: number,
  signal: AbortSignal,
): Promise<Resource[]> {
  const { source, metric, policies } = target;
  const { evaluated: span } = inspectionSpans(scheduledTime, source, policies.common);
  const filters = source.price === undefined ? target.filters : [...target.filters, differingByOneSlip(typed)];
  const hosts: Resource[] = [];
  try {
    for await (const reading of source.read({ metric, span, filters }, createMeter(), signal)) {
      const host = hostOf(reading);
      if (host !== undefined) hosts.push(host);
    }
  } catch (error) {
    // What cannot be read has no hosts to suggest; the failure itself is reported already.
    if (!(error instanceof SourceError)) throw error;
  }
  return hosts;
}

function hostOf(reading: Reading): Resource | undefined {
  if (reading.kind !== 'unreadable') return reading.resource;
  return isResource(reading.scope) ? reading.scope : undefined;
}

/** Anything, or nothing, instead of up to two neighbouring characters. */
function differingByOneSlip(typed: string): HostFilter {
  const patterns = Array.from({ length: typed.length + 1 }, (_, at) =>
    [0, 2].map((taken) => `${typed.slice(0, at)}*${typed.slice(at + taken)}`),
  ).flat();
  return { include: [...new Set(patterns)].flatMap((pattern) => [{ id: pattern }, { name: pattern }]) };
}
