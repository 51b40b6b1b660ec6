/** An API that fails, is slow or does not answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsoleUnderTest, settled, startConsole } from './browser.ts';

let site: ConsoleUnderTest;

beforeAll(async () => {
  site = await startConsole();
});

afterAll(() => site.close());

const PROBLEM = {
  type: 'about:blank',
  title: 'Broken',
  status: 500,
  detail: 'The table did not answer. Try again in a minute.',
};

describe('an API that', () => {
  it('fails is stated with what to do, and asked again by a click', async () => {
    const { page } = await site.open('/');
    await settled(page);
    await page.route('**/coverage', (route) => route.fulfill({ status: 500, json: PROBLEM }), { times: 1 });

    await page.getByRole('link', { name: 'Coverage' }).click();
    await page.getByText('The table did not answer').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();

    await page.getByText('of the fleet is inspected').waitFor();
  });

  it('fails later leaves what was read, and states that it is not current', async () => {
    const { page } = await site.open('/t/acme');
    await page.clock.install();
    await page.reload();
    await settled(page);
    await page.route('**/overview', (route) => route.fulfill({ status: 500, json: PROBLEM }));

    await page.clock.runFor(61_000);

    await page.getByText('Not current').waitFor();
    await expect.poll(() => page.getByText('Open incidents').count()).toBe(1);
  });

  it('is slow keeps the room, and states that it goes on', async () => {
    const { page } = await site.open('/');
    await settled(page);
    await page.clock.install();
    await page.route('**/coverage', () => {});

    await page.getByRole('link', { name: 'Coverage' }).click();
    await page.locator('h1', { hasText: 'Coverage' }).waitFor();
    await page.clock.runFor(5_000);

    await page.getByText('takes longer than usual').waitFor();
    await expect.poll(() => page.locator('.loading-row').count()).toBe(10);
  });

  it('does not answer is stated', async () => {
    const { page } = await site.open('/');
    await settled(page);
    await page.route('**/api/**/digest*', (route) => route.abort());

    await page.getByRole('link', { name: 'Digest' }).click();

    await page.getByText('The API did not answer').waitFor();
  });

  it('is busy is asked again as late as it wants', async () => {
    const { page, requests } = await site.open('/');
    await settled(page);
    const busy = { status: 429, json: PROBLEM, headers: { 'Retry-After': '1' } };
    await page.route('**/coverage', (route) => route.fulfill(busy), { times: 1 });

    await page.getByRole('link', { name: 'Coverage' }).click();

    await page.getByText('of the fleet is inspected').waitFor();
    expect(requests.filter((address) => address.endsWith('/coverage') && address.includes('/api/'))).toHaveLength(2);
  });
});

describe('an address', () => {
  it.each(['/t/nobody', '/t/acme/nowhere', '/nowhere'])('%s that does not exist is stated', async (path) => {
    const { page } = await site.open(path);

    await page.getByText(/There is no such (tenant|page)/).waitFor();
  });
});
