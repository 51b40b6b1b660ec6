/** Users of an account: unlike its root user they may do what their policies allow. */
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import * as z from 'zod';
import type { Clients, Credentials } from './ministack.ts';

const accessKeySchema = z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string() });

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** Makes a user with these rights and resolves to the user's keys. */
export async function createUser(
  { iam }: Clients,
  UserName: string,
  rights: readonly Statement[],
): Promise<Credentials> {
  await iam.send(new CreateUserCommand({ UserName }));
  if (rights.length > 0) {
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: rights });
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'rights', PolicyDocument }));
  }
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const { AccessKeyId, SecretAccessKey } = accessKeySchema.parse(AccessKey);
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
}
