import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appSpecificId, digitsOf } from '../../probe/host-id.ts';
import { parseMeminfo, parseVmStat, readLinuxMemory } from '../../probe/host-memory.ts';
import { metricsRequestOf } from '../../probe/otlp.ts';
import { processOf, sweepAt } from './builders.ts';

const MEMINFO =
  'MemTotal:        1000 kB\nMemFree:          100 kB\nMemAvailable:     600 kB\nSwapTotal:        50 kB\nSwapFree:         20 kB\n';

describe('the memory of Linux', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'plimsoll-root-'));
    put({ 'proc/meminfo': MEMINFO });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function put(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }

  const HOST = { used: 400 * 1024, limit: 1000 * 1024, swap: 30 * 1024 };

  it('is what is not available', () => {
    expect(readLinuxMemory(root)).toEqual(HOST);
  });

  it('is that of the container in a container, without the cache that gives way', () => {
    put({
      'proc/self/cgroup': '0::/\n',
      'sys/fs/cgroup/memory.current': '300000\n',
      'sys/fs/cgroup/memory.max': '500000\n',
      'sys/fs/cgroup/memory.stat': 'anon 1\ninactive_file 100000\nactive_file 5\n',
      'sys/fs/cgroup/memory.swap.current': '7\n',
    });
    expect(readLinuxMemory(root)).toEqual({ used: 200_000, limit: 500_000, swap: 7 });
  });

  it('has the host’s limit in a container without one', () => {
    put({
      'proc/self/cgroup': '0::/\n',
      'sys/fs/cgroup/memory.current': '300000\n',
      'sys/fs/cgroup/memory.max': 'max\n',
    });
    expect(readLinuxMemory(root)).toEqual({ used: 300_000, limit: 1000 * 1024 });
  });

  it('is the host’s in a service, whose limit is no host’s', () => {
    put({
      'proc/self/cgroup': '0::/system.slice/plimsoll-record.service\n',
      'sys/fs/cgroup/system.slice/plimsoll-record.service/memory.max': '1000\n',
    });
    expect(readLinuxMemory(root)).toEqual(HOST);
  });

  it('is not guessed where the kernel does not state what is available', () => {
    expect(() => parseMeminfo('MemTotal: 1000 kB\nMemFree: 100 kB\n')).toThrow('no MemAvailable');
  });
});

describe('the memory of macOS', () => {
  const VM_STAT = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               12345.
Pages wired down:                        100000.
Pages purgeable:                           1000.
Anonymous pages:                         300000.
Pages occupied by compressor:             50000.
`;

  it('is what programs hold, what is wired and what is compressed', () => {
    const swap = 'total = 2048.00M  used = 1024.50M  free = 1023.50M  (encrypted)';
    expect(parseVmStat(VM_STAT, swap, 9)).toEqual({ used: 449_000 * 16_384, limit: 9, swap: 1024.5 * 1024 * 1024 });
  });

  it('is not guessed from other lines', () => {
    expect(() => parseVmStat('nothing', '', 9)).toThrow('vm_stat');
  });
});

describe('the id of a host', () => {
  // `systemd-id128 --app-specific` gives the same for a machine of this id.
  it('is made of the machine’s as systemd makes it, and does not show it', () => {
    const id = appSpecificId('0123456789abcdef0123456789abcdef');
    expect(id).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    expect(appSpecificId('0123456789abcdef0123456789abcdee')).not.toBe(id);
    expect(appSpecificId('0123456789abcdef0123456789abcdef', '00'.repeat(16))).not.toBe(id);
  });

  it.each(['', 'uninitialized\n', '0'.repeat(32), 'xyz'])('is not made of %j', (text) => {
    expect(digitsOf(text)).toBeUndefined();
  });

  it('is made of a UUID as well', () => {
    expect(digitsOf('01234567-89AB-CDEF-0123-456789ABCDEF')).toBe('0123456789abcdef0123456789abcdef');
  });
});

describe('a request', () => {
  const host = { id: 'h-1', name: 'web-1', os: 'linux', labels: { 'service.name': 'checkout' } };
  const sweeps = [
    sweepAt(1000, processOf(5, { data: 10, stack: 2, swap: 0 })),
    sweepAt(2000, processOf(5, { data: 20, stack: 2, swap: 0 }), processOf(6)),
  ];
  const { resourceMetrics } = metricsRequestOf(host, sweeps);

  it('has one resource for the host and one for each process, by OpenTelemetry’s names', () => {
    const attributes = resourceMetrics.map(({ resource }) =>
      Object.fromEntries(resource.attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
    );
    const ofHost = { 'host.id': 'h-1', 'host.name': 'web-1', 'os.type': 'linux', 'service.name': 'checkout' };
    expect(attributes).toEqual([
      ofHost,
      {
        ...ofHost,
        'process.pid': '5',
        'process.parent_pid': '1',
        'process.executable.name': 'p5',
        'process.creation.time': '1970-01-01T00:00:05.000Z',
      },
      expect.objectContaining({ 'process.pid': '6' }),
    ]);
  });

  it('has the points of all sweeps, 64-bit numbers as texts, and no metric without points', () => {
    const metricsOf = (index: number) =>
      resourceMetrics[index]?.scopeMetrics[0]?.metrics.map(({ name, sum, gauge }) => [
        name,
        ...((sum ?? gauge)?.dataPoints.map(({ timeUnixNano, asInt, asDouble }) => [timeUnixNano, asInt ?? asDouble]) ??
          []),
      ]);
    expect(metricsOf(0)).toEqual([
      ['system.memory.usage', ['1000000000', '400'], ['2000000000', '400']],
      ['system.memory.limit', ['1000000000', '1000'], ['2000000000', '1000']],
      ['system.memory.utilization', ['1000000000', 0.4], ['2000000000', 0.4]],
    ]);
    expect(metricsOf(1)?.slice(1)).toEqual([
      ['plimsoll.process.memory.data', ['1000000000', '10'], ['2000000000', '20']],
      ['plimsoll.process.memory.stack', ['1000000000', '2'], ['2000000000', '2']],
      ['plimsoll.process.memory.swap', ['1000000000', '0'], ['2000000000', '0']],
    ]);
    expect(metricsOf(2)).toEqual([['process.memory.usage', ['2000000000', String(6 * 1024)]]]);
  });

  it('has no resource of a host that was not sampled', () => {
    const request = metricsRequestOf(host, [{ time: 1, processes: [processOf(5)] }]);
    expect(request.resourceMetrics).toHaveLength(1);
  });
});
