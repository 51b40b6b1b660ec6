/**
 * What the API may do: its own role reads nothing of tenants' data, and assumes the role of all tenants with a policy that narrows it to
 * one (adapters/aws/tenant-policy.ts).
 */
import { arnOf, findObjects, functionRole, objects, WHY_OBJECTS, WHY_TENANT_TOPICS } from './rights.js';

export const TENANT_ROLE = 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/plimsoll-${sls:stage}-api-tenant';

export function apiRole() {
  const configs = '${self:custom.addresses.configsTableArn}';
  return functionRole({
    id: 'ApiRole',
    name: 'api',
    statements: [
      // By its name and not by its ARN: that role names this one, and neither can be made after the other.
      { Sid: 'BecomeTenant', Action: 'sts:AssumeRole', Resource: { 'Fn::Sub': TENANT_ROLE } },
      // Who may do what, and which tenants there are: no config, no external id.
      {
        Sid: 'KeepGrants',
        Action: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
        Resource: configs,
        Condition: leadingKeys(['ACCESS#*', 'GRANTS#*']),
      },
      { Sid: 'ListTenants', Action: 'dynamodb:Query', Resource: configs, Condition: leadingKeys(['TENANTS']) },
      // A host's memory is read by them: this role may assume nothing in any tenant's account.
      {
        Sid: 'ReadHosts',
        Action: 'lambda:InvokeFunction',
        Resource: ['aws', 'gcp', 'azure', 'prometheus', 'otlp'].map((provider) =>
          arnOf(`InspectDash${provider}LambdaFunction`),
        ),
      },
    ],
  });
}

/** @param {readonly string[]} keys */
function leadingKeys(keys) {
  return { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } };
}

/** What the API may do for all tenants together. Each session of it has a policy that leaves one of them. */
export const tenantRole = {
  ApiTenantRole: {
    Type: 'AWS::IAM::Role',
    Metadata: {
      ExplainedWildcards: { ReadResults: WHY_OBJECTS, KeepTopics: WHY_TENANT_TOPICS },
    },
    Properties: {
      RoleName: 'plimsoll-${sls:stage}-api-tenant',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: arnOf('ApiRole') }, Action: 'sts:AssumeRole' }],
      },
      Policies: [
        {
          PolicyName: 'tenant',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              // Incidents, their log, mutes and labels, recordings, health, requests and what they spend, the audit log.
              {
                Sid: 'KeepIncidents',
                Action: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
                Resource: '${self:custom.addresses.tableArn}',
              },
              {
                Sid: 'ListIncidents',
                Action: 'dynamodb:Query',
                Resource: '${self:custom.addresses.incidentsIndexArn}',
              },
              {
                Sid: 'KeepConfigs',
                Action: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'],
                Resource: '${self:custom.addresses.configsTableArn}',
              },
              objects('ReadResults', ['s3:GetObject'], ['results', 'heads', 'recordings', 'anomalies']),
              findObjects,
              {
                Sid: 'KeepTopics',
                Action: [
                  'sns:CreateTopic',
                  'sns:GetTopicAttributes',
                  'sns:SetTopicAttributes',
                  'sns:Subscribe',
                  'sns:SetSubscriptionAttributes',
                  'sns:ListSubscriptionsByTopic',
                ],
                Resource: {
                  'Fn::Sub': 'arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:plimsoll-${sls:stage}_*',
                },
              },
              { Sid: 'RequestInspections', Action: 'sqs:SendMessage', Resource: arnOf('RequestQueue') },
            ].map(({ Sid, ...rest }) => ({ Sid, Effect: 'Allow', ...rest })),
          },
        },
      ],
    },
  },
};
