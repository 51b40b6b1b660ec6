/** One request with a secret of the tenant. */
import type { HttpsAnswer, HttpsClient, HttpsRequest } from '../../core/ports/https-client.ts';
import type { SecretStore } from '../../core/ports/secret-store.ts';
import type { Endpoint } from './endpoints.ts';
import { isUnauthorised } from './outcome.ts';

/** What a request is, once its secret is known. */
export type Prepared = HttpsRequest | Extract<Endpoint, { kind: 'refused' }>;

/** @param secret Its name; undefined where the receiver needs none, and `prepare` is given an empty text. */
export type Post = (
  tenant: string,
  secret: string | undefined,
  prepare: (secret: string) => Prepared,
  signal?: AbortSignal,
) => Promise<HttpsAnswer>;

/** Where the receiver does not accept the secret, it is read anew, in case that it was changed. */
export function createPost(https: HttpsClient, secrets: SecretStore): Post {
  const postOnce = async (prepared: Prepared, signal?: AbortSignal) =>
    'kind' in prepared ? prepared : https.post(prepared, signal);
  return async (tenant, secret, prepare, signal) => {
    if (secret === undefined) return postOnce(prepare(''), signal);
    const first = await secrets.get(tenant, secret);
    if (first.kind !== 'secret') return first;
    const answer = await postOnce(prepare(first.value), signal);
    if (!isUnauthorised(answer)) return answer;
    secrets.forget(tenant, secret);
    const second = await secrets.get(tenant, secret);
    return second.kind !== 'secret' || second.value === first.value ? answer : postOnce(prepare(second.value), signal);
  };
}
