import { describe, expect, it } from 'vitest';
import { settle } from '../../../core/incidents/settle.ts';
import { createPolicy } from '../../../core/inspection/decide-by-policy.ts';
import type { Incident } from '../../../core/model/incident.ts';
import type { Mute } from '../../../core/model/mute.ts';
import type { PublishedEvent } from '../../../core/model/service-event.ts';
import type { IncidentStore } from '../../../core/ports/incident-store.ts';
import type { Publisher } from '../../../core/ports/publisher.ts';
import { aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';
import { createMemoryConfigStore, createMemoryEventLog, createMemoryIncidentStore } from '../../memory/stores.ts';
import { aChange, aMute, anItem, aStorm } from '../incidents/policy/changes.ts';

async function aDeployment({ alerts, mutes = [] }: { alerts?: unknown; mutes?: readonly Mute[] } = {}) {
  const configs = createMemoryConfigStore();
  await configs.put(aTenantConfig(alerts === undefined ? {} : { alerts }), 0, 'external', NOON);
  const incidents = createMemoryIncidentStore();
  const published: PublishedEvent[] = [];
  const publisher: Publisher = {
    ensureTopic: async (tenant) => `topic of ${tenant}`,
    removeTopic: async () => {},
    async publish(events) {
      published.push(...events);
      return events.map(({ id }) => ({ id, kind: 'published' }));
    },
  };
  const log = createMemoryEventLog();
  const policyPorts = { configs, mutes: { list: async () => mutes }, labels: { list: async () => [] } };
  return {
    incidents,
    log,
    pages: () =>
      published.filter(({ data }) => data.kind === 'opened' || data.kind === 'reminder').map(({ subject }) => subject),
    /** A run that closes: it has recorded these incidents, and settles them. */
    async close(recorded: readonly Incident[], now = NOON, store: IncidentStore = incidents) {
      const versioned = await Promise.all(
        recorded.map(async (incident) => {
          const before = await incidents.get(incident.key);
          const value = { ...before?.value, ...incident, fleet: before?.value.fleet ?? null };
          await incidents.put(value, before?.version ?? 0);
          return { value, version: (before?.version ?? 0) + 1 };
        }),
      );
      const decide = createPolicy({ ...policyPorts, incidents: store });
      await settle(versioned, { incidents, publisher, log, decide }, { now });
    },
  };
}

function recorded(items: readonly { readonly incident: Incident }[]): Incident[] {
  return items.map(({ incident }) => incident);
}

describe('a policy over the stores', () => {
  it('sends one message of a storm, whose members are logged as held back with its id', async () => {
    const deployment = await aDeployment();

    await deployment.close(recorded(aStorm(10)));

    const member = await deployment.incidents.get(aStorm(1)[0]?.incident.key ?? anItem().incident.key);
    expect(deployment.pages()).toEqual(['group:web-blue']);
    expect(member?.value).toMatchObject({ undecided: [], outbox: [], fleet: expect.stringContaining('/fleet/1') });
    expect(
      deployment.log.entries.filter((entry) => entry.kind === 'change' && entry.decision.stage === 'storm'),
    ).toHaveLength(10);
  });

  it('has regions that close at the same time join one fleet', async () => {
    const deployment = await aDeployment();
    const regions = ['eu-west-1', 'us-east-1', 'ap-south-1'].map((region) =>
      recorded(aStorm(100, { host: { region } })),
    );

    await Promise.all(regions.map((incidents) => deployment.close(incidents)));

    expect(deployment.pages()).toEqual(['group:web-blue']);
  });

  it('decides again when another run has put the fleet in between', async () => {
    const deployment = await aDeployment();
    let lost = 0;
    const racing: IncidentStore = {
      ...deployment.incidents,
      async put(incident, version) {
        if (incident.key.finding !== 'fleet' || lost++ > 0) return deployment.incidents.put(incident, version);
        await deployment.close(recorded(aStorm(20)).slice(10));
        return deployment.incidents.put(incident, version);
      },
    };

    await deployment.close(recorded(aStorm(10)), NOON, racing);

    expect(deployment.pages()).toEqual(['group:web-blue']);
  });

  it('follows the alerts of the config, and the mutes of the tenant', async () => {
    const held = await aDeployment({ alerts: { rules: [{ name: 'none', action: 'hold' }] } });
    const muted = await aDeployment({ mutes: [aMute()] });

    for (const deployment of [held, muted]) await deployment.close(recorded([anItem()]));

    expect(held.pages()).toEqual([]);
    expect(held.log.entries).toMatchObject([{ kind: 'change', decision: { stage: 'rule', reason: 'rule none' } }]);
    const incident = await muted.incidents.get(anItem().incident.key);
    expect(incident?.value.undecided).toMatchObject([{ kind: 'opened', notBefore: NOON + 24 * HOUR }]);
  });

  it('gives a member that goes on when the others have ended a change of its own', async () => {
    const deployment = await aDeployment();
    const items = aStorm(8);
    await deployment.close(recorded(items));
    const over = (at: number) => (incident: Incident) => ({
      ...incident,
      status: 'closed' as const,
      transition: 2,
      undecided: [aChange({ number: 2, kind: 'recovered', at })],
    });
    await deployment.close(recorded(items.slice(0, 6)).map(over(NOON + HOUR)), NOON + HOUR);

    await deployment.close(recorded(items.slice(6, 7)).map(over(NOON + 8 * HOUR)), NOON + 8 * HOUR);
    const last = await deployment.incidents.get(items[7]?.incident.key ?? anItem().incident.key);
    await deployment.close(last === undefined ? [] : [last.value], NOON + 9 * HOUR);

    expect(last?.value.undecided).toMatchObject([{ kind: 'reminder' }]);
    expect(deployment.pages()).toEqual(['group:web-blue', 'i-00007']);
  });
});
