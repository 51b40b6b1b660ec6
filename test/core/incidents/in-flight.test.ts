import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { raceWith } from '../../../core/incidents/in-flight.ts';

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);

beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('unhandledRejection', note);
});

describe('raceWith', () => {
  it.each<[string, (abort: AbortController) => void]>([
    ['before it began', (controller) => controller.abort()],
    ['while it waits', (controller) => queueMicrotask(() => controller.abort())],
  ])('handles the failure of work that is given up %s: it would end the process', async (_, abort) => {
    const controller = new AbortController();
    const work = Promise.withResolvers<void>();
    abort(controller);

    await raceWith(controller.signal, work.promise);
    work.reject(new Error('the table is down'));
    await setImmediate();

    expect(unhandled).toEqual([]);
  });

  it('throws what the work throws in time', async () => {
    const work = Promise.reject(new Error('the table is down'));

    await expect(raceWith(new AbortController().signal, work)).rejects.toThrow('the table is down');
  });
});
