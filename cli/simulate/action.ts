/** `plimsoll simulate`: writes the points of simulated hosts as they are made. */
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { fileFault } from '../../adapters/trace-file/file/file-fault.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { UsageError } from '../usage-error.ts';
import { planSimulation, rowsOf, type Simulation, type SimulationOptions } from './plan.ts';

export interface SimulateOptions extends Omit<SimulationOptions, 'window' | 'stepMs'> {
  /** Milliseconds. */
  readonly step: number;
  readonly hours: number;
  /** Epoch milliseconds. */
  readonly to?: number;
  readonly output?: string;
  readonly truth?: string;
}

/** A row is some 110 characters: this is a file of 50 GB. */
const MOST_ROWS = 500_000_000;

/** Rows of a file that `--traces` reads: it takes 256 MiB. */
const MOST_READ = 2_000_000;

export async function simulate(options: SimulateOptions, { terminal, signal, now }: CommandContext): Promise<ExitCode> {
  const { hours, to = now, output, truth, step: stepMs } = options;
  const end = Math.floor(to / stepMs) * stepMs;
  const length = Math.ceil((hours * 3_600_000) / stepMs) * stepMs;
  const window = { start: end - length, end };
  const rows = rowsOf({ ...options, stepMs, window });
  if (rows > MOST_ROWS)
    throw new UsageError(
      `These are ${rows.toLocaleString('en')} rows: fewer --hosts, --metrics or --hours, or a longer --step.`,
    );
  if (rows > MOST_READ)
    terminal.note(
      `note: ${rows.toLocaleString('en')} rows may be more than --traces reads of one file, which is 256 MiB.`,
    );
  const simulation = planSimulation({ ...options, stepMs, window });
  if (truth !== undefined) await writing(truth, () => writeFile(truth, truthLines(simulation)));
  if (output === undefined) {
    for (const piece of simulation.lines()) {
      terminal.print(piece.slice(0, -1));
      // Whoever interrupts it is heard between two pieces.
      await setImmediate();
      signal.throwIfAborted();
    }
  } else {
    await writing(output, () => pipeline(Readable.from(simulation.lines()), createWriteStream(output), { signal }));
    terminal.note(`${rows.toLocaleString('en')} rows written to ${output}.`);
  }
  return EXIT.clean;
}

function truthLines({ truths }: Simulation): string {
  const iso = (time: number) => new Date(time).toISOString();
  return truths
    .map(
      ({ host, metric, kind, start, end }) =>
        `${JSON.stringify({ host, metric, kind, start: iso(start), end: iso(end) })}\n`,
    )
    .join('');
}

async function writing(file: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    throw new UsageError(`Cannot write ${file}: ${fileFault(error)}.`);
  }
}
