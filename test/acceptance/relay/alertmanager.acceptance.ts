/** The relay and a real Alertmanager: https with a certificate of an authority of its own, on a private address that the operator allows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressRules } from '../../../adapters/https/addresses.ts';
import { createHttpsClient } from '../../../adapters/https/client.ts';
import { createReceiverGateway } from '../../../adapters/receivers/gateway.ts';
import type { Receiver } from '../../../core/model/receiver.ts';
import { relayEvent } from '../../../core/relay/relay-event.ts';
import { renewAlerts } from '../../../core/relay/renew-alerts.ts';
import { aNotification, anIncident } from '../../fixtures/builders.ts';
import { issueCertificate } from '../../fixtures/certificate.ts';
import { anEventFor, aTenantWith, SENT } from '../../fixtures/receivers.ts';
import { createMemoryPublisher } from '../../memory/messaging.ts';
import { createMemoryConfigStore, createMemoryDeliveryLog, createMemoryIncidentStore } from '../../memory/stores.ts';
import { type RunningAlertmanager, startAlertmanager } from './alertmanager.ts';

let alertmanager: RunningAlertmanager;

beforeAll(async () => {
  const binary = process.env['ALERTMANAGER'];
  if (binary === undefined) throw new Error('Run test/acceptance/run.sh, which fetches an Alertmanager.');
  alertmanager = await startAlertmanager(binary);
});
afterAll(() => alertmanager?.close());

/** A tenant whose receiver is the Alertmanager. */
async function aRelay({ networks = [alertmanager.network], ca = alertmanager.ca } = {}) {
  const { url } = alertmanager;
  const receiver: Receiver = { name: 'alerts', type: 'alertmanager', url, ca };
  const configs = createMemoryConfigStore();
  await configs.put(aTenantWith({ receivers: [receiver] }), 0, 'external', 0);
  const [log, incidents, publisher] = [createMemoryDeliveryLog(), createMemoryIncidentStore(), createMemoryPublisher()];
  await incidents.put(anIncident(), 0);
  await publisher.ensureTopic('acme');
  const gateway = createReceiverGateway({
    https: createHttpsClient({ rules: addressRules(networks) }),
    secrets: { get: async () => ({ kind: 'refused', reason: 'there is no secret' }), forget: () => undefined },
    chat: { publish: async () => SENT },
    endpoints: [new URL(url).host],
  });
  const ports = { configs, log, incidents, publisher, gateway };
  const relay = async (...parameters: Parameters<typeof anEventFor>) => {
    const event = anEventFor(...parameters);
    // An alert begins with what is meant to wake somebody up.
    const paging = { ...event, data: { ...event.data, page: event.data.kind === 'opened' } };
    const { relayed } = await relayEvent(paging, ports, { now: Date.now(), attempts: 1 });
    return relayed.map(({ attempt }) => (attempt.kind === 'settled' ? attempt.delivery : attempt));
  };
  return { relay, renew: () => renewAlerts(ports, { now: Date.now() }) };
}

describe('an Alertmanager', () => {
  it('fires, goes on while the incident is open, and resolves', async () => {
    const { relay, renew } = await aRelay();
    const host = aNotification().data.host.id;

    const opened = await relay(['alerts']);
    const firing = await alertmanager.next();
    const renewed = await renew();
    const recovered = await relay(['alerts'], { transition: 2, kind: 'recovered' });
    const resolved = await alertmanager.next();

    expect([...opened, ...recovered]).toMatchObject([{ outcome: 'sent' }, { outcome: 'sent' }]);
    expect(renewed).toEqual({ renewed: 1, failures: [] });
    expect(firing).toMatchObject({ status: 'firing', alerts: [{ labels: { tenant: 'acme' }, status: 'firing' }] });
    expect(JSON.stringify(firing.alerts[0]?.labels)).toContain(host);
    expect(resolved).toMatchObject({ status: 'resolved', alerts: [{ labels: firing.alerts[0]?.labels }] });
  });

  it('is not reached where the operator allows no private network', async () => {
    const { relay } = await aRelay({ networks: [] });

    expect(await relay(['alerts'])).toMatchObject([
      { outcome: 'refused', reason: expect.stringContaining('is not public') },
    ]);
  });

  it('is not trusted without the certificate of its authority', async () => {
    const { relay } = await aRelay({ ca: (await issueCertificate({ type: 'dns', value: 'other.test' })).certificate });

    expect(await relay(['alerts'])).toMatchObject([{ kind: 'failed', reason: expect.stringContaining('CERT') }]);
  });
});
