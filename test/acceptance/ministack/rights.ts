/** The rights of deployed roles. */
import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import type { Clients } from './ministack.ts';
import { resourcesOf } from './stack.ts';

const strings = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statementSchema = z.looseObject({ Sid: z.string().optional(), Action: strings, Resource: strings });
const policySchema = z.object({ Statement: z.array(statementSchema) });

const PUBLISH_BATCH = 'acceptance-publish-batch';

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

/**
 * Lets every role that may publish to topics publish many messages at once to the same topics. In AWS the one right
 * covers both; ministack takes PublishBatch for a right of its own.
 */
export async function grantPublishBatch(clients: Clients, stack: string): Promise<void> {
  const roles = Object.values(await resourcesOf(clients, stack, 'AWS::IAM::Role'));
  for (const RoleName of roles) {
    const publishing = (await statementsOf(clients, RoleName)).filter(({ Action }) => Action.includes('sns:Publish'));
    if (publishing.length === 0) continue;
    const Statement = publishing.map(({ Resource }) => ({ Effect: 'Allow', Action: 'sns:PublishBatch', Resource }));
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await clients.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: PUBLISH_BATCH, PolicyDocument }));
  }
}

/** Takes the right back: CloudFormation deletes no role that has a policy which it did not make. */
export async function withdrawPublishBatch(clients: Clients, stack: string): Promise<void> {
  for (const RoleName of Object.values(await resourcesOf(clients, stack, 'AWS::IAM::Role'))) {
    const { PolicyNames = [] } = await clients.iam.send(new ListRolePoliciesCommand({ RoleName }));
    if (!PolicyNames.includes(PUBLISH_BATCH)) continue;
    await clients.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: PUBLISH_BATCH }));
  }
}
