/** Passes a request on to one of the emulators that run in this process, over loopback. */
import { Agent, request as httpRequest } from 'node:http';
import type { Answer } from '../wire/answer.ts';
import type { SandboxRequest } from './request.ts';

export interface Forwarder extends Disposable {
  /** `body` replaces the request's own. Rejects when the client hangs up. */
  forward(request: SandboxRequest, port: number, body?: string): Promise<Answer>;
}

export function createForwarder(): Forwarder {
  const agent = new Agent({ keepAlive: true });
  return {
    forward(request, port, body) {
      const payload = body ?? request.body;
      // The host header stays the client's: SQS answers with queue URLs made from it.
      const { 'transfer-encoding': _, ...described } = request.headers;
      const headers = { ...described, 'content-length': String(Buffer.byteLength(payload)) };
      const options = {
        host: '127.0.0.1',
        port,
        path: request.path,
        method: request.method,
        headers,
        agent,
        signal: request.signal,
      };
      return new Promise((resolve, reject) => {
        const upstream = httpRequest(options, async (response) => {
          try {
            const chunks: Buffer[] = [];
            for await (const chunk of response) chunks.push(chunk);
            resolve({
              status: response.statusCode ?? 500,
              headers: textHeaders(response.headers),
              body: Buffer.concat(chunks),
            });
          } catch (error) {
            reject(error);
          }
        });
        upstream.on('error', reject);
        upstream.end(payload);
      });
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

/** The headers that describe the answer, without those that describe one connection. */
function textHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (
      typeof value === 'string' &&
      !['connection', 'keep-alive', 'transfer-encoding', 'content-length'].includes(name)
    ) {
      kept[name] = value;
    }
  }
  return kept;
}
