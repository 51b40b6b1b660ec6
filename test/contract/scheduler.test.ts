/** The suite of schedulers: kept by the scheduler in memory, and broken by each scheduler that lies. */
import { describe, expect, it } from 'vitest';
import type { Scheduler } from '../../core/ports/scheduler.ts';
import { createMemoryScheduler } from '../memory/scheduler.ts';
import { brokenPromises, itKeeps } from './check.ts';
import {
  aSchedule,
  type FailingSchedulerSubject,
  schedulerChecks,
  schedulerFailureChecks,
  scheduleText,
} from './scheduler.ts';

const CHECKS = [...schedulerChecks, ...schedulerFailureChecks];

describe('the scheduler in memory', () => {
  itKeeps(CHECKS, () => subject(() => ({})));
});

const PUT = 'lists what was put by its name, with whose it is';
const NAMES = 'names a schedule in the same way each time, and one that differs in anything in another';
const OWNER = 'knows the account of a name, whatever its schedule is, and no other account by it';
const TWICE = 'takes a schedule twice, and twenty times at once, as one';
const REMOVE = 'removes a schedule, and takes it as removed when it is gone';
const TENANT = 'lists one tenant’s schedules without those of tenants whose ids begin alike';
const PAGES = 'lists more schedules than fit a page, each once';
const FOREIGN = 'lists and removes what somebody else made, and knows no owner of it';
const DOWN = 'throws a scheduler error when it is down, and goes on when it is up again';

type Lie = (honest: Scheduler) => Partial<Scheduler>;

const LIES: readonly [string, string, Lie][] = [
  ['puts nothing', PUT, () => ({ put: async () => {} })],
  ['puts another time zone', PUT, ({ put }) => ({ put: (schedule) => put({ ...schedule, timezone: 'UTC' }) })],
  ['leaves the zone out of the name', NAMES, ({ nameOf }) => ({ nameOf: (of) => nameOf({ ...of, timezone: 'UTC' }) })],
  ['leaves the cloud out of the name', NAMES, ({ nameOf }) => ({ nameOf: (of) => nameOf({ ...of, provider: 'aws' }) })],
  ['takes the name for the account', OWNER, takingNamesForAccounts],
  ['refuses a schedule that exists', TWICE, refusingRepeats],
  ['keeps what it removes', REMOVE, () => ({ remove: async () => {} })],
  ['lists by the beginning of a tenant id', TENANT, listingByBeginning],
  ['lists the first page alone', PAGES, ({ list }) => ({ list: (tenant) => firstPage(list(tenant)) })],
  ['lists what it knows alone', FOREIGN, ({ list }) => ({ list: (tenant) => owned(list(tenant)) })],
  ['throws nothing when it is down', DOWN, ({ put }) => ({ put: (schedule) => put(schedule).catch(() => {}) })],
];

describe('the suite of schedulers', () => {
  it.each(LIES)('catches a scheduler that %s', async (_, promise, lie) => {
    const broken = await brokenPromises(CHECKS, () => subject(lie));

    expect(broken).toContain(promise);
  });
});

function subject(lie: Lie): FailingSchedulerSubject {
  const honest = createMemoryScheduler();
  return {
    scheduler: { ...honest, ...lie(honest) },
    scheduled: async () => [...honest.schedules.values()].map((schedule) => scheduleText(schedule ?? aSchedule())),
    async makeForeign(name) {
      honest.schedules.set(name, undefined);
    },
    goDown() {
      honest.down = true;
      return () => {
        honest.down = false;
      };
    },
  };
}

function takingNamesForAccounts({ nameOf }: Scheduler): Partial<Scheduler> {
  return {
    nameOf(schedule) {
      const { text } = nameOf(schedule);
      return { text, owner: { tenant: schedule.tenant, account: text } };
    },
  };
}

function refusingRepeats({ put, nameOf }: Scheduler): Partial<Scheduler> {
  const seen = new Set<string>();
  return {
    async put(schedule) {
      const { text } = nameOf(schedule);
      if (seen.has(text)) throw new Error('it exists');
      seen.add(text);
      await put(schedule);
    },
  };
}

function listingByBeginning({ list }: Scheduler): Partial<Scheduler> {
  return {
    async *list(tenant = '') {
      for await (const name of list()) if (name.text.startsWith(tenant)) yield name;
    },
  };
}

async function* firstPage<Name>(names: AsyncIterable<Name>): AsyncGenerator<Name> {
  let count = 0;
  for await (const name of names) if (count++ < 100) yield name;
}

async function* owned<Name extends { owner?: unknown }>(names: AsyncIterable<Name>): AsyncGenerator<Name> {
  for await (const name of names) if (name.owner !== undefined) yield name;
}
