/** Gives and takes back mutes and labels. Each is an entry of the log, with who did it and why. */
import type { IncidentEvent } from '../model/incident-event.ts';
import type { Label, Mute } from '../model/mute.ts';
import { ItemError } from '../ports/errors.ts';
import type { EventWriter } from '../ports/event-log.ts';
import type { LabelStore } from '../ports/label-store.ts';
import type { MuteStore } from '../ports/mute-store.ts';
import type { TenantItems } from '../ports/tenant-items.ts';

/** Days that a mute lasts at the most: what lasts longer is no mute, and a filter of the config leaves the host out. */
export const MOST_MUTE_DAYS = 366;

/** Ids that are tried: a second one is needed once in some million. */
const MOST_ATTEMPTS = 5;

interface Log {
  readonly log: EventWriter;
}

/** Who takes something back, why, and when (epoch milliseconds). */
export interface TakenBack {
  readonly by: string;
  readonly reason: string;
  readonly now: number;
}

/** Returns it as it was stored: with another id where a mute has its own. Throws `StoreError`. */
export async function giveMute(mute: Mute, { mutes, log }: Log & { readonly mutes: MuteStore }): Promise<Mute> {
  const given = await putUnderFreeId(mute, mutes);
  await log.put(givenEntry('muted', given));
  return given;
}

/** Returns it as it was stored: with another id where a label has its own. Throws `StoreError`. */
export async function giveLabel(label: Label, { labels, log }: Log & { readonly labels: LabelStore }): Promise<Label> {
  const given = await putUnderFreeId(label, labels);
  await log.put(givenEntry('labelled', given));
  return given;
}

/** Ids are short, because people type them: two may be the same. */
async function putUnderFreeId<Item extends Mute | Label>(item: Item, items: TenantItems<Item>): Promise<Item> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const given = attempt === 1 ? item : { ...item, id: `${item.id}-${attempt}` };
    if ((await items.put(given)) === 'stored') return given;
  }
  throw new ItemError(`Tenant ${item.tenant} has ${MOST_ATTEMPTS} with the id ${item.id}. Try again with another one.`);
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
