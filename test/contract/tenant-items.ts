/** What every store of mutes or labels promises. */
import { expect } from 'vitest';
import type { TenantItems } from '../../core/ports/tenant-items.ts';
import type { Check } from './check.ts';

interface Given {
  readonly tenant: string;
  readonly id: string;
  readonly at: number;
  readonly reason: string;
}

/** @param make One that was given so many hours after noon. */
export function tenantItemsChecks<Item extends Given>(
  make: (tenant: string, id: string, hour: number, reason?: string) => Item,
): readonly Check<TenantItems<Item>>[] {
  return [
    {
      message: 'lists what was put, in the order in which it was given',
      async verify(store) {
        const given = [make('listed', 'z', 0), make('listed', 'a', 2), make('listed', 'm', 1)];
        for (const item of given) await store.put(item);
        await store.put(make('listed-not', 'a', 0));

        expect(await store.list('listed')).toEqual(given.toSorted((a, b) => a.at - b.at));
        expect(await store.list('listed-never')).toEqual([]);
      },
    },
    {
      message: 'keeps the one of the same id as it is, and reports the conflict',
      async verify(store) {
        const outcomes = [
          await store.put(make('kept', 'a', 0, 'before')),
          await store.put(make('kept', 'a', 0, 'after')),
          await store.put(make('kept-not', 'a', 0)),
        ];

        expect(outcomes).toEqual(['stored', 'conflict', 'stored']);
        expect(await store.list('kept')).toEqual([make('kept', 'a', 0, 'before')]);
      },
    },
    {
      message: 'undoes one, of its tenant alone, and reports whether there was one',
      async verify(store) {
        for (const tenant of ['undone', 'undone-not']) await store.put(make(tenant, 'a', 0));
        await store.put(make('undone', 'b', 1));

        const outcomes = [await store.remove('undone', 'a'), await store.remove('undone', 'a')];

        expect(outcomes).toEqual([true, false]);
        expect((await store.list('undone')).map(({ id }) => id)).toEqual(['b']);
        expect(await store.list('undone-not')).toHaveLength(1);
      },
    },
  ];
}
