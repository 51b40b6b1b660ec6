/** What files state of hosts beside their memory: kept while the files are read, and given host by host. */
import type { Deployment } from '../../../core/model/deployment.ts';
import {
  CONTAINER_MEMORY,
  type Consumer,
  POD_MEMORY,
  PROCESS_MEMORY,
  type Reading,
  type Resource,
  type Series,
} from '../../../core/model/series.ts';
import type { MeanSpan } from '../../../core/ports/memory-source.ts';
import type { Grid, GridConsumer } from '../entry.ts';
import { startFold } from './fold.ts';

export interface Companions {
  /** @param start Epoch milliseconds of the grid's first sample. */
  keep(host: Resource, grid: Grid, start: number): void;
  /** As `MemorySource.consumers` gives them. */
  consumers(host: Resource, span: MeanSpan): Iterable<Reading>;
  deployments(host: Resource): readonly Deployment[];
}

/** Samples of consumers that are kept at once, 4 bytes each. */
const MOST_SAMPLES = 64_000_000;

interface Kept {
  readonly grid: Pick<Grid, 'stepMs' | 'baseUnit' | 'limit'>;
  readonly start: number;
  /** Undefined where there were too many to keep. */
  readonly consumers: readonly GridConsumer[] | undefined;
}

/** @param capacity Memory of each host in bytes, where it is known and the files do not state it. */
export function createCompanions(capacity: number | undefined): Companions {
  const kept = new Map<string, Kept>();
  const deployments = new Map<string, readonly Deployment[]>();
  let samples = 0;
  return {
    keep(host, { stepMs, baseUnit, limit, consumers, deployments: own }, start) {
      const key = keyOf(host);
      if (own !== undefined) deployments.set(key, own);
      if (consumers === undefined) return;
      if (!kept.has(key)) samples += consumers.reduce((sum, { values }) => sum + values.length, 0);
      const grid = { stepMs, baseUnit, ...(limit !== undefined && { limit }) };
      kept.set(key, { grid, start, consumers: samples > MOST_SAMPLES ? undefined : consumers });
    },
    *consumers(host, span) {
      const known = kept.get(keyOf(host));
      if (known === undefined)
        yield { kind: 'not_monitored', resource: host, reason: 'unsupported', hint: NO_CONSUMERS };
      else if (known.consumers === undefined) {
        yield { kind: 'unreadable', scope: host, reason: 'truncated', detail: TOO_MANY };
      } else for (const one of known.consumers) yield* seriesOf(one, host, known, span, capacity);
    },
    deployments: (host) => deployments.get(keyOf(host)) ?? [],
  };
}

const NO_CONSUMERS = 'The file holds the memory of this host, and nothing of its processes or containers.';
const TOO_MANY =
  'the files have more samples of consumers than can be kept at once: split them by host, and read one at a time';

function keyOf({ account, id }: Resource): string {
  return JSON.stringify([account, id]);
}

const METRICS: Readonly<Record<Consumer['kind'], string>> = {
  process: PROCESS_MEMORY,
  container: CONTAINER_MEMORY,
  pod: POD_MEMORY,
};

/** In bytes where the capacity is known, else as a fraction of it; nothing where it has no sample in the window. */
function* seriesOf(
  { consumer, values }: GridConsumer,
  resource: Resource,
  { grid, start }: Kept,
  span: MeanSpan,
  capacity: number | undefined,
): Generator<Series> {
  const { stepMs, baseUnit } = grid;
  const limit = grid.limit ?? capacity;
  const isBytes = baseUnit === 'bytes' || limit !== undefined;
  const factor = baseUnit === 'bytes' ? 1 : (limit ?? 1) / (baseUnit === 'percent' ? 100 : 1);
  const fold = startFold(span);
  for (const [index, value] of values.entries()) {
    if (!Number.isNaN(value)) fold.add(start + index * stepMs, value * factor);
  }
  const folded = fold.finish();
  if (folded.times.length === 0) return;
  const { window, periodMs, statistic } = span;
  const about = {
    kind: 'series',
    resource,
    consumer,
    metric: METRICS[consumer.kind],
    window,
    periodMs,
    statistic,
  } as const;
  yield {
    ...about,
    ...(isBytes ? { unit: 'By', ...(limit !== undefined && { limit }) } : { unit: '1', limit: 1 }),
    ...folded,
  };
}
