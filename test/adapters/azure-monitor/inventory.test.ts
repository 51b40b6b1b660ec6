/** Which machines are in scope, and what is known of each. */
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { scriptedSource } from './scripted-server.ts';
import { aMachine, aNode, idOf, machines, nodeId, readAll, SIX_HOURS, sourceOf, startFleet } from './worlds.ts';

describe('the inventory of Azure', () => {
  it('knows a machine’s name, size, tags and scale set', async () => {
    const of = { group: 'web', labels: { environment: 'production', 'host.type': 'Standard_D2s_v5' } };
    const sandbox = await startFleet(aMachine({ name: 'web-1', of }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([
      {
        resource: {
          id: idOf('web-1'),
          name: 'web-1',
          region: 'westeurope',
          group: 'web',
          labels: { environment: 'production', 'host.type': 'Standard_D2s_v5' },
        },
      },
    ]);
  });

  it('knows the instances of a uniform scale set by their operating system’s name', async () => {
    const sandbox = await startFleet(aNode(3));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([
      { kind: 'series', resource: { id: nodeId(3), name: 'aks-pool-vmss000003', group: 'pool' } },
    ]);
  });

  it('leaves out what is switched off, and what is in another region or subscription', async () => {
    const replayState = { start: NOON - 100 * HOUR, end: NOON - HOUR };
    const sandbox = await startFleet(
      aMachine({ name: 'off', runs: replayState, reports: [replayState] }),
      aMachine({ name: 'far', of: { region: 'northeurope' } }),
      aMachine({ naming: 'k8s_node', of: { region: 'northeurope', id: nodeId(9), name: 'aks-far-vmss000009' } }),
      aMachine({ name: 'foreign', of: { account: '0a1b2c3d-2222-4222-8333-444455556666' } }),
      aMachine({ name: 'here' }),
    );

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'series', resource: { id: idOf('here') } }]);
  });

  it.each(['PowerState/deallocated', 'PowerState/deallocating', 'PowerState/stopped', 'powerstate/STOPPED'])(
    'leaves a machine out that is %s',
    async (power) => {
      const data = [
        { id: idOf('off'), power },
        { id: idOf('on'), power: 'PowerState/running' },
        { id: idOf('unknown') },
      ];
      const source = await scriptedSource({ machines: [{ totalRecords: 3, data }], batch: [{ values: [] }] });

      const { readings } = await readAll(source);

      expect(readings).toMatchObject([{ scope: { id: idOf('on') } }, { scope: { id: idOf('unknown') } }]);
    },
  );

  it.each([
    [61, 'not_monitored'],
    [60, 'series'],
  ])('reads a machine whose last sample is %d minutes old as %s', async (minutes, kind) => {
    const reports = [{ start: NOON - 100 * HOUR, end: NOON - (minutes - 1) * MINUTE }];
    const sandbox = await startFleet(aMachine({ reports }));

    const { readings } = await readAll(sourceOf(sandbox), { ...SIX_HOURS, periodMs: MINUTE });

    expect(readings).toMatchObject([{ kind }]);
  });

  it('reports a machine that is no longer measured, and since when', async () => {
    const reports = [{ start: NOON - 100 * HOUR, end: NOON - 2 * HOUR }];
    const sandbox = await startFleet(aMachine({ reports }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([
      { reason: 'stopped_reporting', hint: expect.stringContaining('since 2026-11-20 09:55 UTC') },
    ]);
  });

  it('reads what a truncated listing names, and reports how much it lacks', async () => {
    const sandbox = await startFleet(...machines(4));
    sandbox.inject({ service: 'azure', action: 'resources', kind: 'truncated' });

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([
      { kind: 'unreadable', reason: 'truncated', detail: expect.stringContaining('listed 2 of 4 machines') },
      { resource: { id: idOf('vm-0') } },
      { resource: { id: idOf('vm-1') } },
    ]);
  });

  it('asks again after a listing that failed', async () => {
    const sandbox = await startFleet(...machines(1));
    const source = sourceOf(sandbox);
    const lift = sandbox.inject({ service: 'azure', action: 'resources', kind: 'denied' });
    await expect(readAll(source)).rejects.toMatchObject({ reason: 'denied' });
    lift();

    const { readings } = await readAll(source);

    expect(readings).toMatchObject([{ kind: 'series' }]);
  });

  it('names no host of Azure’s by a region that is none', async () => {
    const sandbox = await startFleet();

    expect(() => sourceOf(sandbox, { region: 'evil.example/' })).toThrow('not the name of an Azure region');
  });
});
