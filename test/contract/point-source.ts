/**
 * The promises of `points` of a `MemorySource`, each as a check that can be called: every adapter that has points is held to all of
 * them, and so are liars, which have to fail.
 *
 * Beside what the port states:
 * - A window of less than four hours without a point gives a series without points, and so does a sparse metric: nobody knows
 *   from them whether the agent has stopped. A longer one gives `not_monitored` with the reason `stopped_reporting`.
 * - A feed is of the hosts that it names. A host of the inventory that it does not name is not missing; a feed that names none is one
 *   `unreadable` of the scope, with the reason `not_found`: a name may be written wrongly.
 * - Where some parts of a host could not be read, there is one `unreadable` of the host and metric beside the series of the others.
 */
import { describe } from 'vitest';
import { type Check, itKeeps } from './check.ts';
import * as checks from './point-source-checks.ts';
import type { DeadPointWorld, PointWorld, UnknownFeedWorld } from './point-source-world.ts';

/** A kind of source, and how to start the worlds that it is tried in. */
export interface PointSourceSubject {
  readonly world: () => Promise<PointWorld>;
  /** Worlds in which something cannot be read, by what goes wrong. */
  readonly partlyFailing?: Readonly<Record<string, () => Promise<PointWorld>>>;
  /** Worlds in which nothing can be read. */
  readonly dead?: Readonly<Record<string, () => Promise<DeadPointWorld>>>;
  /** Absent of a source that has no feeds. */
  readonly unknownFeed?: () => Promise<UnknownFeedWorld>;
}

export const pointSourceChecks: readonly Check<PointWorld>[] = [
  { message: 'reports what there is of each host and metric, once', verify: checks.reportsEachHost },
  { message: 'explains what is missing', verify: checks.explainsWhatIsMissing },
  { message: 'orders points by time, without duplicates', verify: checks.ordersPoints },
  { message: 'keeps points inside the window, at the starts of periods', verify: checks.keepsToTheWindow },
  { message: 'states the request, its own scope, and values that can be', verify: checks.statesTheRequest },
  {
    message: 'gives exactly the points that there are, in the unit and statistic of the metric',
    verify: checks.givesTheTruth,
  },
  { message: 'requests the points of admitted hosts alone', verify: checks.requestsAdmittedHosts },
  { message: 'lets a host in only when all filters do', verify: checks.needsAllFilters },
  { message: 'reads the metrics that are requested alone', verify: checks.readsRequestedMetrics },
  { message: 'counts what it is billed for', verify: checks.countsTheBill },
  { message: 'reads the same twice', verify: checks.readsTheSameTwice },
  { message: 'reports timeout when the signal is aborted beforehand', verify: checks.reportsTimeoutBeforehand },
  { message: 'leaves no host in silence when the signal is aborted midway', verify: checks.leavesNoSilenceMidway },
];

export const partlyFailingPointChecks: readonly Check<PointWorld>[] = [
  { message: 'reports whom the failure struck, and reads the others', verify: checks.reportsEachHost },
];

export const deadPointChecks: readonly Check<DeadPointWorld>[] = [
  { message: 'throws a SourceError that explains why', verify: checks.explainsWhyNothingIsRead },
];

export const unknownFeedChecks: readonly Check<UnknownFeedWorld>[] = [
  { message: 'reports a feed that names nothing', verify: checks.reportsAnUnknownFeed },
];

/** Holds a source to its promises, one test each. */
export function describePointSource(name: string, subject: PointSourceSubject): void {
  const { world, partlyFailing = {}, dead = {}, unknownFeed } = subject;
  describe(`${name} as a source of points`, () => {
    itKeeps(pointSourceChecks, world);
    describe.each(Object.entries(partlyFailing))('when %s', (_, start) => itKeeps(partlyFailingPointChecks, start));
    describe.each(Object.entries(dead))('when %s', (_, start) => itKeeps(deadPointChecks, start));
    if (unknownFeed) itKeeps(unknownFeedChecks, unknownFeed);
  });
}
