/** DynamoDB (dynalite) and SNS, SQS and S3 (fauxqs), run in this process. They listen on no port: requests are handed to them. */
import type { RequestListener } from 'node:http';
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';

export interface Emulators extends AsyncDisposable {
  readonly dynamodb: RequestListener;
  /** SNS, SQS and S3. */
  readonly messaging: RequestListener;
}

export async function startEmulators(): Promise<Emulators> {
  // Tables are there at once: what waits for ACTIVE has its tests elsewhere. They are in memory, and go when nobody holds them.
  const tables = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const messaging = buildApp({ logger: false });
  await messaging.ready();
  return {
    dynamodb: (request, response) => void tables.emit('request', request, response),
    messaging: messaging.routing,
    [Symbol.asyncDispose]: () => messaging.close(),
  };
}
