/** What happens to healthy hosts within weeks, and how leaks of weeks grow. Times are days from the start of a series. */
import { pickFrom, type Random, randomFrom, within } from './random.ts';

/** Percentage points that are added at a time. */
export type Added = (day: number) => number;

/** Of a host of so many days. */
type Overlay = (days: number, random: Random) => Added;

/** What is harmless. Rates and lengths reach as far as those of leaks do. */
export const HARMLESS_WEEKS: Readonly<Record<string, Overlay>> = {
  /** Busier on work days, by hours of the day; some rest on two days of seven, some on one. */
  week: (_, random) => {
    const height = within(random, 1, 18);
    const rest = within(random, 0, 0.6) * height;
    const [first, restDays] = [Math.floor(random() * 7), pickFrom(random, [1, 2, 2])];
    const [opens, closes, ramp] = [within(random, 5, 11), within(random, 15, 23), within(random, 0.5, 5)];
    const nights = random() < 0.5 ? 0 : within(random, 0.1, 0.7) * height;
    return (day) => {
      const rests = (Math.floor(day) + first) % 7 >= 7 - restDays;
      const hour = (day % 1) * 24;
      const open = Math.min(1, Math.max(0, Math.min((hour - opens) / ramp, (closes + ramp - hour) / ramp)));
      return rests ? rest * open * 0.5 : nights + (height - nights) * open;
    };
  },
  /** A job of every 28 to 31 days, of hours to days. */
  monthlyJob: (_, random) => {
    const [first, every] = [within(random, 0, 30), within(random, 28, 31)];
    const [lasts, height] = [logWithin(random, 0.2, 4), within(random, 3, 25)];
    const ramp = lasts * within(random, 0.05, 0.9);
    return (day) => {
      const since = (((day - first) % every) + every) % every;
      return height * Math.max(0, Math.min(1, since / ramp, (lasts - since) / (0.1 * lasts)));
    };
  },
  /** Deployments, each with a level of its own: more of them up than down. */
  steps: (days, random) => {
    const steps = Array.from({ length: 1 + Math.floor(random() * 6) }, () => {
      return { at: within(random, 0, days), height: within(random, -5, 8) };
    });
    return (day) => steps.reduce((sum, { at, height }) => sum + (day >= at ? height : 0), 0);
  },
  /** Restarts, each followed by a refill to the old plateau. */
  refills: (days, random) => {
    const depth = within(random, 3, 28);
    const fills = pickFrom(random, ['exponential', 'linear'] as const);
    const tau = logWithin(random, 0.15, fills === 'linear' ? 9 : 4);
    const count = 1 + Math.floor(random() * Math.max(2, days / 9));
    const times = Array.from({ length: count }, () => within(random, 0, days));
    const unlike = times.map(() => within(random, 0.7, 1.1));
    return (day) => {
      const last = Math.max(...times.filter((at) => at <= day), -1);
      if (last < 0) return 0;
      const left = fills === 'linear' ? Math.max(0, 1 - (day - last) / tau) : Math.exp(-(day - last) / tau);
      return -depth * (unlike[times.indexOf(last)] ?? 1) * left;
    };
  },
  /** A cache that fills over days. */
  fill: (days, random) => {
    const [at, height, tau] = [within(random, -4, days), within(random, 2, 25), logWithin(random, 0.3, 4)];
    return (day) => (day < at ? 0 : height * (1 - Math.exp(-(day - at) / tau)));
  },
  /** Something of days that is given back slowly, or at once. */
  bulge: (days, random) => {
    const [at, height] = [within(random, 0, days), within(random, 2, 14)];
    const [up, holds] = [logWithin(random, 0.5, 7), within(random, 0, 5)];
    const down = random() < 0.3 ? 0.05 : logWithin(random, 0.5, 7);
    return (day) => height * Math.max(0, Math.min(1, (day - at) / up, (at + up + holds + down - day) / down));
  },
  /** Data that grows by less than one percentage point in a week. */
  drift: (_, random) => {
    const perDay = within(random, -0.12, 0.12);
    return (day) => perDay * day;
  },
  /** A collector that runs every few hours to days. */
  collector: (_, random) => {
    const [height, every] = [within(random, 1, 12), logWithin(random, 0.05, 2.5)];
    return (day) => height * ((day % every) / every);
  },
  /** Nightly batches. */
  nightly: (_, random) => {
    const [height, at, lasts] = [within(random, 2, 20), random(), within(random, 0.02, 0.3)];
    return (day) => ((day + 1 - at) % 1 < lasts ? height : 0);
  },
};

/** Growth since the onset: `days` later, in percentage points, at `perDay` on the mean. */
export type WeeksLeak = (perDay: number, lasts: number, random: Random) => Added;

export const WEEKS_LEAKS: Readonly<Record<string, WeeksLeak>> = {
  linear: (perDay) => (days) => perDay * days,
  /** By day more than by night, and on rest days hardly. */
  load: (perDay, _, random) => {
    const [swing, phase, first] = [within(random, 0.3, 1), random(), Math.floor(random() * 7)];
    const rest = within(random, 0, 1);
    const perWeek = (5 + 2 * rest) / 7;
    return (days) => {
      const workDays = (day: number) =>
        Array.from({ length: 7 }, (_, k) => k).filter((k) => (k + first) % 7 < 5 && k < day).length;
      const complete = Math.floor(days / 7) * 7;
      const part = days - complete;
      const today = (Math.floor(part) + first) % 7 < 5 ? 1 : rest;
      const worked = workDays(Math.floor(part)) + rest * (Math.floor(part) - workDays(Math.floor(part)));
      const turn = (day: number) => Math.sin(2 * Math.PI * (day + phase)) / (2 * Math.PI);
      return (
        (perDay / perWeek) *
        (complete * perWeek + worked + today * (part % 1) + today * swing * (turn(part % 1) - turn(0)))
      );
    };
  },
  /** In jumps of a day or so: a job leaks whenever it runs. */
  staircase: (perDay, lasts, random) => jumps(perDay, lasts, logWithin(random, 0.25, 1.5), random),
  /** Something of it is given back every few days. */
  sawtooth: (perDay, _, random) => {
    const [every, share] = [within(random, 0.5, 7), within(random, 0.1, 0.6)];
    const rate = perDay / (1 - share);
    return (days) => rate * (days - share * Math.floor(days / every) * every);
  },
  exponential: (perDay, lasts, random) => {
    const bend = within(random, 0.5, 2.5);
    return (days) => (perDay * lasts * Math.expm1((bend * days) / lasts)) / Math.expm1(bend);
  },
  creep: (perDay, lasts, random) => {
    const power = within(random, 0.65, 0.95);
    return (days) => perDay * lasts * (days / lasts) ** power;
  },
  /** Two or three rates, one after the other. */
  bends: (perDay, lasts, random) => {
    const [bend, first] = [within(random, 0.3, 0.7) * lasts, within(random, 0.4, 1.6)];
    const second = (lasts - first * bend) / (lasts - bend);
    return (days) => perDay * (first * Math.min(days, bend) + second * Math.max(0, days - bend));
  },
  /** Restarts that give back much of it: the floor after each is higher than after the one before. */
  restarts: (perDay, _, random) => {
    const [every, share] = [within(random, 4, 10), within(random, 0.3, 0.7)];
    const seed = Math.floor(random() * 2 ** 31);
    const rate = perDay / (1 - share);
    return (days) => {
      const jitter = randomFrom(seed);
      let [at, given] = [0, 0];
      for (;;) {
        const next = at + every * within(jitter, 0.8, 1.2);
        if (next > days) return rate * (days - given);
        given += share * (next - at);
        at = next;
      }
    };
  },
};

function jumps(perDay: number, lasts: number, apart: number, random: Random): Added {
  const levels: { at: number; level: number }[] = [{ at: 0, level: 0 }];
  for (let [at, level] = [0, 0]; at < lasts + 2 * apart; ) {
    const height = perDay * apart * within(random, 0.5, 1.5);
    at += apart * within(random, 0.7, 1.3);
    level += height;
    levels.push({ at, level });
  }
  let index = 0;
  return (days) => {
    if ((levels[index]?.at ?? 0) > days) index = 0;
    while ((levels[index + 1]?.at ?? Infinity) <= days) index++;
    return levels[index]?.level ?? 0;
  };
}

function logWithin(random: Random, low: number, high: number): number {
  return Math.exp(within(random, Math.log(low), Math.log(high)));
}
