import { describe, expect, it } from 'vitest';
import { attribute, comparedWindow } from '../../detector/attribute.ts';
import type { Attributed, Attribution } from '../../model/attribution.ts';
import type { Reading, Uncovered, Unreadable } from '../../model/series.ts';
import { anEvidence, aResource, HOUR, NOON } from '../fixtures/builders.ts';
import { CAPACITY, consumerSeries, EVIDENCE, GIB, HOURS, hostSeries, process, type Usage } from './consumers.ts';

const leak: Usage = (hour) => 0.2 * GIB + (Math.max(0, hour) * GIB) / HOURS;
const flat: Usage = () => 2 * GIB;
const both: Usage = (hour) => (leak(hour) ?? 0) + (flat(hour) ?? 0);

const HOST = hostSeries(both);

function attributed(attribution: Attribution): Attributed {
  if (attribution.kind === 'unattributed') throw new Error(`unattributed: ${attribution.says}`);
  return attribution;
}

function namesOf(list: Attributed['grown']): string[] {
  return list.map(({ consumer }) => consumer.name);
}

describe('attribute', () => {
  it('names the consumer that grew before the one that is big', () => {
    const { grown, largest } = attributed(
      attribute(HOST, EVIDENCE, [consumerSeries(process('redis'), flat), consumerSeries(process('node'), leak)]),
    );

    expect(namesOf(grown)).toEqual(['node']);
    expect(namesOf(largest)).toEqual(['redis', 'node']);
  });

  it('says what each used at both ends, and its share of the host’s rise', () => {
    const result = attributed(attribute(HOST, EVIDENCE, [consumerSeries(process('node'), leak)]));

    const [node] = result.grown;
    expect(result.basis).toBe('host');
    expect(result.window).toEqual({ start: NOON - HOURS * HOUR, end: NOON });
    expect(node?.share?.estimate).toBeCloseTo(1, 9);
    expect((node?.after ?? 0) - (node?.before ?? 0)).toBeCloseTo(node?.rise.estimate ?? 0, 3);
    // The means over an eighth of the stretch are seven eighths of it apart.
    expect(node?.rise.estimate).toBeCloseTo(GIB * (7 / 8), -3);
    expect(result.rise.estimate).toBeCloseTo(GIB * (7 / 8), -3);
  });

  it('shares the rise among several that grew, with an interval around each share', () => {
    const noisy = (perHour: number, phase: number): Usage => {
      return (hour) => GIB + perHour * GIB * hour + 0.01 * GIB * Math.sin(phase + hour * 40);
    };
    const [node, java] = [noisy(0.03, 0), noisy(0.01, 2)];

    const { grown, unexplained } = attributed(
      attribute(
        hostSeries((hour) => (node(hour) ?? 0) + (java(hour) ?? 0)),
        EVIDENCE,
        [consumerSeries(process('java'), java), consumerSeries(process('node'), node)],
      ),
    );

    expect(namesOf(grown)).toEqual(['node', 'java']);
    const shares = grown.map(({ share }) => share);
    expect(shares[0]?.estimate).toBeCloseTo(0.75, 1);
    expect(shares[0]?.low).toBeLessThan(0.75);
    expect(shares[0]?.high).toBeGreaterThan(0.75);
    expect(unexplained?.says).toContain('account for the rise');
  });

  it('tells a remainder that no consumer explains', () => {
    const { grown, unexplained } = attributed(
      attribute(HOST, EVIDENCE, [consumerSeries(process('node'), (hour) => (leak(hour) ?? 0) / 4)]),
    );

    expect(grown[0]?.share?.estimate).toBeCloseTo(0.25, 6);
    expect(unexplained?.share?.estimate).toBeCloseTo(0.75, 6);
    expect(unexplained?.says).toContain('memory of the kernel');
  });

  it('tells a negative remainder, and that shared memory is counted for each', () => {
    const { unexplained } = attributed(
      attribute(HOST, EVIDENCE, [
        consumerSeries(process('worker'), (hour) => 2 * (leak(hour) ?? 0)),
        consumerSeries(process('redis'), flat),
      ]),
    );

    expect(unexplained?.share?.estimate).toBeCloseTo(-1, 6);
    expect(unexplained?.says).toContain('counted for each');
  });

  it('names nobody where nobody grew', () => {
    const { grown, largest, unexplained } = attributed(
      attribute(HOST, EVIDENCE, [consumerSeries(process('redis'), flat)]),
    );

    expect(grown).toEqual([]);
    expect(namesOf(largest)).toEqual(['redis']);
    expect(unexplained?.share?.estimate).toBeCloseTo(1, 6);
  });

  it('takes shares of what the consumers grew where the host’s capacity is not known', () => {
    const bytes = [consumerSeries(process('redis'), flat), consumerSeries(process('node'), leak)];

    const result = attributed(
      attribute(
        HOST,
        EVIDENCE,
        bytes.map(({ limit: _, ...series }) => series),
      ),
    );

    expect(result.basis).toBe('consumers');
    expect(result.grown[0]?.share?.estimate).toBeCloseTo(1, 9);
    expect(result.unexplained).toBeNull();
  });

  it('needs no capacity where the host is known in bytes', () => {
    const host = hostSeries((hour) => (both(hour) ?? 0) * CAPACITY, { unit: 'By' });
    const { limit: _, ...node } = consumerSeries(process('node'), leak);

    const result = attributed(attribute(host, EVIDENCE, [node]));

    expect(result.basis).toBe('host');
    expect(result.unexplained?.share?.estimate).toBeCloseTo(0, 6);
  });

  it('gives no shares of a rise that is not there', () => {
    const result = attributed(attribute(hostSeries(flat), EVIDENCE, [consumerSeries(process('node'), leak)]));

    expect(result.grown[0]?.share).toBeNull();
    expect(result.unexplained?.share).toBeNull();
  });

  it('tells ten at the most, and how many there were', () => {
    const many = Array.from({ length: 25 }, (_, index) =>
      consumerSeries(process(`p${index}`), (hour) => GIB + (hour * index * GIB) / 1000),
    );

    const result = attributed(attribute(HOST, EVIDENCE, many));

    expect(result.consumers).toBe(25);
    expect(namesOf(result.grown)).toEqual(Array.from({ length: 10 }, (_, index) => `p${24 - index}`));
    expect(result.largest).toHaveLength(10);
  });

  it('tells when a consumer was restarted, and that it still is the one that grew', () => {
    const restarting: Usage = (hour) => (hour < 10 ? GIB + hour * 0.1 * GIB : 0.6 * GIB + (hour - 10) * 0.2 * GIB);

    const [node] = attributed(attribute(HOST, EVIDENCE, [consumerSeries(process('node'), restarting)])).grown;

    expect(node?.restarts).toEqual([NOON - 14 * HOUR]);
    expect(node?.since).toBeNull();
  });

  it('tells since when a consumer is there, and counts it as nothing before', () => {
    const young: Usage = (hour) => (hour < 12 ? null : GIB);

    const [pod] = attributed(
      attribute(HOST, EVIDENCE, [consumerSeries(process('new'), young), consumerSeries(process('redis'), flat)]),
    ).grown;

    expect(pod).toMatchObject({ since: NOON - 12 * HOUR, before: 0, after: GIB, restarts: [] });
  });

  it('takes a period without any consumer for a gap of their collector', () => {
    const gappy =
      (usage: Usage): Usage =>
      (hour) =>
        hour >= 8 && hour < 11 ? null : usage(hour);

    const { grown } = attributed(
      attribute(HOST, EVIDENCE, [
        consumerSeries(process('node'), gappy(leak)),
        consumerSeries(process('redis'), gappy(flat)),
      ]),
    );

    expect(namesOf(grown)).toEqual(['node']);
    expect(grown[0]?.restarts).toEqual([]);
  });

  it('compares as far back as consumers were collected', () => {
    const lately: Usage = (hour) => (hour < 20 ? null : leak(hour));

    const { window, grown } = attributed(attribute(HOST, EVIDENCE, [consumerSeries(process('node'), lately)]));

    expect(window).toEqual({ start: NOON - 4 * HOUR, end: NOON });
    expect(grown[0]?.since).toBeNull();
    expect(grown[0]?.share?.estimate).toBeCloseTo(1, 6);
  });

  it('adds up several series of one consumer', () => {
    const half: Usage = (hour) => (leak(hour) ?? 0) / 2;

    const { consumers, grown } = attributed(
      attribute(HOST, EVIDENCE, [consumerSeries(process('node'), half), consumerSeries(process('node'), half)]),
    );

    expect(consumers).toBe(1);
    expect(grown[0]?.share?.estimate).toBeCloseTo(1, 9);
  });

  it('leaves out samples that are no amount of memory', () => {
    const broken: Usage = (hour) => (hour === 3 ? Number.NaN : hour === 4 ? -5 : leak(hour));

    const { grown } = attributed(
      attribute(HOST, EVIDENCE, [consumerSeries(process('node'), broken), consumerSeries(process('redis'), flat)]),
    );

    expect(namesOf(grown)).toEqual(['node']);
  });
});

describe('attribute, without consumers,', () => {
  const uncovered = (reason: Uncovered['reason']): Uncovered => {
    return { kind: 'uncovered', resource: aResource(), reason, hint: 'turn it on' };
  };
  const unreadable: Unreadable = { kind: 'unreadable', scope: aResource(), reason: 'denied', detail: 'no right' };

  it.each<[string, Reading[], object]>([
    ['that nobody collects', [uncovered('not_reported')], { reason: 'not_collected', says: 'turn it on' }],
    ['whose collector died', [uncovered('stopped_reporting')], { reason: 'not_collected' }],
    ['that the provider has not', [uncovered('unsupported')], { reason: 'unsupported', says: 'turn it on' }],
    ['that cannot be compared', [uncovered('incommensurable')], { reason: 'incommensurable', says: 'turn it on' }],
    ['that could not be read', [uncovered('not_reported'), unreadable], { reason: 'denied', says: 'no right' }],
    ['and without a reason', [], { reason: 'not_collected' }],
    [
      'in bytes',
      [consumerSeries(process('node'), () => 0.5, { unit: '1' })],
      { reason: 'incommensurable', says: expect.stringContaining('fractions') },
    ],
    [
      'for long enough',
      [consumerSeries(process('node'), (hour) => (hour < HOURS - 1.75 ? null : leak(hour)))],
      { reason: 'too_little' },
    ],
  ])('%s says so', (_, readings, expected) => {
    expect(attribute(HOST, EVIDENCE, readings)).toMatchObject({ kind: 'unattributed', ...expected });
  });

  it('tells those that could be read beside one that could not', () => {
    const { grown } = attributed(attribute(HOST, EVIDENCE, [unreadable, consumerSeries(process('node'), leak)]));

    expect(namesOf(grown)).toEqual(['node']);
  });
});

describe('the stretch that is compared', () => {
  it('is as long as the horizon that decided, and never longer than what was judged', () => {
    const judged = { start: NOON - 30 * HOUR, end: NOON };

    expect(comparedWindow(anEvidence({ judged, horizonHours: 12 }))).toEqual({ start: NOON - 12 * HOUR, end: NOON });
    expect(comparedWindow(anEvidence({ judged, horizonHours: 72 }))).toEqual(judged);
  });
});
