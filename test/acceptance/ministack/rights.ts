/** The rights of deployed roles. */
import {
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { type Clients, type Credentials, clientsOf, HOME } from './ministack.ts';
import { resourcesOf } from './stack.ts';

const strings = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statementSchema = z.looseObject({ Sid: z.string().optional(), Action: strings, Resource: strings });
const policySchema = z.object({ Statement: z.array(statementSchema) });

const TRANSLATED = 'in-terms-of-ministack';

type RoleStatement = z.output<typeof statementSchema>;

/** The statements of all policies of a role. */
async function statementsOf({ iam }: Clients, RoleName: string): Promise<RoleStatement[]> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const policies = await Promise.all(
    PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
  );
  return policies.flatMap(
    ({ PolicyDocument = '' }) => policySchema.parse(JSON.parse(decodeURIComponent(PolicyDocument))).Statement,
  );
}

/** How ministack names a right otherwise than AWS: the actions and resource that it wants beside those of a statement. */
const OTHERWISE = [
  {
    action: 'sns:Publish',
    // In AWS the one right covers both.
    wanted: (resources: readonly string[]) => ({ Action: ['sns:PublishBatch'], Resource: resources }),
  },
  {
    action: 'scheduler:CreateSchedule',
    // It looks for every schedule in the default group, whichever group a request names.
    wanted: (resources: readonly string[]) => ({
      Action: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'],
      Resource: resources.map((resource) => resource.replace(/:schedule\/[^/]+/, ':schedule/default')),
    }),
  },
];

/** Gives every role of the stack its rights in ministack's terms too, and none that it does not have in AWS's. */
export async function translateRights(clients: Clients, stack: string): Promise<void> {
  for (const RoleName of Object.values(await resourcesOf(clients, stack, 'AWS::IAM::Role'))) {
    const statements = await statementsOf(clients, RoleName);
    const Statement = OTHERWISE.flatMap(({ action, wanted }) =>
      statements
        .filter(({ Action }) => Action.includes(action))
        .map(({ Resource }) => ({ Effect: 'Allow', ...wanted(Resource) })),
    );
    if (Statement.length === 0) continue;
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await clients.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: TRANSLATED, PolicyDocument }));
  }
}

/** Undoes it: CloudFormation deletes no role that has a policy which it did not make. */
export async function withdrawTranslation(clients: Clients, stack: string): Promise<void> {
  for (const RoleName of Object.values(await resourcesOf(clients, stack, 'AWS::IAM::Role'))) {
    const { PolicyNames = [] } = await clients.iam.send(new ListRolePoliciesCommand({ RoleName }));
    if (!PolicyNames.includes(TRANSLATED)) continue;
    await clients.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: TRANSLATED }));
  }
}

const sessionSchema = z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() });

/** A session of a role that trusts functions alone: it trusts this account for as long as the session takes to begin. */
export async function sessionOf({ iam }: Clients, RoleName: string, user: Credentials): Promise<Credentials> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
  const open = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${HOME}:root` }, Action: 'sts:AssumeRole' }],
  };
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: JSON.stringify(open) }));
  try {
    const { Credentials: session } = await clientsOf(user).sts.send(
      new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'acceptance' }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken } = sessionSchema.parse(session);
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  } finally {
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }));
  }
}
