/** That an upgrade of a deployed stack replaces nothing that holds state or that others know by its name. */
import { describe, expect, it } from 'vitest';
import type { Template } from './packaged-service.ts';
import { resourceOf } from './template.ts';

const KEYS = [
  { AttributeName: 'pk', KeyType: 'HASH' },
  { AttributeName: 'sk', KeyType: 'RANGE' },
];

/**
 * What version 0.1.0 deployed to the stage `dev`, with the properties that CloudFormation replaces a resource for. `undefined` is
 * a name that CloudFormation made.
 */
const DEPLOYED: readonly (readonly [id: string, type: string, identity: Readonly<Record<string, unknown>>])[] = [
  ['Table', 'AWS::DynamoDB::Table', { TableName: undefined, KeySchema: KEYS }],
  ['InspectAwsQueue', 'AWS::SQS::Queue', { QueueName: 'plimsoll-dev-inspect-aws' }],
  ['InspectAwsDeadLetterQueue', 'AWS::SQS::Queue', { QueueName: 'plimsoll-dev-inspect-aws-dead' }],
  ['InspectGcpQueue', 'AWS::SQS::Queue', { QueueName: 'plimsoll-dev-inspect-gcp' }],
  ['InspectGcpDeadLetterQueue', 'AWS::SQS::Queue', { QueueName: 'plimsoll-dev-inspect-gcp-dead' }],
  ['InspectAzureQueue', 'AWS::SQS::Queue', { QueueName: 'plimsoll-dev-inspect-azure' }],
  ['InspectAzureDeadLetterQueue', 'AWS::SQS::Queue', { QueueName: 'plimsoll-dev-inspect-azure-dead' }],
  ['OperatorTopic', 'AWS::SNS::Topic', { TopicName: 'operator-plimsoll-dev' }],
  ['InspectAwsRole', 'AWS::IAM::Role', { RoleName: undefined }],
  ['InspectGcpRole', 'AWS::IAM::Role', { RoleName: undefined }],
  ['InspectAzureRole', 'AWS::IAM::Role', { RoleName: { Ref: 'AWS::NoValue' } }],
  ['PublishOutboxRole', 'AWS::IAM::Role', { RoleName: undefined }],
  ['GcpSessionRole', 'AWS::IAM::Role', { RoleName: 'plimsoll-dev-gcp-session' }],
  ['InspectDashawsLambdaFunction', 'AWS::Lambda::Function', { FunctionName: 'plimsoll-dev-inspect-aws' }],
  ['InspectDashgcpLambdaFunction', 'AWS::Lambda::Function', { FunctionName: 'plimsoll-dev-inspect-gcp' }],
  ['InspectDashazureLambdaFunction', 'AWS::Lambda::Function', { FunctionName: 'plimsoll-dev-inspect-azure' }],
  ['PublishDashoutboxLambdaFunction', 'AWS::Lambda::Function', { FunctionName: 'plimsoll-dev-publish-outbox' }],
  ['InspectDashawsLogGroup', 'AWS::Logs::LogGroup', { LogGroupName: '/aws/lambda/plimsoll-dev-inspect-aws' }],
  ['InspectDashgcpLogGroup', 'AWS::Logs::LogGroup', { LogGroupName: '/aws/lambda/plimsoll-dev-inspect-gcp' }],
  ['InspectDashazureLogGroup', 'AWS::Logs::LogGroup', { LogGroupName: '/aws/lambda/plimsoll-dev-inspect-azure' }],
  ['PublishDashoutboxLogGroup', 'AWS::Logs::LogGroup', { LogGroupName: '/aws/lambda/plimsoll-dev-publish-outbox' }],
  ['DeadLetterAlarm', 'AWS::CloudWatch::Alarm', { AlarmName: undefined }],
  ['GcpDeadLetterAlarm', 'AWS::CloudWatch::Alarm', { AlarmName: undefined }],
  ['AzureDeadLetterAlarm', 'AWS::CloudWatch::Alarm', { AlarmName: undefined }],
  ['PublishOutboxAlarm', 'AWS::CloudWatch::Alarm', { AlarmName: undefined }],
];

/** @param packaged The template, once it is packaged. */
export function itUpgrades(packaged: () => Template): void {
  describe('an upgrade of a deployed service', () => {
    it.each(DEPLOYED)('leaves %s as it is', (id, type, identity) => {
      const { Type, Properties } = resourceOf(packaged(), id);

      const now = Object.fromEntries(Object.keys(identity).map((name) => [name, Properties[name]]));
      expect({ Type, ...now }).toEqual({ Type: type, ...identity });
    });
  });
}
