/** What the function on-scaling does with events: it keeps them, and has new hosts compared at four ages. */
import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it } from 'vitest';
import { MOST_CHECKS_A_DAY } from '../../core/inspection/schedule-checks.ts';
import type { InspectionRequest } from '../../core/model/message.ts';
import { inspectionRequestSchema } from '../../core/model/message.ts';
import type { ScalingEvent } from '../../core/model/scaling-event.ts';
import type { Scope } from '../../core/model/series.ts';
import { SchedulerError } from '../../core/ports/errors.ts';
import type { MetricValues } from '../../functions/metrics.ts';
import { onScalingMessages } from '../../functions/on-scaling-messages.ts';
import { aScalingEvent } from '../contract/scaling-log.ts';
import { anAccount, aTenantConfig, HOUR, MINUTE, NOON } from '../fixtures/builders.ts';
import { anAutoScalingEvent } from '../fixtures/scaling-events.ts';
import { createMemoryQueue } from '../memory/messaging.ts';
import { createMemoryConfigStore, createMemoryScalingLog } from '../memory/stores.ts';
import { anSqsEvent } from './pipeline.ts';

const NOTHING_FAILED = { batchItemFailures: [] };
const SCOPE: Scope = { provider: 'aws', account: '111122223333', region: 'eu-west-1' };

async function aFunction(now = NOON + 5 * MINUTE) {
  const configs = createMemoryConfigStore();
  await configs.put(aTenantConfig({ tenant: 'acme' }), 0, 'external', NOON);
  const log = createMemoryScalingLog(() => now);
  const sent = new Map<string, { at: number; request: InspectionRequest }>();
  const timer = {
    broken: false,
    async sendAt(at: number, request: InspectionRequest) {
      if (timer.broken) throw new SchedulerError('throttled');
      sent.set(JSON.stringify([at, request]), { at, request: inspectionRequestSchema.parse(request) });
    },
  };
  const deadLetters = createMemoryQueue();
  const logger = new Logger({ logLevel: 'SILENT' });
  const emitted: MetricValues[] = [];
  const handleAt = (at: number, ...events: unknown[]) =>
    onScalingMessages(anSqsEvent(...events.map((event) => JSON.stringify(event))), {
      ports: { configs, log, timer, deadLetters },
      logger,
      metrics: (values) => void emitted.push(values),
      now: at,
    });
  const handle = (...events: unknown[]) => handleAt(now, ...events);
  const kept = (tenant = 'acme', scope = SCOPE) => Array.fromAsync(log.list(tenant, scope, 'web', 0));
  return { configs, deadLetters, timer, handle, kept, emitted, handleAt, sent: () => [...sent.values()] };
}

const launchAt = (minutes: number, id = `launch-${minutes}`) =>
  anAutoScalingEvent({ id, time: new Date(NOON + minutes * MINUTE).toISOString() });

describe('a launch', () => {
  it('is kept, and has the new hosts of its group compared at four ages, the third within three hours', async () => {
    const { handle, kept, sent } = await aFunction();

    expect(await handle(launchAt(3))).toEqual(NOTHING_FAILED);

    expect(await kept()).toMatchObject([{ kind: 'launched', hosts: ['i-1234567890abcdef0'] }]);
    // From the end of slots of half an hour, an hour, half an hour and three hours.
    expect(sent().map(({ at }) => (at - NOON) / HOUR)).toEqual([0.5 + 0.5, 1 + 1, 0.5 + 2.5, 3 + 9]);
    expect(sent()[0]?.request).toEqual({
      version: 1,
      tenant: 'acme',
      provider: 'aws',
      account: '111122223333',
      regions: ['eu-west-1'],
      trigger: 'scaling',
      scheduledTime: new Date(NOON + HOUR).toISOString(),
      scaling: { group: 'web', at: new Date(NOON).toISOString() },
    });
  });

  it('causes one set of comparisons with the others of its group within half an hour, in whichever order they come', async () => {
    const { handle, kept, sent } = await aFunction(NOON + 29 * MINUTE);

    await handle(launchAt(8), launchAt(1));
    await handle(launchAt(0), launchAt(29.9));

    expect(await kept()).toHaveLength(4);
    expect(sent()).toHaveLength(4);
  });

  it('causes another set for another group, and for one that launches again hours later', async () => {
    const { handle, sent } = await aFunction(NOON + 3.5 * HOUR);
    const { detail } = anAutoScalingEvent();
    const later = launchAt(185);

    await handle(later, launchAt(205), { ...later, detail: { ...detail, AutoScalingGroupName: 'api' } });
    await handle({ ...launchAt(29), time: new Date(NOON - 2 * HOUR).toISOString() });

    expect(sent().filter(({ request }) => request.scaling?.group === 'api')).toHaveLength(4);
    expect(sent()).toHaveLength(4 + 4 + 1);
  });

  it('of a group that scales all day causes a bounded number of comparisons', async () => {
    const { handleAt, sent } = await aFunction();
    const midnight = NOON - 12 * HOUR;

    for (let minute = 0; minute < 24 * 60; minute += 2)
      await handleAt(midnight + minute * MINUTE, launchAt(minute - 12 * 60));

    expect(sent()).toHaveLength(MOST_CHECKS_A_DAY);
    expect(MOST_CHECKS_A_DAY).toBe(128);
  });

  it('is harmless when it is delivered again', async () => {
    const { handle, kept, sent } = await aFunction();
    await handle(launchAt(3));

    await handle(launchAt(3), launchAt(3));

    expect(await kept()).toHaveLength(1);
    expect(sent()).toHaveLength(4);
  });

  it('has its comparisons requested by the next delivery where the timer failed', async () => {
    const { handle, sent, timer } = await aFunction();
    timer.broken = true;

    expect(await handle(launchAt(3))).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    timer.broken = false;
    await handle(launchAt(3));

    expect(sent()).toHaveLength(4);
  });

  it('that comes late is compared at the ages that are still to come', async () => {
    const { handle, sent } = await aFunction(NOON + 2 * HOUR);

    await handle(launchAt(3));

    expect(sent()).toHaveLength(2);
  });

  it('is recorded for every tenant that has the account, and for no other', async () => {
    const { handle, kept, sent, configs } = await aFunction();
    await configs.put(aTenantConfig({ tenant: 'globex' }), 0, 'external-2', NOON);
    const role = 'arn:aws:iam::999922223333:role/plimsoll-reader';
    const accounts = [anAccount({ account: '999922223333', role })];
    await configs.put(aTenantConfig({ tenant: 'initech', accounts }), 0, 'external-3', NOON);

    await handle(launchAt(3));

    const tenants = ['acme', 'globex', 'initech'];
    expect(await Promise.all(tenants.map(async (tenant) => (await kept(tenant)).length))).toEqual([1, 1, 0]);
    expect(new Set(sent().map(({ request }) => request.tenant))).toEqual(new Set(['acme', 'globex']));
  });

  it('is kept and compared with nothing where the policy turns that off', async () => {
    const { handle, kept, sent, configs } = await aFunction();
    await configs.put(aTenantConfig({ policy: { early: 'off' } }), 1, 'external', NOON);

    await handle(launchAt(3));

    expect(await kept()).toHaveLength(1);
    expect(sent()).toEqual([]);
  });

  it.each([
    ['a region that is not inspected', {}, { region: 'eu-west-2' }],
    ['a disabled account', { accounts: [anAccount({ enabled: false })] }, {}],
    ['a disabled tenant', { enabled: false }, {}],
  ])('in %s is ignored', async (_, config, overrides) => {
    const { handle, kept, sent, configs, deadLetters } = await aFunction();
    await configs.put(aTenantConfig(config), 1, 'external', NOON);

    await handle({ ...launchAt(3), ...overrides });

    expect([await kept(), sent(), deadLetters.rejected]).toEqual([[], [], []]);
  });
});

describe('other events of a group', () => {
  it.each(['EC2 Instance Terminate Successful', 'EC2 Auto Scaling Instance Refresh Started'])(
    'such as %s are kept, and cause no comparison',
    async (type) => {
      const { handle, kept, sent } = await aFunction();

      await handle({ ...launchAt(3), 'detail-type': type });

      expect(await kept()).toHaveLength(1);
      expect(sent()).toEqual([]);
    },
  );

  it('that are not recorded are dropped', async () => {
    const { handle, kept, deadLetters } = await aFunction();

    await handle({ ...launchAt(3), 'detail-type': 'EC2 Instance-launch Lifecycle Action' });

    expect([await kept(), deadLetters.rejected]).toEqual([[], []]);
  });
});

describe('an event that was received over HTTP', () => {
  const project = { provider: 'gcp', account: 'acme-shop-123456', regions: ['europe-west1', 'us-east1'] };
  const serviceAccount = 'plimsoll@acme-shop-123456.iam.gserviceaccount.com';
  const identity = { projectNumber: '123456789012', pool: 'plimsoll', provider: 'plimsoll-aws', serviceAccount };
  const resized: ScalingEvent = aScalingEvent({
    ...SCOPE,
    ...{ provider: 'gcp', account: project.account },
    kind: 'resized',
  });

  it('is of its tenant alone', async () => {
    const { handle, kept, configs, sent } = await aFunction();
    const accounts = [{ ...project, identity }];
    await configs.put(aTenantConfig({ accounts }), 1, 'external', NOON);
    await configs.put(aTenantConfig({ tenant: 'globex', accounts }), 0, 'external-2', NOON);

    await handle({ ...resized, region: 'us-east1' });

    const scope: Scope = { provider: 'gcp', account: project.account, region: 'us-east1' };
    expect([await kept('acme', scope), await kept('globex', scope)]).toMatchObject([[{ tenant: 'acme' }], []]);
    expect(sent()).toMatchObject(new Array(4).fill({ request: { regions: ['us-east1'] } }));
  });

  it('without a region has all regions of its account looked at', async () => {
    const { handle, configs, sent } = await aFunction();
    await configs.put(aTenantConfig({ accounts: [{ ...project, identity }] }), 1, 'external', NOON);

    await handle({ ...resized, region: null });

    expect(sent()[0]?.request.regions).toEqual(['europe-west1', 'us-east1']);
  });
});

describe('an event of an account that no tenant has', () => {
  it.each([
    ['of a stranger', { ...launchAt(3), account: '999988887777' }],
    ['of a tenant that has not the account', aScalingEvent({ account: '999988887777' })],
    ['of a tenant that has left', aScalingEvent({ tenant: 'nobody' })],
  ])('(%s) is counted, and put aside for nobody', async (_, event) => {
    const { handle, sent, deadLetters, emitted } = await aFunction();

    expect(await handle(event)).toEqual(NOTHING_FAILED);

    expect(emitted).toEqual([{ UnknownAccounts: 1 }]);
    expect([deadLetters.rejected, sent()]).toEqual([[], []]);
  });
});

describe('what nobody can use', () => {
  it.each([
    ['an event of somebody else', { ...launchAt(3), source: 'acme.autoscaling' }, /source/],
    ['a time that has not come', launchAt(120), /ahead of the clock/],
    ['an event of no form', { hello: 'world' }, /version/],
  ])('as %s is put aside with the reason', async (_, event, reason) => {
    const { handle, sent, deadLetters } = await aFunction();

    expect(await handle(event)).toEqual(NOTHING_FAILED);

    expect(deadLetters.rejected).toEqual([{ body: JSON.stringify(event), reason: expect.stringMatching(reason) }]);
    expect(sent()).toEqual([]);
  });
});
