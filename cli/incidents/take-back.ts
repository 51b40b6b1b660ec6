/** `plimsoll incidents unmute|unlabel`: undoes what somebody decided. */

import { withIsoTimes } from '../../core/incidents/iso-times.ts';
import { takeBack } from '../../core/incidents/mutes-and-labels.ts';
import { subjectText } from '../../core/messages/subject-text.ts';
import type { Label, Mute } from '../../core/model/mute.ts';
import type { TenantItems } from '../../core/ports/tenant-items.ts';
import type { CommandContext } from '../context.ts';
import { deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { PLIMSOLL } from '../program.ts';
import { harmless, wrap } from '../render/text.ts';
import { type IncidentStores, openIncidentStores } from '../stores.ts';
import { textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { caller } from './caller.ts';
import { chosenTenants, type TenantOptions } from './tenants.ts';

export interface TakeBackOptions extends TenantOptions {
  readonly reason?: string;
  readonly json?: boolean;
}

interface Kind<Item> {
  readonly action: 'unmuted' | 'unlabelled';
  /** The command that lists the ids. */
  readonly listed: 'mutes' | 'labels';
  items(stores: IncidentStores): TenantItems<Item>;
}

const MUTES: Kind<Mute> = { action: 'unmuted', listed: 'mutes', items: ({ mutes }) => mutes };
const LABELS: Kind<Label> = { action: 'unlabelled', listed: 'labels', items: ({ labels }) => labels };

export function unmute(id: string, options: TakeBackOptions, context: CommandContext): Promise<ExitCode> {
  return takeBackById(id, MUTES, options, context);
}

export function unlabel(id: string, options: TakeBackOptions, context: CommandContext): Promise<ExitCode> {
  return takeBackById(id, LABELS, options, context);
}

async function takeBackById<Item extends Mute | Label>(
  id: string,
  kind: Kind<Item>,
  options: TakeBackOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal, now } = context;
  const stores = openIncidentStores(context);
  const items = kind.items(stores);
  const found: Item[] = [];
  for (const tenant of await chosenTenants(options, context))
    found.push(...(await items.list(tenant)).filter((item) => item.id === id));
  const [item] = found;
  const by = await caller(context);
  const { action, listed } = kind;
  const given = { by, reason: options.reason ?? '', now };
  if (item === undefined || !(await takeBack(item, given, { items, log: stores.log, action })))
    throw new UsageError(
      `There is no ${listed.slice(0, -1)} ${harmless(id)}. \`${PLIMSOLL} incidents ${listed}${deploymentArguments(options)}\` lists them.`,
    );
  if (options.json) terminal.printJson(withIsoTimes({ ...item, [action]: { by, at: now } }));
  else {
    const text = `${action}: ${subjectText(item.subject)}. What is not decided yet, and what comes, is not held back by it any more.`;
    terminal.print(wrap(text, textWidth(terminal)));
  }
  return EXIT.clean;
}
