/** Which pods are one host, and their samples one after the other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hostsOfContainers,
  joinRuns,
  type PodContainer,
  type SampleRun,
  workloadOf,
} from '../../../adapters/reading/workloads.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';

const HASH = '7d9f8c6b5d';
const NEXT_HASH = '5d78c9869d';
const LIVE = { atEnd: true, hourBefore: true };
const STARTED = { atEnd: true, hourBefore: false };
const REPLACED = { atEnd: false, hourBefore: true };
const GONE = { atEnd: false, hourBefore: false };

function containerOf(pod: string, others: Partial<PodContainer> = {}): PodContainer {
  return { cluster: 'prod', namespace: 'shop', container: 'api', pod, ...others };
}

function idsOf(containers: readonly PodContainer[]): string[] {
  return hostsOfContainers(containers).map(({ identity }) => identity.id);
}

describe('the workload of a pod', () => {
  it.each([
    [`checkout-${HASH}-x2k9z`, 'deployment', 'checkout'],
    ['db-0', 'statefulset', 'db'],
    ['db-12', 'statefulset', 'db'],
    ['node-agent-x2k9z', undefined, 'node-agent'],
    ['backup-29123456-x2k9z', 'job', 'backup'],
    ['backup-29499224-x2k9z', 'job', 'backup'],
    ['debug', 'pod', 'debug'],
    ['web-01', 'pod', 'web-01'],
    // Vowels are in words, and in nothing that Kubernetes makes up.
    ['my-service-alpha', 'pod', 'my-service-alpha'],
  ])('is taken from the name %s', (pod, kind, name) => {
    expect(workloadOf({ pod })).toEqual({ name, ...(kind !== undefined && { kind }) });
  });

  it('is the owner where the provider names it', () => {
    const owner = { kind: 'job', name: 'backup' } as const;

    expect(workloadOf({ pod: 'db-0', owner })).toBe(owner);
  });
});

describe('the hosts of containers', () => {
  it('are one for a workload of one pod, over its rollouts', () => {
    const containers = [
      containerOf(`checkout-${HASH}-x2k9z`, { presence: GONE }),
      containerOf(`checkout-${HASH}-b4c5d`, { presence: REPLACED }),
      containerOf(`checkout-${NEXT_HASH}-z9k2x`, { presence: STARTED, node: 'ip-10-0-0-7' }),
    ];

    const hosts = hostsOfContainers(containers);

    expect(hosts).toEqual([
      {
        identity: {
          kind: 'container',
          id: 'prod/shop/checkout/api',
          name: 'checkout/api',
          group: 'prod/shop/checkout',
          labels: {
            'k8s.cluster.name': 'prod',
            'k8s.namespace.name': 'shop',
            'k8s.deployment.name': 'checkout',
            'k8s.pod.name': `checkout-${NEXT_HASH}-z9k2x`,
            'k8s.container.name': 'api',
            'k8s.node.name': 'ip-10-0-0-7',
          },
        },
        workload: { kind: 'deployment', name: 'checkout' },
        isWorkload: true,
        isGone: false,
        containers,
      },
    ]);
  });

  it('stay one while both pods of a rollout are live', () => {
    const both = [
      containerOf(`checkout-${HASH}-x2k9z`, { presence: LIVE }),
      containerOf(`checkout-${NEXT_HASH}-z9k2x`, { presence: STARTED }),
    ];

    const [host, ...others] = hostsOfContainers(both);

    expect([host?.identity.id, others]).toEqual(['prod/shop/checkout/api', []]);
    expect(host?.identity.labels).not.toHaveProperty('k8s.pod.name');
  });

  it('are the pods of a workload with several, also just after all of them were replaced', () => {
    const rollout = [
      containerOf(`checkout-${HASH}-x2k9z`, { presence: REPLACED }),
      containerOf(`checkout-${HASH}-b4c5d`, { presence: REPLACED }),
      containerOf(`checkout-${NEXT_HASH}-z9k2x`, { presence: STARTED }),
      containerOf(`checkout-${NEXT_HASH}-f6g7h`, { presence: STARTED }),
    ];

    const hosts = hostsOfContainers(rollout);

    expect(hosts.map(({ identity, isGone }) => [identity.id, identity.group, isGone])).toEqual(
      rollout.map(({ pod, presence }) => [`prod/shop/${pod}/api`, 'prod/shop/checkout', presence === REPLACED]),
    );
  });

  it('are pods all day where a workload had two of them for an hour in the window', () => {
    const hours = (from: number, to: number) => ({ steadily: { start: NOON + from * HOUR, end: NOON + to * HOUR } });
    const first = containerOf(`checkout-${HASH}-x2k9z`, { presence: LIVE, ...hours(-90, 0) });
    const scaled = containerOf(`checkout-${HASH}-b4c5d`, { presence: GONE, ...hours(-20, -12) });

    expect(idsOf([first, scaled])).toEqual([first, scaled].map(({ pod }) => `prod/shop/${pod}/api`));
    expect(idsOf([first, { ...scaled, ...hours(-99, -91) }])).toEqual(['prod/shop/checkout/api']);
    expect(idsOf([first, { ...scaled, ...hours(-99, -90) }])).toEqual(['prod/shop/checkout/api']);
  });

  it('are counted by revision where times are not known', () => {
    const [one, two, next] = [`checkout-${HASH}-x2k9z`, `checkout-${HASH}-b4c5d`, `checkout-${NEXT_HASH}-z9k2x`];

    expect(idsOf([containerOf(one), containerOf(next)])).toEqual(['prod/shop/checkout/api']);
    expect(idsOf([containerOf(one), containerOf(two)])).toEqual([`prod/shop/${one}/api`, `prod/shop/${two}/api`]);
  });

  it('are one for the runs of a CronJob, of which times are not known', () => {
    const runs = ['29123456', '29123457', '29123458'].map((run) => containerOf(`backup-${run}-x2k9z`));

    expect(idsOf(runs)).toEqual(['prod/shop/backup/api']);
  });

  it('are the pods of a StatefulSet, which keep their names', () => {
    expect(idsOf([containerOf('db-0'), containerOf('db-1')])).toEqual(['prod/shop/db-0/api', 'prod/shop/db-1/api']);
    expect(idsOf([containerOf('db-0')])).toEqual(['prod/shop/db/api']);
  });

  it('are one for the parts of one pod', () => {
    expect(idsOf([containerOf('db-0'), containerOf('db-0')])).toEqual(['prod/shop/db/api']);
  });

  it('are as many as a pod has containers', () => {
    expect(idsOf([containerOf('db-0'), containerOf('db-0', { container: 'sidecar' })])).toEqual([
      'prod/shop/db/api',
      'prod/shop/db/sidecar',
    ]);
  });

  it('are named by their pods where a workload is called as another one’s pod', () => {
    const pods = ['db-0', 'db-1', `db-0-${HASH}-x2k9z`].map((pod) => containerOf(pod));

    expect(idsOf(pods)).toEqual(pods.map(({ pod }) => `prod/shop/${pod}/api`));
  });

  it('have the labels of the provider below those that identify them', () => {
    const labels = { 'app.kubernetes.io/version': '1.2', 'k8s.pod.name': 'another' };

    const [host] = hostsOfContainers([containerOf('db-0', { labels, image: 'db:1.2' })]);

    expect(host?.identity.labels).toMatchObject({
      'app.kubernetes.io/version': '1.2',
      'k8s.pod.name': 'db-0',
      'container.image.name': 'db:1.2',
    });
  });

  it('have ids of their own, and each container once, whatever the pods are called', () => {
    const part = fc.constantFrom('db', 'db-0', 'web', '0', '1', HASH, NEXT_HASH, 'x2k9z', 'b4c5d');
    const presence = fc.constantFrom(LIVE, STARTED, REPLACED, GONE, undefined);
    const container = fc
      .record({ parts: fc.array(part, { minLength: 1, maxLength: 3 }), container: fc.constantFrom('a', 'b'), presence })
      .map(({ parts, container: name, presence: when }) =>
        containerOf(parts.join('-'), { container: name, ...(when && { presence: when }) }),
      );

    fc.assert(
      fc.property(fc.array(container, { maxLength: 12 }), (containers) => {
        const hosts = hostsOfContainers(containers);

        const ids = hosts.map(({ identity }) => identity.id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(new Set(hosts.flatMap((host) => host.containers))).toEqual(new Set(containers));
        expect(hosts.flatMap((host) => host.containers)).toHaveLength(containers.length);
      }),
    );
  });

  it('do not depend on the order in which containers are listed', () => {
    const containers = [`checkout-${HASH}-x2k9z`, 'db-0', 'db-1', `checkout-${NEXT_HASH}-z9k2x`].map((pod) =>
      containerOf(pod),
    );

    expect(idsOf(containers.toReversed()).sort()).toEqual(idsOf(containers).sort());
  });
});

describe('the samples of pods', () => {
  const MINUTE = 60_000;

  function runOf(start: number, count: number, value: number): SampleRun {
    const times = Float64Array.from({ length: count }, (_, index) => (start + index) * MINUTE);
    return { times, values: times.map(() => value) };
  }

  function minutesOf({ times }: SampleRun): number[] {
    return [...times].map((time) => time / MINUTE);
  }

  it('follow each other, the newer pod from its first sample on', () => {
    const joined = joinRuns([runOf(6, 6, 2), runOf(0, 8, 1)], MINUTE);

    expect(minutesOf(joined)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect([...joined.values]).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
  });

  it('leave out a pod that came and went beside another', () => {
    expect([...joinRuns([runOf(0, 10, 1), runOf(3, 4, 2)], MINUTE).values]).toEqual(Array(10).fill(1));
  });

  it('are those of the newer pod although its last sample is late', () => {
    expect([...joinRuns([runOf(0, 10, 1), runOf(5, 4, 2)], MINUTE).values]).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2]);
  });

  it('keep the hole between two pods', () => {
    expect(minutesOf(joinRuns([runOf(0, 2, 1), runOf(5, 2, 2)], MINUTE))).toEqual([0, 1, 5, 6]);
  });

  it('are in order, without duplicates, and reach to the last sample that there is within two periods', () => {
    const run = fc.record({ start: fc.integer({ min: 0, max: 40 }), count: fc.integer({ min: 0, max: 20 }) });

    fc.assert(
      fc.property(fc.array(run, { maxLength: 6 }), (runs) => {
        const { times, values } = joinRuns(
          runs.map(({ start, count }, index) => runOf(start, count, index)),
          MINUTE,
        );

        const minutes = [...times].map((time) => time / MINUTE);
        expect(minutes).toEqual([...new Set(minutes)].sort((a, b) => a - b));
        expect(values).toHaveLength(minutes.length);
        const last = Math.max(...runs.map(({ start, count }) => (count === 0 ? -1 : start + count - 1)));
        if (last >= 0) expect(minutes.at(-1)).toBeGreaterThanOrEqual(last - 2);
        else expect(minutes).toEqual([]);
      }),
    );
  });
});
