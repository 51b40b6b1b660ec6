/**
 * CloudFormation: DescribeStacks of one stack, with its outputs.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
import type { Answer } from '../wire/answer.ts';
import { errorAnswer, escapeXml, xmlAnswer } from './answers.ts';
import type { SandboxRequest } from './request.ts';

/** Outputs by the name of their stack. */
export type Stacks = Map<string, Readonly<Record<string, string>>>;

export function answerCloudFormation(request: SandboxRequest, stacks: Stacks): Answer {
  if (request.action !== 'DescribeStacks') {
    const message = `Could not find operation ${request.action}`;
    return errorAnswer('cloudformation', { status: 400, code: 'InvalidAction', message });
  }
  const name = new URLSearchParams(request.body.toString()).get('StackName') ?? '';
  const outputs = stacks.get(name);
  if (outputs === undefined) {
    const message = `Stack with id ${name} does not exist`;
    return errorAnswer('cloudformation', { status: 400, code: 'ValidationError', message });
  }
  const members = Object.entries(outputs).map(
    ([key, value]) =>
      `<member><OutputKey>${escapeXml(key)}</OutputKey><OutputValue>${escapeXml(value)}</OutputValue></member>`,
  );
  const stack =
    `<StackName>${escapeXml(name)}</StackName><CreationTime>2026-11-01T00:00:00Z</CreationTime>` +
    `<StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members.join('')}</Outputs>`;
  return xmlAnswer('cloudformation', 'DescribeStacks', `<Stacks><member>${stack}</member></Stacks>`);
}
