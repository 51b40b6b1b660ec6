import { describe, expect, it } from 'vitest';
import { settle } from '../../../core/incidents/settle.ts';
import { sweep } from '../../../core/incidents/sweep.ts';
import { createPolicy, type PolicyPorts } from '../../../core/inspection/decide-by-policy.ts';
import type { Incident } from '../../../core/model/incident.ts';
import type { Mute } from '../../../core/model/mute.ts';
import type { PublishedEvent } from '../../../core/model/service-event.ts';
import { ItemError, StoreError } from '../../../core/ports/errors.ts';
import type { IncidentStore } from '../../../core/ports/incident-store.ts';
import type { Publisher } from '../../../core/ports/publisher.ts';
import { aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';
import { createMemoryConfigStore, createMemoryEventLog, createMemoryIncidentStore } from '../../memory/stores.ts';
import { aChange, aMute, anItem, aStorm } from '../incidents/policy/changes.ts';
import { aContainer, aNode } from '../incidents/policy/nodes.ts';

const unreadable = async (_: string, skipped?: (error: ItemError) => void) => {
  skipped?.(new ItemError('not a label'));
  return [];
};

interface Deployed {
  readonly alerts?: unknown;
  readonly mutes?: readonly Mute[];
  readonly labels?: PolicyPorts['labels'];
}

async function aDeployment({ alerts, mutes = [], labels = { list: async () => [] } }: Deployed = {}) {
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
  const policyPorts = { configs, mutes: { list: async () => mutes }, labels };
  return {
    incidents,
    log,
    pages: () =>
      published.filter(({ data }) => data.kind === 'opened' || data.kind === 'reminder').map(({ subject }) => subject),
    /** A run that closes: it has recorded these incidents, and settles them. */
    /** Nothing happens in the account: the sweep runs every hour. */
    async sweepHourly(from: number, hours: number) {
      const decide = createPolicy({ ...policyPorts, incidents });
      for (let hour = 1; hour <= hours; hour++) {
        await sweep({ incidents, publisher, log, decide }, { now: from + hour * HOUR });
      }
    },
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
    expect(incident?.value.undecided).toMatchObject([{ kind: 'opened', notBefore: NOON + HOUR }]);
  });

  it.each([undefined, { shadow: { until: '2020-01-01T00:00:00Z' } }])(
    'notifies of the last member of a storm though nothing else happens in the account (alerts %o)',
    async (alerts) => {
      const deployment = await aDeployment(alerts === undefined ? {} : { alerts });
      const items = aStorm(8);
      await deployment.close(recorded(items));
      const ended = recorded(items.slice(0, 7)).map((incident) => ({
        ...incident,
        status: 'closed' as const,
        transition: 2,
        undecided: [aChange({ number: 2, kind: 'recovered', at: NOON + HOUR })],
      }));
      await deployment.close(ended, NOON + HOUR);

      await deployment.sweepHourly(NOON + HOUR, 5);
      const early = deployment.pages();
      await deployment.sweepHourly(NOON + 6 * HOUR, 5);

      expect(early).toEqual(['group:web-blue']);
      expect(deployment.pages()).toEqual(['group:web-blue', 'i-00007']);
    },
  );

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

  it('notifies of a container, and of its node only where that grows on when the container has ended', async () => {
    const deployment = await aDeployment();
    const container = aContainer();
    await deployment.close(recorded([container]));

    await deployment.close(recorded([aNode()]), NOON + HOUR);
    await deployment.sweepHourly(NOON + HOUR, 8);
    const meanwhile = deployment.pages();
    const end = aChange({ number: 2, kind: 'recovered', at: NOON + 10 * HOUR });
    await deployment.close(
      [{ ...container.incident, status: 'closed', transition: 2, undecided: [end] }],
      NOON + 10 * HOUR,
    );
    await deployment.sweepHourly(NOON + 10 * HOUR, 6);

    expect(meanwhile).toEqual(['prod/shop/checkout/api']);
    expect(deployment.pages()).toEqual(['prod/shop/checkout/api', 'i-node-a']);
  });

  it('decides without a label that cannot be read back, and reports it', async () => {
    const deployment = await aDeployment({ labels: { list: unreadable } });

    await expect(deployment.close(recorded([anItem()]))).rejects.toThrow('not a label');

    expect(deployment.pages()).toHaveLength(1);
    expect((await deployment.incidents.get(anItem().incident.key))?.value).toMatchObject({ undecided: [], outbox: [] });
  });

  it('decides the hosts of a fleet that cannot be read back one by one', async () => {
    const deployment = await aDeployment();
    const corrupt: IncidentStore = {
      ...deployment.incidents,
      async get(key) {
        if (key.finding === 'fleet') throw new ItemError('not a fleet');
        return deployment.incidents.get(key);
      },
      async *open() {
        yield* [];
        throw new ItemError('not a fleet');
      },
    };

    await expect(deployment.close(recorded(aStorm(10)), NOON, corrupt)).rejects.toThrow('not a fleet');

    expect(deployment.pages()).toHaveLength(10);
  });

  it('decides the changes of the other accounts where one fails', async () => {
    const deployment = await aDeployment();
    const [one, other] = ['111122223333', '444455556666'].map((account, index) =>
      anItem({ host: { account, id: `i-${index}` } }),
    );
    const failing: IncidentStore = {
      ...deployment.incidents,
      async get(key) {
        if (key.account === other?.incident.key.account) throw new StoreError('throttled');
        return deployment.incidents.get(key);
      },
    };
    const items = [other, one].flatMap((item) => item ?? []);

    await expect(deployment.close(recorded(items), NOON, failing)).rejects.toThrow('throttled');

    expect(deployment.pages()).toEqual(['i-0']);
  });

  it('publishes a fleet that was put before the race for another was lost', async () => {
    const deployment = await aDeployment();
    const storms = ['web-blue', 'web-green'].map((group, index) =>
      aStorm(10, { host: { group, region: `eu-west-${index + 1}` } }),
    );
    let puts = 0;
    const racing: IncidentStore = {
      ...deployment.incidents,
      put: async (incident, version) =>
        incident.key.finding === 'fleet' && ++puts === 2 ? 'conflict' : deployment.incidents.put(incident, version),
    };

    await deployment.close(recorded(storms.flat()), NOON, racing);

    expect(deployment.pages().toSorted()).toEqual(['group:web-blue', 'group:web-green']);
  });
});
