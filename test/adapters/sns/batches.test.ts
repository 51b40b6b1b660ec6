/** How messages are packed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextBatch } from '../../../adapters/sns/publisher.ts';

const KIB = 1024;

describe('the next batch', () => {
  it('takes ten at the most', () => {
    const { batch, rest } = nextBatch(itemsOf('abcdefghijklm'));

    expect(incidentsOf(batch)).toBe('abcdefghij');
    expect(incidentsOf(rest)).toBe('klm');
  });

  it('takes 256 KiB at the most, and smaller ones past one that is too large for it', () => {
    const items = [100, 100, 100, 50].map((size, index) => ({ incident: String(index), bytes: size * KIB }));

    const { batch, rest } = nextBatch(items);

    expect(incidentsOf(batch)).toBe('013');
    expect(incidentsOf(rest)).toBe('2');
  });

  it('takes one event of an incident, and none before those that wait', () => {
    const items = [
      { incident: 'a', bytes: 200 * KIB },
      { incident: 'b', bytes: 100 * KIB },
      { incident: 'b', bytes: 1 },
      { incident: 'a', bytes: 1 },
      { incident: 'c', bytes: 1 },
    ];

    expect(incidentsOf(nextBatch(items).batch)).toBe('ac');
  });

  it('comes to an end with every item sent once, and each incident in its order', () => {
    const item = fc.record({
      incident: fc.constantFrom('a', 'b', 'c', 'd'),
      bytes: fc.integer({ min: 1, max: 128 * KIB }),
    });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 60 }), (items) => {
        const sent: typeof items = [];
        for (let waiting = items; waiting.length > 0; ) {
          const { batch, rest } = nextBatch(waiting);
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(256 * KIB);
          sent.push(...batch);
          waiting = rest;
        }
        expect(sent).toHaveLength(items.length);
        for (const incident of 'abcd') expect(of(incident, sent)).toEqual(of(incident, items));
      }),
    );
  });
});

function itemsOf(incidents: string) {
  return [...incidents].map((incident) => ({ incident, bytes: 1 }));
}

function incidentsOf(items: readonly { incident: string }[]): string {
  return items.map(({ incident }) => incident).join('');
}

function of<Item extends { incident: string }>(incident: string, items: readonly Item[]): Item[] {
  return items.filter((item) => item.incident === incident);
}
