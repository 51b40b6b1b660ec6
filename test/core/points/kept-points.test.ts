/** Scored points that were kept, page by page. */
import { describe, expect, it } from 'vitest';
import type { PointPosition } from '../../../core/model/point-position.ts';
import { keptPoints, type WantedPoints } from '../../../core/points/kept-points.ts';
import { ItemError } from '../../../core/ports/errors.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aJobRef, anAnomalyLine } from '../../fixtures/point-jobs.ts';
import { createMemoryPointStores } from '../../memory/point-stores.ts';

const DAY = 24 * HOUR;

/** A point every hour for a day, of two hosts, in objects of an hour. */
async function aStore() {
  const { anomalyResults } = createMemoryPointStores();
  for (let hour = 0; hour < 24; hour++) {
    const time = NOON - hour * HOUR;
    const of = { time, score: hour % 3 === 0 ? 0.999 : 0.6, is_anomaly: hour % 3 === 0 };
    const lines = [anAnomalyLine({ ...of, host: 'i-1' }), anAnomalyLine({ ...of, host: 'i-2', metric: 'own' })];
    await anomalyResults.put({ ...aJobRef(), start: time - (time % HOUR) }, lines);
  }
  return anomalyResults;
}

const wanted = (overrides: Partial<WantedPoints> = {}): WantedPoints => ({
  within: { tenant: 'acme' },
  window: { start: NOON - 3 * DAY, end: NOON + MINUTE },
  limit: 100,
  ...overrides,
});

describe('keptPoints', () => {
  it('gives anomalous points, the newest first, and none twice over pages of any length', async () => {
    const store = await aStore();
    for (const limit of [1, 7, 100]) {
      const lines = [];
      let after: PointPosition | undefined;
      do {
        const page = await keptPoints(wanted({ limit, after }), store);
        expect(page.lines.length).toBeLessThanOrEqual(limit);
        lines.push(...page.lines);
        after = page.next;
      } while (after !== undefined);

      expect(lines).toHaveLength(16);
      expect(lines.map(({ time }) => time)).toEqual(lines.map(({ time }) => time).toSorted((a, b) => b - a));
      expect(new Set(lines.map(({ time, host }) => `${time} ${host}`)).size).toBe(16);
    }
  });

  it('gives points from a score on, of one host and metric, within a time', async () => {
    const store = await aStore();
    const window = { start: NOON - 5 * HOUR, end: NOON };

    const { lines, next } = await keptPoints(wanted({ minScore: 0.5, host: 'i-2', metric: 'own', window }), store);

    expect(lines.map(({ time }) => (NOON - time) / HOUR)).toEqual([1, 2, 3, 4, 5]);
    expect(next).toBeUndefined();
  });

  it('reads a bounded number of objects for a page', async () => {
    const store = await aStore();
    let read = 0;
    const counting: typeof store = {
      ...store,
      lines(cell) {
        read++;
        return store.lines(cell);
      },
    };

    await keptPoints(wanted({ limit: 1 }), counting);

    expect(read).toBeLessThanOrEqual(16);
  });

  it('states what cannot be read back, and gives the rest', async () => {
    const store = await aStore();
    const damaged: typeof store = {
      ...store,
      lines: (cell) => {
        if (cell.start === NOON) throw new ItemError('the object is damaged');
        return store.lines(cell);
      },
    };

    const { lines, unreadable } = await keptPoints(wanted(), damaged);

    expect(lines).toHaveLength(14);
    expect(unreadable).toEqual(['the object is damaged']);
  });
});
