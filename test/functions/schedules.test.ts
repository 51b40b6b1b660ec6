/** The functions that put schedules right, over the sandbox: configs in the table, schedules of EventBridge Scheduler. */
import type { DynamoDBRecord } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../adapters/dynamodb/config-store.ts';
import { configKey } from '../../adapters/dynamodb/keys.ts';
import type { TenantConfig } from '../../core/model/tenant.ts';
import type { ConfigStore } from '../../core/ports/config-store.ts';
import { handler as applySchedules } from '../../functions/apply-schedules.ts';
import { schedulesVariables } from '../../functions/environment.ts';
import { handler as reconcileSchedules } from '../../functions/reconcile-schedules.ts';
import type { SandboxSchedule } from '../../sandbox/aws/scheduler-endpoint.ts';
import { type Deployment, deploy } from '../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { aTenantConfig, NOON } from '../fixtures/builders.ts';

const GROUP = 'plimsoll-sandbox';
const CONTEXT = { getRemainingTimeInMillis: () => 300_000 };
const ACCOUNTS = ['111111111111', '222222222222', '333333333333'] as const;

let sandbox: Sandbox;
let deployment: Deployment;
let configs: ConfigStore;
let schedules: Map<string, SandboxSchedule>;
let tenants = 0;
let tenant: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
  Object.assign(process.env, deployment.environment, {
    SCHEDULE_GROUP: GROUP,
    SCHEDULE_ROLE_ARN: 'arn:aws:iam::000000000000:role/plimsoll-schedules',
    REQUEST_QUEUE_ARN: 'arn:aws:sqs:eu-west-1:000000000000:requests',
    SCHEDULE_DEAD_LETTER_ARN: 'arn:aws:sqs:eu-west-1:000000000000:schedules-dead',
  });
  configs = createConfigStore({ client: deployment.dynamodb, table: deployment.environment.CONFIGS_TABLE });
  schedules = sandbox.putScheduleGroup(GROUP);
});
beforeEach(() => {
  tenant = `tenant-${++tenants}`;
  sandbox.calls.clear();
});
afterEach(() => sandbox.liftFaults());
afterAll(() => sandbox.close());

interface Plan {
  readonly cron?: string;
  readonly enabled?: boolean;
  readonly accounts?: readonly string[];
}

/** Saves a config with these accounts as the newest version. */
async function save({ cron = '0 * * * *', enabled = true, accounts = ACCOUNTS }: Plan = {}): Promise<number> {
  const version = (await configs.get(tenant))?.version ?? 0;
  const config = aTenantConfig({ tenant, enabled });
  const [template] = config.accounts;
  if (template?.provider !== 'aws') throw new Error('the builder makes an account of AWS');
  const made: TenantConfig['accounts'] = accounts.map((account) => ({
    ...template,
    account,
    role: `arn:aws:iam::${account}:role/plimsoll-reader`,
    schedule: { cron, timezone: 'Europe/Berlin' },
  }));
  await configs.put({ ...config, accounts: made }, version, 'external', NOON);
  return version + 1;
}

/** As Lambda hands it over: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
function aRecord(version: number, eventName: 'INSERT' | 'REMOVE' = 'INSERT', of = tenant): DynamoDBRecord {
  const { pk, sk } = configKey(of, version);
  return {
    eventID: `${of}-${version}-${eventName}`,
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-west-1',
    dynamodb: {
      ApproximateCreationDateTime: NOON / 1000,
      Keys: { pk: { S: pk }, sk: { S: sk } },
      SequenceNumber: `4000000000000000000${of.length}${version}`,
      SizeBytes: 40,
      StreamViewType: 'KEYS_ONLY',
    },
    eventSourceARN:
      'arn:aws:dynamodb:eu-west-1:000000000000:table/plimsoll-sandbox-configs/stream/2026-11-20T12:00:00.000',
  };
}

function expressionsOf(of = tenant): string[] {
  return [...schedules]
    .filter(([name]) => name.startsWith(`${of}.`))
    .map(([, schedule]) => schedule.ScheduleExpression);
}

function writes(): number {
  const { calls } = sandbox;
  return calls.count('scheduler', 'CreateSchedule') + calls.count('scheduler', 'DeleteSchedule');
}

describe('apply-schedules', () => {
  it('makes a schedule for each account of a config that was saved', async () => {
    const version = await save();

    const response = await applySchedules({ Records: [aRecord(version)] }, CONTEXT);

    expect(response).toEqual({ batchItemFailures: [] });
    expect(expressionsOf()).toEqual(Array(3).fill('cron(0 * * * ? *)'));
  });

  it('reconciles a tenant once for records that come twice and in disorder', async () => {
    for (const cron of ['0 * * * *', '15 * * * *', '30 * * * *']) await save({ cron });
    const disordered = [3, 1, 2, 1, 3].map((version) => aRecord(version));

    await applySchedules({ Records: disordered }, CONTEXT);
    await applySchedules({ Records: [aRecord(1)] }, CONTEXT);

    expect(expressionsOf()).toEqual(Array(3).fill('cron(30 * * * ? *)'));
    expect(writes()).toBe(3);
    expect(sandbox.calls.count('scheduler', 'ListSchedules')).toBe(2);
  });

  it('ends with the newest config when two were saved and applied at once', async () => {
    await applySchedules({ Records: [aRecord(await save())] }, CONTEXT);
    const version = (await configs.get(tenant))?.version ?? 0;
    const config = (await configs.get(tenant))?.config ?? aTenantConfig();
    const saved = await Promise.all(
      ['15', '30', '45'].map((minute) => {
        const accounts = config.accounts.map((account) => ({
          ...account,
          schedule: { ...account.schedule, cron: `${minute} * * * *` },
        }));
        return configs.put({ ...config, accounts }, version, 'external', NOON);
      }),
    );

    await Promise.all([1, 2, 3].map(() => applySchedules({ Records: [aRecord(version + 1)] }, CONTEXT)));

    expect(saved.filter((outcome) => outcome === 'stored')).toHaveLength(1);
    const newest = (await configs.get(tenant))?.config.accounts.map(({ schedule }) => schedule.cron.split(' ')[0]);
    expect(expressionsOf()).toEqual(newest?.map((minute) => `cron(${minute} * * * ? *)`));
  });

  it('removes the schedules of a tenant that is disabled, and of one whose config was removed', async () => {
    await applySchedules({ Records: [aRecord(await save())] }, CONTEXT);
    await applySchedules({ Records: [aRecord(await save({ enabled: false }))] }, CONTEXT);
    expect(expressionsOf()).toEqual([]);

    const name = `gone.${'a'.repeat(8)}.${'b'.repeat(14)}`;
    schedules.set(name, { ...A_SCHEDULE, Name: name });
    await applySchedules({ Records: [aRecord(1, 'REMOVE', 'gone')] }, CONTEXT);
    expect(expressionsOf('gone')).toEqual([]);
  });

  it('reports the records of a tenant as failed whose schedules are throttled, and those alone', async () => {
    const first = aRecord(await save());
    const throttledTenant = tenant;
    // Three accounts, each tried three times.
    sandbox.inject({ service: 'scheduler', action: 'CreateSchedule', kind: 'throttled', times: 9 });
    tenant = `${tenant}-other`;
    const second = aRecord(await save());

    const response = await applySchedules({ Records: [first, first, second] }, CONTEXT);

    const failed = { itemIdentifier: first.dynamodb?.SequenceNumber };
    expect(response.batchItemFailures).toEqual([failed, failed]);
    expect(expressionsOf(throttledTenant)).toEqual([]);
    expect(expressionsOf()).toHaveLength(3);

    expect(await applySchedules({ Records: [first] }, CONTEXT)).toEqual({ batchItemFailures: [] });
    expect(expressionsOf(throttledTenant)).toHaveLength(3);
  });

  it('writes what it can while one account is throttled', async () => {
    const record = aRecord(await save());
    sandbox.inject({ service: 'scheduler', action: 'CreateSchedule', kind: 'denied', times: 1 });

    const response = await applySchedules({ Records: [record] }, CONTEXT);

    expect(response.batchItemFailures).toHaveLength(1);
    expect(expressionsOf()).toHaveLength(2);
  });

  it('leaves a record behind that names no config, and does what the others of its batch request', async () => {
    const good = aRecord(await save());
    const keys = [
      { pk: { S: 'TENANTS' }, sk: { S: tenant } },
      { pk: { S: `T#${tenant}` }, sk: { S: 'EXTERNAL_ID' } },
      { pk: { S: 'T#../etc' }, sk: { S: 'CONFIG#0000000001' } },
      { pk: { S: `T#${'a'.repeat(41)}` }, sk: { S: 'CONFIG#0000000001' } },
      { pk: { S: 'x'.repeat(3_000) }, sk: { S: 'CONFIG#1' } },
      { pk: { N: '1' } },
      undefined,
    ];
    const bad = keys.map((Keys) => ({ ...good, dynamodb: { ...good.dynamodb, Keys } }));

    const response = await applySchedules({ Records: [...bad, good] }, CONTEXT);

    expect(response).toEqual({ batchItemFailures: [] });
    expect(expressionsOf()).toHaveLength(3);
  });

  it.each([[undefined], [{}], [{ Records: [{ eventSource: 'aws:sqs', body: '' }] }], [{ Records: 'many' }]])(
    'drops an event that is no batch of a stream: %j',
    async (event) => {
      expect(await applySchedules(event, CONTEXT)).toEqual({ batchItemFailures: [] });
      expect(sandbox.calls.calls).toEqual([]);
    },
  );

  it('reports its records as failed where no time is left, and is continued when they come again', async () => {
    const record = aRecord(await save());

    const late = await applySchedules({ Records: [record] }, { getRemainingTimeInMillis: () => 20_000 });

    expect(late.batchItemFailures).toHaveLength(1);
    expect(writes()).toBe(0);
    await applySchedules({ Records: [record] }, CONTEXT);
    expect(expressionsOf()).toHaveLength(3);
  });
});

describe('reconcile-schedules', () => {
  it('repairs drift both ways, states what it did, and writes nothing the next time', async () => {
    await save();
    await reconcileSchedules({}, CONTEXT);
    const [lost = ''] = [...schedules.keys()].filter((name) => name.startsWith(`${tenant}.`));
    schedules.delete(lost);
    const ofNobody = `nobody.${'a'.repeat(8)}.${'b'.repeat(14)}`;
    for (const name of [ofNobody, 'by-hand']) schedules.set(name, { ...A_SCHEDULE, Name: name });

    const report = await reconcileSchedules({}, CONTEXT);

    expect(report.put.count).toBe(1);
    expect(report.put.first[0]).toMatch(new RegExp(`^${tenant}/aws/\\d{12}$`));
    expect(report.removed).toEqual({ count: 2, first: expect.arrayContaining([ofNobody, 'by-hand']) });
    sandbox.calls.clear();
    await reconcileSchedules({}, CONTEXT);
    expect(writes()).toBe(0);
  });

  it('fails after it has done the rest, so that its alarm can see it', async () => {
    await reconcileSchedules({}, CONTEXT);
    await save();
    sandbox.inject({ service: 'scheduler', action: 'CreateSchedule', kind: 'denied', times: 1 });

    const run = reconcileSchedules({}, CONTEXT);

    await expect(run).rejects.toThrow(new RegExp(`1 failed: ${tenant}/aws/\\d{12}: .*AccessDenied`));
    expect(expressionsOf()).toHaveLength(2);
  });

  it('stops before its time is over, and the next run goes on', async () => {
    await reconcileSchedules({}, CONTEXT);
    sandbox.calls.clear();
    await save({ accounts: Array.from({ length: 60 }, (_, index) => `${100_000_000_000 + index}`) });
    let left = 300_000;
    const short = { getRemainingTimeInMillis: () => (left -= 10_000) };

    await expect(reconcileSchedules({}, short)).rejects.toThrow(/were left because the time was nearly over/);
    const done = expressionsOf().length;
    await reconcileSchedules({}, CONTEXT);

    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(60);
    expect(expressionsOf()).toHaveLength(60);
    expect(sandbox.calls.count('scheduler', 'CreateSchedule')).toBe(60);
  });

  it('removes nothing where the table does not answer', async () => {
    await save();
    await reconcileSchedules({}, CONTEXT);
    sandbox.inject({ service: 'dynamodb', kind: 'throttled' });

    await expect(reconcileSchedules({}, CONTEXT)).rejects.toThrow(/table/);

    expect(expressionsOf()).toHaveLength(3);
  });
});

describe('the variables of both', () => {
  it('are named in the error, every one that is missing or wrong', () => {
    expect(() => schedulesVariables({ AWS_REGION: 'eu-west-1', SCHEDULE_GROUP: 'a/b' })).toThrow(
      /CONFIGS_TABLE: [\s\S]*SCHEDULE_GROUP: must be the name[\s\S]*SCHEDULE_ROLE_ARN: [\s\S]*REQUEST_QUEUE_ARN: [\s\S]*SCHEDULE_DEAD_LETTER_ARN: /,
    );
  });
});

const A_SCHEDULE = {
  GroupName: GROUP,
  ScheduleExpression: 'cron(0 3 * * ? *)',
  ScheduleExpressionTimezone: 'UTC',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: {
    Arn: 'arn:aws:sqs:eu-west-1:000000000000:requests',
    RoleArn: 'arn:aws:iam::000000000000:role/plimsoll-schedules',
  },
} as const;
