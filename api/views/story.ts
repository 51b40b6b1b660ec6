/** One incident as its page shows it: what a person who was paged needs, without a read of the cloud. */
import { curveOf, type IncidentCurve } from '../../core/incidents/curve.ts';
import type { Described, Story } from '../../core/incidents/incident-story.ts';
import { restartByOf } from '../../core/incidents/restart-windows.ts';
import type { Brief } from '../../core/messages/brief.ts';
import { briefOf } from '../../core/messages/compose-brief.ts';
import { hostName } from '../../core/messages/locations.ts';
import { shortId } from '../../core/messages/short-id.ts';
import { formatTime } from '../../core/messages/times.ts';
import type { Incident } from '../../core/model/incident.ts';
import { isDecided } from '../../core/model/incident-event.ts';
import { summaryOf } from '../../core/model/incident-summary.ts';
import { isoText } from '../../core/model/notation.ts';
import type { Resource } from '../../core/model/series.ts';
import type { StoredTenant } from '../../core/model/tenant.ts';
import { alertsOf } from '../../core/tenants/alerts.ts';
import type { IncidentRow, IncidentView } from '../contract/incidents.ts';
import { hostRef, incidentRef } from '../refs.ts';
import { commandsOf } from './commands.ts';
import { cyclesOf } from './cycles.ts';
import { exhaustionView, hostView, moment } from './host.ts';
import { incidentRow } from './incident.ts';

type Facts = Omit<IncidentView, 'marks' | 'mutes' | 'labels' | 'related' | 'links'>;

const MINUTE = 60_000;
const HOUR = 3_600_000;

export interface StoryOptions {
  readonly stored: StoredTenant;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Of the deployment; undefined where it is not known. */
  readonly stage: string | undefined;
}

/** Undefined where neither the item nor the log has anything of the incident but what people did. */
export function storyView(story: Story, { stored, now, stage }: StoryOptions): Facts | undefined {
  const row = rowOf(story);
  if (row === undefined) return undefined;
  const { described, current, isCurrent } = story;
  const [newest] = described;
  const brief = newest && briefOf(newest.body, now);
  const own = isCurrent ? current : undefined;
  const curve = curveOf(story);
  const steps = row.status === 'closed' ? [] : (brief?.steps ?? []);
  return {
    ...row,
    isCurrent,
    headline: brief ? headlineText(brief, now) : `incident of ${hostName(hostOf(story))}`,
    // The commands that steps end with stand by themselves.
    steps: steps.map(({ text }) => text.replace(/:$/, '.')),
    acknowledged: acknowledgedOf(own),
    body: newest?.body ?? null,
    lastLeak: curve?.data.leak ?? null,
    cycles: cyclesOf(story),
    curve: curve ? curveView(curve) : null,
    restartBy: restartByView(story, { stored, now }, curve),
    commands: commandsOf(story, steps, stage),
    labelsOfHost: { ...hostOf(story).labels },
    durationHours: durationOf(row, now),
  };
}

/** It states what was so at its change: figures that are read anew beside it are others. */
function headlineText({ headline, time }: Brief, now: number): string {
  const seenAt = Date.parse(time);
  return now - seenAt < MINUTE ? headline : `${headline}, as of ${formatTime(seenAt)}`;
}

/** The host as it is known best. */
export function hostOf({ current, described: [newest], named }: Story): Resource {
  const { provider, account, region, host: id } = named.key;
  return current?.resource ?? newest?.body.data.host ?? { provider, account, region, id };
}

function rowOf(story: Story): IncidentRow | undefined {
  const { current, isCurrent, described } = story;
  const host = hostView(hostOf(story));
  if (current !== undefined && isCurrent) return { ...incidentRow(summaryOf(current)), host };
  const [newest] = described;
  return newest && pastRow(story, newest, described.at(-1) ?? newest, host);
}

/** Of an incident whose host has a later one: what its log shows. */
function pastRow(
  { named: { key, episode, id }, events }: Story,
  { change: newest }: Described,
  { change: oldest }: Described,
  host: IncidentRow['host'],
): IncidentRow {
  const changes = events.filter(isDecided);
  const opened = changes.filter(({ change }) => change.kind === 'opened').map(({ change }) => change.at);
  const sent = changes.filter(({ kind, body }) => kind === 'change' && body !== undefined);
  return {
    ref: incidentRef(id),
    id,
    shortId: shortId(id),
    host: { ...host, ref: hostRef({ ...key, id: key.host }) },
    metric: key.metric,
    finding: key.finding,
    status: 'closed',
    severity: newest.severity,
    episode,
    cycle: newest.cycles.cycle,
    since: isoText(oldest.cycles.firstAt),
    cycleSince: isoText(oldest.cycles.firstAt),
    openedAt: moment(opened[0] ?? null),
    endedAt: isoText(newest.at),
    lastChangeAt: isoText(newest.at),
    lastNotifiedAt: moment(sent[0]?.change.recordedAt ?? null),
    acknowledgedBy: null,
    owner: null,
    fleet: null,
  };
}

function acknowledgedOf(current: Incident | undefined): IncidentView['acknowledged'] {
  if (!current?.acknowledged) return null;
  const { by, at, note } = current.acknowledged;
  return { by, at: isoText(at), note };
}

/** Values of a curve at most: what a screen has columns for, several times over. */
const MOST_VALUES = 2000;

/** Samples on a grid, null where none is. */
function curveView(curve: IncidentCurve): NonNullable<IncidentView['curve']> {
  const { samples, unit, evaluated, onset, exhaustion, level } = curve;
  const first = samples[0]?.[0] ?? curve.last;
  const length = Math.floor((curve.last - first) / curve.periodMs) + 1;
  const step = Math.max(1, Math.ceil(length / MOST_VALUES)) * curve.periodMs;
  const values: (number | null)[] = Array.from({ length: Math.floor((curve.last - first) / step) + 1 }, () => null);
  for (const [at, value] of samples) values[Math.floor((at - first) / step)] = value;
  return {
    unit,
    curve: { start: isoText(first), periodSeconds: step / 1000, values: samples.length === 0 ? [] : values },
    evaluated: { start: isoText(evaluated.start), end: isoText(evaluated.end) },
    onset: onset && { start: isoText(onset.start), end: isoText(onset.end) },
    exhaustion: exhaustion && exhaustionView(exhaustion),
    level,
  };
}

/** By the config as it is now; null where it is over, and where nobody knows when the memory is full. */
function restartByView(
  story: Story,
  { stored: { config }, now }: Pick<StoryOptions, 'stored' | 'now'>,
  curve: IncidentCurve | undefined,
): IncidentView['restartBy'] {
  const growing = story.described.find(({ change }) => change.leak !== undefined);
  if (growing === undefined || !curve?.exhaustion) return null;
  const host = hostOf(story);
  const found = restartByOf(growing.change, host, alertsOf(config, host));
  if (found === undefined) return null;
  const { at, window } = found;
  return {
    at: isoText(at),
    window:
      window && window.end > now ? { name: window.name, start: isoText(window.start), end: isoText(window.end) } : null,
  };
}

/** From the exception to the recovery, or to now. */
function durationOf({ since, endedAt, status }: IncidentRow, now: number): number {
  const isOver = endedAt !== null && (status === 'watched' || status === 'closed');
  return Math.max(0, ((isOver ? Date.parse(endedAt) : now) - Date.parse(since)) / HOUR);
}
