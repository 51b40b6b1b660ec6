/** `plimsoll console --receive`: takes what hosts send to this machine, shows it, and does hourly what a deployment does. */
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { makeFolder } from '../../adapters/folder/make-folder.ts';
import type { CommandContext } from '../context.ts';
import { announceConsole, apiTokenFile } from '../local-console.ts';
import { PLIMSOLL } from '../program.ts';
import type { Receiving } from '../simulation/receiving.ts';
import { newSecret } from './key.ts';
import { pageFolder } from './page.ts';
import { requireFreePort, serveConsole } from './serve.ts';

/** Without --port: senders are configured with it, so that it is the same each time. The collector's own is 4318. */
const PORT = 4319;

/** Milliseconds between looks whether somebody has requested an inspection, or an hour is over. */
const TICK_MS = 2_000;
const HOUR_MS = 3_600_000;

export interface ReceiveOptions {
  /** The folder that keeps the samples. */
  readonly receive?: string;
  readonly tokenFile?: string;
  readonly port?: number;
}

export async function showReceiving(options: ReceiveOptions, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const folder = resolve(options.receive ?? '.');
  const { port = PORT } = options;
  // First: the page takes seconds, and a folder that nobody gets to use would only lie there.
  await requireFreePort(port);
  await makeFolder(folder);
  terminal.progress('opening the folder, and building the page …');
  const [{ openReceiving }, { localToken, secretIn }, page] = await Promise.all([
    import('../simulation/receiving.ts'),
    import('../simulation/local-token.ts'),
    pageFolder(),
  ]);
  await using receiving = await openReceiving(folder, context);
  const { api, senders, ingestTokens } = receiving;
  const tokenFile = options.tokenFile ?? join(folder, 'token');
  const token = await localToken(tokenFile, ingestTokens, Date.now());
  const apiFile = apiTokenFile(folder);
  const key = newSecret();
  const served = {
    api,
    senders,
    folder: page,
    port,
    key,
    token: await secretIn(apiFile, newSecret),
  };
  await using server = await serveConsole(served);
  await using _ = await announceConsole(folder, server.origin);
  terminal.print(`The page: ${server.origin}/#key=${key}`);
  terminal.print(`Hosts send to ${server.origin}/v1/metrics with the header\n  Authorization: Bearer ${token}`);
  terminal.note(`From this machine: ${PLIMSOLL} record --url ${server.origin} --token-file ${tokenFile}`);
  terminal.note('  and --allow NAME for each name of processes that recordings may select there');
  terminal.note(`Recordings, in another terminal: ${PLIMSOLL} recordings list --folder ${folder}`);
  terminal.note(`The API is at ${server.origin}/api/v1/tenants/local, with the token in ${apiFile}`);
  terminal.note('The address of the page works once. What is received stays in the folder. Ctrl-C ends it.');
  await runHourly(receiving, signal);
}

/** Once at the start, then at each hour, until it is ended. */
async function runHourly(receiving: Receiving, signal: AbortSignal): Promise<void> {
  let done: number | undefined;
  while (!signal.aborted) {
    const now = Date.now();
    const hour = Math.floor(now / HOUR_MS);
    if (hour !== done) await receiving.hourly(now);
    done = hour;
    await receiving.serveRequests();
    await setTimeout(TICK_MS, undefined, { signal });
  }
}
