/** Requests to the HTTP APIs of the deployment, which the emulator distinguishes by the host that a request names. */
import { request as send } from 'node:https';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { ENDPOINT } from './ministack.ts';

export interface HttpRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** `https://abc.execute-api.localhost:4566`, for programs that look names up by themselves. */
export function addressOf(url: string): string {
  return `https://${hostOf(url)}:${new URL(ENDPOINT).port}`;
}

/** @param url The output of the stack that names the API. */
export async function requestApi(
  url: string,
  path: string,
  { method = 'GET', headers = {}, body }: HttpRequest = {},
): Promise<HttpAnswer> {
  const { hostname, port } = new URL(ENDPOINT);
  return new Promise((resolve, reject) => {
    const named = { host: hostOf(url), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers };
    const outgoing = send({ hostname, port, path, method, headers: named, servername: 'localhost' }, (response) => {
      text(response).then(
        (answered) =>
          resolve({ status: z.int().parse(response.statusCode), headers: response.headers, body: answered }),
        reject,
      );
    });
    outgoing.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function hostOf(url: string): string {
  const [api = ''] = new URL(url).hostname.split('.');
  return `${api}.execute-api.localhost`;
}
