/** Whoever deploys: users with the policies of infra/deployer-policy.yml, and with nothing else. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AttachUserPolicyCommand } from '@aws-sdk/client-iam';
import { parse } from 'yaml';
import * as z from 'zod';
import type { Clients, Credentials } from './ministack.ts';
import { createUser } from './principals.ts';
import { createStack, outputsOf, stackExists } from './stack.ts';

const TEMPLATE = join(import.meta.dirname, '../../../infra/deployer-policy.yml');

/** Serverless looks at a stack every 5 s and repeats what fails for minutes: an emulator is faster, and does not waver. */
export const FAST = { SLS_AWS_REQUEST_MAX_RETRIES: '0', SLS_AWS_MONITORING_FREQUENCY: '200' };

/** @param lacking An action that this deployer may not do. */
export async function createDeployer(administrator: Clients, stage: string, lacking?: string): Promise<Credentials> {
  const stack = `plimsoll-deployer-${stage}`;
  if (!(await stackExists(administrator, stack))) {
    await createStack(administrator, stack, await readFile(TEMPLATE, 'utf8'), { Stage: stage });
  }
  const policies = z
    .array(z.string())
    .length(2)
    .parse(Object.values(await outputsOf(administrator, stack)));
  const UserName = `deployer-${stage}${lacking === undefined ? '' : `-without-${lacking.replace(':', '-')}`}`;
  // A user without any inline policy has nothing to deny.
  const denied = lacking === undefined ? [] : [{ Effect: 'Deny', Action: lacking, Resource: '*' }];
  const credentials = await createUser(administrator, UserName, denied);
  for (const PolicyArn of policies) await administrator.iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  return credentials;
}

const policySchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Properties: z.object({
        PolicyDocument: z.object({
          Statement: z.array(z.object({ Action: z.union([z.string(), z.array(z.string())]) })),
        }),
      }),
    }),
  ),
});

/** Every action that the policies allow, wildcards among them. */
export async function readDeployerActions(): Promise<string[]> {
  // Tags such as !Sub mean nothing here.
  const { Resources } = policySchema.parse(parse(await readFile(TEMPLATE, 'utf8'), { logLevel: 'silent' }));
  return Object.values(Resources).flatMap(({ Properties }) =>
    Properties.PolicyDocument.Statement.flatMap(({ Action }) => Action),
  );
}
