/** Programs of the system that the probe reads: it starts them without a shell. */
import { execFile } from 'node:child_process';
import { win32 } from 'node:path';
import { promisify } from 'node:util';

const runFile = promisify(execFile);

/** A list of ten thousand processes is 1 MB. */
const MOST_BYTES = 16 * 1024 * 1024;
/** PowerShell takes seconds to start on a busy machine. */
const LONGEST_MS = 30_000;

/**
 * A program of Windows by its path: by its name alone, one of the working folder would be started first.
 *
 * @param path Below System32.
 */
export function systemProgram(path: string, folder = process.env['SystemRoot'] ?? 'C:\\Windows'): string {
  return win32.join(folder, 'System32', path);
}

/** @throws Error It is not there, fails, or takes longer than half a minute. */
export async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await runFile(program, [...args], {
    maxBuffer: MOST_BYTES,
    timeout: LONGEST_MS,
    windowsHide: true,
    // Dates in English and UTC, whatever the user's settings are. PowerShell does not start without the variables of its system.
    ...(process.platform !== 'win32' && { env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' } }),
  });
  return stdout;
}
