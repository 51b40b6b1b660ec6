/** When the samples of trace files end, where no option states it: the window ends there, and what it leaves out is reported. */
import { basename } from 'node:path';
import type { TraceOptions } from '../../adapters/trace-file/options.ts';
import { type RecordingEnd, type Survey, surveyTraces } from '../../adapters/trace-file/survey.ts';
import { STALE_AFTER_MS } from '../../core/detector/detect.ts';
import { EVALUATED } from '../../core/inspection/window.ts';
import { formatDuration, formatTime } from '../../core/messages/times.ts';
import type { CommandContext } from '../context.ts';
import { wrap } from '../render/text.ts';
import { textWidth } from '../terminal.ts';

/** The option that states when the samples end, for what is reported about it. */
export type EndOption = '--at' | '--to';

/** Samples that are newer than all others by more than this may have a wrong time. */
const LONE_AFTER_MS = 86_400_000;

/** A sample from further ahead than clocks differ has a wrong time. */
const AHEAD_MS = 86_400_000;

/** Remarks on how files are read that are printed. */
const MOST_REMARKS = 10;

/**
 * The end of the period that holds the newest sample, so that the window holds it too; undefined where no sample has a time.
 * Notes how the files are read. @param endOption Undefined where the end is given: it is not commented on then.
 */
export async function endOfTraces(
  files: readonly string[],
  options: TraceOptions,
  { terminal, signal, now }: Pick<CommandContext, 'terminal' | 'signal' | 'now'>,
  endOption: EndOption | undefined,
): Promise<number | undefined> {
  const survey = await surveyTraces(files, { ...options, notAfter: now + AHEAD_MS }, signal);
  const notes = [...remarkNotes(survey.remarks), ...(endOption === undefined ? [] : endNotes(survey, endOption))];
  for (const note of notes) terminal.note(wrap(`note: ${note}`, textWidth(terminal), '  '));
  return survey.recorded && endOfPeriod(survey.recorded.end);
}

function remarkNotes(remarks: readonly string[]): string[] {
  const more = remarks.length - MOST_REMARKS;
  return more > 0 ? [...remarks.slice(0, MOST_REMARKS), `${more} more remarks on how files are read.`] : [...remarks];
}

function endNotes({ recorded, future }: Survey, endOption: EndOption): string[] {
  const ends = recorded && (loneNote(recorded, endOption) ?? earlyNote(recorded, endOption));
  return [future && futureNote(future), ends].filter((note) => note !== undefined);
}

/** A sample of the future would move the window to where there is nothing else. */
function futureNote({ count, latest, file }: NonNullable<Survey['future']>): string {
  const what = count === 1 ? '1 sample is' : `${count.toLocaleString('en')} samples are`;
  return `${what} dated after today, up to ${formatTime(latest)} in ${basename(file)}: the window ends with the newest of the others.`;
}

/**
 * A sample with a wrong time moves the window away from all others; because it may as well be the first one after an outage
 * it is reported, with what to do about it, and not passed over.
 */
function loneNote({ end, endBefore = end }: RecordingEnd, endOption: EndOption): string | undefined {
  if (end - endBefore <= LONE_AFTER_MS) return undefined;
  return (
    `the newest sample, of ${formatTime(end - 1)}, is ${formatDuration(end - endBefore)} newer than all others, and the ` +
    `window ends with it. If its time is wrong, evaluate the others with ${endOption} ${asOption(endBefore)}.`
  );
}

/** Files that end long before the others do have no verdict as of then. */
function earlyNote({ end, files }: RecordingEnd, endOption: EndOption): string | undefined {
  const newest = files.find((file) => file.end === end);
  const [early, ...others] = files.filter((file) => file.end < end - STALE_AFTER_MS).sort((a, b) => b.end - a.end);
  if (newest === undefined || early === undefined) return undefined;
  const more = others.length === 0 ? '' : `, as ${others.length} more do`;
  return (
    `the window ends with the newest sample of ${basename(newest.file)}, of ${formatTime(end - 1)}. ${basename(early.file)} ` +
    `ends at ${formatTime(early.end - 1)}${more}: too early for a verdict as of then. Give it alone, or ${endOption} ${asOption(early.end)}.`
  );
}

function asOption(epochMs: number): string {
  return new Date(endOfPeriod(epochMs)).toISOString().replace('.000', '');
}

function endOfPeriod(epochMs: number): number {
  return Math.ceil(epochMs / EVALUATED.periodMs) * EVALUATED.periodMs;
}
