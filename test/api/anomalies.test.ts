/** Points that jobs have kept, by the API. */
import { describe, expect, it } from 'vitest';
import { hostRef } from '../../api/refs.ts';
import { aTenantConfig, HOUR, MINUTE, NOON } from '../fixtures/builders.ts';
import { aJobRef, anAnomalyLine, POINT_SCOPE } from '../fixtures/point-jobs.ts';
import { createMemoryPointStores } from '../memory/point-stores.ts';
import { anApi } from './an-api.ts';

const PATH = '/tenants/acme/anomalies';

async function anApiWithPoints() {
  const points = createMemoryPointStores();
  for (let minute = 1; minute <= 5; minute++) {
    const time = NOON - minute * MINUTE;
    const score = minute === 2 ? 0.7 : 0.995;
    const lines = ['i-1', 'i-2'].map((host) => anAnomalyLine({ time, host, score, is_anomaly: minute !== 2 }));
    await points.anomalyResults.put({ ...aJobRef(), start: time }, lines);
  }
  return anApi([aTenantConfig()], { ports: points });
}

describe('the list of anomalies', () => {
  it('has the newest first, page by page', async () => {
    const { read } = await anApiWithPoints();

    const first = await read(`${PATH}?limit=3`);
    const second = await read(`${PATH}?limit=100&cursor=${Object(first).cursor}`);

    expect(first).toMatchObject({
      items: [
        {
          time: '2026-11-20T11:59:00.000Z',
          host: { id: 'i-2', ref: hostRef({ ...POINT_SCOPE, id: 'i-2' }) },
          score: 0.995,
        },
        { time: '2026-11-20T11:59:00.000Z', host: { id: 'i-1' }, job: 'resident', type: 'spike' },
        { time: '2026-11-20T11:57:00.000Z' },
      ],
      unreadable: [],
    });
    expect(Object(second).items).toHaveLength(5);
    expect(Object(second).cursor).toBeNull();
  });

  it('has points of one host above a score', async () => {
    const { read } = await anApiWithPoints();
    const ref = hostRef({ ...POINT_SCOPE, id: 'i-1' });

    const { items } = Object(await read(`${PATH}?host=${ref}&minScore=0.5&metric=system.cpu.utilization`));

    expect(items).toHaveLength(5);
    expect(new Set(items.map(({ host }: { host: { id: string } }) => host.id))).toEqual(new Set(['i-1']));
  });

  it.each([
    ['no time', `from=${new Date(NOON).toISOString()}&to=${new Date(NOON - HOUR).toISOString()}`],
    ['more than a week', `from=${new Date(NOON - 9 * 24 * HOUR).toISOString()}`],
    ['a cursor of another list', 'cursor=abc'],
    ['a score that is none', 'minScore=2'],
  ])('refuses %s', async (_, query) => {
    const { send } = await anApiWithPoints();

    expect((await send('GET', `${PATH}?${query}`)).status).toBe(400);
  });
});
