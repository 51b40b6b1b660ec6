/** The HTTP API and the page in the browser: every request of an HTTP API, payload 2.0. */

import { fileURLToPath } from 'node:url';
import { handle } from 'hono/aws-lambda';
import { createCallerTokens } from '../adapters/oidc/caller-tokens.ts';
import { createApi } from '../api/app.ts';
import { createAuthenticate } from '../api/auth/authenticate.ts';
import { iamPrincipal } from '../api/auth/iam.ts';
import { createRoles } from '../api/auth/roles.ts';
import { openApiPorts } from './api-ports.ts';
import { createServer, type RequestKind } from './api-server.ts';
import { type ApiVariables, apiVariables } from './environment.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { openPage } from './page-files.ts';
import { sourceNetwork } from './source-network.ts';

type Handler = ReturnType<typeof handle>;

/** Beside the folder of the functions, in the bundle as in the project. */
const PAGE = fileURLToPath(new URL('../dist/console/', import.meta.url));

const logger = createLogger();

/** Made on the first event and kept while the function is warm. */
let opened: Promise<Handler> | undefined;

export const handler: Handler = async (...given) => {
  opened ??= open(apiVariables());
  return (await opened)(...given);
};

/** @param folder Where the files of the page are. */
export async function open(variables: ApiVariables, folder = PAGE): Promise<Handler> {
  const { API_ISSUERS: issuers, PLIMSOLL_TEST_LOOPBACK_ISSUERS, STAGE: stage } = variables;
  const { ports, access } = openApiPorts(variables, logger);
  const authenticate = createAuthenticate({
    tokens: createCallerTokens({ issuers, allowsLoopback: PLIMSOLL_TEST_LOOPBACK_ISSUERS === 'on' }),
    roles: createRoles({ grants: access, issuers, now: ports.now }),
    provenBy: iamPrincipal,
    now: ports.now,
    onRefused: (reason) => logger.warn('Refused a token.', { reason }),
  });
  const emitters = new Map(KINDS.map((kind) => [kind, createMetrics({ stage, function: 'api', kind })]));
  const server = createServer({
    api: createApi(ports, { authenticate, addressOf: sourceNetwork }),
    page: await openPage(folder),
    issuers,
    measured: (kind, milliseconds, status) =>
      emitters.get(kind)?.({ ApiMilliseconds: milliseconds, ApiErrors: status >= 500 ? 1 : 0 }),
  });
  return handle(server);
}

const KINDS: readonly RequestKind[] = ['page', 'read', 'write', 'memory'];
