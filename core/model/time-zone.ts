/** Names of time zones. */

/** Names that were found good, in lower case: a config names one for each of its accounts, and a look takes a tenth of a millisecond. */
const known = new Set<string>();

/** Whether the runtime knows a time zone by the name, in any case. */
export function isTimeZone(name: string): boolean {
  const key = name.toLowerCase();
  if (known.has(key)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    known.add(key);
    return true;
  } catch {
    return false;
  }
}
