/** CloudWatch's listing of machines and containers held to its promises, over the real client and the sandbox. */
import type { Fault } from '../../../../sandbox/wire/faults.ts';
import { describeHostListing } from '../../../contract/host-listing.ts';
import type { ListingWorld } from '../../../contract/host-listing-world.ts';
import { hosts } from '../../../sandbox/small-fleets.ts';
import { aReplica, aTask, containersOf, ONE_HOUR, pods, startContainers } from './worlds.ts';

/** Services of which the average is known: one metric each, and more of them than one page holds. */
const MANY = Array.from({ length: 510 }, (_each, index) =>
  aTask(`many-${index}`, `5${index}`, { published: 'averages' }),
);

const { limit: _, ...WITHOUT_LIMIT } = aReplica('free', 0);

async function worldOf(fault?: Fault): Promise<ListingWorld> {
  const task = aTask('one', '1a');
  const tasks = [
    task,
    aTask('two', '2a', { desired: 2 }),
    aTask('two', '2b', { desired: 2 }),
    aTask('rolled', '4a'),
    aTask('rolled', '4b'),
  ];
  const sandbox = await startContainers({ pods: [...pods(3), WITHOUT_LIMIT], tasks: [...tasks, ...MANY] }, hosts(3));
  if (fault) sandbox.inject(fault);
  const scope = { provider: 'aws', account: task.account, region: task.region } as const;
  return {
    open: () => containersOf(sandbox),
    span: ONE_HOUR,
    filter: { include: [{ id: 'shop/*' }, { group: 'harbour/many-1*' }, { group: 'harbour/two' }, { id: 'i-*' }] },
    narrower: { exclude: [{ id: '*1' }, { id: '*/free/app' }] },
    listings: () => sandbox.calls.count('cloudwatch', 'ListMetrics') + sandbox.calls.count('tagging'),
    // Of machines five; of services two; one each of containers, of limits, of pods, of their limits and of tasks.
    pages: 12,
    withConsumers: { ...scope, kind: 'task', id: 'harbour/one' },
  };
}

const LISTING = { service: 'cloudwatch', action: 'ListMetrics' } as const;

describeHostListing('machines and containers in CloudWatch', {
  world: () => worldOf(),
  failing: {
    'the second page of each listing is refused': () => worldOf({ ...LISTING, kind: 'truncated' }),
    'listing is denied': () => worldOf({ ...LISTING, kind: 'denied' }),
  },
});
