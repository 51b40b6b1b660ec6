/** A stack that takes over what a removed one left behind: packaged with the parameters that name it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PackagedService, packageTemplate } from './service/packaged-service.ts';
import { resourceOf } from './service/template.ts';

const TABLE = 'plimsoll-prod-Table-1ABCDEFGHIJKL';
const CONFIGS_TABLE = 'plimsoll-prod-ConfigsTable-1MNOPQRSTUVWX';
const STREAM = `arn:aws:dynamodb:eu-central-1:111122223333:table/${CONFIGS_TABLE}/stream/2026-11-20T12:00:00.000`;
const BUCKET = 'plimsoll-prod-resultsbucket-2abcdefghijkl';
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const ROLE = 'plimsoll-prod-InspectAzureRole-1YZABCDEFGHIJ';

const PARAMETERS = {
  table: TABLE,
  configsTable: CONFIGS_TABLE,
  configsStream: STREAM,
  resultsBucket: BUCKET,
  key: KEY,
  azureRole: ROLE,
  eventsDays: '30',
};

describe('a service that takes over the tables, the bucket and the key of another', () => {
  let service: PackagedService;

  beforeAll(async () => {
    service = await packageTemplate(PARAMETERS);
  });
  afterAll(() => service?.remove());

  it('makes none of its own', () => {
    const made = Object.entries(service.template.Resources).filter(([, { Type }]) =>
      ['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy'].includes(Type),
    );

    // Of what it is deployed with: osls makes it in every case.
    expect(made.map(([id]) => id)).toEqual(['ServerlessDeploymentBucket', 'ServerlessDeploymentBucketPolicy']);
  });

  it('refers to none of its own', () => {
    const template = JSON.stringify(service.template);

    expect(template).not.toMatch(
      /"(Ref|Fn::GetAtt)":\[?"(Table|ConfigsTable|ResultsBucket|Key)"|\$\{(Table|ConfigsTable|ResultsBucket|Key)[.}]/,
    );
  });

  it('gives its functions the other ones', () => {
    const { Environment } = resourceOf(service.template, 'InspectDashawsLambdaFunction').Properties;

    expect(Environment).toMatchObject({ Variables: { TABLE, CONFIGS_TABLE } });
  });

  it.each(['InspectDashawsLambdaFunction', 'PublishDashoutboxLambdaFunction', 'WatchLambdaFunction'])(
    'gives %s the days that the log of incidents is kept, as the command line is given them',
    (id) => {
      expect(resourceOf(service.template, id).Properties).toMatchObject({
        Environment: { Variables: { EVENTS_DAYS: '30' } },
      });
      expect(service.template['Outputs']).toMatchObject({ EventsDays: { Value: '30' } });
    },
  );

  it('lets its functions use the other ones, with their indexes', () => {
    const role = JSON.stringify(resourceOf(service.template, 'InspectAwsRole'));

    const arn = 'arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/';
    expect(role).toContain(`{"Fn::Sub":"${arn}${TABLE}"}`);
    expect(role).toContain(`{"Fn::Sub":"${arn}${TABLE}/index/open"}`);
    expect(role).toContain(`{"Fn::Sub":"${arn}${CONFIGS_TABLE}"}`);
    expect(role).toContain(`{"Fn::Sub":"arn:\${AWS::Partition}:s3:::${BUCKET}"}`);
    expect(role).toContain(`{"Fn::Sub":"arn:\${AWS::Partition}:s3:::${BUCKET}/results/*"}`);
  });

  it('looks for results in the other bucket', () => {
    const { TableInput } = resourceOf(service.template, 'ResultsTable').Properties;

    expect(TableInput).toMatchObject({
      StorageDescriptor: { Location: { 'Fn::Sub': ['s3://${Bucket}/results/', { Bucket: BUCKET }] } },
    });
  });

  it('encrypts with the other key, and gives it the name that people know', () => {
    expect(resourceOf(service.template, 'InspectAwsQueue').Properties).toMatchObject({ KmsMasterKeyId: KEY });
    expect(resourceOf(service.template, 'KeyAlias').Properties).toMatchObject({ TargetKeyId: KEY });
  });

  it('has the role that federated credentials name', () => {
    expect(resourceOf(service.template, 'InspectAzureRole').Properties).toMatchObject({ RoleName: ROLE });
  });

  it('states the addresses that it uses', () => {
    expect(service.template['Outputs']).toMatchObject({
      TableName: { Value: TABLE },
      ConfigsTableName: { Value: CONFIGS_TABLE },
      ConfigsStreamArn: { Value: STREAM },
      ResultsBucketName: { Value: BUCKET },
      KeyArn: { Value: KEY },
    });
  });
});
