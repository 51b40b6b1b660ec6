/** The suite of consumers: kept by an honest source without a provider, and broken by each source that lies. */
import { describe, expect, it } from 'vitest';
import { PROCESS_MEMORY, type Reading, type Resource, type Series } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { MeanSpan, MemorySource } from '../../core/ports/memory-source.ts';
import { aResource, HOUR, MINUTE, NOON } from '../fixtures/builders.ts';
import { brokenPromises } from './check.ts';
import {
  type ConsumersWorld,
  consumersChecks,
  describeConsumers,
  type FailingConsumers,
  failingConsumersChecks,
} from './consumers.ts';

const HOST = aResource({ id: 'i-1' });
const BARE = aResource({ id: 'i-bare' });
const SPAN: MeanSpan = { window: { start: NOON - HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'average' };
const TRUTH = { node: 1000, java: 2000 } as const;
const CAPACITY = 8000;
const FAILURE: Reading = { kind: 'unreadable', scope: HOST, reason: 'denied', detail: 'not for you' };

type Consumers = NonNullable<MemorySource['consumers']>;
type Lie = (honest: Consumers) => Consumers;

function seriesOf(name: keyof typeof TRUTH): Series {
  return {
    kind: 'series',
    resource: HOST,
    consumer: { kind: 'process', name },
    metric: PROCESS_MEMORY,
    unit: 'By',
    limit: CAPACITY,
    ...SPAN,
    times: Float64Array.from([0, 1, 2, 3], (period) => SPAN.window.start + period * SPAN.periodMs),
    values: new Float64Array(4).fill(TRUTH[name]),
  };
}

const honest: Consumers = async function* (host, _, meter, signal) {
  if (signal?.aborted) {
    yield { ...FAILURE, scope: host, reason: 'timeout' };
    return;
  }
  meter.count('List');
  if (host.id === BARE.id) {
    const hint =
      'Nobody collects what its processes use. Turn it on with this line in the configuration: "processes": ["*"].';
    yield { kind: 'not_monitored', resource: host, reason: 'not_reported', hint };
    return;
  }
  meter.count('Get', 2);
  yield seriesOf('node');
  yield seriesOf('java');
};

function sourceOf(consumers: Consumers): MemorySource {
  const scope = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
  return { scope, ingestionDelayMs: 0, async *read() {}, consumers };
}

function worldOf(lie: Lie = (source) => source): ConsumersWorld {
  const open = () => sourceOf(lie(honest));
  return { open, span: SPAN, host: HOST, kind: 'process', truth: TRUTH, capacity: CAPACITY, bare: BARE, billed: true };
}

const failing: Consumers = async function* () {
  yield seriesOf('node');
  yield FAILURE;
};

function failingWorld(lie: Lie = (source) => source): FailingConsumers {
  return { open: () => sourceOf(lie(failing)), span: SPAN, host: HOST, reason: 'denied' };
}

describeConsumers('an honest source', {
  world: async () => worldOf(),
  failing: { 'one is denied': async () => failingWorld() },
});

/** Lies about all readings together. */
function bent(bend: (readings: Reading[], host: Resource) => Reading[]): Lie {
  return (source) =>
    async function* (host, span, meter, signal) {
      yield* bend(await Array.fromAsync(source(host, span, meter, signal)), host);
    };
}

/** Lies about each series. */
function bentSeries(bend: (series: Series) => Partial<Series>): Lie {
  return bent((readings) => readings.map((one) => (one.kind === 'series' ? { ...one, ...bend(one) } : one)));
}

const ONCE = 'yields each consumer once, by its name and kind';
const TRUE = 'gives the mean bytes of all that go by the name';
const ORDER = 'orders samples by time, inside the window, at the starts of periods';
const STATED = 'states what it was asked, of whom, and the host’s capacity where it is known';
const BARELY = 'explains how to monitor a host that nobody collects';
const BILL = 'counts its calls, and what they are billed for';
const SAME = 'reads the same twice';
const ABORTED = 'reports timeout and throws nothing when the signal is aborted';

let reads = 0;

const LIES: readonly [string, string, Lie][] = [
  ['reports a consumer twice', ONCE, bent((readings) => [...readings, ...readings.slice(0, 1)])],
  ['keeps quiet about a consumer', ONCE, bent((readings) => readings.slice(1))],
  [
    'gives the host for a consumer',
    ONCE,
    bent((all) => all.map((one) => (one.kind === 'series' ? withoutConsumer(one) : one))),
  ],
  [
    'gives containers for processes',
    ONCE,
    bentSeries(({ consumer }) => ({ consumer: { name: '', ...consumer, kind: 'container' } })),
  ],
  [
    'gives fractions',
    TRUE,
    bentSeries(({ values }) => ({ unit: '1', values: values.map((value) => value / CAPACITY) })),
  ],
  ['gives one of four workers', TRUE, bentSeries(({ values }) => ({ values: values.map((value) => value / 4) }))],
  ['gives the newest sample first', ORDER, bentSeries(({ times }) => ({ times: times.toReversed() }))],
  [
    'gives samples from after the window',
    ORDER,
    bentSeries(({ times }) => ({ times: times.map((time) => time + HOUR) })),
  ],
  ['has more times than values', ORDER, bentSeries(({ values }) => ({ values: values.slice(1) }))],
  ['names another host', STATED, bentSeries(() => ({ resource: BARE }))],
  ['states another statistic', STATED, bentSeries(() => ({ statistic: 'maximum' }))],
  ['states the process’s own limit', STATED, bentSeries(() => ({ limit: 512 }))],
  ['reports nothing of a host that nobody collects', BARELY, bent((all, host) => (host.id === BARE.id ? [] : all))],
  [
    'reports that there is nothing, and not what to do',
    BARELY,
    bent((all) => all.map((one) => (one.kind === 'not_monitored' ? { ...one, hint: 'none' } : one))),
  ],
  ['hides its calls', BILL, (source) => (host, span, _, signal) => source(host, span, { count() {} }, signal)],
  ['forgets a consumer at each further read', SAME, bent((readings) => readings.slice(reads++ % 2))],
  ['ignores the signal', ABORTED, (source) => (host, span, meter) => source(host, span, meter)],
  [
    'throws when it is aborted',
    ABORTED,
    (source) =>
      async function* (host, span, meter, signal) {
        signal?.throwIfAborted();
        yield* source(host, span, meter);
      },
  ],
];

function withoutConsumer({ consumer: _, ...series }: Series): Series {
  return series;
}

describe('the suite of consumers', () => {
  it.each(LIES)('catches a source that %s', async (_, promise, lie) => {
    const broken = await brokenPromises(consumersChecks, () => worldOf(lie));

    expect(broken).toContain(promise);
  });

  it.each<[string, Lie]>([
    ['hides what could not be read', bent((readings) => readings.filter(({ kind }) => kind !== 'unreadable'))],
    ['reports the failure of each', bent((readings) => [...readings, FAILURE])],
    [
      'takes denied for not collected',
      bent(() => [{ kind: 'not_monitored', resource: HOST, reason: 'not_reported', hint: '' }]),
    ],
    [
      'throws',
      () =>
        async function* () {
          yield* [];
          throw new SourceError('not for you', { reason: 'denied', retryable: false });
        },
    ],
  ])('catches a source that %s', async (_, lie) => {
    const broken = await brokenPromises(failingConsumersChecks, () => failingWorld(lie));

    expect(broken).toHaveLength(1);
  });

  it('has a lie for each promise', () => {
    const liedAbout = new Set(LIES.map(([, promise]) => promise));

    expect(consumersChecks.map(({ message }) => message).filter((message) => !liedAbout.has(message))).toEqual([]);
  });
});
