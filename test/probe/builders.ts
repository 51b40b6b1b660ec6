/** What tests of the probe are made of. */
import type { ProcessSample } from '../../probe/process-sample.ts';
import type { Sweep } from '../../probe/sweep.ts';

export const MINUTE = 60_000;

export function processOf(pid: number, fields: Partial<ProcessSample> = {}): ProcessSample {
  return { pid, ppid: 1, name: `p${pid}`, startedAt: pid * 1000, resident: 1024 * pid, ...fields };
}

export function sweepAt(time: number, ...processes: readonly ProcessSample[]): Sweep {
  return { time, host: { used: 400, limit: 1000 }, processes };
}
