/** Whether a host goes by what was typed. */
import type { Resource } from '../../core/model/series.ts';

/** Azure writes its ids and names in any case, and so may whoever pastes one. */
export function isCalled({ provider, id, name }: Resource, host: string): boolean {
  if (provider !== 'azure') return id === host || name === host;
  const called = host.toLowerCase();
  return id.toLowerCase() === called || name?.toLowerCase() === called;
}
