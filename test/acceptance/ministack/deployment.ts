/** The deployed service as its operator sees it: its addresses, its stores, and requests of inspections. */

import { randomUUID } from 'node:crypto';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../../../adapters/dynamodb/deleted-tenants.ts';
import { createIncidentStore } from '../../../adapters/dynamodb/incident-store.ts';
import { createRunLog } from '../../../adapters/dynamodb/run-log.ts';
import { createPublisher } from '../../../adapters/sns/publisher.ts';
import type { Incident } from '../../../core/model/incident.ts';
import type { RunSummary } from '../../../core/model/run.ts';
import type { Versioned } from '../../../core/ports/conditional-put.ts';
import { putTenant } from '../../../core/tenants/put-tenant.ts';
import { type Clients, clientsOf, HOME, HOST_REGION, rootOf, STAGE } from './ministack.ts';
import { type Outputs, outputsOf } from './stack.ts';
import { onboard } from './tenant-account.ts';

export interface Deployment {
  readonly stack: string;
  readonly outputs: Outputs;
  /** Everything is allowed to them. */
  readonly root: Clients;
  topicOf(tenant: string): string;
  /** Puts a tenant with one account, which trusts the tenant's external id or another. Resolves to the tenant's. */
  connect(tenant: string, account: string, options?: ConnectOptions): Promise<string>;
  /** Puts a tenant with one account, read by this role. */
  put(tenant: string, account: string, role: string, externalId?: string): Promise<void>;
  /** The role that `connect` makes in the tenant's account. */
  roleOf(tenant: string, account: string): string;
  /** Makes the tenant's topic where it is not there. */
  makeTopic(tenant: string): Promise<unknown>;
  /** Runs a deployed function and resolves to its result. Rejects with the function's error. */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** Sends a request and resolves when it was sent. */
  request(body: unknown, queue?: string): Promise<void>;
  openIncidents(tenant: string, account: string): Promise<Versioned<Incident>[]>;
  putIncident(incident: Versioned<Incident>): Promise<void>;
  newestRun(tenant: string, account: string): Promise<RunSummary | undefined>;
}

export interface ConnectOptions {
  /** What the account's role expects. */
  readonly trusted?: string;
}

export async function findDeployment(stage = STAGE): Promise<Deployment> {
  const root = clientsOf(rootOf(HOME));
  const stack = `plimsoll-${stage}`;
  const outputs = await outputsOf(root, stack);
  const output = (name: string) => z.string({ error: `the stack has no output ${name}` }).parse(outputs[name]);
  const { dynamodb: client, sns, sqs } = root;
  const publisher = createPublisher({ client: sns, topicArnPrefix: output('TopicArnPrefix') });
  const configs = createConfigStore({ client, table: output('ConfigsTableName') });
  const deleted = createDeletedTenants({ client, table: output('ConfigsTableName') });
  const incidents = createIncidentStore({ client, table: output('TableName') });
  const runs = createRunLog({ client, table: output('TableName') });
  const scope = (account: string) => ({ provider: 'aws', account, region: HOST_REGION }) as const;
  async function put(tenant: string, account: string, role: string, newExternalId = `plimsoll-${randomUUID()}`) {
    const config = { version: 1, tenant, accounts: [{ provider: 'aws', account, regions: [HOST_REGION], role }] };
    await putTenant(config, { configs, publisher, deleted }, { newExternalId, now: Date.now() });
  }

  return {
    stack,
    outputs,
    root,
    topicOf: (tenant) => `${output('TopicArnPrefix')}${tenant}`,
    async connect(tenant, account, { trusted } = {}) {
      const externalId = `plimsoll-${randomUUID()}`;
      const role = `plimsoll-${tenant}`;
      const arn = await onboard({ account, externalId: trusted ?? externalId, stack: role, role });
      await put(tenant, account, arn, externalId);
      return externalId;
    },
    put,
    roleOf: (tenant, account) => `arn:aws:iam::${account}:role/plimsoll-${tenant}`,
    makeTopic: (tenant) => publisher.ensureTopic(tenant),
    async invoke(name, event) {
      const { Payload, FunctionError } = await root.lambda.send(
        new InvokeCommand({ FunctionName: `${stack}-${name}`, Payload: JSON.stringify(event) }),
      );
      const text = new TextDecoder().decode(Payload);
      if (FunctionError !== undefined) throw new Error(`${name} failed: ${text}`);
      return JSON.parse(text);
    },
    async request(body, queue = 'InspectAwsQueueUrl') {
      await sqs.send(new SendMessageCommand({ QueueUrl: output(queue), MessageBody: JSON.stringify(body) }));
    },
    openIncidents: (tenant, account) => Array.fromAsync(incidents.open(tenant, scope(account))),
    async putIncident({ value, version }) {
      await incidents.put(value, version);
    },
    newestRun: async (tenant, account) => (await runs.newest(tenant, scope(account), 1))[0],
  };
}
