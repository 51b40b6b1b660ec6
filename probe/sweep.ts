/** A sweep, and the line that it is on disk. */
import { createHash } from 'node:crypto';
import type { HostMemory } from './host-memory.ts';
import type { ProcessSample } from './process-sample.ts';

/** What the host and the chosen processes had at one moment. */
export interface Sweep {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly host?: HostMemory;
  readonly processes: readonly ProcessSample[];
}

const CHECKSUM_DIGITS = 8;

/** A checksum and JSON, ended by a line feed: what a kill or a power failure leaves of it is recognised. */
export function lineOf(sweep: Sweep): string {
  const json = JSON.stringify(sweep);
  return `${checksum(json)} ${json}\n`;
}

export interface Lines {
  readonly sweeps: readonly Sweep[];
  /** Lines that are not what was written. */
  readonly damaged: number;
}

/** What can be read of a file of lines. An empty line is none. */
export function sweepsOf(text: string): Lines {
  const lines = text.split('\n').filter((line) => line !== '');
  const sweeps = lines.flatMap((line) => sweepOf(line) ?? []);
  return { sweeps, damaged: lines.length - sweeps.length };
}

function sweepOf(line: string): Sweep | undefined {
  const json = line.slice(CHECKSUM_DIGITS + 1);
  if (line.slice(0, CHECKSUM_DIGITS + 1) !== `${checksum(json)} `) return undefined;
  const value: unknown = JSON.parse(json);
  return isSweep(value) ? value : undefined;
}

/** The checksum has shown that `lineOf` wrote it: this is for files of a version to come. */
function isSweep(value: unknown): value is Sweep {
  if (typeof value !== 'object' || value === null) return false;
  return 'time' in value && Number.isSafeInteger(value.time) && 'processes' in value && Array.isArray(value.processes);
}

function checksum(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, CHECKSUM_DIGITS);
}
