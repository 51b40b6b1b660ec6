/** That nothing fails without a word: an alarm for each queue and each function, made from lists that lack none. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { METRICS } from '../../../../functions/metrics.ts';
import { COUNTS, DEAD_LETTER_QUEUES, FUNCTIONS, WORK_QUEUES } from '../../../../infra/monitored.js';
import type { Template } from './packaged-service.ts';
import { functionNames, functionOf, ofType, referenceOf, resourceOf } from './template.ts';

const dimensionSchema = z.object({ Name: z.string(), Value: z.unknown() });

const TO_OPERATOR = z.tuple([z.strictObject({ Ref: z.literal('OperatorTopic') })]);

const alarmSchema = z.looseObject({
  MetricName: z.string(),
  Dimensions: z.tuple([dimensionSchema], dimensionSchema),
  Threshold: z.number(),
  Period: z.number(),
  EvaluationPeriods: z.number(),
  TreatMissingData: z.enum(['missing', 'notBreaching']),
  ComparisonOperator: z.enum(['GreaterThanThreshold', 'LessThanThreshold']),
  AlarmActions: TO_OPERATOR,
  OKActions: TO_OPERATOR.optional(),
});

/** Counts of what happened: that nothing more happens does not mend it. */
const HAPPENED = ['NewlyFailingAccounts', 'NewlyFailingReceivers', 'NewlyLateTopics', 'EventsDropped'];

/** Which functions write what an alarm is raised by. */
const ALARMED = {
  NewlyFailingAccounts: ['watch'],
  NewlyFailingReceivers: ['relay'],
  Tenants: ['watch'],
  OldestOutboxAgeSeconds: ['publish-outbox'],
  NewlyLateTopics: ['publish-outbox'],
  EventsDropped: [
    'inspect-aws',
    'inspect-azure',
    'inspect-gcp',
    'inspect-otlp',
    'inspect-prometheus',
    'publish-outbox',
  ],
  FailedRuns: ['inspect-aws', 'inspect-azure', 'inspect-gcp', 'inspect-otlp', 'inspect-prometheus'],
  FailedJobRuns: ['inspect-aws', 'inspect-azure', 'inspect-gcp', 'inspect-otlp', 'inspect-prometheus'],
};

/** @param packaged The template, once it is packaged. */
export function itAlarms(packaged: () => Template): void {
  const alarmsOn = (metric: string) =>
    ofType(packaged(), 'AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => alarmSchema.parse(Properties))
      .filter(({ MetricName }) => MetricName === metric);
  const subjectsOf = (metric: string) =>
    alarmsOn(metric)
      .map(({ Dimensions: [{ Value }] }) => referenceOf(Value))
      .toSorted();
  const queues = (dead: boolean) =>
    ofType(packaged(), 'AWS::SQS::Queue')
      .map(([id]) => id)
      .filter((id) => id.endsWith('DeadLetterQueue') === dead)
      .toSorted();

  describe('the operator of the packaged service', () => {
    it('is alarmed as soon as one message is dead, on every dead-letter queue', () => {
      const alarms = alarmsOn('ApproximateNumberOfMessagesVisible');

      expect(subjectsOf('ApproximateNumberOfMessagesVisible')).toEqual(queues(true));
      expect(alarms.map(({ Threshold }) => Threshold)).toEqual(alarms.map(() => 0));
      expect(DEAD_LETTER_QUEUES.map(({ id }) => id).toSorted()).toEqual(queues(true));
    });

    it('is alarmed when messages wait, on every queue that a function consumes', () => {
      expect(subjectsOf('ApproximateAgeOfOldestMessage')).toEqual(queues(false));
      expect(WORK_QUEUES.map(({ id }) => id).toSorted()).toEqual(queues(false));
    });

    it.each(WORK_QUEUES)('lets $id deliver a message a second time before it is alarmed', ({ id, behindSeconds }) => {
      const { VisibilityTimeout } = resourceOf(packaged(), id).Properties;

      expect(behindSeconds).toBeGreaterThanOrEqual(2 * Number(VisibilityTimeout));
    });

    it.each(['Errors', 'Throttles', 'Duration'])('is alarmed by the %s of every function', (metric) => {
      const functions = ofType(packaged(), 'AWS::Lambda::Function').map(([id]) => id);

      expect(subjectsOf(metric)).toEqual(functions.toSorted());
      expect(FUNCTIONS.map(({ name }) => name).toSorted()).toEqual(functionNames(packaged()).toSorted());
    });

    it.each(FUNCTIONS)('is alarmed before $name is killed at its time-out', ({ name, timeout }) => {
      const { Timeout } = functionOf(packaged(), name);

      expect(timeout).toBe(Timeout);
    });

    it.each(FUNCTIONS.filter(({ everySeconds }) => everySeconds !== undefined))(
      'is alarmed when the schedule of $name has stopped',
      ({ name, everySeconds }) => {
        const errors = alarmsOn('Errors').find(({ Dimensions: [{ Value }] }) => {
          const { Handler } = resourceOf(packaged(), referenceOf(Value)).Properties;
          return Handler === `functions/${name}.handler`;
        });

        expect(errors).toMatchObject({
          Period: everySeconds,
          TreatMissingData: 'missing',
          InsufficientDataActions: [{ Ref: 'OperatorTopic' }],
        });
      },
    );

    it.each(Object.entries(ALARMED))('is alarmed by %s of every function that writes it', (metric, names) => {
      const dimensions = alarmsOn(metric).map(({ Namespace, Dimensions }) => [
        Namespace,
        ...Dimensions.map(({ Name, Value }) => `${Name} ${Value}`),
      ]);

      expect(METRICS).toHaveProperty(metric);
      expect(dimensions.toSorted()).toEqual(
        names.map((name) => {
          const [, provider] = /^inspect-(.*)$/.exec(name) ?? [];
          const ofProvider = provider === undefined ? [] : [`provider ${provider}`];
          return ['Plimsoll', 'stage dev', `function ${name}`, ...ofProvider];
        }),
      );
    });

    it('is alarmed by what functions count in no other way', () => {
      const ours = ofType(packaged(), 'AWS::CloudWatch::Alarm')
        .map(([, { Properties }]) => alarmSchema.parse(Properties))
        .filter(({ Namespace }) => Namespace === 'Plimsoll');

      expect(new Set(ours.map(({ MetricName }) => MetricName))).toEqual(new Set(Object.keys(ALARMED)));
      expect(new Set(COUNTS.map(({ metric }) => metric))).toEqual(new Set(Object.keys(ALARMED)));
    });

    it('is notified that it is over, except where nothing that follows can mend what happened', () => {
      const alarms = ofType(packaged(), 'AWS::CloudWatch::Alarm').map(([, { Properties }]) =>
        alarmSchema.parse(Properties),
      );

      const once = alarms.filter(({ OKActions }) => OKActions === undefined);
      expect(new Set(once.map(({ MetricName }) => MetricName))).toEqual(new Set(HAPPENED));
      expect(
        once.map(({ EvaluationPeriods, Threshold, TreatMissingData }) => [
          EvaluationPeriods,
          Threshold,
          TreatMissingData,
        ]),
      ).toEqual(once.map(() => [1, 0, 'notBreaching']));
    });

    it('is alarmed when no tenant is left, as after a deployment without its parameters', () => {
      expect(alarmsOn('Tenants')).toMatchObject([{ ComparisonOperator: 'LessThanThreshold', Threshold: 1 }]);
    });

    it('is alarmed when an inspection failed and its retry too', () => {
      const { VisibilityTimeout } = resourceOf(packaged(), 'InspectAwsQueue').Properties;

      expect(alarmsOn('FailedRuns').map(({ Period, EvaluationPeriods }) => [Period, EvaluationPeriods])).toEqual(
        [1, 2, 3, 4, 5].map(() => [VisibilityTimeout, 2]),
      );
    });

    it('is alarmed when the address of scaling events fails, and when it is flooded', () => {
      const { DefaultRouteSettings } = resourceOf(packaged(), 'HttpApiStage').Properties;
      const api = { Namespace: 'AWS/ApiGateway', Dimensions: [{ Name: 'ApiId', Value: { Ref: 'HttpApi' } }] };

      const [failed] = alarmsOn('5xx');
      expect(failed).toMatchObject({ ...api, Statistic: 'Sum', Threshold: 0 });
      const [flood] = alarmsOn('4xx');
      expect(flood).toMatchObject({ ...api, Statistic: 'Sum' });
      const perSecond = (flood?.Threshold ?? 0) / (flood?.Period ?? 1);
      expect(
        z.object({ ThrottlingRateLimit: z.number() }).parse(DefaultRouteSettings).ThrottlingRateLimit,
      ).toBeGreaterThan(perSecond);
    });

    it('is alarmed when the API fails, and when one request of twenty is slow for a quarter of an hour', () => {
      const api = { Namespace: 'AWS/ApiGateway', Dimensions: [{ Name: 'ApiId', Value: { Ref: 'Api' } }] };

      expect(alarmsOn('5xx').at(1)).toMatchObject({ ...api, Statistic: 'Sum', Threshold: 5 });
      const slow = { ExtendedStatistic: 'p95', Threshold: 8000, Period: 300, EvaluationPeriods: 3 };
      expect(alarmsOn('Latency')).toMatchObject([{ ...api, ...slow }]);
      expect(alarmsOn('Latency')[0]).not.toHaveProperty('Statistic');
    });

    it('sees every function and queue on the dashboard', () => {
      const { DashboardBody } = resourceOf(packaged(), 'Dashboard').Properties;
      const body = referenceOf(DashboardBody);

      const shown = new Set([...body.matchAll(/\$\{(\w+?)(?:\.QueueName)?\}/g)].map(([, id]) => id));
      const all = ['AWS::Lambda::Function', 'AWS::SQS::Queue'].flatMap((type) => ofType(packaged(), type));
      expect(all.map(([id]) => id).filter((id) => !shown.has(id))).toEqual([]);
      expect(JSON.parse(body)).toMatchObject({ widgets: expect.any(Array) });
      for (const metric of ['MissingRuns', 'FailingAccounts', ...Object.keys(ALARMED), '4xx', '5xx', 'ApiMilliseconds'])
        expect(body).toContain(`"${metric}"`);
    });
  });
}
