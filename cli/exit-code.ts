/** The exit codes of the commands. */
import type { RunSummary } from '../core/model/run.ts';
import type { PointFindings } from '../core/points/findings.ts';

export const EXIT = {
  clean: 0,
  error: 1,
  /** Every host that should have been read was, and some grow like a leak, or are full. */
  findings: 3,
  /**
   * Something that should have been read was not, or no host could be evaluated; what was read is printed even so. Of `status`:
   * something is overdue or failing.
   */
  partial: 4,
  /** 128 and the number of the signal, as shells do. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Called by a command with its exit code: one of `EXIT`, or that of a command which it ran. */
export type Finish = (code: number) => void;

/**
 * Of all runs together: partial wins over findings, because what was not read may be worse. Runs that gave no verdict at
 * all are not clean: nothing grows like a leak where nothing is evaluated.
 */
export function exitCodeOf(runs: readonly RunSummary[]): ExitCode {
  if (runs.some(({ outcome }) => outcome === 'partial')) return EXIT.partial;
  const found = runs.some(({ verdicts, exhausted = 0 }) => verdicts.confirmed + verdicts.suspected + exhausted > 0);
  if (found) return EXIT.findings;
  return runs.some(({ verdicts }) => verdicts.steady > 0) ? EXIT.clean : EXIT.partial;
}

/** Of an anomaly inspection: partial wins over findings as well, and where no series was inspected nothing is known. */
export function exitCodeOfPoints({ notInspected, series, anomalousSeries }: PointFindings): ExitCode {
  if (series === 0 || notInspected.some(({ replayed: { kind } }) => kind === 'unreadable')) return EXIT.partial;
  return anomalousSeries > 0 ? EXIT.findings : EXIT.clean;
}
