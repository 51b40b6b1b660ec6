/** What every store of grants promises. */
import { expect } from 'vitest';
import type { Grant } from '../../core/model/grant.ts';
import type { AccessStore } from '../../core/ports/access-store.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import type { Check } from './check.ts';

export function aGrant(fields: Partial<Omit<Grant, 'id'>> = {}): Omit<Grant, 'id'> {
  const grantee = { issuer: 'https://login.example.com/acme', kind: 'subject', name: 'ada' } as const;
  const by = { grantedBy: 'arn:aws:iam::111122223333:user/root', grantedAt: NOON };
  return { tenant: 'acme', ...grantee, role: 'viewer', ...by, ...fields };
}

/** Tenants and an issuer of one check. */
function worldOf(check: string) {
  const issuer = `https://login.example.com/${check}`;
  const [acme, bolt] = [`${check}-acme`, `${check}-bolt`];
  const grant = (fields: Parameters<typeof aGrant>[0] = {}) => aGrant({ tenant: acme, issuer, ...fields });
  return { acme, bolt, grant, ada: { issuer, subject: 'ada', groups: ['sre', 'on call'] } };
}

const summaryOf = ({ tenant, kind, name, role }: Grant) => `${tenant} ${kind} ${name} ${role}`;

export const accessStoreChecks: readonly Check<AccessStore>[] = [
  {
    message: 'finds the grants of a subject and of its groups, of every tenant',
    async verify(access) {
      const { acme, bolt, grant, ada } = worldOf('found');
      await access.put(grant());
      await access.put(grant({ tenant: bolt, kind: 'group', name: 'sre', role: 'operator' }));
      await access.put(grant({ kind: 'group', name: 'on call', role: 'admin' }));

      const found = await access.ofCaller(ada);

      expect(found.map(summaryOf).toSorted()).toEqual([
        `${acme} group on call admin`,
        `${acme} subject ada viewer`,
        `${bolt} group sre operator`,
      ]);
    },
  },
  {
    message:
      'finds no grant of another issuer, of a group for a subject of its name, or of a name that begins the same',
    async verify(access) {
      const { grant, ada } = worldOf('foreign');
      await access.put(grant({ issuer: 'https://login.example.com/other' }));
      await access.put(grant({ kind: 'group', name: 'ada' }));
      await access.put(grant({ kind: 'subject', name: 'sre' }));
      for (const name of ['adam', 'ad', 'ada#', 'ada#acme', 'ADA', `ada${'a'.repeat(200)}`])
        await access.put(grant({ name }));

      expect(await access.ofCaller(ada)).toEqual([]);
      const long = await access.ofCaller({ ...ada, subject: `ada${'a'.repeat(200)}` });
      expect(long).toHaveLength(1);
    },
  },
  {
    message: 'replaces the role of a grantee for its tenant alone, under the same id',
    async verify(access) {
      const { acme, bolt, grant, ada } = worldOf('replaced');
      const before = await access.put(grant());
      await access.put(grant({ tenant: bolt }));

      const after = await access.put(grant({ role: 'admin', grantedAt: NOON + HOUR }));

      expect(after).toEqual({ ...before, role: 'admin', grantedAt: NOON + HOUR });
      expect(await access.ofTenant(acme)).toEqual([after]);
      expect((await access.ofCaller(ada)).map(summaryOf).toSorted()).toEqual([
        `${acme} subject ada admin`,
        `${bolt} subject ada viewer`,
      ]);
    },
  },
  {
    message: 'lists the grants of one tenant in order of their time, each with an id for a path',
    async verify(access) {
      const { acme, grant } = worldOf('listed');
      const second = await access.put(grant({ kind: 'group', name: 'größe/x y', grantedAt: NOON + HOUR }));
      const first = await access.put(grant());
      await access.put(grant({ tenant: `${acme}-2` }));

      expect(await access.ofTenant(acme)).toEqual([first, second]);
      for (const { id } of [first, second]) expect(id).toMatch(/^[\w-]{1,100}$/);
    },
  },
  {
    message: 'takes a grant of its tenant back, and reports whether there was one',
    async verify(access) {
      const { acme, bolt, grant, ada } = worldOf('removed');
      const { id } = await access.put(grant());
      await access.put(grant({ tenant: bolt }));

      const removed = [await access.remove(acme, id), await access.remove(acme, id), await access.remove('none', id)];

      expect(removed).toEqual([true, false, false]);
      expect(await access.ofTenant(acme)).toEqual([]);
      expect((await access.ofCaller(ada)).map(({ tenant }) => tenant)).toEqual([bolt]);
    },
  },
];
