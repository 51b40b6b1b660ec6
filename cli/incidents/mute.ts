/** `plimsoll incidents mute|unmute|mutes`: what is not notified of for a while, with a reason. */
import { randomUUID } from 'node:crypto';
import { withIsoTimes } from '../../core/incidents/iso-times.ts';
import { giveMute, MOST_MUTE_DAYS } from '../../core/incidents/mutes-and-labels.ts';
import { isActive, subjectText } from '../../core/messages/subject-text.ts';
import { formatTime } from '../../core/messages/times.ts';
import type { Mute, Subject } from '../../core/model/mute.ts';
import { callerName } from '../caller-name.ts';
import type { CommandContext } from '../context.ts';
import { deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { PLIMSOLL } from '../program.ts';
import { type Column, renderTable } from '../render/table.ts';
import { harmless, wrap } from '../render/text.ts';
import { type IncidentStores, openIncidentStores } from '../stores.ts';
import { tableOptions, textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { caller } from './caller.ts';
import { namedIncident } from './named.ts';
import { checkedMute, type SubjectOptions, subjectOf } from './subject.ts';
import { chosenTenants, type TenantOptions } from './tenants.ts';

const DAY = 24 * 3_600_000;

export interface MuteOptions extends TenantOptions, SubjectOptions {
  readonly reason: string;
  /** Epoch milliseconds, or how many of them from now. One of the two. */
  readonly until?: number;
  readonly for?: number;
  readonly json?: boolean;
}

export async function muteCommand(
  name: string | undefined,
  options: MuteOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal, now } = context;
  const until = endOf(options, now);
  const stores = openIncidentStores(context);
  const { tenant, subject } = await mutedOf(name, options, context, stores);
  const facts = { id: `m-${randomUUID().slice(0, 8)}`, tenant, subject, reason: options.reason };
  const mute = await giveMute(checkedMute({ ...facts, by: await caller(context), at: now, until }), stores);
  if (options.json) terminal.printJson(withIsoTimes(mute));
  else {
    const text = `muted until ${formatTime(until)}: ${subjectText(subject)}. Nothing is sent about it until then, and everything stays in the log; what still grows at the end is sent then.`;
    const undo = `${PLIMSOLL} incidents unmute ${mute.id} --tenant ${tenant}${deploymentArguments(options)}`;
    terminal.print(`${wrap(text, textWidth(terminal))}\nUndo: ${undo}`);
  }
  return EXIT.clean;
}

function endOf({ until, for: duration }: MuteOptions, now: number): number {
  if ((until === undefined) === (duration === undefined))
    throw new UsageError('Give --for 7d or --until TIME, one of the two: a mute without an end would be forgotten.');
  const end = until ?? now + (duration ?? 0);
  if (end <= now) throw new UsageError(`--until ${formatTime(end)} is over already.`);
  if (end > now + MOST_MUTE_DAYS * DAY)
    throw new UsageError(
      `A mute lasts ${MOST_MUTE_DAYS} days at the most. Leave the host out by the filters of its config instead.`,
    );
  return end;
}

async function mutedOf(
  name: string | undefined,
  options: MuteOptions,
  context: CommandContext,
  { list }: IncidentStores,
): Promise<{ readonly tenant: string; readonly subject: Subject }> {
  const subject = subjectOf(options);
  if (name !== undefined) {
    if (subject !== undefined)
      throw new UsageError('Name an incident, or hosts by --host, --group and the like: one of the two.');
    const { tenant, id } = await namedIncident(name, options, context, list);
    return { tenant, subject: { incident: id } };
  }
  if (subject === undefined)
    throw new UsageError('Name an incident, or what is muted: --host, --group, --label, --pattern, --consumer …');
  if (options.tenant === undefined) throw new UsageError('A mute is of one tenant: name it with --tenant.');
  const [tenant = options.tenant] = await chosenTenants(options, context);
  return { tenant, subject };
}

export interface MutesOptions extends TenantOptions {
  /** Without those that have expired. */
  readonly active?: boolean;
  readonly json?: boolean;
}

/** Those that expired lately are listed too: whoever asks why nothing came finds them. */
export async function listMutes(options: MutesOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, now } = context;
  const { mutes: store } = openIncidentStores(context);
  const mutes: Mute[] = [];
  for (const tenant of await chosenTenants(options, context)) mutes.push(...(await store.list(tenant)));
  const shown = mutes
    .filter((mute) => !options.active || isActive(mute, now))
    .sort((a, b) => Number(isActive(b, now)) - Number(isActive(a, now)) || b.until - a.until);
  if (options.json)
    for (const mute of shown) terminal.printJson(withIsoTimes({ ...mute, active: isActive(mute, now) }));
  else
    terminal.print(
      shown.length === 0 ? 'Nothing is muted.' : renderTable(shown, columnsFor(shown, now), tableOptions(terminal)),
    );
  return EXIT.clean;
}

function columnsFor(mutes: readonly Mute[], now: number): Column<Mute>[] {
  const tenant: Column<Mute> = { title: 'tenant', text: (mute) => mute.tenant };
  return [
    { title: 'id', text: ({ id }) => harmless(id), tone: () => 'strong' },
    ...(new Set(mutes.map(tenant.text)).size > 1 ? [tenant] : []),
    {
      title: 'state',
      text: (mute) => (isActive(mute, now) ? 'active' : 'expired'),
      tone: (mute) => (isActive(mute, now) ? 'warn' : 'dim'),
    },
    { title: 'until', text: ({ until }) => formatTime(until) },
    { title: 'what', text: ({ subject }) => subjectText(subject), leastWidth: 20, overflow: 'wrap' },
    { title: 'by', text: ({ by }) => callerName(by, 20), expendable: 1 },
    { title: 'reason', text: ({ reason }) => harmless(reason), leastWidth: 16, overflow: 'wrap' },
  ];
}
