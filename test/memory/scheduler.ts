/** The scheduler in memory: a second adapter for the contract suite, and a quick one for tests of the use cases. */
import { SchedulerError } from '../../core/ports/errors.ts';
import type { InspectionSchedule, ScheduleName, Scheduler } from '../../core/ports/scheduler.ts';

export interface MemoryScheduler extends Scheduler {
  /** Schedules by name. What somebody else made has none. */
  readonly schedules: Map<string, InspectionSchedule | undefined>;
  /** Every write, in order. */
  readonly writes: string[];
  /** Fails the writes of these accounts and names. */
  readonly failing: Set<string>;
  down: boolean;
}

export function createMemoryScheduler(): MemoryScheduler {
  const schedules = new Map<string, InspectionSchedule | undefined>();
  const memory = {
    schedules,
    writes: [] as string[],
    failing: new Set<string>(),
    down: false,
    nameOf,
    async *list(tenant?: string) {
      mayFail('');
      for (const text of [...schedules.keys()].sort()) {
        if (tenant === undefined || text.startsWith(`${tenant}.`)) yield parse(text);
      }
    },
    async put(schedule: InspectionSchedule) {
      mayFail(schedule.account);
      memory.writes.push(`put ${schedule.account}`);
      schedules.set(nameOf(schedule).text, schedule);
    },
    async remove({ text }: ScheduleName) {
      mayFail(text);
      memory.writes.push(`remove ${schedules.get(text)?.account ?? text}`);
      schedules.delete(text);
    },
  };
  function mayFail(what: string): void {
    if (memory.down || memory.failing.has(what)) throw new SchedulerError('Rate exceeded');
  }
  return memory;
}

function nameOf(schedule: InspectionSchedule): Required<ScheduleName> {
  const { tenant, provider, account, cron, timezone } = schedule;
  const owner = { tenant, account: `${provider}-${account}` };
  return { text: `${tenant}.${owner.account}.${Buffer.from(`${cron} ${timezone}`).toString('base64url')}`, owner };
}

function parse(text: string): ScheduleName {
  const [tenant = '', account, ...more] = text.split('.');
  return account === undefined || more.length !== 1 ? { text } : { text, owner: { tenant, account } };
}
