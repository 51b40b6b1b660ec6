import { describe, expect, it } from 'vitest';
import { PEERS } from '../../bench/peers.ts';
import { peerFlags } from '../../bench/replay.ts';
import { aSeries, HOUR, MINUTE } from '../fixtures/builders.ts';

/** Six hours of five-minute samples, percent of capacity by hours since their start. */
function sixHours(percentAt: (hour: number) => number) {
  const values = Array.from({ length: 72 }, (_, sample) => percentAt(sample / 12) / 100);
  return aSeries(values, { periodMs: 5 * MINUTE });
}

/** The first words of the peers that alert. */
function alerting(window: Parameters<typeof peerFlags>[1]): string[] {
  return PEERS.filter((peer) => peerFlags(peer, window)).map(
    ({ name }) => name.split(/[,+]| (?=80|rule|forecast)/)[0]?.trim() ?? '',
  );
}

const wobble = (hour: number) => Math.sin(hour * 40);

describe('the peers', () => {
  it('do not alert where memory stands still', () => {
    expect(alerting(sixHours((hour) => 50 + wobble(hour)))).toEqual([]);
  });

  it('see a steep straight line, each that looks at trends', () => {
    const steep = sixHours((hour) => 20 + 6 * hour);

    expect(alerting(steep)).toEqual(['line fit', 'Mann-Kendall', 'predict_linear', 'Coroot’s', 'ETS']);
  });

  it('see a gentle line where they have a week, and not where they look a day ahead', () => {
    expect(alerting(sixHours((hour) => 50 + hour))).toEqual(['line fit', 'Mann-Kendall']);
  });

  it('take a line that would need more than a week for none', () => {
    expect(alerting(sixHours((hour) => 50 + 0.2 * hour))).toEqual([]);
  });

  it('leave a line that noise hides to Mann-Kendall', () => {
    expect(alerting(sixHours((hour) => 50 + hour + 4 * wobble(hour)))).toEqual(['Mann-Kendall']);
  });

  it('alert at a level whether it grows or not, where they are a threshold', () => {
    expect(alerting(sixHours(() => 81))).toEqual(['static threshold']);
    expect(alerting(sixHours(() => 79))).toEqual([]);
  });

  it('take one outlier for no level', () => {
    const outlier = sixHours((hour) => (hour > 5.9 ? 95 : 60));

    expect(alerting(outlier)).not.toContain('static threshold');
  });

  it('do not alert on fewer than twelve samples', () => {
    const short = aSeries(
      Array.from({ length: 11 }, (_, sample) => 0.85 + sample / 100),
      { periodMs: 5 * MINUTE },
    );

    expect(alerting(short)).toEqual([]);
  });

  it('look at the last six hours and at nothing before', () => {
    const grewBefore = Array.from({ length: 48 }, (_, sample) => (sample < 24 ? 0.2 + sample / 50 : 0.66));
    const { window, ...series } = aSeries(grewBefore);

    expect(window.end - window.start).toBe(12 * HOUR);
    expect(alerting({ ...series, window })).toEqual([]);
  });
});

describe('Coroot’s rule', () => {
  const flags = (percentAt: (hour: number) => number) => alerting(sixHours(percentAt)).includes('Coroot’s');

  it('does not take a warm-up that has come to rest for a leak', () => {
    expect(flags((hour) => 20 + 8 * Math.min(hour, 4.5))).toBe(false);
  });

  it('looks at the longest segment without a restart', () => {
    expect(flags((hour) => (hour < 2 ? 70 : 10 + 8 * hour))).toBe(true);
    expect(flags((hour) => (hour < 4 ? 70 : 8 * (hour - 3)))).toBe(false);
  });
});
