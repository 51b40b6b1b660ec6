/**
 * What a session of the API reaches, by every key that any store writes: its own tenant's, and of another tenant nothing. A function
 * that is added to one of the files of keys has to be added here.
 */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type SessionUse, type TenantResources, tenantPolicy } from '../../../adapters/aws/tenant-policy.ts';
import * as tableKeys from '../../../adapters/dynamodb/keys.ts';
import * as objectKeys from '../../../adapters/s3/keys.ts';
import type { IncidentKey } from '../../../core/model/incident.ts';
import { aGrant } from '../../contract/access-store.ts';
import { anIncidentKey, NOON } from '../../fixtures/builders.ts';
import { aRunRef } from '../../fixtures/result-lines.ts';

/** The longest names that there are, so that the policy is as long as it gets. */
const ACCOUNT = '111122223333';
const REGION = 'ap-southeast-1';
const STAGE = 'abcdefghijklmnop';

function resourcesIn(partition: string): TenantResources {
  const arn = (service: string, rest: string) => `arn:${partition}:${service}:${REGION}:${ACCOUNT}:${rest}`;
  return {
    tableArn: arn('dynamodb', `table/plimsoll-${STAGE}-Table-1ABCDEFGHIJKL`),
    configsTableArn: arn('dynamodb', `table/plimsoll-${STAGE}-ConfigsTable-1ABCDEFGHIJKL`),
    bucketArn: `arn:${partition}:s3:::plimsoll-${STAGE}-resultsbucket-1abcdefghijkl`,
    keyArn: arn('kms', 'key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f'),
    topicArnPrefix: arn('sns', `plimsoll-${STAGE}_`),
    requestQueueArn: arn('sqs', `plimsoll-${STAGE}-requests`),
  };
}

const RESOURCES = resourcesIn('aws');
const USES = ['read', 'write', 'config'] as const satisfies SessionUse[];

const keysSchema = z.record(z.string(), z.array(z.string()));
const statementSchema = z.strictObject({
  Effect: z.literal('Allow'),
  Action: z.array(z.string()),
  Resource: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
  Condition: z
    .strictObject({
      'ForAllValues:StringLike': keysSchema.exactOptional(),
      StringLike: keysSchema.exactOptional(),
    })
    .optional(),
});
const policySchema = z.strictObject({ Version: z.literal('2012-10-17'), Statement: z.array(statementSchema) });

interface Asked {
  readonly action: string;
  readonly resource: string;
  /** By the name of the condition's key; absent where the request has none. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Decides as IAM does, for the operators that the policy has. */
function allows(policy: string, { action, resource, context = {} }: Asked): boolean {
  return policySchema.parse(JSON.parse(policy)).Statement.some(({ Action, Resource, Condition = {} }) => {
    const isMet = Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys ?? {}).every(([key, patterns]) => {
        const value = context[key];
        // Of no values all are alike; `StringLike` does not hold where the request does not have the key.
        if (value === undefined) return operator.startsWith('ForAllValues:');
        return patterns.some((pattern) => isLike(value, pattern));
      }),
    );
    return isMet && Action.some((one) => isLike(action, one)) && Resource.some((one) => isLike(resource, one));
  });
}

function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}

type Named<Module, Result> = {
  [Name in keyof Module as Module[Name] extends (...given: never[]) => Result ? Name : never]: string;
};

/** Partitions of the table, and of its indexes, that hold what is one tenant's, by the function that makes the key. */
function partitionsOf(tenant: string) {
  const key: IncidentKey = anIncidentKey({ tenant });
  const run = aRunRef({ tenant });
  const { scope } = run;
  return {
    incidentKey: tableKeys.incidentKey(key).pk,
    runKey: tableKeys.runKey(tenant, scope, NOON).pk,
    shardKey: tableKeys.shardKey(run, 1).pk,
    readsKey: tableKeys.readsKey(tenant, '2026-11').pk,
    requestedKey: tableKeys.requestedKey(tenant, 'id').pk,
    requestKey: tableKeys.requestKey(tenant, 'id').pk,
    resultKey: tableKeys.resultKey(tenant, 'id', scope).pk,
    healthKey: tableKeys.healthKey(tenant, scope).pk,
    watchKey: tableKeys.watchKey(tenant).pk,
    capKey: tableKeys.capKey(tenant).pk,
    spendKey: tableKeys.spendKey(tenant, { month: '2026-11', request: 'id', scope }).pk,
    jobSpendKey: tableKeys.jobSpendKey(tenant, { month: '2026-11', scope, job: 'resident' }).pk,
    deliveryKey: tableKeys.deliveryKey(tenant, 'event', 'receiver').pk,
    progressKey: tableKeys.progressKey(tenant, 'receiver', 'subject').pk,
    receiverStatusKey: tableKeys.receiverStatusKey(tenant, 'receiver').pk,
    notifyTestKey: tableKeys.notifyTestKey(tenant).pk,
    scalingKey: tableKeys.scalingKey({ ...scope, tenant, group: 'web', time: NOON, id: 'id' }).pk,
    tenantItemKey: tableKeys.tenantItemKey(tableKeys.MUTES, { tenant, id: 'id' }).pk,
    tenantPartition: tableKeys.tenantPartition(tenant),
    incidentsPartition: tableKeys.incidentsPartition(tenant, 'open'),
    eventsPartition: tableKeys.eventsPartition(tenant, '2026-11'),
    openPartition: tableKeys.openPartition(tenant, scope),
  };
}

/** Of the table of configs. */
function configPartitionsOf(tenant: string) {
  return {
    configKey: tableKeys.configKey(tenant, 1).pk,
    externalIdKey: tableKeys.externalIdKey(tenant).pk,
  };
}

/** What no session reaches, or what only the writing of a config does: it is of all tenants. */
function sharedPartitions(tenant: string) {
  return {
    openRunKey: tableKeys.openRunKey(aRunRef({ tenant })).pk,
    granteePrefix: tableKeys.granteePrefix(aGrant()).pk,
    grantKey: tableKeys.grantKey(aGrant({ tenant })).pk,
    tenantGrantKey: tableKeys.tenantGrantKey({ tenant, id: 'id' }).pk,
    tenantGrantsPartition: tableKeys.tenantGrantsPartition(tenant),
  };
}

/** In one partition for all tenants, of which a session needs its own line or what all begin with. */
const ELSEWHERE = { defaultsKey: tableKeys.DEFAULTS, deletedKey: tableKeys.DELETED, accountPartition: 'ACCOUNT#aws#1' };

/** What begins sort keys, makes ids, or turns a key into words. */
type NoKey =
  | 'incidentPrefix'
  | 'eventPrefix'
  | 'runPrefix'
  | 'openRunPrefix'
  | 'shardPrefix'
  | 'spendPrefix'
  | 'jobSpendPrefix'
  | 'deliveryPrefix'
  | 'progressPrefix'
  | 'scalingPrefix'
  | 'hashOf'
  | 'grantIdOf'
  | 'tenantOfConfigKey';

type KeyMaker = keyof Named<typeof tableKeys, tableKeys.Key | string>;
type Covered =
  | keyof ReturnType<typeof partitionsOf>
  | keyof ReturnType<typeof configPartitionsOf>
  | keyof ReturnType<typeof sharedPartitions>
  | keyof typeof ELSEWHERE
  | NoKey;

/** Does not compile where a function makes keys that nothing here tries. */
const ALL_ARE_COVERED: [Exclude<KeyMaker, Covered>] extends [never] ? true : Exclude<KeyMaker, Covered> = true;

/** Partitions of indexes, which nothing is written to. */
const INDEXED = ['incidentsPartition', 'eventsPartition', 'openPartition'];

/** A tenant whose id begins as the other's: a pattern that is too wide reaches it. */
const OWN = 'acme';
const OTHERS = ['acme-2', 'acm', 'globex'];

const TABLES = [
  RESOURCES.tableArn,
  ...['open', 'pending', 'incidents'].map((name) => `${RESOURCES.tableArn}/index/${name}`),
  RESOURCES.configsTableArn,
];
const ACTIONS = [
  'GetItem',
  'Query',
  'PutItem',
  'DeleteItem',
  'UpdateItem',
  'BatchGetItem',
  'Scan',
  'PartiQLSelect',
].map((name) => `dynamodb:${name}`);

/** Actions that a session may use on a partition, whichever table or index. */
function actionsOn(policy: string, partition: string, tables = TABLES): string[] {
  const context = { 'dynamodb:LeadingKeys': partition };
  return ACTIONS.filter((action) => tables.some((resource) => allows(policy, { action, resource, context })));
}

describe.each(USES)('a session of the API that may %s', (use) => {
  const policy = tenantPolicy(OWN, use, RESOURCES);

  it('is tried with every function that makes a key', () => {
    expect(ALL_ARE_COVERED).toBe(true);
  });

  it.each(Object.entries(partitionsOf(OWN)))('reaches what %s names of its own tenant', (name, partition) => {
    const written = use === 'read' || INDEXED.includes(name) ? [] : ['dynamodb:PutItem', 'dynamodb:DeleteItem'];

    const found = actionsOn(policy, partition, [RESOURCES.tableArn, `${RESOURCES.tableArn}/index/incidents`]);
    expect(found).toEqual(['dynamodb:GetItem', 'dynamodb:Query', ...written]);
  });

  it.each(Object.entries(configPartitionsOf(OWN)))(
    'reaches what %s names of its own tenant in the configs',
    (_, partition) => {
      const written = use === 'config' ? ['dynamodb:PutItem'] : [];

      expect(actionsOn(policy, partition, [RESOURCES.configsTableArn])).toEqual([
        'dynamodb:GetItem',
        'dynamodb:Query',
        ...written,
      ]);
    },
  );

  it.each(
    OTHERS.flatMap((tenant) =>
      Object.entries({ ...partitionsOf(tenant), ...configPartitionsOf(tenant), ...sharedPartitions(tenant) }).map(
        ([name, partition]) => [tenant, name, partition] as const,
      ),
    ),
  )('reaches nothing of %s by %s', (_, __, partition) => {
    expect(actionsOn(policy, partition)).toEqual([]);
  });

  it('reads what is granted to nobody, its own tenant’s grants included', () => {
    expect(Object.values(sharedPartitions(OWN)).flatMap((partition) => actionsOn(policy, partition))).toEqual([]);
  });

  it('reads the defaults, and for a config alone whether an id is free; only then it writes lists, without reading them', () => {
    const written = use === 'config' ? ['dynamodb:PutItem'] : [];

    expect(actionsOn(policy, ELSEWHERE.defaultsKey)).toEqual(['dynamodb:GetItem', 'dynamodb:Query']);
    expect(actionsOn(policy, ELSEWHERE.deletedKey)).toEqual(use === 'config' ? ['dynamodb:GetItem'] : []);
    expect(actionsOn(policy, tableKeys.TENANTS)).toEqual(written);
    expect(actionsOn(policy, ELSEWHERE.accountPartition)).toEqual(written);
  });

  it('scans nothing', () => {
    const scans = TABLES.filter((resource) => allows(policy, { action: 'dynamodb:Scan', resource }));

    expect(scans).toEqual([]);
  });

  it('reads the results of its own tenant alone, for a config not even these, and writes none', () => {
    const may = (action: string, key: string) =>
      allows(policy, { action: `s3:${action}`, resource: `${RESOURCES.bucketArn}/${key}` });

    const own = Object.values(objectsOf(OWN)).map((key) => may('GetObject', key));
    expect(own).toEqual(own.map(() => use !== 'config'));
    for (const tenant of OTHERS)
      for (const key of Object.values(objectsOf(tenant))) expect([key, may('GetObject', key)]).toEqual([key, false]);
    for (const action of ['PutObject', 'DeleteObject', 'GetObjectVersion'])
      expect(Object.values(objectsOf(OWN)).filter((key) => may(action, key))).toEqual([]);
    expect(may('GetObject', objectKeys.workKey(aRunRef({ tenant: OWN }), 'plan/1'))).toBe(false);
  });

  it('lists objects of its own tenant alone', () => {
    const lists = (prefix: string) =>
      allows(policy, { action: 's3:ListBucket', resource: RESOURCES.bucketArn, context: { 's3:prefix': prefix } });

    expect(lists(objectKeys.tenantFolder('heads', OWN))).toBe(use !== 'config');
    expect(OTHERS.map((tenant) => lists(objectKeys.tenantFolder('heads', tenant)))).toEqual([false, false, false]);
    expect(['', 'heads/', 'heads/tenant='].map(lists)).toEqual([false, false, false]);
    expect(allows(policy, { action: 's3:ListBucket', resource: RESOURCES.bucketArn })).toBe(false);
  });

  it('reaches the topics of its own tenant alone, and publishes nothing', () => {
    const on = (tenant: string, action: string) =>
      allows(policy, { action: `sns:${action}`, resource: RESOURCES.topicArnPrefix + tenant });

    expect(on(OWN, 'ListSubscriptionsByTopic')).toBe(true);
    expect([on(OWN, 'CreateTopic'), on(`${OWN}_chat`, 'CreateTopic')]).toEqual(
      use === 'config' ? [true, true] : [false, false],
    );
    expect([OWN, ...OTHERS].filter((tenant) => on(tenant, 'Publish') || on(tenant, 'DeleteTopic'))).toEqual([]);
    expect(OTHERS.filter((tenant) => on(tenant, 'ListSubscriptionsByTopic') || on(tenant, 'Subscribe'))).toEqual([]);
  });

  it('requests inspections where it writes what is no config', () => {
    expect(allows(policy, { action: 'sqs:SendMessage', resource: RESOURCES.requestQueueArn })).toBe(use === 'write');
  });
});

/** Objects that the API reads. */
function objectsOf(tenant: string) {
  const run = aRunRef({ tenant });
  const { day, folder } = objectKeys.folderOf(run);
  return {
    shard: objectKeys.shardKey(run, 1),
    head: objectKeys.headKey(run),
    merged: `${objectKeys.dayFolder('results', tenant, day)}${folder}/merged.ndjson.gz`,
  };
}

describe('the policy of a session', () => {
  it.each(USES.flatMap((use) => ['aws', 'aws-us-gov', 'aws-cn'].map((partition) => [use, partition] as const)))(
    'to %s has the characters that STS takes in %s, with the longest names',
    (use, partition) => {
      const policy = tenantPolicy('a'.repeat(40), use, resourcesIn(partition));

      expect(policy.length).toBeLessThanOrEqual(2048);
    },
  );
});
