import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { isolatedVariables } from '../../../cli/environment.ts';
import { type DeploymentApiOptions, openDeploymentApi } from '../../../cli/local-api/deployment.ts';
import { type Deployment, deploy } from '../../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { aTenantConfig, NOON } from '../../fixtures/builders.ts';
import { aContext } from '../a-context.ts';

let sandbox: Sandbox;
let deployment: Deployment;
let variables: Disposable;

beforeAll(async () => {
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
  const { environment, dispatch, dynamodb } = deployment;
  variables = isolatedVariables(environment);
  const configs = createConfigStore({ client: dynamodb, table: environment.CONFIGS_TABLE });
  for (const tenant of ['acme', 'globex']) await configs.put(aTenantConfig({ tenant }), 0, 'external', NOON);
  sandbox.putStack('plimsoll-prod', {
    TableName: environment.TABLE,
    ConfigsTableName: environment.CONFIGS_TABLE,
    ResultsBucketName: environment.RESULTS_BUCKET,
    TopicArnPrefix: environment.TOPIC_ARN_PREFIX,
    RequestQueueUrl: dispatch.requestQueueUrl,
  });
});

afterAll(async () => {
  variables[Symbol.dispose]();
  await sandbox.close();
});

async function read(path: string, options: DeploymentApiOptions): Promise<unknown> {
  const { api } = await openDeploymentApi(options, aContext({ now: Date.now() }).context);
  return (await api.request(`/api/v1${path}`)).json();
}

const meSchema = z.looseObject({ tenants: z.array(z.looseObject({ tenant: z.string() })) });

describe('the API over a deployment, in the process of a command', () => {
  it('reads its addresses from the stack, and knows who calls by the credentials', async () => {
    const me = await read('/me', { stage: 'prod' });
    const signIn = await read('/sign-in', { stage: 'prod' });

    expect(me).toMatchObject({ kind: 'local', name: expect.stringMatching(/^arn:aws:/) });
    expect(meSchema.parse(me).tenants.map(({ tenant }) => tenant)).toEqual(['acme', 'globex']);
    expect(signIn).toMatchObject({ mode: 'local', stage: 'prod', simulated: null });
  });

  it('shows one tenant alone where it is named', async () => {
    const me = meSchema.parse(await read('/me', { stage: 'prod', tenant: 'globex' }));
    const other = await read('/tenants/acme/overview', { stage: 'prod', tenant: 'globex' });

    expect(me.tenants.map(({ tenant }) => tenant)).toEqual(['globex']);
    expect(other).toMatchObject({ status: 404 });
  });

  it('answers from the stores of the deployment', async () => {
    const overview = await read('/tenants/acme/overview', { stage: 'prod' });
    const incidents = await read('/tenants/acme/incidents', { stage: 'prod' });

    expect(overview).toMatchObject({ tenant: 'acme', incidents: { open: 0 } });
    expect(incidents).toEqual({ items: [], cursor: null });
  });

  it('states that there is no such tenant, and how to list those that there are', async () => {
    await expect(read('/me', { stage: 'prod', tenant: 'initech' })).rejects.toThrow(
      'There is no tenant initech. `npx plimsoll tenants list --stage prod` lists the tenants.',
    );
  });
});
