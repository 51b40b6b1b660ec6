/** DynamoDB (dynalite) and SNS + SQS (fauxqs), run in this process on loopback ports of their own. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';

export interface Emulators extends AsyncDisposable {
  readonly dynamodbPort: number;
  /** SNS and SQS. */
  readonly messagingPort: number;
}

export async function startEmulators(): Promise<Emulators> {
  // Tables are there at once: what waits for ACTIVE has its tests elsewhere.
  const tables = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const messaging = buildApp({ logger: false });
  const [dynamodbPort] = await Promise.all([listen(tables), messaging.listen({ port: 0, host: '127.0.0.1' })]);
  return {
    dynamodbPort,
    messagingPort: portOf(messaging.server),
    async [Symbol.asyncDispose]() {
      await Promise.all([close(tables), messaging.close()]);
    },
  };
}

/** Listens on an ephemeral loopback port, which is returned. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(portOf(server)));
  });
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
}
