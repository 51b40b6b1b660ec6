/** What every scheduler promises. */
import { expect } from 'vitest';
import { SchedulerError } from '../../core/ports/errors.ts';
import type { InspectionSchedule, Scheduler } from '../../core/ports/scheduler.ts';
import type { Check } from './check.ts';

export interface SchedulerSubject {
  /** Empty at first. */
  readonly scheduler: Scheduler;
  /** The account, cron and zone of each schedule that will fire, as the scheduler itself has them, in any order. */
  scheduled(): Promise<readonly string[]>;
  /** Makes a schedule of a name, as somebody else would. */
  makeForeign(name: string): Promise<void>;
}

/** One that can be made to fail. */
export interface FailingSchedulerSubject extends SchedulerSubject {
  /** Takes the scheduler down, until it is called up again. */
  goDown(): () => void;
}

/** More schedules than fit a page. */
const MANY = 250;

/** Tenant ids have at most 40 characters. */
const LONGEST_TENANT = 'a'.repeat(40);

export function aSchedule(overrides: Partial<InspectionSchedule> = {}): InspectionSchedule {
  return {
    tenant: 'acme',
    provider: 'aws',
    account: '111122223333',
    cron: '0 * * * *',
    timezone: 'UTC',
    ...overrides,
  };
}

/** What a schedule stands for, as subjects state it. Only the crons of `CRONS` are put. */
export function scheduleText({ account, cron, timezone }: Pick<InspectionSchedule, 'account' | 'cron' | 'timezone'>) {
  return `${account} ${cron} ${timezone}`;
}

/** The crons that this suite puts. */
export const CRONS = ['0 * * * *', '30 * * * *', '30 6 * * 1-5'] as const;

/** Differs from the others in one thing each. */
const DIFFERENT: readonly InspectionSchedule[] = [
  aSchedule(),
  aSchedule({ tenant: 'acme-2' }),
  aSchedule({ provider: 'gcp' }),
  aSchedule({ account: '111122223334' }),
  aSchedule({ cron: '30 * * * *' }),
  aSchedule({ timezone: 'Europe/Berlin' }),
];

export const schedulerChecks: readonly Check<SchedulerSubject>[] = [
  {
    message: 'lists nothing at first',
    async verify({ scheduler }) {
      expect(await textsOf(scheduler)).toEqual([]);
      expect(await textsOf(scheduler, 'acme')).toEqual([]);
    },
  },
  {
    message: 'lists what was put by its name, with whose it is',
    async verify({ scheduler, scheduled }) {
      const schedule = aSchedule({ cron: '30 6 * * 1-5', timezone: 'Europe/Berlin' });

      await scheduler.put(schedule);

      expect(await Array.fromAsync(scheduler.list())).toEqual([scheduler.nameOf(schedule)]);
      expect(scheduler.nameOf(schedule).owner.tenant).toBe('acme');
      expect(await scheduled()).toEqual([scheduleText(schedule)]);
    },
  },
  {
    message: 'names a schedule in the same way each time, and one that differs in anything in another',
    async verify({ scheduler }) {
      const names = DIFFERENT.map((schedule) => scheduler.nameOf(schedule).text);

      expect(DIFFERENT.map((schedule) => scheduler.nameOf({ ...schedule }).text)).toEqual(names);
      expect(new Set(names).size).toBe(DIFFERENT.length);
    },
  },
  {
    message: 'knows the account of a name, whatever its schedule is, and no other account by it',
    async verify({ scheduler }) {
      const ownerOf = (overrides: Partial<InspectionSchedule>) => scheduler.nameOf(aSchedule(overrides)).owner;

      expect(ownerOf({ cron: '30 * * * *' })).toEqual(ownerOf({}));
      expect(ownerOf({ account: '111122223334' })).not.toEqual(ownerOf({}));
      expect(ownerOf({ provider: 'gcp' })).not.toEqual(ownerOf({}));
    },
  },
  {
    message: 'takes a schedule twice, and twenty times at once, as one',
    async verify({ scheduler, scheduled }) {
      await scheduler.put(aSchedule());
      await Promise.all(Array.from({ length: 20 }, () => scheduler.put(aSchedule())));

      expect(await scheduled()).toEqual([scheduleText(aSchedule())]);
    },
  },
  {
    message: 'removes a schedule, and takes it as removed when it is gone',
    async verify({ scheduler, scheduled }) {
      for (const cron of ['0 * * * *', '30 * * * *']) await scheduler.put(aSchedule({ cron }));
      const name = scheduler.nameOf(aSchedule());

      await scheduler.remove(name);
      await scheduler.remove(name);

      expect(await scheduled()).toEqual([scheduleText(aSchedule({ cron: '30 * * * *' }))]);
    },
  },
  {
    message: 'lists one tenant’s schedules without those of tenants whose ids begin alike',
    async verify({ scheduler }) {
      const tenants = ['acme', 'acme-2', 'acm', 'acmee', LONGEST_TENANT];
      for (const tenant of tenants) await scheduler.put(aSchedule({ tenant }));

      for (const tenant of tenants) {
        const listed = await Array.fromAsync(scheduler.list(tenant));
        expect(listed).toEqual([scheduler.nameOf(aSchedule({ tenant }))]);
      }
    },
  },
  {
    message: 'lists more schedules than fit a page, each once',
    async verify({ scheduler }) {
      const schedules = Array.from({ length: MANY }, (_, index) =>
        aSchedule({ account: `${100_000_000_000 + index}` }),
      );
      await Promise.all(schedules.map((schedule) => scheduler.put(schedule)));

      const names = schedules.map((schedule) => scheduler.nameOf(schedule).text).sort();

      expect(await textsOf(scheduler)).toEqual(names);
      expect(await textsOf(scheduler, 'acme')).toEqual(names);
    },
  },
  {
    message: 'lists and removes what somebody else made, and knows no owner of it',
    async verify({ scheduler, makeForeign }) {
      await makeForeign('nightly-backup');
      await scheduler.put(aSchedule());

      const listed = await Array.fromAsync(scheduler.list());
      const foreign = listed.filter(({ owner }) => owner === undefined);
      for (const name of foreign) await scheduler.remove(name);

      expect(foreign).toEqual([{ text: 'nightly-backup' }]);
      expect(await textsOf(scheduler)).toEqual([scheduler.nameOf(aSchedule()).text]);
    },
  },
];

/** What every scheduler promises about failures. */
export const schedulerFailureChecks: readonly Check<FailingSchedulerSubject>[] = [
  {
    message: 'throws a scheduler error when it is down, and goes on when it is up again',
    async verify({ scheduler, goDown }) {
      const goUp = goDown();
      const name = scheduler.nameOf(aSchedule());
      await expect(scheduler.put(aSchedule())).rejects.toThrow(SchedulerError);
      await expect(scheduler.remove(name)).rejects.toThrow(SchedulerError);
      await expect(textsOf(scheduler)).rejects.toThrow(SchedulerError);

      goUp();
      await scheduler.put(aSchedule());

      expect(await textsOf(scheduler)).toEqual([name.text]);
    },
  },
];

async function textsOf(scheduler: Scheduler, tenant?: string): Promise<string[]> {
  const names = await Array.fromAsync(scheduler.list(tenant));
  return names.map(({ text }) => text).sort();
}
