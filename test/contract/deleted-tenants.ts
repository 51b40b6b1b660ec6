/** What every list of deleted tenants promises. */
import { expect } from 'vitest';
import type { DeletedTenants } from '../../core/ports/deleted-tenants.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import type { Check } from './check.ts';

const of = (tenant: string) => ({ tenant, deletedAt: NOON, resultsUntil: NOON + HOUR });

export const deletedTenantsChecks: readonly Check<DeletedTenants>[] = [
  {
    message: 'keeps each deleted tenant until it is removed, in order of tenant id',
    async verify(deleted) {
      for (const tenant of ['b', 'a', 'c']) await deleted.put(of(tenant));
      await deleted.put({ ...of('b'), resultsUntil: NOON + 2 * HOUR });
      await deleted.remove('c');
      await deleted.remove('c');

      expect(await deleted.get('a')).toEqual(of('a'));
      expect(await deleted.get('c')).toBeUndefined();
      expect(await Array.fromAsync(deleted.list())).toEqual([of('a'), { ...of('b'), resultsUntil: NOON + 2 * HOUR }]);
    },
  },
];
