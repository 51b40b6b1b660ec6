/** What a source over Cloud Monitoring states of itself. */
import { describe, expect, it } from 'vitest';
import { cloudMonitoringSource } from '../../../adapters/gcp-monitoring/source.ts';
import { HOUR } from '../../fixtures/builders.ts';
import { PROJECT, REGION } from './worlds.ts';

describe('a source over Cloud Monitoring', () => {
  const source = cloudMonitoringSource({ project: PROJECT, region: REGION, client: () => Promise.reject(new Error()) });

  it('costs half a dollar per million series', () => {
    expect((source.price?.usdPerMetric ?? 0) * 1_000_000).toBeCloseTo(0.5, 12);
    expect(source.price?.stated).toContain('0.50 USD per million time series');
  });

  it('forgets after six weeks what its samples were like', () => {
    expect(source.retentionMs).toBe(42 * 24 * HOUR);
  });
});
