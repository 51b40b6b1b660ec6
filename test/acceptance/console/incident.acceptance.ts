/** The page of one incident in a real browser: what it shows, what a person does on it, and how it fails. */
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAnswers } from '../../fixtures/console/answers.ts';
import { KIND_REFS } from '../../fixtures/console/incident-kinds.ts';
import { axeViolations, type ConsoleUnderTest, settled, startConsole } from './browser.ts';

const api = createAnswers(Date.now());
const rowsOf = (tenant: string) => api.fixtures.find((one) => one.tenant === tenant)?.fleet.incidents ?? [];
const OPEN = rowsOf('acme')[0]?.ref ?? '';
const OVER = `${OPEN}x`;
const pathOf = (ref: string, tenant = 'acme') => `/t/${tenant}/incidents/${ref}`;

let site: ConsoleUnderTest;

beforeAll(async () => {
  site = await startConsole({ api });
});

afterAll(() => site.close());

const MEMORY = '**/memory*';
const FITS = 'document.documentElement.scrollWidth <= window.innerWidth';
const OBSERVE_SHIFTS =
  'window.shifts = []; new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value }) => value))).observe({ type: "layout-shift", buffered: true });';

/** Until the chart is drawn and the cloud was read. */
async function ready(page: Page): Promise<void> {
  await settled(page);
  await page.locator('.uplot canvas').first().waitFor();
  await page.getByText(/^Read \d{4}-/).waitFor();
}

describe('the page of an incident', () => {
  it('states what is so, draws the curve, and needs no wider policy than its own origin', async () => {
    const { page, problems, requests } = await site.open(pathOf(OPEN));
    await ready(page);

    expect(await page.locator('h1').textContent()).toMatch(
      /^checkout-api-00 grows like a leak, \+1\.0\d %\/h, likely full in /,
    );
    expect(await page.getByRole('group', { name: /^Curve of the memory/ }).getAttribute('aria-label')).toMatch(
      /The limit is 100\.0 %\. Full at the earliest .* Restart by/,
    );
    expect(problems).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(site.origin))).toEqual([]);
  });

  it('shows at once what its messages kept, and refines it when the cloud was read', async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { page } = await site.open('/t/acme/incidents');
    await page.route(MEMORY, async (route: Route) => {
      await answered;
      await route.continue();
    });
    await page.goto(pathOf(OPEN));
    await page.locator('.uplot canvas').first().waitFor();

    await page.getByText('Shown is what the messages of the incident kept.').waitFor();
    await expect
      .poll(() => page.getByText('88 % (88 to 89)').or(page.getByText('not kept').first()).count())
      .toBeGreaterThan(0);
    answer();

    await page.getByText(/^Read \d{4}-/).waitFor();
  });

  it.each([
    [500, 'could not be read', 'The provider did not answer.'],
    [403, 'You may not read AWS', 'An operator may read hosts.'],
    [429, 'could not be read', 'The cost cap of the month is reached.'],
  ])('states a read that fails with %i, while everything else works', async (status, title, detail) => {
    const { page } = await site.open('/t/acme/incidents');
    const json = { type: 'about:blank', title: 'Refused', status, detail };
    await page.route(MEMORY, (route) => route.fulfill({ status, json, headers: { 'Retry-After': '0' } }));
    await page.goto(pathOf(OPEN));

    await page.getByText(title).waitFor();

    expect(await page.locator('.read-state').textContent()).toContain(detail);
    expect(await page.locator('#who-grew').textContent()).toContain('checkout-worker');
    await expect.poll(() => page.locator('.uplot canvas').count()).toBe(1);
  });

  it('shows of a leak that is over how it ended, and no forecast', async () => {
    const { page } = await site.open(pathOf(OVER));
    await ready(page);

    expect(await page.locator('h1').textContent()).toBe('checkout-api-00 no longer grows like a leak');
    expect(await page.locator('#history').textContent()).toContain('memory given back');
    expect(await page.locator('#curve').textContent()).not.toContain('Memory full');
  });

  it.each([
    ['fleet', '7 confirmed, 0 ended'],
    ['early', 'hosts launched beside it'],
    ['exhausted', 'It falls from the top and fills again.'],
    ['anomaly', 'rose to 97 % and stays up'],
  ] as const)('shows what a finding of the kind %s rests on', async (kind, text) => {
    const { page, problems } = await site.open(pathOf(KIND_REFS[kind]));
    await settled(page);

    await page.getByText(text).first().waitFor();

    expect(problems).toEqual([]);
  });

  it('lists what was sent, and what was held back by which stage and why', async () => {
    const { page } = await site.open(pathOf(OPEN));
    await ready(page);

    const notifications = await page.locator('#notifications').innerText();

    expect(notifications).toMatch(/sent, pages[\s\S]*on-call, team-payments/);
    expect(notifications).toContain('put off by quiet hours');
    expect(notifications).toContain('rule "suspicions": digest only');
  });

  it('makes filters of its attributes', async () => {
    const { page } = await site.open(pathOf(OPEN));
    await ready(page);

    await page.getByRole('link', { name: 'Incidents without region eu-central-1' }).click();

    await page.waitForURL(/\/incidents\?region=%21eu-central-1/);
    expect(await page.locator('.chip').first().textContent()).toContain('is not');
  });
});

describe('the slider', () => {
  it('evaluates other growths in the browser, and states where the verdict turns', async () => {
    const { page } = await site.open(pathOf(OPEN));
    await ready(page);
    await page.locator('#what-if').scrollIntoViewIfNeeded();
    const slider = page.getByRole('slider', { name: 'Growth per hour' });
    await slider.waitFor();
    const answer = page.locator('.what-if-answer');

    expect(await answer.textContent()).toMatch(/^Had it grown \+1\.0\d %\/h, it would be reported: confirmed/);
    await slider.press('Home');
    await page.getByText('it would not be reported: steady').waitFor();
    await page.getByRole('button', { name: /^Measured/ }).click();

    expect(await answer.textContent()).toContain('it would be reported: confirmed');
    expect(await page.locator('#what-if').textContent()).toMatch(/Below \+0\.\d+ %\/h it would not have been reported/);
  });
});

describe('a range of the curve', () => {
  it('is in the address, by buttons and by keys', async () => {
    const { page } = await site.open(pathOf(OPEN));
    await ready(page);

    await page.getByRole('button', { name: '6 h', exact: true }).click();
    await page.waitForURL(/from=.*&to=/);
    await page.getByRole('group', { name: /^Curve of the memory/ }).press('0');
    await page.waitForURL((url) => !url.searchParams.has('from'));
    await page.getByRole('group', { name: /^Curve of the memory/ }).press('+');

    await page.waitForURL(/from=.*&to=/);
  });

  it('is kept by a link, with the part of the page', async () => {
    const { page } = await site.open(`${pathOf(OPEN)}?from=2026-01-01T00:00Z&to=2026-01-01T06:00Z#history`);
    await settled(page);

    await page.waitForFunction(
      "(({ top }) => top >= 0 && top < innerHeight)(document.getElementById('history')?.getBoundingClientRect() ?? {})",
    );

    expect(page.url()).toContain('from=2026-01-01T00');
  });
});

describe('a person with nothing but a keyboard', () => {
  it('mutes the incident for a week with a reason, and takes it back', async () => {
    const { page } = await site.open(pathOf(rowsOf('acme')[1]?.ref ?? ''));
    await ready(page);

    await page.getByRole('button', { name: 'Mute…' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Mute' }).waitFor();
    await page.getByLabel('Reason').focus();
    await page.keyboard.type('a cache that fills');
    await page.keyboard.press('Enter');
    await page.getByText('nobody is notified of it').waitFor();
    const back = page.locator('#attributes').getByRole('button', { name: 'Take back' });
    await back.waitFor();
    await back.focus();
    await page.keyboard.press('Enter');

    await page.getByText('The mute is taken back.').waitFor();
  });

  it('stays in a dialog, leaves it by Escape, and is where it was', async () => {
    const { page } = await site.open(pathOf(OPEN));
    await ready(page);
    const label = page.getByRole('button', { name: 'Label…' });

    await label.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Label' }).waitFor();
    for (let press = 0; press < 20; press++) await page.keyboard.press('Tab');
    const isInside = await page.evaluate(
      "document.activeElement === document.body || document.activeElement?.closest('dialog') !== null",
    );
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    expect(isInside).toBe(true);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Label…');
  });
});

describe('an action', () => {
  it('acknowledges, and takes that back', async () => {
    const { page } = await site.open(pathOf(rowsOf('acme')[2]?.ref ?? ''));
    await ready(page);

    await page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
    await page.getByText('acknowledged by You').first().waitFor();
    await page.getByRole('button', { name: 'Unacknowledge' }).click();

    await page.getByRole('button', { name: 'Acknowledge', exact: true }).waitFor();
  });

  it('inspects the host now, and shows how that goes', async () => {
    const { page } = await site.open(pathOf(OPEN));
    await ready(page);

    await page.getByRole('button', { name: 'Inspect now…' }).click();
    await page.getByRole('button', { name: 'Inspect', exact: true }).click();

    await page
      .getByRole('dialog')
      .getByText(/Waiting|Running|Complete/)
      .first()
      .waitFor();
  });

  it('exports the incident as a file', async () => {
    const { page } = await site.open(pathOf(OPEN));
    await ready(page);

    await page.locator('.menu summary').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export OCSF' }).click(),
    ]);

    expect(download.suggestedFilename()).toMatch(/^incident-\w{8}\.ocsf\.json$/);
  });

  it('is not offered to a viewer', async () => {
    const { page } = await site.open(pathOf(rowsOf('large')[0]?.ref ?? '', 'large'));
    await ready(page);

    expect(await page.getByRole('button', { name: /Acknowledge|Mute|Label/ }).count()).toBe(0);
  });
});

describe('names that are attacks', () => {
  it.each(rowsOf('hostile').map(({ ref }, index) => [index, ref] as const))('stay text (%i)', async (_, ref) => {
    const { page, problems } = await site.open(pathOf(ref, 'hostile'));
    await settled(page);
    await page.locator('#attributes').waitFor();

    expect(problems).toEqual([]);
    expect(await page.evaluate("'hacked' in window")).toBe(false);
    expect(await page.evaluate(FITS)).toBe(true);
  });
});

describe.each([360, 800, 1440])('at a width of %i', (width) => {
  it.each(['light', 'dark'] as const)(
    'axe finds nothing in %s, and nothing is wider than the screen',
    async (colorScheme) => {
      const { page } = await site.open(pathOf(OPEN), { viewport: { width, height: 800 }, colorScheme });
      await ready(page);
      await page.locator('#what-if').scrollIntoViewIfNeeded();
      await page.getByRole('slider').waitFor();

      expect(await axeViolations(page)).toEqual([]);
      expect(await page.evaluate(FITS)).toBe(true);
    },
  );
});

describe('while the page is loaded', () => {
  it('nothing moves that was there', async () => {
    const { page } = await site.open('/t/acme/incidents');
    await page.addInitScript(OBSERVE_SHIFTS);
    await page.goto(pathOf(OPEN));
    await ready(page);

    const shift = await page.evaluate('shifts.reduce((sum, one) => sum + one, 0)');

    // 0.1 counts as good: https://web.dev/articles/cls
    expect(shift).toBeLessThan(0.1);
  });
});
