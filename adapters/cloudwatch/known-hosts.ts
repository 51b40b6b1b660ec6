/** The hosts of one account and region with their names: listings of CloudWatch and the tags of instances, each read once. */
import type { HostFilter } from '../../core/model/host-filter.ts';
import type { InRegion, Scope } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { OUT_OF_TIME } from '../reading/failure.ts';
import { type HostList, listAll } from '../reading/host-list.ts';
import { onceUnlessFailed } from '../reading/once.ts';
import { type Inventory, inventoryOf } from './inventory.ts';
import { type MetricListName, metricList } from './lists.ts';
import { ADVICE, type NamedHosts, needsTags, withNames } from './naming.ts';
import type { RequestContext } from './pages.ts';
import { type InstanceTags, type TaggedEntry, tagsOf } from './tags.ts';

/** How long hosts that are known wait for their names: tags come by the hundred, in pages one after another. */
const TAGS_WAIT_MS = 10_000;

export interface KnownHosts {
  /** As CloudWatch lists them. Rejects with `SourceError`. */
  listed(context: RequestContext): Promise<Inventory>;
  /**
   * With their names, where these can be read: only where a filter needs them are they waited for without end. Rejects
   * as `listed`.
   */
  named(context: RequestContext, filters: readonly HostFilter[]): Promise<NamedHosts>;
}

export interface ListedHosts extends KnownHosts {
  /** Why names cannot be read; undefined where they can. */
  whyUnnamed(context: RequestContext): Promise<string | undefined>;
}

/** Hosts that are listed when they are needed. */
export function listedHosts(
  scope: InRegion<Scope>,
  taggedList: (context: RequestContext) => HostList<TaggedEntry>,
): ListedHosts {
  const listed = onceUnlessFailed((context: RequestContext) => listInventory(context, scope));
  const tagsOnce = onceUnlessFailed(
    (context: RequestContext) => listTags(taggedList(context)),
    ({ failure }) => failure === undefined || failure.reason === 'denied',
  );
  return {
    listed,
    async named(context, filters) {
      const requested = tagsOnce(context);
      const inventory = await listed(context);
      const tags = await (needsTags(filters, inventory) ? requested : within(TAGS_WAIT_MS, requested));
      return withNames(inventory, tags, filters);
    },
    async whyUnnamed(context) {
      const { failure } = await tagsOnce(context);
      return failure && `${failure.detail}${failure.reason === 'denied' ? ADVICE : ''}`;
    },
  };
}

/** Hosts that were listed before. */
export function givenHosts(inventory: Inventory): KnownHosts {
  return {
    listed: () => Promise.resolve(inventory),
    named: () => Promise.resolve({ inventory, missing: undefined }),
  };
}

/** Requests all lists at once. Throws `SourceError` where one of them gives nothing at all. */
async function listInventory(context: RequestContext, scope: Scope): Promise<Inventory> {
  const list = (name: MetricListName) => listAll(metricList(context, scope, name));
  const [live, linux, windows, nodes] = await Promise.all([
    list('live'),
    list('linux'),
    list('windows'),
    list('nodes'),
  ]);
  return inventoryOf({ live, linux, windows, nodes }, scope);
}

/** The tags, or why there are none. */
async function listTags(list: HostList<TaggedEntry>): Promise<InstanceTags> {
  try {
    return tagsOf(await listAll(list));
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { tags: new Map(), failure: { reason: error.reason, detail: error.message } };
  }
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
