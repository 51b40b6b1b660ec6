/** Generated disks: ten days of healthy habits, at five minutes, on some of which something then fills them up. */
import { type AnomalySeries, DAY_MS, SETTINGS } from './anomaly-series.ts';
import { gaussian, pickFrom, type Random, randomFrom, within } from './random.ts';

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 0, 5);
const DAYS = 14;

export interface MadeDisk {
  readonly series: AnomalySeries;
  readonly habit: string;
  /** How it fills; null of a healthy one. */
  readonly shape: string | null;
  /** When it is full; Infinity of a healthy one. */
  readonly full: number;
}

type Curve = (hours: number) => number;

const HABITS: Readonly<Record<string, (random: Random) => Curve>> = {
  'daily rotation': (random) => saw(24, within(random, 0.005, 0.08), within(random, 0, 24)),
  'weekly rotation': (random) => saw(168, within(random, 0.02, 0.15), within(random, 0, 168)),
  'nightly clean-up': (random) => {
    const [size, at] = [within(random, 0.01, 0.1), within(random, 0, 24)];
    return (hours) => size * Math.min(1, ((((hours - at) % 24) + 24) % 24) / 10);
  },
  'data growth': (random) => {
    const perDay = within(random, 0.0002, 0.004);
    return (hours) => (perDay * hours) / 24;
  },
  emptied: (random) => {
    const [at, share] = [within(random, 100, 300), within(random, 0.1, 0.3)];
    return (hours) => (hours < at ? share : 0);
  },
  'one copy': (random) => {
    const [at, share, takes] = [within(random, 100, 300), within(random, 0.05, 0.3), within(random, 0.2, 4)];
    return (hours) => share * Math.min(1, Math.max(0, (hours - at) / takes));
  },
  'hourly scratch files': (random) => saw(within(random, 1, 6), within(random, 0.005, 0.05), 0),
};

function saw(period: number, size: number, at: number): Curve {
  return (hours) => size * (((((hours - at) % period) + period) % period) / period);
}

const SHAPES: Readonly<Record<string, (since: number, hours: number) => number>> = {
  straight: (since, hours) => since / hours,
  faster: (since, hours) => (since / hours) ** 1.5,
  slower: (since, hours) => (since / hours) ** 0.75,
  'at work hours': (since, hours) => {
    const days = Math.floor(since / 24);
    const worked = days * 12 + Math.min(12, since % 24);
    return worked / (hours / 2);
  },
};

/** So many of each habit and way to fill, and as many healthy ones of each habit as there are ways. */
export function madeDisks(seed: number, each: number): MadeDisk[] {
  return Object.keys(HABITS).flatMap((habit, h) =>
    Object.keys(SHAPES).flatMap((shape, s) =>
      Array.from({ length: each * 2 }, (_, i) => {
        const random = randomFrom(seed * 104_729 + h * 1009 + s * 101 + i);
        return diskOf(random, habit, i % 2 === 0 ? null : shape, `disk-${seed}-${habit}-${shape}-${i}`);
      }),
    ),
  );
}

function diskOf(random: Random, habit: string, shape: string | null, id: string): MadeDisk {
  const curve = HABITS[habit]?.(random) ?? (() => 0);
  const base = within(random, 0.1, 0.55);
  const begins = within(random, 7 * 24, 9 * 24);
  const hoursToFill = pickFrom(random, [within(random, 8, 24), within(random, 24, 60), within(random, 60, 110)]);
  const room = 1 - base - curve(begins);
  const fills = shape === null ? undefined : SHAPES[shape];
  const points = (DAYS * DAY_MS) / SETTINGS.periodMs;
  const times = Float64Array.from({ length: points }, (_, i) => START + i * SETTINGS.periodMs);
  const values = times.map((time) => {
    const hours = (time - START) / HOUR_MS;
    const filled = fills === undefined || hours < begins ? 0 : room * fills(hours - begins, hoursToFill);
    return Math.min(1, Math.max(0, base + curve(hours) + filled + 0.0005 * gaussian(random)));
  });
  const firstFull = values.findIndex((value) => value >= 0.999);
  const full = firstFull < 0 ? Infinity : (times[firstFull] ?? Infinity);
  const series: AnomalySeries = {
    id,
    group: 'disks',
    settings: { ...SETTINGS, direction: 'up', lower: 0, upper: 1, fills: true },
    times,
    values,
    from: START + 5 * DAY_MS,
    until: START + DAYS * DAY_MS,
    anomalies: fills === undefined ? [] : [{ start: START + begins * HOUR_MS, end: full, type: 'fills' }],
  };
  return { series, habit, shape, full };
}
