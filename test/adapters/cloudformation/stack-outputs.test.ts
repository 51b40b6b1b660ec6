import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stackOutputs } from '../../../adapters/cloudformation/stack-outputs.ts';
import { PlimsollError } from '../../../core/ports/errors.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';

let sandbox: Sandbox;
let client: CloudFormationClient;

beforeAll(async () => {
  sandbox = await startSandbox();
  client = new CloudFormationClient({ ...sandbox.clientConfig('eu-west-1'), maxAttempts: 1 });
});

afterEach(() => sandbox.liftFaults());

afterAll(async () => {
  client.destroy();
  await sandbox.close();
});

describe('stackOutputs', () => {
  it('reads the outputs of a stack by name', async () => {
    sandbox.putStack('plimsoll-prod', { TableName: 'plimsoll-prod-Table-1', TopicArnPrefix: 'arn:a&b' });

    expect(Object.fromEntries(await stackOutputs(client, 'plimsoll-prod'))).toEqual({
      TableName: 'plimsoll-prod-Table-1',
      TopicArnPrefix: 'arn:a&b',
    });
  });

  it('is empty where a stack has no outputs', async () => {
    sandbox.putStack('empty', {});

    expect((await stackOutputs(client, 'empty')).size).toBe(0);
  });

  it('names the stack that does not exist, and what may be wrong', async () => {
    const read = stackOutputs(client, 'plimsoll-pord');

    await expect(read).rejects.toBeInstanceOf(PlimsollError);
    await expect(read).rejects.toThrow(
      /^The outputs of the stack plimsoll-pord could not be read: .*Stack with id plimsoll-pord does not exist\. Is AWS_REGION/,
    );
  });

  it.each(['denied', 'server_error', 'garbage', 'down'] as const)(
    'fails with a cause where the service is %s',
    async (kind) => {
      sandbox.putStack('plimsoll-prod', { TableName: 'x' });
      sandbox.inject({ service: 'cloudformation', kind });

      await expect(stackOutputs(client, 'plimsoll-prod')).rejects.toMatchObject({
        message: expect.stringContaining('The outputs of the stack plimsoll-prod could not be read'),
      });
    },
  );
});
