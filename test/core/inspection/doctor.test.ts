import { describe, expect, it } from 'vitest';
import { examine } from '../../../core/inspection/doctor.ts';
import { admits } from '../../../core/model/host-filter.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import type { Reading, Resource } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { MemorySource, ReadRequest } from '../../../core/ports/memory-source.ts';
import { aResource, aSeries, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { failing } from '../../fixtures/failing.ts';
import { consumerSeries, GIB, process } from '../detector/consumers.ts';

const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;

const host = (id: string, periodMs = MINUTE) =>
  aSeries(new Array(60 * (MINUTE / periodMs)).fill(0.5), { periodMs, resource: aResource({ id }) });
const bare = (id: string, hint = 'install an agent'): Reading => {
  return { kind: 'not_monitored', resource: aResource({ id }), reason: 'not_reported', hint };
};

interface Options {
  readonly consumers?: (host: Resource) => readonly Reading[];
  readonly refuses?: SourceError;
  /** What the second read gives. Default: what the first one gave of the hosts that it names. */
  readonly again?: readonly Reading[];
  readonly refusesAgain?: SourceError;
}

function aSource(readings: readonly Reading[], { consumers, refuses, again, refusesAgain }: Options = {}) {
  const requests: ReadRequest[] = [];
  const requested: string[] = [];
  const source: MemorySource = {
    scope: SCOPE,
    ingestionDelayMs: 5 * MINUTE,
    price: { usdPerMetric: 0.001, stated: 'made up, 2026-11' },
    async *read(request, meter) {
      requests.push(request);
      if (refuses) throw refuses;
      if (requests.length > 1 && refusesAgain) throw refusesAgain;
      const admitted = readings.filter(
        (reading) => reading.kind === 'unreadable' || admits(request.filters, reading.resource),
      );
      const given = requests.length > 1 ? (again ?? admitted.filter(({ kind }) => kind !== 'unreadable')) : admitted;
      meter.count('Get', given.length);
      yield* given;
    },
    ...(consumers && {
      async *consumers(resource, _, meter) {
        requested.push(resource.id);
        meter.count('Get', 100);
        yield* consumers(resource);
      },
    }),
  };
  return { source, requests, requested };
}

const examineIt = (source: MemorySource, deepReadDays = 0) => {
  const terms = { scheduledTime: NOON, filters: [], runsPerMonth: 730, lookBackHours: 100, deepReadDays };
  return examine({ source, metric: LEAK_METRIC, ...terms });
};

describe('examine', () => {
  it('asks whether the trust is too wide, once and of an account that can be read alone', async () => {
    const denied = new SourceError('no', { reason: 'denied', retryable: false });
    let asked = 0;
    const trustWarning = async () => `asked ${++asked} times`;
    const readable = { ...aSource([host('i-1')]).source, trustWarning };
    const refusing: MemorySource = {
      ...aSource([]).source,
      trustWarning,
      // biome-ignore lint/correctness/useYield: it is refused before the first reading
      async *read() {
        throw denied;
      },
    };

    expect((await examineIt(readable)).trust).toBe('asked 1 times');
    expect((await examineIt(refusing)).trust).toBeNull();
    expect((await examineIt(aSource([host('i-1')]).source)).trust).toBeNull();
  });

  it('reads the last hour by the minute, once', async () => {
    const { source, requests } = aSource([host('i-1')]);

    await examineIt(source);

    const window = { start: NOON - 5 * MINUTE - HOUR, end: NOON - 5 * MINUTE };
    expect(requests).toEqual([
      { metric: LEAK_METRIC, span: { window, periodMs: MINUTE, statistic: 'average' }, filters: [] },
    ]);
  });

  it('reads hosts without a sample in the last hour as an inspection does, and takes their advice from there', async () => {
    const died: Reading = {
      kind: 'not_monitored',
      resource: aResource({ id: 'i-2' }),
      reason: 'stopped_reporting',
      hint: 'The agent has reported nothing after 02:00. Check that it runs.',
    };
    const inHour = [host('i-1'), bare('i-2'), bare('i-3')];
    const { source, requests } = aSource(inHour, { again: [died, host('i-3', 15 * MINUTE)] });

    const { hosts, advice, resolutionMs, cost } = await examineIt(source);

    const window = { start: NOON - 15 * MINUTE - 100 * HOUR, end: NOON - 15 * MINUTE };
    expect(requests[1]).toEqual({
      metric: LEAK_METRIC,
      span: { window, periodMs: 15 * MINUTE, statistic: 'minimum' },
      filters: [{ include: [{ id: 'i-2' }, { id: 'i-3' }] }],
    });
    expect(advice).toEqual([{ hosts: [died.resource], message: died.hint }]);
    // Evaluated by an inspection, so that it counts as one with memory.
    expect(hosts).toEqual({ known: 3, withMemory: 2, notMonitored: 1, unreadable: 0 });
    expect(resolutionMs).toBe(MINUTE);
    expect(cost.perRun).toBe(0.003);
  });

  it('keeps what the last hour showed where the longer read is refused', async () => {
    const refusesAgain = new SourceError('throttled by now', { reason: 'throttled', retryable: true });

    const { hosts, failures, read } = await examineIt(aSource([host('i-1'), bare('i-2')], { refusesAgain }).source);

    expect(hosts).toMatchObject({ known: 2, withMemory: 1, notMonitored: 1 });
    expect(failures).toEqual([expect.stringContaining('throttled by now')]);
    expect(read).toBe('yes');
  });

  it('counts the hosts with and without memory, and lists those without, with what to do about it', async () => {
    const unreadable: Reading = { kind: 'unreadable', scope: aResource(), reason: 'denied', detail: 'no' };
    const { source } = aSource([host('i-1'), bare('i-2', 'other'), bare('i-3'), bare('i-4'), unreadable]);

    const { hosts, advice, failures, signIn, read } = await examineIt(source);

    expect(hosts).toEqual({ known: 5, withMemory: 1, notMonitored: 3, unreadable: 1 });
    expect(advice).toEqual([
      { hosts: [aResource({ id: 'i-3' }), aResource({ id: 'i-4' })], message: 'install an agent' },
      { hosts: [aResource({ id: 'i-2' })], message: 'other' },
    ]);
    expect(failures).toEqual(['aws/111122223333/eu-west-1/i-0a1b2c3d: denied: no']);
    expect({ signIn, read }).toEqual({ signIn: 'yes', read: 'yes' });
  });

  it('finds how finely hosts are sampled, whatever the gaps of some', async () => {
    const gappy = aSeries([0.5, null, null, 0.5, 0.5], { periodMs: MINUTE });

    expect((await examineIt(aSource([host('i-1'), gappy]).source)).resolutionMs).toBe(MINUTE);
    expect((await examineIt(aSource([host('i-1', 5 * MINUTE)]).source)).resolutionMs).toBe(5 * MINUTE);
    expect((await examineIt(aSource([]).source)).resolutionMs).toBeNull();
  });

  it('reads the processes of a few hosts, and leaves them out of the price of a run', async () => {
    const { source, requested } = aSource(
      ['i-1', 'i-2', 'i-3', 'i-4'].map((id) => host(id)),
      {
        consumers: (resource) =>
          resource.id === 'i-2' ? [bare('i-2', 'turn procstat on')] : [consumerSeries(process('node'), () => GIB)],
      },
    );

    const { consumers, cost, advice } = await examineIt(source);

    expect(requested).toEqual(['i-1', 'i-2', 'i-3']);
    expect(consumers).toEqual({ requested: 3, collected: 2, kinds: ['process'] });
    expect(advice).toEqual([{ hosts: [aResource({ id: 'i-2' })], message: 'turn procstat on' }]);
    expect(cost).toEqual({ perRun: 0.004, perMonth: 2.92, currency: 'USD', price: 'made up, 2026-11' });
    const deep = await examineIt(source, 60);
    expect(deep.weeks).toEqual({ days: 60, perMonth: expect.closeTo(0.004 * 30.4375, 9) });
    expect(deep.cost.perMonth).toBeCloseTo(2.92 + deep.weeks.perMonth, 9);
  });

  it('lists processes that could not be read among its failures', async () => {
    const { source } = aSource([host('i-1')], {
      consumers: (scope) => [{ kind: 'unreadable', scope, reason: 'denied', detail: 'no processes for you' }],
    });

    expect((await examineIt(source)).failures).toEqual([expect.stringContaining('no processes for you')]);
  });

  it.each([
    ['sign_in', { signIn: 'no', read: 'unknown' }],
    ['read', { signIn: 'yes', read: 'no' }],
  ] as const)('names the step that was refused: %s', async (stage, abilities) => {
    const refuses = new SourceError('not you', { reason: 'denied', retryable: false, stage });

    const examination = await examineIt(aSource([], { refuses }).source);

    expect(examination).toMatchObject({ ...abilities, hosts: { known: 0 } });
    expect(examination.failures).toEqual(['aws/111122223333/eu-west-1: denied: not you']);
  });

  it.each(['unavailable', 'timeout'] as const)(
    'does not know whether it could sign in where the answer is %s',
    async (reason) => {
      const refuses = new SourceError('nobody there', { reason, retryable: true });

      expect(await examineIt(aSource([], { refuses }).source)).toMatchObject({ signIn: 'unknown', read: 'no' });
    },
  );

  it('does not take a mistake in the code for a refusal', async () => {
    const { source } = aSource([]);
    const broken: MemorySource = {
      ...source,
      read: () => failing(new TypeError('undefined is not a function')),
    };

    await expect(examineIt(broken)).rejects.toThrow(TypeError);
  });
});
