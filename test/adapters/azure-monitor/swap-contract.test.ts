/** Swap in Log Analytics held to the promises of swap, over the real clients and the sandbox. */
import { describe, expect, it } from 'vitest';
import { detect } from '../../../core/detector/detect.ts';
import { createMeter } from '../../../core/inspection/run-summary.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import { describeSwap } from '../../contract/swap.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aMachine, sourceOf, startFleet, WORKSPACE } from './worlds.ts';

const SPAN = { window: { start: NOON - 4 * HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'average' } as const;
const USED = 2 ** 30;
const SWAP = { bytes: 4 * USED, used: () => USED, publishes: 'bytes' } as const;
/** Its agent records zeros. */
const bare = aMachine({ name: 'bare', swap: { ...SWAP, bytes: 0, used: () => 0 } });

async function worldOf(naming?: Host['naming']) {
  const host = aMachine({ of: { labels: { 'host.type': 'Standard_D2s_v5' } }, swap: SWAP, ...(naming && { naming }) });
  const sandbox = await startFleet(host, bare);
  const isBytes = naming !== 'windows';
  return {
    open: () => sourceOf(sandbox, { workspace: WORKSPACE }),
    span: SPAN,
    host: host.resource,
    bare: bare.resource,
    truth: isBytes ? USED : USED / SWAP.bytes,
    unit: isBytes ? ('By' as const) : ('1' as const),
    capacity: isBytes ? 8 * 2 ** 30 : undefined,
  };
}

describeSwap('a machine with Linux in Azure', () => worldOf());
describeSwap('a machine with Windows in Azure', () => worldOf('windows'));

async function readWith(
  kind: Extract<Fault, { service: 'azure' }>['kind'] | undefined,
  { host = aMachine({ swap: SWAP }), workspace }: { host?: Host; workspace?: string } = {},
) {
  const sandbox = await startFleet(host);
  if (kind) sandbox.inject({ service: 'azure', action: 'logs:query', kind });
  const calls: string[] = [];
  const source = sourceOf(sandbox, workspace === undefined ? {} : { workspace });
  return { reading: await source.swap?.(host.resource, SPAN, { count: (call) => void calls.push(call) }), calls };
}

describe('swap in Log Analytics', () => {
  it.each([
    ['denied', 'denied'],
    ['truncated', 'truncated'],
    ['malformed', 'malformed'],
  ] as const)('is unreadable, and no health, where the answer is %s', async (kind, reason) => {
    const { reading } = await readWith(kind, { workspace: WORKSPACE });

    expect(reading).toMatchObject({ kind: 'unreadable', reason, detail: expect.stringMatching(/^its swap/) });
  });

  it('is a fraction where the rule of a machine with Linux has percent alone', async () => {
    const host = aMachine({ swap: { ...SWAP, publishes: 'percent' } });

    const { reading } = await readWith(undefined, { host, workspace: WORKSPACE });

    expect(reading).toMatchObject({ kind: 'series', unit: '1', values: new Float64Array(16).fill(0.25) });
  });

  it('is unreadable where more than all of it is used', async () => {
    const host = aMachine({ swap: { bytes: USED, used: () => 2 * USED, publishes: 'percent' } });

    const { reading } = await readWith(undefined, { host, workspace: WORKSPACE });

    expect(reading).toMatchObject({ kind: 'unreadable', reason: 'malformed' });
  });

  it('takes one query, and states no memory of a machine whose size is not known', async () => {
    const { reading, calls } = await readWith(undefined, { workspace: WORKSPACE });

    expect(reading).toMatchObject({ kind: 'series', unit: 'By' });
    expect(reading).not.toHaveProperty('limit');
    expect(calls).toEqual(['logs:query', 'vmSizes']);
  });

  it('is not monitored without a workspace, and nothing is requested', async () => {
    const { reading, calls } = await readWith(undefined);

    expect(reading).toMatchObject({ kind: 'not_monitored', reason: 'unsupported' });
    expect(calls).toEqual([]);
  });

  it('is what finds a leak of a full host that moves there', async () => {
    const span = { ...SPAN, window: { start: NOON - 48 * HOUR, end: NOON } };
    const host = aMachine({
      used: (time) => 0.95 + 0.001 * Math.sin(time / HOUR),
      swap: { ...SWAP, used: (time) => USED * (1 + Math.max(0, (time - NOON) / HOUR + 24) / 20) },
    });
    const source = sourceOf(await startFleet(host), { workspace: WORKSPACE });
    const [memory] = await Array.fromAsync(
      source.read({ metric: MEMORY_UTILIZATION, span, filters: [] }, createMeter()),
    );
    const swap = await source.swap?.(host.resource, span, createMeter());
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
