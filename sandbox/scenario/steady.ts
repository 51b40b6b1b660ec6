/** Hosts of the scenario whose memory moves for good reasons. */
import type { HostPlan } from './hosts.ts';
import { batch, daily, flat, ramp, type Shape, saturating, sawtooth, sum, switchAt, workdays } from './shapes.ts';

type Details = Omit<HostPlan, 'name' | 'story' | 'expected' | 'memory'>;

function steady(name: string, story: string, memory: Shape, details: Details = {}): HostPlan {
  return { name, story, memory, expected: { state: 'steady' }, ...details };
}

const restarted = (hour: number, level: number): Shape =>
  switchAt(hour, flat(level), sum(flat(level * 0.55), saturating({ from: hour, height: level * 0.42, settle: 0.8 })));

/** Of the first tenant's main account and region. */
export const STEADY_MAIN: readonly HostPlan[] = [
  steady('checkout-3', 'flat and noisy', flat(41), { group: 'checkout', jitter: 2.5, happens: 'spike' }),
  steady('checkout-4', 'flat', flat(39), { group: 'checkout' }),
  steady('database-1', 'flat at 95 %: a database that was given all of the host', flat(95), { jitter: 0.4 }),
  steady(
    'database-2',
    'a cache that filled within a day, three days ago',
    sum(flat(30), saturating({ from: -84, height: 48, settle: 7 })),
    { happens: 'fills' },
  ),
  steady(
    'search-3',
    'warm-up to a plateau after its launch 40 h ago',
    sum(flat(18), saturating({ from: -40, height: 36, settle: 1.5 })),
    {
      group: 'search',
      launched: -40,
    },
  ),
  steady('shop-2', 'daily season, in the middle of its rise', sum(flat(30), daily({ peak: 5, height: 16 })), {
    group: 'shop',
  }),
  steady('shop-3', 'daily season, at its top', sum(flat(28), daily({ peak: 0, height: 20 })), { group: 'shop' }),
  steady(
    'office-1',
    'workdays only: the third workday after a weekend',
    sum(flat(27), workdays({ monday: -62, peak: -62 + 14, height: 15 })),
    { happens: 'errors' },
  ),
  steady(
    'search-4',
    'garbage collected every 2 h down to a flat floor',
    sum(flat(31), sawtooth({ every: 2, height: 14 })),
    { group: 'search' },
  ),
  steady(
    'search-5',
    'garbage collected every 9 h down to a flat floor',
    sum(flat(29), sawtooth({ every: 9, height: 10 })),
    { group: 'search' },
  ),
  steady('report-2', 'a nightly batch job of 25 points', sum(flat(36), batch({ at: -10, lasts: 2, height: 25 }))),
  steady(
    'report-3',
    'a nightly batch job that has just begun',
    sum(flat(33), batch({ at: -0.5, lasts: 2, height: 22 })),
  ),
  steady('web-1', 'restarted 20 h ago by a release, with a normal warm-up', restarted(-20, 62), {
    group: 'web',
    happens: 'shift',
  }),
  steady('web-2', 'restarted three times by releases', switchAt(-50, restarted(-75, 58), restarted(-26, 58)), {
    group: 'web',
  }),
  steady(
    'web-3',
    'took over traffic 45 h ago: up by 22 points within 9 h, and holds',
    sum(flat(34), ramp({ from: -45, to: -36, height: 22 })),
    {
      group: 'web',
    },
  ),
];

/** Of the first tenant in its second region. */
export const STEADY_SECOND_REGION: readonly HostPlan[] = [
  steady('web-us-1', 'flat', flat(44), { group: 'web-us', happens: 'spike' }),
  steady('web-us-2', 'flat; the agent rounds to 1 %', flat(43.5), { group: 'web-us', roundedTo: 1 }),
  steady('web-us-3', 'daily season', sum(flat(35), daily({ peak: -8, height: 12 })), { group: 'web-us' }),
  steady('web-us-4', 'flat; the agent reported nothing for some hours', flat(46), {
    group: 'web-us',
    reports: [
      [-720, -60],
      [-54, -16],
      [-13, Number.POSITIVE_INFINITY],
    ],
  }),
];

/** Of the first tenant's second account. */
export const STEADY_SECOND_ACCOUNT: readonly HostPlan[] = [
  steady('mailer-3', 'flat; published under two sets of dimensions', flat(37), {
    group: 'mailer',
    naming: 'aggregated',
  }),
  steady(
    'broker-1',
    'garbage collected every 4 h under a daily season',
    sum(flat(30), daily({ peak: 9, height: 8 }), sawtooth({ every: 4, height: 9 })),
  ),
  steady(
    'broker-2',
    'shrinks: given back 12 points two days ago',
    sum(flat(58), ramp({ from: -50, to: -44, height: -12 })),
  ),
];

/** Of the second tenant. */
export const STEADY_OTHER: readonly HostPlan[] = [
  steady('gateway-3', 'flat', flat(33), { group: 'gateway' }),
  steady('gateway-4', 'flat and very noisy', flat(45), { group: 'gateway', jitter: 4 }),
  steady(
    'archive-1',
    'a cache that filled slowly and has been level for two days',
    sum(flat(25), saturating({ from: -95, height: 50, settle: 8 })),
  ),
  steady('press.example.net', 'on premises, flat', flat(52), { naming: 'host_name' }),
  steady('batch-1', 'a nightly batch job of 40 points', sum(flat(22), batch({ at: -15, lasts: 4, height: 40 }))),
];
