/** The names and tags of instances, which are optional: who may not read them reads the hosts all the same. */
import { describe, expect, it } from 'vitest';
import type { HostFilter } from '../../../core/model/host-filter.ts';
import type { Resource } from '../../../core/model/series.ts';
import { isResource, MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import type { MemorySource } from '../../../core/ports/memory-source.ts';
import { aHost } from '../../sandbox/small-fleets.ts';
import { listing, scriptedSource } from './scripted-server.ts';
import { readAll, SIX_HOURS, sourceOf, startFleet } from './worlds.ts';

const DENIED = { service: 'tagging', kind: 'denied' } as const;

const { resource } = aHost();
const WEB = aHost({ id: 'i-web', tags: { Name: 'web-1', stage: 'production', 'aws:autoscaling:groupName': 'web' } });
const DB = aHost({ id: 'i-db', tags: { Name: 'db-1', stage: 'test' } });
const BARE = aHost({ id: 'i-bare', reports: [], tags: { Name: 'bare-1' } });
const UNTAGGED = aHost({ id: 'i-untagged' });

async function readFiltered(source: MemorySource, ...filters: readonly HostFilter[]) {
  const calls: string[] = [];
  const meter = { count: (call: string) => calls.push(call) };
  const request = { metric: MEMORY_UTILIZATION, span: SIX_HOURS, filters };
  const readings = await Array.fromAsync(source.read(request, meter));
  const resources = readings.map((reading) => (reading.kind === 'unreadable' ? reading.scope : reading.resource));
  return { readings, calls, hosts: resources.filter((scope): scope is Resource => isResource(scope)) };
}

const idsOf = (hosts: readonly Resource[]) => hosts.map(({ id }) => id).sort();

describe('the tags of instances', () => {
  it('give hosts their names, groups and labels, whether they report or not', async () => {
    const sandbox = await startFleet(WEB, BARE, UNTAGGED);

    const { hosts } = await readFiltered(sourceOf(sandbox));

    const byId = new Map(hosts.map((host) => [host.id, host]));
    expect(byId.get('i-web')).toMatchObject({ name: 'web-1', group: 'web', labels: { stage: 'production' } });
    expect(byId.get('i-bare')).toMatchObject({ name: 'bare-1' });
    expect(byId.get('i-untagged')?.name).toBeUndefined();
  });

  it('leave what the agent states, and keep the name that the system has', async () => {
    const sandbox = await startFleet(
      aHost({
        resource: { ...resource, id: 'i-1', name: 'ip-10-0-0-1', group: 'stated', labels: { stage: 'stated' } },
        naming: 'named',
        tags: { Name: 'web-1', stage: 'tagged', 'aws:autoscaling:groupName': 'tagged' },
      }),
    );

    const { hosts } = await readFiltered(sourceOf(sandbox));

    expect(hosts).toMatchObject([
      { name: 'web-1', group: 'stated', labels: { stage: 'stated', 'host.name': 'ip-10-0-0-1' } },
    ]);
  });

  it.each<[string, HostFilter, string[]]>([
    ['by name', { include: [{ name: 'web-*' }] }, ['i-web']],
    ['by tag', { include: [{ labels: { stage: 'production' } }] }, ['i-web']],
    ['by a tag that excludes', { exclude: [{ labels: { stage: 'test' } }] }, ['i-bare', 'i-untagged', 'i-web']],
    ['by the group that only a tag names', { include: [{ group: 'web' }] }, ['i-web']],
  ])('are filtered %s', async (_, filter, ids) => {
    const sandbox = await startFleet(WEB, DB, BARE, UNTAGGED);
    const source = sourceOf(sandbox);

    const { hosts } = await readFiltered(source, filter);

    expect(idsOf(hosts)).toEqual(ids);
    expect(await source.countHosts?.([filter], { count: () => {} })).toBe(ids.length);
  });

  it('are read once, a hundred instances a call', async () => {
    const sandbox = await startFleet(
      ...Array.from({ length: 250 }, (_, index) => aHost({ id: `i-${index}`, tags: { Name: `web-${index}` } })),
    );
    const source = sourceOf(sandbox);

    const first = await readFiltered(source);
    const second = await readFiltered(source);

    expect(first.calls.filter((call) => call === 'GetResources')).toHaveLength(3);
    expect(second.calls.filter((call) => call === 'GetResources')).toHaveLength(0);
    expect(first.hosts.map(({ id, name }) => [id, name])).toContainEqual(['i-249', 'web-249']);
  });
});

describe('tags that may not be read', () => {
  it('cost names, and neither the read nor its completeness', async () => {
    const sandbox = await startFleet(WEB, DB);
    sandbox.inject(DENIED);
    const source = sourceOf(sandbox);

    const { readings } = await readAll(source);
    const again = await readFiltered(source);

    expect(readings.map(({ kind }) => kind)).toEqual(['series', 'series']);
    expect(again.hosts.map(({ name }) => name)).toEqual([undefined, undefined]);
    expect(sandbox.calls.count('tagging')).toBe(1);
  });

  it.each(['throttled', 'server_error', 'garbage', 'down'] as const)('cost no more where %s', async (kind) => {
    const sandbox = await startFleet(WEB, DB);
    sandbox.inject({ service: 'tagging', kind });

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings.map((reading) => reading.kind)).toEqual(['series', 'series']);
  });

  it.each<[string, HostFilter]>([
    ['a name', { include: [{ name: 'web-*' }] }],
    ['a tag', { exclude: [{ labels: { stage: 'test' } }] }],
  ])('make a read partial that filters by %s', async (_, filter) => {
    const sandbox = await startFleet(WEB, DB);
    sandbox.inject(DENIED);

    const { readings } = await readFiltered(sourceOf(sandbox), filter);

    expect(readings[0]).toMatchObject({ kind: 'unreadable', reason: 'denied' });
    expect(readings[0]).toMatchObject({ detail: expect.stringContaining('the host filter names tags') });
    expect(readings[0]).toMatchObject({ detail: expect.stringContaining('allow tag:GetResources') });
  });

  it('leave a read complete that filters by what the agent states', async () => {
    const sandbox = await startFleet(aHost({ id: 'i-1' }), aHost({ id: 'i-2' }));
    sandbox.inject(DENIED);

    const { readings } = await readFiltered(sourceOf(sandbox), { include: [{ labels: { 'host.type': 'm7g.*' } }] });

    expect(readings.map(({ kind }) => kind)).toEqual(['series', 'series']);
  });

  it('are stated with the right that is missing', async () => {
    const sandbox = await startFleet(WEB);
    const source = sourceOf(sandbox);
    const lift = sandbox.inject(DENIED);

    const refused = await sourceOf(sandbox).whyUnnamed?.({ count: () => {} });
    lift();
    const allowed = await source.whyUnnamed?.({ count: () => {} });

    expect(refused).toMatch(/not authorized.*; allow tag:GetResources/);
    expect(allowed).toBeUndefined();
  });
});

describe('a bad answer about tags', () => {
  const HOST = [listing({ InstanceId: 'i-1' })];
  const arn = (id: string) => `arn:aws:ec2:eu-west-1:111122223333:instance/${id}`;

  it('costs the tags of the instance that is malformed alone', async () => {
    const good = { ResourceARN: arn('i-1'), Tags: [{ Key: 'Name', Value: 'web-1' }] };
    const bad = [{ ResourceARN: 7 }, { ResourceARN: arn('i-2'), Tags: [{ Key: 'Name' }] }, null, 'text'];

    const source = await scriptedSource({
      live: HOST,
      agent: [listing()],
      tags: [{ ResourceTagMappingList: [...bad, good] }],
    });

    expect((await readFiltered(source)).hosts).toMatchObject([{ id: 'i-1', name: 'web-1' }]);
  });

  it('may name tags like members of an object, which are labels like others', async () => {
    const Tags = ['__proto__', 'constructor'].map((Key) => ({ Key, Value: 'shop' }));

    const source = await scriptedSource({
      live: HOST,
      agent: [listing()],
      tags: [{ ResourceTagMappingList: [{ ResourceARN: arn('i-1'), Tags }] }],
    });

    const [host] = (await readFiltered(source)).hosts;
    expect(Object.entries(host?.labels ?? {})).toEqual([
      ['__proto__', 'shop'],
      ['constructor', 'shop'],
    ]);
  });

  it('without end costs names alone', async () => {
    const source = await scriptedSource({
      live: HOST,
      agent: [listing()],
      tags: [{ ResourceTagMappingList: [], PaginationToken: 'again' }],
    });

    expect(await source.whyUnnamed?.({ count: () => {} })).toContain('without end');
  });
});
