/** The clouds for bench/pipeline.ts, in a process of their own. Run as a script it is that process. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../adapters/dynamodb/deleted-tenants.ts';
import { createPublisher } from '../adapters/sns/publisher.ts';
import { CLOUD_PROVIDERS, type CloudProvider } from '../core/model/series.ts';
import { putTenant } from '../core/tenants/put-tenant.ts';
import { deploy } from '../sandbox/deployment.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { uniformFleet } from '../sandbox/scenario/uniform-fleet.ts';

/** When the fleet is set. */
export const NOON = Date.UTC(2026, 10, 20, 12);

export const EXTERNAL_ID = 'an-external-id-of-the-bench';

const environmentSchema = z.record(z.string(), z.string());

export interface Clouds extends AsyncDisposable {
  /** For a process that runs a function, or bare clients. */
  readonly environment: Record<string, string>;
}

export async function startClouds(cloud: CloudProvider, hosts: number): Promise<Clouds> {
  const child = fork(fileURLToPath(import.meta.url), [cloud, String(hosts)]);
  const [environment] = await once(child, 'message');
  return {
    environment: {
      ...environmentSchema.parse(environment),
      BENCH_HOSTS: String(hosts),
      POWERTOOLS_LOG_LEVEL: 'SILENT',
    },
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** Ends when the parent disconnects. */
async function serve(cloud: CloudProvider, hosts: number): Promise<void> {
  const fleet = uniformFleet({ provider: cloud, hosts, asOf: NOON });
  // Cheap to compute, and different from minute to minute.
  const used = (time: number) => 0.4 + ((time / 60_000) % 97) / 1_000;
  const sandbox = await startSandbox({ fleet: { ...fleet, hosts: fleet.hosts.map((host) => ({ ...host, used })) } });
  const deployment = await deploy(sandbox);
  const { environment, dynamodb: client, sns } = deployment;
  const [config] = fleet.tenants;
  const [account] = config?.accounts ?? [];
  if (config === undefined || account === undefined) throw new Error('the fleet has no account');
  const configs = createConfigStore({ client, table: environment.CONFIGS_TABLE });
  const deleted = createDeletedTenants({ client, table: environment.CONFIGS_TABLE });
  const publisher = createPublisher({ client: sns, topicArnPrefix: environment.TOPIC_ARN_PREFIX });
  await putTenant(config, { configs, publisher, deleted }, { newExternalId: EXTERNAL_ID, now: NOON });
  if (account.provider === 'aws') sandbox.trust(account.role, EXTERNAL_ID);
  if (account.provider === 'azure') sandbox.azure.trust(account, EXTERNAL_ID);
  process.send?.(deployment.environmentOf(cloud));
  await once(process, 'disconnect');
  await sandbox.close();
}

const [, script, cloud, hosts] = process.argv;
if (script === fileURLToPath(import.meta.url)) await serve(z.enum(CLOUD_PROVIDERS).parse(cloud), Number(hosts));
