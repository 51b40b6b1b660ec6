/** The suite of memory sources: kept by an honest source without a provider, and broken by each source that lies. */
import { describe, expect, it } from 'vitest';
import { brokenPromises } from './check.ts';
import { crowdedWorld, deniedWorld, emptyWorld, honestWorld, slowWorld, stallingWorld } from './honest-source.ts';
import * as lying from './lying-sources.ts';
import {
  crowdedChecks,
  deathChecks,
  describeMemorySource,
  emptyChecks,
  memorySourceChecks,
  partialFailureChecks,
  slowChecks,
  stallChecks,
} from './memory-source.ts';

const FORBIDDEN = { 'i-flat': 'denied' } as const;

describeMemorySource('an honest source', {
  world: async () => honestWorld(),
  partlyFailing: { 'a host is forbidden': async () => honestWorld(undefined, FORBIDDEN) },
  dead: { 'the role is denied': async () => deniedWorld() },
  stalling: { 'a host does not come': async () => stallingWorld() },
  service: { empty: async () => emptyWorld(), slow: async () => slowWorld(), crowded: async () => crowdedWorld() },
});

const ONCE = 'yields exactly one reading for every host in scope';
const WHAT = 'reads each host as what it is';
const ORDER = 'orders samples by time, without duplicates';
const WINDOW = 'keeps samples inside the window, at the starts of periods';
const STATED = 'states the requested span and statistic, and its own scope';
const WEEKS = 'gives the least of each hour over sixty days';
const TRUTH = 'gives exactly the samples that there are, in the unit and each statistic';
const ADMITTED = 'requests the samples of admitted hosts alone';
const ALL_FILTERS = 'lets a host in only when all filters do';
const LISTING = 'lists its inventory once';
const COUNT = 'counts its hosts without a bill, where it counts them';
const BILL = 'counts what it is billed for';
const METRIC = 'refuses a metric that it does not have';
const SAME = 'reads the same twice';
const BEFOREHAND = 'reports timeout when the signal is aborted beforehand';
const MIDWAY = 'leaves no host in silence when the signal is aborted midway';
const REST = 'reports whom the failure struck, and reads the others';
const STALL = 'reads all others while one batch does not come';
const DEATH = 'throws a SourceError that explains why';

const LIES: readonly [string, string, lying.Lie][] = [
  ['reports a host twice', ONCE, lying.reportingTwice],
  ['keeps quiet about a host', ONCE, lying.keepingQuiet],
  ['gives an empty series for a dead agent', WHAT, lying.emptyForNotMonitored],
  ['gives the newest sample first', ORDER, lying.newestFirst],
  ['gives each sample twice', ORDER, lying.doubling],
  ['has more times than values', ORDER, lying.losingValues],
  ['gives a sample from after the window', WINDOW, lying.aheadOfTime],
  ['gives times between the periods', WINDOW, lying.betweenPeriods],
  ['gives percent for a fraction', STATED, lying.inPercent],
  ['gives free memory for used memory', TRUTH, lying.freeForUsed],
  ['reads averages whatever is requested', TRUTH, lying.alwaysAverage],
  ['gives the last of each hour for the least', WEEKS, lying.lastForLeast],
  ['fills gaps with zero', TRUTH, lying.fillingGaps],
  ['requests all samples and filters afterwards', ADMITTED, lying.filteringAfterwards],
  ['obeys the first filter alone', ALL_FILTERS, lying.obeyingOneFilter],
  ['lists its inventory at each read', LISTING, lying.listingAgain],
  ['counts hosts that no filter lets in', COUNT, lying.countingAll],
  ['hides its calls', BILL, lying.hidingTheBill],
  ['claims to cost nothing', BILL, lying.claimingToBeFree],
  ['forgets a host at each further read', SAME, lying.forgetting],
  ['answers with another metric', METRIC, lying.answeringAnyMetric],
  ['ignores the signal', BEFOREHAND, lying.ignoringTheSignal],
  ['ends quietly when it is aborted', BEFOREHAND, lying.endingQuietly],
  ['ends quietly when it is aborted midway', MIDWAY, lying.endingQuietly],
];

describe('the suite of memory sources', () => {
  it.each(LIES)('catches a source that %s', async (_, promise, lie) => {
    const broken = await brokenPromises(memorySourceChecks, () => honestWorld(lie));

    expect(broken).toContain(promise);
  });

  it.each([
    ['hides a host that failed', lying.hidingFailures],
    ['gives the others up with a host that failed', lying.losingTheOthers],
  ])('catches a source that %s', async (_, lie) => {
    const broken = await brokenPromises(partialFailureChecks, () => honestWorld(lie, FORBIDDEN));

    expect(broken).toContain(REST);
  });

  it.each([
    ['takes a denied account for an empty one', lying.emptyForDenied],
    ['throws whatever its client threw', lying.throwingAnything],
  ])('catches a source that %s', async (_, lie) => {
    const broken = await brokenPromises(deathChecks, () => deniedWorld(lie));

    expect(broken).toContain(DEATH);
  });

  it('catches a source that keeps what it has read until all of it has come', async () => {
    const broken = await brokenPromises(stallChecks, () => stallingWorld(lying.waitingForAll, 20));

    expect(broken).toContain(STALL);
  });

  it('catches a source that reports hosts where there are none', async () => {
    expect(await brokenPromises(emptyChecks, () => emptyWorld(lying.inventingAHost))).toHaveLength(1);
  });

  it('catches a source that keeps quiet about hosts that did not answer in time', async () => {
    expect(await brokenPromises(slowChecks, () => slowWorld(lying.endingQuietly))).toHaveLength(1);
  });

  it.each([
    ['asks twice', 'reads many hosts once each, at the floor of calls', lying.contextTwice],
    ['reads all before it yields one', 'requests no further ahead of its reader for many hosts', lying.hoarding],
  ])('catches a source that %s', async (_, promise, lie) => {
    expect(await brokenPromises(crowdedChecks, () => crowdedWorld(lie))).toContain(promise);
  });

  it('has a lie for each promise', () => {
    const liedAbout = new Set(LIES.map(([, promise]) => promise));

    const trusted = memorySourceChecks.map(({ message }) => message).filter((message) => !liedAbout.has(message));

    expect(trusted).toEqual([]);
  });
});
