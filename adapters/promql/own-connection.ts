/** How somebody at a prompt reaches a server: any address that this machine reaches, with credentials of his own. */
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { awsServiceOf } from '../../core/model/prometheus-account.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { ownCredentials as ownAzureCredentials } from '../azure/own-credentials.ts';
import { ownCredentials as ownGoogleCredentials } from '../gcp/credentials.ts';
import { basicAuth } from './authorise/basic.ts';
import { bearerAuth } from './authorise/bearer.ts';
import { entraAuth } from './authorise/entra.ts';
import { googleAuth } from './authorise/google.ts';
import { unauthorised } from './authorise/none.ts';
import { sigV4Auth } from './authorise/sigv4.ts';
import type { Authorise, PromqlConnection } from './connection.ts';
import { promqlHttp } from './http.ts';

/** `sigv4` signs with the credentials of the AWS SDK, `entra` as `az login`, `google` with the application default credentials. */
export type OwnAuthorisation =
  | { readonly type: 'none' | 'sigv4' | 'entra' | 'google' }
  | { readonly type: 'basic' | 'bearer'; readonly secret: string };

export interface OwnServer {
  /** Where the API is, without /api/v1. */
  readonly url: URL;
  readonly auth: OwnAuthorisation;
  /** Certificates in PEM form. */
  readonly ca?: string;
  readonly orgId?: string;
}

export function ownConnection({ url, auth, ca, orgId }: OwnServer): PromqlConnection {
  return {
    url,
    authorise: authorisationOf(url, auth),
    http: promqlHttp(ca === undefined ? {} : { ca }),
    ...(orgId !== undefined && { orgId }),
  };
}

function authorisationOf(url: URL, auth: OwnAuthorisation): Authorise {
  switch (auth.type) {
    case 'none':
      return unauthorised;
    case 'basic':
      return basicAuth(async () => auth.secret);
    case 'bearer':
      return bearerAuth(async () => auth.secret);
    case 'sigv4': {
      const of = awsServiceOf(url);
      if (of === undefined)
        throw new SourceError(`${url.host} is no host of Amazon’s`, { reason: 'denied', retryable: false });
      return sigV4Auth({ ...of, credentials: fromNodeProviderChain() });
    }
    case 'entra':
      return entraAuth(ownAzureCredentials());
    case 'google':
      return googleAuth(ownGoogleCredentials());
  }
}
