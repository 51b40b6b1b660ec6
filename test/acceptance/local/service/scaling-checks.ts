/** How scaling events come in, and from whom. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { readAutoScalingEvent } from '../../../../adapters/scaling-events/aws.ts';
import type { Template } from './packaged-service.ts';
import { ofType, referenceOf, resourceOf } from './template.ts';
import { rightsOf } from './wildcards.ts';

const patternSchema = z.object({ source: z.tuple([z.string()]), 'detail-type': z.array(z.string()) });

/** @param packaged The template, once it is packaged. */
export function itTakesScalingEvents(packaged: () => Template): void {
  describe('scaling events of the packaged service', () => {
    it('come from AWS alone on the event bus, whichever account they are forwarded from', () => {
      const { Policy } = resourceOf(packaged(), 'EventBus').Properties;

      expect(Policy).toMatchObject({
        Statement: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 'events:PutEvents',
            Condition: { StringEquals: { 'events:source': 'aws.autoscaling' } },
          },
        ],
      });
    });

    it('are those that the onboarding of an account forwards, and go to the queue or else beside it', async () => {
      const { EventPattern, Targets } = resourceOf(packaged(), 'ScalingRule').Properties;
      const onboarding = await readFile(new URL('../../../../infra/onboarding/aws.yml', import.meta.url), 'utf8');

      const { Resources } = parse(onboarding, { logLevel: 'silent' });
      expect(EventPattern).toEqual(Resources.ForwardScalingEvents.Properties.EventPattern);
      expect(Targets).toMatchObject([
        {
          Arn: { 'Fn::GetAtt': ['ScalingQueue', 'Arn'] },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['ScalingDeadLetterQueue', 'Arn'] } },
        },
      ]);
    });

    it('are all recorded', () => {
      const pattern = patternSchema.parse(resourceOf(packaged(), 'ScalingRule').Properties['EventPattern']);

      const read = pattern['detail-type'].map((type) =>
        readAutoScalingEvent({
          id: 'c1ac3b12-7b1d-4b53-8a5d-4f2f8b1f5b11',
          source: pattern.source[0],
          'detail-type': type,
          account: '111122223333',
          region: 'eu-west-1',
          time: '2026-11-20T12:00:00Z',
          detail: { AutoScalingGroupName: 'web', EC2InstanceId: 'i-0a1b2c3d' },
        }),
      );
      expect(read.map(({ kind }) => kind)).toEqual(read.map(() => 'event'));
      expect(read.length).toBeGreaterThan(0);
    });

    it.each(['ScalingQueue', 'ScalingDeadLetterQueue'])(
      'are put on %s by that rule, and by no other service',
      (queue) => {
        const allowed = rightsOf(packaged()).filter(
          ({ resource: owner, statement }) => owner === `${queue}Policy` && statement.Effect === 'Allow',
        );

        expect(allowed.map(({ statement }) => statement)).toMatchObject([
          {
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': ['ScalingRule', 'Arn'] } } },
          },
        ]);
      },
    );

    it('come in by two routes, samples by two others, and neither in a flood', () => {
      const routes = ofType(packaged(), 'AWS::ApiGatewayV2::Route').flatMap(([, { Properties }]) =>
        referenceOf(Properties['ApiId']) === 'HttpApi' ? [Properties['RouteKey']] : [],
      );
      const { DefaultRouteSettings, RouteSettings } = resourceOf(packaged(), 'HttpApiStage').Properties;

      const events = ['POST', 'OPTIONS'].map((method) => `${method} /events/{provider}/{tenant}/{random}`);
      expect(routes).toEqual([...events, 'POST /v1/metrics', 'GET /v1/selections']);
      expect(RouteSettings).toEqual({
        'POST /v1/metrics': { ThrottlingRateLimit: 40, ThrottlingBurstLimit: 200 },
        'GET /v1/selections': { ThrottlingRateLimit: 40, ThrottlingBurstLimit: 100 },
      });
      expect(DefaultRouteSettings).toMatchObject({ ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 });
    });
  });
}
