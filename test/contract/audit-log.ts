/** What every audit log promises. */
import { expect } from 'vitest';
import type { AuditEntry } from '../../core/model/audit.ts';
import type { AuditLog } from '../../core/ports/audit-log.ts';
import { InvalidInputError } from '../../core/ports/errors.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import type { Check } from './check.ts';

export function anAuditEntry(fields: Partial<AuditEntry> = {}): AuditEntry {
  const by = 'https://login.example.com/acme#ada';
  const done = { role: 'operator', action: 'addMute', subject: 'mutes', version: null, outcome: 'done' } as const;
  return { id: 'request-1', tenant: 'acme', at: NOON, by, ...done, ...fields };
}

export const auditLogChecks: readonly Check<AuditLog>[] = [
  {
    message: 'lists the entries of a tenant, the latest first',
    async verify(audit) {
      const entries = [1, 3, 2].map((hours) =>
        anAuditEntry({ tenant: 'listed', id: `request-${hours}`, at: NOON + hours * HOUR }),
      );
      for (const entry of entries) await audit.put(entry);
      await audit.put(anAuditEntry({ tenant: 'listed-2' }));

      const { entries: listed, cursor } = await audit.list('listed', { limit: 10 });

      expect(listed.map(({ id }) => id)).toEqual(['request-3', 'request-2', 'request-1']);
      expect(listed[0]).toEqual(entries[1]);
      expect(cursor).toBeNull();
    },
  },
  {
    message: 'replaces the beginning of a request by its end, and keeps two requests of one moment apart',
    async verify(audit) {
      await audit.put(anAuditEntry({ tenant: 'replaced', outcome: 'begun' }));
      await audit.put(anAuditEntry({ tenant: 'replaced', id: 'request-2', outcome: 'begun' }));
      await audit.put(anAuditEntry({ tenant: 'replaced', outcome: 'done' }));

      const { entries } = await audit.list('replaced', { limit: 10 });

      expect(entries.map(({ id, outcome }) => `${id} ${outcome}`).toSorted()).toEqual([
        'request-1 done',
        'request-2 begun',
      ]);
    },
  },
  {
    message: 'goes on where a page ended, and ends',
    async verify(audit) {
      for (const hours of [1, 2, 3])
        await audit.put(anAuditEntry({ tenant: 'paged', id: `request-${hours}`, at: NOON + hours * HOUR }));

      const first = await audit.list('paged', { limit: 2 });
      const second = await audit.list('paged', { limit: 2, ...(first.cursor !== null && { cursor: first.cursor }) });

      expect(first.entries.map(({ id }) => id)).toEqual(['request-3', 'request-2']);
      expect(second).toMatchObject({ entries: [{ id: 'request-1' }], cursor: null });
    },
  },
  {
    message: 'refuses a cursor that is none',
    async verify(audit) {
      await expect(audit.list('refused', { limit: 2, cursor: 'T#other' })).rejects.toThrow(InvalidInputError);
    },
  },
];
