/** Moments in what people are told. */

/** `2026-11-23 16:00 UTC`. */
export function minuteText(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
