/** Windows of the next week, where a timeline draws them. */

export interface WindowSpan {
  readonly name: string;
  /** ISO 8601. */
  readonly start: string;
  readonly end: string;
}

export interface Bar {
  readonly name: string;
  /** Hours from the beginning of the timeline; what lies beyond its ends is left out. */
  readonly from: number;
  readonly hours: number;
}

const HOUR = 3_600_000;
export const WEEK_HOURS = 168;

/** Bars by name, in the order in which the first of each begins. @param start Of the timeline, epoch milliseconds. */
export function barsOf(windows: readonly WindowSpan[], start: number): Map<string, Bar[]> {
  const bars = windows.flatMap(({ name, start: begin, end }): Bar[] => {
    const from = Math.max(0, (Date.parse(begin) - start) / HOUR);
    const to = Math.min(WEEK_HOURS, (Date.parse(end) - start) / HOUR);
    return to > from ? [{ name, from, hours: to - from }] : [];
  });
  return Map.groupBy(
    bars.toSorted((a, b) => a.from - b.from),
    ({ name }) => name,
  );
}

/** Midnights of the viewer's zone within the timeline: hours from its beginning, and the moment. */
export function daysOf(start: number): { readonly from: number; readonly at: number }[] {
  const days: { from: number; at: number }[] = [];
  const midnight = new Date(start);
  midnight.setHours(24, 0, 0, 0);
  while (midnight.getTime() < start + WEEK_HOURS * HOUR) {
    days.push({ from: (midnight.getTime() - start) / HOUR, at: midnight.getTime() });
    midnight.setDate(midnight.getDate() + 1);
  }
  return days;
}
