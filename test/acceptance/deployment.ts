/** Plimsoll as it would stand in AWS, in moto: the packaged template's roles, environment and bundles, its table and queues. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { createTable } from '../../sandbox/aws/table.ts';
import { type PackagedService, packageService, type Template } from '../infra/packaged-service.ts';
import { type Clients, clientsOf, createRole, ENDPOINT, HOME, REGION, type Statement, sessionOf } from './moto.ts';

const INVOKE = join(import.meta.dirname, 'invoke.ts');

const functionSchema = z.looseObject({
  Timeout: z.number(),
  Role: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

const intrinsicSchema = z.union([z.strictObject({ Ref: z.string() }), z.strictObject({ 'Fn::Sub': z.string() })]);

const roleSchema = z.looseObject({
  AssumeRolePolicyDocument: z.object({ Statement: z.tuple([z.custom<Statement>()]) }),
  Policies: z.array(
    z.object({
      PolicyDocument: z.object({
        Statement: z.array(z.object({ Effect: z.literal('Allow'), Action: z.unknown(), Resource: z.unknown() })),
      }),
    }),
  ),
});

export type FunctionName = 'inspect-aws' | 'publish-outbox';

export interface Deployment {
  readonly table: string;
  readonly configsTable: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly topicArnPrefix: string;
  /** Everything is allowed to them: they stand for the operator and the subscribers. */
  readonly operator: Clients;
  /** Runs the packaged function with its own role and environment, in a process of its own. */
  invoke(name: FunctionName, event: unknown): Promise<unknown>;
  remove(): Promise<void>;
}

/** Deploys to an empty moto. The functions' rights hold once they are enforced. */
export async function deploy(): Promise<Deployment> {
  const service = await packageService();
  const operator = clientsOf(await operatorSession());
  const table = 'plimsoll-acceptance';
  const configsTable = 'plimsoll-acceptance-configs';
  await createTable(operator.dynamodb, table, 'Table');
  await createTable(operator.dynamodb, configsTable, 'ConfigsTable');
  const queueUrl = await createQueue(operator.sqs, 'plimsoll-acceptance-inspect-aws');
  const deadLetterQueueUrl = await createQueue(operator.sqs, 'plimsoll-acceptance-inspect-aws-dead');
  const references = {
    Table: table,
    ConfigsTable: configsTable,
    InspectAwsQueue: queueUrl,
    InspectAwsDeadLetterQueue: deadLetterQueueUrl,
  };
  const functions = {
    'inspect-aws': await deployFunction(service, 'inspect-aws', references),
    'publish-outbox': await deployFunction(service, 'publish-outbox', references),
  };
  return {
    table,
    configsTable,
    queueUrl,
    deadLetterQueueUrl,
    topicArnPrefix: z.string().parse(functions['inspect-aws'].environment['TOPIC_ARN_PREFIX']),
    operator,
    invoke: (name, event) => run(functions[name], event),
    remove: () => service.remove(),
  };
}

async function operatorSession() {
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } } as const;
  await createRole(HOME, 'operator', trust, [{ Effect: 'Allow', Action: '*' }]);
  return sessionOf(HOME, 'operator');
}

async function createQueue(sqs: SQSClient, QueueName: string): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  return z.url().parse(QueueUrl);
}

interface DeployedFunction {
  readonly bundle: string;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

async function deployFunction(
  { template, bundles }: PackagedService,
  name: FunctionName,
  references: Readonly<Record<string, string>>,
): Promise<DeployedFunction> {
  const properties = functionSchema.parse(
    Object.values(template.Resources).find(({ Properties }) => Properties['Handler'] === `functions/${name}.handler`)
      ?.Properties,
  );
  const [role] = properties.Role['Fn::GetAtt'];
  await deployRole(template, role);
  const { accessKeyId, secretAccessKey, sessionToken } = await sessionOf(HOME, role);
  const variables = Object.entries(properties.Environment.Variables).map(([key, value]) => [
    key,
    resolve(value, references),
  ]);
  return {
    bundle: z.string().parse(bundles[name]),
    timeoutSeconds: properties.Timeout,
    // What Lambda sets beside the function's own variables, and the one that leads to moto.
    environment: {
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
      AWS_ENDPOINT_URL: ENDPOINT,
      ...Object.fromEntries(variables),
    },
  };
}

async function deployRole(template: Template, name: string): Promise<void> {
  const role = roleSchema.parse(template.Resources[name]?.Properties);
  const allowed = role.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).map(
    ({ Effect, Action, Resource }): Statement => {
      const actions = z.union([z.string(), z.array(z.string())]).parse(Action);
      // moto matches the resource of AssumeRole and of nothing else: see moto.ts.
      return actions === 'sts:AssumeRole'
        ? { Effect, Action: actions, Resource: resolve(Resource, {}) }
        : { Effect, Action: actions };
    },
  );
  await createRole(HOME, name, role.AssumeRolePolicyDocument.Statement[0], allowed);
}

/** The three forms that the template's environment and rights have. */
function resolve(value: unknown, references: Readonly<Record<string, string>>): string {
  if (typeof value === 'string') return value;
  const intrinsic = intrinsicSchema.parse(value);
  if ('Ref' in intrinsic) return z.string().parse(references[intrinsic.Ref]);
  const known = { 'AWS::Partition': 'aws', 'AWS::Region': REGION, 'AWS::AccountId': HOME };
  return Object.entries(known).reduce((all, [name, to]) => all.replaceAll(`\${${name}}`, to), intrinsic['Fn::Sub']);
}

async function run({ bundle, timeoutSeconds, environment }: DeployedFunction, event: unknown): Promise<unknown> {
  const child = fork(INVOKE, [bundle, JSON.stringify(event), String(timeoutSeconds)], {
    env: environment,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')));
  const answer = once(child, 'message');
  const [exitCode] = await once(child, 'exit');
  if (exitCode !== 0) throw new Error(`${bundle} ended with ${exitCode}:\n${(await log).join('\n')}`);
  const [message] = await answer;
  return message.result;
}
