/** The series that the detector learns from and is measured on, and their halves: one file, so that training and bench agree. */
import { type BenchSeries, type DataSet, readDataSet } from './data.ts';
import { type Half, halvesOf, hostsOf } from './halves.ts';
import { randomFrom } from './random.ts';
import { recorded } from './train/bases.ts';
import { injected } from './train/inject.ts';

/**
 * Series with injected leaks, and unmodified hosts, which are healthy: their owners' restarts and ramps are the best
 * counter-examples.
 */
const LEARNED_FROM = ['injected', 'real-bitbrains', 'real-alibaba'];
/** Every file, injected first. */
export const MEASURED_ON = ['injected', 'processes', 'real-bitbrains', 'real-bitbrains-long', 'real-alibaba'];

export interface Corpus {
  readonly sets: readonly DataSet[];
  readonly halfOf: (series: BenchSeries) => Half;
}

/** Hosts are dealt to halves by the first of the files that are named, whatever else is read. */
export function readCorpus(directory: string, names: readonly string[]): Corpus {
  const sets = names.map((name) => readDataSet(directory, name));
  return { sets, halfOf: halvesOf(sets[0]?.series ?? []) };
}

/** Series made to learn from, on the hosts of either half. */
const MADE = 4500;

/** Recorded with something injected, recorded as it was, or made for learning. */
export type Origin = 'injected' | 'unmodified' | 'made';

export interface Lessons extends Corpus {
  /** The series of the sets, then those that were made. */
  readonly series: readonly BenchSeries[];
  readonly originOf: (index: number) => Origin;
  /** The same number for series of the same hosts. */
  readonly groupOf: (index: number) => number;
}

export function readLessons(directory: string): Lessons {
  const { sets, halfOf } = readCorpus(directory, LEARNED_FROM);
  const [withInjections = [], ...others] = sets.map((set) => set.series);
  const unmodified = others.flat();
  // Made on the hosts of one half at a time: what is learned from one half knows nothing of the other.
  const made = (['tuning', 'held back'] as const).flatMap((half, index) => {
    const pool = unmodified.filter((one) => halfOf(one) === half);
    return injected(`made ${half}`, pool.map(recorded), MADE, randomFrom(index + 1));
  });
  const series = [...withInjections, ...unmodified, ...made];
  const numbers = numbered(series.map((one) => hostsOf(one).join('+')));
  return {
    sets,
    series,
    halfOf,
    originOf: (index) => {
      if (index < withInjections.length) return 'injected';
      return index < withInjections.length + unmodified.length ? 'unmodified' : 'made';
    },
    groupOf: (index) => numbers[index] ?? 0,
  };
}

/** The same number for the same name. */
function numbered(names: readonly string[]): number[] {
  const numbers = new Map<string, number>();
  for (const name of names) if (!numbers.has(name)) numbers.set(name, numbers.size);
  return names.map((name) => numbers.get(name) ?? 0);
}
