/**
 * GetResources of the Resource Groups Tagging API:
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
 */
import * as z from 'zod';
import type { Fleet, Host } from '../scenario/fleet.ts';
import type { Answer } from '../wire/answer.ts';
import { errorAnswer, jsonAnswer } from './answers.ts';
import type { SandboxRequest } from './request.ts';

const MAX_PAGE_SIZE = 100;

const inputSchema = z.object({
  PaginationToken: z.string().optional(),
  ResourcesPerPage: z.int().min(1).max(MAX_PAGE_SIZE).default(50),
  ResourceTypeFilters: z.tuple([z.literal('ec2:instance')]),
});

interface TaggingContext {
  readonly fleet: Fleet;
  readonly account: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Only instances that have tags are listed. The last page has an empty token. */
export function answerTagging(request: SandboxRequest, { fleet, account, now }: TaggingContext): Answer {
  const input = inputSchema.safeParse(JSON.parse(request.body.toString()));
  const offset = Number(input.data?.PaginationToken || 0);
  if (request.action !== 'GetResources' || !input.success || !Number.isInteger(offset)) {
    const message = 'The sandbox lists the tags of instances, at most 100 a page.';
    return errorAnswer('tagging', { status: 400, code: 'InvalidParameterException', message });
  }
  const tagged = fleet.hosts.filter(
    ({ resource, runs, tags }) =>
      resource.provider === 'aws' &&
      resource.account === account &&
      resource.region === request.region &&
      runs.end > now &&
      tags !== undefined,
  );
  const next = offset + input.data.ResourcesPerPage;
  return jsonAnswer({
    PaginationToken: next < tagged.length ? String(next) : '',
    ResourceTagMappingList: tagged.slice(offset, next).map(describe),
  });
}

function describe({ resource, tags = {} }: Host): object {
  const { account, region, id } = resource;
  return {
    ResourceARN: `arn:aws:ec2:${region}:${account}:instance/${id}`,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}
