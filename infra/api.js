/**
 * The HTTP API and the page in the browser: one function behind an HTTP API of its own, which lets in whoever IAM allows below /iam/,
 * and leaves everybody else to the function, which checks their tokens.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { apiRole, TENANT_ROLE, tenantRole } from './api-roles.js';
import { readSettings } from './api-settings.js';
import { arnOf } from './rights.js';

/** Seconds. An HTTP API waits for thirty. */
const TIMEOUT = 29;

/** As functions/api.ts takes it for proof of who calls: api/auth/iam.ts. */
const IAM_ROUTE = 'ANY /iam/{proxy+}';

/** Built by console/build.ts. */
const PAGE = 'dist/console';

/** @param {import('./api-settings.js').Service} service */
async function api({ resolveVariable }) {
  const settings = await readSettings(resolveVariable);
  await buildPage();
  return describeApi(settings);
}

/** osls calls what `require` returns. */
export { api as 'module.exports' };

/** @param {import('./api-settings.js').Settings} settings */
export function describeApi({ isOn, issuers, throttling }) {
  return {
    function: functionOf(issuers),
    resources: { Resources: { ...gateway(isOn, throttling), ...apiRole(), ...tenantRole } },
  };
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
    // Off by default, as for publish-outbox. What it reserves it also has at the most: the inspect functions keep the rest.
    reservedConcurrency: '${param:apiConcurrency, null}',
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
