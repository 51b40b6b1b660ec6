/** Config, alerts, mutes, labels and roles: what each page shows, and what is done on it. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAnswers, type FakeApi } from '../../fixtures/console/answers.ts';
import { axeViolations, type ConsoleUnderTest, settled, startConsole } from './browser.ts';

const PAGES = [
  ['config', '/t/platform/config', 'Config'],
  ['config as YAML', '/t/platform/config?view=text', 'Config'],
  ['values of a host', '/t/platform/config?view=hosts', 'Config'],
  ['versions', '/t/platform/config?view=versions', 'Config'],
  ['alerts', '/t/platform/alerts', 'Alerts'],
  ['mutes', '/t/platform/mutes', 'Mutes and labels'],
  ['labels', '/t/platform/mutes?view=labels', 'Mutes and labels'],
  ['access', '/t/platform/access', 'Access'],
] as const;

let site: ConsoleUnderTest;
let current: FakeApi;

beforeAll(async () => {
  // What a test stores is its own: the API begins anew, the browser and the build do not.
  const api: FakeApi = {
    get fixtures() {
      return current.fixtures;
    },
    get answers() {
      return current.answers;
    },
  };
  site = await startConsole({ api });
});

beforeEach(() => {
  current = createAnswers(Date.now());
});

afterAll(() => site.close());

async function openPage(path: string, options: Parameters<ConsoleUnderTest['open']>[1] = {}) {
  const opened = await site.open(path, options);
  await settled(opened.page);
  return opened;
}

/** What a page shows after its answers came: they take seconds on a busy machine. */
const soon = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 10_000 });

const valid = (page: Page) => page.getByText('valid', { exact: true }).waitFor();

describe.each(PAGES)('the page %s', (_, path, title) => {
  it.each(['light', 'dark'] as const)(
    'is clean to axe in the %s theme, under the strict policy',
    async (colorScheme) => {
      const { page, problems } = await openPage(path, { colorScheme });

      expect(await page.locator('h1').textContent()).toBe(title);
      expect(await axeViolations(page)).toEqual([]);
      expect(problems).toEqual([]);
    },
  );

  it.each([360, 800])('fits a window of %i px', async (width) => {
    const { page } = await openPage(path, { viewport: { width, height: 740 } });

    const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

    expect(wider).toBeLessThanOrEqual(0);
  });

  it('shows hostile names as texts', async () => {
    const { page, problems } = await openPage(path.replace('platform', 'hostile'));

    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(problems).toEqual([]);
  });
});

describe('whoever may not change', () => {
  it('the config reads why, and has no button that would be refused', async () => {
    const { page } = await openPage('/t/acme/config');

    await page.getByText('that needs the role admin, and yours is operator').waitFor();
    expect(await page.getByRole('button', { name: /save|remove|add|disable/i }).count()).toBe(0);
    expect(await page.getByLabel('Threshold').first().getAttribute('readonly')).not.toBeNull();
    expect(await axeViolations(page)).toEqual([]);
  });

  it('mutes reads why', async () => {
    const { page } = await openPage('/t/large/mutes');

    await page.getByText('that needs the role operator, and yours is viewer').waitFor();
    expect(await page.getByRole('button', { name: /mute|take back/i }).count()).toBe(0);
  });

  it('roles reads who may, and the API is not asked', async () => {
    const { page, requests } = await openPage('/t/acme/access');

    await page.getByText('Only admins see who has access').waitFor();
    expect(requests.filter((address) => address.endsWith('/grants'))).toEqual([]);
  });

  it.each(PAGES.slice(0, 7))('and lost access reads it on the page %s', async (_, path) => {
    const { page } = await openPage(path.replace('platform', 'forbidden'));

    await page
      .getByText(/Not allowed|No host is chosen/)
      .first()
      .waitFor();
  });
});

describe('a change in the form', () => {
  it('shows in the YAML, with the comments that stand there, and the other way round', async () => {
    const { page } = await openPage('/t/platform/config?view=text');
    const text = page.getByLabel('Config', { exact: true });
    await text.fill((await text.inputValue()).replace('threshold: 0.7', 'threshold: 0.75 # as agreed'));
    await page.getByRole('link', { name: 'Form' }).click();
    expect(await page.getByLabel('Threshold').inputValue()).toBe('0.75');

    await page.getByLabel('Threshold').fill('0.8');
    await page.getByRole('link', { name: 'YAML' }).click();

    expect(await text.inputValue()).toContain('threshold: 0.8 # as agreed');
  });

  it('is reviewed as a difference, in words and with its cost, and stored as the next version', async () => {
    const { page } = await openPage('/t/platform/config');
    await page.getByLabel('Cadence').first().selectOption({ label: 'adaptive' });
    await valid(page);

    await page.getByRole('button', { name: 'Review and save' }).click();
    const dialog = page.getByRole('dialog', { name: 'Store version 4?' });
    await dialog.getByText('cadence: adaptive').first().waitFor();
    expect(await dialog.innerText()).toContain('$2.52');
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Store it' }).click();

    await page.getByText('Version 4 is stored.').waitFor();
    await page.getByText('Version 4, stored').waitFor();
    await page.getByText('Nothing is changed.').waitFor();
  });

  it('that is wrong is stated beside its field, which gets the focus', async () => {
    const { page } = await openPage('/t/platform/config');
    await page.getByLabel('Threshold').fill('7');
    await page.getByText('to be mended').first().waitFor();

    await page.getByRole('button', { name: 'Review and save' }).click();

    expect(await page.evaluate('document.activeElement.labels[0].textContent')).toBe('Threshold');
    const note = await page.getByLabel('Threshold').getAttribute('aria-describedby');
    expect(await page.locator(`[id="${note}"]`).innerText()).toMatch(/0\.95/);
    expect(await axeViolations(page)).toEqual([]);
  });

  it('stays while another page is open', async () => {
    const { page } = await openPage('/t/platform/config');
    await page.getByLabel('Silence, hours').fill('6');
    await page.getByRole('link', { name: 'Hosts' }).click();
    await settled(page);

    await page.getByRole('link', { name: 'Config' }).click();

    await soon(() => page.getByLabel('Silence, hours').inputValue()).toBe('6');
  });

  it('is taken back by one click', async () => {
    const { page } = await openPage('/t/platform/config');
    await page.getByLabel('Silence, hours').fill('6');

    await page.getByRole('button', { name: 'Discard' }).click();

    await page.getByText('Nothing is changed.').waitFor();
    expect(await page.getByLabel('Silence, hours').inputValue()).toBe('12');
  });
});

describe('a list of the form', () => {
  it('gets an entry, whose first field has the focus, and loses it', async () => {
    const { page } = await openPage('/t/platform/config');
    await page.getByRole('button', { name: 'Add quiet hours' }).click();
    await soon(() => page.getByLabel('From').count()).toBe(2);
    await soon(() => page.getByLabel('From').nth(1).evaluate('document.activeElement.labels?.[0].textContent')).toBe(
      'From',
    );

    await page.getByRole('button', { name: 'Remove quiet hours 2' }).click();

    await soon(() => page.getByLabel('From').count()).toBe(1);
  });

  it('of 400 accounts is filtered', async () => {
    const { page } = await openPage('/t/large/config');
    await expect.poll(() => page.locator('.account').count()).toBe(30);

    await page.getByLabel('Filter accounts').fill('200000000399');

    await soon(() => page.locator('.account').count()).toBe(1);
  });

  it('gets an account, whose missing fields are named', async () => {
    const { page } = await openPage('/t/platform/config');
    await page.getByLabel('Cloud of the new account').selectOption('gcp');

    await page.getByRole('button', { name: 'Add account' }).click();

    await page.getByText('must be the id of a Google Cloud project').first().waitFor();
    expect(await page.getByLabel('Project', { exact: true }).getAttribute('aria-invalid')).toBe('true');
  });
});

describe('a text that is no YAML', () => {
  it('is stated at its line, and the form waits for it', async () => {
    const { page } = await openPage('/t/platform/config?view=text');
    const text = page.getByLabel('Config', { exact: true });
    await text.fill(`${await text.inputValue()}name: a: b\n`);

    await page
      .getByRole('button', { name: /^line \d+/ })
      .first()
      .click();
    const selected = await text.evaluate(
      'document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)',
    );
    await page.getByRole('link', { name: 'Form' }).click();

    expect(selected).toBe('name: a: b');
    await page.getByText('The text is no document now').waitFor();
  });
});

describe('a version that somebody else stored meanwhile', () => {
  async function conflict(page: Page, theirs: (yaml: string) => string, mine: () => Promise<void>) {
    await mine();
    await valid(page);
    const address = '/api/v1/tenants/platform/config';
    const { yaml } = await (await page.request.get(address)).json();
    await page.request.put(address, { data: { text: theirs(yaml) }, headers: { 'If-Match': '"3"' } });
    await page.getByRole('button', { name: 'Review and save' }).click();
    await page.getByRole('button', { name: 'Store it' }).click();
    await page.getByRole('heading', { name: 'Changed meanwhile', exact: true }).waitFor();
  }

  it('is shown with what it changed, and mine goes on top of it', async () => {
    const { page } = await openPage('/t/platform/config');
    const cap = page.getByLabel('Cost cap, US dollars a month');
    await conflict(
      page,
      (yaml) => yaml.replace('silenceHours: 12', 'silenceHours: 24'),
      () => cap.fill('80'),
    );
    expect(await page.getByRole('region', { name: 'From version 3 to version 4' }).innerText()).toContain(
      'silenceHours: 24',
    );
    expect(await cap.inputValue()).toBe('80');
    expect(await axeViolations(page)).toEqual([]);

    await page.getByRole('button', { name: 'Put my changes on top of version 4' }).click();

    expect(await cap.inputValue()).toBe('80');
    expect(await page.getByLabel('Silence, hours').inputValue()).toBe('24');
    await valid(page);
    await page.getByRole('button', { name: 'Review and save' }).click();
    await page.getByRole('button', { name: 'Store it' }).click();
    await page.getByText('Version 5 is stored.').waitFor();
  });

  it('of the same line leaves my text, and the choice', async () => {
    const { page } = await openPage('/t/platform/config');
    const cap = page.getByLabel('Cost cap, US dollars a month');

    await conflict(
      page,
      (yaml) => yaml.replace('usdPerMonth: 50', 'usdPerMonth: 60'),
      () => cap.fill('80'),
    );

    await page.getByText('Both changed the same lines').waitFor();
    expect(await cap.inputValue()).toBe('80');
    await page.getByRole('button', { name: 'Discard my changes' }).first().click();
    await soon(() => cap.inputValue()).toBe('60');
  });
});

describe('versions', () => {
  it('show what each changed', async () => {
    const { page } = await openPage('/t/platform/config?view=versions');

    await page.getByRole('button', { name: /What it changed.*version 3/ }).click();

    const diff = page.getByRole('region', { name: 'What version 3 changed' });
    await diff.waitFor();
    expect((await diff.innerText()).replaceAll(/\s+/g, ' ')).toMatch(/removed threshold: 0.8.*added threshold: 0.7/);
  });

  it('are taken up again as a new one', async () => {
    const { page } = await openPage('/t/platform/config?view=versions');
    await page.getByRole('button', { name: 'Restore… version 1' }).click();
    await soon(() => page.getByLabel('Threshold').inputValue()).toBe('0.9');
    await valid(page);

    await page.getByRole('button', { name: 'Review and save' }).click();
    await page.getByRole('button', { name: 'Store it' }).click();

    await page.getByText('Version 4 is stored.').waitFor();
  });
});

describe('an account', () => {
  it('is disabled at once, as a version of its own', async () => {
    const { page } = await openPage('/t/platform/config');
    await page.locator('.account', { hasText: '111122223333' }).locator('summary').click();

    await page.getByRole('button', { name: 'Disable at once' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();

    await page.getByText('Disabled account 111122223333: version 4 is stored.').waitFor();
    await page
      .locator('.account', { hasText: '111122223333' })
      .getByText('disabled', { exact: true })
      .first()
      .waitFor();
  });
});

describe('the values of a host', () => {
  it('have their origins', async () => {
    const { page } = await openPage('/t/platform/config?view=hosts');
    await page.getByLabel('Name, id or group of a host').fill('search-00');
    await page.getByRole('button', { name: 'Find' }).click();

    await page
      .getByRole('button', { name: /search-00/ })
      .first()
      .click();

    const row = page.getByRole('row', { name: /environment/ });
    await row.waitFor();
    expect(await row.innerText()).toMatch(/production\s+account 111122223333/);
    expect(await axeViolations(page)).toEqual([]);
  });
});

describe('the alerts', () => {
  it('have the windows of a week as a drawing and as a list', async () => {
    const { page } = await openPage('/t/platform/alerts');

    await page.getByText('As a list (8)').click();

    await expect.poll(() => page.getByRole('img', { name: /patch-day 1 times/ }).count()).toBe(1);
    await expect.poll(() => page.locator('.week-list li').count()).toBe(8);
  });

  it('are tried on the last days, by the stored ones and by others', async () => {
    const { page } = await openPage('/t/platform/alerts');
    await page.getByRole('button', { name: 'Try the stored alerts' }).click();
    await page.getByText('The stored alerts make the same of every change.').waitFor();

    const text = page.getByLabel('Alerts, YAML');
    await text.fill(`${await text.inputValue()}storm: false\n`);
    await page.getByRole('button', { name: 'Try these alerts' }).click();

    await page.getByText('held back by rule "development"').first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  it('that were tried go into the config', async () => {
    const { page } = await openPage('/t/platform/alerts');
    const text = page.getByLabel('Alerts, YAML');
    await text.fill((await text.inputValue()).replace('silenceHours: 12', 'silenceHours: 3'));

    await page.getByRole('button', { name: 'Put them into the config' }).click();

    await soon(() => page.getByLabel('Silence, hours').inputValue()).toBe('3');
  });
});

describe('a mute', () => {
  it('is given with a subject, a time and a reason', async () => {
    const { page } = await openPage('/t/platform/mutes');
    await page.getByRole('button', { name: 'Mute hosts' }).click();
    const dialog = page.getByRole('dialog', { name: 'Mute hosts' });
    await dialog.getByRole('button', { name: 'Mute' }).click();
    await soon(() => page.evaluate('document.activeElement.labels?.[0].textContent')).toBe('Group');
    await expect.poll(() => dialog.getByText('State why').count()).toBe(1);
    expect(await axeViolations(page)).toEqual([]);

    await dialog.getByLabel('Group').fill('search');
    await dialog.getByLabel('For', { exact: true }).selectOption({ label: 'a week' });
    await dialog.getByLabel('Reason').fill('index is rebuilt');
    await dialog.getByRole('button', { name: 'Mute' }).click();

    await page.getByText('group search').first().waitFor();
    await expect.poll(() => page.getByText('index is rebuilt').count()).toBe(1);
  });

  it('is taken back with a reason', async () => {
    const { page, requests } = await openPage('/t/platform/mutes');
    await page.getByRole('button', { name: /Take back.*ingest/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('moved by now');

    await dialog.getByRole('button', { name: 'Take back' }).click();

    await page.getByText('The mute is taken back.').waitFor();
    await page.getByText('No mute is active').waitFor();
    expect(requests.at(-2)).toContain('reason=moved+by+now');
  });
});

describe('a label', () => {
  it('states what looks like it', async () => {
    const { page } = await openPage('/t/platform/mutes?view=labels');

    await page.getByText('Holds back what looks like it: pattern linear').waitFor();
  });

  it('is given and taken back', async () => {
    const { page } = await openPage('/t/platform/mutes?view=labels');
    await page.getByRole('button', { name: 'Label hosts' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('It is a').selectOption('known-leak');
    await dialog.getByLabel('Host, id or name').fill('db-1');
    await dialog.getByLabel('Reason').fill('a known one');
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Label' }).click();

    await page.getByRole('button', { name: /Take back.*db-1/ }).click();
    await dialog.getByLabel('Reason').fill('mended');
    await dialog.getByRole('button', { name: 'Take back' }).click();

    await page.getByText('The label is taken back.').waitFor();
  });
});

describe('a role', () => {
  it('is given to a group, and taken away', async () => {
    const { page } = await openPage('/t/platform/access');
    await page.getByRole('button', { name: 'Give a role' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Issuer').fill('https://login.example.com');
    await dialog.getByLabel('Name of the group').fill('night-shift');
    await dialog.getByLabel('Role').selectOption('operator');
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Give' }).click();
    await page.getByText('night-shift is operator now.').waitFor();

    await page.getByRole('button', { name: /Take away.*night-shift/ }).click();
    await dialog.getByRole('button', { name: 'Take away' }).click();

    await page.getByText('night-shift is operator no more.').waitFor();
  });

  it('of the last admin is taken away with a warning', async () => {
    const { page } = await openPage('/t/platform/access');

    await page.getByRole('button', { name: /Take away.*platform-admins/ }).click();

    await page.getByText('This is the last admin by a token').waitFor();
  });
});

describe('a tenant without anything', () => {
  it.each([
    ['/t/empty/mutes', 'No mute is active'],
    ['/t/empty/mutes?view=labels', 'There is no label'],
    ['/t/empty/access', 'Nobody has a role by a token'],
    ['/t/empty/alerts', 'No maintenance window and no quiet hours'],
  ])('states it on %s', async (path, message) => {
    const { page } = await openPage(path);

    await page.getByText(message).waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });
});
