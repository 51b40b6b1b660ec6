import { describe, expect, it } from 'vitest';
import { learnBaseline } from '../../../core/baselines/learn.ts';
import type { Baseline } from '../../../core/model/baseline.ts';
import { baselineSchema } from '../../../core/model/baseline.ts';
import { encoded } from '../../../core/model/notation.ts';
import type { Series } from '../../../core/model/series.ts';
import { HOUR_MS, NOW, seriesOf } from '../detector/shapes.ts';

const DAY_MS = 24 * HOUR_MS;
const START = NOW - 42 * DAY_MS;

/** Shapes are of days, from the first of six weeks. */
function readOf(shape: (day: number) => number, days = 42): Series {
  return seriesOf((hour) => shape(hour / 24), { hours: days * 24, minutes: 60, noise: 0.2 });
}

function learned(
  shape: (day: number) => number,
  excluded: Parameters<typeof learnBaseline>[0]['excluded'] = [],
): Baseline {
  const learning = learnBaseline({ reads: [readOf(shape)], excluded });
  if (learning.kind === 'unlearned') throw new Error(learning.reason);
  return learning.baseline;
}

const uses = ({ segments }: Pick<Baseline, 'segments'>) => segments.map(({ use }) => use);
const refills = (day: number) => 60 - 18 * Math.exp(-(day % 14) / 1.2);

describe('learnBaseline learns', () => {
  it('the season of the week', () => {
    const baseline = learned((day) => 40 + (Math.floor(day) % 7 < 5 ? 5 * Math.sin(2 * Math.PI * day) : 0));
    const swing = Math.max(...baseline.season) - Math.min(...baseline.season);

    expect(baseline.season).toHaveLength(168);
    expect(swing / 100).toBeGreaterThan(7);
    expect(baseline.noise.hour).toBeLessThan(3);
  });

  it('no season where there is none', () => {
    expect(learned(() => 40).season).toEqual([]);
  });

  it('the plateau to which memory comes back after restarts, and how far it grows on the way', () => {
    const baseline = learned(refills);

    expect(baseline.plateaus.some(({ level }) => Math.abs(level - 60) < 1.5)).toBe(true);
    expect(baseline.growths.find(({ hours }) => hours === 96)?.rise).toBeGreaterThan(10);
  });

  it('in less than 2 KB of JSON, which its schema accepts', () => {
    const baseline = learned(
      (day) => refills(day) + 6 * Math.sin(2 * Math.PI * day) - (Math.floor(day) % 7 > 4 ? 8 : 0),
    );
    const text = JSON.stringify(encoded(baselineSchema, baseline));

    expect(text.length).toBeLessThan(2300);
    expect(baselineSchema.parse(JSON.parse(text))).toEqual(baseline);
  });

  it('what the hosts of a group have in common', () => {
    const learning = learnBaseline({
      reads: [readOf((day) => 40 + 4 * Math.sin(2 * Math.PI * day), 12), readOf(() => 44, 9)],
    });

    expect(learning.kind).toBe('learned');
    if (learning.kind === 'learned') expect(learning.baseline.capacity).toBeNull();
  });
});

describe('learnBaseline does not learn', () => {
  it('from a rise that has not ended', () => {
    const baseline = learned((day) => 40 + Math.max(0, day - 25) * 1);

    expect(uses(baseline)).toContain('rising');
    expect(baseline.highest).toBeLessThan(44);
  });

  it('from a rise that a restart ended', () => {
    const baseline = learned((day) => 40 + (day > 20 && day < 28 ? (day - 20) * 3 : 0));

    expect(uses(baseline)).toContain('rising');
    expect(Math.max(...baseline.growths.map(({ rise }) => rise))).toBeLessThan(6);
  });

  it.each(['incident', 'label'] as const)('from a span with an %s', (use) => {
    const spans = [{ start: START + 10 * DAY_MS, end: START + 20 * DAY_MS, use }];
    const baseline = learned((day) => 40 + 15 * Math.max(0, Math.min(1, (day - 11) / 2, (19 - day) / 2)), spans);

    expect(uses(baseline)).toContain(use);
    expect(baseline.highest).toBeLessThan(43);
  });

  it('from days with gaps', () => {
    const read = readOf(() => 40);
    const isKept = (index: number) => index < 200 || index > 400 || index % 3 > 0;
    const thinned = {
      ...read,
      times: read.times.filter((_, i) => isKept(i)),
      values: read.values.filter((_, i) => isKept(i)),
    };
    const learning = learnBaseline({ reads: [thinned] });

    expect(learning.kind === 'learned' && uses(learning.baseline)).toContain('incomplete');
  });

  it('from less than a week', () => {
    expect(learnBaseline({ reads: [readOf(() => 40, 5)] })).toMatchObject({ kind: 'unlearned', reason: 'too_short' });
  });

  it('from nothing', () => {
    const empty = { ...readOf(() => 40), times: new Float64Array(), values: new Float64Array() };

    expect(learnBaseline({ reads: [empty] })).toMatchObject({ kind: 'unlearned', reason: 'malformed' });
  });
});
