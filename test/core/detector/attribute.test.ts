import { describe, expect, it } from 'vitest';
import { attribute, comparedWindow } from '../../../core/detector/attribute.ts';
import type { Attributed, Attribution } from '../../../core/model/attribution.ts';
import type { Consumer, NotMonitored, Reading, Unreadable } from '../../../core/model/series.ts';
import { anEvidence, aResource, HOUR, NOON } from '../../fixtures/builders.ts';
import { CAPACITY, consumerSeries, EVIDENCE, GIB, HOURS, hostSeries, process, type Usage } from './consumers.ts';

const leak: Usage = (hour) => 0.2 * GIB + (Math.max(0, hour) * GIB) / HOURS;
const flat: Usage = () => 2 * GIB;
const both: Usage = (hour) => (leak(hour) ?? 0) + (flat(hour) ?? 0);

const HOST = hostSeries(both);

function attributed(attribution: Attribution): Attributed {
  if (attribution.kind === 'unattributed') throw new Error(`unattributed: ${attribution.reason}`);
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

  it('lists what each used at both ends, and its share of the host’s rise', () => {
    const result = attributed(attribute(HOST, EVIDENCE, [consumerSeries(process('node'), leak)]));

    const [node] = result.grown;
    expect(result.basis).toBe('host');
    expect(result.window).toEqual({ start: NOON - HOURS * HOUR, end: NOON });
    expect(node?.share?.estimate).toBeCloseTo(1, 9);
    expect((node?.after ?? 0) - (node?.before ?? 0)).toBeCloseTo(node?.rise.estimate ?? 0, 3);
    // The means over an eighth of the segment are seven eighths of it apart.
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
    expect(unexplained?.remainder).toBe('noise');
  });

  it('names a remainder that no consumer explains', () => {
    const { grown, unexplained } = attributed(
      attribute(HOST, EVIDENCE, [consumerSeries(process('node'), (hour) => (leak(hour) ?? 0) / 4)]),
    );

    expect(grown[0]?.share?.estimate).toBeCloseTo(0.25, 6);
    expect(unexplained?.share?.estimate).toBeCloseTo(0.75, 6);
    expect(unexplained?.remainder).toBe('not_collected');
  });

  it('names a negative remainder as memory that is counted twice', () => {
    const { unexplained } = attributed(
      attribute(HOST, EVIDENCE, [
        consumerSeries(process('worker'), (hour) => 2 * (leak(hour) ?? 0)),
        consumerSeries(process('redis'), flat),
      ]),
    );

    expect(unexplained?.share?.estimate).toBeCloseTo(-1, 6);
    expect(unexplained?.remainder).toBe('counted_twice');
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

  it('gives no shares where the host did not rise', () => {
    const result = attributed(attribute(hostSeries(flat), EVIDENCE, [consumerSeries(process('node'), leak)]));

    expect(result.grown[0]?.share).toBeNull();
    expect(result.unexplained?.share).toBeNull();
  });

  it('gives no shares of a rise within noise', () => {
    const trembling: Usage = (hour) => 2 * GIB + 0.2 * GIB * Math.sin(hour * 40) + 0.001 * GIB * hour;

    const { rise, grown } = attributed(
      attribute(hostSeries(trembling), EVIDENCE, [consumerSeries(process('node'), leak)]),
    );

    expect(rise.estimate).toBeGreaterThan(0);
    expect(rise.low).toBeLessThan(0);
    expect(grown[0]?.share).toBeNull();
  });

  it('ignores an absurd capacity', () => {
    const { basis } = attributed(
      attribute(HOST, EVIDENCE, [consumerSeries(process('node'), leak, { limit: 2 ** 61 })]),
    );

    expect(basis).toBe('consumers');
  });

  it('lists ten at the most, and how many there were', () => {
    const many = Array.from({ length: 25 }, (_, index) =>
      consumerSeries(process(`p${index}`), (hour) => GIB + (hour * index * GIB) / 1000),
    );

    const result = attributed(attribute(HOST, EVIDENCE, many));

    expect(result.consumers).toBe(25);
    expect(namesOf(result.grown)).toEqual(Array.from({ length: 10 }, (_, index) => `p${24 - index}`));
    expect(result.largest).toHaveLength(10);
  });

  it('lists when a consumer was restarted, and that it still is the one that grew', () => {
    const restarting: Usage = (hour) => (hour < 10 ? GIB + hour * 0.1 * GIB : 0.6 * GIB + (hour - 10) * 0.2 * GIB);

    const [node] = attributed(attribute(HOST, EVIDENCE, [consumerSeries(process('node'), restarting)])).grown;

    expect(node?.restarts).toEqual([NOON - 14 * HOUR]);
    expect(node?.since).toBeNull();
  });

  it('knows since when a consumer is there, and counts it as nothing before', () => {
    const young: Usage = (hour) => (hour < 12 ? null : GIB);
    const host = hostSeries((hour) => (flat(hour) ?? 0) + (young(hour) ?? 0));

    const [pod] = attributed(
      attribute(host, EVIDENCE, [consumerSeries(process('new'), young), consumerSeries(process('redis'), flat)]),
    ).grown;

    expect(pod).toMatchObject({ since: NOON - 12 * HOUR, before: 0, after: GIB, restarts: [] });
    expect(pod).toMatchObject({ collectedFrom: null, collectedUntil: null });
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

  it('leaves out values that no memory can have', () => {
    const broken: Usage = (hour) => (hour === 3 ? Number.NaN : hour === 4 ? -5 : leak(hour));

    const { grown } = attributed(
      attribute(HOST, EVIDENCE, [consumerSeries(process('node'), broken), consumerSeries(process('redis'), flat)]),
    );

    expect(namesOf(grown)).toEqual(['node']);
  });
});

/** As if it were collected from one hour to another only. */
function collected(usage: Usage, from: number, to = HOURS): Usage {
  return (hour) => (hour < from || hour >= to ? null : usage(hour));
}

describe('attribute, of consumers that are collected for a part of the segment,', () => {
  it('does not blame a steady one for having been added to what is collected', () => {
    const consumers = [
      consumerSeries(process('java'), leak),
      consumerSeries(process('nginx'), collected(flat, 20)),
      consumerSeries(
        process('mysqld'),
        collected(() => 0.5 * GIB, 2),
      ),
    ];

    const { grown, largest, unexplained } = attributed(attribute(HOST, EVIDENCE, consumers));

    expect(namesOf(grown)).toEqual(['java']);
    expect(grown[0]?.share?.estimate).toBeCloseTo(1, 9);
    expect(grown[0]).toMatchObject({ collectedFrom: null, collectedUntil: null });
    expect(unexplained?.share?.estimate).toBeCloseTo(0, 9);
    const nginx = largest.find(({ consumer }) => consumer.name === 'nginx');
    expect(nginx).toMatchObject({ before: 2 * GIB, after: 2 * GIB, since: null });
    expect(nginx).toMatchObject({ collectedFrom: Date.UTC(2026, 10, 20, 8), collectedUntil: null });
  });

  it('does not take many small ones that are added to the collection at once for a rise', () => {
    const trembling: Usage = (hour) => (both(hour) ?? 0) + 0.05 * GIB * Math.sin(hour * 40);
    const small = Array.from({ length: 60 }, (_, index) =>
      consumerSeries(
        process(`p${index}`),
        collected(() => 0.02 * GIB, 18),
      ),
    );

    const { grown } = attributed(
      attribute(hostSeries(trembling), EVIDENCE, [consumerSeries(process('java'), leak), ...small]),
    );

    expect(namesOf(grown)).toEqual(['java']);
  });

  it('names a leaker that is collected lately, with what it rose by meanwhile and since when', () => {
    const consumers = [consumerSeries(process('redis'), flat), consumerSeries(process('java'), collected(leak, 16))];

    const { grown, unexplained } = attributed(attribute(HOST, EVIDENCE, consumers));

    expect(namesOf(grown)).toEqual(['java']);
    expect(grown[0]?.since).toBeNull();
    expect(grown[0]?.collectedFrom).toBe(Date.UTC(2026, 10, 20, 4));
    // Of eight hours the means of the first and the last three are five apart.
    expect(grown[0]?.rise.estimate).toBeCloseTo((5 / HOURS) * GIB, -3);
    expect((grown[0]?.share?.estimate ?? 0) + (unexplained?.share?.estimate ?? 0)).toBeCloseTo(1, 9);
  });

  it('still names a leaker whose samples end before the segment does, and does not list its present use', () => {
    const consumers = [consumerSeries(process('redis'), flat), consumerSeries(process('java'), collected(leak, 0, 20))];

    const { grown, largest } = attributed(attribute(HOST, EVIDENCE, consumers));

    expect(namesOf(grown)).toEqual(['java']);
    expect(grown[0]).toMatchObject({ collectedFrom: null, collectedUntil: Date.UTC(2026, 10, 20, 8) });
    expect(namesOf(largest)).toEqual(['redis']);
  });

  it('takes one for ended where the host’s memory falls with it', () => {
    const gone = collected(flat, 0, 12);
    const host = hostSeries((hour) => (leak(hour) ?? 0) + (gone(hour) ?? 0) + GIB);

    const { grown, largest } = attributed(
      attribute(host, EVIDENCE, [consumerSeries(process('gone'), gone), consumerSeries(process('java'), leak)]),
    );

    expect(namesOf(grown)).toEqual(['java']);
    expect(namesOf(largest)).toEqual(['java']);
  });

  it('finds neither a rise nor a restart in a gap in which the host did not move', () => {
    const gappy: Usage = (hour) => (hour >= 10 && hour < 13 ? null : flat(hour));

    const { largest } = attributed(
      attribute(HOST, EVIDENCE, [consumerSeries(process('redis'), gappy), consumerSeries(process('java'), leak)]),
    );

    expect(largest[0]).toMatchObject({ consumer: { name: 'redis' }, restarts: [], rise: { estimate: 0 } });
  });

  it('sees a restart in a gap for which the host fell', () => {
    const away: Usage = (hour) => (hour >= 10 && hour < 13 ? null : flat(hour));
    const host = hostSeries((hour) => (leak(hour) ?? 0) + (away(hour) ?? 0));

    const { largest } = attributed(
      attribute(host, EVIDENCE, [consumerSeries(process('redis'), away), consumerSeries(process('java'), leak)]),
    );

    expect(largest[0]).toMatchObject({ consumer: { name: 'redis' }, restarts: [NOON - 14 * HOUR] });
  });

  it('does not take a first sample for a rise where the host’s bytes are unknown', () => {
    const consumers = [
      consumerSeries(process('java'), leak, { limit: 0 }),
      consumerSeries(process('nginx'), collected(flat, 20), { limit: 0 }),
    ];

    const { basis, grown } = attributed(attribute(HOST, EVIDENCE, consumers));

    expect(basis).toBe('consumers');
    expect(namesOf(grown)).toEqual(['java']);
  });

  it('leaves out periods in which the host is not known', () => {
    const host: Usage = (hour) => (hour >= 21 ? null : both(hour));

    const { window } = attributed(
      attribute(hostSeries(host), EVIDENCE, [
        consumerSeries(process('java'), leak),
        consumerSeries(process('redis'), flat),
      ]),
    );

    expect(window.end).toBe(NOON - 3 * HOUR);
  });
});

describe('a restart', () => {
  const restartsOf = (usage: Usage) =>
    attributed(attribute(HOST, EVIDENCE, [consumerSeries(process('node'), usage)])).largest[0]?.restarts;
  const falling = (from: number, to: number): Usage => {
    return (hour) => (hour < 12 ? from : to);
  };
  const MIB = 2 ** 20;

  it.each([
    ['more than half of what was held is gone', GIB, 0.49 * GIB, 1],
    ['two fifths of it are gone', GIB, 0.6 * GIB, 0],
    ['what was held is worth a word', 17 * MIB, MIB, 1],
    ['what was held is not worth a word', 15 * MIB, MIB, 0],
  ])('is listed, or not, where %s', (_, from, to, count) => {
    expect(restartsOf(falling(from, to))).toHaveLength(count);
  });

  it('is seen where a period’s mean lies halfway down the fall', () => {
    const halfway: Usage = (hour) => (hour < 12 ? GIB : hour < 12.25 ? 0.7 * GIB : 0.4 * GIB);

    expect(restartsOf(halfway)).toEqual([NOON - 11.75 * HOUR]);
  });
});

describe('attribute, without consumers,', () => {
  const notMonitored = (reason: NotMonitored['reason']): NotMonitored => {
    return { kind: 'not_monitored', resource: aResource(), reason, hint: 'turn it on' };
  };
  const unreadable: Unreadable = { kind: 'unreadable', scope: aResource(), reason: 'denied', detail: 'no right' };

  it.each<[string, Reading[], object]>([
    ['that nobody collects', [notMonitored('not_reported')], { reason: 'not_collected', detail: 'turn it on' }],
    ['whose collector died', [notMonitored('stopped_reporting')], { reason: 'not_collected' }],
    ['that the provider has not', [notMonitored('unsupported')], { reason: 'unsupported', detail: 'turn it on' }],
    ['that cannot be compared', [notMonitored('incommensurable')], { reason: 'incommensurable', detail: 'turn it on' }],
    ['that could not be read', [notMonitored('not_reported'), unreadable], { reason: 'denied', detail: 'no right' }],
    ['and without a reason', [], { reason: 'not_collected' }],
    [
      'in bytes',
      [consumerSeries(process('node'), () => 0.5, { unit: '1' })],
      { reason: 'incommensurable', detail: null },
    ],
    [
      'for long enough',
      [consumerSeries(process('node'), (hour) => (hour < HOURS - 1.75 ? null : leak(hour)))],
      { reason: 'too_little' },
    ],
  ])('%s are the reason why nobody is named', (_, readings, expected) => {
    expect(attribute(HOST, EVIDENCE, readings)).toMatchObject({ kind: 'unattributed', ...expected });
  });

  it('names those that rose as fractions of an unknown capacity, with the hint how to change that', () => {
    const pod = (name: string): Consumer => ({ kind: 'pod', name, namespace: 'shop' });
    const share = (name: string, usage: Usage) => consumerSeries(pod(name), usage, { unit: '1', metric: 'share' });

    const result = attribute(HOST, EVIDENCE, [
      share('flat', () => 0.3),
      share('cart', (hour) => 0.1 + 0.002 * Math.max(0, hour)),
      share('till', (hour) => 0.1 + 0.004 * Math.max(0, hour)),
      notMonitored('incommensurable'),
    ]);

    expect(result).toEqual({
      kind: 'unattributed',
      reason: 'incommensurable',
      detail: 'turn it on',
      traces: [
        { consumer: pod('till'), rise: expect.closeTo(0.084, 3) },
        { consumer: pod('cart'), rise: expect.closeTo(0.042, 3) },
      ],
    });
  });

  it('compares fractions of the host’s capacity with the host’s own fraction', () => {
    const fraction: Usage = (hour) => (leak(hour) ?? 0) / CAPACITY;
    const node = consumerSeries(process('node'), fraction, { unit: '1', limit: 1 });
    const inBytes = attributed(attribute(HOST, EVIDENCE, [consumerSeries(process('node'), leak)]));

    const { unit, basis, rise, grown } = attributed(attribute(HOST, EVIDENCE, [node]));

    expect({ unit, basis }).toEqual({ unit: '1', basis: 'host' });
    expect(rise.estimate).toBeCloseTo(inBytes.rise.estimate / CAPACITY, 9);
    expect(grown[0]?.share?.estimate).toBeCloseTo(1, 9);
  });

  it('lists those that could be read beside one that could not', () => {
    const { grown } = attributed(attribute(HOST, EVIDENCE, [unreadable, consumerSeries(process('node'), leak)]));

    expect(namesOf(grown)).toEqual(['node']);
  });
});

describe('the segment that is compared', () => {
  it('is as long as the horizon that decided, and never longer than the evaluated one', () => {
    const evaluated = { start: NOON - 30 * HOUR, end: NOON };

    expect(comparedWindow(anEvidence({ evaluated, horizonHours: 12 }))).toEqual({ start: NOON - 12 * HOUR, end: NOON });
    expect(comparedWindow(anEvidence({ evaluated, horizonHours: 72 }))).toEqual(evaluated);
  });
});
