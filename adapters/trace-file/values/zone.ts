/** Wall-clock times of a time zone as instants, by the zone rules that come with node. */

const MINUTE = 60_000;

/** Zones change their offset at multiples of this. */
const QUARTER = 15 * MINUTE;

/** Offsets that are kept: a year of quarters. */
const MOST_OFFSETS = 40_000;

/** Whether a name is a time zone: an IANA name, or an offset such as +01:00. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/**
 * Turns a wall-clock time, given as if it were UTC, into the instant in the zone. A time that occurs twice, when clocks go
 * back, is the first of the two. A time that clocks skip is read with the offset from before the change.
 */
export type ToInstant = (wallClockMs: number) => number;

const zones = new Map<string, ToInstant>();

/** The zone's conversion, made once for each zone. */
export function zoneOf(timeZone: string): ToInstant {
  const known = zones.get(timeZone) ?? createZone(timeZone);
  zones.set(timeZone, known);
  return known;
}

function createZone(timeZone: string): ToInstant {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const offsets = new Map<number, number>();

  function offsetAt(instant: number): number {
    const quarter = Math.floor(instant / QUARTER);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    const offset = readOffset(format.formatToParts(quarter * QUARTER));
    if (offsets.size >= MOST_OFFSETS) offsets.clear();
    offsets.set(quarter, offset);
    return offset;
  }

  return (wallClock) => {
    // The offset an offset earlier is the one before a change of the clocks.
    const before = wallClock - offsetAt(wallClock - 24 * 60 * MINUTE);
    if (before + offsetAt(before) === wallClock) return before;
    const after = wallClock - offsetAt(before);
    return after + offsetAt(after) === wallClock ? after : before;
  };
}

/** `GMT+05:30` in milliseconds; `GMT` alone is none. */
function readOffset(parts: readonly Intl.DateTimeFormatPart[]): number {
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /([+-−])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
  const size = (Number(hours) * 60 + Number(minutes)) * MINUTE + Number(seconds) * 1000;
  return sign === '+' ? size : -size;
}
