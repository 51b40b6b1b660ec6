/** Lines that cannot be understood: told one by one up to a bound, so that a file of another kind does not flood a run. */
import type { Reading, Scope } from '../../model/series.ts';

export interface Complaints {
  /** `file:line: why`. */
  say(line: number, why: string): string;
  /** The reading for a line that is no host's only one; none once the bound is reached. */
  add(line: number, why: string): Iterable<Reading>;
  /** One reading that counts the lines which were not told. */
  finish(): Iterable<Reading>;
}

/** Lines of one file that are told one by one. */
const MAX_TOLD = 20;

export function createComplaints(scope: Scope): Complaints {
  let count = 0;
  let lastLine = 0;
  const say = (line: number, why: string) => `${scope.account}:${line}: ${why}`;
  const reading = (detail: string): Reading => ({ kind: 'unreadable', scope, reason: 'malformed', detail });
  return {
    say,
    *add(line, why) {
      count++;
      lastLine = line;
      if (count <= MAX_TOLD) yield reading(say(line, why));
    },
    *finish() {
      const untold = count - MAX_TOLD;
      if (untold > 0) yield reading(say(lastLine, `${untold} more malformed lines up to here`));
    },
  };
}
