/** What goes wrong between us and Cloud Monitoring beyond the contract: what is counted, what is said, when it ends. */

import { describe, expect, it } from 'vitest';
import { cloudMonitoringSource } from '../../../adapters/gcp-monitoring/source.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import { aRetryClock } from '../../../sandbox/retry-clock.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { instancesPage, scriptedSource } from './scripted-server.ts';
import { CPU, instances, MEMORY, PROJECT, REGION, readAll, SIX_HOURS, sourceOf, startFleet } from './worlds.ts';

const SAMPLES = { service: 'gcp', metric: MEMORY } as const;

describe('failures of Cloud Monitoring', () => {
  it('are tried again, and each try is counted', async () => {
    const sandbox = await startFleet(...instances(1));
    sandbox.inject({ ...SAMPLES, kind: 'throttled', times: 2 });

    const { readings, calls, billed } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'series' }]);
    expect({ calls, billed }).toEqual({ calls: 1 + 3, billed: 2 });
    expect(sandbox.calls.count('gcp')).toBe(4);
  });

  it('are not billed when they last, and carry Cloud Monitoring’s status', async () => {
    const sandbox = await startFleet(...instances(1));
    sandbox.inject({ ...SAMPLES, kind: 'throttled' });

    const clock = aRetryClock();

    const { readings, calls, billed } = await readAll(sourceOf(sandbox, { clock }));

    const detail = "RESOURCE_EXHAUSTED: Quota exceeded for quota metric 'Time series queries'";
    expect(readings).toMatchObject([{ kind: 'unreadable', reason: 'throttled', detail }]);
    expect({ calls, billed }).toEqual({ calls: 1 + 1 + clock.waits.length, billed: 1 });
    expect(clock.now()).toBe(90_000);
  });

  it('are malformed when an answer is larger than a page can be', async () => {
    const unit = 'x'.repeat(65 * 2 ** 20);
    const { source } = await scriptedSource({ instances: [instancesPage('1')], pages: [{ unit }] });

    const { readings } = await readAll(source);

    expect(readings).toMatchObject([
      { kind: 'unreadable', reason: 'malformed', detail: expect.stringContaining('larger than max') },
    ]);
  });

  it('that asking again does not change are asked once', async () => {
    const sandbox = await startFleet(...instances(1));
    sandbox.inject({ ...SAMPLES, kind: 'denied' });

    await readAll(sourceOf(sandbox));

    expect(sandbox.calls.count('gcp')).toBe(2);
  });

  it('name what the service account has to be given when it is denied', async () => {
    const sandbox = await startFleet(...instances(1));

    const reading = readAll(sourceOf(sandbox, { project: 'somebody-elses' }));

    await expect(reading).rejects.toThrow(SourceError);
    await expect(reading).rejects.toThrow(
      /somebody-elses in europe-west1: PERMISSION_DENIED: .*monitoring\.timeSeries\.list there/,
    );
  });

  it('end with timeout when an answer takes longer than a call may', async () => {
    const sandbox = await startFleet(...instances(1));
    sandbox.inject({ ...SAMPLES, kind: 'unanswered' });

    const { readings } = await readAll(sourceOf(sandbox, { deadlineMs: 250 }));

    expect(readings).toMatchObject([{ kind: 'unreadable', reason: 'timeout' }]);
  });

  it('end with timeout for each host that a server without an answer keeps waiting when the time is over', async () => {
    const sandbox = await startFleet(...instances(2));
    sandbox.inject({ ...SAMPLES, kind: 'unanswered' });
    const stop = new AbortController();

    const reading = readAll(sourceOf(sandbox), { signal: stop.signal });
    await until(() => sandbox.calls.count('gcp') > 1);
    stop.abort();

    expect((await reading).readings).toMatchObject([
      { kind: 'unreadable', reason: 'timeout' },
      { kind: 'unreadable', reason: 'timeout' },
    ]);
  });

  it('keep one of several questions waiting and not the next ones', async () => {
    const sandbox = await startFleet(...instances(1_200));
    sandbox.inject({ ...SAMPLES, kind: 'unanswered' });
    const stop = new AbortController();
    const filters = [{ include: [{ id: '1*' }] }];

    const reading = readAll(sourceOf(sandbox), { filters, signal: stop.signal });
    // The listing, and eight at once.
    await until(() => sandbox.calls.count('gcp') === 1 + 8);
    stop.abort();

    const { readings } = await reading;
    expect(readings).toHaveLength(999);
    for (const each of readings) expect(each).toMatchObject({ kind: 'unreadable', reason: 'timeout' });
  });

  it('end with a SourceError when not even the listing is answered in time', async () => {
    const sandbox = await startFleet(...instances(2));
    sandbox.inject({ service: 'gcp', kind: 'unanswered' });
    const stop = new AbortController();

    const reading = readAll(sourceOf(sandbox), { signal: stop.signal });
    const outcome = expect(reading).rejects.toMatchObject({ reason: 'timeout', retryable: true });
    await until(() => sandbox.calls.count('gcp') > 0);
    stop.abort();

    await outcome;
  });

  it('do not wait for the next try when the time is over', async () => {
    const sandbox = await startFleet(...instances(1));
    sandbox.inject({ service: 'gcp', metric: CPU, kind: 'down' });
    const stop = new AbortController();

    const reading = readAll(sourceOf(sandbox), { signal: stop.signal });
    const outcome = expect(reading).rejects.toMatchObject({ reason: 'timeout' });
    await until(() => sandbox.calls.count('gcp') > 0);
    stop.abort();

    await outcome;
    expect(sandbox.calls.count('gcp')).toBeLessThan(3);
  });

  it('of signing in are thrown as they are, and nothing is asked', async () => {
    const refused = new SourceError('the pool refused', { reason: 'denied', retryable: false });
    const source = cloudMonitoringSource({ project: PROJECT, region: REGION, client: () => Promise.reject(refused) });

    const reading = Array.fromAsync(
      source.read({ metric: MEMORY_UTILIZATION, span: SIX_HOURS, filters: [] }, { count: expect.unreachable }),
    );

    await expect(reading).rejects.toBe(refused);
  });
});

describe('a page of Cloud Monitoring that fails', () => {
  /** Nine pages of a hundred points. */
  const HOUR_BY_MINUTE = { window: { start: NOON - HOUR, end: NOON }, periodMs: MINUTE, statistic: 'minimum' } as const;
  const PAGES = 9;

  /** @param fault Strikes the fifth page. */
  async function readPages(fault: { kind: 'server_error' | 'throttled'; times?: number }, clock = aRetryClock()) {
    const sandbox = await startFleet(...instances(15));
    const lift = sandbox.inject({ ...SAMPLES, after: 4, ...fault });
    sandbox.inject({ ...SAMPLES, kind: 'short_pages' });
    const reading = (time = aRetryClock()) => readAll(sourceOf(sandbox, { clock: time }), { span: HOUR_BY_MINUTE });
    return { sandbox, lift, reading: () => reading(clock) };
  }

  it.each([
    ['INTERNAL once', { kind: 'server_error', times: 1 }, 1],
    ['RESOURCE_EXHAUSTED three times', { kind: 'throttled', times: 3 }, 3],
  ] as const)('with %s is requested again, and none of those before it', async (_, fault, failures) => {
    const { sandbox, reading } = await readPages(fault);

    const { readings, calls } = await reading();

    expect(readings.map(({ kind }) => kind)).toEqual(Array(15).fill('series'));
    expect(calls).toBe(1 + PAGES + failures);
    expect(sandbox.calls.calls.filter(({ metric }) => metric === MEMORY)).toHaveLength(PAGES + failures);
  });

  it('by a quota of a minute is there when the minute is over', async () => {
    const clock = aRetryClock((time) => {
      if (time >= 60_000) world.lift();
    });
    const world = await readPages({ kind: 'throttled' }, clock);

    const { readings } = await world.reading();

    expect(readings.map(({ kind }) => kind)).toEqual(Array(15).fill('series'));
    expect(clock.now()).toBeLessThanOrEqual(90_000);
  });
});

/** Turns of the event loop until something has happened. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setImmediate(resolve));
}
