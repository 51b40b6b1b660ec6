/**
 * When an early incident is over without a comparison having ended it: its host has a history of its own by then, or is gone. A
 * comparison may never come, because it was denied, found too few others, or was turned off.
 */
import type { Incident } from '../model/incident.ts';
import type { Inspected } from '../model/inspected-host.ts';
import { LOOK_BACK_HOURS } from '../model/policy.ts';
import { isResource } from '../model/series.ts';
import type { Observation } from './observation.ts';

const OWN_HISTORY_MS = LOOK_BACK_HOURS.least * 3_600_000;

export interface EarlyEnds {
  /** Takes the next reading of an inspection; returns the end of its host's early incident, where that is over. */
  seen(inspected: Inspected): Observation | undefined;
  /**
   * Ends of incidents whose host is gone.
   *
   * @param asOf The end of the window, epoch milliseconds.
   * @param listed Ids of all hosts of the scope. Absent: a host is gone that was in no reading. All readings must have been taken
   *   before, and none is gone where something could not be read, because the host may have been among it.
   */
  gone(asOf: number, listed?: ReadonlySet<string>): readonly Observation[];
}

/** @param open The incidents of the inspected scope that are not closed; others than early ones are left alone. */
export function createEarlyEnds(open: Iterable<Incident>): EarlyEnds {
  const early = new Map<string, Incident>();
  for (const incident of open) if (incident.key.finding === 'early') early.set(incident.key.host, incident);
  let isComplete = true;
  const endOf = (incident: Incident | undefined, kind: 'own_history' | 'gone', asOf: number): Observation[] =>
    incident && asOf - incident.since >= OWN_HISTORY_MS ? [{ kind, key: incident.key, asOf }] : [];

  return {
    seen(inspected) {
      const host = inspected.kind === 'evaluated' ? inspected.series.resource : hostOf(inspected);
      if (host === undefined) isComplete = false;
      const incident = host && early.get(host.id);
      if (host) early.delete(host.id);
      return inspected.kind === 'evaluated'
        ? endOf(incident, 'own_history', inspected.series.window.end)[0]
        : undefined;
    },
    gone(asOf, listed) {
      if (listed === undefined && !isComplete) return [];
      const gone = [...early.values()].filter(({ key }) => listed?.has(key.host) !== true);
      return gone.flatMap((incident) => endOf(incident, 'gone', asOf));
    },
  };
}

function hostOf(inspected: Exclude<Inspected, { readonly kind: 'evaluated' }>) {
  if (inspected.kind === 'not_monitored') return inspected.resource;
  return isResource(inspected.scope) ? inspected.scope : undefined;
}
