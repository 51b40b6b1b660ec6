import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { isolatedVariables } from '../../../cli/environment.ts';
import { run } from '../../../cli/main.ts';
import { openIncidentStores } from '../../../cli/stores.ts';
import { composeNotification } from '../../../core/incidents/compose-notification.ts';
import { muteCommand } from '../../../core/messages/incident-commands.ts';
import { shortId } from '../../../core/messages/short-id.ts';
import { changeId, type Incident, incidentId } from '../../../core/model/incident.ts';
import type { IncidentEvent } from '../../../core/model/incident-event.ts';
import { type Deployment, deploy } from '../../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { aFillingDisk, anAnomaly, anomalyChange, observed } from '../../fixtures/anomalies.ts';
import {
  aChange,
  aDecision,
  anAccount,
  anIncident,
  anIncidentKey,
  aTenantConfig,
  HOUR,
  MINUTE,
  NOON,
} from '../../fixtures/builders.ts';
import { aContext } from '../a-context.ts';

const ESCAPE = '\u001b';
const RIGHT_TO_LEFT = '\u202e';
const HOSTILE = `web${ESCAPE}[2Jred${RIGHT_TO_LEFT}-1\nx`;

let sandbox: Sandbox;
let deployment: Deployment;
let variables: Disposable;

function incidentOf(host: string, overrides: Partial<Incident> = {}, tenant = 'acme'): Incident {
  const key = anIncidentKey({ tenant, host });
  const { provider, account, region } = key;
  const resource = { provider, account, region, id: host, name: `name-of-${host}`, group: 'web' };
  return anIncident({ key, resource, ...overrides });
}

function idOf({ key, episode }: Incident): string {
  return incidentId(key, episode);
}

/** The entry of an incident's only change. */
function entryOf(incident: Incident, decision = aDecision({ page: true, reason: 'rule default' })): IncidentEvent {
  const change = aChange(incident);
  const body = decision.outcome === 'sent' ? composeNotification(incident, change, decision) : undefined;
  const facts = { id: changeId(incident.key, change), tenant: incident.key.tenant, incident: idOf(incident) };
  return { kind: 'change', ...facts, at: change.at, change, decision, ...(body && { body }) };
}

const PAGED = incidentOf('i-paged', { severity: 'high', lastNotifiedAt: NOON });
const HELD = incidentOf('i-held', { severity: 'low', lastChangeAt: NOON - HOUR });
const CLOSED = incidentOf('i-closed', { status: 'closed', endedAt: NOON, lastChangeAt: NOON - 2 * HOUR });
const STRANGE = incidentOf('i-strange', { resource: { ...PAGED.resource, id: 'i-strange', name: HOSTILE } }, 'globex');

beforeAll(async () => {
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
  variables = isolatedVariables(deployment.environment);
  const { dynamodb: client, environment } = deployment;
  const configs = createConfigStore({ client, table: environment.CONFIGS_TABLE });
  for (const tenant of ['acme', 'globex'])
    await configs.put(aTenantConfig({ tenant, accounts: [anAccount()] }), 0, 'external', NOON - 100 * HOUR);
  const { incidents, log } = stores();
  for (const incident of [PAGED, HELD, CLOSED, STRANGE]) await incidents.put(incident, 0);
  await log.put(entryOf(PAGED));
  const held = aDecision({ outcome: 'held', stage: 'mute', reason: 'muted until Monday by ops: known' });
  await log.put(entryOf(HELD, held));
  await log.put(entryOf(STRANGE));
});

afterAll(async () => {
  variables[Symbol.dispose]();
  await sandbox.close();
});

function contextOf(width?: number, now = NOON + 5 * MINUTE) {
  const { TABLE: PLIMSOLL_TABLE, CONFIGS_TABLE: PLIMSOLL_CONFIGS_TABLE } = deployment.environment;
  return aContext({
    variables: { PLIMSOLL_TABLE, PLIMSOLL_CONFIGS_TABLE },
    now,
    ...(width !== undefined && { width }),
  });
}

function stores() {
  return openIncidentStores(contextOf().context);
}

async function plimsoll(args: readonly string[], { width, now }: { width?: number; now?: number } = {}) {
  const { context, out, err } = contextOf(width, now);
  const code = await run(args, context);
  return { code, out: out(), err: err(), text: out().replaceAll(/\s+/g, ' ') };
}

const incidents = (...args: string[]) => plimsoll(['incidents', ...args]);

function linesOf(out: string): unknown[] {
  return out.split('\n').map((line) => JSON.parse(line));
}

describe('plimsoll incidents list', () => {
  it('shows what is open in all tenants, the most severe first, and states what it leaves out', async () => {
    const { code, out } = await incidents('list');

    expect(code).toBe(0);
    expect(out).toMatch(/high +open +acme +name-of-i-paged.*low +open +acme +name-of-i-held/s);
    expect(out).not.toContain('i-closed');
    expect(out).toContain('3 open, 0 suspected; not looked for: watched, closed (--status all)');
  });

  it.each([80, 120])('fits %i columns, and names the columns that there is no room for', async (width) => {
    const { out } = await plimsoll(['incidents', 'list', '--status', 'all'], { width });

    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
    if (width === 80) expect(out).toContain('no room for: ');
  });

  it.each([
    [['--host', 'name-of-i-held'], ['i-held']],
    [['--severity', 'high', '--tenant', 'acme'], ['i-paged']],
    [['--status', 'closed'], ['i-closed']],
    [['--tenant', 'acme', '--until', new Date(NOON).toISOString()], ['i-held']],
    [['--group', 'other'], []],
  ])('with %j lists %j', async (args, hosts) => {
    const { out } = await incidents('list', ...args, '--json');

    const found = out === '' ? [] : linesOf(out);
    expect(found).toMatchObject(hosts.map((host) => ({ kind: 'incident', key: { host } })));
  });

  it('goes on where the cursor of the page before is', async () => {
    const first = linesOf((await incidents('list', '--tenant', 'acme', '--limit', '1', '--json')).out);
    const { cursor } = first[1] as { cursor: string };
    const second = linesOf((await incidents('list', '--tenant', 'acme', '--cursor', cursor, '--json')).out);

    expect(first).toMatchObject([{ key: { host: 'i-paged' }, since: '2026-11-20T12:00:00.000Z' }, { kind: 'more' }]);
    expect(second).toMatchObject([{ key: { host: 'i-held' } }]);
  });
});

describe('an incident is named', () => {
  it.each([
    ['its id', idOf(PAGED)],
    ['its short id', shortId(idOf(PAGED))],
    ['the id of its host', 'i-paged'],
    ['the name of its host', 'name-of-i-paged'],
  ])('by %s', async (_what, name) => {
    const { code, out } = await incidents('show', name, '--json');

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ id: idOf(PAGED), incident: { severity: 'high' } });
  });

  it('by no name that nothing has, and by none of another tenant', async () => {
    const unknown = await incidents('show', 'i-nothing');
    const other = await incidents('show', idOf(PAGED), '--tenant', 'globex');

    expect([unknown.code, other.code]).toEqual([1, 1]);
    expect(unknown.err).toContain('There is no incident with the id, or of the host, i-nothing');
    expect(other.err).toContain('of tenant acme, not of globex');
  });

  it('by no host that has two: both are listed', async () => {
    const early = incidentOf('i-two', { key: anIncidentKey({ host: 'i-two', finding: 'early' }) });
    const leak = incidentOf('i-two');
    for (const incident of [early, leak]) await stores().incidents.put(incident, 0);

    const { code, err } = await incidents('ack', 'i-two');

    expect(code).toBe(1);
    for (const incident of [early, leak]) expect(err).toContain(shortId(idOf(incident)));
  });
});

describe('plimsoll incidents show', () => {
  it('states what it is, what was sent, and draws the curve with its forecast', async () => {
    const { code, out, text } = await incidents('show', 'i-paged');

    expect(code).toBe(0);
    expect(out).toMatch(/^\[high\] full in /);
    expect(text).toContain('status open; found at 2026-11-20 12:00 UTC, 5 min ago');
    expect(text).toContain('opened (high) sent as a page: rule default');
    expect(text).toContain('nobody acknowledged it');
    expect(out).toContain('░ expected');
    expect(out).toContain('◆ likely full');
  });

  it('shows the curve of what was held back, and which stage held it back', async () => {
    const { text } = await incidents('show', 'i-held');

    expect(text).toContain('held back by mute: muted until Monday by ops: known');
    expect(text).toContain('bright: the evaluated segment');
  });

  it('shows once a change that is put off, and in the log why and until when', async () => {
    const night = incidentOf('i-night', {}, 'globex');
    const change = { ...aChange(night), notBefore: NOON + HOUR };
    const until = NOON + 9 * HOUR;
    const decision = aDecision({ outcome: 'put_off', stage: 'quiet_hours', reason: 'quiet hours until 21:00', until });
    const { incidents: store, log } = stores();
    await store.put({ ...night, transition: change.number, undecided: [change] }, 0);
    const facts = { id: `${changeId(night.key, change)}/put_off`, tenant: 'globex', incident: idOf(night) };
    await log.put({ kind: 'put_off', ...facts, at: NOON + MINUTE, host: night.resource, change, decision });

    const { text } = await incidents('show', 'i-night');

    expect(text).toContain('put off; it is decided again at 2026-11-20 13:00 UTC at the latest');
    expect(text).toContain('put off by quiet hours until 2026-11-20 21:00 UTC: quiet hours until 21:00');
  });

  it('prints nothing that a terminal obeys', async () => {
    const { out } = await plimsoll(['incidents', 'show', 'i-strange', '--tenant', 'globex']);
    const list = await incidents('list', '--tenant', 'globex', '--json');

    expect(out).toContain('web [2Jred-1 x (i-strange)');
    for (const text of [out, list.out]) {
      expect(text).not.toContain(ESCAPE);
      expect(text).not.toContain(RIGHT_TO_LEFT);
    }
  });
});

describe('what people decide', () => {
  it('is acknowledged, owned and noted, with who did it in the log', async () => {
    const acknowledged = await incidents('ack', 'i-held', '--note', 'on it');
    await incidents('owner', 'i-held', 'team payments');
    await incidents('note', 'i-held', 'a cache');
    const { text } = await incidents('show', 'i-held');
    const events = linesOf((await incidents('events', 'i-held', '--json')).out);

    expect(acknowledged.out).toContain('acknowledged; no reminder');
    expect(text).toMatch(/taken by team payments seen by \S+ at 2026-11-20 12:05 UTC: on it/);
    expect(events).toMatchObject([
      { kind: 'action' },
      { kind: 'action' },
      { kind: 'action', by: expect.stringContaining('arn:aws:') },
      { kind: 'change' },
    ]);

    await incidents('unack', 'i-held');
    await incidents('owner', 'i-held', '--nobody');
    expect((await incidents('show', 'i-held')).text).toContain('nobody owns it seen by nobody acknowledged it');
  });

  it.each([[['owner', 'i-held']], [['owner', 'i-held', 'payments', '--nobody']]])(
    'is refused where %j names no owner, or two',
    async (args) => {
      const { context, err } = contextOf();

      expect(await run(['incidents', ...args], context)).toBe(1);
      expect(err()).toContain('Give the name of a person or a team, or --nobody.');
    },
  );

  it('is muted by the very command that a message names, listed, and undone', async () => {
    const words = muteCommand(idOf(PAGED), 'prod').match(/"[^"]*"|\S+/g) ?? [];
    const args = words.map((word) => word.replaceAll('"', '')).slice(2, -2);

    const muted = await plimsoll(args);
    const active = await incidents('mutes');
    const expired = await plimsoll(['incidents', 'mutes'], { now: NOON + 8 * 24 * HOUR });
    const [id = ''] = /m-[0-9a-f]{8}/.exec(muted.out) ?? [];
    const shown = await incidents('show', 'i-paged');
    const undone = await incidents('unmute', id);

    expect(muted.code).toBe(0);
    expect(muted.text).toContain('muted until 2026-11-27 12:05 UTC');
    expect(active.text).toContain(`${id} active 2026-11-27 12:05 UTC`);
    expect(expired.text).toContain(`${id} expired`);
    expect(shown.text).toContain(`Mutes ${id} until 2026-11-27`);
    expect(undone.code).toBe(0);
    expect((await incidents('mutes')).out).toBe('Nothing is muted.');
    expect(await stores().mutes.list('acme')).toEqual([]);
    expect((await incidents('unmute', id)).err).toContain(`There is no mute ${id}`);
  });

  it('is muted by group and label, and by nothing that names nothing or has no end', async () => {
    const args = ['--tenant', 'acme', '--reason', 'migration'];
    const muted = await incidents(
      'mute',
      ...args,
      '--group',
      'batch-*',
      '--label',
      'env=test',
      '--for',
      '2h',
      '--json',
    );
    const endless = await incidents('mute', ...args, '--group', 'web');
    const nothing = await incidents('mute', ...args, '--for', '2h');
    const short = await incidents('mute', 'i-paged', '--reason', 'x', '--for', '2h');

    expect(JSON.parse(muted.out)).toMatchObject({
      subject: { group: 'batch-*', labels: { env: 'test' } },
      until: '2026-11-20T14:05:00.000Z',
    });
    expect(endless.err).toContain('Give --for 7d or --until TIME');
    expect(nothing.err).toContain('Name an incident, or what is muted');
    expect(short.err).toContain('must give a reason');
    await incidents('unmute', JSON.parse(muted.out).id);
  });

  it('is labelled false with its likeness, which is stated, listed, and undone', async () => {
    const labelled = await incidents('label', 'i-paged', 'false-positive', '--reason', 'a cache');
    const [label] = await stores().labels.list('acme');
    const listed = await incidents('labels');
    const undone = await incidents('unlabel', label?.id ?? '', '--reason', 'it was none');

    expect(labelled.text).toContain('growth of the same host that looks like it: ');
    expect(labelled.text).toMatch(/growth of [\d.]+ points\/h, begun at \d\d:\d\d UTC, at a level of \d+ %/);
    expect(label).toMatchObject({ kind: 'false-positive', subject: { incident: idOf(PAGED) }, from: null });
    expect(label?.likeness?.growthPerHour).toBeGreaterThan(0);
    expect(listed.text).toContain('false-positive incident');
    expect(undone.code).toBe(0);
    expect(await stores().labels.list('acme')).toEqual([]);
  });

  it('is labelled by host or group for what has no incident', async () => {
    const args = ['--tenant', 'acme', '--reason', 'an import', '--from', '2026-11-20', '--to', '2026-11-23', '--group'];
    const labelled = await plimsoll(['label', 'batch-*', 'normal-period', ...args, '--json']);
    const endless = await plimsoll(['label', 'db-1', 'normal-period', '--tenant', 'acme', '--reason', 'an import']);

    expect(JSON.parse(labelled.out)).toMatchObject({
      kind: 'normal-period',
      subject: { group: 'batch-*' },
      from: '2026-11-20T00:00:00.000Z',
      to: '2026-11-23T00:00:00.000Z',
    });
    expect(endless.err).toContain('A normal period has an end');
  });
});

describe('plimsoll incidents related, events and export', () => {
  it('lists incidents of the same group that grew at the same time', async () => {
    const { code, out } = await incidents('related', 'i-paged', '--json');

    expect(code).toBe(0);
    expect(linesOf(out)).toContainEqual(
      expect.objectContaining({ relation: 'group', key: expect.objectContaining({ host: 'i-held' }) }),
    );
    expect(out).not.toContain('i-strange');
  });

  it('shows the log of a tenant with what was decided', async () => {
    const { text } = await incidents('events', '--tenant', 'globex');
    const many = await incidents('events');

    expect(text).toContain('i-strange 2026-11-20 12:00 opened (medium) sent as a page: rule default');
    expect(many.err).toContain('A log is of one tenant');
  });

  it('exports an incident with its log, and as a finding of OCSF', async () => {
    const json = await incidents('export', 'i-paged');
    const ocsf = await incidents('export', 'i-paged', '--format', 'ocsf');

    expect(JSON.parse(json.out)).toMatchObject({
      id: idOf(PAGED),
      incident: { status: 'open', since: '2026-11-20T12:00:00.000Z' },
    });
    expect(JSON.parse(ocsf.out)).toMatchObject({ class_uid: 2004, severity_id: 4, metadata: { tenant_uid: 'acme' } });
  });
});

describe('an incident of anomalies', () => {
  it('is listed with its kind, and shown with what was seen and what is usual', async () => {
    const { incident } = anomalyChange([observed(0, [aFillingDisk(), anAnomaly()])]);
    await stores().incidents.put(incident, 0);

    const { out } = await incidents('list', '--tenant', 'acme', '--host', 'web-7', '--json');
    const { text } = await incidents('show', 'web-7', '--tenant', 'acme');

    expect(linesOf(out)).toMatchObject([{ key: { metric: 'system', finding: 'anomaly' }, severity: 'high' }]);
    expect(text).toContain('[high] Disk /var full in 7 h and CPU: web-7 (shop), 91 % used Get up: it does not wait');
    expect(text).toContain('CPU rose to 97 % (usual then: 20 to 45 %), since 2026-11-20 11:55 UTC');
  });
});
