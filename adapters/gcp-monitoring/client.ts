/** Clients of Cloud Monitoring: one, and so one connection, for each identity that signs in. */
import { MetricServiceClient } from '@google-cloud/monitoring';
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
