/** What the queries of Log Analytics make of records, computed by the sandbox's Kusto over records written by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { podsQuery, processesQuery, quoted, swapQuery } from '../../../adapters/azure-monitor/kql.ts';
import type { Resource } from '../../../core/model/series.ts';
import type { MeanSpan } from '../../../core/ports/memory-source.ts';
import { shapeOf } from '../../../sandbox/azure/kql/lexer.ts';
import { runQuery, type Table, tableOf } from '../../../sandbox/azure/kql/query.ts';
import type { Row, Type } from '../../../sandbox/azure/kql/types.ts';
import { anyText } from '../../fixtures/any-text.ts';
import { MINUTE, NOON } from '../../fixtures/builders.ts';
import { aMachine, aNode, idOf, SUBSCRIPTION } from './worlds.ts';

const PERIOD = 15 * MINUTE;
const SPAN: MeanSpan = { window: { start: NOON - PERIOD, end: NOON }, periodMs: PERIOD, statistic: 'average' };
const { start } = SPAN.window;

function table(columns: Readonly<Record<string, Type>>, rows: readonly Row[]): Table {
  return tableOf({ columns: Object.entries(columns).map(([name, type]) => ({ name, type })), rows });
}

const RECORD = {
  TimeGenerated: 'datetime',
  Computer: 'string',
  _ResourceId: 'string',
  _SubscriptionId: 'string',
} as const;
const COUNTER = { ObjectName: 'string', CounterName: 'string', InstanceName: 'string', CounterValue: 'real' } as const;
const POD = { PodUid: 'string', Name: 'string', Namespace: 'string' } as const;

/** Records of the agent of the machine `vm`, in kilobytes. */
function record(minute: number, InstanceName: string, CounterValue: number, others: Row = {}): Row {
  return {
    TimeGenerated: start + minute * MINUTE,
    Computer: 'vm',
    _ResourceId: idOf('vm'),
    _SubscriptionId: SUBSCRIPTION,
    ObjectName: 'Process',
    CounterName: 'Used Memory kBytes',
    InstanceName,
    CounterValue,
    ...others,
  };
}

/** Name, and bytes of the one period. */
function answerTo(query: string, perf: readonly Row[], pods: readonly Row[] = []): unknown[] {
  const tables = new Map([
    ['Perf', table({ ...RECORD, ...COUNTER }, perf)],
    ['KubePodInventory', table({ ...RECORD, ...POD }, pods)],
  ]);
  const { columns, rows } = runQuery(query, tables);
  expect(columns.map(({ name }) => name)).toEqual(['name', 'namespace', 'time', 'value']);
  expect(new Set(rows.map(({ time }) => time))).toEqual(rows.length > 0 ? new Set([start]) : new Set());
  return rows.map(({ name, namespace, value }) => (namespace === '' ? [name, value] : [name, namespace, value]));
}

const minutes = (count: number) => Array.from({ length: count }, (_, minute) => minute);

function processes(perf: readonly Row[], host: Resource = aMachine({ name: 'vm' }).resource): unknown[] {
  return answerTo(processesQuery(host, SPAN), perf);
}

describe('the query for processes', () => {
  it('counts kilobytes of 1,024 on Linux, and bytes on Windows', () => {
    const windows = { CounterName: 'Working Set' };

    expect(processes([record(0, 'java', 3)])).toEqual([['java', 3_072]]);
    expect(processes([record(0, 'java', 3, windows)])).toEqual([['java', 3]]);
  });

  it('adds up what goes by one name, whether numbered or not', () => {
    const all = ['node', 'node#1', 'node#2', 'node', 'c#'].map((name) => record(0, name, 1));

    expect(processes(all)).toEqual([
      ['c#', 1_024],
      ['node', 4_096],
    ]);
  });

  it('adds up what is recorded of one look, some milliseconds or seconds apart', () => {
    const look = (minute: number) => [0, 7, 3_000].map((after) => record(minute + after / MINUTE, 'java', 1));

    expect(processes(minutes(15).flatMap(look))).toEqual([['java', 3_072]]);
  });

  it('counts a process by how many of the looks it was there at', () => {
    const steady = minutes(15).map((minute) => record(minute, 'java', 1));

    expect(processes([...steady, record(3, 'backup', 30)])).toEqual([
      ['backup', 2_048],
      ['java', 1_024],
    ]);
  });

  it('counts processes that follow each other under one name as one', () => {
    const forks = minutes(15).map((minute) => record(minute, `worker#${minute}`, 1));

    expect(processes(forks)).toEqual([['worker', 1_024]]);
  });

  it.each(['_Total', 'total'])(
    'counts looks by the total %s, however often the agent looks, and leaves it out',
    (total) => {
      const looks = Array.from({ length: 90 }, (_, look) => look / 6);
      const every10s = looks.flatMap((minute) => [record(minute, 'java', 1), record(minute, total, 50)]);

      expect(processes(every10s)).toEqual([['java', 1_024]]);
    },
  );

  it('leaves out what is no process, no memory, or outside the window', () => {
    const others = [
      record(0, 'Idle', 9),
      record(0, 'java', 9, { CounterName: '% Processor Time' }),
      record(0, 'java', 9, { ObjectName: 'Process V2' }),
      record(-1, 'java', 9),
      record(15, 'java', 9),
    ];

    expect(processes([...others, record(0, 'java', 1)])).toEqual([['java', 1_024]]);
  });

  it('is about one machine, whatever others are called', () => {
    const other = record(0, 'java', 9, { _ResourceId: idOf('other') });
    const shouting = record(0, 'java', 1, { _ResourceId: idOf('vm').toUpperCase(), Computer: 'anything' });

    expect(processes([other, shouting])).toEqual([['java', 1_024]]);
  });
});

describe('the query for processes of a scale set’s instance', () => {
  const sets = `/subscriptions/${SUBSCRIPTION}/resourcegroups/fleet/providers/microsoft.compute/virtualmachinescalesets`;
  const host = aMachine({ name: 'app000000', of: { id: `${sets}/web/virtualmachines/0` } }).resource;
  const by = (_ResourceId: string, Computer = 'app000000') => [record(0, 'java', 1, { _ResourceId, Computer })];

  it.each([
    ['of its set', `${sets}/web`, 'app000000'],
    ['of its own', `${sets}/web/virtualMachines/0`, 'APP000000'],
    ['of its set, with its domain', `${sets}/web`, 'app000000.example.org'],
  ])('takes records with the id %s', (_, id, name) => {
    expect(processes(by(id, name), host)).toEqual([['java', 1_024]]);
  });

  it.each([
    ['another set whose name begins alike', `${sets}/web-staging`, 'app000000'],
    ['a numbered set', `${sets}/web2`, 'app000000'],
    ['another instance', `${sets}/web`, 'app0000001'],
    ['another set', `${sets}/db`, 'app000000'],
  ])('takes none of %s', (_, id, name) => {
    expect(processes(by(id, name), host)).toEqual([]);
  });
});

describe('the query for pods', () => {
  const node = aNode(3).resource;
  const Computer = String(node.name);
  const container = (minute: number, uid: string, name: string, CounterValue: number, others: Row = {}): Row =>
    record(minute, `/subscriptions/s/managedClusters/c/${uid}/${name}`, CounterValue, {
      Computer,
      _ResourceId: '/subscriptions/s/managedclusters/c',
      ObjectName: 'K8SContainer',
      CounterName: 'memoryWorkingSetBytes',
      ...others,
    });
  const pod = (minute: number, PodUid: string, Name: string, others: Row = {}): Row => ({
    TimeGenerated: start + minute * MINUTE,
    Computer,
    _ResourceId: '',
    _SubscriptionId: SUBSCRIPTION,
    PodUid,
    Name,
    Namespace: 'shop',
    ...others,
  });
  const pods = (perf: readonly Row[], inventory: readonly Row[]) => answerTo(podsQuery(node, SPAN), perf, inventory);

  it('adds up a pod’s containers, under the pod’s newest name', () => {
    const inventory = [pod(0, 'u1', 'old'), pod(5, 'u1', 'web'), pod(1, 'u1', 'old')];

    expect(pods([container(0, 'u1', 'main', 3), container(0, 'u1', 'proxy', 4)], inventory)).toEqual([
      ['web', 'shop', 7],
    ]);
  });

  it('names a pod that the inventory does not hold by its uid', () => {
    expect(pods([container(0, 'u2', 'main', 3)], [pod(0, 'u1', 'web')])).toEqual([['u2', 3]]);
  });

  it('counts a pod by how many of the looks it was there at', () => {
    const steady = minutes(15).map((minute) => container(minute, 'u1', 'main', 10));
    const job = [container(3, 'u2', 'main', 30)];

    expect(pods([...steady, ...job], [pod(0, 'u1', 'web'), pod(3, 'u2', 'job')])).toEqual([
      ['job', 'shop', 2],
      ['web', 'shop', 10],
    ]);
  });

  it('is about one node of one subscription, and about its working set', () => {
    const own = container(0, 'u1', 'main', 3, { Computer: `${Computer}.internal` });
    const foreign = { _SubscriptionId: '0a1b2c3d-2222-4222-8333-444455556666' };
    const others = [
      container(0, 'u1', 'main', 9, { CounterName: 'memoryRssBytes' }),
      container(0, 'u1', 'main', 9, { ObjectName: 'K8SNode' }),
      container(0, 'u1', 'main', 9, { Computer: 'aks-pool-vmss000004' }),
      container(0, 'u1', 'main', 9, foreign),
      container(-1, 'u1', 'main', 9),
    ];
    const inventory = [pod(0, 'u1', 'web'), pod(9, 'u1', 'foreign', foreign), pod(9, 'u1', 'other', { Computer: 'x' })];

    expect(pods([own, ...others], inventory)).toEqual([['web', 'shop', 3]]);
  });
});

describe('a text in a query', () => {
  it('is a string literal whatever it holds', () => {
    expect(quoted('plain-name_1')).toBe('"plain-name_1"');
    expect(quoted('a"b\\c\nd')).toBe('"a\\"b\\\\c\\u000ad"');
  });

  it('comes out of the literal as it went in, and ends it nowhere', () => {
    const keeps = (query: string, Computer: string) =>
      runQuery(query, new Map([['Perf', table({ Computer: 'string' }, [{ Computer }])]])).rows.length === 1;

    fc.assert(
      fc.property(anyText(), (name) => {
        const query = `Perf | where Computer == ${quoted(name)}`;

        expect(keeps(query, name)).toBe(true);
        expect(keeps(query, `${name}x`)).toBe(false);
      }),
    );
  });

  it.each([
    ['processes', processesQuery, aMachine],
    ['pods', podsQuery, () => aNode(3)],
    ['swap', swapQuery, aMachine],
  ] as const)('does not change the shape of the query for %s', (_, query, host) => {
    const { resource } = host();
    const shape = shapeOf(query(resource, SPAN));

    fc.assert(
      fc.property(anyText(), (name) => {
        const hostile = { ...resource, name, id: `${resource.id}${name}`, account: name };

        expect(shapeOf(query(hostile, SPAN))).toBe(shape);
      }),
    );
  });
});
