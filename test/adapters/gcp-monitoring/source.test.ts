/** What a source over Cloud Monitoring states of itself. */
import { describe, expect, it } from 'vitest';
import { cloudMonitoringSource } from '../../../adapters/gcp-monitoring/source.ts';
import { HOUR } from '../../fixtures/builders.ts';
import { PROJECT, REGION, readAll } from './worlds.ts';

describe('a source over Cloud Monitoring', () => {
  const source = cloudMonitoringSource({ project: PROJECT, region: REGION, client: () => Promise.reject(new Error()) });

  it('costs half a dollar per million series', () => {
    expect((source.price?.usdPerMetric ?? 0) * 1_000_000).toBeCloseTo(0.5, 12);
    expect(source.price?.stated).toContain('0.50 USD per million time series');
  });

  it('forgets after six weeks what its samples were like', () => {
    expect(source.retentionMs).toBe(42 * 24 * HOUR);
  });

  it('is unreadable where another universe has the region, before anybody signs in', async () => {
    let signIns = 0;
    const elsewhere = cloudMonitoringSource({
      project: PROJECT,
      region: 'u-france-east1',
      client: () => Promise.reject(new Error(String(signIns++))),
    });

    await expect(readAll(elsewhere)).rejects.toMatchObject({
      name: 'SourceError',
      reason: 'not_found',
      message: expect.stringContaining('u-france-east1 is a region of a Google Cloud universe'),
    });
    expect(signIns).toBe(0);
  });
});
