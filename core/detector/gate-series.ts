/** Memory of a job's processes by name, as it was sampled: bounded, however long the job runs. */

/** One process of the job in one sweep. */
export interface JobProcess {
  readonly pid: number;
  /** The executable's name. */
  readonly name: string;
  /** Resident and swapped out. */
  readonly bytes: number;
}

/** The memory of all processes of one name, where there was at least one. */
export interface NameSeries {
  readonly name: string;
  /** Milliseconds since the job began, ascending. */
  readonly times: readonly number[];
  /** Bytes, summed over the processes of the name: one that is restarted goes on as the same. */
  readonly values: readonly number[];
  /** The most processes of the name at one time. */
  readonly processes: number;
}

/** Samples of a name. Beyond them the series is thinned: half a day at one a second is still five seconds apart. */
const MOST_SAMPLES = 10_000;
/** Names that are followed: a build starts some hundred compilers, all of the same few names. */
const MOST_NAMES = 200;

interface Growing {
  readonly times: number[];
  readonly values: number[];
  processes: number;
  /** Sweeps that become one sample; its value is the least of them. */
  perSample: number;
  inLast: number;
}

/** Takes the sweeps of a job in order and keeps a series for each name. */
export function createJobSeries(): {
  /** @param at Milliseconds since the job began. */
  add(at: number, processes: readonly JobProcess[]): void;
  /** By name, in the order in which the names appeared. */
  series(): NameSeries[];
  /** Names beyond those that are followed. */
  leftOut(): number;
} {
  const byName = new Map<string, Growing>();
  const leftOut = new Set<string>();

  function growing(name: string): Growing | undefined {
    const known = byName.get(name);
    if (known !== undefined) return known;
    if (byName.size >= MOST_NAMES) {
      if (leftOut.size < MOST_NAMES) leftOut.add(name);
      return undefined;
    }
    const added: Growing = { times: [], values: [], processes: 0, perSample: 1, inLast: 1 };
    byName.set(name, added);
    return added;
  }

  return {
    add(at, processes) {
      for (const [name, all] of Map.groupBy(processes, (process) => process.name)) {
        const series = growing(name);
        if (series === undefined) continue;
        series.processes = Math.max(series.processes, all.length);
        append(
          series,
          at,
          all.reduce((sum, { bytes }) => sum + bytes, 0),
        );
      }
    },
    series: () =>
      [...byName].map(([name, { times, values, processes }]) => ({
        name,
        times: [...times],
        values: [...values],
        processes,
      })),
    leftOut: () => leftOut.size,
  };
}

function append(series: Growing, at: number, bytes: number): void {
  const { times, values } = series;
  if (series.inLast < series.perSample) {
    values.push(Math.min(values.pop() ?? bytes, bytes));
    series.inLast += 1;
    return;
  }
  times.push(at);
  values.push(bytes);
  series.inLast = 1;
  if (times.length >= MOST_SAMPLES) thin(series);
}

/** Joins samples in pairs. The least of two is kept, because floors are what is evaluated. */
function thin(series: Growing): void {
  const half = series.times.length / 2;
  for (let pair = 0; pair < half; pair += 1) {
    series.times[pair] = series.times[2 * pair] ?? 0;
    series.values[pair] = Math.min(series.values[2 * pair] ?? 0, series.values[2 * pair + 1] ?? 0);
  }
  series.times.length = half;
  series.values.length = half;
  series.perSample *= 2;
  series.inLast = series.perSample;
}
