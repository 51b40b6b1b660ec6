/** What a feed that is not of machines requests: the series of its region, as far as its config states how. */
import { describe, expect, it } from 'vitest';
import { createMeter } from '../../../core/inspection/run-summary.ts';
import type { PointFeed, PointMetric } from '../../../core/model/points.ts';

import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { scriptedSource } from './scripted-server.ts';
import { REGION } from './worlds.ts';

const TYPE = 'run.googleapis.com/container/instance_count';

/** The filter of the request for a feed. */
async function filterOf(feed: Partial<PointFeed>): Promise<string> {
  const { source, requested } = await scriptedSource({ pages: [{}] });
  const metric: PointMetric = {
    ...{ name: 'own.instances', unit: '1', label: 'instances', direction: 'up', lower: 0, upper: null },
    ...{ statistic: 'average', sparse: false, fills: false },
    feed: { entity: ['service_name'], parents: [], children: [], column: TYPE, ...feed },
  };
  const request = { metrics: [metric], window: { start: NOON - HOUR, end: NOON }, periodMs: 5 * MINUTE, filters: [] };
  if (source.points === undefined) throw new Error('the source has points');
  await Array.fromAsync(source.points(request, createMeter()));
  return requested.find(({ filter }) => filter.includes(TYPE))?.filter ?? '';
}

describe('a feed of Google Cloud that is not of machines', () => {
  it('has the region in its filter where its query has room for it', async () => {
    const query = 'resource.labels.zone = starts_with("{region}-")';

    expect(await filterOf({ query })).toContain(`(resource.labels.zone = starts_with("${REGION}-"))`);
  });

  it.each([
    ['resource.labels.zone', `resource.labels.zone = starts_with("${REGION}-")`],
    ['resource.labels.location', `resource.labels.location = monitoring.regex.full_match("${REGION}(-.+)?")`],
    ['resource.labels.region', `resource.labels.region = "${REGION}"`],
  ])('requests its region alone where its hosts are named by %s', async (label, condition) => {
    expect(await filterOf({ entity: ['service_name', label] })).toContain(condition);
  });

  it('requests all regions where nothing states which label has the region', async () => {
    expect(await filterOf({})).not.toContain(REGION);
  });
});
