/** When the growth of a host began, in words. */
import type { Onset } from '../model/verdict.ts';
import { formatMinute, formatTime } from './times.ts';

/** `between 2026-11-18 10:00 and 2026-11-18 16:00 UTC`, or before the later time where nothing earlier was read. */
export function onsetText({ start, end, leftCensored }: Onset): string {
  if (leftCensored) return `before ${formatTime(end)}, perhaps older than the samples that were evaluated`;
  return `between ${formatMinute(start)} and ${formatTime(end)}`;
}
