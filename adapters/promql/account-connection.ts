/**
 * How the server of a tenant's account is reached: which addresses its URL may lead to, and who authorises requests. Credentials are sent
 * to the URL's own host and to no other: no redirect is followed, and those of a cloud go to that cloud's hosts alone.
 */
import type { TokenCredential } from '@azure/identity';
import {
  awsServiceOf,
  hostIssue,
  type PrometheusAccount,
  prometheusCloudOf,
} from '../../core/model/prometheus-account.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { SecretStore } from '../../core/ports/secret-store.ts';
import type { CredentialProvider, RoleGrant } from '../aws/credentials.ts';
import type { DirectoryGrant } from '../azure/credentials.ts';
import type { PoolGrant, SignIn } from '../gcp/credentials.ts';
import { type AddressRules, addressRules } from '../https/addresses.ts';
import { basicAuth } from './authorise/basic.ts';
import { bearerAuth } from './authorise/bearer.ts';
import { entraAuth } from './authorise/entra.ts';
import { googleAuth } from './authorise/google.ts';
import { unauthorised } from './authorise/none.ts';
import { sigV4Auth } from './authorise/sigv4.ts';
import type { Authorise, PromqlConnection, SendRequest } from './connection.ts';
import { type HttpOptions, promqlHttp } from './http.ts';
import { type ListedServer, type ServerLists, unlistedIssue } from './listed-servers.ts';

/** What a tenant has granted. The same as for the accounts of its clouds. */
export interface Grants {
  readonly secrets: SecretStore;
  readonly role: (grant: RoleGrant) => CredentialProvider;
  readonly directory: (grant: DirectoryGrant) => TokenCredential;
  readonly pool: (grant: PoolGrant) => SignIn;
}

export interface Owner {
  readonly tenant: string;
  readonly externalId: string;
}

type Located = Pick<PrometheusAccount, 'url' | 'auth' | 'ca' | 'orgId'>;

/**
 * Returns the connection to an account's server. Made once by a function and kept while it is warm.
 *
 * @param lists What the operator listed; `any` for somebody at a prompt, whose machine reaches what it reaches.
 * @param resolve Resolves names. Default: the resolver of the system.
 */
export function accountConnections(lists: ServerLists | 'any', grants: Grants, resolve?: HttpOptions['resolve']) {
  const reach = lists === 'any' ? lists : { rules: addressRules(lists.privateNetworks), servers: lists.servers };
  return (owner: Owner, account: Located): PromqlConnection => {
    const authorise = authorisationFor(account, owner, grants);
    const http = httpFor(owner, account, reach, resolve);
    const { auth } = account;
    return {
      url: new URL(account.url),
      http: 'secret' in auth ? renewing(http, authorise, () => grants.secrets.forget(owner.tenant, auth.secret)) : http,
      authorise,
      ...(account.orgId !== undefined && { orgId: account.orgId }),
    };
  };
}

type Reach = 'any' | { readonly rules: AddressRules; readonly servers: readonly ListedServer[] };

/**
 * A host that the operator lists for the tenant may have an address in his private networks, a cloud's own host is public, and no other
 * is reached.
 */
function httpFor(
  { tenant }: Owner,
  { url, ca, orgId }: Located,
  reach: Reach,
  resolve: HttpOptions['resolve'],
): SendRequest {
  const options = { ...(ca !== undefined && { ca }), ...(resolve && { resolve }) };
  if (reach === 'any') return promqlHttp(options);
  const { rules, servers } = reach;
  const issue = unlistedIssue(servers, tenant, { url, orgId });
  if (issue === undefined) return promqlHttp({ ...options, rule: rules.listed });
  if (prometheusCloudOf(new URL(url)) !== undefined) return promqlHttp({ ...options, rule: rules.public });
  return () => Promise.reject(new SourceError(issue, { reason: 'denied', retryable: false }));
}

/** Where the server does not accept the secret, it is read anew, in case that it was changed, and the request is sent once more. */
function renewing(http: SendRequest, authorise: Authorise, forget: () => void): SendRequest {
  return async (request, signal) => {
    const answer = await http(request, signal);
    if (answer.status !== 401) return answer;
    forget();
    const { authorization } = await authorise(request, signal);
    if (authorization === undefined || authorization === request.headers['authorization']) return answer;
    answer.body.destroy();
    return await http({ ...request, headers: { ...request.headers, authorization } }, signal);
  };
}

function authorisationFor({ url, auth }: Located, { tenant, externalId }: Owner, grants: Grants): Authorise {
  // The config was checked when it was put; what it has by now decides who is sent a token.
  const issue = hostIssue(auth.type, url);
  if (issue !== undefined) throw new SourceError(`the url ${issue}`, { reason: 'denied', retryable: false });
  switch (auth.type) {
    case 'none':
      return unauthorised;
    case 'basic':
      return basicAuth(() => secretOf(grants.secrets, tenant, auth.secret));
    case 'bearer':
      return bearerAuth(() => secretOf(grants.secrets, tenant, auth.secret));
    case 'sigv4': {
      const { service, region } = awsServiceOf(new URL(url)) ?? { service: 'aps' as const, region: '' };
      return sigV4Auth({ service, region, credentials: grants.role({ role: auth.role, externalId, tenant }) });
    }
    case 'entra': {
      const { directory, client } = auth;
      return entraAuth(grants.directory({ directory, client, externalId, tenant }));
    }
    case 'google':
      return googleAuth(grants.pool({ identity: auth.identity, externalId, tenant }));
  }
}

async function secretOf(secrets: Pick<SecretStore, 'get'>, tenant: string, name: string): Promise<string> {
  const outcome = await secrets.get(tenant, name);
  if (outcome.kind === 'secret') return outcome.value;
  const retryable = outcome.kind === 'failed';
  throw new SourceError(outcome.reason, { reason: retryable ? 'unavailable' : 'denied', retryable, stage: 'sign_in' });
}
