/** Moments and durations. A moment is shown in the viewer's zone, with UTC beside it on request and in the tooltip. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SignInView } from '../../api/contract/tenants.ts';
import { formatDuration, formatTime } from '../../core/messages/times.ts';

type Simulated = SignInView['simulated'];

const STEP_MS = 30_000;
/** In a simulation the clock runs fast, and so does what is shown. */
const SIMULATED_STEP_MS = 2_000;
const FOLLOW_MS = 5_000;

/** The present time, which moves every half minute: what is shown relative to it is counted again then. */
export const now = signal(Date.now());

/** Whether the past of a simulation is being made. */
export const preparing = signal(false);

/** Keeps `now` moving; the layout does it once for all. */
export function useClock(simulated: Simulated, readSimulated: () => Promise<Simulated>): void {
  useEffect(() => (simulated === null ? followClock() : followSimulation(simulated, readSimulated)), [simulated]);
}

function followClock(): () => void {
  const move = () => {
    now.value = Date.now();
  };
  move();
  const timer = setInterval(move, STEP_MS);
  return () => clearInterval(timer);
}

/** A simulation has a clock of its own, which jumps while its past is inspected: it is read again and again. */
function followSimulation(first: NonNullable<Simulated>, read: () => Promise<Simulated>): () => void {
  let clock = first;
  let readAt = Date.now();
  preparing.value = first.preparing;
  const move = () => {
    now.value = simulatedTime(clock, Date.now() - readAt);
  };
  const follow = async () => {
    // Where it cannot be read the clock goes on as it did; whatever else is read then shows that the simulation has ended.
    const next = await read().catch(() => null);
    if (next === null) return;
    clock = next;
    readAt = Date.now();
    preparing.value = next.preparing;
    move();
  };
  move();
  const timers = [setInterval(move, SIMULATED_STEP_MS), setInterval(() => void follow(), FOLLOW_MS)];
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

function simulatedTime({ now: start, secondsPerSecond }: NonNullable<Simulated>, elapsedMs: number): number {
  return Date.parse(start) + elapsedMs * secondsPerSecond;
}

const LOCAL = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' });
const ZONE = new Intl.DateTimeFormat('en', { timeZoneName: 'short' });

/** `2026-11-23 17:00` in the viewer's zone. */
export function localMinute(epochMs: number): string {
  return LOCAL.format(epochMs);
}

/** `GMT+1`, as it is at that moment. */
export function zoneAt(epochMs: number): string {
  return ZONE.formatToParts(epochMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** `in 3 h`, `12 min ago`. */
function relative(epochMs: number, from: number): string {
  const distance = epochMs - from;
  return distance >= 0 ? `in ${formatDuration(distance)}` : `${formatDuration(-distance)} ago`;
}

interface MomentProps {
  /** ISO 8601. */
  readonly at: string;
  /** `both`: the time and the distance from now. Default: `relative`. */
  readonly show?: 'relative' | 'absolute' | 'both';
}

/** A moment; the tooltip has it in the viewer's zone and in UTC. */
export function Moment({ at, show = 'relative' }: MomentProps) {
  const epochMs = Date.parse(at);
  const local = localMinute(epochMs);
  const zone = zoneAt(epochMs);
  const title = zone === 'UTC' ? formatTime(epochMs) : `${local} ${zone} · ${formatTime(epochMs)}`;
  const distance = relative(epochMs, now.value);
  const text = show === 'relative' ? distance : show === 'absolute' ? local : `${local} (${distance})`;
  return (
    <time class="moment" dateTime={at} title={title}>
      {text}
    </time>
  );
}

/** A moment in full: viewer's zone and UTC, for pages with one moment rather than a table of them. */
export function FullMoment({ at }: { at: string }) {
  const epochMs = Date.parse(at);
  const zone = zoneAt(epochMs);
  return (
    <time class="moment" dateTime={at}>
      {localMinute(epochMs)} <abbr title="your time zone">{zone}</abbr>
      {zone !== 'UTC' && <span class="muted"> · {formatTime(epochMs)}</span>}
    </time>
  );
}
