/** When the samples of trace files end, where no option sets it: the window ends there, and a note names what it leaves out. */
import { basename } from 'node:path';
import { type RecordingEnd, recordingEnd } from '../../adapters/trace-file/newest.ts';
import { STALE_AFTER_MS } from '../../core/detector/detect.ts';
import { EVALUATED } from '../../core/inspection/window.ts';
import { formatDuration, formatTime } from '../../core/messages/times.ts';
import { wrap } from '../render/text.ts';
import { type Terminal, textWidth } from '../terminal.ts';

/** The command's option for the end of the samples, for the notes. */
export type EndOption = '--at' | '--to';

/** Samples that are newer than all others by more than this may have a wrong time. */
const LONE_AFTER_MS = 86_400_000;

/** The end of the period that holds the newest sample, so that the window holds it too; undefined where no sample has a time. */
export async function endOfTraces(
  files: readonly string[],
  terminal: Terminal,
  endOption: EndOption,
): Promise<number | undefined> {
  const recorded = await recordingEnd(files);
  if (recorded === undefined) return undefined;
  const note = loneNote(recorded, endOption) ?? earlyNote(recorded, endOption);
  if (note !== undefined) terminal.note(wrap(`note: ${note}`, textWidth(terminal), '  '));
  return endOfPeriod(recorded.end);
}

/**
 * A sample with a wrong time moves the window away from all others; because it may as well be the first one after an outage
 * a note names it, and what to do about it.
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
