import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../adapters/gcp-monitoring/batches.ts';
import { nodeMemory } from '../../../adapters/gcp-monitoring/memory-metric.ts';
import { PROJECT, REGION } from './worlds.ts';

const METRIC = nodeMemory(REGION);

const node = (id: string, name: string) => ({ provider: 'gcp', account: PROJECT, region: REGION, id, name }) as const;
const WANTED = Array.from({ length: 150 }, (_, index) => node(String(index), `gke-${index}`));

describe('the questions for the memory of nodes', () => {
  it('leave nobody out whose name another has that is not wanted', () => {
    const batches = batchesOf(METRIC, { wanted: WANTED, others: [node('900', 'gke-7'), node('901', 'gke-other')] });

    expect(batches.map(({ conditions }) => conditions)).toEqual([['NOT resource.labels.node_name = "gke-other"']]);
    expect(batches[0]?.known.get('gke-7')).toMatchObject([{ id: '7' }, { id: '900' }]);
  });

  it('ask for all that go by one name together', () => {
    const others = Array.from({ length: 101 }, (_, index) => node(`x${index}`, `gke-x${index}`));

    const batches = batchesOf(METRIC, { wanted: [...WANTED, node('900', 'gke-0')], others });

    expect(batches.map(({ wanted }) => wanted.length)).toEqual([101, 50]);
    expect(batches[0]?.wanted.map(({ id }) => id)).toContain('900');
  });

  it('are none where nobody is wanted', () => {
    expect(batchesOf(METRIC, { wanted: [], others: WANTED })).toEqual([]);
  });
});
