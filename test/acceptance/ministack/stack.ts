/** What a deployed stack holds. */
import { DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import type { Clients } from './ministack.ts';

const outputsSchema = z.array(z.object({ OutputKey: z.string(), OutputValue: z.string() }));
const resourcesSchema = z.array(
  z.object({ LogicalResourceId: z.string(), PhysicalResourceId: z.string(), ResourceType: z.string() }),
);

export type Outputs = Readonly<Record<string, string>>;

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
