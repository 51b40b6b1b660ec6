/** Hosts of the scenario that cannot be evaluated, and what looks like a host and is none. */
import type { HostPlan } from './hosts.ts';
import { flat, linear, saturating, sum } from './shapes.ts';

const MONTH = -720;

/** Of the first tenant's main account and region. */
export const SPECIAL_MAIN: readonly HostPlan[] = [
  {
    name: 'bastion-1',
    story: 'no agent was ever installed',
    reports: [],
    expected: { state: 'not_monitored', reason: 'not_reported' },
  },
  {
    name: 'web-4',
    group: 'web',
    story: 'runs; its agent died four days ago',
    memory: flat(48),
    reports: [[MONTH, -96]],
    expected: { state: 'not_monitored', reason: 'stopped_reporting' },
  },
  {
    name: 'web-5',
    group: 'web',
    story: 'runs; its agent stopped 7 h ago',
    memory: flat(47),
    reports: [[MONTH, -7]],
    expected: { state: 'not_monitored', reason: 'stopped_reporting' },
  },
  {
    name: 'web-6',
    group: 'web',
    story: 'was launched 3 h ago and warms up: too young to be evaluated',
    memory: sum(flat(15), saturating({ from: -3, height: 30, settle: 1.2 })),
    launched: -3,
    expected: { state: 'insufficient_data', reason: 'too_short' },
  },
  {
    name: 'web-0',
    group: 'web',
    story: 'was terminated 30 h ago, leaking; its memory metric stays listed for two weeks',
    memory: sum(flat(30), linear({ from: -90, perHour: 0.8 })),
    terminated: -30,
    expected: { state: 'absent' },
  },
  {
    name: 'web-group',
    group: 'web',
    naming: 'group_only',
    story: 'not a host: the average of a group, and it climbs',
    memory: sum(flat(40), linear({ from: -60, perHour: 0.4 })),
    expected: { state: 'absent' },
  },
  {
    name: 'vault-1',
    story: 'CloudWatch fails to answer for this one metric',
    memory: flat(35),
    failsWith: 'internal_error',
    expected: { state: 'unreadable', reason: 'unavailable' },
  },
];

/** Of the second tenant. */
export const SPECIAL_OTHER: readonly HostPlan[] = [
  {
    name: 'batch-2',
    story: 'no agent was ever installed',
    reports: [],
    expected: { state: 'not_monitored', reason: 'not_reported' },
  },
  {
    name: 'batch-3',
    story: 'flat; its agent stopped 100 minutes ago, which is too recent to count as stopped',
    memory: flat(38),
    reports: [[MONTH, -100 / 60]],
    expected: { state: 'steady' },
  },
  {
    name: 'vault-2',
    story: 'a policy forbids to read this one metric',
    memory: flat(36),
    failsWith: 'forbidden',
    expected: { state: 'unreadable', reason: 'denied' },
  },
];

/** Of an account whose role refuses us: nobody can know what happens there. */
export const UNREACHABLE: readonly HostPlan[] = [
  {
    name: 'partner-1',
    story: 'leaks, unseen: the account’s role does not let us in',
    memory: sum(flat(30), linear({ from: -50, perHour: 1 })),
    expected: { state: 'unreadable', reason: 'denied' },
  },
  {
    name: 'partner-2',
    story: 'flat, unseen: the account’s role does not let us in',
    memory: flat(40),
    expected: { state: 'unreadable', reason: 'denied' },
  },
];
