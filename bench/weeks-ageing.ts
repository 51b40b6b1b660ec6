/**
 * Quiet hosts that rise by 1 to 3.5 percentage points within 50 to 85 hours, and quiet hosts to which something else happens. A run begins
 * with its host's first sample, as a recording of a test of software ageing does. The same seed makes the same hosts.
 */
import { type BenchSeries, HOUR_S } from './data.ts';
import { gaussian, pickFrom, type Random, randomFrom, within } from './random.ts';

const STEP_S = 900;
const PER_HOUR = HOUR_S / STEP_S;
const HISTORY_HOURS = 12;

/** `count` runs that age and as many that do not. */
export function ageingRuns(count: number, seed: number): BenchSeries[] {
  const random = randomFrom(seed);
  return [true, false].flatMap((ages) =>
    Array.from({ length: count }, (_, number) =>
      runOf(`ageing-${seed}-${ages ? 'leak' : 'ok'}-${number}`, ages, random),
    ),
  );
}

function runOf(id: string, ages: boolean, random: Random): BenchSeries {
  const hours = within(random, 50, 85);
  const quiet = quietHost(random);
  const name = ages ? pickFrom(random, Object.keys(AGEING)) : pickFrom(random, Object.keys(OTHERS));
  const added = (ages ? AGEING : OTHERS)[name]?.(hours, random) ?? (() => 0);
  const v = Array.from({ length: Math.round(hours * PER_HOUR) }, (_, index) => {
    return Math.round(Math.min(99.5, Math.max(0, quiet(index) + added(index / PER_HOUR))) * 100) / 100;
  });
  const end = v.length * STEP_S;
  const truth = ages
    ? ({ label: 'leak', shape: name, tier: 'slow', onset: 0, stop: end, active: [[0, end]] } as const)
    : ({ label: 'healthy', shape: 'none', tier: 'none', onset: null, stop: null, active: [] } as const);
  const about = { id, base: `invented/${id}`, baseKind: 'quiet', overlays: ages ? [] : [name], step: STEP_S };
  return { ...about, ...truth, sat: [], resets: [], evalFrom: HISTORY_HOURS * HOUR_S, v };
}

/** A level with noise, in half of the runs after a warm-up, in some with a day of its own or a collector. */
function quietHost(random: Random): (index: number) => number {
  const [level, noise, memory] = [within(random, 5, 70), 10 ** within(random, -2, -0.4), within(random, 0, 0.95)];
  const [warmUp, tau] = random() < 0.5 ? [within(random, 1, 15), within(random, 0.2, 2.5)] : [0, 1];
  const [day, phase] = random() < 0.3 ? [within(random, 0.1, 0.8), random()] : [0, 0];
  const [collected, every] = random() < 0.4 ? [within(random, 0.1, 3), within(random, 0.3, 4)] : [0, 1];
  let deviation = 0;
  return (index) => {
    const hour = index / PER_HOUR;
    deviation = memory * deviation + Math.sqrt(1 - memory * memory) * noise * gaussian(random);
    const season = day * Math.sin(2 * Math.PI * (hour / 24 + phase));
    return level - warmUp * Math.exp(-hour / tau) + season + (collected * (hour % every)) / every + deviation;
  };
}

type Added = (hour: number) => number;
type Shape = (hours: number, random: Random) => Added;

const AGEING: Readonly<Record<string, Shape>> = {
  linear: (hours, random) => {
    const perHour = within(random, 1, 3.5) / hours;
    return (hour) => perHour * hour;
  },
  staircase: (hours, random) => {
    const [perHour, every] = [within(random, 1, 3.5) / hours, within(random, 0.5, 6)];
    return (hour) => perHour * every * Math.floor(hour / every);
  },
  creep: (hours, random) => {
    const [rise, power] = [within(random, 1, 3.5), within(random, 0.6, 0.95)];
    return (hour) => rise * (hour / hours) ** power;
  },
  load: (hours, random) => {
    const [perHour, swing, phase] = [within(random, 1, 3.5) / hours, within(random, 0.2, 0.9), 24 * random()];
    const turn = (hour: number) => ((24 * swing) / (2 * Math.PI)) * Math.sin((2 * Math.PI * (hour + phase)) / 24);
    return (hour) => perHour * (hour + turn(hour) - turn(0));
  },
};

const OTHERS: Readonly<Record<string, Shape>> = {
  nothing: () => () => 0,
  fill: (hours, random) => {
    const [height, tau, at] = [within(random, 0.5, 5), within(random, 3, 20), within(random, -10, hours)];
    return (hour) => (hour < at ? 0 : height * (1 - Math.exp(-(hour - at) / tau)));
  },
  steps: (hours, random) => {
    const steps = Array.from(
      { length: 1 + Math.floor(random() * 4) },
      () => [within(random, 0, hours), within(random, -1, 2)] as const,
    );
    return (hour) => steps.reduce((sum, [at, height]) => sum + (hour >= at ? height : 0), 0);
  },
  wandering: (_, random) => {
    const [size, memory] = [within(random, 0.2, 1.5), 1 - 1 / (within(random, 4, 40) * PER_HOUR)];
    let level = 0;
    return () => {
      level = memory * level + Math.sqrt(1 - memory * memory) * size * gaussian(random);
      return level;
    };
  },
  day: (_, random) => {
    const [height, sharpness, phase] = [within(random, 0.5, 4), within(random, 1, 6), random()];
    return (hour) => height * ((1 + Math.sin(2 * Math.PI * (hour / 24 + phase))) / 2) ** sharpness;
  },
  bulge: (hours, random) => {
    const [at, height, up, down] = [
      within(random, 0, hours),
      within(random, 0.5, 4),
      within(random, 4, 24),
      within(random, 2, 24),
    ];
    return (hour) => height * Math.max(0, Math.min(1, (hour - at) / up, (at + up + down - hour) / down));
  },
};
