/** Reads what `record.ts` wrote. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import * as z from 'zod';
import { createJobSeries, type NameSeries } from '../../core/detector/gate-series.ts';
import { type ProgramSet, SETS } from './programs.ts';

export const TRACES = join(import.meta.dirname, 'traces');

const headSchema = z.strictObject({ id: z.string(), set: z.enum(SETS), leaks: z.boolean(), language: z.string() });
const sweepSchema = z.tuple([z.number(), z.array(z.tuple([z.string(), z.int(), z.number()]))]);
export type Sweep = z.output<typeof sweepSchema>;

export interface Trace extends z.output<typeof headSchema> {
  readonly sweeps: readonly Sweep[];
}

const KIB = 1024;

/**
 * All traces of a set, by name. `plain` are the Java programs of the trial without the options that docs/gate.md recommends: they were
 * recorded before those were.
 */
export async function tracesOf(set: ProgramSet | 'plain'): Promise<Trace[]> {
  const names = (await readdir(TRACES)).filter((name) => name.startsWith(`${set}-`)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const text = (await promisify(gunzip)(await readFile(join(TRACES, name)))).toString('utf8');
      const [head, ...sweeps] = text.trimEnd().split('\n');
      return {
        ...headSchema.parse(JSON.parse(head ?? '')),
        sweeps: sweeps.map((line) => sweepSchema.parse(JSON.parse(line))),
      };
    }),
  );
}

/** The first minutes of a trace, as the command would have kept them. */
export function seriesOf({ sweeps }: Trace, minutes: number): NameSeries[] {
  const job = createJobSeries();
  const start = sweeps[0]?.[0] ?? 0;
  for (const [at, processes] of sweeps) {
    if (at - start > minutes * 60_000) break;
    job.add(
      at - start,
      processes.map(([name, pid, kilobytes]) => ({ name, pid, bytes: kilobytes * KIB })),
    );
  }
  return job.series();
}
