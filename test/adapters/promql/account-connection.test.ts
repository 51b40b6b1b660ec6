/** What an account's server may be, and what is sent to it. */
import type { LookupAllOptions } from 'node:dns';
import { OAuth2Client } from 'google-auth-library';
import { describe, expect, it } from 'vitest';
import { accountConnections, type Grants } from '../../../adapters/promql/account-connection.ts';
import { googleAuth } from '../../../adapters/promql/authorise/google.ts';
import type { OutgoingRequest, PromqlConnection } from '../../../adapters/promql/connection.ts';
import { parseServerLists } from '../../../adapters/promql/listed-servers.ts';
import { OUT_OF_TIME } from '../../../adapters/reading/failure.ts';
import { listening } from '../../fixtures/listening.ts';

const SIGNAL = new AbortController().signal;

/** Two tenants that share a server of Mimir and a path-routed one, and each have one of their own. */
const ENTRIES = [
  'shop=prometheus.shop.example',
  'bank=prometheus.bank.example:9443',
  'shop=mimir.example/prometheus#shop-eu',
  'bank=mimir.example/prometheus#bank',
  'shop=vm.example/select/1/prometheus',
  'bank=vm.example/select/2/prometheus/',
];

const NO_GRANTS: Grants = {
  secrets: { get: async () => ({ kind: 'refused', reason: 'there is no secret' }), forget() {} },
  role: () => unused(),
  directory: () => unused(),
  pool: () => unused(),
};

function unused(): never {
  throw new Error('nothing signs in here');
}

interface Located {
  readonly url: string;
  readonly orgId?: string;
  readonly auth?: { readonly type: 'none' } | { readonly type: 'basic' | 'bearer'; readonly secret: string };
}

interface World {
  readonly networks?: readonly string[];
  /** What every name resolves to. */
  readonly address?: string;
  readonly grants?: Grants;
}

function connectionOf(tenant: string, located: Located, world: World = {}): PromqlConnection {
  const { networks = [], address = '10.20.0.7', grants = NO_GRANTS } = world;
  const { lists, issues } = parseServerLists(ENTRIES, networks);
  if (issues.length > 0) throw new Error(issues.join('\n'));
  const resolve = (
    _host: string,
    _options: LookupAllOptions,
    answer: (error: null, addresses: { address: string; family: number }[]) => void,
  ) => answer(null, [{ address, family: 4 }]);
  const account = { auth: { type: 'none' } as const, ...located };
  return accountConnections(lists, grants, resolve)({ tenant, externalId: 'external-id' }, account);
}

/** Nothing listens at the addresses: whoever is let through fails to connect, which is no refusal of ours. */
async function refusalOf(tenant: string, located: Located, world?: World): Promise<string | undefined> {
  const connection = connectionOf(tenant, located, world);
  try {
    const { body } = await connection.http(requestTo(connection.url), AbortSignal.timeout(50));
    body.destroy();
    return undefined;
  } catch (error) {
    return error instanceof Error && error.name === 'SourceError' ? error.message : undefined;
  }
}

function requestTo(url: URL, headers: Readonly<Record<string, string>> = {}): OutgoingRequest {
  return { url, method: 'GET', headers, body: '' };
}

describe('a server of a config', () => {
  const within = { networks: ['10.20.0.0/16'] };

  it.each<[string, Located]>([
    ['shop', { url: 'https://prometheus.shop.example/' }],
    ['shop', { url: 'https://prometheus.shop.example/any/path' }],
    ['bank', { url: 'https://prometheus.bank.example:9443' }],
    ['shop', { url: 'https://mimir.example/prometheus', orgId: 'shop-eu' }],
    ['bank', { url: 'https://mimir.example/prometheus/', orgId: 'bank' }],
    ['bank', { url: 'https://vm.example/select/2/prometheus' }],
  ])('is reached where it is listed for the tenant: %s, %o', async (tenant, located) => {
    expect(await refusalOf(tenant, located, within)).toBeUndefined();
  });

  it.each<[string, Located, string]>([
    ['bank', { url: 'https://prometheus.shop.example' }, 'prometheus.shop.example is not among'],
    ['shop', { url: 'https://prometheus.bank.example:9443' }, 'prometheus.bank.example:9443 is not among'],
    ['bank', { url: 'https://prometheus.bank.example' }, 'prometheus.bank.example is not among'],
    ['shop', { url: 'https://mimir.example/prometheus', orgId: 'bank' }, 'the orgId bank of mimir.example'],
    ['shop', { url: 'https://mimir.example/prometheus', orgId: 'shop-eu|bank' }, 'the orgId shop-eu|bank'],
    ['shop', { url: 'https://mimir.example/prometheus' }, 'mimir.example without an orgId'],
    ['shop', { url: 'https://mimir.example', orgId: 'shop-eu' }, 'mimir.example is not among'],
    ['shop', { url: 'https://prometheus.shop.example', orgId: 'shop' }, 'the orgId shop of'],
    ['shop', { url: 'https://vm.example/select/2/prometheus' }, 'vm.example/select/2/prometheus is not among'],
    ['shop', { url: 'https://vm.example/select/1/prometheus/..%2f..%2f2/prometheus' }, 'is not among'],
    ['shop', { url: 'https://unlisted.example' }, 'unlisted.example is not among'],
  ])('is refused where it is not: %s, %o', async (tenant, located, part) => {
    const refusal = await refusalOf(tenant, located, within);

    expect(refusal).toContain(part);
    expect(refusal).toContain(`listed at deploy for tenant ${tenant}`);
  });

  it.each([
    ['a private address outside of the networks', '10.99.0.7'],
    ['loopback', '127.0.0.1'],
    ['a link-local address', '169.254.169.254'],
  ])('is refused at %s', async (_, address) => {
    const refusal = await refusalOf('shop', { url: 'https://prometheus.shop.example' }, { ...within, address });

    expect(refusal).toContain('the server cannot be reached');
  });

  it('that is a cloud’s own is refused at a private address, which no list opens', async () => {
    const url = 'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1';

    expect(await refusalOf('shop', { url }, within)).toContain('the server cannot be reached');
  });
});

describe('the list of servers', () => {
  it.each([
    'prometheus.example',
    'Shop=prometheus.example',
    'shop=http://prometheus.example',
    'shop=prometheus.example/a%2fb',
    'shop=prometheus.example#',
    'shop=',
  ])('is refused for %s', (entry) => {
    expect(parseServerLists([entry], []).issues).toEqual([
      expect.stringContaining(`PROMETHEUS_ENDPOINTS: ${entry} is`),
    ]);
  });
});

describe('the secret of an account', () => {
  /** A server that takes one token, and a store that keeps the one before until it has to forget it. */
  async function world(stored: string) {
    const seen: (string | undefined)[] = [];
    const url = await listening((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(request.headers.authorization === 'Bearer new' ? 200 : 401).end('{}');
    });
    const store = { kept: 'old' };
    const secrets: Grants['secrets'] = {
      get: async (tenant, name) =>
        tenant === 'shop' && name === 'token'
          ? { kind: 'secret', value: store.kept }
          : { kind: 'refused', reason: 'there is no secret' },
      forget() {
        store.kept = stored;
      },
    };
    const connect = accountConnections('any', { ...NO_GRANTS, secrets });
    const auth = { type: 'bearer', secret: 'token' } as const;
    return { seen, connection: connect({ tenant: 'shop', externalId: 'external-id' }, { url, auth }) };
  }

  async function send({ authorise, http, url }: PromqlConnection): Promise<number> {
    const headers = await authorise(requestTo(url), SIGNAL);
    const { status, body } = await http(requestTo(url, headers), SIGNAL);
    body.destroy();
    return status;
  }

  it('is read again where the server refuses it, and the request is sent once more', async () => {
    const { seen, connection } = await world('new');

    expect(await send(connection)).toBe(200);
    expect(seen).toEqual(['Bearer old', 'Bearer new']);
  });

  it('is not sent twice where it has not been changed', async () => {
    const { seen, connection } = await world('old');

    expect(await send(connection)).toBe(401);
    expect(seen).toEqual(['Bearer old']);
  });

  it('goes to the host of the URL alone', async () => {
    const paths: string[] = [];
    const elsewhere = await listening((request, response) => {
      paths.push(request.headers.authorization ?? '');
      response.end('{}');
    });
    const url = await listening((_, response) => response.writeHead(307, { location: elsewhere }).end());
    const secrets: Grants['secrets'] = { get: async () => ({ kind: 'secret', value: 'token' }), forget() {} };
    const connect = accountConnections('any', { ...NO_GRANTS, secrets });
    const auth = { type: 'bearer', secret: 'token' } as const;

    const status = await send(connect({ tenant: 'shop', externalId: 'external-id' }, { url, auth }));

    expect({ status, paths }).toEqual({ status: 307, paths: [] });
  });

  it('of a cloud is for hosts of that cloud', () => {
    const auth = { type: 'sigv4', role: 'arn:aws:iam::111122223333:role/plimsoll' } as const;
    const connect = accountConnections('any', NO_GRANTS);

    expect(() => connect({ tenant: 'shop', externalId: 'e' }, { url: 'https://evil.example', auth })).toThrow(
      'sigv4 is for no other',
    );
  });
});

describe('a sign-in to Google', () => {
  class Failing extends Error {
    readonly status: number;
    constructor(status: number) {
      super(`status ${status}`);
      this.status = status;
    }
  }

  it.each([
    [400, 'denied', false],
    [429, 'throttled', true],
    [503, 'unavailable', true],
  ])('that fails with %d is %s', async (status, reason, retryable) => {
    const client = new OAuth2Client();
    client.getAccessToken = () => Promise.reject(new Failing(status));
    const signing = googleAuth(async () => client)(requestTo(new URL('https://monitoring.googleapis.com')), SIGNAL);

    await expect(signing).rejects.toMatchObject({ name: 'SourceError', stage: 'sign_in', reason, retryable });
  });

  it('that is aborted is out of time', async () => {
    const { reason, retryable } = OUT_OF_TIME;
    const client = new OAuth2Client();
    client.getAccessToken = () => new Promise(() => {});
    const signing = googleAuth(async () => client)(
      requestTo(new URL('https://monitoring.googleapis.com')),
      AbortSignal.abort(),
    );

    await expect(signing).rejects.toMatchObject({ stage: 'sign_in', reason, retryable });
  });
});
