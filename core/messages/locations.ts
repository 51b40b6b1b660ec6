/** What hosts and the accounts that they are in are called. */
import type { Resource, Scope } from '../model/series.ts';

/** The name that people know a host by. */
export function hostName({ name, id }: Pick<Resource, 'id' | 'name'>): string {
  return name ?? id;
}

/** `web-7 (i-0a1b2c3d)`, or the id alone where there is no name. */
export function hostNameAndId({ name, id }: Pick<Resource, 'id' | 'name'>): string {
  return name === undefined || name === id ? id : `${name} (${id})`;
}

/** `aws 111122223333 eu-west-1`; without the region where a source has none, and of a trace file its name. */
export function scopeText({ provider, account, region }: Scope): string {
  if (provider === 'local') return account;
  return [provider, account, ...(region === null ? [] : [region])].join(' ');
}
