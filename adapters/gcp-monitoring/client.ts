/** Clients of Cloud Monitoring: one, and so one connection, for each identity that signs in. */
// Not from the package's index: that one loads all of its clients, which costs a cold start a tenth of a second.
import { MetricServiceClient } from '@google-cloud/monitoring/build/src/v3/metric_service_client.js';
import type { AuthClient } from 'google-auth-library';
import { createRecent } from '../reading/recent.ts';

/** Connections that a warm function keeps open; far more than it uses at once. */
const MAX_CLIENTS = 50;

/** Returns what gives the client of an identity, the same one each time. Those that have not been used for long are closed. */
export function monitoringClients(limit = MAX_CLIENTS): (identity: AuthClient) => MetricServiceClient {
  const clients = createRecent<AuthClient, MetricServiceClient>(limit, (client) => {
    // Nobody waits for it, and nothing is lost where it fails.
    client.close().catch(() => {});
  });
  return (identity) =>
    clients.get(identity, () => new MetricServiceClient({ authClient: identity, universeDomain: UNIVERSE }));
}

/** Google's public cloud, whatever the environment says. */
const UNIVERSE = 'googleapis.com';
