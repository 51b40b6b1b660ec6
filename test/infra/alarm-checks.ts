/** That nothing fails without a word: an alarm for each queue and each function, made from lists that lack none. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { METRICS } from '../../functions/metrics.ts';
import { COUNTS, DEAD_LETTER_QUEUES, FUNCTIONS, WORK_QUEUES } from '../../infra/monitored.js';
import type { Template } from './packaged-service.ts';
import { functionNames, functionOf, ofType, referenceOf, resourceOf } from './template.ts';

const dimensionSchema = z.object({ Name: z.string(), Value: z.unknown() });

const alarmSchema = z.looseObject({
  MetricName: z.string(),
  Dimensions: z.tuple([dimensionSchema], dimensionSchema),
  Threshold: z.number(),
  Period: z.number(),
  EvaluationPeriods: z.number(),
  TreatMissingData: z.enum(['missing', 'notBreaching']),
  AlarmActions: z.tuple([z.strictObject({ Ref: z.literal('OperatorTopic') })]),
  OKActions: z.tuple([z.strictObject({ Ref: z.literal('OperatorTopic') })]),
});

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

    it.each(COUNTS)('is alarmed by $metric as its function writes it', ({ metric, name }) => {
      const alarms = alarmsOn(metric);

      expect(METRICS).toHaveProperty(metric);
      expect(alarms).toMatchObject([
        {
          Namespace: 'Plimsoll',
          Dimensions: [
            { Name: 'stage', Value: 'dev' },
            { Name: 'function', Value: name },
          ],
        },
      ]);
      expect(FUNCTIONS.map((watched) => watched.name)).toContain(name);
    });

    it('sees every function and queue on the dashboard', () => {
      const { DashboardBody } = resourceOf(packaged(), 'Dashboard').Properties;
      const body = referenceOf(DashboardBody);

      const shown = new Set([...body.matchAll(/\$\{(\w+?)(?:\.QueueName)?\}/g)].map(([, id]) => id));
      const all = ['AWS::Lambda::Function', 'AWS::SQS::Queue'].flatMap((type) => ofType(packaged(), type));
      expect(all.map(([id]) => id).filter((id) => !shown.has(id))).toEqual([]);
      expect(JSON.parse(body)).toMatchObject({ widgets: expect.any(Array) });
    });
  });
}
