/** The page and the real API on localhost, of which whoever calls is admin. */
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { createApi } from '../api/app.ts';
import type { ApiPorts } from '../api/ports.ts';
import { isolatedVariables } from '../cli/environment.ts';
import { buildConsole } from '../console/build.ts';
import { openApiPorts } from '../functions/api-ports.ts';
import { createServer } from '../functions/api-server.ts';
import { apiVariables } from '../functions/environment.ts';
import { openPage } from '../functions/page-files.ts';
import { TENANT } from './api-fleet.ts';
import { madeHosts } from './console-memory.ts';

const FILES = join(import.meta.dirname, '../dist/console');

/** Requests a second that a caller may make: the bench scrolls faster than a person. */
const RATE = { burst: 10_000, perSecond: 1_000 };

export interface ConsoleServer extends AsyncDisposable {
  readonly origin: string;
}

/** @param environment Of the function of the API: the clients take their addresses and keys from the process. */
export async function startConsoleServer(environment: Readonly<Record<string, string>>): Promise<ConsoleServer> {
  const variables = isolatedVariables(environment);
  await buildConsole({ outDir: FILES });
  const { ports } = openApiPorts(apiVariables(environment), { error: () => {} });
  const local: ApiPorts = {
    ...ports,
    // No cloud is behind the fleet.
    async forTenant(tenant, use) {
      return { ...(await ports.forTenant(tenant, use)), hostReader: madeHosts };
    },
    async *tenants() {
      yield { tenant: TENANT, name: 'Acme' };
    },
    signIn: () => ({ mode: 'local' as const, issuers: [], version: '0.0.0', stage: 'bench', simulated: null }),
  };
  const api = createApi(local, {
    authenticate: async () => ({ kind: 'local', name: 'you', roles: { '*': 'admin' } }),
    rateLimit: RATE,
  });
  const server = createServer({ api, page: await openPage(FILES), issuers: [], measured: () => {} });
  return new Promise((resolve) => {
    const listening = serve({ fetch: server.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
      resolve({
        origin: `http://127.0.0.1:${port}`,
        async [Symbol.asyncDispose]() {
          await new Promise<void>((done) => listening.close(() => done()));
          variables[Symbol.dispose]();
        },
      });
    });
  });
}
