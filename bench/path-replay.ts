/** One host's verdicts, hour by hour, through the path to a subscriber. Everything that decides about incidents is called from here. */
import { observe } from '../core/incidents/observation.ts';
import { transition } from '../core/incidents/transition.ts';
import type { ChangeKind } from '../core/model/change.ts';
import type { Severity } from '../core/model/finding.ts';
import { type Incident, incidentId } from '../core/model/incident.ts';
import type { Evaluated } from '../core/model/inspected-host.ts';
import type { Verdict } from '../core/model/verdict.ts';
import { type BenchSeries, windowEnds } from './data.ts';
import { AS_ADAPTERS, feedable, windowOf } from './feeds.ts';

/** An event as a subscriber receives it. */
export interface Received {
  /** Seconds from the start of the series. */
  readonly at: number;
  readonly kind: ChangeKind;
  readonly severity: Severity;
  readonly pages: boolean;
  /** The same for all events of one incident: the incident's id. */
  readonly incident: string;
}

export interface PathOptions {
  readonly recoverAfter: number;
}

/** What wakes somebody up: each growth that opens, and one that gets critical. */
function isPage(kind: ChangeKind, severity: Severity): boolean {
  return kind === 'opened' || (kind === 'worse' && severity === 'critical');
}

/** @param verdicts One for each of the series' `windowEnds`. */
export function replayPath(
  series: BenchSeries,
  verdicts: readonly Verdict[],
  { recoverAfter }: PathOptions,
): Received[] {
  const given = feedable(series, AS_ADAPTERS);
  const received: Received[] = [];
  let incident: Incident | undefined;
  for (const [index, at] of windowEnds(series).entries()) {
    const verdict = verdicts[index];
    if (verdict === undefined) throw new RangeError(`${series.id}: there is no verdict for its hour ${index}`);
    const window = windowOf(given, at, AS_ADAPTERS.hours);
    const resource = series.group === undefined ? window.resource : { ...window.resource, group: series.group };
    const evaluated: Evaluated = { kind: 'evaluated', series: { ...window, resource }, verdict };
    const observation = observe('bench', evaluated);
    const next = transition(incident, observation, recoverAfter, window.window.end);
    if (next.outcome === 'unchanged') continue;
    // Every event is sent at once.
    incident = { ...next.incident, undecided: [], outbox: [] };
    if (next.outcome === 'updated') continue;
    const { severity, key, episode } = incident;
    const kind = next.outcome;
    received.push({ at, kind, severity, pages: isPage(kind, severity), incident: incidentId(key, episode) });
  }
  return received;
}
