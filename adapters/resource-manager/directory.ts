/** The projects below folders or organizations of Google Cloud, at any depth. */
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { AccountDirectory, ListedAccount } from '../../core/ports/account-directory.ts';
import type { SignIn } from '../gcp/credentials.ts';
import { failureOfRest, getJson } from '../gcp/rest.ts';
import { untilConsumerStops } from '../reading/abort.ts';
import { type Failure, failureFor } from '../reading/failure.ts';
import type { PageOrFailure } from '../reading/paginate.ts';
import { type ParentList, type ParentPage, walkTree } from '../reading/walk-tree.ts';

export interface ResourceManagerOptions {
  /** `folders/123456789012` or `organizations/123456789012`. */
  readonly parents: readonly string[];
  readonly signIn: SignIn;
  /** For tests: where Resource Manager is instead. */
  readonly endpoint?: string;
}

const RESOURCE_MANAGER = 'https://cloudresourcemanager.googleapis.com';

/** Entries in a page; the service may give fewer. */
const PAGE_SIZE = 300;

export function resourceManagerDirectory(options: ResourceManagerOptions): AccountDirectory {
  const { parents: roots } = options;
  const lists = [projectsBelow(options), foldersBelow(options)];
  return {
    provider: 'gcp',
    root: roots.join(', '),
    list: (signal) => untilConsumerStops(signal, (ended) => walkTree({ roots, lists, advice }, ended)),
  };
}

/** https://cloud.google.com/resource-manager/reference/rest/v3/projects/list: those directly below a parent. */
const projectsSchema = z.object({
  projects: z.array(z.unknown()).default([]),
  nextPageToken: z.string().optional(),
});

const projectSchema = z.object({
  name: z.string().regex(/^projects\/\d{1,20}$/, 'must be projects/ and a number'),
  projectId: z.string().min(1).max(64),
  displayName: z.string().max(256).default(''),
  state: z.string().max(64).default(''),
});

/** https://cloud.google.com/resource-manager/reference/rest/v3/folders/list; those that are being deleted are left out. */
const foldersSchema = z.object({
  folders: z.array(z.object({ name: z.string().regex(/^folders\/\d{1,20}$/) })).default([]),
  nextPageToken: z.string().optional(),
});

function projectsBelow(options: ResourceManagerOptions): ParentList {
  return {
    subject: 'projects.list',
    page: (parent, token, signal) =>
      // A project stays for 30 days after it was deleted: https://cloud.google.com/resource-manager/docs/creating-managing-projects
      request(options, addressOf('projects', { parent, token, showDeleted: true }, options), signal, projectsPage),
  };
}

function foldersBelow(options: ResourceManagerOptions): ParentList {
  return {
    subject: 'folders.list',
    page: (parent, token, signal) =>
      request(options, addressOf('folders', { parent, token }, options), signal, foldersPage),
  };
}

interface Query {
  readonly parent: string;
  readonly token: string | undefined;
  readonly showDeleted?: boolean;
}

function addressOf(collection: string, { parent, token, showDeleted }: Query, options: ResourceManagerOptions): URL {
  const url = new URL(`/v3/${collection}`, options.endpoint ?? RESOURCE_MANAGER);
  url.searchParams.set('parent', parent);
  url.searchParams.set('pageSize', String(PAGE_SIZE));
  if (showDeleted) url.searchParams.set('showDeleted', 'true');
  if (token !== undefined) url.searchParams.set('pageToken', token);
  return url;
}

type Answer = PageOrFailure<ParentPage>;

async function request(
  { signIn }: ResourceManagerOptions,
  url: URL,
  signal: AbortSignal,
  read: (answer: unknown) => Answer,
): Promise<Answer> {
  // Nobody is signed in: that concerns every part, so it is thrown.
  const client = await signIn();
  try {
    return read(await getJson(client, url, signal));
  } catch (error) {
    return { kind: 'failed', failure: failureOfRest(error, signal) };
  }
}

function projectsPage(answer: unknown): Answer {
  const { data, error } = parseInput(projectsSchema, answer);
  if (error) return notAsDocumented(error);
  const parsed = data.projects.map((project) => parseInput(projectSchema, project));
  const accounts = parsed.flatMap((one) => (one.data ? [listedProject(one.data)] : []));
  const malformed = parsed.flatMap((one) => (one.error ? [String(describeIssues(one.error)[0])] : []));
  return { kind: 'page', page: { accounts, parents: [], malformed, nextToken: data.nextPageToken } };
}

function foldersPage(answer: unknown): Answer {
  const { data, error } = parseInput(foldersSchema, answer);
  if (error) return notAsDocumented(error);
  const parents = data.folders.map(({ name }) => name);
  return { kind: 'page', page: { accounts: [], parents, malformed: [], nextToken: data.nextPageToken } };
}

function listedProject({ name, projectId, displayName, state }: z.output<typeof projectSchema>): ListedAccount {
  return {
    kind: 'account',
    provider: 'gcp',
    account: projectId,
    name: displayName,
    state: state === 'ACTIVE' ? 'active' : state === '' ? 'unknown' : 'inactive',
    stateName: state,
    projectNumber: name.slice('projects/'.length),
  };
}

function notAsDocumented(error: z.ZodError): Answer {
  const detail = `the answer of Resource Manager is not as documented: ${describeIssues(error)[0]}`;
  return { kind: 'failed', failure: failureFor('malformed', detail) };
}

function advice({ reason }: Failure): string | undefined {
  if (reason !== 'denied') return undefined;
  return 'it takes roles/browser there, or a role with resourcemanager.projects.list and resourcemanager.folders.list';
}
