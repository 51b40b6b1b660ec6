/** Stacks: how they are made, and what they hold. */
import {
  CreateStackCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import type { Clients } from './ministack.ts';

const outputsSchema = z.array(z.object({ OutputKey: z.string(), OutputValue: z.string() }));
const resourcesSchema = z.array(
  z.object({ LogicalResourceId: z.string(), PhysicalResourceId: z.string(), ResourceType: z.string() }),
);

export type Outputs = Readonly<Record<string, string>>;

/** Makes a stack and resolves when it is complete. */
export async function createStack(
  { cloudformation: client }: Clients,
  StackName: string,
  TemplateBody: string,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));
  const Capabilities = ['CAPABILITY_NAMED_IAM'] as const;
  await client.send(new CreateStackCommand({ StackName, TemplateBody, Parameters, Capabilities: [...Capabilities] }));
  await waitUntilStackCreateComplete({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName });
}

export async function stackExists({ cloudformation }: Clients, StackName: string): Promise<boolean> {
  try {
    const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
    return Stacks.some(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  } catch (error) {
    if (error instanceof Error && error.message.includes('does not exist')) return false;
    throw error;
  }
}

export async function outputsOf({ cloudformation }: Clients, StackName: string): Promise<Outputs> {
  const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
  const outputs = outputsSchema.parse(Stacks[0]?.Outputs);
  return Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}

/** The names of the stack's resources of a type, by their logical ids. */
export async function resourcesOf(
  { cloudformation }: Clients,
  StackName: string,
  type: string,
): Promise<Readonly<Record<string, string>>> {
  const found = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudformation.send(new ListStackResourcesCommand({ StackName, NextToken }));
    found.push(...resourcesSchema.parse(page.StackResourceSummaries));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return Object.fromEntries(
    found
      .filter(({ ResourceType }) => ResourceType === type)
      .map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId, PhysicalResourceId]),
  );
}
