/** Users of an account: unlike its root user they may do what their policy allows. */
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import * as z from 'zod';
import type { Clients, Credentials } from './ministack.ts';

const accessKeySchema = z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string() });

/** Makes a user with one policy and resolves to the user's keys. */
export async function createUser({ iam }: Clients, UserName: string, policy: object): Promise<Credentials> {
  await iam.send(new CreateUserCommand({ UserName }));
  await putPolicy(iam, UserName, policy);
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const { AccessKeyId, SecretAccessKey } = accessKeySchema.parse(AccessKey);
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
}

async function putPolicy(iam: Clients['iam'], UserName: string, policy: object): Promise<void> {
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'policy', PolicyDocument: JSON.stringify(policy) }));
}
