/** Hosts that stand in every cloud of the scenario, the same to the sample: their findings have to be the same too. */
import type { HostPlan } from './hosts.ts';
import { flat, linear, sum } from './shapes.ts';

export const TWINS: readonly HostPlan[] = [
  {
    name: 'twin-leak',
    story: 'the same leak in every cloud: 0.5 points an hour for 100 h',
    memory: sum(flat(30), linear({ from: -100, perHour: 0.5 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
  },
  {
    name: 'forty',
    story: 'uses 40 % of its memory in every cloud, to the last digit',
    memory: flat(40),
    jitter: 0,
    expected: { state: 'steady' },
  },
];
