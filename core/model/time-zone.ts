/** Names of time zones. */

/** Whether the runtime knows a time zone by the name, in any case. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
