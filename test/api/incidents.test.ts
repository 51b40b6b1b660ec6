import { beforeAll, describe, expect, it } from 'vitest';
import { incidentRef } from '../../api/refs.ts';
import { incidentId } from '../../core/model/incident.ts';
import type { IncidentEvent } from '../../core/model/incident-event.ts';
import { anAnomaly, anomalyChange, observed } from '../fixtures/anomalies.ts';
import {
  aChange,
  aDecision,
  aMute,
  aNotification,
  anIncident,
  anIncidentKey,
  aTenantConfig,
  HOUR,
  NOON,
} from '../fixtures/builders.ts';
import { anApi, bodyOf, type TestApi } from './an-api.ts';

const KEY = anIncidentKey();
const ID = incidentId(KEY, 1);
const REF = incidentRef(ID);
const OTHER = anIncidentKey({ tenant: 'globex' });
const OTHER_REF = incidentRef(incidentId(OTHER, 1));
const RESOURCE = { provider: 'aws', account: KEY.account, region: KEY.region, id: KEY.host, group: 'web' } as const;

async function withIncidents(): Promise<TestApi> {
  const api = await anApi([aTenantConfig(), aTenantConfig({ tenant: 'globex' })]);
  const { incidents, log, mutes } = api.stores;
  const incident = anIncident({ key: KEY, resource: { ...RESOURCE, labels: { version: 'v7' } } });
  await incidents.put(incident, 0);
  const sibling = anIncidentKey({ host: 'i-2' });
  await incidents.put(
    anIncident({
      key: sibling,
      resource: { ...RESOURCE, id: 'i-2' },
      severity: 'high',
      status: 'suspected',
      lastChangeAt: NOON + HOUR,
    }),
    0,
  );
  await incidents.put(anIncident({ key: OTHER }), 0);
  await log.put(event({ body: aNotification({ resource: RESOURCE }) }));
  await log.put(
    event({ id: `${ID}/0`, at: NOON - HOUR, decision: aDecision({ outcome: 'held', stage: 'mute', reason: 'muted' }) }),
  );
  await mutes.put({ ...aMute(), subject: { host: KEY.host } });
  return api;
}

function event(overrides: object = {}): IncidentEvent {
  const facts = { id: `${ID}/1`, tenant: 'acme', incident: ID, at: NOON, host: RESOURCE };
  return { kind: 'change', ...facts, change: aChange({ resource: RESOURCE }), decision: aDecision(), ...overrides };
}

describe('incidents', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await withIncidents();
  });

  it('are listed by the latest change, those of one tenant alone', async () => {
    const page = await api.read('/tenants/acme/incidents');

    expect(page).toMatchObject({
      items: [
        { host: { id: 'i-2' }, severity: 'high', status: 'suspected' },
        { ref: REF, id: ID, host: { id: KEY.host, group: 'web' }, since: '2026-11-20T12:00:00.000Z' },
      ],
      cursor: null,
    });
  });

  it('are filtered by what the query names', async () => {
    const bySeverity = await api.read('/tenants/acme/incidents?severity=high,critical');
    const byHost = await api.read(
      `/tenants/acme/incidents?host=${KEY.host}&provider=aws&region=${KEY.region}&finding=leak`,
    );
    const none = await api.read('/tenants/acme/incidents?provider=gcp');
    const later = await api.read('/tenants/acme/incidents?from=2026-11-20T12:30:00Z');

    expect(bySeverity).toMatchObject({ items: [{ host: { id: 'i-2' } }] });
    expect(byHost).toMatchObject({ items: [{ ref: REF }] });
    expect(none).toMatchObject({ items: [] });
    expect(later).toMatchObject({ items: [{ host: { id: 'i-2' } }] });
  });

  it('are read page after page', async () => {
    const first = await api.send('GET', '/tenants/acme/incidents?limit=1');
    const { items, cursor } = await bodyOf(first);
    const second = await api.read(`/tenants/acme/incidents?limit=1&cursor=${cursor}`);

    expect(items).toMatchObject([{ host: { id: 'i-2' } }]);
    expect(second).toMatchObject({ items: [{ ref: REF }], cursor: null });
  });

  it('refuse a cursor that is none', async () => {
    const response = await api.send('GET', '/tenants/acme/incidents?cursor=nonsense');

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: 'urn:plimsoll:problem:invalid' });
  });

  it('show what a person who was paged needs', async () => {
    const shown = await api.read(`/tenants/acme/incidents/${REF}`);

    expect(shown).toMatchObject({
      ref: REF,
      isCurrent: true,
      status: 'open',
      host: { version: 'v7' },
      headline: expect.stringContaining('[medium]'),
      steps: expect.arrayContaining([expect.stringContaining('Roll back')]),
      body: { data: { kind: 'opened' } },
      cycles: [{ cycle: 1, startedAt: '2026-11-20T12:00:00.000Z', ended: null }],
      curve: { unit: '1', level: expect.any(Number), exhaustion: { earliest: expect.any(String) } },
      restartBy: { at: expect.any(String), window: null },
      mutes: [{ id: 'mute-1', about: `host ${KEY.host}`, active: true }],
      related: [{ by: 'group', incident: { host: { id: 'i-2' } } }],
      links: [
        { kind: 'cloud', title: 'EC2 instance', url: expect.stringContaining('https://') },
        { title: 'Memory in CloudWatch' },
        { title: 'Logs Insights' },
      ],
      commands: expect.arrayContaining([{ title: 'Acknowledge', command: expect.stringContaining('incidents ack') }]),
      labelsOfHost: { version: 'v7' },
      durationHours: 0,
    });
  });

  it('state a restart-by that is past as past, and the headline with its time', async () => {
    const later = await withIncidents();
    later.advance(1000 * HOUR);

    const shown = await later.read(`/tenants/acme/incidents/${REF}`);

    expect(shown).toMatchObject({
      headline: expect.stringMatching(/, as of 2026-11-20 12:00 UTC$/),
      steps: expect.arrayContaining([
        expect.stringMatching(
          /^The (safe time for a restart was|memory may have been full since) .*: restart .* as soon as you can/,
        ),
      ]),
      restartBy: { at: expect.stringMatching(/^2026-11-2/), window: null },
    });
    expect(JSON.stringify(shown)).not.toContain('Restart node before');
  });

  it('show what was deployed to the group along the curve', async () => {
    const { scaling } = api.stores;
    const { provider, account, region } = { ...RESOURCE, region: 'eu-west-1' };
    const facts = { version: 1, id: 'd-1', tenant: 'acme', provider, account, region, group: 'web' } as const;
    await scaling.add({ ...facts, kind: 'deployed', name: 'v7', time: NOON - 3 * HOUR, hosts: [] });

    const shown = await api.read(`/tenants/acme/incidents/${REF}`);

    expect(shown).toMatchObject({
      marks: expect.arrayContaining([{ at: '2026-11-20T09:00:00.000Z', kind: 'deployment', text: 'deployed v7' }]),
    });
  });

  it('have a log with what was sent, and what was held back and why', async () => {
    const page = await api.read(`/tenants/acme/incidents/${REF}/events`);

    expect(page).toMatchObject({
      items: [
        { kind: 'change', incident: REF, decision: { outcome: 'sent' }, body: { data: { kind: 'opened' } } },
        { decision: { outcome: 'held', stage: 'mute', reason: 'muted' }, body: null },
      ],
      cursor: null,
    });
  });

  it('have in their log that a change was put off, and until when', async () => {
    const until = NOON + 9 * HOUR;
    const decision = aDecision({ outcome: 'put_off', stage: 'quiet_hours', reason: 'quiet hours', until });
    const night = await withIncidents();
    await night.stores.log.put(event({ kind: 'put_off', id: `${ID}/2/put_off`, at: NOON + HOUR, decision }));

    const page = await night.read(`/tenants/acme/incidents/${REF}/events?limit=1`);

    const decided = { outcome: 'put_off', stage: 'quiet_hours', until: '2026-11-20T21:00:00.000Z' };
    expect(page).toMatchObject({
      items: [{ kind: 'put_off', at: '2026-11-20T13:00:00.000Z', decision: decided, body: null }],
    });
  });

  it('are in the log of the tenant, which is read page after page', async () => {
    const first = await api.send('GET', '/tenants/acme/events?limit=1&to=2026-11-21T00:00:00Z');
    const { items, cursor } = await bodyOf(first);
    const second = await api.read(`/tenants/acme/events?limit=1&to=2026-11-21T00:00:00Z&cursor=${cursor}`);

    expect(items).toMatchObject([{ id: `${ID}/1`, host: { id: KEY.host } }]);
    expect(second).toMatchObject({ items: [{ id: `${ID}/0` }] });
  });

  it('are related by what they have in common', async () => {
    const all = await api.read(`/tenants/acme/incidents/${REF}/related?withinHours=2`);
    const none = await api.read(`/tenants/acme/incidents/${REF}/related?by=host,fleet`);

    expect(all).toMatchObject({ items: [{ by: 'group', incident: { host: { id: 'i-2' } } }] });
    expect(none).toEqual({ items: [], truncated: false });
  });

  it('are exported as they are kept, and as findings of OCSF', async () => {
    const json = await api.send('GET', `/tenants/acme/incidents/${REF}/export`);
    const ocsf = await api.send('GET', `/tenants/acme/incidents/${REF}/export?format=ocsf`);

    expect(json.headers.get('content-disposition')).toMatch(/^attachment; filename="incident-[0-9a-f]{8}\.json"$/);
    expect(await json.json()).toMatchObject({ id: ID, incident: { since: '2026-11-20T12:00:00.000Z' } });
    expect(await ocsf.json()).toMatchObject({ class_uid: 2004 });
  });

  it.each([
    ['of another tenant', OTHER_REF],
    ['that does not exist', incidentRef(incidentId(anIncidentKey({ host: 'i-none' }), 1))],
    ['that is no reference', 'bm90aGluZw'],
    ['that is written in another way', `${REF}A`],
  ])('do not show one %s', async (_, ref) => {
    const responses = await Promise.all([
      api.send('GET', `/tenants/acme/incidents/${ref}`),
      api.send('GET', `/tenants/acme/incidents/${ref}/related`),
      api.send('GET', `/tenants/acme/incidents/${ref}/export`),
      api.send('POST', `/tenants/acme/incidents/${ref}/notes`, { token: 'operator', body: { note: 'a note' } }),
    ]);

    expect(responses.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });
});

describe('what people do about an incident', () => {
  it('is stored with it and logged under the name of the caller', async () => {
    const { send, stores } = await withIncidents();
    const of = `/tenants/acme/incidents/${REF}`;

    const statuses = [
      await send('POST', `${of}/acknowledgement`, { token: 'operator', body: { note: 'on it' } }),
      await send('PUT', `${of}/owner`, { token: 'operator', body: { owner: 'payments' } }),
      await send('POST', `${of}/notes`, { token: 'operator', body: { note: 'since the release' } }),
    ].map(({ status }) => status);

    const stored = await stores.incidents.get(KEY);
    const by = 'https://id.example/operator';
    expect(statuses).toEqual([204, 204, 204]);
    expect(stored?.value).toMatchObject({ acknowledged: { by, at: NOON, note: 'on it' }, owner: 'payments' });
    expect(stores.log.entries.filter(({ kind }) => kind === 'action')).toMatchObject([
      { action: 'acknowledged', by },
      { action: 'owner', by },
      { action: 'note', by, reason: 'since the release' },
    ]);
  });

  it('is taken back', async () => {
    const { send, stores } = await withIncidents();
    const path = `/tenants/acme/incidents/${REF}/acknowledgement`;
    await send('POST', path, { token: 'operator', body: {} });

    const response = await send('DELETE', path, { token: 'operator' });

    expect(response.status).toBe(204);
    expect((await stores.incidents.get(KEY))?.value.acknowledged).toBeNull();
  });

  it('is refused of one whose host has a later one', async () => {
    const { send, stores } = await withIncidents();
    await stores.incidents.put(anIncident({ key: KEY, episode: 2 }), 1);

    const response = await send('POST', `/tenants/acme/incidents/${REF}/acknowledgement`, {
      token: 'operator',
      body: {},
    });
    const shown = await send('GET', `/tenants/acme/incidents/${REF}`);

    expect(response.status).toBe(409);
    expect(await shown.json()).toMatchObject({ isCurrent: false, status: 'closed', episode: 1 });
  });
});

describe('an incident of anomalies', () => {
  it('is shown with its facts, and with nothing of memory', async () => {
    const api = await anApi([aTenantConfig()]);
    const { incident } = anomalyChange([observed(0, [anAnomaly()])]);
    await api.stores.incidents.put(incident, 0);
    const ref = incidentRef(incidentId(incident.key, 1));

    expect(await api.read(`/tenants/acme/incidents/${ref}`)).toMatchObject({
      finding: 'anomaly',
      metric: 'system',
      headline: expect.stringContaining('CPU at 97 %'),
      body: { type: 'plimsoll.anomaly.opened', data: { anomaly: { anomalies: [{ label: 'CPU', type: 'spike' }] } } },
      lastLeak: null,
      curve: null,
      restartBy: null,
    });
  });
});
