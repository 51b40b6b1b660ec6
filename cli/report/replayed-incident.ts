/** What a replay would have reported of a host, as the incident that it would have been. */
import type { EventView, IncidentView } from '../../api/contract/incidents.ts';
import { incidentRef } from '../../api/refs.ts';
import { hostView } from '../../api/views/host.ts';
import type { Episode } from '../../core/backtest/episode.ts';
import type { Replayed } from '../../core/backtest/hosts.ts';
import { leakFacts } from '../../core/incidents/change-facts.ts';
import { hostName } from '../../core/messages/locations.ts';
import { shortId } from '../../core/messages/short-id.ts';
import type { ChangeKind } from '../../core/model/change.ts';
import type { Severity } from '../../core/model/finding.ts';
import { incidentId } from '../../core/model/incident.ts';
import { isoText } from '../../core/model/notation.ts';
import type { Notification } from '../../core/model/notification.ts';
import type { Resource, Series } from '../../core/model/series.ts';

export interface ReplayedIncident {
  readonly resource: Resource;
  readonly view: IncidentView;
  /** The latest first. */
  readonly events: readonly EventView[];
}

interface Terms {
  readonly tenant: string;
  readonly metric: string;
  /** Epoch milliseconds: the end of the replay. */
  readonly asOf: number;
}

const HOUR = 3_600_000;

/** The last incident of the host, with all of its cycles; undefined where none would have been reported. */
export function replayedIncident({ series, replays }: Replayed, terms: Terms): ReplayedIncident | undefined {
  const episodes = replays[0]?.episodes ?? [];
  const last = episodes.at(-1);
  if (last === undefined) return undefined;
  const cycles = episodes.filter(({ story }) => story === last.story);
  const row = rowOf(series, cycles, last, terms);
  const body = bodyOf(series, last, row, terms);
  const view: IncidentView = {
    ...row,
    ...NOTHING_KNOWN,
    headline: `${hostName(series.resource)} grows like a leak`,
    body,
    lastLeak: body.data.leak ?? null,
    cycles: cycles.map(cycleView),
    curve: curveOf(body),
    labelsOfHost: { ...series.resource.labels },
    durationHours: ((last.endedAt ?? terms.asOf) - Date.parse(row.since)) / HOUR,
  };
  return { resource: series.resource, view, events: cycles.flatMap((cycle) => eventsOf(cycle, view)).reverse() };
}

/** Of what recorded series do not have. */
const NOTHING_KNOWN = {
  isCurrent: true,
  steps: [],
  acknowledged: null,
  restartBy: null,
  marks: [],
  mutes: [],
  labels: [],
  related: [],
  links: [],
  commands: [],
} satisfies Partial<IncidentView>;

function rowOf({ resource }: Series, cycles: readonly Episode[], last: Episode, { tenant, metric }: Terms) {
  const { provider, account, region, id: host } = resource;
  const id = incidentId({ tenant, provider, account, region, host, metric, finding: 'leak' }, last.story);
  const firstAt = startOf(cycles[0] ?? last);
  const lastChange = Math.max(startOf(last), last.openedAt ?? 0, last.endedAt ?? 0, ...last.worse.map(({ at }) => at));
  return {
    ref: incidentRef(id),
    id,
    shortId: shortId(id),
    host: hostView(resource),
    metric,
    finding: 'leak' as const,
    status:
      last.endedAt !== null ? ('closed' as const) : last.openedAt === null ? ('suspected' as const) : ('open' as const),
    severity: last.severity,
    episode: last.story,
    cycle: last.cycle,
    since: isoText(firstAt),
    cycleSince: isoText(startOf(last)),
    openedAt: last.openedAt === null ? null : isoText(last.openedAt),
    endedAt: last.endedAt === null ? null : isoText(last.endedAt),
    lastChangeAt: isoText(lastChange),
    lastNotifiedAt: null,
    acknowledgedBy: null,
    owner: null,
    fleet: null,
  };
}

/** When it was first reported. */
function startOf({ suspectedAt, openedAt }: Episode): number {
  return Math.min(suspectedAt ?? Number.POSITIVE_INFINITY, openedAt ?? Number.POSITIVE_INFINITY);
}

function cycleView(episode: Episode): IncidentView['cycles'][number] {
  const { cycle, openedAt, endedAt, end, severity } = episode;
  return {
    cycle,
    startedAt: isoText(startOf(episode)),
    openedAt: openedAt === null ? null : isoText(openedAt),
    endedAt: endedAt === null ? null : isoText(endedAt),
    ended: end?.how ?? null,
    grewHours: end?.ageHours ?? null,
    severity,
  };
}

/** The evidence of the inspection that opened it, as a message states it. */
function bodyOf(
  series: Series,
  { evidence, openedAt, severity }: Episode,
  row: ReturnType<typeof rowOf>,
  { tenant }: Terms,
): Notification {
  const { resource, metric, unit } = series;
  const grade = openedAt === null ? 'suspected' : 'confirmed';
  const verdict = { state: 'leaking' as const, grade, evidence } as const;
  const window = evidence.evaluated;
  const kind = openedAt === null ? 'suspected' : 'opened';
  return {
    specversion: '1.0',
    id: `${row.id}/1`,
    source: `/plimsoll/${tenant}`,
    type: `plimsoll.memory_leak.${kind}`,
    subject: resource.id,
    time: isoText(window.end),
    datacontenttype: 'application/json',
    data: {
      kind,
      finding: 'leak',
      incident: row.id,
      episode: row.episode,
      transition: 1,
      tenant,
      severity,
      metric,
      host: resource,
      since: row.since,
      summary: `Memory of ${hostName(resource)} grows like a leak`,
      leak: leakFacts({ kind: 'leak', tenant, resource, metric, unit, severity, verdict, window }),
    },
  };
}

function curveOf({ data: { leak } }: Notification): IncidentView['curve'] {
  if (leak === undefined) return null;
  const { unit, evaluated, onset, exhaustion, level } = leak;
  return {
    unit,
    curve: { start: evaluated.end, periodSeconds: 900, values: [level] },
    evaluated,
    onset: onset && { start: onset.earliest, end: onset.latest },
    exhaustion:
      exhaustion.kind === 'expected'
        ? { earliest: exhaustion.earliest, likely: exhaustion.likely, latest: exhaustion.latest }
        : null,
    level,
  };
}

interface ReplayedChange {
  readonly kind: ChangeKind;
  readonly at: number | null;
  readonly severity: Severity;
}

/** In the order of time. */
function eventsOf(episode: Episode, view: IncidentView): EventView[] {
  const { severity, cycle, story } = episode;
  const changes: readonly ReplayedChange[] = [
    { kind: 'suspected', at: episode.suspectedAt, severity },
    { kind: 'opened', at: episode.openedAt, severity },
    ...episode.worse.map((worse): ReplayedChange => ({ kind: 'worse', ...worse })),
    { kind: episode.openedAt === null ? 'cleared' : 'recovered', at: episode.endedAt, severity },
  ];
  return changes.flatMap(({ kind, at, severity: own }, number) =>
    at === null
      ? []
      : {
          id: `${view.id}/${cycle}/${kind}/${at}`,
          at: isoText(at),
          kind: 'change' as const,
          incident: view.ref,
          host: view.host,
          headline: `${hostName(view.body?.data.host ?? { id: view.host.id })}: would have been reported as ${kind}`,
          change: { number: number + 1, kind, severity: own, grade: null, cycle, episode: story },
          decision: null,
          action: null,
          by: null,
          reason: null,
          body: null,
        },
  );
}
