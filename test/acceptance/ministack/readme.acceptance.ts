/** The commands of the README, one by one and as they stand there, by people who have the rights that the documents name. */
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { blocksOf, commandsOf } from './documents.ts';
import { ABROAD, clientsOf, environmentOf, HOME, HOST_REGION, REGION, rootOf, STAGE } from './ministack.ts';
import { createUser, rightsOfOperator } from './principals.ts';
import { openShell, type Shell } from './shell.ts';
import { outputsOf } from './stack.ts';
import { depthOf, type Subscriber, subscribe, takeAll } from './subscriber.ts';
import { LEAKING, putHosts } from './tenant-account.ts';

const HOUR = 3_600_000;
const SOON = { timeout: 90_000, interval: 500 };
const ran = inject('transcript');
const deployed = new Set(ran.map(({ command }) => command));
const tenantCommands = (await commandsOf('README.md', 'Deploy')).filter((command) => !deployed.has(command));
const subscribing = await commandsOf('README.md', 'Subscribe');
/** What comes after the deployment. */
const afterwards = (await commandsOf('docs/deploy.md', 'In five minutes')).filter(
  (command) => !/^(npm ci|npx serverless deploy)/.test(command),
);
const requesting = await commandsOf('docs/deploy.md', 'Request an inspection');
const root = clientsOf(rootOf(HOME));

let topicArnPrefix: string;
let pager: Subscriber;
let administrator: Shell;
let operator: Shell;

beforeAll(async () => {
  const outputs = await outputsOf(root, `plimsoll-${STAGE}`);
  topicArnPrefix = outputs['TopicArnPrefix'] ?? '';
  const credentials = await createUser(root, 'operator', rightsOfOperator(outputs));
  // Version 1 of AWS's command line, which PyPI has, does not read AWS_REGION.
  administrator = openShell(inject('folder'), { ...environmentOf(rootOf(HOME)), AWS_DEFAULT_REGION: REGION });
  operator = openShell(inject('folder'), { ...environmentOf(credentials), AWS_DEFAULT_REGION: REGION });
});

describe('the README deploys', () => {
  it.each(ran)('$command', ({ exitCode, stdout, stderr }) => {
    expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  });
});

/** What people do between two commands: they edit the config, and the account's owner makes the trust. */
const BEFORE: Readonly<Record<string, () => Promise<void>>> = {
  'npx plimsoll tenants validate': async () => {
    const [config = ''] = await blocksOf('README.md', 'Deploy', 'yaml');
    await operator.write('acme.yml', config);
  },
  // Of the three clouds AWS alone is on localhost.
  'npx plimsoll tenants put': async () => {
    await trustByTheOnboardingGuide();
    await putHosts(ABROAD, Math.floor(Date.now() / HOUR) * HOUR);
    const config = await operator.read('acme.yml');
    await operator.write('acme.yml', config.slice(0, config.indexOf('  - provider: gcp')));
  },
  'npx plimsoll invoke': async () => {
    pager = await subscribe(root, `${topicArnPrefix}acme`, { kind: ['opened'] });
  },
};

/** Of commands that report what they find: a leak, and what other files' tenants have just then. */
const EXIT_CODES: Readonly<Record<string, readonly number[]>> = {
  'npx plimsoll invoke': [3],
  'npx plimsoll status': [0, 4],
  'npx plimsoll results': [0, 3, 4],
};

describe('the guide to deploying', () => {
  it.each(afterwards)('%s', async (command) => {
    const { exitCode, stdout, stderr } = await administrator.run(command);

    expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  });
});

describe('the README connects a tenant and subscribes', () => {
  it.each([...tenantCommands, ...subscribing])('%s', async (command) => {
    for (const [start, prepare] of Object.entries(BEFORE)) if (command.startsWith(start)) await prepare();

    const { exitCode, stdout, stderr } = await operator.run(command);

    const [, expected = [0]] = Object.entries(EXIT_CODES).find(([start]) => command.startsWith(start)) ?? [];
    expect(expected, `${stdout}\n${stderr}`).toContain(exitCode);
  });
});

describe('the first inspection', () => {
  it('notified the subscriber of the host that leaks', async () => {
    await expect
      .poll(pager.received, SOON)
      .toMatchObject([
        { data: { kind: 'opened', tenant: 'acme', host: { id: LEAKING, account: ABROAD, region: HOST_REGION } } },
      ]);
  });

  it.each(requesting)('may be requested by a message too: %s', async (command) => {
    // Of all services SQS alone is not reached by AWS_ENDPOINT_URL in version 1 of the command line.
    const reachable = command.replace('aws sqs ', 'aws sqs --endpoint-url "$AWS_ENDPOINT_URL" ');

    const { exitCode, stdout, stderr } = await operator.run(reachable);

    expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  });

  it('is not put aside, and publishes nothing twice', async () => {
    const { RequestQueueUrl = '' } = await outputsOf(root, `plimsoll-${STAGE}`);
    await expect.poll(() => depthOf(root.sqs, RequestQueueUrl), SOON).toBe(0);

    const aside = await takeAll(root.sqs, `${RequestQueueUrl}-dead`);
    expect(aside.filter(({ Body }) => Body?.includes('"acme"'))).toEqual([]);
    expect(await pager.received()).toHaveLength(1);
  });
});

async function trustByTheOnboardingGuide(): Promise<void> {
  const externalId = (await operator.demand(`npx plimsoll tenants external-id acme --stage ${STAGE}`)).trim();
  const owner = openShell(inject('folder'), { ...environmentOf(rootOf(ABROAD)), AWS_DEFAULT_REGION: 'eu-west-1' });
  const [deploy = ''] = await commandsOf('docs/onboarding.md', 'An AWS account');
  await owner.demand(deploy.replace('plimsoll-0b5c1d2e-…', externalId));
}
