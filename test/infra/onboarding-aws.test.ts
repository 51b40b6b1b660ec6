import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { RECORDED_TYPES } from '../../adapters/scaling-events/aws.ts';
import { awsRoleSchema } from '../../core/model/aws-account.ts';

const TEMPLATE = new URL('../../infra/onboarding/aws.yml', import.meta.url);

const statement = z.looseObject({
  Action: z.union([z.string(), z.array(z.string())]),
  Condition: z.unknown().optional(),
});
const policy = z.object({ Statement: z.array(statement) });
const templateSchema = z.object({
  Parameters: z.object({
    RoleName: z.looseObject({ Default: z.string() }),
    EventBusArn: z.looseObject({ Default: z.string(), AllowedPattern: z.string() }),
    WithReader: z.looseObject({ Default: z.string() }),
  }),
  Resources: z.object({
    Reader: z.looseObject({
      Properties: z.looseObject({
        AssumeRolePolicyDocument: policy,
        Policies: z.array(z.object({ PolicyDocument: policy })),
      }),
    }),
    ForwardScalingEvents: z.looseObject({
      Condition: z.string(),
      Properties: z.looseObject({ EventPattern: z.unknown() }),
    }),
    EventForwarder: z.object({
      Type: z.string(),
      Condition: z.string(),
      Properties: z.looseObject({
        AssumeRolePolicyDocument: policy,
        Policies: z.array(z.object({ PolicyDocument: policy })),
      }),
    }),
  }),
});

async function readTemplate() {
  const references = ['!Ref', '!Sub', '!GetAtt'].map((tag) => ({ tag, resolve: (text: string) => text }));
  return templateSchema.parse(parse(await readFile(TEMPLATE, 'utf8'), { customTags: references, logLevel: 'error' }));
}

describe('the onboarding of an AWS account', () => {
  it('trusts nobody without the tenant’s external id', async () => {
    const { Reader } = (await readTemplate()).Resources;

    expect(Reader.Properties.AssumeRolePolicyDocument.Statement).toMatchObject([
      { Action: 'sts:AssumeRole', Condition: { StringEquals: { 'sts:ExternalId': 'ExternalId' } } },
    ]);
  });

  it('allows to list and to read metrics, to read tags, and nothing else', async () => {
    const { Policies } = (await readTemplate()).Resources.Reader.Properties;

    const actions = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement.flatMap(({ Action }) => Action));
    expect(actions).toEqual(['cloudwatch:ListMetrics', 'cloudwatch:GetMetricData', 'tag:GetResources']);
  });

  it('forwards the scaling events that are recorded where an event bus is named, and makes only the role where none is', async () => {
    const { Parameters, Resources } = await readTemplate();
    const { ForwardScalingEvents, EventForwarder } = Resources;

    expect([ForwardScalingEvents.Condition, EventForwarder.Condition]).toEqual(['ForwardsEvents', 'ForwardsEvents']);
    expect([Parameters.EventBusArn.Default, Parameters.WithReader.Default]).toEqual(['', 'true']);
    expect(ForwardScalingEvents.Properties.EventPattern).toEqual({
      source: ['aws.autoscaling'],
      'detail-type': RECORDED_TYPES,
    });
  });

  it('lets EventBridge send events to that bus, for this account alone, and do nothing else', async () => {
    const { AssumeRolePolicyDocument, Policies } = (await readTemplate()).Resources.EventForwarder.Properties;

    expect(AssumeRolePolicyDocument.Statement).toMatchObject([
      { Action: 'sts:AssumeRole', Condition: { StringEquals: { 'aws:SourceAccount': 'AWS::AccountId' } } },
    ]);
    expect(Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)).toMatchObject([
      { Action: 'events:PutEvents', Resource: 'EventBusArn' },
    ]);
  });

  it('makes a role that a config accepts', async () => {
    const { RoleName } = (await readTemplate()).Parameters;

    expect(awsRoleSchema.safeParse(`arn:aws:iam::111122223333:role/${RoleName.Default}`).success).toBe(true);
  });
});
