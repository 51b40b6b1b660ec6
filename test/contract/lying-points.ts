/** Sources that lie about points, each in one way: an honest source with one thing bent. */
import type { PointReading, PointSeries } from '../../core/model/points.ts';
import type { MemorySource, Meter, PointsRequest } from '../../core/ports/memory-source.ts';
import type { PointLie } from './honest-points.ts';

type Read = (request: PointsRequest, meter: Meter, signal?: AbortSignal) => AsyncIterable<PointReading>;

function bent(bend: (honest: Read, source: MemorySource) => Read): PointLie {
  return (source) => {
    const { points } = source;
    if (points === undefined) throw new Error('the source has no points');
    return { ...source, points: bend(points, source) };
  };
}

function bentReadings(bend: (readings: PointReading[]) => readonly PointReading[]): PointLie {
  return bent(
    (honest) =>
      async function* points(request, meter, signal) {
        yield* bend(await Array.fromAsync(honest(request, meter, signal)));
      },
  );
}

function bentSeries(bend: (series: PointSeries) => Partial<PointSeries>): PointLie {
  return bentReadings((readings) =>
    readings.map((reading) => (reading.kind === 'points' ? { ...reading, ...bend(reading) } : reading)),
  );
}

function doubled(numbers: Float64Array): Float64Array {
  return Float64Array.from([...numbers, ...numbers]).sort();
}

export const sayingTwice = bentReadings((readings) => [...readings, ...readings.slice(0, 1)]);
export const keepingQuiet = bentReadings((readings) => readings.slice(1));
export const hidingWhatIsNotMonitored = bentReadings((readings) =>
  readings.filter(({ kind }) => kind !== 'not_monitored'),
);
export const losingAPart = bentReadings((readings) =>
  readings.filter((reading) => reading.kind !== 'points' || reading.part['mountpoint'] !== '/var'),
);
export const withoutParts = bentSeries(() => ({ part: {} }));
export const withoutHints = bentReadings((readings) =>
  readings.map((reading) => (reading.kind === 'not_monitored' ? { ...reading, hint: 'no' } : reading)),
);
export const newestFirst = bentSeries(({ times, values }) => ({
  times: times.toReversed(),
  values: values.toReversed(),
}));
export const doubling = bentSeries(({ times, values }) => ({ times: doubled(times), values: doubled(values) }));
export const losingValues = bentSeries(({ values }) => ({ values: values.slice(1) }));
export const aheadOfTime = bentSeries(({ times, periodMs }) => ({ times: times.map((time) => time + periodMs) }));
export const betweenPeriods = bentSeries(({ times }) => ({ times: times.map((time) => time + 1) }));
export const inPercent = bentSeries(({ unit, values }) =>
  unit === '1' ? { values: values.map((value) => value * 100) } : {},
);
export const namingPercent = bentSeries(() => ({ unit: '%' }));
export const givingNaN = bentSeries(({ values }) => ({ values: values.map(() => Number.NaN) }));
export const ofAnotherRegion = bentSeries(({ resource }) => ({ resource: { ...resource, region: 'mars-1' } }));
/** Gives what a counter has, and not what was added. */
export const cumulating = bentSeries(({ metric, values }) => {
  let sum = 0;
  return metric === 'system.network.errors' ? { values: values.map((value) => (sum += value)) } : {};
});
export const fillingGaps = bentSeries(({ times, values, window, periodMs }) => {
  const periods = Array.from({ length: (window.end - window.start) / periodMs }, (_, period) => period);
  const all = Float64Array.from(periods, (period) => window.start + period * periodMs);
  return { times: all, values: all.map((time) => values[times.indexOf(time)] ?? 0) };
});

export const filteringAfterwards = bent(
  (honest) =>
    async function* points(request, meter, signal) {
      const admitted = new Set<string>();
      for await (const reading of honest(request, { count() {} }, signal))
        admitted.add(JSON.stringify(scopeOf(reading)));
      for await (const reading of honest({ ...request, filters: [] }, meter, signal)) {
        if (admitted.has(JSON.stringify(scopeOf(reading)))) yield reading;
      }
    },
);

function scopeOf(reading: PointReading) {
  return reading.kind === 'unreadable' ? reading.scope : reading.resource;
}

export const obeyingOneFilter = bent((honest) => (request, meter, signal) => {
  return honest({ ...request, filters: request.filters.slice(0, 1) }, meter, signal);
});

/** Reads all metrics that it has, whatever is requested. */
export const readingEverything = (all: PointsRequest['metrics']): PointLie =>
  bent((honest) => (request, meter, signal) => honest({ ...request, metrics: all }, meter, signal));

export const hidingTheBill = bent((honest) => (request, _, signal) => honest(request, { count() {} }, signal));
export const claimingToBeFree: PointLie = ({ price: _, ...honest }) => honest;

export const forgetting: PointLie = (source) => {
  let reads = 0;
  return bent(
    (honest) =>
      async function* points(request, meter, signal) {
        yield* (await Array.fromAsync(honest(request, meter, signal))).slice(reads++);
      },
  )(source);
};

export const ignoringTheSignal = bent((honest) => (request, meter) => honest(request, meter));

export const endingQuietly = bent(
  (honest) =>
    async function* points(request, meter, signal) {
      for await (const reading of honest(request, meter)) {
        if (signal?.aborted) return;
        yield reading;
      }
    },
);

export const hidingFailures = bentReadings((readings) => readings.filter(({ kind }) => kind !== 'unreadable'));
export const losingTheOthers = bentReadings((readings) => readings.filter(({ kind }) => kind === 'unreadable'));

export const emptyForDenied = bent(
  (honest) =>
    async function* points(...args) {
      try {
        yield* honest(...args);
      } catch {}
    },
);

export const throwingAnything = bent(
  (honest) =>
    async function* points(...args) {
      try {
        yield* honest(...args);
      } catch (error) {
        throw new TypeError('fetch failed', { cause: error });
      }
    },
);
