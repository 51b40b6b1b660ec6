/** What bench/fleet.ts needs around the function, in a process of its own: CloudWatch, and the deployment's tables, bucket and topics. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { parseTenantConfig } from '../core/tenants/tenant-config.ts';
import { deploy } from '../sandbox/deployment.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { listen } from '../sandbox/wire/listen.ts';
import { createFleetServer } from './fleet-cloudwatch.ts';

export const TENANT = 'fleet';
export const REGION = 'eu-west-1';
export const NOON = Date.UTC(2026, 10, 20, 12);

/** A tenant has at most so many accounts. */
export const MOST_ACCOUNTS = 1_000;

export const accountOf = (index: number): string => String(200_000_000_000 + index);

export interface FleetClouds extends AsyncDisposable {
  /** Of the function. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of CloudWatch. */
  readonly url: string;
}

const startedSchema = z.object({ environment: z.record(z.string(), z.string()), url: z.string() });

export async function startFleetClouds(): Promise<FleetClouds> {
  const child = fork(fileURLToPath(import.meta.url));
  const [message] = await once(child, 'message');
  return {
    ...startedSchema.parse(message),
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** Ends when the parent disconnects. */
async function serve(): Promise<void> {
  const sandbox = await startSandbox({ fleet: { asOf: NOON, tenants: [], refusing: [], hosts: [] } });
  const { environment, environmentOf, dynamodb: client } = await deploy(sandbox);
  const accounts = Array.from({ length: MOST_ACCOUNTS }, (_, index) => ({
    provider: 'aws',
    account: accountOf(index),
    regions: [REGION],
    role: `arn:aws:iam::${accountOf(index)}:role/plimsoll-reader`,
  }));
  const config = parseTenantConfig({ version: 1, tenant: TENANT, accounts });
  await createConfigStore({ client, table: environment.CONFIGS_TABLE }).put(config, 0, 'an-external-id', NOON);
  const port = await listen(createFleetServer());
  process.send?.({ environment: environmentOf('aws'), url: `http://127.0.0.1:${port}` });
  await once(process, 'disconnect');
  await sandbox.close();
  process.exit(0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serve();
