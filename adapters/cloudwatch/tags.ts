/**
 * The names and tags of the instances of an account and region, from the Resource Groups Tagging API: nothing that CloudWatch holds
 * has them. They are optional: who may not read them reads the hosts all the same, by their ids.
 */
import type { CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { BOUNDED_WAIT, ONE_ATTEMPT } from '../aws/client.ts';
import { failureOf, hasLeft } from '../aws/errors.ts';
import { type Failure, failureFor } from '../reading/failure.ts';
import type { HostList, ListedEntries } from '../reading/host-list.ts';
import { failureIn, type PageOrFailure } from '../reading/paginate.ts';
import type { Retries } from '../reading/retry.ts';
import { limitAnswers } from './client.ts';
import type { RequestContext } from './pages.ts';

export type Tags = ReadonlyMap<string, string>;

/** Tags by instance id, and why they are not complete; undefined where they are. */
export interface InstanceTags {
  readonly tags: ReadonlyMap<string, Tags>;
  readonly failure: Pick<Failure, 'reason' | 'detail'> | undefined;
}

/** An instance's id, and the key and value of each of its tags in turn. */
export const taggedEntrySchema = z.array(z.string()).readonly();

export type TaggedEntry = z.output<typeof taggedEntrySchema>;

/** Instances in one page: the service's limit. */
const PAGE_SIZE = 100;

/** Pages of one region: a million instances is beyond any region. */
const MAX_PAGES = 10_000;

/** A page of 100 instances with 50 tags of the greatest length has 2 MB. */
const LIMITS = { maxBytes: 8 * 2 ** 20, bodyTimeoutMs: 10_000 };

/** The name of the request, for the meter and for messages. */
const CALL = 'GetResources';

const pageSchema = z.object({
  PaginationToken: z.string().optional(),
  ResourceTagMappingList: z.array(z.unknown()).default([]),
});

type TagsPage = z.output<typeof pageSchema>;

/** An instance of a page. They are checked one by one: a malformed one costs its own tags. */
const taggedSchema = z.object({
  ResourceARN: z.string(),
  Tags: z.array(z.object({ Key: z.string().min(1), Value: z.string() })).default([]),
});

/** `arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0` */
const INSTANCE_ARN = /:instance\/(i-[^/:]+)$/;

/** Returns a function that gives the list of a region's tagged instances. */
export function openTags(
  region: string,
  settings: Pick<CloudWatchClientConfig, 'credentials' | 'endpoint' | 'requestHandler'>,
  retries: Retries,
) {
  const { credentials, endpoint, requestHandler } = settings;
  const client = new ResourceGroupsTaggingAPIClient({
    region,
    ...ONE_ATTEMPT,
    ...BOUNDED_WAIT,
    ...(credentials && { credentials }),
    ...(endpoint && { endpoint }),
    ...(requestHandler && { requestHandler }),
  });
  client.middlewareStack.add(limitAnswers(LIMITS), { step: 'deserialize', priority: 'low', name: 'plimsollLimitTags' });
  return (context: Pick<RequestContext, 'meter' | 'signal'>): HostList<TaggedEntry> => ({
    subject: CALL,
    maxPages: MAX_PAGES,
    signal: context.signal,
    async request(token) {
      const answer = await retries.attempt(() => requestPage(client, context, token), failureIn, context.signal);
      return answer.kind === 'failed' ? answer : { kind: 'page', page: entriesOf(answer.page) };
    },
    unlisted: ({ failure: { reason, retryable, detail }, cause }) =>
      new SourceError(detail, { reason, retryable, cause }),
  });
}

function entriesOf({ ResourceTagMappingList: listed, PaginationToken }: TagsPage) {
  const entries = listed.flatMap((resource): TaggedEntry[] => {
    const tagged = taggedSchema.safeParse(resource).data;
    const id = tagged && INSTANCE_ARN.exec(tagged.ResourceARN)?.[1];
    return id === undefined ? [] : [[id, ...(tagged?.Tags ?? []).flatMap(({ Key, Value }) => [Key, Value])]];
  });
  return { entries, nextToken: PaginationToken || undefined };
}

export function tagsOf({ entries, failure }: ListedEntries<TaggedEntry>): InstanceTags {
  return { tags: new Map(entries.map(([id = '', ...texts]) => [id, pairsOf(texts)])), failure };
}

/** @param texts The key and the value of each tag in turn. */
export function pairsOf(texts: readonly string[]): Tags {
  return new Map(
    Array.from({ length: texts.length / 2 }, (_, index) => [texts[2 * index] ?? '', texts[2 * index + 1] ?? '']),
  );
}

async function requestPage(
  client: ResourceGroupsTaggingAPIClient,
  { meter, signal }: Pick<RequestContext, 'meter' | 'signal'>,
  token: string | undefined,
): Promise<PageOrFailure<TagsPage>> {
  const command = new GetResourcesCommand({
    ResourceTypeFilters: ['ec2:instance'],
    ResourcesPerPage: PAGE_SIZE,
    PaginationToken: token,
  });
  try {
    const output = await client.send(command, { abortSignal: signal });
    meter.count(CALL);
    const { data, error } = parseInput(pageSchema, output);
    return data
      ? { kind: 'page', page: data }
      : {
          kind: 'failed',
          failure: failureFor('malformed', `the list of tags is not as documented: ${describeIssues(error)[0]}`),
        };
  } catch (error) {
    if (hasLeft(error)) meter.count(CALL);
    return { kind: 'failed', failure: failureOf(error, signal), cause: error };
  }
}
