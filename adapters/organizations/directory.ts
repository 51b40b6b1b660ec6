/** The accounts of an AWS organization, or of parts of it. Only its management account and its delegated administrators see them. */
import {
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  OrganizationsClient,
  type OrganizationsClientConfig,
} from '@aws-sdk/client-organizations';
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { AccountDirectory, ListedAccount } from '../../core/ports/account-directory.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { BOUNDED_WAIT } from '../aws/client.ts';
import { failureOf, isNotSignedIn } from '../aws/errors.ts';
import { ownRegion } from '../aws/own-region.ts';
import { untilConsumerStops } from '../reading/abort.ts';
import { type Failure, failureFor } from '../reading/failure.ts';
import type { PageOrFailure } from '../reading/paginate.ts';
import { type ParentList, type ParentPage, walkTree } from '../reading/walk-tree.ts';

export interface OrganizationsOptions {
  /** Organizational units or the root, as `ou-ab12-11111111`. Empty: the entire organization. */
  readonly parents: readonly string[];
  readonly client?: OrganizationsClientConfig;
}

const ORGANIZATION = 'the organization';

/** Accounts in a page: the service's limit. */
const PAGE_SIZE = 20;

/** Tries of one request, the first included: the service allows few requests a second, and 10,000 accounts are 500 pages. */
const MAX_ATTEMPTS = 8;

/** The service is one for a partition; its endpoint is found by any region of that partition. */
const ANY_REGION = 'us-east-1';

export function organizationsDirectory({ parents, client: settings }: OrganizationsOptions): AccountDirectory {
  const client = new OrganizationsClient({
    region: () => ownRegion(ANY_REGION),
    maxAttempts: MAX_ATTEMPTS,
    ...BOUNDED_WAIT,
    ...settings,
  });
  const roots = parents.length === 0 ? [ORGANIZATION] : parents;
  const lists = parents.length === 0 ? [entireOrganization(client)] : [accountsBelow(client), unitsBelow(client)];
  return {
    provider: 'aws',
    root: roots.join(', '),
    list: (signal) => untilConsumerStops(signal, (ended) => walkTree({ roots, lists, advice }, ended)),
  };
}

const accountSchema = z.object({
  Id: z.string().regex(/^\d{12}$/, 'must be the 12 digits of an account'),
  Arn: z.string().max(2048).startsWith('arn:'),
  Name: z.string().max(256).default(''),
  /** Since September 2026 the only one of the two: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html */
  State: z.string().max(64).optional(),
  Status: z.string().max(64).optional(),
});

const accountsSchema = z.object({ Accounts: z.array(z.unknown()).default([]), NextToken: z.string().optional() });

const unitsSchema = z.object({
  OrganizationalUnits: z.array(z.object({ Id: z.string().max(256) })).default([]),
  NextToken: z.string().optional(),
});

function entireOrganization(client: OrganizationsClient): ParentList {
  return {
    subject: 'ListAccounts',
    page: (_, NextToken, abortSignal) =>
      answered(abortSignal, async () => {
        const command = new ListAccountsCommand({ NextToken, MaxResults: PAGE_SIZE });
        return accountsPage(await client.send(command, { abortSignal }));
      }),
  };
}

function accountsBelow(client: OrganizationsClient): ParentList {
  return {
    subject: 'ListAccountsForParent',
    page: (ParentId, NextToken, abortSignal) =>
      answered(abortSignal, async () => {
        const command = new ListAccountsForParentCommand({ ParentId, NextToken, MaxResults: PAGE_SIZE });
        return accountsPage(await client.send(command, { abortSignal }));
      }),
  };
}

function unitsBelow(client: OrganizationsClient): ParentList {
  return {
    subject: 'ListOrganizationalUnitsForParent',
    page: (ParentId, NextToken, abortSignal) =>
      answered(abortSignal, async () => {
        const command = new ListOrganizationalUnitsForParentCommand({ ParentId, NextToken, MaxResults: PAGE_SIZE });
        const { data, error } = parseInput(unitsSchema, await client.send(command, { abortSignal }));
        if (error) return notAsDocumented(error);
        const parents = data.OrganizationalUnits.map(({ Id }) => Id);
        return { kind: 'page', page: { accounts: [], parents, malformed: [], nextToken: data.NextToken } };
      }),
  };
}

type Answer = PageOrFailure<ParentPage>;

async function answered(signal: AbortSignal, request: () => Promise<Answer>): Promise<Answer> {
  try {
    return await request();
  } catch (error) {
    if (isNotFound(error))
      return { kind: 'failed', failure: failureFor('not_found', `${error.name}: ${error.message}`) };
    const failure = failureOf(error, signal);
    return { kind: 'failed', failure, ...(isNotSignedIn(error) && { cause: notSignedIn(failure, error) }) };
  }
}

function accountsPage(output: unknown): Answer {
  const { data, error } = parseInput(accountsSchema, output);
  if (error) return notAsDocumented(error);
  const parsed = data.Accounts.map((account) => parseInput(accountSchema, account));
  const accounts = parsed.flatMap((one) => (one.data ? [listedAccount(one.data)] : []));
  const malformed = parsed.flatMap((one) => (one.error ? [String(describeIssues(one.error)[0])] : []));
  return { kind: 'page', page: { accounts, parents: [], malformed, nextToken: data.NextToken } };
}

function listedAccount({ Id, Arn, Name, State, Status }: z.output<typeof accountSchema>): ListedAccount {
  const stateName = State ?? Status ?? '';
  const state = stateName === '' ? 'unknown' : stateName === 'ACTIVE' ? 'active' : 'inactive';
  const partition = Arn.split(':')[1] ?? '';
  return { kind: 'account', provider: 'aws', account: Id, name: Name, state, stateName, partition };
}

function notAsDocumented(error: z.ZodError): Answer {
  const detail = `the answer of AWS Organizations is not as documented: ${describeIssues(error)[0]}`;
  return { kind: 'failed', failure: failureFor('malformed', detail) };
}

/** Refusals that are about what was named, and not about rights. */
const NOT_FOUND = new Set(['AWSOrganizationsNotInUseException', 'ParentNotFoundException']);

function isNotFound(error: unknown): error is Error {
  return error instanceof Error && NOT_FOUND.has(error.name);
}

/** Without credentials no part can be listed, and no right is at fault. */
function notSignedIn({ reason, retryable, detail }: Failure, cause: unknown): SourceError {
  return new SourceError(`cannot sign in to AWS: ${detail}`, { reason, retryable, cause, stage: 'sign_in' });
}

function advice({ reason }: Failure): string | undefined {
  if (reason === 'not_found') {
    return 'use credentials of the management account of the organization, or of a delegated administrator, and a unit that exists';
  }
  if (reason !== 'denied') return undefined;
  return (
    'it takes credentials of the management account, or of a delegated administrator, with organizations:ListAccounts; for --ou ' +
    'with organizations:ListAccountsForParent and organizations:ListOrganizationalUnitsForParent'
  );
}
