/** Plimsoll reports that it is blind: an account that denies it, and that it is over. */
import { GetRoleCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type Deployment, findDeployment } from './deployment.ts';
import { clientsOf, environmentOf, HOME, REGION, rootOf, STAGE } from './ministack.ts';
import { openShell, type Ran } from './shell.ts';
import { depthOf, type Subscriber, subscribe } from './subscriber.ts';
import { putHosts } from './tenant-account.ts';

const MINUTE = 60_000;
/** A function takes what is due in a quarter of an hour at most: slots after the config was put, so that they count. */
const slot = (number: number) => Math.floor(Date.now() / MINUTE + number + 1) * MINUTE;
const [FIRST, SECOND, THIRD] = [slot(1), slot(2), slot(3)];
const ACCOUNT = '777788889999';
const SOMEBODY_ELSE = 'plimsoll-of-somebody-else';
const SOON = { timeout: 60_000, interval: 500 };

let deployment: Deployment;
let subscriber: Subscriber;
let externalId: string;

beforeAll(async () => {
  deployment = await findDeployment();
  await putHosts(ACCOUNT, THIRD);
  externalId = await deployment.connect('blinded', ACCOUNT, { trusted: SOMEBODY_ELSE });
  const service = { kind: ['inspection_failed', 'inspection_restored'] };
  subscriber = await subscribe(deployment.root, deployment.topicOf('blinded'), service);
});

describe('an account that denies Plimsoll', () => {
  it('is not reported when it was denied once', async () => {
    await inspect(FIRST, 'partial');

    await deployment.invoke('watch', {});

    expect(await subscriber.received()).toEqual([]);
  });

  it('is reported to its tenant when it was denied twice in a row, and once', async () => {
    await inspect(SECOND, 'partial');

    await deployment.invoke('watch', {});
    await deployment.invoke('watch', {});

    expect(await subscriber.received()).toMatchObject([
      { data: { kind: 'inspection_failed', tenant: 'blinded', account: ACCOUNT, regions: [{ status: 'partial' }] } },
    ]);
  });

  it('fails the status of its tenant', async () => {
    const { exitCode, stdout } = await status();

    expect(stdout).toContain('failing');
    expect(exitCode).toBe(4);
  });

  it('is reported as inspected again once it lets Plimsoll in', async () => {
    await letIn();
    await inspect(THIRD, 'complete');

    await deployment.invoke('watch', {});

    const [, restored] = await subscriber.received();
    expect(restored).toMatchObject({ data: { kind: 'inspection_restored', tenant: 'blinded', account: ACCOUNT } });
    expect((await status()).exitCode).toBe(0);
  });
});

/** Requests the inspection of a slot and resolves when it has ended so. */
async function inspect(time: number, outcome: string): Promise<void> {
  const scheduledTime = new Date(time).toISOString();
  await deployment.request({ version: 1, provider: 'aws', tenant: 'blinded', account: ACCOUNT, scheduledTime });
  await expect
    .poll(() => deployment.newestRun('blinded', ACCOUNT), SOON)
    .toMatchObject({ scheduledTime: time, outcome });
  // The account's health is written after the run.
  const queue = deployment.outputs['InspectAwsQueueUrl'] ?? '';
  await expect.poll(() => depthOf(deployment.root.sqs, queue), SOON).toBe(0);
}

async function letIn(): Promise<void> {
  const { iam } = clientsOf(rootOf(ACCOUNT));
  const RoleName = 'plimsoll-blinded';
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '').replaceAll(SOMEBODY_ELSE, externalId);
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }));
}

function status(): Promise<Ran> {
  const operator = openShell(inject('folder'), { ...environmentOf(rootOf(HOME)), AWS_REGION: REGION });
  return operator.run(`npx plimsoll status blinded --stage ${STAGE}`);
}
