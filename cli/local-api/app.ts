/** The API in this process: for a page on this machine, a report, and an assistant. Whoever runs the command is who calls. */
import type { Hono } from 'hono';
import { createApi } from '../../api/app.ts';
import type { ApiPorts, Principal } from '../../api/ports.ts';
import packageJson from '../../package.json' with { type: 'json' };

export interface LocalCaller {
  /** As the audit log states it: the ARN of the credentials, where there are some. */
  readonly name: string;
  /** The only tenant that is shown. Absent: all of them. */
  readonly tenant?: string;
}

/** A person who looks at several pages at once asks more than a program does. */
const RATE = { burst: 400, perSecond: 100 };

/** The API for one caller, who may do everything: what the credentials do not allow, the deployment refuses. */
export function createLocalApi(ports: ApiPorts, { name, tenant }: LocalCaller): Hono {
  const roles: Principal['roles'] = tenant === undefined ? { '*': 'admin' } : new Map([[tenant, 'admin']]);
  const principal: Principal = { kind: 'local', name, roles };
  return createApi(ports, { authenticate: async () => principal, rateLimit: RATE });
}

export const VERSION = packageJson.version;
