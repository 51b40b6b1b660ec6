/**
 * Requests of `plimsoll recordings`: to the API in this process, over the deployment, so that checks and the audit log are the same; or to the API of
 * `plimsoll console --receive` on this machine.
 */
import * as z from 'zod';
import { API_ROOT } from '../../api/app.ts';
import { problemSchema } from '../../api/contract/route.ts';
import { PlimsollError } from '../../core/ports/errors.ts';
import type { CommandContext } from '../context.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { openDeploymentApi } from '../local-api/deployment.ts';
import { findConsole, noConsole } from '../local-console.ts';
import { PLIMSOLL } from '../program.ts';
import { LOCAL } from '../simulation/local-tenant.ts';
import { UsageError } from '../usage-error.ts';

/** Of a deployment the tenant, of a console on this machine its folder. */
export interface RecordingsOptions extends DeploymentOptions {
  readonly tenant?: string;
  readonly folder?: string;
}

/** The API did not answer. */
class RecordingsError extends PlimsollError {}

export interface RecordingsClient {
  /**
   * @param path Below the recordings of the tenant.
   * Throws `UsageError` where what is requested cannot be done.
   */
  send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Response>;
}

/** Throws `UsageError` where there is no such tenant, no such deployment, or no console on the folder. */
export function openRecordings(options: RecordingsOptions, context: CommandContext): Promise<RecordingsClient> {
  const { folder } = options;
  if (folder !== undefined) return openConsole(folder, context);
  return openDeployment({ ...options, tenant: requireTenant(options, context) }, context);
}

/** The tenant whose recordings they are. Throws `UsageError` where neither a deployment is named nor a folder. */
export function requireTenant(options: RecordingsOptions, context: CommandContext): string {
  const { tenant, folder } = options;
  if (folder !== undefined) return LOCAL.tenant;
  if (tenant === undefined || !namesDeployment(options, context)) throw new UsageError(NEITHER);
  return tenant;
}

/** How a command that is shown finds the same recordings, for example `--tenant acme --stage prod`. */
export function recordingsArguments(options: RecordingsOptions): string {
  if (options.folder !== undefined) return `--folder ${options.folder}`;
  return `--tenant ${options.tenant}${deploymentArguments(options)}`;
}

const NEITHER = [
  'Name where the recordings are:',
  `  --folder FOLDER               of \`${PLIMSOLL} console --receive FOLDER\`, which runs on this machine`,
  '  --tenant ID --stage NAME      of a deployment (or --stack NAME, or the variables that its stack stands for)',
].join('\n');

function namesDeployment({ stage, stack }: DeploymentOptions, { environment }: CommandContext): boolean {
  return stage !== undefined || stack !== undefined || environment.hasTable() || environment.hasConfigsTable();
}

async function openDeployment(
  options: DeploymentOptions & { readonly tenant: string },
  context: CommandContext,
): Promise<RecordingsClient> {
  const { api } = await openDeploymentApi({ ...options, now: () => context.now }, context);
  return clientOf(options.tenant, async (path, init) => api.request(path, init));
}

async function openConsole(folder: string, { signal }: CommandContext): Promise<RecordingsClient> {
  const { origin, token } = await findConsole(folder);
  return clientOf(LOCAL.tenant, async (path, { headers, ...init }) => {
    const authorized = { ...headers, Authorization: `Bearer ${token}` };
    try {
      // A redirect is not followed: the token is for this address.
      return await fetch(origin + path, { ...init, headers: authorized, redirect: 'manual', signal });
    } catch (error) {
      if (signal.aborted) throw error;
      // A process that was killed leaves its address.
      throw noConsole(folder);
    }
  });
}

interface Init {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function clientOf(tenant: string, request: (path: string, init: Init) => Promise<Response>): RecordingsClient {
  const root = `${API_ROOT}/tenants/${tenant}/recordings`;
  return {
    async send(method, path, body) {
      const json = { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
      const response = await request(`${root}${path}`, { method, ...(body !== undefined && json) });
      if (response.ok) return response;
      throw problemOf(response.status, await contentOf(response));
    },
  };
}

/** Undefined where it is no JSON: something else may listen at the address of a console that is gone. */
async function contentOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
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
