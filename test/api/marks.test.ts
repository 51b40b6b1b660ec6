import { describe, expect, it } from 'vitest';
import { incidentId } from '../../core/model/incident.ts';
import {
  aChange,
  aDecision,
  aLabel,
  aMute,
  anIncident,
  anIncidentKey,
  aTenantConfig,
  HOUR,
} from '../fixtures/builders.ts';
import { anApi, bodyOf } from './an-api.ts';

const CONFIGS = [aTenantConfig(), aTenantConfig({ tenant: 'globex' })];
const ID = incidentId(anIncidentKey(), 1);
const FOREIGN = incidentId(anIncidentKey({ tenant: 'globex' }), 1);
const TOMORROW = '2026-11-21T12:00:00.000Z';

describe('mutes', () => {
  it('are given, listed with the active ones first, and taken back', async () => {
    const { send, read, stores, advance } = await anApi(CONFIGS);
    await stores.mutes.put(aMute('acme', 'mute-old', -100));
    const body = { subject: { group: 'web*' }, reason: 'a migration', until: TOMORROW };

    const given = await send('POST', '/tenants/acme/mutes', { token: 'operator', body });
    const { id } = await bodyOf(given);
    const listed = await read('/tenants/acme/mutes');
    advance(HOUR);
    const taken = await send('DELETE', `/tenants/acme/mutes/${id}?reason=it+is+over`, { token: 'operator' });

    expect(given.status).toBe(201);
    expect(listed).toMatchObject({
      items: [
        { id, about: 'group web*', reason: 'a migration', by: 'https://id.example/operator', active: true },
        { id: 'mute-old', active: false },
      ],
    });
    expect(taken.status).toBe(204);
    expect(await stores.mutes.list('acme')).toMatchObject([{ id: 'mute-old' }]);
    expect(stores.log.entries).toMatchObject([{ action: 'muted' }, { action: 'unmuted', reason: 'it is over' }]);
  });

  it.each([
    ['that is over', { subject: { host: 'i-1' }, reason: 'known', until: '2026-11-20T11:00:00Z' }],
    ['that lasts for years', { subject: { host: 'i-1' }, reason: 'known', until: '2028-01-01T00:00:00Z' }],
    ['that names nothing', { subject: {}, reason: 'known', until: TOMORROW }],
    ['without a reason', { subject: { host: 'i-1' }, reason: ' ', until: TOMORROW }],
    ['of an incident of another tenant', { subject: { incident: FOREIGN }, reason: 'known', until: TOMORROW }],
  ])('are refused %s', async (_, body) => {
    const { send, stores } = await anApi(CONFIGS);

    const response = await send('POST', '/tenants/acme/mutes', { token: 'operator', body });

    expect(response.status).toBe(400);
    expect((await bodyOf(response)).issues).toHaveLength(1);
    expect(await stores.mutes.list('acme')).toEqual([]);
  });

  it('get another id where a mute has theirs, which stays', async () => {
    const { send, stores } = await anApi(CONFIGS);
    const ids = ['m-00000002', 'm-00000002-2'];
    for (const id of ids) await stores.mutes.put(aMute('acme', id));
    const body = { subject: { host: 'i-1' }, reason: 'known', until: TOMORROW };

    const given = await send('POST', '/tenants/acme/mutes', { token: 'operator', body });

    expect(await bodyOf(given)).toMatchObject({ id: 'm-00000002-3', about: 'host i-1' });
    expect((await stores.mutes.list('acme')).map(({ id }) => id)).toEqual([...ids, 'm-00000002-3']);
    expect(stores.log.entries).toMatchObject([{ action: 'muted', subject: 'm-00000002-3' }]);
  });

  it('of an incident name its host, in the audit log too, which has the reason and the end', async () => {
    const { send, read, stores } = await anApi(CONFIGS);
    const incident = anIncident();
    await stores.incidents.put({ ...incident, resource: { ...incident.resource, name: 'web-7' } }, 0);
    const body = { subject: { incident: ID }, reason: 'a migration', until: TOMORROW };

    await send('POST', '/tenants/acme/mutes', { token: 'operator', body });
    const muted = await read('/tenants/acme/mutes');
    const audit = await read('/tenants/acme/audit', { token: 'operator' });

    const about = expect.stringMatching(/^incident [\da-f]{8} \(web-7\)$/);
    expect(muted).toMatchObject({ items: [{ about }] });
    expect(audit).toMatchObject({
      items: [
        {
          action: 'addMute',
          subject: expect.stringMatching(
            /^\/mutes\/m-\S+ \(.*\(web-7\) until 2026-11-21T12:00:00\.000Z: a migration\)$/,
          ),
        },
      ],
    });
  });

  it('of another tenant are not taken back', async () => {
    const { send, stores } = await anApi(CONFIGS);
    await stores.mutes.put(aMute('globex'));

    const response = await send('DELETE', '/tenants/acme/mutes/mute-1', { token: 'operator' });

    expect(response.status).toBe(404);
    expect(await stores.mutes.list('globex')).toHaveLength(1);
  });
});

describe('labels', () => {
  it('on an incident remember what it looks like', async () => {
    const { send, read, stores } = await anApi(CONFIGS);
    await stores.incidents.put(anIncident(), 0);
    const change = { id: `${ID}/1`, tenant: 'acme', incident: ID, at: 0, change: aChange(), decision: aDecision() };
    await stores.log.put({ kind: 'change', ...change });
    const body = { kind: 'false-positive', subject: { incident: ID }, reason: 'a cache' };

    const given = await send('POST', '/tenants/acme/labels', { token: 'operator', body });
    const listed = await read('/tenants/acme/labels');

    expect(given.status).toBe(201);
    expect(listed).toMatchObject({
      items: [{ kind: 'false-positive', likeness: expect.stringContaining('pattern linear'), from: null }],
    });
  });

  it('on hosts are about a time', async () => {
    const { send } = await anApi(CONFIGS);
    const body = { kind: 'normal-period', subject: { group: 'batch' }, reason: 'month end', to: TOMORROW };

    const given = await send('POST', '/tenants/acme/labels', { token: 'operator', body });

    expect(await given.json()).toMatchObject({ about: 'group batch', to: TOMORROW, likeness: null });
  });

  it.each([
    ['a false positive of no incident', { kind: 'false-positive', subject: { host: 'i-1' }, reason: 'a cache' }, 400],
    ['a known leak of an incident', { kind: 'known-leak', subject: { incident: ID }, reason: 'a cache' }, 400],
    ['a normal period without an end', { kind: 'normal-period', subject: { host: 'i-1' }, reason: 'a cache' }, 400],
    [
      'of an incident of another tenant',
      { kind: 'true-positive', subject: { incident: FOREIGN }, reason: 'a leak' },
      400,
    ],
    ['of an incident that does not exist', { kind: 'true-positive', subject: { incident: ID }, reason: 'a leak' }, 404],
  ])('are refused where they are %s', async (_, body, status) => {
    const { send } = await anApi(CONFIGS);

    const response = await send('POST', '/tenants/acme/labels', { token: 'operator', body });

    expect(response.status).toBe(status);
  });

  it('are taken back', async () => {
    const { send, stores } = await anApi(CONFIGS);
    await stores.labels.put(aLabel());

    const response = await send('DELETE', '/tenants/acme/labels/label-1', { token: 'operator' });

    expect(response.status).toBe(204);
    expect(await stores.labels.list('acme')).toEqual([]);
  });
});
