/** The clouds on localhost: starts everything, on one endpoint, and says how clients reach it. */
import { createAccounts } from './accounts.ts';
import { type CallLog, createCallLog } from './call-log.ts';
import { answerCloudWatch } from './cloudwatch-endpoint.ts';
import { createCatalogues } from './cloudwatch-metrics.ts';
import { close, listen, startEmulators } from './emulators.ts';
import { createFaults, type Fault } from './faults.ts';
import type { Fleet } from './fleet.ts';
import { createForwarder } from './forward.ts';
import { createRouter, type Handler } from './router.ts';
import { answerSns, type Letter } from './sns-endpoint.ts';
import { answerSqs } from './sqs-endpoint.ts';
import { answerSts } from './sts-endpoint.ts';

/** What an AWS SDK client needs to reach the sandbox. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Sandbox extends AsyncDisposable {
  /** For all AWS services: `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  readonly calls: CallLog;
  /** What e-mail subscribers read, oldest first. */
  readonly mail: readonly Letter[];
  /** The time at which the metrics stand, epoch milliseconds: later samples do not exist yet. May be set. */
  now: number;
  /** With dummy credentials of the sandbox's own account. */
  clientConfig(region: string): ClientConfig;
  /** Lets whoever shows the external id assume the role; undefined takes the trust back. */
  trust(roleArn: string, externalId: string | undefined): void;
  /** Makes something go wrong from now on; returns the function that lifts it. */
  inject(fault: Fault): () => void;
  liftFaults(): void;
  close(): Promise<void>;
}

const EMPTY_FLEET: Fleet = { asOf: 0, tenants: [], hosts: [], refusing: [] };

/** Starts on ephemeral loopback ports. Without a fleet CloudWatch is empty and the other services work as ever. */
export async function startSandbox({ fleet = EMPTY_FLEET }: { readonly fleet?: Fleet } = {}): Promise<Sandbox> {
  const emulators = await startEmulators();
  const forwarder = createForwarder();
  const accounts = createAccounts();
  const faults = createFaults();
  const calls = createCallLog();
  const mail: Letter[] = [];
  const catalogueOf = createCatalogues(fleet);

  const handle: Handler = (request, account, fault) => {
    switch (request.service) {
      case 'cloudwatch':
        return answerCloudWatch(request, { catalogue: catalogueOf(account, request.region), now: sandbox.now, fault });
      case 'sts':
        return answerSts(request, accounts);
      case 'dynamodb':
        return forwarder.forward(request, emulators.dynamodbPort);
      case 'sqs':
        return answerSqs(request, (body) => forwarder.forward(request, emulators.messagingPort, body), endpoint);
      case 'sns': {
        const forward = (form: URLSearchParams) => forwarder.forward(request, emulators.messagingPort, form.toString());
        return answerSns(request, forward, (letter) => mail.push(letter), fault);
      }
    }
  };
  const router = createRouter({ accounts, faults, log: calls.add, handle });
  const endpoint = `http://127.0.0.1:${await listen(router)}`;

  const stop = async () => {
    await close(router);
    forwarder[Symbol.dispose]();
    await emulators[Symbol.asyncDispose]();
  };
  const sandbox: Sandbox = {
    endpoint,
    calls,
    mail,
    now: fleet.asOf,
    clientConfig: (region) => ({
      endpoint,
      region,
      credentials: { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' },
    }),
    trust: accounts.trust,
    inject: faults.add,
    liftFaults: faults.clear,
    close: stop,
    [Symbol.asyncDispose]: stop,
  };
  return sandbox;
}
