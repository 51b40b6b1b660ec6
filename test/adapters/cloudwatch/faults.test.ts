/** What goes wrong between us and CloudWatch beyond the contract: which host it strikes, what is counted, when it ends. */

import { Agent } from 'node:http';
import { describe, expect, it } from 'vitest';
import { cloudwatchSource } from '../../../adapters/cloudwatch/source.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import { OWN_ACCOUNT } from '../../../sandbox/aws/accounts.ts';
import { aRetryClock } from '../../../sandbox/retry-clock.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { hosts, REGION } from '../../sandbox/small-fleets.ts';
import { readAll, SIX_HOURS, sourceOf, startFleet } from './worlds.ts';

const SAMPLES = { service: 'cloudwatch', action: 'GetMetricData' } as const;

/** Five hosts fit into a request. */
const TWO_WEEKS_BY_MINUTE = {
  window: { start: NOON - 14 * 24 * HOUR, end: NOON },
  periodMs: MINUTE,
  statistic: 'average',
} as const;

describe('failures of CloudWatch', () => {
  it('strike the hosts of one batch and no other', async () => {
    const sandbox = await startFleet(...hosts(12));
    sandbox.inject({ ...SAMPLES, kind: 'denied', times: 1, after: 1 });

    const { readings } = await readAll(sourceOf(sandbox), TWO_WEEKS_BY_MINUTE);

    const denied = readings.filter((reading) => reading.kind === 'unreadable' && reading.reason === 'denied');
    expect(sandbox.calls.count('cloudwatch', 'GetMetricData')).toBe(3);
    expect(readings).toHaveLength(12);
    expect([2, 5]).toContain(denied.length);
  });

  it('are tried again, and each try is counted', async () => {
    const sandbox = await startFleet(...hosts(1));
    sandbox.inject({ ...SAMPLES, kind: 'throttled', times: 2 });

    const { readings, calls, billed } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'series' }]);
    expect(calls['GetMetricData']).toBe(3);
    expect(sandbox.calls.count('cloudwatch', 'GetMetricData')).toBe(3);
    expect(billed).toBe(1);
  });

  it('are not billed when they last, and carry CloudWatch’s message', async () => {
    const sandbox = await startFleet(...hosts(1));
    sandbox.inject({ ...SAMPLES, kind: 'throttled' });

    const clock = aRetryClock();

    const { readings, calls, billed } = await readAll(sourceOf(sandbox, clock));

    expect(readings).toMatchObject([{ reason: 'throttled', detail: 'Throttling: Rate exceeded' }]);
    expect({ calls: calls['GetMetricData'], billed }).toEqual({ calls: 1 + clock.waits.length, billed: 0 });
    expect(clock.now()).toBe(90_000);
  });

  it('that strike several requests at once are tried again, each counted', async () => {
    const sandbox = await startFleet(...hosts(60));
    sandbox.inject({ ...SAMPLES, kind: 'throttled', after: 2, times: 6 });

    const { readings, calls, billed } = await readAll(sourceOf(sandbox), TWO_WEEKS_BY_MINUTE);

    expect(readings.map(({ kind }) => kind)).toEqual(Array(60).fill('series'));
    expect(calls['GetMetricData']).toBe(12 + 6);
    expect(sandbox.calls.count('cloudwatch', 'GetMetricData')).toBe(12 + 6);
    expect(billed).toBe(60);
  });

  it('of a page of a listing cost that page one more request', async () => {
    const sandbox = await startFleet(...hosts(501));
    sandbox.inject({ service: 'cloudwatch', action: 'ListMetrics', kind: 'throttled', after: 4, times: 3 });

    const { readings, calls } = await readAll(sourceOf(sandbox));

    expect(readings.map(({ kind }) => kind)).toEqual(Array(501).fill('series'));
    expect(calls['ListMetrics']).toBe(6 + 3);
  });

  it.each([
    // Four are under way when the first one is refused.
    ['denied', 4],
    // Three more are begun before the fourth has failed. Those that wait together are tried again until a minute and a half is over,
    // and the later ones once.
    ['throttled', 4 * 7 + 3],
  ] as const)('of every one of twelve requests end the asking when they are %s', async (kind, most) => {
    const sandbox = await startFleet(...hosts(60));
    sandbox.inject({ ...SAMPLES, kind });

    const { readings } = await readAll(sourceOf(sandbox), TWO_WEEKS_BY_MINUTE);

    expect(sandbox.calls.count('cloudwatch', 'GetMetricData')).toBeLessThanOrEqual(most);
    expect(readings).toHaveLength(60);
    expect(new Set(readings.map((reading) => reading.kind === 'unreadable' && reading.reason))).toEqual(
      new Set([kind]),
    );
  });

  it('of three requests in a row do not end the asking', async () => {
    const sandbox = await startFleet(...hosts(60));
    sandbox.inject({ ...SAMPLES, kind: 'garbage', times: 3 });

    const { readings } = await readAll(sourceOf(sandbox), TWO_WEEKS_BY_MINUTE);

    expect(sandbox.calls.count('cloudwatch', 'GetMetricData')).toBe(12);
    expect(readings.filter(({ kind }) => kind === 'unreadable')).toHaveLength(15);
  });

  it('name what the credentials have to allow when they are denied', async () => {
    const sandbox = await startFleet(...hosts(1));
    sandbox.inject({ service: 'cloudwatch', kind: 'denied' });

    const reading = readAll(sourceOf(sandbox));

    await expect(reading).rejects.toThrow(SourceError);
    await expect(reading).rejects.toThrow(/allow cloudwatch:ListMetrics and cloudwatch:GetMetricData/);
  });

  it('end with timeout for each host that a server without an answer keeps waiting', async () => {
    const sandbox = await startFleet(...hosts(2));
    const source = sourceOf(sandbox);
    sandbox.inject({ ...SAMPLES, kind: 'unanswered' });
    const stop = new AbortController();

    const reading = readAll(source, undefined, stop.signal);
    await until(() => sandbox.calls.count('cloudwatch', 'GetMetricData') > 0);
    stop.abort();

    expect((await reading).readings).toMatchObject([
      { kind: 'unreadable', reason: 'timeout' },
      { kind: 'unreadable', reason: 'timeout' },
    ]);
  });

  it('end with a SourceError when not even the listing is answered in time', async () => {
    const sandbox = await startFleet(...hosts(2));
    sandbox.inject({ service: 'cloudwatch', kind: 'unanswered' });
    const stop = new AbortController();

    const reading = readAll(sourceOf(sandbox), undefined, stop.signal);
    const outcome = expect(reading).rejects.toMatchObject({ reason: 'timeout', retryable: true });
    await until(() => sandbox.calls.count('cloudwatch', 'ListMetrics') > 1);
    stop.abort();

    await outcome;
  });

  it('ask for nothing when the time is over beforehand', async () => {
    const sandbox = await startFleet(...hosts(2));
    const calls: string[] = [];
    const request = { metric: MEMORY_UTILIZATION, span: SIX_HOURS, filters: [] };

    const reading = Array.fromAsync(
      sourceOf(sandbox).read(request, { count: (call) => calls.push(call) }, AbortSignal.abort()),
    );

    await expect(reading).rejects.toMatchObject({ reason: 'timeout' });
    expect(calls).toEqual([]);
  });

  it('leave no request under way behind a reader who stops early', async () => {
    const sandbox = await startFleet(...hosts(12));
    sandbox.inject({ ...SAMPLES, kind: 'unanswered', after: 1 });
    const httpAgent = new Agent({ keepAlive: true });
    const client = { ...sandbox.clientConfig(REGION), requestHandler: { httpAgent } };
    const source = cloudwatchSource({ account: OWN_ACCOUNT, region: REGION, client });

    for await (const reading of source.read(
      { metric: MEMORY_UTILIZATION, span: TWO_WEEKS_BY_MINUTE, filters: [] },
      { count() {} },
    )) {
      expect(reading.kind).toBe('series');
      break;
    }

    await until(() => Object.keys(httpAgent.sockets).length === 0);
  });
});

/** Turns of the event loop until something has happened. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setImmediate(resolve));
}
