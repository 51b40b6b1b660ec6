import { describe, expect, it } from 'vitest';
import { type DispatchPorts, dispatchRequest } from '../../../core/inspection/dispatch.ts';
import type { InspectionRequest } from '../../../core/model/message.ts';
import type { TenantConfig } from '../../../core/model/tenant.ts';
import { DeliveryError, StoreError } from '../../../core/ports/errors.ts';
import { anAccount, aTenantConfig, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aRegionResult } from '../../fixtures/results.ts';
import { createMemoryQueue } from '../../memory/messaging.ts';
import { createMemoryConfigStore, createMemoryRequestLog } from '../../memory/stores.ts';

const AWS = '111122223333';
const OTHER = '444455556666';

const PROJECT = {
  provider: 'gcp',
  account: 'my-project',
  regions: ['europe-west1'],
  identity: {
    projectNumber: '123456789012',
    pool: 'plimsoll-pool',
    provider: 'plimsoll-aws',
    serviceAccount: 'plimsoll@my-project.iam.gserviceaccount.com',
  },
};

/** Of two AWS accounts; the first account has the default schedule, which is hourly. */
const CONFIG = aTenantConfig({
  accounts: [
    anAccount({ regions: ['eu-west-1', 'us-east-1'] }),
    anAccount({
      account: OTHER,
      role: `arn:aws:iam::${OTHER}:role/plimsoll-reader`,
      schedule: { cron: '0 6 * * *', timezone: 'Europe/Berlin' },
    }),
  ],
});

async function aWorld(config: TenantConfig = CONFIG) {
  const configs = createMemoryConfigStore();
  await configs.put(config, 0, 'external', NOON);
  const [aws, gcp, azure] = [createMemoryQueue(), createMemoryQueue(), createMemoryQueue()];
  const [prometheus, otlp] = [createMemoryQueue(), createMemoryQueue()];
  const queues = { aws, gcp, azure, prometheus, otlp };
  const requests = createMemoryRequestLog(() => NOON);
  const ports: DispatchPorts = { configs, requests, queues };
  const dispatch = (request: Partial<InspectionRequest>, times: { sentAt?: number; now?: number } = {}) =>
    dispatchRequest(
      { version: 1, tenant: 'acme', ...request },
      { sentAt: NOON, now: NOON, deliveryId: 'delivery-1', ...times },
      ports,
    );
  const sent = () => [...aws.sent, ...gcp.sent, ...azure.sent, ...prometheus.sent];
  return { ports, queues, requests, dispatch, sent };
}

describe('dispatchRequest', () => {
  it('refuses what was sent ahead of the clock: its window has no samples yet', async () => {
    const { dispatch, sent } = await aWorld();

    const outcome = await dispatch({ trigger: 'schedule' }, { sentAt: NOON + 5 * HOUR, now: NOON });

    expect(outcome).toEqual({ kind: 'refused', reason: expect.stringMatching(/sent 300 minutes ahead of the clock/) });
    expect(sent()).toEqual([]);
  });

  it('sends one message for each region of each account', async () => {
    const { dispatch, sent } = await aWorld();

    expect(await dispatch({})).toMatchObject({ kind: 'dispatched', sent: 3, setAside: undefined });

    expect(sent().map(({ account, regions }) => [account, regions])).toEqual([
      [AWS, ['eu-west-1']],
      [AWS, ['us-east-1']],
      [OTHER, ['eu-west-1']],
    ]);
  });

  it('narrows a request to an account and to regions, and passes its filters on', async () => {
    const { dispatch, sent } = await aWorld();
    const filters = { hosts: ['i-0a*'], group: 'web', lookBackHours: 48 };

    await dispatch({ id: 'r-1', account: AWS, regions: ['us-east-1'], ...filters });

    expect(sent()).toEqual([
      {
        version: 1,
        id: 'r-1',
        tenant: 'acme',
        provider: 'aws',
        account: AWS,
        trigger: 'on_demand',
        scheduledTime: new Date(NOON).toISOString(),
        regions: ['us-east-1'],
        ...filters,
      },
    ]);
  });

  it('sends to the queue of the account’s provider', async () => {
    const { dispatch, queues } = await aWorld(aTenantConfig({ accounts: [anAccount(), PROJECT] }));

    await dispatch({ provider: 'gcp' });

    expect(queues.gcp.sent).toMatchObject([{ provider: 'gcp', account: 'my-project' }]);
    expect(queues.aws.sent).toEqual([]);
  });

  it.each<[string, Partial<InspectionRequest>, number, number]>([
    ['the last firing of an hourly schedule', { account: AWS, trigger: 'schedule' }, NOON + 7 * MINUTE, NOON],
    ['the last firing of a daily one in its zone', { account: OTHER, trigger: 'schedule' }, NOON, NOON - 7 * HOUR],
    ['the stated time', { trigger: 'schedule', account: AWS, scheduledTime: iso(NOON - HOUR) }, NOON, NOON - HOUR],
    ['when it was sent, on demand', { account: AWS }, NOON + 7 * MINUTE, NOON + 7 * MINUTE],
    ['the end of a replay', { account: AWS, from: iso(NOON - 9 * HOUR), to: iso(NOON - HOUR) }, NOON, NOON - HOUR],
  ])('dates a message by %s', async (_, request, sentAt, expected) => {
    const { dispatch, sent } = await aWorld();

    await dispatch(request, { sentAt, now: sentAt + 3 * HOUR });

    expect(new Set(sent().map(({ scheduledTime }) => scheduledTime))).toEqual(new Set([iso(expected)]));
  });

  it.each<[string, Partial<InspectionRequest>, RegExp]>([
    ['an unknown tenant', { tenant: 'nobody' }, /^tenant: there is no tenant nobody/],
    ['an unknown account', { account: '999900001111' }, /^account: tenant acme has no account 999900001111/],
    [
      'an account of another provider',
      { provider: 'gcp', account: AWS },
      /has no account 111122223333 of Google Cloud/,
    ],
    ['a provider without accounts', { provider: 'azure' }, /has no account of Azure/],
    ['unknown regions alone', { account: AWS, regions: ['eu-wst-1'] }, /^regions: account .* does not have eu-wst-1/],
    ['a region that no account has', { regions: ['eu-wst-1'] }, /^regions: no account of tenant acme has eu-wst-1/],
    ['a date in the future', { scheduledTime: iso(NOON + HOUR) }, /^scheduledTime: .* is 60 minutes ahead/],
    ['a replay of the future', { from: iso(NOON), to: iso(NOON + HOUR) }, /^to: .* lies in the future/],
  ])('refuses %s with the reason, and sends nothing', async (_, request, reason) => {
    const { dispatch, sent } = await aWorld();

    expect(await dispatch(request)).toEqual({ kind: 'refused', reason: expect.stringMatching(reason) });

    expect(sent()).toEqual([]);
  });

  it('refuses a name that two clouds have, and takes it with the provider', async () => {
    const config = aTenantConfig({ accounts: [anAccount(), PROJECT] });
    const accounts = config.accounts.map((account) => ({ ...account, account: AWS }));
    const { dispatch, sent } = await aWorld({ ...config, accounts });

    expect(await dispatch({ account: AWS })).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(/^account: .* in aws and gcp. Name the provider/),
    });
    expect(await dispatch({ account: AWS, provider: 'gcp' })).toMatchObject({ kind: 'dispatched', sent: 1 });
    expect(sent()).toHaveLength(1);
  });

  it('inspects the regions that are known beside one that is not, and sets that one aside', async () => {
    const { dispatch, sent } = await aWorld();

    const outcome = await dispatch({ account: AWS, regions: ['eu-wst-1', 'us-east-1'] });

    expect(outcome).toMatchObject({
      sent: 1,
      setAside: { regions: ['eu-wst-1'], reason: expect.stringMatching(/does not have eu-wst-1/) },
    });
    expect(sent()).toMatchObject([{ regions: ['us-east-1'] }]);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a tenant', { enabled: false }, /tenant acme is disabled/],
    ['an account', { accounts: [anAccount({ enabled: false })] }, /account 111122223333 is disabled/],
  ])('skips %s that is disabled for its schedule, and refuses it to a person', async (_, config, reason) => {
    const { dispatch } = await aWorld(aTenantConfig(config));

    expect(await dispatch({ account: AWS, trigger: 'schedule' })).toEqual({
      kind: 'skipped',
      reason: expect.stringMatching(reason),
    });
    expect(await dispatch({ account: AWS })).toEqual({ kind: 'refused', reason: expect.stringMatching(reason) });
  });

  it.each<[string, Partial<InspectionRequest>, RegExp]>([
    ['a tenant that was deleted', { tenant: 'gone' }, /there is no tenant gone/],
    ['an account that was removed', { provider: 'aws', account: '999900001111' }, /has no account 999900001111 of AWS/],
  ])(
    'skips %s for its schedule and for a scaling event, which may outlast it, and refuses it to a person',
    async (_, gone, reason) => {
      const { dispatch, sent } = await aWorld();
      const scaling = { group: 'web', at: iso(NOON) };

      const outcomes = [
        await dispatch({ ...gone, trigger: 'schedule' }),
        await dispatch({ ...gone, trigger: 'scaling', scaling }),
        await dispatch(gone),
      ];

      expect(outcomes).toEqual(
        ['skipped', 'skipped', 'refused'].map((kind) => ({ kind, reason: expect.stringMatching(reason) })),
      );
      expect(sent()).toEqual([]);
    },
  );

  it('leaves out accounts that are disabled where none is named', async () => {
    const accounts = [anAccount({ enabled: false }), { ...CONFIG.accounts[1] }];
    const { dispatch, sent } = await aWorld(aTenantConfig({ accounts }));

    await dispatch({});

    expect(sent().map(({ account }) => account)).toEqual([OTHER]);
  });

  it('refuses a request that stands for more regions than one dispatch can record', async () => {
    const regions = Array.from({ length: 40 }, (_, index) => `eu-west-${index}`);
    const accounts = Array.from({ length: 100 }, (_, index) => {
      const account = String(100_000_000_000 + index);
      return anAccount({ account, role: `arn:aws:iam::${account}:role/plimsoll-reader`, regions });
    });
    const { dispatch, sent } = await aWorld(aTenantConfig({ accounts }));

    expect(await dispatch({})).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/4000 regions of 100 accounts; 3000 are/),
    });
    expect(sent()).toEqual([]);
  });
});

describe('the log of a request', () => {
  const KEY = { tenant: 'acme', id: 'r-1' };

  it('states from where results are expected, and what was set aside', async () => {
    const { dispatch, requests } = await aWorld();

    await dispatch({ id: 'r-1', account: AWS, regions: ['eu-wst-1', 'us-east-1'] });

    expect((await requests.read(KEY))?.dispatched).toMatchObject({
      outcome: 'dispatched',
      accounts: [{ provider: 'aws', account: AWS, regions: ['us-east-1'] }],
      setAside: { regions: ['eu-wst-1'] },
    });
  });

  it('states why a request was refused', async () => {
    const { dispatch, requests } = await aWorld();

    await dispatch({ id: 'r-1', account: '999900001111' });

    expect((await requests.read(KEY))?.dispatched).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/has no account/),
    });
  });

  it('has the delivery’s id for a request on demand that has none, and no entry for a schedule’s', async () => {
    const { dispatch, requests, sent } = await aWorld();

    await dispatch({ account: AWS, trigger: 'schedule' });
    expect(await requests.read({ tenant: 'acme', id: 'delivery-1' })).toBeUndefined();
    expect(sent().map(({ id }) => id)).toEqual([undefined, undefined]);
    await dispatch({ account: OTHER });

    expect(await requests.read({ tenant: 'acme', id: 'delivery-1' })).toBeDefined();
    expect(sent().at(-1)).toMatchObject({ id: 'delivery-1', account: OTHER });
  });

  it('keeps a request that comes again from regions that were answered', async () => {
    const { dispatch, requests, sent } = await aWorld();
    const scope = { provider: 'aws', account: AWS, region: 'eu-west-1' } as const;
    await requests.putResult(KEY, aRegionResult({ scope }));

    expect(await dispatch({ id: 'r-1', account: AWS })).toMatchObject({ sent: 1, answered: 1 });

    expect(sent().map(({ regions }) => regions)).toEqual([['us-east-1']]);
  });

  it('keeps the time of the first request, so that one that comes again reads the same window', async () => {
    const { dispatch, sent } = await aWorld();

    await dispatch({ id: 'r-1', account: OTHER });
    await dispatch({ id: 'r-1', account: OTHER, trigger: 'on_demand' }, { sentAt: NOON + 7 * MINUTE });

    expect(sent().map(({ scheduledTime }) => scheduledTime)).toEqual([iso(NOON), iso(NOON)]);
  });

  it('refuses another request with the id of one that was dispatched, and keeps the first', async () => {
    const { dispatch, requests, sent } = await aWorld();
    await dispatch({ id: 'r-1', account: OTHER, hosts: ['i-1'] });

    expect(await dispatch({ id: 'r-1', account: OTHER, hosts: ['i-2'] })).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(/^id: r-1 was the id of another request/),
    });

    expect(sent()).toHaveLength(1);
    expect((await requests.read(KEY))?.dispatched).toMatchObject({ outcome: 'dispatched', sentAt: NOON });
  });

  it('takes a corrected request with the id of one that was refused', async () => {
    const { dispatch } = await aWorld();
    await dispatch({ id: 'r-1', account: '999900001111' });

    expect(await dispatch({ id: 'r-1', account: OTHER })).toMatchObject({ kind: 'dispatched', sent: 1 });
  });

  it('is written before a message is sent, so that nobody waits for a request that is unknown', async () => {
    const world = await aWorld();
    world.queues.aws.down = true;

    await expect(world.dispatch({ id: 'r-1' })).rejects.toThrow(DeliveryError);

    expect((await world.requests.read(KEY))?.dispatched?.outcome).toBe('dispatched');
  });

  it('fails the dispatch where it cannot be written', async () => {
    const { ports, sent } = await aWorld();
    const requests = { ...ports.requests, putDispatched: () => Promise.reject(new StoreError('the table is down')) };
    const times = { sentAt: NOON, now: NOON, deliveryId: 'd' };

    const dispatched = dispatchRequest({ version: 1, tenant: 'acme' }, times, { ...ports, requests });

    await expect(dispatched).rejects.toThrow('the table is down');
    expect(sent()).toEqual([]);
  });
});

function iso(time: number): string {
  return new Date(time).toISOString();
}
