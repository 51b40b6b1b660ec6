/** What an inspection of a deployment knows of a host, and a view of it does not, in one line. */

interface NotKnown {
  /** The hosts that an inspection reads beside it, where they might change the verdict. */
  readonly siblings: boolean;
  /** What was learned from weeks, and what labels left of evaluators' weights. */
  readonly weeks: boolean;
}

/** Of an inspection at a prompt, where weeks and labels cannot be read. */
export const WEEKS_NOT_KNOWN =
  'Inspections of a deployment also know weeks of these hosts and your labels, which are not read here: some verdicts may be others.';

/** Undefined where nothing is missing. */
export function notKnownText({ siblings, weeks }: NotKnown): string | undefined {
  const known = [
    siblings && 'compares this host with the others that it reads',
    weeks && 'knows weeks of this host and your labels',
  ].filter((text) => text !== false);
  if (known.length === 0) return undefined;
  return `An inspection also ${known.join(', and ')}: that is not read here, and its verdict may be another.`;
}
