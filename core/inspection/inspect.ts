/** Reads the hosts of one source and judges each: a stream in, a stream out. One host that cannot be read never stops the others. */

import { detect } from '../detector/detect.ts';
import type { HostFilter } from '../model/host-filter.ts';
import { type Evaluated, type Inspected, isLeaking, type LeakingHost } from '../model/inspected-host.ts';
import type { Policy } from '../model/policy.ts';
import { isResource, type Reading, type Resource } from '../model/series.ts';
import { SourceError } from '../ports/errors.ts';
import type { MemorySource, Meter } from '../ports/memory-source.ts';
import { explainLeaks } from './attribute-leaks.ts';
import { EVALUATED, SHOWN, spanEndingBefore } from './window.ts';

export interface InspectRequest {
  readonly source: MemorySource;
  /** Epoch milliseconds: when the inspection was due, not when it runs. */
  readonly scheduledTime: number;
  readonly filters: readonly HostFilter[];
  readonly policy: Policy;
  readonly meter: Meter;
  /** Whether it is worth its price to ask who grew on a leaking host. Absent: it always is. */
  readonly worthExplaining?: (host: LeakingHost) => boolean;
}

/**
 * Yields one result per host in scope. Leaking hosts come last, because their finer samples are read in one go
 * after the coarse pass, and then their consumers: samples are billed per metric, so they are asked for suspects alone.
 */
export async function* inspect(
  request: InspectRequest,
  signal?: AbortSignal,
): AsyncGenerator<Inspected, void, undefined> {
  const suspects: LeakingHost[] = [];
  for await (const reading of readWithin(request, signal)) {
    if (reading.kind !== 'series') {
      yield reading;
      continue;
    }
    const evaluated: Evaluated = { kind: 'evaluated', series: reading, verdict: detect(reading, request.policy) };
    if (isLeaking(evaluated)) suspects.push(evaluated);
    else yield evaluated;
  }
  const { source, meter, worthExplaining: wanted } = request;
  const hosts = await withRecent(suspects, request, signal);
  yield* explainLeaks(hosts, { source, meter, ...(wanted && { wanted }) }, signal);
}

/** The coarse pass. A source that gives up becomes an unreadable scope, so that what came before it still counts. */
async function* readWithin(request: InspectRequest, signal?: AbortSignal): AsyncGenerator<Reading, void, undefined> {
  const { source, scheduledTime, policy, filters, meter } = request;
  const span = spanEndingBefore(scheduledTime, source.ingestionDelayMs, policy.lookBackHours, EVALUATED);
  try {
    yield* source.read({ span, filters }, meter, signal);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    yield { kind: 'unreadable', scope: source.scope, reason: error.reason, detail: error.message };
  }
}

async function withRecent(
  suspects: readonly LeakingHost[],
  request: InspectRequest,
  signal?: AbortSignal,
): Promise<LeakingHost[]> {
  if (suspects.length === 0) return [];
  const recents = await readRecent(suspects, request, signal);
  return suspects.map((suspect) => {
    const recent = recents.get(hostKey(suspect.series.resource));
    return recent === undefined ? suspect : { ...suspect, recent };
  });
}

/** The finer samples of the suspects by their place. Failing here costs the picture, never the finding. */
async function readRecent(
  suspects: readonly Evaluated[],
  { source, scheduledTime, policy, filters, meter }: InspectRequest,
  signal?: AbortSignal,
): Promise<Map<string, Reading>> {
  const span = spanEndingBefore(scheduledTime, source.ingestionDelayMs, policy.shownHours, SHOWN);
  const only: HostFilter = { include: suspects.map(({ series }) => ({ id: series.resource.id })) };
  const readings = new Map<string, Reading>();
  try {
    for await (const reading of source.read({ span, filters: [...filters, only] }, meter, signal)) {
      const scope = reading.kind === 'unreadable' ? reading.scope : reading.resource;
      if (isResource(scope)) readings.set(hostKey(scope), reading);
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { reason, message: detail } = error;
    for (const { resource } of suspects.map(({ series }) => series)) {
      if (!readings.has(hostKey(resource)))
        readings.set(hostKey(resource), { kind: 'unreadable', scope: resource, reason, detail });
    }
  }
  return readings;
}

/** Two accounts, or two recorded files, may know hosts by the same id. */
function hostKey({ account, region, id }: Resource): string {
  return JSON.stringify([account, region, id]);
}
