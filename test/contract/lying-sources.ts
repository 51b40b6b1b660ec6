/** Sources that lie, each in one way: an honest source with one thing bent. */

import type { Reading, Series } from '../../core/model/series.ts';
import { MEMORY_UTILIZATION } from '../../core/model/series.ts';
import type { MemorySource } from '../../core/ports/memory-source.ts';

const FIVE_MINUTES = 300_000;
const NOWHERE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;

export type Lie = (honest: MemorySource) => MemorySource;

/** Lies about all readings together. */
function bentReadings(bend: (readings: Reading[]) => Reading[]): Lie {
  return (honest) => ({
    ...honest,
    async *read(request, meter, signal) {
      yield* bend(await Array.fromAsync(honest.read(request, meter, signal)));
    },
  });
}

/** Lies about each series. */
function bentSeries(bend: (series: Series) => Partial<Series>): Lie {
  return bentReadings((readings) =>
    readings.map((reading) => (reading.kind === 'series' ? { ...reading, ...bend(reading) } : reading)),
  );
}

function doubled(numbers: Float64Array): Float64Array {
  return Float64Array.from([...numbers, ...numbers]).sort();
}

export const waitingForAll = bentReadings((readings) => readings);
export const reportingTwice = bentReadings((readings) => [...readings, ...readings.slice(0, 1)]);
export const keepingQuiet = bentReadings((readings) => readings.slice(1));
export const hidingFailures = bentReadings((readings) => readings.filter(({ kind }) => kind !== 'unreadable'));
export const losingTheOthers = bentReadings((readings) => readings.filter(({ kind }) => kind === 'unreadable'));

export const newestFirst = bentSeries(({ times, values }) => ({
  times: times.toReversed(),
  values: values.toReversed(),
}));
export const doubling = bentSeries(({ times, values }) => ({ times: doubled(times), values: doubled(values) }));
export const losingValues = bentSeries(({ values }) => ({ values: values.slice(1) }));
export const aheadOfTime = bentSeries(({ times, periodMs }) => ({ times: times.map((time) => time + periodMs) }));
export const betweenPeriods = bentSeries(({ times }) => ({ times: times.map((time) => time + 1) }));
/** Gives the last sample of each period for its least. */
export const lastForLeast: Lie = (honest) => ({
  ...honest,
  read: (request, meter, signal) =>
    honest.read(
      request.span.periodMs > FIVE_MINUTES ? { ...request, span: { ...request.span, statistic: 'maximum' } } : request,
      meter,
      signal,
    ),
});
export const inPercent = bentSeries(({ values }) => ({ values: values.map((value) => value * 100) }));
export const freeForUsed = bentSeries(({ values }) => ({ values: values.map((value) => 1 - value) }));

export const fillingGaps = bentSeries(({ times, values, window, periodMs }) => {
  const periods = Array.from({ length: (window.end - window.start) / periodMs }, (_, period) => period);
  const all = Float64Array.from(periods, (period) => window.start + period * periodMs);
  return { times: all, values: all.map((time) => values[times.indexOf(time)] ?? 0) };
});

/** Reports a host that is not monitored as one without samples, which reads as a failure of ours. */
export const emptyForNotMonitored: Lie = bentReadings((readings) => {
  const like = readings.find((reading) => reading.kind === 'series');
  const empty = { times: new Float64Array(), values: new Float64Array() };
  return readings.map((reading) =>
    like && reading.kind === 'not_monitored' ? { ...like, ...empty, resource: reading.resource } : reading,
  );
});

export const countingAll: Lie = (honest) => ({
  ...honest,
  countHosts: async (_filters, meter) => honest.countHosts?.([], meter) ?? 0,
});

export const alwaysAverage: Lie = (honest) => ({
  ...honest,
  async *read({ metric, span, filters }, meter, signal) {
    const { statistic } = span;
    for await (const reading of honest.read(
      { metric, span: { ...span, statistic: 'average' }, filters },
      meter,
      signal,
    )) {
      yield reading.kind === 'series' ? { ...reading, statistic } : reading;
    }
  },
});

export const filteringAfterwards: Lie = (honest) => ({
  ...honest,
  async *read({ metric, span, filters }, meter, signal) {
    const admitted = new Set<string>();
    for await (const { resource } of seriesOf(honest.read({ metric, span, filters }, { count() {} })))
      admitted.add(resource.id);
    for await (const series of seriesOf(honest.read({ metric, span, filters: [] }, meter, signal))) {
      if (admitted.has(series.resource.id)) yield series;
    }
  },
});

async function* seriesOf(readings: AsyncIterable<Reading>): AsyncGenerator<Series> {
  for await (const reading of readings) if (reading.kind === 'series') yield reading;
}

export const obeyingOneFilter: Lie = (honest) => ({
  ...honest,
  read: ({ metric, span, filters }, meter, signal) =>
    honest.read({ metric, span, filters: filters.slice(0, 1) }, meter, signal),
});

export const listingAgain: Lie = (honest) => ({
  ...honest,
  read(request, meter, signal) {
    meter.count('List');
    return honest.read(request, meter, signal);
  },
});

export const contextTwice: Lie = (honest) => ({
  ...honest,
  async *read(request, meter, signal) {
    await Array.fromAsync(honest.read(request, meter));
    yield* honest.read(request, meter, signal);
  },
});

/** Reads everything before it yields anything. */
export const hoarding = bentReadings((readings) => readings);

export const hidingTheBill: Lie = (honest) => ({
  ...honest,
  read: (request, _, signal) => honest.read(request, { count() {} }, signal),
});

export const claimingToBeFree: Lie = ({ price: _, ...honest }) => honest;

export const forgetting: Lie = (honest) => {
  let reads = 0;
  return {
    ...honest,
    async *read(request, meter, signal) {
      yield* (await Array.fromAsync(honest.read(request, meter, signal))).slice(reads++);
    },
  };
};

export const ignoringTheSignal: Lie = (honest) => ({
  ...honest,
  read: (request, meter) => honest.read(request, meter),
});

export const endingQuietly: Lie = (honest) => ({
  ...honest,
  async *read(request, meter, signal) {
    for await (const reading of honest.read(request, meter)) {
      if (signal?.aborted) return;
      yield reading;
    }
  },
});

/** Reports that something is there where nothing is. */
export const inventingAHost = bentReadings((readings) => [
  ...readings,
  { kind: 'unreadable', scope: NOWHERE, reason: 'not_found', detail: 'no hosts' },
]);

export const emptyForDenied: Lie = (honest) => ({
  ...honest,
  async *read(request, meter, signal) {
    try {
      yield* honest.read(request, meter, signal);
    } catch {}
  },
});

export const throwingAnything: Lie = (honest) => ({
  ...honest,
  async *read(request, meter, signal) {
    try {
      yield* honest.read(request, meter, signal);
    } catch (error) {
      throw new TypeError('fetch failed', { cause: error });
    }
  },
});

export const answeringAnyMetric: Lie = (honest) => ({
  ...honest,
  read: (request, meter, signal) => honest.read({ ...request, metric: MEMORY_UTILIZATION }, meter, signal),
});
