/** Three tenants whose hosts have the same names: none of them sees, causes or ends anything of another. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, findDeployment } from './deployment.ts';
import { type Subscriber, subscribe } from './subscriber.ts';
import { LEAKING, putHosts } from './tenant-account.ts';

const HOUR = 3_600_000;
const SCHEDULED = Math.floor(Date.now() / HOUR) * HOUR;
const SOON = { timeout: 90_000, interval: 500 };
const TENANTS = { red: '333344445551', green: '333344445552', blue: '333344445553' };
const NAMES = Object.keys(TENANTS);

let deployment: Deployment;
const subscribers = new Map<string, Subscriber>();

beforeAll(async () => {
  deployment = await findDeployment();
  for (const [tenant, account] of Object.entries(TENANTS)) {
    await putHosts(account, SCHEDULED);
    await deployment.connect(tenant, account);
    subscribers.set(tenant, await subscribe(deployment.root, deployment.topicOf(tenant)));
  }
  await Promise.all(Object.entries(TENANTS).map(([tenant, account]) => inspect(tenant, account)));
});

describe('three tenants with hosts of the same names', () => {
  it.each(NAMES)('%s is notified of its own host, and of no other', async (tenant) => {
    await expect.poll(() => received(tenant), SOON).not.toEqual([]);
    for (const other of NAMES) await expect.poll(() => received(other), SOON).not.toEqual([]);

    expect(await received(tenant)).toMatchObject([
      { data: { kind: 'opened', tenant, host: { id: LEAKING, account: accountOf(tenant) } } },
    ]);
  });

  it.each(NAMES)('%s has an incident of its own account, and none of the others', async (tenant) => {
    await expect.poll(() => deployment.openIncidents(tenant, accountOf(tenant)), SOON).toHaveLength(1);
    const others = NAMES.filter((name) => name !== tenant);
    for (const other of others) expect(await deployment.openIncidents(tenant, accountOf(other))).toEqual([]);
  });

  it('a tenant that names the account and the role of another is denied', async () => {
    await deployment.put('thief', accountOf('green'), deployment.roleOf('green', accountOf('green')));
    const subscriber = await subscribe(deployment.root, deployment.topicOf('thief'));

    await inspect('thief', accountOf('green'));

    await expect
      .poll(() => deployment.newestRun('thief', accountOf('green')), SOON)
      .toMatchObject({ outcome: 'partial', unreadable: { denied: 1 } });
    expect(await deployment.openIncidents('thief', accountOf('green'))).toEqual([]);
    expect(await subscriber.received()).toEqual([]);
  });
});

function accountOf(tenant: string): string {
  return Object.entries(TENANTS).find(([name]) => name === tenant)?.[1] ?? '';
}

async function received(tenant: string) {
  return (await subscribers.get(tenant)?.received()) ?? [];
}

function inspect(tenant: string, account: string): Promise<void> {
  const scheduledTime = new Date(SCHEDULED).toISOString();
  return deployment.request({ version: 1, provider: 'aws', tenant, account, scheduledTime });
}
