/** Sees to it that the topic of every tenant feeds the relay: of those that were made before there was one, too. */
import pLimit from 'p-limit';
import type { ConfigStore } from '../ports/config-store.ts';
import type { RelayFeed } from '../ports/relay-feed.ts';

export interface FeedPorts {
  readonly configs: Pick<ConfigStore, 'list'>;
  readonly feed: RelayFeed;
}

export interface FeedReport {
  /** Topics that feed the relay. */
  readonly subscribed: number;
  readonly failures: readonly { readonly tenant: string; readonly error: Error }[];
}

const TENANTS_AT_ONCE = 10;

/** Nothing is thrown but by the list of tenants. One topic that fails hides no other. */
export async function feedRelay({ configs, feed }: FeedPorts): Promise<FeedReport> {
  let subscribed = 0;
  const failures: { tenant: string; error: Error }[] = [];
  const limit = pLimit(TENANTS_AT_ONCE);
  const ensured: Promise<void>[] = [];
  const ensure = async (tenant: string) => {
    try {
      if ((await feed.ensure(tenant)) === 'feeds') subscribed++;
    } catch (error) {
      failures.push({ tenant, error: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  for await (const { config } of configs.list()) ensured.push(limit(ensure, config.tenant));
  await Promise.all(ensured);
  return { subscribed, failures };
}
