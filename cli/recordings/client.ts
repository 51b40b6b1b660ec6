/** Requests of `plimsoll recordings`: to the API in this process, over the deployment, so that checks and the audit log are the same. */
import * as z from 'zod';
import { API_ROOT } from '../../api/app.ts';
import { problemSchema } from '../../api/contract/route.ts';
import { PlimsollError } from '../../core/ports/errors.ts';
import type { CommandContext } from '../context.ts';
import type { DeploymentOptions } from '../deployment.ts';
import { openDeploymentApi } from '../local-api/deployment.ts';
import { UsageError } from '../usage-error.ts';

export interface RecordingsOptions extends DeploymentOptions {
  readonly tenant: string;
}

/** The deployment did not answer. */
class RecordingsError extends PlimsollError {}

export interface RecordingsClient {
  /**
   * @param path Below the recordings of the tenant.
   * Throws `UsageError` where what is requested cannot be done.
   */
  send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Response>;
}

/** Throws `UsageError` where there is no such tenant. */
export async function openRecordings(options: RecordingsOptions, context: CommandContext): Promise<RecordingsClient> {
  const { api } = await openDeploymentApi({ ...options, now: () => context.now }, context);
  const root = `${API_ROOT}/tenants/${options.tenant}/recordings`;
  return {
    async send(method, path, body) {
      const json = { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
      const response = await api.request(`${root}${path}`, { method, ...(body !== undefined && json) });
      if (response.ok) return response;
      throw problemOf(response.status, await response.json());
    },
  };
}

function problemOf(status: number, content: unknown): PlimsollError {
  const problem = problemSchema.safeParse(content);
  if (!problem.success) return new RecordingsError(`The API answered ${status}.`);
  const { detail, issues = [] } = problem.data;
  const message = [detail, ...issues.map(({ path, message: issue }) => `  ${path}: ${issue}`)].join('\n');
  return status < 500 ? new UsageError(message) : new RecordingsError(message);
}

/** The JSON of an answer, as its route describes it. */
export async function answerOf<Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
): Promise<z.output<Schema>> {
  return schema.parse(await response.json());
}

/** A part of a path. */
export function pathOf(id: string): string {
  return `/${encodeURIComponent(id)}`;
}

export const recordingList = <Item extends z.ZodType>(item: Item) => z.strictObject({ items: z.array(item) });
