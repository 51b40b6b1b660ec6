/** Recordings as the pages show them: texts of a selection, the order of processes, and what is kept of each. */
import type {
  ProcessSamplesView,
  ProcessSummaryView,
  RecordedHostView,
  RecordedProcessView,
  RecordingView,
} from '../api/contract/recordings.ts';
import { formatDuration } from '../core/messages/times.ts';

/** What of a process is shown: `used` is data and stack together. */
export const FIGURES = ['used', 'data', 'stack', 'resident'] as const;
export type Figure = (typeof FIGURES)[number];

export const FIGURE_NAMES: Readonly<Record<Figure, string>> = {
  used: 'used (data + stack)',
  data: 'data',
  stack: 'stack',
  resident: 'resident',
};

type Selection = RecordingView['selection'];

/** `web-* with team=web`: a pattern of names and the same one of ids are one text. */
export function hostsText({ hosts }: Selection): string {
  const texts = hosts.map(({ name, id, group, labels = {} }) => {
    const [pattern] = [name ?? id];
    const facts = [
      ...(group === undefined ? [] : [`group ${group}`]),
      ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    ].join(', ');
    if (pattern === undefined) return facts;
    return facts === '' ? pattern : `${pattern} with ${facts}`;
  });
  return [...new Set(texts)].join(', ');
}

/** `node, java*, process 4711 with its children`. */
export function processesText({ processes }: Selection): string {
  return processes
    .map(({ name, pid, tree }) => {
      const parts = [...(name === undefined ? [] : [name]), ...(pid === undefined ? [] : [`process ${pid}`])];
      return `${parts.join(' ')}${tree === true ? ' with what it starts' : ''}`;
    })
    .join(', ');
}

/** `every minute`, `every 5 s`. */
export function everyText({ everyS }: Selection): string {
  return everyS < 60 ? `every ${everyS} s` : `every ${formatDuration(everyS * 1000)}`;
}

export function processKey({ name, pid, startedAt }: RecordedProcessView): string {
  return `${name} ${pid} ${startedAt ?? ''}`;
}

/** How a process is marked, as hosts are. */
type ProcessState = 'leaking' | 'suspected' | 'steady' | 'insufficient_data';

export function stateOf({ verdict, grade }: ProcessSummaryView): ProcessState {
  if (verdict === 'leaking') return grade === 'suspected' ? 'suspected' : 'leaking';
  return verdict === 'insufficient' ? 'insufficient_data' : 'steady';
}

const ORDER: readonly ProcessState[] = ['leaking', 'suspected', 'steady', 'insufficient_data'];

/** Those that leak first, then the largest. */
export function inOrder(processes: readonly ProcessSummaryView[]): readonly ProcessSummaryView[] {
  const sizeOf = ({ newest: { used, resident } }: ProcessSummaryView) => used ?? resident ?? 0;
  return processes.toSorted((a, b) => ORDER.indexOf(stateOf(a)) - ORDER.indexOf(stateOf(b)) || sizeOf(b) - sizeOf(a));
}

/** How many processes of a host leak or may leak; undefined where they were not evaluated. */
export function leaksOf({ processes }: RecordedHostView): number | undefined {
  return processes?.filter(({ verdict }) => verdict === 'leaking').length;
}

export interface Kept {
  readonly live: boolean;
  readonly archived: boolean;
}

/** What is kept of each process, by its key. */
export function keptOf(processes: readonly ProcessSamplesView[]): ReadonlyMap<string, Kept> {
  return new Map(
    processes.map(({ process, live, archived }) => [
      processKey(process),
      { live: live.times.length > 0, archived: archived.length > 0 },
    ]),
  );
}

/** `2026-11-27 to 2026-11-29`, with how many where days are missing between them. */
export function daysText(days: readonly string[]): string {
  const sorted = days.toSorted();
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return '–';
  if (first === last) return first;
  const span = Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000) + 1;
  return span === sorted.length ? `${first} to ${last}` : `${first} to ${last} (${sorted.length} days)`;
}

/** The figure that is shown first: used where a process states it, else resident. */
export function defaultFigure(processes: readonly ProcessSamplesView[]): Figure {
  const hasUsed = processes.some(
    ({ live, archived }) => live.used.some((value) => value !== null) || archived.some(({ used }) => used !== null),
  );
  return hasUsed ? 'used' : 'resident';
}
