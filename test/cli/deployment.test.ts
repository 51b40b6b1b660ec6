import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withDeployment } from '../../cli/deployment.ts';
import { isolatedVariables } from '../../cli/environment.ts';
import { run } from '../../cli/main.ts';
import { type Deployment, deploy } from '../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { aContext } from './a-context.ts';

const SESSION_ROLE = 'arn:aws:iam::000000000000:role/plimsoll-gcp-session';

let sandbox: Sandbox;
let deployment: Deployment;
let variables: Disposable;

beforeAll(async () => {
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
  const { TABLE, CONFIGS_TABLE, TOPIC_ARN_PREFIX } = deployment.environment;
  sandbox.putStack('plimsoll-prod', {
    TableName: TABLE,
    ConfigsTableName: CONFIGS_TABLE,
    TopicArnPrefix: TOPIC_ARN_PREFIX,
    GcpSessionRoleArn: SESSION_ROLE,
  });
  sandbox.putStack('bare', {});
  variables = isolatedVariables(deployment.environment);
});

afterAll(async () => {
  variables[Symbol.dispose]();
  await sandbox.close();
});

async function plimsoll(args: readonly string[], set: Record<string, string> = {}) {
  const { context, out, err } = aContext({ variables: set });
  return { code: await run(args, context), out: out(), err: err() };
}

describe('--stage and --stack', () => {
  it.each([[['--stage', 'prod']], [['--stack', 'plimsoll-prod']]])(
    '%j reads the addresses from the stack, so that no variable has to be set',
    async (option) => {
      const made = await plimsoll(['tenants', 'external-id', 'acme', ...option]);
      const listed = await plimsoll(['tenants', 'list', ...option]);

      expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^plimsoll-[0-9a-f-]{36}$/) });
      expect(listed).toMatchObject({ code: 0, out: expect.stringContaining('There is no tenant yet') });
    },
  );

  it('has all addresses of the deployment, and the region of its client', async () => {
    const { context } = aContext();

    const { environment } = await withDeployment({ stage: 'prod' }, context);

    expect(environment.table()).toBe(deployment.environment.TABLE);
    expect(environment.configsTable()).toBe(deployment.environment.CONFIGS_TABLE);
    expect(environment.topicArnPrefix()).toBe(deployment.environment.TOPIC_ARN_PREFIX);
    expect(environment.gcpSession()).toEqual({ sessionRole: SESSION_ROLE, stsRegion: 'eu-west-1' });
  });

  it('reads the config of a tenant that is inspected', async () => {
    const { code, err } = await plimsoll(['inspect', '--tenant', 'nobody', '--stage', 'prod']);

    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('There is no tenant nobody') });
  });

  it('lets variables win', async () => {
    const { context } = aContext({ variables: { PLIMSOLL_TABLE: 'mine' } });

    const { environment } = await withDeployment({ stage: 'prod' }, context);

    expect(environment.table()).toBe('mine');
    expect(environment.topicArnPrefix()).toBe(deployment.environment.TOPIC_ARN_PREFIX);
  });

  it.each([
    [['tenants', 'list', '--stage', 'staging'], 'The outputs of the stack plimsoll-staging could not be read'],
    [['tenants', 'list', '--stack', 'bare'], 'PLIMSOLL_CONFIGS_TABLE is not set'],
    [
      ['tenants', 'list', '--stage', 'a', '--stack', 'b'],
      "option '--stage <name>' cannot be used with option '--stack",
    ],
    [['tenants', 'list', '--stage', '../x'], 'Give up to 128 of A-Z, a-z, 0-9 and -'],
    [['inspect', '--stage', 'prod', '--demo'], '--stage belongs to --tenant.'],
    [['explain', 'x', '--stack', 'b', '--demo'], '--stack belongs to --tenant.'],
  ])('refuses %j with what is wrong', async (args, message) => {
    const { code, out, err } = await plimsoll(args);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(message);
  });
});
