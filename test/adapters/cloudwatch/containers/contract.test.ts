/** CloudWatch's containers and tasks held to the promises of memory sources, over the real client and the sandbox. */
import { describeMemorySource } from '../../../contract/memory-source.ts';
import { HOUR, MINUTE, NOON } from '../../../fixtures/builders.ts';
import { SIX_HOURS } from '../worlds.ts';
import {
  aReplica,
  containersOf,
  containersWorld,
  deadContainers,
  everyHost,
  ONE_HOUR,
  pods,
  startContainers,
} from './worlds.ts';

const SAMPLES = { service: 'cloudwatch', action: 'GetMetricData' } as const;
const LISTING = { service: 'cloudwatch', action: 'ListMetrics' } as const;

const MANY = 1_500;
const IN_A_REQUEST = 500;
/** Of machines four lists of metrics and one of tags; of ECS one of tasks and one of services: all are empty. */
const EMPTY_LISTS = 5 + 2;
/** Containers with and without regard to limits; their pods likewise, beside which the workload is one set more. */
const LISTINGS = EMPTY_LISTS + 2 * (MANY / IN_A_REQUEST) + 2 * (MANY / IN_A_REQUEST + 1);

describeMemorySource('containers in CloudWatch', {
  world: () => containersWorld(),
  partlyFailing: {
    'one container is forbidden': () =>
      containersWorld({ ...SAMPLES, kind: 'forbidden', only: ['pair-0'] }, { 'shop/web/pair-0/app': 'denied' }),
    'samples are denied': () =>
      containersWorld({ ...SAMPLES, kind: 'denied' }, everyHost('denied'), ['denied', 'denied']),
    'values are more memory than there is': () =>
      containersWorld(
        { ...SAMPLES, kind: 'absurd' },
        {
          ...everyHost('malformed'),
          // Ten times its share of a node is a fraction of one too.
          'shop/web/free/app': 'series',
          'harbour/two/2a': 'malformed',
        },
      ),
  },
  dead: {
    'the role may not list': () =>
      deadContainers({ ...LISTING, kind: 'denied' }, { reason: 'denied', retryable: false }),
  },
  stalling: {
    'one batch is never answered': async () => {
      const sandbox = await startContainers({
        pods: pods(42).map((pod) => ({ ...pod, reports: [{ start: NOON - HOUR, end: NOON }] })),
      });
      sandbox.inject({ ...SAMPLES, kind: 'unanswered', times: 1 });
      const span = { ...SIX_HOURS, window: { start: NOON - 240 * HOUR, end: NOON }, periodMs: MINUTE };
      return {
        open: () => containersOf(sandbox),
        span,
        hosts: 42,
        stalled: 7,
        reason: 'timeout',
        circuitBreakerMs: 20_000,
      };
    },
  },
  service: {
    empty: async () => {
      const sandbox = await startContainers({});
      return { open: () => containersOf(sandbox), span: SIX_HOURS };
    },
    slow: async () => {
      const sandbox = await startContainers({ pods: [aReplica('api', 0), aReplica('db', 0)] });
      sandbox.inject({ ...SAMPLES, kind: 'unanswered' });
      return {
        open: () => containersOf(sandbox),
        span: SIX_HOURS,
        hosts: { 'shop/web/api/app': 'timeout', 'shop/web/db/app': 'timeout' },
        requested: () => sandbox.calls.count('cloudwatch', 'GetMetricData') > 0,
      };
    },
    crowded: async () => {
      const sandbox = await startContainers({ pods: pods(MANY) });
      return {
        open: () => containersOf(sandbox),
        span: ONE_HOUR,
        hosts: MANY,
        calls: LISTINGS + MANY / IN_A_REQUEST,
        // Four requests under way.
        callsAhead: LISTINGS + 4,
      };
    },
  },
});
