/** Lets the time of a simulation run forward: an inspection at each hour, and between them what was requested by hand. */
import type { Simulation } from './simulation.ts';

const HOUR = 3_600_000;

export interface RunForwardOptions {
  /** Seconds of the simulation in one of ours. */
  readonly speed: number;
  /** Waits for the next step; ends when the signal does. Returns the seconds of ours that a step stands for. */
  readonly tick: (signal: AbortSignal) => Promise<number>;
  /** Called after each inspection. */
  readonly onHour?: (at: number) => void;
  readonly signal: AbortSignal;
}

type Runnable = Pick<Simulation, 'now' | 'inspectAll' | 'serveRequests'>;

/**
 * Runs until the signal ends it. Time waits for an inspection that takes longer than its hour. Throws as the functions do.
 */
export async function runForward(
  simulation: Runnable,
  { speed, tick, onHour, signal }: RunForwardOptions,
): Promise<void> {
  while (!signal.aborted) {
    const seconds = await tick(signal);
    if (signal.aborted) return;
    const next = simulation.now + speed * seconds * 1000;
    const hour = Math.floor(simulation.now / HOUR) * HOUR + HOUR;
    if (next < hour) {
      simulation.now = next;
    } else {
      await simulation.inspectAll(hour, signal);
      onHour?.(hour);
    }
    await simulation.serveRequests();
  }
}
