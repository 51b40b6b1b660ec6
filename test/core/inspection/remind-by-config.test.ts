import { describe, expect, it } from 'vitest';
import type { RemindPorts } from '../../../core/incidents/remind.ts';
import { createReminders } from '../../../core/inspection/remind-by-config.ts';
import type { Incident } from '../../../core/model/incident.ts';
import { ItemError, StoreError } from '../../../core/ports/errors.ts';
import { anAccount, aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';
import { createMemoryIncidentList, createMemoryIncidentStore } from '../../memory/stores.ts';
import { alertsOf, anItem } from '../incidents/policy/changes.ts';

const alerts = alertsOf({
  receivers: [{ name: 'boss', type: 'amazon-q' }],
  reminder: { afterHours: 4, most: 2 },
  escalation: { afterMinutes: 30, receivers: ['boss'], severities: ['critical'] },
});

const REMINDING = aTenantConfig({ alerts });

function anOpen(id: string, overrides: Partial<Incident> = {}): Incident {
  return { ...anItem({ host: { id } }).incident, undecided: [], lastNotifiedAt: NOON, ...overrides };
}

async function aWorld(incidents: readonly Incident[]) {
  const store = createMemoryIncidentStore();
  for (const incident of incidents) await store.put(incident, 0);
  return { incidents: store, incidentList: createMemoryIncidentList(store) };
}

type World = Awaited<ReturnType<typeof aWorld>>;

const at = (hours: number, isTimeUp = () => false) => ({ now: NOON + hours * HOUR, isTimeUp });

function undecidedIn({ incidents }: World): Record<string, string[]> {
  const all = incidents.all().map(({ value }) => [value.key.host, value.undecided.map(({ kind }) => kind)]);
  return Object.fromEntries(all);
}

describe('createReminders', () => {
  it('gives a change to what is due, and to nothing else', async () => {
    const world = await aWorld([
      anOpen('i-due'),
      anOpen('i-critical', { severity: 'critical' }),
      anOpen('i-acknowledged', { acknowledged: { by: 'ops', at: NOON, note: null } }),
      anOpen('i-young', { lastNotifiedAt: NOON + HOUR }),
      anOpen('i-held', { lastNotifiedAt: null }),
      anOpen('i-over', { status: 'watched' }),
    ]);

    expect(await createReminders(world)(REMINDING, at(4))).toBe(2);

    expect(undecidedIn(world)).toEqual({
      'i-due': ['reminder'],
      'i-critical': ['escalated', 'reminder'],
      'i-acknowledged': [],
      'i-young': [],
      'i-held': [],
      'i-over': [],
    });
  });

  it('gives it once, though it runs again before or after the change is decided', async () => {
    const world = await aWorld([anOpen('i-1')]);

    await createReminders(world)(REMINDING, at(4));
    const again = await createReminders(world)(REMINDING, at(4.25));
    const [undecided] = world.incidents.all();
    if (undecided) await world.incidents.put({ ...undecided.value, undecided: [] }, undecided.version);

    expect([again, await createReminders(world)(REMINDING, at(4.5))]).toEqual([0, 0]);
    expect(await createReminders(world)(REMINDING, at(8))).toBe(1);
    expect(world.incidents.all()[0]?.value).toMatchObject({ transition: 3, reminded: { count: 2 } });
  });

  it('gives it once where two runs race, and loses no change of a run', async () => {
    const world = await aWorld([anOpen('i-1')]);
    const change = anItem({ host: { id: 'i-1' }, change: { kind: 'worse', number: 2 } }).change;
    let isFirst = true;
    const racing: RemindPorts['incidents'] = {
      get: async (key) => {
        const current = await world.incidents.get(key);
        if (isFirst && current) {
          isFirst = false;
          await world.incidents.put({ ...current.value, transition: 2, undecided: [change] }, current.version);
        }
        return current;
      },
      put: world.incidents.put,
    };

    const reminded = await Promise.all([
      createReminders({ ...world, incidents: racing })(REMINDING, at(4)),
      createReminders(world)(REMINDING, at(4)),
    ]);

    expect(reminded.toSorted()).toEqual([0, 1]);
    expect(undecidedIn(world)).toEqual({ 'i-1': ['worse', 'reminder'] });
    expect(world.incidents.all()[0]?.value.undecided.map(({ number }) => number)).toEqual([2, 3]);
  });

  it('follows the alerts of the account, and passes over accounts that are not inspected', async () => {
    const later = anAccount({ alerts: { ...alerts, reminder: { afterHours: 100, most: 1 } } });
    const disabled = anAccount({ enabled: false });
    const world = await aWorld([anOpen('i-1')]);
    const remindWith = (account: unknown) =>
      createReminders(world)(aTenantConfig({ alerts, accounts: [account] }), at(9));

    expect([await remindWith(later), await remindWith(disabled), await remindWith(anAccount())]).toEqual([0, 0, 1]);
  });

  it.each([
    ['no account has reminders', aTenantConfig()],
    ['the tenant is disabled', { ...REMINDING, enabled: false }],
  ])('lists nothing where %s', async (_, config) => {
    const world = await aWorld([anOpen('i-1')]);
    const list = async () => {
      throw new StoreError('listed');
    };

    expect(await createReminders({ ...world, incidentList: { list } })(config, at(9))).toBe(0);
  });

  it('reminds of more incidents than a page has, and of no page for which there is no time', async () => {
    const all = Array.from({ length: 450 }, (_, index) => anOpen(`i-${index}`));
    const [world, hurried] = [await aWorld(all), await aWorld(all)];
    let pages = 0;

    expect(await createReminders(world)(REMINDING, at(4))).toBe(450);
    expect(
      await createReminders(hurried)(
        REMINDING,
        at(4, () => pages++ === 1),
      ),
    ).toBe(200);
    expect(await createReminders(hurried)(REMINDING, at(4.25))).toBe(250);
  });

  it('reminds of the others where an incident cannot be read back, and reports it', async () => {
    const world = await aWorld([anOpen('i-1'), anOpen('i-2')]);
    const get: RemindPorts['incidents']['get'] = async (key) => {
      if (key.host === 'i-1') throw new ItemError('not as Plimsoll writes it');
      return world.incidents.get(key);
    };

    const reminding = createReminders({ ...world, incidents: { ...world.incidents, get } })(REMINDING, at(4));

    await expect(reminding).rejects.toThrow('not as Plimsoll writes it');
    expect(undecidedIn(world)).toEqual({ 'i-1': [], 'i-2': ['reminder'] });
  });
});
