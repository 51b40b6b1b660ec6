/** Reads a host by the inspect function of its cloud: that one alone may assume a role in a tenant's accounts. */
import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { clip } from '../../core/messages/plain-text.ts';
import { type HostReadRequest, hostReadAnswerSchema, MOST_ANSWER_BYTES } from '../../core/model/host-memory.ts';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import { type PointReadRequest, pointReadAnswerSchema } from '../../core/model/point-read.ts';
import type { AccountProvider } from '../../core/model/series.ts';
import { type HostReader, HostReaderError, type HostReaderFailure } from '../../core/ports/host-reader.ts';
import { ONE_ATTEMPT } from '../aws/client.ts';
import { failureOf } from '../aws/errors.ts';

export interface LambdaHostReaderOptions {
  /** With `READER_WAIT`. */
  readonly client: LambdaClient;
  /** The name or the ARN of the inspect function of a cloud. */
  readonly functionOf: (provider: AccountProvider) => string;
}

/**
 * Settings for the client. The function states what did not come within 20 s as unreadable, and the gateway in front of whoever waits
 * gives up after 30. It is tried once: a second read would be paid for again.
 */
export const READER_WAIT = {
  ...ONE_ATTEMPT,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 27_000, throwOnRequestTimeout: true },
};

/** What an envelope of an error adds to the largest answer. */
const MOST_BYTES = MOST_ANSWER_BYTES + 100_000;

const DETAIL_LENGTH = 500;

export function createLambdaHostReader({ client, functionOf }: LambdaHostReaderOptions): HostReader {
  return {
    async read(request, signal) {
      const { answer, fail } = await ask(request, hostReadAnswerSchema, signal);
      if (answer.outcome === 'read' && !isOf(request, answer.memory.host))
        return fail('malformed', `it is about ${answer.memory.host.id}`);
      return answer;
    },
    async readPoints(request, signal) {
      const { answer, fail } = await ask(request, pointReadAnswerSchema, signal);
      if (answer.outcome === 'read' && !(isOf(request, answer.view.host) && answer.view.metric === request.metric))
        return fail('malformed', `it is about ${answer.view.metric} of ${answer.view.host.id}`);
      return answer;
    },
  };

  async function ask<Schema extends z.ZodType>(
    request: HostReadRequest | PointReadRequest,
    schema: Schema,
    signal: AbortSignal | undefined,
  ) {
    const name = functionOf(request.provider);
    const command = new InvokeCommand({
      FunctionName: name,
      InvocationType: 'RequestResponse',
      Payload: Buffer.from(JSON.stringify(request)),
    });
    return answerOf(name, await invoke(client, command, name, signal), schema);
  }
}

async function invoke(client: LambdaClient, command: InvokeCommand, name: string, signal: AbortSignal | undefined) {
  try {
    return await client.send(command, signal && { abortSignal: signal });
  } catch (error) {
    const { reason, detail } = failureOf(error, signal);
    const known = isAbsent(error) ? 'absent' : REASONS[reason];
    throw new HostReaderError(`${ADVICE[known](name)} (${detail})`, known, error);
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && error.name === 'ResourceNotFoundException';
}

const REASONS: Readonly<Record<ReturnType<typeof failureOf>['reason'], HostReaderFailure>> = {
  denied: 'denied',
  not_found: 'absent',
  throttled: 'throttled',
  timeout: 'timeout',
  truncated: 'malformed',
  malformed: 'failed',
  unavailable: 'unavailable',
};

/** What happened, and what to do. */
const ADVICE: Readonly<Record<HostReaderFailure, (name: string) => string>> = {
  throttled: (name) => `Too many reads run at once: ${name} takes no further one. Try again in some seconds.`,
  timeout: (name) => `${name} did not answer in time. Try again; a region with very many hosts may take too long.`,
  denied: (name) => `The right to invoke ${name} is missing. Let this role use lambda:InvokeFunction on it.`,
  absent: (name) => `There is no function ${name}. Deploy the stage, or correct its name.`,
  failed: (name) => `${name} ended with an error. Its log has the cause.`,
  malformed: (name) =>
    `The answer of ${name} is not as it should be. Deploy all functions of the stage in one version.`,
  unavailable: (name) => `${name} could not be reached. Try again in some seconds.`,
};

/** An answer, and what throws where it turns out not to be as it should be. */
interface Answered<Answer> {
  readonly answer: Answer;
  fail(reason: HostReaderFailure, detail: string): never;
}

function answerOf<Schema extends z.ZodType>(
  name: string,
  { FunctionError, Payload }: Pick<InvokeCommandOutput, 'FunctionError' | 'Payload'>,
  schema: Schema,
): Answered<z.output<Schema>> {
  const fail = (reason: HostReaderFailure, detail: string, cause?: unknown): never => {
    throw new HostReaderError(`${ADVICE[reason](name)} (${clip(detail, DETAIL_LENGTH)})`, reason, cause);
  };
  const bytes = Payload ?? new Uint8Array();
  if (bytes.byteLength > MOST_BYTES) return fail('malformed', `it has ${bytes.byteLength} bytes`);
  const content = parsedJson(bytes);
  if (FunctionError !== undefined) {
    const { errorType = 'Error', errorMessage = '' } = errorSchema.safeParse(content).data ?? {};
    const isTimeout = errorType === 'Sandbox.Timedout' || /Task timed out/.test(errorMessage);
    return fail(isTimeout ? 'timeout' : 'failed', `${errorType}: ${errorMessage}`);
  }
  const parsed = parseInput(schema, content);
  if (!parsed.success) return fail('malformed', describeIssues(parsed.error)[0] ?? 'it is empty', parsed.error);
  return { answer: parsed.data, fail };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
const errorSchema = z.object({ errorType: z.string().optional(), errorMessage: z.string().optional() });

/** Undefined where it is none: the schema then refuses it. */
function parsedJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Azure writes its ids in any case. */
function isOf(
  { provider, account, region, host }: HostReadRequest | PointReadRequest,
  found: { readonly provider: string; readonly account: string; readonly region: string | null; readonly id: string },
): boolean {
  const isHost = found.id === host || (provider === 'azure' && found.id.toLowerCase() === host.toLowerCase());
  return isHost && found.provider === provider && found.account === account && found.region === region;
}
