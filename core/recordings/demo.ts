/** The recording that is always there: two hosts, a process that leaks and others that do not. Made anew for each look, and the same within an hour. */
import type { RecordedSample, Recording } from '../model/recording.ts';
import type { SentProcess } from '../model/sample.ts';
import { hourOf } from '../model/sample-chunk.ts';
import type { LivePart, RecordedHost, RecordedProcess } from '../ports/recording-store.ts';
import { archiveWith } from './archive.ts';
import { DAY_MS, dayOf, endOfDay, HOUR_MS, startOf } from './days.ts';
import type { RecordedReader } from './history.ts';
import { planFor } from './retention.ts';

export const DEMO_ID = 'demo';

const DAYS = 6;
const EVERY_MS = 5 * 60_000;
const MIB = 1024 * 1024;
/** Nobody deploys the leak, the rest is as in any shop: a level in MiB, growth in MiB an hour, a daily wave and noise. */
interface DemoProcess {
  readonly host: string;
  readonly process: Pick<SentProcess, 'name' | 'pid'>;
  readonly level: number;
  readonly growth: number;
  readonly wave: number;
  readonly noise: number;
  /** macOS states the resident memory alone. */
  readonly residentOnly?: true;
}

const PROCESSES: readonly DemoProcess[] = [
  { host: 'shop-web-1', process: { name: 'cart-service', pid: 2114 }, level: 310, growth: 5.5, wave: 12, noise: 9 },
  { host: 'shop-web-1', process: { name: 'nginx', pid: 811 }, level: 48, growth: 0, wave: 4, noise: 1.5 },
  { host: 'shop-db-1', process: { name: 'postgres', pid: 1406 }, level: 1240, growth: 0, wave: 90, noise: 14 },
  {
    host: 'shop-db-1',
    process: { name: 'backup-agent', pid: 3302 },
    level: 95,
    growth: 0,
    wave: 2,
    noise: 3,
    residentOnly: true,
  },
];

const HOSTS = [...new Set(PROCESSES.map(({ host }) => host))];

/** @param now Epoch milliseconds. */
export function demoRecording(tenant: string, now: number): Recording {
  const from = beginning(now);
  const rules = PROCESSES.map(({ process }) => ({ name: process.name }));
  return {
    tenant,
    id: DEMO_ID,
    name: 'Demo: a shop with a leak',
    selection: {
      account: 'demo',
      hosts: [{ name: 'shop-*' }],
      processes: rules,
      from,
      to: from + (DAYS + 1) * DAY_MS,
      everyS: EVERY_MS / 1000,
    },
    startedBy: 'plimsoll',
    startedAt: from,
  };
}

/** What the demo has kept by now, as days are archived. */
export function demoReader(now: number): RecordedReader {
  const [from, end] = [beginning(now), hourOf(now)];
  const days = daysBetween(from, end);
  const all = { host: '', liveDays: days.map((day) => ({ day, parts: 1 })), archivedDays: [] };
  const archived = new Set(planFor(all, end - EVERY_MS).archive);
  const partOf = (host: string, day: string): LivePart => ({
    name: 'demo',
    live: liveOf(host, from, { start: Math.max(from, startOf(day)), end: Math.min(end, endOfDay(day)) }),
  });
  return {
    hosts: async () =>
      HOSTS.toSorted().map((host): RecordedHost => {
        const liveDays = all.liveDays.filter(({ day }) => !archived.has(day));
        return { host, liveDays, archivedDays: [...archived] };
      }),
    async *live(_of, host, day) {
      if (days.includes(day) && !archived.has(day)) yield partOf(host, day);
    },
    async archive(_of, host, day) {
      return archived.has(day) ? { ...archiveWith(undefined, [partOf(host, day)]), version: 'demo' } : undefined;
    },
  };
}

function beginning(now: number): number {
  return hourOf(now) - DAYS * DAY_MS;
}

function daysBetween(start: number, end: number): string[] {
  const first = startOf(dayOf(start));
  const count = Math.ceil((end - first) / DAY_MS);
  return Array.from({ length: count }, (_, at) => dayOf(first + at * DAY_MS));
}

function liveOf(host: string, from: number, span: { readonly start: number; readonly end: number }) {
  const count = Math.max(0, Math.ceil((span.end - span.start) / EVERY_MS));
  const times = Array.from({ length: count }, (_, at) => span.start + at * EVERY_MS);
  return PROCESSES.filter((one) => one.host === host).map(
    (one): RecordedProcess<RecordedSample> => ({
      host,
      process: { ...one.process, startedAt: from - DAY_MS },
      kept: times.map((time) => sampleOf(one, time, from)),
    }),
  );
}

function sampleOf(one: DemoProcess, time: number, from: number): RecordedSample {
  const hours = (time - from) / HOUR_MS;
  const wave = one.wave * Math.sin((2 * Math.PI * (time % DAY_MS)) / DAY_MS);
  const data = one.level + one.growth * hours + wave + one.noise * noiseAt(time + one.process.pid);
  const resident = Math.round(0.9 * data * MIB);
  if (one.residentOnly) return { time, resident };
  const stack = 0.13 + 0.02 * noiseAt(time + one.process.pid + 1);
  return { time, data: Math.round(data * MIB), stack: Math.round(stack * MIB), resident, swap: 0 };
}

/** In [0, 1), of a number and of nothing else (the finalizer of MurmurHash3). */
function noiseAt(seed: number): number {
  let h = Math.trunc(seed / 1000) ^ (seed % 1000);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}
