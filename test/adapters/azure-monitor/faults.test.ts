/** What goes wrong between us and Azure beyond the contract: whom it strikes, what is counted, when it ends. */

import { describe, expect, it } from 'vitest';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import { aRetryClock } from '../../../sandbox/retry-clock.ts';
import { idOf, machines, readAll, SIX_HOURS, sourceOf, startFleet } from './worlds.ts';

const SAMPLES = { service: 'azure', action: 'metrics:getBatch' } as const;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

describe('failures of Azure', () => {
  it('strike the machines of one batch and no other', async () => {
    const sandbox = await startFleet(...machines(120));
    sandbox.inject({ ...SAMPLES, kind: 'denied', times: 1, after: 1 });

    const { readings } = await readAll(sourceOf(sandbox));

    const denied = readings.filter((reading) => reading.kind === 'unreadable' && reading.reason === 'denied');
    expect(readings).toHaveLength(120);
    expect([20, 50]).toContain(denied.length);
  });

  it('are retried after the time that Azure names, and each try is counted', async () => {
    const sandbox = await startFleet(...machines(1));
    sandbox.inject({ ...SAMPLES, kind: 'throttled', times: 2 });

    const { readings, calls, billed } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'series' }]);
    expect(calls['metrics:getBatch']).toBe(3);
    expect(sandbox.calls.count('azure', 'metrics:getBatch')).toBe(3);
    expect(billed).toBe(1);
  });

  it('are not billed when they last, and carry Azure’s message', async () => {
    const sandbox = await startFleet(...machines(1));
    sandbox.inject({ ...SAMPLES, kind: 'throttled' });

    const clock = aRetryClock();

    const { readings, calls, billed } = await readAll(sourceOf(sandbox, { clock }));

    expect(readings).toMatchObject([
      { reason: 'throttled', detail: 'TooManyRequests: Rate limit is exceeded. (HTTP 429)' },
    ]);
    expect({ calls: calls['metrics:getBatch'], billed }).toEqual({ calls: 1 + clock.waits.length, billed: 0 });
    expect(clock.now()).toBe(90_000);
  });

  it('of batches cost those batches alone more requests', async () => {
    const sandbox = await startFleet(...machines(120));
    sandbox.inject({ ...SAMPLES, kind: 'throttled', times: 6 });

    const { readings, calls, billed } = await readAll(sourceOf(sandbox));

    expect(readings.map(({ kind }) => kind)).toEqual(Array(120).fill('series'));
    expect({ calls: calls['metrics:getBatch'], billed }).toEqual({ calls: 3 + 6, billed: 3 });
  });

  it('end with throttled when the time to wait is longer than the time that is left', async () => {
    const sandbox = await startFleet(...machines(2));
    sandbox.inject({ ...SAMPLES, kind: 'throttled_for_long' });
    const stop = new AbortController();

    const reading = readAll(sourceOf(sandbox), undefined, stop.signal);
    await until(() => sandbox.calls.count('azure', 'metrics:getBatch') > 0);
    // The answer has left; the client is given the time to take it and to begin to wait.
    await until(() => sandbox.calls.calls.at(-1)?.status === 429);
    for (let turn = 0; turn < 1_000; turn++) await new Promise(setImmediate);
    stop.abort();

    expect((await reading).readings).toMatchObject([
      { kind: 'unreadable', reason: 'throttled' },
      { kind: 'unreadable', reason: 'throttled' },
    ]);
  });

  it('cost a few more calls for a machine that was deleted, and leave its batch readable', async () => {
    const sandbox = await startFleet(...machines(50));
    sandbox.inject({ ...SAMPLES, kind: 'resource_gone', only: ['vm-7'] });

    const { readings, calls } = await readAll(sourceOf(sandbox));

    const gone = readings.filter(({ kind }) => kind === 'unreadable');
    expect(readings).toHaveLength(50);
    expect(gone).toMatchObject([{ reason: 'not_found', scope: { id: idOf('vm-7') } }]);
    // The batch, and two halves of what holds the deleted one each time it is halved.
    expect(calls['metrics:getBatch']).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(50)));
  });

  it('name what has to be granted when the application may read nothing', async () => {
    const sandbox = await startFleet(...machines(1));
    const connection = { ...sandbox.azure.connection, credential: { getToken: () => Promise.resolve(STRANGER) } };

    const reading = readAll(sourceOf(sandbox, { connection }));

    await expect(reading).rejects.toThrow(SourceError);
    await expect(reading).rejects.toMatchObject({ reason: 'denied', retryable: false });
    await expect(reading).rejects.toThrow(/granted Plimsoll’s role, or Monitoring Reader, on the subscription/);
  });

  it('end with timeout for each machine that a server without an answer keeps waiting', async () => {
    const sandbox = await startFleet(...machines(2));
    sandbox.inject({ ...SAMPLES, kind: 'unanswered' });
    const stop = new AbortController();

    const reading = readAll(sourceOf(sandbox), undefined, stop.signal);
    await until(() => sandbox.calls.count('azure', 'metrics:getBatch') > 0);
    stop.abort();

    expect((await reading).readings).toMatchObject([
      { kind: 'unreadable', reason: 'timeout' },
      { kind: 'unreadable', reason: 'timeout' },
    ]);
  });

  it('end with a SourceError when not even the listing is answered in time', async () => {
    const sandbox = await startFleet(...machines(2));
    sandbox.inject({ service: 'azure', kind: 'unanswered' });
    const stop = new AbortController();

    const reading = readAll(sourceOf(sandbox), undefined, stop.signal);
    const outcome = expect(reading).rejects.toMatchObject({ reason: 'timeout', retryable: true });
    await until(() => sandbox.calls.count('azure', 'resources') > 1);
    stop.abort();

    await outcome;
  });

  it('do not keep a reader who stops early waiting', async () => {
    const sandbox = await startFleet(...machines(120));
    sandbox.inject({ ...SAMPLES, kind: 'unanswered', after: 1 });

    const read = sourceOf(sandbox).read({ metric: MEMORY_UTILIZATION, span: SIX_HOURS, filters: [] }, { count() {} });
    for await (const reading of read) {
      expect(reading.kind).toBe('series');
      break;
    }
  });
});

const STRANGER = { token: 'of-a-stranger', expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
