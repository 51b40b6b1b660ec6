/** Which roles a caller has. */
import { describe, expect, it } from 'vitest';
import { createRoles } from '../../../api/auth/roles.ts';
import { aGrant } from '../../contract/access-store.ts';
import { NOON } from '../../fixtures/builders.ts';
import { createMemoryAccessStore } from '../../memory/stores.ts';

const { issuer } = aGrant();
const ada = { issuer, subject: 'ada', groups: ['sre'] };

function rolesWith(tenants: '*' | string[], now = () => NOON) {
  const grants = createMemoryAccessStore();
  return { grants, roles: createRoles({ grants, issuers: [{ issuer, tenants }], now }) };
}

describe('the roles of a caller', () => {
  it('are the highest of those that its subject and its groups have', async () => {
    const { grants, roles } = rolesWith('*');
    await grants.put(aGrant({ kind: 'group', name: 'sre', role: 'operator' }));
    await grants.put(aGrant({ role: 'viewer' }));
    await grants.put(aGrant({ tenant: 'bolt', role: 'admin' }));

    expect(await roles.of(ada)).toEqual(
      new Map([
        ['acme', 'operator'],
        ['bolt', 'admin'],
      ]),
    );
  });

  it('are none for a tenant that the issuer is not bound to, whatever is granted', async () => {
    const { grants, roles } = rolesWith(['bolt']);
    await grants.put(aGrant({ role: 'admin' }));

    expect(await roles.of(ada)).toEqual(new Map());
  });

  it('are none of an issuer that is no longer listed', async () => {
    const { grants, roles } = rolesWith('*');
    const other = 'https://login.example.com/other';
    await grants.put(aGrant({ issuer: other, role: 'admin' }));

    expect(await roles.of({ ...ada, issuer: other })).toEqual(new Map());
  });

  it('end a minute after they are taken back, at the latest', async () => {
    let now = NOON;
    const { grants, roles } = rolesWith('*', () => now);
    const { id } = await grants.put(aGrant());
    const before = await roles.of(ada);
    await grants.remove('acme', id);
    now += 59_999;
    const kept = await roles.of(ada);
    now += 1;

    const after = await roles.of(ada);

    expect([before.size, kept.size, after.size]).toEqual([1, 1, 0]);
  });

  it('are read again where they could not be read', async () => {
    const { grants } = rolesWith('*');
    await grants.put(aGrant());
    let fails = true;
    const ofCaller: typeof grants.ofCaller = async (caller) => {
      if (fails) throw new Error('the table does not answer');
      return grants.ofCaller(caller);
    };
    const roles = createRoles({ grants: { ofCaller }, issuers: [{ issuer, tenants: '*' }], now: () => NOON });
    await expect(roles.of(ada)).rejects.toThrow('does not answer');
    fails = false;

    expect((await roles.of(ada)).size).toBe(1);
  });
});
