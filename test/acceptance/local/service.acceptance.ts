/** What `serverless package` would deploy: rights, queues, alarms and bundles, read from its template and archives. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ACCOUNT_PROVIDERS } from '../../../core/model/series.ts';
import { InvalidInputError } from '../../../core/ports/errors.ts';
import {
  apiVariables,
  closeRunsVariables,
  compactVariables,
  dispatchVariables,
  inspectAwsVariables,
  inspectAzureVariables,
  inspectGcpVariables,
  inspectOtlpVariables,
  inspectPrometheusVariables,
  keepSamplesVariables,
  onScalingVariables,
  publishOutboxVariables,
  receiveEventsVariables,
  receiveMetricsVariables,
  relayVariables,
  schedulesVariables,
  storeSamplesVariables,
  watchVariables,
} from '../../../functions/environment.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { itAlarms } from './service/alarm-checks.ts';
import { itServesTheApi } from './service/api-checks.ts';
import { itIsHardened } from './service/hardening-checks.ts';
import { type PackagedService, packageService } from './service/packaged-service.ts';
import { itKeepsResults } from './service/results-checks.ts';
import { RIGHTS } from './service/rights-of-functions.ts';
import { itTakesScalingEvents } from './service/scaling-checks.ts';
import { itSchedules } from './service/scheduling-checks.ts';
import {
  functionOf as functionIn,
  functionNames,
  referenceOf,
  resourceOf,
  ofType as typesIn,
} from './service/template.ts';
import { itUpgrades } from './service/upgrade-checks.ts';
import { rightsOf, unexplainedWildcards } from './service/wildcards.ts';

/** As the names of resources have them. */
const PROVIDERS = ACCOUNT_PROVIDERS.map((provider) => provider.charAt(0).toUpperCase() + provider.slice(1));
const FUNCTIONS = Object.keys(RIGHTS);

let service: PackagedService;

beforeAll(async () => {
  service = await packageService();
});

afterAll(() => service?.remove());

itIsHardened(() => service.template);
itAlarms(() => service.template);
itUpgrades(() => service.template);
itSchedules(() => service.template);
itTakesScalingEvents(() => service.template);
itKeepsResults(() => service.template);
itServesTheApi(() => service);

describe('the rights of the packaged service', () => {
  it('hold no wildcard action or resource that is not explained', () => {
    const unexplained = unexplainedWildcards(service.template);

    expect(unexplained).toEqual([]);
  });

  it.each([
    ['a wildcard action', { Sid: 'Added', Effect: 'Allow', Action: 'dynamodb:*', Resource: 'arn:aws:s3:::one' }],
    ['a wildcard resource', { Sid: 'Added', Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['*'] }],
    ['a wildcard in a substitution', allowing({ 'Fn::Sub': 'arn:aws:iam::*:role/reader' })],
    ['a wildcard in a join', allowing({ 'Fn::Join': ['', ['arn:aws:s3:::', { Ref: 'Bucket' }, '/*']] })],
    [
      'all actions but some',
      { Sid: 'Added', Effect: 'Allow', NotAction: 's3:GetObject', Resource: 'arn:aws:s3:::one' },
    ],
  ])('are refused with %s that is added', (_, statement) => {
    const template = structuredClone(service.template);
    template.Resources['Added'] = {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyDocument: { Statement: [statement] } },
      Metadata: {},
    };

    const unexplained = unexplainedWildcards(template);

    expect(unexplained).toEqual(['Added/Added is a wildcard that is not explained']);
  });

  it('are refused with an explanation that has outlived its wildcard', () => {
    const template = structuredClone(service.template);
    const role = resource('InspectAwsRole');
    template.Resources['InspectAwsRole'] = { ...role, Properties: {} };

    const unexplained = unexplainedWildcards(template);

    expect(unexplained).toContain('InspectAwsRole/AssumeTenantRoles explains a wildcard that is not there');
  });

  it('are listed for every function', () => {
    expect(functionNames(service.template).toSorted()).toEqual(FUNCTIONS.toSorted());
  });

  it.each(Object.entries(RIGHTS))('are those that %s needs for its calls, and no others', (name, needed) => {
    const role = referenceOf(functionOf(name)['Role']);
    const granted = rightsOf(service.template).filter(
      ({ resource: owner, statement }) => owner === role && statement.Principal === undefined,
    );

    const byResource = Map.groupBy(
      granted.flatMap(({ statement: { Action, Resource } }) =>
        [Resource].flat().flatMap((on) => [Action].flat().map((action) => [referenceOf(on), action] as const)),
      ),
      ([on]) => on,
    );
    const rights = [...byResource].map(([on, actions]) => [on, actions.map(([, action]) => action).toSorted()]);
    expect(Object.fromEntries(rights)).toEqual(needed);
    expect(granted.map(({ statement }) => statement.Sid ?? '')).not.toContain('');
  });

  it('are in a role of its own for each function, without managed policies', () => {
    const roles = FUNCTIONS.map((name) => referenceOf(functionOf(name)['Role']));

    expect(new Set(roles).size).toBe(FUNCTIONS.length);
    expect(service.templateText).not.toContain('ManagedPolicyArns');
  });

  it('let no function read metrics by itself: an account is read through its tenant’s role', () => {
    const reads = rightsOf(service.template).filter(({ statement }) =>
      JSON.stringify(statement.Action).includes('cloudwatch:'),
    );

    expect(reads).toEqual([]);
  });

  it('delete nothing in the configs but grants, and entries of the list of deleted tenants', () => {
    const deleting = rightsOf(service.template).filter(
      ({ statement }) =>
        JSON.stringify(statement.Action).includes('dynamodb:DeleteItem') &&
        JSON.stringify(statement.Resource).includes('ConfigsTable'),
    );

    expect(deleting.map(({ resource: owner, statement }) => [owner, statement['Condition']])).toEqual([
      ['CompactResultsRole', { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['DELETED'] } }],
      ['ApiRole', { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ACCESS#*', 'GRANTS#*'] } }],
    ]);
  });

  it('name no index that the table does not have', () => {
    const indexes = [...service.templateText.matchAll(/\/index\/([\w*-]+)/g)].map(([, name]) => name);

    const known = resource('Table').Properties['GlobalSecondaryIndexes'];

    expect(known).toEqual(expect.arrayContaining(indexes.map((IndexName) => expect.objectContaining({ IndexName }))));
    expect(indexes.length).toBeGreaterThan(0);
  });
});

describe.each(PROVIDERS)('the queue for %s of the packaged service', (provider) => {
  const queue = () => resource(`Inspect${provider}Queue`).Properties;
  const deadLetters = `Inspect${provider}DeadLetterQueue`;
  const name = `inspect-${provider.toLowerCase()}`;

  it('hides a message for six times the time that a run may take', () => {
    const { VisibilityTimeout } = queue();

    expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * Number(functionOf(name)['Timeout']));
  });

  it('passes what fails five times to a dead-letter queue that keeps it for two weeks', () => {
    const { RedrivePolicy } = queue();
    const { MessageRetentionPeriod } = resource(deadLetters).Properties;

    expect(RedrivePolicy).toEqual({ deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters, 'Arn'] }, maxReceiveCount: 5 });
    expect(MessageRetentionPeriod).toBe(14 * 24 * 3600);
  });

  it('keeps a message for longer than all of its deliveries take', () => {
    const { MessageRetentionPeriod, VisibilityTimeout } = queue();

    expect(MessageRetentionPeriod).toBeGreaterThan(5 * Number(VisibilityTimeout));
  });

  it('feeds its function with one message at a time, lets it fail alone, and is where that one sends to', () => {
    const source = { 'Fn::GetAtt': [`Inspect${provider}Queue`, 'Arn'] };
    const mappings = ofType('AWS::Lambda::EventSourceMapping').filter(
      ({ Properties }) => JSON.stringify(Properties['EventSourceArn']) === JSON.stringify(source),
    );

    expect(mappings.map(({ Properties }) => Properties)).toMatchObject([
      {
        BatchSize: 1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 2 },
      },
    ]);
    expect(functionOf(name)['Environment']).toMatchObject({
      Variables: { INSPECT_QUEUE_URL: { Ref: `Inspect${provider}Queue` }, DEAD_LETTER_QUEUE_URL: { Ref: deadLetters } },
    });
  });
});

describe('the outputs of the packaged service', () => {
  it('state the version, and the commit where the service is packaged in a clone', () => {
    const outputs = service.template['Outputs'];

    expect(outputs).toMatchObject({ Version: { Value: packageJson.version }, Commit: { Value: 'unknown' } });
  });
});

describe('the functions of the packaged service', () => {
  it.each(FUNCTIONS)('%s runs on the runtime that the tests run on', (name) => {
    const { Runtime, Architectures } = functionOf(name);

    expect(Runtime).toBe(`nodejs${process.versions.node.split('.')[0]}.x`);
    expect(Architectures).toEqual(['arm64']);
  });

  it.each([
    ['dispatch', dispatchVariables],
    ['inspect-aws', inspectAwsVariables],
    ['inspect-azure', inspectAzureVariables],
    ['inspect-gcp', inspectGcpVariables],
    ['inspect-prometheus', inspectPrometheusVariables],
    ['inspect-otlp', inspectOtlpVariables],
    ['publish-outbox', publishOutboxVariables],
    ['on-scaling', onScalingVariables],
    ['receive-events', receiveEventsVariables],
    ['receive-metrics', receiveMetricsVariables],
    ['api', apiVariables],
    ['watch', watchVariables],
    ['relay', relayVariables],
    ['apply-schedules', schedulesVariables],
    ['reconcile-schedules', schedulesVariables],
    ['close-runs', closeRunsVariables],
    ['compact-results', compactVariables],
    ['store-samples', storeSamplesVariables],
    ['keep-samples', keepSamplesVariables],
  ])('%s gets the variables that it requires, and no others', (name, read) => {
    const { Variables } = environmentSchema.parse(functionOf(name)['Environment']);

    const own = Object.keys(Variables).filter((variable) => !/^(POWERTOOLS_.*|STAGE)$/.test(variable));
    expect(['AWS_REGION', ...own].sort()).toEqual(requiredBy(read));
  });

  it('end a sweep before the next one begins', () => {
    const { ScheduleExpression } = resource('PublishDashoutboxEventsRuleSchedule1').Properties;

    expect(ScheduleExpression).toBe('rate(5 minutes)');
    expect(functionOf('publish-outbox')['Timeout']).toBeLessThan(300);
  });

  it('take two concurrent executions for each provider, so that four at work leave two of ten to what dispatches and publishes, and reserve none', () => {
    const mappings = ofType('AWS::Lambda::EventSourceMapping').map(({ Properties }) => Properties);
    const inspecting = mappings.filter(({ EventSourceArn }) => referenceOf(EventSourceArn).startsWith('Inspect'));

    const taken = inspecting.map((mapping) => concurrencySchema.parse(mapping).ScalingConfig.MaximumConcurrency);
    expect(taken).toEqual(ACCOUNT_PROVIDERS.map(() => 2));
    expect(service.templateText).not.toContain('ReservedConcurrentExecutions');
  });

  // A bundle that needs require() builds without a word and dies at its first import, from a file and not from -e.
  it.each(FUNCTIONS)('%s is a bundle that a real module can import', async (name) => {
    const importer = join(service.folder, `import-${name}.mjs`);
    await writeFile(
      importer,
      `import { handler } from ${JSON.stringify(bundleOf(name))};\nconsole.log(typeof handler);\n`,
    );

    const { stdout } = await promisify(execFile)(process.execPath, [importer], { env: DEPLOYED });

    expect(stdout).toBe('function\n');
  });

  it.each(FUNCTIONS)('%s carries no key, and no path of the machine that built it', async (name) => {
    const bundle = await readFile(bundleOf(name), 'utf8');

    expect(bundle).not.toMatch(SECRET);
    expect(bundle).not.toContain(service.folder);
  });

  it('hold names and addresses, and no secret', () => {
    expect(service.templateText).not.toMatch(SECRET);
    expect(service.templateText).not.toContain(service.folder);
  });
});

/** Access key ids, private keys (the word alone is in every library that reads them), and what bearer tokens begin with. */
const SECRET = /(AKIA|ASIA)[0-9A-Z]{16}|PRIVATE KEY-----\\?[nr\s]*[\w+/]{40}|gh[pousr]_\w{30}|xox[bp]-\w{10}/;

/** What Lambda would set. */
const DEPLOYED = {
  AWS_REGION: 'eu-central-1',
  AWS_LAMBDA_FUNCTION_NAME: 'plimsoll-dev-inspect-aws',
  TABLE: 'plimsoll-dev',
  CONFIGS_TABLE: 'plimsoll-dev-configs',
  RESULTS_BUCKET: 'plimsoll-dev-resultsbucket-1abcdefghijkl',
  TOPIC_ARN_PREFIX: 'arn:aws:sns:eu-central-1:111122223333:plimsoll-dev-',
  EVENTS_DAYS: '400',
  INSPECT_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/111122223333/plimsoll-dev-inspect-aws',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/111122223333/plimsoll-dev-inspect-aws-dead',
};

function allowing(Resource: unknown) {
  return { Sid: 'Added', Effect: 'Allow', Action: 's3:GetObject', Resource };
}

const concurrencySchema = z.looseObject({ ScalingConfig: z.object({ MaximumConcurrency: z.number() }) });

const environmentSchema = z.object({ Variables: z.record(z.string(), z.unknown()) });

/** The variables that are missing where there are none. */
function requiredBy(read: (variables: Record<string, string>) => unknown): string[] {
  try {
    read({});
  } catch (error) {
    if (error instanceof InvalidInputError) return error.issues.map((issue) => issue.replace(/:.*/, '')).sort();
    throw error;
  }
  throw new Error('a function requires no variable at all');
}

function resource(name: string) {
  return resourceOf(service.template, name);
}

function ofType(type: string) {
  return typesIn(service.template, type).map(([, found]) => found);
}

function functionOf(name: string) {
  return functionIn(service.template, name);
}

function bundleOf(name: string): string {
  const bundle = service.bundles[name];
  if (bundle === undefined) throw new Error(`the package has no bundle of ${name}`);
  return bundle;
}
