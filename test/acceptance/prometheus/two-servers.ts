/** The sandbox's Prometheus and Debian's over the same samples. */

import { unauthorised } from '../../../adapters/promql/authorise/none.ts';
import type { OutgoingRequest, PromqlConnection } from '../../../adapters/promql/connection.ts';
import { promqlHttp } from '../../../adapters/promql/http.ts';
import type { Window } from '../../../core/model/series.ts';
import { type Programs, startPrometheus } from '../../../sandbox/prometheus/real-server.ts';
import { createPrometheusServer, createStorages } from '../../../sandbox/prometheus/server.ts';
import type { PrometheusWorld } from '../../../sandbox/prometheus/world.ts';
import { createFaults } from '../../../sandbox/wire/faults.ts';
import { close, listen } from '../../../sandbox/wire/listen.ts';
import type { ApiRequest } from './answers.ts';

export interface TwoServers extends AsyncDisposable {
  readonly sandbox: string;
  readonly real: string;
}

/** @param window What the real one holds of the world. */
export async function startBoth(world: PrometheusWorld, window: Window): Promise<TwoServers> {
  const storage = createStorages([world])(world.account);
  if (storage === undefined) throw new Error('the world has a storage');
  const real = await startPrometheus(programs(), storage.all, window);
  const parts = { worlds: [world], faults: createFaults(), log: () => undefined, now: () => window.end };
  const sandbox = createPrometheusServer(parts);
  return {
    sandbox: `http://127.0.0.1:${await listen(sandbox)}/${world.account}`,
    real: real.url,
    async [Symbol.asyncDispose]() {
      await real[Symbol.asyncDispose]();
      await close(sandbox);
    },
  };
}

function programs(): Programs {
  const { PROMETHEUS: server, PROMTOOL: promtool } = process.env;
  if (server === undefined || promtool === undefined) {
    throw new Error('Run test/acceptance/run.sh, which installs a Prometheus.');
  }
  return { server, promtool };
}

/** A connection to a server, and what is sent over it: each request once. */
export function recordingConnection(url: string): { connection: PromqlConnection; requests(): ApiRequest[] } {
  const http = promqlHttp();
  const sent = new Map<string, ApiRequest>();
  const record = ({ url: { pathname }, method, body }: OutgoingRequest) => {
    // A question that has no parameters has another answer at each server: its version.
    if (method === 'GET') return;
    const path = pathname.replace(/^.*\/api\/v1\//, '');
    sent.set(`${path}?${body}`, { path, form: body });
  };
  return {
    requests: () => [...sent.values()],
    connection: {
      url: new URL(url),
      authorise: unauthorised,
      http(request, signal) {
        record(request);
        return http(request, signal);
      },
    },
  };
}
