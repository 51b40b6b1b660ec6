import { describe, expect, it } from 'vitest';
import { incidentId } from '../../../core/model/incident.ts';
import type { Outgoing, Renewal, SendOutcome } from '../../../core/ports/receiver-gateway.ts';
import { deliver } from '../../../core/relay/deliver.ts';
import { renewAlerts } from '../../../core/relay/renew-alerts.ts';
import { anAlert, aProgress } from '../../contract/delivery-log.ts';
import { anIncident, anIncidentKey, MINUTE, NOON } from '../../fixtures/builders.ts';
import { ALERTS, anEventFor, aTenantWith, CHAT, SENT } from '../../fixtures/receivers.ts';
import { createMemoryConfigStore, createMemoryDeliveryLog, createMemoryIncidentStore } from '../../memory/stores.ts';

/** Tenants with an Alertmanager at which an alert of an open incident fires. */
async function aWorld(...tenants: readonly string[]) {
  const [configs, log, incidents] = [createMemoryConfigStore(), createMemoryDeliveryLog(), createMemoryIncidentStore()];
  for (const tenant of tenants) {
    await configs.put(aTenantWith({ receivers: [CHAT, ALERTS] }, { tenant }), 0, 'external', NOON);
    const incident = anIncident({ key: anIncidentKey({ tenant }) });
    await incidents.put(incident, 0);
    const subject = incidentId(incident.key, 1);
    await log.putProgress(tenant, 'alerts', aProgress({ subject, alert: anAlert() }), 0);
  }
  const renewed: [string, readonly Renewal[]][] = [];
  /** What reached the Alertmanager, in order. */
  const posted: string[] = [];
  const begun: string[] = [];
  const answers = new Map<string, SendOutcome>();
  const slow = new Map<string, Promise<void>>();
  const gateway = {
    async renew(tenant: string, _receiver: unknown, renewals: readonly Renewal[]) {
      begun.push(tenant);
      await slow.get(tenant);
      renewed.push([tenant, renewals]);
      posted.push('renewal');
      return answers.get(tenant) ?? SENT;
    },
  };
  const send = async ({ event }: Outgoing) => {
    posted.push(event.data.kind);
    return SENT;
  };
  const recover = () => {
    const event = anEventFor(['alerts'], { kind: 'recovered', transition: 9 });
    return deliver(event, ALERTS, { log, gateway: { send } }, { now: NOON, firesUntil: NOON });
  };
  return {
    answers,
    begun,
    incidents,
    log,
    posted,
    recover,
    renewed,
    slow,
    run: (now = NOON) => renewAlerts({ configs, log, incidents, gateway }, { now }),
  };
}

describe('an alert that fires', () => {
  it('is sent again, to end after two more inspections of its account', async () => {
    const { renewed, run } = await aWorld('acme');

    const report = await run();

    expect(report).toEqual({ renewed: 1, failures: [] });
    expect(renewed).toEqual([['acme', [{ alert: anAlert(), firesUntil: NOON + 135 * MINUTE }]]]);
  });

  it('is left to end where its incident is closed', async () => {
    const { incidents, renewed, run } = await aWorld('acme');
    await incidents.put(anIncident({ status: 'closed' }), 1);

    expect(await run()).toEqual({ renewed: 0, failures: [] });
    expect(renewed).toEqual([]);
  });

  it('is renewed where it is about no host', async () => {
    const { log, run } = await aWorld('acme');
    await log.putProgress('acme', 'alerts', aProgress({ subject: 'inspections', alert: anAlert({ scope: null }) }), 0);

    expect(await run()).toEqual({ renewed: 2, failures: [] });
  });

  it('is renewed though the receiver of another tenant takes none', async () => {
    const { answers, renewed, run } = await aWorld('acme', 'globex');
    answers.set('acme', { kind: 'failed', reason: 'it answered HTTP 502' });

    const report = await run();

    expect(report).toMatchObject({ renewed: 1, failures: [{ tenant: 'acme', receiver: 'alerts' }] });
    expect(renewed.map(([tenant]) => tenant)).toEqual(['acme', 'globex']);
  });

  it('is renewed while the receiver of another tenant does not answer', async () => {
    const { renewed, run, slow } = await aWorld('acme', 'globex');
    const { promise, resolve } = Promise.withResolvers<void>();
    slow.set('acme', promise);

    const running = run();
    await expect.poll(() => renewed.map(([tenant]) => tenant)).toEqual(['globex']);
    resolve();

    expect(await running).toEqual({ renewed: 2, failures: [] });
  });

  it('is renewed first at another time than those of other tenants', async () => {
    const tenants = ['a-1', 'b-2', 'c-3'];
    const { renewed, run } = await aWorld(...tenants);

    for (const quarter of [0, 1, 2]) await run(NOON + quarter * 15 * MINUTE);

    expect([0, 3, 6].map((index) => renewed[index]?.[0]).toSorted()).toEqual(tenants);
  });

  it('is sent with a hundred others in one request', async () => {
    const { log, renewed, run } = await aWorld('acme');
    for (let index = 0; index < 250; index++)
      await log.putProgress('acme', 'alerts', aProgress({ subject: `${index}`, alert: anAlert({ scope: null }) }), 0);

    await run();

    expect(renewed.map(([, renewals]) => renewals.length)).toEqual([100, 100, 51]);
  });

  it('is not renewed where its end is sent after it was read', async () => {
    const { log, posted, recover, run } = await aWorld('acme');
    const { firing } = log;
    log.firing = async function* (...of) {
      yield* await Array.fromAsync(firing(...of));
      await recover();
    };

    expect(await run()).toEqual({ renewed: 0, failures: [] });
    expect(posted).toEqual(['recovered']);
  });

  it('has its end sent after the renewal that is under way, and not before', async () => {
    const { begun, posted, recover, run, slow } = await aWorld('acme');
    const { promise, resolve } = Promise.withResolvers<void>();
    slow.set('acme', promise);

    const running = run();
    await expect.poll(() => begun).toEqual(['acme']);
    const early = await recover();
    resolve();
    await running;
    await recover();

    expect(early).toMatchObject({ kind: 'waits' });
    expect(posted).toEqual(['renewal', 'recovered']);
  });

  it('can be ended at once after a renewal that failed', async () => {
    const { answers, posted, recover, run } = await aWorld('acme');
    answers.set('acme', { kind: 'failed', reason: 'it answered HTTP 502' });

    await run();

    expect(await recover()).toMatchObject({ kind: 'settled' });
    expect(posted).toEqual(['renewal', 'recovered']);
  });
});
