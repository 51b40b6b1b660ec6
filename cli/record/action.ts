/** `plimsoll record`: the probe in the process of the command. */
import { realpathSync } from 'node:fs';
import packageJson from '../../package.json' with { type: 'json' };
import { runRecord } from '../../probe/record.ts';
import { keepHeapSmall } from '../../probe/small-heap.ts';
import type { CommandContext } from '../context.ts';

/** @returns The exit code: of a command that it starts, that one's. */
export async function runProbe(args: readonly string[], { terminal, signal }: CommandContext): Promise<number> {
  keepHeapSmall();
  const end = new AbortController();
  const stop = () => end.abort();
  signal.addEventListener('abort', stop);
  // A service manager ends it by this.
  process.once('SIGTERM', stop);
  try {
    return await runRecord(args, {
      variables: process.env,
      print: terminal.print,
      note: terminal.note,
      version: packageJson.version,
      program: 'plimsoll record',
      startedAs: [process.execPath, realpathSync(process.argv[1] ?? '.'), 'record'],
      signal: end.signal,
    });
  } finally {
    signal.removeEventListener('abort', stop);
    process.off('SIGTERM', stop);
  }
}
