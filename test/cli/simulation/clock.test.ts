import { describe, expect, it } from 'vitest';
import { runForward } from '../../../cli/simulation/clock.ts';
import { inspectedHours } from '../../../cli/simulation/history.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';

/** Runs for some steps of one second; returns what happened, in order. */
async function stepsOf(steps: number, speed: number): Promise<{ readonly done: string[]; readonly now: number }> {
  const ended = new AbortController();
  const done: string[] = [];
  const simulation = {
    now: NOON,
    async inspectAll(at: number) {
      simulation.now = at;
      done.push(`inspection at +${(at - NOON) / HOUR} h`);
    },
    async serveRequests() {
      done.push('requests');
    },
  };
  let left = steps;
  const tick = async () => {
    if (left-- === 0) ended.abort();
    return 1;
  };
  await runForward(simulation, { speed, tick, signal: ended.signal });
  return { done, now: simulation.now };
}

describe('the time of a simulation', () => {
  it('runs forward by its speed, and serves what was requested meanwhile', async () => {
    const { done, now } = await stepsOf(3, 300);

    expect(now).toBe(NOON + 900_000);
    expect(done).toEqual(['requests', 'requests', 'requests']);
  });

  it('stands at each hour until that is inspected', async () => {
    const { done, now } = await stepsOf(4, 2400);

    expect(now).toBe(NOON + 2 * HOUR);
    expect(done).toEqual(['requests', 'inspection at +1 h', 'requests', 'requests', 'inspection at +2 h', 'requests']);
  });

  it('skips no hour, however fast it runs', async () => {
    const { done } = await stepsOf(2, 86_400);

    expect(done.filter((one) => one.startsWith('inspection'))).toEqual(['inspection at +1 h', 'inspection at +2 h']);
  });

  it('stands still with a speed of 0', async () => {
    expect((await stepsOf(5, 0)).now).toBe(NOON);
  });
});

describe('the history of a simulation', () => {
  it('has an inspection every few hours, and every hour of the last day', () => {
    const hours = inspectedHours(7);

    expect(hours[0]).toBe(-168);
    expect(hours.slice(-25)).toEqual(Array.from({ length: 25 }, (_, index) => index - 24));
    expect(Math.max(...hours.slice(1).map((hour, index) => hour - (hours[index] ?? 0)))).toBe(8);
  });
});
