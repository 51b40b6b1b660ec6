/**
 * The token of a page that `plimsoll console` serves for a deployment. The printed address has a key behind `#`, which no request has in
 * its address; it works once. The token that it is exchanged for stays in the storage of the tab, so that a reload finds it.
 */

/** Answered by `plimsoll console` alone. */
export const KEY_EXCHANGE_PATH = '/local-token';

const STORED = 'plimsoll-local-token';

export interface LocalTokenOptions {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
  readonly history: { readonly state: unknown; replaceState(state: unknown, unused: string, address: string): void };
  readonly storage: { getItem(name: string): string | null; setItem(name: string, value: string): void };
  readonly fetch: typeof fetch;
}

/** Null where there is none: the API needs none, or refuses what comes without. Rejects where nothing answers. */
export async function localToken({
  location,
  history,
  storage,
  fetch: send,
}: LocalTokenOptions): Promise<string | null> {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (key === null) return storage.getItem(STORED);
  history.replaceState(history.state, '', location.pathname + location.search);
  const headers = { Authorization: `Bearer ${key}` };
  const response = await send(KEY_EXCHANGE_PATH, { method: 'POST', headers, credentials: 'omit', cache: 'no-store' });
  // A key that was used before: this tab may have used it.
  if (!response.ok) return storage.getItem(STORED);
  const answer: unknown = await response.json();
  const token = typeof answer === 'object' && answer !== null && 'token' in answer ? answer.token : undefined;
  if (typeof token !== 'string') return null;
  storage.setItem(STORED, token);
  return token;
}
