/** Groups of siblings that share their load, and hosts of their own; some of them leak. */
import type { BenchDeployment, BenchSeries } from '../data.ts';
import { pickFrom, type Random, within } from '../random.ts';
import { type Base, STEP_S } from '../train/bases.ts';
import { EARLIEST, LEAKS, TIERS } from '../train/inject.ts';
import { drawLayout, type Layout } from './consumers.ts';
import type { Difficulty } from './difficulty.ts';
import { DEPLOYED, FLEET_WIDE } from './harmless.ts';
import { drawEvent, drawEvents, type Event, type HostLeak, hostOf, PER_HOUR, startOf } from './host.ts';
import { drawMovement, loadOf } from './movement.ts';

const EVALUATED_HOURS = 72;

/** What all siblings have in common. Indices of samples. */
interface Common {
  readonly name: string;
  readonly length: number;
  readonly evaluatedFrom: number;
  readonly layout: Layout;
  readonly difficulty: Difficulty;
}

/** @param size How many siblings; 1 for a host without a group. */
export function drawGroup(
  name: string,
  size: number,
  pool: readonly Base[],
  difficulty: Difficulty,
  random: Random,
): BenchSeries[] {
  const length = Math.round(within(random, 5, 9) * 24 + EVALUATED_HOURS) * PER_HOUR;
  const common: Common = {
    name,
    length,
    evaluatedFrom: length - EVALUATED_HOURS * PER_HOUR,
    layout: drawLayout(random),
    difficulty,
  };
  const together = drawMovement(pool, length, name, random);
  const rho = size === 1 ? 0 : within(random, ...difficulty.rho);
  const loadDeviation =
    difficulty.loadSize *
    Math.min(difficulty.loadDeviation[1], Math.max(difficulty.loadDeviation[0], together.deviation));
  const usualLevel = random() < difficulty.full ? within(random, 85, 96) : within(random, 15, 65);
  const leaks = drawLeaks(common, size, random);
  const fleetWide =
    size > 1 && random() < (leaks.shared ? difficulty.fleetWide / 2 : difficulty.fleetWide)
      ? drawFleetWide(common, random)
      : null;
  const releases = drawDeployments(common, leaks, fleetWide, random);
  return Array.from({ length: size }, (_, number) => {
    const own = drawMovement(pool, length, `${name}-${number}`, random);
    const events = drawEvents({ ...common }, random);
    const leak = leaks.of[number] ?? null;
    return hostOf(
      {
        ...common,
        id: size === 1 ? name : `${name}-${number}`,
        group: size === 1 ? undefined : name,
        own,
        base: [...together.hosts, ...own.hosts],
        load: loadOf(together, own, rho, loadDeviation * within(random, 0.8, 1.25)),
        level: Math.max(5, usualLevel + within(random, -6, 6)),
        events: fleetWide === null ? events : [...events, siblingsPart(fleetWide.event, random)],
        leak,
        shared: leak !== null && leaks.shared,
        fleetWide: fleetWide?.event.name ?? null,
        deployments: deploymentsOf(releases, events, leaks.shared ? null : leak, common, random),
      },
      random,
    );
  });
}

interface Leaks {
  readonly shared: boolean;
  /** By sibling. */
  readonly of: readonly (HostLeak | null)[];
}

function drawLeaks(common: Common, size: number, random: Random): Leaks {
  const { sharedLeaks, ownLeaks } = common.difficulty;
  const chance = random();
  if (size === 1) return { shared: false, of: [chance < LONE_LEAKS ? drawLeak(common, random) : null] };
  if (chance >= sharedLeaks + ownLeaks) return { shared: false, of: [] };
  const leak = drawLeak(common, random);
  const shared = chance < sharedLeaks;
  const leaking = shared ? size : size >= 5 && random() < 0.25 ? 2 : 1;
  // Leaks grow with the load of each host, and a release reaches one host after another.
  return {
    shared,
    of: Array.from({ length: leaking }, () => {
      const share = within(random, 0.4, 1.8);
      const later = Math.round(within(random, 0, 1.5) * PER_HOUR);
      return {
        ...leak,
        rate: leak.rate * share,
        grown: (hours) => share * leak.grown(hours),
        onset: leak.onset + later,
        stop: Math.min(common.length, leak.stop + later),
      };
    }),
  };
}

/** Share of hosts without siblings that leak. */
const LONE_LEAKS = 1 / 3;

function drawLeak({ layout, evaluatedFrom, length, difficulty }: Common, random: Random): HostLeak {
  const tier = pickFrom(random, difficulty.tiers);
  const [low, high] = TIERS[tier];
  const rate = difficulty.leakSize * Math.exp(within(random, Math.log(low), Math.log(high)));
  const shape = pickFrom(random, Object.keys(LEAKS));
  const begun = evaluatedFrom + within(random, EARLIEST[tier], difficulty.latestOnset) * PER_HOUR;
  const onset = Math.max(PER_HOUR, Math.round(begun));
  return {
    shape,
    tier,
    rate,
    grown: LEAKS[shape]?.(rate, random) ?? (() => 0),
    onset,
    stop:
      random() < difficulty.stopped
        ? Math.min(length, onset + Math.round(within(random, ...difficulty.stopAfter) * PER_HOUR))
        : length,
    restartsAtCap: random() < 0.5,
    isReleased: random() < 0.5,
    consumer: random() < difficulty.kernelLeaks ? null : Math.floor(random() * layout.names.length),
  };
}

interface FleetWide {
  readonly event: Event;
  readonly at: number;
}

function drawFleetWide({ evaluatedFrom, length, layout }: Common, random: Random): FleetWide {
  const at = Math.round(evaluatedFrom + within(random, -6, EVALUATED_HOURS - 8) * PER_HOUR);
  return { event: drawEvent(pickFrom(random, FLEET_WIDE), at, length, layout, random), at };
}

/** The same, a little earlier or later and more or less of it. */
function siblingsPart(event: Event, random: Random): Event {
  const share = within(random, 0.8, 1.2);
  const later = Math.round(within(random, 0, 0.7) * PER_HOUR);
  return { ...event, added: (index) => share * event.added(index - later) };
}

interface Release {
  readonly at: number;
  readonly version: string;
}

/** Deployments to all hosts of the group: as the cause of what it has in common, and some that change nothing. */
function drawDeployments({ length }: Common, leaks: Leaks, fleetWide: FleetWide | null, random: Random): Release[] {
  const times: number[] = [];
  const [leak] = leaks.of;
  if (leaks.shared && leak && random() < 0.8) times.push(leak.onset - within(random, 0, 2) * PER_HOUR);
  if (fleetWide && DEPLOYED.has(fleetWide.event.name) && random() < 0.5)
    times.push(fleetWide.at - within(random, 0, 0.5) * PER_HOUR);
  while (random() < 0.4) times.push(within(random, 0, length));
  const minor = Math.floor(random() * 40);
  return times.sort((a, b) => a - b).map((at, number) => ({ at, version: `2.${minor + number}` }));
}

/** Those of the group, minutes apart, and those of this host alone. */
function deploymentsOf(
  releases: readonly Release[],
  events: readonly Event[],
  leak: HostLeak | null,
  { length, evaluatedFrom }: Common,
  random: Random,
): BenchDeployment[] {
  const own: Release[] = [];
  if (leak && random() < 0.4) own.push({ at: leak.onset - within(random, 0, 2) * PER_HOUR, version: '3.0-canary' });
  for (const { name, added } of events) {
    if (!DEPLOYED.has(name) || random() > 0.4) continue;
    const began = firstChange(added, evaluatedFrom - 12 * PER_HOUR, length);
    if (began !== null) own.push({ at: began - within(random, 0, 0.5) * PER_HOUR, version: '1.9-hotfix' });
  }
  return [...releases.map(({ at, version }) => ({ at: at + within(random, 0, 4), version })), ...own]
    .filter(({ at }) => at >= 0 && at < length)
    .sort((a, b) => a.at - b.at)
    .map(({ at, version }) => ({
      time: new Date(startOf(length) + Math.round(at * STEP_S) * 1000).toISOString(),
      version,
    }));
}

function firstChange(added: (index: number) => number, from: number, to: number): number | null {
  for (let index = from; index < to; index++) if (Math.abs(added(index) - added(index - 1)) > 1e-3) return index;
  return null;
}
