/** Counts the data points that are not taken, and words why, for the sender. */
import type { RejectedPoints, Rejection } from '../model/ingest-outcome.ts';
import { LIMITS } from './limits.ts';

const HOUR = 3_600_000;

/** What to do about each, in the order in which they are reported. */
const REMEDIES: readonly (readonly [Rejection, string])[] = [
  [
    'no_host',
    'have neither host.id nor host.name: add the resourcedetection processor to the pipeline of the collector, with the detector system or that of the cloud',
  ],
  ['no_process', 'are of a process without process.pid or process.executable.name: keep these resource attributes'],
  [
    'time',
    `are of more than ${LIMITS.pastMs / (24 * HOUR)} days ago or more than ${LIMITS.futureMs / 60_000} minutes ahead: set the clock of the host`,
  ],
  ['value', 'have no usable value: bytes are finite and not negative, a utilization is a fraction up to 1'],
  ['kind', 'are deltas, histograms or summaries: send gauges, or sums of cumulative temporality'],
  ['text', `have a name or an id that is longer than ${LIMITS.characters} characters, or no valid Unicode`],
  ['hosts', `are of further hosts than the ${LIMITS.hosts} of one request: send fewer in one`],
  [
    'series',
    `are of further processes or disks than ${LIMITS.processSeries} or ${LIMITS.pointSeries} series of one request hold: send fewer in one`,
  ],
  ['samples', `are beyond ${LIMITS.samples} samples of one series in one request: send fewer in one`],
];

export class RejectionCount {
  readonly #points = new Map<Rejection, number>();

  add(reason: Rejection, points = 1): void {
    if (points > 0) this.#points.set(reason, (this.#points.get(reason) ?? 0) + points);
  }

  get counts(): RejectedPoints {
    return Object.fromEntries(this.#points);
  }
}

export function rejectedTotal(rejected: RejectedPoints): number {
  return Object.values(rejected).reduce((sum, points) => sum + points, 0);
}

/** One sentence a reason; undefined where nothing was rejected. */
export function rejectionText(rejected: RejectedPoints): string | undefined {
  const sentences = REMEDIES.flatMap(([reason, remedy]) => {
    const points = rejected[reason];
    return points === undefined ? [] : [`${points} data points ${remedy}.`];
  });
  return sentences.length === 0 ? undefined : sentences.join(' ');
}
