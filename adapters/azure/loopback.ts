/** An HTTP client that sends every request for Azure to an address on this machine, for tests and the demo. */
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';

/** The header with the host that the request was for. */
export const ORIGINAL_HOST = 'x-original-host';

/**
 * Azure's clients send a token over https only, and to hosts that they make from a region. The request that they believe to
 * send to such a host leaves over plain http to `endpoint`, with the host in a header. Throws where the endpoint is not on
 * loopback: a token must not leave the machine in the clear.
 */
export function loopbackHttpClient(endpoint: string): HttpClient {
  const { protocol, hostname, port } = new URL(endpoint);
  if (protocol !== 'http:' || hostname !== '127.0.0.1') {
    throw new Error(`must be an http address of 127.0.0.1, not ${endpoint}`);
  }
  const client = createDefaultHttpClient();
  return {
    async sendRequest(request) {
      const requested = new URL(request.url);
      request.headers.set(ORIGINAL_HOST, requested.host);
      requested.protocol = 'http:';
      requested.host = `127.0.0.1:${port}`;
      // A copy is sent, and the answer is to the original: that is what is sent again where a try failed.
      const response = await client.sendRequest({ ...request, url: requested.href, allowInsecureConnection: true });
      return { ...response, request };
    },
  };
}
