import { describe, expect, it } from 'vitest';
import { deleteTenant } from '../../../core/tenants/delete-tenant.ts';
import { aTenantConfig, MINUTE, NOON } from '../../fixtures/builders.ts';
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

const LATER = NOON + 15 * MINUTE;

describe('the deletion of a tenant', () => {
  it('removes its config, its external id, its topic and its data, and nothing of another', async () => {
    const ports = await aDeployment();

    await deleteTenant('acme', ports, NOON);
    const outcome = await deleteTenant('acme', ports, LATER);

    expect(outcome).toEqual({ kind: 'deleted' });
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
      { kind: 'deleted' },
    ]);
    expect(held).toMatchObject({ externalId: 'id-of-acme', config: { enabled: false } });
    expect(topics).toEqual(['acme', 'globex']);
    expect(ports.removed).toHaveLength(3);
  });

  it('takes one step where the tenant was disabled before', async () => {
    const ports = await aDeployment();
    await ports.configs.put(aTenantConfig({ enabled: false }), 1, 'id-of-acme', NOON);

    expect(await deleteTenant('acme', ports, LATER)).toEqual({ kind: 'deleted' });
  });

  it('keeps the config until all else is gone, so that it can be repeated', async () => {
    const ports = await aDeployment();
    await deleteTenant('acme', ports, NOON);
    const failing = { removeAll: () => Promise.reject(new Error('the table does not answer')) };

    await expect(deleteTenant('acme', { ...ports, data: failing }, LATER)).rejects.toThrow('does not answer');

    expect(await ports.configs.get('acme')).toMatchObject({ config: { enabled: false } });
    expect(await deleteTenant('acme', ports, LATER)).toEqual({ kind: 'deleted' });
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
