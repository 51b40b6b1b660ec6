import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance } from '../../../../core/incidents/story/advance.ts';
import type { Happened } from '../../../../core/incidents/story/advanced.ts';
import { waitHours } from '../../../../core/incidents/story/standstill.ts';
import { SEVERITIES } from '../../../../core/model/finding.ts';
import { storySchema } from '../../../../core/model/story.ts';
import { factsAt, type Hour, kindsOf, type Plot, type Reported, replayed } from './replayed.ts';

const hour: fc.Arbitrary<Hour> = fc.oneof(
  fc.constantFrom<Hour[]>('suspected', 'suspected critical', 'refilling', 'none', 0, 0.05, 0.5),
  fc.constantFrom(...SEVERITIES).map((severity): Hour => `confirmed ${severity}`),
);

/** Hours in a row with one verdict, over memory that grows, stands still and falls. */
const plots: fc.Arbitrary<Plot> = fc
  .record({
    verdicts: fc.array(fc.tuple(hour, fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 12 }),
    steps: fc.array(fc.constantFrom(-60, -5, -1, 0, 0, 0.3, 1), { minLength: 1, maxLength: 30 }),
    rate: fc.double({ min: -1, max: 5, noNaN: true }),
    every: fc.constantFrom(1, 1, 2, 4, 24),
    restarts: fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 4 }),
    lasting: fc.constantFrom(0.5, 0.95),
  })
  .map(({ verdicts, steps, rate, every, restarts, lasting }): Plot => {
    const hours = verdicts.flatMap(([of, lasts]) => Array.from({ length: lasts }, () => of));
    const levels: number[] = [];
    for (let at = 0; at < hours.length; at++) {
      const step = steps[Math.floor(at / 10) % steps.length] ?? 0;
      levels.push(Math.min(100, Math.max(0, (levels.at(-1) ?? 40) + step)));
    }
    return {
      hours: hours.length - 1,
      level: (at) => levels[Math.max(0, at)] ?? 40,
      verdict: (at) => hours[at] ?? 0,
      rate,
      every,
      lasting,
      restarts: restarts.toSorted((a, b) => a - b),
    };
  });

/** One character an event, so that a story is a text. */
const CHARACTERS: Readonly<Record<Happened['kind'], string>> = {
  suspected: 's',
  opened: 'o',
  worse: 'w',
  better: 'b',
  no_data: 'n',
  recovered: 'r',
  host_gone: 'g',
  cleared: 'c',
};

function textOf(events: readonly Reported[]): string {
  return events.map(({ happened }) => (happened.end?.how === 'cured' ? 'x' : CHARACTERS[happened.kind])).join('');
}

/** Each cycle is a suspicion that is cleared, or opens and ends once; it may be cured after that. The last one may go on. */
const STORIES = /^(sc|s?o[wbn]*[rg]x?)*(s|s?o[wbn]*)?$/;

function holds(property: (plot: Plot) => void): void {
  void fc.assert(fc.property(plots, property), { numRuns: 200 });
}

describe('advance, whatever happens', () => {
  it('begins a cycle where none lasts, opens it before it gets worse or better, and ends it once', () => {
    holds((plot) => {
      expect(textOf(replayed(plot).events)).toMatch(STORIES);
    });
  });

  it('numbers cycles without going back', () => {
    holds((plot) => {
      let before = { cycle: 0, firstAt: 0 };
      for (const { happened } of replayed(plot).events) {
        const { cycle, firstAt } = happened.cycles;
        if (firstAt === before.firstAt) expect(cycle).toBeGreaterThanOrEqual(before.cycle);
        else expect(cycle).toBe(1);
        before = { cycle, firstAt };
      }
    });
  });

  it('remembers a bounded story that its schema accepts', () => {
    holds((plot) => {
      const { story } = replayed(plot);
      if (story === undefined) return;
      expect(storySchema.parse(JSON.parse(JSON.stringify(story)))).toEqual(story);
      expect(JSON.stringify(story).length).toBeLessThan(6_000);
    });
  });

  it('changes nothing by facts that it had before, in whatever order they come again', () => {
    void fc.assert(
      fc.property(plots, fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 5 }), (plot, again) => {
        const { story } = replayed(plot);
        if (story === undefined) return;
        for (const hour of again) {
          const facts = factsAt(hour, plot);
          if (facts.at > story.asOf) continue;
          expect(advance(story, facts, { recoverAfter: 4 })).toEqual({ story, happened: null });
        }
      }),
      { numRuns: 100 },
    );
  });

  it('remembers nothing of hosts that are steady throughout', () => {
    holds((plot) => {
      const verdict = (at: number): Hour => (typeof plot.verdict(at) === 'number' ? plot.verdict(at) : 0);
      expect(replayed({ ...plot, verdict })).toEqual({ events: [], story: undefined });
    });
  });

  const refill = fc.record({
    plateau: fc.integer({ min: 30, max: 85 }),
    depth: fc.integer({ min: 5, max: 25 }),
    /** Hours in which the distance to the plateau falls to a third. */
    takes: fc.integer({ min: 4, max: 28 }),
    busy: fc.integer({ min: 0, max: 4 }),
    verdicts: fc.array(fc.constantFrom<Hour[]>('suspected', 'confirmed', 'refilling', 'confirmed critical', 0, 0.3), {
      minLength: 150,
      maxLength: 150,
    }),
  });

  it('reports nothing of a host that refills up to where it was, whatever its verdicts are', () => {
    void fc.assert(
      fc.property(refill, ({ plateau, depth, takes, busy, verdicts }) => {
        const habit = (hour: number) => (((hour % 24) + 24) % 24 < 6 ? busy : 0);
        const level = (hour: number) => plateau - (hour < 0 ? 0 : depth * Math.exp(-hour / takes)) + habit(hour);
        // Without a word of it while the window shows the restart, nobody could know.
        const verdict = (hour: number): Hour => (hour === 12 ? 'refilling' : (verdicts[hour] ?? 0));

        expect(replayed({ hours: 130, level, verdict, restarts: [0] }).events).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('reports what passes the plateau and goes on, whatever it is that grows', () => {
    void fc.assert(
      fc.property(refill, fc.integer({ min: 1, max: 10 }), ({ plateau, depth }, tenths) => {
        const level = (hour: number) => (hour < 0 ? plateau : plateau - depth + (depth / 12) * hour * (tenths / 5));
        const verdict = (hour: number): Hour => (hour >= 12 ? 'confirmed' : 0);

        const { events } = replayed({ hours: 200, level, verdict, restarts: [0] });

        expect(kindsOf(events)[0]).toMatch(/ opened$/);
        const passed = 12 / (tenths / 5) + (1.5 / (depth / 12) / tenths) * 5 + 3;
        expect(events[0]?.hour).toBeLessThanOrEqual(Math.max(24, passed));
      }),
      { numRuns: 40 },
    );
  });

  it('waits between four hours and three days', () => {
    const rates = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 32 });
    void fc.assert(
      fc.property(rates, fc.nat(10_000), fc.nat(100), (growthRates, age, pause) => {
        const hours = waitHours(growthRates, age, pause);
        expect(hours).toBeGreaterThanOrEqual(4);
        expect(hours).toBeLessThanOrEqual(72);
      }),
    );
  });
});
