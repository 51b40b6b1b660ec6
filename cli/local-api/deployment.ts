/** The API over a deployment, with the user's own credentials. A host's memory is read by the deployment's functions, invoked by the user. */
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Hono } from 'hono';
import { createLambdaHostReader, READER_WAIT } from '../../adapters/lambda/host-reader.ts';
import type { ApiPorts } from '../../api/ports.ts';
import { UNKNOWN_CALLER } from '../caller-name.ts';
import type { CommandContext } from '../context.ts';
import type { DeploymentOptions } from '../deployment.ts';
import { deploymentArguments, withDeployment } from '../deployment.ts';
import { callerArn } from '../stores.ts';
import { noTenant } from '../usage-error.ts';
import { createLocalApi, VERSION } from './app.ts';
import { openLocalPorts } from './ports.ts';

export interface DeploymentApiOptions extends DeploymentOptions {
  /** The only tenant that is shown. */
  readonly tenant?: string;
  /** Epoch milliseconds. Default: the clock. */
  readonly now?: () => number;
}

export interface LocalApi {
  readonly api: Hono;
  readonly ports: ApiPorts;
}

/** Topics are named plimsoll-STAGE_TENANT: see infra/kept.js. */
const STAGE_OF_PREFIX = /:plimsoll-([^:_]+)_$/;

/** Throws `UsageError` where there is no such tenant, and as the stores do. */
export async function openDeploymentApi(options: DeploymentApiOptions, given: CommandContext): Promise<LocalApi> {
  const context = await withDeployment(options, given);
  const { environment, terminal } = context;
  const stage = options.stage ?? STAGE_OF_PREFIX.exec(environment.topicArnPrefix())?.[1] ?? null;
  const ports = await openLocalPorts(context, {
    hostReader: createLambdaHostReader({
      client: new LambdaClient(READER_WAIT),
      functionOf: (provider) => `plimsoll-${stage}-inspect-${provider}`,
    }),
    ...(options.now && { now: options.now }),
    signIn: () => ({ mode: 'local', issuers: [], version: VERSION, stage, simulated: null }),
    onFault: (error, { route }) =>
      terminal.note(`error: ${route} failed: ${error instanceof Error ? error.message : String(error)}`),
  });
  const { tenant } = options;
  if (tenant !== undefined) {
    const { configs } = await ports.forTenant(tenant, 'read');
    if ((await configs.get(tenant)) === undefined) throw noTenant(tenant, deploymentArguments(options));
  }
  const caller = { name: (await callerArn(context)) ?? UNKNOWN_CALLER, ...(tenant !== undefined && { tenant }) };
  return { ports, api: createLocalApi(ports, caller) };
}
