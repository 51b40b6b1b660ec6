/** The time to wait that services name in the header `retry-after` (RFC 9110, 10.2.3). */

/** Milliseconds, named in seconds or as a date; 0 or less where none are named, or they are over. */
export function waitNamedBy(header: string): number {
  const ms = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? ms : 0;
}
