/** What one request may bring: beyond it points are rejected and counted, so that no sender costs more than it is worth. */

const MINUTE = 60_000;

export const LIMITS = {
  /** Milliseconds before it is received that a sample may be of: a sender that was offline for a week still sends it. */
  pastMs: 7 * 24 * 60 * MINUTE,
  /** Milliseconds after: clocks of hosts differ. */
  futureMs: 10 * MINUTE,
  /** A gateway in front of a fleet sends for all of it. */
  hosts: 2_000,
  /** Series of processes. With four of each host, and those that jobs inspect, they are within the 40,000 of a batch. */
  processSeries: 14_000,
  /** Series of what jobs inspect, of all hosts, and parts of one metric of one host. */
  pointSeries: 18_000,
  parts: 64,
  /** Samples of one series, as a batch holds them. */
  samples: 10_000,
  /** Characters of a name, an id or a label, as a batch holds them. */
  characters: 255,
  labels: 30,
  /** Devices for paging of one host. */
  pagingDevices: 64,
  /** Characters of a command line that patterns are tried on: the time that one takes may grow with their square, some hundred thousand steps. */
  commandLine: 512,
} as const;
