/** Test notifications: one is published as any other event is, and whoever reads its code and gives it back proves the way to him. */
import { isoText } from '../model/notation.ts';
import { SERVICE_EVENTS, type ServiceEvent, serviceEvent } from '../model/service-event.ts';
import type { DeliveryLog } from '../ports/delivery-log.ts';
import { DeliveryError } from '../ports/errors.ts';
import type { Publisher } from '../ports/publisher.ts';

export interface NotifyPorts {
  readonly log: Pick<DeliveryLog, 'test' | 'putTest'>;
  readonly publisher: Pick<Publisher, 'publish'>;
}

export interface NotifyTestOptions {
  readonly tenant: string;
  /** Names of receivers; empty for all. */
  readonly receivers: readonly string[];
  /** What nobody can guess who has not read the message. */
  readonly code: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** How long a code proves anything, in milliseconds. */
const VALID_MS = 24 * 3_600_000;

/** The code is kept before it is sent: no message has one that nobody knows. Throws `DeliveryError`, `StoreError`. */
export async function publishTest(
  { tenant, receivers, code, now }: NotifyTestOptions,
  { log, publisher }: NotifyPorts,
): Promise<ServiceEvent> {
  const event = serviceEvent(
    {
      kind: 'test',
      tenant,
      severity: SERVICE_EVENTS.test.severity,
      summary: `A test of the notifications of ${tenant}: nothing is wrong`,
      code,
      ...(receivers.length > 0 && { receivers: [...receivers] }),
    },
    { source: `/plimsoll/${tenant}`, subject: tenant, id: `${tenant}/test/${isoText(now)}`, now },
  );
  const known = await log.test(tenant);
  const test = { event: event.id, code, at: now, confirmedAt: null, confirmedBy: null };
  if ((await log.putTest(tenant, test, known?.version ?? 0)) === 'conflict')
    throw new DeliveryError(`Somebody else tests the notifications of ${tenant} right now. Try again.`);
  const [outcome] = await publisher.publish([event]);
  if (outcome?.kind === 'failed') throw new DeliveryError(`The test was not published: ${outcome.detail}`);
  return event;
}

export type Confirmation = 'confirmed' | 'wrong' | 'no_test' | 'expired';

/** @param by The ARN of the caller; undefined where it is not known. */
export async function confirmTest(
  tenant: string,
  code: string,
  log: NotifyPorts['log'],
  now: number,
  by?: string,
): Promise<Confirmation> {
  const known = await log.test(tenant);
  if (known === undefined) return 'no_test';
  if (now - known.value.at > VALID_MS) return 'expired';
  if (code.trim().toUpperCase() !== known.value.code) return 'wrong';
  const confirmed = { ...known.value, confirmedAt: now, confirmedBy: by ?? null };
  // A conflict means that somebody else has confirmed it, or begun another test.
  return (await log.putTest(tenant, confirmed, known.version)) === 'stored' ? 'confirmed' : 'wrong';
}
