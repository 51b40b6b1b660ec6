/**
 * The names of schedules. ListSchedules gives no expression, zone or input, so that a name has to show whether a schedule is right:
 * it holds a hash of all that the schedule does. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html
 *
 *     <tenant>.<account, 8 characters>.<content, 14 characters>
 *
 * A tenant id has at most 40 lower case letters, digits and dashes, so that a name has at most 64 of the characters that the
 * scheduler takes, and `<tenant>.` begins the names of that tenant alone.
 */
import { createHash } from 'node:crypto';
import type { ScheduleName } from '../../core/ports/scheduler.ts';

/** 48 bits. Two of a tenant's thousand accounts share them once in half a billion tenants, and then only wait for each other. */
const ACCOUNT_LENGTH = 8;

/** 84 bits: two contents of one account never share them. */
const CONTENT_LENGTH = 14;

const NAME = /^([a-z0-9-]{1,40})\.([\w-]{8})\.[\w-]{14}$/;

/** @param content All that the schedule does, as JSON can hold it; the order of its fields counts. */
export function scheduleName(tenant: string, account: readonly string[], content: object): Required<ScheduleName> {
  const owner = { tenant, account: digest(account).slice(0, ACCOUNT_LENGTH) };
  return { text: `${tenant}.${owner.account}.${digest(content).slice(0, CONTENT_LENGTH)}`, owner };
}

export function parseName(text: string): ScheduleName {
  const [, tenant, account] = NAME.exec(text) ?? [];
  return tenant === undefined || account === undefined ? { text } : { text, owner: { tenant, account } };
}

/** What the names of a tenant's schedules begin with. */
export function namePrefix(tenant: string): string {
  return `${tenant}.`;
}

function digest(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}
