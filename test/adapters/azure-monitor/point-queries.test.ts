/** Queries of a workspace for points, and whose the rows of their answers are. */
import { describe, expect, it } from 'vitest';
import { LOG_METRICS } from '../../../adapters/azure-monitor/points/catalogue.ts';
import { foundIn } from '../../../adapters/azure-monitor/points/logs.ts';
import { hostsById, pointsQuery, rowOf } from '../../../adapters/azure-monitor/points/queries.ts';
import { shapeOf } from '../../../sandbox/azure/kql/lexer.ts';
import { aResource, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

const SET = '/subscriptions/s/resourcegroups/g/providers/microsoft.compute/virtualmachinescalesets/web';
const instance = (number: number) => aResource({ id: `${SET}/virtualmachines/${number}`, name: `web00000${number}` });
const machine = (id: string) => aResource({ id, name: 'vm-1' });

describe('a row of an answer', () => {
  const hosts = hostsById([instance(1), instance(2), machine('/subscriptions/s/virtualmachines/vm-1')]);

  it.each([
    ['a machine in another case', '/Subscriptions/S/virtualMachines/VM-1|vm-1|/var', 'vm-1', '/var'],
    ['an instance by its own id', `${SET}/virtualmachines/2|web000002|/`, 'web000002', '/'],
    ['an instance by its scale set and its computer', `${SET}|WEB000002.corp.example|/`, 'web000002', '/'],
    ['a part whose name has the separator', '/subscriptions/s/virtualmachines/vm-1|vm-1|/a|b', 'vm-1', '/a|b'],
  ])('is of %s', (_, key, name, part) => {
    expect(rowOf(key, hosts)).toMatchObject({ host: { name }, instance: part });
  });

  it('is of nobody where its machine is none of the hosts', () => {
    expect(rowOf(`${SET}|web000009|/`, hosts)).toBeUndefined();
  });
});

describe('a query for points', () => {
  const [table] = LOG_METRICS.get('system.filesystem.utilization')?.tables ?? [];
  const queryOf = (...ids: readonly string[]) => {
    if (table === undefined) throw new Error('there is no table of file systems');
    const window = { start: NOON - HOUR, end: NOON };
    return pointsQuery({ table, hosts: ids.map(machine), window, periodMs: 5 * MINUTE, statistic: 'maximum' });
  };

  it('has the same shape whatever the id of a machine is', () => {
    expect(shapeOf(queryOf('/vm") or ("1" == "1'))).toBe(shapeOf(queryOf('/vm')));
  });

  it('names a scale set once for all of its instances', () => {
    expect(queryOf(`${SET}/virtualmachines/1`, `${SET}/virtualmachines/2`).split(`"${SET}"`)).toHaveLength(2);
  });
});

describe('the rows of an answer', () => {
  const log = LOG_METRICS.get('system.filesystem.utilization');
  const host = machine('/subscriptions/s/virtualmachines/vm-1');
  const instancesOf = (...rows: readonly (readonly [string, readonly unknown[]])[]) => {
    if (log === undefined) throw new Error('there is no such metric');
    const span = { window: { start: NOON - 3 * MINUTE, end: NOON }, periodMs: MINUTE };
    const found = foundIn(rows, log, [host], span).get(host.id);
    return found && 'instances' in found ? [...found.instances] : found;
  };
  const key = (computer: string, instance: string) => `${host.id}|${computer}|${instance}`;

  it('are one series of a machine that got another name', () => {
    const instances = instancesOf([key('vm-1', '/'), [50, null, null]], [key('vm-1.corp', '/'), [null, 60, 70]]);

    expect(instances).toMatchObject([['/', { values: Float64Array.from([0.5, 0.6, 0.7]) }]]);
  });

  it('are left out of file systems that are no disks', () => {
    const mounts = ['/run/user/1000', '/snap/core/1', 'HarddiskVolume3', 'C:', '/data'];

    expect(instancesOf(...mounts.map((mount) => [key('vm-1', mount), [1, 2, 3]] as const))).toMatchObject([
      ['C:', {}],
      ['/data', {}],
    ]);
  });

  it('are a failure where they hold something else than numbers', () => {
    expect(instancesOf([key('vm-1', '/'), [1, 'NaN', 3]])).toMatchObject({ failure: { reason: 'malformed' } });
    expect(instancesOf([key('vm-1', '/'), [1, 2, 3, 4]])).toMatchObject({ failure: { reason: 'malformed' } });
  });
});
