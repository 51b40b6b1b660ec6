/** Serves the API and the page on this machine alone. */
import { once } from 'node:events';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { createServer } from '../../functions/api-server.ts';
import { openPage, type Page } from '../../functions/page-files.ts';
import { UsageError } from '../usage-error.ts';
import { createGuard } from './guard.ts';
import { createKeyExchange, type KeyExchange, refuseUnproven } from './key.ts';

export interface ServeOptions {
  readonly api: Hono;
  /** The folder of the page's files. */
  readonly folder: string;
  /** 0: one that is free. */
  readonly port: number;
  /** What is exchanged once for a token, without which the API answers nobody. Absent: it answers everybody on this machine. */
  readonly key?: string;
  /** What programs on this machine may show instead of what the key is exchanged for. Only with a key. */
  readonly token?: string;
  /** Answers hosts that send samples, who prove themselves with a token of their own; undefined for all other requests. */
  readonly senders?: (request: Request) => Promise<Response> | undefined;
}

export interface Served extends AsyncDisposable {
  /** `http://127.0.0.1:4127`. */
  readonly origin: string;
}

/** Throws `UsageError` where the port is taken. */
export async function serveConsole({ api, folder, port, key, token, senders }: ServeOptions): Promise<Served> {
  const exchange = key === undefined ? undefined : createKeyExchange(key, token);
  const answerPage = createAnswer(api, await openPage(folder), exchange);
  const answer = (request: Request) => senders?.(request) ?? answerPage(request);
  let guard: ReturnType<typeof createGuard> | undefined;
  const server = createAdaptorServer({ fetch: (request) => guard?.(request) ?? answer(request) });
  await listen(server, port);
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  guard = createGuard(taken);
  return {
    origin: `http://127.0.0.1:${taken}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

/** Throws `UsageError` where the port is taken: before anything is made for a page that could not be served. */
export async function requireFreePort(port: number): Promise<void> {
  const server = createTcpServer();
  await listen(server, port);
  server.close();
  await once(server, 'close');
}

async function listen(server: TcpServer, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')))
      throw error;
    throw new UsageError(`Port ${port} cannot be used (${error.code}). Give another one with --port, or none.`);
  }
}

/** Whoever is not proven gets the files of the page, which are no secret, and of the API a refusal, whatever its address is. */
function createAnswer(api: Hono, page: Page, exchange: KeyExchange | undefined) {
  const common = { page, issuers: [], measured: () => undefined };
  const open = createServer({ api, ...common });
  if (exchange === undefined) return (request: Request) => open.fetch(request);
  const closed = createServer({ api: { fetch: refuseUnproven }, ...common });
  return (request: Request) =>
    exchange.exchange(request) ?? (exchange.isProven(request) ? open : closed).fetch(request);
}
