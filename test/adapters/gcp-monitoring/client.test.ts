/** One client for each identity, and no more of them than are used. */
import { PassThroughClient } from 'google-auth-library';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { monitoringClients } from '../../../adapters/gcp-monitoring/client.ts';

describe('the clients of Cloud Monitoring', () => {
  it('are one for each identity', () => {
    const clientOf = monitoringClients();
    const identity = new PassThroughClient();

    expect(clientOf(identity)).toBe(clientOf(identity));
    expect(clientOf(new PassThroughClient())).not.toBe(clientOf(identity));
  });

  it('are closed when there are too many', async () => {
    const clientOf = monitoringClients(1);
    const first = clientOf(new PassThroughClient());
    await first.initialize();

    clientOf(new PassThroughClient());

    await new Promise((resolve) => setImmediate(resolve));
    await expect(first.listTimeSeries({})).rejects.toThrow(/closed/);
  });

  it('make room for another by closing the one that was not used for the longest time', async () => {
    const clientOf = monitoringClients(2);
    const [used, unused] = [new PassThroughClient(), new PassThroughClient()];
    const clients = [clientOf(used), clientOf(unused)];
    clientOf(used);

    clientOf(new PassThroughClient());

    expect(clientOf(used)).toBe(clients[0]);
    expect(clientOf(unused)).not.toBe(clients[1]);
  });

  it('are of Google’s public cloud, whatever the environment names', () => {
    vi.stubEnv('GOOGLE_CLOUD_UNIVERSE_DOMAIN', 'universe.example');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });

    expect(monitoringClients()(new PassThroughClient()).universeDomain).toBe('googleapis.com');
  });
});
