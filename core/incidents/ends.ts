/**
 * What ends incidents without a verdict of their hosts' own, or reports that there is none. An early incident is over once its host has a
 * history of its own, or is gone: a comparison may never come, because it was denied, found too few others, or was turned off. The leak
 * of a host that is gone is over, and of one that sends no samples nothing is known. Anomalies are ended by the jobs that inspect their
 * hosts; an inspection of memory, which comes to every account, ends those of hosts that are gone, and that no job has inspected for days.
 */
import type { Incident } from '../model/incident.ts';
import { type Inspected, resourceOf } from '../model/inspected-host.ts';
import { LOOK_BACK_HOURS } from '../model/policy.ts';
import type { NotMonitored } from '../model/series.ts';
import { ABANDONED_MS } from './anomaly-step.ts';
import type { Observation } from './observation.ts';

const OWN_HISTORY_MS = LOOK_BACK_HOURS.least * 3_600_000;

/** Reasons for which a host that had samples has none. */
const WITHOUT_SAMPLES: ReadonlySet<NotMonitored['reason']> = new Set(['stopped_reporting', 'not_reported']);

export interface Ends {
  /** Takes the next reading of an inspection; returns what it means for incidents of its host, beside its verdict. */
  seen(inspected: Inspected): readonly Observation[];
  /**
   * What it means that hosts are gone.
   *
   * @param listed Ids of all hosts of the scope. Absent: a host is gone that was in no reading. All readings must have been taken
   *   before, and none is gone where something could not be read, because the host may have been among it.
   */
  gone(listed?: ReadonlySet<string>): readonly Observation[];
}

/**
 * @param open The incidents of the inspected scope that are not closed.
 * @param asOf The end of the inspected window, epoch milliseconds.
 */
export function createEnds(open: Iterable<Incident>, asOf: number): Ends {
  const byHost = Map.groupBy(open, ({ key }) => key.host);
  const seen = new Set<string>();
  let isComplete = true;

  return {
    seen(inspected) {
      const host = resourceOf(inspected)?.id;
      if (host === undefined) isComplete = false;
      else if (byHost.has(host)) seen.add(host);
      const incidents = byHost.get(host ?? '') ?? [];
      return incidents.flatMap((incident) => observedOf(incident, inspected, asOf) ?? []);
    },
    gone(listed) {
      const abandoned = [...byHost.values()].flat().flatMap((one) => abandonedOf(one, asOf) ?? []);
      if (listed === undefined && !isComplete) return abandoned;
      const isGone = (host: string) => !seen.has(host) && listed?.has(host) !== true;
      const gone = [...byHost].flatMap(([host, incidents]) => (isGone(host) ? incidents : []));
      return [...gone.flatMap((incident) => goneOf(incident, asOf) ?? []), ...abandoned];
    },
  };
}

function abandonedOf({ key, asOf: before }: Incident, asOf: number): Observation | undefined {
  return key.finding === 'anomaly' && asOf - before > ABANDONED_MS ? { kind: 'abandoned', key, asOf } : undefined;
}

function observedOf({ key, since }: Incident, inspected: Inspected, asOf: number): Observation | undefined {
  if (inspected.kind === 'evaluated') {
    const at = inspected.series.window.end;
    return key.finding === 'early' && at - since >= OWN_HISTORY_MS ? { kind: 'own_history', key, asOf: at } : undefined;
  }
  const isWithout = inspected.kind === 'not_monitored' && WITHOUT_SAMPLES.has(inspected.reason);
  return isWithout && key.finding === 'leak' ? { kind: 'no_verdict', key, asOf } : undefined;
}

/** A new host may not be listed yet. Of fleets the policy decides. */
function goneOf({ key, since }: Incident, asOf: number): Observation | undefined {
  if (key.finding === 'fleet' || (key.finding === 'early' && asOf - since < OWN_HISTORY_MS)) return undefined;
  return { kind: 'gone', key, asOf };
}
