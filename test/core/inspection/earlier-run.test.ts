import { describe, expect, it } from 'vitest';
import { lastInspection } from '../../../core/inspection/earlier-run.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import type { RunLog } from '../../../core/ports/run-log.ts';
import { aRunSummary, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aRunRef } from '../../fixtures/result-lines.ts';
import { createMemoryRunLog } from '../../memory/stores.ts';

const WINDOW = { start: NOON - 100 * HOUR, end: NOON - 15 * MINUTE };
const RUN = { ...aRunRef(), scheduledTime: NOON };

async function aLog(...scheduled: number[]): Promise<RunLog> {
  const runs = createMemoryRunLog(() => NOON);
  const { tenant, scope } = RUN;
  for (const scheduledTime of scheduled) {
    const id = `run-${scheduledTime}`;
    await runs.put(aRunSummary({ id, tenant, scope, scheduledTime }));
  }
  return runs;
}

describe('the last inspection', () => {
  it('is the newest before this one, by the end of its window', async () => {
    const runs = await aLog(NOON - 3 * HOUR, NOON - 2 * HOUR, NOON, NOON + HOUR);

    expect(await lastInspection(RUN, WINDOW, { runs })).toBe(NOON - 2 * HOUR - 15 * MINUTE);
  });

  it('is not known where there was none, or the table fails', async () => {
    const failing = { newest: () => Promise.reject(new StoreError('the table is down')) };

    expect(await lastInspection(RUN, WINDOW, { runs: await aLog(NOON) })).toBeUndefined();
    expect(await lastInspection(RUN, WINDOW, { runs: { ...(await aLog()), ...failing } })).toBeUndefined();
  });
});
