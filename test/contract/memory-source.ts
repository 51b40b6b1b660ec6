/**
 * The promises of a `MemorySource`, each as a check that can be called: every adapter is held to all of them, and so are
 * liars, which have to fail. How a source differs from others it declares as a trait; no check is looser for it.
 */
import { describe } from 'vitest';
import { type Check, itKeeps } from './check.ts';
import * as checks from './memory-source-checks.ts';
import type { CrowdedWorld, DeadWorld, EmptyWorld, SlowWorld, StallingWorld, World } from './memory-source-world.ts';

/** A kind of source, and how to start the worlds that it is tried in. */
export interface MemorySourceSubject {
  readonly world: () => Promise<World>;
  /** Worlds in which some of the hosts cannot be read, by what goes wrong. */
  readonly partlyFailing: Readonly<Record<string, () => Promise<World>>>;
  /** Worlds in which nothing can be read. */
  readonly dead: Readonly<Record<string, () => Promise<DeadWorld>>>;
  /** Worlds in which one batch does not come. Absent for a source that does not ask in batches. */
  readonly stalling?: Readonly<Record<string, () => Promise<StallingWorld>>>;
  /** Of sources that ask a service; a file has no hosts only where it is malformed, and is read as fast as it is there. */
  readonly service?: {
    readonly empty: () => Promise<EmptyWorld>;
    readonly slow: () => Promise<SlowWorld>;
    readonly crowded: () => Promise<CrowdedWorld>;
  };
}

export const memorySourceChecks: readonly Check<World>[] = [
  { message: 'yields exactly one reading for every host in scope', verify: checks.yieldsEachHostOnce },
  { message: 'reads each host as what it is', verify: checks.readsEachHostAsItIs },
  { message: 'orders samples by time, without duplicates', verify: checks.ordersSamples },
  { message: 'keeps samples inside the window, at the starts of periods', verify: checks.keepsToTheWindow },
  { message: 'states the requested span and statistic, and its own scope', verify: checks.statesTheRequest },
  { message: 'gives exactly the samples that there are, in the unit and each statistic', verify: checks.givesTheTruth },
  { message: 'gives the least of each hour over sixty days', verify: checks.readsWeeksOfHours },
  { message: 'requests the samples of admitted hosts alone', verify: checks.requestsAdmittedHosts },
  { message: 'lets a host in only when all filters do', verify: checks.needsAllFilters },
  { message: 'lists its inventory once', verify: checks.listsOnce },
  { message: 'counts its hosts without a bill, where it counts them', verify: checks.countsItsHosts },
  { message: 'counts what it is billed for', verify: checks.countsTheBill },
  { message: 'reads the same twice', verify: checks.readsTheSameTwice },
  { message: 'refuses a metric that it does not have', verify: checks.refusesOtherMetrics },
  { message: 'reports timeout when the signal is aborted beforehand', verify: checks.reportsTimeoutBeforehand },
  { message: 'leaves no host in silence when the signal is aborted midway', verify: checks.leavesNoSilenceMidway },
];

export const partialFailureChecks: readonly Check<World>[] = [
  { message: 'reports whom the failure struck, and reads the others', verify: checks.readsEachHostAsItIs },
];

export const deathChecks: readonly Check<DeadWorld>[] = [
  { message: 'throws a SourceError that explains why', verify: checks.explainsWhyNothingIsRead },
];

export const stallChecks: readonly Check<StallingWorld>[] = [
  { message: 'reads all others while one batch does not come', verify: checks.readsPastAStall },
];

export const emptyChecks: readonly Check<EmptyWorld>[] = [
  { message: 'reads an account without hosts as empty, and requests no samples', verify: checks.readsNothing },
];

export const slowChecks: readonly Check<SlowWorld>[] = [
  {
    message: 'reports timeout for every host whose samples do not come in time',
    verify: checks.reportsTimeoutOfTheSlow,
  },
];

export const crowdedChecks: readonly Check<CrowdedWorld>[] = [
  { message: 'reads many hosts once each, at the floor of calls', verify: checks.readsTheCrowd },
  { message: 'requests no further ahead of its reader for many hosts', verify: checks.waitsForItsReader },
];

/** Holds a source to its promises, one test each. */
export function describeMemorySource(name: string, subject: MemorySourceSubject): void {
  const { world, partlyFailing, dead, stalling = {}, service } = subject;
  describe(`${name} as a memory source`, () => {
    itKeeps(memorySourceChecks, world);
    describe.each(Object.entries(partlyFailing))('when %s', (_, start) => itKeeps(partialFailureChecks, start));
    describe.each(Object.entries(dead))('when %s', (_, start) => itKeeps(deathChecks, start));
    describe.each(Object.entries(stalling))('when %s', (_, start) => itKeeps(stallChecks, start));
    if (service === undefined) return;
    itKeeps(emptyChecks, service.empty);
    itKeeps(slowChecks, service.slow);
    itKeeps(crowdedChecks, service.crowded);
  });
}
