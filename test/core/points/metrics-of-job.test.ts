import { describe, expect, it } from 'vitest';
import { feedSchema } from '../../../core/model/anomaly-job.ts';
import { metricsOfJob } from '../../../core/points/metrics-of-job.ts';

const FEED = feedSchema.parse({
  query: '{__name__=~"queue_length|queue_age"}',
  entity: ['instance', 'ip'],
  children: ['queue'],
  columns: [
    { name: 'app.queue.length', column: 'queue_length', direction: 'up', lower: 0 },
    { name: 'app.queue.age', column: 'queue_age', unit: 's' },
  ],
  sparse: true,
});

describe('metricsOfJob', () => {
  it('finds metrics of the catalogue and columns of feeds, in the order of the job', () => {
    const { metrics, unknown } = metricsOfJob({ metrics: ['app.queue.age', 'system.cpu.utilization'] }, [FEED]);

    expect(unknown).toEqual([]);
    expect(metrics).toMatchObject([
      {
        name: 'app.queue.age',
        label: 'age',
        unit: 's',
        direction: 'both',
        lower: null,
        upper: null,
        sparse: true,
        feed: {
          query: FEED.query,
          entity: ['instance', 'ip'],
          parents: [],
          children: ['queue'],
          column: 'queue_age',
          mostSeries: 1000,
        },
      },
      { name: 'system.cpu.utilization', label: 'CPU' },
    ]);
  });

  it('states names that nobody has', () => {
    expect(metricsOfJob({ metrics: ['cpu'] })).toEqual({ metrics: [], unknown: ['cpu'] });
  });
});
