import { describe, expect, it } from 'vitest';
import { seasonOf, withoutSeason } from '../../../core/detector/season.ts';

const hoursOf = (length: number, level: (hour: number) => number) =>
  Float64Array.from({ length }, (_, hour) => level(hour));
const wave = (hour: number) => 6 * Math.sin((2 * Math.PI * hour) / 24);
const spread = (floors: Float64Array) => Math.max(...floors) - Math.min(...floors);

describe('seasonOf', () => {
  it('finds the daily profile, with mean zero', () => {
    const floors = hoursOf(100, (hour) => 50 + wave(hour));

    const season = seasonOf(floors);

    expect(season).toHaveLength(24);
    expect(season?.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
    expect(spread(withoutSeason(floors, season))).toBeLessThan(1);
  });

  it('does not remove growth with the season', () => {
    const floors = hoursOf(100, (hour) => 30 + wave(hour) + 0.4 * Math.max(0, hour - 50));

    const grown = withoutSeason(floors, seasonOf(floors));

    expect((grown.at(-1) ?? 0) - (grown[50] ?? 0)).toBeCloseTo(0.4 * 49, -0.5);
  });

  it.each([59, 24, 3])('is null for %i hours', (hours) => {
    expect(seasonOf(hoursOf(hours, (hour) => 50 + wave(hour)))).toBeNull();
  });

  it('finds a season in sixty hours', () => {
    expect(seasonOf(hoursOf(60, (hour) => 50 + wave(hour)))).not.toBeNull();
  });

  it.each<[string, (hour: number) => number]>([
    ['a flat host', () => 50],
    ['a line', (hour) => 30 + 0.4 * hour],
    ['two steps a day apart', (hour) => 40 + (hour >= 52 ? 4 : 0) + (hour >= 76 ? 4 : 0)],
  ])('finds none in %s', (_, level) => {
    const floors = hoursOf(100, level);

    expect(spread(withoutSeason(floors, seasonOf(floors)))).toBeCloseTo(spread(floors), 6);
  });
});
