/** Clients of Cloud Monitoring: one, and so one connection, for each identity that signs in. */
// Not from the package's index: that one loads all of its clients, which costs a cold start a tenth of a second.
import { MetricServiceClient } from '@google-cloud/monitoring/build/src/v3/metric_service_client.js';
import type { AuthClient } from 'google-auth-library';

/** Returns what gives the client of an identity, the same one each time. */
export function monitoringClients(): (identity: AuthClient) => MetricServiceClient {
  const clients = new WeakMap<AuthClient, MetricServiceClient>();
  return (identity) => {
    const client = clients.get(identity) ?? new MetricServiceClient({ authClient: identity, universeDomain: UNIVERSE });
    clients.set(identity, client);
    return client;
  };
}

/** Google's public cloud, whatever the environment says. */
const UNIVERSE = 'googleapis.com';
