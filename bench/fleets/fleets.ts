/** Generated fleets: groups and single hosts from one seed, each on recorded hosts of one half. */
import { readCorpus } from '../corpus.ts';
import type { BenchSeries } from '../data.ts';
import type { Half } from '../halves.ts';
import { pickFrom, randomFrom } from '../random.ts';
import { type Base, recorded } from '../train/bases.ts';
import { GROUPS, SINGLES } from './difficulty.ts';
import { drawGroup } from './group.ts';
import { drawWeeks } from './weeks.ts';

export interface FleetsInput {
  /** The folder of the recorded hosts. */
  readonly directory: string;
  readonly seed: number;
  readonly groups: number;
  readonly singles: number;
  /** Only hosts of this half are drawn on. */
  readonly half: 'tuning' | 'held back' | undefined;
  /** Hosts of 30 to 60 days instead: as many as groups and single hosts together. */
  readonly weeks: boolean;
}

export interface Fleets {
  readonly series: readonly BenchSeries[];
  readonly halfOf: (series: BenchSeries) => Half;
}

const RECORDED = ['real-bitbrains', 'real-bitbrains-long', 'real-alibaba'];

/** The same input gives the same fleets. */
export function drawFleets({ directory, seed, groups, singles, half, weeks }: FleetsInput): Fleets {
  const { sets, halfOf } = readCorpus(directory, ['injected', ...RECORDED]);
  const hosts = sets.slice(1).flatMap(({ series }) => series);
  const pools = { tuning: poolOf('tuning'), 'held back': poolOf('held back') };
  function poolOf(of: Half): Base[] {
    return hosts.filter((one) => halfOf(one) === of).map(recorded);
  }
  const random = randomFrom(seed * 7919);
  const poolDrawn = () => pools[half ?? pickFrom(random, ['tuning', 'held back'] as const)];
  if (weeks) return { series: drawWeeks(`weeks-${seed}`, groups + singles, poolDrawn, random), halfOf };
  const series = [
    ...Array.from({ length: groups }, (_, number) => {
      const name = `group-${seed}-${number}`;
      return drawGroup(name, 3 + Math.floor(random() * 4), poolDrawn(), GROUPS, random);
    }),
    ...Array.from({ length: singles }, (_, number) => {
      const name = `single-${seed}-${number}`;
      return drawGroup(name, 1, poolDrawn(), SINGLES, random);
    }),
  ].flat();
  return { series, halfOf };
}
