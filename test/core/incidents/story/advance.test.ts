import { describe, expect, it } from 'vitest';
import { advance } from '../../../../core/incidents/story/advance.ts';
import { HOUR, NOON } from '../../../fixtures/builders.ts';
import { factsAt, type Hour, kindsOf, type Plot, replayed } from './replayed.ts';

/** It grows by a point an hour from 20 until it levels off. */
const growsFor = (hours: number) => (hour: number) => 20 + Math.min(hours, Math.max(0, hour + 12));
const within = (from: number, to: number, during: Hour, otherwise: Hour = 0) => {
  return (hour: number): Hour => (hour >= from && hour < to ? during : otherwise);
};

describe('advance on a leak that levels off', () => {
  const plot: Plot = { hours: 60, level: growsFor(32), verdict: within(0, 20, 'confirmed'), rate: 1 };

  it('opens it, and reports its recovery once it stood still for a fifth of its age', () => {
    const { events } = replayed(plot);

    expect(kindsOf(events)).toEqual(['0 opened', '27 recovered']);
    expect(events[1]?.happened.end).toMatchObject({ how: 'levelled_off', confidence: null });
  });

  it('waits for as long as the leak takes to grow by four points', () => {
    expect(kindsOf(replayed({ ...plot, rate: 0.2 }).events)).toEqual(['0 opened', '39 recovered']);
  });

  it('waits for three days at the most', () => {
    expect(kindsOf(replayed({ ...plot, rate: 0.01, hours: 200 }).events)).toEqual(['0 opened', '91 recovered']);
  });

  it('waits for twelve hours without a sign of growth where the curve is not flat, and anew after one', () => {
    const level = (hour: number) => growsFor(32)(hour) - (hour > 20 ? 3.5 * (hour % 2) : 0);
    const unsure = (hour: number): Hour => (hour < 20 ? 'confirmed' : hour === 25 ? 0.1 : 0.09);

    expect(kindsOf(replayed({ ...plot, level }).events)).toEqual(['0 opened', '31 recovered']);
    expect(kindsOf(replayed({ ...plot, level, verdict: unsure }).events)).toEqual(['0 opened', '37 recovered']);
  });

  it('waits for longer than it paused before', () => {
    const inSteps = (hour: number) => 20 + 15 * Math.floor((Math.min(hour, 30) + 12) / 15);

    expect(kindsOf(replayed({ ...plot, hours: 80, level: inSteps }).events)).toEqual(['0 opened', '41 recovered']);
  });

  it('counts hours and not inspections', () => {
    expect(kindsOf(replayed({ ...plot, every: 4, recoverAfter: 2 }).events)).toEqual(['0 opened', '28 recovered']);
  });

  it('requires as many inspections as the policy states, however far they lie apart', () => {
    expect(kindsOf(replayed({ ...plot, every: 4, recoverAfter: 4 }).events)).toEqual(['0 opened', '32 recovered']);
  });

  it('proves nothing by hours without a verdict or a sample', () => {
    const verdict = (hour: number): Hour => (hour < 20 ? 'confirmed' : hour < 24 ? 'none' : 0);
    const gap = (hour: number) => hour >= 20 && hour < 24;
    let story = advance(undefined, factsAt(0, { ...plot, verdict }), { recoverAfter: 4 }).story ?? undefined;
    const ends: number[] = [];
    for (let hour = 1; hour < 60; hour++) {
      const facts = factsAt(hour, { ...plot, verdict });
      const known = Array.from({ length: 100 }, (_, index) => !gap(hour - 99 + index));
      const seen = facts.kind === 'verdict' ? { ...facts, floors: { ...facts.floors, known } } : facts;
      const next = advance(story, seen, { recoverAfter: 4 });
      if (next.happened?.kind === 'recovered') ends.push(hour);
      story = next.story ?? undefined;
    }

    expect(ends).toEqual([30]);
  });

  it('does not recover while it stands still at more than 90 %', () => {
    const { events, story } = replayed({ ...plot, level: (hour) => growsFor(32)(hour) + 40, hours: 200 });

    expect(kindsOf(events)).toEqual(['0 opened']);
    expect(story?.phase).toBe('open');
  });

  it('clears a suspicion that fades, and does not call it recovered', () => {
    const { events } = replayed({ ...plot, verdict: within(0, 2, 'suspected') });

    expect(kindsOf(events)).toEqual(['0 suspected', '13 cleared']);
    expect(events[1]?.happened.end?.how).toBe('faded');
  });
});

describe('advance on memory that is given back', () => {
  /** It fills from 20 to 80 points in 60 hours, again and again. */
  const cycle = (hour: number) => 20 + ((((hour + 12) % 60) + 60) % 60);
  const plot: Plot = {
    hours: 170,
    level: (hour) => (hour < -12 ? 20 : cycle(hour)),
    verdict: (hour) => (cycle(hour) > 32 ? 'confirmed high' : 0),
    rate: 1,
    restarts: [48, 108],
  };

  it('ends the cycle two hours later, and opens the next one of the same story', () => {
    const { events } = replayed(plot);

    expect(kindsOf(events)).toEqual([
      '1 opened',
      '49 recovered',
      '61 opened',
      '109 recovered',
      '121 opened',
      '169 recovered',
    ]);
    expect(events.map(({ happened }) => happened.cycles.cycle)).toEqual([1, 1, 2, 2, 3, 3]);
    expect(events[1]?.happened.end).toMatchObject({ how: 'memory_given_back', ageHours: 60 });
  });

  it('counts the cycles before', () => {
    const { events } = replayed(plot);

    expect(events[4]?.happened.cycles).toMatchObject({ cycle: 3, firstAt: NOON + HOUR, reopened: true });
    expect(events[4]?.happened.cycles.lastedHours).toHaveLength(2);
  });

  it('pages again after two suspected hours, with the severity of the new cycle', () => {
    const verdict = (hour: number): Hour => {
      if (hour < 61) return plot.verdict(hour);
      return hour < 63 ? 'suspected' : 0;
    };

    const { events } = replayed({ ...plot, hours: 63, verdict });

    expect(kindsOf(events)).toEqual(['1 opened', '49 recovered', '62 opened']);
    expect(events.map(({ happened }) => happened.severity)).toEqual(['high', 'high', 'low']);
  });

  it('forgets the story after 1.5 times its age, and reports that a restart cured it', () => {
    const level = (hour: number) => (hour < 48 ? plot.level(hour) : 20 + Math.sin(hour));
    const verdict = (hour: number): Hour => (hour < 48 ? plot.verdict(hour) : 0);

    const { events, story } = replayed({ ...plot, level, verdict });

    expect(kindsOf(events)).toEqual(['1 opened', '49 recovered', '139 cleared']);
    expect(events[2]?.happened.end).toMatchObject({ how: 'cured', confidence: 0.99 });
    expect(story).toBeUndefined();
  });

  it('ends every cycle of a host that is killed so often that its falls look like those of a collector', () => {
    const filled = (hour: number) => (((hour + 8) % 16) + 16) % 16;
    const level = (hour: number) => 20 + (hour < -8 ? 0 : 4 * filled(hour));
    const verdict = (hour: number): Hour => (filled(hour) >= 8 ? 'confirmed' : 0);

    const { events } = replayed({ hours: 137, level, verdict, rate: 4 });

    expect(kindsOf(events).filter((_, index) => index % 2 === 0)).toEqual(
      Array.from({ length: 9 }, (_, cycle) => `${16 * cycle} opened`),
    );
    expect(kindsOf(events).filter((_, index) => index % 2 === 1)).toEqual(
      Array.from({ length: 9 }, (_, cycle) => `${16 * cycle + 9} recovered`),
    );
  });

  it('does not take what a collector gives back for an end', () => {
    const level = (hour: number) => 20 + Math.max(0, hour + 12) * 0.2 + 2.5 * (((hour % 5) + 5) % 5);

    expect(kindsOf(replayed({ ...plot, level, verdict: () => 'confirmed', rate: 0.2 }).events)).toEqual(['0 opened']);
  });

  it('does not take it for an end after a kill either', () => {
    const collected = (hour: number) => 2 * (((hour % 10) + 10) % 10);
    const level = (hour: number) => 20 + 0.2 * Math.max(0, hour < 100 ? hour + 12 : hour - 100) + collected(hour);
    const verdict = (hour: number): Hour => (hour < 100 || hour > 125 ? 'confirmed' : 0);

    const { events } = replayed({ hours: 250, level, verdict, rate: 0.2, restarts: [100] });

    expect(kindsOf(events)).toEqual(['0 opened', '101 recovered', '126 opened']);
  });
});

describe('advance on a refill', () => {
  /** It stood at 60, was restarted at 0 and fills again, fast at first. */
  const refills = (to: number) => (hour: number) => (hour < 0 ? 60 : 20 + (to - 20) * (1 - Math.exp(-hour / 30)));
  const plot: Plot = { hours: 90, level: refills(60), verdict: within(16, 90, 'confirmed'), restarts: [0] };

  it('reports nothing up to the old plateau', () => {
    const { events, story } = replayed(plot);

    expect(events).toEqual([]);
    expect(story).toMatchObject({ phase: 'watched', cycle: 0, plateau: 60 });
  });

  it('reports what grows beyond it', () => {
    const { events } = replayed({ ...plot, level: refills(80) });

    expect(kindsOf(events)).toEqual(['37 opened']);
    expect(events[0]?.happened.cycles).toMatchObject({ cycle: 1, reopened: false });
  });

  it('takes the busy hours of the plateau for a part of it', () => {
    const busy = (hour: number) => (((hour % 24) + 24) % 24 >= 20 ? 4 : 0);

    const { events, story } = replayed({ ...plot, level: (hour) => refills(60)(hour) + busy(hour) });

    expect(events).toEqual([]);
    expect(story).toMatchObject({ phase: 'watched', plateau: 64 });
  });

  it('remembers the plateau of a refill that no verdict takes for a leak, when the window no longer shows it', () => {
    const verdict = (hour: number): Hour => (hour === 20 ? 'refilling' : hour >= 95 ? 'confirmed' : 0);

    const { events, story } = replayed({ ...plot, hours: 160, verdict });

    expect(events).toEqual([]);
    expect(story).toMatchObject({ phase: 'watched', cycle: 0, plateau: 60 });
  });

  it('remembers the plateau of a restart that cleared a suspicion', () => {
    const flat = (hour: number) => (hour < -60 ? 50 : 60);
    const level = (hour: number) => (hour < 0 ? flat(hour) : refills(60)(hour));
    const verdict = (hour: number): Hour => (hour < 2 ? 'suspected' : hour >= 95 && hour < 130 ? 'confirmed' : 0);
    const shifted: Plot = {
      hours: 140,
      level: (hour) => level(hour - 3),
      verdict: (hour) => verdict(hour - 1),
      restarts: [3],
    };

    expect(kindsOf(replayed(shifted).events)).toEqual(['0 suspected', '4 cleared']);
  });

  it('reports a leak below the old plateau that begins days after the restart', () => {
    const level = (hour: number) => (hour < 0 ? 60 : hour < 48 ? 20 + (hour % 2) : 20 + (hour - 48));

    const { events } = replayed({ ...plot, level, verdict: (hour) => (hour >= 60 ? 'confirmed' : 0) });

    expect(kindsOf(events)).toEqual(['60 opened']);
  });

  it('measures from the second of two restarts within a day whether it is a refill', () => {
    const level = (hour: number) => (hour < 0 ? 60 : hour < 10 ? 20 + 3 * hour : 20 + 0.3 * (hour - 10));

    const { events } = replayed({ ...plot, level });

    expect(kindsOf(events)).toEqual(['34 opened']);
  });

  it('forgets a refill that was remembered for five days', () => {
    const { events, story } = replayed({ ...plot, hours: 150, verdict: within(20, 21, 'refilling') });

    expect(events).toEqual([]);
    expect(story).toBeUndefined();
  });

  it('reports after a day what is no refill, because it was not fast at first', () => {
    const { events } = replayed({ ...plot, level: (hour) => (hour < 0 ? 60 : 20 + hour * 0.3) });

    expect(kindsOf(events)).toEqual(['24 opened']);
  });
});

describe('advance on a suspicion', () => {
  const plot: Plot = { hours: 4, level: growsFor(60), verdict: () => 'suspected critical', rate: 8 };

  it.each([
    ['is as sure as a confirmed leak, of a host that is full within hours', {}, ['0 opened']],
    ['is that sure of this hour alone', { lasting: 0.89 }, ['0 suspected']],
    ['is less sure now', { confidence: 0.89 }, ['0 suspected']],
    ['leaves a day', { verdict: () => 'suspected high' as const }, ['0 suspected']],
  ])('that %s reports: %j', (_, some, kinds) => {
    expect(kindsOf(replayed({ ...plot, confidence: 0.95, lasting: 0.95, ...some }).events)).toEqual(kinds);
  });

  it('opens it when it becomes so', () => {
    const verdict = (hour: number): Hour => (hour < 2 ? 'suspected high' : 'suspected critical');

    const { events } = replayed({ ...plot, verdict, confidence: 0.95, lasting: 0.95 });

    expect(kindsOf(events)).toEqual(['0 suspected', '2 opened']);
  });
});

describe('advance on severities', () => {
  it('reports that a cycle got worse, once for each greater severity', () => {
    const verdict = (hour: number): Hour =>
      hour < 5 ? 'confirmed medium' : hour < 9 ? 'confirmed critical' : 'confirmed high';

    const { events } = replayed({ hours: 20, level: growsFor(60), verdict });

    expect(kindsOf(events)).toEqual(['0 opened', '5 worse']);
  });

  it('reports that it got better when a day of findings was less severe', () => {
    const verdict = (hour: number): Hour =>
      hour < 5 ? 'confirmed critical' : hour === 10 ? 'confirmed high' : 'confirmed low';

    const { events } = replayed({ hours: 30, level: growsFor(60), verdict, rate: 0.4 });

    expect(kindsOf(events)).toEqual(['0 opened', '29 better']);
    expect(events[1]?.happened.severity).toBe('high');
  });
});

describe('advance on a host without verdicts', () => {
  const plot: Plot = { hours: 20, level: growsFor(60), verdict: within(0, 5, 'confirmed', 'none') };

  it('reports after six hours that there are none, once', () => {
    expect(kindsOf(replayed(plot).events)).toEqual(['0 opened', '10 no_data']);
  });

  it('reports that the host of an open cycle is gone, and forgets it', () => {
    const { story } = replayed({ ...plot, hours: 3 });

    const next = advance(story, { kind: 'replaced', at: NOON + 4 * HOUR }, { recoverAfter: 4 });

    expect(next.story).toBeNull();
    expect(next.happened).toMatchObject({ kind: 'host_gone', end: { how: 'replaced' } });
  });
});

describe('advance on what is not news', () => {
  it('remembers nothing of a steady host', () => {
    expect(replayed({ hours: 10, level: () => 30, verdict: () => 0.5 })).toEqual({ events: [], story: undefined });
  });

  it('changes nothing by facts that are not newer', () => {
    const plot: Plot = { hours: 5, level: growsFor(60), verdict: () => 'confirmed' };
    const { story } = replayed(plot);

    expect(advance(story, factsAt(5, plot), { recoverAfter: 4 })).toEqual({ story, happened: null });
    expect(advance(story, factsAt(2, plot), { recoverAfter: 4 })).toEqual({ story, happened: null });
  });
});
