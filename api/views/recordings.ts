/** Recordings as answers show them. */

import { isoText } from '../../core/model/notation.ts';
import type { ArchivedHour, RecordedSample, Recording } from '../../core/model/recording.ts';
import type { SentProcess } from '../../core/model/sample.ts';
import type { InsufficientReason, Verdict } from '../../core/model/verdict.ts';
import type { RecordedHost } from '../../core/ports/recording-store.ts';
import { type Figure, figureOf } from '../../core/recordings/archive.ts';
import { DEMO_ID } from '../../core/recordings/demo.ts';
import type { ProcessHistory } from '../../core/recordings/history.ts';
import { endOf } from '../../core/recordings/match.ts';
import { type EvaluatedProcess, newestFigures, newestOf } from '../../core/recordings/verdicts.ts';
import type {
  ProcessSamplesView,
  ProcessSummaryView,
  RecordedHostView,
  RecordedProcessView,
  RecordingView,
} from '../contract/recordings.ts';
import { moment } from './host.ts';

/** @param now Epoch milliseconds. */
export function recordingView(recording: Recording, now: number): RecordingView {
  const { id, name, selection, startedBy, startedAt, stoppedBy = null, stoppedAt = null } = recording;
  return {
    id,
    name,
    state: stateOf(recording, now),
    demo: id === DEMO_ID,
    selection: { ...selection, from: isoText(selection.from), to: isoText(selection.to) },
    startedBy,
    startedAt: isoText(startedAt),
    stoppedBy,
    stoppedAt: moment(stoppedAt),
  };
}

function stateOf(recording: Recording, now: number): RecordingView['state'] {
  if (now >= endOf(recording)) return 'ended';
  return now < recording.selection.from ? 'waiting' : 'running';
}

/** @param evaluated Null where they were not read. */
export function recordedHostView(
  { host, liveDays, archivedDays }: RecordedHost,
  evaluated: readonly EvaluatedProcess[] | null,
): RecordedHostView {
  const days = liveDays.map(({ day }) => day);
  const name = evaluated?.findLast(({ history }) => history.hostName !== undefined)?.history.hostName ?? null;
  const kept = { liveDays: days, archivedDays: [...archivedDays] };
  return { host, name, ...kept, processes: evaluated?.map(processSummary) ?? null };
}

/** A process has no limit that anybody knows: no time is estimated at which it is reached. */
const NO_LIMIT = 'The limit of the process is not known, so that no time is estimated at which it is reached.';

function processSummary({ history, evaluated, verdict, ended }: EvaluatedProcess): ProcessSummaryView {
  const figures = newestFigures(history);
  const newest = { time: isoText(newestOf(history)), ...columns<number | null>((figure) => figures[figure] ?? null) };
  const facts = { process: processView(history.process), newest, evaluated: evaluated ?? null };
  if (verdict === undefined || verdict.state === 'insufficient_data')
    return { ...facts, ...NO_VERDICT, reason: reasonText(verdict, ended) };
  const { confidence, growthPerHour: growth, onset } = verdict.evidence;
  return {
    ...facts,
    verdict: verdict.state,
    grade: verdict.state === 'leaking' ? verdict.grade : null,
    confidence,
    growth: growth.estimate,
    growthLow: growth.low,
    growthHigh: growth.high,
    since: moment(onset?.start ?? null),
    reason: null,
    missing: NO_LIMIT,
  };
}

const NO_VERDICT = {
  verdict: 'insufficient',
  grade: null,
  confidence: null,
  growth: null,
  growthLow: null,
  growthHigh: null,
  since: null,
  missing: null,
} as const satisfies Partial<ProcessSummaryView>;

const REASONS: Readonly<Record<InsufficientReason, string>> = {
  no_samples: 'There are no samples of the last days.',
  too_short: 'There are too few hours of samples: a verdict needs nine.',
  stale: 'Its newest sample is hours older than that of its host.',
  too_many_gaps: 'Samples of more than half of the last hours are missing.',
  malformed: 'Its samples cannot be evaluated.',
};

function reasonText(verdict: Extract<Verdict, { state: 'insufficient_data' }> | undefined, ended: boolean): string {
  if (verdict === undefined) return 'Its samples have neither data and stack nor the resident memory.';
  return ended ? 'The process ended, or is sampled no more.' : REASONS[verdict.reason];
}

function processView(process: SentProcess): RecordedProcessView {
  const { name, pid, parentPid = null, startedAt = null, command = null } = process;
  return { name, pid, parentPid, startedAt: moment(startedAt), command };
}

export function processSamplesView({ process, live, archived }: ProcessHistory): ProcessSamplesView {
  const figures = (figure: Figure) => live.map((sample: RecordedSample) => figureOf(sample, figure) ?? null);
  return {
    process: processView(process),
    live: { times: live.map(({ time }) => isoText(time)), ...columns(figures) },
    archived: archived.map((hour: ArchivedHour) => ({
      hour: isoText(hour.hour),
      samples: hour.samples,
      ...columns((figure) => hour[figure] ?? null),
    })),
  };
}

/** A value for each figure. */
function columns<Value>(of: (figure: Figure) => Value): Record<Figure, Value> {
  return { data: of('data'), stack: of('stack'), used: of('used'), resident: of('resident'), swap: of('swap') };
}
