/** `plimsoll console` as a person starts it: from the address that it prints to an inspection that respects what was muted. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { launch } from './browser.ts';

const PROJECT = join(import.meta.dirname, '../../..');

/** Half a minute on a quiet machine; these tests may run beside others. */
const FILLED_MS = 240_000;

/** A second or two on a quiet machine: the past is inspected in the process that answers. */
const PAGE_MS = 30_000;

let command: ChildProcessByStdio<null, Readable, null>;
let printed = '';
let browser: Awaited<ReturnType<typeof launch>>;
let page: Page;
/** Of the incident that is printed. */
let address: URL;

beforeAll(async () => {
  command = spawn(process.execPath, ['cli/main.ts', 'console', '--speed', '1800'], {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  command.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  browser = await launch();
  page = await (await browser.newContext()).newPage();
  address = await vi.waitFor(printedAddress, { timeout: FILLED_MS, interval: 500 });
}, FILLED_MS + 30_000);

afterAll(async () => {
  await browser?.close();
  if (command.exitCode !== null) return;
  const ended = once(command, 'exit');
  command.kill('SIGINT');
  await ended;
});

/** Throws until it is there. */
function printedAddress(): URL {
  const [, found] = /being made: (http\S+)/.exec(printed) ?? [];
  if (found === undefined) throw new Error(`The command has printed no incident yet: ${printed}`);
  return new URL(found);
}

const API = '/api/v1/tenants/harbour';
const listed = z.looseObject({
  items: z.array(
    z.looseObject({ status: z.string(), lastChangeAt: z.iso.datetime(), lastNotifiedAt: z.iso.datetime().nullable() }),
  ),
});

async function read<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
  return schema.parse(await (await fetch(new URL(`${API}${path}`, address))).json());
}

async function write(path: string, body: object): Promise<number> {
  const response = await fetch(new URL(`${API}${path}`, address), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.status;
}

async function simulatedTime(): Promise<number> {
  const answer = await fetch(new URL('/api/v1/sign-in', address));
  const { simulated } = z
    .looseObject({ simulated: z.looseObject({ now: z.iso.datetime() }) })
    .parse(await answer.json());
  return Date.parse(simulated.now);
}

describe('plimsoll console', () => {
  it(
    'shows the incident of a leak with the process that grows, at the address that it prints',
    async () => {
      await page.goto(address.href);

      await expect.poll(() => page.textContent('main'), { timeout: PAGE_MS }).toContain('checkout-1');
      await expect.poll(() => page.textContent('main'), { timeout: PAGE_MS }).toContain('node');
    },
    3 * PAGE_MS,
  );

  it('keeps what is acknowledged', async () => {
    const ref = address.pathname.split('/').at(-1);

    expect(await write(`/incidents/${ref}/acknowledgement`, { note: 'I look at it.' })).toBe(204);
    const incident = await read(`/incidents/${ref}`, z.looseObject({ acknowledgedBy: z.string().nullable() }));

    expect(incident.acknowledgedBy).toBe('you');
  });

  it(
    'lets time run forward, and notifies nobody of the muted leak at the next inspections',
    async () => {
      await expect.poll(simulatedTime, { timeout: FILLED_MS }).toBeGreaterThan(Date.now() - 3_600_000);
      const mutedAt = await simulatedTime();
      const until = new Date(mutedAt + 14 * 86_400_000).toISOString();
      const subject = { group: 'portal-az' };
      expect(await write('/mutes', { subject, reason: 'A deployment cures it.', until })).toBe(201);
      const ofHost = async () => (await read('/incidents?host=portal-az-1', listed)).items[0];

      // The deployment cures it five hours after the week: its incident ends, and nobody is notified of it.
      await expect
        .poll(async () => Date.parse((await ofHost())?.lastChangeAt ?? ''), { timeout: FILLED_MS, interval: 1000 })
        .toBeGreaterThan(mutedAt);
      const incident = await ofHost();
      expect(incident?.status).not.toBe('open');
      expect(Date.parse(incident?.lastNotifiedAt ?? '')).toBeLessThanOrEqual(mutedAt);
    },
    2 * FILLED_MS,
  );

  it('ends cleanly by Ctrl-C', async () => {
    const ended = once(command, 'exit');
    command.kill('SIGINT');

    expect(await ended).toEqual([0, null]);
  });
});
