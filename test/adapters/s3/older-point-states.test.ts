/** States of series that were stored before quiet days were counted. */
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { stateKey } from '../../../adapters/s3/point-keys.ts';
import { createPointStateStore } from '../../../adapters/s3/point-state-store.ts';
import { advance } from '../../../core/detector/anomaly/advance.ts';
import { beginState } from '../../../core/detector/anomaly/learn.ts';
import type { PointSettings } from '../../../core/detector/anomaly/settings.ts';
import { MINUTE, NOON } from '../../fixtures/builders.ts';
import { aJobRef, aJobState, POINT_SCOPE } from '../../fixtures/point-jobs.ts';
import { BUCKET, startBucket } from './bucket.ts';

const { client, write, close } = await startBucket();
afterAll(close);

const SETTINGS: PointSettings = {
  ...{ periodMs: MINUTE, cycleMs: null, referencePoints: 100, threshold: 0.99, direction: 'both' },
  ...{ lower: null, upper: null, sparse: false, fills: false, leastEffect: 0.001 },
};

it('a state without quiet days is read, and goes on with what it has learned', async () => {
  const times = Float64Array.from({ length: 100 }, (_, i) => NOON + i * MINUTE);
  const values = times.map((_, i) => 0.3 + ((i * 7) % 13) / 1000);
  const begun = beginState({ times, values }, SETTINGS);
  if (begun.kind === 'insufficient') throw new Error('the reference is too short');
  const { calm: _calm, ...state } = begun;
  const { series: _series, ...head } = aJobState();
  const facts = { metric: 'system.cpu.utilization', part: {}, unit: '1', seen: NOON, retryAt: null };
  const lines = [head, { host: { ...POINT_SCOPE, id: 'i-1' }, ...facts, state }];
  await write(stateKey(aJobRef()), gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));

  const kept = await createPointStateStore({ client, bucket: BUCKET }).get(aJobRef());
  const known = kept?.value?.series[0]?.state;
  if (!known) throw new Error(`The state was not read: ${kept?.damage}`);
  const next = advance(known, { times: times.map((time) => time + 100 * MINUTE), values }, SETTINGS);

  expect(known).toEqual(begun);
  expect(next.scored).toHaveLength(100);
  expect(next.state.calm).toMatchObject({ points: 100, days: 0 });
});
