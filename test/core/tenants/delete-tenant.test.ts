import { describe, expect, it } from 'vitest';
import { deleteTenant } from '../../../core/tenants/delete-tenant.ts';
import { aTenantConfig, NOON } from '../../fixtures/builders.ts';
import { createMemoryPublisher } from '../../memory/messaging.ts';
import { createMemoryConfigStore } from '../../memory/stores.ts';

async function aDeployment() {
  const configs = createMemoryConfigStore();
  const publisher = createMemoryPublisher();
  for (const tenant of ['acme', 'globex']) {
    await configs.put(aTenantConfig({ tenant }), 0, `id-of-${tenant}`, NOON);
    await publisher.ensureTopic(tenant);
  }
  const removed: string[] = [];
  const data = {
    async removeAll(tenant: string) {
      removed.push(`${tenant} ${(await configs.get(tenant))?.config.enabled}`);
    },
  };
  return { configs, publisher, data, removed };
}

describe('the deletion of a tenant', () => {
  it('removes its config, its external id, its topic and its data, and nothing of another', async () => {
    const ports = await aDeployment();

    const existed = await deleteTenant('acme', ports, NOON);

    expect(existed).toBe(true);
    expect(await ports.configs.get('acme')).toBeUndefined();
    expect(await ports.configs.reserveExternalId('acme', 'another')).toBe('another');
    expect([...ports.publisher.published.keys()]).toEqual(['globex']);
    expect(await ports.configs.get('globex')).toMatchObject({ externalId: 'id-of-globex' });
  });

  it('disables the tenant first, so that what runs meanwhile inspects nothing', async () => {
    const ports = await aDeployment();

    await deleteTenant('acme', ports, NOON);

    expect(ports.removed).toEqual(['acme false']);
  });

  it('keeps the config until all else is gone, so that it can be repeated', async () => {
    const ports = await aDeployment();
    const failing = { removeAll: () => Promise.reject(new Error('the table does not answer')) };

    await expect(deleteTenant('acme', { ...ports, data: failing }, NOON)).rejects.toThrow('does not answer');

    expect(await ports.configs.get('acme')).toMatchObject({ config: { enabled: false } });
    expect(await deleteTenant('acme', ports, NOON)).toBe(true);
    expect(await ports.configs.get('acme')).toBeUndefined();
  });

  it('completes what an interrupted one has left of a tenant that is listed no more', async () => {
    const ports = await aDeployment();
    await ports.configs.remove('acme');

    expect(await deleteTenant('acme', ports, NOON)).toBe(false);

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
