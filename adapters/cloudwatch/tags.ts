/**
 * The names and tags of the instances of an account and region, from the Resource Groups Tagging API: nothing that CloudWatch holds
 * has them. They are optional: who may not read them reads the hosts all the same, by their ids.
 */
import type { CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import { BOUNDED_WAIT } from '../aws/client.ts';
import { attemptsOf, failureOf } from '../aws/errors.ts';
import { type Failure, failureFor } from '../reading/failure.ts';
import { type PageOrFailure, paginate } from '../reading/paginate.ts';
import { limitAnswers } from './client.ts';
import type { RequestContext } from './pages.ts';

/** Tags by instance id, and why they are not complete; undefined where they are. */
export interface InstanceTags {
  readonly tags: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly failure: Failure | undefined;
}

/** Instances in one page: the service's limit. */
const PAGE_SIZE = 100;

/** Pages of one region: a million instances is beyond any region. */
const MAX_PAGES = 10_000;

/** A page of 100 instances with 50 tags of the greatest length has 2 MB. */
const LIMITS = { maxBytes: 8 * 2 ** 20, bodyTimeoutMs: 10_000 };

const pageSchema = z.object({
  PaginationToken: z.string().optional(),
  ResourceTagMappingList: z.array(z.unknown()).default([]),
});

/** An instance of a page. They are checked one by one: a malformed one costs its own tags. */
const taggedSchema = z.object({
  ResourceARN: z.string(),
  Tags: z.array(z.object({ Key: z.string().min(1), Value: z.string() })).default([]),
});

/** `arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0` */
const INSTANCE_ARN = /:instance\/(i-[^/:]+)$/;

/** Returns a function that reads all pages of a region. It never throws: a failure is part of its result. */
export function openTags(
  region: string,
  settings: Pick<CloudWatchClientConfig, 'credentials' | 'endpoint' | 'requestHandler'> = {},
) {
  const { credentials, endpoint, requestHandler } = settings;
  const client = new ResourceGroupsTaggingAPIClient({
    region,
    retryMode: 'standard',
    ...BOUNDED_WAIT,
    ...(credentials && { credentials }),
    ...(endpoint && { endpoint }),
    ...(requestHandler && { requestHandler }),
  });
  client.middlewareStack.add(limitAnswers(LIMITS), { step: 'deserialize', priority: 'low', name: 'plimsollLimitTags' });
  return (context: Omit<RequestContext, 'client'>): Promise<InstanceTags> => readTags(client, context);
}

async function readTags(
  client: ResourceGroupsTaggingAPIClient,
  context: Omit<RequestContext, 'client'>,
): Promise<InstanceTags> {
  const tags = new Map<string, ReadonlyMap<string, string>>();
  const pages = paginate({
    subject: 'GetResources',
    maxPages: MAX_PAGES,
    signal: context.signal,
    request: (token) => requestPage(client, context, token),
    nextToken: ({ PaginationToken }) => PaginationToken,
  });
  for await (const answer of pages) {
    if (answer.kind === 'failed') return { tags, failure: answer.failure };
    for (const listed of answer.page.ResourceTagMappingList) {
      const tagged = taggedSchema.safeParse(listed).data;
      const id = tagged && INSTANCE_ARN.exec(tagged.ResourceARN)?.[1];
      if (id !== undefined) tags.set(id, new Map(tagged?.Tags.map(({ Key, Value }) => [Key, Value])));
    }
  }
  return { tags, failure: undefined };
}

async function requestPage(
  client: ResourceGroupsTaggingAPIClient,
  { meter, signal }: Omit<RequestContext, 'client'>,
  token: string | undefined,
): Promise<PageOrFailure<z.output<typeof pageSchema>>> {
  const command = new GetResourcesCommand({
    ResourceTypeFilters: ['ec2:instance'],
    ResourcesPerPage: PAGE_SIZE,
    PaginationToken: token,
  });
  try {
    const output = await client.send(command, { abortSignal: signal });
    for (let attempt = 0; attempt < (output.$metadata.attempts ?? 1); attempt++) meter.count('GetResources');
    const { data, error } = parseInput(pageSchema, output);
    return data
      ? { kind: 'page', page: data }
      : {
          kind: 'failed',
          failure: failureFor('malformed', `the list of tags is not as documented: ${describeIssues(error)[0]}`),
        };
  } catch (error) {
    for (let attempt = 0; attempt < attemptsOf(error); attempt++) meter.count('GetResources');
    return { kind: 'failed', failure: failureOf(error, signal), cause: error };
  }
}
