import { describe, expect, it } from 'vitest';
import { confirmedFrom, detect } from '../../../core/detector/detect.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import { PROCESS_MEMORY, type Reading, type Series } from '../../../core/model/series.ts';
import type { Evidence } from '../../../core/model/verdict.ts';
import { aResource, aSeries, NOON } from '../../fixtures/builders.ts';
import { CAPACITY, process } from './consumers.ts';

const POINTS = 400;
const THRESHOLD = DEFAULT_POLICY.threshold;

/** Percent of the host's capacity at a point of a hundred hours; null where there is no sample. */
type Level = (point: number) => number | null;

/** Reproducible noise in [-1, 1]. */
const noise = (point: number, seed = 0) => Math.sin(point * 12.9898 + seed * 78.233) * Math.cos(point * 4.1414 + seed);
const flat: Level = (point) => 20 + 0.1 * noise(point, 1);
/** A leak of half a point an hour over the last 50 hours. */
const leak: Level = (point) => 10 + Math.max(0, point - 200) / 8 + 0.1 * noise(point, 2);
/** Grew as the leak did, until 12 hours ago. */
const levelled: Level = (point) => 10 + Math.min(24, Math.max(0, point - 200) / 6) + 0.1 * noise(point, 2);
/** Load that comes and goes within hours, and hides a leak. */
const busy: Level = (point) => 25 + 12 * Math.sin(point / 9) * Math.sin(point / 31) + 3 * noise(point, 3);

const sumOf =
  (...levels: readonly Level[]): Level =>
  (point) =>
    levels.reduce((sum, level) => sum + (level(point) ?? 0), 0);
const points = (level: Level) => Array.from({ length: POINTS }, (_, point) => level(point));

function aHost(level: Level): Series {
  return aSeries(points(level).map((percent) => percent && percent / 100));
}

function consumer(name: string, level: Level, overrides: Partial<Series> = {}): Series {
  const bytes = points(level).map((percent) => (percent === null ? null : (percent / 100) * CAPACITY));
  const of = {
    consumer: process(name),
    metric: PROCESS_MEMORY,
    unit: 'By',
    statistic: 'average',
    limit: CAPACITY,
  } as const;
  return aSeries(bytes, { ...of, ...overrides });
}

function evidenceOf(host: Series, consumers?: readonly Reading[]): Evidence {
  const verdict = detect(host, DEFAULT_POLICY, consumers && { consumers });
  if (verdict.state === 'insufficient_data') throw new Error(verdict.reason);
  return verdict.evidence;
}

const voteOf = ({ votes }: Evidence) => votes.find(({ evaluator }) => evaluator === 'consumers');

describe('the vote of consumers', () => {
  it('finds the leak of a process on a host that hides it', () => {
    const host = aHost(sumOf(leak, busy, flat));
    const evidence = evidenceOf(host, [consumer('java', leak), consumer('batch', busy), consumer('nginx', flat)]);

    expect(evidenceOf(host).confidence).toBeLessThan(THRESHOLD);
    expect(evidence.confidence).toBeGreaterThanOrEqual(THRESHOLD);
    expect(evidence.decidedBy).toBe('consumers');
    expect(voteOf(evidence)).toMatchObject({ reason: 'consumer_grows', facts: { consumers: 3, collectedHours: 100 } });
  });

  it('pages nobody for a rise that is nobody’s, and reports it', () => {
    const host = aHost(sumOf(leak, flat));
    const evidence = evidenceOf(host, [consumer('java', flat), consumer('nginx', flat)]);

    expect(evidenceOf(host).lastingConfidence).toBeGreaterThanOrEqual(confirmedFrom(THRESHOLD));
    expect(evidence.confidence).toBeGreaterThanOrEqual(THRESHOLD);
    expect(evidence.lastingConfidence).toBeLessThan(confirmedFrom(THRESHOLD));
    expect(voteOf(evidence)).toMatchObject({ reason: 'nobody_grows' });
    expect(voteOf(evidence)?.facts['share']).toBeCloseTo(0, 1);
  });

  it('finds the host of a process that has levelled off steady, and names that as the reason', () => {
    const others: Level = (point) => 10 + Math.max(0, point - 352) / 10;
    const evidence = evidenceOf(aHost(sumOf(levelled, flat, others)), [
      consumer('cache', levelled),
      consumer('nginx', flat),
    ]);

    expect(evidence.confidence).toBeLessThan(THRESHOLD);
    expect(voteOf(evidence)?.reason).toMatch(/^(growers_level_off|nobody_grows)$/);
  });

  it('finds the host of a process that was restarted a moment ago steady, before its floors show it', () => {
    const restarted: Level = (point) => (point < POINTS - 1 ? leak(point) : 10);
    const host = aHost(sumOf(restarted, flat));
    const evidence = evidenceOf(host, [consumer('java', restarted), consumer('nginx', flat)]);

    expect(evidenceOf(host).confidence).toBeGreaterThanOrEqual(THRESHOLD);
    expect(evidence.confidence).toBeLessThan(THRESHOLD);
    expect(voteOf(evidence)?.reason).toBe('growers_level_off');
  });

  it('takes no collection of garbage for a restart', () => {
    const collected: Level = (point) => (leak(point) ?? 0) - (point === POINTS - 1 ? 2 : 0);
    const host = aHost(sumOf(collected, flat));

    expect(evidenceOf(host, [consumer('java', collected), consumer('nginx', flat)]).confidence).toBeGreaterThanOrEqual(
      THRESHOLD,
    );
  });

  it('finds a leak that is spread over many consumers, of which none grows much', () => {
    const part: Level = (point) => (leak(point) ?? 0) / 20;
    const parts = Array.from({ length: 20 }, (_, index) => consumer(`worker-${index}`, part));
    const evidence = evidenceOf(aHost(sumOf(leak, flat)), [...parts, consumer('nginx', flat)]);

    expect(evidence.confidence).toBeGreaterThanOrEqual(THRESHOLD);
  });

  it('finds the leak of a process whose shared memory adds up to more than the host has', () => {
    const shared: Level = (point) => 80 + (leak(point) ?? 0);
    const evidence = evidenceOf(aHost(sumOf(leak, flat)), [consumer('postgres', shared), consumer('nginx', flat)]);

    expect(evidence.confidence).toBeGreaterThanOrEqual(THRESHOLD);
  });

  it('leaves the verdict as it was, to the digit, without consumers', () => {
    const host = aHost(sumOf(leak, flat));
    const missing: Reading[] = [
      { kind: 'not_monitored', resource: aResource(), reason: 'not_reported', hint: 'collect them' },
      { kind: 'unreadable', scope: aResource(), reason: 'denied', detail: 'no' },
      consumer('java', leak, { unit: '1' }),
      consumer('java', (point) => (point < 360 ? leak(point) : null)),
      consumer('java', (point) => (point >= 370 ? leak(point) : null)),
    ];

    for (const reading of missing) expect(evidenceOf(host, [reading])).toEqual(evidenceOf(host));
    expect(evidenceOf(host, [])).toEqual(evidenceOf(host));
  });

  it('never depends on the order of the consumers', () => {
    const host = aHost(sumOf(leak, busy, flat));
    const consumers = [
      consumer('java', leak),
      consumer('batch', busy),
      consumer('nginx', flat),
      consumer('node', leak),
    ];

    expect(evidenceOf(host, consumers.toReversed())).toEqual(evidenceOf(host, consumers));
  });

  it('adds up consumers of one name', () => {
    const half: Level = (point) => (leak(point) ?? 0) / 2;
    const host = aHost(sumOf(leak, busy));
    const [one, two] = [
      evidenceOf(host, [consumer('java', leak), consumer('batch', busy)]),
      evidenceOf(host, [consumer('java', half), consumer('java', half), consumer('batch', busy)]),
    ];

    expect(two).toEqual(one);
  });

  it('survives a process that was restarted, samples that are missing, and workers that come and go', () => {
    const gaps: Level = (point) => (point % 11 === 3 ? null : leak(point));
    const first: Level = (point) => (point < 300 ? leak(point) : null);
    const second: Level = (point) => (point < 300 ? null : leak(point));
    const host = aHost(sumOf(leak, busy));

    for (const java of [[consumer('java', gaps)], [consumer('java', first), consumer('java', second)]]) {
      expect(evidenceOf(host, [...java, consumer('batch', busy)]).confidence).toBeGreaterThanOrEqual(THRESHOLD);
    }
  });

  it('counts against less, the less of the host and of its hours was collected', () => {
    const host = aHost(sumOf(leak, flat, () => 30));
    const oddsWith = (...consumers: readonly Reading[]) => voteOf(evidenceOf(host, consumers))?.logOdds ?? 0;
    const all = oddsWith(
      consumer('java', flat),
      consumer('kernel', () => 30),
    );
    const few = oddsWith(consumer('java', flat));
    const short = oddsWith(
      consumer('java', (point) => (point >= 320 ? flat(point) : null)),
      consumer('kernel', (point) => (point >= 320 ? 30 : null)),
    );

    expect(all).toBeLessThan(few);
    expect(all).toBeLessThan(short);
    expect(Math.max(few, short)).toBeLessThan(0);
  });

  it('goes on from the hours that were read, whatever the host’s own window', () => {
    const window = { start: NOON - 24 * 3_600_000, end: NOON };
    const recent: Level = (point) => (point >= 304 ? leak(point) : null);
    const vote = voteOf(evidenceOf(aHost(sumOf(leak, busy)), [consumer('java', recent, { window })]));

    expect(vote?.facts['collectedHours']).toBe(24);
  });

  it.each([1, 2, 4, 7])('knows what consumers held where their last %i quarters of an hour are missing', (missing) => {
    const late = (level: Level): Level => {
      return (point) => (point < POINTS - missing ? level(point) : null);
    };
    const evidence = evidenceOf(aHost(sumOf(leak, flat)), [
      consumer('java', late(leak)),
      consumer('nginx', late(flat)),
    ]);

    expect(voteOf(evidence)).toMatchObject({ reason: 'consumer_grows' });
    expect(evidence.confidence).toBeGreaterThanOrEqual(THRESHOLD);
  });

  it('takes hours in which nothing was collected for no rise', () => {
    const since = (level: Level): Level => {
      return (point) => (point >= 220 ? level(point) : null);
    };
    const host = aHost(sumOf(leak, flat));
    const vote = voteOf(evidenceOf(host, [consumer('java', since(flat)), consumer('nginx', since(flat))]));

    expect(vote).toMatchObject({ reason: 'nobody_grows' });
    expect(vote?.facts['share']).toBeLessThan(0.1);
  });
});
