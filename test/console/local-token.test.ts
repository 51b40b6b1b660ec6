import { describe, expect, it } from 'vitest';
import { localToken } from '../../console/data/local-token.ts';

/** A tab at an address, and a command that takes the key `good` once. */
function aTab(hash: string, stored: Record<string, string> = {}) {
  const kept = new Map(Object.entries(stored));
  const addresses: string[] = [];
  const sent: (string | null)[] = [];
  const open = () =>
    localToken({
      location: { hash, pathname: '/t/acme', search: '?group=web' },
      history: { state: null, replaceState: (_, __, address) => void addresses.push(String(address)) },
      storage: { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value) },
      fetch: async (_, init) => {
        const given = new Headers(init?.headers).get('Authorization');
        const isGood = given === 'Bearer good' && !sent.includes(given);
        sent.push(given);
        return isGood ? Response.json({ token: 't0ken' }) : new Response(null, { status: 401 });
      },
    });
  return { open, addresses, sent, kept };
}

describe('the token of a page on this machine', () => {
  it('is exchanged for the key, which is taken out of the address', async () => {
    const { open, addresses } = aTab('#key=good');

    expect(await open()).toBe('t0ken');
    expect(addresses).toEqual(['/t/acme?group=web']);
  });

  it('is found again by a reload, and by the same tab that opens the printed address again', async () => {
    const { open, kept } = aTab('#key=good');
    await open();
    const reloaded = aTab('', Object.fromEntries(kept));

    expect(await reloaded.open()).toBe('t0ken');
    expect(reloaded.sent).toEqual([]);
    expect(await open()).toBe('t0ken');
  });

  it('is none where there is no key, or one that was used', async () => {
    expect(await aTab('').open()).toBeNull();
    expect(await aTab('#key=used').open()).toBeNull();
  });
});
