/** The policies of whoever deploys: no wider than their stage, and small enough for IAM. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';

const TEMPLATE = new URL('../../infra/deployer-policy.yml', import.meta.url);

/** Characters of a managed policy without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_CHARACTERS = 6144;

/** Statements whose resources have ids that are not known before they are made, or that know none. */
const NOT_OF_THE_STAGE = [
  'WithoutResource',
  'RoleOfHttpApis',
  'EventSources',
  'HttpApi',
  'WithoutResource',
  'Key',
  'TagNewKey',
];

/** Glue wants a right on the catalog beside that on a database or a table. */
const CATALOG = 'arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:catalog';

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
const policies = new Map(
  Object.keys(template.Resources).map((id) => [
    id,
    documentSchema.parse(template.Resources[id].Properties.PolicyDocument),
  ]),
);
const statements = [...policies.values()].flatMap(({ Statement }) => Statement);

describe('the policies of whoever deploys', () => {
  it.each(
    [...policies.keys()].flatMap((id) => [
      [id, 'aws', 'ap-southeast-1'] as const,
      [id, 'aws-us-gov', 'us-gov-west-1'] as const,
      [id, 'aws-cn', 'cn-northwest-1'] as const,
    ]),
  )('%s fits into one managed policy with the longest stage in %s', (id, partition, region) => {
    const text = JSON.stringify(policies.get(id))
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
    const wide = statements.filter(({ Resource }) =>
      [Resource].flat().some((resource) => resource !== CATALOG && !/plimsoll[-_]\$\{Stage\}/.test(resource)),
    );

    expect(wide.map(({ Sid }) => Sid).toSorted()).toEqual(NOT_OF_THE_STAGE.toSorted());
  });

  it('reaches no stage whose name begins with that of its own', () => {
    const resources = statements.flatMap(({ Resource }) => Resource);

    const named = resources.filter((resource) => resource.includes('${Stage}'));
    expect(named.filter((resource) => !/plimsoll[-_]\$\{Stage\}(?:$|[-/:_])/.test(resource))).toEqual([]);
  });

  it('reaches keys by the tags of the stage alone', () => {
    const keys = statements.filter(({ Resource }) => [Resource].flat().some((on) => on.endsWith(':key/*')));

    expect(keys.map(({ Condition }) => JSON.stringify(Condition))).toEqual([
      expect.stringMatching(/aws:ResourceTag\/project":"plimsoll".*aws:ResourceTag\/stage/),
      expect.stringMatching(/aws:RequestTag\/project":"plimsoll".*aws:RequestTag\/stage/),
    ]);
  });

  it('passes roles to functions alone', () => {
    const passing = statements.filter(({ Action }) => [Action].flat().includes('iam:PassRole'));

    expect(passing.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    ]);
  });

  it('deletes no table and no key', () => {
    const actions = statements.flatMap(({ Action }) => Action);

    expect(actions).not.toContain('dynamodb:DeleteTable');
    expect(actions).not.toContain('kms:ScheduleKeyDeletion');
  });

  it('neither deletes the bucket of results nor reads, writes or deletes what is in it', () => {
    const onResults = statements.filter(({ Resource }) => [Resource].flat().some((on) => on.includes('resultsbucket')));

    expect(onResults.map(({ Sid }) => Sid)).toEqual(['ResultsBucket']);
    const actions = onResults.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => /Object|Delete|\*/.test(action))).toEqual(['s3:GetBucket*']);
  });

  it('are all named by an output, so that both are attached', () => {
    const named = Object.values(template.Outputs).map((output) => z.object({ Value: z.string() }).parse(output).Value);

    expect(named).toEqual([...policies.keys()]);
  });
});
