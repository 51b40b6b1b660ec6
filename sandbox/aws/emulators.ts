/** DynamoDB (dynalite) and SNS, SQS and S3 (fauxqs), run in this process on loopback ports of their own. */
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';
import { close, listen, portOf } from '../wire/listen.ts';

export interface Emulators extends AsyncDisposable {
  readonly dynamodbPort: number;
  /** SNS, SQS and S3. */
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
