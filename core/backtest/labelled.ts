/** What labels state of hosts over a time: that they leak, or that they are healthy. A backtest is compared with it. Pure. */

import { isHostOf } from '../incidents/policy/match.ts';
import type { DecidedChange } from '../incidents/policy/report.ts';
import type { HostRule } from '../model/host-filter.ts';
import { incidentId } from '../model/incident.ts';
import { parseIncidentId } from '../model/incident-id.ts';
import { type Label, statesLeak } from '../model/mute.ts';
import type { Resource } from '../model/series.ts';

const HOUR = 3_600_000;

/** What was reported of an incident at one threshold may be reported so much earlier at a lesser one. */
const BEFORE_MS = 24 * HOUR;

/** How long the growth of an incident is taken to have lasted before its label, where its log is forgotten. */
const FORGOTTEN_MS = 7 * 24 * HOUR;

/** A label with the time, in epoch milliseconds, and the hosts that it holds for. */
export interface LabelledTime {
  readonly label: string;
  /** Whether the hosts leak; they are healthy else. */
  readonly leak: boolean;
  readonly from: number;
  readonly to: number;
  /** Which hosts may match, for a source. */
  readonly rules: readonly HostRule[];
  matches(host: Resource): boolean;
}

/**
 * Of labels on incidents the time from a day before the first change to the last one or to the label, and the incident's own host; of labels on
 * hosts the time that they name. The last label on the same incident or hosts counts. What no label states is not known: times outside are
 * neither leak nor health.
 *
 * @param span What is replayed: times are bounded by it, and those outside are left out.
 */
export function labelledTimes(
  labels: readonly Label[],
  changes: readonly DecidedChange[],
  span: { readonly from: number; readonly to: number },
): LabelledTime[] {
  const spans = spansOfIncidents(changes);
  const last = new Map(
    labels
      .toSorted((a, b) => a.at - b.at)
      .map((label) => [label.subject.incident ?? JSON.stringify(label.subject), label]),
  );
  return timesWithin(
    [...last.values()].flatMap((label) => timeOf(label, spans) ?? []),
    span,
  );
}

/** The parts of the times that are replayed: of what lies outside nobody knows what would have been reported. */
export function timesWithin(
  times: readonly LabelledTime[],
  span: { readonly from: number; readonly to: number },
): LabelledTime[] {
  return times
    .map((time) => ({ ...time, from: Math.max(time.from, span.from), to: Math.min(time.to, span.to) }))
    .filter(({ from, to }) => from < to);
}

function timeOf(label: Label, spans: ReadonlyMap<string, Span>): LabelledTime | undefined {
  const { id, subject, at, from, to } = label;
  const leak = statesLeak(label);
  if (subject.incident === undefined) {
    const rules = rulesOf(label);
    // Of a label without a beginning nobody stated what was before it, but for a leak that was known by then.
    const begin = from ?? (leak ? 0 : at);
    const matches = (host: Resource) => isHostOf(subject, host);
    return { label: id, leak, from: begin, to: to ?? Number.MAX_SAFE_INTEGER, rules, matches };
  }
  const named = parseIncidentId(subject.incident);
  if (named === undefined || named.key.finding !== 'leak') return undefined;
  const { provider, account, region, host } = named.key;
  const known = spans.get(subject.incident);
  return {
    label: id,
    leak,
    from: known === undefined ? at - FORGOTTEN_MS : known.from - BEFORE_MS,
    to: Math.max(at, known?.to ?? at),
    rules: [{ id: escapedGlob(host) }],
    matches: (one) => one.provider === provider && one.account === account && one.region === region && one.id === host,
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function spansOfIncidents(changes: readonly DecidedChange[]): Map<string, Span> {
  const spans = new Map<string, Span>();
  for (const { key, change } of changes) {
    const id = incidentId(key, change.episode);
    const known = spans.get(id);
    const from = Math.min(known?.from ?? change.at, change.at);
    spans.set(id, { from, to: Math.max(known?.to ?? change.at, change.at) });
  }
  return spans;
}

/** The host of a label is a pattern of its id or of its name. */
function rulesOf({ subject: { host, group, labels } }: Label): HostRule[] {
  const both = { ...(group !== undefined && { group }), ...(labels !== undefined && { labels }) };
  return host === undefined
    ? [both]
    : [
        { ...both, id: host },
        { ...both, name: host },
      ];
}

/** A filter knows no escapes: a pattern that is in an id stands for any character, and `matches` narrows it. */
function escapedGlob(id: string): string {
  return id.replaceAll('*', '?');
}
