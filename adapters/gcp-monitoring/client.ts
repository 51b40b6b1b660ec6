/** Clients of Cloud Monitoring: one, and so one connection, for each identity that signs in. */
// Not from the package's index: that one loads all of its clients, which costs a cold start a tenth of a second.
import { MetricServiceClient } from '@google-cloud/monitoring/build/src/v3/metric_service_client.js';
import type { AuthClient } from 'google-auth-library';
import { LRUCache } from 'lru-cache';
import { CHANNEL } from '../gcp/channel.ts';

/** Connections that a warm function keeps open: far more than it uses at once. */
const MAX_CLIENTS = 50;

/** Returns a function that gives each identity its one client. The clients that were not used for the longest time are closed. */
export function monitoringClients(limit = MAX_CLIENTS): (identity: AuthClient) => MetricServiceClient {
  const clients = new LRUCache<AuthClient, MetricServiceClient>({
    max: limit,
    memoMethod: (identity) => new MetricServiceClient({ ...CHANNEL, authClient: identity, universeDomain: UNIVERSE }),
    // Nobody waits for it, and nothing is lost where it fails.
    dispose: (client) => void client.close().catch(() => {}),
  });
  return (identity) => clients.memo(identity);
}

/** Google's public cloud, whatever the environment names. */
const UNIVERSE = 'googleapis.com';
