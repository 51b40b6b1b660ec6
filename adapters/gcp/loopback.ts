/** A client of Cloud Monitoring that talks to an address on this machine, for tests and the demo. */
import { MetricServiceClient } from '@google-cloud/monitoring/build/src/v3/metric_service_client.js';
import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';
import { CHANNEL } from './channel.ts';

const LOOPBACK = /^127\.0\.0\.1:(\d{1,5})$/;

/** Speaks without encryption and without a token. Throws where the endpoint is not `127.0.0.1:PORT`. */
export function loopbackClient(endpoint: string): MetricServiceClient {
  const [, port] = LOOPBACK.exec(endpoint) ?? [];
  if (port === undefined) throw new Error(`must be 127.0.0.1:PORT, not ${endpoint}`);
  return new MetricServiceClient({
    ...CHANNEL,
    apiEndpoint: '127.0.0.1',
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    // Keeps the client from looking for credentials, and for a metadata server, on this machine.
    authClient: new PassThroughClient(),
  });
}
