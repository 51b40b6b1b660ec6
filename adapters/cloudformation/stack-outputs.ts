/** What a deployed stack states of itself: the outputs of its template, by name. */
import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { PlimsollError } from '../../core/ports/errors.ts';
import { failureOf } from '../aws/errors.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Output.html; a template has 200 outputs at the most. */
const answerSchema = z.object({
  Stacks: z
    .array(
      z.object({
        Outputs: z
          .array(z.object({ OutputKey: z.string().max(255), OutputValue: z.string().max(4096) }))
          .max(200)
          .default([]),
      }),
    )
    .length(1),
});

/** The outputs of a stack could not be read. */
class StackError extends PlimsollError {
  constructor(stack: string, detail: string, options?: ErrorOptions) {
    super(
      `The outputs of the stack ${stack} could not be read: ${detail.replace(/\.$/, '')}. Is AWS_REGION the region that it was ` +
        'deployed to, and do your credentials have the right cloudformation:DescribeStacks?',
      options,
    );
  }
}

/** Throws `PlimsollError` where there is no such stack, or it may not be read. */
export async function stackOutputs(
  client: CloudFormationClient,
  stack: string,
  abortSignal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const answer = await describe(client, stack, abortSignal);
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) throw new StackError(stack, 'the answer of CloudFormation is malformed');
  return new Map(
    parsed.data.Stacks.flatMap(({ Outputs }) => Outputs.map((one) => [one.OutputKey, one.OutputValue] as const)),
  );
}

async function describe(client: CloudFormationClient, StackName: string, abortSignal?: AbortSignal): Promise<unknown> {
  try {
    return await client.send(new DescribeStacksCommand({ StackName }), abortSignal && { abortSignal });
  } catch (error) {
    throw new StackError(StackName, failureOf(error, abortSignal).detail, { cause: error });
  }
}
