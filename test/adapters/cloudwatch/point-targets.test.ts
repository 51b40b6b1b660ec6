/** Which sets of dimensions are requested for the parts of a host. */
import { describe, expect, it } from 'vitest';
import { PUBLISHED } from '../../../adapters/cloudwatch/points/catalogue.ts';
import { partsOf } from '../../../adapters/cloudwatch/points/targets.ts';

/** The parts that sets of a metric make, each with its terms and the sets of each of them. */
function partsIn(metric: string, name: string, ...sets: readonly Readonly<Record<string, string>>[]) {
  const ways = sets.flatMap((set) => {
    const dimensions = Object.entries({ InstanceId: 'i-1', ...set }).map(([Name, Value]) => ({ Name, Value }));
    return PUBLISHED.get(metric)?.wayOf({ metric: { Namespace: 'CWAgent', MetricName: name }, dimensions }) ?? [];
  });
  return partsOf(ways).map(({ part, terms }) => [part['mountpoint'] ?? '', terms.map((term) => term.ways.length)]);
}

const disks = (...sets: readonly Readonly<Record<string, string>>[]) =>
  partsIn('system.filesystem.utilization', 'disk_used_percent', ...sets);
const errors = (...sets: readonly Readonly<Record<string, string>>[]) =>
  partsIn('system.network.errors', 'net_err_in', ...sets);

describe('the file systems of a host', () => {
  it('are one part for each path, however often their device was renamed', () => {
    expect(
      disks(
        { path: '/', device: 'nvme0n1p1', fstype: 'xfs' },
        { path: '/', device: 'xvda1', fstype: 'xfs' },
        { path: '/var', device: 'nvme1n1', fstype: 'ext4' },
      ),
    ).toEqual([
      ['/', [2]],
      ['/var', [1]],
    ]);
  });

  it('leave out roll-ups, which are another part of the same sets', () => {
    expect(disks({ path: '/', device: 'nvme0n1p1', fstype: 'xfs' }, { path: '/' }, {})).toEqual([['/', [1]]]);
  });

  it.each([{ fstype: 'tmpfs' }, { fstype: 'overlay' }, { fstype: 'squashfs', device: 'loop3' }, { device: 'tmpfs' }])(
    'leave out what is no disk: %o',
    (set) => {
      expect(disks({ path: '/run', ...set })).toEqual([]);
    },
  );

  it('take three sets of many at the most, because each is billed', () => {
    const sets = Array.from({ length: 9 }, (_, index) => ({ path: '/', device: `nvme${index}`, fstype: 'xfs' }));

    expect(disks(...sets)).toEqual([['/', [3]]]);
  });
});

describe('the errors of a host', () => {
  it('are added up over its interfaces, but for those without a cable', () => {
    expect(
      errors({ interface: 'ens5' }, { interface: 'ens6' }, { interface: 'lo' }, { interface: 'veth1a2b' }),
    ).toEqual([['', [1, 1]]]);
  });
});
