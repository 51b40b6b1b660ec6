import { describe, expect, it } from 'vitest';
import { isLeak, windowEnds } from '../../../bench/data.ts';
import { hostsOf } from '../../../bench/halves.ts';
import { randomFrom } from '../../../bench/random.ts';
import type { Base } from '../../../bench/train/bases.ts';
import { injected } from '../../../bench/train/inject.ts';

const SAMPLES = 12 * 288;

const POOL: readonly Base[] = ['a', 'b', 'c'].map((host, index) => ({
  hosts: [host],
  kind: 'recorded',
  values: Float64Array.from({ length: SAMPLES }, (_, at) => 30 + 5 * index + Math.sin(at / 40)),
}));

const make = (seed: number, count: number) => injected('made', POOL, count, randomFrom(seed));

/** Made once: every test reads the same series. */
const made = make(1, 200);

describe('injected', () => {
  it('makes the same series from the same seed, and others from another', () => {
    expect(make(1, 20)).toEqual(make(1, 20));
    expect(make(2, 20)).not.toEqual(make(1, 20));
  });

  it('makes leaks of every shape and tier, and healthy series of every kind', () => {
    const of = (label: string) => made.filter((one) => one.label === label);

    expect(new Set(of('leak').map(({ shape }) => shape)).size).toBe(7);
    expect(new Set(of('leak').map(({ tier }) => tier))).toEqual(new Set(['slow', 'medium', 'fast']));
    expect(new Set(of('healthy').flatMap(({ overlays }) => overlays)).size).toBe(9);
  });

  it('uses hosts of the pool and its own inventions alone', () => {
    const hosts = new Set(made.flatMap(hostsOf));

    expect([...hosts].filter((host) => !host.startsWith('invented/')).sort()).toEqual(['a', 'b', 'c']);
  });

  it('reports percent of the capacity, and nulls where samples are missing', () => {
    const values = made.flatMap(({ v }) => v);

    expect(values.every((value) => value === null || (value >= 0 && value <= 100))).toBe(true);
    expect(values).toContain(null);
  });

  it('knows which windows leak', () => {
    const labels = made.map((one) => new Set(windowEnds(one).map((now) => isLeak(one, now))));

    for (const [index, one] of made.entries()) {
      if (one.label === 'healthy') expect([...(labels[index] ?? [])]).toEqual([false]);
    }
    const scored = made.filter((one, index) => one.label === 'leak' && labels[index]?.has(true));
    expect(scored.length).toBeGreaterThan(50);
  });

  it('grows where its truth is a leak', () => {
    const linear = make(1, 400).filter(
      ({ shape, overlays, sat }) => shape === 'linear' && overlays.length === 0 && sat.length === 0,
    );

    expect(linear.length).toBeGreaterThan(0);
    for (const { active, v, step } of linear) {
      const [from = 0, to = 0] = active[0] ?? [];
      const levels = v.slice(Math.ceil(from / step), Math.floor(to / step)).filter((value) => value !== null);
      const quarter = Math.floor(levels.length / 4);
      const mean = (some: readonly number[]) => some.reduce((sum, value) => sum + value, 0) / some.length;
      if (quarter > 12) expect(mean(levels.slice(-quarter))).toBeGreaterThan(mean(levels.slice(0, quarter)));
    }
  });
});
