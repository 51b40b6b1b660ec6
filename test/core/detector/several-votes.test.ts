import { describe, expect, it } from 'vitest';
import { confirmedFrom, detect } from '../../../core/detector/detect.ts';
import type { Knowledge } from '../../../core/detector/knowledge.ts';
import type { HostCurve, SiblingCurves } from '../../../core/detector/siblings.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import { PAGING_USAGE, PROCESS_MEMORY, type Series } from '../../../core/model/series.ts';
import type { Evidence } from '../../../core/model/verdict.ts';
import type { Evaluator } from '../../../core/model/vote.ts';
import { CAPACITY, process } from './consumers.ts';
import { type Shape, seriesOf } from './shapes.ts';

const THRESHOLD = DEFAULT_POLICY.threshold;
const HOURS = 100;

const host = (shape: Shape) => seriesOf(shape, { noise: 0.1 });

/** Percent of the host's capacity, in bytes. */
function inBytes(shape: Shape, of: Partial<Series>, seed: number): Series {
  const series = seriesOf(shape, { noise: 0.05, seed });
  return { ...series, unit: 'By', limit: CAPACITY, ...of, values: series.values.map((share) => share * CAPACITY) };
}
const consumer = (name: string, shape: Shape) =>
  inBytes(shape, { consumer: process(name), metric: PROCESS_MEMORY, statistic: 'average' }, name.length);
const swap = (shape: Shape) => inBytes(shape, { metric: PAGING_USAGE, statistic: 'average' }, 9);

/** Five siblings that stay where they are while the host rises. */
function quietSiblings(shape: Shape): SiblingCurves {
  const curve = (confidence: number, of: Shape): HostCurve => ({
    confidence,
    risingHours: 60,
    floors: Float32Array.from({ length: HOURS }, (_, hour) => of(hour)),
  });
  const group = Array.from({ length: 5 }, () => curve(0.02, () => shape(0)));
  return { own: curve(0.5, shape), group, fleet: { together: 0, expected: 0 } };
}

function evidenceOf(series: Series, knowledge: Knowledge): Evidence {
  const verdict = detect(series, DEFAULT_POLICY, knowledge);
  if (verdict.state === 'insufficient_data') throw new Error(verdict.reason);
  return verdict.evidence;
}

const voteOf = ({ votes }: Evidence, evaluator: Evaluator) => votes.find((vote) => vote.evaluator === evaluator);
const oddsOf = (confidence: number) => Math.log(confidence / (1 - confidence));
const sumOf = ({ votes }: Evidence) => votes.reduce((sum, { logOdds }) => sum + logOdds, 0);

const flat: Shape = () => 20;

describe('consumers and swap together', () => {
  const full: Shape = () => 95;
  const grows: Shape = (hour) => 1 + Math.max(0, hour - 50) / 5;

  it('replace the curve of a full host once: both are no surer than the surer one', () => {
    const java: Shape = (hour) => 30 + Math.max(0, hour - 50) / 5;
    const known = { consumers: [consumer('java', java), consumer('nginx', flat)], swap: swap(grows) };
    const [byConsumers, bySwap] = [
      evidenceOf(host(full), { consumers: known.consumers }),
      evidenceOf(host(full), { swap: known.swap }),
    ];
    const both = evidenceOf(host(full), known);

    expect(both.confidence).toBeLessThanOrEqual(Math.max(byConsumers.confidence, bySwap.confidence));
    expect(both.confidence).toBeGreaterThanOrEqual(Math.min(byConsumers.confidence, bySwap.confidence));
    expect(both.votes.filter(({ logOdds }) => logOdds === 0)).toHaveLength(1);
    expect(sumOf(both)).toBeCloseTo(oddsOf(both.confidence), 6);
  });

  it('find memory that comes back from swap steady, though it is a process’s', () => {
    const java: Shape = (hour) => 10 + Math.max(0, hour - 50) / 5;
    const known = {
      consumers: [consumer('java', java), consumer('nginx', flat)],
      swap: swap((hour) => 15 - Math.max(0, hour - 50) / 5),
    };
    const series = host((hour) => java(hour) + 20);

    expect(evidenceOf(series, { consumers: known.consumers }).confidence).toBeGreaterThanOrEqual(THRESHOLD);
    expect(evidenceOf(series, known).confidence).toBeLessThan(THRESHOLD);
  });
});

describe('a steady rise of the host', () => {
  const rise: Shape = (hour) => 40 + 0.04 * hour;
  const twoFlat = [consumer('java', flat), consumer('nginx', flat)];

  it('does not page where it is nobody’s', () => {
    const evidence = evidenceOf(host(rise), { consumers: twoFlat });

    expect(evidenceOf(host(rise), {}).confidence).toBeGreaterThanOrEqual(THRESHOLD);
    expect(voteOf(evidence, 'weeks')).toMatchObject({ reason: 'steady_rise', logOdds: 0 });
    expect(evidence.lastingConfidence ?? 0).toBeLessThan(confirmedFrom(THRESHOLD));
  });

  it('is reported and pages nobody by itself', () => {
    const evidence = evidenceOf(
      host((hour) => 40 + 0.02 * Math.max(0, hour - 10)),
      {},
    );

    expect(evidence.confidence).toBeGreaterThanOrEqual(THRESHOLD);
    expect(evidence.lastingConfidence ?? 0).toBeLessThan(confirmedFrom(THRESHOLD));
  });

  it('counts where a process rises as steadily', () => {
    const java: Shape = (hour) => 20 + 0.04 * hour;
    const evidence = evidenceOf(host(rise), { consumers: [consumer('java', java), consumer('nginx', flat)] });

    expect(voteOf(evidence, 'weeks')?.logOdds).toBeGreaterThan(3);
    expect(evidence.confidence).toBeGreaterThanOrEqual(THRESHOLD);
  });

  it('counts as far as the curve is not replaced', () => {
    const evidence = evidenceOf(host(rise), { consumers: twoFlat, weights: { consumers: 0.5 } });

    expect(voteOf(evidence, 'weeks')?.logOdds).toBeCloseTo(1.75, 6);
  });
});

describe('all votes together', () => {
  it('add up to the verdict: siblings beside one curve, whoever replaces it', () => {
    const rise: Shape = (hour) => 40 + 0.04 * hour;
    const consumers = [consumer('java', flat), consumer('nginx', flat)];
    const siblings = quietSiblings(rise);
    const known = { consumers, siblings, swap: swap((hour) => 5 - Math.max(0, hour - 50) / 25) };
    const evidence = evidenceOf(host(rise), known);
    const alone = evidenceOf(host(rise), { siblings });

    expect(evidence.votes.map(({ evaluator }) => evaluator)).toEqual([
      'statistical',
      'weeks',
      'siblings',
      'consumers',
      'swap',
    ]);
    expect(sumOf(evidence)).toBeCloseTo(oddsOf(evidence.confidence), 6);
    expect(voteOf(evidence, 'siblings')).toEqual(voteOf(alone, 'siblings'));
    expect(evidence.confidence).toBeLessThan(alone.confidence);
  });
});
