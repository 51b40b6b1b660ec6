/** Swap in Cloud Monitoring held to the promises of swap, over the real client and the sandbox. */
import { describe, expect, it } from 'vitest';
import { detect } from '../../../core/detector/detect.ts';
import { createMeter } from '../../../core/inspection/run-summary.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import { HOST_BYTES } from '../../../sandbox/scenario/consumers.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import { describeSwap } from '../../contract/swap.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aMeter, anInstance, sourceOf, startFleet } from './worlds.ts';

const SPAN = { window: { start: NOON - 4 * HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'average' } as const;
const USED = 2 ** 30;
const SWAP_BYTES = 4 * USED;
const bare = anInstance({ id: '2' });

const swapping = (publishes: NonNullable<Host['swap']>['publishes']) =>
  anInstance({ swap: { bytes: SWAP_BYTES, used: () => USED, publishes } });

async function worldOf(publishes: NonNullable<Host['swap']>['publishes']) {
  const host = swapping(publishes);
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

describeSwap('an instance whose agent reports bytes', () => worldOf('bytes'));
describeSwap('an instance whose agent reports percent', () => worldOf('percent'));

/** Of an instance whose agent reports bytes. */
async function readWith(kind?: Extract<Fault, { service: 'gcp' }>['kind'], host = swapping('bytes')) {
  const sandbox = await startFleet(host);
  if (kind) sandbox.inject({ service: 'gcp', metric: 'agent.googleapis.com/swap/bytes_used', kind });
  const meter = aMeter();
  const reading = await sourceOf(sandbox).swap(host.resource, SPAN, meter);
  return { reading, calls: meter.calls, billed: meter.billed };
}

describe('swap in Cloud Monitoring', () => {
  it.each([
    ['denied', 'denied'],
    ['execution_error', 'timeout'],
    ['malformed', 'malformed'],
  ] as const)('is unreadable, and no health, where the answer is %s', async (kind, reason) => {
    const { reading } = await readWith(kind);

    expect(reading).toMatchObject({ kind: 'unreadable', reason, detail: expect.stringMatching(/^its swap/) });
  });

  it('takes one series of the instance, and one of its capacity', async () => {
    expect(await readWith()).toMatchObject({ reading: { kind: 'series' }, calls: 2, billed: 2 });
  });

  it('takes nothing of a node, where no agent can be', async () => {
    const labels = { 'k8s.cluster.name': 'shop' };
    const node = anInstance({ naming: 'k8s_node', resource: { ...bare.resource, labels } });

    expect(await readWith(undefined, node)).toMatchObject({ reading: { kind: 'not_monitored' }, calls: 0 });
  });

  it('is what finds a leak of a full host that moves there', async () => {
    const span = { ...SPAN, window: { start: NOON - 48 * HOUR, end: NOON } };
    const host = anInstance({
      used: (time) => 0.95 + 0.001 * Math.sin(time / HOUR),
      swap: {
        bytes: SWAP_BYTES,
        publishes: 'bytes',
        used: (time) => USED * (1 + Math.max(0, (time - NOON) / HOUR + 24) / 20),
      },
    });
    const source = sourceOf(await startFleet(host));
    const [memory] = await Array.fromAsync(
      source.read({ metric: MEMORY_UTILIZATION, span, filters: [] }, createMeter()),
    );
    const swap = await source.swap(host.resource, span, createMeter());
    if (memory?.kind !== 'series' || swap?.kind !== 'series') throw new Error('it was not read');

    expect(detect(memory, DEFAULT_POLICY)).not.toMatchObject({ state: 'leaking' });
    expect(detect(memory, DEFAULT_POLICY, { swap })).toMatchObject({
      state: 'leaking',
      evidence: {
        decidedBy: 'swap',
        votes: expect.arrayContaining([expect.objectContaining({ reason: 'moved_to_swap' })]),
      },
    });
  });
});
