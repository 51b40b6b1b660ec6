/** A process and its memory. */

/** One process at one moment. Bytes; what its system does not state is absent. */
export interface ProcessSample {
  readonly pid: number;
  /** Of the parent; 0 has none. */
  readonly ppid: number;
  /** The executable's file name. On Linux the name of the process where its executable may not be read. */
  readonly name: string;
  /** Epoch milliseconds. With the pid it names a process: a pid comes back. */
  readonly startedAt: number;
  /** The data segment: heap and private anonymous memory. VmData of Linux. */
  readonly data?: number;
  /** The stack of the main thread. VmStk of Linux. */
  readonly stack?: number;
  /** What is in physical memory. */
  readonly resident: number;
  /** What is swapped out. VmSwap of Linux. */
  readonly swap?: number;
}
