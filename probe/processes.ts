/** What runs on this host, and how much memory each process has. Names only: command lines and environments hold passwords. */
import { readLinuxProcesses } from './linux.ts';
import { readMacProcesses } from './macos.ts';
import type { ProcessSample } from './process-sample.ts';
import { readWindowsProcesses } from './windows.ts';

/**
 * All processes that have memory of their own, once. Kernel threads and processes that have ended are left out, and so is one that ends
 * while it is read.
 *
 * @throws Error The system does not show its processes, or is not Linux, macOS or Windows.
 */
export async function readProcesses(): Promise<readonly ProcessSample[]> {
  switch (process.platform) {
    case 'linux':
      return readLinuxProcesses();
    case 'darwin':
      return readMacProcesses();
    case 'win32':
      return readWindowsProcesses();
    default:
      throw new Error(`Processes of ${process.platform} cannot be read: only those of Linux, macOS and Windows can.`);
  }
}
