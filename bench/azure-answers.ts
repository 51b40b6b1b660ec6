/** A source over an Azure whose answers (Resource Graph, sizes, metrics:getBatch, Log Analytics) are mutated on their way. */
import { azureMonitorSource } from '../adapters/azure-monitor/source.ts';
import type { MemorySource } from '../core/ports/memory-source.ts';
import { aRetryClock } from '../sandbox/retry-clock.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { AZURE_SCOPE, everyKindInAzure } from '../sandbox/scenario/every-kind.ts';
import { mangled, mutated } from './mutations.ts';
import type { Random } from './random.ts';

/** Any id: without tenants the sandbox gives every workspace the records of all hosts. */
const WORKSPACE = '0a1b2c3d-9999-4222-8333-444455556666';

/** An honest Azure with a host of each kind. To be closed. */
export function startAzure(asOf: number): Promise<Sandbox> {
  return startSandbox({ fleet: everyKindInAzure(asOf) });
}

/** @param share Of the parts of each answer that are changed, in [0, 1]. */
export function mutatedAzure({ azure }: Sandbox, random: Random, share: number): MemorySource {
  const { credential, httpClient } = azure.connection;
  if (httpClient === undefined) throw new Error('the sandbox has no client of its own');
  return azureMonitorSource({
    clock: aRetryClock(),
    connection: {
      credential,
      httpClient: {
        async sendRequest(request) {
          const response = await httpClient.sendRequest(request);
          const honest: unknown = JSON.parse(response.bodyAsText ?? 'null');
          const text = JSON.stringify(mutated(honest, random, share));
          // Of statuses only those that the client does not try again: a retry waits.
          const status = random() < share ? 400 : response.status;
          return { ...response, status, bodyAsText: mangled(text, random, share) };
        },
      },
    },
    ...AZURE_SCOPE,
    workspace: WORKSPACE,
  });
}
