/** Passes a request on to one of the emulators that run in this process, without a connection in between. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders, RequestListener } from 'node:http';
import inject from 'light-my-request';
import type { Answer } from '../wire/answer.ts';
import type { SandboxRequest } from './request.ts';

/** `body` replaces the request's own. */
export async function forward(request: SandboxRequest, emulator: RequestListener, body?: string): Promise<Answer> {
  const { method, path: url } = request;
  const payload = body ?? request.body;
  const answer = await inject(emulator, { method, url, headers: headersFor(request.headers, payload), payload });
  return { status: answer.statusCode, headers: textHeaders(answer.headers), body: answer.rawPayload };
}

/** The host header stays the client's: SQS answers with queue URLs made from it. */
function headersFor(headers: IncomingHttpHeaders, payload: string | Buffer): IncomingHttpHeaders {
  const { 'transfer-encoding': _, ...described } = headers;
  return { ...described, 'content-length': String(Buffer.byteLength(payload)) };
}

/** The headers that describe the answer, without those that describe one connection. */
function textHeaders(headers: OutgoingHttpHeaders): Record<string, string> {
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
