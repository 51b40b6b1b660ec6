/** What a version of a config changes: as a patch of its YAML, and in the schedules of its accounts. */
import { stringify } from 'yaml';
import { counted } from '../../core/messages/units.ts';
import type { TenantConfig } from '../../core/model/tenant.ts';
import type { InspectionSchedule } from '../../core/ports/scheduler.ts';
import { scheduleDifference } from '../../core/tenants/schedule-changes.ts';
import { renderPatch } from '../render/patch.ts';
import { harmless, type Paint } from '../render/text.ts';

/** A document with the number of its version. */
interface Versioned {
  readonly config: object;
  readonly version: number;
}

/** The difference as a patch of the YAML; undefined where there is none. Before the first version there is nothing. */
export function renderChanges(before: Versioned | undefined, after: Versioned, paint: Paint): string | undefined {
  const side = (one: Versioned | undefined) => ({
    name: one === undefined ? 'nothing stored' : `version ${one.version}`,
    text: one === undefined ? '' : stringify(one.config),
  });
  return renderPatch(side(before), side(after), paint);
}

/** Schedules that are listed of each kind. */
const LISTED = 10;

/** The schedules that follow a config within a minute: which are added, removed and changed. */
export function renderScheduleChanges(before: TenantConfig | undefined, after: TenantConfig, paint: Paint): string {
  const { added, removed, changed } = scheduleDifference(before, after);
  if (added.length + removed.length + changed.length === 0) return 'schedules: unchanged';
  const counts = [
    [added.length, 'added'],
    [removed.length, 'removed'],
    [changed.length, 'changed'],
  ] as const;
  const summary = counts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`])).join(', ');
  return [
    `schedules: ${summary}`,
    ...listed(added, (one) => paint('good', `+ ${accountText(one)}  ${timesText(one)}`)),
    ...listed(removed, (one) => paint('bad', `- ${accountText(one)}  ${timesText(one)}`)),
    ...listed(changed, ({ before: old, after: one }) => `  ${accountText(one)}  ${timesText(old)} → ${timesText(one)}`),
  ].join('\n');
}

function listed<One>(all: readonly One[], text: (one: One) => string): string[] {
  const more = all.length - LISTED;
  return [...all.slice(0, LISTED).map(text), ...(more > 0 ? [`  and ${counted(more, 'schedule')} more`] : [])];
}

function accountText({ provider, account, job }: InspectionSchedule): string {
  return [provider, harmless(account), ...(job === undefined ? [] : [`job ${job}`])].join(' ');
}

function timesText({ cron, timezone }: InspectionSchedule): string {
  return `${harmless(cron)} (${timezone})`;
}
