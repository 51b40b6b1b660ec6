/** The hosts of one account and region with their names: listings of CloudWatch and the tags of instances, each read once. */
import type { CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import type { HostFilter } from '../../core/model/host-filter.ts';
import type { InRegion, Scope } from '../../core/model/series.ts';
import { type Failure, OUT_OF_TIME } from '../reading/failure.ts';
import { onceUnlessFailed } from '../reading/once.ts';
import { type Inventory, listInventory } from './inventory.ts';
import { needsTags, withTags } from './naming.ts';
import type { RequestContext } from './pages.ts';
import { type InstanceTags, openTags } from './tags.ts';

/** How long hosts that are known wait for their names: tags come by the hundred, in pages one after another. */
const TAGS_WAIT_MS = 10_000;

const ADVICE = '; allow tag:GetResources, as the onboarding template does';

export interface NamedHosts {
  readonly inventory: Inventory;
  /** Why tags that a filter needs are not there. */
  readonly missing: Pick<Failure, 'reason' | 'detail'> | undefined;
}

export interface KnownHosts {
  /** As CloudWatch lists them. Rejects with `SourceError`. */
  listed(context: RequestContext): Promise<Inventory>;
  /**
   * With their names, where these can be read: only where a filter needs them are they waited for without end. Rejects
   * as `listed`.
   */
  named(context: RequestContext, filters: readonly HostFilter[]): Promise<NamedHosts>;
  /** Why names cannot be read; undefined where they can. */
  whyUnnamed(context: RequestContext): Promise<string | undefined>;
}

export function knownHosts(scope: InRegion<Scope>, settings: CloudWatchClientConfig = {}): KnownHosts {
  const readTags = openTags(scope.region, settings);
  const listed = onceUnlessFailed((context: RequestContext) => listInventory(context, scope));
  const tagsOf = onceUnlessFailed(
    (context: RequestContext) => readTags(context),
    ({ failure }) => failure === undefined || failure.reason === 'denied',
  );
  return {
    listed,
    async named(context, filters) {
      const requested = tagsOf(context);
      const inventory = await listed(context);
      const needed = needsTags(filters, inventory);
      const tags = await (needed ? requested : within(TAGS_WAIT_MS, requested));
      const missing = needed && tags.failure ? withoutTags(tags.failure) : undefined;
      return { inventory: withTags(inventory, tags), missing };
    },
    async whyUnnamed(context) {
      const { failure } = await tagsOf(context);
      return failure && `${failure.detail}${failure.reason === 'denied' ? ADVICE : ''}`;
    },
  };
}

function withoutTags({ reason, detail }: Failure): NamedHosts['missing'] {
  const advice = reason === 'denied' ? `${ADVICE}, or filter by id or group` : '';
  const what = 'some hosts may be missing, or too many: the host filter names tags, which could not be read';
  return { reason, detail: `${what}: ${detail}${advice}` };
}

/** The tags, or none where they take longer. */
async function within(milliseconds: number, tags: Promise<InstanceTags>): Promise<InstanceTags> {
  const { promise: late, resolve } = Promise.withResolvers<InstanceTags>();
  const timer = setTimeout(() => resolve({ tags: new Map(), failure: OUT_OF_TIME }), milliseconds);
  try {
    return await Promise.race([tags, late]);
  } finally {
    clearTimeout(timer);
  }
}
