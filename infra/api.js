/**
 * The HTTP API and the page in the browser: one function behind an HTTP API of its own, which lets in whoever IAM allows below /iam/,
 * and leaves everybody else to the function, which checks their tokens. Of tenants' data the function's own role reads nothing: it
 * assumes the role of all tenants with a policy that narrows it to one (adapters/aws/tenant-policy.ts).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeIssues, parseInput } from '../core/model/issues.ts';
import { trustedIssuersSchema } from '../core/model/trusted-issuer.ts';
import { arnOf, findObjects, functionRole, objects, WHY_OBJECTS, WHY_TENANT_TOPICS } from './rights.js';

/** Seconds. An HTTP API waits for thirty. */
const TIMEOUT = 29;

/** The environment of a function has 4 KB for all variables: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_ISSUERS_LENGTH = 2500;

/** As functions/api.ts takes it for proof of who calls: api/auth/iam.ts. */
const IAM_ROUTE = 'ANY /iam/{proxy+}';

const TENANT_ROLE = 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/plimsoll-${sls:stage}-api-tenant';

/** Built by console/build.ts. */
const PAGE = 'dist/console';

/** @typedef {{ resolveVariable: (variable: string) => Promise<unknown> }} Service */

/** @param {Service} service */
async function api({ resolveVariable }) {
  const settings = await readSettings(resolveVariable);
  await buildPage();
  return describeApi(settings);
}

/** osls calls what `require` returns. */
export { api as 'module.exports' };

/**
 * @typedef {object} Settings
 * @property {boolean} isOn Whether anybody can reach it.
 * @property {string} issuers JSON.
 * @property {object} throttling Requests a second of all callers together; the function limits each caller beside that.
 */

/**
 * @param {Service['resolveVariable']} resolveVariable
 * @returns {Promise<Settings>}
 */
export async function readSettings(resolveVariable) {
  /**
   * @param {string} name
   * @param {string} fallback
   */
  const parameter = async (name, fallback) => String(await resolveVariable(`param:${name}, '${fallback}'`));
  return {
    isOn: readSwitch('api', await parameter('api', 'on')),
    issuers: readIssuers(await parameter('apiIssuers', '[]')),
    throttling: {
      ThrottlingRateLimit: readLimit('apiThrottleRate', await parameter('apiThrottleRate', '50')),
      ThrottlingBurstLimit: readLimit('apiThrottleBurst', await parameter('apiThrottleBurst', '100')),
    },
  };
}

/** @param {Settings} settings */
export function describeApi({ isOn, issuers, throttling }) {
  return {
    function: functionOf(issuers),
    resources: { Resources: { ...gateway(isOn, throttling), ...apiRole(), ...tenantRole } },
  };
}

/**
 * @param {string} name
 * @param {string} value
 */
function readSwitch(name, value) {
  if (value === 'on' || value === 'off') return value === 'on';
  throw new Error(`The parameter ${name} is "${value}". It has to be on or off.`);
}

/**
 * @param {string} name
 * @param {string} value
 */
function readLimit(name, value) {
  if (/^[1-9]\d{0,3}$/.test(value)) return Number(value);
  throw new Error(`The parameter ${name} is "${value}". It has to be a number of requests a second, from 1 to 9999.`);
}

/** @param {string} text JSON. */
function readIssuers(text) {
  const problem = 'The parameter apiIssuers has to be a list as JSON, as docs/console.md describes it';
  if (text.length > MAX_ISSUERS_LENGTH)
    throw new Error(`${problem}, of ${MAX_ISSUERS_LENGTH} characters at most: it has ${text.length}.`);
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${problem}: it is no JSON.`, { cause: error });
  }
  const parsed = parseInput(trustedIssuersSchema, value);
  if (!parsed.success) throw new Error(`${problem}: ${describeIssues(parsed.error).join('; ')}.`);
  const open = parsed.data.find(({ issuer }) => !issuer.startsWith('https:'));
  if (open) throw new Error(`${problem}: ${open.issuer} is called without TLS. Name it with https.`);
  return JSON.stringify(value);
}

/** Skips what is built already. Where the sources of the page are not there, as in an archive of the service, it has to be built. */
async function buildPage() {
  const project = join(import.meta.dirname, '..');
  const builder = join(project, 'console/build.ts');
  if (existsSync(builder)) {
    const { buildConsole } = await import(pathToFileURL(builder).href);
    await buildConsole({ outDir: join(project, PAGE) });
  }
  if (!existsSync(join(project, PAGE, 'index.html')))
    throw new Error(
      `There is no page in ${PAGE}, and its sources are not here either: deploy from a clone of the project.`,
    );
}

/** @param {string} issuers JSON. */
function functionOf(issuers) {
  return {
    handler: 'functions/api.handler',
    description: 'Answers the HTTP API, and serves the page in the browser.',
    role: 'ApiRole',
    // More than half a core: signatures are checked and heads of runs are unpacked while somebody waits.
    memorySize: 1024,
    timeout: TIMEOUT,
    package: { patterns: [`${PAGE}/**`] },
    environment: {
      CONFIGS_TABLE: '${self:custom.addresses.configsTable}',
      TABLE: '${self:custom.addresses.table}',
      RESULTS_BUCKET: '${self:custom.addresses.resultsBucket}',
      TOPIC_ARN_PREFIX: '${self:custom.addresses.topicArnPrefix}',
      KEY_ARN: '${self:custom.addresses.keyArn}',
      EVENTS_DAYS: '${self:custom.eventLog.days}',
      REQUEST_QUEUE_URL: { Ref: 'RequestQueue' },
      RELAY_QUEUE_ARN: arnOf('RelayQueue'),
      TENANT_ROLE_ARN: { 'Fn::Sub': TENANT_ROLE },
      // Their names begin so, and end with the provider.
      INSPECT_FUNCTION_PREFIX: 'plimsoll-${sls:stage}-inspect-',
      VERSION: '${file(infra/version.js):version}',
      API_ISSUERS: issuers,
    },
  };
}

/**
 * @param {boolean} isOn
 * @param {object} throttling
 */
function gateway(isOn, throttling) {
  return {
    // No CORS: the page is served from the same origin, and no other origin reads an answer.
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: {
        Name: 'plimsoll-${sls:stage}-api',
        ProtocolType: 'HTTP',
        DisableExecuteApiEndpoint: !isOn,
      },
    },
    ApiIntegration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: arnOf('ApiLambdaFunction'),
        PayloadFormatVersion: '2.0',
        TimeoutInMillis: 30_000,
      },
    },
    ...(isOn && {
      ApiRoute: route('$default', 'NONE'),
      ApiIamRoute: route(IAM_ROUTE, 'AWS_IAM'),
    }),
    ApiStage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: {
        ApiId: { Ref: 'Api' },
        StageName: '$default',
        AutoDeploy: true,
        DefaultRouteSettings: { DetailedMetricsEnabled: true, ...throttling },
        AccessLogSettings: { DestinationArn: arnOf('ApiAccessLogGroup'), Format: JSON.stringify(ACCESS_LOG) },
      },
    },
    ApiAccessLogGroup: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: '/aws/lambda/plimsoll-${sls:stage}-api-access', RetentionInDays: 30 },
    },
    ApiPermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: arnOf('ApiLambdaFunction'),
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: {
          'Fn::Sub': 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*',
        },
      },
    },
  };
}

/** Who requested what, and how it ended. Neither tokens nor queries are in it: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  caller: '$context.identity.userArn',
  route: '$context.routeKey',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  milliseconds: '$context.responseLatency',
  bytes: '$context.responseLength',
  error: '$context.error.message',
  integration: '$context.integrationErrorMessage',
};

/**
 * @param {string} key
 * @param {'NONE' | 'AWS_IAM'} AuthorizationType
 */
function route(key, AuthorizationType) {
  return {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Api' },
      RouteKey: key,
      AuthorizationType,
      Target: { 'Fn::Sub': 'integrations/${ApiIntegration}' },
    },
  };
}

function apiRole() {
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
        Resource: ['aws', 'gcp', 'azure'].map((provider) => arnOf(`InspectDash${provider}LambdaFunction`)),
      },
    ],
  });
}

/** @param {readonly string[]} keys */
function leadingKeys(keys) {
  return { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } };
}

/** What the API may do for all tenants together. Each session of it has a policy that leaves one of them. */
const tenantRole = {
  ApiTenantRole: {
    Type: 'AWS::IAM::Role',
    Metadata: { ExplainedWildcards: { ReadResults: WHY_OBJECTS, KeepTopics: WHY_TENANT_TOPICS } },
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
              // Incidents, their log, mutes and labels, health, requests and what they spend, the audit log.
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
              objects('ReadResults', ['s3:GetObject'], ['results', 'heads']),
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
