/**
 * Microsoft Entra's token endpoint for applications that prove themselves with a token of another issuer. Refusals are those
 * of https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
 */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { plainMessage } from '../../core/model/issues.ts';
import type { Answer } from '../wire/answer.ts';
import type { WebIdentity } from '../wire/web-identity.ts';

/** An application with its federated credential. */
interface Application {
  readonly directory: string;
  readonly client: string;
  /** The audience that the federated credential requires of a token. */
  readonly audience: string;
}

export interface Directory {
  /** Registers the application, replacing the one with its ids, and grants it a role on one more subscription. */
  register(application: Application, subscription: string): void;
  forget(directory: string, client: string): void;
  /** A token that reads everything, for those who do not care how one signs in. */
  readonly masterToken: string;
  /** Whether the token reads the subscription through the service that the scope names. */
  allows(token: string, host: string, subscription: string): boolean;
  answerToken(directory: string, body: string): Answer;
}

const LIFETIME_SECONDS = 3_600;

const formSchema = z.object({
  client_id: z.string(),
  scope: z.string(),
  grant_type: z.literal('client_credentials'),
  client_assertion_type: z.literal('urn:ietf:params:oauth:client-assertion-type:jwt-bearer'),
  client_assertion: z.string(),
});

export function createDirectory(webIdentity: WebIdentity): Directory {
  const applications = new Map<string, Application>();
  const granted = new Set<string>();
  const tokens = new Map<string, { readonly application: Application; readonly audience: string }>();
  const masterToken = `master-${randomUUID()}`;

  function answerToken(directory: string, body: string): Answer {
    const form = formSchema.parse(Object.fromEntries(new URLSearchParams(body)), { error: plainMessage });
    const application = applications.get(`${directory}/${form.client_id}`);
    if (application === undefined) {
      return refuse(400, 'unauthorized_client', 'AADSTS700016: Application was not found in the directory');
    }
    const claims = webIdentity.verify(form.client_assertion);
    if (claims === undefined || claims.exp * 1000 < Date.now()) {
      return refuse(401, 'invalid_client', 'AADSTS700211: No matching federated identity record found for the issuer');
    }
    if (!claims.aud.includes(application.audience)) {
      return refuse(
        401,
        'invalid_client',
        `AADSTS700212: No matching federated identity record found for presented assertion audience '${claims.aud[0]}'.`,
      );
    }
    const token = randomUUID();
    tokens.set(token, { application, audience: new URL(form.scope.split(' ')[0] ?? '').host });
    const lifetime = { expires_in: LIFETIME_SECONDS, ext_expires_in: LIFETIME_SECONDS };
    return answer(200, { token_type: 'Bearer', ...lifetime, access_token: token });
  }

  return {
    register(application, subscription) {
      const id = `${application.directory}/${application.client}`;
      applications.set(id, application);
      granted.add(`${id}/${subscription}`);
    },
    forget: (directory, client) => applications.delete(`${directory}/${client}`),
    masterToken,
    allows(token, host, subscription) {
      if (token === masterToken) return true;
      const known = tokens.get(token);
      if (known === undefined || !host.endsWith(known.audience)) return false;
      return granted.has(`${known.application.directory}/${known.application.client}/${subscription}`);
    },
    answerToken,
  };
}

function refuse(status: number, error: string, description: string): Answer {
  const trace = { timestamp: new Date().toISOString(), trace_id: randomUUID(), correlation_id: randomUUID() };
  const codes = [Number(/AADSTS(\d+)/.exec(description)?.[1])];
  return answer(status, { error, error_description: description, error_codes: codes, ...trace });
}

function answer(status: number, value: object): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}
