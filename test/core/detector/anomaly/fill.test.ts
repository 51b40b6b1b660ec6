import { describe, expect, it } from 'vitest';
import { gaussian, randomFrom } from '../../../../bench/random.ts';
import { advance } from '../../../../core/detector/anomaly/advance.ts';
import { goingOn } from '../../../../core/detector/anomaly/going-on.ts';
import { beginState } from '../../../../core/detector/anomaly/learn.ts';
import type { PointSettings } from '../../../../core/detector/anomaly/settings.ts';
import { between, CPU } from './made-points.ts';

const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;
const DISK: PointSettings = { ...CPU, periodMs: QUARTER_MS, referencePoints: 500, fills: true };
const HISTORY = 400;

/** A disk with logs that are rotated each day, which grows by `perHour` from the end of its history on. */
function followed(perHour: number, hours = 40) {
  const random = randomFrom(9);
  const times = Float64Array.from({ length: HISTORY + 4 * hours }, (_, i) => i * QUARTER_MS);
  const values = times.map((time, i) => {
    const logs = 0.03 * ((time % (24 * HOUR_MS)) / (24 * HOUR_MS));
    return 0.3 + logs + 0.0005 * gaussian(random) + (perHour * Math.max(0, i - HISTORY)) / 4;
  });
  const state = beginState(between({ times, values }, 0, HISTORY), DISK);
  if (state.kind === 'insufficient') throw new Error('the reference is too short');
  return advance(state, between({ times, values }, HISTORY), DISK);
}

function episodesOf(perHour: number) {
  return followed(perHour).episodes.filter(({ type }) => type === 'fills');
}

/** A disk without noise that grows ever faster from the beginning on: when it is reported, as a share of the way. */
function reportedAtShare(base: number) {
  const at = (i: number) => base + (1 - base) * 3 * (i / 4 / 280) ** 2;
  const times = Float64Array.from({ length: 240 }, (_, i) => i * QUARTER_MS);
  const points = { times, values: times.map((_, i) => at(i)) };
  const settings = { ...DISK, cycleMs: null };
  const state = beginState(between(points, 0, 40), settings);
  if (state.kind === 'insufficient') throw new Error('the reference is too short');
  const [episode] = advance(state, between(points, 40), settings).episodes.filter(({ type }) => type === 'fills');
  return (at((episode?.reportedAt ?? Infinity) / QUARTER_MS) - base) / (1 - base);
}

describe('a disk that fills', () => {
  it('is found, with the times between which it is full', () => {
    const [episode] = episodesOf(0.012);

    const full = (HISTORY / 4 + 0.69 / 0.012) * HOUR_MS;
    expect(episode).toMatchObject({ type: 'fills', goesOn: true, exhaustion: { kind: 'expected' } });
    if (episode?.exhaustion?.kind !== 'expected') throw new Error('no time is expected');
    expect(episode.exhaustion.earliest).toBeLessThan(full);
    expect(episode.exhaustion.latest ?? Infinity).toBeGreaterThan(full);
  });

  it('is found as soon where it grows slowly and ever faster, although quiet disks are not evaluated', () => {
    expect(reportedAtShare(0.1)).toBeLessThan(0.05);
    expect(reportedAtShare(0.7)).toBeLessThan(0.05);
  });

  it('still fills where an inspection brings no point of it', () => {
    const { state, episodes } = followed(0.012);
    const { peak, ...fills } = episodes.findLast(({ type }) => type === 'fills') ?? {};

    const [still] = goingOn(state, DISK).filter(({ type }) => type === 'fills');

    expect(still).toMatchObject(fills);
    expect(still?.peak).toMatchObject({ time: peak?.time, value: peak?.value });
  });

  it('is not found where logs are rotated', () => {
    expect(episodesOf(0)).toEqual([]);
  });

  it('is of no concern while it would take months', () => {
    expect(episodesOf(0.0004)).toEqual([]);
  });
});
