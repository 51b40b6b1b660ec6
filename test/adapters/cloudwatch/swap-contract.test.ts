/** Swap in CloudWatch held to the promises of swap, over the real client and the sandbox. */
import { HOST_BYTES } from '../../../sandbox/scenario/consumers.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import { describeSwap } from '../../contract/swap.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aHost } from '../../sandbox/small-fleets.ts';
import { sourceOf, startFleet } from './worlds.ts';

const SPAN = { window: { start: NOON - 24 * HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'average' } as const;
const USED = 2 ** 30;
const SWAP_BYTES = 4 * USED;
const bare = aHost({ id: 'i-bare' });

async function worldOf(publishes: NonNullable<Host['swap']>['publishes']) {
  const host = aHost({ id: 'i-swaps', collects: 'all', swap: { bytes: SWAP_BYTES, used: () => USED, publishes } });
  const sandbox = await startFleet(host, bare);
  const isBytes = publishes === 'bytes';
  return {
    open: () => sourceOf(sandbox),
    span: SPAN,
    host: host.resource,
    bare: bare.resource,
    truth: isBytes ? USED : USED / SWAP_BYTES,
    unit: isBytes ? ('By' as const) : ('1' as const),
    capacity: isBytes ? HOST_BYTES : undefined,
  };
}

describeSwap('an instance whose agent publishes bytes', () => worldOf('bytes'));
describeSwap('an instance whose agent publishes percent', () => worldOf('percent'));
