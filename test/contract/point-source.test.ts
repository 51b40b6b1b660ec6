/** The suite of points: kept by an honest source without a provider, and broken by each source that lies. */
import { describe, expect, it } from 'vitest';
import { POINT_METRICS } from '../../core/model/point-metrics.ts';
import { brokenPromises } from './check.ts';
import {
  deadPointWorld,
  forbiddenPointWorld,
  honestPointWorld,
  type PointLie,
  unknownFeedWorld,
} from './honest-points.ts';
import * as lying from './lying-points.ts';
import {
  deadPointChecks,
  describePointSource,
  partlyFailingPointChecks,
  pointSourceChecks,
  unknownFeedChecks,
} from './point-source.ts';

describePointSource('an honest source', {
  world: async () => honestPointWorld(),
  partlyFailing: { 'a host is forbidden': async () => forbiddenPointWorld() },
  dead: { 'the role is denied': async () => deadPointWorld() },
  unknownFeed: async () => unknownFeedWorld(),
});

const ONCE = 'reports what there is of each host and metric, once';
const WHY = 'explains what is missing';
const ORDER = 'orders points by time, without duplicates';
const WINDOW = 'keeps points inside the window, at the starts of periods';
const STATED = 'states the request, its own scope, and values that can be';
const TRUTH = 'gives exactly the points that there are, in the unit and statistic of the metric';
const ADMITTED = 'requests the points of admitted hosts alone';
const ALL_FILTERS = 'lets a host in only when all filters do';
const REQUESTED = 'reads the metrics that are requested alone';
const BILL = 'counts what it is billed for';
const SAME = 'reads the same twice';
const BEFOREHAND = 'reports timeout when the signal is aborted beforehand';
const MIDWAY = 'leaves no host in silence when the signal is aborted midway';

const LIES: readonly [string, string, PointLie][] = [
  ['gives a series twice', ONCE, lying.sayingTwice],
  ['keeps quiet about a metric of a host', ONCE, lying.keepingQuiet],
  ['hides what is not monitored', ONCE, lying.hidingWhatIsNotMonitored],
  ['loses a part', ONCE, lying.losingAPart],
  ['does not distinguish parts', ONCE, lying.withoutParts],
  ['does not explain what to do', WHY, lying.withoutHints],
  ['gives the newest point first', ORDER, lying.newestFirst],
  ['gives each point twice', ORDER, lying.doubling],
  ['has more times than values', ORDER, lying.losingValues],
  ['gives a point from after the window', WINDOW, lying.aheadOfTime],
  ['gives times between the periods', WINDOW, lying.betweenPeriods],
  ['gives percent for a fraction', STATED, lying.inPercent],
  ['names another unit', STATED, lying.namingPercent],
  ['gives values that are no numbers', STATED, lying.givingNaN],
  ['names another region', STATED, lying.ofAnotherRegion],
  ['gives what a counter has for what was added', TRUTH, lying.cumulating],
  ['fills gaps with zero', TRUTH, lying.fillingGaps],
  ['requests all points and filters afterwards', ADMITTED, lying.filteringAfterwards],
  ['obeys the first filter alone', ALL_FILTERS, lying.obeyingOneFilter],
  ['reads all metrics whatever is requested', REQUESTED, lying.readingEverything(POINT_METRICS)],
  ['hides its calls', BILL, lying.hidingTheBill],
  ['claims to cost nothing', BILL, lying.claimingToBeFree],
  ['forgets a reading at each further read', SAME, lying.forgetting],
  ['ignores the signal', BEFOREHAND, lying.ignoringTheSignal],
  ['ends quietly when it is aborted', BEFOREHAND, lying.endingQuietly],
  ['ends quietly when it is aborted midway', MIDWAY, lying.endingQuietly],
];

describe('the suite of points', () => {
  it.each(LIES)('catches a source that %s', async (_, promise, lie) => {
    expect(await brokenPromises(pointSourceChecks, () => honestPointWorld(lie))).toContain(promise);
  });

  it.each([
    ['hides a host that failed', lying.hidingFailures],
    ['gives the others up with a host that failed', lying.losingTheOthers],
  ])('catches a source that %s', async (_, lie) => {
    expect(await brokenPromises(partlyFailingPointChecks, () => forbiddenPointWorld(lie))).toHaveLength(1);
  });

  it.each([
    ['takes a denied account for an empty one', lying.emptyForDenied],
    ['throws whatever its client threw', lying.throwingAnything],
  ])('catches a source that %s', async (_, lie) => {
    expect(await brokenPromises(deadPointChecks, () => deadPointWorld(lie))).toHaveLength(1);
  });

  it('catches a source that takes a feed that names nothing for one without anomalies', async () => {
    expect(await brokenPromises(unknownFeedChecks, () => unknownFeedWorld(lying.hidingFailures))).toHaveLength(1);
  });

  it('has a lie for each promise', () => {
    const liedAbout = new Set(LIES.map(([, promise]) => promise));

    expect(pointSourceChecks.map(({ message }) => message).filter((message) => !liedAbout.has(message))).toEqual([]);
  });
});
