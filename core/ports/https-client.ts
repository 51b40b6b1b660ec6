/** How a request reaches an endpoint that a tenant named. */

export interface HttpsRequest {
  /** `https:` alone. It may be a secret: nothing repeats more of it than the host. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the host may have an address in one of the operator's private networks. */
  readonly allowsPrivate: boolean;
  /** Certificates in PEM form of an authority that is trusted beside the public ones. */
  readonly ca?: string | undefined;
}

export type HttpsAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Of `Retry-After`; undefined where there is none. */
      readonly retryAfterMs: number | undefined;
      /** At most 64 KiB of it; the rest is not read. */
      readonly body: string;
    }
  /** Not sent, and not to be sent until somebody changes something: the address is not allowed. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No answer, or not in time: the same request may succeed later. */
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Posts once. Nothing is thrown, no redirect is followed, and each address that the host's name stands for is checked at the moment of the
 * connection. Reasons hold the host and no more of the URL, and nothing of headers, body or answer.
 */
export interface HttpsClient {
  post(request: HttpsRequest, signal?: AbortSignal): Promise<HttpsAnswer>;
}
