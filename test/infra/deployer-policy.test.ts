/** The policy of whoever deploys: no wider than its stage, and small enough for IAM. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';

const TEMPLATE = new URL('../../infra/deployer-policy.yml', import.meta.url);

/** Characters of a managed policy without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_CHARACTERS = 6144;

/** Statements whose resources have ids that are not known before they are made, or that know none. */
const NOT_OF_THE_STAGE = ['WithoutResource', 'RoleOfHttpApis', 'EventSources', 'HttpApi', 'Key', 'TagNewKey'];

const documentSchema = z.object({
  Statement: z.array(
    z.looseObject({
      Sid: z.string(),
      Effect: z.literal('Allow'),
      Action: z.union([z.string(), z.array(z.string())]),
      Resource: z.union([z.string(), z.array(z.string())]),
      Condition: z.unknown().optional(),
    }),
  ),
});

const references = ['!Ref', '!Sub'].map((tag) => ({ tag, resolve: (text: string) => text }));
const template = parse(await readFile(TEMPLATE, 'utf8'), { customTags: references });
const policy = documentSchema.parse(template.Resources.Deployer.Properties.PolicyDocument);

describe('the policy of whoever deploys', () => {
  it.each([
    ['aws', 'ap-southeast-1'],
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws-cn', 'cn-northwest-1'],
  ])('fits into one managed policy with the longest stage in %s', (partition, region) => {
    const text = JSON.stringify(policy)
      .replaceAll('${AWS::Partition}', partition)
      .replaceAll('${AWS::Region}', region)
      .replaceAll('${AWS::AccountId}', '111122223333')
      .replaceAll('${Stage}', 'abcdefghijklmnop');

    expect(text.length).toBeLessThanOrEqual(MAX_CHARACTERS);
  });

  it.each([
    ['prod', true],
    ['abcdefghijklmnop', true],
    // The names of its resources begin as those of the stage `prod`: whoever deploys that one would reach it too.
    ['prod-eu', false],
    ['1', false],
  ])('is made for the stage %s: %s', (stage, isMade) => {
    const { AllowedPattern } = template.Parameters.Stage;

    expect(new RegExp(AllowedPattern).test(stage)).toBe(isMade);
  });

  it('reaches nothing but its own stage where names are known', () => {
    const wide = policy.Statement.filter(({ Resource }) =>
      [Resource].flat().some((resource) => !resource.includes('plimsoll-${Stage}')),
    );

    expect(wide.map(({ Sid }) => Sid).toSorted()).toEqual(NOT_OF_THE_STAGE.toSorted());
  });

  it('reaches no stage whose name begins with that of its own', () => {
    const resources = policy.Statement.flatMap(({ Resource }) => Resource);

    const named = resources.filter((resource) => resource.includes('plimsoll-${Stage}'));
    expect(named.filter((resource) => !/plimsoll-\$\{Stage\}(?:$|[-/:_])/.test(resource))).toEqual([]);
  });

  it('reaches keys by the tags of the stage alone', () => {
    const keys = policy.Statement.filter(({ Resource }) => [Resource].flat().some((on) => on.endsWith(':key/*')));

    expect(keys.map(({ Condition }) => JSON.stringify(Condition))).toEqual([
      expect.stringMatching(/aws:ResourceTag\/project":"plimsoll".*aws:ResourceTag\/stage/),
      expect.stringMatching(/aws:RequestTag\/project":"plimsoll".*aws:RequestTag\/stage/),
    ]);
  });

  it('passes roles to functions alone', () => {
    const passing = policy.Statement.filter(({ Action }) => [Action].flat().includes('iam:PassRole'));

    expect(passing.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    ]);
  });

  it('deletes no table and no key', () => {
    const actions = policy.Statement.flatMap(({ Action }) => Action);

    expect(actions).not.toContain('dynamodb:DeleteTable');
    expect(actions).not.toContain('kms:ScheduleKeyDeletion');
  });
});
