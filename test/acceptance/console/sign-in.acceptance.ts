/** Signing in by OpenID Connect, with an issuer on localhost. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeIssuer, type IssuerOptions, startIssuer } from '../../fixtures/console/issuer.ts';
import { axeViolations, type ConsoleUnderTest, settled, startConsole } from './browser.ts';

let closing: (() => Promise<void>)[] = [];

beforeEach(() => {
  closing = [];
});

afterEach(async () => {
  for (const close of closing) await close();
});

async function startWith(...people: IssuerOptions[]): Promise<{ site: ConsoleUnderTest; issuers: FakeIssuer[] }> {
  const issuers = await Promise.all(people.map(startIssuer));
  const site = await startConsole({
    issuers: issuers.map(({ origin, clientId }, index) => ({
      issuer: origin,
      clientId,
      name: `Issuer ${index + 1}`,
      scopes: 'openid offline_access',
    })),
    callerOf: (authorization) =>
      issuers.map((issuer) => issuer.callerOf(authorization)).find((name) => name !== null) ?? null,
  });
  closing.push(site.close, ...issuers.map(({ close }) => close));
  return { site, issuers };
}

describe('a person', () => {
  it('signs in by redirect, and comes back to the page that was opened', async () => {
    const { site } = await startWith({ user: 'mira@example.com' });

    const { page, problems } = await site.open('/t/acme/incidents?severity=critical');
    await settled(page);

    expect(page.url()).toBe(`${site.origin}/t/acme/incidents?severity=critical`);
    expect(await page.locator('.person').innerText()).toContain('mira@example.com');
    expect(problems).toEqual([]);
  });

  it('leaves no token in what the browser keeps', async () => {
    const { site } = await startWith({ user: 'mira', refresh: true });

    const { page } = await site.open('/t/acme');
    await settled(page);

    expect(
      await page.evaluate(
        'JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])',
      ),
    ).toBe('[[],[],""]');
  });

  it('chooses between several issuers', async () => {
    const { site } = await startWith({ user: 'first' }, { user: 'second' });
    const { page } = await site.open('/t/acme');
    await page.getByRole('button', { name: 'Sign in with Issuer 2' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);

    await page.getByRole('button', { name: 'Sign in with Issuer 2' }).click();

    await settled(page);
    expect(await page.locator('.person').innerText()).toContain('second');
  });

  it('whom the issuer refuses reads why, and may try again', async () => {
    const { site } = await startWith({ user: 'mira', error: 'Your account is locked.' });

    const { page } = await site.open('/t/acme');

    await page.getByText('Your account is locked.').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Sign in with Issuer 1' }).count()).toBe(1);
    expect(new URL(page.url()).search).toBe('');
  });

  it('without a tenant reads who gives access', async () => {
    const { site } = await startWith({ user: 'nobody' });

    const { page } = await site.open('/t/acme');

    await page.getByText('nobody is signed in and may see no tenant here').waitFor();
    await expect.poll(() => page.getByText('plimsoll access grant').count()).toBe(1);
    expect(await axeViolations(page)).toEqual([]);
  });
});

describe('a token', () => {
  it('that has ended is renewed without a word', async () => {
    const { site, issuers } = await startWith({ user: 'mira', refresh: true });
    const { page } = await site.open('/t/acme');
    await settled(page);
    issuers[0]?.expireTokens();

    await page.getByRole('link', { name: 'Coverage' }).click();

    await page.getByText('of the fleet is inspected').waitFor();
    expect(issuers[0]?.grants).toEqual(['authorization_code', 'refresh_token']);
  });

  it('is renewed before it ends', async () => {
    const { site, issuers } = await startWith({ user: 'mira', refresh: true, expiresIn: 61 });

    const { page } = await site.open('/t/acme');
    await settled(page);

    await expect.poll(() => issuers[0]?.grants, { timeout: 5_000 }).toContain('refresh_token');
  });

  it('that cannot be renewed asks the person to sign in again, over the page as it was', async () => {
    const { site, issuers } = await startWith({ user: 'mira' });
    const { page } = await site.open('/t/acme');
    await settled(page);
    issuers[0]?.expireTokens();

    await page.getByRole('link', { name: 'Coverage' }).click();

    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    await dialog.getByRole('button', { name: 'Sign in with Issuer 1' }).click();
    await page.getByText('of the fleet is inspected').waitFor();
    expect(new URL(page.url()).pathname).toBe('/t/acme/coverage');
  });
});

describe('a code', () => {
  it('that this tab did not ask for is refused', async () => {
    const { site, issuers } = await startWith({ user: 'mira' }, { user: 'other' });

    const { page } = await site.open('/?code=stolen&state=forged');

    await page.getByText('was not begun in this tab').waitFor();
    expect(issuers[0]?.grants).toEqual([]);
  });
});
