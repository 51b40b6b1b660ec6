/** How inspections are scheduled: by whom, with which rights, and following what. */
import { describe, expect, it } from 'vitest';
import type { Template } from './packaged-service.ts';
import { resourceOf } from './template.ts';
import { rightsOf } from './wildcards.ts';

/** @param packaged The template, once it is packaged. */
export function itSchedules(packaged: () => Template): void {
  describe('the schedules of the packaged service', () => {
    it('are sent with a role that the scheduler assumes for this account alone, and that sends to two queues', () => {
      const rights = rightsOf(packaged()).filter(({ resource: owner }) => owner === 'ScheduleRole');

      expect(rights.map(({ statement }) => statement)).toEqual([
        {
          Effect: 'Allow',
          Principal: { Service: 'scheduler.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
        {
          Sid: 'RequestInspections',
          Effect: 'Allow',
          Action: 'sqs:SendMessage',
          Resource: ['RequestQueue', 'RequestDeadLetterQueue'].map((queue) => ({ 'Fn::GetAtt': [queue, 'Arn'] })),
        },
      ]);
    });

    it('are made with no other role, and for no other service', () => {
      const passing = rightsOf(packaged()).filter(({ statement }) => statement.Action === 'iam:PassRole');

      expect(new Set(passing.map(({ statement }) => JSON.stringify(statement['Condition'])))).toEqual(
        new Set(['{"StringEquals":{"iam:PassedToService":"scheduler.amazonaws.com"}}']),
      );
    });

    it('follow configs, and nothing else that is in their table', () => {
      const { FilterCriteria, ...mapping } = resourceOf(
        packaged(),
        'ApplyDashschedulesEventSourceMappingDynamodbConfigsTable',
      ).Properties;

      expect(FilterCriteria).toEqual({
        Filters: [
          {
            Pattern: JSON.stringify({
              eventName: ['INSERT', 'REMOVE'],
              dynamodb: { Keys: { sk: { S: [{ prefix: 'CONFIG#' }] } } },
            }),
          },
        ],
      });
      expect(mapping).toMatchObject({
        EventSourceArn: { 'Fn::GetAtt': ['ConfigsTable', 'StreamArn'] },
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 5,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['ApplySchedulesDeadLetterQueue', 'Arn'] } } },
      });
    });
  });
}
