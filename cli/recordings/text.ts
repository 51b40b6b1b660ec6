/** Recordings, and the processes of one, as tables. */
import type { ProcessSummaryView, RecordedHostView, RecordingView } from '../../api/contract/recordings.ts';
import { formatMinute } from '../../core/messages/times.ts';
import { counted, formatGrowth, formatLevel } from '../../core/messages/units.ts';
import { callerName } from '../caller-name.ts';
import type { Column } from '../render/table.ts';
import { harmless } from '../render/text.ts';

/** One line: what is recorded, and from when to when. */
export function recordingTitle(recording: RecordingView): string {
  const { id, name, state, selection, stoppedAt } = recording;
  const end = stoppedAt ?? selection.to;
  const span = `${minuteOf(selection.from)} to ${minuteOf(end)} UTC`;
  return `recording ${id} (${harmless(name)}): ${state}, ${span}, ${processesText(recording)} of account ${harmless(selection.account)}`;
}

function processesText({ selection }: RecordingView): string {
  const texts = selection.processes.map(({ name, pid, tree }) => {
    const text = [name, ...(pid === undefined ? [] : [`pid ${pid}`])].filter((part) => part !== undefined).join(' ');
    return `${harmless(text)}${tree ? ' and its children' : ''}`;
  });
  return texts.join(', ');
}

function minuteOf(iso: string): string {
  return formatMinute(Date.parse(iso));
}

export const LIST_COLUMNS: readonly Column<RecordingView>[] = [
  { title: 'id', text: ({ id }) => id },
  { title: 'name', text: ({ name }) => harmless(name), leastWidth: 16 },
  { title: 'state', text: ({ state }) => state },
  { title: 'processes', text: processesText, leastWidth: 16, expendable: 3 },
  { title: 'account', text: ({ selection }) => harmless(selection.account) },
  { title: 'from (UTC)', text: ({ selection }) => minuteOf(selection.from) },
  { title: 'to (UTC)', text: ({ selection, stoppedAt }) => minuteOf(stoppedAt ?? selection.to) },
  { title: 'started by', text: ({ startedBy }) => callerName(startedBy, 40), expendable: 1 },
];

/** A process of a host. */
export interface ProcessRow {
  readonly host: RecordedHostView;
  readonly summary: ProcessSummaryView;
}

export function hostRows(host: RecordedHostView): ProcessRow[] {
  return (host.processes ?? []).map((summary) => ({ host, summary }));
}

export const SHOW_COLUMNS: readonly Column<ProcessRow>[] = [
  { title: 'host', text: ({ host }) => harmless(host.name ?? host.host), leastWidth: 12, overflow: 'below' },
  { title: 'process', text: ({ summary }) => harmless(summary.process.name), leastWidth: 12 },
  { title: 'pid', text: ({ summary }) => String(summary.process.pid), align: 'right' },
  { title: 'data', text: ({ summary }) => bytesText(summary.newest.data), align: 'right' },
  { title: 'stack', text: ({ summary }) => bytesText(summary.newest.stack), align: 'right', expendable: 2 },
  { title: 'used', text: ({ summary }) => bytesText(summary.newest.used), align: 'right' },
  { title: 'resident', text: ({ summary }) => bytesText(summary.newest.resident), align: 'right', expendable: 3 },
  { title: 'growth', text: ({ summary }) => growthText(summary), align: 'right' },
  {
    title: 'verdict',
    text: ({ summary }) => verdictText(summary),
    tone: ({ summary }) => (summary.verdict === 'leaking' ? 'bad' : undefined),
    leastWidth: 20,
    overflow: 'wrap',
  },
  { title: 'kept', text: ({ host }) => keptText(host), expendable: 1 },
];

function bytesText(bytes: number | null): string {
  return bytes === null ? '-' : formatLevel(bytes, 'By');
}

function growthText({ growth }: ProcessSummaryView): string {
  return growth === null ? '-' : formatGrowth(growth, 'By');
}

function verdictText({ verdict, since, reason }: ProcessSummaryView): string {
  if (verdict === 'leaking') return `grows like a leak${since === null ? '' : ` since ${minuteOf(since)}`}`;
  return verdict === 'steady' ? 'steady' : (reason ?? 'no verdict');
}

function keptText({ liveDays, archivedDays }: RecordedHostView): string {
  return `${counted(liveDays.length, 'day')} live, ${archivedDays.length} archived`;
}
