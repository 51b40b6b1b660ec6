/** Gives and takes back mutes and labels. Each is an entry of the log, with who did it and why. */
import type { IncidentEvent } from '../model/incident-event.ts';
import type { Label, Mute } from '../model/mute.ts';
import type { EventWriter } from '../ports/event-log.ts';
import type { LabelStore } from '../ports/label-store.ts';
import type { MuteStore } from '../ports/mute-store.ts';
import type { TenantItems } from '../ports/tenant-items.ts';

/** Days that a mute lasts at the most: what lasts longer is no mute, and a filter of the config leaves the host out. */
export const MOST_MUTE_DAYS = 366;

interface Log {
  readonly log: EventWriter;
}

/** Who takes something back, why, and when (epoch milliseconds). */
export interface TakenBack {
  readonly by: string;
  readonly reason: string;
  readonly now: number;
}

/** Throws `StoreError`. */
export async function giveMute(mute: Mute, { mutes, log }: Log & { readonly mutes: MuteStore }): Promise<void> {
  await mutes.put(mute);
  await log.put(givenEntry('muted', mute));
}

/** Throws `StoreError`. */
export async function giveLabel(label: Label, { labels, log }: Log & { readonly labels: LabelStore }): Promise<void> {
  await labels.put(label);
  await log.put(givenEntry('labelled', label));
}

/** Returns whether it was there: of several who take it back at once, one does. Throws `StoreError`. */
export async function takeBack<Item extends Mute | Label>(
  item: Item,
  { by, reason, now }: TakenBack,
  { items, log, action }: Log & { readonly items: TenantItems<Item>; readonly action: 'unmuted' | 'unlabelled' },
): Promise<boolean> {
  const isGone = await items.remove(item.tenant, item.id);
  if (isGone) await log.put({ ...givenEntry(action, { ...item, by, reason }), at: now });
  return isGone;
}

type Action = Extract<IncidentEvent, { kind: 'action' }>;

function givenEntry(action: Action['action'], { id, tenant, subject, reason, by, at }: Mute | Label): Action {
  const incident = subject.incident ?? null;
  return { kind: 'action', id: `${action}/${id}`, tenant, incident, at, action, by, reason, subject: id };
}
