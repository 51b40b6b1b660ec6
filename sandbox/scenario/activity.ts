/**
 * What a host does beside using memory: its processor, its file systems, and the errors of its network. Provider-neutral, and pure
 * functions of the time, as its memory is: a value is computed when somebody requests it.
 */
import { seedOf, smoothNoiseAt, uniformAt } from './random.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Virtual processors of every host of a fleet. */
const PROCESSORS = 4;

export interface FileSystem {
  readonly mountpoint: string;
  /** Without `/dev/`. */
  readonly device: string;
  readonly type: string;
  /** The fraction that is used at a time (epoch ms). */
  readonly used: (time: number) => number;
}

/** Times are minutes, epoch milliseconds. */
export interface Activity {
  /** The fraction of the processors that is busy. */
  readonly cpu: (time: number) => number;
  /** Threads that run or wait, averaged over a minute. */
  readonly load: (time: number) => number;
  readonly fileSystems: readonly FileSystem[];
  /** Errors that were added in the minute. */
  readonly errors: { readonly received: (time: number) => number; readonly sent: (time: number) => number };
}

/**
 * What happens to a host: `spike`, its processor is busy for half an hour, two hours ago; `shift`, it has been busier for eight hours;
 * `fills`, a disk has been filling for three days; `errors`, bursts of network errors in the last hour.
 */
export type Happening = 'spike' | 'shift' | 'fills' | 'errors';

/** @param asOf The time at which the fleet is set: what happens is before it. */
export function activityAt(name: string, asOf: number, happening?: Happening): Activity {
  const seed = seedOf(`activity/${name}`);
  const level = 0.08 + 0.15 * uniformAt(seed, 1);
  const height = 0.1 + 0.25 * uniformAt(seed, 2);
  const cpu = (time: number) => {
    const hour = (time - asOf) / HOUR;
    const extra = eventAt(happening, hour);
    return clamp(level + height * dayAt(time) + 0.05 * smoothNoiseAt(seed, time / (7 * MINUTE)) + extra);
  };
  return {
    cpu,
    load: (time) => PROCESSORS * cpu(time) * (1 + 0.2 * smoothNoiseAt(seed + 1, time / (3 * MINUTE))),
    fileSystems: fileSystemsOf(seed, asOf, happening === 'fills'),
    errors: {
      received: errorsOf(seed + 2, asOf, happening === 'errors'),
      sent: errorsOf(seed + 3, asOf, false),
    },
  };
}

/** What is added to the processor's use. */
function eventAt(happening: Happening | undefined, hour: number): number {
  if (happening === 'spike') return hour >= -2.5 && hour < -2 ? 0.75 : 0;
  return happening === 'shift' && hour >= -8 ? 0.35 : 0;
}

/** From 0 in the night to 1 in the afternoon, UTC. */
function dayAt(time: number): number {
  return (1 + Math.cos((2 * Math.PI * (time - 15 * HOUR)) / (24 * HOUR))) / 2;
}

/** Logs are rotated once a day, and data grows slowly. */
function fileSystemsOf(seed: number, asOf: number, fills: boolean): FileSystem[] {
  const root = 0.25 + 0.2 * uniformAt(seed, 3);
  const data = 0.3 + 0.2 * uniformAt(seed, 4);
  const noise = (at: number, time: number) => 0.002 * smoothNoiseAt(seed + at, time / (20 * MINUTE));
  const rotated = (time: number) => 0.04 * (((time / HOUR) % 24) / 24);
  const filling = (time: number) => (fills ? 0.006 * Math.max(0, (time - asOf) / HOUR + 72) : 0);
  return [
    { mountpoint: '/', device: 'nvme0n1p1', type: 'xfs', used: (time) => clamp(root + rotated(time) + noise(5, time)) },
    {
      mountpoint: '/var',
      device: 'nvme1n1',
      type: 'ext4',
      used: (time) => clamp(data + filling(time) + noise(6, time)),
    },
    // Of memory, and no disk.
    { mountpoint: '/dev/shm', device: 'tmpfs', type: 'tmpfs', used: () => 0.01 },
  ];
}

/** Now and then one error, and in a burst many of them. */
function errorsOf(seed: number, asOf: number, bursts: boolean): (time: number) => number {
  return (time) => {
    const minute = Math.floor(time / MINUTE);
    const now = bursts && time >= asOf - HOUR && time < asOf && minute % 10 < 6;
    if (now) return 40 + Math.floor(40 * uniformAt(seed, minute));
    return uniformAt(seed, minute) < 0.003 ? 1 : 0;
  };
}

function clamp(fraction: number): number {
  return Math.min(0.99, Math.max(0.005, fraction));
}
