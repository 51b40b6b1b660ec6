/** From the samples of a container to the messages about it: one incident over an OOM kill and a rollout. */
import { expect, it } from 'vitest';
import { runInspection } from '../../../core/inspection/run-inspection.ts';
import { briefOf } from '../../../core/messages/compose-brief.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import type { Window } from '../../../core/model/series.ts';
import { OWN_ACCOUNT } from '../../../sandbox/aws/accounts.ts';
import type { PodContainer } from '../../../sandbox/scenario/fleet.ts';
import { anEksPod, containersOf, startContainers } from '../../adapters/cloudwatch/containers/worlds.ts';
import { anAccount, aTenantConfig, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { MEBIBYTE } from '../../sandbox/small-clusters.ts';
import { FOREVER } from '../../sandbox/small-fleets.ts';
import { aMessage, aWorld } from './world.ts';

const BEGAN = NOON - 60 * HOUR;
const KILLED = NOON + 8 * HOUR;
/** Hours after a restart in which it does not grow yet. */
const REST = 30;
const ROLLED_OUT = KILLED + (REST + 50) * HOUR;
const STARTS = [BEGAN, KILLED, ROLLED_OUT];

/** Starts with three tenths of its limit, and grows by a hundredth of it an hour. */
function usedAt(time: number): number {
  const start = STARTS.findLast((each) => each <= time) ?? time;
  const jitter = 0.004 * Math.sin(time / (7 * MINUTE));
  const hours = Math.max(0, (time - start) / HOUR - (start === BEGAN ? 0 : REST));
  return 512 * MEBIBYTE * (0.3 + 0.01 * hours + jitter);
}

function aPodOf(hash: string, suffix: string, runs: Window): PodContainer {
  return anEksPod({ name: 'checkout', pod: `checkout-${hash}-${suffix}`, runs, used: usedAt });
}

/** Each hour after a restart, which is seen while it is new, and else every eight hours: that many suffice. */
function inspections(): number[] {
  const hours = Array.from({ length: (ROLLED_OUT - NOON) / HOUR + REST + 50 }, (_, hour) => NOON + hour * HOUR);
  return hours.filter((at, index) => index % 8 === 0 || STARTS.some((start) => at > start && at <= start + 4 * HOUR));
}

it('is one incident whose cycles are an OOM kill in the pod and a rollout to another one', async () => {
  const before = aPodOf('6d4f8b9c7', 'x2k4q', { start: NOON - 400 * HOUR, end: ROLLED_OUT });
  const after = aPodOf('7c5d6b8f9', 'z7x2v', { start: ROLLED_OUT, end: FOREVER });
  const sandbox = await startContainers({ pods: [before, after] });
  const config = aTenantConfig({
    accounts: [anAccount({ account: OWN_ACCOUNT, role: `arn:aws:iam::${OWN_ACCOUNT}:role/plimsoll-reader` })],
  });
  const world = await aWorld({ openSource: () => containersOf(sandbox) }, config);

  for (const now of inspections()) {
    sandbox.now = now + 10 * MINUTE;
    const message = aMessage({ account: OWN_ACCOUNT, scheduledTime: new Date(now).toISOString() });
    await runInspection({ message, metric: LEAK_METRIC }, world, { now, remainingMs: () => 300_000 });
  }

  const events = world.publisher.published.get('acme') ?? [];
  const story = events.filter(({ data }) => ['opened', 'recovered', 'host_gone'].includes(data.kind));
  expect(story.map(({ data }) => [data.kind, data.cycles?.cycle])).toEqual([
    ['opened', 1],
    ['recovered', 1],
    ['opened', 2],
    ['recovered', 2],
    ['opened', 3],
  ]);
  expect(new Set(events.map(({ data }) => [data.incident, data.host.id].join(' '))).size).toBe(1);
  expect([story[1], story[3]].map((event) => event?.data.end?.how)).toEqual(['memory_given_back', 'memory_given_back']);
  const [first, last] = [story[0], story.at(-1)];
  if (first === undefined || last === undefined) throw new Error('nothing was published');
  const facts = (event: typeof first) => briefOf(event).facts.find(({ label }) => label === 'Which is')?.text;
  expect([facts(first), facts(last)]).toEqual([
    `container app of pod ${before.pod}`,
    `container app of pod ${after.pod}`,
  ]);
  expect(briefOf(last).steps).toContainEqual(
    expect.objectContaining({ command: 'kubectl rollout restart deployment/checkout -n web' }),
  );
});
