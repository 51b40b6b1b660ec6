/** Hand-made containers of clusters, for the tests of the sandbox and of the adapters. */
import type { PodContainer } from '../../sandbox/scenario/fleet.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import { FOREVER } from './small-fleets.ts';

export const MEBIBYTE = 2 ** 20;

/** The only pod of a Deployment, with half of its 512 MiB in use for 30 days. */
export function aPod(
  where: Pick<PodContainer, 'provider' | 'account' | 'region'>,
  { name = 'api', ...overrides }: Partial<PodContainer> & { name?: string } = {},
): PodContainer {
  const runs = overrides.runs ?? { start: NOON - 720 * HOUR, end: FOREVER };
  return {
    tenant: 'test',
    ...where,
    cluster: 'shop',
    location: where.region,
    namespace: 'web',
    pod: `${name}-6d4f8b9c7-x2k4q`,
    container: 'app',
    node: 'node-1',
    controller: { kind: 'Deployment', name, rollout: 0 },
    limit: () => 512 * MEBIBYTE,
    runs,
    reports: [runs],
    used: () => 256 * MEBIBYTE,
    story: 'half of its limit is in use',
    expected: { state: 'steady' },
    ...overrides,
  };
}
