import { describe, expect, it } from 'vitest';
import { planCompaction } from '../../../core/inspection/plan-compaction.ts';
import type { DayIndex } from '../../../core/model/day-index.ts';

const part = (shard: number, version = '"v"') => ({ name: `run/0000${shard}.ndjson.gz`, version, bytes: 100 });

function indexOf(...shards: readonly number[]): DayIndex {
  const merged = shards.map((shard) => ({ name: part(shard).name, version: '"v"', object: 'day.x', start: 0, end: 9 }));
  return { version: 1, generation: 1, shards: merged };
}

const MERGED = { name: 'day.x', version: '"v"', bytes: 100 };
const namesOf = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);

describe('the plan of a compaction', () => {
  it('merges as many shards as the index has room for, and leaves the others as they are', () => {
    const { bundles, obsolete } = planCompaction([part(1), part(2), part(3)], undefined, 1000, 2);

    expect(bundles.map(namesOf)).toEqual([namesOf([part(1), part(2)])]);
    expect(namesOf(obsolete)).toEqual(namesOf([part(1), part(2)]));
  });

  it('takes in a shard that was written again where the index is full, and changes nothing for a new one', () => {
    const again = planCompaction([MERGED, part(2, '"w"'), part(3)], indexOf(1, 2), 1000, 2);
    const added = planCompaction([MERGED, part(3)], indexOf(1, 2), 1000, 2);

    expect(namesOf(again.bundles.flat())).toEqual(namesOf([part(1), part(2)]));
    expect(namesOf(again.obsolete)).toEqual(['day.x', part(2).name]);
    expect(added).toMatchObject({ bundles: [], obsolete: [], changesIndex: false });
  });
});
