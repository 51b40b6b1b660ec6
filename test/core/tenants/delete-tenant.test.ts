import { describe, expect, it } from 'vitest';
import { deleteTenant } from '../../../core/tenants/delete-tenant.ts';
import { aGrant } from '../../contract/access-store.ts';
import { aTenantConfig, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { createMemoryPublisher } from '../../memory/messaging.ts';
import { createMemoryAccessStore, createMemoryConfigStore, createMemoryDeletedTenants } from '../../memory/stores.ts';

async function aDeployment() {
  const configs = createMemoryConfigStore();
  const publisher = createMemoryPublisher();
  for (const tenant of ['acme', 'globex']) {
    await configs.put(aTenantConfig({ tenant }), 0, `id-of-${tenant}`, NOON);
    await publisher.ensureTopic(tenant);
  }
  const removed: string[] = [];
  /** Incidents whose events wait for the topic. */
  const waiting = { incidents: 0 };
  const data = {
    async removeAll(tenant: string, { keepsOutboxes = false } = {}) {
      removed.push(`${tenant} ${(await configs.get(tenant))?.config.enabled}`);
      return { incidents: keepsOutboxes ? waiting.incidents : 0 };
    },
  };
  const access = createMemoryAccessStore();
  return { configs, publisher, data, removed, waiting, access, deleted: createMemoryDeletedTenants() };
}

const CALLER = 'arn:aws:sts::111122223333:assumed-role/operators/ada';
const OTHER_CALLER = 'arn:aws:iam::111122223333:user/bob';

const LATER = NOON + 15 * MINUTE;
const RESULTS_UNTIL = LATER + 30 * 24 * HOUR;
const DELETED = { kind: 'deleted', resultsUntil: RESULTS_UNTIL };

describe('the deletion of a tenant', () => {
  it('removes its config, its external id, its topic and its data, and nothing of another', async () => {
    const ports = await aDeployment();

    await deleteTenant('acme', ports, NOON);
    const outcome = await deleteTenant('acme', ports, LATER);

    expect(outcome).toEqual(DELETED);
    expect(await ports.configs.get('acme')).toBeUndefined();
    expect(await ports.configs.reserveExternalId('acme', 'another')).toBe('another');
    expect([...ports.publisher.published.keys()]).toEqual(['globex']);
    expect(await ports.configs.get('globex')).toMatchObject({ externalId: 'id-of-globex' });
  });

  it('takes back at once what anybody may do for it, and nothing for another', async () => {
    const ports = await aDeployment();
    for (const tenant of ['acme', 'globex']) await ports.access.put(aGrant({ tenant }));

    await deleteTenant('acme', ports, NOON);

    expect(await ports.access.ofTenant('acme')).toEqual([]);
    expect(await ports.access.ofTenant('globex')).toHaveLength(1);
  });

  it('takes back what is given for it while the rest is removed', async () => {
    const ports = await aDeployment();
    await deleteTenant('acme', ports, NOON);
    const publisher = {
      ...ports.publisher,
      removeTopic: async (tenant: string) => {
        await ports.access.put(aGrant({ tenant }));
        return ports.publisher.removeTopic(tenant);
      },
    };

    await deleteTenant('acme', { ...ports, publisher }, LATER);

    expect(await ports.access.ofTenant('acme')).toEqual([]);
  });

  it('disables the tenant first, so that what runs meanwhile inspects nothing', async () => {
    const ports = await aDeployment();

    await deleteTenant('acme', ports, NOON);

    expect(ports.removed).toEqual(['acme false']);
  });

  it('states in the config that it has begun, since when the tenant is disabled, and who began it', async () => {
    const ports = await aDeployment();
    await ports.configs.put(aTenantConfig({ tenant: 'globex', enabled: false }), 1, 'id-of-globex', NOON);

    await deleteTenant('acme', ports, NOON + MINUTE, CALLER);
    await deleteTenant('acme', ports, NOON + 2 * MINUTE, OTHER_CALLER);
    await deleteTenant('globex', ports, NOON + MINUTE);

    expect(await ports.configs.get('acme')).toMatchObject({
      version: 2,
      putAt: NOON + MINUTE,
      putBy: CALLER,
      deletion: { disabledAt: NOON + MINUTE },
    });
    expect(await ports.configs.get('globex')).toMatchObject({ version: 3, deletion: { disabledAt: NOON } });
  });

  it('holds the id while an inspection may still write, and removes then what it wrote', async () => {
    const ports = await aDeployment();

    const first = await deleteTenant('acme', ports, NOON);
    const tooEarly = await deleteTenant('acme', ports, LATER - 1);
    const held = await ports.configs.get('acme');
    const topics = [...ports.publisher.published.keys()];
    const last = await deleteTenant('acme', ports, LATER);

    expect([first, tooEarly, last]).toEqual([
      { kind: 'disabled', from: LATER },
      { kind: 'disabled', from: LATER },
      DELETED,
    ]);
    expect(held).toMatchObject({ externalId: 'id-of-acme', config: { enabled: false } });
    expect(topics).toEqual(['acme', 'globex']);
    expect(ports.removed).toHaveLength(3);
  });

  it('keeps the id until the results are gone', async () => {
    const ports = await aDeployment();

    await deleteTenant('acme', ports, NOON);
    const before = await ports.deleted.get('acme');
    await deleteTenant('acme', ports, LATER);

    expect(before).toBeUndefined();
    expect(await ports.deleted.get('acme')).toEqual({ tenant: 'acme', deletedAt: LATER, resultsUntil: RESULTS_UNTIL });
  });

  it('keeps the topic while events wait for it, and gives them up after a day', async () => {
    const ports = await aDeployment();
    await deleteTenant('acme', ports, NOON);
    ports.waiting.incidents = 2;
    const givenUpAt = NOON + 24 * HOUR;

    const waiting = await deleteTenant('acme', ports, LATER);
    const topics = [...ports.publisher.published.keys()];
    const last = await deleteTenant('acme', ports, givenUpAt);

    expect(waiting).toEqual({ kind: 'publishing', incidents: 2, givenUpAt });
    expect(topics).toContain('acme');
    expect(await ports.deleted.get('acme')).toMatchObject({ deletedAt: givenUpAt });
    expect(last).toMatchObject({ kind: 'deleted' });
  });

  it('takes one step where the tenant was disabled before', async () => {
    const ports = await aDeployment();
    await ports.configs.put(aTenantConfig({ enabled: false }), 1, 'id-of-acme', NOON);

    expect(await deleteTenant('acme', ports, LATER)).toEqual(DELETED);
  });

  it('keeps the config until all else is gone, so that it can be repeated', async () => {
    const ports = await aDeployment();
    await deleteTenant('acme', ports, NOON);
    const failing = { removeAll: () => Promise.reject(new Error('the table does not answer')) };

    await expect(deleteTenant('acme', { ...ports, data: failing }, LATER)).rejects.toThrow('does not answer');

    expect(await ports.configs.get('acme')).toMatchObject({ config: { enabled: false } });
    expect(await deleteTenant('acme', ports, LATER)).toEqual(DELETED);
    expect(await ports.configs.get('acme')).toBeUndefined();
  });

  it('completes what an interrupted one has left of a tenant that is listed no more', async () => {
    const ports = await aDeployment();
    await ports.configs.remove('acme');

    expect(await deleteTenant('acme', ports, NOON)).toEqual({ kind: 'absent' });

    expect([...ports.publisher.published.keys()]).toEqual(['globex']);
    expect(ports.removed).toEqual(['acme undefined']);
  });

  it('deletes nothing where somebody else is changing the tenant', async () => {
    const ports = await aDeployment();
    const configs = { ...ports.configs, put: async () => 'conflict' as const };

    await expect(deleteTenant('acme', { ...ports, configs }, NOON)).rejects.toThrow(
      'is being changed by somebody else',
    );

    expect(ports.publisher.published.has('acme')).toBe(true);
    expect(ports.removed).toEqual([]);
  });
});
